// SPDX-License-Identifier: GPL-2.0-only
/*
 * memory.c - what each context can reach, by CPU and by DMA
 *
 * A table is empty or complete: its RAM at OSTI_RAM_IPA for CPU and DMA alike,
 * and for the CPU the devices of the board at their own addresses, less those
 * that the monitor emulates. Everything else of the machine is absent, not merely
 * forbidden. While a slot is frozen its RAM is hidden in both; that RAM has level
 * 1 entries of its own, so this costs a few words, where making a table anew costs
 * thousands.
 *
 * The image engine is no context and has a table of its own, for the CPU alone:
 * its memory and a frozen slot's RAM while it works on that slot, else nothing.
 */
#include "memory.h"

#include "board.h"
#include "engine_abi.h"
#include "lock.h"
#include "log.h"
#include "pci.h"
#include "pgtable.h"
#include "smmuv3.h"

#define MIB		(1024ULL * 1024)
#define GIB		(1024 * MIB)
#define PAGE		4096

/*
 * Pages for tables below the root: devices and configuration space take what the
 * board says, RAM one for each GiB that it touches. The boot manager's window
 * takes as much again as the largest slot.
 */
#define RAM_TABLES	(CONFIG_OSTI_RAM_MIB / 1024 + 2)
#define CPU_POOL	(BOARD_DEVICE_TABLES + 2 * RAM_TABLES)
#define DMA_POOL	(2 * RAM_TABLES)
/* The engine's memory lies in one GiB. */
#define ENGINE_POOL	(1 + RAM_TABLES)

static struct {
	struct pgtable cpu;
	struct pgtable dma;
	bool complete;
	uint16_t vmid;
} tables[NR_CONTEXTS];

static struct pgtable_page cpu_roots[NR_CONTEXTS][PGTABLE_STAGE2_ROOT_PAGES]
	__attribute__((aligned(PGTABLE_STAGE2_ROOT_PAGES * PAGE)));
/*
 * For contexts whose root a CPU may use for ever: see memory_abandon_root().
 * Each takes a CPU with it, so that these last.
 */
#define SPARES		(OSTI_MAX_CPUS - 1)
static struct pgtable_page spare_roots[SPARES][PGTABLE_STAGE2_ROOT_PAGES]
	__attribute__((aligned(PGTABLE_STAGE2_ROOT_PAGES * PAGE)));
static unsigned int spares_used;

/* The image engine's, until it is abandoned. */
#define ENGINE_VMID	(NR_CONTEXTS + SPARES)

/* VTCR_EL2.VS is 0: VMIDs have 8 bits. */
_Static_assert(ENGINE_VMID < 256, "more VMIDs than there are");

static struct {
	struct pgtable cpu;
	uint16_t vmid;
} engine;
static struct pgtable_page engine_root[PGTABLE_STAGE2_ROOT_PAGES]
	__attribute__((aligned(PGTABLE_STAGE2_ROOT_PAGES * PAGE)));
static struct pgtable_page engine_pool[ENGINE_POOL];

static struct pgtable_page dma_roots[NR_CONTEXTS][PGTABLE_SMMU_ROOT_PAGES];
static struct pgtable_page cpu_pools[NR_CONTEXTS][CPU_POOL];
static struct pgtable_page dma_pools[NR_CONTEXTS][DMA_POOL];

/* Needs the SMMU: smmuv3_init() forgets all contexts. */
void memory_init(void)
{
	unsigned int i;

	spares_used = 0;
	engine.vmid = ENGINE_VMID;
	pgtable_init(&engine.cpu, PGTABLE_STAGE2, engine_root, engine_pool,
		     ENGINE_POOL);
	for (i = 0; i <= context_slots(); i++) {
		tables[i].complete = false;
		tables[i].vmid = i;
		pgtable_init(&tables[i].cpu, PGTABLE_STAGE2, cpu_roots[i],
			     cpu_pools[i], CPU_POOL);
		pgtable_init(&tables[i].dma, PGTABLE_SMMU, dma_roots[i],
			     dma_pools[i], DMA_POOL);
		CHECK(!smmuv3_context_init(i, pgtable_root(&tables[i].dma)));
	}
}

/* The ranges are the monitor's own: that one does not map is a bug. */
static void map(struct pgtable *t, ipa_t ipa, pa_t pa, uint64_t bytes,
		enum pgtable_attr attr)
{
	int ret = pgtable_map(t, ipa, pa, bytes, attr);

	if (ret)
		panic("cannot map %llx bytes at %llx: %d",
		      (unsigned long long)bytes,
		      (unsigned long long)ipa_value(ipa), ret);
}

static void map_both(unsigned int id, ipa_t ipa, pa_t pa, uint64_t bytes)
{
	map(&tables[id].cpu, ipa, pa, bytes, PGTABLE_NORMAL);
	map(&tables[id].dma, ipa, pa, bytes, PGTABLE_NORMAL);
}

static void map_device(struct pgtable *cpu, pa_t pa, uint64_t bytes)
{
	map(cpu, ipa_of_device(pa), pa, bytes, PGTABLE_DEVICE);
}

static void flush_cpu(unsigned int id)
{
	arch_tlb_flush(pgtable_root(&tables[id].cpu), tables[id].vmid);
}

static pa_t config_page(unsigned int devfn)
{
	return pa_make(BOARD_PCI_ECAM_BASE + (uint64_t)devfn * PAGE);
}

static void fill(const struct context *ctx)
{
	struct pgtable *cpu = &tables[ctx->id].cpu;
	unsigned int devfn, i;

	map_both(ctx->id, context_ram(), ctx->base, ctx->size);
	for (i = 0; i < board_nr_devices; i++)
		if (!board_devices[i].emulated)
			map_device(cpu, board_devices[i].base,
				   board_devices[i].bytes);

	for (i = 0; pci_next(ctx->id, &i, &devfn);)
		map_device(cpu, config_page(devfn), PAGE);
	tables[ctx->id].complete = true;
}

void memory_grant(const struct context *ctx)
{
	LOCK_ASSERT_HELD();
	if (!tables[ctx->id].complete) {
		fill(ctx);
		return;
	}
	pgtable_show(&tables[ctx->id].cpu, context_ram(), ctx->size);
	pgtable_show(&tables[ctx->id].dma, context_ram(), ctx->size);
}

void memory_hide(const struct context *ctx)
{
	LOCK_ASSERT_HELD();
	pgtable_hide(&tables[ctx->id].cpu, context_ram(), ctx->size);
	pgtable_hide(&tables[ctx->id].dma, context_ram(), ctx->size);
	flush_cpu(ctx->id);
	/* No stream uses the table, nor will one if this fails. */
	smmuv3_flush(ctx->id);
}

void memory_show_pci(const struct context *ctx, unsigned int devfn)
{
	LOCK_ASSERT_HELD();
	map_device(&tables[ctx->id].cpu, config_page(devfn), PAGE);
}

static void hide_pci(unsigned int id, unsigned int devfn)
{
	const ipa_t page = ipa_of_device(config_page(devfn));
	struct pgtable *cpu = &tables[id].cpu;
	pa_t pa;

	/* Also a table that was emptied as a whole has it no more. */
	if (pgtable_lookup(cpu, page, &pa))
		return;
	CHECK(!pgtable_unmap(cpu, page, PAGE));
	flush_cpu(id);
}

void memory_hide_pci(const struct context *ctx, unsigned int devfn)
{
	LOCK_ASSERT_HELD();
	hide_pci(ctx->id, devfn);
}

void memory_drop_pci(unsigned int devfn)
{
	unsigned int i;

	LOCK_ASSERT_HELD();
	for (i = 0; i <= context_slots(); i++)
		if (!pci_visible(devfn, i))
			hide_pci(i, devfn);
}

bool memory_device(unsigned int index, pa_t *base, uint64_t *bytes)
{
	if (index >= board_nr_devices)
		return false;
	*base = board_devices[index].base;
	*bytes = board_devices[index].bytes;
	return true;
}

void memory_revoke(const struct context *ctx)
{
	LOCK_ASSERT_HELD();
	tables[ctx->id].complete = false;
	pgtable_clear(&tables[ctx->id].cpu);
	flush_cpu(ctx->id);
}

void memory_revoke_dma(const struct context *ctx)
{
	LOCK_ASSERT_HELD();
	pgtable_clear(&tables[ctx->id].dma);
	/* As in memory_hide(). */
	smmuv3_flush(ctx->id);
}

/* A root that no CPU has used, with a VMID of its own. */
static struct pgtable_page *take_spare(uint16_t *vmid)
{
	ASSERT(spares_used < SPARES);
	*vmid = NR_CONTEXTS + spares_used;
	return spare_roots[spares_used++];
}

void memory_abandon_root(const struct context *ctx)
{
	LOCK_ASSERT_HELD();
	pgtable_init(&tables[ctx->id].cpu, PGTABLE_STAGE2,
		     take_spare(&tables[ctx->id].vmid), cpu_pools[ctx->id],
		     CPU_POOL);
}

void memory_wipe(const struct context *ctx)
{
	const bool slot = ctx->id != OSTI_CONTEXT_BM;

	LOCK_ASSERT_HELD();
	if (slot)
		arch_map(ctx->base, ctx->size);
	arch_zero(ctx->base, ctx->size);
	if (slot)
		arch_unmap(ctx->base, ctx->size);
}

void memory_open_window(const struct context *slot)
{
	LOCK_ASSERT_HELD();
	map_both(OSTI_CONTEXT_BM, ipa_make(OSTI_WINDOW_IPA), slot->base, slot->size);
}

int memory_close_window(const struct context *slot)
{
	struct pgtable *cpu = &tables[OSTI_CONTEXT_BM].cpu;
	struct pgtable *dma = &tables[OSTI_CONTEXT_BM].dma;

	LOCK_ASSERT_HELD();
	CHECK(!pgtable_unmap(cpu, ipa_make(OSTI_WINDOW_IPA), slot->size));
	CHECK(!pgtable_unmap(dma, ipa_make(OSTI_WINDOW_IPA), slot->size));
	flush_cpu(OSTI_CONTEXT_BM);
	return smmuv3_flush(OSTI_CONTEXT_BM);
}

pa_t memory_root(const struct context *ctx)
{
	return pgtable_root(&tables[ctx->id].cpu);
}

uint16_t memory_vmid(const struct context *ctx)
{
	return tables[ctx->id].vmid;
}

/* ---- The image engine -------------------------------------------------------- */

void memory_engine_grant(const struct context *slot, bool writable,
			 uint64_t engine_bytes)
{
	LOCK_ASSERT_HELD();
	ASSERT(slot->id != OSTI_CONTEXT_BM && (context_has_ram(slot) || !writable));
	ASSERT(engine_bytes > ENGINE_CODE_BYTES &&
	       engine_bytes <= BOARD_ENGINE_SIZE);
	map(&engine.cpu, ipa_make(ENGINE_CODE_IPA), pa_make(BOARD_ENGINE_BASE),
	    ENGINE_CODE_BYTES, PGTABLE_CODE);
	map(&engine.cpu, ipa_make(ENGINE_CODE_IPA + ENGINE_CODE_BYTES),
	    pa_make(BOARD_ENGINE_BASE + ENGINE_CODE_BYTES),
	    engine_bytes - ENGINE_CODE_BYTES, PGTABLE_DATA);
	if (context_has_ram(slot))
		map(&engine.cpu, ipa_make(ENGINE_PARTITION_IPA), slot->base, slot->size,
		    writable ? PGTABLE_DATA : PGTABLE_READ);
}

void memory_engine_revoke(void)
{
	LOCK_ASSERT_HELD();
	pgtable_clear(&engine.cpu);
	arch_tlb_flush(pgtable_root(&engine.cpu), engine.vmid);
}

void memory_engine_abandon(void)
{
	LOCK_ASSERT_HELD();
	pgtable_init(&engine.cpu, PGTABLE_STAGE2, take_spare(&engine.vmid),
		     engine_pool, ENGINE_POOL);
}

pa_t memory_engine_root(void)
{
	return pgtable_root(&engine.cpu);
}

uint16_t memory_engine_vmid(void)
{
	return engine.vmid;
}

bool memory_is_pci_config(ipa_t ipa)
{
	return ipa_value(ipa) >= BOARD_PCI_ECAM_BASE &&
	       ipa_value(ipa) - BOARD_PCI_ECAM_BASE < BOARD_PCI_ECAM_SIZE;
}

bool memory_is_rtc(ipa_t ipa)
{
	return ipa_value(ipa) >= BOARD_RTC_BASE &&
	       ipa_value(ipa) - BOARD_RTC_BASE < PAGE;
}
