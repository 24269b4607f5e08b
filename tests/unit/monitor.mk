# SPDX-License-Identifier: GPL-2.0-or-later
#
# Unit tests of the switch monitor, on the build machine. Included by a
# Makefile at the top of the tree, or on its own:
#
#   make -f tests/unit/monitor.mk unit-monitor
#
# A new test tests/unit/monitor/test_<name>.c is one more word in this list.

ifndef UI_SRC
include tests/unit/image.mk
endif

MONITOR_TESTS := pgtable smmuv3 pci gicv3 gicv3_slice signature dtb firmware_bank

UM_SRC	:= uboot-patches/monitor
UM_ENGINE := uboot-patches/engine
UM_OUT	:= build/tests/unit
UM_OBJ	:= $(UM_OUT)/monitor
UM_LIB	:= $(UM_OBJ)/libmonitor.a
UM_CC	?= gcc
U_BOOT_SRC ?= build/deps/src/u-boot

START_DIR := $(UM_SRC)
START_OUT := $(UM_OBJ)/start

include $(UM_SRC)/start.mk

# -iquote: <string.h> is the C library's, "string.h" the monitor's.
UM_CFLAGS := -std=c11 -g1 -O1 -Wall -Wextra -Werror -Wshadow \
	-fsanitize=address,undefined -fno-sanitize-recover=all \
	-include tests/unit/monitor/config.h -DOSTI_VERSION='"test"' -DLOCK_CHECKED \
	-iquote $(UM_SRC)/include -iquote $(UM_SRC)/board/qemu-virt \
	-iquote $(UM_SRC)/arch/host -iquote $(UM_ENGINE) $(FORMATS_FLAGS) -Iinclude

# An archive, so that a test only needs what it uses.
UM_LIB_SRCS := $(foreach d,core drivers board/qemu-virt arch/host, \
	$(wildcard $(UM_SRC)/$(d)/*.c))
UM_LIB_OBJS := $(UM_LIB_SRCS:$(UM_SRC)/%.c=$(UM_OBJ)/%.o) \
	$(NV_SRCS:%.c=$(UM_OBJ)/formats/%.o) \
	$(START_SRCS:%.c=$(UM_OBJ)/formats/%.o) \
	$(FIRMWARE_SRCS:%.c=$(UM_OBJ)/formats/%.o)
# The jobs of the image engine, which a model runs (engine_model.c)
UM_LIB_OBJS += $(UM_OBJ)/engine/jobs.o
# What the build makes, and other people's code
UM_LIB_OBJS += $(START_MADE:%.c=%.o) $(START_UBOOT_SRCS:%.c=$(UM_OBJ)/u-boot/%.o) \
	$(START_LTC_SRCS:%.c=$(UM_OBJ)/ltc/%.o)
UM_BINS	:= $(MONITOR_TESTS:%=$(UM_OUT)/test_monitor_%)

.PHONY: unit-monitor
unit-monitor: $(UM_BINS)
	@set -e; for t in $(UM_BINS); do echo "== $$t"; ./$$t; done

# Else make takes them for something to delete, and builds them every time.
.SECONDARY: $(MONITOR_TESTS:%=$(UM_OBJ)/test_%.o)

$(UM_OUT)/test_monitor_%: $(UM_OBJ)/test_%.o $(UM_LIB) $(UI_LIB)
	$(UM_CC) $(UM_CFLAGS) -o $@ $< $(UM_LIB) $(UI_LIB) -lcmocka

# Made anew, with q: two members are called pci.o, and r would keep one.
$(UM_LIB): $(UM_LIB_OBJS)
	rm -f $@
	ar qcs $@ $^

$(UM_OBJ)/core/signature.o: UM_CFLAGS += $(IMAGE_LTCFLAGS) $(START_FLAGS)

$(UM_OBJ)/start/%.o: $(UM_OBJ)/start/%.c tests/unit/monitor.mk
	$(UM_CC) $(UM_CFLAGS) -MMD -MP -c -o $@ $<

# Not our code, as in image.mk.
$(UM_OBJ)/u-boot/%.o: $(U_BOOT_SRC)/%.c tests/unit/monitor.mk
	@mkdir -p $(@D)
	$(UM_CC) $(UM_CFLAGS) $(START_FLAGS) -w -c -o $@ $<

$(UM_OBJ)/ltc/%.o: $(LTC)/%.c tests/unit/monitor.mk
	@mkdir -p $(@D)
	$(UM_CC) $(UM_CFLAGS) $(IMAGE_LTCFLAGS) -w -c -o $@ $<

$(UM_OUT)/test_monitor_signature: $(UM_OBJ)/test_signature.o $(UM_OBJ)/owner.o \
		$(UM_LIB) $(UI_LIB)
	$(UM_CC) $(UM_CFLAGS) -o $@ $^ -lcmocka -lcrypto

$(UM_OUT)/test_monitor_dtb: $(UM_OBJ)/test_dtb.o $(UM_LIB) $(UI_LIB)
	$(UM_CC) $(UM_CFLAGS) -o $@ $^ -lcmocka -lfdt

$(UM_OBJ)/owner.o: tests/unit/monitor/owner.c tests/unit/monitor.mk
	@mkdir -p $(@D)
	$(UM_CC) $(UM_CFLAGS) -MMD -MP -c -o $@ $<

$(UM_OBJ)/formats/%.o: $(FORMATS)/%.c tests/unit/monitor.mk
	@mkdir -p $(@D)
	$(UM_CC) $(UM_CFLAGS) -MMD -MP -c -o $@ $<

$(UM_OBJ)/engine/%.o: $(UM_ENGINE)/%.c tests/unit/monitor.mk
	@mkdir -p $(@D)
	$(UM_CC) $(UM_CFLAGS) -MMD -MP -c -o $@ $<

$(UM_OBJ)/%.o: $(UM_SRC)/%.c tests/unit/monitor.mk
	@mkdir -p $(@D)
	$(UM_CC) $(UM_CFLAGS) -MMD -MP -c -o $@ $<

$(UM_OBJ)/test_%.o: tests/unit/monitor/test_%.c tests/unit/monitor.mk
	@mkdir -p $(@D)
	$(UM_CC) $(UM_CFLAGS) -MMD -MP -c -o $@ $<

-include $(UM_LIB_OBJS:.o=.d) $(UM_OBJ)/owner.d $(MONITOR_TESTS:%=$(UM_OBJ)/test_%.d)
