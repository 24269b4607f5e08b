# SPDX-License-Identifier: GPL-2.0-or-later
#
# Unit tests of the boot manager's own code on the monitor's core, with U-Boot's
# services as tests/unit/bm/uboot.c has them. Included by a Makefile at the top of
# the tree after monitor-core.mk and boot.mk, or on its own:
#
#   make -f tests/unit/bm.mk unit-bm

ifndef CORE_OBJS
include tests/unit/monitor-core.mk
endif
ifndef BOOT_OVERLAY
include tests/unit/boot.mk
endif

BM_TESTS := cut flow kept

BM_OBJ	:= $(UM_OUT)/bm
BM_BINS	:= $(BM_TESTS:%=$(UM_OUT)/test_bm_%)
# All of it but what is U-Boot's to do, or the CPU's: PCI, file systems, an SMC, a nap.
BM_OWN	:= boot menu request list enter start resume leave statement consent \
	store saved hibernate restore room call device slots keys progress clock \
	error slotkey kept exchange install firmware events
BM_OWN_OBJS := $(BM_OWN:%=$(BM_OBJ)/own/%.o)
BM_RIG_OBJS := $(addprefix $(BM_OBJ)/,rig.o disk_model.o cut.o uboot.o \
	calendar.o)
BM_CFLAGS := -Itests/unit/bm/stub $(BOOT_CFLAGS) -Wno-sign-compare \
	-DCONFIG_OSTI_MENU_DELAY=3 -DCONFIG_OSTI_DEFAULT_SLOT=1 \
	-DOSTI_STAGE=0x42000
# The monitor's, with U-Boot's headers
BM_RIG_CFLAGS := $(subst -std=c11,-std=gnu11,$(UM_CFLAGS)) \
	-iquote tests/unit/monitor -iquote tests/unit/bm
BM_WRAP	:= $(CORE_WRAP) -Wl,--wrap=arch_write32

.PHONY: unit-bm
unit-bm: $(BM_BINS)
	@set -e; for t in $(BM_BINS); do echo "== $$t"; ./$$t; done

$(BM_BINS): $(UM_OUT)/test_bm_%: $(BM_OBJ)/test_%.o $(BM_RIG_OBJS) \
		$(BM_OWN_OBJS) $(CORE_OBJS) $(UM_LIB) $(UI_LIB)
	@echo "  LD      $@"
	@$(UM_CC) $(UM_CFLAGS) $(BM_WRAP) -o $@ $< $(BM_RIG_OBJS) \
		$(BM_OWN_OBJS) $(CORE_OBJS) $(UM_LIB) $(UI_LIB) -lcmocka -lcrypto

$(BM_OBJ)/own/%.o: $(BOOT_OVERLAY)/lib/osti/%.c tests/unit/bm.mk
	@mkdir -p $(@D)
	@$(BOOT_CC) $(BM_CFLAGS) -MMD -MP -c -o $@ $<

$(BM_OBJ)/calendar.o: tests/unit/boot/calendar.c tests/unit/bm.mk
	@mkdir -p $(@D)
	@$(BOOT_CC) $(BM_CFLAGS) -MMD -MP -c -o $@ $<

$(BM_OBJ)/uboot.o $(BM_OBJ)/rig.o: BM_RIG_CFLAGS += -Wno-format \
	-Itests/unit/bm/stub -Itests/unit/boot/stub -I$(BOOT_OVERLAY)/include

$(BM_OBJ)/%.o: tests/unit/bm/%.c tests/unit/bm.mk
	@mkdir -p $(@D)
	@$(UM_CC) $(BM_RIG_CFLAGS) -MMD -MP -c -o $@ $<

-include $(BM_OWN_OBJS:.o=.d) $(BM_RIG_OBJS:.o=.d) \
	$(BM_TESTS:%=$(BM_OBJ)/test_%.d)
