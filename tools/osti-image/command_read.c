// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * command_read.c - the commands that read an image
 */
#include "commands.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "image_crypto.h"
#include "import.h"
#include "keyfile.h"
#include "report.h"
#include "show.h"

/* How to read, and what to report. */
struct reading {
	const struct options *o;
	const char *path;
	struct file in;
	struct keyfile key;
	bool chunks;		/* open all of them */
	bool table;		/* show that, and nothing else */
	struct file_new *out;	/* where the pages go, or NULL */
};

static enum status report_import(const char *path, const struct import_error *e)
{
	if (e->refusal)
		return report_refused(path, e->refusal, e->chunk);
	return report_errno("read or write", path, e->error);
}

/* A store's partition is longer than its image. */
static bool must_end_with_file(const struct reading *r)
{
	struct stat st;

	return !r->o->has_offset && fstat(r->in.fd, &st) == 0 &&
	       S_ISREG(st.st_mode);
}

/* Everything that needs keys. */
static bool prove(const struct reading *r, struct import *i,
		  struct import_error *e)
{
	struct keyring keys;
	bool ok;

	keyfile_derive(&r->key, i->header.identity.name, &keys);
	ok = import_manifest(i, &keys, e);
	if (ok && r->chunks)
		ok = import_chunks(i, &keys.image,
				   r->out ? &r->out->file : NULL,
				   r->o->threads, e);
	image_crypto_wipe(&keys, sizeof(keys));
	return ok;
}

static enum status show(const struct reading *r, const struct import *i)
{
	bool opened = r->o->key_file;
	enum status status = DONE;

	if (r->table) {
		show_table(i, opened);
	} else {
		status = show_front(i);
		if (!status && opened)
			show_record(i);
	}
	/* As text a table is for programs: chunks and nothing else. */
	if (!status && (!r->table || report_is_json()))
		report_bool("authentic", opened);
	return status;
}

static enum status read_image(const struct reading *r)
{
	struct import_error e;
	struct import i;
	enum status status;
	bool ok;

	ok = import_front(&i, &r->in, r->o->offset, must_end_with_file(r), &e);
	if (ok)
		ok = r->o->key_file ? prove(r, &i, &e) : import_unproven(&i, &e);
	/* Zero pages behind the last one that is not. */
	if (ok && r->out &&
	    ftruncate(r->out->file.fd, i.record.partition_bytes)) {
		e = (struct import_error){ .error = -errno };
		ok = false;
	}
	status = ok ? show(r, &i) : report_import(r->path, &e);
	import_free(&i);
	return status;
}

static enum status read_command(struct reading *r)
{
	enum status status;
	int error;

	if (r->o->key_file && !keyfile_read(r->o->key_file, &r->key)) {
		keyfile_wipe(&r->key);
		return FAILED;
	}
	error = file_open(&r->in, r->path);
	if (error) {
		status = report_errno("open", r->path, error);
	} else {
		status = read_image(r);
		close(r->in.fd);
	}
	keyfile_wipe(&r->key);
	return status;
}

enum status command_inspect(struct options *o, char *const *files)
{
	struct reading r = { .o = o, .path = files[0] };
	enum status status = read_command(&r);

	return status ? status : report_end();
}

enum status command_table(struct options *o, char *const *files)
{
	struct reading r = { .o = o, .path = files[0], .table = true };
	enum status status = read_command(&r);

	return status ? status : report_end();
}

enum status command_verify(struct options *o, char *const *files)
{
	struct reading r = { .o = o, .path = files[0], .chunks = true };
	enum status status;

	if (files[1])
		return command_verify_backup(o, files);
	if (o->identity.name[0])
		return report_usage("--name is for repositories: an image says itself whose it is");
	status = read_command(&r);
	return status ? status : report_end();
}

enum status command_unpack(struct options *o, char *const *files)
{
	struct file_new out;
	struct reading r = {
		.o = o, .path = files[0], .chunks = true, .out = &out
	};
	enum status status;
	int error;

	error = file_create(&out, o->out);
	if (error)
		return report_errno("create", o->out, error);
	status = read_command(&r);
	if (status) {
		file_abort(&out);
		return status;
	}
	error = file_commit(&out);
	return error ? report_errno("write", o->out, error) : report_end();
}
