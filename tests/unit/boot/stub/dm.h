/* SPDX-License-Identifier: GPL-2.0-or-later */
struct udevice;

enum uclass_id { UCLASS_RTC };

int uclass_first_device_err(enum uclass_id id, struct udevice **devp);
