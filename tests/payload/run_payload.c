// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * run_payload.c - run the bare-metal programs in slots of an emulated device
 *
 * Usage: runner [PROGRAM | PART/PARTS]
 *
 * 1/2 and 2/2 are the halves of all programs, which may run at the same time.
 *
 * One device for each program; what the programs say is in payload/lib/report.h.
 * A program passes when each of its slots ends with "done", as many tests as
 * the table below expects were ok, and none failed: so a test that was lost
 * shows, too.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "device.h"
#include "fail.h"

#define MENU_MS		60000
#define MAX_SLOTS	2

/* Deadline for the next line of a program; one test may take that long. */
#define LINE_MS		150000

/* CPU models on which the device is promised to work. */
#define A57		"cortex-a57"
#define A76		"cortex-a76"
#define N1		"neoverse-n1"
#define MAX		"max,pauth-impdef=on"
#define NO_PMU		"cortex-a57,pmu=off"

struct program {
	const char *test;		/* name here */
	const char *name;		/* of the program */
	const char *cpu;
	unsigned int cpus;
	/*
	 * Expected tests by slot; 0 = none. Those of slot 0 are the boot
	 * manager's: then the program is in firmware of its own.
	 */
	unsigned int ok[MAX_SLOTS + 1];
};

/*
 * Slot 2 of "poison" counts its tests anew in each life: the last one is
 * given, what went before is seen as it goes by.
 */
static const struct program programs[] = {
	{ "psci", "psci", A57, 4, { 0, 15 } },
	{ "psci_max", "psci", MAX, 2, { 0, 15 } },
	{ "psci_8cpus", "psci", A57, 8, { 0, 15 } },
	{ "psci_no_pmu", "psci", NO_PMU, 2, { 0, 15 } },
	{ "storm", "storm", A57, 4, { 0, 3 } },
	{ "suspend", "suspend", A57, 4, { 0, 13, 13 } },
	{ "suspend_1cpu", "suspend", A57, 1, { 0, 11, 11 } },
	{ "suspend_max", "suspend", MAX, 2, { 0, 13, 13 } },
	{ "poison", "poison", A57, 4, { 0, 14, 4 } },
	{ "poison_max", "poison", MAX, 4, { 0, 14, 4 } },
	{ "poison_a76", "poison", A76, 2, { 0, 14, 4 } },
	{ "poison_n1", "poison", N1, 2, { 0, 14, 4 } },
	{ "probe", "probe", A57, 4, { 0, 15 } },
	{ "probe_max", "probe", MAX, 2, { 0, 15 } },
	{ "probe_rough", "probe", A57, 2, { 0, 15 } },
	{ "probe_rough_max", "probe", MAX, 2, { 0, 15 } },
	{ "calls", "calls", A57, 2, { 0, 6 } },
	{ "registers", "registers", A57, 2, { 0, 3 } },
	{ "blame", "blame", A57, 2, { 0, 1, 1 } },
	{ "screen", "screen", A57, 2, { 0, 2, 2 } },
	{ "dma", "dma", A57, 4, { 0, 11, 10 } },
	{ "fuzz", "fuzz", A57, 4, { 0, 5, 5 } },
	{ "clock", "clock", A57, 2, { 1, 5, 2 } },
	{ "carry", "carry", A57, 2, { 5, 2 } },
	{ "carry_max", "carry", MAX, 1, { 5, 2 } },
	{ "courier", "courier", A57, 4, { 1, 8, 1 } },
	{ "courier_max", "courier", MAX, 2, { 1, 8, 1 } },
	{ "bmfuzz", "bmfuzz", A57, 2, { 2, 1 } },
	{ "engine", "engine", A57, 4, { 6, 1 } },
	{ "engine_max", "engine", MAX, 1, { 6, 1 } },
	{ "wash", "wash", A57, 1, { 1, 3 } },
	{ "start", "start", A57, 2, { 7, 2 } },
	{ "start_max", "start", MAX, 1, { 7, 2 } },
};

#define NR_PROGRAMS (sizeof(programs) / sizeof(programs[0]))

static struct device *running;

static void fail_now(const char *message)
{
	/* cmocka cuts long messages. */
	fprintf(stderr, "ERROR: %s\n", message);
	fail();
	abort();
}

/* One line of a program. True when it was its slot's last. */
static bool take_line(struct device *dev, const struct program *program,
		      const char *slot_text, const char *rest,
		      unsigned int *failed)
{
	unsigned int slot = atoi(slot_text), ok, bad;

	print_message("%s/%u: %s\n", program->test, slot, rest);
	if (strstr(rest, ": FAIL ")) {
		++*failed;
	} else if (!strncmp(rest, "aborted", 7)) {
		device_fail(dev, "%s in slot %u %s", program->name, slot, rest);
	} else if (!strcmp(rest, "note powers off")) {
		/* Nothing is left in that slot: a person chooses the other. */
		device_expect(dev, "OSTI boot menu", MENU_MS);
		device_expect(dev, "any key stops this|waiting for a key",
			      MENU_MS);
		device_send(dev, "1");
	} else if (sscanf(rest, "done %u ok %u failed", &ok, &bad) == 2) {
		if (slot > MAX_SLOTS || ok != program->ok[slot] || bad)
			device_fail(dev, "%s in slot %u: %u tests passed and %u failed, expected %u to pass",
				    program->name, slot, ok, bad,
				    slot <= MAX_SLOTS ? program->ok[slot] : 0);
		return true;
	}
	return false;
}

static void run(void **state)
{
	const struct program *program = *state;
	const bool is_bm = program->ok[0] != 0;
	/* By firmware that leaves EL2 in disorder before it starts: rough.S. */
	const bool is_rough = strstr(program->test, "rough");
	const struct console_match *match;
	unsigned int failed = 0, left = 0, slot;
	char *image, *firmware, *name, pattern[96];

	image = build_path("tests/payload/%s.%s", program->name,
			   is_bm ? "firmware" : "img");
	firmware = is_rough ? build_path("tests/payload/rough.firmware") : NULL;
	if (asprintf(&name, "payload-%s", program->test) < 0)
		fail_now("out of memory");
	running = device_start(&(struct device_options){
		.name = name,
		.cpus = program->cpus,
		/* The one that is about the display. */
		.display = !strcmp(program->name, "screen"),
		.cpu = program->cpu,
		.boot_image = is_bm ? NULL : image,
		.firmware = is_bm ? image : firmware,
	});
	free(image);
	free(firmware);
	free(name);
	for (slot = 0; slot <= MAX_SLOTS; slot++)
		left += program->ok[slot] != 0;

	if (!is_bm) {
		device_expect(running, "OSTI boot menu", MENU_MS);
		device_expect(running, "any key stops this|waiting for a key",
			      MENU_MS);
		device_send(running, "1");
	}

	/* "$" would match at the end of what has come so far, too. */
	snprintf(pattern, sizeof(pattern), "^PAYLOAD %s/([0-9]): (.*)\n",
		 program->name);
	while (left) {
		match = device_expect(running, pattern, LINE_MS);
		if (take_line(running, program, match->group[1],
			      match->group[2], &failed))
			left--;
	}
	if (failed)
		device_fail(running, "%s: %u tests failed, see FAIL above",
			    program->name, failed);
}

static int stop(void **state)
{
	(void)state;
	device_stop(running);
	running = NULL;
	return 0;
}

int main(int argc, char **argv)
{
	struct CMUnitTest tests[NR_PROGRAMS] = { 0 };
	size_t part = 1, parts = 1, i;

	if (argc > 1 && sscanf(argv[1], "%zu/%zu", &part, &parts) != 2)
		cmocka_set_test_filter(argv[1]);
	if (!part || part > parts) {
		fprintf(stderr, "runner: there is no part %s\n", argv[1]);
		return 2;
	}
	/* cmocka leaves out what has no function. */
	for (i = part - 1; i < NR_PROGRAMS; i += parts)
		tests[i] = (struct CMUnitTest){
			.name = programs[i].test,
			.test_func = run,
			.teardown_func = stop,
			.initial_state = (void *)&programs[i],
		};
	test_fail_handler(fail_now);
	return cmocka_run_group_tests_name("payload", tests, NULL, NULL);
}
