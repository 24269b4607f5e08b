// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The command line of switchctl.
 */
#include "helper.h"

#include <stdio.h>
#include <string.h>

#include "common/protocol.h"
#include "ctl/options.h"

#define GO_ON (-1)

/* Parses a command line, given with single spaces. */
static int parse(const char *line, struct options *options)
{
	static char copy[256];
	static char *argv[16];
	char *word;
	int argc = 0;

	snprintf(copy, sizeof(copy), "%s", line);
	for (word = strtok(copy, " "); word; word = strtok(NULL, " "))
		argv[argc++] = word;
	argv[argc] = NULL;
	return options_parse(argc, argv, options);
}

static void good(const char *line, struct options *options)
{
	int status = parse(line, options);

	if (status != GO_ON)
		fail_msg("%s: exit status %d", line, status);
}

static void wrong(const char *line)
{
	struct options options;
	int status = parse(line, &options);

	if (status != STATUS_USAGE)
		fail_msg("%s: %d instead of %d", line, status, STATUS_USAGE);
}

static void test_commands(void **state)
{
	struct options o;

	(void)state;
	good("switchctl list", &o);
	assert_int_equal(o.command, COMMAND_LIST);
	assert_false(o.json);
	assert_string_equal(o.socket, PROTOCOL_SOCKET);
	good("switchctl status", &o);
	assert_int_equal(o.command, COMMAND_STATUS);
	good("switchctl version", &o);
	assert_int_equal(o.command, COMMAND_VERSION);
	good("switchctl switch work", &o);
	assert_int_equal(o.command, COMMAND_SWITCH);
	assert_string_equal(o.target, "work");
	good("switchctl hibernate work", &o);
	assert_int_equal(o.command, COMMAND_HIBERNATE);
	assert_string_equal(o.target, "work");
	good("switchctl verify 2", &o);
	assert_int_equal(o.command, COMMAND_VERIFY);
	assert_string_equal(o.target, "2");
	good("switchctl drop work", &o);
	assert_int_equal(o.command, COMMAND_DROP);
	assert_string_equal(o.target, "work");
	good("switchctl poweroff", &o);
	assert_int_equal(o.command, COMMAND_POWEROFF);
	assert_null(o.target);
	good("switchctl images", &o);
	assert_int_equal(o.command, COMMAND_IMAGES);
	good("switchctl mark-good", &o);
	assert_int_equal(o.command, COMMAND_MARK_GOOD);
	assert_false(o.keep_older);
	good("switchctl recovery-key", &o);
	assert_int_equal(o.command, COMMAND_RECOVERY_KEY);
	assert_string_equal(o.device, "/dev/osti");
	assert_false(o.text || o.qr || o.yes);
	good("switchctl log", &o);
	assert_int_equal(o.command, COMMAND_LOG);
	assert_false(o.follow);
	assert_false(o.verify);
	good("switchctl stats", &o);
	assert_int_equal(o.command, COMMAND_STATS);
	assert_int_equal(o.count, 10);
}

static void test_common_options(void **state)
{
	struct options o;

	(void)state;
	good("switchctl --json --socket /x list", &o);
	assert_true(o.json);
	assert_string_equal(o.socket, "/x");
	good("switchctl list --json --socket=/y", &o);
	assert_true(o.json);
	assert_string_equal(o.socket, "/y");
	/* Also behind the argument. */
	good("switchctl switch work --json", &o);
	assert_true(o.json);
	assert_string_equal(o.target, "work");
	good("switchctl switch -- -odd", &o);
	assert_string_equal(o.target, "-odd");
}

static void test_own_options(void **state)
{
	struct options o;

	(void)state;
	good("switchctl log --follow --verify", &o);
	assert_true(o.follow);
	assert_true(o.verify);
	good("switchctl log -f", &o);
	assert_true(o.follow);
	good("switchctl stats -n 64", &o);
	assert_int_equal(o.count, 64);
	good("switchctl stats --svg", &o);
	assert_true(o.svg);
	good("switchctl stats --count=1", &o);
	assert_int_equal(o.count, 1);
	good("switchctl mark-good --keep-older", &o);
	assert_true(o.keep_older);
	good("switchctl boot-image install work.itb --exchange=/x", &o);
	assert_int_equal(o.command, COMMAND_BOOT_IMAGE);
	assert_string_equal(o.target, "install");
	assert_string_equal(o.file, "work.itb");
	assert_null(o.backup.id);
	assert_string_equal(o.exchange, "/x");
	good("switchctl firmware install new.fw", &o);
	assert_int_equal(o.command, COMMAND_FIRMWARE);
	assert_string_equal(o.file, "new.fw");
	good("switchctl boot-image list", &o);
	assert_string_equal(o.target, "list");
	assert_null(o.exchange);
	good("switchctl disk-key --device=/x", &o);
	assert_int_equal(o.command, COMMAND_DISK_KEY);
	assert_string_equal(o.device, "/x");
	good("switchctl recovery-key --qr --device=/x", &o);
	assert_true(o.qr && !o.text && !o.yes);
	assert_string_equal(o.device, "/x");
	good("switchctl recovery-key --yes --text", &o);
	assert_true(o.text && o.yes && !o.qr);
}

static void test_inhibit(void **state)
{
	struct options o;

	(void)state;
	good("switchctl inhibit --who me --why work -- make --who you -j2", &o);
	assert_string_equal(o.who, "me");
	assert_string_equal(o.why, "work");
	assert_string_equal(o.argv[0], "make");
	assert_string_equal(o.argv[1], "--who");
	assert_string_equal(o.argv[3], "-j2");
	assert_null(o.argv[4]);
	/* Without "--" the program's options are the program's all the same. */
	good("switchctl inhibit make --json", &o);
	assert_null(o.who);
	assert_non_null(o.why);
	assert_false(o.json);
	assert_string_equal(o.argv[1], "--json");
}

static void test_wrong(void **state)
{
	(void)state;
	wrong("switchctl");
	wrong("switchctl --json");
	wrong("switchctl nothing");
	wrong("switchctl --nothing");
	wrong("switchctl --follow log");
	wrong("switchctl --socket");
	wrong("switchctl list work");
	wrong("switchctl list --who me");
	wrong("switchctl list -n 3");
	wrong("switchctl list --count=3");
	wrong("switchctl switch");
	wrong("switchctl switch work personal");
	wrong("switchctl switch --verify work");
	wrong("switchctl hibernate");
	wrong("switchctl hibernate work personal");
	wrong("switchctl verify");
	wrong("switchctl drop");
	wrong("switchctl drop work --verify");
	wrong("switchctl poweroff now");
	wrong("switchctl images work");
	wrong("switchctl inhibit");
	wrong("switchctl inhibit --who me");
	wrong("switchctl inhibit --");
	wrong("switchctl inhibit --follow -- true");
	wrong("switchctl log work");
	wrong("switchctl log --nothing");
	wrong("switchctl stats -n");
	wrong("switchctl stats -n 0");
	wrong("switchctl stats -n 65");
	wrong("switchctl stats -n -1");
	wrong("switchctl stats -n 3x");
	wrong("switchctl stats --count=");
	wrong("switchctl stats --svg --json");
	wrong("switchctl --json stats --svg");
	wrong("switchctl log --svg");
	wrong("switchctl version --follow");
	wrong("switchctl mark-good 2");
	wrong("switchctl list --keep-older");
	wrong("switchctl recovery-key work");
	wrong("switchctl firmware");
	wrong("switchctl firmware install");
	wrong("switchctl firmware list");
	wrong("switchctl boot-image");
	wrong("switchctl boot-image install");
	wrong("switchctl boot-image list work.itb");
	wrong("switchctl boot-image remove");
	wrong("switchctl boot-image install a b");
	wrong("switchctl disk-key work");
	wrong("switchctl disk-key --text");
	wrong("switchctl list --yes");
	wrong("switchctl status --device=/x");
}

static void test_help(void **state)
{
	static const char *const lines[] = {
		"switchctl --help",	    "switchctl -h",
		"switchctl --version",	    "switchctl -V",
		"switchctl list --help",    "switchctl status -h",
		"switchctl switch --help",  "switchctl inhibit --help",
		"switchctl log --help",	    "switchctl stats --help",
		"switchctl version --help", "switchctl hibernate --help",
		"switchctl poweroff -h",    "switchctl images --help",
		"switchctl verify --help",  "switchctl drop --help",
		"switchctl mark-good -h",   "switchctl recovery-key -h",
		"switchctl disk-key -h",    "switchctl boot-image -h",
	};
	struct options options;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_int_equal(parse(lines[i], &options), STATUS_OK);
}

/* Exit statuses are promised in switchctl(1). */
static void test_statuses(void **state)
{
	(void)state;
	assert_int_equal(STATUS_OK, 0);
	assert_int_equal(STATUS_FAILED, 1);
	assert_int_equal(STATUS_USAGE, 2);
	assert_int_equal(STATUS_UNREACHABLE, 3);
	assert_int_equal(STATUS_INHIBITED, 4);
	assert_int_equal(STATUS_DENIED, 5);
	assert_int_equal(STATUS_BUSY, 6);
	assert_int_equal(STATUS_NO_TARGET, 7);
	assert_int_equal(STATUS_HOOK, 8);
	assert_int_equal(STATUS_NOT_FROZEN, 9);
	assert_int_equal(STATUS_VERIFY, 10);
	assert_int_equal(STATUS_REFUSED, 11);
	assert_int_equal(STATUS_DECLINED, 12);
	assert_int_equal(STATUS_NO_IMAGE, 13);
	assert_int_equal(STATUS_SLOT_STATE, 14);
	assert_int_equal(STATUS_NO_STORE, 15);
	assert_int_equal(STATUS_REQUEST, 16);
	assert_int_equal(STATUS_NOT_SUPPORTED, 17);
	assert_int_equal(STATUS_NO_VERSION, 18);
	assert_int_equal(STATUS_NO_NV, 19);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_commands),
		cmocka_unit_test(test_common_options),
		cmocka_unit_test(test_own_options),
		cmocka_unit_test(test_inhibit),
		cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_help),
		cmocka_unit_test(test_statuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
