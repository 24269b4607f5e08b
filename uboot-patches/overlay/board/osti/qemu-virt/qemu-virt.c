// SPDX-License-Identifier: GPL-2.0-only
/*
 * The boot manager's board: QEMU's "virt" machine as the switch monitor shows
 * it. Addresses: the monitor's board/qemu-virt/board.h and this board's device
 * tree.
 */

#include <common.h>
#include <cpu_func.h>
#include <fdtdec.h>
#include <init.h>
#include <asm/armv8/mmu.h>
#include <linux/sizes.h>
#include <osti/abi.h>
#include <osti/bm/start.h>

#define DEVICE_ATTRS	(PTE_BLOCK_MEMTYPE(MT_DEVICE_NGNRNE) | \
			 PTE_BLOCK_NON_SHARE | PTE_BLOCK_PXN | PTE_BLOCK_UXN)

static struct mm_region osti_mem_map[] = {
	{
		/* GIC, UART, RTC, GPIO, PCI windows */
		.virt = 0x08000000UL,
		.phys = 0x08000000UL,
		.size = 0x38000000UL,
		.attrs = DEVICE_ATTRS
	}, {
		/* the boot manager's own partition */
		.virt = OSTI_RAM_IPA,
		.phys = OSTI_RAM_IPA,
		.size = 128UL * SZ_1M,
		.attrs = PTE_BLOCK_MEMTYPE(MT_NORMAL) | PTE_BLOCK_INNER_SHARE
	}, {
		/* window of an open slot, which is never executed here */
		.virt = OSTI_WINDOW_IPA,
		.phys = OSTI_WINDOW_IPA,
		.size = OSTI_WINDOW_MAX,
		.attrs = PTE_BLOCK_MEMTYPE(MT_NORMAL) | PTE_BLOCK_INNER_SHARE |
			 PTE_BLOCK_PXN | PTE_BLOCK_UXN
	}, {
		/* PCI configuration space */
		.virt = 0x4010000000UL,
		.phys = 0x4010000000UL,
		.size = 0x10000000UL,
		.attrs = DEVICE_ATTRS
	}, {
		/* end of list */
		0,
	}
};

struct mm_region *mem_map = osti_mem_map;

int board_init(void)
{
	return 0;
}

int dram_init(void)
{
	return fdtdec_setup_mem_size_base();
}

int dram_init_banksize(void)
{
	return fdtdec_setup_memory_banksize();
}

void enable_caches(void)
{
	icache_enable();
	dcache_enable();
}
