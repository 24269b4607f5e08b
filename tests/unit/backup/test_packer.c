// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Threads that wait for a buffer: none of them stays behind.
 */
#include "fixture.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "backup/packer.h"
#include "repo_pack.h"

#define PACK	65536
#define FULL	(PACK - REPO_PACK_SALT)
#define SMALL	1000
#define CHUNKS	8
#define DEADLINE_S	60

static struct repo_keys keys;
static uint8_t table[CHUNKS * OSTI_IMAGE_T_ENTRY];
static uint8_t stored[CHUNKS][FULL];
static struct plan plan;
static struct packer packer;

/* ---- What the packer calls --------------------------------------------------------- */

static int waiting; /* threads that wait for a buffer; of the packer's lock */
static bool no_memory;

int __real_pthread_cond_wait(pthread_cond_t *cond, pthread_mutex_t *lock);
int __wrap_pthread_cond_wait(pthread_cond_t *cond, pthread_mutex_t *lock);
void *__real_realloc(void *p, size_t size);
void *__wrap_realloc(void *p, size_t size);

int __wrap_pthread_cond_wait(pthread_cond_t *cond, pthread_mutex_t *lock)
{
	int ret;

	waiting++;
	ret = __real_pthread_cond_wait(cond, lock);
	waiting--;
	return ret;
}

void *__wrap_realloc(void *p, size_t size)
{
	return no_memory ? NULL : __real_realloc(p, size);
}

/* ---- Two threads, and no buffer for them --------------------------------------------- */

static struct adder {
	pthread_t thread;
	uint32_t chunk;
	bool ok;
} adders[2];

static void *add(void *arg)
{
	struct adder *a = arg;

	a->ok = packer_add(&packer, a->chunk, stored[a->chunk], SMALL);
	return NULL;
}

static int how_many_wait(void)
{
	int n;

	pthread_mutex_lock(&packer.lock);
	n = waiting;
	pthread_mutex_unlock(&packer.lock);
	return n;
}

static int setup(void **state)
{
	unsigned int i;

	(void)state;
	no_memory = false;
	for (i = 0; i < CHUNKS; i++) {
		memset(&table[i * OSTI_IMAGE_T_ENTRY], (int)i + 1,
		       OSTI_IMAGE_T_ENTRY);
		memset(stored[i], (int)i + 1, FULL);
	}
	assert_true(plan_begin(&plan, table, CHUNKS, 0));
	assert_true(packer_begin(&packer, &keys, &plan, PACK, 1));
	/* The only buffer is full. */
	assert_true(packer_add(&packer, 0, stored[0], FULL));
	for (i = 0; i < 2; i++) {
		adders[i].chunk = i + 1;
		assert_int_equal(pthread_create(&adders[i].thread, NULL, add,
						&adders[i]),
				 0);
	}
	while (how_many_wait() < 2)
		sched_yield();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	packer_end(&packer);
	plan_free(&plan);
	return 0;
}

/* One is left behind: let it go, or the test would never end. */
static void join(struct adder *a)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += DEADLINE_S;
	if (pthread_timedjoin_np(a->thread, NULL, &until) == 0)
		return;
	packer_stop(&packer);
	pthread_join(a->thread, NULL);
	fail_msg("the thread with chunk %u waited for ever", a->chunk);
}

static void give_back(void)
{
	struct pack *pack = packer_take(&packer);

	assert_non_null(pack);
	packer_give(&packer, pack);
}

/* The buffer that comes back has room for both; it is not sent while it has. */
static void test_both_go_on(void **state)
{
	(void)state;
	give_back();
	join(&adders[0]);
	join(&adders[1]);
	assert_true(adders[0].ok && adders[1].ok);
	packer_flush(&packer);
	assert_int_equal(plan.chunk[1].state, PLAN_SENT);
	assert_int_equal(plan.chunk[2].state, PLAN_SENT);
	assert_int_equal(plan.chunk[1].pack, plan.chunk[2].pack);
}

/* Whoever finds that there is no memory says so to the other. */
static void test_no_memory(void **state)
{
	(void)state;
	pthread_mutex_lock(&packer.lock);
	plan.room = plan.packs;
	no_memory = true;
	pthread_mutex_unlock(&packer.lock);
	give_back();
	join(&adders[0]);
	join(&adders[1]);
	assert_false(adders[0].ok || adders[1].ok);
	assert_true(packer.no_memory);
}

static void test_stopped(void **state)
{
	(void)state;
	packer_stop(&packer);
	join(&adders[0]);
	join(&adders[1]);
	assert_false(adders[0].ok || adders[1].ok);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_both_go_on, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_no_memory, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_stopped, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
