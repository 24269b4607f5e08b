/* SPDX-License-Identifier: GPL-2.0-or-later */
/* u-boot/crc.h - of U-Boot, as far as what is tested here needs it */
uint32_t crc32(uint32_t crc, const unsigned char *buf, unsigned int len);
