// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fixture.c - one device for several tests
 */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "ready.h"

static struct phone *phone;
static bool good, boots;

static void on_failure(const char *message)
{
	/*
	 * cmocka's own messages are cut after 1024 characters; run-tests shows
	 * what begins in this way.
	 */
	fprintf(stderr, "error: %s\n", message);
	fail();
}

bool fixture_all(void)
{
	return getenv("OSTI_TEST_ALL");
}

void fixture_begin(void)
{
	test_fail_handler(on_failure);
}

void fixture_boots(void)
{
	boots = true;
}

struct phone *fixture_phone(const struct device_options *opt)
{
	struct device_options again = *opt;
	static int starts;
	char name[64];

	if (!phone || !good) {
		phone_stop(phone);
		phone = NULL;
		/* What the one before left on its console is kept. */
		if (starts++) {
			snprintf(name, sizeof(name), "%s-again-%d", opt->name,
				 starts);
			again.name = name;
		}
		phone = boots ? phone_start_both(&again) : ready_start(&again);
	}
	good = false;
	return phone;
}

void fixture_pass(struct phone *ph)
{
	if (ph->at != PERSONAL)
		test_fail("fixture: the test ends with %s at the console",
			  phone_name(ph->at));
	good = true;
}

void fixture_end(void)
{
	phone_stop(phone);
	phone = NULL;
}

void fixture_at(struct phone *ph, int slot)
{
	if (ph->at != slot)
		phone_switch_key(ph, slot);
}

void assert_state(struct phone *ph, int slot, const char *state)
{
	char *have = phone_slot_state(ph, slot);

	if (strcmp(have, state))
		device_fail(ph->dev, "%s is \"%s\", expected \"%s\"",
			    phone_name(slot), have, state);
	free(have);
}
