// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * machines - the same firmware and images on other numbers and models of CPUs
 *
 * All other tests run on two of cortex-a57. The last one of these is tried with
 * OSTI_TEST_ALL only: it is between the two before.
 */
#include <stdio.h>

#include "fixture.h"
#include "shell.h"

static void check_machine(unsigned int cpus, const char *cpu, const char *name)
{
	const struct device_options opt = {
		.name = name, .cpus = cpus, .cpu = cpu, .files = steps_files(),
	};
	struct phone *ph = phone_start_both(&opt);
	struct vault v;
	int i;

	steps_vault_start(ph, &v);
	for (i = 0; i < 6; i++) {
		phone_switch_key(ph, ph->at == WORK ? PERSONAL : WORK);
		assert_int_equal(shell_number(ph->dev, "nproc"), cpus);
		/* Each of them really works. */
		shell_do(ph->dev, "for c in $(seq 0 %u); do "
			 "taskset -c $c true || exit 1; done", cpus - 1);
	}
	steps_vault_check(ph, &v);
	assert_int_equal(shell_number(ph->dev, "switchctl status --json | "
				      "sed -n 's/.*\"nr_cpus\": *\\([0-9]*\\).*/\\1/p'"),
			 cpus);
	phone_stop(ph);
}

static void test_a57_1_cpu(void **state)
{
	(void)state;
	check_machine(1, "cortex-a57", "machines-a57-1");
}

static void test_a57_4_cpus(void **state)
{
	(void)state;
	check_machine(4, "cortex-a57", "machines-a57-4");
}

static void test_max_2_cpus(void **state)
{
	(void)state;
	check_machine(2, "max,pauth-impdef=on", "machines-max-2");
}

static void test_max_4_cpus(void **state)
{
	(void)state;
	if (!fixture_all())
		skip();
	check_machine(4, "max,pauth-impdef=on", "machines-max-4");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a57_1_cpu),
		cmocka_unit_test(test_a57_4_cpus),
		cmocka_unit_test(test_max_2_cpus),
		cmocka_unit_test(test_max_4_cpus),
	};

	fixture_begin();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
