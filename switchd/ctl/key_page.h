/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * key_page.h - a recovery key as a person sees it
 *
 * A page is made in memory of the caller, who wipes it after it was written:
 * what stdio buffers stays behind.
 */
#ifndef SWITCHCTL_KEY_PAGE_H
#define SWITCHCTL_KEY_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "recovery_key.h"

/* Enough for text and QR code. */
#define KEY_PAGE_MAX 8192

struct key_page {
	char text[KEY_PAGE_MAX];
	size_t bytes;
};

/* Adds the rows, each with its number. text is of recovery_key_encode(). */
void key_page_add_text(struct key_page *page, const char *text);

/*
 * Adds a QR code of the digits, in half blocks of UTF-8, light on dark as most
 * terminals are; colour makes it so on all. The library that makes it does not
 * wipe what it worked with, so the process had better end soon.
 * Return: 0, or a negative errno.
 */
int key_page_add_qr(struct key_page *page, const char *text, bool colour);

/* Writes it all. Return: 0, or a negative errno. */
int key_page_write(const struct key_page *page, int fd);

#endif /* SWITCHCTL_KEY_PAGE_H */
