/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * osti/bm/progress.h - one progress bar, in one line of the console
 */
#ifndef _OSTI_BM_PROGRESS_H
#define _OSTI_BM_PROGRESS_H

#include <linux/types.h>

/**
 * osti_progress_begin() - show a progress bar at 0 %
 *
 * The console's line belongs to it until osti_progress_end().
 */
void osti_progress_begin(void);

/**
 * osti_progress() - redraw the bar if it changed enough
 * @done:	how much of the work is done
 * @total:	of how much, 0 is taken for nothing to do
 * @from:	percent of the bar that stand for no work done
 * @to:		percent that stand for all of it
 */
void osti_progress(u64 done, u64 total, u32 from, u32 to);

/**
 * osti_progress_end() - go to a new line, if a bar is shown
 */
void osti_progress_end(void);

#endif /* _OSTI_BM_PROGRESS_H */
