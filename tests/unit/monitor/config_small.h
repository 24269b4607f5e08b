/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * config_small.h - a device with less RAM than its largest slot needs: by 2 MiB
 */
#define CONFIG_OSTI_RAM_MIB		510
#define CONFIG_OSTI_NR_SLOTS		2
#define CONFIG_OSTI_SLOT1_NAME		"personal"
#define CONFIG_OSTI_SLOT1_MIB		128
#define CONFIG_OSTI_SLOT2_NAME		"work"
#define CONFIG_OSTI_SLOT2_MIB		256
#define CONFIG_OSTI_MONITOR_LOG_LEVEL	4
/* What context_init() must say about it. */
#define TEST_TOO_SMALL \
	"slot 2 does not fit the 254 MiB that 510 MiB of RAM leave for slots: lower its size or raise OSTI_RAM_MIB"
