// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * command_bench.c - how fast the image code is on this machine, without any disk
 *
 * All rates are MiB of pages that are not zero, for each second, so that they
 * can be compared: a stage that handles compressed bytes is counted by the pages
 * that these stand for. The stages alone run on one thread, on what export and
 * import give them; 0 stands for one that had nothing to do.
 */
#include "commands.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "export.h"
#include "import.h"
#include "keyfile.h"
#include "report.h"

#define MIB	0x100000
#define ROUNDS	3

struct bench {
	struct keyring keys;
	struct export what;
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
	double mib = (double)(b->pages * OSTI_IMAGE_PAGE) / MIB;

	return seconds > 0 ? mib / seconds : 0;
}

/* Best of some rounds: the machine has other things to do, too. */
static bool measure_export(struct bench *b, unsigned int threads, double *best)
{
	struct export_result result;
	unsigned int i;
	int refusal;

	*best = 0;
	b->what.threads = threads;
	for (i = 0; i < ROUNDS; i++) {
		double start = now();
		double r;

		if (export_image(&b->keys, &b->what, &b->image, &result,
				 &refusal))
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
	uint64_t bytes = b->what.record.partition_bytes;
	struct import_error e;
	unsigned int i;

	*best = 0;
	for (i = 0; i < ROUNDS; i++) {
		double start = now();
		double r;

		import_free(&b->import);
		if (!import_front(&b->import, &b->image, 0, false, &e) ||
		    !import_manifest(&b->import, &b->keys, &e) ||
		    !import_chunks(&b->import, &b->keys.image, &b->back,
				   threads, &e))
			return false;
		r = rate(b, now() - start);
		if (r > *best)
			*best = r;
	}
	return !memcmp(b->back.memory, b->what.ram, bytes);
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

/* Compress what is in b->buf into place; returns how many bytes are sealed. */
static uint32_t measure_codec(struct bench *b, uint32_t plain, struct stages *s,
			      double *start)
{
	const struct image_packing *p = &b->what.packing;
	struct image_work *w = b->work;
	uint8_t *to = w->stored + OSTI_IMAGE_C_DATA;
	size_t n = 0;

	if (p->codec != OSTI_IMAGE_CODEC_RAW) {
		n = image_codec_pack(&w->codec, p->codec, p->level, b->buf,
				     plain, to, plain - 1);
		take(&s->compress, start);
	}
	if (n) {
		image_codec_unpack(&w->codec, p->codec, to, n, w->plain, plain);
		take(&s->decompress, start);
	}
	return OSTI_IMAGE_C_DATA + (n ? n : plain);
}

/* Each stage for one chunk after the other, as it is done for an image. */
static void measure_stages(struct bench *b, struct stages *s)
{
	const struct image_manifest *m = &b->import.manifest;
	uint64_t at = image_header_first(&b->import.header);
	struct image_work *w = b->work;
	struct image_chunk chunk;
	uint32_t i;

	memset(s, 0, sizeof(*s));
	for (i = 0; image_manifest_chunk(m, i, &chunk) == 0; i++) {
		uint32_t plain = chunk.pages * OSTI_IMAGE_PAGE;
		uint8_t digest[OSTI_IMAGE_HASH];
		double start;
		uint32_t n;

		/* It was opened by measure_import(), and is again. */
		image_chunk_open(&b->keys.image, w, m, i, b->image.memory + at,
				 chunk.stored);
		at += chunk.stored;
		memcpy(b->buf, w->pages, plain);

		start = now();
		image_chunk_id(&b->keys.image, b->buf, chunk.pages, chunk.id);
		take(&s->hash, &start);
		n = measure_codec(b, plain, s, &start);
		image_chunk_encrypt(&b->keys.image, w, n, digest);
		take(&s->cipher, &start);
	}
}

/* The whole against its slower stage; one that did nothing does not count. */
static double ratio(double whole, double a, double b)
{
	double slower = a > 0 && (b <= 0 || a < b) ? a : b;

	return slower > 0 ? whole / slower : 0;
}

static void report_bench(const struct bench *b, unsigned int threads)
{
	const struct image_packing *p = &b->what.packing;

	report_number("threads", threads);
	report_text("codec", options_codec(p->codec));
	if (p->codec == OSTI_IMAGE_CODEC_ZSTD)
		report_number("level", p->level);
	report_number("partition_mib", b->what.record.partition_bytes / MIB);
	report_number("pages", b->pages);
	report_number("image_bytes", image_header_total(&b->import.header));
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

	report_bench(b, threads);
	report_real("export_mib_s", export_all);
	report_real("import_mib_s", import_all);
	report_real("export_1_mib_s", export_one);
	report_real("import_1_mib_s", import_one);
	report_real("hash_mib_s", rate(b, s.hash));
	report_real("cipher_mib_s", rate(b, s.cipher));
	report_real("crypto_mib_s", crypto);
	report_real("compress_mib_s", compress);
	report_real("decompress_mib_s", decompress);
	report_real("export_ratio", ratio(export_all, crypto, compress));
	report_real("import_ratio", ratio(import_all, crypto, decompress));
	report_real("export_1_ratio", ratio(export_one, crypto, compress));
	report_real("import_1_ratio", ratio(import_one, crypto, decompress));
	return true;
}

static bool prepare(struct bench *b, bool generate)
{
	static const struct keyfile key = { .key = { 1 } };
	uint64_t bytes = b->what.record.partition_bytes;

	b->what.identity.slot = 1;
	b->what.identity.generation = 1;
	keyfile_derive(&key, b->what.identity.name, &b->keys);
	memcpy(b->what.identity.device, b->keys.device, OSTI_IMAGE_DEVICE);
	b->what.record.entry = OSTI_RAM_IPA;
	if (generate) {
		uint8_t *ram = map_memory(bytes);

		if (!ram)
			return false;
		fill(ram, bytes);
		b->what.ram = ram;
	}
	/* Every page stored as it is, in the most chunks. */
	b->image.bytes = OSTI_IMAGE_HEADER + IMAGE_TABLE_MAX(bytes) +
			 IMAGE_MANIFEST_MAX(bytes) + OSTI_IMAGE_TAG + bytes +
			 IMAGE_CHUNKS_MAX(bytes) *
			 (OSTI_IMAGE_C_DATA + OSTI_IMAGE_TAG);
	b->image.fd = -1;
	b->image.memory = map_memory(b->image.bytes);
	b->back.fd = -1;
	b->back.bytes = bytes;
	b->back.memory = map_memory(bytes);
	b->work = calloc(1, sizeof(*b->work));
	b->buf = malloc(IMAGE_CHUNK_PLAIN);
	return b->image.memory && b->back.memory && b->work && b->buf;
}

enum status command_bench(struct options *o, char *const *files)
{
	struct bench b = {
		.what.record.partition_bytes = o->mib * MIB,
		.what.packing = o->packing,
	};
	uint64_t *bytes = &b.what.record.partition_bytes;
	enum status status = FAILED;

	if (files[0]) {
		b.what.ram = command_map_ram(files[0], bytes);
		if (!b.what.ram)
			return FAILED;
	}
	if (!prepare(&b, !files[0]))
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
	if (b.what.ram)
		munmap((void *)b.what.ram, *bytes);
	return status;
}
