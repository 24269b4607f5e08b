// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "export.h"
#include "image_crypto.h"
#include "import.h"
#include "keyfile.h"

static enum status report_import(const char *path, const struct import_error *e)
{
	if (e->refusal)
		return report_refused(path, e->refusal, e->chunk);
	return report_errno("read or write", path, e->error);
}

/* A store's partition is longer than its image. */
static bool must_end_with_file(const struct options *o, const struct file *f)
{
	struct stat st;

	return !o->has_offset && fstat(f->fd, &st) == 0 && S_ISREG(st.st_mode);
}

static void report_header(const struct import *i)
{
	const struct image_header *h = &i->header;

	report_number("version", OSTI_IMAGE_VERSION);
	report_number("slot", h->identity.slot);
	report_name("name", h->identity.name, OSTI_NAME_LEN);
	report_hex("device", h->identity.device, OSTI_IMAGE_DEVICE);
	report_number("generation", h->identity.generation);
	report_time("saved_at", h->saved_at);
	report_number("file_bytes", image_header_total(h));
	report_number("manifest_bytes", h->manifest_bytes);
	report_number("chunks_bytes", h->chunks_bytes);
}

static void report_manifest(const struct import *i)
{
	const struct image_manifest *m = &i->manifest;

	report_number("partition_bytes", m->info.partition_bytes);
	report_number("pages", m->pages);
	report_number("chunks", m->chunks);
	if (m->pages)
		report_real("ratio", (double)image_header_total(&i->header) /
				     (double)(m->pages * OSTI_IMAGE_PAGE));
	report_time("frozen_at", m->info.frozen_at);
	report_number("counter", m->info.counter);
	report_address("entry", m->info.entry);
	report_address("arg", m->info.arg);
	report_number("cpu", m->info.cpu);
	report_hex("platform", m->info.platform, OSTI_IMAGE_HASH);
	report_number("gic_bytes", m->info.gic_bytes);
}

static void report_chunks(const struct image_manifest *m)
{
	struct image_chunk chunk;
	uint32_t i;

	for (i = 0; image_manifest_chunk(m, i, &chunk) == 0; i++)
		report_chunk("chunk", &chunk);
}

/* Derive the keys for the image and open its manifest. */
static bool open_manifest(struct import *i, const uint8_t *root,
			  struct image_keys *keys, struct import_error *e)
{
	uint8_t device[OSTI_IMAGE_DEVICE];

	keyfile_derive(root, i->header.identity.name, keys, device);
	if (memcmp(device, i->header.identity.device, sizeof(device))) {
		*e = (struct import_error){
			.refusal = OSTI_IMAGE_E_DEVICE, .chunk = -1
		};
		return false;
	}
	return import_manifest(i, keys, e);
}

/* All that reads an image: how far it goes says the command. */
static enum status read_image(const struct options *o, const struct file *in,
			      const uint8_t *root, struct file_new *out)
{
	struct import_error e;
	struct image_keys keys;
	struct import i;
	bool ok;

	ok = import_header(&i, in, o->offset, must_end_with_file(o, in), &e);
	if (ok && root)
		ok = open_manifest(&i, root, &keys, &e);
	if (ok && o->command != COMMAND_INSPECT)
		ok = import_chunks(&i, &keys, out ? &out->file : NULL,
				   o->threads, &e);
	image_crypto_wipe(&keys, sizeof(keys));
	/* Zero pages behind the last one that is not. */
	if (ok && out &&
	    ftruncate(out->file.fd, i.manifest.info.partition_bytes)) {
		e = (struct import_error){ .error = -errno };
		ok = false;
	}
	if (ok) {
		report_header(&i);
		if (root)
			report_manifest(&i);
		report_bool("authentic", root);
		if (o->chunks)
			report_chunks(&i.manifest);
	}
	import_free(&i);
	return ok ? STATUS_OK : report_import(o->file, &e);
}

static enum status read_command(const struct options *o, struct file_new *out)
{
	uint8_t root[OSTI_IMAGE_HASH];
	enum status status;
	struct file in;
	int error;

	if (o->key_file && !keyfile_read(o->key_file, root))
		return STATUS_FAILED;
	error = file_open(&in, o->file);
	if (error) {
		status = report_errno("open", o->file, error);
	} else {
		status = read_image(o, &in, o->key_file ? root : NULL, out);
		close(in.fd);
	}
	image_crypto_wipe(root, sizeof(root));
	return status;
}

enum status command_inspect(const struct options *o)
{
	enum status status = read_command(o, NULL);

	return status ? status : report_end();
}

enum status command_verify(const struct options *o)
{
	return command_inspect(o);
}

enum status command_unpack(const struct options *o)
{
	enum status status;
	struct file_new out;
	int error;

	error = file_create(&out, o->out);
	if (error)
		return report_errno("create", o->out, error);
	status = read_command(o, &out);
	if (status) {
		file_abort(&out);
		return status;
	}
	error = file_commit(&out);
	return error ? report_errno("write", o->out, error) : report_end();
}

uint8_t *commands_map_ram(const char *path, uint64_t *bytes)
{
	struct file f;
	uint8_t *ram;
	int error;

	error = file_open(&f, path);
	if (error) {
		report_errno("open", path, error);
		return NULL;
	}
	*bytes = f.bytes;
	if (!image_manifest_max(f.bytes, 0)) {
		report_failed("%s is not the memory of a partition: its size must be a multiple of %u bytes, and no more than 4 GiB",
			      path, OSTI_IMAGE_PARTITION_UNIT);
		close(f.fd);
		return NULL;
	}
	ram = mmap(NULL, f.bytes, PROT_READ, MAP_PRIVATE, f.fd, 0);
	error = -errno;
	close(f.fd);
	if (ram != MAP_FAILED)
		return ram;
	report_errno("map", path, error);
	return NULL;
}

static bool read_gic(const char *path, uint8_t *gic, uint32_t *bytes)
{
	struct file f;
	int error;

	*bytes = 0;
	if (!path)
		return true;
	error = file_open(&f, path);
	if (error) {
		report_errno("open", path, error);
		return false;
	}
	if (f.bytes > OSTI_IMAGE_GIC_MAX) {
		report_failed("%s is too long: at most %d bytes", path,
			      OSTI_IMAGE_GIC_MAX);
		close(f.fd);
		return false;
	}
	error = file_read(&f, gic, f.bytes, 0);
	close(f.fd);
	*bytes = f.bytes;
	if (error)
		report_errno("read", path, error);
	return !error;
}

static enum status pack(const struct options *o, const uint8_t *root,
			const struct image_info *info, const uint8_t *ram)
{
	struct image_header header = { .identity = o->identity };
	struct export_result result;
	struct image_keys keys;
	struct file_new out;
	int refusal;
	int error;

	header.saved_at = o->saved_at;
	keyfile_derive(root, o->identity.name, &keys, header.identity.device);
	error = file_create(&out, o->out);
	if (error) {
		image_crypto_wipe(&keys, sizeof(keys));
		return report_errno("create", o->out, error);
	}
	error = export_image(&keys, &header, info, ram, &out.file, o->threads,
			     &result, &refusal);
	image_crypto_wipe(&keys, sizeof(keys));
	if (error) {
		file_abort(&out);
		return refusal ? report_refused(o->file, refusal, -1) :
				 report_errno("write", o->out, error);
	}
	error = file_commit(&out);
	if (error)
		return report_errno("write", o->out, error);
	report_number("file_bytes", result.bytes);
	report_number("pages", result.pages);
	report_number("chunks", result.chunks);
	return report_end();
}

enum status command_pack(const struct options *o)
{
	static uint8_t gic[OSTI_IMAGE_GIC_MAX];
	uint8_t root[OSTI_IMAGE_HASH];
	struct image_info info = o->info;
	enum status status;
	uint8_t *ram;

	info.gic = gic;
	if (!read_gic(o->gic_file, gic, &info.gic_bytes))
		return STATUS_FAILED;
	ram = commands_map_ram(o->file, &info.partition_bytes);
	if (!ram)
		return STATUS_FAILED;
	status = STATUS_FAILED;
	if (keyfile_read(o->key_file, root))
		status = pack(o, root, &info, ram);
	image_crypto_wipe(root, sizeof(root));
	munmap(ram, info.partition_bytes);
	return status;
}
