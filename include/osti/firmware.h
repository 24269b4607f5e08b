/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * osti/firmware.h - firmware statements: what the owner allows to be installed as
 * firmware
 *
 * The contract of the tool that signs, the boot manager that carries and the
 * monitor that verifies. It is self-standing: it includes nothing.
 *
 * A statement is OSTI_FIRMWARE_BODY bytes of fixed layout, then their signature, as
 * osti/start.h has it, by the same key. Neither is ever the other: their lengths and
 * their first bytes differ. Numbers are unsigned and little-endian; the numbers below
 * are offsets in bytes.
 *
 * A file to install is the statement, zeros, its length at OSTI_FIRMWARE_LENGTH, and
 * from OSTI_FIRMWARE_IMAGE on the image, which has zeros where the owner's public key
 * goes: that is the device's own, and stays.
 */
#ifndef OSTI_FIRMWARE_H
#define OSTI_FIRMWARE_H

/* "OSTI-FS1", 8 bytes */
#define OSTI_FIRMWARE_MAGIC	"OSTI-FS1"

#define OSTI_FIRMWARE_S_MAGIC	0	/* 8 bytes: OSTI_FIRMWARE_MAGIC */
#define OSTI_FIRMWARE_S_FLAGS	8	/* 8 bytes: 0 */
#define OSTI_FIRMWARE_S_VERSION	16	/* 8 bytes: the owner counts from 1 */
#define OSTI_FIRMWARE_S_BYTES	24	/* 8 bytes: of the image, a multiple of 8 */
#define OSTI_FIRMWARE_S_BOARD	32	/* 16 bytes: its name, padded with NUL */
#define OSTI_FIRMWARE_S_ZERO	48	/* 16 bytes: 0 */
#define OSTI_FIRMWARE_S_HASH	64	/* 32 bytes: SHA-256 of the image */
#define OSTI_FIRMWARE_BOARD	16
#define OSTI_FIRMWARE_BODY	96

/* Bytes of a whole statement. */
#define OSTI_FIRMWARE_MIN	(OSTI_FIRMWARE_BODY + 256)
#define OSTI_FIRMWARE_MAX	(OSTI_FIRMWARE_BODY + 512)
#define OSTI_FIRMWARE_HASH	32

/* Where in a file the image begins, and where in the image the owner's page is. */
#define OSTI_FIRMWARE_LENGTH	4088	/* 8 bytes */
#define OSTI_FIRMWARE_IMAGE	4096
#define OSTI_FIRMWARE_OWNER	0x7f000
#define OSTI_FIRMWARE_PAGE	4096

/* Why a firmware is refused (OSTI_E_FIRMWARE). */
#define OSTI_FIRMWARE_E_SIGNATURE 1	/* not signed with the device's key */
#define OSTI_FIRMWARE_E_FORMAT	2	/* signed, but no statement known here */
#define OSTI_FIRMWARE_E_BOARD	3	/* it is for another board */
#define OSTI_FIRMWARE_E_VERSION	4	/* older than the device accepts */
#define OSTI_FIRMWARE_E_NOT_NEWER 5	/* this version runs, or a later one */
#define OSTI_FIRMWARE_E_ROOM	6	/* it does not fit a bank */
#define OSTI_FIRMWARE_E_IMAGE	7	/* what was written is not what was signed */
#define OSTI_FIRMWARE_E_LAST	OSTI_FIRMWARE_E_IMAGE

#endif /* OSTI_FIRMWARE_H */
