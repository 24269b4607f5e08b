// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Two Debian systems: how long a switch takes, and whose part is what; how long a
 * start takes instead; what they use.
 */
#include "debian.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "debian_steps.h"
#include "fail.h"
#include "phone.h"
#include "result.h"
#include "shell.h"

#define ROUNDTRIPS	30
#define BOOTS		3

/* Not fewer than 10 times as long: a switch is there to be done without a thought. */
#define VS_COLD_GOAL	10

/* ---- Switches --------------------------------------------------------------------- */

static const char *const phases[] = {
	"freeze", "devices", "suspend", "monitor", "resume", "user", "total",
};

#define PHASES	(sizeof(phases) / sizeof(phases[0]))
#define TOTAL	(PHASES - 1)

/* The last two switches of the device, from either side: all their times in ms. */
static void last_two(struct phone *ph, double ms[2][PHASES])
{
	json_t *stats = shell_json(ph->dev, "switchctl stats -n 2 --json"), *record;
	json_t *records = json_object_get(stats, "records"), *times;
	const char *kind;
	size_t i, p;

	if (json_array_size(records) != 2)
		device_fail(ph->dev, "expected records of two switches");
	json_array_foreach(records, i, record) {
		kind = json_string_value(json_object_get(record, "kind"));
		times = json_object_get(record, "ms");
		if (!kind || strcmp(kind, "hot"))
			device_fail(ph->dev, "a switch is \"%s\", expected \"hot\"",
				    kind ? kind : "");
		for (p = 0; p < PHASES; p++) {
			ms[i][p] = json_number_value(json_object_get(times, phases[p]));
			if (ms[i][p] <= 0)
				device_fail(ph->dev, "a switch has no time for \"%s\"",
					    phases[p]);
		}
	}
	json_decref(stats);
}

/* Return: what a round trip takes, in ms. */
static double switches(struct phone *ph)
{
	static struct samples s[PHASES], round_trip;
	double ms[2][PHASES];
	char name[48];
	size_t p;
	int i;

	printf("%d round trips\n", ROUNDTRIPS);
	fflush(stdout);
	for (i = 0; i < ROUNDTRIPS; i++) {
		phone_switch_key(ph, WORK);
		phone_switch_key(ph, PERSONAL);
		last_two(ph, ms);
		for (p = 0; p < PHASES; p++) {
			samples_add(&s[p], ms[0][p]);
			samples_add(&s[p], ms[1][p]);
		}
		samples_add(&round_trip, ms[0][TOTAL] + ms[1][TOTAL]);
	}
	result_samples("switch.debian_roundtrip_ms", &round_trip, "ms", GOAL_NONE, 0);
	for (p = 0; p < TOTAL; p++) {
		snprintf(name, sizeof(name), "switch.debian_phases_ms.%s", phases[p]);
		result_samples(name, &s[p], "ms", GOAL_NONE, 0);
	}
	result_note("switch.debian_roundtrip_ms: two switches by key, each from the request to the first instruction of user space in the other system. Of its phases freeze is user space's and the kernel's, devices, suspend and resume are the drivers', user is the kernel's way back.");
	return samples_median(&round_trip);
}

/* ---- Starts ----------------------------------------------------------------------- */

/* From the key in the boot menu to multi-user.target. */
static double boot(struct phone *ph)
{
	double start, asked, up;
	long long reached;

	phone_switch_key(ph, WORK);
	shell_begin(ph->dev, "poweroff");
	phone_menu(ph);
	phone_choose(ph, WORK);
	start = clock_now_ms();
	debian_log_in(ph, WORK);
	debian_check_running(ph);
	/* How long ago that was, by its own clock. */
	asked = clock_now_ms();
	up = shell_number(ph->dev, "sed 's/\\.\\(..\\) .*/\\10/' /proc/uptime");
	reached = shell_number(ph->dev, "systemctl show --value -p ActiveEnterTimestampMonotonic multi-user.target");
	if (reached <= 0)
		device_fail(ph->dev, "multi-user.target was not reached");
	phone_switch_key(ph, PERSONAL);
	return asked - start - (up - reached / 1000.0);
}

static void boots(struct phone *ph, double roundtrip)
{
	struct samples s = { 0 };
	int i;

	printf("%d starts of %s\n", BOOTS, phone_name(WORK));
	fflush(stdout);
	for (i = 0; i < BOOTS; i++)
		samples_add(&s, boot(ph) / 1000);
	result_samples("boot.debian_s", &s, "s", GOAL_NONE, 0);
	result_value("switch.debian_vs_cold_boot",
		     samples_median(&s) * 1000 / (roundtrip / 2), "times",
		     GOAL_AT_LEAST, VS_COLD_GOAL);
	result_note("boot.debian_s: of \"work\", from the key in the boot menu to multi-user.target; switch.debian_vs_cold_boot: that against half a round trip.");
}

/* ---- What they use ---------------------------------------------------------------- */

static void used(struct phone *ph)
{
	char name[48];

	snprintf(name, sizeof(name), "memory.debian_mib.%s", phone_name(ph->at));
	result_value(name, shell_number(ph->dev, "free -m | awk '/^Mem:/ { print $3 }'"),
		     "MiB", GOAL_NONE, 0);
}

void bench_debian(void)
{
	struct phone *ph = debian_start("bench-debian");
	double roundtrip;
	int slot;

	printf("first boots of two Debian systems\n");
	fflush(stdout);
	phone_choose(ph, PERSONAL);
	for (slot = PERSONAL; slot <= WORK; slot++) {
		if (slot != PERSONAL)
			phone_key(ph, slot);
		debian_first_user(ph, slot);
		debian_log_in(ph, slot);
		debian_check_running(ph);
	}
	used(ph);
	phone_switch_key(ph, PERSONAL);
	used(ph);
	roundtrip = switches(ph);
	result_value("image.debian_bytes", 1024.0 * phone_hibernate(ph, WORK), "bytes",
		     GOAL_NONE, 0);
	phone_key(ph, WORK);
	phone_resumed(ph, WORK);
	phone_switch_key(ph, PERSONAL);
	boots(ph, roundtrip);
	phone_stop(ph);
	result_note("memory.debian_mib: what \"free\" calls used, some minutes after a start; image.debian_bytes: of \"work\".");
}
