// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_firmware_bank.c - which bank of firmware is started, whatever their headers are
 */
#include "test.h"

#include <string.h>

#include "firmware_bank.h"

#define ROOM		0x1f80000
#define HEAD_BYTES	72

/* Words of the header, as docs/firmware-update.md has them. */
enum { TRY = 32 / 4, WHOLE = 64 / 4, GOOD = 68 / 4, WORDS = HEAD_BYTES / 4 };

struct head {
	uint32_t word[WORDS];
};

_Static_assert(HEAD_BYTES == FIRMWARE_BANK_BYTES, "the header's bytes");

static struct head make(uint64_t sequence, uint64_t version, uint64_t bytes)
{
	struct head head;
	uint64_t fields[] = { sequence, version, bytes };

	memset(&head, 0xff, sizeof(head));
	memcpy(head.word, "OSTI-FB1", 8);
	memcpy(&head.word[2], fields, sizeof(fields));
	return head;
}

static struct firmware_bank parse(const struct head *head)
{
	struct firmware_bank bank;

	memset(&bank, 0x5a, sizeof(bank));
	firmware_bank_read((const uint8_t *)head, ROOM, &bank);
	return bank;
}

static int choose(const struct head *a, const struct head *b, unsigned int refused)
{
	struct firmware_bank bank[2] = { parse(a), parse(b) };

	return firmware_bank_choose(bank, refused);
}

/* ---- One bank ------------------------------------------------------------- */

static void test_made(void **state)
{
	struct head want = make(7, 8, 9);
	uint8_t head[HEAD_BYTES];

	(void)state;
	firmware_bank_make(head, 7, 8, 9);
	assert_memory_equal(head, &want, sizeof(head));
	assert_false(parse(&want).whole);
}

/* It counts when not one bit of the word is left. */
static void test_whole(void **state)
{
	struct head head = make(3, 5, 4096);
	unsigned int bit;

	(void)state;
	for (bit = 0; bit < 32; bit++) {
		head.word[WHOLE] = 1U << bit;
		assert_false(parse(&head).whole);
		assert_int_equal(parse(&head).version, 0);
	}
	head.word[WHOLE] = 0;
	assert_true(parse(&head).whole);
	assert_false(parse(&head).good);
	assert_int_equal(parse(&head).tries, 3);
	assert_int_equal(parse(&head).sequence, 3);
	assert_int_equal(parse(&head).version, 5);
	assert_int_equal(parse(&head).bytes, 4096);
}

static void test_fields(void **state)
{
	static const struct {
		uint64_t version, bytes;
		bool whole;
	} list[] = {
		{ 1, 1, true }, { 1, ROOM, true }, { UINT64_MAX, ROOM, true },
		{ 0, 1, false }, { 1, 0, false }, { 1, ROOM + 1, false },
		{ 1, UINT64_MAX, false }, { 1, 1ULL << 32, false },
	};
	struct head head;
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(list); i++) {
		head = make(1, list[i].version, list[i].bytes);
		head.word[WHOLE] = 0;
		assert_int_equal(parse(&head).whole, list[i].whole);
	}
	/* Each bit of its name counts. */
	for (i = 0; i < 64; i++) {
		head = make(1, 1, 1);
		head.word[WHOLE] = 0;
		head.word[i / 32] ^= 1U << i % 32;
		assert_false(parse(&head).whole);
	}
}

/* A try is over with the first bit; a good bank has none to count. */
static void test_tries(void **state)
{
	struct head head = make(1, 1, 1);
	unsigned int bit, i;

	(void)state;
	head.word[WHOLE] = 0;
	for (i = 0; i < 3; i++) {
		assert_int_equal(firmware_bank_next_try((uint8_t *)&head),
				 4 * (TRY + i));
		for (bit = 0; bit < 32; bit++) {
			head.word[TRY + i] = ~(1U << bit);
			assert_int_equal(parse(&head).tries, 2 - i);
		}
	}
	assert_false(parse(&head).good);
	for (bit = 0; bit < 32; bit++) {
		head.word[GOOD] = 1U << bit;
		assert_false(parse(&head).good);
	}
	head.word[GOOD] = 0;
	assert_true(parse(&head).good);
	assert_int_equal(parse(&head).tries, 0);
}

/* ---- Two ------------------------------------------------------------------- */

/* What the words of a header can be: erased, torn, done. */
static const uint32_t values[] = { UINT32_MAX, 0x00f0ff00, 0 };

/* The rule, once more: whole, and good or a try that nothing was written to. */
static bool may(const struct head *h)
{
	return !h->word[WHOLE] &&
	       (!h->word[GOOD] || h->word[TRY] == UINT32_MAX ||
		h->word[TRY + 1] == UINT32_MAX || h->word[TRY + 2] == UINT32_MAX);
}

/* The n-th of all combinations of the five words of a state. */
static struct head combination(uint64_t sequence, unsigned int n)
{
	static const unsigned int at[] = { TRY, TRY + 1, TRY + 2, WHOLE, GOOD };
	struct head head = make(sequence, 1, 4096);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(at); i++, n /= 3)
		head.word[at[i]] = values[n % 3];
	return head;
}

#define COMBINATIONS	243

static void test_all(void **state)
{
	unsigned int a, b, refused;

	(void)state;
	for (a = 0; a < COMBINATIONS; a++)
		for (b = 0; b < COMBINATIONS; b++)
			for (refused = 0; refused < 4; refused++) {
				struct head older = combination(4, a);
				struct head newer = combination(5, b);
				bool old_may = may(&older) && !(refused & 1);
				bool new_may = may(&newer) && !(refused & 2);

				assert_int_equal(choose(&older, &newer, refused),
						 new_may ? 1 : old_may ? 0 : -1);
				/* In the other banks: the newer all the same. */
				assert_int_equal(choose(&newer, &older,
							refused >> 1 |
							(refused & 1) << 1),
						 new_may ? 0 : old_may ? 1 : -1);
			}
}

/* An erased flash, one of zeros, and one of chance have no firmware. */
static void test_none(void **state)
{
	struct head blank, zero, factory = make(1, 1, 4096);

	(void)state;
	memset(&blank, 0xff, sizeof(blank));
	memset(&zero, 0, sizeof(zero));
	assert_int_equal(choose(&blank, &zero, 0), -1);
	factory.word[WHOLE] = 0;
	factory.word[GOOD] = 0;
	assert_int_equal(choose(&factory, &blank, 0), 0);
	assert_int_equal(choose(&factory, &zero, 0), 0);
	assert_int_equal(choose(&blank, &factory, 0), 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_made),
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_tries),
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
