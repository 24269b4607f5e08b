// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * On an emulated device: images of memory, what a backup does to the OS that
 * carries it, and a move to another device.
 */
#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "cloud.h"
#include "cloud_steps.h"
#include "image.h"
#include "imagefile.h"
#include "result.h"
#include "shell.h"
#include "workload.h"

#define ROUNDS		3
#define IDLE_MS		4000
#define USE_PAUSE_MS	1000
#define LATENCY_GOAL	2

/* ---- Images of memory ------------------------------------------------------------- */

static struct memory take_memory(struct phone *ph, const char *dir,
				 const char *name)
{
	char path[600];

	snprintf(path, sizeof(path), "%.400s/%s.ram", dir, name);
	imagefile_unpack(ph, PERSONAL, path);
	return cloud_memory_look(path);
}

void cloud_images_make(struct cloud_images *images, const char *dir)
{
	struct phone *ph = image_phone_start("bench-cloud-images");
	int id;

	workload_start(ph);
	image_store(ph, &id);
	images->first = take_memory(ph, dir, "first");
	phone_power_on(ph);
	phone_choose(ph, PERSONAL);
	workload_answer(ph, id, true);
	workload_use(ph, USE_PAUSE_MS);
	image_store(ph, &id);
	images->second = take_memory(ph, dir, "second");
	phone_stop(ph);
}

/* ---- The OS that carries ----------------------------------------------------------- */

static double late_p99(struct phone *ph, const char *what)
{
	char *text;
	double median, p99;
	int n;

	text = shell_run(ph->dev, NULL, "/tmp/timer %s", what);
	if (sscanf(text, "%lf %lf %d", &median, &p99, &n) != 3)
		device_fail(ph->dev, "timer printed \"%s\"", text);
	free(text);
	return p99;
}

static void new_repository(struct phone *ph)
{
	shell_do(ph->dev, "rm -rf " CLOUD_REPOSITORY "/*");
	cloud_run(ph, "repo init");
}

static void bench_latency(struct phone *ph)
{
	struct samples idle = { 0 }, busy = { 0 };
	char for_ms[16];
	int i;

	printf("a timer in the OS that carries a backup\n");
	fflush(stdout);
	snprintf(for_ms, sizeof(for_ms), "%d", IDLE_MS);
	shell_do(ph->dev, "cp /data/timer /tmp/timer");
	for (i = 0; i < ROUNDS; i++) {
		new_repository(ph);
		samples_add(&idle, late_p99(ph, for_ms));
		samples_add(&busy, late_p99(ph, "0 switchctl backup work"));
	}
	result_value("cloud.timer_late_p99_us.idle", samples_median(&idle),
		     "us", GOAL_NONE, 0);
	result_value("cloud.timer_late_p99_us.backup", samples_median(&busy),
		     "us", GOAL_NONE, 0);
	result_value("cloud.latency_p99_ratio", samples_median(&busy) /
		     samples_median(&idle), "", GOAL_AT_MOST, LATENCY_GOAL);
	result_note("cloud.latency_p99_ratio: by how much a timer of 1 ms in the OS that carries a backup is late, 99th percentile, during the backup against an idle OS; medians of 3, emulated device with 2 CPUs.");
}

/* ---- A move ---------------------------------------------------------------------- */

struct move {
	double backup, retire;		/* push */
	double question, bring;		/* pull */
	double enter;
};

static void push(struct phone *ph, struct move *m)
{
	double start = phone_ask(ph, "push work"), sent, end;

	sent = device_expect(ph->dev, "osti: hibernating slot 2", CLOUD_MS)->ms;
	phone_stored(ph, WORK);
	if (phone_answer(ph, PERSONAL))
		device_fail(ph->dev, "switchctl push work failed");
	end = clock_now_ms();
	m->backup = (sent - start) / 1000;
	m->retire = (end - sent) / 1000;
}

static void pull(struct phone *ph, struct move *m)
{
	double start = clock_now_ms(), asked, end;

	phone_ask(ph, "pull work");
	asked = device_expect(ph->dev, "wants a copy to take the place of slot 2",
			      PHONE_MENU_MS)->ms;
	device_expect(ph->dev, "y within", PHONE_MENU_MS);
	device_send(ph->dev, "y");
	if (phone_answer(ph, PERSONAL))
		device_fail(ph->dev, "switchctl pull work failed");
	end = clock_now_ms();
	m->question = (asked - start) / 1000;
	m->bring = (end - asked) / 1000;
	m->enter = phone_switch_key(ph, WORK) / 1000;
}

static void to_another_device(struct phone *ph, const struct cloud_key *key)
{
	shell_do(ph->dev, "sync");
	device_cut_power(ph->dev);
	cloud_other_device(ph, key);
	phone_boot(ph, PERSONAL);
}

static void bench_move(struct phone *ph, const struct cloud_key *key)
{
	struct move m;

	printf("push, and pull on another device\n");
	fflush(stdout);
	new_repository(ph);
	push(ph, &m);
	to_another_device(ph, key);
	pull(ph, &m);
	result_value("cloud.push_pull_s", m.backup + m.retire + m.question +
		     m.bring + m.enter, "s", GOAL_NONE, 0);
	result_value("cloud.push_s.backup", m.backup, "s", GOAL_NONE, 0);
	result_value("cloud.push_s.retire", m.retire, "s", GOAL_NONE, 0);
	result_value("cloud.pull_s.question", m.question, "s", GOAL_NONE, 0);
	result_value("cloud.pull_s.bring", m.bring, "s", GOAL_NONE, 0);
	result_value("cloud.pull_s.enter", m.enter, "s", GOAL_NONE, 0);
	result_note("cloud.push_pull_s: the demo's slot from one emulated device to another, by a repository on the removable disk. Parts: until all of it is in the repository, until the local copy is retired, until the console asks, until the slot is frozen there, and the key to its shell.");
}

void cloud_phone(void)
{
	static struct device_file files[2];
	const struct device_options opt = {
		.name = "bench-cloud", .files = files, .removable = true,
	};
	struct cloud_key key;
	struct phone *ph;

	files[0].slot = phone_name(PERSONAL);
	files[0].host = build_path("bench/guest/timer");
	files[0].name = "timer";
	ph = phone_start(&opt);
	phone_boot(ph, PERSONAL);
	phone_key(ph, WORK);
	phone_up(ph, WORK);
	cloud_read_key(ph, &key);
	phone_switch_key(ph, PERSONAL);
	bench_latency(ph);
	bench_move(ph, &key);
	phone_stop(ph);
}
