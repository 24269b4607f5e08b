// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * key_page.c - a recovery key as a person sees it
 */
#include "ctl/key_page.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <qrencode.h>

#include "common/util.h"

/* Modules of light around the code, as the standard wants them. */
#define QUIET 4
#define DIGITS (RECOVERY_KEY_ROWS * RECOVERY_KEY_ROW)

#define COLOUR_ON "\033[40;97m"
#define COLOUR_OFF "\033[0m"

static void add_bytes(struct key_page *page, const char *text, size_t bytes)
{
	assert(bytes <= KEY_PAGE_MAX - page->bytes);
	memcpy(page->text + page->bytes, text, bytes);
	page->bytes += bytes;
}

static void add(struct key_page *page, const char *text)
{
	add_bytes(page, text, strlen(text));
}

void key_page_add_text(struct key_page *page, const char *text)
{
	char number[16];
	unsigned int i;

	for (i = 0; i < RECOVERY_KEY_ROWS; i++) {
		snprintf(number, sizeof(number), "  row %u   ", i + 1);
		add(page, number);
		add_bytes(page, text + i * (RECOVERY_KEY_ROW_TEXT + 1),
			  RECOVERY_KEY_ROW_TEXT);
		add(page, "\n");
	}
}

static bool is_light(const QRcode *code, int x, int y)
{
	if (x < 0 || y < 0 || x >= code->width || y >= code->width)
		return true;
	return !(code->data[y * code->width + x] & 1);
}

/* One line of text is two rows of modules. */
static void add_line(struct key_page *page, const QRcode *code, int y)
{
	/* Upper half light, lower half light. */
	static const char *const blocks[2][2] = { { " ", "▄" }, { "▀", "█" } };
	int x;

	for (x = -QUIET; x < code->width + QUIET; x++)
		add(page,
		    blocks[is_light(code, x, y)][is_light(code, x, y + 1)]);
}

static void add_code(struct key_page *page, const QRcode *code, bool colour)
{
	int y;

	for (y = -QUIET; y < code->width + QUIET; y += 2) {
		if (colour)
			add(page, COLOUR_ON);
		add_line(page, code, y);
		if (colour)
			add(page, COLOUR_OFF);
		add(page, "\n");
	}
}

int key_page_add_qr(struct key_page *page, const char *text, bool colour)
{
	char digits[DIGITS + 1];
	QRcode *code;
	size_t n = 0;

	for (; *text; text++)
		if (*text != '-' && *text != ' ' && n < DIGITS)
			digits[n++] = *text;
	digits[n] = '\0';
	code = QRcode_encodeString(digits, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
	explicit_bzero(digits, sizeof(digits));
	if (!code)
		return -errno;
	add_code(page, code, colour);
	explicit_bzero(code->data, (size_t)(code->width * code->width));
	QRcode_free(code);
	return 0;
}

int key_page_write(const struct key_page *page, int fd)
{
	return util_write(fd, page->text, page->bytes);
}
