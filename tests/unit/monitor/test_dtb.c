// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_dtb.c - the device tree of a slot, as libfdt reads it
 */
#include "test.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

#include "dtb.h"
#include "pci.h"

#define NAME	"0123456789abcdef"

static uint8_t *tree;

static int setup(void **state)
{
	(void)state;
	/* Exactly as long as it is, so that ASan sees what goes beyond. */
	tree = malloc(dtb_template.bytes);
	return !tree;
}

static int teardown(void **state)
{
	(void)state;
	free(tree);
	return 0;
}

static void make(const struct dtb_values *v)
{
	memset(tree, 0xff, dtb_template.bytes);
	dtb_write(v, tree);
	assert_int_equal(fdt_check_full(tree, dtb_template.bytes), 0);
}

static const struct dtb_values plain = {
	.ram_bytes = 0x123456000,
	.slot = 2,
	.name = NAME "beyond",
	.cpus = 1,
	.cmdline = "",
	.kaslr_seed = { 1, 2, 3, 4, 5, 6, 7, 8 },
	.rng_seed = { 9, 8, 7 },
};

static const void *property(const char *path, const char *name, int want)
{
	int node = fdt_path_offset(tree, path), len;
	const void *value = fdt_getprop(tree, node, name, &len);

	if (want < 0) {
		assert_null(value);
		assert_int_equal(len, -FDT_ERR_NOTFOUND);
		return NULL;
	}
	assert_non_null(value);
	assert_int_equal(len, want);
	return value;
}

static uint64_t cells(const void *value)
{
	return fdt64_ld(value);
}

static void test_slot(void **state)
{
	const uint8_t *reg;

	(void)state;
	make(&plain);
	reg = property("/memory", "reg", 16);
	assert_int_equal(cells(reg), OSTI_RAM_IPA);
	assert_int_equal(cells(reg + 8), plain.ram_bytes);
	assert_int_equal(fdt32_ld(property("/firmware/osti", "osti,slot", 4)),
			 2);
	assert_string_equal(property("/firmware/osti", "osti,slot-name", 17),
			    NAME);
	assert_memory_equal(property("/chosen", "kaslr-seed", 8),
			    plain.kaslr_seed, 8);
	assert_memory_equal(property("/chosen", "rng-seed", 32),
			    plain.rng_seed, 32);
}

/* What the slots take for it is what the monitor gives all of them. */
static void test_optional(void **state)
{
	uint32_t removable, exchange;
	unsigned int i;

	(void)state;
	make(&plain);
	removable = fdt32_ld(property("/firmware/osti", "osti,removable", 4));
	exchange = fdt32_ld(property("/firmware/osti", "osti,exchange", 4));
	assert_true(removable < PCI_FUNCTIONS && exchange < PCI_FUNCTIONS);
	assert_int_not_equal(removable, exchange);
	for (i = 0; i < PCI_FUNCTIONS; i++)
		assert_int_equal(pci_optional(i), i == removable || i == exchange);
}

static void test_name(void **state)
{
	struct dtb_values v = plain;
	char name[OSTI_NAME_LEN + 1] = { 0 };
	unsigned int n;

	(void)state;
	v.name = name;
	for (n = 1; n <= OSTI_NAME_LEN; n++) {
		name[n - 1] = 'a' + n;
		make(&v);
		assert_string_equal(property("/firmware/osti", "osti,slot-name",
					     n + 1), name);
	}
}

static void test_cpus(void **state)
{
	struct dtb_values v = plain;
	int parent, node;
	unsigned int n;

	(void)state;
	for (v.cpus = 1; v.cpus <= OSTI_MAX_CPUS; v.cpus++) {
		make(&v);
		parent = fdt_path_offset(tree, "/cpus");
		n = 0;
		fdt_for_each_subnode(node, tree, parent) {
			const void *reg = fdt_getprop(tree, node, "reg", NULL);

			assert_int_equal(fdt32_ld(reg), n++);
		}
		assert_int_equal(n, v.cpus);
		/* What comes behind them is still there. */
		assert_true(fdt_path_offset(tree, "/psci") > 0);
	}
}

static void test_cmdline(void **state)
{
	static char cmdline[OSTI_START_CMDLINE];
	struct dtb_values v = plain;
	unsigned int n;

	(void)state;
	v.cmdline = cmdline;
	for (n = 0; n < OSTI_START_CMDLINE; n++) {
		make(&v);
		assert_string_equal(property("/chosen", "bootargs", n + 1),
				    cmdline);
		property("/chosen", "stdout-path", 15);
		cmdline[n] = 'a' + n % 26;
	}
}

static void test_ramdisk(void **state)
{
	struct dtb_values v = plain;

	(void)state;
	make(&v);
	property("/chosen", "linux,initrd-start", -1);
	property("/chosen", "linux,initrd-end", -1);
	v.ramdisk = 0x148000000;
	v.ramdisk_bytes = 0x1234567;
	make(&v);
	assert_int_equal(cells(property("/chosen", "linux,initrd-start", 8)),
			 v.ramdisk);
	assert_int_equal(cells(property("/chosen", "linux,initrd-end", 8)),
			 v.ramdisk + v.ramdisk_bytes);
}

/* Marks for U-Boot are none of an operating system's business. */
static void test_nothing_of_u_boot(void **state)
{
	int node;

	(void)state;
	make(&plain);
	for (node = 0; node >= 0; node = fdt_next_node(tree, node, NULL))
		assert_null(fdt_getprop(tree, node, "u-boot,dm-pre-reloc",
					NULL));
	assert_int_equal(node, -FDT_ERR_NOTFOUND);
	assert_true(fdt_path_offset(tree, "/signature") < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_slot),
		cmocka_unit_test(test_optional),
		cmocka_unit_test(test_name),
		cmocka_unit_test(test_cpus),
		cmocka_unit_test(test_cmdline),
		cmocka_unit_test(test_ramdisk),
		cmocka_unit_test(test_nothing_of_u_boot),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
