# SPDX-License-Identifier: GPL-2.0-or-later
#
# Unit tests of the image format and of osti-image, on the build machine.
# Included by a Makefile at the top of the tree, or on its own:
#
#   make -f tests/unit/image.mk unit-image
#
# BUILD is where libtomcrypt, LZ4 and zstd were unpacked (build if it is not set).

# One program each, tests/unit/image/test_<name>.c.
IMAGE_TESTS := vectors format build large record header refuse foreign \
	manifest layout chunk codec cli cli_key cli_refuse

UI_SRC	:= uboot-patches/monitor
UI_OUT	:= build/tests/unit
UI_OBJ	:= $(UI_OUT)/image
UI_LIB	:= $(UI_OBJ)/libimage.a
UI_CC	?= gcc
LTC	?= build/deps/src/libtomcrypt
LZ4	?= build/deps/src/lz4
ZSTD	?= build/deps/src/libzstd

include formats/formats.mk

# -iquote: <string.h> is the C library's, "string.h" the monitor's.
UI_CFLAGS := -std=c11 -D_GNU_SOURCE -g1 -O1 -Wall -Wextra -Werror -Wshadow \
	-fsanitize=address,undefined -fno-sanitize-recover=all \
	-iquote tests/unit/image -iquote $(UI_SRC)/include $(FORMATS_FLAGS) -Iinclude \
	$(IMAGE_LTCFLAGS) $(IMAGE_LZ4FLAGS) $(IMAGE_ZSTDFLAGS) \
	-DVECTORS_DIR='"tests/unit/image/vectors"' \
	-DOSTI_IMAGE='"$(UI_OBJ)/cli/osti-image"'

UI_LIB_OBJS := $(IMAGE_SRCS:%.c=$(UI_OBJ)/formats/%.o) \
	$(KEY_SRCS:%.c=$(UI_OBJ)/formats/%.o) \
	$(IMAGE_LTC_SRCS:%.c=$(UI_OBJ)/ltc/%.o) \
	$(IMAGE_LZ4_SRCS:%.c=$(UI_OBJ)/lz4/%.o) \
	$(IMAGE_ZSTD_SRCS:%.c=$(UI_OBJ)/zstd/%.o)
UI_HELPERS := $(addprefix $(UI_OBJ)/,fixture.o manifest.o vectors.o)
UI_BINS	:= $(IMAGE_TESTS:%=$(UI_OUT)/test_image_%)

.PHONY: unit-image
unit-image: $(UI_BINS)
	@set -e; for t in $(UI_BINS); do echo "== $$t"; ./$$t; done

.SECONDARY: $(IMAGE_TESTS:%=$(UI_OBJ)/test_%.o)

$(UI_OUT)/test_image_%: $(UI_OBJ)/test_%.o $(UI_HELPERS) $(UI_LIB)
	$(UI_CC) $(UI_CFLAGS) -o $@ $(filter %.o,$^) $(UI_LIB) -lcmocka

# The tool that they run has sanitizers, too.
$(UI_OUT)/test_image_cli $(UI_OUT)/test_image_cli_key \
$(UI_OUT)/test_image_cli_refuse: $(UI_OBJ)/tool.o $(UI_OBJ)/cli/osti-image

.PHONY: $(UI_OBJ)/cli/osti-image
$(UI_OBJ)/cli/osti-image: $(UI_LIB)
	@$(MAKE) -C tools/osti-image O=$(abspath $(UI_OBJ)/cli) \
		LTC=$(abspath $(LTC)) LZ4=$(abspath $(LZ4)) \
		ZSTD=$(abspath $(ZSTD)) FOREIGN=$(abspath $(UI_LIB)) \
		EXTRA='-fsanitize=address,undefined -fno-sanitize-recover=all'

$(UI_LIB): $(UI_LIB_OBJS)
	rm -f $@
	ar qcs $@ $^

$(UI_OBJ)/formats/%.o: $(FORMATS)/%.c tests/unit/image.mk $(FORMATS)/formats.mk
	@mkdir -p $(@D)
	$(UI_CC) $(UI_CFLAGS) -MMD -MP -c -o $@ $<

# Not our code: its warnings are not ours either. LZ4 and zstd copy in ways that
# UBSan does not like; ASan watches them, by calls where there is much to compile.
$(UI_OBJ)/ltc/%.o: $(LTC)/%.c tests/unit/image.mk $(FORMATS)/formats.mk
	@mkdir -p $(@D)
	$(UI_CC) $(UI_CFLAGS) -w -c -o $@ $<

$(UI_OBJ)/lz4/%.o: $(LZ4)/%.c tests/unit/image.mk $(FORMATS)/formats.mk
	@mkdir -p $(@D)
	$(UI_CC) $(UI_CFLAGS) -fno-sanitize=undefined -w -c -o $@ $<

$(UI_OBJ)/zstd/%.o: $(ZSTD)/%.c tests/unit/image.mk $(FORMATS)/formats.mk
	@mkdir -p $(@D)
	$(UI_CC) $(UI_CFLAGS) -fno-sanitize=undefined \
		--param asan-instrumentation-with-call-threshold=0 -w -c -o $@ $<

$(UI_OBJ)/%.o: tests/unit/image/%.c tests/unit/image.mk $(FORMATS)/formats.mk
	@mkdir -p $(@D)
	$(UI_CC) $(UI_CFLAGS) -MMD -MP -c -o $@ $<

-include $(IMAGE_SRCS:%.c=$(UI_OBJ)/formats/%.d) $(UI_HELPERS:.o=.d) \
	$(UI_OBJ)/tool.d \
	$(IMAGE_TESTS:%=$(UI_OBJ)/test_%.d)
