/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * osti/start.h - start statements: what the owner allows to run in a slot
 *
 * The contract of the tool that signs, the boot manager that carries and the
 * monitor that verifies. It is self-standing: it includes nothing.
 *
 * A statement is OSTI_START_BODY bytes of fixed layout, then their signature:
 * RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017, section 8.2), as many bytes as the
 * owner's modulus has: 256 (RSA-2048) to 512 (RSA-4096). The public key is a
 * constant of the firmware. Numbers are unsigned and little-endian; the numbers
 * below are offsets in bytes.
 *
 * Positions are offsets from the start of the slot's memory. What lies there
 * must have the length and the hash that the statement tells. The first
 * OSTI_START_RESERVED bytes of the memory belong to the monitor: the device
 * tree lies at their start. Kernel and RAM disk lie behind them, do not overlap
 * and end within the slot.
 *
 * Everything is checked after the signature and before it is used.
 */
#ifndef OSTI_START_H
#define OSTI_START_H

/* "OSTI-ST1", 8 bytes */
#define OSTI_START_MAGIC	"OSTI-ST1"

#define OSTI_START_S_MAGIC	0	/* 8 bytes: OSTI_START_MAGIC */
#define OSTI_START_S_FLAGS	8	/* 8 bytes: OSTI_START_F_*, no others */
/* The owner counts from 1; a slot can demand a least version (START_GOOD). */
#define OSTI_START_S_VERSION	16	/* 8 bytes */
/* The entry is the first byte of the kernel; the offset is a multiple of 4. */
#define OSTI_START_S_KERNEL	24	/* 8 bytes: offset in the slot */
#define OSTI_START_S_KERNEL_LEN	32	/* 8 bytes: at least 1 */
/* A multiple of 4 also; both are 0 if there is no RAM disk. */
#define OSTI_START_S_RAMDISK	40	/* 8 bytes: offset in the slot */
#define OSTI_START_S_RAMDISK_LEN 48	/* 8 bytes */
#define OSTI_START_S_ZERO	56	/* 8 bytes: 0 */
/* BLAKE2b-256 without key; all zero for a RAM disk that is not there */
#define OSTI_START_S_KERNEL_HASH 64	/* 32 bytes */
#define OSTI_START_S_RAMDISK_HASH 96	/* 32 bytes */
/*
 * The slots that it is for: OSTI_MAX_SLOTS names of OSTI_NAME_LEN bytes, padded
 * with NUL. The first is not empty; behind the first empty one all are empty.
 */
#define OSTI_START_S_SLOTS	128	/* 128 bytes */
/* Kernel command line, ends with NUL, filled up with NUL */
#define OSTI_START_S_CMDLINE	256
#define OSTI_START_CMDLINE	1792
#define OSTI_START_BODY		2048

/*
 * What is started may ask for its disk key (OSTI_CALL_DISK_KEY), and so read the
 * slot's private disk.
 */
#define OSTI_START_F_DISK_KEY	(1 << 0)
#define OSTI_START_F_ALL	OSTI_START_F_DISK_KEY

/* Bytes of a whole statement. */
#define OSTI_START_MIN		(OSTI_START_BODY + 256)
#define OSTI_START_MAX		(OSTI_START_BODY + 512)
#define OSTI_START_HASH		32

/* The start of a slot's memory that no statement may use. */
#define OSTI_START_RESERVED	0x200000

/* Why a start is refused (OSTI_E_START). */
#define OSTI_START_E_SIGNATURE	1	/* not signed with the firmware's key */
#define OSTI_START_E_FORMAT	2	/* signed, but no statement known here */
#define OSTI_START_E_SLOT	3	/* it is for other slots */
#define OSTI_START_E_VERSION	4	/* older than the slot accepts */
#define OSTI_START_E_ROOM	5	/* what it tells does not fit the slot */
#define OSTI_START_E_KERNEL	6	/* memory holds another kernel */
#define OSTI_START_E_RAMDISK	7	/* memory holds another RAM disk */
#define OSTI_START_E_LAST	OSTI_START_E_RAMDISK

#endif /* OSTI_START_H */
