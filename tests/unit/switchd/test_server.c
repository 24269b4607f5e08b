// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The socket: framing, limits, peers that are broken, slow or hostile.
 */
#include "helper.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <jansson.h>

#include "common/protocol.h"
#include "daemon/server.h"

/* What the server of these tests grants: enough for a slow machine. */
#define LONG_USEC (HELPER_DEADLINE_MS * 1000ULL)
#define SHORT_USEC 100000ULL

struct fixture {
	char dir[PATH_MAX];
	char path[PATH_MAX + 16];
	uid_t self;
	sd_event *event;
	struct server_params params;
	struct server *server;
	struct client *later; /* a request that is not answered yet */
	int handled;
	int closed;
};

/*
 * The methods: "echo" answers with its parameters, "big" with many bytes,
 * "later" not at once, "keep" keeps the connection, all others fail.
 */
static void on_request(struct client *client, const char *method,
		       json_t *params, void *userdata)
{
	struct fixture *f = userdata;
	struct fault fault;
	char *text;

	f->handled++;
	if (strcmp(method, "echo") == 0) {
		client_reply(client, json_incref(params));
	} else if (strcmp(method, "big") == 0) {
		text = calloc(1, 60001);
		memset(text, 'x', 60000);
		client_reply(client, json_pack("{s:s}", "big", text));
		free(text);
	} else if (strcmp(method, "huge") == 0) {
		text = calloc(1, PROTOCOL_REPLY_MAX + 1);
		memset(text, 'x', PROTOCOL_REPLY_MAX);
		client_reply(client, json_pack("{s:s}", "huge", text));
		free(text);
	} else if (strcmp(method, "later") == 0) {
		f->later = client;
	} else if (strcmp(method, "keep") == 0) {
		client_keep(client);
		client_reply(client, json_object());
	} else {
		fault_set(&fault, FAULT_UNKNOWN_METHOD, "no '%s'", method);
		client_fail(client, &fault);
	}
}

static void on_closed(struct client *client, void *userdata)
{
	struct fixture *f = userdata;

	f->closed++;
	if (f->later == client)
		f->later = NULL;
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	helper_dir_make(f->dir);
	snprintf(f->path, sizeof(f->path), "%s/sock", f->dir);
	f->event = helper_event_new();
	f->self = geteuid();
	f->params = (struct server_params){
		.path = f->path,
		.group = (gid_t)-1,
		.users = &f->self,
		.n_users = 1,
		.request_usec = LONG_USEC,
		.reply_usec = LONG_USEC,
		.idle_usec = LONG_USEC,
	};
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	server_free(f->server);
	assert_int_not_equal(access(f->path, F_OK), 0);
	strcat(f->path, PROTOCOL_ROOT_SUFFIX);
	assert_int_not_equal(access(f->path, F_OK), 0);
	sd_event_unref(f->event);
	helper_dir_remove(f->dir);
	free(f);
	return 0;
}

static void start(struct fixture *f)
{
	assert_int_equal(server_new(f->event, &f->params, on_request, on_closed,
				    f, &f->server),
			 0);
}

static int dial(struct fixture *f)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	assert_true(fd >= 0);
	assert_true(strlen(f->path) < sizeof(address.sun_path));
	memcpy(address.sun_path, f->path, strlen(f->path) + 1);
	assert_int_equal(
		connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

static void say_bytes(int fd, const char *bytes, size_t n)
{
	assert_int_equal(send(fd, bytes, n, MSG_NOSIGNAL), n);
}

static void say(int fd, const char *text)
{
	say_bytes(fd, text, strlen(text));
}

/* Runs the loop until the server says a line, which the caller frees. */
static char *hear(struct fixture *f, int fd)
{
	int64_t deadline = helper_now_ms() + HELPER_DEADLINE_MS;
	char *text = calloc(1, PROTOCOL_REPLY_MAX + 1);
	size_t n = 0;

	while (n == 0 || text[n - 1] != '\n') {
		ssize_t r;

		assert_true(helper_now_ms() < deadline);
		helper_run_ready(f->event);
		/* One byte at a time: what follows belongs to the next line. */
		r = recv(fd, text + n, 1, 0);
		if (r < 0) {
			assert_int_equal(errno, EAGAIN);
			assert_true(sd_event_run(f->event, 20000) >= 0);
			continue;
		}
		if (r == 0)
			fail_msg("hung up after '%s'", text);
		n += (size_t)r;
		assert_true(n <= PROTOCOL_REPLY_MAX);
	}
	return text;
}

static void hears(struct fixture *f, int fd, const char *expected)
{
	char *text = hear(f, fd);

	text[strlen(text) - 1] = '\0';
	assert_string_equal(text, expected);
	free(text);
}

/* The next line is an error with that code, and its message says that. */
static void hears_error(struct fixture *f, int fd, const char *code,
			const char *says)
{
	char *text = hear(f, fd);
	json_t *reply = json_loads(text, 0, NULL);
	const char *got_code;
	const char *message;

	if (json_unpack(reply, "{s:{s:s,s:s}}", "error", "code", &got_code,
			"message", &message) < 0)
		fail_msg("no error: %s", text);
	assert_string_equal(got_code, code);
	if (!strstr(message, says))
		fail_msg("'%s' does not say '%s'", message, says);
	json_decref(reply);
	free(text);
}

/* Runs the loop until the server hangs up; nothing else may come. */
static void hangs_up(struct fixture *f, int fd)
{
	int64_t deadline = helper_now_ms() + HELPER_DEADLINE_MS;
	char c;

	for (;;) {
		ssize_t r = recv(fd, &c, 1, 0);

		if (r == 0 || (r < 0 && errno == ECONNRESET))
			break;
		if (r > 0)
			fail_msg("got '%c' instead of the end", c);
		assert_int_equal(errno, EAGAIN);
		assert_true(helper_now_ms() < deadline);
		assert_true(sd_event_run(f->event, 20000) >= 0);
	}
	close(fd);
}

static void still_works(struct fixture *f)
{
	int fd = dial(f);

	say(fd, "{\"method\":\"echo\"}\n");
	hears(f, fd, "{\"result\":{}}");
	close(fd);
}

static void test_request_and_reply(void **state)
{
	struct fixture *f = *state;
	int fd;

	start(f);
	fd = dial(f);
	say(fd, "{\"method\":\"echo\",\"params\":{\"a\":1}}\n");
	hears(f, fd, "{\"result\":{\"a\":1}}");
	say(fd, "{\"id\":7,\"method\":\"echo\"}\r\n");
	hears(f, fd, "{\"id\":7,\"result\":{}}");
	say(fd, "{\"id\":\"x\",\"method\":\"nothing\"}\n");
	hears(f, fd,
	      "{\"id\":\"x\",\"error\":{\"code\":\"unknown-method\",\"message\":\"no 'nothing'\"}}");
	close(fd);
	helper_run_ready(f->event);
	assert_int_equal(f->closed, 1);
}

static void test_byte_by_byte(void **state)
{
	static const char text[] =
		"{\"method\":\"echo\",\"params\":{\"a\":\"\xc3\xbc\"}}\n";
	struct fixture *f = *state;
	size_t i;
	int fd;

	start(f);
	fd = dial(f);
	for (i = 0; i < sizeof(text) - 1; i++) {
		assert_int_equal(f->handled, 0);
		say_bytes(fd, text + i, 1);
		helper_run_ready(f->event);
	}
	hears(f, fd, "{\"result\":{\"a\":\"\xc3\xbc\"}}");
	close(fd);
}

static void test_many_in_one(void **state)
{
	struct fixture *f = *state;
	int fd;

	start(f);
	fd = dial(f);
	say(fd,
	    "{\"id\":1,\"method\":\"echo\"}\n{\"id\":2,\"method\":\"echo\"}\n"
	    "{\"id\":3,\"method\":\"echo\"}\n{\"id\":4,");
	hears(f, fd, "{\"id\":1,\"result\":{}}");
	hears(f, fd, "{\"id\":2,\"result\":{}}");
	hears(f, fd, "{\"id\":3,\"result\":{}}");
	say(fd, "\"method\":\"echo\"}\n");
	hears(f, fd, "{\"id\":4,\"result\":{}}");
	close(fd);
}

static void test_malformed(void **state)
{
	static const struct {
		const char *line;
		const char *says;
	} bad[] = {
		{ "", "not JSON" },
		{ "hello", "not JSON" },
		{ "{", "not JSON" },
		{ "{\"method\":\"echo\"", "not JSON" },
		{ "{\"method\":\"echo\"} x", "not JSON" },
		{ "{\"method\":\"echo\",\"method\":\"echo\"}", "not JSON" },
		{ "{\"method\":\"\xff\"}", "not JSON" },
		{ "[]", "not a request: Expected object" },
		{ "\"echo\"", "not JSON" },
		{ "42", "not JSON" },
		{ "null", "not JSON" },
		{ "{}", "not a request: Object item not found: method" },
		{ "{\"method\":1}", "not a request: Expected string" },
		{ "{\"method\":null}", "not a request: Expected string" },
		{ "{\"method\":[\"echo\"]}", "not a request: Expected" },
		{ "{\"method\":\"echo\",\"x\":1}", "unpacked: x" },
		{ "{\"method\":\"echo\",\"params\":[]}", "'params' must be" },
		{ "{\"method\":\"echo\",\"params\":null}", "'params' must be" },
		{ "{\"method\":\"echo\",\"params\":\"\"}", "'params' must be" },
		{ "{\"method\":\"echo\",\"id\":{}}", "'id' must be" },
		{ "{\"method\":\"echo\",\"id\":1.5}", "'id' must be" },
		{ "{\"method\":\"echo\",\"id\":null}", "'id' must be" },
		{ "{\"method\":\"echo\",\"id\":1e999}", "not JSON" },
	};
	struct fixture *f = *state;
	size_t i;
	int fd;

	start(f);
	fd = dial(f);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		say(fd, bad[i].line);
		say(fd, "\n");
		hears_error(f, fd, "bad-request", bad[i].says);
	}
	assert_int_equal(f->handled, 0);
	/* The connection lives: lines keep requests apart. */
	say(fd, "{\"method\":\"echo\"}\n");
	hears(f, fd, "{\"result\":{}}");
	close(fd);
}

static void test_nul_and_depth(void **state)
{
	struct fixture *f = *state;
	char deep[PROTOCOL_REQUEST_MAX];
	int fd;

	start(f);
	fd = dial(f);
	say_bytes(fd, "{\"method\":\"echo\0\"}\n", 19);
	hears_error(f, fd, "bad-request", "not JSON");
	memset(deep, '[', sizeof(deep));
	deep[sizeof(deep) - 1] = '\n';
	say_bytes(fd, deep, sizeof(deep));
	hears_error(f, fd, "bad-request", "not JSON");
	close(fd);
	still_works(f);
}

/* The longest request that fits, and one byte more. */
static void test_size_limit(void **state)
{
	struct fixture *f = *state;
	char line[PROTOCOL_REQUEST_MAX + 1];
	int n;
	int fd;

	start(f);
	fd = dial(f);
	n = snprintf(line, sizeof(line),
		     "{\"method\":\"echo\",\"params\":{\"a\":\"");
	memset(line + n, 'x', sizeof(line) - (size_t)n);
	memcpy(line + PROTOCOL_REQUEST_MAX - 4, "\"}}\n", 4);
	say_bytes(fd, line, PROTOCOL_REQUEST_MAX);
	free(hear(f, fd));
	assert_int_equal(f->handled, 1);

	memcpy(line + PROTOCOL_REQUEST_MAX - 4, "x\"}}\n", 5);
	say_bytes(fd, line, PROTOCOL_REQUEST_MAX + 1);
	hears_error(f, fd, "bad-request", "longer than 4096 bytes");
	hangs_up(f, fd);
	assert_int_equal(f->handled, 1);
	assert_int_equal(f->closed, 1);
	still_works(f);
}

static void test_endless_line(void **state)
{
	struct fixture *f = *state;
	char junk[1024];
	int fd;
	int i;

	start(f);
	fd = dial(f);
	memset(junk, 'x', sizeof(junk));
	for (i = 0; i < 100; i++) {
		/* It does not listen any more, so some day this blocks. */
		if (send(fd, junk, sizeof(junk), MSG_NOSIGNAL) < 0)
			break;
		helper_run_ready(f->event);
	}
	assert_true(i < 100);
	hears_error(f, fd, "bad-request", "longer than");
	hangs_up(f, fd);
	still_works(f);
}

static void test_too_large_reply(void **state)
{
	struct fixture *f = *state;
	int fd;

	start(f);
	fd = dial(f);
	say(fd, "{\"method\":\"huge\"}\n");
	hangs_up(f, fd);
	still_works(f);
}

/* A peer that asks and never reads: not more than one reply is made. */
static void test_peer_does_not_read(void **state)
{
	struct fixture *f = *state;
	int handled;
	int fd;
	int i;

	start(f);
	fd = dial(f);
	for (i = 0; i < 1000; i++) {
		if (send(fd, "{\"method\":\"big\"}\n", 17, MSG_NOSIGNAL) != 17)
			break;
		helper_run_ready(f->event);
	}
	/* What fits into the socket is answered, then it stops. */
	handled = f->handled;
	assert_true(handled < 100);
	still_works(f);
	helper_run_ready(f->event);
	assert_int_equal(f->handled, handled + 1);
	/* It goes on where it stopped. */
	for (i = 0; i < handled + 1; i++)
		free(hear(f, fd));
	close(fd);
}

static void test_slow_reader_is_dropped(void **state)
{
	struct fixture *f = *state;
	int fd;

	f->params.reply_usec = SHORT_USEC;
	start(f);
	fd = dial(f);
	while (send(fd, "{\"method\":\"big\"}\n", 17, MSG_NOSIGNAL) == 17 &&
	       f->handled < 100)
		helper_run_ready(f->event);
	helper_run_until(f->event, &f->closed);
	close(fd);
	still_works(f);
}

static void test_slow_writer_is_dropped(void **state)
{
	struct fixture *f = *state;
	int64_t begin = helper_now_ms();
	int fd;

	f->params.request_usec = 3 * SHORT_USEC;
	start(f);
	fd = dial(f);
	/* A byte now and then does not help: the whole request has the limit. */
	while (!f->closed) {
		assert_true(helper_now_ms() - begin < HELPER_DEADLINE_MS);
		(void)send(fd, " ", 1, MSG_NOSIGNAL);
		assert_true(sd_event_run(f->event, SHORT_USEC / 4) >= 0);
	}
	close(fd);
	still_works(f);
}

static void test_idle_is_dropped(void **state)
{
	struct fixture *f = *state;
	int fd;

	f->params.idle_usec = SHORT_USEC;
	start(f);
	fd = dial(f);
	hangs_up(f, fd);
	/* Also after a request. */
	fd = dial(f);
	say(fd, "{\"method\":\"echo\"}\n");
	hears(f, fd, "{\"result\":{}}");
	hangs_up(f, fd);
}

static void test_kept_and_waiting_are_not(void **state)
{
	struct fixture *f = *state;
	struct client *later;
	int waiting;
	int kept;
	int idle;

	f->params.idle_usec = 2 * SHORT_USEC;
	start(f);
	kept = dial(f);
	waiting = dial(f);
	say(kept, "{\"method\":\"keep\"}\n");
	hears(f, kept, "{\"result\":{}}");
	say(waiting, "{\"id\":1,\"method\":\"later\"}\n");
	/* One that came after them is dropped before them. */
	idle = dial(f);
	hangs_up(f, idle);
	idle = dial(f);
	hangs_up(f, idle);
	assert_int_equal(f->closed, 2);
	later = f->later;
	f->later = NULL;
	client_reply(later, json_object());
	hears(f, waiting, "{\"id\":1,\"result\":{}}");
	hangs_up(f, waiting);
	assert_int_equal(f->closed, 3);
	say(kept, "{\"method\":\"echo\"}\n");
	hears(f, kept, "{\"result\":{}}");
	close(kept);
}

static void test_requests_wait_for_the_reply(void **state)
{
	struct fixture *f = *state;
	struct client *later;
	struct fault fault;
	int fd;

	start(f);
	fd = dial(f);
	say(fd,
	    "{\"id\":1,\"method\":\"later\"}\n{\"id\":2,\"method\":\"echo\"}\n");
	helper_run_ready(f->event);
	assert_int_equal(f->handled, 1);
	later = f->later;
	f->later = NULL;
	fault_set(&fault, FAULT_HOOK, "no");
	client_fail(later, &fault);
	hears(f, fd,
	      "{\"id\":1,\"error\":{\"code\":\"hook\",\"message\":\"no\"}}");
	hears(f, fd, "{\"id\":2,\"result\":{}}");
	close(fd);
}

static void test_peer_goes_while_waiting(void **state)
{
	struct fixture *f = *state;
	int fd;

	start(f);
	fd = dial(f);
	say(fd, "{\"method\":\"later\"}\n");
	helper_run_ready(f->event);
	assert_non_null(f->later);
	close(fd);
	helper_run_until(f->event, &f->closed);
	assert_null(f->later);
}

/* "shutdown(SHUT_WR)", as tools like nc do it: the reply still comes. */
static void test_half_closed(void **state)
{
	struct fixture *f = *state;
	int fd;

	start(f);
	fd = dial(f);
	say(fd, "{\"method\":\"echo\"}\n");
	assert_int_equal(shutdown(fd, SHUT_WR), 0);
	hears(f, fd, "{\"result\":{}}");
	hangs_up(f, fd);
	assert_int_equal(f->closed, 1);
}

static void test_users_limit(void **state)
{
	int fds[SERVER_ROOT_CLIENTS];
	struct fixture *f = *state;
	int limit = geteuid() ? SERVER_USER_CLIENTS : SERVER_ROOT_CLIENTS;
	int fd;
	int i;

	start(f);
	for (i = 0; i < limit; i++) {
		fds[i] = dial(f);
		say(fds[i], "{\"method\":\"echo\"}\n");
		hears(f, fds[i], "{\"result\":{}}");
	}
	/* It is told before it has said anything. */
	fd = dial(f);
	hears_error(f, fd, "limit", "too many connections");
	hangs_up(f, fd);
	close(fds[3]);
	helper_run_until(f->event, &f->closed);
	still_works(f);
	for (i = 0; i < limit; i++)
		if (i != 3)
			close(fds[i]);
}

static mode_t mode_of(const struct fixture *f, const char *suffix)
{
	char path[PATH_MAX + 32];
	struct stat st;

	snprintf(path, sizeof(path), "%s%s", f->path, suffix);
	assert_int_equal(stat(path, &st), 0);
	assert_true(S_ISSOCK(st.st_mode));
	return st.st_mode & 07777;
}

/* Who may not talk to switchd cannot knock either, where modes can say so. */
static void test_doors(void **state)
{
	struct fixture *f = *state;

	start(f);
	assert_int_equal(mode_of(f, ""), 0666);
	assert_int_equal(mode_of(f, PROTOCOL_ROOT_SUFFIX), 0600);
	server_free(f->server);

	f->params.n_users = 0;
	f->params.group = getegid();
	start(f);
	assert_int_equal(mode_of(f, ""), 0660);
	server_free(f->server);

	f->params.group = (gid_t)-1;
	start(f);
	assert_int_equal(mode_of(f, ""), 0600);
	assert_int_equal(mode_of(f, PROTOCOL_ROOT_SUFFIX), 0600);
}

static void test_who_is_allowed(void **state)
{
	static const uid_t users[] = { 1000, 1001 };
	const struct server_params params = { .group = 50,
					      .users = users,
					      .n_users = 2 };
	const struct server_params nobody = { .group = (gid_t)-1 };
	static const gid_t in[] = { 100, 4, 50 };
	static const gid_t out[] = { 100, 51, 5 };
	static const gid_t odd[] = { (gid_t)-1 };

	(void)state;
	assert_true(server_allows(&params, 0, out, 3));
	assert_true(server_allows(&params, 1000, out, 3));
	assert_true(server_allows(&params, 1001, out, 3));
	assert_true(server_allows(&params, 2000, in, 3));
	assert_false(server_allows(&params, 2000, out, 3));
	assert_false(server_allows(&params, 2000, NULL, 0));
	assert_true(server_allows(&nobody, 0, NULL, 0));
	assert_false(server_allows(&nobody, 1000, in, 3));
	/* "no group" is not a group that somebody could be in. */
	assert_false(server_allows(&nobody, 1000, odd, 1));
}

static void test_socket_is_in_use(void **state)
{
	struct fixture *f = *state;
	struct server *second = NULL;

	start(f);
	assert_int_equal(server_new(f->event, &f->params, on_request, on_closed,
				    f, &second),
			 -EADDRINUSE);
	assert_null(second);
	/* The first one is as it was. */
	still_works(f);
}

static void test_stale_socket_is_replaced(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct fixture *f = *state;
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	memcpy(address.sun_path, f->path, strlen(f->path) + 1);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)),
			 0);
	close(fd);
	start(f);
	still_works(f);
}

static void test_directory_is_made(void **state)
{
	char path[PATH_MAX + 32];
	struct fixture *f = *state;
	struct stat st;

	snprintf(path, sizeof(path), "%s/run/sock", f->dir);
	memcpy(f->path, path, sizeof(f->path) - 1);
	start(f);
	still_works(f);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0666);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_request_and_reply),
		TEST(test_byte_by_byte),
		TEST(test_many_in_one),
		TEST(test_malformed),
		TEST(test_nul_and_depth),
		TEST(test_size_limit),
		TEST(test_endless_line),
		TEST(test_too_large_reply),
		TEST(test_peer_does_not_read),
		TEST(test_slow_reader_is_dropped),
		TEST(test_slow_writer_is_dropped),
		TEST(test_idle_is_dropped),
		TEST(test_kept_and_waiting_are_not),
		TEST(test_requests_wait_for_the_reply),
		TEST(test_peer_goes_while_waiting),
		TEST(test_half_closed),
		TEST(test_users_limit),
		TEST(test_doors),
		TEST(test_who_is_allowed),
		TEST(test_socket_is_in_use),
		TEST(test_stale_socket_is_replaced),
		TEST(test_directory_is_made),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
