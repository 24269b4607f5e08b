# SPDX-License-Identifier: GPL-2.0-or-later
#
# Unit tests of the NV state and its flash, on the build machine, and of
# osti-nv. Included by a Makefile at the top of the tree after monitor.mk and
# image.mk, or on its own:
#
#   make -f tests/unit/nv.mk unit-nv

ifndef UM_SRC
include tests/unit/monitor.mk
endif

# One program each, tests/unit/monitor/test_<name>.c.
NV_TESTS := cfi nv nv_states nv_cut nv_worn nv_mend nv_key osti_nv firmware
NV_BINS	:= $(NV_TESTS:%=$(UM_OUT)/test_monitor_%)
NV_TOOL	:= $(UM_OBJ)/osti-nv/osti-nv

.PHONY: unit-nv
unit-nv: $(NV_BINS)
	@set -e; for t in $(NV_BINS); do echo "== $$t"; ./$$t; done

# libimage.a has what they use of libtomcrypt.
$(NV_BINS): $(UM_OUT)/test_monitor_%: $(UM_OBJ)/test_%.o $(UM_LIB) $(UI_LIB)
	$(UM_CC) $(UM_CFLAGS) -o $@ $(filter %.o,$^) $(UM_LIB) $(UI_LIB) \
		-lcmocka -lcrypto

NV_DEVICE := $(UM_OBJ)/nv_device.o
$(UM_OUT)/test_monitor_nv $(UM_OUT)/test_monitor_nv_states \
		$(UM_OUT)/test_monitor_nv_cut \
		$(UM_OUT)/test_monitor_nv_worn \
		$(UM_OUT)/test_monitor_nv_mend \
		$(UM_OUT)/test_monitor_nv_key \
		$(UM_OUT)/test_monitor_firmware: $(NV_DEVICE)
# It signs, as the owner does.
$(UM_OUT)/test_monitor_firmware: $(UM_OBJ)/owner.o

$(NV_DEVICE): tests/unit/monitor/nv_device.c tests/unit/nv.mk
	@mkdir -p $(@D)
	$(UM_CC) $(UM_CFLAGS) -MMD -MP -c -o $@ $<

$(UM_OBJ)/test_osti_nv.o: UM_CFLAGS += -D_GNU_SOURCE -DOSTI_NV='"$(NV_TOOL)"'

# The tool that test_osti_nv.c runs has sanitizers, too.
$(UM_OUT)/test_monitor_osti_nv: $(NV_TOOL)

.PHONY: $(NV_TOOL)
$(NV_TOOL): $(UI_LIB)
	@$(MAKE) -C tools/osti-nv O=$(abspath $(@D)) LTC=$(abspath $(LTC)) \
		FOREIGN=$(abspath $(UI_LIB)) \
		EXTRA='-fsanitize=address,undefined -fno-sanitize-recover=all'

.SECONDARY: $(NV_TESTS:%=$(UM_OBJ)/test_%.o)

-include $(NV_TESTS:%=$(UM_OBJ)/test_%.d) $(NV_DEVICE:.o=.d)
