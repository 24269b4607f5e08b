// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * soak - 100,000 switches, and none of them fails
 *
 * Both OSes ask switchd for the other one as soon as they are back, so each
 * return of one is the request of the other. OSTI_TEST_SWITCHES is another
 * number. That a task stops only at the second try is counted and told: the
 * emulator of Debian 12 does that (docs/testing.md).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "fixture.h"
#include "shell.h"

#define SWITCHES	100000
/* Three tries of switchd there, and three back. */
#define ROUND_TRIP_MS	60000.0

static long how_many(void)
{
	const char *text = getenv("OSTI_TEST_SWITCHES");
	char *end;
	long n;

	if (!text)
		return SWITCHES;
	errno = 0;
	n = strtol(text, &end, 10);
	if (errno || *end || n < 2)
		fail_msg("OSTI_TEST_SWITCHES is \"%s\", expected a number from 2 on",
			 text);
	return n;
}

/* Until one does not work; what it said is in /tmp/last. */
static int begin(struct phone *ph, int to, long times)
{
	return shell_begin(ph->dev, "n=0; while [ $n -lt %ld ]; do "
			   "switchctl switch %s >/tmp/last 2>&1 || break; n=$((n+1)); "
			   "done; echo $n >/tmp/done; [ $n -eq %ld ]",
			   times, phone_name(to), times);
}

/* The OS at the console has ended its loop. */
static void check(struct phone *ph, int slot, long times)
{
	long long done, again;

	ph->at = slot;
	done = shell_number(ph->dev, "cat /tmp/done");
	again = shell_number(ph->dev, "dmesg | grep -c 'is tried again' || true");
	print_message("%s: %lld switches, %lld tried again\n", phone_name(slot),
		      done, again);
	if (done != times)
		device_fail(ph->dev, "switch %lld of %s failed: %s", done + 1,
			    phone_name(slot),
			    shell_run(ph->dev, NULL, "cat /tmp/last"));
}

static void test_switches(void **state)
{
	const struct device_options opt = { .name = "soak" };
	struct phone *ph = fixture_phone(&opt);
	char pattern[2][SHELL_PATTERN_LEN];
	long times = how_many() / 2;
	const struct console_match *match;
	int near, far;

	(void)state;
	near = begin(ph, WORK, times);
	phone_back(ph, WORK);
	far = begin(ph, PERSONAL, times);
	shell_end_pattern(near, pattern[0]);
	shell_end_pattern(far, pattern[1]);
	match = device_expect_any(ph->dev, (const char *const[]){
					  pattern[0], pattern[1], NULL },
				  (double)times * ROUND_TRIP_MS);
	check(ph, match->index ? WORK : PERSONAL, times);

	/* Its last switch is still open on the other side. */
	phone_key(ph, WORK);
	shell_end(ph->dev, far, PHONE_SWITCH_MS);
	check(ph, WORK, times);
	fixture_at(ph, PERSONAL);
	fixture_pass(ph);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_switches),
	};
	int ret;

	fixture_begin();
	ret = cmocka_run_group_tests(tests, NULL, NULL);
	fixture_end();
	return ret;
}
