// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * generate.c - a few bytes become pages that are hard to cut and to compress
 */
#include "generate.h"

#include <stdbool.h>
#include <string.h>

#include <osti/image.h>

#include "fuzz.h"
#include "image_crypto.h"

#define PAGE	OSTI_IMAGE_PAGE

/* What a generator of one page has. */
struct step {
	const uint8_t *input;	/* all of it, at least one byte */
	size_t bytes;
	uint64_t chance;	/* not 0 */
	uint8_t how;
	uint8_t nr;		/* of the page in its step, from 0 */
	const uint8_t *before;	/* the page made before, or NULL */
	const uint8_t *key;
};

static uint64_t chance(struct step *s)
{
	s->chance ^= s->chance << 13;
	s->chance ^= s->chance >> 7;
	s->chance ^= s->chance << 17;
	return s->chance;
}

static void noise(struct step *s, uint8_t *to, size_t bytes)
{
	size_t i;

	for (i = 0; i < bytes; i += 8) {
		uint64_t r = chance(s);

		memcpy(to + i, &r, bytes - i < 8 ? bytes - i : 8);
	}
}

/* The input again and again, from any byte of it on. */
static void make_input(struct step *s, uint8_t *to)
{
	size_t at = s->how % s->bytes;
	unsigned int i;

	for (i = 0; i < PAGE; i++) {
		to[i] = s->input[at];
		at = at + 1 == s->bytes ? 0 : at + 1;
	}
}

/* Also a page that is zero. */
static void make_same(struct step *s, uint8_t *to)
{
	memset(to, s->how, PAGE);
}

static void make_noise(struct step *s, uint8_t *to)
{
	noise(s, to, PAGE);
}

/* Noise of few symbols: how many bits of each byte vary, and which. */
static void make_few_symbols(struct step *s, uint8_t *to)
{
	unsigned int i;

	noise(s, to, PAGE);
	for (i = 0; i < PAGE; i++)
		to[i] &= s->how;
}

/*
 * The rarest symbol once, the others as often as Fibonacci's numbers: the
 * deepest trees that entropy coders can get, or flat ones beside them.
 */
static void make_skewed(struct step *s, uint8_t *to)
{
	unsigned int a = 1, b = 1 + s->how % 4;
	unsigned int left = 1;
	uint8_t symbol = s->how;
	unsigned int i;

	for (i = 0; i < PAGE; i++) {
		to[i] = symbol;
		if (--left)
			continue;
		symbol += 1 + s->how % 3;
		left = a;
		b += a;
		a = b - a;
	}
	for (i = 0; i < PAGE; i++) {
		unsigned int k = chance(s) % PAGE;
		uint8_t byte = to[i];

		to[i] = to[k];
		to[k] = byte;
	}
}

/* A table of numbers, as kernels have many. */
static void make_words(struct step *s, uint8_t *to)
{
	uint64_t word = chance(s);
	unsigned int i;

	for (i = 0; i < PAGE; i += 8) {
		memcpy(to + i, &word, 8);
		word += s->how & 1 ? chance(s) % s->bytes : s->how;
	}
}

/* Zero but for a few bytes of the input. */
static void make_sparse(struct step *s, uint8_t *to)
{
	unsigned int i;

	memset(to, 0, PAGE);
	for (i = 0; i < s->how % 16; i++)
		to[chance(s) % PAGE] = s->input[i % s->bytes];
}

/* The page before with some bytes changed: matches that are far and long. */
static void make_edited(struct step *s, uint8_t *to)
{
	unsigned int i;

	if (s->before)
		memcpy(to, s->before, PAGE);
	else
		noise(s, to, PAGE);
	for (i = 0; i < s->how % 32; i++)
		to[chance(s) % PAGE] ^= 1U << s->how % 8;
}

/*
 * Literals and matches in turn, whose lengths and offsets are close to where
 * codecs change how they write them.
 */
static void make_matches(struct step *s, uint8_t *to)
{
	static const uint16_t lengths[] = {
		1, 3, 4, 5, 14, 15, 16, 18, 19, 31, 63, 64, 127, 130, 131, 255,
		269, 270, 274, 525, 2047, 2051, 4095,
	};
	const size_t nr = sizeof(lengths) / sizeof(lengths[0]);
	unsigned int at = 0, i;

	while (at < PAGE) {
		unsigned int literals = lengths[chance(s) % (s->how % nr + 1)];
		unsigned int match = lengths[chance(s) % nr];
		unsigned int offset;

		if (literals > PAGE - at)
			literals = PAGE - at;
		noise(s, to + at, literals);
		at += literals;
		offset = lengths[chance(s) % nr];
		if (offset > at)
			offset = at;
		for (i = 0; i < match && at < PAGE; i++, at++)
			to[at] = to[at - offset];
	}
}

/* Pieces of the input in any order, as text has its words. */
static void make_text(struct step *s, uint8_t *to)
{
	unsigned int at = 0;

	while (at < PAGE) {
		size_t from = chance(s) % s->bytes;
		size_t n = 1 + chance(s) % (s->how % 32 + 1);

		if (n > s->bytes - from)
			n = s->bytes - from;
		if (n > PAGE - at)
			n = PAGE - at;
		memcpy(to + at, s->input + from, n);
		at += n;
	}
}

/*
 * Pages after which the cutter always cuts, or never does: chunks of the least
 * and of the most pages.
 */
static void make_cut(struct step *s, uint8_t *to)
{
	bool wanted = s->how & 1;
	uint8_t hash[OSTI_IMAGE_HASH];
	unsigned int i;

	memset(to, s->how, PAGE);
	for (i = 0; i < 64; i++) {
		noise(s, to, 8);
		image_crypto_mac(s->key, to, PAGE, hash);
		if (!(hash[0] & OSTI_IMAGE_CUT_MASK) == wanted)
			break;
	}
}

static void (*const makers[])(struct step *s, uint8_t *to) = {
	make_input, make_same, make_noise, make_few_symbols, make_skewed,
	make_words, make_sparse, make_edited, make_matches, make_text, make_cut,
};

#define MAKERS	(sizeof(makers) / sizeof(makers[0]))

/* Most inputs make few pages, so that there can be many inputs. */
static unsigned int nr_pages(uint8_t byte)
{
	unsigned int more = byte * byte / 255;

	more = more * more / 255;
	more = more * more / 255;
	return GENERATE_MIN + more * (GENERATE_MAX - GENERATE_MIN) / 255;
}

/* Runs of pages with gaps: by byte 1 how long both are, and where it begins. */
static void place(uint8_t byte, struct generated *g)
{
	unsigned int run = 1 + byte % 16;
	unsigned int gap = byte / 16 % 4;
	unsigned int page = byte / 64 * 8;
	unsigned int i;

	for (i = 0; i < g->nr; i++) {
		g->at[i] = page++;
		if (i % run == run - 1)
			page += gap;
	}
}

void generate(const uint8_t *data, size_t size, const uint8_t *key,
	      uint8_t *ram, struct generated *g)
{
	static const uint8_t nothing;
	struct step s = { .input = data, .bytes = size, .key = key };
	size_t at = 2;
	unsigned int i = 0;

	if (!size) {
		s.input = &nothing;
		s.bytes = 1;
	}
	g->nr = nr_pages(size > 0 ? data[0] : 0);
	place(size > 1 ? data[1] : 0, g);
	while (i < g->nr) {
		uint8_t kind = size > 2 ? data[at] : 0;
		unsigned int n = kind / MAKERS % 8 + 1;

		s.how = at + 1 < size ? data[at + 1] : 0;
		s.chance = 0x9e3779b97f4a7c15 * (i + 1) ^ kind ^ s.how << 8;
		for (s.nr = 0; s.nr < n && i < g->nr; s.nr++, i++) {
			uint8_t *to = ram + (size_t)g->at[i] * PAGE;

			makers[kind % MAKERS](&s, to);
			s.before = to;
		}
		at = at + 2 < size ? at + 2 : 2;
	}
	CHECK(g->at[g->nr - 1] < GENERATE_PAGES);
}
