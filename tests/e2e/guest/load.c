// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * load - keep an OS busy and notice when it loses something
 *
 * load DIR RESULT
 *
 * Until SIGTERM: an integer and a floating-point computation on every CPU,
 * each of which must give the same answer every time; a file in DIR that is
 * written, synced and read back past the page cache; a periodic timer whose
 * expirations must add up to the time that passed. Then writes one line of
 * numbers to RESULT and exits with 0 if nothing was lost, else 1.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS		400000
#define FILE_BYTES	(256 * 1024)
#define TICK_NS		20000000ULL

static atomic_bool stop;
static atomic_ulong cpu_rounds, disk_rounds, ticks, errors;
static uint64_t want_int;
static double want_fp[8];
static const char *dir;

static uint64_t compute_int(void)
{
	uint64_t x = 0x9e3779b97f4a7c15ULL, sum = 0;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		sum += x;
	}
	return sum;
}

/* Eight running sums stay in vector registers all the time. */
static void compute_fp(double *out)
{
	double s[8] = { 0 };
	int i, k;

	for (i = 1; i < ROUNDS / 8; i++)
		for (k = 0; k < 8; k++)
			s[k] += 1.0 / ((double)i * i + k);
	memcpy(out, s, sizeof(s));
}

static void *cpu_thread(void *arg)
{
	double fp[8];

	(void)arg;
	while (!stop) {
		if (compute_int() != want_int)
			errors++;
		compute_fp(fp);
		if (memcmp(fp, want_fp, sizeof(fp)))
			errors++;
		cpu_rounds++;
	}
	return NULL;
}

static void fill(uint64_t *buf, uint64_t seed)
{
	size_t i;

	for (i = 0; i < FILE_BYTES / sizeof(*buf); i++) {
		seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
		buf[i] = seed;
	}
}

static bool disk_round(const char *path, uint64_t *buf, uint64_t *back,
		       uint64_t seed)
{
	int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0600);
	bool ok;

	if (fd < 0)
		return false;
	fill(buf, seed);
	ok = write(fd, buf, FILE_BYTES) == FILE_BYTES && !fsync(fd);
	close(fd);
	fd = open(path, O_RDONLY | O_DIRECT);
	if (fd < 0)
		return false;
	memset(back, 0, FILE_BYTES);
	ok = ok && read(fd, back, FILE_BYTES) == FILE_BYTES &&
		!memcmp(buf, back, FILE_BYTES);
	close(fd);
	return ok;
}

static void *disk_thread(void *arg)
{
	uint64_t *buf = aligned_alloc(4096, FILE_BYTES);
	uint64_t *back = aligned_alloc(4096, FILE_BYTES);
	uint64_t seed = 1;
	char path[256];

	(void)arg;
	snprintf(path, sizeof(path), "%s/load.tmp", dir);
	if (!buf || !back) {
		errors++;
		return NULL;
	}
	while (!stop) {
		if (disk_round(path, buf, back, seed++))
			disk_rounds++;
		else
			errors++;
	}
	unlink(path);
	return NULL;
}

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

static void *timer_thread(void *arg)
{
	struct itimerspec its = {
		.it_interval.tv_nsec = TICK_NS, .it_value.tv_nsec = TICK_NS,
	};
	int fd = timerfd_create(CLOCK_MONOTONIC, 0);
	uint64_t start = now_ns(), n, expected;

	(void)arg;
	if (fd < 0 || timerfd_settime(fd, 0, &its, NULL)) {
		errors++;
		return NULL;
	}
	while (!stop) {
		if (read(fd, &n, sizeof(n)) != sizeof(n)) {
			errors++;
			break;
		}
		ticks += n;
	}
	/* The clock stands still while the OS is frozen; so does the timer. */
	expected = (now_ns() - start) / TICK_NS;
	if (ticks + 1 < expected || ticks > expected + 1)
		errors++;
	close(fd);
	return NULL;
}

int main(int argc, char **argv)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN), i, n = 0;
	pthread_t thread[16];
	sigset_t set;
	FILE *out;
	int sig;

	if (argc != 3 || cpus > 8) {
		fprintf(stderr, "usage: load DIR RESULT (at most 8 CPUs)\n");
		return 2;
	}
	dir = argv[1];
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	want_int = compute_int();
	compute_fp(want_fp);

	for (i = 0; i < cpus; i++)
		pthread_create(&thread[n++], NULL, cpu_thread, NULL);
	pthread_create(&thread[n++], NULL, disk_thread, NULL);
	pthread_create(&thread[n++], NULL, timer_thread, NULL);
	sigwait(&set, &sig);
	stop = true;
	for (i = 0; i < n; i++)
		pthread_join(thread[i], NULL);

	out = fopen(argv[2], "w");
	if (!out) {
		perror("load: result file");
		return 1;
	}
	fprintf(out, "cpu=%lu disk=%lu ticks=%lu errors=%lu\n", cpu_rounds,
		disk_rounds, ticks, errors);
	if (fclose(out))
		return 1;
	return errors != 0;
}
