/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * host_pci.h - PCI bus 0 with virtio functions, for unit tests
 *
 * Only those bytes of configuration space that QEMU's functions let an OS
 * write are writable. The virtio window works as in QEMU 7.2's
 * hw/virtio/virtio-pci.c: whatever the command register and the BARs say, but
 * not in D3. Memory behind a BAR is where exactly one function decodes it.
 */
#ifndef HOST_PCI_H
#define HOST_PCI_H

#include <stdbool.h>
#include <stdint.h>

#define HOST_PCI_BYTES		256

struct host_pci {
	bool present;
	uint8_t config[HOST_PCI_BYTES];
	uint8_t writable[HOST_PCI_BYTES];
	/* virtio */
	uint8_t window;		/* of the window capability, or 0 */
	uint8_t bar;		/* where the common structure is */
	uint32_t common;
	uint8_t status;
	bool never_resets;
	unsigned int reset_polls;	/* reads until a reset is done */
	/* Capabilities, or 0 */
	uint8_t power, express, advanced;
	/* Function level reset: nobody may touch it for 100 ms */
	unsigned int flrs;
	uint64_t quiet_until;
	bool never_returns;
	/* Memory behind a BAR */
	uint8_t *memory;
	unsigned int memory_bar;
	uint32_t memory_bytes;
};

extern struct host_pci host_pci[256];

/* Put an empty bus 0 on the machine's bus. */
void host_pci_add(void);
/* Add a function without capabilities. */
struct host_pci *host_pci_function(unsigned int devfn, uint16_t vendor,
				   uint16_t class);
/* Add a virtio function with QEMU's layout, its queues live. */
struct host_pci *host_pci_virtio(unsigned int devfn);

/* Add a capability to a function, at a place that is free in all of them. */
void host_pci_add_power(unsigned int devfn);
void host_pci_add_express(unsigned int devfn, bool flr);
void host_pci_add_advanced(unsigned int devfn, bool flr);
/* Give it memory behind a BAR of 32 bits, full of ones. @bytes: a power of two */
void host_pci_add_memory(unsigned int devfn, unsigned int bar, uint32_t bytes);

/* Can the function move data, now or once somebody lets it be bus master? */
bool host_pci_is_live(unsigned int devfn);
uint16_t host_pci_command(unsigned int devfn);

#endif /* HOST_PCI_H */
