/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * osti_smc.h - the calls into the switch monitor, see osti/abi.h
 *
 * All of them may be called in any context, also with interrupts off, and
 * none but osti_smc_find() before osti_smc_find() succeeded.
 */
#ifndef OSTI_SMC_H
#define OSTI_SMC_H

#include <linux/types.h>
#include <osti/ioctl.h>

struct device;
struct osti_regs;
struct osti_resume;

int osti_smc_call(struct osti_regs *r, unsigned int may);
int osti_checked(u32 function, int err);

int osti_smc_find(struct device *dev, u32 *major, u32 *minor);
int osti_smc_info(struct osti_ioc_info *info);
int osti_smc_slot(u32 slot, struct osti_ioc_slot *info);
int osti_smc_target_arm(u32 target, u32 request);
int osti_smc_target_cancel(void);
int osti_smc_phase_mark(unsigned int phase);
int osti_smc_phases(u32 index, struct osti_ioc_phases *phases);
int osti_smc_ring(u32 nr, struct osti_ioc_ring *ring);
int osti_smc_event(u32 ring, u64 seq, struct osti_event *event);
int osti_smc_image(u32 slot, struct osti_ioc_image *image);
int osti_smc_result(u32 request, struct osti_ioc_switch *sw);
int osti_smc_resume(struct osti_resume *resume);
int osti_smc_good(struct osti_ioc_good *good);

#endif /* OSTI_SMC_H */
