/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * swsusp.h - Linux's own hibernation, on the same device
 *
 * It writes to the slot's private disk, which is swap space here.
 */
#ifndef BENCH_SWSUSP_H
#define BENCH_SWSUSP_H

#include <stdbool.h>

#include "phone.h"

/** swsusp_start() - boot a device with swap space, in the slot "personal". */
struct phone *swsusp_start(void);

/**
 * swsusp_hibernate() - hibernate, and take the power away
 * @one_cpu:	with the other CPUs off until it is back.
 * @id:		the command, for swsusp_resume().
 * @bytes:	what was written to the disk.
 *
 * Return: ms from the command to the boot manager, which says that the slot was
 * switched off.
 */
double swsusp_hibernate(struct phone *ph, bool one_cpu, int *id, double *bytes);

/**
 * swsusp_resume() - power on and resume
 *
 * Return: ms from the menu to the end of the command.
 */
double swsusp_resume(struct phone *ph, int id);

#endif /* BENCH_SWSUSP_H */
