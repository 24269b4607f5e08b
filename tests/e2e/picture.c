// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * picture.c - what the device's display shows
 */
#include "picture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "fail.h"

/* U-Boot's, of which the build has a copy: video_fontdata[], by code page 437 */
#define __maybe_unused	__attribute__((unused))
#include PICTURE_FONT

#define BETWEEN_US	20000

/* QEMU's "screendump" writes a portable pixmap, always with this header. */
static struct picture *read_pixmap(FILE *f)
{
	struct picture *pic = calloc(1, sizeof(*pic));
	size_t bytes;

	if (!pic)
		test_fail("out of memory");
	if (fscanf(f, "P6 %u %u 255", &pic->width, &pic->height) != 2 ||
	    fgetc(f) != '\n')
		test_fail("QEMU's picture of the display is no pixmap");
	bytes = 3UL * pic->width * pic->height;
	pic->rgb = malloc(bytes);
	if (!pic->rgb || fread(pic->rgb, 1, bytes, f) != bytes)
		test_fail("QEMU's picture of the display is too short");
	return pic;
}

struct picture *picture_take(struct device *dev)
{
	const char *tmp = getenv("TMPDIR");
	struct picture *pic;
	char path[256];
	FILE *f;
	int fd;

	snprintf(path, sizeof(path), "%s/osti-picture-XXXXXX",
		 tmp ? tmp : "/tmp");
	fd = mkstemp(path);
	f = fd < 0 ? NULL : fdopen(fd, "r");
	if (!f)
		test_fail("cannot make %s", path);
	json_decref(device_qmp(dev, "screendump",
			       json_pack("{s:s}", "filename", path)));
	unlink(path);
	pic = read_pixmap(f);
	fclose(f);
	return pic;
}

void picture_free(struct picture *pic)
{
	if (!pic)
		return;
	free(pic->rgb);
	free(pic);
}

static bool lit(const struct picture *pic, unsigned int x, unsigned int y)
{
	const unsigned char *rgb = pic->rgb + 3UL * (y * pic->width + x);

	return rgb[0] || rgb[1] || rgb[2];
}

/* The character whose glyph has its left upper corner there. */
static char read_cell(const struct picture *pic, unsigned int x, unsigned int y)
{
	unsigned char glyph[VIDEO_FONT_HEIGHT] = { 0 };
	unsigned int row, column;
	int c;

	for (row = 0; row < VIDEO_FONT_HEIGHT; row++)
		for (column = 0; column < VIDEO_FONT_WIDTH; column++)
			glyph[row] |= lit(pic, x + column, y + row) <<
				      (VIDEO_FONT_WIDTH - 1 - column);
	for (c = ' '; c <= '~'; c++)
		if (!memcmp(glyph, video_fontdata + c * VIDEO_FONT_HEIGHT,
			    VIDEO_FONT_HEIGHT))
			return c;
	return '?';
}

char *picture_text(const struct picture *pic)
{
	unsigned int columns = pic->width / VIDEO_FONT_WIDTH;
	unsigned int rows = pic->height / VIDEO_FONT_HEIGHT, x, y;
	char *text = malloc(rows * (columns + 1UL) + 1), *end = text, *line;

	if (!text)
		test_fail("out of memory");
	for (y = 0; y < rows; y++) {
		line = end;
		for (x = 0; x < columns; x++)
			*end++ = read_cell(pic, x * VIDEO_FONT_WIDTH,
					   y * VIDEO_FONT_HEIGHT);
		while (end > line && end[-1] == ' ')
			end--;
		*end++ = '\n';
	}
	*end = '\0';
	return text;
}

static unsigned int rows_used(const struct picture *pic)
{
	unsigned int used = 0, row = 1;
	char *text = picture_text(pic), *c;

	for (c = text; *c; c++) {
		if (*c == '\n')
			row++;
		else
			used = row;
	}
	free(text);
	return used;
}

bool picture_begins(const struct picture *pic, const struct picture *other)
{
	return pic->width == other->width && pic->height == other->height &&
	       !memcmp(pic->rgb, other->rgb, 3UL * pic->width *
		       VIDEO_FONT_HEIGHT * rows_used(other));
}

/* A row of a text's pixels, its first one first. */
static bool row_there(const struct picture *pic, const char *text, unsigned int row,
		      unsigned int x, unsigned int y)
{
	unsigned int column;
	uint8_t bits;

	for (; *text; text++) {
		bits = video_fontdata[(uint8_t)*text * VIDEO_FONT_HEIGHT + row];
		for (column = 0; column < VIDEO_FONT_WIDTH; column++, bits <<= 1, x++)
			if (lit(pic, x, y + row) != !!(bits & 0x80))
				return false;
	}
	return true;
}

/* From the middle of the font down and up again, where most of it is not black. */
static bool text_there(const struct picture *pic, const char *text, unsigned int x,
		       unsigned int y)
{
	unsigned int i;

	for (i = 0; i < VIDEO_FONT_HEIGHT; i++)
		if (!row_there(pic, text, (i + VIDEO_FONT_HEIGHT / 2) %
			       VIDEO_FONT_HEIGHT, x, y))
			return false;
	return true;
}

bool picture_find(const struct picture *pic, const char *text, unsigned int *x,
		  unsigned int *y)
{
	unsigned int width = strlen(text) * VIDEO_FONT_WIDTH, i, j;

	for (j = 0; j + VIDEO_FONT_HEIGHT <= pic->height; j++)
		for (i = 0; i + width <= pic->width; i++)
			if (text_there(pic, text, i, j)) {
				*x = i;
				*y = j;
				return true;
			}
	return false;
}

struct picture *picture_part(const struct picture *pic, unsigned int x,
			     unsigned int y)
{
	struct picture *part = calloc(1, sizeof(*part));
	unsigned int row;

	if (!part || x >= pic->width || y >= pic->height)
		test_fail("there is no picture at %u, %u", x, y);
	part->width = pic->width - x;
	part->height = pic->height - y;
	part->rgb = malloc(3UL * part->width * part->height);
	if (!part->rgb)
		test_fail("out of memory");
	for (row = 0; row < part->height; row++)
		memcpy(part->rgb + 3UL * row * part->width,
		       pic->rgb + 3UL * ((y + row) * pic->width + x),
		       3UL * part->width);
	return part;
}

struct picture *picture_wait(struct device *dev, const char *text, double ms)
{
	double deadline = clock_deadline_ms(ms);
	struct picture *pic;
	char *have;

	for (;;) {
		pic = picture_take(dev);
		have = picture_text(pic);
		if (strstr(have, text))
			break;
		if (clock_now_ms() > deadline)
			device_fail(dev, "the display was to show \"%s\" within %.0f ms, and shows, in %u by %u pixels:\n%s",
				    text, ms, pic->width, pic->height, have);
		free(have);
		picture_free(pic);
		usleep(BETWEEN_US);
		device_follow(dev);
	}
	free(have);
	return pic;
}
