// SPDX-License-Identifier: GPL-2.0-only
/*
 * The device tree of a slot: the boot manager's own, changed
 */

#include <common.h>
#include <dm.h>
#include <fdt_support.h>
#include <image.h>
#include <rng.h>
#include <asm/global_data.h>
#include <linux/libfdt.h>
#include <osti/bm.h>

DECLARE_GLOBAL_DATA_PTR;

/* What Linux's drivers/of/fdt.c takes: 64 bits for KASLR, any for the RNG. */
struct seeds {
	u8 kaslr[8];
	u8 rng[32];
};

/* Remove what is for U-Boot alone. */
static int remove_own(void *fdt)
{
	int node, ret;

	node = fdt_subnode_offset(fdt, 0, FIT_SIG_NODENAME);
	if (node >= 0) {
		ret = fdt_del_node(fdt, node);
		if (ret)
			return ret;
	}
	for (node = 0; node >= 0; node = fdt_next_node(fdt, node, NULL)) {
		ret = fdt_delprop(fdt, node, "u-boot,dm-pre-reloc");
		if (ret && ret != -FDT_ERR_NOTFOUND)
			return ret;
	}

	return node == -FDT_ERR_NOTFOUND ? 0 : node;
}

static int set_cpus(void *fdt, u32 nr_cpus)
{
	char path[sizeof("/cpus/cpu@0")];
	u32 i;

	for (i = nr_cpus; i < OSTI_MAX_CPUS; i++) {
		int node, ret;

		snprintf(path, sizeof(path), "/cpus/cpu@%u", i);
		node = fdt_path_offset(fdt, path);
		if (node < 0)
			return node;
		ret = fdt_del_node(fdt, node);
		if (ret)
			return ret;
	}

	return 0;
}

static int set_slot(void *fdt, const struct osti_slot *slot)
{
	int node, ret;

	node = fdt_path_offset(fdt, "/memory");
	if (node < 0)
		return node;
	ret = fdt_setprop_u64(fdt, node, "reg", OSTI_RAM_IPA);
	if (ret)
		return ret;
	ret = fdt_appendprop_u64(fdt, node, "reg", slot->bytes);
	if (ret)
		return ret;

	node = fdt_path_offset(fdt, "/firmware/osti");
	if (node < 0)
		return node;
	ret = fdt_setprop_u32(fdt, node, "osti,slot", slot->nr);
	if (ret)
		return ret;

	return fdt_setprop_string(fdt, node, "osti,slot-name", slot->name);
}

/*
 * A device without a random number generator is a device with slower entropy
 * and no KASLR, not a broken one; the kernel reports both.
 */
static bool get_seeds(struct seeds *seeds)
{
	struct udevice *rng;

	return !osti_pci_child(OSTI_PCI_RNG, UCLASS_RNG, &rng) &&
	       !dm_rng_read(rng, seeds, sizeof(*seeds));
}

static int set_chosen(void *fdt, const struct osti_image *img,
		      const struct osti_layout *layout)
{
	struct seeds seeds;
	int node, ret;

	node = fdt_path_offset(fdt, "/chosen");
	if (node < 0)
		return node;
	ret = fdt_setprop_string(fdt, node, "bootargs", img->bootargs);
	if (ret)
		return ret;
	if (img->initrd) {
		u64 start = OSTI_RAM_IPA + layout->initrd;

		ret = fdt_setprop_u64(fdt, node, "linux,initrd-start", start);
		if (ret)
			return ret;
		ret = fdt_setprop_u64(fdt, node, "linux,initrd-end",
				      start + img->initrd_len);
		if (ret)
			return ret;
	}
	if (get_seeds(&seeds)) {
		ret = fdt_setprop(fdt, node, "kaslr-seed", seeds.kaslr,
				  sizeof(seeds.kaslr));
		if (ret)
			return ret;
		ret = fdt_setprop(fdt, node, "rng-seed", seeds.rng,
				  sizeof(seeds.rng));
		if (ret)
			return ret;
	}

	return 0;
}

int osti_dtb_make(void *buf, const struct osti_device *dev,
		  const struct osti_slot *slot, const struct osti_image *img,
		  const struct osti_layout *layout)
{
	int ret;

	ret = fdt_open_into(gd->fdt_blob, buf, OSTI_DTB_MAX);
	if (!ret)
		ret = remove_own(buf);
	if (!ret)
		ret = set_cpus(buf, dev->nr_cpus);
	if (!ret)
		ret = set_slot(buf, slot);
	if (!ret)
		ret = set_chosen(buf, img, layout);
	if (ret == -FDT_ERR_NOSPACE) {
		osti_error("slot %u (%s): its device tree gets larger than %u KiB: shorten the kernel command line",
			   slot->nr, slot->name, OSTI_DTB_MAX / 1024);
		return -ENOSPC;
	}
	if (ret) {
		osti_error("slot %u (%s): its device tree cannot be made: %s: this firmware's own device tree is wrong, build it again",
			   slot->nr, slot->name, fdt_strerror(ret));
		return -EINVAL;
	}
	fdt_pack(buf);

	return 0;
}
