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
