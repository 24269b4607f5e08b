// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What backups are made of, each part alone.
 */
#include "helper.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include <osti/abi.h>

#include "common/foreign_text.h"
#include "common/rate.h"
#include "ctl/progress.h"
#include "daemon/backup_policy.h"
#include "daemon/backup_ticket.h"
#include "daemon/config_backup.h"
#include "daemon/pushed.h"

/* ---- Foreign text -------------------------------------------------------- */

static void test_foreign_text(void **state)
{
	static const struct {
		const char *text;
		const char *shown;
	} texts[] = {
		{ "plain text, 7 bits", "plain text, 7 bits" },
		{ "", "" },
		{ "K\xc3\xb6ln \xe2\x82\xac \xf0\x9f\x98\x80",
		  "K\xc3\xb6ln \xe2\x82\xac \xf0\x9f\x98\x80" },
		{ "\033[2J\a\r\n\t\x7f", "?[2J?????" },
		/* C1 controls: CSI, and NEL */
		{ "a\302\233b\302\205", "a??b??" },
		/* right-to-left override and isolates, marks, zero width */
		{ "x\xe2\x80\xaey\xe2\x81\xa6z\xe2\x80\x8f\xd8\x9c",
		  "x???y???z?????" },
		{ "\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\x8b\xef\xbb\xbf",
		  "????????????" },
		/* tags, which nobody sees */
		{ "\xf3\xa0\x80\xa1", "????" },
		/* not UTF-8: overlong, surrogate, too large, cut, a follower */
		{ "\xc0\xaf\xe0\x80\xaf\xed\xa0\x80\xf4\x90\x80\x80\xff",
		  "?????????????" },
		{ "cut \xe2\x82", "cut ??" },
		{ "\202a\303", "?a?" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		char copy[64];

		snprintf(copy, sizeof(copy), "%s", texts[i].text);
		foreign_text_clean(copy);
		assert_string_equal(copy, texts[i].shown);
	}
}

/* ---- Rates --------------------------------------------------------------- */

static void test_rate(void **state)
{
	static const char *const bad[] = {
		"",	"-1",	 "K",  "1k", "1KB",
		"1.5M", " 1",	 "1 ", "1T", "99999999999999999999",
		"0x10", "1025G",
	};
	uint64_t rate = 7;
	size_t i;

	(void)state;
	assert_int_equal(rate_parse("0", &rate), 0);
	assert_int_equal(rate, 0);
	assert_int_equal(rate_parse("500K", &rate), 0);
	assert_int_equal(rate, 512000);
	assert_int_equal(rate_parse("2M", &rate), 0);
	assert_int_equal(rate, 2 << 20);
	assert_int_equal(rate_parse("1024G", &rate), 0);
	assert_true(rate == RATE_MAX);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(rate_parse(bad[i], &rate), -EINVAL);
}

/* ---- Progress ------------------------------------------------------------ */

static char *shown(bool terminal, const struct progress_state *states,
		   const int64_t *times, size_t n)
{
	struct progress progress;
	char *text = NULL;
	size_t bytes;
	FILE *to = open_memstream(&text, &bytes);
	size_t i;

	assert_non_null(to);
	progress_init(&progress, to, terminal);
	for (i = 0; i < n; i++)
		progress_show(&progress, &states[i], times[i]);
	progress_clear(&progress);
	fclose(to);
	return text;
}

static const struct progress_state states[] = {
	{ "plan", 0, 0, 0, 0 },
	{ "transfer", 0, 400, 0, 1 << 20 },
	{ "transfer", 10, 400, 1 << 20, 1 << 20 },
	{ "transfer", 100, 400, 10 << 20, 1 << 20 },
	{ "transfer", 103, 400, 11 << 20, 1 << 20 },
	{ "transfer", 400, 400, 40 << 20, 1 << 20 },
	{ "finish", 400, 400, 40 << 20, 1 << 20 },
};

static const int64_t times[] = { 0, 1000, 1100, 3000, 3100, 9000, 9001 };

static void test_progress_lines(void **state)
{
	char *text = shown(false, states, times, 7);

	(void)state;
	assert_string_equal(
		text,
		"Looking: 0 %, 0 bytes moved, 0 bytes shared\n"
		"Moving: 0 %, 0 bytes moved, 1.0 MiB shared\n"
		"Moving: 25 %, 10.0 MiB moved, 1.0 MiB shared  5.0 MiB/s  0:06 left\n"
		"Moving: 100 %, 40.0 MiB moved, 1.0 MiB shared  5.0 MiB/s\n"
		"Finishing: 100 %, 40.0 MiB moved, 1.0 MiB shared\n");
	free(text);
}

static void test_progress_bar(void **state)
{
	char *text = shown(true, states, times, 4);

	(void)state;
	assert_non_null(strstr(
		text,
		"\r\033[KMoving    [######..................]  25 %  10.0 MiB"
		" + 1.0 MiB shared  5.0 MiB/s  0:06 left"));
	/* Nothing of it stays. */
	assert_string_equal(text + strlen(text) - 4, "\r\033[K");
	assert_null(strchr(text, '\n'));
	free(text);
}

/* What a helper that lies may say. */
static void test_progress_of_nonsense(void **state)
{
	static const struct progress_state wild[] = {
		{ "transfer", UINT64_MAX, 1, UINT64_MAX, UINT64_MAX },
		{ "transfer", 0, UINT64_MAX, 0, 0 },
		{ "a phase whose name is far too long for it", 5, 3, 1, 1 },
		{ "transfer", 1, UINT64_MAX, 5, 0 },
		{ "transfer", 2, UINT64_MAX, 6, 0 },
	};
	static const int64_t when[] = { 0, 5000, 6000, 7000, 60000 };

	(void)state;
	free(shown(true, wild, when, 5));
	free(shown(false, wild, when, 5));
}

static void test_bytes(void **state)
{
	char text[PROGRESS_BYTES_MAX];

	(void)state;
	progress_bytes(1023, text);
	assert_string_equal(text, "1023 bytes");
	progress_bytes(1024, text);
	assert_string_equal(text, "1.0 KiB");
	progress_bytes((1 << 20) - 1, text);
	assert_string_equal(text, "1.0 MiB");
	progress_bytes(UINT64_MAX, text);
	assert_string_equal(text, "16777216.0 TiB");
}

/* ---- Tickets ------------------------------------------------------------- */

struct desk {
	struct backup_ticket *ticket; /* as the job keeps it */
	int news;
	int gone;
	int room;
};

static void on_news(void *userdata)
{
	((struct desk *)userdata)->news++;
}

static void on_gone(void *userdata)
{
	((struct desk *)userdata)->gone++;
}

static void on_room(void *userdata)
{
	((struct desk *)userdata)->room++;
}

static struct backup_ticket *new_ticket(struct desk *desk)
{
	const struct backup_ticket_job job = {
		.holder = &desk->ticket,
		.gone = on_gone,
		.room = on_room,
		.userdata = desk,
	};
	struct backup_ticket *ticket;

	memset(desk, 0, sizeof(*desk));
	ticket = backup_ticket_new(on_news, desk);
	assert_non_null(ticket);
	backup_ticket_attach(ticket, &job);
	assert_ptr_equal(desk->ticket, ticket);
	return ticket;
}

static void say(struct backup_ticket *ticket, const char *kind,
		const char *text)
{
	json_t *line = json_pack("{s:s}", kind, text);

	backup_ticket_line(ticket, line);
	json_decref(line);
}

static void assert_taken(struct backup_ticket *ticket, int expected,
			 const char *text)
{
	struct fault fault;
	json_t *reply = NULL;
	char *dump;

	assert_int_equal(backup_ticket_take(ticket, &reply, &fault), expected);
	dump = json_dumps(reply, JSON_COMPACT);
	assert_string_equal(dump, text);
	free(dump);
	json_decref(reply);
}

static void test_ticket(void **state)
{
	json_t *result = json_pack("{s:i}", "x", 1);
	struct backup_ticket *ticket;
	struct desk desk;

	(void)state;
	ticket = new_ticket(&desk);
	assert_false(backup_ticket_has_news(ticket));
	say(ticket, "progress", "old");
	say(ticket, "note", "a");
	say(ticket, "progress", "new");
	assert_int_equal(desk.news, 3);
	assert_taken(ticket, 0,
		     "{\"lines\":[{\"note\":\"a\"},{\"progress\":\"new\"}]}");
	assert_false(backup_ticket_has_news(ticket));
	say(ticket, "note", "b");
	backup_ticket_end(ticket, result, NULL);
	json_decref(result);
	assert_null(desk.ticket);
	assert_taken(ticket, 1,
		     "{\"lines\":[{\"note\":\"b\"}],\"result\":{\"x\":1}}");
	backup_ticket_free(ticket);
	assert_int_equal(desk.gone, 0);
}

/* What was said comes before how it ended. */
static void test_ticket_of_a_failure(void **state)
{
	struct backup_ticket *ticket;
	struct fault fault;
	struct fault got;
	struct desk desk;
	json_t *reply;

	(void)state;
	ticket = new_ticket(&desk);
	say(ticket, "note", "b");
	fault_set(&fault, FAULT_STORE, "why");
	backup_ticket_end(ticket, NULL, &fault);
	assert_taken(ticket, 0, "{\"lines\":[{\"note\":\"b\"}]}");
	assert_true(backup_ticket_has_news(ticket));
	assert_int_equal(backup_ticket_take(ticket, &reply, &got), -1);
	assert_int_equal(got.code, FAULT_STORE);
	assert_string_equal(got.message, "why");
	backup_ticket_free(ticket);
}

static void test_ticket_is_full(void **state)
{
	struct backup_ticket *ticket;
	char text[4096];
	struct desk desk;
	struct fault fault;
	json_t *reply;
	int i;

	(void)state;
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	ticket = new_ticket(&desk);
	for (i = 0; !backup_ticket_is_full(ticket); i++)
		say(ticket, "item", text);
	assert_in_range(i, BACKUP_TICKET_BYTES / 4200, 7);
	/* How far it is takes no room. */
	assert_int_equal(desk.room, 0);
	assert_int_equal(backup_ticket_take(ticket, &reply, &fault), 0);
	json_decref(reply);
	assert_int_equal(desk.room, 1);
	assert_false(backup_ticket_is_full(ticket));
	backup_ticket_free(ticket);
	assert_int_equal(desk.gone, 1);
	assert_null(desk.ticket);
}

/* ---- What was pushed ----------------------------------------------------- */

static void test_pushed(void **state)
{
	struct fault fault;
	char dir[PATH_MAX];

	(void)state;
	helper_dir_make(dir);
	assert_int_equal(pushed_look(dir, 2), PUSHED_NOT);
	assert_int_equal(pushed_check(dir, 2, "work", &fault), 0);
	assert_int_equal(pushed_note(dir, 2, PUSHED_AWAY, &fault), 0);
	assert_int_equal(pushed_look(dir, 2), PUSHED_AWAY);
	assert_int_equal(pushed_look(dir, 3), PUSHED_NOT);
	assert_int_equal(pushed_check(dir, 2, "work", &fault), -1);
	assert_int_equal(fault.code, FAULT_PUSHED);
	assert_non_null(strstr(fault.message, "switchctl pull work"));
	assert_int_equal(pushed_note(dir, 2, PUSHED_UNSURE, &fault), 0);
	assert_int_equal(pushed_look(dir, 2), PUSHED_UNSURE);
	assert_int_equal(pushed_check(dir, 2, "work", &fault), -1);
	assert_non_null(strstr(fault.message, "did not tell how it ended"));
	assert_int_equal(pushed_note(dir, 2, PUSHED_NOT, &fault), 0);
	assert_int_equal(pushed_look(dir, 2), PUSHED_NOT);
	assert_int_equal(pushed_note(dir, 2, PUSHED_NOT, &fault), 0);
	/* A note that is none is no reason to run two of one. */
	helper_write(dir, "pushed-2", 0644, "");
	assert_int_equal(pushed_look(dir, 2), PUSHED_UNSURE);
	helper_write(dir, "pushed-2", 0644, "pushed\nand more");
	assert_int_equal(pushed_look(dir, 2), PUSHED_UNSURE);
	helper_dir_remove(dir);
	assert_int_equal(pushed_look(dir, 2), PUSHED_NOT);
	assert_int_equal(pushed_note(dir, 2, PUSHED_NOT, &fault), 0);
	assert_int_equal(pushed_note(dir, 2, PUSHED_AWAY, &fault), -1);
	assert_int_equal(fault.code, FAULT_FAILED);
}

/* ---- Settings ------------------------------------------------------------ */

static int set(struct backup_config *config, const char *name,
	       const char *value, char *why)
{
	int key = config_backup_key(name);

	assert_true(key >= 0);
	why[0] = '\0';
	return config_backup_set(config, key, value, why, 256);
}

static void test_settings(void **state)
{
	struct backup_config c;
	char why[256];

	(void)state;
	config_backup_defaults(&c);
	assert_string_equal(c.repository, "file:///var/lib/osti/repository");
	assert_int_equal(c.interval_s, 0);
	assert_true(c.again_after_switch && c.only_on_mains && c.own_unit);
	assert_int_equal(set(&c, "repository", "s3://bucket/p", why), 0);
	assert_string_equal(c.repository, "s3://bucket/p");
	assert_int_equal(set(&c, "endpoint", "https://h:1", why), 0);
	assert_int_equal(set(&c, "virtual-host", "yes", why), 0);
	assert_true(c.virtual_host);
	assert_int_equal(set(&c, "own-unit", "no", why), 0);
	assert_false(c.own_unit);
	assert_int_equal(set(&c, "parallel", "64", why), 0);
	assert_int_equal(c.parallel, 64);
	assert_int_equal(set(&c, "limit-upload", "1M", why), 0);
	assert_int_equal(c.limit_upload, 1 << 20);
	assert_int_equal(set(&c, "interval", "12h", why), 0);
	assert_int_equal(c.interval_s, 43200);
	assert_int_equal(set(&c, "interval", "90", why), 0);
	assert_int_equal(c.interval_s, 90);
	assert_int_equal(set(&c, "interval", "never", why), 0);
	assert_int_equal(c.interval_s, 0);
	assert_int_equal(set(&c, "window", "22:00-06:30", why), 0);
	assert_int_equal(c.window_begin, 1320);
	assert_int_equal(c.window_end, 390);
	assert_int_equal(set(&c, "networks", "Home, Wired connection 1", why),
			 0);
	assert_string_equal(c.networks, "Home, Wired connection 1");
	assert_int_equal(set(&c, "keep-monthly", "12", why), 0);
	assert_int_equal(c.keep[3], 12);
	assert_int_equal(config_backup_key("no-such"), -1);
}

static void test_settings_errors(void **state)
{
	static const char *const bad[][3] = {
		{ "repository", "/var/backup", "file:///DIRECTORY or s3://" },
		{ "repository", "http://x/", "is not a repository" },
		{ "endpoint", "host:1", "is not an endpoint" },
		{ "ca", "ca.pem", "is not an absolute path" },
		{ "credentials", "", "is not an absolute path" },
		{ "region", "", "is not a text" },
		{ "virtual-host", "on", "neither 'yes' nor 'no'" },
		{ "parallel", "65", "from 0 to 64" },
		{ "parallel", "-1", "from 0 to 64" },
		{ "limit-upload", "fast", "like 500K or 2M" },
		{ "interval", "1w", "like 30m, 12h or 1d" },
		{ "interval", "9999d", "like 30m, 12h or 1d" },
		{ "interval", "4294967295d", "like 30m, 12h or 1d" },
		{ "window", "22:00", "like 22:00-06:00" },
		{ "window", "24:00-06:00", "like 22:00-06:00" },
		{ "window", "22:00-06:60", "like 22:00-06:00" },
		{ "window", "22:0-06:00", "like 22:00-06:00" },
		{ "window", "22:00-06:00x", "like 22:00-06:00" },
		{ "networks", "", "a list of names, with commas" },
		{ "networks", "Home,,x", "a list of names, with commas" },
		{ "networks", "Home, ", "a list of names, with commas" },
		{ "keep-last", "many", "is not a number" },
		{ "device-name", "a name that has more than 32 bytes",
		  "too long (at most 32 bytes)" },
	};
	struct backup_config c;
	char why[256];
	size_t i;

	(void)state;
	config_backup_defaults(&c);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(set(&c, bad[i][0], bad[i][1], why), -EINVAL);
		if (!strstr(why, bad[i][2]))
			fail_msg("%s = %s: %s", bad[i][0], bad[i][1], why);
	}
}

/* ---- When backups are made by themselves --------------------------------- */

static void test_due(void **state)
{
	struct backup_policy_stop stop = { .number = 3, .frozen_at = 100 };
	struct backup_policy_slot known = { 0 };

	(void)state;
	assert_true(backup_policy_is_due(&known, &stop, 5));
	known = (struct backup_policy_slot){
		.saved = true, .stop = stop, .not_before = 10
	};
	/* Nothing changed. */
	assert_false(backup_policy_is_due(&known, &stop, 5));
	assert_false(backup_policy_is_due(&known, &stop, 50));
	stop.frozen_at = 200;
	assert_false(backup_policy_is_due(&known, &stop, 9));
	assert_true(backup_policy_is_due(&known, &stop, 10));
	stop.frozen_at = 100;
	stop.number = 1;
	assert_true(backup_policy_is_due(&known, &stop, 10));
}

static void test_stopped(void **state)
{
	struct osti_ioc_slot slot = { .slot = 2,
				      .state = OSTI_SLOT_FROZEN,
				      .entries = 3,
				      .frozen_at = 100 };
	struct osti_ioc_image image = { .slot = 2,
					.state = OSTI_GENERATION_STORED,
					.note = OSTI_NOTE_PRESENT,
					.generation = 7 };
	struct backup_policy_stop stop;

	(void)state;
	assert_true(backup_policy_stopped(&slot, NULL, &stop));
	assert_int_equal(stop.number, 3);
	assert_int_equal(stop.frozen_at, 100);
	slot.state = OSTI_SLOT_RUNNING;
	assert_false(backup_policy_stopped(&slot, &image, &stop));
	slot.state = OSTI_SLOT_EMPTY;
	slot.frozen_at = 0;
	assert_false(backup_policy_stopped(&slot, NULL, &stop));
	assert_true(backup_policy_stopped(&slot, &image, &stop));
	assert_int_equal(stop.number, 7);
	assert_int_equal(stop.frozen_at, 0);
	/* It lives elsewhere, was used, or nobody finds it. */
	image.state = OSTI_GENERATION_RETIRED;
	assert_false(backup_policy_stopped(&slot, &image, &stop));
	image.state = OSTI_GENERATION_CONSUMED;
	assert_false(backup_policy_stopped(&slot, &image, &stop));
	image.state = OSTI_GENERATION_STORED;
	image.note = OSTI_NOTE_NONE;
	assert_false(backup_policy_stopped(&slot, &image, &stop));
	image.note = OSTI_NOTE_REFUSED;
	assert_false(backup_policy_stopped(&slot, &image, &stop));
}

static void test_window(void **state)
{
	struct backup_config c;

	(void)state;
	config_backup_defaults(&c);
	assert_true(backup_policy_in_window(&c, 0));
	c.window_begin = 22 * 60;
	c.window_end = 6 * 60;
	assert_true(backup_policy_in_window(&c, 22 * 60));
	assert_true(backup_policy_in_window(&c, 0));
	assert_true(backup_policy_in_window(&c, 6 * 60 - 1));
	assert_false(backup_policy_in_window(&c, 6 * 60));
	assert_false(backup_policy_in_window(&c, 22 * 60 - 1));
	c.window_begin = 60;
	assert_true(backup_policy_in_window(&c, 60));
	assert_false(backup_policy_in_window(&c, 59));
	assert_false(backup_policy_in_window(&c, 6 * 60));
}

static void test_pressure(void **state)
{
	double pressure = 7;

	(void)state;
	assert_int_equal(
		backup_policy_pressure(
			"some avg10=12.50 avg60=1.00 avg300=0.00 total=5",
			&pressure),
		0);
	assert_true(pressure > 12.49 && pressure < 12.51);
	assert_int_equal(backup_policy_pressure("", &pressure), -EINVAL);
	assert_int_equal(backup_policy_pressure("some avg10=x", &pressure),
			 -EINVAL);
	assert_int_equal(backup_policy_pressure("some avg10=101", &pressure),
			 -EINVAL);
	assert_int_equal(backup_policy_pressure("full avg10=1.00", &pressure),
			 -EINVAL);
}

static void make_supply(const char *dir, const char *name, const char *type,
			const char *online)
{
	char path[PATH_MAX + 64];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	assert_int_equal(mkdir(path, 0755), 0);
	helper_write(path, "type", 0644, type);
	if (online)
		helper_write(path, "online", 0644, online);
}

static void test_mains(void **state)
{
	char dir[PATH_MAX];

	(void)state;
	helper_dir_make(dir);
	assert_true(backup_policy_on_mains("/nonexistent"));
	assert_true(backup_policy_on_mains(dir));
	make_supply(dir, "BAT0", "Battery\n", NULL);
	assert_true(backup_policy_on_mains(dir));
	/* A sensor that fails tells nothing. */
	make_supply(dir, "AC0", "Mains\n", NULL);
	assert_true(backup_policy_on_mains(dir));
	make_supply(dir, "AC", "Mains\n", "0\n");
	assert_false(backup_policy_on_mains(dir));
	make_supply(dir, "AC2", "Mains\n", "1\n");
	assert_true(backup_policy_on_mains(dir));
	helper_dir_remove(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_foreign_text),
		cmocka_unit_test(test_rate),
		cmocka_unit_test(test_progress_lines),
		cmocka_unit_test(test_progress_bar),
		cmocka_unit_test(test_progress_of_nonsense),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_ticket),
		cmocka_unit_test(test_ticket_of_a_failure),
		cmocka_unit_test(test_ticket_is_full),
		cmocka_unit_test(test_pushed),
		cmocka_unit_test(test_settings),
		cmocka_unit_test(test_settings_errors),
		cmocka_unit_test(test_due),
		cmocka_unit_test(test_stopped),
		cmocka_unit_test(test_window),
		cmocka_unit_test(test_pressure),
		cmocka_unit_test(test_mains),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
