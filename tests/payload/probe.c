// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * probe.c - hands off: memory, devices, registers and PCI functions that a
 * slot must not reach
 *
 * Outside its own RAM and devices every access of any kind must end as a
 * synchronous external abort, after which the program goes on; configuration
 * space of a hidden PCI function reads as all ones and ignores writes.
 */
#include "lib/arch.h"
#include "lib/cpu.h"
#include "lib/gic.h"
#include "lib/mem.h"
#include "lib/pci.h"
#include "lib/probe.h"
#include "lib/report.h"
#include "lib/smc.h"
#include "lib/timer.h"

#define SEED		0x9807be0000000001
#define PAGE		0x1000UL
#define ESR_WNR		(1 << 6)

static const struct {
	const char *name;
	uint64_t addr;
} hidden[] = {
	{ "flash, first page", FLASH_BASE },
	{ "flash, image engine", FLASH_BASE + 0x80000 },
	{ "flash, boot manager", FLASH_BASE + 0x100000 },
	{ "flash, last page", FLASH_BASE + FLASH_SIZE / 2 - PAGE },
	{ "NV flash, root key", NV_BASE },
	{ "NV flash, odd log", NV_BASE + NV_SECTOR },
	{ "NV flash, even log", NV_BASE + 2 * NV_SECTOR },
	{ "NV flash, last page", FLASH_BASE + FLASH_SIZE - PAGE },
	{ "behind the distributor", GICD_BASE + 0x10000 },
	{ "ITS", GICD_BASE + 0x80000 },
	{ "behind the UART", UART_BASE + PAGE },
	{ "behind the RTC", RTC_BASE + PAGE },
	{ "fw_cfg data", FWCFG_BASE },
	{ "fw_cfg selector", FWCFG_BASE + 8 },
	{ "fw_cfg DMA", FWCFG_BASE + 16 },
	{ "secure UART", 0x09040000 },
	{ "SMMU IDR0", SMMU_BASE },
	{ "SMMU CR0", SMMU_BASE + 0x20 },
	{ "SMMU stream table", SMMU_BASE + 0x80 },
	{ "SMMU page 1", SMMU_BASE + 0x10000 },
	{ "SMMU, last page", SMMU_BASE + SMMU_SIZE - PAGE },
	{ "behind the SMMU", SMMU_BASE + SMMU_SIZE },
	{ "ACPI GED", 0x09080000 },
	{ "virtio-mmio, first", VIRTIO_MMIO_BASE },
	{ "virtio-mmio, last", VIRTIO_MMIO_BASE + 31 * 0x200 },
	{ "platform bus", PLATFORM_BUS_BASE },
	{ "secure memory", 0x0e000000 },
	{ "below PCI memory", 0x0ffff000 },
	{ "low ECAM", 0x3f000000 },
	{ "just below RAM", OSTI_RAM_IPA - PAGE },
	{ "3 GiB", 0xc0000000 },
	{ "just below 4 GiB", 0xfffff000 },
	{ "the boot manager's window", OSTI_WINDOW_IPA },
	{ "high redistributors", 0x4000000000 },
	{ "just below ECAM", ECAM_BASE - PAGE },
	{ "just behind ECAM", ECAM_BASE + ECAM_SIZE },
	{ "below the 64-bit PCI window", 0x7ffffff000 },
};

#define NR_HIDDEN	(sizeof(hidden) / sizeof(*hidden))

/* One access that must abort, at @addr, as a write or not. */
static void must_abort(const char *name, const char *kind, uint64_t addr,
		       bool went_through, bool write)
{
	if (!check(!went_through, "%s at 0x%lx (%s) went through", kind, addr,
		   name))
		return;
	check(fault_is_external(addr, EC_DABORT),
	      "%s at 0x%lx (%s): ESR 0x%lx FAR 0x%lx", kind, addr, name,
	      fault()->esr, fault()->far);
	check(!(fault()->esr & ESR_WNR) == !write,
	      "%s at 0x%lx (%s): ESR 0x%lx is wrong on write", kind, addr, name,
	      fault()->esr);
}

static bool have_lse(void)
{
	return read_sysreg(id_aa64isar0_el1) >> 20 & 0xf;
}

static void every_access(const char *name, uint64_t addr)
{
	uint64_t val;

	must_abort(name, "read8", addr, probe_read8(addr, &val), false);
	must_abort(name, "read16", addr, probe_read16(addr, &val), false);
	must_abort(name, "read32", addr, probe_read32(addr, &val), false);
	must_abort(name, "read64", addr, probe_read64(addr, &val), false);
	must_abort(name, "write8", addr, probe_write8(addr, 0x5a), true);
	must_abort(name, "write16", addr, probe_write16(addr, 0x5a), true);
	must_abort(name, "write32", addr, probe_write32(addr, 0x5a), true);
	must_abort(name, "write64", addr, probe_write64(addr, 0x5a), true);
	must_abort(name, "ldp", addr, probe_ldp(addr), false);
	must_abort(name, "stp", addr, probe_stp(addr), true);
	must_abort(name, "ldr q", addr, probe_ldr_q(addr), false);
	must_abort(name, "ldr post", addr, probe_ldr_post(addr), false);
	check_eq("base register after the abort", fault()->x3, addr);
	must_abort(name, "ldxr", addr, probe_ldxr(addr), false);
	if (have_lse())
		check(!probe_ldadd(addr), "ldadd at 0x%lx (%s) went through",
		      addr, name);
	/* Device memory may refuse it earlier, for its alignment. */
	check(!probe_read32(addr + 1, &val) &&
	      ESR_EC(fault()->esr) == EC_DABORT,
	      "unaligned read at 0x%lx (%s) went through", addr + 1, name);
	/* May be done to an address without memory, or abort. */
	probe_dc_civac(addr);
	check(!probe_exec(addr) && fault_is_external(addr, EC_IABORT),
	      "fetch at 0x%lx (%s): ESR 0x%lx FAR 0x%lx", addr, name,
	      fault()->esr, fault()->far);
}

static void test_hidden(void)
{
	unsigned int i;

	test_begin("hidden");
	for (i = 0; i < NR_HIDDEN; i++)
		every_access(hidden[i].name, hidden[i].addr);
	test_end();
}

/* What others own physically is nothing here. */
static void test_beyond_ram(void)
{
	uint64_t addr, val;

	test_begin("beyond-ram");
	every_access("first page beyond RAM", self.ram_end);
	for (addr = self.ram_end; addr < self.ram_end + (2UL << 30);
	     addr += 32UL << 20) {
		must_abort("beyond RAM", "read64", addr,
			   probe_read64(addr, &val), false);
		must_abort("beyond RAM", "write64", addr,
			   probe_write64(addr, 0x5a), true);
		must_abort("beyond RAM", "read64", addr + (32UL << 20) - 8,
			   probe_read64(addr + (32UL << 20) - 8, &val), false);
	}
	check(probe_read64(self.ram_end - 8, &val), "own last word is missing");
	test_end();
}

/* Nobody has to be there, but nothing may break. */
static void test_pci_windows(void)
{
	static const uint64_t addrs[] = {
		0x8000000000, 0x8000000000 + (255UL << 30), 0xfffffff000,
		0xfffffffff8, 0x3efe0000, 0x3eff0000,
	};
	unsigned int i;
	uint64_t val;

	test_begin("pci-windows");
	for (i = 0; i < sizeof(addrs) / sizeof(*addrs); i++) {
		if (probe_read32(addrs[i], &val))
			check(val == PCI_NONE, "0x%lx reads as 0x%lx", addrs[i],
			      val);
		else
			check(fault_is_external(addrs[i], EC_DABORT),
			      "0x%lx: ESR 0x%lx", addrs[i], fault()->esr);
		probe_write32(addrs[i], 0);
		probe_ldp(addrs[i] & ~15UL);
	}
	test_end();
}

/* What a slot needs is there; else all of the above would prove nothing. */
static void test_own_devices(void)
{
	uint64_t val;

	test_begin("own-devices");
	check(probe_read32(GICD_BASE + 4, &val), "no distributor");
	check(probe_read32(GICR_BASE, &val), "no redistributor");
	check(probe_read32(UART_BASE + 0x18, &val), "no UART");
	check(probe_read32(RTC_BASE, &val), "no RTC");
	check(probe_read32(pci_reg(BOARD_PCI_RNG, 0), &val) && val != PCI_NONE,
	      "no random number device");
	check(probe_read32(pci_reg(BOARD_PCI_NET, 0), &val) && val != PCI_NONE,
	      "no network");
	check(probe_read32(pci_reg(BOARD_PCI_DISK(self.slot), 0), &val) &&
	      val != PCI_NONE, "no own disk");
	test_end();
}

/* Configuration space of 00:dev.fn that is not for this slot. */
static void hidden_function(unsigned int bus, unsigned int devfn)
{
	uint64_t base = ECAM_BASE + ((uint64_t)bus << 20) +
			((uint64_t)devfn << 12);
	static const unsigned int regs[] = {
		PCI_VENDOR, PCI_COMMAND, PCI_BAR(0), PCI_BAR(4), PCI_CAPS,
		0x40, 0x100, 0xff8,
	};
	unsigned int i;
	uint64_t val;

	for (i = 0; i < sizeof(regs) / sizeof(*regs); i++) {
		uint64_t addr = base + regs[i];

		check(probe_read8(addr, &val) && val == 0xff,
		      "read8 of %u:%u + 0x%x is 0x%lx", bus, devfn, regs[i],
		      val);
		check(probe_read16(addr, &val) && val == 0xffff,
		      "read16 of %u:%u + 0x%x is 0x%lx", bus, devfn, regs[i],
		      val);
		check(probe_read32(addr, &val) && val == PCI_NONE,
		      "read32 of %u:%u + 0x%x is 0x%lx", bus, devfn, regs[i],
		      val);
		check(probe_write8(addr, 0) && probe_write16(addr, 0) &&
		      probe_write32(addr, 0),
		      "write of %u:%u + 0x%x aborts", bus, devfn, regs[i]);
		check(probe_read32(addr, &val) && val == PCI_NONE,
		      "%u:%u + 0x%x is 0x%lx after a write", bus, devfn, regs[i],
		      val);
	}
	/* A device that took this would now be able to do DMA. */
	probe_write16(base + PCI_COMMAND,
		      PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
	check(probe_read16(base + PCI_COMMAND, &val) && val == 0xffff,
	      "command of %u:%u is 0x%lx", bus, devfn, val);
}

static void test_hidden_pci(void)
{
	unsigned int slot, devfn;

	test_begin("hidden-pci");
	hidden_function(0, BOARD_PCI_BOOT << 3);
	hidden_function(0, BOARD_PCI_STORE << 3);
	for (slot = 1; slot <= OSTI_MAX_SLOTS; slot++)
		if (slot != self.slot)
			hidden_function(0, BOARD_PCI_DISK(slot) << 3);
	/* Other functions, devices that are not there */
	for (devfn = 1; devfn < 8; devfn++)
		hidden_function(0, BOARD_PCI_BOOT << 3 | devfn);
	hidden_function(0, BOARD_PCI_RNG << 3 | 1);
	hidden_function(0, BOARD_PCI_ALIAS(1) << 3);
	hidden_function(0, 0x1f << 3 | 7);
	test_end();
}

static void test_other_busses(void)
{
	static const unsigned int busses[] = { 1, 2, 0x7f, 0xff };
	unsigned int i;
	uint64_t val;

	test_begin("other-busses");
	for (i = 0; i < sizeof(busses) / sizeof(*busses); i++) {
		uint64_t addr = ECAM_BASE + ((uint64_t)busses[i] << 20);

		if (probe_read32(addr, &val))
			check_eq("configuration space of a bus", val, PCI_NONE);
		else
			check(fault_is_external(addr, EC_DABORT),
			      "bus %u: ESR 0x%lx", busses[i], fault()->esr);
		probe_write32(addr + PCI_COMMAND, 0x6);
		if (probe_read32(addr + PCI_COMMAND, &val))
			check_eq("command register", val, PCI_NONE);
	}
	test_end();
}

/* Accesses that no syndrome describes cannot be answered: they abort. */
static void test_pci_odd_accesses(void)
{
	uint64_t addr = pci_reg(BOARD_PCI_BOOT, 0), val;

	test_begin("pci-odd-accesses");
	must_abort("hidden function", "ldp", addr, probe_ldp(addr), false);
	must_abort("hidden function", "stp", addr, probe_stp(addr), true);
	must_abort("hidden function", "ldr q", addr, probe_ldr_q(addr), false);
	must_abort("hidden function", "ldr post", addr, probe_ldr_post(addr),
		   false);
	check_eq("base register after the abort", fault()->x3, addr);
	must_abort("hidden function", "ldxr", addr, probe_ldxr(addr), false);
	if (have_lse())
		check(!probe_ldadd(addr), "ldadd went through");
	check(!probe_exec(addr) && fault_is_external(addr, EC_IABORT),
	      "fetch: ESR 0x%lx FAR 0x%lx", fault()->esr, fault()->far);
	if (probe_read16(addr + 1, &val))
		check_eq("unaligned read", val, 0xffff);
	if (probe_read64(addr, &val))
		check_eq("read64", val, ~0UL);
	else
		check(fault_is_external(addr, EC_DABORT), "read64: ESR 0x%lx",
		      fault()->esr);
	test_end();
}

/* Leaf functions that read a register, or do one instruction. */
#define LEAF_ASM(name, text)						\
	uint64_t name(uint64_t *val);					\
	__asm__(".pushsection .text\n" #name ":\n\t"			\
		text "\n\t"						\
		"isb\n\tmov x0, #0\n\tret\n\t.popsection")
#define LEAF_READ(name, reg)						\
	LEAF_ASM(name, "mrs x1, " #reg "\n\tstr x1, [x0]")

LEAF_READ(r_hcr_el2, S3_4_C1_C1_0);
LEAF_READ(r_sctlr_el2, S3_4_C1_C0_0);
LEAF_READ(r_vttbr_el2, S3_4_C2_C1_0);
LEAF_READ(r_vbar_el2, S3_4_C12_C0_0);
LEAF_READ(r_cnthctl_el2, S3_4_C14_C1_0);
LEAF_READ(r_cntvoff_el2, S3_4_C14_C0_3);
LEAF_READ(r_icc_sre_el2, S3_4_C12_C9_5);
LEAF_READ(r_ich_hcr_el2, S3_4_C12_C11_0);
LEAF_READ(r_scr_el3, S3_6_C1_C1_0);
LEAF_READ(r_vpidr_el2, S3_4_C0_C0_0);
LEAF_READ(r_zcr_el1, S3_0_C1_C2_0);
LEAF_READ(r_disr_el1, S3_0_C12_C1_1);
LEAF_READ(r_erridr_el1, S3_0_C5_C3_0);
LEAF_READ(r_errselr_el1, S3_0_C5_C3_1);
LEAF_READ(r_gcr_el1, S3_0_C1_C0_6);
LEAF_READ(r_rgsr_el1, S3_0_C1_C0_5);
LEAF_READ(r_tfsr_el1, S3_0_C5_C6_0);
LEAF_READ(r_amcr_el0, S3_3_C13_C2_0);
LEAF_READ(r_svcr, S3_3_C4_C2_2);
LEAF_READ(r_tpidr2_el0, S3_3_C13_C0_5);
LEAF_READ(r_pmscr_el1, S3_0_C9_C9_0);
LEAF_READ(r_trblimitr_el1, S3_0_C9_C11_0);
LEAF_READ(r_trcprgctlr, S2_1_C0_C1_0);
LEAF_READ(r_mpam1_el1, S3_0_C10_C5_0);
LEAF_READ(r_mpam0_el1, S3_0_C10_C5_1);
LEAF_READ(r_hcrx_el2, S3_4_C1_C2_2);
LEAF_READ(r_hfgrtr_el2, S3_4_C1_C1_4);
LEAF_READ(r_trfcr_el1, S3_0_C1_C2_1);
LEAF_READ(r_tcr2_el1, S3_0_C2_C0_3);
LEAF_READ(r_sctlr2_el1, S3_0_C1_C0_3);
LEAF_READ(r_gcscr_el1, S3_0_C2_C5_0);
LEAF_READ(r_brbcr_el1, S2_1_C9_C0_0);
LEAF_READ(r_brbidr0_el1, S2_1_C9_C2_0);
LEAF_READ(r_brbinf0_el1, S2_1_C8_C0_0);
LEAF_ASM(w_vttbr_el2, "msr S3_4_C2_C1_0, xzr");
LEAF_ASM(w_hcr_el2, "msr S3_4_C1_C1_0, xzr");
LEAF_ASM(w_midr_el1, "msr S3_0_C0_C0_0, xzr");
LEAF_ASM(i_rdvl, ".inst 0x04bf5020");
LEAF_ASM(i_at_s12, "at s12e1r, x0");
LEAF_ASM(i_tlbi_alle1, "tlbi alle1");
LEAF_ASM(i_tlbi_alle2, "tlbi alle2");
LEAF_ASM(i_brb_iall, "sys #1, c7, c2, #4");
LEAF_ASM(i_udf, ".inst 0x00000000");
LEAF_ASM(i_dc_isw, "dc isw, xzr");
LEAF_ASM(i_dc_csw, "dc csw, xzr");
LEAF_ASM(i_dc_cisw, "dc cisw, xzr");
LEAF_READ(r_impdef_c15, S3_1_C15_C2_1);
LEAF_READ(r_impdef_c11, S3_1_C11_C0_2);
LEAF_READ(r_actlr_el1, actlr_el1);
LEAF_READ(r_mdrar_el1, mdrar_el1);
LEAF_READ(r_osdlr_el1, osdlr_el1);
LEAF_READ(r_dbgauthstatus_el1, dbgauthstatus_el1);

#define NAMED(leaf) { #leaf, leaf }

static const struct named_leaf {
	const char *name;
	uint64_t (*leaf)(uint64_t *val);
} undefined[] = {
	NAMED(r_hcr_el2), NAMED(r_sctlr_el2), NAMED(r_vttbr_el2),
	NAMED(r_vbar_el2), NAMED(r_cnthctl_el2), NAMED(r_cntvoff_el2),
	NAMED(r_icc_sre_el2), NAMED(r_ich_hcr_el2), NAMED(r_scr_el3),
	NAMED(r_vpidr_el2), NAMED(r_zcr_el1),
	NAMED(r_erridr_el1), NAMED(r_errselr_el1), NAMED(r_gcr_el1),
	NAMED(r_rgsr_el1), NAMED(r_tfsr_el1), NAMED(r_amcr_el0),
	NAMED(r_svcr), NAMED(r_pmscr_el1),
	NAMED(r_trblimitr_el1), NAMED(r_trcprgctlr), NAMED(r_mpam1_el1),
	NAMED(r_mpam0_el1), NAMED(r_hcrx_el2), NAMED(r_hfgrtr_el2),
	NAMED(r_trfcr_el1), NAMED(r_tcr2_el1), NAMED(r_sctlr2_el1),
	NAMED(r_gcscr_el1), NAMED(r_brbcr_el1), NAMED(r_brbidr0_el1),
	NAMED(r_brbinf0_el1), NAMED(i_brb_iall),
	NAMED(w_vttbr_el2), NAMED(w_hcr_el2), NAMED(w_midr_el1),
	NAMED(i_rdvl), NAMED(i_at_s12), NAMED(i_tlbi_alle1),
	NAMED(i_tlbi_alle2), NAMED(i_udf),
}, either_way[] = {
	/* No EL2 control hides these two from all CPUs: "poison" has them. */
	NAMED(r_disr_el1), NAMED(r_tpidr2_el0),
	NAMED(i_dc_isw), NAMED(i_dc_csw), NAMED(i_dc_cisw),
	NAMED(r_impdef_c15), NAMED(r_impdef_c11), NAMED(r_actlr_el1),
	NAMED(r_mdrar_el1), NAMED(r_osdlr_el1), NAMED(r_dbgauthstatus_el1),
};

static void test_instructions(void)
{
	unsigned int i;
	uint64_t val = 0;

	test_begin("instructions");
	for (i = 0; i < sizeof(undefined) / sizeof(*undefined); i++) {
		if (!check(!probe_call(undefined[i].leaf, &val),
			   "%s went through: 0x%lx", undefined[i].name, val))
			continue;
		check(ESR_EC(fault()->esr) == EC_UNKNOWN, "%s: ESR 0x%lx",
		      undefined[i].name, fault()->esr);
	}
	for (i = 0; i < sizeof(either_way) / sizeof(*either_way); i++)
		if (!probe_call(either_way[i].leaf, &val))
			check(ESR_EC(fault()->esr) == EC_UNKNOWN,
			      "%s: ESR 0x%lx", either_way[i].name, fault()->esr);
	test_end();
}

/* A field of four bits of an ID register. */
static unsigned int field(uint64_t reg, unsigned int shift)
{
	return reg >> shift & 0xf;
}

static void test_id_registers(void)
{
	uint64_t pfr0 = read_sysreg(id_aa64pfr0_el1);
	uint64_t pfr1 = read_sysreg(id_aa64pfr1_el1);
	uint64_t dfr0 = read_sysreg(id_aa64dfr0_el1);
	uint64_t mmfr0 = read_sysreg(id_aa64mmfr0_el1);

	test_begin("id-registers");
	check(field(pfr0, 0) && field(pfr0, 4), "no EL0 or EL1: 0x%lx", pfr0);
	check(field(pfr0, 16) != 0xf && field(pfr0, 20) != 0xf,
	      "no FP or SIMD: 0x%lx", pfr0);
	check_eq("GIC", field(pfr0, 24), 1);
	check_eq("RAS", field(pfr0, 28), 0);
	check_eq("SVE", field(pfr0, 32), 0);
	check_eq("AMU", field(pfr0, 44), 0);
	check_eq("MPAM", field(pfr0, 40), 0);
	check_eq("MTE", field(pfr1, 8), 0);
	check_eq("SME", field(pfr1, 24), 0);
	check_eq("ID_AA64ZFR0_EL1", read_sysreg(S3_0_C0_C4_4), 0);
	check_eq("ID_AA64SMFR0_EL1", read_sysreg(S3_0_C0_C4_5), 0);
	check_eq("SPE", field(dfr0, 32), 0);
	check(field(dfr0, 8) >= 1 && field(dfr0, 8) != 0xf, "no PMU: 0x%lx",
	      dfr0);
	check(field(mmfr0, 0) <= 2, "more than 40 bits: 0x%lx", mmfr0);
	check(field(mmfr0, 28) != 0xf, "no 4 KiB pages: 0x%lx", mmfr0);
	check(read_sysreg(midr_el1), "MIDR_EL1 is 0");
	check_eq("MPIDR_EL1", read_sysreg(mpidr_el1) & 0xffffffffff, 1UL << 31);
	test_end();
}

static void test_counter(void)
{
	struct smc_regs regs;
	uint64_t before, physical;

	test_begin("counter");
	before = counter();
	physical = read_sysreg(cntpct_el0);
	isb();
	check(physical >= before && physical <= counter(),
	      "virtual counter 0x%lx, physical 0x%lx", before, physical);
	osti_call(&regs, OSTI_CALL_INFO, 0, 0);
	check_eq("frequency", regs.x[6], read_sysreg(cntfrq_el0));
	test_end();
}

static void test_conduits(void)
{
	struct smc_regs regs = { .x = { PSCI_VERSION } };
	struct smc_regs before;
	unsigned int i;

	test_begin("conduits");
	hvc_call(&regs);
	check_status("HVC", regs.x[0], OSTI_E_NOT_SUPPORTED);
	regs.x[0] = OSTI_CALL_INFO;
	before = regs;
	hvc_call(&regs);
	check_status("HVC", regs.x[0], OSTI_E_NOT_SUPPORTED);
	for (i = 1; i < 31; i++)
		check(regs.x[i] == before.x[i],
		      "x%u is 0x%lx after HVC", i, regs.x[i]);
	regs = (struct smc_regs){ .x = { PSCI_VERSION } };
	smc_call_imm1(&regs);
	check_status("SMC #1", regs.x[0], PSCI_NOT_SUPPORTED);
	test_end();
}

static void test_wait_instructions(void)
{
	test_begin("wait-instructions");
	/* A pending interrupt ends WFI although it is masked. */
	gic_enable(0, INTID_CNTV, false);
	timer_arm(5);
	while (!gic_pending(0, INTID_CNTV))
		wfi();
	timer_stop();
	gic_disable(0, INTID_CNTV);
	__asm__ volatile("sev\n\twfe\n\twfe" ::: "memory");
	test_end();
}

/* The n-th event of @type about this slot since @from: arguments a and b. */
static void check_event(const char *what, uint64_t from, unsigned int type,
			uint64_t a, uint64_t b)
{
	struct smc_regs regs;
	int64_t seq = osti_event_find(from, type, a);

	if (!check(seq >= 0, "%s: no event of type %u with 0x%lx", what, type,
		   a))
		return;
	osti_call(&regs, OSTI_CALL_EVENT_READ, seq, OSTI_RING_OFFENCES);
	check_eq(what, regs.x[5], b);
	check(regs.x[2] && regs.x[2] <= counter(), "%s: time is 0x%lx", what,
	      regs.x[2]);
}

/* Must be the first test that offends: only some are recorded. */
static void test_events(void)
{
	uint64_t from = osti_event_next(OSTI_RING_OFFENCES), val;
	struct smc_regs regs;

	test_begin("events");
	probe_read32(FWCFG_BASE + 8, &val);
	check_event("read of fw_cfg", from, OSTI_EV_STAGE2_FAULT,
		    FWCFG_BASE + 8, 1);
	probe_write32(SMMU_BASE + 0x20, 0);
	check_event("write to the SMMU", from, OSTI_EV_STAGE2_FAULT,
		    (SMMU_BASE + 0x20) | 1, 2);
	smc3(0x12345678, 0, 0, 0);
	check_event("unknown SMC", from, OSTI_EV_BAD_SMC, 0x12345678, 1);
	osti_call(&regs, OSTI_CALL_TARGET_ARM, 77, 0);
	check_status("TARGET_ARM of slot 77", regs.x[0], OSTI_E_INVALID);
	check_event("bad call", from, OSTI_EV_BAD_CALL,
		    OSTI_CALL_TARGET_ARM | 2UL << 32, 1);
	/* The third fault is not recorded, the fourth is. */
	from = osti_event_next(OSTI_RING_OFFENCES);
	probe_read32(FLASH_BASE, &val);
	check_eq("events after the third fault", osti_event_next(OSTI_RING_OFFENCES), from);
	probe_read32(FLASH_BASE + 4, &val);
	check_event("fourth fault", from, OSTI_EV_STAGE2_FAULT, FLASH_BASE + 4,
		    4);
	test_end();
}

/* Another CPU finds the same walls. */
static uint64_t other_passed, other_wrong;

static void probe_here(uint64_t arg)
{
	unsigned int i;
	uint64_t val;

	(void)arg;
	for (i = 0; i < NR_HIDDEN; i++) {
		uint64_t addr = hidden[i].addr;

		if (probe_read32(addr, &val) || probe_write32(addr, 0) ||
		    probe_ldp(addr))
			other_passed++;
		else if (!fault_is_external(addr, EC_DABORT))
			other_wrong++;
	}
	if (!probe_read32(pci_reg(BOARD_PCI_BOOT, 0), &val) || val != PCI_NONE)
		other_passed++;
}

static void test_other_cpus(void)
{
	unsigned int i;

	test_begin("other-cpus");
	for (i = 1; i < self.nr_cpus; i++) {
		other_passed = 0;
		other_wrong = 0;
		cpu_run(i, probe_here, 0);
		check_eq("accesses that went through", other_passed, 0);
		check_eq("aborts of another kind", other_wrong, 0);
	}
	test_end();
}

static void test_memory(void)
{
	uint64_t where = 0;

	test_begin("memory");
	check(mem_intact(SEED, &where), "own memory has changed at 0x%lx",
	      where);
	test_end();
}

void payload_main(void)
{
	report_start("probe");
	gic_init();
	mem_fill(SEED);
	test_events();
	test_own_devices();
	test_hidden();
	test_beyond_ram();
	test_pci_windows();
	test_hidden_pci();
	test_other_busses();
	test_pci_odd_accesses();
	test_instructions();
	test_id_registers();
	test_counter();
	test_conduits();
	test_wait_instructions();
	test_other_cpus();
	test_memory();
	report_done();
}
