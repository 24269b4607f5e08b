// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * report.c - what a payload tells its runner
 */
#include "arch.h"
#include "print.h"
#include "report.h"
#include "smc.h"

/* A broken register file gives hundreds of reasons; some are enough. */
#define MAX_REASONS	12

static const char *program = "?";
static const char *test;
static unsigned int reasons;
static unsigned int nr_ok;
static unsigned int nr_failed;

static void __attribute__((noreturn)) stop(void)
{
	__asm__ volatile("msr daifset, #0xf");
	for (;;)
		wfi();
}

void report_start(const char *name)
{
	program = name;
	print("\nPAYLOAD %s/%u: start\n", program, self.slot);
}

void report_note(const char *fmt, ...)
{
	char text[160];
	va_list args;

	va_start(args, fmt);
	vformat(text, sizeof(text), fmt, args);
	va_end(args);
	print("PAYLOAD %s/%u: note %s\n", program, self.slot, text);
}

void report_totals(void)
{
	print("PAYLOAD %s/%u: done %u ok %u failed\n", program, self.slot,
	      nr_ok, nr_failed);
}

void report_done(void)
{
	report_totals();
	stop();
}

void report_abort(const char *fmt, ...)
{
	char text[200];
	va_list args;

	va_start(args, fmt);
	vformat(text, sizeof(text), fmt, args);
	va_end(args);
	print("\nPAYLOAD %s/%u: aborted in test %s: %s\n", program, self.slot,
	      test ? test : "(none)", text);
	stop();
}

void test_begin(const char *name)
{
	test = name;
	reasons = 0;
}

void test_end(void)
{
	if (reasons) {
		nr_failed++;
	} else {
		nr_ok++;
		print("PAYLOAD %s/%u: test %s: ok\n", program, self.slot, test);
	}
	test = NULL;
}

void test_fail(const char *fmt, ...)
{
	char text[200];
	va_list args;

	if (!test)
		nr_failed++;
	if (reasons++ >= MAX_REASONS)
		return;
	va_start(args, fmt);
	vformat(text, sizeof(text), fmt, args);
	va_end(args);
	print("PAYLOAD %s/%u: test %s: %s %s\n", program, self.slot,
	      test ? test : "(none)", reasons == 1 ? "FAIL" : "also", text);
}

bool check_eq(const char *what, uint64_t got, uint64_t want)
{
	return check(got == want, "%s is 0x%lx, not 0x%lx", what, got, want);
}

bool check_status(const char *what, int64_t got, int64_t want)
{
	return check(got == want, "%s gave %ld, not %ld", what, got, want);
}
