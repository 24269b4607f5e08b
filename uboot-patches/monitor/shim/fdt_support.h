/* SPDX-License-Identifier: GPL-2.0-only */
/* fdt_support.h - U-Boot's rsa-mod-exp.c needs nothing of it: see fdt_host.h */
