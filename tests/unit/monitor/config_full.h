/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * config_full.h - as many slots as there can be, the largest of them as large as
 * the most RAM lets it be
 */
#define CONFIG_OSTI_RAM_MIB		32768
#define CONFIG_OSTI_NR_SLOTS		8
#define CONFIG_OSTI_SLOT1_NAME		"exactly-16-chars"
#define CONFIG_OSTI_SLOT1_MIB		32512
#define CONFIG_OSTI_SLOT2_NAME		"more-than-16-characters"
#define CONFIG_OSTI_SLOT2_MIB		128
#define CONFIG_OSTI_SLOT3_NAME		"c"
#define CONFIG_OSTI_SLOT3_MIB		128
#define CONFIG_OSTI_SLOT4_NAME		"d"
#define CONFIG_OSTI_SLOT4_MIB		128
#define CONFIG_OSTI_SLOT5_NAME		"e"
#define CONFIG_OSTI_SLOT5_MIB		128
#define CONFIG_OSTI_SLOT6_NAME		"f"
#define CONFIG_OSTI_SLOT6_MIB		128
#define CONFIG_OSTI_SLOT7_NAME		"g"
#define CONFIG_OSTI_SLOT7_MIB		128
#define CONFIG_OSTI_SLOT8_NAME		"h"
#define CONFIG_OSTI_SLOT8_MIB		128
#define CONFIG_OSTI_MONITOR_LOG_LEVEL	4
