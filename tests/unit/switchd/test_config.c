// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The configuration file: what it sets, and that every mistake in it is found
 * with its line.
 */
#include "helper.h"

#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/config.h"

struct fixture {
	char dir[PATH_MAX];
	char path[PATH_MAX + 16];
	struct config config;
	char error[CONFIG_ERROR_MAX];
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	helper_dir_make(f->dir);
	snprintf(f->path, sizeof(f->path), "%s/switchd.conf", f->dir);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	helper_dir_remove(f->dir);
	free(f);
	return 0;
}

static int load(struct fixture *f, const char *text)
{
	helper_write(f->dir, "switchd.conf", 0644, text);
	return config_load(&f->config, f->path, f->error);
}

static void test_empty_means_defaults(void **state)
{
	const struct group *group = getgrnam("osti");
	struct fixture *f = *state;

	assert_int_equal(load(f, ""), 0);
	assert_string_equal(f->error, "");
	assert_int_equal(f->config.group, group ? group->gr_gid : (gid_t)-1);
	assert_int_equal(f->config.n_users, 0);
	assert_int_equal(f->config.keys.row, KEYS_ROW_F);
	assert_int_equal(f->config.keys.mods, KEYS_MOD_CTRL | KEYS_MOD_ALT);
	assert_int_equal(f->config.keys.power.wish, KEYS_NEXT);
	assert_int_equal(f->config.keys.power_max_ms, 1000);
	assert_int_equal(f->config.override_ms, 5000);
	assert_int_equal(f->config.mark_good_after_s, 60);
	assert_true(f->config.raise_least_version);
	assert_int_equal(f->config.hook_timeout_ms, 10000);
	assert_true(f->config.hook_units);
	assert_int_equal(f->config.block_locks, SWITCHER_LOGIND_HIBERNATE);
	assert_false(f->config.prepare);
	assert_string_equal(f->config.device, "/dev/osti");
	assert_string_equal(f->config.socket, "/run/osti/switchd.sock");
	assert_string_equal(f->config.hooks, "/etc/osti");
	assert_string_equal(f->config.input, "/dev/input");
}

static void test_everything(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(load(f, "# comment\n"
				 "; comment\n"
				 "\n"
				 "[access]\n"
				 "group = 1234\n"
				 "users = root, 1000 1001,1002\n"
				 "[keys]\n"
				 "  hotkey=meta+digit\n"
				 "power-key = menu\n"
				 "power-key-max-ms = 500\n"
				 "override-ms = 0\n"
				 "[start]\n"
				 "mark-good-after-s = 0\n"
				 "raise-least-version = no\n"
				 "[hooks]\n"
				 "timeout-ms = 1\n"
				 "own-units = no\n"
				 "[logind]\n"
				 "block-locks = always\n"
				 "prepare-for-sleep = yes\n"
				 "[paths]\n"
				 "device = /d\n"
				 "socket = /s\n"
				 "hooks = /h\n"
				 "input = /i"),
			 0);
	assert_int_equal(f->config.group, 1234);
	assert_int_equal(f->config.n_users, 4);
	assert_int_equal(f->config.users[0], 0);
	assert_int_equal(f->config.users[1], 1000);
	assert_int_equal(f->config.users[2], 1001);
	assert_int_equal(f->config.users[3], 1002);
	assert_int_equal(f->config.keys.row, KEYS_ROW_DIGIT);
	assert_int_equal(f->config.keys.mods, KEYS_MOD_META);
	assert_int_equal(f->config.keys.power.wish, KEYS_MENU);
	assert_int_equal(f->config.keys.power_max_ms, 500);
	assert_int_equal(f->config.override_ms, 0);
	assert_int_equal(f->config.mark_good_after_s, 0);
	assert_false(f->config.raise_least_version);
	assert_int_equal(f->config.hook_timeout_ms, 1);
	assert_false(f->config.hook_units);
	assert_int_equal(f->config.block_locks, SWITCHER_LOGIND_ALWAYS);
	assert_true(f->config.prepare);
	assert_string_equal(f->config.device, "/d");
	assert_string_equal(f->config.socket, "/s");
	assert_string_equal(f->config.hooks, "/h");
	assert_string_equal(f->config.input, "/i");
}

static void test_group(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(load(f, "[access]\ngroup = root\n"), 0);
	assert_int_equal(f->config.group, 0);
	assert_int_equal(load(f, "[access]\ngroup = none\n"), 0);
	assert_int_equal(f->config.group, (gid_t)-1);
}

static void test_errors_have_lines(void **state)
{
	static const struct {
		const char *text;
		int line;
		const char *says;
	} bad[] = {
		{ "hotkey = ctrl+f\n", 1, "before the first [section]" },
		{ "[keys]\nhotkey = none\n[hooks]\nhotkey = none\n", 4,
		  "unknown key 'hotkey' in section [hooks]" },
		{ "\n\n[nothing]\nx = 1\n", 4, "unknown section [nothing]" },
		{ "[keys]\n\n# x\nfoo = bar\n", 4, "unknown key 'foo'" },
		{ "[keys]\nhotkey\n", 2, "neither [section] nor key" },
		{ "[keys\nhotkey = none\n", 1, "neither [section] nor key" },
		{ "[keys]\nhotkey = none\nhotkey = none\n", 3, "given twice" },
		{ "[keys]\nhotkey = f\n", 2, "'f' is not a hot key" },
		{ "[keys]\nhotkey =\n", 2, "'' is not a hot key" },
		{ "[keys]\npower-key = off\n", 2, "'off' is not 'next'" },
		{ "[keys]\npower-key-max-ms = 49\n", 2, "from 50 to 60000" },
		{ "[keys]\npower-key-max-ms = 60001\n", 2, "from 50 to" },
		{ "[keys]\npower-key-max-ms = -1\n", 2, "'-1' is not a" },
		{ "[keys]\npower-key-max-ms = 1e3\n", 2, "'1e3' is not a" },
		{ "[keys]\npower-key-max-ms = 99999999999999999999999\n", 2,
		  "is not a number" },
		{ "[keys]\noverride-ms = 60001\n", 2, "from 0 to 60000" },
		{ "[start]\nmark-good-after-s = 86401\n", 2, "to 86400" },
		{ "[start]\nraise-least-version = maybe\n", 2,
		  "'maybe' is neither 'yes' nor 'no'" },
		{ "[hooks]\nown-units = 1\n", 2, "neither" },
		{ "[logind]\nblock-locks = yes\n", 2, "'hibernate'" },
		{ "[logind]\nprepare-for-sleep = always\n", 2, "neither" },
		{ "[hooks]\ntimeout-ms = 0\n", 2, "from 1 to 600000" },
		{ "[hooks]\ntimeout-ms = 600001\n", 2, "from 1 to 600000" },
		{ "[paths]\ndevice = dev/osti\n", 2, "not an absolute path" },
		{ "[paths]\nhooks =\n", 2, "not an absolute path" },
		{ "[paths]\ninput = input\n", 2, "not an absolute path" },
		{ "[paths]\nsocket = sock\n", 2, "not an absolute path" },
		{ "[access]\ngroup = no-such-group-here\n", 2, "no group" },
		{ "[access]\ngroup = 4294967295\n", 2, "no group" },
		{ "[access]\nusers = root, no-such-user-here\n", 2, "no user" },
		{ "[access]\nusers = 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17\n",
		  2, "more than 16" },
		{ "[keys]\nhotkey = none\nfoo = 1\nbar = 2\n", 3, "'foo'" },
		{ "[keys]\nfoo = 1\n[broken\n", 2, "'foo'" },
	};
	struct fixture *f = *state;
	char where[PATH_MAX + 32];
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(where, sizeof(where), "%s:%d: ", f->path, bad[i].line);
		if (load(f, bad[i].text) != -EINVAL)
			fail_msg("taken: %s", bad[i].text);
		if (strncmp(f->error, where, strlen(where)) != 0 ||
		    !strstr(f->error, bad[i].says))
			fail_msg("%s\nexpected at line %d: %s", f->error,
				 bad[i].line, bad[i].says);
	}
}

static void test_long_line(void **state)
{
	struct fixture *f = *state;
	char text[1000];

	memset(text, 'x', sizeof(text));
	memcpy(text, "[keys]\n#", 8);
	text[sizeof(text) - 2] = '\n';
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(load(f, text), -EINVAL);
	assert_non_null(strstr(f->error, ":2: the line is too long"));
}

static void test_long_socket(void **state)
{
	struct fixture *f = *state;
	char text[256];
	int n;

	n = snprintf(text, sizeof(text), "[paths]\nsocket = /");
	memset(text + n, 'x', 120);
	text[n + 120] = '\0';
	assert_int_equal(load(f, text), -EINVAL);
	assert_non_null(strstr(f->error, ":2: "));
	assert_non_null(strstr(f->error, "too long for a socket"));
	/* Root's socket has ".root" at its end, and 107 bytes are the most. */
	strcpy(text + n - 1 + 103, "\n");
	assert_int_equal(load(f, text), -EINVAL);
	assert_non_null(strstr(f->error, "at most 102 bytes"));
	strcpy(text + n - 1 + 102, "\n");
	assert_int_equal(load(f, text), 0);
}

static void test_nul_byte(void **state)
{
	static const char text[] =
		"[keys]\nhotkey = none\0+f\npower-key = menu\n";
	struct fixture *f = *state;
	FILE *file = fopen(f->path, "we");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, sizeof(text) - 1, file),
			 sizeof(text) - 1);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(config_load(&f->config, f->path, f->error), -EINVAL);
	assert_non_null(strstr(f->error, ":2: "));
	assert_non_null(strstr(f->error, "NUL byte"));
}

static void test_missing(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(config_load(&f->config, f->path, f->error), -ENOENT);
	assert_non_null(strstr(f->error, f->path));
	assert_string_equal(f->config.device, "/dev/osti");
}

static void test_directory(void **state)
{
	struct fixture *f = *state;

	assert_true(config_load(&f->config, f->dir, f->error) < 0);
	assert_non_null(strstr(f->error, f->dir));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_empty_means_defaults),
		TEST(test_everything),
		TEST(test_group),
		TEST(test_errors_have_lines),
		TEST(test_long_line),
		TEST(test_long_socket),
		TEST(test_nul_byte),
		TEST(test_missing),
		TEST(test_directory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
