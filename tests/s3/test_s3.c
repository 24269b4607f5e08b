// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A store in a bucket at a real server: what it takes, what it refuses, and how
 * that is told; and what other programs see of it.
 */
#include "stores.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "backup/s3.h"
#include "backup/store_probe.h"

#define MANY 1005
#define RACERS 20
#define BIG (8U << 20)
#define FAULTY 60

static char dir[PATH_MAX]; /* of the server */
static unsigned int plain_port;
static unsigned int tls_port;
static unsigned int faulty_port;
/* How much this device's clock is ahead. */
static time_t ahead;

time_t __wrap_time(time_t *t);

time_t __wrap_time(time_t *t)
{
	struct timespec ts;

	(void)t;
	syscall(SYS_clock_gettime, CLOCK_REALTIME, &ts);
	return ts.tv_sec + ahead;
}

/* ---- The server ------------------------------------------------------------ */

static int run(const char *format, ...) __attribute__((format(printf, 1, 2)));

static int run(const char *format, ...)
{
	char command[2 * PATH_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(command, sizeof(command), format, args);
	va_end(args);
	return system(command);
}

static void write_configs(void)
{
	char text[1024];

	snprintf(
		text, sizeof(text),
		"[rgw]\ntype = s3\nprovider = Ceph\naccess_key_id = tester-access\nsecret_access_key = tester-secret\nendpoint = http://127.0.0.1:%u\n",
		plain_port);
	helper_write(dir, "rclone", 0600, text);
	helper_write(dir, "keys-wrong", 0600,
		     "access_key = tester-access\nsecret_key = other-secret\n");
	helper_write(dir, "keys-unknown", 0600,
		     "access_key = nobody\nsecret_key = tester-secret\n");
}

static int start_server(void **state)
{
	char parent[PATH_MAX];
	char *ports;

	(void)state;
	/* rclone would take it for its own. */
	unsetenv("AWS_CA_BUNDLE");
	helper_dir_make(parent);
	snprintf(dir, sizeof(dir), "%.4000s/rgw", parent);
	if (run(RGW " start '%s' backups", dir) != 0)
		return -1;
	ports = helper_read(dir, "ports");
	if (sscanf(ports, "PLAIN=%u TLS=%u FAULTY=%u", &plain_port, &tls_port,
		   &faulty_port) != 3)
		return -1;
	free(ports);
	write_configs();
	return run("s3cmd -q -c '%s/s3cmd-small' mb s3://tiny", dir);
}

static int stop_server(void **state)
{
	char *slash;

	(void)state;
	if (run(RGW " stop '%s'", dir) != 0)
		return -1;
	slash = strrchr(dir, '/');
	*slash = '\0';
	helper_dir_remove(dir);
	return 0;
}

/* ---- Stores ---------------------------------------------------------------- */

static const struct store_limits limits = { .parallel = RACERS };

static struct store *open_as(const char *url, unsigned int port, bool tls,
			     const char *ca, const char *keys)
{
	char ca_file[PATH_MAX + 16];
	char key_file[PATH_MAX + 16];
	char endpoint[64];
	char message[400];
	struct store *store;
	struct store_settings settings = {
		.endpoint = endpoint,
		.credentials = key_file,
		.ca_file = ca ? ca_file : NULL,
		.plain_http = !tls,
	};

	snprintf(ca_file, sizeof(ca_file), "%s/%s", dir, ca ? ca : "");
	snprintf(key_file, sizeof(key_file), "%s/%s", dir, keys);
	snprintf(endpoint, sizeof(endpoint), "http%s://127.0.0.1:%u",
		 tls ? "s" : "", port);
	if (store_open(url, &settings, &limits, &store, message,
		       sizeof(message)) != STORE_OK)
		fail_msg("%s", message);
	return store;
}

static struct store *usual(const char *url)
{
	return open_as(url, plain_port, false, NULL, "keys");
}

/* No test waits for what it knows to fail. */
static void hasten(struct store *store)
{
	struct s3_patience patience = s3_patience_default;

	patience.attempts = 2;
	patience.base_ms = 10;
	s3_set_patience(store, &patience);
}

static struct store_request put(enum store_op op, const char *key)
{
	return (struct store_request){
		.op = op, .key = key, .body = "content", .body_bytes = 7
	};
}

static void run_all(struct store *store)
{
	while (store_run(store, 1000))
		;
}

static void test_objects(void **state)
{
	struct store *store = usual("s3://backups/objects");

	(void)state;
	stores_get(store, "a/b", NULL);
	stores_put(store, "a/b", "one");
	stores_put(store, "a/b", "two");
	stores_get(store, "a/b", "two");
	stores_put(store, "a.b_c-d/0", "");
	stores_get(store, "a.b_c-d/0", "");
	stores_list(store, "", "a.b_c-d/0 a/b ");
	stores_list(store, "a/", "a/b ");
	stores_list(store, "a/bc", "");
	stores_delete(store, "a/b");
	stores_delete(store, "a/b");
	stores_get(store, "a/b", NULL);
	store_close(store);
}

static void range(struct store *store, uint64_t offset, uint64_t bytes,
		  const char *expected)
{
	struct store_request r = {
		.op = STORE_GET, .key = "r", .offset = offset, .bytes = bytes
	};

	stores_do(store, &r, STORE_OK, "");
	assert_int_equal(r.got_bytes, strlen(expected));
	assert_memory_equal(r.got, expected, r.got_bytes);
	store_request_clear(&r);
}

/* As from a directory. */
static void test_ranges(void **state)
{
	struct store *store = usual("s3://backups/ranges");

	(void)state;
	stores_put(store, "r", "0123456789");
	range(store, 0, 3, "012");
	range(store, 3, 0, "3456789");
	range(store, 8, 5, "89");
	range(store, 10, 5, "");
	range(store, 5000, 0, "");
	store_close(store);
}

static void fill(uint8_t *body, unsigned int seed)
{
	size_t i;

	for (i = 0; i < BIG; i++)
		body[i] = (uint8_t)(seed + i / 7 + i / 4099);
}

static void test_large(void **state)
{
	struct store *store =
		open_as("s3://backups/large", tls_port, true, "ca.pem", "keys");
	static uint8_t body[BIG];
	struct store_request r[4];
	char keys[4][8];
	unsigned int i;

	(void)state;
	fill(body, 1);
	for (i = 0; i < 4; i++) {
		snprintf(keys[i], sizeof(keys[i]), "p%u", i);
		r[i] = put(STORE_PUT, keys[i]);
		r[i].body = body;
		r[i].body_bytes = BIG;
		store_start(store, &r[i]);
	}
	run_all(store);
	for (i = 0; i < 4; i++) {
		assert_int_equal(r[i].status, STORE_OK);
		r[i].op = STORE_GET;
		store_start(store, &r[i]);
	}
	run_all(store);
	for (i = 0; i < 4; i++) {
		assert_int_equal(r[i].status, STORE_OK);
		assert_int_equal(r[i].got_bytes, BIG);
		assert_memory_equal(r[i].got, body, BIG);
		store_request_clear(&r[i]);
	}
	store_close(store);
}

static void write_many(struct store *store, unsigned int nr, enum store_op op)
{
	struct store_request *r = calloc(nr, sizeof(*r));
	char(*keys)[16] = calloc(nr, sizeof(*keys));
	unsigned int i;

	assert_true(r && keys);
	for (i = 0; i < nr; i++) {
		snprintf(keys[i], sizeof(keys[i]), "k/%04u", i);
		r[i] = put(op, keys[i]);
		store_start(store, &r[i]);
	}
	run_all(store);
	for (i = 0; i < nr; i++)
		if (r[i].status != STORE_OK)
			fail_msg("%s", r[i].message);
	free(keys);
	free(r);
}

static void test_many_keys(void **state)
{
	struct store *store = usual("s3://backups/many");
	struct store_request list = { .op = STORE_LIST, .key = "k/" };
	char key[16];
	unsigned int i;

	(void)state;
	write_many(store, MANY, STORE_PUT);
	stores_put(store, "other", "x");
	stores_do(store, &list, STORE_OK, "");
	assert_int_equal(list.nr_entries, MANY);
	for (i = 0; i < MANY; i++) {
		snprintf(key, sizeof(key), "k/%04u", i);
		assert_string_equal(list.entries[i].key, key);
		assert_int_equal(list.entries[i].bytes, 7);
		assert_true(labs(time(NULL) - list.entries[i].modified) < 900);
	}
	store_request_clear(&list);
	write_many(store, MANY, STORE_DELETE);
	stores_list(store, "", "other ");
	store_close(store);
}

static void test_create(void **state)
{
	struct store *store = usual("s3://backups/create");
	struct store_request r = put(STORE_CREATE, "c");

	(void)state;
	assert_int_equal(stores_create(store, "c", "first"), STORE_OK);
	stores_do(store, &r, STORE_E_EXISTS, "it is there already");
	stores_get(store, "c", "first");
	stores_delete(store, "c");
	assert_int_equal(stores_create(store, "c", "second"), STORE_OK);
	store_close(store);
}

/* Each with a connection and a body of its own. */
static void test_create_race(void **state)
{
	struct store *store = usual("s3://backups/race");
	struct store_request r[RACERS];
	char body[RACERS][8];
	unsigned int won = 0;
	unsigned int winner = 0;
	unsigned int i;

	(void)state;
	for (i = 0; i < RACERS; i++) {
		snprintf(body[i], sizeof(body[i]), "%u", i);
		r[i] = put(STORE_CREATE, "one");
		r[i].body = body[i];
		r[i].body_bytes = strlen(body[i]);
		store_start(store, &r[i]);
	}
	run_all(store);
	for (i = 0; i < RACERS; i++) {
		if (r[i].status == STORE_OK) {
			won++;
			winner = i;
		} else if (r[i].status != STORE_E_EXISTS) {
			fail_msg("%s", r[i].message);
		}
	}
	assert_int_equal(won, 1);
	stores_get(store, "one", body[winner]);
	store_close(store);
}

static void test_probe(void **state)
{
	struct store *store = usual("s3://backups");
	char message[400];
	bool honoured = false;

	(void)state;
	assert_int_equal(store_probe_create(store, "probe", &honoured, message,
					    sizeof(message)),
			 STORE_OK);
	assert_true(honoured);
	stores_get(store, "probe", NULL);
	store_close(store);
}

/* ---- What it refuses --------------------------------------------------------- */

static void refused(struct store *store, int status, const char *says)
{
	struct store_request write = put(STORE_PUT, "x");
	struct store_request list = { .op = STORE_LIST, .key = "" };

	hasten(store);
	stores_do(store, &write, status, says);
	assert_null(strstr(write.message, "secret_key ="));
	stores_do(store, &list, status, says);
	store_close(store);
}

static void test_wrong_keys(void **state)
{
	(void)state;
	refused(open_as("s3://backups", plain_port, false, NULL, "keys-wrong"),
		STORE_E_DENIED, "check secret_key (HTTP 403");
	refused(open_as("s3://backups", plain_port, false, NULL,
			"keys-unknown"),
		STORE_E_DENIED, "does not know the access key");
	refused(open_as("s3://backups", plain_port, false, NULL, "keys-small"),
		STORE_E_DENIED, "do not allow it");
}

static void test_clock(void **state)
{
	(void)state;
	ahead = 20 * 60 + 30;
	refused(usual("s3://backups"), STORE_E_CLOCK,
		"clock is 20 minutes ahead of the server's");
	ahead = -20 * 60 - 30;
	refused(usual("s3://backups"), STORE_E_CLOCK,
		"clock is 20 minutes behind the server's");
	ahead = 0;
}

static void test_no_bucket(void **state)
{
	struct store *store = usual("s3://no-such-bucket");
	struct store_request get = { .op = STORE_GET, .key = "a" };

	(void)state;
	stores_do(store, &get, STORE_E_NO_STORE, "make it first");
	refused(store, STORE_E_NO_STORE, "make it first");
}

static void test_quota(void **state)
{
	struct store *store =
		open_as("s3://tiny", plain_port, false, NULL, "keys-small");
	struct store_request r;
	char key[8];
	int status = STORE_OK;
	unsigned int i;

	(void)state;
	hasten(store);
	for (i = 0; i < 20 && status == STORE_OK; i++) {
		snprintf(key, sizeof(key), "k%u", i);
		r = put(STORE_PUT, key);
		status = store_do(store, &r);
	}
	assert_int_equal(status, STORE_E_FULL);
	stores_says(r.message, "QuotaExceeded");
	/* Nothing of what is there is lost. */
	stores_get(store, "k0", "content");
	store_close(store);
}

static void test_tls(void **state)
{
	struct store *store =
		open_as("s3://backups/tls", tls_port, true, "ca.pem", "keys");

	(void)state;
	stores_put(store, "a", "over TLS");
	stores_get(store, "a", "over TLS");
	store_close(store);
	refused(open_as("s3://backups", tls_port, true, "other.pem", "keys"),
		STORE_E_CONFIG, "somebody is between");
	/* Those of the system do not help either. */
	refused(open_as("s3://backups", tls_port, true, NULL, "keys"),
		STORE_E_CONFIG, "somebody is between");
}

/* libcurl does not ask anybody for names below localhost. */
static void test_virtual_host(void **state)
{
	char keys[PATH_MAX + 16];
	char endpoint[64];
	char message[400];
	struct store *store;
	const struct store_settings settings = { .endpoint = endpoint,
						 .credentials = keys,
						 .virtual_host = true,
						 .plain_http = true };

	(void)state;
	snprintf(keys, sizeof(keys), "%s/keys", dir);
	snprintf(endpoint, sizeof(endpoint), "http://localhost:%u", plain_port);
	assert_int_equal(store_open("s3://backups/virtual", &settings, NULL,
				    &store, message, sizeof(message)),
			 STORE_OK);
	stores_put(store, "a", "x");
	stores_list(store, "", "a ");
	store_close(store);
	store = usual("s3://backups/virtual");
	stores_get(store, "a", "x");
	store_close(store);
}

static void test_faults(void **state)
{
	struct store *store = open_as("s3://backups/faults", faulty_port, false,
				      NULL, "keys");
	struct store_request list = { .op = STORE_LIST, .key = "" };
	struct s3_patience patience = s3_patience_default;
	struct store_counts counts;

	(void)state;
	patience.attempts = 20;
	patience.base_ms = 20;
	patience.most_ms = 200;
	s3_set_patience(store, &patience);
	/* CREATE: none may take its own object for another's. */
	write_many(store, FAULTY, STORE_CREATE);
	stores_do(store, &list, STORE_OK, "");
	assert_int_equal(list.nr_entries, FAULTY);
	store_request_clear(&list);
	store_counts_get(store, &counts);
	/* Or there were no faults, and this proves nothing. */
	assert_true(counts.retries > FAULTY / 20);
	write_many(store, FAULTY, STORE_DELETE);
	stores_list(store, "", "");
	store_close(store);
}

/* ---- What others see --------------------------------------------------------- */

static void test_other_programs(void **state)
{
	struct store *store = usual("s3://backups/others");

	(void)state;
	stores_put(store, "packs/a-1", "for others");
	assert_int_equal(
		run("s3cmd -c '%s/s3cmd' ls s3://backups/others/packs/ | grep -q ' 10 .*s3://backups/others/packs/a-1$'",
		    dir),
		0);
	assert_int_equal(
		run("test \"$(s3cmd -q -c '%s/s3cmd' get s3://backups/others/packs/a-1 -)\" = 'for others'",
		    dir),
		0);
	assert_int_equal(
		run("test \"$(rclone --config '%s/rclone' lsf rgw:backups/others/packs)\" = a-1",
		    dir),
		0);
	assert_int_equal(
		run("test \"$(rclone --config '%s/rclone' cat rgw:backups/others/packs/a-1)\" = 'for others'",
		    dir),
		0);
	/* And the other way round. */
	assert_int_equal(
		run("printf theirs | rclone --config '%s/rclone' rcat rgw:backups/others/packs/b",
		    dir),
		0);
	stores_get(store, "packs/b", "theirs");
	stores_list(store, "packs/", "packs/a-1 packs/b ");
	store_close(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_objects),
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_large),
		cmocka_unit_test(test_many_keys),
		cmocka_unit_test(test_create),
		cmocka_unit_test(test_create_race),
		cmocka_unit_test(test_probe),
		cmocka_unit_test(test_wrong_keys),
		cmocka_unit_test(test_clock),
		cmocka_unit_test(test_no_bucket),
		cmocka_unit_test(test_quota),
		cmocka_unit_test(test_tls),
		cmocka_unit_test(test_virtual_host),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_other_programs),
	};

	return cmocka_run_group_tests(tests, start_server, stop_server);
}
