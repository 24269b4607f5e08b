// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bench.c - how fast the image code is on this machine, without any disk
 *
 * All rates are MiB of pages that are not zero, for each second, so that they
 * can be compared: a stage that handles compressed bytes is counted by the pages
 * that these stand for. The stages alone run on one thread, on what export and
 * import give them.
 */
#include "commands.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include <lz4.h>

#include "export.h"
#include "image_chunk.h"
#include "image_crypto.h"
#include "import.h"
#include "keyfile.h"

#define MIB	0x100000
#define ROUNDS	3

struct bench {
	struct image_keys keys;
	struct image_header header;
	struct image_info info;
	const uint8_t *ram;
	struct file image;	/* memory */
	struct file back;	/* memory, the imported pages */
	uint64_t pages;
	struct import import;
	struct image_work *work;
	uint8_t *buf;
};

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/*
 * Like the memory of an OS: of eight pages two are zero, one is noise, one is
 * nearly empty, the others repeat themselves as code and tables do.
 */
static void fill(uint8_t *ram, uint64_t bytes)
{
	uint64_t seed = 0x9e3779b97f4a7c15;
	uint64_t page;
	unsigned int i;

	for (page = 0; page < bytes / OSTI_IMAGE_PAGE; page++) {
		uint8_t *at = ram + page * OSTI_IMAGE_PAGE;
		unsigned int kind = page / 16 % 8;
		uint8_t words[512];

		for (i = 0; i < sizeof(words); i += 8) {
			uint64_t r = next_random(&seed);

			memcpy(words + i, &r, 8);
		}
		if (kind == 2)
			memcpy(at, words, 64);
		if (kind < 3)
			continue;
		for (i = 0; i < OSTI_IMAGE_PAGE; i += 8) {
			uint64_t r = next_random(&seed);

			if (kind == 3)
				memcpy(at + i, &r, 8);
			else
				memcpy(at + i, words + r % 63 * 8, 4 + r / 63 % 5);
		}
	}
}

static void *map_memory(uint64_t bytes)
{
	void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

static double rate(const struct bench *b, double seconds)
{
	return (double)(b->pages * OSTI_IMAGE_PAGE) / MIB / seconds;
}

/* Best of some rounds: the machine has other things to do, too. */
static bool measure_export(struct bench *b, unsigned int threads, double *best)
{
	struct export_result result;
	unsigned int i;
	int refusal;

	*best = 0;
	for (i = 0; i < ROUNDS; i++) {
		double start = now();
		double r;

		if (export_image(&b->keys, &b->header, &b->info, b->ram,
				 &b->image, threads, &result, &refusal))
			return false;
		b->pages = result.pages;
		r = rate(b, now() - start);
		if (r > *best)
			*best = r;
	}
	return true;
}

static bool measure_import(struct bench *b, unsigned int threads, double *best)
{
	struct import_error e;
	unsigned int i;

	*best = 0;
	for (i = 0; i < ROUNDS; i++) {
		double start = now();
		double r;

		import_free(&b->import);
		if (!import_header(&b->import, &b->image, 0, false, &e) ||
		    !import_manifest(&b->import, &b->keys, &e) ||
		    !import_chunks(&b->import, &b->keys, &b->back, threads, &e))
			return false;
		r = rate(b, now() - start);
		if (r > *best)
			*best = r;
	}
	return !memcmp(b->back.memory, b->ram, b->info.partition_bytes);
}

/* Seconds that each stage takes for all chunks. */
struct stages {
	double hash;
	double compress;
	double cipher;
	double decompress;
};

static void take(double *total, double *start)
{
	double end = now();

	*total += end - *start;
	*start = end;
}

/* Each stage for one chunk after the other, as it is done for an image. */
static void measure_stages(struct bench *b, struct stages *s)
{
	const struct image_manifest *m = &b->import.manifest;
	struct image_work *w = b->work;
	struct image_chunk chunk;
	uint64_t at = OSTI_IMAGE_HEADER + b->import.header.manifest_bytes;
	uint32_t i;

	memset(s, 0, sizeof(*s));
	for (i = 0; image_manifest_chunk(m, i, &chunk) == 0; i++) {
		uint32_t plain = chunk.pages * OSTI_IMAGE_PAGE;
		uint8_t id[OSTI_IMAGE_HASH];
		double start;
		uint32_t n;

		image_chunk_open(&b->keys, w, m, i, b->image.memory + at,
				 chunk.stored);
		at += chunk.stored;
		memcpy(b->buf, w->pages, plain);

		start = now();
		image_chunk_id(&b->keys, b->buf, chunk.pages, id);
		take(&s->hash, &start);
		n = image_chunk_compress(w, b->buf, w->stored, plain);
		take(&s->compress, &start);
		if (n) {
			LZ4_decompress_safe((char *)w->stored, (char *)w->plain,
					    n, plain);
			take(&s->decompress, &start);
		}
		image_chunk_encrypt(&b->keys, w, id, chunk.pages, chunk.codec,
				    n ? n : plain);
		take(&s->cipher, &start);
	}
}

static double lower(double a, double b)
{
	return a < b ? a : b;
}

static bool run(struct bench *b, unsigned int threads)
{
	double export_all, export_one, import_all, import_one;
	double crypto, compress, decompress;
	struct stages s;

	if (!measure_export(b, 1, &export_one) ||
	    !measure_export(b, threads, &export_all) ||
	    !measure_import(b, 1, &import_one) ||
	    !measure_import(b, threads, &import_all))
		return false;
	measure_stages(b, &s);
	crypto = rate(b, s.hash + s.cipher);
	compress = rate(b, s.compress);
	decompress = rate(b, s.decompress);

	report_number("threads", threads);
	report_number("partition_mib", b->info.partition_bytes / MIB);
	report_number("pages", b->pages);
	report_number("image_bytes", image_header_total(&b->import.header));
	report_real("export_mib_s", export_all);
	report_real("import_mib_s", import_all);
	report_real("export_1_mib_s", export_one);
	report_real("import_1_mib_s", import_one);
	report_real("hash_mib_s", rate(b, s.hash));
	report_real("cipher_mib_s", rate(b, s.cipher));
	report_real("crypto_mib_s", crypto);
	report_real("lz4_mib_s", compress);
	report_real("unlz4_mib_s", decompress);
	report_real("export_ratio", export_all / lower(crypto, compress));
	report_real("import_ratio", import_all / lower(crypto, decompress));
	report_real("export_1_ratio", export_one / lower(crypto, compress));
	report_real("import_1_ratio", import_one / lower(crypto, decompress));
	return true;
}

static bool prepare(struct bench *b, const struct options *o)
{
	static const uint8_t root[OSTI_IMAGE_HASH] = { 1 };
	uint64_t bytes = b->info.partition_bytes;

	b->header.identity.slot = 1;
	b->header.identity.generation = 1;
	keyfile_derive(root, b->header.identity.name, &b->keys,
		       b->header.identity.device);
	b->info.entry = OSTI_RAM_IPA;
	b->info.gic = root;
	if (!o->file) {
		uint8_t *ram = map_memory(bytes);

		if (!ram)
			return false;
		fill(ram, bytes);
		b->ram = ram;
	}
	/* Every page stored as it is, the largest manifest. */
	b->image.bytes = OSTI_IMAGE_HEADER + OSTI_IMAGE_MANIFEST_MAX + bytes +
			 bytes / OSTI_IMAGE_PAGE * OSTI_IMAGE_TAG;
	b->image.fd = -1;
	b->image.memory = map_memory(b->image.bytes);
	b->back.fd = -1;
	b->back.bytes = bytes;
	b->back.memory = map_memory(bytes);
	b->work = calloc(1, sizeof(*b->work));
	b->buf = malloc(IMAGE_CHUNK_PLAIN);
	return b->image.memory && b->back.memory && b->work && b->buf;
}

enum status command_bench(const struct options *o)
{
	struct bench b = { .info.partition_bytes = o->mib * MIB };
	enum status status = STATUS_FAILED;

	if (o->file) {
		b.ram = commands_map_ram(o->file, &b.info.partition_bytes);
		if (!b.ram)
			return STATUS_FAILED;
	}
	if (!prepare(&b, o))
		report_errno("get memory for", "the bench", -ENOMEM);
	else if (!run(&b, o->threads))
		report_failed("an image made here could not be read back");
	else
		status = report_end();
	import_free(&b.import);
	free(b.buf);
	free(b.work);
	if (b.back.memory)
		munmap(b.back.memory, b.back.bytes);
	if (b.image.memory)
		munmap(b.image.memory, b.image.bytes);
	if (b.ram)
		munmap((void *)b.ram, b.info.partition_bytes);
	return status;
}
