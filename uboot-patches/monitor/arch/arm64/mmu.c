// SPDX-License-Identifier: GPL-2.0-only
/*
 * mmu.c - the monitor's own address space
 *
 * One to one, and no more than the monitor uses: its code read-only and
 * executable, its constants read-only, its data writable, and so the memory of
 * the boot manager and of the image engine; the devices that it drives. Nothing
 * is both writable and executable.
 *
 * Memory of slots is there only between arch_map() and arch_unmap(): what no
 * translation leads to, no mistake and no speculation of the monitor reaches.
 */
#include <osti/abi.h>

#include "arch_arm64.h"
#include "board.h"
#include "feature.h"
#include "log.h"
#include "sysreg.h"

#define SHIFT_4K	12
#define SHIFT_2M	21
#define SHIFT_1G	30
#define SIZE_2M		(1UL << SHIFT_2M)
#define SIZE_1G		(1UL << SHIFT_1G)
#define ENTRIES		512

#define RAM_END		(BOARD_RAM_BASE + CONFIG_OSTI_RAM_MIB * 1024UL * 1024)
#define RAM_TABLES	((RAM_END - BOARD_RAM_BASE + SIZE_1G - 1) / SIZE_1G)
/* Blocks that slots can have. */
#define SLOT_BLOCKS	((RAM_END - BOARD_SLOTS_BASE) / SIZE_2M)

/* Stage 1 descriptors: DDI 0487, section D8.3 */
#define DESC_BLOCK	0x1UL
#define DESC_TABLE	0x3UL
#define DESC_PAGE	0x3UL
#define DESC_ATTR(n)	((n) << 2)
#define DESC_AP1	BIT(6)		/* RES1 where there is one privilege */
#define DESC_RO		BIT(7)
#define DESC_INNER	(3UL << 8)
#define DESC_AF		BIT(10)
#define DESC_XN		BIT(54)

#define NORMAL		(DESC_ATTR(ATTR_NORMAL) | DESC_AP1 | DESC_INNER | DESC_AF)
#define DEVICE		(DESC_ATTR(ATTR_DEVICE) | DESC_AP1 | DESC_AF | DESC_XN)
#define NONCACHED	(DESC_ATTR(ATTR_NONCACHED) | DESC_AP1 | DESC_AF | DESC_XN)

typedef uint64_t table_t[ENTRIES] __attribute__((aligned(4096)));

static table_t level1;
static table_t level2_devices;		/* the first GiB */
static table_t level2_ram[RAM_TABLES];
static table_t level3_code;		/* its block of code and constants */
static table_t level3_data;		/* the block behind it, with the stacks */

/* How often each block of the slots is mapped. */
static uint8_t mapped[SLOT_BLOCKS];

extern const char image_start[], rodata_start[], text_end[];
extern const char stacks[], fault_stack[];

static uint64_t index_of(uint64_t addr, unsigned int shift)
{
	return addr >> shift & (ENTRIES - 1);
}

/* Entry of the block of RAM at @addr. */
static uint64_t *ram_entry(uint64_t addr)
{
	return &level2_ram[(addr - BOARD_RAM_BASE) / SIZE_1G]
			  [index_of(addr, SHIFT_2M)];
}

static void map_low(uint64_t base, uint64_t bytes, uint64_t attr)
{
	uint64_t addr;

	for (addr = base & ~(SIZE_2M - 1); addr < base + bytes; addr += SIZE_2M)
		level2_devices[index_of(addr, SHIFT_2M)] =
			addr | attr | DESC_BLOCK;
}

static void map_device(uint64_t base, uint64_t bytes)
{
	map_low(base, bytes, DEVICE);
}

static void map_code(void)
{
	const uint64_t base = BOARD_MONITOR_LINK;
	uint64_t addr;

	for (addr = base; addr < (uint64_t)text_end; addr += 4096) {
		uint64_t desc = addr | NORMAL | DESC_RO | DESC_PAGE;

		if (addr >= (uint64_t)rodata_start)
			desc |= DESC_XN;
		level3_code[index_of(addr, SHIFT_4K)] = desc;
	}
	*ram_entry(base) = (uint64_t)level3_code | DESC_TABLE;
}

static void unmap_guard(const char *page)
{
	level3_data[index_of((uint64_t)page, SHIFT_4K)] = 0;
}

/* A stack that overflows meets a page that is not there, not another's data. */
static void map_stacks(void)
{
	const uint64_t base = BOARD_MONITOR_LINK + SIZE_2M;
	uint64_t addr;
	unsigned int cpu;

	for (addr = base; addr < base + SIZE_2M; addr += 4096)
		level3_data[index_of(addr, SHIFT_4K)] =
			addr | NORMAL | DESC_XN | DESC_PAGE;
	for (cpu = 0; cpu < OSTI_MAX_CPUS; cpu++)
		unmap_guard(stacks + cpu * STACK_STRIDE);
	unmap_guard(fault_stack);
	*ram_entry(base) = (uint64_t)level3_data | DESC_TABLE;
}

static void map_ram_block(uint64_t addr)
{
	*ram_entry(addr) = addr | NORMAL | DESC_XN | DESC_BLOCK;
}

static void map_ram(void)
{
	uint64_t addr;

	_Static_assert(BOARD_RAM_BASE % SIZE_1G == 0 &&
		       BOARD_MONITOR_LINK - BOARD_RAM_BASE < SIZE_1G,
		       "the monitor lies in the first GiB of RAM");
	_Static_assert(BOARD_SLOTS_BASE % SIZE_2M == 0 &&
		       BOARD_BM_BASE < BOARD_SLOTS_BASE &&
		       BOARD_ENGINE_BASE < BOARD_SLOTS_BASE,
		       "what is always mapped lies below the slots");

	for (addr = BOARD_RAM_BASE; addr < BOARD_SLOTS_BASE; addr += SIZE_2M)
		map_ram_block(addr);
	map_code();
	map_stacks();
	for (addr = BOARD_RAM_BASE; addr < RAM_END; addr += SIZE_1G)
		level1[index_of(addr, SHIFT_1G)] =
			(uint64_t)level2_ram[(addr - BOARD_RAM_BASE) / SIZE_1G] |
			DESC_TABLE;
}

void mmu_build(void)
{
	uint64_t addr;

	_Static_assert(BOARD_FLASH_BASE < SIZE_1G && BOARD_NV_BASE < SIZE_1G &&
		       BOARD_SMMU_BASE < SIZE_1G &&
		       BOARD_PCI_SCRATCH_BASE + BOARD_PCI_SCRATCH_SIZE <=
		       SIZE_1G &&
		       BOARD_GICR_BASE < SIZE_1G, "devices lie in the first GiB");
	_Static_assert(BOARD_PCI_ECAM_BASE % SIZE_1G < SIZE_1G - (1UL << 20),
		       "bus 0 lies in one GiB");

	map_device(BOARD_FLASH_BASE, BOARD_FLASH_SIZE);
	map_device(BOARD_NV_BASE, BOARD_NV_SIZE);
	map_device(BOARD_GICD_BASE, BOARD_GICD_SIZE);
	map_device(BOARD_GICR_BASE, BOARD_GICR_STRIDE * OSTI_MAX_CPUS);
	map_device(BOARD_UART_BASE, 4096);
	map_device(BOARD_RTC_BASE, 4096);
	map_device(BOARD_SMMU_BASE, 0x20000);
	/* Memory of a device is zeroed there: wide stores, that may be merged. */
	map_low(BOARD_PCI_SCRATCH_BASE, BOARD_PCI_SCRATCH_SIZE, NONCACHED);
	level1[index_of(0, SHIFT_1G)] = (uint64_t)level2_devices | DESC_TABLE;

	map_ram();

	addr = BOARD_PCI_ECAM_BASE & ~(SIZE_1G - 1);
	level1[index_of(addr, SHIFT_1G)] = addr | DEVICE | DESC_BLOCK;
	dsb(sy);
}

/* ---- Memory of slots ---------------------------------------------------------- */

static uint64_t slot_block(pa_t addr)
{
	return pa_offset(addr, pa_make(BOARD_SLOTS_BASE)) / SIZE_2M;
}

static void check_slot_range(pa_t addr, uint64_t bytes)
{
	const uint64_t end = BOARD_SLOTS_BASE + SLOT_BLOCKS * SIZE_2M;
	const uint64_t at = pa_value(addr);

	ASSERT(at % SIZE_2M == 0 && bytes % SIZE_2M == 0);
	ASSERT(at >= BOARD_SLOTS_BASE && at <= end && bytes <= end - at);
}

/* An entry that is not valid is in no TLB: nothing needs to be flushed. */
void arch_map(pa_t addr, uint64_t bytes)
{
	const pa_t end = pa_add(addr, bytes);

	check_slot_range(addr, bytes);
	for (; pa_before(addr, end); addr = pa_add(addr, SIZE_2M)) {
		ASSERT(mapped[slot_block(addr)] < UINT8_MAX);
		if (!mapped[slot_block(addr)]++)
			map_ram_block(pa_value(addr));
	}
	dsb(ishst);
	isb();
}

/*
 * Entries go first, then what TLBs have of them, on all CPUs: the next
 * arch_map() finds nothing that it could be in conflict with. The monitor has
 * few other translations to lose, so that one instruction for all costs less
 * than one for each block of a large range.
 */
void arch_unmap(pa_t addr, uint64_t bytes)
{
	const pa_t end = pa_add(addr, bytes);

	check_slot_range(addr, bytes);
	for (; pa_before(addr, end); addr = pa_add(addr, SIZE_2M)) {
		ASSERT(mapped[slot_block(addr)]);
		if (!--mapped[slot_block(addr)])
			*ram_entry(pa_value(addr)) = 0;
	}
	asm volatile("dsb ishst; tlbi alle2is; dsb ish; isb" : : : "memory");
}

bool mmu_is_mapped(pa_t addr, uint64_t bytes)
{
	const pa_t slots = pa_make(BOARD_SLOTS_BASE);
	const pa_t end = pa_add(addr, bytes);
	pa_t p = pa_align_down(pa_before(addr, slots) ? slots : addr, SIZE_2M);

	for (; pa_before(p, end); p = pa_add(p, SIZE_2M))
		if (slot_block(p) >= SLOT_BLOCKS || !mapped[slot_block(p)])
			return false;
	return true;
}

void mmu_enable(void)
{
	sysreg_write(mair_el2, MAIR_EL2_ON);
	sysreg_write(tcr_el2, TCR_EL2_ON);
	sysreg_write(ttbr0_el2, (uint64_t)level1);
	/* What else changes what tables or this register mean, is off. */
	if (feature_tcr2())
		sysreg_write(TCR2_EL2, 0);
	if (feature_sctlr2())
		sysreg_write(SCTLR2_EL2, 0);
	if (feature_gcs())
		sysreg_write(GCSCR_EL2, 0);
	isb();
	sysreg_write(sctlr_el2, SCTLR_EL2_ON);
	isb();
}
