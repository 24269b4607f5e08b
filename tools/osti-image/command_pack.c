// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * command_pack.c - the command that makes an image
 */
#include "commands.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "export.h"
#include "image_crypto.h"
#include "image_manifest.h"
#include "keyfile.h"
#include "report.h"

uint8_t *command_map_ram(const char *path, uint64_t *bytes)
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
	if (!image_partition_ok(f.bytes)) {
		report_failed("%s is not the memory of a partition: its size must be a multiple of %u bytes, and no more than %d GiB",
			      path, OSTI_IMAGE_PARTITION_UNIT,
			      (int)(OSTI_IMAGE_PARTITION_MAX >> 30));
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

/* Write the image of what is mapped from path to the file that is wanted. */
static enum status write_image(const struct options *o, const char *path,
			       const struct keyring *keys,
			       const struct export *what)
{
	struct export_result result;
	struct file_new out;
	int refusal;
	int error;

	error = file_create(&out, o->out);
	if (error)
		return report_errno("create", o->out, error);
	error = export_image(keys, what, &out.file, &result, &refusal);
	if (error) {
		file_abort(&out);
		return refusal ? report_refused(path, refusal, -1) :
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

/* A root key says which device makes the image, a recovery key does not. */
static enum status name_device(const struct options *o,
			       const struct keyring *keys,
			       struct image_identity *id)
{
	if (keys->any_device && !o->has_device)
		return report_usage("pack needs --device: a recovery key does not say which device makes the image");
	if (!keys->any_device && o->has_device)
		return report_usage("--device is for recovery keys: a root key says itself which device it is");
	if (!keys->any_device)
		memcpy(id->device, keys->device, sizeof(id->device));
	return DONE;
}

static enum status pack(const struct options *o, const char *path,
			struct export *what)
{
	enum status status = FAILED;
	struct keyring keys;
	struct keyfile key;

	if (keyfile_read(o->key_file, &key)) {
		keyfile_derive(&key, o->identity.name, &keys);
		status = name_device(o, &keys, &what->identity);
		if (!status)
			status = write_image(o, path, &keys, what);
		image_crypto_wipe(&keys, sizeof(keys));
	}
	keyfile_wipe(&key);
	return status;
}

enum status command_pack(struct options *o, char *const *files)
{
	static uint8_t gic[OSTI_IMAGE_GIC_MAX];
	struct export what = {
		.identity = o->identity,
		.saved_at = o->saved_at,
		.record = o->record,
		.packing = o->packing,
		.threads = o->threads,
	};
	enum status status;
	uint8_t *ram;

	what.record.gic = gic;
	if (!read_gic(o->gic_file, gic, &what.record.gic_bytes))
		return FAILED;
	ram = command_map_ram(files[0], &what.record.partition_bytes);
	if (!ram)
		return FAILED;
	what.ram = ram;
	status = pack(o, files[0], &what);
	munmap(ram, what.record.partition_bytes);
	return status;
}
