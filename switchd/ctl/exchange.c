// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * exchange.c - the exchange disk, on which boot images are handed to the boot manager
 */
#include "ctl/exchange.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <linux/fs.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <osti/firmware.h>

#include "image_bytes.h"

#define NODE "/sys/firmware/devicetree/base/firmware/osti/osti,exchange"
#define MAGIC_BYTES 8
#define PIECE 65536

/* Devicetree specification 0.4, section 5.2 */
#define FDT_MAGIC 0xd00dfeed
#define FDT_HEADER 40

static int failed(struct fault *fault, const char *what)
{
	fault_set(fault, FAULT_FAILED, "%s: %s", what, strerror(errno));
	return -1;
}

/* ---- Where it is ----------------------------------------------------------------- */

static int no_disk(struct fault *fault)
{
	fault_set(
		fault, FAULT_NOT_SUPPORTED,
		"this device has no exchange disk, by which the boot manager gets boot images");
	return -1;
}

/* A function of bus 0 is a disk with the name of a directory in sysfs. */
static int find(char path[PATH_MAX], struct fault *fault)
{
	char pattern[128];
	uint32_t devfn;
	glob_t found;
	ssize_t n;
	int fd;

	fd = open(NODE, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return no_disk(fault);
	n = read(fd, &devfn, sizeof(devfn));
	close(fd);
	if (n != sizeof(devfn))
		return no_disk(fault);
	devfn = be32toh(devfn);
	snprintf(pattern, sizeof(pattern),
		 "/sys/bus/pci/devices/0000:00:%02x.%x/virtio*/block/*",
		 devfn >> 3 & 0x1f, devfn & 7);
	if (glob(pattern, 0, NULL, &found) != 0)
		return no_disk(fault);
	snprintf(path, PATH_MAX, "/dev/%s",
		 strrchr(found.gl_pathv[0], '/') + 1);
	globfree(&found);
	return 0;
}

int exchange_open(const char *path, int *ret, struct fault *fault)
{
	char found[PATH_MAX];
	int fd;

	if (!path) {
		if (find(found, fault) < 0)
			return -1;
		path = found;
	}
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0 && (errno == EACCES || errno == EPERM)) {
		fault_set(fault, FAULT_DENIED,
			  "only root may use the exchange disk");
		return -1;
	}
	if (fd < 0)
		return failed(fault, path);
	/* Another switchctl has it for a moment, or udev, which looks at disks. */
	if (flock(fd, LOCK_EX) < 0) {
		failed(fault, path);
		close(fd);
		return -1;
	}
	*ret = fd;
	return 0;
}

/* ---- What is handed over --------------------------------------------------------- */

static int write_all(int fd, const void *buf, size_t bytes, off_t at)
{
	const char *from = buf;
	ssize_t n;

	for (; bytes; bytes -= (size_t)n, from += n, at += n) {
		n = pwrite(fd, from, bytes, at);
		if (n < 0 && errno == EINTR)
			n = 0;
		if (n < 0)
			return -1;
	}
	return 0;
}

static int write_header(int fd, const uint8_t header[OSTI_BOOT_HEADER],
			struct fault *fault)
{
	if (write_all(fd, header, OSTI_BOOT_HEADER, 0) == 0 && fsync(fd) == 0)
		return 0;
	return failed(fault, "writing to the exchange disk");
}

static bool is_boot_image(const uint32_t *head, uint64_t bytes)
{
	return be32toh(head[0]) == FDT_MAGIC &&
	       be32toh(head[1]) >= FDT_HEADER && be32toh(head[1]) <= bytes;
}

static bool is_firmware(const uint32_t *head, uint64_t bytes)
{
	return memcmp(head, OSTI_FIRMWARE_MAGIC, MAGIC_BYTES) == 0 &&
	       bytes > OSTI_FIRMWARE_IMAGE;
}

/* All else the boot manager and the monitor look at. */
static int check(int image, enum exchange_kind kind, const char *file,
		 uint64_t *bytes, struct fault *fault)
{
	uint32_t head[FDT_HEADER / 4] = { 0 };
	struct stat st;
	bool good;

	if (fstat(image, &st) < 0)
		return failed(fault, file);
	if (pread(image, head, sizeof(head), 0) < 0)
		return failed(fault, file);
	*bytes = (uint64_t)st.st_size;
	good = kind == EXCHANGE_FIRMWARE ? is_firmware(head, *bytes)
					 : is_boot_image(head, *bytes);
	if (S_ISREG(st.st_mode) && good)
		return 0;
	fault_set(fault, FAULT_REFUSED, "%s is no %s, or not all of one", file,
		  kind == EXCHANGE_FIRMWARE ? "firmware to install"
					    : "boot image (FIT)");
	return -1;
}

static int copy(int fd, int image, const char *file, uint64_t bytes,
		struct fault *fault)
{
	static char piece[PIECE];
	uint64_t at;
	ssize_t n;

	for (at = 0; at < bytes; at += (uint64_t)n) {
		n = pread(image, piece, sizeof(piece), (off_t)at);
		if (n < 0)
			return failed(fault, file);
		if (!n || (uint64_t)n > bytes - at) {
			fault_set(fault, FAULT_FAILED,
				  "%s changed while it was read", file);
			return -1;
		}
		if (write_all(fd, piece, (size_t)n,
			      (off_t)(OSTI_BOOT_HEADER + at)) < 0)
			return failed(fault, "writing to the exchange disk");
	}
	if (fsync(fd) < 0)
		return failed(fault, "writing to the exchange disk");
	return 0;
}

static int put(int fd, uint32_t slot, enum exchange_kind kind, int image,
	       const char *file, struct fault *fault)
{
	uint8_t header[OSTI_BOOT_HEADER] = { 0 };
	off_t room = lseek(fd, 0, SEEK_END);
	uint64_t bytes;

	if (check(image, kind, file, &bytes, fault) < 0)
		return -1;
	if (room < OSTI_BOOT_HEADER ||
	    bytes > (uint64_t)room - OSTI_BOOT_HEADER) {
		fault_set(fault, FAULT_FAILED,
			  "%s is too large for the exchange disk", file);
		return -1;
	}
	if (write_header(fd, header, fault) < 0 ||
	    copy(fd, image, file, bytes, fault) < 0)
		return -1;
	memcpy(header, OSTI_BOOT_X_MAGIC, MAGIC_BYTES);
	image_put64(header + OSTI_BOOT_X_SLOT, slot);
	image_put64(header + OSTI_BOOT_X_BYTES, bytes);
	return write_header(fd, header, fault);
}

int exchange_put(int fd, uint32_t slot, enum exchange_kind kind,
		 const char *file, struct fault *fault)
{
	int image = open(file, O_RDONLY | O_CLOEXEC);
	int r;

	if (image < 0)
		return failed(fault, file);
	r = put(fd, slot, kind, image, file, fault);
	close(image);
	return r;
}

/* ---- What there is --------------------------------------------------------------- */

int exchange_list(int fd, uint32_t slot,
		  struct exchange_image ret[OSTI_BOOT_AREAS],
		  struct fault *fault)
{
	uint8_t report[OSTI_BOOT_HEADER];
	size_t i;

	/* The kernel may have what was there before; a file needs no care. */
	ioctl(fd, BLKFLSBUF, 0);
	if (pread(fd, report, sizeof(report), 0) != (ssize_t)sizeof(report) ||
	    memcmp(report, OSTI_BOOT_R_MAGIC, MAGIC_BYTES) != 0 ||
	    image_get64(report + OSTI_BOOT_R_SLOT) != slot) {
		fault_set(
			fault, FAULT_FAILED,
			"the exchange disk does not have what the boot manager wrote; ask again");
		return -1;
	}
	for (i = 0; i < OSTI_BOOT_AREAS; i++) {
		const uint8_t *at =
			report + OSTI_BOOT_R_AREA + i * OSTI_BOOT_R_ENTRY;

		ret[i].version = image_get64(at + OSTI_BOOT_A_VERSION);
		ret[i].bytes = image_get64(at + OSTI_BOOT_A_BYTES);
		ret[i].state = image_get64(at + OSTI_BOOT_A_STATE);
		ret[i].tries = image_get64(at + OSTI_BOOT_A_TRIES);
	}
	return 0;
}
