// SPDX-License-Identifier: GPL-2.0-only
/*
 * Waiting without a busy CPU
 *
 * Nothing in U-Boot takes an interrupt, so PSTATE masks them; a pending one ends WFI
 * all the same. It is that of the virtual timer, and it has to come through the GIC:
 * Arm IHI 0069, chapters 4 and 12.
 */

#include <common.h>
#include <asm/io.h>
#include <asm/system.h>
#include <linux/bitops.h>
#include <osti/bm/nap.h>

/* In a nap so short 12 characters come at 115200 baud: the UART keeps them. */
#define NAPS_PER_S		1000
#define TIMER			BIT(27)		/* CNTV, a PPI */
#define TIMER_ON		1		/* CNTV_CTL_EL0.ENABLE */

#define GICD_CTLR		0x0000
#define  GICD_CTLR_GRP1		BIT(1)
#define GICR_WAKER		0x0014
#define  GICR_WAKER_SLEEP	BIT(1)
#define  GICR_WAKER_ASLEEP	BIT(2)
/* In the second frame of a redistributor */
#define GICR_IGROUPR0		0x10080
#define GICR_ISENABLER0		0x10100

#define PMR_ALL			0xff

#define sysreg_read(name) ({ \
	u64 value_; \
	asm volatile("mrs %0, " #name : "=r" (value_)); \
	value_; \
})
#define sysreg_write(name, value) \
	asm volatile("msr " #name ", %0" : : "r" ((u64)(value)))

static void let_timer_through(void)
{
	ulong mine = GICR_BASE +
		     (sysreg_read(mpidr_el1) & 0xff) * GICR_STRIDE;

	setbits_le32(GICD_BASE + GICD_CTLR, GICD_CTLR_GRP1);
	clrbits_le32(mine + GICR_WAKER, GICR_WAKER_SLEEP);
	while (readl(mine + GICR_WAKER) & GICR_WAKER_ASLEEP)
		;
	setbits_le32(mine + GICR_IGROUPR0, TIMER);
	writel(TIMER, mine + GICR_ISENABLER0);
	sysreg_write(S3_0_C12_C12_5, 1);	/* ICC_SRE_EL1 */
	isb();
	sysreg_write(S3_0_C4_C6_0, PMR_ALL);	/* ICC_PMR_EL1 */
	sysreg_write(S3_0_C12_C12_7, 1);	/* ICC_IGRPEN1_EL1 */
	isb();
}

void osti_nap(void)
{
	/* Each time: another system may have been entered in between. */
	let_timer_through();
	sysreg_write(cntv_tval_el0, sysreg_read(cntfrq_el0) / NAPS_PER_S);
	sysreg_write(cntv_ctl_el0, TIMER_ON);
	isb();
	asm volatile("dsb sy; wfi" : : : "memory");
	sysreg_write(cntv_ctl_el0, 0);
	isb();
}
