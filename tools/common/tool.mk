# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the Makefiles of the tools share. A tool is a program for this machine:
#
#   make -C tools/TOOL [O=folder]
#   make -C tools/TOOL install [DESTDIR=folder] [prefix=/usr/local]
#
#   O          where it goes, ../../build/TOOL if it is not set
#   LTC, LZ4, ZSTD   unpacked source packages of libtomcrypt, LZ4 and zstd
#   SYSTEM_LIBS      "yes": this machine's libraries instead of those sources
#   CC, CPPFLAGS, CFLAGS, LDFLAGS   as usual
#   EXTRA      more flags for the compiler and the linker
#   FOREIGN    an archive that has what is wanted of those sources, compiled
#
# Each sets, before it includes this,
#
#   TOOL       its name, which is its folder's, too
#   COMMON     what it has of this folder
#   FORMAT     what it has of formats/, by the lists of formats.mk and with "="
#   SWITCHD    what it has of switchd/, likewise of its sources.mk
#   LTC_PARTS, LZ4_PARTS, ZSTD_PARTS   the same of those packages
#   FLAGS      more flags for files of ours
#   LIBS       libraries of this machine

TOP := $(abspath $(dir $(lastword $(MAKEFILE_LIST)))../..)
OSTI_BUILD ?= $(TOP)/build
override O := $(abspath $(or $(O),$(OSTI_BUILD)/$(TOOL)))
LTC ?= $(OSTI_BUILD)/deps/src/libtomcrypt
LZ4 ?= $(OSTI_BUILD)/deps/src/lz4
ZSTD ?= $(OSTI_BUILD)/deps/src/libzstd
CC ?= gcc
SYSTEM_LIBS ?=
EXTRA ?=
FOREIGN ?=
DESTDIR ?=
prefix ?= /usr/local
bindir ?= $(prefix)/bin
mandir ?= $(prefix)/share/man

src := $(TOP)/tools/$(TOOL)
common := $(TOP)/tools/common
monitor := $(TOP)/uboot-patches/monitor
version := $(file <$(TOP)/VERSION)

include $(TOP)/formats/formats.mk
include $(TOP)/switchd/sources.mk

flags := -std=c11 -O2 -g -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -pthread \
	 -DOSTI_TOOL='"$(TOOL)"' -DOSTI_VERSION='"$(version)"' \
	 -MMD -MP -ffile-prefix-map=$(TOP)/= -ffile-prefix-map=$(O)/= $(EXTRA)
ifeq ($(SYSTEM_LIBS),yes)
system-libs := $(if $(LTC_PARTS),-ltomcrypt) $(if $(LZ4_PARTS),-llz4) \
	       $(if $(ZSTD_PARTS),-lzstd)
LTC_PARTS :=
LZ4_PARTS :=
ZSTD_PARTS :=
else
foreign := $(IMAGE_LTCFLAGS) $(IMAGE_LZ4FLAGS) $(IMAGE_ZSTDFLAGS)
endif
ifneq ($(FOREIGN),)
LTC_PARTS :=
LZ4_PARTS :=
ZSTD_PARTS :=
endif
ours := -iquote $(src) -iquote $(common) -iquote $(monitor)/include \
	$(FORMATS_FLAGS) -I$(TOP)/include -I$(TOP)/switchd $(FLAGS) -Wall -Wextra -Werror \
	-Wshadow -Wstrict-prototypes -Wmissing-prototypes

tool-objs := $(patsubst $(src)/%.c,$(O)/obj/%.o,$(wildcard $(src)/*.c))
common-objs := $(COMMON:%.c=$(O)/obj/common/%.o)
format-objs := $(FORMAT:%.c=$(O)/obj/formats/%.o)
switchd-objs := $(SWITCHD:%.c=$(O)/obj/switchd/%.o)
ltc-objs := $(LTC_PARTS:%.c=$(O)/obj/ltc/%.o)
lz4-objs := $(LZ4_PARTS:%.c=$(O)/obj/lz4/%.o)
zstd-objs := $(ZSTD_PARTS:%.c=$(O)/obj/zstd/%.o)
objs := $(tool-objs) $(common-objs) $(format-objs) $(switchd-objs) \
	$(ltc-objs) $(lz4-objs) $(zstd-objs)

.PHONY: all install man clean
all: $(O)/$(TOOL)

$(O)/$(TOOL): $(objs) $(FOREIGN)
	@echo "  LD      $@"
	@$(CC) -pthread $(EXTRA) $(CFLAGS) $(LDFLAGS) -o $@ $(objs) $(FOREIGN) $(LIBS) $(system-libs)

$(objs): $(src)/Makefile $(common)/tool.mk $(FORMATS)/formats.mk \
	$(TOP)/switchd/sources.mk $(TOP)/VERSION

define compile
	@mkdir -p $(@D)
	@echo "  CC      $@"
	@$(CC) $(flags) $(foreign) $(1) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<
endef

$(tool-objs): $(O)/obj/%.o: $(src)/%.c
	$(call compile,$(ours))

$(common-objs): $(O)/obj/common/%.o: $(common)/%.c
	$(call compile,$(ours))

$(format-objs): $(O)/obj/formats/%.o: $(FORMATS)/%.c
	$(call compile,$(ours))

$(switchd-objs): $(O)/obj/switchd/%.o: $(TOP)/switchd/%.c
	$(call compile,$(ours))

# Not our code: its warnings are not ours either.
$(ltc-objs): $(O)/obj/ltc/%.o: $(LTC)/%.c
	$(call compile,-w)

# Copy in ways that UBSan does not like; ASan watches them.
$(lz4-objs): $(O)/obj/lz4/%.o: $(LZ4)/%.c
	$(call compile,-fno-sanitize=undefined -w)

$(zstd-objs): $(O)/obj/zstd/%.o: $(ZSTD)/%.c
	$(call compile,-fno-sanitize=undefined -w)

install: $(O)/$(TOOL)
	install -D -m 755 -t $(DESTDIR)$(bindir) $(O)/$(TOOL)
	install -D -m 644 -t $(DESTDIR)$(mandir)/man1 $(src)/$(TOOL).1

man:
	mandoc -T lint -W warning $(src)/$(TOOL).1

clean:
	rm -rf $(O)

-include $(objs:.o=.d)

.DELETE_ON_ERROR:
