/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * s3_xml.h - as much of XML as answers of S3 have
 *
 * Elements, text, references to characters; attributes and comments are passed
 * over. What else XML has (a DTD, entities, CDATA, instructions behind the
 * beginning) is refused, and so is what goes beyond the limits below. No
 * memory is allocated, and time is linear.
 */
#ifndef S3_XML_H
#define S3_XML_H

#include <stdbool.h>
#include <stddef.h>

#define S3_XML_PATH_MAX 127
#define S3_XML_TEXT_MAX 4095

struct s3_xml {
	/* Of the element that ended: names from the root on, joined by '/'. */
	char path[S3_XML_PATH_MAX + 1];
	/* Its text; only that behind the last element in it. */
	char text[S3_XML_TEXT_MAX + 1];
	/* The scanner's own */
	const char *at;
	const char *end;
	size_t path_bytes;
	size_t text_bytes;
	bool leave; /* the element that ended is still in path */
	bool rooted;
};

/* Begin. The bytes stay where they are as long as it is used. */
void s3_xml_begin(struct s3_xml *xml, const void *bytes, size_t n);

/*
 * Go to the next end of an element.
 * Return: 1 = path and text are there, 0 = all was read, -1 = this is not XML,
 * or not what is read here; then ask no more.
 */
int s3_xml_next(struct s3_xml *xml);

#endif /* S3_XML_H */
