# SPDX-License-Identifier: GPL-2.0-or-later
#
# Tests of switchd and switchctl on the build machine, with a fake device.
# Included by a Makefile at the top of the tree, or on its own:
#
#   make -f tests/unit/switchd.mk unit-switchd
#
# A new test tests/unit/switchd/test_<name>.c is one more word in this list.

SWITCHD_TESTS := backup backup_parts config courier data disk_key e2e flood good hooks inhibit \
		 key_page keys kill logind network options pair prepare presses recovery_key server slots \
		 stats switcher text verify

ifndef UI_SRC
include tests/unit/image.mk
endif
include switchd/sources.mk
include formats/formats.mk

US_OUT	:= build/tests/unit
US_OBJ	:= $(US_OUT)/switchd
US_LIB	:= $(US_OBJ)/libswitchd.a
US_FAKE	:= $(US_OBJ)/libfake.a
US_CC	?= gcc

US_CFLAGS := -std=c11 -g1 -O1 $(SWITCHD_WARNINGS) -D_GNU_SOURCE \
	-fsanitize=address,undefined -fno-sanitize-recover=all \
	-DOSTI_VERSION='"test"' -DOSTI_HOTKEY='"ctrl+alt+f"' \
	$(FORMATS_FLAGS) -Iswitchd -Iinclude \
	-Itests/unit/switchd \
	-isystem /usr/include/libevdev-1.0
US_LDLIBS := -linih -ljansson -lqrencode -lsystemd -ltomcrypt

# The fakes take the place of the device, of dirty memory, of the freezer and of
# libevdev.
US_LIB_SRCS := $(filter-out %/main.c daemon/device.c daemon/dirty.c \
	daemon/freezer.c, \
	$(sort $(SWITCHD_SRCS) $(SWITCHCTL_SRCS)))
US_LIB_OBJS := $(US_LIB_SRCS:%.c=$(US_OBJ)/%.o) \
	$(SWITCHD_IMAGE_SRCS:%.c=$(US_OBJ)/%.o) \
	$(SWITCHCTL_KEY_SRCS:%.c=$(US_OBJ)/%.o)
US_FAKE_OBJS := $(addprefix $(US_OBJ)/,device_fake.o dirty_fake.o event_fake.o freezer_fake.o \
	libevdev_fake.o)
US_HELP_OBJS := $(addprefix $(US_OBJ)/,brief.o bus_fake.o draw.o helper.o keyboard.o programs.o rig.o systemd_fake.o)
US_TEST_OBJS := $(SWITCHD_TESTS:%=$(US_OBJ)/test_%.o)
US_BINS	:= $(SWITCHD_TESTS:%=$(US_OUT)/test_switchd_%)
# These are started thousands of times; so they find their symbols sooner.
US_QUICK := -static-libasan -no-pie
US_PROGRAMS := $(US_OBJ)/switchd $(US_OBJ)/switchctl $(US_OBJ)/switchd-backup

# switchd-backup with a fake in the place of the monitor's calls: it makes and
# reads images as the image engine does.
US_BACKUP := $(US_OBJ)/helper
US_BACKUP_OBJS := $(patsubst %.c,$(US_BACKUP)/%.o,$(filter-out \
	backup/carry.c backup/panic.c,$(sort $(SWITCHD_BACKUP_SRCS)))) \
	$(REPO_SRCS:%.c=$(US_BACKUP)/formats/%.o) \
	$(addprefix $(US_BACKUP)/tests/backup/,model.o shelf.o stored_model.o) \
	$(addprefix $(US_BACKUP)/tests/switchd/,brief.o carry_fake.o event_fake.o store_events.o)
# These are events of the fake device.
US_BACKUP_WRAP := file_dir_root fsync linkat moment_now renameat transfer_run unlinkat
# A test that looks into repositories itself takes of these what it needs.
US_WITNESS := $(US_BACKUP)/libwitness.a
US_WITNESS_OBJS := $(US_BACKUP)/tests/switchd/witness.o \
	$(filter-out $(US_BACKUP)/tests/switchd/%,$(US_BACKUP_OBJS)) \
	$(UI_OBJ)/fixture.o
US_BACKUP_CFLAGS = $(US_CFLAGS) -pthread -iquote tests/unit/backup \
	-iquote tests/unit/image -iquote $(UI_SRC)/include

.PHONY: unit-switchd unit-switchd-build
unit-switchd: unit-switchd-build
	@set -e; for t in $(US_BINS); do echo "== $$t"; ./$$t; done

unit-switchd-build: $(US_BINS) $(US_PROGRAMS)

# These run the programs, which lie beside their objects.
US_RUNNERS := $(addprefix $(US_OUT)/test_switchd_,backup disk_key e2e flood kill pair \
	recovery_key)
$(US_RUNNERS): | $(US_PROGRAMS)
$(US_RUNNERS): $(US_OBJ)/programs.o
$(US_OUT)/test_switchd_prepare: | $(US_PROGRAMS)
$(addprefix $(US_OUT)/test_switchd_,e2e kill): $(US_OBJ)/keyboard.o
$(addprefix $(US_OUT)/test_switchd_,backup kill pair): $(US_OBJ)/rig.o
$(addprefix $(US_OUT)/test_switchd_,backup courier hooks logind network prepare): $(US_OBJ)/bus_fake.o
$(addprefix $(US_OUT)/test_switchd_,courier hooks): $(US_OBJ)/systemd_fake.o
$(addprefix $(US_OUT)/test_switchd_,kill pair): $(US_OBJ)/draw.o $(US_WITNESS) $(UI_LIB)
$(addprefix $(US_OUT)/test_switchd_,kill pair): US_LDLIBS += $(SWITCHD_BACKUP_LIBS)

$(US_OUT)/test_switchd_%: $(US_OBJ)/test_%.o $(US_OBJ)/helper.o $(US_FAKE) $(US_LIB)
	@echo "  LD      $@"
	@$(US_CC) $(US_CFLAGS) -o $@ $^ $(US_FAKE) -lcmocka $(US_LDLIBS)

$(US_OBJ)/switchd: $(US_OBJ)/daemon/main.o $(US_LIB) $(US_FAKE)
	@echo "  LD      $@"
	@$(US_CC) $(US_CFLAGS) $(US_QUICK) -o $@ $^ $(US_LDLIBS)

$(US_OBJ)/switchctl: $(US_OBJ)/ctl/main.o $(US_OBJ)/brief.o $(US_LIB) $(US_FAKE)
	@echo "  LD      $@"
	@$(US_CC) $(US_CFLAGS) $(US_QUICK) -o $@ $^ $(US_LDLIBS)

$(US_OBJ)/switchd-backup: $(US_BACKUP_OBJS) $(UI_OBJ)/fixture.o $(UI_LIB)
	@echo "  LD      $@"
	@$(US_CC) $(US_CFLAGS) $(US_QUICK) $(US_BACKUP_WRAP:%=-Wl,--wrap=%) -o $@ $^ -lcmocka \
		$(SWITCHD_BACKUP_LIBS)

# Made anew, so that what left the list is gone.
$(US_LIB): $(US_LIB_OBJS)
	@rm -f $@
	@ar qcs $@ $^

$(US_WITNESS): $(US_WITNESS_OBJS)
	@rm -f $@
	@ar qcs $@ $^

$(US_FAKE): $(US_FAKE_OBJS)
	@rm -f $@
	@ar qcs $@ $^

$(US_BACKUP)/formats/%.o: $(FORMATS)/%.c tests/unit/switchd.mk
	@mkdir -p $(@D)
	@echo "  CC      $@"
	@$(US_CC) $(US_BACKUP_CFLAGS) -MMD -MP -c -o $@ $<

$(US_BACKUP)/tests/%.o: tests/unit/%.c tests/unit/switchd.mk
	@mkdir -p $(@D)
	@echo "  CC      $@"
	@$(US_CC) $(US_BACKUP_CFLAGS) -MMD -MP -c -o $@ $<

$(US_BACKUP)/%.o: switchd/%.c tests/unit/switchd.mk switchd/sources.mk
	@mkdir -p $(@D)
	@echo "  CC      $@"
	@$(US_CC) $(US_BACKUP_CFLAGS) -MMD -MP -c -o $@ $<

$(US_OBJ)/%.o: switchd/%.c tests/unit/switchd.mk switchd/sources.mk
	@mkdir -p $(@D)
	@echo "  CC      $@"
	@$(US_CC) $(US_CFLAGS) -MMD -MP -c -o $@ $<

$(US_OBJ)/key/%.o: $(FORMATS)/key/%.c tests/unit/switchd.mk
	@mkdir -p $(@D)
	@echo "  CC      $@"
	@$(US_CC) $(US_CFLAGS) -MMD -MP -c -o $@ $<

$(US_OBJ)/image/%.o: $(FORMATS)/image/%.c tests/unit/switchd.mk
	@mkdir -p $(@D)
	@echo "  CC      $@"
	@$(US_CC) $(US_CFLAGS) -MMD -MP -c -o $@ $<

$(US_OBJ)/%.o: tests/unit/switchd/%.c tests/unit/switchd.mk switchd/sources.mk
	@mkdir -p $(@D)
	@echo "  CC      $@"
	@$(US_CC) $(US_CFLAGS) -MMD -MP -c -o $@ $<

-include $(US_BACKUP_OBJS:.o=.d) $(US_LIB_OBJS:.o=.d) $(US_FAKE_OBJS:.o=.d) $(US_TEST_OBJS:.o=.d) \
	$(US_WITNESS_OBJS:.o=.d) $(US_HELP_OBJS:.o=.d) $(US_OBJ)/daemon/main.d $(US_OBJ)/ctl/main.d

.SECONDARY: $(US_TEST_OBJS) $(US_HELP_OBJS)
