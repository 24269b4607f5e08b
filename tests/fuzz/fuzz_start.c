// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz_start.c - start statements
 *
 * Input: byte 0 flags, byte 1 the slot's memory in units of 32 KiB less one;
 * then the statement. Flags: 1 whatever it is signed with counts, which a fuzzer
 * could never reach otherwise; 2 the slot accepts no version below 1000.
 *
 * A statement that counts says nothing that does not fit the slot, and what is
 * made of it stays within what is the slot's.
 */
#include <stdbool.h>
#include <string.h>

#include "cpu.h"
#include "dtb.h"
#include "fuzz.h"
#include "image_bytes.h"
#include "nv.h"
#include "owner_key.h"
#include "start.h"

#define UNIT		0x8000UL
#define RAM_MAX		(256 * UNIT)
#define BASE		0x50000000UL
#define FLOOR		1000

static uint8_t ram[RAM_MAX];
static struct context slot = { .id = 1, .name = "work", .base = { BASE } };
static uint8_t flags;
/* Calls of arch_map() that no arch_unmap() has followed. */
static unsigned int maps;

/* The real one has this name here. */
bool signature_real(const struct signature_key *key, const uint8_t *msg,
		    size_t bytes, const uint8_t *sig);

/* The key that statements of the corpus are signed with, as it lies in flash. */
__asm__(".pushsection .rodata\n"
	"owner_page: .incbin \"" OWNER_PAGE "\"\n"
	".popsection");
extern const uint8_t owner_page[];

const struct signature_key *owner_key(void)
{
	static struct signature_key key;

	if (!key.bits)
		CHECK(signature_key_make(&key, 2048,
					 owner_page + OWNER_KEY_EXPONENT,
					 owner_page + OWNER_KEY_MODULUS));
	return &key;
}

bool signature_good(const struct signature_key *key, const uint8_t *msg,
		    size_t bytes, const uint8_t *sig)
{
	return signature_real(key, msg, bytes, sig) || flags & 1;
}

/* ---- What start.c needs of the device ------------------------------------- */

static void check_range(pa_t addr, uint64_t bytes)
{
	const uint64_t at = pa_offset(addr, slot.base);

	CHECK(at <= slot.size && bytes <= slot.size - at);
}

void arch_map(pa_t addr, uint64_t bytes)
{
	check_range(addr, bytes);
	maps++;
}

void arch_unmap(pa_t addr, uint64_t bytes)
{
	check_range(addr, bytes);
	CHECK(maps);
	maps--;
}

void *arch_phys(pa_t addr, size_t bytes)
{
	check_range(addr, bytes);
	CHECK(maps);
	return ram + pa_offset(addr, slot.base);
}

void arch_cache_flush(pa_t addr, uint64_t bytes)
{
	check_range(addr, bytes);
	CHECK(maps);
}

void arch_zero(pa_t addr, uint64_t bytes)
{
	check_range(addr, bytes);
	CHECK(maps);
	memset(ram + pa_offset(addr, slot.base), 0, bytes);
}

uint64_t arch_counter(void)
{
	return 1;
}

unsigned int cpu_count(void)
{
	return 2;
}

uint64_t nv_floor(unsigned int nr)
{
	CHECK(nr == slot.id);
	return flags & 2 ? FLOOR : 0;
}

const uint8_t *nv_root_key(void)
{
	return NULL;
}

/* ---- What must hold --------------------------------------------------------- */

static void check_part(const struct start_part *p)
{
	CHECK(p->at >= OSTI_START_RESERVED && p->at % 4 == 0);
	CHECK(p->at < slot.size && p->bytes <= slot.size - p->at);
}

static void check_start(const struct start *s, const uint8_t *body)
{
	const struct start_part *a = &s->kernel, *b = &s->ramdisk;

	CHECK(s->version && (!(flags & 2) || s->version >= FLOOR));
	CHECK(a->bytes);
	check_part(a);
	if (b->bytes) {
		check_part(b);
		CHECK(a->at >= b->at + b->bytes || b->at >= a->at + a->bytes);
	}
	CHECK(memchr(s->cmdline, 0, OSTI_START_CMDLINE));
	/* It says what it said, and has no room to say more. */
	CHECK(image_get64(body + OSTI_START_S_KERNEL) == a->at);
	CHECK(image_get64(body + OSTI_START_S_FLAGS) == s->flags &&
	      !(s->flags & ~(uint64_t)OSTI_START_F_ALL));
	CHECK(!image_get64(body + OSTI_START_S_ZERO));
}

static void use(const struct start *s)
{
	static const uint8_t chance[OSTI_START_SEED];
	int why = start_matches(&slot, s);

	CHECK(!why || why == OSTI_START_E_KERNEL ||
	      why == OSTI_START_E_RAMDISK);
	start_place_tree(&slot, s, chance);
	CHECK(image_get32(ram) == 0xedfe0dd0);
	CHECK(!maps);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct start s;
	uint8_t *exact;
	int why;

	if (size < 2)
		return 0;
	flags = data[0];
	slot.size = (data[1] + 1) * UNIT;
	data += 2;
	size -= 2;
	/* So that the sanitizer sees what is read beyond it. */
	exact = malloc(size ? size : 1);
	CHECK(exact);
	memcpy(exact, data, size);
	why = start_check(&slot, exact, size, &s);
	CHECK(why >= 0 && why <= OSTI_START_E_ROOM);
	if (why == OSTI_START_E_SIGNATURE)
		CHECK(!s.version);
	if (!why) {
		check_start(&s, exact);
		use(&s);
	}
	free(exact);
	return 0;
}
