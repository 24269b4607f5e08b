// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * carry_fake.c - the monitor's side of a transfer, inside of switchd-backup
 */
#include "carry_fake.h"

#include "event_fake.h"
#include "model.h"
#include "shelf.h"
#include "stored_model.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <unistd.h>

#include "backup/carry.h"

static struct fixture fixture;
static struct model_source source;
static struct model_sink sink;
/* Only what is attached; the bytes are in a file. */
static struct model_disk attachment;
static int disk = -1;
/* Of a transfer out of the store: the store, and what the monitor has of it. */
static struct shelf shelf;
static struct stored_model stored;
static bool store_is_shown;
static size_t ram_bytes;
static uint8_t *head;
static size_t head_bytes;
static size_t head_room;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned long chunks;

/* Up to room bytes of a file below the device's directory. Returns their number. */
static size_t read_file(int fd, const char *name, void *to, size_t room)
{
	char path[64];
	size_t n = 0;
	ssize_t got;
	int file;

	snprintf(path, sizeof(path), "../%s", name);
	file = openat(fd, path, O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return 0;
	while (n < room && (got = read(file, (char *)to + n, room - n)) > 0)
		n += (size_t)got;
	close(file);
	return n;
}

static unsigned long number(int fd, const char *name, unsigned long otherwise)
{
	char text[32] = "";

	if (!read_file(fd, name, text, sizeof(text) - 1))
		return otherwise;
	return strtoul(text, NULL, 10);
}

/* A call of the monitor. Return: 0, or -ESTALE. */
static int begin(int fd, const char *what)
{
	event_fake(carry_fake_device(), what);
	return faccessat(fd, "stale", F_OK, 0) == 0 ? -ESTALE : 0;
}

static void flood(void)
{
	static const char line[] =
		"{\"item\":{\"backup\":\"x\",\"keep\":true}}\n";

	for (;;)
		if (write(1, line, sizeof(line) - 1) < 0)
			_exit(1);
}

static void say_long(void)
{
	static char line[65536];

	memset(line, 'x', sizeof(line));
	if (write(1, line, sizeof(line)) < 0)
		_exit(1);
}

/* What can be done is told as a note, so that the test fails. */
static void try(const char *what, int r)
{
	char line[128];
	int n = snprintf(line, sizeof(line), "{\"note\":\"%s: %s\"}\n", what,
			 r < 0 ? strerrorname_np(errno) : "it worked");

	if (write(1, line, (size_t)n) != n)
		_exit(1);
}

/* An error that is not its to tell, with a text that plays with a terminal. */
static void accuse(void)
{
	static const char line[] =
		"{\"error\":{\"code\":\"denied\",\"message\":\"go \\u001b[2J\\u202eaway\"}}\n";

	if (write(1, line, sizeof(line) - 1) < 0)
		_exit(2);
	_exit(1);
}

static void attack(int fd)
{
	char *const none[] = { (char *)"sh", NULL };
	char what[16] = "";

	read_file(fd, "attack", what, sizeof(what) - 1);
	if (strcmp(what, "execve") == 0)
		execve("/bin/sh", none, none);
	else if (strcmp(what, "ptrace") == 0)
		ptrace(PTRACE_ATTACH, getppid(), NULL, NULL);
	else if (strcmp(what, "open") == 0)
		try("shadow", open("/etc/shadow", O_RDONLY | O_CLOEXEC));
	else if (strcmp(what, "socket") == 0)
		try("netlink", socket(AF_NETLINK, SOCK_RAW, 0));
	else if (strcmp(what, "fork") == 0)
		try("fork", fork());
	else if (strcmp(what, "garbage") == 0)
		try("x\",\"y\":\"", 0);
	else if (strcmp(what, "flood") == 0)
		flood();
	else if (strcmp(what, "long") == 0)
		say_long();
	else if (strcmp(what, "accuse") == 0)
		accuse();
	else if (strcmp(what, "silent") == 0)
		_exit(0);
	else if (strcmp(what, "die") == 0)
		raise(SIGKILL);
}

static void load(int fd)
{
	char about[32 + OSTI_IMAGE_HEADER];
	char name[16];
	unsigned int attachments;
	unsigned int what;
	unsigned int slot;

	memset(about, 0, sizeof(about));
	read_file(fd, "transfer/about", about, sizeof(about));
	if (sscanf(about, "%u %u %u", &slot, &what, &attachments) != 3)
		abort();
	ram_bytes = number(fd, "ram-bytes", CARRY_FAKE_BYTES);
	fixture_init(&fixture, ram_bytes);
	fixture.record.attachments = attachments;
	model_disk_begin(&attachment, 0);
	snprintf(name, sizeof(name), "ram-%u", slot);
	read_file(fd, name, fixture.ram, ram_bytes);
}

/* What is in the slot's memory hibernated. */
static void stock_store(int fd)
{
	load(fd);
	stored_model_begin(&stored, &fixture, fixture.record.attachments);
	fixture.identity.generation = CARRY_FAKE_GENERATION;
	fixture.record.attachments = 0;
	fixture_pack(&fixture);
	shelf_make(&shelf, "work", fixture.file, fixture.bytes, 1);
}

int carry_scan(int fd, struct osti_ioc_scan *scan)
{
	const struct image_manifest *m;
	int r = begin(fd, "scan");

	if (r < 0)
		return r;
	attack(fd);
	load(fd);
	model_source_begin(&source, &fixture);
	model_source_disk(&source, &attachment);
	m = &source.build->manifest;
	scan->done = 1;
	scan->looked_at = ram_bytes / OSTI_IMAGE_PAGE;
	scan->pages = m->pages;
	scan->chunks = m->chunks;
	scan->head_bytes = OSTI_IMAGE_HEADER +
			   (uint64_t)m->chunks * OSTI_IMAGE_T_ENTRY + m->bytes +
			   OSTI_IMAGE_TAG;
	return 0;
}

int carry_table(int fd, struct osti_ioc_table *table)
{
	int r = begin(fd, "table");

	if (r < 0)
		return r;
	/* As the monitor may: fewer than were asked for. */
	if (table->count > 7)
		table->count = 7;
	memcpy((void *)(uintptr_t)table->entries,
	       source.table + (size_t)table->first * OSTI_IMAGE_T_ENTRY,
	       (size_t)table->count * OSTI_IMAGE_T_ENTRY);
	return 0;
}

/* Return: 0, or what this call of CHUNK is to fail with. */
static int disturb(int fd)
{
	unsigned long at = number(fd, "chunk-at", 0);
	unsigned long once;
	unsigned long nr;
	char c;
	int fifo;

	pthread_mutex_lock(&lock);
	nr = ++chunks;
	fifo = openat(fd, "../chunk-hold", O_RDONLY | O_CLOEXEC);
	if (fifo >= 0) {
		while (read(fifo, &c, 1) > 0)
			;
		close(fifo);
	}
	once = number(fd, "chunk-once", 0);
	if (once && unlinkat(fd, "../chunk-once", 0) < 0)
		abort();
	pthread_mutex_unlock(&lock);
	if (once)
		return -(int)once;
	if (at && nr >= at)
		return -(int)number(fd, "chunk-errno", ESTALE);
	return 0;
}

int carry_chunk(int fd, struct osti_ioc_chunk *chunk)
{
	uint8_t *data = (uint8_t *)(uintptr_t)chunk->data;
	int r = begin(fd, "chunk");
	size_t bytes;

	if (r == 0)
		r = disturb(fd);
	if (r < 0) {
		chunk->reason = r == -EBADMSG ? -OSTI_IMAGE_E_CHANGED : 0;
		return r;
	}
	if (!source.build)
		return sink.sink.chunk(&sink.sink, chunk->chunk, data,
				       chunk->bytes);
	r = source.source.chunk(&source.source, chunk->chunk, data,
				chunk->bytes, &bytes);
	chunk->bytes = (uint32_t)bytes;
	return r;
}

int carry_have(int fd, struct osti_ioc_have *have)
{
	int r = begin(fd, "have");

	if (r < 0)
		return r;
	if (shelf.bytes)
		return stored_model_have(&stored, have->chunk, have->bytes,
					 have->digest);
	return source.source.have(&source.source, have->chunk, have->bytes,
				  have->digest);
}

int carry_seal(int fd, struct osti_ioc_step *step)
{
	int r = begin(fd, "seal");

	step->reason = 0;
	if (r < 0)
		return r;
	if (shelf.bytes)
		return stored_model_seal(&stored);
	free(head);
	return source.source.seal(&source.source, &head, &head_bytes);
}

int carry_read(int fd, struct osti_ioc_piece *piece)
{
	int r = begin(fd, "read");

	if (r < 0)
		return r;
	if (shelf.bytes)
		return stored_model_read(&stored, piece->offset,
					 (void *)(uintptr_t)piece->data,
					 piece->bytes);
	if (piece->offset + piece->bytes > head_bytes)
		return -EINVAL;
	memcpy((void *)(uintptr_t)piece->data, head + piece->offset,
	       piece->bytes);
	return 0;
}

int carry_write(int fd, struct osti_ioc_piece *piece)
{
	int r = begin(fd, "write");

	if (r < 0)
		return r;
	if (shelf.bytes)
		return stored_model_give(&stored, piece->offset,
					 (void *)(uintptr_t)piece->data,
					 piece->bytes);
	if (piece->offset != OSTI_IMAGE_HEADER + head_bytes)
		return -EINVAL;
	if (head_bytes + piece->bytes > head_room) {
		uint8_t *more;

		head_room = 2 * head_room + piece->bytes;
		more = realloc(head, head_room);
		if (!more)
			abort();
		head = more;
	}
	memcpy(head + head_bytes, (void *)(uintptr_t)piece->data, piece->bytes);
	head_bytes += piece->bytes;
	return 0;
}

int carry_open(int fd, struct osti_ioc_step *step)
{
	uint8_t about[32 + OSTI_IMAGE_HEADER];
	uint8_t *header;
	size_t n;
	int r = begin(fd, "open");

	step->reason = 0;
	if (r < 0)
		return r;
	if (shelf.bytes) {
		r = stored_model_open(&stored);
		step->pages = stored.image.m.pages;
		return r;
	}
	load(fd);
	n = read_file(fd, "transfer/about", about, sizeof(about));
	header = memchr(about, '\n', n);
	if (!header)
		abort();
	model_sink_begin(&sink, &fixture);
	model_sink_disk(&sink, &attachment);
	r = sink.sink.begin(&sink.sink, header + 1);
	if (r == 0)
		r = sink.sink.head(&sink.sink, head, head_bytes);
	step->reason = r ? -OSTI_IMAGE_E_TAG : 0;
	step->pages = r ? 0 : sink.m.pages;
	return r;
}

/* Of an import: all came, and what is attached is what it was made with. */
static int refuse(struct osti_ioc_step *step, int r)
{
	step->reason = r == -EBADMSG ? -OSTI_IMAGE_E_ATTACHED : 0;
	return r;
}

int carry_check(int fd, struct osti_ioc_step *step)
{
	int r = begin(fd, "check");

	step->reason = 0;
	return r < 0 ? r : refuse(step, sink.sink.check(&sink.sink));
}

/* What the slot has in its memory now. */
static void write_ram(int fd)
{
	int file = openat(fd, "ram", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
			  0644);

	if (file < 0 ||
	    write(file, sink.ram, ram_bytes) != (ssize_t)ram_bytes)
		abort();
	close(file);
}

int carry_commit(int fd, struct osti_ioc_step *step)
{
	unsigned long error = number(fd, "commit-errno", 0);
	int r = begin(fd, "commit");

	step->reason = 0;
	if (r < 0)
		return r;
	/* Whoever uses the disk lets go of it before. */
	if (disk >= 0 || store_is_shown)
		abort();
	if (error)
		return -(int)error;
	if (shelf.bytes)
		return 0;
	if (source.build)
		return source.source.commit(&source.source);
	r = sink.sink.commit(&sink.sink);
	if (r == 0)
		write_ram(fd);
	return refuse(step, r);
}

/* ---- The disk ------------------------------------------------------------ */

int carry_attach(int fd, struct osti_ioc_attach *attach)
{
	int r = begin(fd, "attach");

	if (r < 0)
		return r;
	if (shelf.bytes)
		return stored_model_attach(&stored, attach->bytes,
					   attach->digest);
	if (source.build && !fixture.record.attachments)
		return -EINVAL;
	return attachment.disk.attach(&attachment.disk, attach->bytes,
				      attach->digest);
}

static int show_store(int fd, __u64 *bytes)
{
	attack(fd);
	if (faccessat(fd, "../store-hidden", F_OK, 0) == 0)
		return -EOPNOTSUPP;
	if (!shelf.bytes)
		stock_store(fd);
	store_is_shown = true;
	*bytes = shelf.size;
	return 0;
}

int carry_disk(int fd, struct osti_ioc_disk *arg)
{
	char name[32];
	off_t end;
	int r = begin(fd, "disk");

	if (r < 0)
		return r;
	/* One is shown at a time. */
	if (disk >= 0 || store_is_shown)
		return -EBUSY;
	if (arg->access == OSTI_DISK_STORE)
		return show_store(fd, &arg->bytes);
	snprintf(name, sizeof(name), "../disk-%lu",
		 number(fd, "transfer/about", 0));
	disk = openat(fd, name, (arg->access == OSTI_DISK_WRITE ? O_RDWR :
				 O_RDONLY) | O_CLOEXEC);
	if (disk < 0)
		return errno == ENOENT ? -EOPNOTSUPP : -errno;
	end = lseek(disk, 0, SEEK_END);
	arg->bytes = (uint64_t)end;
	return 0;
}

int carry_disk_end(int fd)
{
	(void)fd;
	if (disk >= 0)
		close(disk);
	disk = -1;
	store_is_shown = false;
	return 0;
}

static int store_read(int fd, uint64_t offset, uint8_t *buf, size_t bytes)
{
	int r = disturb(fd);

	if (r < 0)
		return r;
	if (offset > shelf.size || bytes > shelf.size - offset)
		return -EIO;
	memcpy(buf, shelf.bytes + offset, bytes);
	return 0;
}

int carry_disk_read(int fd, uint64_t offset, uint8_t *buf, size_t bytes)
{
	unsigned long error = number(fd, "disk-errno", 0);
	int r = begin(fd, "disk read");
	int file;

	if (r < 0)
		return r;
	if (store_is_shown)
		return store_read(fd, offset, buf, bytes);
	file = openat(fd, "disk-reads",
		      O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	if (file < 0 || write(file, "x", 1) != 1)
		abort();
	close(file);
	if (error)
		return -(int)error;
	return pread(disk, buf, bytes, (off_t)offset) == (ssize_t)bytes ? 0 :
	       -EIO;
}

int carry_disk_write(int fd, uint64_t offset, const uint8_t *buf, size_t bytes)
{
	int r = begin(fd, "disk write");

	if (r < 0)
		return r;
	return pwrite(disk, buf, bytes, (off_t)offset) == (ssize_t)bytes ? 0 :
	       -errno;
}

int carry_disk_zero(int fd, struct osti_ioc_zero *zero)
{
	uint8_t *zeroes = calloc(1, zero->bytes);
	int r;

	if (!zeroes)
		abort();
	r = carry_disk_write(fd, zero->offset, zeroes, zero->bytes);
	free(zeroes);
	return r;
}

int carry_disk_flush(int fd)
{
	int r = begin(fd, "disk flush");

	if (r < 0)
		return r;
	return fsync(disk) < 0 ? -errno : 0;
}
