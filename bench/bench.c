// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bench - how fast the device switches, hibernates and resumes, and is backed up
 *
 * bench         all of it
 * bench cloud   backups alone; of bench.json the rest is kept
 * bench debian  two Debian systems alone, for which "make debian" was run; likewise
 *
 * Writes <build>/bench.json and prints a table. Exits with 0 when everything
 * could be measured; goals that were missed are named in both.
 *
 * Times of switches and suspends are differences of the architected counter,
 * taken inside of the OSes by bench/guest/bounce.c: one counter serves all of
 * them. Times of boots are the host's, up to the moment at which the OS says
 * on its console that it is up.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <osti/abi.h>

#include "clock.h"
#include "cloud.h"
#include "cycles.h"
#include "debian.h"
#include "engine.h"
#include "fail.h"
#include "image.h"
#include "phone.h"
#include "result.h"
#include "shell.h"

#define ROUNDTRIPS	500	/* 1000 switches */
#define FEW_ROUNDTRIPS	30
#define SUSPENDS	30
#define BOOTS		30

/* -icount shift=0: one instruction takes 1 ns of the counter's time. */
#define NS_PER_INSN	1

#define KEXEC		"lib/ld-linux-aarch64.so.1 --library-path lib ./kexec"

static struct cycles round_trips, few_round_trips, mixed;

static const struct device_file *bench_files(void)
{
	static struct device_file files[4];

	if (!files[0].slot) {
		files[0].slot = phone_name(PERSONAL);
		files[0].host = build_path("bench/guest/bounce");
		files[0].name = "bounce";
		files[1] = files[0];
		files[1].slot = phone_name(WORK);
		files[2].slot = phone_name(PERSONAL);
		files[2].host = build_path("bench/guest/kexec.tar");
		files[2].name = "kexec.tar";
	}
	return files;
}

static struct phone *start(const char *name, unsigned int cpus, bool icount)
{
	const struct device_options opt = {
		.name = name, .cpus = cpus, .icount = icount,
		.files = bench_files(),
	};

	printf("starting a device with %u CPU%s%s\n", cpus, cpus == 1 ? "" : "s",
	       icount ? ", instructions counted" : "");
	fflush(stdout);
	return phone_start(&opt);
}

static void boot_both(struct phone *ph)
{
	phone_boot(ph, PERSONAL);
	phone_key(ph, WORK);
	phone_up(ph, WORK);
	phone_switch_key(ph, PERSONAL);
}

/* ---- One bench after the other ------------------------------------------------- */

static const struct {
	const char *name;
	int from, to;
} spans[] = {
	{ "freeze", OSTI_PHASE_REQUEST, OSTI_PHASE_FROZEN },
	{ "devices", OSTI_PHASE_FROZEN, OSTI_PHASE_DEVICES },
	{ "suspend", OSTI_PHASE_DEVICES, OSTI_PHASE_MON_ENTER },
	{ "monitor", OSTI_PHASE_MON_ENTER, OSTI_PHASE_MON_EXIT },
	{ "resume", OSTI_PHASE_MON_EXIT, OSTI_PHASE_RESUMED },
	{ "user", OSTI_PHASE_RESUMED, OSTI_PHASE_USER },
};

static double bench_switches(struct phone *ph)
{
	struct samples s, r;
	char name[48];
	double ms;
	size_t i;

	printf("%d round trips\n", ROUNDTRIPS);
	fflush(stdout);
	cycles_bounce(ph, "switch", &round_trips, ROUNDTRIPS);
	cycles_totals(&round_trips, &r);
	result_samples("switch.roundtrip_ms", &r, "ms", GOAL_NONE, 0);
	ms = samples_median(&r);
	for (i = 0; i < sizeof(spans) / sizeof(spans[0]); i++) {
		cycles_span(&round_trips, spans[i].from, spans[i].to, &s);
		if (!s.n)
			device_fail(ph->dev, "no switch has a time for \"%s\"",
				    spans[i].name);
		snprintf(name, sizeof(name), "switch.phases_ms.%s",
			 spans[i].name);
		result_samples(name, &s, "ms", GOAL_NONE, 0);
	}
	result_value("switch.failures", cycles_failures(&round_trips), "",
		     GOAL_AT_MOST, 0);
	return ms;
}

static void bench_suspend(struct phone *ph)
{
	struct samples suspend = { 0 }, switched = { 0 };
	const struct cycle *c;
	int i;

	printf("%d ordinary suspends and round trips in turn\n", SUSPENDS);
	fflush(stdout);
	cycles_bounce(ph, "mixed", &mixed, SUSPENDS);
	if (cycles_failures(&mixed))
		device_fail(ph->dev, "%d of %d suspends and round trips failed",
			    cycles_failures(&mixed), mixed.n);
	for (i = 0; i < mixed.n; i++) {
		c = &mixed.cycle[i];
		samples_add(i % 2 ? &switched : &suspend, c->total - c->slept);
	}
	result_samples("suspend.cycle_ms", &suspend, "ms", GOAL_NONE, 0);
	result_samples("suspend.roundtrip_ms", &switched, "ms", GOAL_NONE, 0);
	result_value("switch.suspend_ratio", samples_median(&switched) /
		     (2 * samples_median(&suspend)), "", GOAL_AT_MOST, 1.05);
}

/*
 * How long the monitor took to start the OS that runs, in ms: from the call of
 * the boot manager to the first instruction of the kernel. That is what it does
 * to trust it, and a little more.
 */
static double monitor_start(struct phone *ph)
{
	json_t *stats = shell_json(ph->dev, "switchctl stats --json");
	json_int_t newest = 0, number;
	const char *kind;
	json_t *record;
	double ms = -1;
	size_t i;

	json_array_foreach(json_object_get(stats, "records"), i, record) {
		number = json_integer_value(json_object_get(record, "record"));
		kind = json_string_value(json_object_get(record, "kind"));
		if (!kind || strcmp(kind, "boot-manager") || number < newest)
			continue;
		newest = number;
		ms = json_number_value(json_object_get(json_object_get(record,
								       "ms"),
						       "monitor"));
	}
	json_decref(stats);
	if (ms <= 0)
		device_fail(ph->dev, "no record tells of its start");
	return ms;
}

static void cold_boot(struct phone *ph, struct samples *boot,
		      struct samples *verify, struct samples *share)
{
	double ms, monitor;

	phone_switch_key(ph, WORK);
	shell_begin(ph->dev, "poweroff");
	phone_menu(ph);
	ms = clock_now_ms();
	phone_choose(ph, WORK);
	ms = phone_up(ph, WORK) - ms;
	monitor = monitor_start(ph);
	phone_switch_key(ph, PERSONAL);
	samples_add(boot, ms);
	samples_add(verify, monitor);
	samples_add(share, monitor / ms);
}

static void bench_cold_boot(struct phone *ph, double roundtrip)
{
	static struct samples s, verify, share;
	int i;

	printf("%d cold boots\n", BOOTS);
	fflush(stdout);
	for (i = 0; i < BOOTS; i++)
		cold_boot(ph, &s, &verify, &share);
	result_samples("boot.cold_ms", &s, "ms", GOAL_NONE, 0);
	result_samples("trust.verify_ms", &verify, "ms", GOAL_NONE, 0);
	result_samples("trust.verify_share", &share, "", GOAL_AT_MOST, 0.05);
	result_note("trust.verify_ms: SLOT_START in the monitor, which verifies statement, kernel and RAM disk; trust.verify_share: of boot.cold_ms, from the key in the menu to the shell.");
	result_value("switch.vs_cold_boot",
		     samples_median(&s) / (roundtrip / 2), "times",
		     GOAL_AT_LEAST, 20);
}

/*
 * From "personal" into the kernel and initramfs of "work", in the same slot.
 * Loading them is not counted: that can be done long before.
 */
static double kexec(struct phone *ph)
{
	double start;

	shell_do(ph->dev, "cd /tmp && tar xf /data/kexec.tar && "
		 "/etc/init.d/disk stop && "
		 KEXEC " -l vmlinuz --initrd=initramfs --reuse-cmdline --no-checks");
	start = clock_now_ms();
	shell_begin(ph->dev, KEXEC " -e");
	start = phone_up(ph, WORK) - start;
	/* It calls itself "work", but it has the disk of "personal". */
	shell_do(ph->dev, "/etc/init.d/disk start %d", PERSONAL);
	return start;
}

static void bench_kexec(struct phone *ph, double roundtrip)
{
	struct samples s = { 0 };
	int i;

	printf("%d times kexec\n", BOOTS);
	fflush(stdout);
	for (i = 0; i < BOOTS; i++)
		samples_add(&s, kexec(ph));
	result_samples("boot.kexec_ms", &s, "ms", GOAL_NONE, 0);
	result_value("switch.vs_kexec", samples_median(&s) / (roundtrip / 2),
		     "times", GOAL_AT_LEAST, 10);
}

static void bench_cpus(unsigned int cpus)
{
	struct phone *ph;
	struct samples s;
	char name[48];

	snprintf(name, sizeof(name), "bench-%u", cpus);
	ph = start(name, cpus, false);
	boot_both(ph);
	cycles_bounce(ph, "switch", &few_round_trips, FEW_ROUNDTRIPS);
	phone_stop(ph);
	cycles_totals(&few_round_trips, &s);
	snprintf(name, sizeof(name), "switch.cpus.%u", cpus);
	result_samples(name, &s, "ms", GOAL_NONE, 0);
	if (cycles_failures(&few_round_trips))
		test_fail("%d of %d round trips failed with %u CPUs",
			  cycles_failures(&few_round_trips), FEW_ROUNDTRIPS, cpus);
}

static void bench_instructions(void)
{
	struct phone *ph = start("bench-icount", 1, true);
	static char note[160];
	struct samples s;
	double insns;
	int i;

	boot_both(ph);
	cycles_bounce(ph, "switch", &few_round_trips, FEW_ROUNDTRIPS);
	phone_stop(ph);
	cycles_span(&few_round_trips, OSTI_PHASE_MON_ENTER, OSTI_PHASE_MON_EXIT,
		    &s);
	for (i = 0; i < s.n; i++)
		s.value[i] *= 1e6 / NS_PER_INSN;
	insns = 1e9 / few_round_trips.hz / NS_PER_INSN;
	result_samples("switch.monitor_insns", &s, "insns", GOAL_NONE, 0);
	snprintf(note, sizeof(note),
		 "switch.monitor_insns: from the counter under -icount shift=0; one tick is %.0f instructions.",
		 insns);
	result_note(note);
}

/* ---- The monitor's size --------------------------------------------------------- */

static void bench_code_lines(void)
{
	char name[32], metric[64];
	long lines;
	int n = 0;
	FILE *p;

	p = popen("scripts/code-lines", "re");
	while (p && fscanf(p, "%31s %ld", name, &lines) == 2) {
		snprintf(metric, sizeof(metric), "monitor.code_lines.%s", name);
		result_value(metric, lines, "lines", GOAL_NONE, 0);
		n++;
	}
	if (!p || pclose(p) || !n)
		test_fail("scripts/code-lines cannot count the monitor; run in the top directory");
	result_note("monitor.code_lines: in the link, without comments and blank lines; own and others are sums (scripts/code-lines).");
}

static void bench_size(void)
{
	char *elf = build_path("monitor/monitor.elf"), command[512];
	long text = -1;
	FILE *p;

	snprintf(command, sizeof(command),
		 "${CROSS_COMPILE:-aarch64-linux-gnu-}size -A %s | awk '$1 == \".text\" { print $2 }'",
		 elf);
	p = popen(command, "re");
	if (!p || fscanf(p, "%ld", &text) != 1 || pclose(p))
		test_fail("cannot tell the size of .text in %s", elf);
	free(elf);
	result_value("monitor.text_bytes", text, "bytes", GOAL_NONE, 0);
	bench_code_lines();
}

static void bench_device(void)
{
	double roundtrip, image_bytes;
	struct phone *ph;

	ph = start("bench-2", 2, false);
	boot_both(ph);
	roundtrip = bench_switches(ph);
	bench_suspend(ph);
	bench_cold_boot(ph, roundtrip);
	bench_kexec(ph, roundtrip);
	phone_stop(ph);

	bench_cpus(1);
	bench_cpus(2);
	bench_cpus(4);
	bench_instructions();
	bench_engine();
	ph = bench_images(&image_bytes);
	bench_init_on_free(ph, image_bytes);
	phone_stop(ph);
	bench_size();

	result_note("switch.roundtrip_ms: one cycle A -> B -> A, from the ioctl to the first instruction after it.");
	result_note("switch.failures: of 1000 switches. switch.suspend_ratio: suspend.roundtrip_ms against two suspend.cycle_ms, which are without the time slept and were measured in turn.");
	result_note("switch.vs_cold_boot, switch.vs_kexec: against one switch, that is, half a round trip.");
}

int main(int argc, char **argv)
{
	bool cloud = argc == 2 && strcmp(argv[1], "cloud") == 0;
	bool debian = argc == 2 && strcmp(argv[1], "debian") == 0;
	char *path;
	int missed;

	if (argc == 2 && strcmp(argv[1], "check") == 0) {
		check_cloud();
		return 0;
	}
	if (argc > 1 && !cloud && !debian) {
		fprintf(stderr, "usage: bench [check | cloud | debian]\n");
		return 2;
	}
	path = build_path("bench.json");
	if (debian) {
		bench_debian();
	} else {
		if (!cloud)
			bench_device();
		bench_cloud();
	}
	missed = result_write(path, cloud || debian);
	printf("\n%s written, %d goal%s missed\n", path, missed,
	       missed == 1 ? "" : "s");
	free(path);
	return 0;
}
