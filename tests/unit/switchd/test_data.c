// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is installed beside the programs.
 */
#include "helper.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/util.h"
#include "ctl/usage.h"

/* Tests run at the top of the tree. */
#define DATA "switchd/data"

/* The group osti gets the socket; with the device it could skip all rules. */
static void test_device_is_roots(void **state)
{
	char *rules = helper_read(DATA, "60-osti.rules");
	const char *rule = strstr(rules, "KERNEL==\"osti\"");

	(void)state;
	assert_non_null(rule);
	assert_non_null(strstr(rule, "OWNER=\"root\""));
	assert_non_null(strstr(rule, "GROUP=\"root\""));
	assert_non_null(strstr(rule, "MODE=\"0600\""));
	/* And there is no other. */
	assert_null(strstr(rule + 1, "KERNEL=="));
	free(rules);
}

/* ---- The example hook of the battery --------------------------------------------- */

static char supplies[PATH_MAX];

/* NULL: there is no such file. "": it gives an error, as a sensor that is gone. */
static void write_value(const char *supply, const char *name, const char *value)
{
	char dir[PATH_MAX + 32], path[PATH_MAX + 64];

	snprintf(dir, sizeof(dir), "%s/%s", supplies, supply);
	if (!value)
		return;
	if (value[0]) {
		helper_write(dir, name, 0644, value);
		return;
	}
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	assert_int_equal(mkdir(path, 0755), 0);
}

static void add_supply(const char *name, const char *type, const char *scope,
		       const char *status, const char *capacity)
{
	char dir[PATH_MAX + 32];

	snprintf(dir, sizeof(dir), "%s/%s", supplies, name);
	assert_int_equal(mkdir(dir, 0755), 0);
	write_value(name, "type", type);
	write_value(name, "scope", scope);
	write_value(name, "status", status);
	write_value(name, "capacity", capacity);
}

static void begin_supplies(void)
{
	helper_dir_make(supplies);
}

/* Whether the hook lets a switch go on; what was there is gone then. */
static bool may_switch(const char *request)
{
	char command[8 * PATH_MAX];
	int status;

	snprintf(
		command, sizeof(command),
		"sed 's,/sys/class/power_supply,%s,' " DATA
		"/hooks/10-battery >'%s.hook' && OSTI_REQUEST=%s OSTI_TARGET_NAME=work sh '%s.hook' >/dev/null 2>'%s.errors' && [ ! -s '%s.errors' ]",
		supplies, supplies, request, supplies, supplies, supplies);
	status = system(command);
	snprintf(command, sizeof(command), "rm -f '%s.hook' '%s.errors'",
		 supplies, supplies);
	assert_int_equal(system(command), 0);
	helper_dir_remove(supplies);
	return status == 0;
}

static void test_battery(void **state)
{
	(void)state;
	begin_supplies();
	assert_true(may_switch("switch"));

	begin_supplies();
	add_supply("BAT0", "Battery\n", NULL, "Discharging\n", "2\n");
	assert_false(may_switch("switch"));

	begin_supplies();
	add_supply("BAT0", "Battery\n", NULL, "Discharging\n", "2\n");
	assert_true(may_switch("hibernate"));

	begin_supplies();
	add_supply("BAT0", "Battery\n", NULL, "Charging\n", "2\n");
	assert_true(may_switch("switch"));

	/* The first of two is empty before the second is used. */
	begin_supplies();
	add_supply("BAT0", "Battery\n", NULL, "Discharging\n", "0\n");
	add_supply("BAT1", "Battery\n", NULL, "Discharging\n", "80\n");
	assert_true(may_switch("switch"));
	begin_supplies();
	add_supply("BAT0", "Battery\n", NULL, "Discharging\n", "0\n");
	add_supply("BAT1", "Battery\n", NULL, "Full\n", "100\n");
	assert_true(may_switch("switch"));

	/* A mouse, mains, and a sensor that fails. */
	begin_supplies();
	add_supply("mouse", "Battery\n", "Device\n", "Discharging\n", "1\n");
	add_supply("AC", "Mains\n", NULL, NULL, NULL);
	assert_true(may_switch("switch"));
	begin_supplies();
	add_supply("BAT0", "Battery\n", "System\n", "Discharging\n", "");
	assert_true(may_switch("switch"));
	begin_supplies();
	add_supply("BAT0", "Battery\n", "System\n", "Discharging\n", "");
	add_supply("BAT1", "Battery\n", "System\n", "Discharging\n", "1\n");
	assert_false(may_switch("switch"));
}

/* ---- Completion ------------------------------------------------------------------ */

/* The branch "NAME) ... ;;" of a script, where several may share one. */
static bool in_branch(const char *script, const char *name, const char *option)
{
	const size_t length = strlen(name);
	const char *at = script;
	const char *end, *found;

	while ((at = strstr(at, name))) {
		const bool whole = (at[-1] == '\t' || at[-1] == ' ') &&
				   (at[length] == ')' ||
				    strncmp(at + length, " |", 2) == 0);

		end = strstr(at, ";;");
		at += length;
		found = strstr(at, option);
		if (whole && end && found && found < end)
			return true;
	}
	return false;
}

/* Of what --help tells: "      --name=VALUE   ..." */
static void check_options(const char *file, const struct usage *command)
{
	char *script = helper_read(DATA, file);
	const char *at = command->options;
	char option[32];

	while ((at = strstr(at, "--"))) {
		const size_t n =
			2 + strspn(at + 2, "abcdefghijklmnopqrstuvwxyz-");

		snprintf(option, sizeof(option), "%.*s", (int)n, at);
		at += n;
		if (!in_branch(script, command->name, option))
			fail_msg("%s does not know %s of %s", file, option,
				 command->name);
	}
	free(script);
}

static void test_completion(void **state)
{
	static const char *const files[] = { "switchctl.bash",
					     "switchctl.zsh" };
	size_t i, k;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		char *script = helper_read(DATA, files[i]);

		for (k = 0; k < COMMANDS; k++) {
			if (k != COMMAND_ASLEEP &&
			    !strstr(script, usage_commands[k].name))
				fail_msg("%s does not know %s", files[i],
					 usage_commands[k].name);
			check_options(files[i], &usage_commands[k]);
		}
		free(script);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_device_is_roots),
		cmocka_unit_test(test_battery),
		cmocka_unit_test(test_completion),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
