// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * osti-nv - make and show a device's NV flash (docs/nv-format.md)
 *
 * Reads by the monitor's own code; cfi_read() below stands for the flash.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <osti/image.h>

#include "board.h"
#include "cfi.h"
#include "image_crypto.h"
#include "image_keys.h"
#include "log.h"
#include "nv_log.h"

enum status {
	DONE	= 0,
	REFUSED	= 1,	/* what is in the file is not good */
	USAGE	= 2,
	FAILED	= 3,	/* of the system */
};

/* The sectors that are in use; the rest of the flash is a hole in the file. */
static uint8_t flash[NV_SECTORS * BOARD_NV_SECTOR];

static const char usage[] =
	"usage: osti-nv create FILE   make the NV flash of a new device\n"
	"       osti-nv show FILE     show whose it is and what is stored\n";

/* ---- What the monitor's code calls --------------------------------------- */

void cfi_read(uint32_t offset, void *buf, size_t bytes)
{
	memcpy(buf, &flash[offset], bytes);
}

static void say(const char *fmt, va_list args)
{
	fputs("osti-nv: ", stderr);
	vfprintf(stderr, fmt, args);
	fputc('\n', stderr);
}

void log_printf(int level, const char *fmt, ...)
{
	va_list args;

	(void)level;
	va_start(args, fmt);
	say(fmt, args);
	va_end(args);
}

void panic(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say(fmt, args);
	va_end(args);
	abort();
}

/* ---- create -------------------------------------------------------------- */

static enum status fail(const char *path, const char *what)
{
	fprintf(stderr, "osti-nv: %s: %s: %s\n", path, what, strerror(errno));
	return FAILED;
}

static int make_key(uint8_t key[NV_KEY_BYTES])
{
	size_t done = 0;

	while (done < NV_KEY_BYTES) {
		ssize_t n = getrandom(key + done, NV_KEY_BYTES - done, 0);

		if (n < 0 && errno != EINTR)
			return -1;
		if (n > 0)
			done += n;
	}
	return 0;
}

static void format(const uint8_t key[NV_KEY_BYTES])
{
	static const struct nv_entry header = { .epoch = NV_FIRST_EPOCH };
	uint8_t log_key[NV_KEY_BYTES];
	uint8_t *log = &flash[nv_format_offset(NV_FIRST_EPOCH, 0)];

	memset(flash, 0xff, sizeof(flash));
	nv_format_root(flash, key);
	nv_format_log_key(key, log_key);
	nv_format_entry(log_key, &header, log);
	memset(log + NV_SEAL_AT, 0, NV_SEAL_BYTES);
	image_crypto_wipe(log_key, sizeof(log_key));
}

static int write_all(int fd, const uint8_t *from, size_t bytes, off_t at)
{
	while (bytes) {
		ssize_t n = pwrite(fd, from, bytes, at);

		if (n < 0 && errno != EINTR)
			return -1;
		if (n > 0) {
			from += n;
			bytes -= n;
			at += n;
		}
	}
	return 0;
}

/* The root key's sector last: without it the file is no device's flash. */
static int write_flash(int fd)
{
	const size_t first = BOARD_NV_SECTOR;

	if (ftruncate(fd, BOARD_NV_SIZE) ||
	    write_all(fd, flash + first, sizeof(flash) - first, first) ||
	    fsync(fd) || write_all(fd, flash, first, 0) || fsync(fd))
		return -1;
	return 0;
}

static enum status create(const char *path)
{
	enum status status = DONE;
	uint8_t key[NV_KEY_BYTES];
	int fd;

	if (make_key(key))
		return fail(path, "no random key");
	format(key);
	image_crypto_wipe(key, sizeof(key));
	/* A key that is overwritten takes all images of its device with it. */
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0) {
		status = fail(path, errno == EEXIST ?
			      "not overwritten; remove it if its images may be lost" :
			      "cannot create it");
	} else {
		if (write_flash(fd))
			status = fail(path, "cannot write it");
		if (close(fd) && !status)
			status = fail(path, "cannot close it");
		if (status)
			unlink(path);
	}
	image_crypto_wipe(flash, sizeof(flash));
	return status;
}

/* ---- show ---------------------------------------------------------------- */

static enum status load(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	enum status status = DONE;
	size_t done = 0;
	struct stat st;

	if (fd < 0)
		return fail(path, "cannot open it");
	if (fstat(fd, &st)) {
		status = fail(path, "cannot look at it");
	} else if (!S_ISREG(st.st_mode) || st.st_size != BOARD_NV_SIZE) {
		fprintf(stderr, "osti-nv: %s: not a file of %lu bytes, so not an NV flash\n",
			path, BOARD_NV_SIZE);
		status = REFUSED;
	}
	while (!status && done < sizeof(flash)) {
		ssize_t n = read(fd, flash + done, sizeof(flash) - done);

		if (n < 0 && errno != EINTR) {
			status = fail(path, "cannot read it");
		} else if (n == 0) {
			fprintf(stderr, "osti-nv: %s: got shorter while it was read\n",
				path);
			status = FAILED;
		} else if (n > 0) {
			done += n;
		}
	}
	close(fd);
	return status;
}

static void print(const struct nv_log *log)
{
	static const char * const names[] = {
		[NV_STORED] = "stored",
		[NV_CONSUMED] = "consumed",
		[NV_BEGUN] = "begun",
	};
	uint8_t device[OSTI_IMAGE_DEVICE];
	unsigned int i;

	image_keys_device(log->root_key, device);
	printf("device   ");
	for (i = 0; i < sizeof(device); i++)
		printf("%02x", device[i]);
	printf("\nlog      epoch %llu, %u of %d entries\n",
	       (unsigned long long)log->epoch, log->next, NV_ENTRIES);
	for (i = 1; i <= NV_SLOTS; i++) {
		if (log->slot[i].state != NV_NONE)
			printf("slot %u   generation %llu %s\n", i,
			       (unsigned long long)log->slot[i].generation,
			       names[log->slot[i].state]);
		if (log->slot[i].floor)
			printf("slot %u   least version %llu\n", i,
			       (unsigned long long)log->slot[i].floor);
		if (log->slot[i].has_clock)
			printf("slot %u   clock %+lld s\n", i,
			       (long long)(int64_t)log->slot[i].clock);
	}
}

static enum status show(const char *path)
{
	enum status status = load(path);
	struct nv_log log;
	int err;

	if (status)
		return status;
	err = nv_log_replay(&log);
	if (err) {
		fprintf(stderr, "osti-nv: %s: %s\n", path,
			nv_format_error(err));
		status = REFUSED;
	} else {
		print(&log);
	}
	image_crypto_wipe(&log, sizeof(log));
	image_crypto_wipe(flash, sizeof(flash));
	if (!status && (fflush(stdout) || ferror(stdout)))
		status = fail("standard output", "cannot write");
	return status;
}

int main(int argc, char **argv)
{
	if (argc == 2 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
		fputs(usage, stdout);
		return DONE;
	}
	if (argc == 2 && (!strcmp(argv[1], "--version") ||
			  !strcmp(argv[1], "-V"))) {
		puts("osti-nv " OSTI_VERSION);
		return DONE;
	}
	if (argc == 3 && !strcmp(argv[1], "create"))
		return create(argv[2]);
	if (argc == 3 && !strcmp(argv[1], "show"))
		return show(argv[2]);
	fputs(usage, stderr);
	return USAGE;
}
