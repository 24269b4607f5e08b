// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * s3_reply.c - what a server answers
 */
#include "backup/s3_reply.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "backup/s3_xml.h"
#include "backup/store_url.h"
#include "common/foreign_text.h"

#define LINE_MAX_BYTES 511

struct list {
	const char *before;
	const char *prefix;
	const struct s3_page *page;
	s3_page_entry *entry;
	void *data;
	/* Of the entry that is being read */
	char key[S3_XML_TEXT_MAX + 1];
	uint64_t bytes;
	time_t modified;
	bool sized;
};

/* Digits and nothing else, below 2^63. */
static bool number(const char *text, uint64_t *ret)
{
	uint64_t n = 0;

	if (!*text)
		return false;
	for (; *text; text++) {
		if (*text < '0' || *text > '9' || n > (INT64_MAX - 9) / 10)
			return false;
		n = n * 10 + (*text - '0');
	}
	*ret = n;
	return true;
}

/* "Fri, 24 May 2013 00:00:00 GMT". Return: 0 if it is something else. */
static time_t http_date(const char *text)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct tm tm = { 0 };
	const char *found;
	char month[4];
	time_t t;
	int end = 0;

	if (sscanf(text, "%*3[A-Za-z], %2d %3[A-Za-z] %4d %2d:%2d:%2d GMT%n",
		   &tm.tm_mday, month, &tm.tm_year, &tm.tm_hour, &tm.tm_min,
		   &tm.tm_sec, &end) != 6 ||
	    !end)
		return 0;
	found = strstr(months, month);
	if (!found || strlen(month) != 3 || (found - months) % 3)
		return 0;
	tm.tm_mon = (int)(found - months) / 3;
	tm.tm_year -= 1900;
	t = timegm(&tm);
	return t > 0 ? t : 0;
}

/* "2013-05-24T00:00:00.000Z" */
static bool xml_date(const char *text, time_t *ret)
{
	struct tm tm = { 0 };

	if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d", &tm.tm_year, &tm.tm_mon,
		   &tm.tm_mday, &tm.tm_hour, &tm.tm_min, &tm.tm_sec) != 6)
		return false;
	tm.tm_year -= 1900;
	tm.tm_mon--;
	*ret = timegm(&tm);
	return true;
}

/* For people. */
static void copy(char *to, size_t room, const char *from)
{
	snprintf(to, room, "%.*s", (int)room - 1, from);
	foreign_text_clean(to);
}

void s3_head_clear(struct s3_head *head)
{
	memset(head, 0, sizeof(*head));
	head->retry_after = -1;
}

static void retry_after(struct s3_head *head, const char *value)
{
	uint64_t seconds;
	time_t then;

	if (number(value, &seconds)) {
		head->retry_after = (int64_t)seconds;
		return;
	}
	then = http_date(value);
	if (then && head->date)
		head->retry_after = then > head->date ? then - head->date : 0;
}

static void content_range(struct s3_head *head, const char *value)
{
	unsigned long long first;
	int end = 0;

	if (sscanf(value, "bytes %19llu-%*19[0-9]/%n", &first, &end) == 1 &&
	    end) {
		head->ranged = true;
		head->first = first;
	}
}

void s3_head_line(struct s3_head *head, const char *line, size_t n)
{
	char text[LINE_MAX_BYTES + 1];
	char *value;

	if (memchr(line, '\0', n))
		return;
	while (n && strchr("\r\n \t", line[n - 1]))
		n--;
	if (n > LINE_MAX_BYTES)
		return;
	memcpy(text, line, n);
	text[n] = '\0';
	if (!strncmp(text, "HTTP/", 5)) {
		s3_head_clear(head);
		return;
	}
	value = strchr(text, ':');
	if (!value)
		return;
	*value++ = '\0';
	value += strspn(value, " \t");
	if (!strcasecmp(text, "Date"))
		head->date = http_date(value);
	else if (!strcasecmp(text, "Retry-After"))
		retry_after(head, value);
	else if (!strcasecmp(text, "Content-Range"))
		content_range(head, value);
	else if (!strcasecmp(text, "x-amz-bucket-region"))
		copy(head->region, sizeof(head->region), value);
}

void s3_error_parse(const void *body, size_t n, struct s3_error *error)
{
	struct s3_xml xml;
	int r;

	memset(error, 0, sizeof(*error));
	s3_xml_begin(&xml, body, n);
	while ((r = s3_xml_next(&xml)) == 1) {
		if (!strcmp(xml.path, "Error/Code"))
			copy(error->code, sizeof(error->code), xml.text);
		else if (!strcmp(xml.path, "Error/Message"))
			copy(error->message, sizeof(error->message), xml.text);
		else if (!strcmp(xml.path, "Error/Region"))
			copy(error->region, sizeof(error->region), xml.text);
	}
	if (r < 0)
		memset(error, 0, sizeof(*error));
}

static int end_entry(struct list *list)
{
	size_t before = strlen(list->before);
	const char *key = list->key + before;

	if (!list->sized ||
	    (list->page->encoded && !store_unescape(list->key)) ||
	    strncmp(list->key, list->before, before) != 0 ||
	    strncmp(key, list->prefix, strlen(list->prefix)) != 0)
		return -EBADMSG;
	/* Others may keep their objects in the same bucket. */
	if (!store_key_ok(key))
		return 0;
	return list->entry(list->data, key, list->bytes, list->modified);
}

static int list_element(struct list *list, const struct s3_xml *xml)
{
	static const char contents[] = "ListBucketResult/Contents";
	const char *name = xml->path + strlen(contents);
	int r = 0;

	if (strncmp(xml->path, contents, strlen(contents)) != 0)
		return 0;
	if (!strcmp(name, "/Key")) {
		strcpy(list->key, xml->text);
	} else if (!strcmp(name, "/Size")) {
		list->sized = number(xml->text, &list->bytes);
	} else if (!strcmp(name, "/LastModified")) {
		if (!xml_date(xml->text, &list->modified))
			return -EBADMSG;
	} else if (!*name) {
		r = end_entry(list);
		list->key[0] = '\0';
		list->sized = false;
		list->modified = 0;
	}
	return r;
}

/* more: is there more, 1 or 0; -1: it was not told. */
static void page_element(struct s3_page *page, const struct s3_xml *xml,
			 int *more)
{
	if (!strcmp(xml->path, "ListBucketResult/IsTruncated"))
		*more = !strcmp(xml->text, "true")    ? 1
			: !strcmp(xml->text, "false") ? 0
						      : -1;
	else if (!strcmp(xml->path, "ListBucketResult/EncodingType"))
		page->encoded = !strcmp(xml->text, "url");
	else if (!strcmp(xml->path, "ListBucketResult/NextContinuationToken") &&
		 strlen(xml->text) <= S3_TOKEN_MAX)
		strcpy(page->token, xml->text);
}

/* Before any entry: what is said of all of them may stand behind them. */
static int page_scan(const void *body, size_t n, struct s3_page *page)
{
	struct s3_xml xml;
	bool list = false;
	int more = -1;
	int r;

	s3_xml_begin(&xml, body, n);
	while ((r = s3_xml_next(&xml)) == 1) {
		page_element(page, &xml, &more);
		list = list || !strcmp(xml.path, "ListBucketResult");
	}
	page->more = more == 1;
	/* A list that only seems to be all of it would be worse than none. */
	if (r < 0 || !list || more < 0 || (page->more && !page->token[0]))
		return -EBADMSG;
	return 0;
}

int s3_page_parse(const void *body, size_t n, const char *before,
		  const char *prefix, struct s3_page *page,
		  s3_page_entry *entry, void *data)
{
	struct list list = {
		.before = before,
		.prefix = prefix,
		.page = page,
		.entry = entry,
		.data = data,
	};
	struct s3_xml xml;
	int r;

	memset(page, 0, sizeof(*page));
	r = page_scan(body, n, page);
	if (r < 0)
		return r;
	s3_xml_begin(&xml, body, n);
	while (s3_xml_next(&xml) == 1) {
		r = list_element(&list, &xml);
		if (r != 0)
			return r;
	}
	return 0;
}
