/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dm.h - of U-Boot, as far as what is tested here needs it */
struct udevice;

enum uclass_id { UCLASS_BLK, UCLASS_RNG, UCLASS_RTC };

int uclass_first_device_err(enum uclass_id id, struct udevice **devp);
void *dev_get_uclass_plat(const struct udevice *dev);
