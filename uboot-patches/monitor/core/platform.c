// SPDX-License-Identifier: GPL-2.0-only
/*
 * platform.c - what an OS that was frozen elsewhere must find here again
 */
#include "platform.h"

#include "board.h"
#include "cpu.h"
#include "image_bytes.h"
#include "image_crypto.h"
#include "memory.h"
#include "pci.h"
#include "pci_regs.h"

/* Raise it when what is hashed changes. */
#define LAYOUT		1

static const uint8_t no_key[OSTI_IMAGE_HASH];

static void add(struct image_mac *mac, uint64_t value)
{
	uint8_t bytes[8];

	image_put64(bytes, value);
	image_crypto_mac_add(mac, bytes, sizeof(bytes));
}

static void add_pci(struct image_mac *mac, const struct context *slot)
{
	unsigned int devfn;

	for (devfn = 0; devfn < PCI_FUNCTIONS; devfn++) {
		const pa_t config = pa_make(BOARD_PCI_ECAM_BASE +
					    devfn * PCI_ECAM_FUNCTION_SIZE);
		uint32_t id;

		if (!pci_visible(devfn, slot->id) || pci_optional(devfn))
			continue;
		id = arch_read32(pa_add(config, PCI_VENDOR_ID));
		if (id == UINT32_MAX)
			continue;
		add(mac, devfn);
		add(mac, id);
		add(mac, arch_read32(pa_add(config, PCI_CLASS_REVISION)));
		add(mac, arch_read32(pa_add(config, PCI_SUBSYSTEM)));
	}
}

void platform_fingerprint(const struct context *slot,
			  uint8_t out[OSTI_IMAGE_HASH])
{
	static const char board[] = BOARD_NAME;
	struct image_mac mac;
	uint64_t bytes;
	unsigned int i;
	pa_t base;

	image_crypto_mac_begin(&mac, no_key);
	add(&mac, LAYOUT);
	add(&mac, sizeof(board));
	image_crypto_mac_add(&mac, (const uint8_t *)board, sizeof(board));
	add(&mac, OSTI_RAM_IPA);
	add(&mac, arch_counter_hz());
	add(&mac, cpu_count());
	for (i = 0; i < ARCH_FEATURES; i++)
		add(&mac, arch_feature(i));
	for (i = 0; memory_device(i, &base, &bytes); i++) {
		add(&mac, pa_value(base));
		add(&mac, bytes);
	}
	add_pci(&mac, slot);
	image_crypto_mac_done(&mac, out);
}
