/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * report.h - what osti-image tells its user, as text or as one JSON object
 */
#ifndef REPORT_H
#define REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "image_manifest.h"
#include "image_record.h"
#include "repo_backup.h"
#include "status.h"

/* From now on everything is printed as JSON. */
void report_use_json(void);
bool report_is_json(void);

/* Errors; each returns the status to exit with. */
enum status report_usage(const char *format, ...)
	__attribute__((format(printf, 1, 2)));
/* what: what could not be done, to which file; error is a negative errno. */
enum status report_errno(const char *what, const char *path, int error);
enum status report_failed(const char *format, ...)
	__attribute__((format(printf, 1, 2)));
/* An error that has a short name, as those of images have. Returns status. */
enum status report_error(enum status status, const char *code,
			 const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* error is an OSTI_IMAGE_E_*; chunk is its number, or negative. */
enum status report_refused(const char *path, int error, int64_t chunk);

/* Results: a value of a name, in the order of the calls. */
void report_text(const char *name, const char *value);
void report_number(const char *name, uint64_t value);
void report_address(const char *name, uint64_t value);
void report_bool(const char *name, bool value);
void report_real(const char *name, double value);
void report_hex(const char *name, const uint8_t *bytes, size_t nr);
/* A name as abi.h has it; what is not printable becomes "?". */
void report_name(const char *name, const uint8_t *bytes, size_t nr);
/* Seconds since 1970; as text a date. */
void report_time(const char *name, uint64_t seconds);

/*
 * Of the same name again and again: an array of objects, which report_list()
 * begins, or lines. Those of chunks are nothing but their values, for other
 * programs; placed: also where its pages belong.
 */
void report_list(const char *name);
void report_chunk(const struct image_chunk *chunk, bool placed);
void report_attachment(const struct image_attachment *attachment);

/* What a store shows of a slot. */
struct report_slot {
	uint8_t id[REPO_SLOT];
	uint64_t backups;
	uint64_t packs;
	uint64_t bytes;		/* of all its objects */
};

/* Likewise, in the list "slots". */
void report_slot(const struct report_slot *s);

/*
 * Likewise, in the list "backups": one that was read, with how many of its packs and
 * segments are missing or have another size, or one that could not be read, and why.
 */
void report_backup(const char *name, const struct repo_backup *b,
		   uint32_t lacking);
void report_damage(const char *name, const char *why);

/* Print what was reported. Returns DONE, or FAILED. */
enum status report_end(void);

#endif /* REPORT_H */
