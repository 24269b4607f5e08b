/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * help.h - CPUs that the running context does not use, put to work
 *
 * While an image is on its way they run the engine and zero memory. Only the
 * boot manager, which has one CPU, gets such help.
 */
#ifndef HELP_H
#define HELP_H

#include <stdbool.h>

/* Power all CPUs on that are off. Those that do not come are done without. */
void help_call(void);
/* They go off; returns when they have, or are lost. */
void help_dismiss(void);
/* Is there any help? */
bool help_is_there(void);

/*
 * Do a bit of what there is to do on behalf of the caller, for about as long as
 * a call may take; without work it naps for less than that. Releases the lock.
 */
struct engine_job;
void help_yourself(const struct engine_job *first);

/* What a CPU that came to help does, without the lock; then it goes off. */
void help_loop(void);

#endif /* HELP_H */
