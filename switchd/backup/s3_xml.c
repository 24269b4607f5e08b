// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * s3_xml.c - as much of XML as answers of S3 have
 */
#include "backup/s3_xml.h"

#include <stdint.h>
#include <string.h>

#define NAME_MAX_BYTES 63
#define REFERENCE_MAX 8 /* "#x10ffff" */

void s3_xml_begin(struct s3_xml *xml, const void *bytes, size_t n)
{
	memset(xml, 0, sizeof(*xml));
	xml->at = bytes;
	xml->end = xml->at + n;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool name_char(char c, bool first)
{
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_')
		return true;
	return !first &&
	       ((c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':');
}

static size_t left(const struct s3_xml *xml)
{
	return xml->end - xml->at;
}

/* Is it next? Then go behind it. */
static bool skip(struct s3_xml *xml, const char *text)
{
	size_t n = strlen(text);

	if (left(xml) < n || memcmp(xml->at, text, n) != 0)
		return false;
	xml->at += n;
	return true;
}

static bool skip_behind(struct s3_xml *xml, const char *text)
{
	const char *found = memmem(xml->at, left(xml), text, strlen(text));

	if (!found)
		return false;
	xml->at = found + strlen(text);
	return true;
}

static void skip_blanks(struct s3_xml *xml)
{
	while (xml->at < xml->end && is_blank(*xml->at))
		xml->at++;
}

/* Return: length of the name that is next, 0 = there is none. */
static size_t name_length(const struct s3_xml *xml)
{
	size_t n = 0;

	while (n < left(xml) && n <= NAME_MAX_BYTES &&
	       name_char(xml->at[n], n == 0))
		n++;
	return n <= NAME_MAX_BYTES ? n : 0;
}

static bool put(struct s3_xml *xml, char c)
{
	if (xml->text_bytes == S3_XML_TEXT_MAX)
		return false;
	xml->text[xml->text_bytes++] = c;
	xml->text[xml->text_bytes] = '\0';
	return true;
}

/* A character as UTF-8. */
static bool put_code(struct s3_xml *xml, uint32_t code)
{
	if (code < 0x80)
		return put(xml, (char)code);
	if (code < 0x800)
		return put(xml, (char)(0xc0 | code >> 6)) &&
		       put(xml, (char)(0x80 | (code & 0x3f)));
	if (code < 0x10000)
		return put(xml, (char)(0xe0 | code >> 12)) &&
		       put(xml, (char)(0x80 | (code >> 6 & 0x3f))) &&
		       put(xml, (char)(0x80 | (code & 0x3f)));
	return put(xml, (char)(0xf0 | code >> 18)) &&
	       put(xml, (char)(0x80 | (code >> 12 & 0x3f))) &&
	       put(xml, (char)(0x80 | (code >> 6 & 0x3f))) &&
	       put(xml, (char)(0x80 | (code & 0x3f)));
}

/* Return: value of a digit, or 16. */
static unsigned int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 16;
}

/* "65" or "x41", n characters of them. */
static bool number(struct s3_xml *xml, const char *text, size_t n)
{
	unsigned int base = 10;
	uint32_t code = 0;

	if (n && *text == 'x') {
		base = 16;
		text++;
		n--;
	}
	if (n == 0)
		return false;
	for (; n; n--, text++) {
		if (digit(*text) >= base)
			return false;
		code = code * base + digit(*text);
		if (code > 0x10ffff)
			return false;
	}
	/* Halves of UTF-16 are no characters, nor is what XML has none of. */
	if ((code < 0x20 && !is_blank((char)code)) ||
	    (code >= 0xd800 && code < 0xe000))
		return false;
	return put_code(xml, code);
}

static bool reference(struct s3_xml *xml)
{
	static const struct {
		const char *name;
		char stands_for;
	} names[] = {
		{ "amp;", '&' },  { "lt;", '<' },    { "gt;", '>' },
		{ "quot;", '"' }, { "apos;", '\'' },
	};
	const char *semicolon;
	size_t most = left(xml);
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (skip(xml, names[i].name))
			return put(xml, names[i].stands_for);
	if (most > REFERENCE_MAX + 1)
		most = REFERENCE_MAX + 1;
	semicolon = memchr(xml->at, ';', most);
	if (!semicolon || *xml->at != '#' ||
	    !number(xml, xml->at + 1, semicolon - xml->at - 1))
		return false;
	xml->at = semicolon + 1;
	return true;
}

static bool text(struct s3_xml *xml)
{
	char c = *xml->at++;

	if (!xml->path_bytes)
		return is_blank(c);
	if (c == '&')
		return reference(xml);
	if ((unsigned char)c < 0x20 && !is_blank(c))
		return false;
	return put(xml, c);
}

/* Behind the name. Return: -1, or whether the element ends with its tag. */
static int attributes(struct s3_xml *xml)
{
	for (;;) {
		size_t n;
		char quote;

		skip_blanks(xml);
		if (skip(xml, "/>"))
			return 1;
		if (skip(xml, ">"))
			return 0;
		n = name_length(xml);
		xml->at += n;
		if (!n || left(xml) < 2 || *xml->at++ != '=')
			return -1;
		quote = *xml->at++;
		if (quote != '"' && quote != '\'')
			return -1;
		if (!skip_behind(xml, quote == '"' ? "\"" : "'"))
			return -1;
	}
}

static int open_tag(struct s3_xml *xml)
{
	size_t n = name_length(xml);
	int ends;

	/* One root only. */
	if (!n || (xml->rooted && !xml->path_bytes) ||
	    xml->path_bytes + 1 + n > S3_XML_PATH_MAX)
		return -1;
	if (xml->path_bytes)
		xml->path[xml->path_bytes++] = '/';
	memcpy(xml->path + xml->path_bytes, xml->at, n);
	xml->path_bytes += n;
	xml->path[xml->path_bytes] = '\0';
	xml->at += n;
	xml->rooted = true;
	xml->text_bytes = 0;
	xml->text[0] = '\0';
	ends = attributes(xml);
	xml->leave = ends == 1;
	return ends;
}

static int close_tag(struct s3_xml *xml)
{
	const char *slash = strrchr(xml->path, '/');
	const char *name = slash ? slash + 1 : xml->path;
	size_t n = name_length(xml);

	if (!n || strlen(name) != n || memcmp(name, xml->at, n) != 0)
		return -1;
	xml->at += n;
	skip_blanks(xml);
	if (!skip(xml, ">"))
		return -1;
	xml->leave = true;
	return 1;
}

/* Return: 1 = an element ended, 0 = go on, -1. */
static int markup(struct s3_xml *xml)
{
	if (skip(xml, "<!--"))
		return skip_behind(xml, "-->") ? 0 : -1;
	if (skip(xml, "<?xml"))
		return !xml->rooted && skip_behind(xml, "?>") ? 0 : -1;
	if (skip(xml, "</"))
		return close_tag(xml);
	if (skip(xml, "<"))
		return open_tag(xml);
	return -1;
}

static void leave(struct s3_xml *xml)
{
	char *slash = strrchr(xml->path, '/');

	if (!slash)
		slash = xml->path;
	*slash = '\0';
	xml->path_bytes = slash - xml->path;
	xml->text_bytes = 0;
	xml->text[0] = '\0';
	xml->leave = false;
}

int s3_xml_next(struct s3_xml *xml)
{
	int r = 0;

	if (xml->leave)
		leave(xml);
	while (r == 0) {
		if (xml->at == xml->end)
			return xml->rooted && !xml->path_bytes ? 0 : -1;
		if (*xml->at == '<')
			r = markup(xml);
		else if (!text(xml))
			r = -1;
	}
	return r;
}
