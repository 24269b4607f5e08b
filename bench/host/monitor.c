// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * monitor - stands for the monitor and its image engine on the build machine
 *
 * monitor keys                slot id and carrier key of the slot, as JSON
 * monitor export BYTES RAM    the slot is frozen with what the file RAM has
 * monitor import BYTES RAM HEADER   the slot is empty; what comes has to be RAM.
 *                             HEADER: hexadecimal, that of the image
 *
 * Descriptor 0 is a socket at which switchd-backup's threads connect (wire.h).
 * BYTES is the size of the slot; where RAM is shorter, the rest is zero. Says
 * "ready" when it has the memory. It ends with the first connection, which is
 * that of the transfer; exit status 0 says that the transfer was committed.
 */
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "model.h"

#include "wire.h"

#define LISTENER 0

static struct fixture fixture;
static struct model_source source;
static struct model_sink sink;
static uint8_t *empty_slot;	/* import: zero, and there before it begins */
static bool exporting;
static uint8_t *head;		/* export: all of it; import: without header */
static size_t head_bytes;
static uint8_t image_header[OSTI_IMAGE_HEADER];
static atomic_bool committed;

static void die(const char *what)
{
	fprintf(stderr, "monitor: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* ---- Calls ------------------------------------------------------------------------ */

static int scan(struct osti_ioc_scan *scan)
{
	const struct image_manifest *m;

	memset(scan, 0, sizeof(*scan));
	model_source_begin(&source, &fixture);
	m = &source.build->manifest;
	scan->done = 1;
	scan->looked_at = fixture.record.partition_bytes / OSTI_IMAGE_PAGE;
	scan->pages = m->pages;
	scan->chunks = m->chunks;
	scan->head_bytes = OSTI_IMAGE_HEADER +
			   (uint64_t)m->chunks * OSTI_IMAGE_T_ENTRY + m->bytes +
			   OSTI_IMAGE_TAG;
	return 0;
}

static int table(struct osti_ioc_table *t, const uint8_t **out, uint32_t *bytes)
{
	*out = source.table + (size_t)t->first * OSTI_IMAGE_T_ENTRY;
	if (t->count > source.source.chunks - t->first)
		t->count = source.source.chunks - t->first;
	*bytes = t->count * OSTI_IMAGE_T_ENTRY;
	return 0;
}

static int chunk(struct osti_ioc_chunk *c, uint8_t *data, uint32_t *bytes)
{
	size_t n = 0;
	int r;

	if (!exporting)
		return sink.sink.chunk(&sink.sink, c->chunk, data, c->bytes);
	r = source.source.chunk(&source.source, c->chunk, data, WIRE_DATA, &n);
	c->bytes = *bytes = (uint32_t)n;
	return r;
}

static int read_head(const struct osti_ioc_piece *p, const uint8_t **out,
		     uint32_t *bytes)
{
	if (p->bytes > head_bytes || p->offset > head_bytes - p->bytes)
		return -EINVAL;
	*out = head + p->offset;
	*bytes = p->bytes;
	return 0;
}

static int write_head(const struct osti_ioc_piece *p, const uint8_t *data)
{
	uint8_t *to;

	if (p->offset != OSTI_IMAGE_HEADER + head_bytes)
		return -EINVAL;
	to = realloc(head, head_bytes + p->bytes);
	if (!to)
		return -ENOMEM;
	head = to;
	memcpy(head + head_bytes, data, p->bytes);
	head_bytes += p->bytes;
	return 0;
}

static int open_image(struct osti_ioc_step *step, const uint8_t *header)
{
	int r;

	memset(step, 0, sizeof(*step));
	model_sink_begin(&sink, &fixture);
	r = sink.sink.begin(&sink.sink, header);
	if (r == 0)
		r = sink.sink.head(&sink.sink, head, head_bytes);
	if (r)
		return r;
	free(sink.ram);
	sink.ram = empty_slot;
	step->pages = sink.m.pages;
	step->chunks = sink.m.chunks;
	return 0;
}

static int commit(void)
{
	return exporting ? source.source.commit(&source.source) :
			   sink.sink.commit(&sink.sink);
}

/*
 * Data that came is in @data, of WIRE_DATA bytes; what goes back is at *out,
 * which may be @data.
 */
static int carry_out(const struct wire *w, void *arg, uint8_t *data,
		     const uint8_t **out, uint32_t *bytes)
{
	struct osti_ioc_have *have = arg;

	*out = data;
	*bytes = 0;
	switch (w->request) {
	case (uint32_t)OSTI_TRANSFER_SCAN:
		return scan(arg);
	case (uint32_t)OSTI_TRANSFER_TABLE:
		return table(arg, out, bytes);
	case (uint32_t)OSTI_TRANSFER_CHUNK:
		return chunk(arg, data, bytes);
	case (uint32_t)OSTI_TRANSFER_HAVE:
		return source.source.have(&source.source, have->chunk,
					  have->bytes, have->digest);
	case (uint32_t)OSTI_TRANSFER_SEAL:
		free(head);
		return source.source.seal(&source.source, &head, &head_bytes);
	case (uint32_t)OSTI_TRANSFER_READ:
		return read_head(arg, out, bytes);
	case (uint32_t)OSTI_TRANSFER_WRITE:
		return write_head(arg, data);
	case (uint32_t)OSTI_TRANSFER_OPEN:
		return open_image(arg, image_header);
	case (uint32_t)OSTI_TRANSFER_CHECK:
		return sink.sink.check(&sink.sink);
	case (uint32_t)OSTI_TRANSFER_COMMIT:
		return commit();
	case (uint32_t)OSTI_TRANSFER_DISK_END:
		/* It has none, so nobody has it. */
		return 0;
	default:
		return -EOPNOTSUPP;
	}
}

/* ---- Connections ------------------------------------------------------------------ */

static bool answer_one(int fd, uint8_t *data)
{
	uint64_t arg[WIRE_ARG / 8];
	const uint8_t *out;
	uint32_t bytes;
	struct wire w;

	if (!wire_receive(fd, &w, sizeof(w)))
		return false;
	if (w.arg_bytes > sizeof(arg) || w.data_bytes > WIRE_DATA ||
	    !wire_receive(fd, arg, w.arg_bytes) ||
	    !wire_receive(fd, data, w.data_bytes))
		return false;
	w.result = carry_out(&w, arg, data, &out, &bytes);
	w.data_bytes = w.result ? 0 : bytes;
	if (!w.result && w.request == (uint32_t)OSTI_TRANSFER_COMMIT)
		committed = true;
	return wire_send(fd, &w, sizeof(w), MSG_MORE) &&
	       wire_send(fd, arg, w.arg_bytes, w.data_bytes ? MSG_MORE : 0) &&
	       wire_send(fd, out, w.data_bytes, 0);
}

static void *serve(void *arg)
{
	int fd = (int)(intptr_t)arg;
	uint8_t *data = malloc(WIRE_DATA);

	if (!data)
		die("malloc");
	if (wire_send(fd, exporting ? "e" : "i", 1, 0))
		while (answer_one(fd, data))
			;
	free(data);
	close(fd);
	return NULL;
}

static void *accept_all(void *arg)
{
	pthread_t thread;
	int fd;

	(void)arg;
	while ((fd = accept4(LISTENER, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
		if (pthread_create(&thread, NULL, serve, (void *)(intptr_t)fd))
			die("pthread_create");
		pthread_detach(thread);
	}
	return NULL;
}

/* The first connection is the transfer's descriptor. */
static void serve_all(void)
{
	pthread_t thread;
	char byte;
	int fd;

	fd = accept4(LISTENER, NULL, NULL, SOCK_CLOEXEC);
	if (fd < 0)
		die("accept");
	if (pthread_create(&thread, NULL, accept_all, NULL))
		die("pthread_create");
	if (recv(fd, &byte, 1, 0) > 0)
		die("the transfer's own connection says something");
}

/* ---- The slot ---------------------------------------------------------------------- */

/* On a device it is simply there: all of it is touched before anything is timed. */
static uint8_t *map_memory(size_t bytes)
{
	uint8_t *ram = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (ram == MAP_FAILED)
		die("memory of the slot");
	madvise(ram, bytes, MADV_HUGEPAGE);
	memset(ram, 0, bytes);
	return ram;
}

/* What the file does not have is zero. */
static uint8_t *load_memory(const char *path, size_t bytes)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	uint8_t *ram = map_memory(bytes);
	size_t at = 0;
	ssize_t n = 1;

	if (fd < 0)
		die(path);
	while (at < bytes && n > 0) {
		n = read(fd, ram + at, bytes - at);
		if (n < 0)
			die(path);
		at += (size_t)n;
	}
	close(fd);
	return ram;
}

/* Not in commit(): nobody's time is measured any more. */
static void compare_memory(const char *path, size_t bytes)
{
	static const uint8_t zeroes[OSTI_IMAGE_PAGE];
	uint8_t page[OSTI_IMAGE_PAGE];
	FILE *f = fopen(path, "r");
	size_t at;

	if (!f)
		die(path);
	for (at = 0; at < bytes; at += sizeof(page)) {
		bool there = fread(page, sizeof(page), 1, f) == 1;

		if (memcmp(sink.ram + at, there ? page : zeroes, sizeof(page)))
			break;
	}
	fclose(f);
	if (at == bytes)
		return;
	fprintf(stderr, "monitor: other memory came than was saved\n");
	exit(1);
}

static void print_hex(const char *name, const uint8_t *bytes, size_t n,
		      const char *end)
{
	printf("\"%s\":\"", name);
	while (n--)
		printf("%02x", *bytes++);
	printf("\"%s", end);
}

static void print_keys(void)
{
	uint8_t slot_key[OSTI_IMAGE_HASH], carrier[OSTI_IMAGE_HASH];
	uint8_t id[OSTI_IMAGE_SLOT_ID];

	image_keys_slot(fixture.root, fixture.identity.name, slot_key);
	image_keys_carrier(slot_key, id, carrier);
	printf("{");
	print_hex("id", id, sizeof(id), ",");
	print_hex("carrier", carrier, sizeof(carrier), "}\n");
}

static void parse_header(const char *text)
{
	unsigned int byte;
	size_t i;

	for (i = 0; i < OSTI_IMAGE_HEADER; i++, text += 2) {
		if (sscanf(text, "%2x", &byte) != 1)
			die("HEADER");
		image_header[i] = (uint8_t)byte;
	}
}

int main(int argc, char **argv)
{
	size_t bytes = argc > 2 ? strtoull(argv[2], NULL, 10) :
				  OSTI_IMAGE_PAGE;

	/* A chunk's work area is taken and given back for each chunk. */
	if (!mallopt(M_MMAP_THRESHOLD, 32 << 20) ||
	    !mallopt(M_TRIM_THRESHOLD, 256 << 20))
		die("mallopt");
	fixture_init(&fixture, bytes);
	fixture.record.attachments = 0;
	fixture.packing = (struct image_packing)IMAGE_PACKING_COPY;
	if (argc == 2 && strcmp(argv[1], "keys") == 0) {
		print_keys();
		return 0;
	}
	if (argc < 4) {
		fprintf(stderr, "usage: monitor keys | export BYTES RAM | import BYTES RAM HEADER\n");
		return 2;
	}
	exporting = strcmp(argv[1], "export") == 0;
	if (argc == 5)
		parse_header(argv[4]);
	free(fixture.ram);
	fixture.ram = NULL;
	if (exporting)
		fixture.ram = load_memory(argv[3], bytes);
	else
		empty_slot = map_memory(bytes);
	printf("ready\n");
	fflush(stdout);
	serve_all();
	if (!committed)
		return 1;
	if (!exporting)
		compare_memory(argv[3], bytes);
	return 0;
}
