// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * threads.c - the same work on several threads
 */
#include "threads.h"

#include <pthread.h>

#define MAX_THREADS	64

void threads_run(unsigned int nr, void *(*work)(void *arg), void *arg)
{
	pthread_t threads[MAX_THREADS];
	unsigned int made = 0;

	while (made + 1 < nr && made < MAX_THREADS &&
	       pthread_create(&threads[made], NULL, work, arg) == 0)
		made++;
	work(arg);
	while (made--)
		pthread_join(threads[made], NULL);
}
