// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cut.c - power goes away at every write to the store and to NV flash
 */
#define _GNU_SOURCE

#include "cut.h"

#include <setjmp.h>
#include <stdarg.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "arch.h"
#include "board.h"
#include "host_flash.h"

#include "disk_model.h"

#define DEADLINE_S	300
#define MOST_STATES	16384

/* Commands of two cycles, for both chips of the flash */
#define ERASE		0x00200020
#define PROGRAM		0x00400040

/* What all processes see. */
static struct shared {
	struct cut_left left;
	uint8_t flash[HOST_FLASH_BYTES];
	uint8_t medium[DISK_BYTES];
} *shared;

struct cut_left *cut_left;

static bool may_go;
/* The device asks by one, and is answered by the other. */
static int ask[2], answer[2];

/* ---- The device -------------------------------------------------------------- */

/* Power is gone: flash and medium have what is in shared. */
static void gone(void)
{
	char c = 0;

	if (write(ask[1], &c, 1) != 1 || read(answer[0], &c, 1) != 1)
		_exit(1);
}

static void copy_sector(const uint8_t from[DISK_BYTES], uint64_t sector)
{
	memcpy(&shared->medium[sector * DISK_SECTOR],
	       &from[sector * DISK_SECTOR], DISK_SECTOR);
}

static uint64_t next_random(void)
{
	static uint64_t random = 0x9e3779b97f4a7c15;

	random ^= random << 13;
	random ^= random >> 7;
	random ^= random << 17;
	return random;
}

/* Which of the cached sectors have reached the medium */
enum order {
	ALL,
	NONE,
	TORN,		/* of the last write so many, and all before it */
	TORN_END,	/* of the last write all but so many, and all before it */
	LAST,		/* the last write, and none before it */
	BUT_LAST,
	ANY,		/* by chance */
};

static bool reached(enum order order, uint64_t sector, uint64_t first,
		    uint64_t count, uint64_t torn)
{
	const bool last = sector >= first && sector < first + count;

	switch (order) {
	case ALL:
		return true;
	case NONE:
		return false;
	case TORN:
		return !last || sector < first + torn;
	case TORN_END:
		return !last || sector >= first + torn;
	case LAST:
		return last;
	case BUT_LAST:
		return !last;
	default:
		return next_random() & 1;
	}
}

/* Of the disk shared has what is on the medium, but for this moment. */
static void cut_disk(enum order order, uint64_t first, uint64_t count,
		     uint64_t torn)
{
	uint64_t i;

	for (i = 0; i < DISK_SECTORS; i++)
		if (disk.cached[i] && reached(order, i, first, count, torn))
			copy_sector(disk.now, i);
	memcpy(shared->flash, host_flash.data, sizeof(shared->flash));
	gone();
	for (i = 0; i < DISK_SECTORS; i++)
		if (disk.cached[i])
			copy_sector(disk.medium, i);
}

/* Where a write of so many sectors is torn: everywhere, if it is a small one. */
static uint64_t tear_after(uint64_t torn, uint64_t count)
{
	return count <= 8 ? torn + 1 : torn + count / 3;
}

static void at_disk(uint64_t first, uint64_t count)
{
	uint64_t torn;

	if (!may_go)
		return;
	if (!count) {
		memcpy(shared->medium, disk.medium, DISK_BYTES);
		cut_disk(NONE, 0, 0, 0);
		return;
	}
	cut_disk(NONE, first, count, 0);
	for (torn = tear_after(0, count); torn < count;
	     torn = tear_after(torn, count)) {
		cut_disk(TORN, first, count, torn);
		cut_disk(TORN_END, first, count, torn);
	}
	cut_disk(LAST, first, count, 0);
	cut_disk(BUT_LAST, first, count, 0);
	cut_disk(ANY, first, count, 0);
	cut_disk(ALL, first, count, 0);
}

static jmp_buf back;

static void at_flash_cut(void)
{
	cut_disk(NONE, 0, 0, 0);
	cut_disk(ALL, 0, 0, 0);
	longjmp(back, 1);
}

void __real_arch_write32(pa_t addr, uint32_t val);
void __wrap_arch_write32(pa_t addr, uint32_t val);

/* Power goes in the middle of this write to flash; then it is as it was. */
static void cut_flash(pa_t addr, uint32_t val, uint64_t seed)
{
	static struct host_flash before;

	before = host_flash;
	host_flash.cut_at = host_flash.writes + 1;
	host_flash.cut_seed = seed;
	host_flash.cut_hook = at_flash_cut;
	if (!setjmp(back))
		__real_arch_write32(addr, val);
	host_flash = before;
}

void __wrap_arch_write32(pa_t addr, uint32_t val)
{
	static bool second;
	const uint64_t at = pa_value(addr);
	const bool flash = at >= BOARD_NV_BASE &&
			   at - BOARD_NV_BASE < BOARD_NV_SIZE;

	/* The second cycle of a command does it. */
	if (flash && second && may_go)
		cut_flash(addr, val, next_random());
	if (flash)
		second = !second && (val == PROGRAM || val == ERASE);
	__real_arch_write32(addr, val);
}

void cut_begin(const char *doing)
{
	snprintf(cut_left->doing, sizeof(cut_left->doing), "%s", doing);
	may_go = true;
	disk_hook = at_disk;
	at_disk(0, 0);
}

void cut_end(void)
{
	if (may_go)
		at_disk(0, 0);
	may_go = false;
}

/* ---- Processes ---------------------------------------------------------------- */

/* What it prints is of interest only if it fails. */
static pid_t start(void (*what)(void), FILE *log)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	alarm(DEADLINE_S);
	dup2(fileno(log), STDOUT_FILENO);
	dup2(fileno(log), STDERR_FILENO);
	/* No test runs here: who fails ends. */
	setenv("CMOCKA_TEST_ABORT", "1", 1);
	what();
	fflush(stdout);
	_exit(0);
}

static bool ended_well(pid_t pid)
{
	int status;

	return waitpid(pid, &status, 0) == pid && !status;
}

static void show(FILE *log)
{
	char line[512];

	fflush(stdout);
	rewind(log);
	while (fgets(line, sizeof(line), log))
		fputs(line, stderr);
}

static void (*lives)(void);
static void (*checks)(void);

/* Nobody answers when the others have closed their ends. */
static void live(void)
{
	close(ask[0]);
	close(answer[1]);
	lives();
}

static void power_on(void)
{
	rig_power_on(shared->flash, shared->medium);
	checks();
}

/* Was that seen before? Many cuts leave the same. */
static bool is_new(void)
{
	static uint64_t states[MOST_STATES];
	static unsigned int nr;
	const uint64_t *word = (const uint64_t *)shared->flash;
	uint64_t hash = 0xcbf29ce484222325;
	unsigned int i;

	for (i = 0; i < (sizeof(shared->flash) + DISK_BYTES) / 8; i++)
		hash = (hash ^ word[i]) * 0x100000001b3 ^ hash >> 29;
	for (i = 0; i < sizeof(shared->left.may) / 4; i++)
		hash = (hash ^ shared->left.may[i]) * 0x100000001b3;
	for (i = 0; i < nr; i++)
		if (states[i] == hash)
			return false;
	assert_true(nr < MOST_STATES);
	states[nr++] = hash;
	return true;
}

/* Return: false: a power-on has failed */
static bool serve(unsigned int *cuts, unsigned int *tried)
{
	FILE *log;
	bool good;
	char c;

	while (read(ask[0], &c, 1) == 1) {
		++*cuts;
		if (is_new()) {
			log = tmpfile();
			assert_non_null(log);
			++*tried;
			good = ended_well(start(power_on, log));
			if (!good)
				show(log);
			fclose(log);
			if (!good)
				return false;
		}
		assert_int_equal(write(answer[1], &c, 1), 1);
	}
	return true;
}

void cut_try(void (*life)(void), void (*check)(void))
{
	unsigned int cuts = 0, tried = 0;
	FILE *log = tmpfile();
	bool good;
	pid_t pid;

	assert_non_null(log);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(shared != MAP_FAILED);
	cut_left = &shared->left;
	checks = check;
	assert_int_equal(pipe2(ask, O_CLOEXEC) | pipe2(answer, O_CLOEXEC), 0);
	rig_prepare();
	lives = life;
	pid = start(live, log);
	close(ask[1]);
	close(answer[0]);
	good = serve(&cuts, &tried);
	/* A device that waits for its answer ends without one. */
	close(ask[0]);
	close(answer[1]);
	if (!ended_well(pid) && good) {
		show(log);
		fail_msg("the device, %s", cut_left->doing);
	}
	if (!good)
		fail_msg("power-on after a cut, %s", cut_left->doing);
	fclose(log);
	print_message("%u cuts, %u of them left something new\n", cuts, tried);
	munmap(shared, sizeof(*shared));
}
