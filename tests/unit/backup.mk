# SPDX-License-Identifier: GPL-2.0-or-later
#
# Tests of the stores (switchd/backup) on the build machine, against directories
# and a small server of their own. Included by a Makefile at the top of the tree,
# or on its own:
#
#   make -f tests/unit/backup.mk unit-backup
#
# A new test tests/unit/backup/test_<name>.c is one more word in this list.

BACKUP_TESTS := credentials file http page sign site store url verdict xml

include switchd/sources.mk

UB_OUT	:= build/tests/unit
UB_OBJ	:= $(UB_OUT)/backup
UB_LIB	:= $(UB_OBJ)/libstore.a
UB_HELP	:= $(UB_OBJ)/libhelp.a
UB_CC	?= gcc

UB_CFLAGS := -std=c11 -g1 -O1 $(SWITCHD_WARNINGS) -D_GNU_SOURCE \
	-fsanitize=address,undefined -fno-sanitize-recover=all \
	-Iswitchd -Itests/unit/switchd -Itests/unit/backup
UB_LDLIBS := $(STORE_LIBS) -lsystemd -lcmocka -lpthread

# These see what the code asks the system for, and answer it.
UB_WRAP_file := linkat renameat2 fsync write
UB_WRAP_http := clock_gettime time

UB_LIB_OBJS := $(STORE_SRCS:%.c=$(UB_OBJ)/%.o)
UB_TEST_OBJS := $(BACKUP_TESTS:%=$(UB_OBJ)/test_%.o)
UB_HELP_OBJS := $(UB_OBJ)/helper.o $(UB_OBJ)/server.o $(UB_OBJ)/stores.o
UB_BINS	:= $(BACKUP_TESTS:%=$(UB_OUT)/test_backup_%)

.PHONY: unit-backup unit-backup-build
unit-backup: unit-backup-build
	@set -e; for t in $(UB_BINS); do echo "== $$t"; ./$$t; done

unit-backup-build: $(UB_BINS)

$(UB_OUT)/test_backup_%: $(UB_OBJ)/test_%.o $(UB_HELP) $(UB_LIB)
	@echo "  LD      $@"
	@$(UB_CC) $(UB_CFLAGS) $(UB_WRAP_$*:%=-Wl,--wrap=%) -o $@ $^ $(UB_LDLIBS)

$(UB_LIB): $(UB_LIB_OBJS)
	@rm -f $@
	@ar qcs $@ $^

# A test is linked with those of them that it uses.
$(UB_HELP): $(UB_HELP_OBJS)
	@rm -f $@
	@ar qcs $@ $^

$(UB_OBJ)/%.o: switchd/%.c tests/unit/backup.mk switchd/sources.mk
	@mkdir -p $(@D)
	@echo "  CC      $@"
	@$(UB_CC) $(UB_CFLAGS) -MMD -MP -c -o $@ $<

$(UB_OBJ)/%.o: tests/unit/backup/%.c tests/unit/backup.mk switchd/sources.mk
	@mkdir -p $(@D)
	@echo "  CC      $@"
	@$(UB_CC) $(UB_CFLAGS) -MMD -MP -c -o $@ $<

$(UB_OBJ)/helper.o: tests/unit/switchd/helper.c tests/unit/backup.mk
	@mkdir -p $(@D)
	@echo "  CC      $@"
	@$(UB_CC) $(UB_CFLAGS) -MMD -MP -c -o $@ $<

-include $(UB_LIB_OBJS:.o=.d) $(UB_TEST_OBJS:.o=.d) $(UB_HELP_OBJS:.o=.d)

.SECONDARY: $(UB_TEST_OBJS) $(UB_HELP_OBJS)
