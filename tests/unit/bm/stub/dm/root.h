/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dm/root.h - of U-Boot, as far as what is tested here needs it */
