/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * workload.h - what an OS has in its memory, and does, while it is measured
 *
 * The OS has the console and was booted from an image that mkboot made.
 */
#ifndef BENCH_WORKLOAD_H
#define BENCH_WORKLOAD_H

#include "phone.h"
#include "result.h"

/* Memory that a process keeps and fills (guest/workload.c). */
#define WORKLOAD_MIB	64

/** workload_start() - give it memory to keep, and let it work for a while. */
void workload_start(struct phone *ph);

/**
 * workload_use() - light use, 30 rounds of guest/use
 * @pause_ms: between two of them.
 */
void workload_use(struct phone *ph, int pause_ms);

/** workload_check() - the process must still have its memory, every byte. */
void workload_check(struct phone *ph);

/**
 * workload_churn() - take memory and give it back
 * @n:	how many times.
 * @s:	how long each time took, in ms, is added; NULL: it is not.
 */
void workload_churn(struct phone *ph, int n, struct samples *s);

/**
 * workload_answer() - wait for the end of a command that froze its OS
 * @id:	of shell_begin(); it must exit with 0.
 * @hook: whether the OS also says that it is back (phone_back()).
 *
 * Return: host time at which the command's shell said that it has ended.
 */
double workload_answer(struct phone *ph, int id, bool hook);

#endif /* BENCH_WORKLOAD_H */
