// SPDX-License-Identifier: GPL-2.0-or-later
#include "report.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <osti/image.h>

#include "image_error.h"

#define PROGRAM	"osti-image"

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
		fprintf(stderr, PROGRAM ": cannot print JSON\n");
	putchar('\n');
	json_decref(value);
}

static void print_error(const char *code, int64_t chunk, const char *message)
{
	json_t *error;

	if (!use_json) {
		fflush(stdout);
		fprintf(stderr, PROGRAM ": %s\n", message);
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
		fputs("Try '" PROGRAM " --help'.\n", stderr);
	return STATUS_USAGE;
}

enum status report_failed(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print_error_va("failed", format, args);
	va_end(args);
	return STATUS_FAILED;
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
	return STATUS_REFUSED;
}

static void add(const char *name, json_t *value)
{
	if (json_object_set_new(results, name, value)) {
		fprintf(stderr, PROGRAM ": out of memory\n");
		exit(STATUS_FAILED);
	}
}

void report_text(const char *name, const char *value)
{
	if (use_json)
		add(name, json_string(value));
	else
		printf("%-16s %s\n", name, value);
}

void report_number(const char *name, uint64_t value)
{
	char text[32];

	/* JSON's integers are signed here. */
	if (use_json && value <= INT64_MAX) {
		add(name, json_integer((json_int_t)value));
		return;
	}
	snprintf(text, sizeof(text), "%" PRIu64, value);
	report_text(name, text);
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
	char text[2 * OSTI_IMAGE_HASH + 1] = "";
	size_t i;

	for (i = 0; i < nr && i < OSTI_IMAGE_HASH; i++)
		snprintf(text + 2 * i, 3, "%02x", bytes[i]);
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

void report_time(const char *name, uint64_t seconds)
{
	time_t t = (time_t)seconds;
	char text[64];
	struct tm tm;

	if (!use_json && seconds <= INT64_MAX && gmtime_r(&t, &tm) &&
	    strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S UTC", &tm))
		report_text(name, text);
	else
		report_number(name, seconds);
}

void report_chunk(const char *name, const struct image_chunk *chunk)
{
	char id[2 * OSTI_IMAGE_HASH + 1];
	json_t *array;
	size_t i;

	for (i = 0; i < OSTI_IMAGE_HASH; i++)
		snprintf(id + 2 * i, 3, "%02x", chunk->id[i]);
	if (!use_json) {
		printf("%-16s %s %u %u %u %u\n", name, id, chunk->first,
		       chunk->pages, chunk->codec, chunk->stored);
		return;
	}
	array = json_object_get(results, name);
	if (!array) {
		array = json_array();
		add(name, array);
	}
	if (json_array_append_new(array, json_pack("{s:s,s:i,s:i,s:i,s:i}",
						   "id", id,
						   "first", chunk->first,
						   "pages", chunk->pages,
						   "codec", chunk->codec,
						   "stored", chunk->stored))) {
		fprintf(stderr, PROGRAM ": out of memory\n");
		exit(STATUS_FAILED);
	}
}

enum status report_end(void)
{
	if (use_json) {
		print_json(results);
		results = NULL;
	}
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, PROGRAM ": cannot write: %s\n",
			strerror(errno));
		return STATUS_FAILED;
	}
	return STATUS_OK;
}
