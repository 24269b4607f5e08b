// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * command_fetch.c - the commands that read one backup of a repository
 *
 * All of it is opened on its way, also when it is only to be copied: what is
 * wrong is found while the repository is at hand.
 */
#include "commands.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "backup/download.h"
#include "diskfile.h"
#include "image_bytes.h"
#include "image_crypto.h"
#include "image_error.h"
#include "import.h"
#include "repodir.h"
#include "show.h"

/* What one thread works with. */
struct worker {
	struct image_work work;
	struct worker *next;
};

/* An image that comes in, chunk by chunk and in any order. */
struct arrival {
	struct image_sink sink;		/* first */
	const struct keyring *keys;
	struct file head;		/* in memory: header, table, manifest */
	struct import import;
	const struct file *out;		/* where the image goes, or NULL */
	struct diskfile disk;
	uint64_t *at;			/* where in it each chunk belongs */
	pthread_mutex_t lock;		/* of all below */
	struct worker *idle;
	struct import_error error;	/* the first */
	bool failed;
};

/* What the sink says of an error; details are kept. */
static int note(struct arrival *a, const struct import_error *e)
{
	pthread_mutex_lock(&a->lock);
	if (!a->failed)
		a->error = *e;
	a->failed = true;
	pthread_mutex_unlock(&a->lock);
	return e->refusal ? -EBADMSG : e->error;
}

/* The downloader gives the head piece by piece; it is in memory as a whole. */
static int take_header(struct image_sink *sink, const uint8_t *header)
{
	struct arrival *a = (struct arrival *)sink;
	struct import_error e;

	(void)header;
	return import_head(&a->import, &a->head, &e) ? 0 : note(a, &e);
}

static int place_chunks(struct arrival *a)
{
	const struct image_header *h = &a->import.header;
	uint64_t at = image_header_first(h);
	uint32_t i;

	a->at = malloc((h->chunks + 1) * sizeof(*a->at));
	if (!a->at)
		return -ENOMEM;
	for (i = 0; i < h->chunks; i++) {
		a->at[i] = at;
		at += image_get32(a->import.table +
				  (size_t)i * OSTI_IMAGE_T_ENTRY +
				  OSTI_IMAGE_T_STORED);
	}
	return 0;
}

static int take_head(struct image_sink *sink, const uint8_t *buf, size_t bytes)
{
	struct arrival *a = (struct arrival *)sink;
	struct import_error e = { .chunk = -1 };

	(void)buf;
	(void)bytes;
	if (!import_manifest(&a->import, a->keys, &e))
		return note(a, &e);
	e.error = place_chunks(a);
	if (!e.error && a->out)
		e.error = file_write(a->out, a->head.memory, a->head.bytes, 0);
	return e.error ? note(a, &e) : 0;
}

/* As many as threads; with secrets in them, so they are kept, not freed. */
static struct worker *worker_get(struct arrival *a)
{
	struct worker *w;

	pthread_mutex_lock(&a->lock);
	w = a->idle;
	if (w)
		a->idle = w->next;
	pthread_mutex_unlock(&a->lock);
	return w ? w : malloc(sizeof(*w));
}

static void worker_put(struct arrival *a, struct worker *w)
{
	pthread_mutex_lock(&a->lock);
	w->next = a->idle;
	a->idle = w;
	pthread_mutex_unlock(&a->lock);
}

static int take_chunk(struct image_sink *sink, uint32_t index,
		      const uint8_t *buf, size_t bytes)
{
	struct arrival *a = (struct arrival *)sink;
	struct import_error e = { .chunk = index };
	struct worker *w = worker_get(a);

	if (!w) {
		e.error = -ENOMEM;
		return note(a, &e);
	}
	e.refusal = image_chunk_open(&a->keys->image, &w->work,
				     &a->import.manifest, index, buf, bytes);
	worker_put(a, w);
	if (!e.refusal && a->out)
		e.error = file_write(a->out, buf, bytes, a->at[index]);
	return e.refusal || e.error ? note(a, &e) : 0;
}

/* The file is the command's, and so is what becomes of it. */
static int finish(struct image_sink *sink)
{
	(void)sink;
	return 0;
}

static void give_up(struct image_sink *sink)
{
	(void)sink;
}

static void arrival_begin(struct arrival *a, const struct backup *b,
			  const struct keyring *keys, const struct file *out,
			  const struct file *disk)
{
	memset(a, 0, sizeof(*a));
	pthread_mutex_init(&a->lock, NULL);
	a->sink = (struct image_sink){
		.begin = take_header,
		.head = take_head,
		.chunk = take_chunk,
		.check = finish,
		.commit = finish,
		.abort = give_up,
		.disk = &a->disk.disk,
	};
	diskfile_begin(&a->disk, &a->import, disk);
	a->keys = keys;
	a->out = out;
	a->head.fd = -1;
	a->head.memory = (uint8_t *)b->info.head;
	a->head.bytes = b->info.head_bytes;
}

static void arrival_end(struct arrival *a)
{
	struct worker *w;

	while ((w = a->idle)) {
		a->idle = w->next;
		image_crypto_wipe(w, sizeof(*w));
		free(w);
	}
	import_free(&a->import);
	free(a->at);
	pthread_mutex_destroy(&a->lock);
}

static enum status report_arrival(const struct arrival *a,
				  const struct backup_fault *fault)
{
	int refusal = a->error.refusal;

	if (fault->code == BACKUP_E_REFUSED && refusal)
		return report_error(REFUSED, image_error_name(refusal),
				    "%s: %s (%s)", fault->message,
				    image_error_text(refusal),
				    image_error_name(refusal));
	return repodir_fault(fault);
}

static enum status show(const struct import *i)
{
	enum status status = show_front(i);

	if (status)
		return status;
	show_record(i);
	report_bool("authentic", true);
	return DONE;
}

static enum status read_backup(struct repodir *r, const struct options *o,
			       const char *name, const struct file *out,
			       const struct file *disk)
{
	struct download_options options = { .takers = o->threads };
	struct backup_fault fault;
	struct arrival a;
	struct backup b;
	enum status status;

	if (backups_load(&r->view, name, &b, &fault))
		return repodir_fault(&fault);
	if (disk && !b.info.disk.bytes) {
		backups_free(&b);
		return report_failed("backup %s has no disk", name);
	}
	arrival_begin(&a, &b, &r->keys, out, disk);
	if (download_run(&r->view, &b, &a.sink, &options, &fault))
		status = report_arrival(&a, &fault);
	else
		status = show(&a.import);
	arrival_end(&a);
	backups_free(&b);
	return status;
}

static enum status open_and_read(const struct options *o, char *const *files,
				 const struct file *out,
				 const struct file *disk)
{
	struct repodir r;
	enum status status;

	status = repodir_open(&r, o, files[0]);
	if (!status)
		status = read_backup(&r, o, files[1], out, disk);
	repodir_close(&r);
	return status;
}

enum status command_verify_backup(const struct options *o, char *const *files)
{
	enum status status;

	if (o->has_offset)
		return report_usage("--offset is for image files");
	status = open_and_read(o, files, NULL, NULL);
	return status ? status : report_end();
}

/* The image has its name when the disk has one, too. */
static enum status keep(struct file_new *out, struct file_new *disk)
{
	int error;

	error = disk ? file_commit(disk) : 0;
	if (error) {
		file_abort(out);
		return report_errno("write", disk->path, error);
	}
	error = file_commit(out);
	return error ? report_errno("write", out->path, error) : report_end();
}

static enum status fetch(struct options *o, char *const *files,
			 struct file_new *disk)
{
	struct file_new out;
	enum status status;
	int error;

	error = file_create(&out, o->out);
	if (error)
		status = report_errno("create", o->out, error);
	else
		status = open_and_read(o, files, &out.file,
				       disk ? &disk->file : NULL);
	if (!status)
		return keep(&out, disk);
	if (!error)
		file_abort(&out);
	if (disk)
		file_abort(disk);
	return status;
}

enum status command_fetch(struct options *o, char *const *files)
{
	struct file_new disk;
	int error;

	if (!o->disk)
		return fetch(o, files, NULL);
	error = file_create(&disk, o->disk);
	if (error)
		return report_errno("create", o->disk, error);
	return fetch(o, files, &disk);
}
