/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * config.h - the settings that the monitor's unit tests are built with
 *
 * Fixed, so that a test does not depend on the .config of the moment.
 */
#define CONFIG_OSTI_RAM_MIB		1280
#define CONFIG_OSTI_NR_SLOTS		3
#define CONFIG_OSTI_SLOT1_NAME		"personal"
#define CONFIG_OSTI_SLOT1_MIB		512
#define CONFIG_OSTI_SLOT2_NAME		"work"
#define CONFIG_OSTI_SLOT2_MIB		256
#define CONFIG_OSTI_SLOT3_NAME		"guest"
#define CONFIG_OSTI_SLOT3_MIB		128
#define CONFIG_OSTI_MONITOR_LOG_LEVEL	4
