/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * picture.h - what the device's display shows
 */
#ifndef E2E_PICTURE_H
#define E2E_PICTURE_H

#include "device.h"

/**
 * struct picture - all pixels of the display at one moment
 * @width:	in pixels
 * @height:	in pixels
 * @rgb:	three bytes each, row by row
 */
struct picture {
	unsigned int width, height;
	unsigned char *rgb;
};

/** picture_take() - what is shown now; to be freed with picture_free(). */
struct picture *picture_take(struct device *dev);

/** picture_free() - free a picture; NULL is fine. */
void picture_free(struct picture *pic);

/**
 * picture_begins() - whether a picture begins as another one does
 *
 * Down to the last row of text that the other one has, all pixels are the same.
 */
bool picture_begins(const struct picture *pic, const struct picture *other);

/**
 * picture_text() - read what is written in a picture
 *
 * In the font of 8 by 16 pixels that both the boot manager and Linux's console have,
 * on black.
 *
 * Return: a new string, a line for each row, without spaces at its end; what is
 * no character of ASCII is '?'.
 */
char *picture_text(const struct picture *pic);

/**
 * picture_find() - look for a text anywhere, not only where a row of text begins
 * @text:	of ASCII, in the same font, on black.
 * @x, @y:	where its left upper corner is, in pixels.
 *
 * Return: whether it is there; @x and @y are set then.
 */
bool picture_find(const struct picture *pic, const char *text, unsigned int *x,
		  unsigned int *y);

/**
 * picture_part() - a picture of what is to the right of and below a point
 *
 * Return: a new one, to be freed with picture_free().
 */
struct picture *picture_part(const struct picture *pic, unsigned int x,
			     unsigned int y);

/**
 * picture_wait() - wait until a text is on the display
 * @text:	without a line's end.
 * @ms:		deadline.
 *
 * Fails the test with what is there instead. Return: the picture.
 */
struct picture *picture_wait(struct device *dev, const char *text, double ms);

#endif /* E2E_PICTURE_H */
