# SPDX-License-Identifier: GPL-2.0-or-later
#
# Unit tests of repositories: formats/repo, and what of switchd/backup works on
# a store without knowing what that is. They have a store in memory; osti-image
# reads what it wrote from a directory. Included by
# a Makefile at the top of the tree after image.mk, or on its own:
#
#   make -f tests/unit/repo.mk unit-repo

ifndef UI_SRC
include tests/unit/image.mk
endif
include switchd/sources.mk

# One program each, tests/unit/backup/test_<name>.c.
REPO_TESTS := catalogue cli disk format hostile kill move packer prune race reader \
	roundtrip stored

UR_OUT	:= build/tests/unit
UR_OBJ	:= $(UR_OUT)/repo
UR_LIB	:= $(UR_OBJ)/librepo.a
UR_CFLAGS = $(UI_CFLAGS) $(SWITCHD_WARNINGS) -pthread \
	-iquote tests/unit/backup -Iswitchd \
	-DREADER='"tests/unit/backup/reader.py"'
UR_LIB_OBJS := $(REPO_SRCS:%.c=$(UR_OBJ)/formats/%.o) \
	$(SWITCHD_REPOSITORY_SRCS:%.c=$(UR_OBJ)/%.o) \
	$(UR_OBJ)/common/foreign_text.o
UR_HELPERS := $(addprefix $(UR_OBJ)/,store_fake.o model.o world.o)
# What reads an image from a store disk, and a monitor and a disk for it.
UR_STORED := $(addprefix $(UR_OBJ)/,shelf.o stored_model.o common/fault.o \
	$(addprefix backup/,image_device.o image_stored.o stored_disk.o stored_place.o))
UR_BINS	:= $(REPO_TESTS:%=$(UR_OUT)/test_repo_%)

.PHONY: unit-repo
unit-repo: $(UR_BINS)
	@set -e; for t in $(UR_BINS); do echo "== $$t"; ./$$t; done

# The image fixture of image.mk, and the library of the engine, for the image side.
$(UR_OUT)/test_repo_%: $(UR_OBJ)/test_%.o $(UR_HELPERS) $(UI_OBJ)/fixture.o \
		$(UI_OBJ)/vectors.o $(UR_LIB) $(UI_LIB)
	@echo "  LD      $@"
	@$(UI_CC) $(UR_CFLAGS) -o $@ $(filter %.o,$^) $(UR_LIB) $(UI_LIB) \
		-lcmocka -lsqlite3

# The tool that it runs has sanitizers, too.
$(UR_OUT)/test_repo_cli: $(UI_OBJ)/tool.o $(UI_OBJ)/cli/osti-image

$(UR_OUT)/test_repo_stored: $(UR_STORED)

$(UR_OUT)/test_repo_packer: UR_CFLAGS += -Wl,--wrap=pthread_cond_wait,--wrap=realloc

$(UR_LIB): $(UR_LIB_OBJS)
	@rm -f $@
	@ar qcs $@ $^

$(UR_OBJ)/formats/%.o: $(FORMATS)/%.c tests/unit/repo.mk $(FORMATS)/formats.mk
	@mkdir -p $(@D)
	@echo "  CC      $@"
	@$(UI_CC) $(UR_CFLAGS) -MMD -MP -c -o $@ $<

$(UR_OBJ)/%.o: switchd/%.c tests/unit/repo.mk switchd/sources.mk
	@mkdir -p $(@D)
	@echo "  CC      $@"
	@$(UI_CC) $(UR_CFLAGS) -MMD -MP -c -o $@ $<

$(UR_OBJ)/%.o: tests/unit/backup/%.c tests/unit/repo.mk switchd/sources.mk
	@mkdir -p $(@D)
	@echo "  CC      $@"
	@$(UI_CC) $(UR_CFLAGS) -MMD -MP -c -o $@ $<

-include $(UR_LIB_OBJS:.o=.d) $(UR_HELPERS:.o=.d) $(UR_STORED:.o=.d) \
	$(REPO_TESTS:%=$(UR_OBJ)/test_%.d)

.SECONDARY: $(REPO_TESTS:%=$(UR_OBJ)/test_%.o)
