// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * dmaprobe.c - let a virtio block device reach for memory of somebody else
 *
 * Test only. Bound to a modern virtio-blk PCI function in place of virtio-pci
 * it asks the device, for each address of [from, to) at every step,
 *  - to write 512 bytes from the address to sector 1 of the disk, and looks
 *    what then stands in that sector (would leak memory), and
 *  - to read sector 1 to the address (would destroy memory).
 * ext4 uses neither sector 0 nor 1. The disk must not be mounted.
 *
 * The result is in the kernel log:
 *   dmaprobe: tried=N leaked=N failed=N broken=N
 * tried: requests made; leaked: sectors that held foreign data afterwards;
 * failed: requests that the device answered with an error; broken: how often
 * the device asked to be reset.
 */
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/iopoll.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/virtio_blk.h>
#include <linux/virtio_config.h>
#include <linux/virtio_pci.h>
#include <linux/virtio_ring.h>

#define SECTOR		1
#define CANARY		0xc5
#define QUEUE_SIZE	4
#define WAIT_US		2000000
#define UNSET		0xff	/* no status that a device writes */

static ulong from, to, step = 0x200000;
module_param(from, ulong, 0444);
module_param(to, ulong, 0444);
module_param(step, ulong, 0444);

/* One page that the device may use: the queue and our own data. */
struct shared {
	struct vring_desc desc[QUEUE_SIZE];
	__virtio16 avail_flags, avail_idx, avail_ring[QUEUE_SIZE], avail_event;
	struct virtio_blk_outhdr header;
	u8 status;
	u8 data[512] __aligned(16);
	struct {
		__virtio16 flags, idx;
		struct vring_used_elem ring[QUEUE_SIZE];
		__virtio16 event;
	} used __aligned(16);
};

struct probe {
	struct pci_dev *pdev;
	struct virtio_pci_common_cfg __iomem *common;
	void __iomem *notify;
	u32 notify_multiplier, notify_offset;
	struct shared *shared;
	dma_addr_t dma;
	u32 tried, leaked, failed, broken;
};

static u64 bus(struct probe *p, void *at)
{
	return p->dma + (at - (void *)p->shared);
}

static void __iomem *map_cap(struct pci_dev *pdev, u8 type, u32 *multiplier)
{
	u32 offset, length;
	u8 pos, have, bar;

	for (pos = pci_find_capability(pdev, PCI_CAP_ID_VNDR); pos;
	     pos = pci_find_next_capability(pdev, pos, PCI_CAP_ID_VNDR)) {
		pci_read_config_byte(pdev, pos + VIRTIO_PCI_CAP_CFG_TYPE, &have);
		if (have != type)
			continue;
		pci_read_config_byte(pdev, pos + VIRTIO_PCI_CAP_BAR, &bar);
		pci_read_config_dword(pdev, pos + VIRTIO_PCI_CAP_OFFSET, &offset);
		pci_read_config_dword(pdev, pos + VIRTIO_PCI_CAP_LENGTH, &length);
		if (multiplier)
			pci_read_config_dword(pdev,
					      pos + VIRTIO_PCI_NOTIFY_CAP_MULT,
					      multiplier);
		return pci_iomap_range(pdev, bar, offset, length);
	}
	return NULL;
}

static void write64(u64 value, __le32 __iomem *lo, __le32 __iomem *hi)
{
	iowrite32(lower_32_bits(value), lo);
	iowrite32(upper_32_bits(value), hi);
}

static int device_reset(struct probe *p)
{
	u8 status;

	iowrite8(0, &p->common->device_status);
	return read_poll_timeout(ioread8, status, status == 0, 10, WAIT_US,
				 false, &p->common->device_status);
}

static int device_init(struct probe *p)
{
	struct virtio_pci_common_cfg __iomem *common = p->common;
	u8 status = VIRTIO_CONFIG_S_ACKNOWLEDGE | VIRTIO_CONFIG_S_DRIVER;
	int ret;

	ret = device_reset(p);
	if (ret)
		return ret;
	iowrite8(status, &common->device_status);
	iowrite32(0, &common->guest_feature_select);
	iowrite32(0, &common->guest_feature);
	iowrite32(1, &common->guest_feature_select);
	iowrite32(BIT(VIRTIO_F_VERSION_1 - 32) |
		  BIT(VIRTIO_F_ACCESS_PLATFORM - 32), &common->guest_feature);
	status |= VIRTIO_CONFIG_S_FEATURES_OK;
	iowrite8(status, &common->device_status);
	if (!(ioread8(&common->device_status) & VIRTIO_CONFIG_S_FEATURES_OK))
		return -ENODEV;

	memset(p->shared, 0, sizeof(*p->shared));
	p->shared->avail_flags = cpu_to_le16(VRING_AVAIL_F_NO_INTERRUPT);
	iowrite16(0, &common->queue_select);
	iowrite16(QUEUE_SIZE, &common->queue_size);
	write64(bus(p, p->shared->desc), &common->queue_desc_lo,
		&common->queue_desc_hi);
	write64(bus(p, &p->shared->avail_flags), &common->queue_avail_lo,
		&common->queue_avail_hi);
	write64(bus(p, &p->shared->used), &common->queue_used_lo,
		&common->queue_used_hi);
	p->notify_offset = ioread16(&common->queue_notify_off) *
		p->notify_multiplier;
	iowrite16(1, &common->queue_enable);
	iowrite8(status | VIRTIO_CONFIG_S_DRIVER_OK, &common->device_status);
	return 0;
}

static void set_desc(struct probe *p, int i, u64 addr, u32 len, u16 flags)
{
	struct vring_desc *desc = &p->shared->desc[i];

	desc->addr = cpu_to_le64(addr);
	desc->len = cpu_to_le32(len);
	desc->flags = cpu_to_le16(flags);
	desc->next = cpu_to_le16(i + 1);
}

/* Let the device move 512 bytes between sector 1 and a bus address. */
static u8 request(struct probe *p, u32 type, u64 addr)
{
	struct shared *s = p->shared;
	u16 idx = le16_to_cpu(s->avail_idx), used;

	s->header.type = cpu_to_le32(type);
	s->header.sector = cpu_to_le64(SECTOR);
	s->status = UNSET;
	set_desc(p, 0, bus(p, &s->header), sizeof(s->header), VRING_DESC_F_NEXT);
	set_desc(p, 1, addr, 512, VRING_DESC_F_NEXT |
		 (type == VIRTIO_BLK_T_IN ? VRING_DESC_F_WRITE : 0));
	set_desc(p, 2, bus(p, &s->status), 1, VRING_DESC_F_WRITE);
	s->avail_ring[idx % QUEUE_SIZE] = 0;
	/* The device sees the request before the index that announces it, */
	wmb();
	s->avail_idx = cpu_to_le16(idx + 1);
	/* and the index before it is notified. */
	wmb();
	iowrite16(0, p->notify + p->notify_offset);
	if (read_poll_timeout(le16_to_cpu, used, used == (u16)(idx + 1) ||
			      (ioread8(&p->common->device_status) &
			       VIRTIO_CONFIG_S_NEEDS_RESET), 20, WAIT_US, false,
			      READ_ONCE(s->used.idx)))
		return UNSET;
	/* The status is as new as the used index. */
	rmb();
	return s->status;
}

/* After a request that it did not like, the device may be stuck. */
static int recover(struct probe *p, u8 status)
{
	if (status == VIRTIO_BLK_S_OK)
		return 0;
	p->failed++;
	if (status != UNSET)
		return 0;
	p->broken++;
	return device_init(p);
}

static bool is_foreign(const u8 *data)
{
	/* The canary, or the same byte throughout: nothing was fetched. */
	return memchr_inv(data, data[0], 512);
}

static int try_address(struct probe *p, u64 addr)
{
	int ret;

	memset(p->shared->data, CANARY, 512);
	if (request(p, VIRTIO_BLK_T_OUT, bus(p, p->shared->data)))
		return -EIO;

	p->tried++;
	ret = recover(p, request(p, VIRTIO_BLK_T_OUT, addr));
	if (ret)
		return ret;
	if (request(p, VIRTIO_BLK_T_IN, bus(p, p->shared->data)))
		return -EIO;
	if (is_foreign(p->shared->data)) {
		p->leaked++;
		dev_info(&p->pdev->dev, "0x%llx leaked: %*ph\n", addr, 32,
			 p->shared->data);
	}

	p->tried++;
	return recover(p, request(p, VIRTIO_BLK_T_IN, addr));
}

/* The tool is worth nothing unless it can fetch memory that it may fetch. */
static int self_check(struct probe *p)
{
	struct shared *s = p->shared;
	int i;

	for (i = 0; i < 512; i++)
		s->data[i] = i * 7;
	if (request(p, VIRTIO_BLK_T_OUT, bus(p, s->data)))
		return -EIO;
	memset(s->data, 0, 512);
	if (request(p, VIRTIO_BLK_T_IN, bus(p, s->data)))
		return -EIO;
	for (i = 0; i < 512; i++)
		if (s->data[i] != (u8)(i * 7))
			return -EIO;
	return is_foreign(s->data) ? 0 : -EIO;
}

static int dmaprobe_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct probe p = { .pdev = pdev };
	u64 addr;
	int ret;

	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;
	pci_set_master(pdev);
	pci_intx(pdev, 0);	/* there is no handler; others share the line */
	ret = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(64));
	if (ret)
		return ret;
	p.common = map_cap(pdev, VIRTIO_PCI_CAP_COMMON_CFG, NULL);
	p.notify = map_cap(pdev, VIRTIO_PCI_CAP_NOTIFY_CFG, &p.notify_multiplier);
	p.shared = dma_alloc_coherent(&pdev->dev, sizeof(*p.shared), &p.dma,
				      GFP_KERNEL);
	ret = -ENODEV;
	if (!p.common || !p.notify || !p.shared)
		goto out;
	ret = device_init(&p);
	if (!ret)
		ret = self_check(&p);
	for (addr = from; !ret && addr < to; addr += step)
		ret = try_address(&p, addr);
	if (ret)
		dev_err(&pdev->dev, "cannot use the device: error %d\n", ret);
	else
		pr_info("dmaprobe: tried=%u leaked=%u failed=%u broken=%u\n",
			p.tried, p.leaked, p.failed, p.broken);
	device_reset(&p);
out:
	if (p.shared)
		dma_free_coherent(&pdev->dev, sizeof(*p.shared), p.shared, p.dma);
	if (p.notify)
		pci_iounmap(pdev, p.notify);
	if (p.common)
		pci_iounmap(pdev, p.common);
	/* The work is done: stay unbound. */
	return ret ? ret : -ENODEV;
}

/* Bound by driver_override only. */
static const struct pci_device_id dmaprobe_ids[] = {
	{ PCI_DEVICE_DRIVER_OVERRIDE(PCI_ANY_ID, PCI_ANY_ID, 1) },
	{ }
};

static struct pci_driver dmaprobe_driver = {
	.name = "dmaprobe",
	.id_table = dmaprobe_ids,
	.probe = dmaprobe_probe,
};
module_pci_driver(dmaprobe_driver);

MODULE_DESCRIPTION("test: DMA to memory of somebody else");
MODULE_LICENSE("GPL");
