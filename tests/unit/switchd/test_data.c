// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is installed beside the programs.
 */
#include "helper.h"

#include <stdlib.h>
#include <string.h>

/* Tests run at the top of the tree. */
#define DATA "switchd/data"

/* The group osti gets the socket; with the device it could skip all rules. */
static void test_device_is_roots(void **state)
{
	char *rules = helper_read(DATA, "60-osti.rules");
	const char *rule = strstr(rules, "KERNEL==\"osti\"");

	(void)state;
	assert_non_null(rule);
	assert_non_null(strstr(rule, "OWNER=\"root\""));
	assert_non_null(strstr(rule, "GROUP=\"root\""));
	assert_non_null(strstr(rule, "MODE=\"0600\""));
	/* And there is no other. */
	assert_null(strstr(rule + 1, "KERNEL=="));
	free(rules);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_device_is_roots),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
