// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cpus.c - CPUs that are in the monitor at the same time
 */
#define _DEFAULT_SOURCE

#include "cpus.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <pthread.h>

#include <cmocka.h>

#include <osti/abi.h>

#include "arch.h"
#include "cpu.h"
#include "host.h"
#include "host_power.h"
#include "lock.h"
#include "power.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t turned = PTHREAD_COND_INITIALIZER;
static unsigned int turn;
static bool locked = true;
/* Who has it: a CPU may be played by the test, which is CPU 0. */
static pthread_t owner;
unsigned int cpus_listening;

static struct {
	pthread_t thread;
	void (*entry)(void);
	bool started;
	bool off;
	bool leave;		/* the test is over */
} cpus[OSTI_MAX_CPUS];

/* Give the turn to another CPU, and wait until it comes back. */
static void turn_to(unsigned int cpu)
{
	const unsigned int self = host_cpu;

	pthread_mutex_lock(&mutex);
	turn = cpu;
	host_cpu = cpu;
	pthread_cond_broadcast(&turned);
	while (turn != self)
		pthread_cond_wait(&turned, &mutex);
	pthread_mutex_unlock(&mutex);
}

static void leave(unsigned int cpu) __attribute__((noreturn));
static void leave(unsigned int cpu)
{
	pthread_mutex_lock(&mutex);
	host_power.cpu[cpu].off_ticks = 0;
	cpus[cpu].off = true;
	turn = 0;
	host_cpu = 0;
	pthread_cond_broadcast(&turned);
	pthread_mutex_unlock(&mutex);
	pthread_exit(NULL);
}

static void *begin(void *arg)
{
	const unsigned int cpu = (uintptr_t)arg;

	pthread_mutex_lock(&mutex);
	while (turn != cpu)
		pthread_cond_wait(&turned, &mutex);
	pthread_mutex_unlock(&mutex);
	if (!cpus[cpu].leave)
		cpus[cpu].entry();
	leave(cpu);
}

void cpus_start(unsigned int cpu, void (*entry)(void))
{
	assert_true(cpu && cpu < OSTI_MAX_CPUS && !cpus[cpu].started);
	cpus[cpu].entry = entry;
	cpus[cpu].started = true;
	cpus[cpu].off = false;
	cpus[cpu].leave = false;
	host_power.cpu[cpu].off_ticks = HOST_POWER_NEVER;
	assert_int_equal(pthread_create(&cpus[cpu].thread, NULL, begin,
					(void *)(uintptr_t)cpu), 0);
	cpus_run(cpu);
}

bool cpus_run(unsigned int cpu)
{
	assert_true(cpus[cpu].started && host_cpu == 0);
	if (!cpus[cpu].off)
		turn_to(cpu);
	return !cpus[cpu].off;
}

bool cpus_let(unsigned int cpu)
{
	bool on;

	lock_release();
	on = cpus_run(cpu);
	lock_or_stop();
	return on;
}

void cpus_run_all(void)
{
	unsigned int cpu;

	for (cpu = 1; cpu < OSTI_MAX_CPUS; cpu++)
		if (cpus[cpu].started && !cpus[cpu].off)
			cpus_run(cpu);
}

void cpus_let_all(void)
{
	lock_release();
	cpus_run_all();
	lock_or_stop();
}

void cpus_pause(void)
{
	const unsigned int cpu = host_cpu;

	turn_to(0);
	if (cpus[cpu].leave)
		leave(cpu);
}

bool cpus_is_off(unsigned int cpu)
{
	return cpus[cpu].off;
}

void cpus_reset(void)
{
	unsigned int cpu;

	for (cpu = 1; cpu < OSTI_MAX_CPUS; cpu++) {
		if (!cpus[cpu].started)
			continue;
		cpus[cpu].leave = true;
		host_cpu = 0;
		cpus_run(cpu);
		pthread_join(cpus[cpu].thread, NULL);
		cpus[cpu].started = false;
	}
	locked = true;
	owner = pthread_self();
	cpus_listening = 0;
	host_cpu = 0;
}

/* ---- The lock ------------------------------------------------------------------ */

void __wrap_lock_or_stop(void);
void __wrap_lock_release(void);
bool __wrap_lock_held(void);

void __wrap_lock_or_stop(void)
{
	while (locked && host_cpu && !cpu_must_stop())
		cpus_pause();
	if (cpu_must_stop())
		leave(host_cpu);
	/* CPU 0 is given no turn while another has the lock. */
	assert_false(locked);
	locked = true;
	owner = pthread_self();
}

void __wrap_lock_release(void)
{
	assert_true(__wrap_lock_held());
	locked = false;
}

bool __wrap_lock_held(void)
{
	return locked && pthread_equal(owner, pthread_self());
}

/* ---- Naps ---------------------------------------------------------------------- */

void __real_arch_nap(uint64_t ticks);
void __wrap_arch_nap(uint64_t ticks);

void __wrap_arch_nap(uint64_t ticks)
{
	__real_arch_nap(ticks);
	if (host_cpu)
		cpus_pause();
	else
		cpus_run_all();
}

/* ---- Nudges -------------------------------------------------------------------- */

void __real_power_cpu_nudge(unsigned int cpu);
void __wrap_power_cpu_nudge(unsigned int cpu);

void __wrap_power_cpu_nudge(unsigned int cpu)
{
	__real_power_cpu_nudge(cpu);
	if (cpus_listening & 1U << cpu && cpus[cpu].started)
		cpus_run(cpu);
}
