// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_jobs.c - whole images, made and opened by jobs of the image engine
 */
#include "rig.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* Two whole segments and half a one. */
#define BYTES		(40 * MIB)
#define SEED		0x95c1ba5e
#define WORKERS		4

/* Jobs of one kind, from 0 to count, each by whoever is free. */
struct crew {
	struct rig *rig;
	struct parts *parts;
	uint64_t op;
	uint64_t count;
	atomic_ulong next;
	atomic_uint failed;
};

struct hand {
	struct crew *crew;
	unsigned int worker;
};

/* Some order that is neither up nor down. */
static uint64_t number(const struct crew *crew, uint64_t i)
{
	const uint64_t other = i ^ 1;

	return crew->count - 1 - (other < crew->count ? other : i);
}

static int one_job(struct crew *crew, unsigned int worker, uint64_t nr)
{
	/* A place for each worker, so that nobody waits for one. */
	uint8_t *place = crew->rig->ram + ENGINE_RING(worker);
	uint64_t arg[3] = { nr, worker, 0 };
	int error;

	if (crew->op == ENGINE_OP_PLACE) {
		arg[2] = parts_stored(crew->parts, nr);
		memcpy(place, crew->parts->chunk[nr], arg[2]);
	}
	error = rig_worker_job(crew->rig, worker, crew->op, arg);
	if (!error && crew->op == ENGINE_OP_CHUNK) {
		crew->parts->chunk[nr] = malloc(arg[0]);
		memcpy(crew->parts->chunk[nr], place, arg[0]);
	}
	return error;
}

static void *work(void *arg)
{
	const struct hand *hand = arg;
	struct crew *crew = hand->crew;
	uint64_t i;

	while ((i = atomic_fetch_add(&crew->next, 1)) < crew->count)
		if (one_job(crew, hand->worker, number(crew, i)))
			atomic_fetch_add(&crew->failed, 1);
	return NULL;
}

static void all_jobs(struct rig *rig, struct parts *parts, uint64_t op,
		     uint64_t count)
{
	struct crew crew = {
		.rig = rig, .parts = parts, .op = op, .count = count,
	};
	struct hand hands[WORKERS];
	pthread_t threads[WORKERS];
	unsigned int i;

	for (i = 0; i < WORKERS; i++) {
		/* The last one too, which is the one behind no other. */
		hands[i] = (struct hand) { &crew, ENGINE_WORKERS - 1 - i };
		assert_int_equal(pthread_create(&threads[i], NULL, work,
						&hands[i]), 0);
	}
	for (i = 0; i < WORKERS; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(crew.failed, 0);
}

static void export_by_many(struct rig *rig, struct parts *parts)
{
	memset(parts, 0, sizeof(*parts));
	assert_int_equal(rig_job(rig, 0, ENGINE_OP_EXPORT, 1, 2, 3),
			 OSTI_IMAGE_OK);
	assert_int_equal(rig->result[0], 3);
	assert_int_equal(rig->result[1] | rig->result[2], 0);
	all_jobs(rig, parts, ENGINE_OP_SCAN, rig->result[0]);
	assert_int_equal(rig_job(rig, 0, ENGINE_OP_FINISH, 0, 0, 0),
			 OSTI_IMAGE_OK);
	parts->pages = rig->result[0];
	parts->chunks = rig->result[1];
	parts->manifest_bytes = rig->result[2];
	parts->chunk = calloc(parts->chunks, sizeof(*parts->chunk));
	assert_non_null(parts->chunk);
	all_jobs(rig, parts, ENGINE_OP_CHUNK, parts->chunks);
	rig_seal(rig, parts);
}

/* An import into memory that must be @memory then. */
static void import_by_many(struct parts *parts, const uint8_t *memory)
{
	struct rig rig;

	rig_init(&rig, BYTES, true);
	rig_load(&rig, parts);
	assert_int_equal(rig_open(&rig, parts), OSTI_IMAGE_OK);
	assert_int_equal(rig.result[0], parts->pages);
	assert_int_equal(rig.result[1] | rig.result[2], 0);
	all_jobs(&rig, parts, ENGINE_OP_PLACE, parts->chunks);
	assert_memory_equal(rig.memory, memory, BYTES);
	rig_free(&rig);
}

static uint64_t sum(const struct parts *parts)
{
	uint64_t i, bytes = 0;

	for (i = 0; i < parts->chunks; i++)
		bytes += parts_stored(parts, i);
	return bytes;
}

/*
 * Out by many in any order, in by many in any order: what was in memory behind
 * the cache is there again, and nobody can tell from the image who made it.
 */
static void test_there_and_back(void **state)
{
	struct parts by_many, by_one;
	struct rig rig;
	uint8_t *memory;
	uint64_t i;

	(void)state;
	rig_init(&rig, BYTES, false);
	rig_fill(&rig, SEED);
	export_by_many(&rig, &by_many);
	memory = rig.memory;
	rig.memory = NULL;
	rig_free(&rig);
	assert_in_range(by_many.chunks, 100, BYTES / PAGE);
	assert_int_equal(by_many.chunks_bytes, sum(&by_many));
	import_by_many(&by_many, memory);

	rig_init(&rig, BYTES, false);
	memcpy(rig.memory, memory, BYTES);
	rig_export(&rig, NULL, &by_one);
	rig_free(&rig);
	assert_int_equal(by_one.pages, by_many.pages);
	assert_int_equal(by_one.chunks, by_many.chunks);
	assert_int_equal(by_one.manifest_bytes, by_many.manifest_bytes);
	assert_memory_equal(by_one.id, by_many.id, sizeof(by_one.id));
	assert_memory_equal(by_one.manifest, by_many.manifest,
			    by_one.manifest_bytes);
	for (i = 0; i < by_one.chunks; i++)
		assert_memory_equal(by_one.chunk[i], by_many.chunk[i],
				    parts_stored(&by_one, i));
	parts_free(&by_one);
	parts_free(&by_many);
	free(memory);
}

/* Nothing in memory at all is an image too. */
static void test_empty(void **state)
{
	struct parts parts;
	struct rig rig;
	uint8_t *zero = calloc(1, BYTES);

	(void)state;
	rig_init(&rig, BYTES, false);
	rig_export(&rig, NULL, &parts);
	rig_free(&rig);
	assert_int_equal(parts.pages, 0);
	assert_int_equal(parts.chunks, 0);
	assert_int_equal(parts.chunks_bytes, 0);

	rig_init(&rig, BYTES, true);
	rig_load(&rig, &parts);
	assert_int_equal(rig_open(&rig, &parts), OSTI_IMAGE_OK);
	assert_memory_equal(rig.memory, zero, BYTES);
	rig_free(&rig);
	parts_free(&parts);
	free(zero);
}

static const uint8_t *chunk_of(const struct parts *from, const uint8_t *digest)
{
	uint64_t i;

	for (i = 0; i < from->chunks; i++)
		if (!memcmp(parts_digest(from, i), digest, OSTI_IMAGE_HASH))
			return from->chunk[i];
	fail_msg("a chunk is not in the older image");
	return NULL;
}

/* A later image of a slot, whose receiver has an older one. */
static void test_have(void **state)
{
	struct parts old, new;
	uint64_t i, made = 0;
	struct rig rig;
	uint8_t *memory;

	(void)state;
	rig_init(&rig, BYTES, false);
	rig_fill(&rig, SEED);
	rig_export(&rig, NULL, &old);
	memory = rig.memory;
	rig.memory = NULL;
	rig_free(&rig);

	/* Pages change, come and go. */
	memory[20 * MIB + 17] ^= 1;
	memory[5 * MIB] ^= 1;
	memset(memory + 30 * MIB, 0, MIB);
	rig_init(&rig, BYTES, false);
	memcpy(rig.memory, memory, BYTES);
	rig_export(&rig, &old, &new);
	rig_free(&rig);
	for (i = 0; i < new.chunks; i++) {
		uint32_t bytes = parts_stored(&new, i);

		if (new.chunk[i]) {
			made++;
			continue;
		}
		new.chunk[i] = malloc(bytes);
		memcpy(new.chunk[i], chunk_of(&old, parts_digest(&new, i)),
		       bytes);
	}
	assert_in_range(made, 1, 20);
	assert_int_equal(new.chunks_bytes, sum(&new));
	import_by_many(&new, memory);
	parts_free(&old);
	parts_free(&new);
	free(memory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_there_and_back),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_have),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
