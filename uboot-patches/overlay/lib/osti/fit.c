// SPDX-License-Identifier: GPL-2.0-only
/*
 * Boot images: read a slot's FIT from the boot disk, and what is in a FIT
 *
 * Nothing is verified here: the monitor does that. What is checked keeps this
 * code within the file.
 */

#include <common.h>
#include <blk.h>
#include <dm.h>
#include <fs.h>
#include <image.h>
#include <asm/global_data.h>
#include <linux/libfdt.h>
#include <linux/sizes.h>
#include <osti/bm/error.h>
#include <osti/bm/fit.h>
#include <osti/bm/pci.h>
#include <osti/bm/slots.h>

DECLARE_GLOBAL_DATA_PTR;

#define CONF_NAME	"conf"
#define STATEMENT_PROP	"osti,statement"

/* Below U-Boot's initial stack pointer: more than it will ever use. */
#define STACK_SIZE	SZ_1M

/* A part of a boot image, as it lies in the file. */
struct part {
	const void *data;
	size_t len;
	u8 comp;
};

static void *memory_start(void)
{
	return (void *)CONFIG_SYS_LOAD_ADDR;
}

static size_t memory_size(void)
{
	return gd->start_addr_sp - STACK_SIZE - CONFIG_SYS_LOAD_ADDR;
}

void *osti_fit_memory(size_t *room)
{
	*room = memory_size();

	return memory_start();
}

/* U-Boot's file system layer forgets its device after each operation. */
static int select_disk(struct udevice *blk)
{
	if (fs_set_blk_dev_with_part(dev_get_uclass_plat(blk), 0)) {
		osti_error("the boot disk (PCI 00:%02x.0) has no ext4 or FAT file system: make its image again",
			   BOARD_PCI_BOOT);
		return -ENOTBLK;
	}

	return 0;
}

static int read_file(const char *file, size_t *lenp)
{
	struct udevice *blk;
	loff_t size, got;
	int ret;

	ret = osti_pci_child(BOARD_PCI_BOOT, UCLASS_BLK, &blk);
	if (ret) {
		osti_error("%s: no boot disk: PCI 00:%02x.0 is no virtio-blk device that works (%d): attach one",
			   file, BOARD_PCI_BOOT, ret);
		return ret;
	}
	ret = select_disk(blk);
	if (ret)
		return ret;
	if (fs_size(file, &size)) {
		osti_error("%s: not found on the boot disk: put the slot's image there",
			   file);
		return -ENOENT;
	}
	if (size > memory_size()) {
		osti_error("%s: too large: it has %lld MiB, the boot manager has memory for %zu MiB",
			   file, size / SZ_1M, memory_size() / SZ_1M);
		return -EFBIG;
	}
	printf("osti: reading %s, %lld KiB\n", file, size / SZ_1K);
	ret = select_disk(blk);
	if (ret)
		return ret;
	if (fs_read(file, (ulong)memory_start(), 0, size, &got) ||
	    got != size) {
		osti_error("%s: cannot be read: the boot disk is damaged, make its image again",
			   file);
		return -EIO;
	}
	*lenp = size;

	return 0;
}

static int check_format(const char *file, const void *fit, size_t len)
{
	int ret;

	if (len < sizeof(struct fdt_header) || fdt_check_header(fit)) {
		osti_error("%s: not a boot image (FIT): make it again", file);
		return -ENOEXEC;
	}
	if (fdt_totalsize(fit) > len) {
		osti_error("%s: truncated: it has %zu bytes of %u: put it there again",
			   file, len, fdt_totalsize(fit));
		return -ENODATA;
	}
	ret = fit_check_format(fit, len);
	if (ret) {
		osti_error("%s: damaged: it is no well-formed FIT (%d): make it again",
			   file, ret);
		return -ENOEXEC;
	}

	return 0;
}

/* Return: 1 if there is such a part, 0 if the configuration names none */
static int get_part(const char *file, const void *fit, size_t len, int conf,
		    const char *prop, struct part *part)
{
	const void *data;
	size_t size;
	int node;

	if (!fdt_getprop(fit, conf, prop, NULL))
		return 0;
	node = fit_conf_get_prop_node(fit, conf, prop, IH_PHASE_NONE);
	if (node < 0 || fit_image_get_data_and_size(fit, node, &data, &size)) {
		osti_error("%s: its %s is missing: make it again", file, prop);
		return -ENOENT;
	}
	/* Data may lie outside of the FIT's tree, where the file says. */
	if ((uintptr_t)data < (uintptr_t)fit || size > len ||
	    (uintptr_t)data - (uintptr_t)fit > len - size) {
		osti_error("%s: truncated: its %s lies outside of the file: put it there again",
			   file, prop);
		return -ENODATA;
	}
	if (fit_image_get_comp(fit, node, &part->comp))
		part->comp = IH_COMP_NONE;
	part->data = data;
	part->len = size;

	return 1;
}

static int unpack_kernel(const char *file, const struct part *part,
			 size_t fit_len, struct osti_fit *img)
{
	size_t used = ALIGN(fit_len, SZ_2M);
	void *buf = memory_start() + used;
	size_t room;
	ulong end;

	if (part->comp == IH_COMP_NONE) {
		img->kernel = part->data;
		img->kernel_len = part->len;
		return 0;
	}
	if (part->comp != IH_COMP_GZIP && part->comp != IH_COMP_LZ4) {
		osti_error("%s: its kernel is packed with %s: use gzip, lz4 or none",
			   file, genimg_get_comp_name(part->comp));
		return -EOPNOTSUPP;
	}
	room = used < memory_size() ? memory_size() - used : 0;
	if (image_decomp(part->comp, (ulong)buf, (ulong)part->data,
			 IH_TYPE_KERNEL, buf, (void *)part->data, part->len,
			 room, &end)) {
		osti_error("%s: its kernel cannot be unpacked: damaged, or larger than the %zu MiB that the boot manager has left",
			   file, room / SZ_1M);
		return -EFBIG;
	}
	img->kernel = buf;
	img->kernel_len = end - (ulong)buf;

	return 0;
}

static int get_statement(const char *file, const void *fit, size_t len,
			 int conf, struct osti_fit *img)
{
	struct part part;
	int ret = get_part(file, fit, len, conf, STATEMENT_PROP, &part);

	if (ret < 0)
		return ret;
	if (!ret) {
		osti_error("%s: not signed: it has no start statement: make one with osti-sign and the key of this firmware",
			   file);
		return -EKEYREJECTED;
	}
	img->statement = part.data;
	img->statement_len = part.len;

	return 0;
}

static int get_kernel(const char *file, const void *fit, size_t len, int conf,
		      struct osti_fit *img)
{
	struct part part;
	int ret = get_part(file, fit, len, conf, FIT_KERNEL_PROP, &part);

	if (ret < 0)
		return ret;
	if (!ret) {
		osti_error("%s: has no kernel: make it again", file);
		return -ENOENT;
	}

	return unpack_kernel(file, &part, len, img);
}

static int get_initrd(const char *file, const void *fit, size_t len, int conf,
		      struct osti_fit *img)
{
	struct part part;
	int ret = get_part(file, fit, len, conf, FIT_RAMDISK_PROP, &part);

	if (ret > 0) {
		/* A kernel unpacks its own RAM disk, whatever the packing. */
		img->initrd = part.data;
		img->initrd_len = part.len;
	}

	return min(ret, 0);
}

int osti_fit_parse(const char *name, size_t len, struct osti_fit *img)
{
	const void *fit = memory_start();
	int conf, ret;

	memset(img, 0, sizeof(*img));
	snprintf(img->file, sizeof(img->file), "%s", name);
	ret = check_format(img->file, fit, len);
	if (ret)
		return ret;
	conf = fit_conf_get_node(fit, CONF_NAME);
	if (conf < 0) {
		osti_error("%s: has no configuration \"" CONF_NAME "\": make it again",
			   img->file);
		return -ENOENT;
	}
	ret = get_statement(img->file, fit, len, conf, img);
	if (!ret)
		ret = get_kernel(img->file, fit, len, conf, img);
	if (!ret)
		ret = get_initrd(img->file, fit, len, conf, img);

	return ret;
}

int osti_fit_load(const struct osti_slot *slot, struct osti_fit *img)
{
	char file[sizeof(img->file)];
	size_t len;
	int ret;

	snprintf(file, sizeof(file), "%s.itb", slot->name);
	ret = read_file(file, &len);
	if (ret)
		return ret;

	return osti_fit_parse(file, len, img);
}
