/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rough.S - a firmware in front of ours that leaves EL2 in disorder
 *
 * It runs before the selector, and again before the monitor, writes what no good
 * firmware would leave into the registers of EL2, and goes on to what lies
 * ROUGH_SIZE bytes behind it. Nothing here loads or stores: from the second
 * instruction on data are big-endian.
 */
#define ROUGH_SIZE	4096

/* Names that the assembler does not know: Arm DDI 0487, section D19.2 */
#define HCRX_EL2	s3_4_c1_c2_2
#define CNTHP_CTL_EL2	s3_4_c14_c2_1
#define CNTHP_CVAL_EL2	s3_4_c14_c2_2
#define CNTHV_CTL_EL2	s3_4_c14_c3_1
#define CNTHV_CVAL_EL2	s3_4_c14_c3_2
#define VSESR_EL2	s3_4_c5_c2_3
#define VDISR_EL2	s3_4_c12_c1_1
#define ICC_SRE_EL2	s3_4_c12_c9_5
#define ICH_HCR_EL2	s3_4_c12_c11_0

/* SCTLR_EL2: RES1, SA, EE (big-endian data) */
#define SCTLR_LOW	0x0838
#define SCTLR_HIGH	0x32c5
/* HCR_EL2: SWIO, PTW, FMO, IMO, AMO, VI, VF, VSE, FB, DC, TVM, TTLB, TPC, TPU */
#define HCR_LOW		0x11fe
#define HCR_HIGH	0x07c0
/* HCR_EL2 above bit 31: ID and CD; with VHE also E2H; TGE is bit 27 */
#define HCR_TOP		0x0003
#define HCR_TOP_E2H	0x0007
#define HCR_TGE		0x0800

	.text
	.globl	_start
_start:
	mov	x0, #SCTLR_LOW
	movk	x0, #SCTLR_HIGH, lsl #16
	msr	sctlr_el2, x0

	mov	x1, #-1
	msr	vttbr_el2, x1
	msr	vtcr_el2, x1
	msr	vbar_el2, x1
	msr	tpidr_el2, x1
	msr	hstr_el2, x1
	msr	hacr_el2, x1
	msr	cptr_el2, x1
	msr	mdcr_el2, x1
	msr	ttbr0_el2, x1
	msr	tcr_el2, x1
	msr	mair_el2, x1
	msr	vpidr_el2, x1
	msr	vmpidr_el2, x1
	msr	cntvoff_el2, x1
	msr	cnthctl_el2, xzr
	msr	CNTHP_CVAL_EL2, xzr
	mov	x0, #1
	msr	CNTHP_CTL_EL2, x0
	msr	ICC_SRE_EL2, x1
	isb
	msr	ICH_HCR_EL2, x1

	mrs	x0, id_aa64pfr0_el1
	ubfx	x0, x0, #28, #4
	cbz	x0, 1f			/* no RAS */
	msr	VSESR_EL2, x1
	msr	VDISR_EL2, x1
1:	mrs	x0, id_aa64mmfr1_el1
	ubfx	x2, x0, #40, #4
	cbz	x2, 2f			/* no HCX */
	msr	HCRX_EL2, x1

2:	mov	x2, #HCR_LOW
	movk	x2, #HCR_HIGH, lsl #16
	ubfx	x0, x0, #8, #4
	cbnz	x0, 3f
	movk	x2, #HCR_TOP, lsl #32
	b	4f
3:	mov	x0, #1			/* VHE */
	msr	CNTHV_CVAL_EL2, xzr
	msr	CNTHV_CTL_EL2, x0
	mov	x2, #HCR_LOW
	movk	x2, #(HCR_HIGH | HCR_TGE), lsl #16
	movk	x2, #HCR_TOP_E2H, lsl #32
4:	msr	hcr_el2, x2
	isb
	b	_start + ROUGH_SIZE
	.balign	ROUGH_SIZE
