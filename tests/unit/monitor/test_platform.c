// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_platform.c - each thing that an OS relies on changes the fingerprint
 */
#include "test.h"

#include <string.h>

#include "host.h"
#include "host_pci.h"
#include "image_crypto.h"
#include "machine.h"
#include "platform.h"

#define SLOT	2

static uint8_t reference[OSTI_IMAGE_HASH];

static void print(uint8_t out[OSTI_IMAGE_HASH])
{
	platform_fingerprint(context_get(SLOT), out);
}

static void assert_same(void)
{
	uint8_t now[OSTI_IMAGE_HASH];

	print(now);
	assert_memory_equal(now, reference, sizeof(now));
}

static void assert_other(void)
{
	uint8_t now[OSTI_IMAGE_HASH];

	print(now);
	assert_memory_not_equal(now, reference, sizeof(now));
}

static int setup(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < ARCH_FEATURES; i++)
		host_features[i] = 0x1000 + i;
	machine_boot(2);
	print(reference);
	return 0;
}

/* It does not depend on time, on who runs, or on what was done before. */
static void test_same(void **state)
{
	(void)state;
	assert_same();
	machine_start(1);
	assert_same();
	assert_int_equal(machine_suspend(SLOT, MACHINE_ENTRY, 0).outcome,
			 OUTCOME_ENTER);
	machine_start(SLOT);
	assert_same();
	machine_power_cycle(2);
	assert_same();
}

static void test_cpus(void **state)
{
	(void)state;
	machine_boot(1);
	assert_other();
	machine_boot(3);
	assert_other();
	machine_boot(2);
	assert_same();
}

static void test_features(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < ARCH_FEATURES; i++) {
		host_features[i] ^= 1UL << 63;
		assert_other();
		host_features[i] ^= 1UL << 63;
	}
	/* Two values that change places are not the same CPU. */
	host_features[3] = 0x1004;
	host_features[4] = 0x1003;
	assert_other();
	host_features[3] = 0x1003;
	host_features[4] = 0x1004;
	assert_same();
}

static void test_pci(void **state)
{
	struct host_pci *net = &host_pci[MACHINE_NET];
	unsigned int i;

	(void)state;
	/* Vendor, device, revision, class, subsystem. */
	for (i = 0; i < HOST_PCI_BYTES; i++) {
		net->config[i] ^= 0x80;
		if (i < 4 || (i >= 8 && i < 12) || (i >= 0x2c && i < 0x30))
			assert_other();
		else
			assert_same();
		net->config[i] ^= 0x80;
	}
	net->present = false;
	assert_other();
	net->present = true;
	assert_same();
	/* The same function at another place. */
	host_pci[MACHINE_DISPLAY] = *net;
	assert_other();
	net->present = false;
	assert_other();
	net->present = true;
	host_pci[MACHINE_DISPLAY].present = false;
	assert_same();
	host_pci[MACHINE_DISK(SLOT)].present = false;
	assert_other();
}

/* What the slot cannot see is no part of what it knows. */
static void test_hidden(void **state)
{
	uint8_t other[OSTI_IMAGE_HASH];

	(void)state;
	host_pci[MACHINE_BOOT_DISK].present = false;
	host_pci[MACHINE_DISK(1)].config[0] ^= 1;
	host_pci_virtio(0xf8);
	assert_same();
	/* So slots that see different disks have different ones. */
	platform_fingerprint(context_get(1), other);
	assert_memory_not_equal(other, reference, sizeof(other));
}

/* A disk that was pulled, or another one, keeps nobody from going on. */
static void test_removable(void **state)
{
	(void)state;
	host_pci[MACHINE_REMOVABLE].config[0] ^= 1;
	assert_same();
	host_pci[MACHINE_REMOVABLE].present = false;
	assert_same();
	/* Likewise with the exchange disk, which a device has or has not. */
	host_pci_virtio(MACHINE_EXCHANGE);
	assert_same();
	/* That of the display is another matter. */
	host_pci_virtio(MACHINE_DISPLAY);
	assert_other();
}

static void add(struct image_mac *mac, uint64_t value)
{
	uint8_t bytes[8];
	unsigned int i;

	for (i = 0; i < 8; i++)
		bytes[i] = value >> 8 * i;
	image_crypto_mac_add(mac, bytes, sizeof(bytes));
}

/*
 * The list of docs/image-format.md. When it changes, so must its first number:
 * else a device would take images that another firmware made for another one.
 */
static void test_list(void **state)
{
	static const uint64_t numbers[] = { 0x40000000, 62500000, 2 };
	static const uint64_t devices[][2] = {
		{ 0x08000000, 0x10000 },	/* GIC distributor */
		{ 0x080a0000, 8 * 0x20000 },	/* and redistributors */
		{ 0x09000000, 4096 },		/* UART */
		{ 0x09010000, 4096 },		/* RTC */
		{ 0x09030000, 4096 },		/* GPIO */
		{ 0x10000000, 0x2eff0000 },	/* PCI */
		{ 0x3eff0000, 0x10000 },
		{ 0x8000000000, 0x8000000000 },
	};
	static const uint64_t functions[][4] = {
		{ 0x00, 0x00001b36, 0x06000000, 0x12345678 },
		{ 0x08, 0x00001af4, 0x01000000, 0 },
		{ 0x10, 0x00001af4, 0x01000000, 0 },
		{ 0x18, 0x00001af4, 0x01000000, 0 },
		{ 0x48, 0x00001af4, 0x01000000, 0 },	/* disk of slot 2 */
	};
	static const uint8_t no_key[32];
	struct image_mac mac;
	uint8_t want[32], now[32];
	unsigned int i, n;

	(void)state;
	memcpy(&host_pci[0].config[0x2c], "\x78\x56\x34\x12", 4);
	image_crypto_mac_begin(&mac, no_key);
	add(&mac, 1);
	add(&mac, 10);
	image_crypto_mac_add(&mac, (const uint8_t *)"qemu-virt", 10);
	for (i = 0; i < ARRAY_SIZE(numbers); i++)
		add(&mac, numbers[i]);
	for (i = 0; i < 59; i++)
		add(&mac, 0x1000 + i);
	for (i = 0; i < ARRAY_SIZE(devices); i++)
		for (n = 0; n < 2; n++)
			add(&mac, devices[i][n]);
	for (i = 0; i < ARRAY_SIZE(functions); i++)
		for (n = 0; n < 4; n++)
			add(&mac, functions[i][n]);
	image_crypto_mac_done(&mac, want);
	print(now);
	assert_memory_equal(now, want, sizeof(want));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_same, setup),
		cmocka_unit_test_setup(test_cpus, setup),
		cmocka_unit_test_setup(test_features, setup),
		cmocka_unit_test_setup(test_pci, setup),
		cmocka_unit_test_setup(test_hidden, setup),
		cmocka_unit_test_setup(test_removable, setup),
		cmocka_unit_test_setup(test_list, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
