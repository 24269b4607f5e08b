// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * transfer.c - the part of an upload that moves chunks and blocks
 */
#include "backup/transfer.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "backup/packer.h"
#include "repo_pack.h"

/* The store cannot be woken when a pack is full, so look that often. */
#define LOOK_MS 5

#define MAKERS_MAX 16

_Static_assert(REPO_BLOCK + REPO_BLOCK_TAG <= OSTI_IMAGE_STORED_MAX,
	       "a buffer for a chunk is one for a block");

struct transfer {
	struct repository *repo;
	struct image_source *source;
	const struct upload_options *options;
	struct plan *plan;
	struct packer packer;
	struct transfer_counts *counts;
	struct backup_fault *fault;
	uint32_t done; /* that are in the repository */
	atomic_uint next;
	/* The packer's lock: */
	uint32_t found; /* that were there, or are zero */
	unsigned int makers;
	int source_error;
	uint32_t source_entry; /* of the plan, that it is about */
	/* Of the thread that sends: */
	unsigned int sending;
	int error;
};

bool transfer_interrupted(int error)
{
	return error == -ECANCELED || error == -ESTALE;
}

/* ---- Threads that make chunks ------------------------------------------------- */

static bool goes_on(struct transfer *t)
{
	bool ret;

	pthread_mutex_lock(&t->packer.lock);
	ret = !t->source_error && !t->packer.stopped && !t->packer.no_memory;
	pthread_mutex_unlock(&t->packer.lock);
	return ret;
}

static void source_failed(struct transfer *t, uint32_t nr, int error)
{
	pthread_mutex_lock(&t->packer.lock);
	if (!t->source_error) {
		t->source_error = error;
		t->source_entry = nr;
	}
	pthread_mutex_unlock(&t->packer.lock);
}

/* The next chunk or block that has to be made; false: none. */
static bool next_chunk(struct transfer *t, uint32_t *nr)
{
	while ((*nr = atomic_fetch_add(&t->next, 1)) < t->plan->entries) {
		enum plan_state state = t->plan->chunk[*nr].state;

		if (state == PLAN_WANTED || state == PLAN_MAYBE)
			return true;
	}
	return false;
}

/* It is the one that an upload that was interrupted has sent. */
static bool same(struct transfer *t, uint32_t nr, const uint8_t *buf,
		 size_t bytes)
{
	struct plan_chunk *c = &t->plan->chunk[nr];
	bool ret;

	pthread_mutex_lock(&t->packer.lock);
	ret = c->state == PLAN_MAYBE && c->stored == bytes &&
	      memcmp(c->tag, buf + bytes - PLAN_TAG, PLAN_TAG) == 0;
	if (ret) {
		c->state = PLAN_SHARED;
		t->found++;
	}
	pthread_mutex_unlock(&t->packer.lock);
	return ret;
}

static int make_chunk(struct transfer *t, uint32_t nr, uint8_t *buf)
{
	size_t bytes = 0;
	int error;

	error = t->source->chunk(t->source, nr, buf, OSTI_IMAGE_STORED_MAX,
				 &bytes);
	if (error)
		return error;
	if (bytes <= PLAN_TAG || bytes > OSTI_IMAGE_STORED_MAX)
		return -EPROTO;
	if (!same(t, nr, buf, bytes))
		packer_add(&t->packer, nr, buf, bytes);
	return 0;
}

/*
 * What was read of block @nr has this digest. Returns whether that is all: the
 * repository has it, or it is zero.
 */
static bool settle_block(struct transfer *t, uint32_t nr, const uint8_t *digest)
{
	uint8_t *said =
		disk_table_at(&t->plan->disk.table, nr - t->plan->chunks);
	struct plan_chunk *c = &t->plan->chunk[nr];
	bool zero = repo_disk_is_zero(digest);
	bool equal;

	pthread_mutex_lock(&t->packer.lock);
	equal = c->state == PLAN_MAYBE && memcmp(said, digest, REPO_KEY) == 0;
	if (!equal)
		plan_disk_changed(t->plan, nr);
	memcpy(said, digest, REPO_KEY);
	if (zero || equal) {
		c->state = zero ? PLAN_ZERO : PLAN_SHARED;
		t->found++;
	}
	pthread_mutex_unlock(&t->packer.lock);
	return zero || equal;
}

static int read_block(struct transfer *t, uint32_t nr, uint8_t *buf)
{
	struct image_disk *disk = t->source->disk;
	uint32_t block = nr - t->plan->chunks;
	uint32_t bytes = disk_table_bytes(&t->plan->disk.table, block);
	uint8_t digest[REPO_KEY];
	int error;

	error = disk->read(disk, disk_table_offset(block), buf, bytes);
	if (error)
		return error;
	repo_disk_hash(buf, bytes, digest);
	if (settle_block(t, nr, digest))
		return 0;
	repo_disk_seal(&t->repo->keys, digest, buf, bytes);
	packer_add(&t->packer, nr, buf, bytes + REPO_BLOCK_TAG);
	return 0;
}

static void *make(void *arg)
{
	struct transfer *t = arg;
	uint8_t *buf = malloc(OSTI_IMAGE_STORED_MAX);
	bool last;
	uint32_t nr;

	if (!buf)
		source_failed(t, 0, -ENOMEM);
	while (goes_on(t) && next_chunk(t, &nr)) {
		bool block = nr >= t->plan->chunks;
		int error = block ? read_block(t, nr, buf)
				  : make_chunk(t, nr, buf);

		if (error)
			source_failed(t, nr, error);
	}
	free(buf);
	/* The last to go closes the pack, before anybody takes it for gone. */
	pthread_mutex_lock(&t->packer.lock);
	last = t->makers == 1;
	if (!last)
		t->makers--;
	pthread_mutex_unlock(&t->packer.lock);
	if (!last)
		return NULL;
	packer_flush(&t->packer);
	pthread_mutex_lock(&t->packer.lock);
	t->makers--;
	pthread_cond_signal(&t->packer.ready);
	pthread_mutex_unlock(&t->packer.lock);
	return NULL;
}

/* ---- The thread that sends packs ----------------------------------------------- */

static void tell(struct transfer *t)
{
	struct progress p = {
		.phase = PROGRESS_TRANSFER,
		.total = t->plan->entries,
		.bytes_new = t->counts->bytes_new,
	};

	if (!t->options->progress)
		return;
	pthread_mutex_lock(&t->packer.lock);
	p.done = t->done + t->found;
	pthread_mutex_unlock(&t->packer.lock);
	t->options->progress(&p, t->options->progress_data);
}

static void sent(struct store_request *r, void *data)
{
	struct pack *pack = data;
	struct transfer *t = pack->owner;

	pack->sending = false;
	t->sending--;
	if (!r->status) {
		t->counts->bytes_new += pack->chunk_bytes;
		t->counts->packs++;
		t->done += pack->nr_chunks;
		tell(t);
	} else if (!t->error) {
		t->error = backup_fault_store(t->fault, r, "writing");
	}
	store_request_clear(r);
	packer_give(&t->packer, pack);
}

/*
 * It is noted before it is sent: the store may have all of it when this program
 * ends before the answer comes. What the store does not list is not believed.
 */
static void send(struct transfer *t, struct pack *pack)
{
	uint8_t id[REPO_KEY];

	/* The plan's packs move when makers add one. */
	pthread_mutex_lock(&t->packer.lock);
	memcpy(id, t->plan->pack[pack->number].id, REPO_KEY);
	plan_to_catalogue(t->plan, t->repo, pack->number, pack->chunks,
			  pack->nr_chunks);
	pthread_mutex_unlock(&t->packer.lock);
	repo_path_pack(t->repo->slot, id, pack->path);
	memset(&pack->request, 0, sizeof(pack->request));
	pack->request.op = STORE_PUT;
	pack->request.key = pack->path;
	pack->request.body = pack->buf;
	pack->request.body_bytes = pack->size;
	pack->request.done = sent;
	pack->request.data = pack;
	pack->owner = t;
	pack->sending = true;
	t->sending++;
	store_start(t->repo->store, &pack->request);
}

static void cancel(struct transfer *t)
{
	unsigned int i;

	packer_stop(&t->packer);
	for (i = 0; i < t->packer.nr; i++) {
		struct pack *pack = &t->packer.packs[i];

		if (!pack->sending)
			continue;
		store_cancel(t->repo->store, &pack->request);
		if (pack->sending && pack->request.finished)
			sent(&pack->request, pack);
	}
}

/*
 * Wait until a pack is full or the makers have gone, but not for longer than
 * somebody may want to know how it goes; true: they have gone.
 */
static bool wait_ready(struct transfer *t)
{
	struct timespec until;
	int error = 0;
	bool gone;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec++;
	pthread_mutex_lock(&t->packer.lock);
	while (t->makers && !t->packer.first && !t->packer.stopped &&
	       !t->packer.no_memory && !error)
		error = pthread_cond_timedwait(&t->packer.ready,
					       &t->packer.lock, &until);
	gone = !t->packer.first && !error;
	pthread_mutex_unlock(&t->packer.lock);
	return gone;
}

static void send_all(struct transfer *t)
{
	struct pack *pack;

	for (;;) {
		while (!t->error && (pack = packer_take(&t->packer)))
			send(t, pack);
		if (t->error) {
			cancel(t);
			return;
		}
		if (t->sending) {
			store_run(t->repo->store, LOOK_MS);
			continue;
		}
		if (wait_ready(t))
			return;
		tell(t);
	}
}

static unsigned int start_makers(struct transfer *t, pthread_t *threads)
{
	unsigned int wanted = t->options->makers ? t->options->makers
						 : UPLOAD_MAKERS;
	unsigned int nr = 0;

	if (wanted > MAKERS_MAX)
		wanted = MAKERS_MAX;
	/* This one counts until all are there, so that none is the last. */
	t->makers = 1;
	while (nr < wanted) {
		pthread_mutex_lock(&t->packer.lock);
		t->makers++;
		pthread_mutex_unlock(&t->packer.lock);
		if (pthread_create(&threads[nr], NULL, make, t) == 0) {
			nr++;
			continue;
		}
		pthread_mutex_lock(&t->packer.lock);
		t->makers--;
		pthread_mutex_unlock(&t->packer.lock);
		break;
	}
	return nr;
}

static int judge(struct transfer *t)
{
	if (t->error)
		return t->error;
	if (t->packer.no_memory || t->source_error == -ENOMEM)
		return backup_fault_memory(t->fault);
	if (transfer_interrupted(t->source_error))
		return backup_fault_set(
			t->fault, BACKUP_E_INTERRUPTED,
			"a person switched; nothing is lost, and what was sent counts next time");
	if (t->source_error && t->source_entry >= t->plan->chunks)
		return backup_fault_set(
			t->fault, BACKUP_E_SOURCE,
			"reading block %u of the slot's disk failed: %s",
			t->source_entry - t->plan->chunks,
			strerror(-t->source_error));
	if (t->source_error)
		return backup_fault_set(t->fault, BACKUP_E_SOURCE,
					"making the image failed: %s",
					strerror(-t->source_error));
	return BACKUP_OK;
}

static void run(struct transfer *t)
{
	pthread_t threads[MAKERS_MAX];
	unsigned int nr = start_makers(t, threads);
	unsigned int i;

	if (!nr) {
		t->error = backup_fault_memory(t->fault);
		return;
	}
	pthread_mutex_lock(&t->packer.lock);
	t->makers--;
	i = t->makers;
	pthread_mutex_unlock(&t->packer.lock);
	/* All were so fast that none was the last. */
	if (!i)
		packer_flush(&t->packer);
	send_all(t);
	for (i = 0; i < nr; i++)
		pthread_join(threads[i], NULL);
}

int transfer_run(struct repository *repo, struct image_source *source,
		 const struct upload_options *options, struct plan *plan,
		 struct transfer_counts *counts, struct backup_fault *fault)
{
	size_t pack_bytes = options->pack_bytes ? options->pack_bytes
						: REPO_PACK_BYTES;
	size_t memory = options->memory ? options->memory : UPLOAD_MEMORY;
	struct transfer t = {
		.repo = repo,
		.source = source,
		.options = options,
		.plan = plan,
		.counts = counts,
		.fault = fault,
	};
	unsigned int packs = (unsigned int)(memory / pack_bytes);
	uint32_t i;

	for (i = 0; i < plan->entries; i++)
		t.done += plan->chunk[i].state >= PLAN_SHARED;
	if (packer_begin(&t.packer, &repo->keys, plan, pack_bytes,
			 packs < 2 ? 2 : packs))
		run(&t);
	else
		t.error = backup_fault_memory(fault);
	packer_end(&t.packer);
	return judge(&t);
}
