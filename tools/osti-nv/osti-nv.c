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
#include "cli.h"
#include "file.h"
#include "image_crypto.h"
#include "image_keys.h"
#include "log.h"
#include "nv_log.h"
#include "say.h"

/* The sectors that are in use; the rest of the flash is a hole in the file. */
static uint8_t flash[NV_SECTORS * BOARD_NV_SECTOR];

static const char help[] =
	"Usage: osti-nv create FILE   make the NV flash of a new device\n"
	"       osti-nv show FILE     show whose it is and what is stored\n";

/* ---- What the monitor's code calls --------------------------------------- */

void cfi_read(enum cfi_flash which, uint32_t offset, void *buf, size_t bytes)
{
	(void)which;
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

/* The root key's sector last: without it the file is no device's flash. */
static int write_flash(const struct file *f)
{
	const size_t first = BOARD_NV_SECTOR;
	int error;

	if (ftruncate(f->fd, BOARD_NV_SIZE))
		return -errno;
	error = file_write(f, flash + first, sizeof(flash) - first, first);
	if (!error && fsync(f->fd))
		error = -errno;
	if (!error)
		error = file_write(f, flash, first, 0);
	if (!error && fsync(f->fd))
		error = -errno;
	return error;
}

static enum status create(struct options *o, char *const *files)
{
	const char *path = files[0];
	enum status status = DONE;
	uint8_t key[NV_KEY_BYTES];
	struct file f = { 0 };
	int error;

	(void)o;
	if (make_key(key))
		return say_failed(path, "no random key", errno);
	format(key);
	image_crypto_wipe(key, sizeof(key));
	/* A key that is overwritten takes all images of its device with it. */
	f.fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (f.fd < 0) {
		status = say_failed(path, errno == EEXIST ?
				    "not overwritten; remove it if its images may be lost" :
				    "cannot create it", errno);
	} else {
		error = write_flash(&f);
		if (close(f.fd) && !error)
			error = errno;
		if (error) {
			status = say_failed(path, "cannot write it", error);
			unlink(path);
		}
	}
	image_crypto_wipe(flash, sizeof(flash));
	return status;
}

/* ---- show ---------------------------------------------------------------- */

static enum status load(const char *path)
{
	struct file f = { .fd = open(path, O_RDONLY | O_CLOEXEC) };
	enum status status = DONE;
	struct stat st;
	int error;

	if (f.fd < 0)
		return say_failed(path, "cannot open it", errno);
	if (fstat(f.fd, &st)) {
		status = say_failed(path, "cannot look at it", errno);
	} else if (!S_ISREG(st.st_mode) || st.st_size != BOARD_NV_SIZE) {
		status = say_refused(path, "not a file of %lu bytes, so not an NV flash",
				     BOARD_NV_SIZE);
	} else {
		error = file_read(&f, flash, sizeof(flash), 0);
		if (error)
			status = say_failed(path, "cannot read it", error);
	}
	close(f.fd);
	return status;
}

static void print(const struct nv_log *log)
{
	static const char * const names[] = {
		[NV_STORED] = "stored",
		[NV_CONSUMED] = "consumed",
		[NV_BEGUN] = "begun",
		[NV_RETIRED] = "retired",
	};
	uint8_t device[OSTI_IMAGE_DEVICE];
	unsigned int i;

	image_keys_device(log->root_key, device);
	printf("device   ");
	for (i = 0; i < sizeof(device); i++)
		printf("%02x", device[i]);
	printf("\nlog      epoch %llu, %u of %d entries\n",
	       (unsigned long long)log->epoch, log->next, NV_ENTRIES);
	if (log->firmware)
		printf("firmware least version %llu\n",
		       (unsigned long long)log->firmware);
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
		if (log->slot[i].key_words == NV_KEY_WORDS)
			printf("slot %u   key was imported\n", i);
	}
}

static enum status show(struct options *o, char *const *files)
{
	enum status status = load(files[0]);
	struct nv_log log;
	int err;

	(void)o;
	if (status)
		return status;
	err = nv_log_replay(&log);
	if (err)
		status = say_refused(files[0], "%s", nv_format_error(err));
	else
		print(&log);
	image_crypto_wipe(&log, sizeof(log));
	image_crypto_wipe(flash, sizeof(flash));
	if (!status && (fflush(stdout) || ferror(stdout)))
		status = say_failed("standard output", "cannot write", errno);
	return status;
}

static const struct cli_command commands[] = {
	{ "create", 1, 1, "FILE", create },
	{ "show", 1, 1, "FILE", show },
};

static const struct cli cli = {
	.help = help,
	.commands = commands,
	.nr_commands = sizeof(commands) / sizeof(commands[0]),
	.usage = say_usage,
};

int main(int argc, char **argv)
{
	return cli_main(&cli, NULL, argc, argv);
}
