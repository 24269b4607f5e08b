/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * osti/bootimage.h - boot images that an operating system installs
 *
 * The contract of who hands an image over (switchctl) and the boot manager, which
 * puts it into the store: docs/boot-manager.md. It is self-standing: it includes
 * nothing. Numbers are unsigned and little-endian; the numbers below are offsets in
 * bytes.
 */
#ifndef OSTI_BOOTIMAGE_H
#define OSTI_BOOTIMAGE_H

/* The image, a FIT, lies behind a header of so many bytes, here and there. */
#define OSTI_BOOT_HEADER	4096

/*
 * On the exchange disk, from its start. Whoever hands an image over writes the
 * header last. The boot manager believes none of it.
 */
#define OSTI_BOOT_X_MAGIC	"OSTI-BX1"
#define OSTI_BOOT_X_SLOT	8	/* 8 bytes: for which slot */
#define OSTI_BOOT_X_BYTES	16	/* 8 bytes: of the image */

/*
 * What the boot manager writes there for OSTI_REQUEST_BOOT_LIST, instead of the
 * header: for each area of the slot an entry, all zero if there is no image.
 */
#define OSTI_BOOT_R_MAGIC	"OSTI-BR1"
#define OSTI_BOOT_R_SLOT	8	/* 8 bytes: of which slot */
#define OSTI_BOOT_R_AREA	64	/* 2 times OSTI_BOOT_R_ENTRY bytes */
#define OSTI_BOOT_R_ENTRY	64	/* first 40 bytes of an area's header */

/* The two areas of a slot's boot partition in the store begin with it. */
#define OSTI_BOOT_AREAS		2
#define OSTI_BOOT_A_MAGIC	"OSTI-BA1"
#define OSTI_BOOT_A_VERSION	8	/* 8 bytes: of its start statement */
#define OSTI_BOOT_A_BYTES	16	/* 8 bytes: of the image */
#define OSTI_BOOT_A_STATE	24	/* 8 bytes: OSTI_BOOT_* */
#define OSTI_BOOT_A_TRIES	32	/* 8 bytes: starts left, on trial */
#define OSTI_BOOT_A_CRC		508	/* 4 bytes: CRC-32 of bytes 0 to 507 */
#define OSTI_BOOT_A_SECTOR	512	/* what is behind is zero */

/* State of an image in the store. */
#define OSTI_BOOT_TRIAL		1	/* nobody called a start of it good yet */
#define OSTI_BOOT_GOOD		2
#define OSTI_BOOT_BAD		3	/* its tries are over, or it was refused */
#define OSTI_BOOT_STATES	4

/* So often one on trial is started. */
#define OSTI_BOOT_TRIES		3

/*
 * Why an image is refused (OSTI_RESULT_REFUSED of OSTI_REQUEST_BOOT_INSTALL), if
 * not by OSTI_START_E_*.
 */
#define OSTI_BOOT_E_NOTHING	0x100	/* nothing was handed over for the slot */
#define OSTI_BOOT_E_FIT		0x101	/* it is no boot image, or not whole */
#define OSTI_BOOT_E_NOT_NEWER	0x102	/* the slot has this version, or a later */
/*
 * A firmware is handed over in the same way, its file (firmware.h) in the place of the
 * image, for the slot that asks. Of OSTI_REQUEST_FIRMWARE: plus OSTI_FIRMWARE_E_*.
 */
#define OSTI_BOOT_E_FIRMWARE	0x200

#endif /* OSTI_BOOTIMAGE_H */
