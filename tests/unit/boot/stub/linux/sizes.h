/* SPDX-License-Identifier: GPL-2.0-or-later */
#define SZ_1K	0x400
