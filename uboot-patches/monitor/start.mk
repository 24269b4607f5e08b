# SPDX-License-Identifier: GPL-2.0-only
#
# What start statements are verified with; read by the Makefiles of the monitor, of
# its unit tests and of the fuzz targets.
#
#   START_DIR   the folder of this file
#   START_CRT   certificate with the key that start statements are signed with
#   START_OUT   folder for what is made here: start_key.c
#   U_BOOT_SRC  unpacked source package of U-Boot

HOSTCC ?= gcc

# U-Boot's exponentiation, unmodified. Its own headers come last, so that only
# those are taken from there which nobody else has.
START_FLAGS = -I$(START_DIR)/shim -DUSE_HOSTCC -idirafter $(U_BOOT_SRC)/include
START_UBOOT_SRCS := lib/rsa/rsa-mod-exp.c
START_LTC_SRCS := src/hashes/sha2/sha256.c

# C files that the build makes.
START_MADE := $(START_OUT)/start_key.c

START_HOSTCC = $(HOSTCC) -std=gnu11 -O2 -Wall -Wextra -Werror \
	-I$(START_DIR)/../../include -o $@ $<

$(START_OUT)/mkkey: $(START_DIR)/tools/mkkey.c
	@mkdir -p $(@D)
	@$(START_HOSTCC) -lcrypto

$(START_CRT):
	@echo "$@, the certificate of the owner's key, is missing: run 'make keys'" >&2; exit 1

$(START_OUT)/start_key.c: $(START_OUT)/mkkey $(START_CRT)
	@$^ $@
