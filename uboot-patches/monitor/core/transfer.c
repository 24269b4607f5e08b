// SPDX-License-Identifier: GPL-2.0-only
/*
 * transfer.c - one image on its way out of a slot or into it
 *
 * One at a time: its memory is static, and a device has one store. The order
 * of stages is all the state there is.
 */
#include "transfer.h"

#include "arch.h"
#include "board.h"
#include "cpu.h"
#include "event.h"
#include "image_build.h"
#include "image_chunk.h"
#include "image_error.h"
#include "image_seal.h"
#include "log.h"
#include "nv.h"
#include "partition.h"
#include "platform.h"
#include "slot.h"
#include "string.h"

enum stage {
	STAGE_NONE,
	/* Export */
	STAGE_SCAN,		/* pages are hashed and cut */
	STAGE_CHUNKS,		/* the table is known */
	STAGE_SEAL,		/* all chunks are made or had */
	STAGE_SEALED,		/* header and manifest can be read */
	/* Import */
	STAGE_MANIFEST,		/* it is being copied in */
	STAGE_OPEN,		/* it is being decrypted and checked */
	STAGE_PLACE,		/* it is genuine; chunks are wanted */
};

/* The largest partition that the device can have, as far as images go. */
#define RAM_BYTES	(CONFIG_OSTI_RAM_MIB * 1024ULL * 1024)
#define LARGEST \
	(RAM_BYTES < OSTI_IMAGE_PARTITION_MAX ? RAM_BYTES : \
	 OSTI_IMAGE_PARTITION_MAX)
#define LARGEST_PAGES	(LARGEST / OSTI_IMAGE_PAGE)
#define LARGEST_CHUNKS	(LARGEST_PAGES / OSTI_IMAGE_CHUNK_MIN + \
			 LARGEST / OSTI_IMAGE_SEGMENT + 1)
#define LARGEST_MANIFEST \
	(OSTI_IMAGE_M_FIXED + GICV3_IMAGE_BYTES + LARGEST_PAGES / 8 + \
	 LARGEST_CHUNKS * OSTI_IMAGE_T_ENTRY)

static struct {
	enum stage stage;
	struct context *slot;
	struct image_keys keys;
	struct image_header header;
	struct image_seal seal;
	struct image_manifest manifest;
	/* Export */
	struct image_build build;
	struct image_segment segment;
	uint64_t head_read;	/* bytes of header and manifest given away */
	/* Import */
	uint64_t written;	/* bytes of the manifest that are here */
	uint64_t missing;	/* chunks */
	uint8_t placed[LARGEST_CHUNKS / 8 + 1];
} t;

/* The manifest, plain or sealed, and the file's header before it. */
static uint8_t head[OSTI_IMAGE_HEADER];
static uint8_t body[LARGEST_MANIFEST + OSTI_IMAGE_TAG]
	__attribute__((aligned(8)));
static struct image_work work;

void transfer_init(void)
{
	memset(&t, 0, sizeof(t));
}

bool transfer_active(void)
{
	return t.stage != STAGE_NONE;
}

bool transfer_is_export(void)
{
	return t.stage >= STAGE_SCAN && t.stage <= STAGE_SEALED;
}

static uint8_t *ram(void)
{
	return arch_phys(t.slot->base, t.slot->size);
}

/* Keys and plain text of the slot go. */
static void forget(void)
{
	image_crypto_wipe(&t, sizeof(t));
	image_crypto_wipe(body, sizeof(body));
	image_crypto_wipe(&work, sizeof(work));
}

static void begin(struct context *slot, enum stage stage)
{
	uint8_t slot_key[OSTI_IMAGE_HASH];

	image_keys_slot(nv_root_key(), (const uint8_t *)slot->name, slot_key);
	image_keys_derive(slot_key, &t.keys);
	image_crypto_wipe(slot_key, sizeof(slot_key));
	t.slot = slot;
	t.stage = stage;
}

/* Only one, and none while a slot is filled: the window is not watched. */
static bool is_free(void)
{
	return t.stage == STAGE_NONE && !slot_any(OSTI_SLOT_LOADING);
}

static void identify(const struct context *slot, uint64_t generation,
		     struct image_identity *id)
{
	memset(id, 0, sizeof(*id));
	id->slot = slot->id;
	id->generation = generation;
	memcpy(id->name, slot->name, sizeof(id->name));
	image_keys_device(nv_root_key(), id->device);
}

void transfer_abort(void)
{
	struct context *slot = t.slot;
	bool import = !transfer_is_export();

	if (t.stage == STAGE_NONE)
		return;
	forget();
	if (import)
		partition_put(slot);
	ASSERT(slot_transition(slot, SLOT_EV_ABORT) == OSTI_OK);
	log_info("slot %u is %s again", slot->id, slot_state_name(slot->state));
}

bool transfer_wants_consent(const struct context *slot)
{
	/* What failed may have been over in a moment. */
	nv_mend();
	return nv_doubtful(slot->id);
}

/* A person agreed to what NV memory cannot take: @generation, 0 = not known. */
static void forfeit(const struct context *slot, uint64_t generation)
{
	nv_forfeit(slot->id);
	event_add(OSTI_EV_DROPPED, slot->id, generation, 0);
	log_warn("slot %u: no image of it is resumed until the device was off",
		 slot->id);
}

int64_t transfer_give_up(const struct context *slot, bool agreed)
{
	bool doubtful = transfer_wants_consent(slot);
	uint64_t generation = 0;
	enum nv_state state;
	int err = nv_generation(slot->id, &generation, &state);

	/* Where nothing can be resumed there is nothing to give up. */
	if (!doubtful && (err || state != NV_STORED))
		return OSTI_OK;
	if (doubtful || nv_consume(slot->id, generation)) {
		if (!agreed)
			return OSTI_E_AGREE;
		forfeit(slot, generation);
		return OSTI_OK;
	}
	event_add(OSTI_EV_DROPPED, slot->id, generation, 0);
	log_info("slot %u: its image %llu is given up", slot->id,
		 (unsigned long long)generation);
	return OSTI_OK;
}

/* ---- Export ---------------------------------------------------------------- */

/* The slot froze that many seconds ago by a clock that is not the monitor's. */
static uint64_t frozen_at(uint64_t saved_at)
{
	uint64_t ago = (arch_counter() - t.slot->frozen_at) /
		       arch_counter_hz();

	return saved_at > ago ? saved_at - ago : 0;
}

int64_t transfer_export(struct context *slot, uint64_t saved_at,
			uint64_t *generation)
{
	static uint8_t gic[GICV3_IMAGE_BYTES];
	struct image_info info = { 0 };
	int64_t ret;

	ret = slot_may(slot, SLOT_EV_EXPORT);
	if (ret)
		return ret;
	if (!is_free())
		return OSTI_E_STATE;
	if (slot->size > OSTI_IMAGE_PARTITION_MAX)
		return OSTI_E_INVALID;
	nv_mend();
	/*
	 * A number of its own, so that what an export leaves behind that never
	 * ends cannot be taken for the image that has the number later.
	 */
	if (nv_begin(slot->id, generation))
		return OSTI_E_HARDWARE;

	begin(slot, STAGE_SCAN);
	identify(slot, *generation, &t.header.identity);
	t.header.saved_at = saved_at;
	gicv3_image_write(&slot->gic, gic);
	info.partition_bytes = slot->size;
	info.entry = slot->resume.entry;
	info.arg = slot->resume.arg;
	info.cpu = slot->resume.cpu;
	info.frozen_at = frozen_at(saved_at);
	info.counter = slot->frozen_at;
	info.gic = gic;
	info.gic_bytes = sizeof(gic);
	platform_fingerprint(slot, info.platform);
	/* All of it is the monitor's own, and was checked when it came in. */
	ASSERT(image_build_begin(&t.build, &t.keys, ram(), &info, body,
				 sizeof(body)) == OSTI_IMAGE_OK);
	image_build_segment_begin(&t.segment, &t.build, 0);
	ASSERT(slot_transition(slot, SLOT_EV_EXPORT) == OSTI_OK);
	log_info("slot %u: image %llu begins", slot->id,
		 (unsigned long long)*generation);
	return OSTI_OK;
}

int64_t transfer_scan(uint32_t pages, struct transfer_scan *out)
{
	struct image_segment *s = &t.segment;

	if (t.stage != STAGE_SCAN)
		return OSTI_E_STATE;
	while (pages) {
		uint32_t before = s->page;
		int ret = image_build_segment_step(s, pages);

		pages -= s->page - before;
		if (ret == OSTI_IMAGE_AGAIN)
			break;
		if (s->nr + 1 == image_build_segments(&t.build)) {
			image_build_finish(&t.build);
			t.manifest = t.build.manifest;
			t.stage = STAGE_CHUNKS;
			out->looked_at = s->page;
			out->pages = t.manifest.pages;
			out->chunks = t.manifest.chunks;
			out->head_bytes = OSTI_IMAGE_HEADER +
					  t.manifest.bytes + OSTI_IMAGE_TAG;
			return OSTI_OK;
		}
		image_build_segment_begin(s, &t.build, s->nr + 1);
	}
	out->looked_at = s->page;
	return OSTI_AGAIN;
}

int64_t transfer_chunk(uint64_t index, uint8_t *buf, uint64_t room,
		       uint32_t *stored, uint8_t *codec)
{
	if (t.stage != STAGE_CHUNKS)
		return OSTI_E_STATE;
	if (index >= t.manifest.chunks)
		return OSTI_E_INVALID;
	ASSERT(!image_chunk_seal(&t.keys, &work, &t.manifest, index, ram(),
				 stored, codec));
	if (*stored > room)
		return OSTI_E_INVALID;
	memcpy(buf, work.stored, *stored);
	ASSERT(!image_build_set_stored(&t.build, index, *stored, *codec));
	return OSTI_OK;
}

int64_t transfer_have(uint64_t index, uint64_t stored, uint64_t codec)
{
	if (t.stage != STAGE_CHUNKS)
		return OSTI_E_STATE;
	if (index > UINT32_MAX || stored > UINT32_MAX || codec > UINT8_MAX)
		return OSTI_E_INVALID;
	return image_build_set_stored(&t.build, index, stored, codec) ?
	       OSTI_E_INVALID : OSTI_OK;
}

int64_t transfer_seal(size_t bytes, uint64_t *total)
{
	if (t.stage == STAGE_CHUNKS) {
		if (image_build_stored(&t.build, &t.header.chunks_bytes))
			return OSTI_E_STATE;
		ASSERT(!image_seal_begin(&t.seal, &t.keys, &t.header, head,
					 body, t.manifest.bytes));
		t.header.manifest_bytes = t.manifest.bytes + OSTI_IMAGE_TAG;
		t.stage = STAGE_SEAL;
	}
	if (t.stage != STAGE_SEAL)
		return OSTI_E_STATE;
	if (image_seal_step(&t.seal, bytes) == OSTI_IMAGE_AGAIN)
		return OSTI_AGAIN;
	t.stage = STAGE_SEALED;
	*total = image_header_total(&t.header);
	return OSTI_OK;
}

/* Copy what lies between two offsets of the image from one part of it. */
static void copy_part(uint64_t offset, uint8_t *buf, size_t bytes,
		      uint64_t part_at, const uint8_t *part, size_t part_bytes)
{
	uint64_t from = offset > part_at ? offset : part_at;
	uint64_t to = offset + bytes;

	if (to > part_at + part_bytes)
		to = part_at + part_bytes;
	if (from < to)
		memcpy(buf + (from - offset), part + (from - part_at),
		       to - from);
}

int64_t transfer_read(uint64_t offset, uint8_t *buf, size_t bytes)
{
	const uint64_t end = OSTI_IMAGE_HEADER + t.header.manifest_bytes;

	if (t.stage != STAGE_SEALED)
		return OSTI_E_STATE;
	if (offset > end || bytes > end - offset)
		return OSTI_E_INVALID;
	copy_part(offset, buf, bytes, 0, head, sizeof(head));
	copy_part(offset, buf, bytes, sizeof(head), body,
		  t.header.manifest_bytes);
	if (offset <= t.head_read && offset + bytes > t.head_read)
		t.head_read = offset + bytes;
	return OSTI_OK;
}

int64_t transfer_commit_export(void)
{
	struct context *slot = t.slot;
	const uint64_t generation = t.header.identity.generation;
	uint64_t total;

	if (t.stage != STAGE_SEALED ||
	    t.head_read < OSTI_IMAGE_HEADER + t.header.manifest_bytes)
		return OSTI_E_STATE;
	if (nv_store(slot->id, generation))
		return OSTI_E_HARDWARE;

	total = image_header_total(&t.header);
	forget();
	partition_put(slot);
	slot->frozen_at = 0;
	slot->version = 0;
	memset(&slot->origin, 0, sizeof(slot->origin));
	ASSERT(slot_transition(slot, SLOT_EV_COMMIT) == OSTI_OK);
	event_add(OSTI_EV_SAVED, slot->id, generation, total);
	log_info("slot %u: image %llu is stored, %llu bytes", slot->id,
		 (unsigned long long)generation, (unsigned long long)total);
	return OSTI_OK;
}

/* ---- Import ---------------------------------------------------------------- */

static int64_t refuse(const struct context *slot, uint64_t generation,
		      int error, uint64_t *why)
{
	event_add(OSTI_EV_REJECTED, slot->id, -error, generation);
	log_warn("slot %u: image %llu is refused: %s", slot->id,
		 (unsigned long long)generation, image_error_text(error));
	*why = -error;
	transfer_abort();
	return OSTI_E_IMAGE;
}

int64_t transfer_import(struct context *slot, const uint8_t *header,
			uint64_t *manifest_bytes, uint64_t *why)
{
	struct image_identity wanted;
	uint64_t generation;
	enum nv_state state;
	int64_t ret;
	int err;

	ret = slot_may(slot, SLOT_EV_IMPORT);
	if (ret)
		return ret;
	if (!is_free())
		return OSTI_E_STATE;
	nv_mend();
	/* What cannot be used up at the end need not be begun. */
	if (nv_generation(slot->id, &generation, &state) ||
	    nv_doubtful(slot->id))
		return OSTI_E_HARDWARE;

	memcpy(head, header, sizeof(head));
	err = image_header_parse(head, sizeof(head), &t.header);
	if (!err) {
		identify(slot, generation, &wanted);
		err = image_header_match(&t.header, &wanted);
	}
	if (!err && state != NV_STORED)
		err = OSTI_IMAGE_E_GENERATION;
	if (!err && t.header.manifest_bytes > sizeof(body))
		err = OSTI_IMAGE_E_SIZE;
	if (err)
		return refuse(slot, t.header.identity.generation, err, why);

	ret = partition_get(slot);
	if (ret)
		return ret;
	begin(slot, STAGE_MANIFEST);
	ASSERT(slot_transition(slot, SLOT_EV_IMPORT) == OSTI_OK);
	*manifest_bytes = t.header.manifest_bytes;
	return OSTI_OK;
}

int64_t transfer_write(uint64_t offset, const uint8_t *buf, size_t bytes)
{
	if (t.stage != STAGE_MANIFEST)
		return OSTI_E_STATE;
	if (offset < OSTI_IMAGE_HEADER ||
	    offset - OSTI_IMAGE_HEADER != t.written ||
	    bytes > t.header.manifest_bytes - t.written)
		return OSTI_E_INVALID;
	memcpy(body + t.written, buf, bytes);
	t.written += bytes;
	return OSTI_OK;
}

/* It is genuine. Is it possible, and is it for this device and slot? */
static int check_manifest(void)
{
	struct image_manifest *m = &t.manifest;
	uint8_t platform[OSTI_IMAGE_HASH];
	int err;

	err = image_manifest_parse(body,
				   t.header.manifest_bytes - OSTI_IMAGE_TAG,
				   t.header.chunks_bytes, m);
	if (err)
		return err;
	platform_fingerprint(t.slot, platform);
	err = image_manifest_match(m, t.slot->size, platform);
	if (err)
		return err;
	if (m->info.cpu >= cpu_count())
		return OSTI_IMAGE_E_RESUME;
	if (!gicv3_image_ok(m->info.gic, m->info.gic_bytes))
		return OSTI_IMAGE_E_GIC;
	ASSERT(m->chunks / 8 < sizeof(t.placed));
	return OSTI_IMAGE_OK;
}

static void all_placed(void)
{
	event_add(OSTI_EV_VERIFIED, t.slot->id,
		  t.header.identity.generation, 0);
}

int64_t transfer_open(size_t bytes, uint64_t *chunks, uint64_t *pages,
		      uint64_t *why)
{
	int err;

	if (t.stage == STAGE_MANIFEST) {
		if (t.written < t.header.manifest_bytes)
			return OSTI_E_STATE;
		err = image_open_begin(&t.seal, &t.keys, &t.header, head, body,
				       t.written);
		if (err)
			goto refused;
		t.stage = STAGE_OPEN;
	}
	if (t.stage != STAGE_OPEN)
		return OSTI_E_STATE;
	err = image_seal_step(&t.seal, bytes);
	if (err == OSTI_IMAGE_AGAIN)
		return OSTI_AGAIN;
	if (!err)
		err = check_manifest();
	if (err)
		goto refused;

	t.stage = STAGE_PLACE;
	t.missing = t.manifest.chunks;
	*chunks = t.manifest.chunks;
	*pages = t.manifest.pages;
	if (!t.missing)
		all_placed();
	return OSTI_OK;
refused:
	return refuse(t.slot, t.header.identity.generation, err, why);
}

/* The slot goes on with its caches off: what was placed must be in memory. */
static void flush_chunk(uint32_t index)
{
	struct image_chunk chunk;
	uint32_t page;

	ASSERT(!image_manifest_chunk(&t.manifest, index, &chunk));
	for (page = chunk.first; chunk.pages; chunk.pages--, page++) {
		page = image_manifest_next_page(&t.manifest, page);
		arch_cache_flush(t.slot->base +
				 (uint64_t)page * OSTI_IMAGE_PAGE,
				 OSTI_IMAGE_PAGE);
	}
}

int64_t transfer_place(uint64_t index, const uint8_t *buf, uint64_t bytes,
		       uint64_t *missing, uint64_t *why)
{
	int err;

	if (t.stage != STAGE_PLACE)
		return OSTI_E_STATE;
	if (index >= t.manifest.chunks)
		return OSTI_E_INVALID;
	err = image_chunk_open(&t.keys, &work, &t.manifest, index, buf, bytes);
	if (err)
		return refuse(t.slot, t.header.identity.generation, err, why);
	image_chunk_place(&work, &t.manifest, index, ram());
	flush_chunk(index);
	if (!(t.placed[index / 8] & 1U << index % 8)) {
		t.placed[index / 8] |= 1U << index % 8;
		if (!--t.missing)
			all_placed();
	}
	*missing = t.missing;
	return OSTI_OK;
}

int64_t transfer_commit_import(void)
{
	const struct image_info *info = &t.manifest.info;
	struct context *slot = t.slot;
	const uint64_t generation = t.header.identity.generation;

	if (t.stage != STAGE_PLACE || t.missing)
		return OSTI_E_STATE;
	/* First, so that no cut of power lets it be resumed twice. */
	if (nv_consume(slot->id, generation))
		return OSTI_E_HARDWARE;

	slot->resume.entry = info->entry;
	slot->resume.arg = info->arg;
	slot->resume.cpu = info->cpu;
	gicv3_image_read(info->gic, &slot->gic);
	slot->frozen_at = arch_counter();
	slot->origin.fresh = true;
	slot->origin.generation = generation;
	slot->origin.counter = info->counter;
	slot->origin.saved_at = t.header.saved_at;
	/* The image does not tell by which statement its OS was started. */
	slot->version = 0;
	slot->tries = 0;
	memset(&slot->answer, 0, sizeof(slot->answer));
	forget();
	ASSERT(slot_transition(slot, SLOT_EV_COMMIT) == OSTI_OK);
	event_add(OSTI_EV_RESTORED, slot->id, generation, 0);
	log_info("slot %u: image %llu is used up, the slot is frozen", slot->id,
		 (unsigned long long)generation);
	return OSTI_OK;
}

/* ---- Both ------------------------------------------------------------------- */

int64_t transfer_table(uint64_t first, uint8_t *buf, uint64_t *entries)
{
	if (t.stage != STAGE_CHUNKS && t.stage != STAGE_PLACE)
		return OSTI_E_STATE;
	if (first > t.manifest.chunks)
		return OSTI_E_INVALID;
	if (*entries > t.manifest.chunks - first)
		*entries = t.manifest.chunks - first;
	memcpy(buf, t.manifest.table + first * OSTI_IMAGE_T_ENTRY,
	       *entries * OSTI_IMAGE_T_ENTRY);
	return OSTI_OK;
}
