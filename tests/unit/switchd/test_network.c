// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which network the device uses, asked of a fake NetworkManager.
 */
#include "bus_fake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/config_backup.h"
#include "daemon/log.h"
#include "daemon/network.h"

#define CONNECTION "/org/freedesktop/NetworkManager/ActiveConnection/7"

struct fixture {
	char dir[PATH_MAX];
	sd_event *event;
	struct bus_fake fake;
	struct network *network;
	int done;
	char name[64]; /* "?": not known */
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	log_init(true);
	helper_dir_make(f->dir);
	f->event = helper_event_new();
	bus_fake_start(&f->fake, f->dir);
	bus_fake_serve(&f->fake, f->event);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	bus_fake_stop(&f->fake);
	sd_event_unref(f->event);
	helper_dir_remove(f->dir);
	free(f);
	return 0;
}

static void on_done(const char *name, void *userdata)
{
	struct fixture *f = userdata;

	snprintf(f->name, sizeof(f->name), "%s", name ? name : "?");
	f->done++;
	network_free(f->network);
	f->network = NULL;
}

static void asks(struct fixture *f, const char *expected)
{
	f->done = 0;
	assert_int_equal(network_ask(f->event, on_done, f, &f->network), 0);
	assert_int_equal(f->done, 0);
	helper_run_until(f->event, &f->done);
	assert_int_equal(f->done, 1);
	assert_string_equal(f->name, expected);
}

static void test_network(void **state)
{
	struct fixture *f = *state;

	f->fake.primary = CONNECTION;
	f->fake.id = "Wired connection 1";
	asks(f, "Wired connection 1");
	assert_int_equal(f->fake.asked, 2);
	f->fake.primary = "/";
	asks(f, "");
	assert_int_equal(f->fake.asked, 3);
}

static void test_not_known(void **state)
{
	struct fixture *f = *state;

	/* No NetworkManager; a connection that ended meanwhile */
	asks(f, "?");
	f->fake.primary = CONNECTION;
	asks(f, "?");
	/* No bus */
	setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus", 1);
	assert_true(network_ask(f->event, on_done, f, &f->network) < 0);
}

/* Nobody is told any more. */
static void test_forgotten(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(network_ask(f->event, on_done, f, &f->network), 0);
	network_free(f->network);
	helper_run_ready(f->event);
	assert_int_equal(f->done, 0);
}

static void test_names(void **state)
{
	struct backup_config config;

	(void)state;
	config_backup_defaults(&config);
	assert_true(config_backup_has_network(&config, "Home"));
	assert_true(config_backup_has_network(&config, ""));
	snprintf(config.networks, sizeof(config.networks),
		 "Home,\tWired connection 1 ,x");
	assert_true(config_backup_has_network(&config, "Home"));
	assert_true(config_backup_has_network(&config, "Wired connection 1"));
	assert_true(config_backup_has_network(&config, "x"));
	assert_true(config_backup_has_network(&config, NULL));
	assert_false(config_backup_has_network(&config, ""));
	assert_false(config_backup_has_network(&config, "home"));
	assert_false(config_backup_has_network(&config, "Wired"));
	assert_false(config_backup_has_network(&config, "Home,"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_network, setup, teardown),
		cmocka_unit_test_setup_teardown(test_not_known, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_forgotten, setup,
						teardown),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
