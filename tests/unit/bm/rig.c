// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rig.c - the boot manager on the monitor: a device with slots of a few MiB
 */
#include <common.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>
#include <mapmem.h>
#include <osti/abi.h>
#include <osti/bm/boot.h>
#include <osti/bm/call.h>
#include <osti/bm/fit.h>
#include <osti/bm/slots.h>
#include <osti/bootimage.h>

#include "context.h"
#include "host.h"
#include "host_flash.h"
#include "image_bytes.h"
#include "machine.h"
#include "owner.h"
#include "psci.h"
#include "spy.h"
#include "statement.h"
#include "world.h"

#include "rig.h"
#include "disk_model.h"

#define CPUS		2
#define SLOT_BYTES	0x400000
#define PAGE		4096
#define PAGES		(SLOT_BYTES / PAGE)

/* In the boot manager's partition. */
#define SEED_IPA	(OSTI_RAM_IPA + 0x3000000)
#define HEAP_IPA	(OSTI_RAM_IPA + 0x4000000)
#define FIT_IPA	(OSTI_RAM_IPA + 0x2800000)
#define FIT_ROOM	0x100000

/* Where a slot goes on: not where it starts. */
#define GO_ON		(MACHINE_ENTRY + 0x1234)
#define GO_ON_ARG	0x0123456789abcdefUL

static jmp_buf out;
/* Where the CPU went when it left the boot manager or a slot. */
static struct cpu_entry entry;

void rig_fail(const char *why)
{
	fail_msg("%s", why);
	abort();
}

/* Signing takes time, so all of them are signed once. */
static uint8_t statements[RIG_VERSIONS + 1][STATEMENT_BYTES];

static void prepare_statements(void)
{
	uint8_t body[OSTI_START_BODY];
	unsigned int v;

	if (statements[1][0])
		return;
	for (v = 1; v <= RIG_VERSIONS; v++) {
		statement_make(body, false);
		statement_put64(body, OSTI_START_S_VERSION, v);
		memcpy(statements[v], body, sizeof(body));
		owner_sign(OWNER_KEY, body, sizeof(body),
			   statements[v] + sizeof(body));
	}
}

/* ---- Power ---------------------------------------------------------------------- */

static void small_slots(void)
{
	unsigned int i;

	for (i = 1; i <= RIG_SLOTS; i++)
		context_get(i)->size = SLOT_BYTES;
}

void rig_prepare(void)
{
	context_init();
	prepare_statements();
}

size_t rig_fit_room;

void rig_new(void)
{
	static const uint8_t blank[DISK_BYTES];
	uint8_t key[MACHINE_KEY_BYTES];

	rig_fit_room = FIT_ROOM;
	memset(key, 0xa5, sizeof(key));
	machine_boot_provisioned(CPUS, key);
	small_slots();
	disk_power_on(blank);
}

void rig_power_cycle(void)
{
	machine_power_cycle(CPUS);
	small_slots();
	disk_power_on(disk.medium);
}

void rig_power_on(const uint8_t *flash, const uint8_t *medium)
{
	memcpy(host_flash.data, flash, host_flash.bytes);
	machine_nv_init = 0;
	machine_power_cycle(CPUS);
	small_slots();
	disk_power_on(medium);
}

/* ---- Boot manager ------------------------------------------------------------------ */

static uint8_t *bm_memory(uint64_t ipa, size_t bytes)
{
	return host_memory(pa_add(context_get(OSTI_CONTEXT_BM)->base,
				  ipa - OSTI_RAM_IPA), bytes);
}

uint8_t *rig_heap(void)
{
	return bm_memory(HEAP_IPA, RIG_HEAP);
}

uint64_t rig_ticks(void)
{
	return arch_counter();
}

void rig_leave(enum rig_end how)
{
	longjmp(out, how);
}

enum rig_end rig_boot(const struct uboot_key *keys)
{
	int end;

	assert_int_equal(rig_running(), OSTI_CONTEXT_BM);
	uboot_start(keys);
	spy_reset();
	end = setjmp(out);
	if (!end) {
		osti_boot();
		end = RIG_RETURNED;
	}
	return end;
}

void osti_smc(struct osti_regs *regs)
{
	uint64_t arg[6];
	struct machine_smc smc;

	memcpy(arg, &regs->x[1], sizeof(arg));
	smc = machine_smc_with(regs->x[0], arg);
	if (smc.outcome != OUTCOME_RETURN) {
		entry = smc.entry;
		rig_leave(RIG_ENTERED);
	}
	memcpy(regs->x, smc.x, sizeof(regs->x));
	/* Nobody looks at it, and it would grow and grow. */
	host_trace_clear();
}

u64 map_to_sysmem(const void *p)
{
	const uint8_t *memory = bm_memory(OSTI_RAM_IPA, 1);
	const uint8_t *byte = p;

	if (byte >= memory &&
	    byte < memory + context_get(OSTI_CONTEXT_BM)->size)
		return OSTI_RAM_IPA + (byte - memory);
	/* Of all that the monitor reads, a start's seed lies on the stack. */
	memcpy(bm_memory(SEED_IPA, OSTI_START_SEED), p, OSTI_START_SEED);
	return SEED_IPA;
}

void *map_sysmem(u64 addr, unsigned long bytes)
{
	unsigned int i;

	assert_true(addr == OSTI_WINDOW_IPA);
	for (i = 1; i <= RIG_SLOTS; i++)
		if (rig_state(i) == OSTI_SLOT_LOADING)
			return host_memory(context_get(i)->base, bytes);
	rig_fail("no slot is open");
}

/* ---- Boot images ------------------------------------------------------------------- */

/* It stands for a FIT: says what is in it, and is noise behind that. */
struct image {
	char magic[8];
	uint64_t version;
	uint64_t what;
};

#define IMAGE_MAGIC	"test-fit"

static void make_image(struct image *head, uint8_t noise[RIG_IMAGE_BYTES],
		       unsigned int version, enum rig_image what)
{
	unsigned int i;

	for (i = 0; i < RIG_IMAGE_BYTES; i++)
		noise[i] = i * 11 + version;
	*head = (struct image){ .version = version, .what = what };
	memcpy(head->magic, IMAGE_MAGIC, sizeof(head->magic));
	if (what == RIG_IMAGE_NO_FIT)
		head->magic[0] ^= 1;
	memcpy(noise, head, sizeof(*head));
}

void rig_hand_over(unsigned int slot, unsigned int version, enum rig_image what)
{
	struct image head;

	assert_true(version >= 1 && version <= RIG_VERSIONS);
	make_image(&head, uboot_exchange + OSTI_BOOT_HEADER, version, what);
	memset(uboot_exchange, 0, OSTI_BOOT_HEADER);
	memcpy(uboot_exchange, OSTI_BOOT_X_MAGIC, 8);
	image_put64(uboot_exchange + OSTI_BOOT_X_SLOT, slot);
	image_put64(uboot_exchange + OSTI_BOOT_X_BYTES, RIG_IMAGE_BYTES);
}

void *osti_fit_memory(size_t *room)
{
	*room = rig_fit_room;
	return bm_memory(FIT_IPA, FIT_ROOM);
}

static void fill_in(struct osti_fit *img, unsigned int version,
		    enum rig_image what)
{
	static uint8_t altered[STATEMENT_KERNEL_BYTES];
	uint8_t *statement = bm_memory(STATEMENT_IPA, STATEMENT_BYTES);

	prepare_statements();
	memcpy(statement, statements[version], STATEMENT_BYTES);
	statement[OSTI_START_S_CMDLINE] ^= what == RIG_IMAGE_UNSIGNED;
	memcpy(altered, statement_kernel(), sizeof(altered));
	altered[100] ^= 1;
	img->statement = statement;
	img->statement_len = STATEMENT_BYTES;
	img->kernel = what == RIG_IMAGE_ALTERED ? altered : statement_kernel();
	img->kernel_len = STATEMENT_KERNEL_BYTES - (what == RIG_IMAGE_SHORT);
}

/* Not one byte of it may be another one. */
int osti_fit_parse(const char *name, size_t len, struct osti_fit *img)
{
	const uint8_t *fit = bm_memory(FIT_IPA, RIG_IMAGE_BYTES);
	static uint8_t want[RIG_IMAGE_BYTES];
	struct image head, made;

	memset(img, 0, sizeof(*img));
	snprintf(img->file, sizeof(img->file), "%s", name);
	memcpy(&head, fit, sizeof(head));
	if (len != RIG_IMAGE_BYTES ||
	    memcmp(head.magic, IMAGE_MAGIC, sizeof(head.magic)) ||
	    !head.version || head.version > RIG_VERSIONS)
		return -ENOEXEC;
	make_image(&made, want, head.version, head.what);
	if (memcmp(want, fit, sizeof(want)))
		rig_fail("a boot image is half of one");
	fill_in(img, head.version, head.what);
	return 0;
}

/* That of the boot disk */
int osti_fit_load(const struct osti_slot *slot, struct osti_fit *img)
{
	memset(img, 0, sizeof(*img));
	snprintf(img->file, sizeof(img->file), "%s.itb", slot->name);
	fill_in(img, 1, RIG_IMAGE_GOOD);
	return 0;
}

/* ---- Who runs ---------------------------------------------------------------------- */

unsigned int rig_running(void)
{
	return world_current()->id;
}

static uint8_t *slot_memory(void)
{
	return host_memory(world_current()->base, SLOT_BYTES);
}

/* Of some contents: pages that get no smaller, some that do, and many of zeroes. */
static void make_page(uint8_t *to, unsigned int contents, unsigned int page)
{
	uint64_t random = 0x9e3779b97f4a7c15 * (contents * PAGES + page + 1);
	const bool noise = page >= 200 && page < 280;
	unsigned int i;

	memset(to, 0, PAGE);
	if (!noise && page > 2 && page % 100 && page != PAGES - 1)
		return;
	for (i = 0; i < PAGE; i += 8) {
		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		image_put64(to + i,
			    noise ? random : random & 0x0101010101010101);
	}
}

void rig_fill(unsigned int contents)
{
	unsigned int page;

	for (page = 0; page < PAGES; page++)
		make_page(slot_memory() + page * PAGE, contents, page);
}

static bool has(unsigned int contents)
{
	uint8_t want[PAGE];
	unsigned int page;

	for (page = 0; page < PAGES; page++) {
		make_page(want, contents, page);
		if (memcmp(slot_memory() + page * PAGE, want, PAGE))
			return false;
	}
	return true;
}

unsigned int rig_contents(unsigned int last)
{
	unsigned int i;

	if (ipa_value(entry.pc) == MACHINE_ENTRY)
		return RIG_COLD;
	assert_int_equal(ipa_value(entry.pc), GO_ON);
	assert_int_equal(entry.arg, GO_ON_ARG);
	for (i = 1; i <= last; i++)
		if (has(i))
			return i;
	rig_fail("a slot goes on with something else in its memory");
}

/* The slot has left the device by this call. */
static enum rig_end leave_slot(uint64_t fid, const struct uboot_key *keys)
{
	struct machine_smc smc = machine_smc(fid, GO_ON, GO_ON_ARG, 0);

	assert_int_equal(smc.outcome, OUTCOME_ENTER);
	entry = smc.entry;
	if (rig_running() != OSTI_CONTEXT_BM)
		return RIG_ENTERED;
	return rig_boot(keys);
}

static enum rig_end suspend(unsigned int target, uint64_t request,
			    const struct uboot_key *keys)
{
	assert_int_equal(machine_call(OSTI_CALL_TARGET_ARM, target, request, 0),
			 OSTI_OK);
	return leave_slot(PSCI_64(PSCI_SYSTEM_SUSPEND), keys);
}

enum rig_end rig_switch(unsigned int slot, const struct uboot_key *keys)
{
	return suspend(slot, 0, keys);
}

enum rig_end rig_request(unsigned int request, unsigned int slot,
			 const struct uboot_key *keys)
{
	return suspend(OSTI_CONTEXT_BM, request | slot << 8, keys);
}

unsigned int rig_answer(uint64_t *detail)
{
	struct machine_smc smc = machine_smc(OSTI_CALL_REQUEST_RESULT, 0, 0, 0);

	assert_int_equal(smc.x[0], OSTI_OK);
	if (detail)
		*detail = smc.x[3];
	return smc.x[2];
}

enum rig_end rig_system_off(const struct uboot_key *keys)
{
	return leave_slot(PSCI_SYSTEM_OFF, keys);
}

enum rig_end rig_system_reset(const struct uboot_key *keys)
{
	return leave_slot(PSCI_SYSTEM_RESET, keys);
}

uint64_t rig_version(void)
{
	return world_current()->version;
}

void rig_good(bool keep_older)
{
	assert_int_equal(machine_call(OSTI_CALL_START_GOOD,
				      keep_older ? 0 : rig_version(), 0, 0),
			 OSTI_OK);
}

/* ---- Looking at it ------------------------------------------------------------------ */

unsigned int rig_state(unsigned int slot)
{
	return context_get(slot)->state;
}

bool rig_said(const char *text)
{
	return strstr(uboot.text, text);
}

unsigned int rig_slot_named(const char *name)
{
	unsigned int i;

	for (i = 1; i <= RIG_SLOTS; i++)
		if (!strncmp(context_get(i)->name, name, OSTI_NAME_LEN))
			return i;
	return 0;
}
