/* SPDX-License-Identifier: GPL-2.0-only */
/* mkimage.h - U-Boot's rsa-mod-exp.c needs nothing of it: see fdt_host.h */
