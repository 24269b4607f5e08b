// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * stress - 30 switches while both OSes are busy, and nothing is lost
 *
 * In each OS: tests/e2e/guest/load.c on all CPUs, on the disk and with a
 * timer, a file whose checksum is known, and a web server. From the host a
 * thread fetches the file over and over from whoever runs. Connections break
 * at a switch; what arrives as a whole must be right.
 *
 * The network of "work" is in a namespace, as those of containers are. With
 * OSTI_TEST_ALL there are 2,000 switches.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "clock.h"
#include "fail.h"
#include "fixture.h"
#include "shell.h"

#define SWITCHES	30
#define ALL_SWITCHES	2000
#define BLOB_KIB	64
#define BLOB_BYTES	(BLOB_KIB * 1024)

/*
 * A server that was frozen is not waited for: the connection is given up, and
 * the next one reaches the OS that runs.
 */
#define SILENCE_MS	250

/* After hide_network(): in front of a command. */
#define IN_NETWORK	"nsenter -t $(cat /tmp/ns) -n "

/* What the thread of the host fetches, and how that goes. */
static struct {
	unsigned int port;
	atomic_bool stop;
	char blob[2][BLOB_BYTES];
	atomic_int good[2], broken, wrong;
} net;

/* A port that is free now; nothing else on this machine is told about it. */
static unsigned int free_port(void)
{
	struct sockaddr_in addr = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t len = sizeof(addr);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, len) ||
	    getsockname(fd, (struct sockaddr *)&addr, &len))
		test_fail("no free port on loopback: %s", strerror(errno));
	close(fd);
	return ntohs(addr.sin_port);
}

static int connect_device(void)
{
	struct sockaddr_in addr = {
		.sin_family = AF_INET, .sin_port = htons(net.port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	struct timeval limit = { .tv_usec = SILENCE_MS * 1000 };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	if (connect(fd, (struct sockaddr *)&addr, sizeof(addr))) {
		close(fd);
		return -1;
	}
	return fd;
}

/*
 * Fetch the file.
 * Return: whether all of it came, so that it must be right.
 */
static bool fetch(char *blob)
{
	static const char request[] = "GET /blob HTTP/1.0\r\n\r\n";
	static char reply[BLOB_BYTES + 4096];
	size_t len = 0;
	char *body;
	ssize_t n;
	int fd;

	fd = connect_device();
	if (fd < 0)
		return false;
	if (send(fd, request, strlen(request), MSG_NOSIGNAL) < 0) {
		close(fd);
		return false;
	}
	while (len < sizeof(reply) &&
	       (n = read(fd, reply + len, sizeof(reply) - len)) > 0)
		len += n;
	close(fd);
	body = memmem(reply, len, "\r\n\r\n", 4);
	if (!body || reply + len - (body + 4) != BLOB_BYTES)
		return false;
	memcpy(blob, body + 4, BLOB_BYTES);
	return true;
}

static void *fetch_thread(void *arg)
{
	static char blob[BLOB_BYTES];

	(void)arg;
	while (!net.stop) {
		if (!fetch(blob)) {
			net.broken++;
			/* Nobody listens: do not burn the CPU of the device. */
			poll(NULL, 0, 10);
		} else if (!memcmp(blob, net.blob[0], BLOB_BYTES)) {
			net.good[0]++;
		} else if (!memcmp(blob, net.blob[1], BLOB_BYTES)) {
			net.good[1]++;
		} else {
			net.wrong++;
		}
	}
	return NULL;
}

/* Wait until a whole file came, and keep it to compare with. */
static void fetch_reference(struct phone *ph, char *blob)
{
	double deadline = clock_deadline_ms(30000);

	while (!fetch(blob)) {
		device_follow(ph->dev);
		if (clock_now_ms() > deadline)
			device_fail(ph->dev, "the web server of %s sent no whole file within 30 s",
				    phone_name(ph->at));
	}
}

static char *checksum(struct phone *ph)
{
	/* Past the page cache: what is on the disk. */
	return shell_run(ph->dev, NULL,
			 "echo 3 >/proc/sys/vm/drop_caches; sha256sum /data/blob /data/big");
}

/* Move the network of the OS at the console into a namespace. */
static void hide_network(struct phone *ph)
{
	/* It lives as long as somebody is in it. */
	shell_do(ph->dev, "mkfifo /tmp/end && { unshare -n sh -c 'echo $$ >/tmp/ns.new; "
		 "mv /tmp/ns.new /tmp/ns; read line </tmp/end' & "
		 "while [ ! -e /tmp/ns ]; do usleep 1000; done; }");
	shell_do(ph->dev, "ip link set eth0 netns $(cat /tmp/ns) && " IN_NETWORK
		 "sh -c 'ip link set lo up && ip link set eth0 up && "
		 "ip addr add 10.0.2.15/24 dev eth0 && "
		 "ip route add default via 10.0.2.2'");
}

/* Make the OS at the console busy; return the checksums of its files. */
static char *make_busy(struct phone *ph, char *blob)
{
	shell_do(ph->dev, "dd if=/dev/urandom of=/data/blob bs=1k count=%d 2>/dev/null && "
		 "dd if=/dev/urandom of=/data/big bs=64k count=64 2>/dev/null && sync",
		 BLOB_KIB);
	shell_do(ph->dev, "%shttpd -p 8080 -h /data",
		 ph->at == WORK ? IN_NETWORK : "");
	fetch_reference(ph, blob);
	shell_do(ph->dev, "/data/load /data /tmp/load.result & echo $! >/tmp/load.pid");
	return checksum(ph);
}

static void check_busy(struct phone *ph, const char *sums)
{
	unsigned long cpu, disk, ticks, errors;
	char *text;

	text = checksum(ph);
	if (strcmp(text, sums))
		device_fail(ph->dev, "checksums of %s's files are\n%s\nexpected\n%s",
			    phone_name(ph->at), text, sums);
	free(text);
	shell_do(ph->dev, "kill $(cat /tmp/load.pid); "
		 "while [ ! -s /tmp/load.result ]; do usleep 50000; done");
	text = shell_run(ph->dev, NULL, "cat /tmp/load.result");
	if (sscanf(text, "cpu=%lu disk=%lu ticks=%lu errors=%lu", &cpu, &disk,
		   &ticks, &errors) != 4)
		device_fail(ph->dev, "load wrote \"%s\"", text);
	print_message("%s: %s\n", phone_name(ph->at), text);
	if (errors || !cpu || !disk || !ticks)
		device_fail(ph->dev, "the load in %s reports %s: expected no errors, and some of all else",
			    phone_name(ph->at), text);
	free(text);
}

static struct phone *get_phone(void)
{
	struct device_options opt = { .name = "stress", .files = steps_files() };

	if (!net.port)
		net.port = free_port();
	opt.forward = net.port;
	return fixture_phone(&opt);
}

/*
 * The load finds what is not quieted by chance only. This looks: in a switch
 * osti.ko alone calls the function.
 */
static void test_quiet_in_namespace(void **state)
{
	struct phone *ph = get_phone();

	(void)state;
	hide_network(ph);
	shell_do(ph->dev, "mount -t tracefs none /sys/kernel/tracing && "
		 "cd /sys/kernel/tracing && "
		 "echo 'p:quiet dev_deactivate name=+0($arg1):string' >kprobe_events && "
		 "echo 1 >events/kprobes/quiet/enable; cd /");
	phone_switch_key(ph, WORK);
	phone_switch_key(ph, PERSONAL);
	shell_do(ph->dev, "grep -q 'quiet: .*name=\"eth0\"' /sys/kernel/tracing/trace");
	/* And back at work: the host of QEMU's network answers. */
	shell_do(ph->dev, IN_NETWORK "ping -c 1 10.0.2.2");
	/* Not fixture_pass(): its network stays where it is. */
}

static void test_switches_under_load(void **state)
{
	int times = fixture_all() ? ALL_SWITCHES : SWITCHES;
	struct vault v[2];
	struct phone *ph;
	pthread_t thread;
	char *sums[2];
	double start;
	int i, to;

	(void)state;
	ph = get_phone();
	for (i = 0; i < 2; i++) {
		fixture_at(ph, i ? WORK : PERSONAL);
		steps_vault_start(ph, &v[i]);
		if (i)
			hide_network(ph);
		sums[i] = make_busy(ph, net.blob[i]);
	}
	assert_memory_not_equal(net.blob[0], net.blob[1], BLOB_BYTES);
	assert_int_equal(pthread_create(&thread, NULL, fetch_thread, NULL), 0);

	start = clock_now_ms();
	for (i = 0; i < times; i++) {
		to = ph->at == WORK ? PERSONAL : WORK;
		if (i % 4 < 2)
			phone_key(ph, to);
		else
			phone_command(ph, to);
		/* A person goes on typing while devices are being suspended. */
		device_press(ph->dev, "a");
		phone_back(ph, to);
		if (i % 10 == 9)
			steps_vault_check(ph, &v[ph->at == WORK]);
	}
	print_message("%d switches in %.1f s\n", times,
		      (clock_now_ms() - start) / 1000);
	net.stop = true;
	pthread_join(thread, NULL);

	for (i = 0; i < 2; i++) {
		fixture_at(ph, i ? WORK : PERSONAL);
		steps_vault_check(ph, &v[i]);
		check_busy(ph, sums[i]);
		free(sums[i]);
	}
	print_message("fetched %d + %d files, %d connections broke, %d wrong\n",
		      net.good[0], net.good[1], net.broken, net.wrong);
	assert_int_equal(net.wrong, 0);
	assert_true(net.good[0] > 0 && net.good[1] > 0);
	fixture_at(ph, PERSONAL);
	fixture_pass(ph);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quiet_in_namespace),
		cmocka_unit_test(test_switches_under_load),
	};
	int ret;

	fixture_begin();
	ret = cmocka_run_group_tests(tests, NULL, NULL);
	fixture_end();
	return ret;
}
