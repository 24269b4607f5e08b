// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz_s3reply.c - answers of a server of S3
 *
 * Input: 'L' and what may be a page of a list, 'E' and an error, 'H' and lines of
 * headers. What is taken of a page must be what was asked for; no text has what
 * plays with a terminal.
 */
#include <errno.h>

#include "fuzz.h"
#include "backup/s3_reply.h"
#include "backup/s3_xml.h"
#include "backup/store_url.h"

struct seen {
	unsigned int entries;
};

static int on_entry(void *data, const char *key, uint64_t bytes,
		    time_t modified)
{
	struct seen *seen = data;

	(void)modified;
	CHECK(store_key_ok(key));
	CHECK(key[0] == 'p');
	CHECK(bytes <= INT64_MAX);
	seen->entries++;
	return 0;
}

/* Nothing that a terminal obeys: C0, C1, marks of direction. */
static void check_text(const char *text)
{
	const uint8_t *t;

	for (t = (const uint8_t *)text; *t; t++) {
		CHECK(*t >= 0x20 && *t != 0x7f);
		CHECK(t[0] != 0xc2 || t[1] > 0x9f);
		if (t[0] == 0xe2 && t[1] == 0x80)
			CHECK(t[2] < 0xaa || t[2] > 0xae);
		if (t[0] == 0xe2 && t[1] == 0x81)
			CHECK(t[2] < 0xa6 || t[2] > 0xa9);
	}
}

/* Each end of an element is one of at least four bytes. */
static void scan(const uint8_t *data, size_t size)
{
	struct s3_xml xml;
	size_t ends = 0;

	s3_xml_begin(&xml, data, size);
	while (s3_xml_next(&xml) == 1) {
		CHECK(xml.path[0] && strlen(xml.path) <= S3_XML_PATH_MAX);
		CHECK(strlen(xml.text) <= S3_XML_TEXT_MAX);
		CHECK(4 * ++ends <= size);
	}
}

static void list(const uint8_t *data, size_t size)
{
	struct seen seen = { 0 };
	struct s3_page page;
	int r;

	scan(data, size);
	r = s3_page_parse(data, size, "pre/", "p", &page, on_entry, &seen);
	CHECK(r == 0 || r == -EBADMSG);
	if (r == 0)
		CHECK(!page.more || page.token[0]);
	CHECK(seen.entries <= size);
}

static void error(const uint8_t *data, size_t size)
{
	struct s3_error e;

	s3_error_parse(data, size, &e);
	check_text(e.code);
	check_text(e.message);
	check_text(e.region);
}

static void headers(const uint8_t *data, size_t size)
{
	struct s3_head head;

	s3_head_clear(&head);
	while (size) {
		const uint8_t *end = memchr(data, '\n', size);
		size_t n = end ? (size_t)(end - data) + 1 : size;
		/* libcurl's lines have nothing behind them. */
		uint8_t *line = fuzz_copy(data, n);

		s3_head_line(&head, (const char *)line, n);
		free(line);
		CHECK(head.retry_after >= -1 && head.date >= 0);
		check_text(head.region);
		data += n;
		size -= n;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *in;

	if (!size)
		return 0;
	in = fuzz_copy(data + 1, size - 1);
	if (data[0] == 'L')
		list(in, size - 1);
	else if (data[0] == 'E')
		error(in, size - 1);
	else if (data[0] == 'H')
		headers(in, size - 1);
	free(in);
	return 0;
}
