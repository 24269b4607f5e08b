# SPDX-License-Identifier: GPL-2.0-or-later
#
# Programs of bench/host, for the bench of backups; read by bench/Makefile.
#
# switchd-backup for this machine is what it is for the device, but its calls to
# the monitor go, by transfer.so, to a process that makes and opens images with
# the image engine's own code.

host-src := $(src)/host
host := $(out)/host
LTC := $(BUILD)/deps/src/libtomcrypt
LZ4 := $(BUILD)/deps/src/lz4
ZSTD := $(BUILD)/deps/src/libzstd

include $(TOP)/formats/formats.mk

host-flags := -std=gnu11 -O2 -g -D_GNU_SOURCE -MMD -MP -pthread \
	-I$(TOP)/include -iquote $(host-src) \
	-iquote $(TOP)/tests/unit/backup -iquote $(TOP)/tests/unit/image \
	-iquote $(TOP)/uboot-patches/monitor/include \
	$(FORMATS_FLAGS) -I$(TOP)/switchd \
	$(IMAGE_LTCFLAGS) $(IMAGE_LZ4FLAGS) $(IMAGE_ZSTDFLAGS)
# As on the device, and the C library's memcpy() is not the matter.
host-formats := $(IMAGE_SRCS:%.c=$(host)/formats/%.o)
host-foreign := $(IMAGE_LTC_SRCS:%.c=$(host)/ltc/%.o) \
	$(IMAGE_LZ4_SRCS:%.c=$(host)/lz4/%.o) \
	$(IMAGE_ZSTD_SRCS:%.c=$(host)/zstd/%.o)
monitor-objs := $(host)/monitor.o $(host)/unit/image/fixture.o \
	$(host)/unit/backup/model.o $(host-formats) $(host-foreign)
host-programs := $(host)/monitor $(host)/transfer.so $(host)/delay \
	$(BUILD)/switchd/host/switchd-backup

$(host)/monitor: $(monitor-objs)
	$(CC) -pthread -o $@ $^ -lcmocka

$(host)/transfer.so: $(host-src)/transfer.c $(host-src)/wire.h
	@mkdir -p $(@D)
	$(CC) $(warn) -O2 -fPIC -shared -o $@ $<

$(host)/delay: $(host-src)/delay.c
	@mkdir -p $(@D)
	$(CC) $(warn) -O2 -o $@ $<

$(BUILD)/switchd/host/switchd-backup: FORCE
	@$(MAKE) --no-print-directory -s -C $(TOP)/switchd O=$(BUILD)/switchd $@

$(host)/monitor.o: $(host-src)/monitor.c
	@mkdir -p $(@D)
	$(CC) $(host-flags) -Wall -Wextra -Werror -c -o $@ $<

$(host)/unit/%.o: $(TOP)/tests/unit/%.c
	@mkdir -p $(@D)
	$(CC) $(host-flags) -Wall -Wextra -Werror -c -o $@ $<

$(host)/formats/%.o: $(TOP)/formats/%.c
	@mkdir -p $(@D)
	$(CC) $(host-flags) -Wall -Wextra -Werror -c -o $@ $<

# Not our code: its warnings are not ours either.
$(host)/ltc/%.o: $(LTC)/%.c
	@mkdir -p $(@D)
	$(CC) $(host-flags) -w -c -o $@ $<

$(host)/lz4/%.o: $(LZ4)/%.c
	@mkdir -p $(@D)
	$(CC) $(host-flags) -w -c -o $@ $<

$(host)/zstd/%.o: $(ZSTD)/%.c
	@mkdir -p $(@D)
	$(CC) $(host-flags) -w -c -o $@ $<

-include $(monitor-objs:.o=.d)
