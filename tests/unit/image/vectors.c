// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vectors.c - read the text files of tests/unit/image/vectors
 */
#include "vectors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void vectors_open(struct vectors *v, const char *file)
{
	char path[256];
	long bytes;
	FILE *in;

	snprintf(path, sizeof(path), "%s/%s", VECTORS_DIR, file);
	in = fopen(path, "r");
	if (!in)
		fail_msg("%s is missing: run the test at the top of the tree",
			 path);
	assert_int_equal(fseek(in, 0, SEEK_END), 0);
	bytes = ftell(in);
	assert_true(bytes > 0);
	rewind(in);
	v->text = calloc(1, bytes + 1);
	assert_non_null(v->text);
	assert_int_equal(fread(v->text, 1, bytes, in), bytes);
	fclose(in);
}

void vectors_close(struct vectors *v)
{
	free(v->text);
	v->text = NULL;
}

const char *vectors_find(const struct vectors *v, const char *name)
{
	size_t n = strlen(name);
	const char *line = v->text;

	while (line && *line) {
		if (!strncmp(line, name, n) && line[n] == ' ')
			return line + n + 1;
		line = strchr(line, '\n');
		if (line)
			line++;
	}
	return NULL;
}

uint64_t vectors_number(const struct vectors *v, const char *name)
{
	const char *value = vectors_find(v, name);
	uint64_t number;
	char *end;

	if (!value)
		fail_msg("there is no vector '%s'", name);
	number = strtoull(value, &end, 10);
	assert_true(end > value && *end == '\n');
	return number;
}

size_t vectors_hex(const struct vectors *v, const char *name, uint8_t *out,
		   size_t max)
{
	const char *value = vectors_find(v, name);
	size_t nr = 0;

	if (!value)
		fail_msg("there is no vector '%s'", name);
	for (; *value && *value != '\n'; value += 2) {
		char digits[3] = { value[0], value[1] };
		char *end;

		assert_true(nr < max);
		out[nr++] = strtoul(digits, &end, 16);
		assert_ptr_equal(end, digits + 2);
	}
	return nr;
}

void vectors_compare(const struct vectors *v, const char *name,
		     const uint8_t *bytes, size_t nr)
{
	uint8_t *expected = malloc(nr);

	assert_non_null(expected);
	assert_int_equal(vectors_hex(v, name, expected, nr), nr);
	assert_memory_equal(bytes, expected, nr);
	free(expected);
}
