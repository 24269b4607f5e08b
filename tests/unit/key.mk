# SPDX-License-Identifier: GPL-2.0-or-later
#
# Unit tests of recovery keys. Included by a Makefile at the top of the tree, or
# on its own:
#
#   make -f tests/unit/key.mk unit-key

KEY_TESTS := recovery

include formats/formats.mk

KEY_OUT	:= build/tests/unit
KEY_OBJ	:= $(KEY_OUT)/key
KEY_CC	?= gcc
KEY_CFLAGS := -std=c11 -g1 -O1 -Wall -Wextra -Werror -Wshadow \
	-fsanitize=address,undefined -fno-sanitize-recover=all $(FORMATS_FLAGS)
KEY_OBJS := $(KEY_SRCS:%.c=$(KEY_OBJ)/formats/%.o)
KEY_BINS := $(KEY_TESTS:%=$(KEY_OUT)/test_key_%)

.PHONY: unit-key
unit-key: $(KEY_BINS)
	@set -e; for t in $(KEY_BINS); do echo "== $$t"; ./$$t; done

$(KEY_OUT)/test_key_%: $(KEY_OBJ)/test_%.o $(KEY_OBJS)
	@echo "  LD      $@"
	@$(KEY_CC) $(KEY_CFLAGS) -o $@ $^ -lcmocka

$(KEY_OBJ)/formats/%.o: $(FORMATS)/%.c tests/unit/key.mk formats/formats.mk
	@mkdir -p $(@D)
	@echo "  CC      $@"
	@$(KEY_CC) $(KEY_CFLAGS) -MMD -MP -c -o $@ $<

$(KEY_OBJ)/%.o: tests/unit/key/%.c tests/unit/key.mk
	@mkdir -p $(@D)
	@echo "  CC      $@"
	@$(KEY_CC) $(KEY_CFLAGS) -MMD -MP -c -o $@ $<

.SECONDARY: $(KEY_TESTS:%=$(KEY_OBJ)/test_%.o) $(KEY_OBJS)

-include $(KEY_OBJS:.o=.d) $(KEY_TESTS:%=$(KEY_OBJ)/test_%.d)
