# SPDX-License-Identifier: GPL-2.0-or-later
#
# Unit tests of parts of the boot manager that need little of U-Boot. Included by
# a Makefile at the top of the tree, or on its own:
#
#   make -f tests/unit/boot.mk unit-boot

BOOT_TESTS := saved slotkey

include formats/formats.mk

BOOT_OUT := build/tests/unit
BOOT_OVERLAY := uboot-patches/overlay
BOOT_CC	?= gcc
# <linux/types.h> is this machine's. -Wno-format: U-Boot's u64 is long long.
BOOT_CFLAGS := -std=gnu11 -g1 -O1 -Wall -Wextra -Werror -Wno-format \
	-fsanitize=address,undefined -fno-sanitize-recover=all \
	-Itests/unit/boot/stub -I$(BOOT_OVERLAY)/include \
	-Iuboot-patches/monitor/board/qemu-virt -Iinclude $(FORMATS_FLAGS)
BOOT_BINS := $(BOOT_TESTS:%=$(BOOT_OUT)/test_boot_%)

.PHONY: unit-boot
unit-boot: $(BOOT_BINS)
	@set -e; for t in $(BOOT_BINS); do echo "== $$t"; ./$$t; done

# What is tested with its file.
$(BOOT_OUT)/test_boot_saved: $(BOOT_OVERLAY)/lib/osti/clock.c \
		tests/unit/boot/calendar.c \
		$(addprefix $(FORMATS)/image/image_,error.c header.c)
$(BOOT_OUT)/test_boot_slotkey: $(KEY_SRCS:%=$(FORMATS)/%)

$(BOOT_OUT)/test_boot_%: tests/unit/boot/test_%.c \
		$(BOOT_OVERLAY)/lib/osti/%.c tests/unit/boot.mk \
		$(wildcard tests/unit/boot/stub/*.h tests/unit/boot/stub/linux/*.h) \
		$(wildcard $(BOOT_OVERLAY)/include/osti/bm/*.h) include/osti/abi.h
	@mkdir -p $(@D)
	@echo "  LD      $@"
	@$(BOOT_CC) $(BOOT_CFLAGS) -o $@ $(filter %.c,$^) -lcmocka
