// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * delay - a way to a server of this machine that is as long as one to a cloud
 *
 * delay MS PORT   what is sent to and fro takes half of MS each; the server is
 *                 at PORT of 127.0.0.1
 *
 * Prints the port at which it listens, and runs until it is killed. A connection
 * holds as many bytes each way as Linux lets a socket have.
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define WAYS_MAX	256	/* two for each connection */
#define BLOCK		65536
#define HELD_MAX	(4 << 20)

struct block {
	struct block *next;
	double due;
	size_t at, n;
	char bytes[BLOCK];
};

/* One direction of a connection; the other one is its neighbour. */
struct way {
	int from, to;
	struct block *first, **last;
	size_t held;
	bool ended;	/* nothing more comes */
	bool closed;	/* and all of it was passed on */
};

static struct way ways[WAYS_MAX];
static int nr_ways;
static double delay_ms;
static int server_port;

static void die(const char *what)
{
	fprintf(stderr, "delay: %s: %s\n", what, strerror(errno));
	exit(1);
}

static double now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1e3 + ts.tv_nsec / 1e6;
}

static struct sockaddr_in address(int port)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
}

static int listen_here(void)
{
	struct sockaddr_in a = address(0);
	socklen_t n = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&a, n) || listen(fd, 128) ||
	    getsockname(fd, (struct sockaddr *)&a, &n))
		die("listen");
	printf("%d\n", ntohs(a.sin_port));
	fflush(stdout);
	return fd;
}

static void add_way(int from, int to)
{
	struct way *w = &ways[nr_ways++];

	memset(w, 0, sizeof(*w));
	w->from = from;
	w->to = to;
	w->last = &w->first;
}

static void take_connection(int listener)
{
	struct sockaddr_in a = address(server_port);
	int client, server, one = 1;

	client = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (client < 0)
		return;
	server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (server < 0 || nr_ways + 2 > WAYS_MAX ||
	    connect(server, (struct sockaddr *)&a, sizeof(a)))
		die("one more connection");
	setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	add_way(client, server);
	add_way(server, client);
}

static void take_bytes(struct way *w)
{
	struct block *b = malloc(sizeof(*b));
	ssize_t n;

	if (!b)
		die("malloc");
	n = recv(w->from, b->bytes, sizeof(b->bytes), MSG_DONTWAIT);
	if (n <= 0) {
		free(b);
		w->ended = n == 0 || (errno != EAGAIN && errno != EINTR);
		return;
	}
	b->next = NULL;
	b->at = 0;
	b->n = (size_t)n;
	b->due = now_ms() + delay_ms / 2;
	*w->last = b;
	w->last = &b->next;
	w->held += b->n;
}

static void drop_block(struct way *w)
{
	struct block *b = w->first;

	w->first = b->next;
	if (!w->first)
		w->last = &w->first;
	w->held -= b->n;
	free(b);
}

static void give_bytes(struct way *w)
{
	struct block *b = w->first;
	ssize_t n = send(w->to, b->bytes + b->at, b->n - b->at,
			 MSG_DONTWAIT | MSG_NOSIGNAL);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n < 0) {
		while (w->first)
			drop_block(w);
		w->ended = true;
		return;
	}
	b->at += (size_t)n;
	if (b->at == b->n)
		drop_block(w);
}

static void close_ended(void)
{
	int i;

	for (i = 0; i < nr_ways; i++)
		if (ways[i].ended && !ways[i].first && !ways[i].closed) {
			shutdown(ways[i].to, SHUT_WR);
			ways[i].closed = true;
		}
	for (i = 0; i < nr_ways; i += 2) {
		if (!ways[i].closed || !ways[i + 1].closed)
			continue;
		close(ways[i].from);
		close(ways[i].to);
		nr_ways -= 2;
		ways[i] = ways[nr_ways];
		ways[i + 1] = ways[nr_ways + 1];
		/* The end of an empty list points into the way itself. */
		if (!ways[i].first)
			ways[i].last = &ways[i].first;
		if (!ways[i + 1].first)
			ways[i + 1].last = &ways[i + 1].first;
		i -= 2;
	}
}

/* How long until a block is due; -1 if there is none that waits for that. */
static double wait_ms(double now)
{
	double least = -1;
	int i;

	for (i = 0; i < nr_ways; i++) {
		double ms;

		if (!ways[i].first || ways[i].first->due <= now)
			continue;
		ms = ways[i].first->due - now;
		if (least < 0 || ms < least)
			least = ms;
	}
	return least;
}

static void step(int listener)
{
	struct pollfd fds[1 + 2 * WAYS_MAX];
	double now = now_ms(), ms = wait_ms(now);
	struct timespec ts = { .tv_sec = (time_t)(ms / 1e3) };
	int i, n = nr_ways;

	fds[0] = (struct pollfd){ .fd = listener, .events = POLLIN };
	for (i = 0; i < n; i++) {
		struct way *w = &ways[i];

		fds[1 + 2 * i] = (struct pollfd){
			.fd = w->ended || w->held >= HELD_MAX ? -1 : w->from,
			.events = POLLIN,
		};
		fds[2 + 2 * i] = (struct pollfd){
			.fd = w->first && w->first->due <= now ? w->to : -1,
			.events = POLLOUT,
		};
	}
	if (ms >= 0)
		ts.tv_nsec = (long)((ms - ts.tv_sec * 1e3) * 1e6);
	if (ppoll(fds, 1 + 2 * n, ms < 0 ? NULL : &ts, NULL) < 0)
		die("ppoll");
	for (i = 0; i < n; i++) {
		if (fds[1 + 2 * i].fd >= 0 && fds[1 + 2 * i].revents)
			take_bytes(&ways[i]);
		if (fds[2 + 2 * i].fd >= 0 && fds[2 + 2 * i].revents)
			give_bytes(&ways[i]);
	}
	close_ended();
	if (fds[0].revents)
		take_connection(listener);
}

int main(int argc, char **argv)
{
	int listener;

	if (argc != 3) {
		fprintf(stderr, "usage: delay MS PORT\n");
		return 2;
	}
	delay_ms = atof(argv[1]);
	server_port = atoi(argv[2]);
	listener = listen_here();
	for (;;)
		step(listener);
}
