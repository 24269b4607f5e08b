// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A recovery key on the screen: rows, and a QR code that a camera can read.
 */
#include "helper.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <qrencode.h>

#include "common/util.h"
#include "ctl/key_page.h"

#define TEXT                                                                   \
	"000G-40R4-0M3M 0E20-9185-GR33 8E1W-8124-GK24 GAHC-5RR3-4D11 "         \
	"P70X-3RFG-EB7M"
#define DIGITS "000G40R40M3M0E209185GR338E1W8124GK24GAHC5RR34D11P70X3RFGEB7M"
#define QUIET 4
#define SIDE_MAX 64

static void test_text(void **state)
{
	static const char expected[] = "  row 1   000G-40R4-0M3M\n"
				       "  row 2   0E20-9185-GR33\n"
				       "  row 3   8E1W-8124-GK24\n"
				       "  row 4   GAHC-5RR3-4D11\n"
				       "  row 5   P70X-3RFG-EB7M\n";
	struct key_page page = { .bytes = 0 };

	(void)state;
	key_page_add_text(&page, TEXT);
	assert_int_equal(page.bytes, sizeof(expected) - 1);
	assert_memory_equal(page.text, expected, page.bytes);
}

/* Removes a word where the page has it. */
static bool take(const struct key_page *page, size_t *at, const char *word)
{
	size_t n = strlen(word);

	if (n > page->bytes - *at || memcmp(page->text + *at, word, n) != 0)
		return false;
	*at += n;
	return true;
}

/* Reads the next two modules, one above the other: true is light. */
static void read_halves(const struct key_page *page, size_t *at, bool *upper,
			bool *lower)
{
	static const struct {
		const char *block;
		bool upper;
		bool lower;
	} blocks[] = {
		{ "\xe2\x96\x88", true, true },
		{ "\xe2\x96\x80", true, false },
		{ "\xe2\x96\x84", false, true },
		{ " ", false, false },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(blocks); i++)
		if (take(page, at, blocks[i].block)) {
			*upper = blocks[i].upper;
			*lower = blocks[i].lower;
			return;
		}
	fail_msg("no half block at %zu", *at);
}

/* What the screen shows. Return: modules of a side, the quiet zone included. */
static int read_page(const struct key_page *page, bool colour,
		     bool light[SIDE_MAX][SIDE_MAX])
{
	size_t at = 0;
	int width = 0;
	int y = 0;
	int x;

	while (at < page->bytes) {
		if (colour)
			assert_true(take(page, &at, "\033[40;97m"));
		for (x = 0; page->text[at] != '\n' && page->text[at] != '\033';
		     x++) {
			assert_true(x < SIDE_MAX && y + 1 < SIDE_MAX);
			read_halves(page, &at, &light[y][x], &light[y + 1][x]);
		}
		if (colour)
			assert_true(take(page, &at, "\033[0m"));
		assert_true(take(page, &at, "\n"));
		assert_true(!width || width == x);
		width = x;
		y += 2;
	}
	assert_true(y == width || y == width + 1);
	return width;
}

static void check_code(bool colour)
{
	QRcode *code =
		QRcode_encodeString(DIGITS, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
	static bool light[SIDE_MAX][SIDE_MAX];
	struct key_page page = { .bytes = 0 };
	int width;
	int x;
	int y;

	assert_non_null(code);
	assert_int_equal(key_page_add_qr(&page, TEXT, colour), 0);
	width = read_page(&page, colour, light);
	assert_int_equal(width, code->width + 2 * QUIET);
	for (y = 0; y < width; y++)
		for (x = 0; x < width; x++) {
			int cx = x - QUIET;
			int cy = y - QUIET;
			bool inside = cx >= 0 && cy >= 0 && cx < code->width &&
				      cy < code->width;
			bool dark = inside &&
				    code->data[cy * code->width + cx] & 1;

			assert_int_equal(light[y][x], !dark);
		}
	/* The corner of a finder pattern, whatever the library says. */
	assert_false(light[QUIET][QUIET]);
	assert_true(light[QUIET + 1][QUIET + 1]);
	assert_false(light[QUIET + 2][QUIET + 2]);
	QRcode_free(code);
}

static void test_code(void **state)
{
	(void)state;
	check_code(false);
	check_code(true);
}

/* A page has room for all that is ever on one. */
static void test_all(void **state)
{
	struct key_page page = { .bytes = 0 };

	(void)state;
	key_page_add_text(&page, TEXT);
	assert_int_equal(key_page_add_qr(&page, TEXT, true), 0);
	assert_true(page.bytes < KEY_PAGE_MAX / 2);
}

static void test_write(void **state)
{
	struct key_page page = { .bytes = 0 };
	char got[KEY_PAGE_MAX];
	int fds[2];
	int full;

	(void)state;
	key_page_add_text(&page, TEXT);
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(key_page_write(&page, fds[1]), 0);
	assert_int_equal(read(fds[0], got, sizeof(got)), page.bytes);
	assert_memory_equal(got, page.text, page.bytes);
	close(fds[0]);
	close(fds[1]);
	full = open("/dev/full", O_WRONLY | O_CLOEXEC);
	assert_true(full >= 0);
	assert_int_equal(key_page_write(&page, full), -ENOSPC);
	close(full);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_code),
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_write),
	};

	return cmocka_run_group_tests_name("switchd_key_page", tests, NULL,
					   NULL);
}
