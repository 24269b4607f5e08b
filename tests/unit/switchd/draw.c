// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * draw.c - for tests that could try more than there is time for
 */
#include "draw.h"

#include "helper.h"

#include <stdlib.h>
#include <time.h>

/*
 * For all programs here. Others look for leaks; it takes longer than what they
 * do, and they are run often.
 */
const char *__asan_default_options(void);

const char *__asan_default_options(void)
{
	return "detect_leaks=0:quarantine_size_mb=8";
}

static uint64_t first_seed;
static uint64_t seed;

void draw_begin(void)
{
	const char *given = getenv("OSTI_TEST_SEED");

	first_seed = given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
	print_message("OSTI_TEST_SEED=%llu\n", (unsigned long long)first_seed);
	setenv("ASAN_OPTIONS", __asan_default_options(), 0);
}

void draw_again(void)
{
	seed = first_seed;
}

unsigned int draw(unsigned int n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned int)(seed >> 33) % n;
}

bool draw_all(void)
{
	return getenv("OSTI_TEST_ALL");
}
