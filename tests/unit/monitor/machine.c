// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * machine.c - a whole device on which the core of the monitor is tested
 */
#include "machine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "board.h"
#include "disk.h"
#include "engine_abi.h"
#include "engine.h"
#include "engine_model.h"
#include "event.h"
#include "firmware.h"
#include "flash.h"
#include "gicv3.h"
#include "host.h"
#include "host_flash.h"
#include "host_gic.h"
#include "host_pci.h"
#include "host_power.h"
#include "host_rtc.h"
#include "host_smmu.h"
#include "memory.h"
#include "nv.h"
#include "owner.h"
#include "partition.h"
#include "pci.h"
#include "pgtable.h"
#include "phase.h"
#include "psci.h"
#include "restore.h"
#include "rtc.h"
#include "smmuv3.h"
#include "spy.h"
#include "statement.h"
#include "sweep.h"
#include "transfer.h"
#include "world.h"

struct machine_flash machine_flash;
struct machine_flash machine_engine_flash;
uint8_t machine_owner[OWNER_KEY_BYTES];
int machine_nv_init;

/* ---- Flash --------------------------------------------------------------- */

/* The firmware runs from bank B, so that whoever takes it for A finds nothing. */
#define IMAGE	(BOARD_BANK_B + BOARD_BANK_IMAGE)

/* Bank B has the factory's header, bank A has none. */
static uint64_t read_bank(uint64_t offset)
{
	uint32_t head[FIRMWARE_BANK_BYTES / 4];
	const bool blank = offset < BOARD_BANK_B;

	offset -= blank ? BOARD_BANK_A : BOARD_BANK_B;
	assert_in_range(offset, 0, sizeof(head) - 4);
	firmware_bank_make((uint8_t *)head, 1, 1, 4096);
	head[FIRMWARE_BANK_WHOLE / 4] = 0;
	head[FIRMWARE_BANK_GOOD / 4] = 0;
	return blank ? UINT32_MAX : head[offset / 4];
}

static uint64_t read_flash(uint64_t offset, unsigned int size)
{
	const struct machine_flash *f = &machine_flash;
	uint64_t val = UINT64_MAX;

	if (size == 4)
		return read_bank(offset);
	/* Flash is mapped as a device: see flash.c. */
	assert_int_equal(size, 8);
	assert_true(offset >= IMAGE + BOARD_FLASH_OWNER);
	offset -= IMAGE;
	if (offset < BOARD_FLASH_ENGINE) {
		assert_in_range(offset - BOARD_FLASH_OWNER, 0,
				sizeof(machine_owner) - 8);
		memcpy(&val, machine_owner + offset - BOARD_FLASH_OWNER, 8);
		return val;
	}
	if (offset < BOARD_FLASH_BM) {
		f = &machine_engine_flash;
		offset -= BOARD_FLASH_ENGINE;
	} else {
		offset -= BOARD_FLASH_BM;
	}
	if (offset < sizeof(f->header))
		memcpy(&val, (const uint8_t *)&f->header + offset, 8);
	else if (offset >= FLASH_PAYLOAD &&
		 offset - FLASH_PAYLOAD < sizeof(f->payload))
		memcpy(&val, &f->payload[offset - FLASH_PAYLOAD], 8);
	return val;
}

static void write_flash(uint64_t offset, unsigned int size, uint64_t val)
{
	(void)size;
	(void)val;
	fail_msg("flash is written at %lx", offset);
}

/* ---- Start --------------------------------------------------------------- */

/* Where each context's memory was last. */
static pa_t homes[NR_CONTEXTS];

void machine_reset(unsigned int cpus)
{
	unsigned int i;

	host_reset();
	host_power_reset(cpus);
	host_gic_add(cpus);
	host_smmu_add();
	host_pci_add();
	host_rtc_add(MACHINE_NOW);
	host_pci_function(MACHINE_BRIDGE, 0x1b36, 0x0600);
	host_pci_virtio(MACHINE_NET);
	host_pci_virtio(MACHINE_KEYBOARD);
	host_pci_virtio(MACHINE_RNG);
	host_pci_virtio(MACHINE_BOOT_DISK);
	host_pci_virtio(MACHINE_REMOVABLE);
	for (i = 1; i <= CONFIG_OSTI_NR_SLOTS; i++)
		host_pci_virtio(MACHINE_DISK(i));
	for (i = 1; i <= CONFIG_OSTI_NR_SLOTS; i++)
		host_pci_virtio(MACHINE_ALIAS(i));
	host_pci_virtio(MACHINE_STORE);

	memcpy(machine_flash.header.magic, "OSTI-BM1", 8);
	machine_flash.header.size = 5000;
	machine_flash.header.offset = 0x200000;
	memcpy(machine_engine_flash.header.magic, "OSTI-EN1", 8);
	machine_engine_flash.header.size = 3000;
	machine_engine_flash.header.offset = 0;
	for (i = 0; i < MACHINE_PAYLOAD_MAX; i++) {
		machine_flash.payload[i] = i * 7 + 1;
		machine_engine_flash.payload[i] = i * 5 + 2;
	}
	owner_read(OWNER_KEY ".page", machine_owner, sizeof(machine_owner));
	host_device_add(&(struct host_device) {
		BOARD_FLASH_BASE, BOARD_FLASH_SIZE, read_flash, write_flash });
	flash_image = BOARD_FLASH_BASE + IMAGE;
	host_flash_add();
	engine_model_init();
	machine_nv_init = NV_E_UNPROVISIONED;
	memset(homes, 0, sizeof(homes));
	spy_reset();
}

static void provision(const uint8_t key[MACHINE_KEY_BYTES])
{
	const struct nv_entry header = { .epoch = NV_FIRST_EPOCH };
	uint8_t *log = &host_flash.data[nv_format_offset(NV_FIRST_EPOCH, 0)];
	uint8_t log_key[NV_KEY_BYTES];

	nv_format_root(host_flash.data, key);
	nv_format_log_key(key, log_key);
	nv_format_entry(log_key, &header, log);
	memset(log + NV_SEAL_AT, 0, NV_SEAL_BYTES);
	machine_nv_init = 0;
}

void machine_init(void)
{
	context_init();
	cpu_init();
	event_init();
	phase_init();
	assert_int_equal(gicv3_init(cpu_count()), 0);
	assert_int_equal(gicv3_quiesce(), 0);
	assert_int_equal(smmuv3_init(), 0);
	pci_init();
	memory_init();
	sweep_init();
	partition_init();
	assert_int_equal(owner_key_init(), OWNER_KEY_OK);
	engine_init();
	world_init();
	transfer_init();
	restore_init();
	disk_init();
	/* A device without keys: its flash was never written. */
	assert_int_equal(nv_init(), machine_nv_init);
	firmware_init();
	rtc_init();
}

static void enter_boot_manager(void)
{
	struct cpu_entry entry;

	assert_int_equal(world_boot(&entry), OUTCOME_ENTER);
	spy_reset();
}

void machine_boot(unsigned int cpus)
{
	machine_reset(cpus);
	machine_init();
	enter_boot_manager();
}

void machine_boot_provisioned(unsigned int cpus,
			      const uint8_t key[MACHINE_KEY_BYTES])
{
	machine_reset(cpus);
	provision(key);
	machine_init();
	enter_boot_manager();
}

void machine_power_cycle(unsigned int cpus)
{
	static uint8_t flash[HOST_FLASH_BYTES];
	const int nv = machine_nv_init;

	memcpy(flash, host_flash.data, sizeof(flash));
	machine_reset(cpus);
	memcpy(host_flash.data, flash, sizeof(flash));
	machine_nv_init = nv;
	machine_init();
	enter_boot_manager();
}

/* ---- Calls --------------------------------------------------------------- */

#define NO_ARGUMENT(n)	(0xdead0000 + (n))

struct machine_smc machine_smc_with(uint64_t fid, const uint64_t arg[6])
{
	struct machine_smc smc = { .x = { fid } };
	unsigned int i;

	memcpy(&smc.x[1], arg, 6 * sizeof(arg[0]));
	for (i = 7; i < SMCCC_REGS; i++)
		smc.x[i] = NO_ARGUMENT(i);
	memcpy(smc.before, smc.x, sizeof(smc.before));
	smc.outcome = smccc_handle(smc.x, &smc.entry);
	/* What is a slot's is not the monitor's for longer than it needs it. */
	if (!transfer_active())
		assert_int_equal(host_mapped(), 0);
	return smc;
}

struct machine_smc machine_smc5(uint64_t fid, uint64_t a, uint64_t b,
				uint64_t c, uint64_t d, uint64_t e)
{
	const uint64_t arg[6] = { a, b, c, d, e, NO_ARGUMENT(6) };

	return machine_smc_with(fid, arg);
}

struct machine_smc machine_smc(uint64_t fid, uint64_t a, uint64_t b,
			       uint64_t c)
{
	return machine_smc5(fid, a, b, c, NO_ARGUMENT(4), NO_ARGUMENT(5));
}

int64_t machine_call(uint64_t fid, uint64_t a, uint64_t b, uint64_t c)
{
	struct machine_smc smc = machine_smc(fid, a, b, c);

	assert_int_equal(smc.outcome, OUTCOME_RETURN);
	return smc.x[0];
}

void machine_assert_kept(const struct machine_smc *smc, unsigned int results)
{
	unsigned int n;

	for (n = 1; n < SMCCC_REGS; n++)
		if (!(results & 1U << n) && smc->x[n] != smc->before[n])
			fail_msg("call %lx made x%u %lx, it was %lx",
				 smc->before[0], n, smc->x[n], smc->before[n]);
}

struct machine_smc machine_start_open(unsigned int slot)
{
	statement_fill(slot);
	statement_good();
	return statement_call(OSTI_CALL_SLOT_START, slot);
}

void machine_start(unsigned int slot)
{
	struct machine_smc smc;

	assert_int_equal(machine_call(OSTI_CALL_SLOT_OPEN, slot, 0, 0),
			 OSTI_OK);
	smc = machine_start_open(slot);
	assert_int_equal(smc.outcome, OUTCOME_ENTER);
	assert_int_equal(ipa_value(smc.entry.pc), MACHINE_ENTRY);
	assert_int_equal(smc.entry.arg, OSTI_RAM_IPA);
}

struct machine_smc machine_suspend(unsigned int target, uint64_t entry,
				   uint64_t arg)
{
	assert_int_equal(machine_call(OSTI_CALL_TARGET_ARM, target, 0, 0),
			 OSTI_OK);
	return machine_smc(PSCI_64(PSCI_SYSTEM_SUSPEND), entry, arg, 0);
}

struct machine_smc machine_request(uint64_t request)
{
	assert_int_equal(machine_call(OSTI_CALL_TARGET_ARM, OSTI_CONTEXT_BM,
				      request, 0), OSTI_OK);
	return machine_smc(PSCI_64(PSCI_SYSTEM_SUSPEND), MACHINE_ENTRY, 0, 0);
}

int machine_setup_slot(void **state)
{
	(void)state;
	machine_boot(2);
	machine_start(2);
	assert_int_equal(machine_suspend(0, MACHINE_ENTRY, 0).outcome,
			 OUTCOME_ENTER);
	machine_start(1);
	return 0;
}

void machine_cpu_on(unsigned int cpu)
{
	struct cpu_entry entry;

	assert_int_equal(machine_call(PSCI_64(PSCI_CPU_ON), cpu, MACHINE_ENTRY,
				      cpu), PSCI_SUCCESS);
	assert_true(host_power_enter(cpu, &entry));
}

/* ---- Looking at it ------------------------------------------------------- */

static int owner(uint64_t pa)
{
	unsigned int i;

	for (i = 0; i <= context_slots(); i++) {
		const struct context *ctx = context_get(i);

		if (context_has_ram(ctx) && pa >= pa_value(ctx->base) &&
		    pa - pa_value(ctx->base) < ctx->size)
			return i;
	}
	fail_msg("%lx is nobody's memory", pa);
	return -1;
}

int machine_dma_reaches(unsigned int devfn, uint64_t iova)
{
	uint64_t pa;

	return host_smmu_access(devfn, iova, false, &pa) ? -1 : owner(pa);
}

int machine_cpu_reaches(unsigned int ctx, uint64_t ipa)
{
	const struct pgtable t = {
		.format = PGTABLE_STAGE2,
		.root = host_memory(memory_root(context_get(ctx)), 8192),
	};
	pa_t pa;

	return pgtable_lookup(&t, ipa_make(ipa), &pa) ? -1 :
	       owner(pa_value(pa));
}

bool machine_sees_function(unsigned int ctx, unsigned int devfn)
{
	const struct pgtable t = {
		.format = PGTABLE_STAGE2,
		.root = host_memory(memory_root(context_get(ctx)), 8192),
	};
	const ipa_t page = ipa_make(BOARD_PCI_ECAM_BASE + devfn * 4096UL);
	pa_t pa;

	return !pgtable_lookup(&t, page, &pa);
}

static struct event_record read_event(unsigned int ring, uint64_t seq)
{
	struct event_record rec;

	assert_int_equal(event_read(ring, seq, context_get(OSTI_CONTEXT_BM),
				    &rec), OSTI_OK);
	return rec;
}

/* The ring where events of a type are. */
static unsigned int ring_of(unsigned int type)
{
	return type >= EVENT_OFFENCE_FIRST && type <= EVENT_OFFENCE_LAST ?
	       OSTI_RING_OFFENCES : OSTI_RING_ACTS;
}

struct event_record machine_last_event(unsigned int type)
{
	const unsigned int ring = ring_of(type);
	struct event_record rec = { 0 };
	uint64_t seq;

	for (seq = event_next(ring); seq-- > event_oldest(ring);) {
		rec = read_event(ring, seq);
		if ((rec.what & 0xffff) == type)
			return rec;
	}
	fail_msg("there is no event %u", type);
	return rec;
}

unsigned int machine_count_events(unsigned int type)
{
	const unsigned int ring = ring_of(type);
	unsigned int n = 0;
	uint64_t seq;

	for (seq = event_oldest(ring); seq < event_next(ring); seq++)
		n += (read_event(ring, seq).what & 0xffff) == type;
	return n;
}

/* First and last word, and one in each of these steps. */
#define MARK_STEP	0x00ff0008UL

/* Where the context's memory is or was; where the first slot's will be. */
static pa_t home(const struct context *ctx)
{
	if (context_has_ram(ctx))
		homes[ctx->id] = ctx->base;
	return pa_value(homes[ctx->id]) ? homes[ctx->id] :
	       pa_make(BOARD_SLOTS_BASE);
}

static uint64_t *mark_word(const struct context *ctx, uint64_t offset)
{
	if (offset > ctx->size - 8)
		offset = ctx->size - 8;
	return host_memory(pa_add(home(ctx), offset), 8);
}

void machine_mark(unsigned int id)
{
	const struct context *ctx = context_get(id);
	uint64_t n;

	for (n = 0; n < ctx->size + MARK_STEP; n += MARK_STEP)
		*mark_word(ctx, n) = 0x5ec7e75ec7e7;
}

bool machine_is_zero(unsigned int id)
{
	const struct context *ctx = context_get(id);
	uint64_t n;

	for (n = 0; n < ctx->size + MARK_STEP; n += MARK_STEP)
		if (*mark_word(ctx, n))
			return false;
	return true;
}

static bool is_empty(pa_t table, unsigned int entries)
{
	unsigned int i;

	for (i = 0; i < entries; i++)
		if (host_device_read64(pa_value(table) + 8UL * i) & 1)
			return false;
	return true;
}

bool machine_engine_is_gone(void)
{
	/* All but the code. */
	return host_memory_is_zero(pa_make(BOARD_ENGINE_BASE + ENGINE_BSS),
				   BOARD_ENGINE_SIZE - ENGINE_BSS) &&
	       is_empty(memory_engine_root(), 1024);
}
