// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * diskcarry - carry a frozen slot with its disk, by /dev/osti alone
 *
 * diskcarry save SLOT DIR      a copy of its memory and of its disk into files
 * diskcarry restore SLOT DIR   and back, if a person agrees
 * diskcarry hold SLOT          read its disk on several threads, over and over,
 *                              until it is taken away
 *
 * What the digest of a disk is, is between those who carry it; here it is one that
 * tells a disk from another.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <osti/abi.h>
#include <osti/image.h>
#include <osti/ioctl.h>

#define BLOCK		OSTI_DISK_BLOCK
#define THREADS		4

static void die(const char *what)
{
	fprintf(stderr, "diskcarry: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void must(int ok, const char *what)
{
	if (!ok)
		die(what);
}

static int ask(int fd, unsigned long cmd, void *arg, const char *what)
{
	int ret;

	do
		ret = ioctl(fd, cmd, arg);
	while (ret < 0 && errno == EINTR);
	must(ret >= 0, what);
	return ret;
}

/* ---- Files ------------------------------------------------------------------- */

static int file(const char *dir, const char *name, int flags)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, flags, 0600);
	must(fd >= 0, path);
	return fd;
}

static void put(int fd, const void *data, size_t bytes)
{
	must(write(fd, data, bytes) == (ssize_t)bytes, "write");
}

static void get(int fd, void *data, size_t bytes)
{
	must(read(fd, data, bytes) == (ssize_t)bytes, "read");
}

static uint64_t size_of(int fd)
{
	struct stat st;

	must(!fstat(fd, &st), "fstat");
	return st.st_size;
}

/* ---- Disk --------------------------------------------------------------------- */

static int is_zero(const uint8_t *data, size_t bytes)
{
	return !data[0] && !memcmp(data, data + 1, bytes - 1);
}

static void digest_block(struct osti_ioc_attach *a, const uint8_t *data)
{
	uint64_t sum[4];
	size_t i;

	memcpy(sum, a->digest, sizeof(sum));
	for (i = 0; i < BLOCK; i += 8) {
		uint64_t word;

		memcpy(&word, data + i, 8);
		sum[i / 8 % 4] = (sum[i / 8 % 4] ^ word) * 0x100000001b3;
	}
	memcpy(a->digest, sum, sizeof(sum));
}

/* What an export shows cannot be written, nor read in bits and pieces. */
static void check_limits(int transfer, uint64_t bytes, uint8_t *data)
{
	must(pread(transfer, data, OSTI_DISK_SECTOR, bytes) == 0,
	     "reading behind the end");
	must(pread(transfer, data, 2 * OSTI_DISK_SECTOR,
		   bytes - OSTI_DISK_SECTOR) == OSTI_DISK_SECTOR,
	     "reading over the end");
	must(pread(transfer, data, 512, 0) < 0 && errno == EINVAL,
	     "reading less than can be read");
	must(pwrite(transfer, data, OSTI_DISK_SECTOR, 0) < 0 && errno == EBADF,
	     "writing what can be read only");
}

static void save_disk(int transfer, const char *dir)
{
	struct osti_ioc_disk disk = { .access = OSTI_DISK_READ };
	struct osti_ioc_attach attach = { .kind = OSTI_ATTACH_DISK };
	uint8_t *data = malloc(BLOCK);
	int out = file(dir, "disk", O_WRONLY | O_CREAT | O_TRUNC);
	uint64_t at;

	ask(transfer, OSTI_TRANSFER_DISK, &disk, "OSTI_TRANSFER_DISK");
	check_limits(transfer, disk.bytes, data);
	for (at = 0; at < disk.bytes; at += BLOCK) {
		must(pread(transfer, data, BLOCK, at) == BLOCK, "pread");
		digest_block(&attach, data);
		if (!is_zero(data, BLOCK))
			must(pwrite(out, data, BLOCK, at) == BLOCK, "pwrite");
	}
	must(!ftruncate(out, disk.bytes), "ftruncate");
	must(!close(out), "close");
	free(data);
	attach.bytes = disk.bytes;
	ask(transfer, OSTI_TRANSFER_ATTACH, &attach, "OSTI_TRANSFER_ATTACH");
	ask(transfer, OSTI_TRANSFER_DISK_END, NULL, "OSTI_TRANSFER_DISK_END");
	must(fsync(transfer) < 0 && errno == ESTALE, "a disk that is gone");
}

static void restore_block(int transfer, uint64_t at, const uint8_t *data)
{
	struct osti_ioc_zero zero = { .offset = at, .bytes = BLOCK };

	if (is_zero(data, BLOCK))
		ask(transfer, OSTI_TRANSFER_DISK_ZERO, &zero,
		    "OSTI_TRANSFER_DISK_ZERO");
	else
		must(pwrite(transfer, data, BLOCK, at) == BLOCK, "pwrite");
}

static void restore_disk(int transfer, const char *dir)
{
	struct osti_ioc_disk disk = { .access = OSTI_DISK_WRITE };
	struct osti_ioc_attach attach = { .kind = OSTI_ATTACH_DISK };
	uint8_t *data = malloc(BLOCK), *again = malloc(BLOCK);
	int in = file(dir, "disk", O_RDONLY);
	uint64_t at;

	ask(transfer, OSTI_TRANSFER_DISK, &disk, "OSTI_TRANSFER_DISK");
	must(disk.bytes == size_of(in), "a disk of that size");
	for (at = 0; at < disk.bytes; at += BLOCK) {
		get(in, data, BLOCK);
		digest_block(&attach, data);
		restore_block(transfer, at, data);
		must(pread(transfer, again, BLOCK, at) == BLOCK &&
		     !memcmp(data, again, BLOCK), "reading it again");
	}
	must(pwrite(transfer, data, BLOCK, disk.bytes) < 0 && errno == EINVAL,
	     "writing behind the end");
	must(!fsync(transfer), "fsync");
	close(in);
	free(data);
	free(again);
	attach.bytes = disk.bytes;
	ask(transfer, OSTI_TRANSFER_ATTACH, &attach, "OSTI_TRANSFER_ATTACH");
}

/* ---- Memory -------------------------------------------------------------------- */

static void save_chunks(int transfer, const char *dir, uint32_t chunks)
{
	uint8_t *data = malloc(OSTI_IMAGE_STORED_MAX);
	int out = file(dir, "chunks", O_WRONLY | O_CREAT | O_TRUNC);
	uint32_t i;

	for (i = 0; i < chunks; i++) {
		struct osti_ioc_chunk chunk = {
			.data = (uintptr_t)data, .chunk = i,
			.bytes = OSTI_IMAGE_STORED_MAX,
		};

		ask(transfer, OSTI_TRANSFER_CHUNK, &chunk,
		    "OSTI_TRANSFER_CHUNK");
		put(out, &chunk.bytes, sizeof(chunk.bytes));
		put(out, data, chunk.bytes);
	}
	must(!close(out), "close");
	free(data);
}

static void restore_chunks(int transfer, const char *dir, uint32_t chunks)
{
	uint8_t *data = malloc(OSTI_IMAGE_STORED_MAX);
	int in = file(dir, "chunks", O_RDONLY);
	uint32_t i;

	for (i = 0; i < chunks; i++) {
		struct osti_ioc_chunk chunk = { .data = (uintptr_t)data,
						.chunk = i };

		get(in, &chunk.bytes, sizeof(chunk.bytes));
		get(in, data, chunk.bytes);
		ask(transfer, OSTI_TRANSFER_CHUNK, &chunk,
		    "OSTI_TRANSFER_CHUNK");
	}
	close(in);
	free(data);
}

/* Header, table and manifest, to the file or, but for the header, from it. */
static void move_head(int transfer, const char *dir, uint64_t from, uint64_t to,
		      int save)
{
	int fd = file(dir, "head", save ? O_WRONLY | O_CREAT | O_TRUNC :
					  O_RDONLY);
	uint8_t *data = malloc(OSTI_COPY_MAX);

	must(lseek(fd, from, SEEK_SET) >= 0, "lseek");
	while (from < to) {
		struct osti_ioc_piece piece = {
			.offset = from, .data = (uintptr_t)data,
			.bytes = to - from < OSTI_COPY_MAX ? to - from :
							     OSTI_COPY_MAX,
		};

		if (!save)
			get(fd, data, piece.bytes);
		ask(transfer, save ? OSTI_TRANSFER_READ : OSTI_TRANSFER_WRITE,
		    &piece, "header, table and manifest");
		if (save)
			put(fd, data, piece.bytes);
		from += piece.bytes;
	}
	must(!close(fd), "close");
	free(data);
}

/* ---- What it does ---------------------------------------------------------------- */

static int begin_export(int osti, uint32_t slot)
{
	struct osti_ioc_backup backup = {
		.slot = slot, .what = OSTI_BACKUP_EXPORT,
		.saved_at = time(NULL), .attachments = 1,
	};

	return ask(osti, OSTI_BACKUP_OPEN, &backup, "OSTI_BACKUP_OPEN");
}

static void save(int osti, uint32_t slot, const char *dir)
{
	int transfer = begin_export(osti, slot);
	struct osti_ioc_scan scan;
	struct osti_ioc_step step;

	must(pread(transfer, &scan, 0, 0) == 0, "reading nothing");
	must(fsync(transfer) < 0 && errno == EBADF, "no disk was asked for");
	do
		ask(transfer, OSTI_TRANSFER_SCAN, &scan, "OSTI_TRANSFER_SCAN");
	while (!scan.done);
	save_disk(transfer, dir);
	save_chunks(transfer, dir, scan.chunks);
	ask(transfer, OSTI_TRANSFER_SEAL, &step, "OSTI_TRANSFER_SEAL");
	move_head(transfer, dir, 0, scan.head_bytes, 1);
	ask(transfer, OSTI_TRANSFER_COMMIT, &step, "OSTI_TRANSFER_COMMIT");
	close(transfer);
	printf("saved\n");
}

/* A person at the console agrees, or does not. */
static void ask_person(int osti, uint32_t slot, uint8_t *header)
{
	struct osti_ioc_restore restore = {
		.slot = slot, .header = (uintptr_t)header,
	};
	struct osti_ioc_switch sw = {
		.target = OSTI_CONTEXT_BM,
		.request = OSTI_REQUEST_RESTORE | slot << 8,
	};

	ask(osti, OSTI_RESTORE_ASK, &restore, "OSTI_RESTORE_ASK");
	ask(osti, OSTI_SWITCH, &sw, "OSTI_SWITCH");
	errno = EACCES;
	must(sw.result == OSTI_RESULT_DONE, "a person");
}

static void restore(int osti, uint32_t slot, const char *dir)
{
	static uint8_t header[OSTI_IMAGE_HEADER];
	struct osti_ioc_backup backup = {
		.slot = slot, .what = OSTI_BACKUP_IMPORT,
		.header = (uintptr_t)header,
	};
	struct osti_ioc_disk disk = { .access = OSTI_DISK_WRITE };
	struct osti_ioc_step step;
	int transfer, in = file(dir, "head", O_RDONLY);
	uint64_t head = size_of(in);

	get(in, header, sizeof(header));
	close(in);
	ask_person(osti, slot, header);
	transfer = ask(osti, OSTI_BACKUP_OPEN, &backup, "OSTI_BACKUP_OPEN");
	must(ioctl(transfer, OSTI_TRANSFER_DISK, &disk) < 0 && errno == EINVAL,
	     "a disk before the manifest is proved");
	move_head(transfer, dir, sizeof(header), head, 0);
	ask(transfer, OSTI_TRANSFER_OPEN, &step, "OSTI_TRANSFER_OPEN");
	restore_disk(transfer, dir);
	restore_chunks(transfer, dir, step.chunks);
	ask(transfer, OSTI_TRANSFER_COMMIT, &step, "OSTI_TRANSFER_COMMIT");
	must(pread(transfer, header, OSTI_DISK_SECTOR, 0) < 0 &&
	     errno == ESTALE, "a disk after COMMIT");
	close(transfer);
	printf("restored\n");
}

static uint64_t disk_bytes;

static void *read_on(void *arg)
{
	uint8_t *data = malloc(BLOCK);
	uint64_t at;

	for (at = 0;; at = (at + BLOCK) % disk_bytes)
		if (pread(*(int *)arg, data, BLOCK, at) != BLOCK &&
		    errno != EINTR)
			break;
	free(data);
	return (void *)(intptr_t)errno;
}

static void hold(int osti, uint32_t slot)
{
	struct osti_ioc_disk disk = { .access = OSTI_DISK_READ };
	int transfer = begin_export(osti, slot);
	pthread_t thread[THREADS];
	void *error;
	int i;

	ask(transfer, OSTI_TRANSFER_DISK, &disk, "OSTI_TRANSFER_DISK");
	disk_bytes = disk.bytes;
	for (i = 0; i < THREADS; i++)
		must(!pthread_create(&thread[i], NULL, read_on, &transfer),
		     "pthread_create");
	printf("holding\n");
	fflush(stdout);
	for (i = 0; i < THREADS; i++) {
		must(!pthread_join(thread[i], &error), "pthread_join");
		errno = (intptr_t)error;
		must(errno == ESTALE, "the end of a disk");
	}
	must(ioctl(transfer, OSTI_TRANSFER_DISK, &disk) < 0 && errno == ESTALE,
	     "the end of a transfer");
	close(transfer);
	printf("taken away\n");
}

int main(int argc, char **argv)
{
	int osti = open(OSTI_DEVICE_PATH, O_RDWR | O_CLOEXEC);
	uint32_t slot = argc > 2 ? atoi(argv[2]) : 0;

	must(osti >= 0, OSTI_DEVICE_PATH);
	if (argc == 4 && !strcmp(argv[1], "save"))
		save(osti, slot, argv[3]);
	else if (argc == 4 && !strcmp(argv[1], "restore"))
		restore(osti, slot, argv[3]);
	else if (argc == 3 && !strcmp(argv[1], "hold"))
		hold(osti, slot);
	else
		return 2;
	return 0;
}
