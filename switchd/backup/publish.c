// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * publish.c - from a plan that is carried out to what the repository says
 */
#include "backup/publish.h"

#include <stdlib.h>
#include <string.h>

#include "image_bytes.h"

/* Packs of the plan that are used, in the order of the list. */
struct numbering {
	uint32_t *sorted; /* numbers of the plan, by their ids */
	uint32_t nr;
	uint32_t *place; /* of the plan's number in the list */
};

/* The plan may have a pack several times: several backups had it. */
static bool number_packs(const struct plan *plan, struct numbering *n)
{
	uint32_t i, used = 0;

	n->place = calloc((size_t)plan->packs + 1, sizeof(*n->place));
	n->sorted = calloc((size_t)plan->packs + 1, sizeof(*n->sorted));
	if (!n->place || !n->sorted)
		return false;
	for (i = 0; i < plan->entries; i++)
		if (plan->chunk[i].state != PLAN_ZERO)
			n->place[plan->chunk[i].pack] = 1;
	for (i = 0; i < plan->packs; i++)
		if (n->place[i])
			n->sorted[used++] = i;
	qsort_r(n->sorted, used, sizeof(*n->sorted), plan_compare_packs,
		(void *)plan);
	for (i = 0; i < used; i++) {
		if (i && plan_compare_packs(&n->sorted[i], &n->sorted[i - 1],
					    (void *)plan) == 0) {
			n->place[n->sorted[i]] = n->nr - 1;
			continue;
		}
		n->place[n->sorted[i]] = n->nr;
		n->sorted[n->nr++] = n->sorted[i];
	}
	return true;
}

static bool write_lists(const struct plan *plan, const struct numbering *n,
			struct repo_backup *info)
{
	uint8_t *list = calloc((size_t)n->nr + 1, REPO_PACK_ENTRY);
	uint8_t *places = calloc((size_t)plan->chunks + 1, REPO_PLACE);
	uint32_t i;

	info->pack_list = list;
	info->places = places;
	if (!list || !places)
		return false;
	info->packs = n->nr;
	for (i = 0; i < n->nr; i++) {
		const struct plan_pack *p = &plan->pack[n->sorted[i]];

		repo_pack_list_put(list, i, p->id, p->bytes);
	}
	for (i = 0; i < plan->chunks; i++) {
		image_put32(places, n->place[plan->chunk[i].pack]);
		image_put32(places + 4, plan->chunk[i].offset);
		places += REPO_PLACE;
	}
	return true;
}

/* The segments are there by now. */
static bool write_disk(const struct plan *plan, struct repo_backup_disk *disk)
{
	uint8_t *list = calloc((size_t)plan->disk.segments + 1, REPO_KEY);
	uint32_t i;

	disk->segment_list = list;
	if (!list)
		return false;
	disk->bytes = plan->disk.table.bytes;
	disk->segments = plan->disk.segments;
	disk_table_digest(&plan->disk.table, disk->digest);
	for (i = 0; i < plan->disk.segments; i++)
		memcpy(list + (size_t)i * REPO_KEY, plan->disk.segment[i].id,
		       REPO_KEY);
	return true;
}

/* Is it of the image that was planned, as it was made? */
static bool head_ok(const struct plan *plan, const uint8_t *head, size_t bytes,
		    struct image_header *header)
{
	const uint8_t *entry = head + OSTI_IMAGE_HEADER;
	uint32_t i;

	if (image_header_parse(head, bytes, header) ||
	    header->chunks != plan->chunks ||
	    image_header_first(header) != bytes)
		return false;
	for (i = 0; i < plan->chunks; i++, entry += OSTI_IMAGE_T_ENTRY) {
		size_t at = (size_t)i * OSTI_IMAGE_T_ENTRY;

		if (memcmp(entry, plan->table + at, OSTI_IMAGE_HASH) != 0 ||
		    image_get32(entry + OSTI_IMAGE_T_STORED) !=
			    plan->chunk[i].stored)
			return false;
	}
	return true;
}

int publish_make(const struct plan *plan, const uint8_t *head,
		 size_t head_bytes, struct repo_backup *info,
		 struct backup_fault *fault)
{
	struct numbering n = { 0 };
	bool ok;

	info->pack_list = NULL;
	info->places = NULL;
	memset(&info->disk, 0, sizeof(info->disk));
	if (!head_ok(plan, head, head_bytes, &info->header))
		return backup_fault_set(
			fault, BACKUP_E_SOURCE,
			"the image's table does not fit its chunks: it changed while it was made; repeat the backup");
	info->head = head;
	info->head_bytes = head_bytes;
	ok = number_packs(plan, &n) && write_lists(plan, &n, info);
	if (ok && plan->disk.table.bytes)
		ok = write_disk(plan, &info->disk);
	free(n.place);
	free(n.sorted);
	return ok ? BACKUP_OK : backup_fault_memory(fault);
}

void publish_free(struct repo_backup *info)
{
	free((void *)info->pack_list);
	free((void *)info->places);
	free((void *)info->disk.segment_list);
	info->pack_list = NULL;
	info->places = NULL;
	info->disk.segment_list = NULL;
}
