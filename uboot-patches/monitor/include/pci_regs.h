/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pci_regs.h - configuration space of a PCI function
 *
 * PCI Local Bus Specification 3.0, chapter 6 "Configuration Space" and 6.8
 * "Message Signaled Interrupts"; PCI Express Base Specification 3.0, sections
 * 7.2.2 "ECAM", 7.8 "PCI Express Capability Structure" and 6.6.2 "Function-Level
 * Reset"; PCI Bus Power Management Interface Specification 1.2, section 3.2;
 * ECN "Advanced Capabilities for Conventional PCI"; virtio of section 4.1.4 of
 * "Virtual I/O Device (VIRTIO) Version 1.2".
 */
#ifndef PCI_REGS_H
#define PCI_REGS_H

#define PCI_ECAM_FUNCTION_SIZE	0x1000UL	/* 4 KiB for each devfn */
#define PCI_CONFIG_BYTES	0x100		/* all that capabilities use */

/* Header, section 6.1 */
#define PCI_VENDOR_ID		0x00	/* 16 bit, then the device's */
#define  PCI_VENDOR_NONE	0xffff
#define  PCI_VENDOR_VIRTIO	0x1af4
#define PCI_COMMAND		0x04	/* 16 bit */
#define  PCI_COMMAND_IO		(1U << 0)
#define  PCI_COMMAND_MEMORY	(1U << 1)
#define  PCI_COMMAND_MASTER	(1U << 2)
#define PCI_STATUS		0x06	/* 16 bit */
#define  PCI_STATUS_CAP_LIST	(1U << 4)
#define PCI_CLASS_REVISION	0x08	/* 32 bit: class, revision */
#define PCI_CLASS_DEVICE	0x0a	/* 16 bit: class, subclass */
#define  PCI_CLASS_HOST_BRIDGE	0x0600
#define PCI_BAR(n)		(0x10 + 4 * (n))	/* 32 bit, section 6.2.5 */
#define  PCI_BAR_IO		(1U << 0)
#define  PCI_BAR_64_BIT		(2U << 1)	/* the next has the upper half */
#define  PCI_BAR_TYPE		(3U << 1)
#define  PCI_BAR_PREFETCH	(1U << 3)	/* reads have no side effects */
#define  PCI_BAR_FLAGS		0xfU
#define PCI_SUBSYSTEM		0x2c	/* 32 bit: device, vendor */
#define PCI_CAPABILITY_LIST	0x34	/* 8 bit */

/* Capabilities, section 6.7; each is aligned to 4 bytes */
#define PCI_CAP_FIRST		0x40
#define PCI_CAP_MAX		((PCI_CONFIG_BYTES - PCI_CAP_FIRST) / 4)
#define PCI_CAP_ID		0x00	/* 8 bit */
#define  PCI_CAP_ID_POWER	0x01
#define  PCI_CAP_ID_MSI		0x05
#define  PCI_CAP_ID_VENDOR	0x09
#define  PCI_CAP_ID_EXPRESS	0x10
#define  PCI_CAP_ID_MSIX	0x11
#define  PCI_CAP_ID_ADVANCED	0x13
#define PCI_CAP_NEXT		0x01	/* 8 bit */
#define PCI_CAP_LEN		0x02	/* 8 bit: vendor's, Advanced Features */
#define PCI_CAP_MSI_CONTROL	0x02	/* 16 bit, both kinds */
#define  PCI_MSI_ENABLE		(1U << 0)
#define  PCI_MSIX_ENABLE	(1U << 15)

/* Power management, section 3.2.4 there */
#define PCI_POWER_CONTROL	0x04	/* 16 bit */
#define  PCI_POWER_STATE	(3U << 0)	/* 0 = D0, 3 = D3 */
#define  PCI_POWER_EVENT	(1U << 15)	/* writing 1 clears it */
#define PCI_POWER_BYTES		0x08

/* PCI Express, sections 7.8.3 to 7.8.5 */
#define PCI_EXPRESS_CAPS	0x04	/* 32 bit */
#define  PCI_EXPRESS_CAPS_FLR	(1U << 28)
#define PCI_EXPRESS_CONTROL	0x08	/* 16 bit */
#define  PCI_EXPRESS_CONTROL_FLR (1U << 15)
#define PCI_EXPRESS_STATUS	0x0a	/* 16 bit */
#define  PCI_EXPRESS_STATUS_PENDING (1U << 5)
#define PCI_EXPRESS_BYTES	0x0c

/* Advanced Features, its ECN */
#define PCI_ADVANCED_CAPS	0x03	/* 8 bit */
#define  PCI_ADVANCED_CAPS_FLR	(1U << 1)
#define PCI_ADVANCED_CONTROL	0x04	/* 8 bit, then 8 bit of status */
#define  PCI_ADVANCED_CONTROL_FLR (1U << 0)
#define  PCI_ADVANCED_STATUS_PENDING (1U << 8)
#define PCI_ADVANCED_BYTES	0x06

/* struct virtio_pci_cap, virtio 1.2 section 4.1.4 */
#define VIRTIO_CAP_TYPE		0x03	/* 8 bit */
#define  VIRTIO_CAP_TYPE_COMMON	1
#define  VIRTIO_CAP_TYPE_WINDOW	5	/* VIRTIO_PCI_CAP_PCI_CFG */
#define VIRTIO_CAP_BAR		0x04	/* 8 bit */
#define VIRTIO_CAP_OFFSET	0x08	/* 32 bit */
#define VIRTIO_CAP_LENGTH	0x0c	/* 32 bit */
#define VIRTIO_CAP_BYTES	0x10
/* The window only, section 4.1.4.9 */
#define VIRTIO_WINDOW_DATA	0x10	/* as wide as VIRTIO_CAP_LENGTH says */
#define VIRTIO_WINDOW_BYTES	0x14

#define PCI_BARS		6

/* struct virtio_pci_common_cfg, section 4.1.4.3 */
#define VIRTIO_COMMON_STATUS	0x14	/* 8 bit; writing 0 resets, 2.4 */

#endif /* PCI_REGS_H */
