/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * threads.h - the same work on several threads
 */
#ifndef THREADS_H
#define THREADS_H

/*
 * Call work(arg) on nr threads, this one among them, and wait until all
 * returned. When a thread cannot be made there are fewer.
 */
void threads_run(unsigned int nr, void *(*work)(void *arg), void *arg);

#endif /* THREADS_H */
