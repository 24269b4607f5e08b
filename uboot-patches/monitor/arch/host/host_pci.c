// SPDX-License-Identifier: GPL-2.0-only
/*
 * host_pci.c - PCI bus 0 with virtio functions, for unit tests
 */
#include "host_pci.h"

#include <stdlib.h>
#include <string.h>

#include "board.h"
#include "host.h"
#include "log.h"

#define DATA		16U	/* offset of the window's data */
#define STATUS		0x14	/* of device_status in the common structure */

struct host_pci host_pci[256];

static uint32_t config32(const struct host_pci *f, unsigned int offset)
{
	uint32_t val;

	memcpy(&val, &f->config[offset], 4);
	return val;
}

static bool is_asleep(const struct host_pci *f)
{
	return f->power && f->config[f->power + 4] & 3;
}

/* Does the access go through the window to the device's status? */
static bool is_status(const struct host_pci *f, unsigned int offset)
{
	return f->window && offset == f->window + DATA && !is_asleep(f) &&
	       config32(f, f->window + 12) == 1 &&
	       f->config[f->window + 4] == f->bar &&
	       config32(f, f->window + 8) == f->common + STATUS;
}

static void maybe_flr(struct host_pci *f, unsigned int offset)
{
	bool express = f->express && offset == f->express + 8U &&
		       f->config[offset + 1] & 0x80 &&
		       f->config[f->express + 7] & 0x10;
	bool advanced = f->advanced && offset == f->advanced + 4U &&
			f->config[offset] & 1 && f->config[f->advanced + 3] & 2;

	if (!express && !advanced)
		return;
	/* It has been told to be quiet before. */
	ASSERT(!(f->config[4] & 7));
	f->config[offset + express] = 0;
	f->status = 0;
	f->flrs++;
	f->quiet_until = host_counter_now + arch_counter_hz() / 10;
	if (f->never_returns)
		f->present = false;
}

static void check_quiet(const struct host_pci *f)
{
	if (host_counter_now < f->quiet_until)
		panic("PCI model: access within 100 ms after an FLR");
}

static uint64_t ecam_read(uint64_t offset, unsigned int size)
{
	struct host_pci *f = &host_pci[offset >> 12];
	uint64_t val = 0;

	offset &= 0xfff;
	check_quiet(f);
	if (!f->present)
		return ~0UL;
	ASSERT(offset + size <= HOST_PCI_BYTES);
	if (is_status(f, offset)) {
		if (f->status && f->reset_polls && --f->reset_polls == 0)
			f->status = 0;
		f->config[offset] = f->status;
	}
	memcpy(&val, &f->config[offset], size);
	return val;
}

static void ecam_write(uint64_t offset, unsigned int size, uint64_t val)
{
	struct host_pci *f = &host_pci[offset >> 12];
	unsigned int i;

	offset &= 0xfff;
	check_quiet(f);
	if (f->never_returns && !f->present)
		return;
	ASSERT(f->present && offset + size <= HOST_PCI_BYTES);
	for (i = 0; i < size; i++) {
		uint8_t mask = f->writable[offset + i];

		f->config[offset + i] &= ~mask;
		f->config[offset + i] |= val >> 8 * i & mask;
	}
	if (is_status(f, offset) && !f->never_resets && !f->reset_polls)
		f->status = val;
	maybe_flr(f, offset);
}

/* ---- Memory behind BARs ---------------------------------------------------- */

static uint8_t *decode(uint64_t addr, unsigned int size)
{
	uint8_t *found = NULL;
	unsigned int i;

	for (i = 0; i < 256; i++) {
		const struct host_pci *f = &host_pci[i];
		uint64_t base;

		if (!f->memory || !(f->config[4] & 2))
			continue;
		base = config32(f, 0x10 + 4 * f->memory_bar) & ~0xfU;
		if (addr < base || addr + size > base + f->memory_bytes)
			continue;
		if (found)
			panic("PCI model: two functions decode %lx", addr);
		found = f->memory + (addr - base);
	}
	return found;
}

static uint64_t mmio_read(uint64_t offset, unsigned int size)
{
	const uint8_t *p = decode(BOARD_PCI_MMIO_BASE + offset, size);
	uint64_t val = ~0UL;

	if (p)
		memcpy(&val, p, size);
	return val;
}

static void mmio_write(uint64_t offset, unsigned int size, uint64_t val)
{
	uint8_t *p = decode(BOARD_PCI_MMIO_BASE + offset, size);

	if (p)
		memcpy(p, &val, size);
}

void host_pci_add_memory(unsigned int devfn, unsigned int bar, uint32_t bytes)
{
	struct host_pci *f = &host_pci[devfn];
	const uint32_t mask = ~(bytes - 1);

	f->memory = malloc(bytes);
	if (!f->memory)
		abort();
	memset(f->memory, 0xff, bytes);
	f->memory_bar = bar;
	f->memory_bytes = bytes;
	f->config[0x10 + 4 * bar] = 0x08;	/* prefetchable, 32 bits */
	memcpy(&f->writable[0x10 + 4 * bar], &mask, 4);
}

struct host_pci *host_pci_function(unsigned int devfn, uint16_t vendor,
				   uint16_t class)
{
	struct host_pci *f = &host_pci[devfn];

	free(f->memory);
	memset(f, 0, sizeof(*f));
	f->present = true;
	memcpy(&f->config[0x00], &vendor, 2);
	memcpy(&f->config[0x0a], &class, 2);
	f->config[0x04] = 0x07;
	f->config[0x05] = 0x04;	/* INTx off, as Linux leaves it with MSI-X */
	f->writable[0x04] = 0x07;
	f->writable[0x05] = 0x04;
	return f;
}

static void add_cap(struct host_pci *f, uint8_t at, uint8_t id, uint8_t next)
{
	f->config[at] = id;
	f->config[at + 1] = next;
}

static void add_virtio_cap(struct host_pci *f, uint8_t at, uint8_t next,
			   uint8_t type, uint8_t bytes, uint32_t offset,
			   uint32_t length)
{
	add_cap(f, at, 0x09, next);
	f->config[at + 2] = bytes;
	f->config[at + 3] = type;
	f->config[at + 4] = type == 5 ? 0 : 4;
	memcpy(&f->config[at + 8], &offset, 4);
	memcpy(&f->config[at + 12], &length, 4);
}

/* In front of the others, behind 0xa8. */
static void link_cap(struct host_pci *f, uint8_t at, uint8_t id)
{
	f->config[0x06] |= 0x10;
	add_cap(f, at, id, f->config[0x34]);
	f->config[0x34] = at;
}

void host_pci_add_power(unsigned int devfn)
{
	struct host_pci *f = &host_pci[devfn];

	link_cap(f, 0xb0, 0x01);
	f->power = 0xb0;
	f->writable[0xb4] = 0x03;
	f->writable[0xb5] = 0x81;
}

void host_pci_add_express(unsigned int devfn, bool flr)
{
	struct host_pci *f = &host_pci[devfn];

	link_cap(f, 0xc0, 0x10);
	f->express = 0xc0;
	f->config[0xc7] = flr ? 0x10 : 0;
	f->config[0xc8] = 0x10;			/* relaxed ordering */
	memset(&f->writable[0xc8], 0xff, 2);
}

void host_pci_add_advanced(unsigned int devfn, bool flr)
{
	struct host_pci *f = &host_pci[devfn];

	link_cap(f, 0xf0, 0x13);
	f->advanced = 0xf0;
	f->config[0xf2] = 6;
	f->config[0xf3] = flr ? 3 : 1;
	f->writable[0xf4] = 0x01;
}

struct host_pci *host_pci_virtio(unsigned int devfn)
{
	struct host_pci *f = host_pci_function(devfn, 0x1af4, 0x0100);

	f->config[0x06] = 0x10;
	f->config[0x34] = 0x98;
	add_cap(f, 0x98, 0x11, 0x84);			/* MSI-X */
	f->config[0x9b] = 0x80;				/* is on */
	f->writable[0x9b] = 0xc0;
	add_virtio_cap(f, 0x84, 0x70, 5, 20, 0, 0);	/* window */
	add_virtio_cap(f, 0x70, 0x60, 2, 20, 0x3000, 0x1000);
	add_virtio_cap(f, 0x60, 0x50, 4, 16, 0x2000, 0x1000);
	add_virtio_cap(f, 0x50, 0x40, 3, 16, 0x1000, 0x1000);
	add_virtio_cap(f, 0x40, 0x00, 1, 16, 0x0000, 0x1000);
	f->window = 0x84;
	f->writable[0x84 + 4] = 0xff;
	memset(&f->writable[0x84 + 8], 0xff, 12);
	f->bar = 4;
	f->status = 0x0f;				/* DRIVER_OK */
	return f;
}

bool host_pci_is_live(unsigned int devfn)
{
	return host_pci[devfn].status != 0;
}

uint16_t host_pci_command(unsigned int devfn)
{
	return host_pci[devfn].config[4] | host_pci[devfn].config[5] << 8;
}

void host_pci_add(void)
{
	unsigned int i;

	for (i = 0; i < 256; i++)
		free(host_pci[i].memory);
	memset(host_pci, 0, sizeof(host_pci));
	host_device_add(&(struct host_device) {
		BOARD_PCI_MMIO_BASE, BOARD_PCI_MMIO_SIZE, mmio_read,
		mmio_write });
	host_device_add(&(struct host_device) {
		BOARD_PCI_ECAM_BASE, 256 * 4096UL, ecam_read, ecam_write });
}
