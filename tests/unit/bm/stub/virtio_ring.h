/* SPDX-License-Identifier: GPL-2.0-or-later */
/* virtio_ring.h - of U-Boot, as far as what is tested here needs it */
bool virtio_wait_is_over(unsigned long ms);
