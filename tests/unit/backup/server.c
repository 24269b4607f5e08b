// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * server.c - an HTTP server on this machine that answers as it is told
 */
#include "server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define ANSWERS 128
#define CONNECTIONS 256

struct answer {
	enum server_how how;
	char *text; /* head and body */
	size_t bytes;
	size_t head;
};

struct server {
	int fd;
	unsigned int port;
	int stop[2]; /* readable at its end: closed when all must end */
	pthread_t listener;
	pthread_mutex_t lock;
	pthread_cond_t came;
	struct answer answers[ANSWERS];
	unsigned int told;
	unsigned int given;
	struct server_request requests[SERVER_REQUESTS];
	unsigned int count;
	pthread_t workers[CONNECTIONS];
	unsigned int nr_workers;
};

struct worker {
	struct server *server;
	int fd;
	unsigned int connection;
};

/* Not in a thread of the test: cmocka could not stop it there. */
static void must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "test server: %s: %s\n", what, strerror(errno));
	abort();
}

/* Return: false when the server must end. */
static bool wait_readable(struct server *server, int fd)
{
	struct pollfd fds[2] = { { .fd = fd, .events = POLLIN },
				 { .fd = server->stop[0], .events = POLLIN } };

	while (poll(fds, 2, -1) < 0)
		must(errno == EINTR, "poll");
	return !fds[1].revents;
}

/* One byte after the other is slow and simple. */
static bool read_head(struct worker *w, char *head, size_t room)
{
	size_t n = 0;

	do {
		if (n + 1 == room || !wait_readable(w->server, w->fd) ||
		    recv(w->fd, head + n, 1, 0) != 1)
			return false;
		head[++n] = '\0';
	} while (n < 4 || strcmp(head + n - 4, "\r\n\r\n") != 0);
	return true;
}

static const char *find(const char *head, const char *name)
{
	const char *line = head;
	size_t n = strlen(name);

	while ((line = strstr(line, "\r\n"))) {
		line += 2;
		if (!strncasecmp(line, name, n) && line[n] == ':')
			return line + n + 1 + strspn(line + n + 1, " ");
	}
	return NULL;
}

static bool read_body(struct worker *w, struct server_request *r)
{
	const char *length = find(r->head, "Content-Length");
	size_t n = 0;
	ssize_t got;

	r->body_bytes = length ? strtoul(length, NULL, 10) : 0;
	r->body = malloc(r->body_bytes + 1);
	must(r->body, "malloc");
	r->body[r->body_bytes] = '\0';
	while (n < r->body_bytes) {
		if (!wait_readable(w->server, w->fd))
			return false;
		got = recv(w->fd, r->body + n, r->body_bytes - n, 0);
		if (got <= 0)
			return false;
		n += got;
	}
	return true;
}

/* Keeps the request and takes its answer; NULL: there is none. */
static struct answer *keep(struct worker *w, const struct server_request *r)
{
	struct server *s = w->server;
	struct answer *answer = NULL;

	pthread_mutex_lock(&s->lock);
	must(s->count < SERVER_REQUESTS, "too many requests");
	s->requests[s->count] = *r;
	s->requests[s->count++].connection = w->connection;
	if (s->given < s->told)
		answer = &s->answers[s->given++];
	pthread_cond_broadcast(&s->came);
	pthread_mutex_unlock(&s->lock);
	return answer;
}

static bool send_all(int fd, const char *text, size_t n)
{
	while (n) {
		ssize_t sent = send(fd, text, n, MSG_NOSIGNAL);

		if (sent <= 0)
			return false;
		text += sent;
		n -= sent;
	}
	return true;
}

static void reset(int fd)
{
	const struct linger linger = { .l_onoff = 1 };

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
}

/* Return: is the connection still good? */
static bool give(struct worker *w, const struct answer *answer)
{
	static const char none[] =
		"HTTP/1.1 400 Not told\r\nContent-Length: 0\r\n\r\n";

	if (!answer)
		return send_all(w->fd, none, strlen(none));
	switch (answer->how) {
	case SERVER_ANSWER:
		return send_all(w->fd, answer->text, answer->bytes);
	case SERVER_CUT:
		send_all(w->fd, answer->text,
			 answer->head + (answer->bytes - answer->head) / 2);
		return false;
	case SERVER_RESET:
		reset(w->fd);
		return false;
	case SERVER_STALL:
		wait_readable(w->server, w->server->stop[0]);
		return false;
	default:
		return false;
	}
}

static void *work(void *data)
{
	struct worker *w = data;
	struct server_request r;
	bool good = true;

	while (good) {
		memset(&r, 0, sizeof(r));
		if (!read_head(w, r.head, sizeof(r.head)))
			break;
		if (!read_body(w, &r)) {
			free(r.body);
			break;
		}
		good = give(w, keep(w, &r));
	}
	close(w->fd);
	free(w);
	return NULL;
}

static void *serve(void *data)
{
	struct server *s = data;

	while (wait_readable(s, s->fd)) {
		struct worker *w = calloc(1, sizeof(*w));

		must(w && s->nr_workers < CONNECTIONS, "too many connections");
		w->server = s;
		w->connection = s->nr_workers;
		w->fd = accept4(s->fd, NULL, NULL, SOCK_CLOEXEC);
		must(w->fd >= 0, "accept");
		must(!pthread_create(&s->workers[s->nr_workers++], NULL, work,
				     w),
		     "pthread_create");
	}
	return NULL;
}

struct server *server_start(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t n = sizeof(address);
	struct server *s = calloc(1, sizeof(*s));

	assert_non_null(s);
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->came, NULL);
	assert_int_equal(pipe(s->stop), 0);
	s->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(s->fd, (struct sockaddr *)&address, n), 0);
	assert_int_equal(listen(s->fd, 64), 0);
	assert_int_equal(getsockname(s->fd, (struct sockaddr *)&address, &n),
			 0);
	s->port = ntohs(address.sin_port);
	assert_int_equal(pthread_create(&s->listener, NULL, serve, s), 0);
	return s;
}

void server_stop(struct server *s)
{
	unsigned int i;

	close(s->stop[1]);
	pthread_join(s->listener, NULL);
	for (i = 0; i < s->nr_workers; i++)
		pthread_join(s->workers[i], NULL);
	for (i = 0; i < s->told; i++)
		free(s->answers[i].text);
	for (i = 0; i < s->count; i++)
		free(s->requests[i].body);
	close(s->stop[0]);
	close(s->fd);
	free(s);
}

unsigned int server_port(const struct server *s)
{
	return s->port;
}

void server_tell(struct server *s, enum server_how how, const char *status,
		 const char *headers, const char *body, size_t body_bytes)
{
	struct answer *answer = &s->answers[s->told];
	int n;

	assert_true(s->told < ANSWERS);
	answer->how = how;
	answer->text = malloc(4096 + body_bytes);
	assert_non_null(answer->text);
	n = snprintf(answer->text, 4096,
		     "HTTP/1.1 %s\r\n%sContent-Length: %zu\r\n\r\n", status,
		     headers, body_bytes);
	assert_true(n < 4096);
	if (body_bytes)
		memcpy(answer->text + n, body, body_bytes);
	answer->head = n;
	answer->bytes = n + body_bytes;
	pthread_mutex_lock(&s->lock);
	s->told++;
	pthread_mutex_unlock(&s->lock);
}

void server_tells(struct server *s, const char *status, const char *headers,
		  const char *body)
{
	server_tell(s, SERVER_ANSWER, status, headers, body, strlen(body));
}

unsigned int server_count(struct server *s)
{
	unsigned int ret;

	pthread_mutex_lock(&s->lock);
	ret = s->count;
	pthread_mutex_unlock(&s->lock);
	return ret;
}

void server_wait(struct server *s, unsigned int count)
{
	struct timespec end;

	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += HELPER_DEADLINE_MS / 1000;
	pthread_mutex_lock(&s->lock);
	while (s->count < count)
		if (pthread_cond_timedwait(&s->came, &s->lock, &end))
			break;
	pthread_mutex_unlock(&s->lock);
	assert_true(server_count(s) >= count);
}

const struct server_request *server_request(struct server *s, unsigned int nr)
{
	assert_true(nr < server_count(s));
	return &s->requests[nr];
}

void server_header(struct server *s, unsigned int nr, const char *name,
		   char value[1024])
{
	const char *found = find(server_request(s, nr)->head, name);

	value[0] = '\0';
	if (found)
		snprintf(value, 1024, "%.*s", (int)strcspn(found, "\r"), found);
}
