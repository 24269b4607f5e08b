/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dm/device.h - of U-Boot, as far as what is tested here needs it */
enum { DM_REMOVE_ACTIVE_ALL = 1 };

int dm_remove_devices_flags(unsigned int flags);
