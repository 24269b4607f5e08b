# SPDX-License-Identifier: GPL-2.0-or-later
#
# Unit tests of osti-sign, on the build machine. Included by a Makefile at the
# top of the tree, or on its own:
#
#   make -f tests/unit/sign.mk unit-sign

SIGN_OUT := build/tests/unit
SIGN_OBJ := $(SIGN_OUT)/sign
SIGN_TOOL := $(SIGN_OBJ)/tool/osti-sign
SIGN_BINS := $(SIGN_OUT)/test_sign_cli
SIGN_CC	?= gcc
LTC	?= build/deps/src/libtomcrypt

SIGN_FLAGS := -fsanitize=address,undefined -fno-sanitize-recover=all

.PHONY: unit-sign
unit-sign: $(SIGN_BINS)
	@set -e; for t in $(SIGN_BINS); do echo "== $$t"; ./$$t; done

$(SIGN_BINS): $(SIGN_OUT)/test_sign_%: tests/unit/sign/test_%.c \
		tests/unit/sign.mk include/osti/start.h $(SIGN_TOOL)
	@mkdir -p $(@D)
	$(SIGN_CC) -std=c11 -D_GNU_SOURCE -g1 -O1 -Wall -Wextra -Werror -Wshadow \
		$(SIGN_FLAGS) -Iinclude -DOSTI_SIGN='"$(abspath $(SIGN_TOOL))"' \
		-o $@ $< -lcmocka

# The tool that the test runs has sanitizers, too.
.PHONY: $(SIGN_TOOL)
$(SIGN_TOOL):
	@$(MAKE) -C tools/osti-sign O=$(abspath $(@D)) LTC=$(abspath $(LTC)) \
		EXTRA='$(SIGN_FLAGS)'
