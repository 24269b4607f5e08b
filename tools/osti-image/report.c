// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * report.c - what osti-image tells its user, as text or as one JSON object
 */
#include "report.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <osti/image.h>

#include "common/foreign_text.h"
#include "common/hex.h"
#include "image_error.h"

static bool use_json;
static json_t *results;

void report_use_json(void)
{
	use_json = true;
	results = json_object();
}

bool report_is_json(void)
{
	return use_json;
}

static void print_json(json_t *value)
{
	if (json_dumpf(value, stdout, JSON_INDENT(2)) < 0)
		fprintf(stderr, OSTI_TOOL ": cannot print JSON\n");
	putchar('\n');
	json_decref(value);
}

static void print_error(const char *code, int64_t chunk, const char *message)
{
	json_t *error;

	if (!use_json) {
		fflush(stdout);
		fprintf(stderr, OSTI_TOOL ": %s\n", message);
		return;
	}
	/* A path may have bytes that are not UTF-8. */
	error = json_pack("{s:s,s:s}", "code", code, "message", message);
	if (!error)
		error = json_pack("{s:s}", "code", code);
	if (chunk >= 0)
		json_object_set_new(error, "chunk", json_integer(chunk));
	print_json(json_pack("{s:o}", "error", error));
}

enum status report_error(enum status status, const char *code,
			 const char *format, ...)
{
	char message[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	print_error(code, -1, message);
	return status;
}

static void print_error_va(const char *code, const char *format, va_list args)
{
	char message[512];

	vsnprintf(message, sizeof(message), format, args);
	print_error(code, -1, message);
}

enum status report_usage(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print_error_va("usage", format, args);
	va_end(args);
	if (!use_json)
		fputs("Try '" OSTI_TOOL " --help'.\n", stderr);
	return USAGE;
}

enum status report_failed(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print_error_va("failed", format, args);
	va_end(args);
	return FAILED;
}

enum status report_errno(const char *what, const char *path, int error)
{
	return report_failed("cannot %s %s: %s", what, path, strerror(-error));
}

enum status report_refused(const char *path, int error, int64_t chunk)
{
	char message[512];

	if (chunk >= 0)
		snprintf(message, sizeof(message),
			 "%s: chunk %" PRId64 ": %s (%s)", path, chunk,
			 image_error_text(error), image_error_name(error));
	else
		snprintf(message, sizeof(message), "%s: %s (%s)", path,
			 image_error_text(error), image_error_name(error));
	print_error(image_error_name(error), chunk, message);
	return REFUSED;
}

static void check_memory(bool good)
{
	if (good)
		return;
	fprintf(stderr, OSTI_TOOL ": out of memory\n");
	exit(FAILED);
}

static void add(const char *name, json_t *value)
{
	check_memory(!json_object_set_new(results, name, value));
}

void report_text(const char *name, const char *value)
{
	if (use_json)
		add(name, json_string(value));
	else
		printf("%-16s %s\n", name, value);
}

static json_t *number(uint64_t value)
{
	char text[32];

	/* JSON's integers are signed here. */
	if (value <= INT64_MAX)
		return json_integer((json_int_t)value);
	snprintf(text, sizeof(text), "%" PRIu64, value);
	return json_string(text);
}

void report_number(const char *name, uint64_t value)
{
	if (use_json)
		add(name, number(value));
	else
		printf("%-16s %" PRIu64 "\n", name, value);
}

void report_address(const char *name, uint64_t value)
{
	char text[32];

	snprintf(text, sizeof(text), "0x%" PRIx64, value);
	report_text(name, text);
}

void report_bool(const char *name, bool value)
{
	if (use_json)
		add(name, json_boolean(value));
	else
		report_text(name, value ? "yes" : "no");
}

void report_real(const char *name, double value)
{
	if (use_json)
		add(name, json_real(value));
	else
		printf("%-16s %.3f\n", name, value);
}

void report_hex(const char *name, const uint8_t *bytes, size_t nr)
{
	char text[2 * OSTI_IMAGE_HASH + 1];

	hex_encode(bytes, nr < OSTI_IMAGE_HASH ? nr : OSTI_IMAGE_HASH, text);
	report_text(name, text);
}

void report_name(const char *name, const uint8_t *bytes, size_t nr)
{
	char text[OSTI_NAME_LEN + 1] = "";
	size_t i;

	for (i = 0; i < nr && i < OSTI_NAME_LEN && bytes[i]; i++)
		text[i] = bytes[i] >= ' ' && bytes[i] < 0x7f ? bytes[i] : '?';
	report_text(name, text);
}

/* A time that no calendar has is a number. */
static void date_text(uint64_t seconds, char *text, size_t room)
{
	time_t t = (time_t)seconds;
	struct tm tm;

	if (seconds > INT64_MAX || !gmtime_r(&t, &tm) ||
	    !strftime(text, room, "%Y-%m-%d %H:%M:%S UTC", &tm))
		snprintf(text, room, "%" PRIu64, seconds);
}

void report_time(const char *name, uint64_t seconds)
{
	char text[64];

	if (use_json) {
		report_number(name, seconds);
		return;
	}
	date_text(seconds, text, sizeof(text));
	report_text(name, text);
}

void report_list(const char *name)
{
	if (use_json)
		add(name, json_array());
}

/* Add to a list. */
static void append(const char *name, json_t *item)
{
	check_memory(!json_array_append_new(json_object_get(results, name),
					    item));
}

void report_chunk(const struct image_chunk *chunk, bool placed)
{
	char id[2 * OSTI_IMAGE_HASH + 1], digest[2 * OSTI_IMAGE_HASH + 1];
	json_t *item;

	hex_encode(chunk->id, OSTI_IMAGE_HASH, id);
	hex_encode(chunk->digest, OSTI_IMAGE_HASH, digest);
	if (!use_json) {
		printf("%s %s %u", id, digest, chunk->stored);
		if (placed)
			printf(" %u %u", chunk->first, chunk->pages);
		putchar('\n');
		return;
	}
	item = json_pack("{s:s,s:s,s:o}", "id", id, "digest", digest, "stored",
			 number(chunk->stored));
	if (placed)
		check_memory(!json_object_set_new(item, "first",
						  number(chunk->first)) &&
			     !json_object_set_new(item, "pages",
						  number(chunk->pages)));
	append("chunk", item);
}

void report_attachment(const struct image_attachment *attachment)
{
	char digest[2 * OSTI_IMAGE_HASH + 1];

	hex_encode(attachment->digest, OSTI_IMAGE_HASH, digest);
	if (use_json)
		append("attachment",
		       json_pack("{s:o,s:o,s:s}", "kind",
				 number(attachment->kind), "bytes",
				 number(attachment->bytes), "digest", digest));
	else
		printf("%-16s %u %" PRIu64 " %s\n", "attachment",
		       attachment->kind, attachment->bytes, digest);
}

void report_slot(const struct report_slot *s)
{
	char id[2 * REPO_SLOT + 1];

	hex_encode(s->id, REPO_SLOT, id);
	if (use_json)
		append("slots",
		       json_pack("{s:s,s:o,s:o,s:o}", "id", id, "backups",
				 number(s->backups), "packs", number(s->packs),
				 "bytes", number(s->bytes)));
	else
		printf("%-16s %s %" PRIu64 " backups, %" PRIu64
		       " packs, %" PRIu64 " bytes\n",
		       "slots", id, s->backups, s->packs, s->bytes);
}

static const char *backup_kind(enum repo_backup_kind kind)
{
	return kind == REPO_PUSHED ? "push" : "backup";
}

/* Text of others may be no UTF-8, which is not a text for JSON. */
static json_t *text_of_others(const char *text)
{
	json_t *value = json_string(text);

	return value ? value : json_null();
}

static json_t *backup_as_json(const char *name, const struct repo_backup *b,
			      uint32_t lacking)
{
	char device[2 * REPO_DEVICE + 1];

	hex_encode(b->device, REPO_DEVICE, device);
	return json_pack("{s:s,s:o,s:s,s:o,s:o,s:o,s:o,s:o,s:o,s:s,s:o,s:o}", "id",
			 name, "time", number(b->time), "kind",
			 backup_kind(b->kind), "bytes",
			 number(image_header_total(&b->header)), "disk",
			 number(b->disk.bytes), "new",
			 number(b->bytes_new), "shared",
			 number(b->bytes_shared), "packs", number(b->packs),
			 "lacking", number(lacking), "device", device, "label",
			 text_of_others(b->label), "host",
			 text_of_others(b->host));
}

void report_backup(const char *name, const struct repo_backup *b,
		   uint32_t lacking)
{
	char label[REPO_LABEL + 1], host[REPO_HOST + 1];
	char date[64];

	if (use_json) {
		append("backups", backup_as_json(name, b, lacking));
		return;
	}
	date_text(b->time, date, sizeof(date));
	/* A courier wrote them, who may not be honest. */
	snprintf(label, sizeof(label), "%s", b->label);
	snprintf(host, sizeof(host), "%s", b->host);
	foreign_text_clean(label);
	foreign_text_clean(host);
	printf("%-16s %s %s, %s, %" PRIu64 " bytes, ", "backups", name, date,
	       backup_kind(b->kind), image_header_total(&b->header));
	if (b->disk.bytes)
		printf("disk of %" PRIu64 " bytes, ", b->disk.bytes);
	printf("%u packs, device %s, host %s\n", b->packs, label, host);
	if (lacking)
		printf("%-16s %s lacks %u of what it needs\n", "damage", name,
		       lacking);
}

void report_damage(const char *name, const char *why)
{
	if (use_json)
		append("backups", json_pack("{s:s,s:o}", "id", name, "damage",
					    text_of_others(why)));
	else
		printf("%-16s %s %s\n", "damage", name, why);
}

enum status report_end(void)
{
	if (use_json) {
		print_json(results);
		results = NULL;
	}
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, OSTI_TOOL ": cannot write: %s\n",
			strerror(errno));
		return FAILED;
	}
	return DONE;
}
