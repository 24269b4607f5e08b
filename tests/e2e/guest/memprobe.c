// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * memprobe - try to read physical addresses that this OS should not reach
 *
 * memprobe FROM TO STEP
 *
 * Reads 8 bytes at each STEP of [FROM, TO) through /dev/mem and counts how it
 * went: "read" (the bytes came), "fault" (the bus answered with an error) and
 * "denied" (the kernel would not even map it). The first addresses that could
 * be read are printed with their content. Exits with 0 if it could try all.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define MAX_SHOWN	8

static sigjmp_buf fault;

static void on_fault(int sig)
{
	siglongjmp(fault, sig);
}

/* Read 8 bytes; false if the bus answered with an error. */
static bool probe(volatile uint64_t *at, uint64_t *value)
{
	if (sigsetjmp(fault, 1))
		return false;
	*value = *at;
	return true;
}

int main(int argc, char **argv)
{
	unsigned long long from, to, step, at;
	unsigned long long tried = 0, got = 0, faults = 0, denied = 0;
	long page = sysconf(_SC_PAGESIZE);
	struct sigaction sa = { .sa_handler = on_fault };
	uint64_t value;
	void *p;
	int fd;

	if (argc != 4) {
		fprintf(stderr, "usage: memprobe FROM TO STEP\n");
		return 2;
	}
	from = strtoull(argv[1], NULL, 0);
	to = strtoull(argv[2], NULL, 0);
	step = strtoull(argv[3], NULL, 0);
	if (from % page || step % page || !step) {
		fprintf(stderr, "memprobe: FROM and STEP must be whole pages\n");
		return 2;
	}
	fd = open("/dev/mem", O_RDONLY | O_SYNC);
	if (fd < 0) {
		perror("memprobe: /dev/mem");
		return 2;
	}
	sigaction(SIGBUS, &sa, NULL);
	sigaction(SIGSEGV, &sa, NULL);

	for (at = from; at < to; at += step) {
		tried++;
		p = mmap(NULL, page, PROT_READ, MAP_SHARED, fd, at);
		if (p == MAP_FAILED) {
			denied++;
			continue;
		}
		if (!probe(p, &value))
			faults++;
		else if (got++ < MAX_SHOWN)
			printf("0x%llx: 0x%016llx\n", at,
			       (unsigned long long)value);
		munmap(p, page);
	}
	printf("tried=%llu read=%llu fault=%llu denied=%llu\n", tried, got,
	       faults, denied);
	return 0;
}
