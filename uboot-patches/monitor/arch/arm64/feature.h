/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * feature.h - what the calling CPU has
 *
 * Only for the monitor's own use: what contexts are told of is idreg.c's.
 * Names are those of the architecture, without FEAT_: Arm DDI 0487, section
 * A2 "Armv8-A Architecture Extensions" and "Armv9-A Architecture Extensions".
 */
#ifndef FEATURE_H
#define FEATURE_H

#include <stdbool.h>

bool feature_aarch32_el0(void);
bool feature_aarch32_el1(void);
bool feature_amu(void);
bool feature_brbe(void);
bool feature_clrbhb(void);
/* Branch targets learnt in one context are not used in another. */
bool feature_csv2(void);
/* The same, and for branch history too. */
bool feature_csv2_3(void);
/* Branch history of lower exception levels is not used in EL2. */
bool feature_ecbhb(void);
bool feature_fgt(void);
bool feature_fgt2(void);
bool feature_gcs(void);
bool feature_hcx(void);
bool feature_mpam(void);
bool feature_pauth(void);
/* A PMU by Arm's architecture. */
bool feature_pmu(void);
bool feature_ras(void);
bool feature_sctlr2(void);
bool feature_sme(void);
bool feature_spe(void);
bool feature_tcr2(void);
bool feature_trbe(void);
bool feature_trf(void);
bool feature_vhe(void);

#endif /* FEATURE_H */
