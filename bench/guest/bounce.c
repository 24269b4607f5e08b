// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bounce - switch or suspend many times and print how long it took
 *
 * bounce switch SLOT N   switch to a slot and come back, N times
 * bounce mixed SLOT N    N times: suspend to RAM and be woken by the clock, then
 *                        switch to a slot and come back
 *
 * Taking turns, both are measured on the same machine in the same minute.
 *
 * Goes past switchd, straight to /dev/osti: what is measured is the switch.
 * With "switch" running in both OSes, each return of one is the request of the
 * other, so that one cycle is A -> B -> A and nothing else.
 *
 * Prints a JSON array for each cycle, in ticks of the architected counter:
 *   [total, slept, errno, [kind, 7 phase times relative to the start], ...]
 * where total is from before the request to the first instruction after it,
 * and the arrays are the phase records of the cycle, oldest first: two of a
 * switch (away and back), one of a suspend. Then "hz" and the frequency, and
 * "failures" and how many switches failed.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include <osti/abi.h>
#include <osti/ioctl.h>

#define MAX_CYCLES	2000
#define WAKE_AFTER_S	2
#define TRIES		3

struct cycle {
	uint64_t start, total;
	int error, nr_records;
	struct osti_ioc_phases record[2];
};

static struct cycle cycles[MAX_CYCLES];
static int osti, failures;

static void die(const char *what)
{
	fprintf(stderr, "bounce: %s: %s\n", what, strerror(errno));
	exit(1);
}

static uint64_t ticks(void)
{
	uint64_t value;

	__asm__ volatile("isb; mrs %0, cntvct_el0" : "=r"(value) : : "memory");
	return value;
}

static void get_records(struct cycle *c, int n)
{
	int i;

	for (i = 0; i < n; i++) {
		c->record[i].index = n - 1 - i;
		if (ioctl(osti, OSTI_GET_PHASES, &c->record[i]))
			die("OSTI_GET_PHASES");
	}
	c->nr_records = n;
}

static void mark_user(void)
{
	/* switchd may have been first: ESTALE. */
	if (ioctl(osti, OSTI_MARK_USER) && errno != ESTALE)
		die("OSTI_MARK_USER");
}

/* One that failed is repeated: the other side waits for it. */
static void switch_once(struct cycle *c, uint32_t slot)
{
	struct osti_ioc_switch sw = { .target = slot };
	int tries;

	c->start = ticks();
	for (tries = 0; tries < TRIES && ioctl(osti, OSTI_SWITCH, &sw); tries++) {
		c->error = errno;
		failures++;
	}
	c->total = ticks() - c->start;
	mark_user();
	if (!c->error)
		get_records(c, 2);
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		die(path);
	close(fd);
}

static void suspend_once(struct cycle *c)
{
	int fd = open("/sys/power/state", O_WRONLY);
	char wake[16];

	if (fd < 0)
		die("/sys/power/state");
	write_file("/sys/class/rtc/rtc0/wakealarm", "0");
	snprintf(wake, sizeof(wake), "+%d", WAKE_AFTER_S);
	write_file("/sys/class/rtc/rtc0/wakealarm", wake);
	c->start = ticks();
	c->error = write(fd, "mem", 3) < 0 ? errno : 0;
	c->total = ticks() - c->start;
	close(fd);
	mark_user();
	if (!c->error)
		get_records(c, 1);
}

static void print_cycle(const struct cycle *c)
{
	uint64_t slept = 0, time;
	int i, k;

	for (i = 0; i < c->nr_records; i++)
		slept += c->record[i].slept;
	printf("[%llu,%llu,%d", (unsigned long long)c->total,
	       (unsigned long long)slept, c->error);
	for (i = 0; i < c->nr_records; i++) {
		printf(",[%u", c->record[i].kind);
		for (k = 0; k < OSTI_PHASES; k++) {
			time = c->record[i].time[k];
			printf(",%lld", time ? (long long)(time - c->start) : -1);
		}
		printf("]");
	}
	printf("]\n");
}

int main(int argc, char **argv)
{
	struct osti_ioc_info info;
	bool mixed = false;
	int n = 0, slot = 0, i;

	if (argc == 4) {
		mixed = !strcmp(argv[1], "mixed");
		slot = atoi(argv[2]);
		n = atoi(argv[3]);
		if (mixed)
			n *= 2;
		else if (strcmp(argv[1], "switch"))
			n = 0;
	}
	if (n < 1 || n > MAX_CYCLES) {
		fprintf(stderr,
			"usage: bounce switch|mixed SLOT N (at most %d cycles)\n",
			MAX_CYCLES);
		return 2;
	}
	osti = open(OSTI_DEVICE_PATH, O_RDWR);
	if (osti < 0 || ioctl(osti, OSTI_GET_INFO, &info))
		die(OSTI_DEVICE_PATH);

	for (i = 0; i < n; i++) {
		if (mixed && i % 2 == 0)
			suspend_once(&cycles[i]);
		else
			switch_once(&cycles[i], slot);
	}
	for (i = 0; i < n; i++)
		print_cycle(&cycles[i]);
	printf("hz %llu\nfailures %d\n", (unsigned long long)info.counter_hz,
	       failures);
	return 0;
}
