# SPDX-License-Identifier: GPL-2.0-only
#
# What start statements are verified with, and the template of the slots' device
# tree; read by the Makefiles of the monitor, of its unit tests and of the fuzz
# targets.
#
#   START_DIR   the folder of this file
#   START_OUT   folder for what is made here: dtb_template.c
#   U_BOOT_SRC  unpacked source package of U-Boot
#   BOARD       qemu-virt if it is not set

BOARD ?= qemu-virt
HOSTCC ?= gcc

# U-Boot's exponentiation, unmodified. Its own headers come last, so that only
# those are taken from there which nobody else has.
START_FLAGS = -I$(START_DIR)/shim -DUSE_HOSTCC -idirafter $(U_BOOT_SRC)/include
START_UBOOT_SRCS := lib/rsa/rsa-mod-exp.c
START_LTC_SRCS := src/hashes/sha2/sha256.c

# C files that the build makes.
START_MADE := $(START_OUT)/dtb_template.c

START_HOSTCC = $(HOSTCC) -std=gnu11 -O2 -Wall -Wextra -Werror \
	-I$(START_DIR)/../../include -o $@ $<

START_DTS := $(START_DIR)/../overlay/arch/arm/dts/osti-$(BOARD).dts
START_BOARD := $(START_DIR)/board/$(BOARD)

$(START_OUT)/mkdtb: $(START_DIR)/tools/mkdtb.c $(START_DIR)/../../include/osti/abi.h \
		    $(START_DIR)/../../include/osti/start.h
	@mkdir -p $(@D)
	@$(START_HOSTCC) -lfdt

# As U-Boot compiles it, but without the nodes' labels.
$(START_OUT)/board.dtb: $(START_DTS) $(START_BOARD)/board_pci.h \
		$(START_DIR)/start.mk
	@mkdir -p $(@D)
	@$(HOSTCC) -E -nostdinc -undef -D__DTS__ -x assembler-with-cpp \
		-I$(U_BOOT_SRC)/include -I$(START_BOARD) -o $@.dts $<
	@dtc -q -O dtb -o $@ $@.dts

$(START_OUT)/dtb_template.c: $(START_OUT)/mkdtb $(START_OUT)/board.dtb
	@$^ $@
