# SPDX-License-Identifier: GPL-2.0-or-later
#
# Unit tests of the switch monitor's core, on the build machine. Included by a
# Makefile at the top of the tree after monitor.mk, or on its own:
#
#   make -f tests/unit/monitor-core.mk unit-monitor-core

ifndef UM_SRC
include tests/unit/monitor.mk
endif

# One part each; the rule for them is in monitor.mk.
CORE_TESTS := slot event phase cpu context flash gicv3_image
# context is built for these configurations too.
CORE_CONFIGS := full small
# The compiler checks what of these depends on the size of slots and RAM.
FULL_SRCS := $(addprefix $(UM_SRC)/core/,context.c engine.c memory.c partition.c \
	sweep.c transfer.c transfer_export.c transfer_import.c \
	transfer_stored.c)
FULL_MADE := $(FULL_SRCS:$(UM_SRC)/%.c=$(UM_OBJ)/full/%.o)
# These run on the machine of machine.c, with every step of a switch recorded
# by spy.c.
MACHINE_TESTS := bm owner_key psci call request world partition platform rtc start \
	engine_memory stages_docs lock
# These carry images by carry.c, and make false ones by forge.c.
CARRY_TESTS := export chunks import refused stages image_nv retired image_doubt good hibernate \
	engine hostile rogue courier stored slot_key attach disk disk_key
# On these, several CPUs are in the monitor at the same time: cpus.c.
CPUS_TESTS := engine_cpus sweep help

MACHINE_BINS := $(MACHINE_TESTS:%=$(UM_OUT)/test_monitor_%)
CARRY_BINS := $(CARRY_TESTS:%=$(UM_OUT)/test_monitor_%)
CPUS_BINS := $(CPUS_TESTS:%=$(UM_OUT)/test_monitor_%)
CORE_BINS := $(CORE_TESTS:%=$(UM_OUT)/test_monitor_%) \
	$(CORE_CONFIGS:%=$(UM_OUT)/test_monitor_context_%) $(MACHINE_BINS) $(CARRY_BINS) \
	$(CPUS_BINS)
CORE_OBJS := $(addprefix $(UM_OBJ)/,engine_model.o machine.o spy.o statement.o owner.o)
CARRY_OBJS := $(addprefix $(UM_OBJ)/,carry.o carry_device.o courier.o forge.o)

# What spy.c stands in front of; calls inside of one file are not seen.
CORE_SPIED := arch_zero engine_load engine_show engine_end partition_use \
	partition_drop partition_free pci_quiesce smmuv3_context_init smmuv3_attach smmuv3_detach \
	gicv3_save gicv3_quiesce gicv3_restore memory_grant memory_hide \
	memory_revoke \
	memory_revoke_dma memory_wipe memory_open_window memory_close_window \
	memory_engine_grant memory_engine_revoke bm_load event_add \
	slot_transition phase_commit phase_exit cpu_stop_others cpu_summon \
	power_wait_interrupt nv_begin nv_store nv_consume
comma := ,
CORE_WRAP := $(CORE_SPIED:%=-Wl$(comma)--wrap=%)
CPUS_WRAP := $(addprefix -Wl$(comma)--wrap=,lock_or_stop lock_release lock_held \
	power_cpu_nudge arch_nap)

# What addr_mixed.c does wrong, each by itself.
ADDR_MIXES := 1 2 3 4 5 6

.PHONY: unit-monitor-core unit-monitor-addr
unit-monitor-core: $(CORE_BINS) $(FULL_MADE) unit-monitor-addr
	@set -e; for t in $(CORE_BINS); do echo "== $$t"; ./$$t; done

# It compiles, and with nothing of that. Says so in TAP lines.
unit-monitor-addr: tests/unit/monitor/addr_mixed.c
	@$(UM_CC) $(UM_CFLAGS) -DMIX=0 -fsyntax-only $< && echo "ok - no mistake"
	@set -e; for mix in $(ADDR_MIXES); do \
		if $(UM_CC) $(UM_CFLAGS) -DMIX=$$mix -fsyntax-only $< 2>/dev/null; then \
			echo "not ok - $<: mistake $$mix compiles"; exit 1; \
		fi; \
		echo "ok - mistake $$mix"; \
	done

$(MACHINE_BINS): $(UM_OUT)/test_monitor_%: \
		$(UM_OBJ)/test_%.o $(CORE_OBJS) $(UM_LIB) $(UI_LIB)
	$(UM_CC) $(UM_CFLAGS) $(CORE_WRAP) -o $@ $< $(CORE_OBJS) $(UM_LIB) \
		$(UI_LIB) -lcmocka -lcrypto

$(CARRY_BINS): $(UM_OUT)/test_monitor_%: $(UM_OBJ)/test_%.o \
		$(CARRY_OBJS) $(CORE_OBJS) $(UM_LIB) $(UI_LIB)
	$(UM_CC) $(UM_CFLAGS) $(CORE_WRAP) -o $@ $< $(CARRY_OBJS) \
		$(CORE_OBJS) $(UM_LIB) $(UI_LIB) -lcmocka -lcrypto

$(CPUS_BINS): $(UM_OUT)/test_monitor_%: $(UM_OBJ)/test_%.o $(UM_OBJ)/cpus.o \
		$(CARRY_OBJS) $(CORE_OBJS) $(UM_LIB) $(UI_LIB)
	$(UM_CC) $(UM_CFLAGS) $(CORE_WRAP) $(CPUS_WRAP) -o $@ $< \
		$(UM_OBJ)/cpus.o $(CARRY_OBJS) $(CORE_OBJS) $(UM_LIB) \
		$(UI_LIB) -lcmocka -lcrypto -lpthread

# It asks the tool, which has sanitizers, too.
$(UM_OUT)/test_monitor_export: | $(UI_OBJ)/cli/osti-image
$(UM_OBJ)/test_export.o: UM_CFLAGS += -DOSTI_IMAGE='"$(UI_OBJ)/cli/osti-image"'

$(CORE_CONFIGS:%=$(UM_OUT)/test_monitor_context_%): \
		$(UM_OUT)/test_monitor_context_%: \
		tests/unit/monitor/test_context.c \
		tests/unit/monitor/config_%.h $(UM_SRC)/core/context.c $(UM_LIB) \
		$(UI_LIB)
	$(UM_CC) $(subst /config.h,/config_$*.h,$(UM_CFLAGS)) -o $@ \
		$(filter %.c,$^) $(UM_LIB) $(UI_LIB) -lcmocka

$(FULL_MADE): $(UM_OBJ)/full/%.o: $(UM_SRC)/%.c tests/unit/monitor/config_full.h
	@mkdir -p $(@D)
	$(UM_CC) $(subst /config.h,/config_full.h,$(UM_CFLAGS)) -MMD -MP -c -o $@ $<

$(filter-out %/owner.o,$(CORE_OBJS)) $(CARRY_OBJS) $(UM_OBJ)/cpus.o: \
		$(UM_OBJ)/%.o: tests/unit/monitor/%.c tests/unit/monitor-core.mk
	@mkdir -p $(@D)
	$(UM_CC) $(UM_CFLAGS) -MMD -MP -c -o $@ $<

-include $(FULL_MADE:.o=.d) $(CORE_OBJS:.o=.d) $(CARRY_OBJS:.o=.d) $(UM_OBJ)/cpus.d \
	$(patsubst %,$(UM_OBJ)/test_%.d,$(CORE_TESTS) $(MACHINE_TESTS) \
	$(CARRY_TESTS) $(CPUS_TESTS))
