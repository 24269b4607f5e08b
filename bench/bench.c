// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bench - how fast the device switches
 *
 * Writes <build>/bench.json and prints a table. Exits with 0 when everything
 * could be measured; goals that were missed are named in both.
 *
 * Times of switches and suspends are differences of the architected counter,
 * taken inside of the OSes by bench/guest/bounce.c: one counter serves all of
 * them. Times of boots are the host's, up to the moment at which the OS says
 * on its console that it is up.
 */
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <osti/abi.h>

#include "clock.h"
#include "fail.h"
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

#define CYCLE_MS	5000	/* deadline for one round trip or suspend */

/* What bounce printed of one cycle; times in ms since its start. */
struct cycle {
	double total, slept;
	int error, nr_records;
	double phase[2][OSTI_PHASES];
};

struct cycles {
	int n;
	double hz;
	struct cycle cycle[ROUNDTRIPS];
};

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

/* ---- Cycles ------------------------------------------------------------------ */

static void parse_record(struct phone *ph, const json_t *array, double *phase,
			 double per_ms)
{
	double ticks;
	int k;

	if (json_array_size(array) != 1 + OSTI_PHASES)
		device_fail(ph->dev, "bounce printed a record with %zu numbers",
			    json_array_size(array));
	for (k = 0; k < OSTI_PHASES; k++) {
		ticks = json_number_value(json_array_get(array, 1 + k));
		phase[k] = ticks < 0 ? -1 : ticks / per_ms;
	}
}

static void parse_cycle(struct phone *ph, const char *line, struct cycle *c,
			double per_ms)
{
	json_t *array = json_loads(line, 0, NULL);
	size_t i;

	if (json_array_size(array) < 3 || json_array_size(array) > 5)
		device_fail(ph->dev, "bounce printed \"%s\"", line);
	c->total = json_number_value(json_array_get(array, 0)) / per_ms;
	c->slept = json_number_value(json_array_get(array, 1)) / per_ms;
	c->error = json_integer_value(json_array_get(array, 2));
	c->nr_records = json_array_size(array) - 3;
	for (i = 3; i < json_array_size(array); i++)
		parse_record(ph, json_array_get(array, i), c->phase[i - 3],
			     per_ms);
	json_decref(array);
}

/* What bounce left in /tmp/bounce of the OS at the console. */
static void read_cycles(struct phone *ph, struct cycles *out, int n)
{
	char *text, *line, *save, *hz;

	text = shell_run(ph->dev, NULL, "cat /tmp/bounce");
	hz = strstr(text, "hz ");
	if (!hz || sscanf(hz, "hz %lf", &out->hz) != 1)
		device_fail(ph->dev, "bounce told no counter frequency");
	*hz = '\0';
	out->n = 0;
	for (line = strtok_r(text, "\n", &save); line && out->n < n;
	     line = strtok_r(NULL, "\n", &save))
		parse_cycle(ph, line, &out->cycle[out->n++], out->hz / 1000);
	if (out->n != n)
		device_fail(ph->dev, "bounce printed %d cycles, expected %d",
			    out->n, n);
	free(text);
}

/*
 * Round trips from "personal" to "work" and back; with "mixed", a suspend of
 * "personal" before each of them, which is a cycle of its own.
 */
static void bounce(struct phone *ph, const char *mode, struct cycles *out, int n)
{
	int far, near;

	phone_switch_key(ph, WORK);
	far = shell_begin(ph->dev, "/data/bounce switch %d %d >/tmp/bounce",
			  PERSONAL, n + 1);
	phone_back(ph, PERSONAL);
	near = shell_begin(ph->dev, "/data/bounce %s %d %d >/tmp/bounce", mode,
			   WORK, n);
	if (shell_end(ph->dev, near, n * CYCLE_MS))
		device_fail(ph->dev, "bounce failed");
	read_cycles(ph, out, strcmp(mode, "mixed") ? n : 2 * n);

	/* Its last switch is still open on the other side. */
	phone_key(ph, WORK);
	if (shell_end(ph->dev, far, PHONE_SWITCH_MS))
		device_fail(ph->dev, "bounce failed in %s", phone_name(WORK));
	ph->at = WORK;
	phone_switch_key(ph, PERSONAL);
}

static int failures(const struct cycles *c)
{
	int i, n = 0;

	for (i = 0; i < c->n; i++)
		n += c->cycle[i].error != 0;
	return n;
}

static void totals(const struct cycles *c, struct samples *s)
{
	int i;

	s->n = 0;
	for (i = 0; i < c->n; i++)
		if (!c->cycle[i].error)
			samples_add(s, c->cycle[i].total - c->cycle[i].slept);
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

static void span_samples(const struct cycles *c, int from, int to,
			 struct samples *s)
{
	const double *phase;
	int i, k;

	s->n = 0;
	for (i = 0; i < c->n; i++) {
		for (k = 0; k < c->cycle[i].nr_records; k++) {
			phase = c->cycle[i].phase[k];
			if (phase[from] >= 0 && phase[to] >= 0)
				samples_add(s, phase[to] - phase[from]);
		}
	}
}

static double bench_switches(struct phone *ph)
{
	struct samples s, r;
	char name[48];
	double ms;
	size_t i;

	printf("%d round trips\n", ROUNDTRIPS);
	fflush(stdout);
	bounce(ph, "switch", &round_trips, ROUNDTRIPS);
	totals(&round_trips, &r);
	result_samples("switch.roundtrip_ms", &r, "ms", GOAL_NONE, 0);
	ms = samples_median(&r);
	for (i = 0; i < sizeof(spans) / sizeof(spans[0]); i++) {
		span_samples(&round_trips, spans[i].from, spans[i].to, &s);
		if (!s.n)
			device_fail(ph->dev, "no switch has a time for \"%s\"",
				    spans[i].name);
		snprintf(name, sizeof(name), "switch.phases_ms.%s",
			 spans[i].name);
		result_samples(name, &s, "ms", GOAL_NONE, 0);
	}
	result_value("switch.failures", failures(&round_trips), "",
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
	bounce(ph, "mixed", &mixed, SUSPENDS);
	if (failures(&mixed))
		device_fail(ph->dev, "%d of %d suspends and round trips failed",
			    failures(&mixed), mixed.n);
	for (i = 0; i < mixed.n; i++) {
		c = &mixed.cycle[i];
		samples_add(i % 2 ? &switched : &suspend, c->total - c->slept);
	}
	result_samples("suspend.cycle_ms", &suspend, "ms", GOAL_NONE, 0);
	result_samples("suspend.roundtrip_ms", &switched, "ms", GOAL_NONE, 0);
	result_value("switch.suspend_ratio", samples_median(&switched) /
		     (2 * samples_median(&suspend)), "", GOAL_AT_MOST, 1.05);
}

static double cold_boot(struct phone *ph)
{
	double start;

	phone_switch_key(ph, WORK);
	shell_begin(ph->dev, "poweroff");
	phone_menu(ph);
	start = clock_now_ms();
	phone_choose(ph, WORK);
	start = phone_up(ph, WORK) - start;
	phone_switch_key(ph, PERSONAL);
	return start;
}

static void bench_cold_boot(struct phone *ph, double roundtrip)
{
	struct samples s = { 0 };
	int i;

	printf("%d cold boots\n", BOOTS);
	fflush(stdout);
	for (i = 0; i < BOOTS; i++)
		samples_add(&s, cold_boot(ph));
	result_samples("boot.cold_ms", &s, "ms", GOAL_NONE, 0);
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

	shell_do(ph->dev, "cd /tmp && tar xf /data/kexec.tar && umount /data && "
		 KEXEC " -l vmlinuz --initrd=initramfs --reuse-cmdline --no-checks");
	start = clock_now_ms();
	shell_begin(ph->dev, KEXEC " -e");
	start = phone_up(ph, WORK) - start;
	/* It calls itself "work", but it has the disk of "personal". */
	shell_do(ph->dev, "mount -t ext4 /dev/vda /data");
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
	bounce(ph, "switch", &few_round_trips, FEW_ROUNDTRIPS);
	phone_stop(ph);
	totals(&few_round_trips, &s);
	snprintf(name, sizeof(name), "switch.cpus.%u", cpus);
	result_samples(name, &s, "ms", GOAL_NONE, 0);
	if (failures(&few_round_trips))
		test_fail("%d of %d round trips failed with %u CPUs",
			  failures(&few_round_trips), FEW_ROUNDTRIPS, cpus);
}

static void bench_instructions(void)
{
	struct phone *ph = start("bench-icount", 1, true);
	static char note[160];
	struct samples s;
	double insns;
	int i;

	boot_both(ph);
	bounce(ph, "switch", &few_round_trips, FEW_ROUNDTRIPS);
	phone_stop(ph);
	span_samples(&few_round_trips, OSTI_PHASE_MON_ENTER, OSTI_PHASE_MON_EXIT,
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

static long lines;

static int count_file(const char *path, const struct stat *st, int type,
		      struct FTW *ftw)
{
	const char *dot = strrchr(path, '.');
	FILE *f;
	int c;

	(void)st;
	(void)ftw;
	/* What only the tests on the host use is not part of it. */
	if (type != FTW_F || strstr(path, "/arch/host/") || !dot ||
	    (strcmp(dot, ".c") && strcmp(dot, ".h") && strcmp(dot, ".S")))
		return 0;
	f = fopen(path, "re");
	if (!f)
		test_fail("cannot read %s: %s", path, strerror(errno));
	while ((c = getc(f)) != EOF)
		lines += c == '\n';
	fclose(f);
	return 0;
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
	if (nftw("uboot-patches/monitor", count_file, 16, FTW_PHYS) || !lines)
		test_fail("cannot count the lines of uboot-patches/monitor; run in the top directory");
	result_value("monitor.lines", lines, "lines", GOAL_NONE, 0);
}

int main(void)
{
	char *path = build_path("bench.json");
	double roundtrip;
	struct phone *ph;
	int missed;

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
	bench_size();

	result_note("switch.roundtrip_ms: one cycle A -> B -> A, from the ioctl to the first instruction after it.");
	result_note("switch.failures: of 1000 switches. switch.suspend_ratio: suspend.roundtrip_ms against two suspend.cycle_ms, which are without the time slept and were measured in turn.");
	result_note("switch.vs_cold_boot, switch.vs_kexec: against one switch, that is, half a round trip.");
	missed = result_write(path);
	printf("\n%s written, %d goal%s missed\n", path, missed,
	       missed == 1 ? "" : "s");
	free(path);
	return 0;
}
