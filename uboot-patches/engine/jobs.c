// SPDX-License-Identifier: GPL-2.0-only
/*
 * jobs.c - carry out the jobs of engine_abi.h
 *
 * An OS freezes and goes on with its caches off, so what it wrote may be in
 * memory while the cache has something older. Before a page is looked at for the
 * first time, its lines go; after it was placed, they go again. That is done for
 * a segment at once, and not again for its chunks: nobody writes to a
 * partition between the two, so what the cache has then, memory has too.
 */
#include "jobs.h"

#include "image_seal.h"
#include "string.h"

/* Nothing lies where something else does. */
_Static_assert(ENGINE_CODE_BYTES <= ENGINE_BSS &&
	       ENGINE_BSS + ENGINE_BSS_BYTES <= ENGINE_DESK &&
	       ENGINE_DESK < ENGINE_RECORD && ENGINE_RECORD < ENGINE_WORKER(0) &&
	       ENGINE_WORKER(ENGINE_WORKERS) <= ENGINE_RING(0),
	       "the engine's memory is laid out in this order");

void engine_view_init(struct engine_view *view, struct engine_state *state,
		      uint8_t *ram, uint8_t *partition, unsigned int worker)
{
	view->state = state;
	view->desk = (void *)(ram + ENGINE_DESK);
	view->work = (void *)(ram + ENGINE_WORKER(worker) + ENGINE_STACK_BYTES);
	view->record = ram + ENGINE_RECORD;
	view->ring = ram + ENGINE_RING(0);
	view->table = ram + ENGINE_TABLE;
	view->manifest = ram + view->desk->manifest;
	view->partition = partition;
}

/* NULL: there is no such place. */
static uint8_t *place(const struct engine_view *view, uint64_t nr)
{
	return nr < ENGINE_RING_PLACES ? view->ring + nr * ENGINE_RING_BYTES :
					 NULL;
}

/* ---- Export ---------------------------------------------------------------- */

static int do_export(const struct engine_view *view, const uint64_t *in,
		     uint64_t *out)
{
	struct image_build *build = &view->state->build;
	int error;

	(void)in;
	error = image_build_begin(build, &view->desk->keys, view->partition,
				  view->record, view->desk->record_bytes,
				  view->manifest, view->table);
	if (!error)
		out[0] = image_build_segments(build);
	return error;
}

static int do_scan(const struct engine_view *view, const uint64_t *in,
		   uint64_t *out)
{
	struct image_build *build = &view->state->build;
	uint64_t bytes = OSTI_IMAGE_SEGMENT;
	uint64_t start;

	(void)out;
	if (in[0] >= image_build_segments(build))
		return OSTI_IMAGE_E_INDEX;
	start = in[0] * OSTI_IMAGE_SEGMENT;
	if (bytes > build->manifest.partition_bytes - start)
		bytes = build->manifest.partition_bytes - start;
	engine_cache_flush(view->partition + start, bytes);
	image_build_segment(build, in[0]);
	return OSTI_IMAGE_OK;
}

static int do_finish(const struct engine_view *view, const uint64_t *in,
		     uint64_t *out)
{
	struct image_build *build = &view->state->build;

	(void)in;
	image_build_finish(build);
	out[0] = build->manifest.pages;
	out[1] = build->manifest.chunks;
	out[2] = build->manifest.bytes + OSTI_IMAGE_TAG;
	return OSTI_IMAGE_OK;
}

static int do_chunk(const struct engine_view *view, const uint64_t *in,
		    uint64_t *out)
{
	struct image_build *build = &view->state->build;
	uint8_t *to = place(view, in[1]);
	uint8_t digest[OSTI_IMAGE_HASH];
	uint32_t stored;
	int error;

	if (in[0] >= build->manifest.chunks)
		return OSTI_IMAGE_E_INDEX;
	if (!to)
		return OSTI_IMAGE_E_SPACE;
	error = image_chunk_seal(&view->desk->keys, view->work,
				 &build->manifest, in[0], view->partition,
				 &view->desk->packing, &stored, digest);
	if (!error)
		error = image_build_set_stored(build, in[0], stored, digest);
	if (error)
		return error;
	memcpy(to, view->work->stored, stored);
	out[0] = stored;
	return OSTI_IMAGE_OK;
}

static int do_seal(const struct engine_view *view, const uint64_t *in,
		   uint64_t *out)
{
	const struct image_manifest *m = &view->state->build.manifest;
	uint64_t stored;
	int error;

	(void)in;
	error = image_build_stored(&view->state->build, &stored);
	if (!error)
		error = image_manifest_seal(&view->desk->keys, view->table,
					    (size_t)m->chunks *
					    OSTI_IMAGE_T_ENTRY,
					    view->manifest, m->bytes,
					    view->desk->manifest_id);
	if (!error)
		out[0] = stored;
	return error;
}

/* ---- Import ---------------------------------------------------------------- */

static int do_open(const struct engine_view *view, const uint64_t *in,
		   uint64_t *out)
{
	struct image_manifest *m = &view->state->opened;
	int error;

	if (in[0] > OSTI_IMAGE_MANIFEST_MAX + OSTI_IMAGE_TAG ||
	    in[1] > IMAGE_CHUNKS_MAX(OSTI_IMAGE_PARTITION_MAX))
		return OSTI_IMAGE_E_SIZE;
	error = image_manifest_open(&view->desk->keys, view->table,
				    in[1] * OSTI_IMAGE_T_ENTRY, view->manifest,
				    in[0], view->desk->manifest_id);
	if (!error)
		error = image_manifest_parse(view->manifest,
					     in[0] - OSTI_IMAGE_TAG,
					     view->table, in[1], in[2], m);
	/* Of one that is refused there are no chunks to be placed. */
	if (error)
		memset(m, 0, sizeof(*m));
	else
		out[0] = m->pages;
	return error;
}

/* Pages that lie one behind the other at once: each flush ends in a wait. */
static void flush_chunk(const struct engine_view *view,
			const struct image_chunk *chunk)
{
	const struct image_manifest *m = &view->state->opened;
	uint64_t first = chunk->first, page = first, next;
	unsigned int i;

	for (i = 1; i <= chunk->pages; i++, page = next) {
		next = image_manifest_next_page(m, page + 1);
		if (i < chunk->pages && next == page + 1)
			continue;
		engine_cache_flush(view->partition + first * OSTI_IMAGE_PAGE,
				   (page + 1 - first) * OSTI_IMAGE_PAGE);
		first = next;
	}
}

static int do_place(const struct engine_view *view, const uint64_t *in,
		    uint64_t *out)
{
	const struct image_manifest *m = &view->state->opened;
	const uint8_t *from = place(view, in[1]);
	struct image_chunk chunk;
	int error;

	(void)out;
	if (in[0] >= m->chunks)
		return OSTI_IMAGE_E_INDEX;
	if (!from)
		return OSTI_IMAGE_E_SPACE;
	/* It takes no other number than the table has, which was bounded. */
	error = image_chunk_open(&view->desk->keys, view->work, m, in[0], from,
				 in[2]);
	if (!error)
		error = image_manifest_chunk(m, in[0], &chunk);
	if (error)
		return error;
	image_chunk_place(view->work, m, in[0], view->partition);
	flush_chunk(view, &chunk);
	return OSTI_IMAGE_OK;
}

/* ---- Export of an image that is stored ------------------------------------- */

static int do_reseal(const struct engine_view *view, const uint64_t *in,
		     uint64_t *out)
{
	struct image_manifest *m = &view->state->opened;
	uint64_t stored;
	int error;

	(void)in;
	/* Nothing was opened. */
	if (!m->record)
		return OSTI_IMAGE_E_INDEX;
	error = image_manifest_set_record(m, view->record,
					  view->desk->record_bytes);
	if (!error)
		error = image_manifest_stored(m, &stored);
	if (!error)
		error = image_manifest_seal(&view->desk->keys, view->table,
					    (size_t)m->chunks *
					    OSTI_IMAGE_T_ENTRY,
					    view->manifest, m->bytes,
					    view->desk->manifest_id);
	if (!error) {
		out[0] = stored;
		out[1] = m->bytes + OSTI_IMAGE_TAG;
	}
	/* What is sealed cannot be read any more. */
	memset(m, 0, sizeof(*m));
	return error;
}

int engine_job(const struct engine_view *view, uint64_t op, uint64_t arg[3])
{
	static int (* const jobs[ENGINE_OPS])(const struct engine_view *view,
					      const uint64_t *in,
					      uint64_t *out) = {
		[ENGINE_OP_EXPORT] = do_export,
		[ENGINE_OP_SCAN] = do_scan,
		[ENGINE_OP_FINISH] = do_finish,
		[ENGINE_OP_CHUNK] = do_chunk,
		[ENGINE_OP_SEAL] = do_seal,
		[ENGINE_OP_OPEN] = do_open,
		[ENGINE_OP_PLACE] = do_place,
		[ENGINE_OP_RESEAL] = do_reseal,
	};
	const uint64_t in[3] = { arg[0], arg[1], arg[2] };

	memset(arg, 0, sizeof(in));
	if (op >= ENGINE_OPS || !jobs[op])
		return OSTI_IMAGE_E_INDEX;
	return jobs[op](view, in, arg);
}
