/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dtb.h - the device tree of a slot
 *
 * A template that the build makes of the board's device tree (tools/mkdtb.c),
 * with room for what each start fills in. What is not used of that room becomes
 * FDT_NOP (Devicetree Specification 0.3, section 5.4.1), so the result is a
 * tree as any other, and nothing of it has to be moved.
 */
#ifndef DTB_H
#define DTB_H

#include <stdint.h>

#include <osti/start.h>

#include "context.h"

/* Most bytes of a tree, a multiple of 4 KiB. */
#define DTB_MAX		0x10000

/* From where to where a node or property has its place; bytes, from the start. */
struct dtb_place {
	uint32_t at;
	uint32_t bytes;
};

struct dtb_template {
	const uint8_t *blob;
	uint32_t bytes;
	/* Nodes, those of the CPUs 0, 1, ..; 0 bytes: the board has no such CPU */
	struct dtb_place cpu[OSTI_MAX_CPUS];
	/* Properties, as long as they can get */
	struct dtb_place memory;	/* reg of /memory, 2 + 2 cells */
	struct dtb_place slot;		/* osti,slot of /firmware/osti */
	struct dtb_place name;		/* osti,slot-name there */
	struct dtb_place bootargs;	/* these and the rest of /chosen */
	struct dtb_place initrd_start;	/* linux,initrd-start, 2 cells */
	struct dtb_place initrd_end;	/* linux,initrd-end, 2 cells */
	struct dtb_place kaslr_seed;
	struct dtb_place rng_seed;
};

/* The board's: the build makes it (dtb_template.c). */
extern const struct dtb_template dtb_template;

/* Sizes that Linux takes: 64 bits for KASLR; any for its random numbers. */
#define DTB_KASLR_SEED	8
#define DTB_RNG_SEED	32

struct dtb_values {
	uint64_t ram_bytes;	/* from OSTI_RAM_IPA on */
	unsigned int slot;
	const char *name;	/* OSTI_NAME_LEN bytes */
	unsigned int cpus;	/* 1..OSTI_MAX_CPUS */
	const char *cmdline;	/* ends with NUL, in OSTI_START_CMDLINE bytes */
	uint64_t ramdisk;	/* IPA */
	uint64_t ramdisk_bytes;	/* 0: there is none */
	uint8_t kaslr_seed[DTB_KASLR_SEED];
	uint8_t rng_seed[DTB_RNG_SEED];
};

/* Write the tree, of dtb_template.bytes, which are at most DTB_MAX. */
void dtb_write(const struct dtb_values *v, uint8_t *to);

#endif /* DTB_H */
