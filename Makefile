# SPDX-License-Identifier: GPL-2.0-or-later
#
# Builds everything below build/. "make help" lists what can be made.
#
# Each part has its own Makefile that knows what it depends on; this one brings
# them into order. They are entered on every run and do nothing when nothing
# changed.

BUILD := $(abspath build)
CPUS := $(shell nproc)
MAKEFLAGS += --no-print-directory
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(CPUS)
endif
# The parts share keys and configuration, so one is built after the other; within
# each, and of the unit tests, as much at a time as there are CPUs.
ifeq ($(filter unit-programs,$(MAKECMDGOALS)),)
.NOTPARALLEL:
endif

# Debian's names; the tools are looked for as root finds them.
export PATH := $(PATH):/usr/sbin:/sbin
export CROSS_COMPILE ?= aarch64-linux-gnu-
export OSTI_BUILD := $(BUILD)

DEPS := $(BUILD)/deps/.stamp
CONFIG := $(BUILD)/include/generated/autoconf.h

# Whoever asks for one of these gets missing packages installed; for all others
# it is an error that says what to do.
SETUP := $(if $(filter setup demo pictures run test bench bench-debian deb deb-check debian run-debian soak window distcheck,$(MAKECMDGOALS)),setup,check-setup)

.PHONY: all
all: firmware kmod switchd images osti-image osti-sign

# ---- What the build needs ----------------------------------------------------

.PHONY: setup check-setup deps
setup:
	@scripts/setup $(filter bench pictures,$(MAKECMDGOALS)) \
		$(if $(filter deb deb-check,$(MAKECMDGOALS)),deb) \
		$(if $(filter debian run-debian bench-debian soak,$(MAKECMDGOALS)),debian) \
		$(if $(filter window soak,$(MAKECMDGOALS)),window)

check-setup:
	@scripts/setup --check

deps: $(DEPS)

$(DEPS): scripts/fetch scripts/apt.sh scripts/packages-arm64.txt | $(SETUP)
	@scripts/fetch $(BUILD)/deps
	@touch $@

# ---- Configuration -----------------------------------------------------------

.PHONY: defconfig menuconfig olddefconfig config
defconfig: | $(SETUP)
	@kconfig-conf --alldefconfig Kconfig

menuconfig: | $(SETUP)
	@kconfig-mconf Kconfig

olddefconfig: | $(SETUP)
	@kconfig-conf --olddefconfig Kconfig

.config: | $(SETUP)
	@kconfig-conf --alldefconfig Kconfig

config: $(CONFIG)

$(CONFIG): .config Kconfig scripts/genconfig | $(SETUP)
	@scripts/genconfig .config $(BUILD)

# ---- Parts -------------------------------------------------------------------

.PHONY: selector monitor engine u-boot firmware keys kmod switchd images osti-image osti-nv osti-provision osti-sign
selector:
	@$(MAKE) -C uboot-patches/selector O=$(BUILD)/selector

monitor: $(CONFIG) $(DEPS)
	@$(MAKE) -C uboot-patches/monitor O=$(BUILD)/monitor

engine: $(DEPS)
	@$(MAKE) -C uboot-patches/engine O=$(BUILD)/engine

u-boot: $(CONFIG) $(DEPS) keys
	@$(MAKE) -C uboot-patches O=$(BUILD)

keys: $(DEPS)
	@$(MAKE) -C uboot-patches O=$(BUILD) keys

kmod: $(CONFIG) $(DEPS)
	@$(MAKE) -C kmod O=$(BUILD)/kmod

switchd: $(CONFIG) $(DEPS)
	@$(MAKE) -C switchd O=$(BUILD)/switchd

# The empty recipes tell make to look whether the files really changed.
$(BUILD)/selector/selector.bin: selector
	@:
$(BUILD)/monitor/monitor.bin: monitor
	@:
$(BUILD)/engine/engine.bin: engine
	@:
$(BUILD)/u-boot/u-boot.bin: u-boot
	@:

$(BUILD)/keys/osti.crt: keys
	@:

firmware: $(BUILD)/firmware.bin

$(BUILD)/firmware.bin: scripts/mkfirmware uboot-patches/put-owner \
		       $(BUILD)/selector/selector.bin $(BUILD)/monitor/monitor.bin $(BUILD)/engine/engine.bin \
		       $(BUILD)/u-boot/u-boot.bin $(BUILD)/keys/osti.crt
	@echo "  FIRMWARE $@"
	@scripts/mkfirmware $(BUILD)/selector/selector.bin \
		$(BUILD)/monitor/monitor.bin $(BUILD)/engine/engine.bin $(BUILD)/u-boot/u-boot.bin $(BUILD)/keys/osti.crt $@

osti-image: $(DEPS)
	@$(MAKE) -C tools/osti-image O=$(BUILD)/osti-image

osti-nv: $(DEPS)
	@$(MAKE) -C tools/osti-nv O=$(BUILD)/osti-nv

osti-provision:
	@$(MAKE) -C tools/osti-provision O=$(BUILD)/osti-provision

osti-sign: $(DEPS)
	@$(MAKE) -C tools/osti-sign O=$(BUILD)/osti-sign

images: u-boot kmod switchd osti-nv osti-provision osti-sign
	@$(MAKE) -C images BUILD=$(BUILD)

# Debian in the slots, by root: minutes, the first time more.
.PHONY: debian
debian: all
	@$(MAKE) -C images/debian BUILD=$(BUILD) FIRST_BOOT=$(abspath $(FIRST_BOOT))

# ---- Packages ----------------------------------------------------------------

# ARCH: another architecture than this machine's.
.PHONY: deb deb-check
deb: $(DEPS) | $(SETUP)
	@nice scripts/mkdeb $(BUILD)/deb $(ARCH)

deb-check: firmware | $(SETUP)
	@TEST_TIMEOUT=7200 scripts/run-tests deb "check=tests/deb/check $(BUILD)"

# ---- Run ---------------------------------------------------------------------

.PHONY: demo pictures run run-debian bench bench-debian
demo: all
	@$(MAKE) -C tests/e2e BUILD=$(BUILD) demo

# Those of README.md, in docs/pictures.
pictures: all
	@$(MAKE) -C tests/e2e BUILD=$(BUILD) pictures

run: all
	@scripts/run-device $(BUILD) "$(DEVICE)" $(REACH)

run-debian: debian
	@scripts/run-device $(BUILD) "$(or $(DEVICE),debian)" "$(REACH)" $(BUILD)/debian

bench: all
	@$(MAKE) -C bench BUILD=$(BUILD) bench

bench-debian: debian
	@$(MAKE) -C bench BUILD=$(BUILD) debian

# ---- Tests -------------------------------------------------------------------

SUITES := lint kernels unit replay s3 payload e2e reproducible
# This one mostly waits for its server, so it runs beside the one after it.
BESIDE := s3

# How many programs of a suite run at a time: one more than there are CPUs, as one of
# them waits for a clock now and then. A device has a GiB of RAM, so there are never
# more than three.
JOBS := $(shell expr $(CPUS) + 1)
DEVICES := $(if $(filter 1,$(CPUS)),2,3)

.PHONY: test $(SUITES) distcheck
test: all
	@rm -rf $(BUILD)/tests/logs
	@status=0; beside=; for suite in $(SUITES); do \
		if [ $$suite = $(BESIDE) ]; then \
			$(MAKE) $$suite & beside=$$!; \
			continue; \
		fi; \
		$(MAKE) $$suite || status=1; \
		[ -z "$$beside" ] || wait $$beside || status=1; \
		beside=; \
	done; \
	scripts/run-tests --summary $(SUITES) && exit $$status

# What lint has to say is said where it is called.
lint: all
	+@scripts/run-tests lint scripts/lint || \
		{ cat $(BUILD)/tests/logs/lint/lint.log; exit 1; }

# osti.ko for the arm64 kernels of these suites of Debian.
KERNEL_SUITES ?= bookworm bookworm-updates bookworm-security bookworm-backports

kernels: $(DEPS)
	@scripts/kernels $(BUILD)/deps $(KERNEL_SUITES)

# Each names its programs: UM_BINS, CORE_BINS, US_BINS, UB_BINS, UI_BINS, UE_BINS,
# NV_BINS, SIGN_BINS, KEY_BINS, BOOT_BINS, BM_BINS, UR_BINS.
include tests/unit/image.mk
include tests/unit/engine.mk
include tests/unit/monitor.mk
include tests/unit/monitor-core.mk
include tests/unit/switchd.mk
include tests/unit/backup.mk
include tests/unit/nv.mk
include tests/unit/sign.mk
include tests/unit/key.mk
include tests/unit/boot.mk
include tests/unit/bm.mk
include tests/unit/repo.mk
include tests/unit/provision.mk

# A make of its own: make looks a folder over once, and the sources that DEPS
# brings were not there when this one did.
unit: $(CONFIG) $(DEPS)
	@$(MAKE) unit-programs

# The first to begin, so that none of them is alone at the end.
LONG_UNITS = $(addprefix $(US_OUT)/test_,switchd_kill switchd_backup repo_kill bm_cut repo_race \
	switchd_pair)

.PHONY: unit-programs
unit-programs: $(UM_BINS) $(CORE_BINS) $(FULL_MADE) $(US_BINS) $(UB_BINS) \
		$(UI_BINS) $(UE_BINS) $(NV_BINS) $(SIGN_BINS) $(KEY_BINS) $(BOOT_BINS) \
		$(BM_BINS) $(UR_BINS) unit-provision-build
	@$(MAKE) -C tests/unit/kmod
	@$(MAKE) -C tests/lib BUILD=$(BUILD)
	@TEST_JOBS=$(JOBS) scripts/run-tests unit \
		"osti-provision=$(PROVISION_TEST)" "osti-boot-image=$(BOOT_IMAGE_TEST)" \
		"bench=$(MAKE) -C bench BUILD=$(BUILD) check" $(LONG_UNITS) \
		$(filter-out $(LONG_UNITS),$(US_BINS) $(UR_BINS) $(BM_BINS)) \
		$(UM_BINS) $(CORE_BINS) $(UB_BINS) $(UI_BINS) $(UE_BINS) $(NV_BINS) \
		$(SIGN_BINS) $(KEY_BINS) $(BOOT_BINS) \
		$(BUILD)/tests/unit/kmod/test_answer \
		$(BUILD)/tests/unit/kmod/test_clock \
		$(BUILD)/tests/unit/kmod/test_transfer \
		"device=$(MAKE) -C tests/lib BUILD=$(BUILD) check" \
		"addr=$(MAKE) unit-monitor-addr" \
		tests/unit/code-lines tests/unit/first-boot

# Every input that a fuzzer once found worth keeping, once.
replay: $(DEPS)
	@scripts/run-tests replay "corpus=$(MAKE) -C tests/fuzz replay"

.PHONY: fuzz
fuzz: $(DEPS)
	@$(MAKE) -C tests/fuzz fuzz

# What the unit tests only draw from: two devices at one repository, and every
# event at which a backup, restore, push, pull or prune can be cut off. And of the
# device more power cuts, many switches (OSTI_TEST_SWITCHES), and Debian in the slots.
# The module for every flavour of every kernel.
.PHONY: soak
soak: all debian
	@KERNELS=all $(MAKE) kernels
	@$(MAKE) -C tests/e2e BUILD=$(BUILD) soak
	@$(MAKE) unit-switchd-build unit-provision-build $(UR_OUT)/test_repo_kill
	@OSTI_TEST_ALL=1 TEST_TIMEOUT=14400 scripts/run-tests soak $(US_OUT)/test_switchd_kill \
		$(US_OUT)/test_switchd_pair $(UR_OUT)/test_repo_kill "osti-provision=$(PROVISION_TEST)" "osti-boot-image=$(BOOT_IMAGE_TEST)"

# The device in a window of QEMU's, with its keys.
.PHONY: window
window: all
	@$(MAKE) -C tests/e2e BUILD=$(BUILD) window

# A sample of changes to the monitor that unit tests should notice.
.PHONY: mutants
mutants: $(DEPS)
	@scripts/mutants

# The stores of backups, at Ceph's RGW.
s3: $(DEPS)
	@$(MAKE) -C tests/s3 O=$(BUILD)/tests/s3 all
	@scripts/run-tests s3 $(BUILD)/tests/s3/test_s3

payload: all
	@$(MAKE) -C tests/payload O=$(BUILD) all
	@TEST_JOBS=2 scripts/run-tests payload \
		$(foreach part,1 2,"part-$(part)=$(BUILD)/tests/payload/runner $(part)/2")

e2e: all
	@TEST_JOBS=$(DEVICES) $(MAKE) -C tests/e2e BUILD=$(BUILD) check

reproducible: all
	+@scripts/run-tests reproducible scripts/check-reproducible

distcheck: | $(SETUP)
	@scripts/distcheck

# ---- Clean -------------------------------------------------------------------

.PHONY: clean distclean help
# Downloads and keys cost time and trust to make again, and run/ is the device
# that somebody uses, with its disks and its key: only distclean has them.
clean:
	@if [ -d $(BUILD) ]; then \
		find $(BUILD) -mindepth 1 -maxdepth 1 ! -name deps ! -name keys \
			! -name run -exec rm -rf {} +; \
	fi

distclean:
	rm -rf $(BUILD) .config .config.old

define HELP
Most used:
  make demo        build everything, install what is missing, show the device
  make run         the same device on this terminal; DEVICE=NAME: another one,
                   REACH=PORT: it reaches that port of this machine
  make run-debian  the same with two Debian systems (root)
  make test        all of "Check" but bench, soak, mutants, fuzz and distcheck; prints the counts

Build (below build/):
  make             firmware, kernel module, switchd, disk images
  make setup       install the Debian packages of scripts/packages.txt
  make deps        download the Debian packages for the device
  make defconfig   write .config with the defaults
  make menuconfig  change .config
  make olddefconfig  add the defaults of new options to .config
  make selector, monitor, engine, u-boot, firmware, kmod, switchd, images, osti-image,
  osti-nv, osti-provision, osti-sign   one part
  make debian      disks with Debian in the slots, in build/debian (root);
                   FIRST_BOOT=FOLDER: with users, so the first boot asks nothing
  make deb         Debian packages in build/deb; ARCH=arm64: those of the device

Check:
  make lint        styles and static checks
  make kernels     the kernel module for all arm64 kernels of Debian 12
  make unit        unit tests on this machine
  make replay      every input of the fuzzers' corpus, once
  make window      the device in a window, with its keys, on a display that nobody
                   sees
  make soak        100,000 switches; backups that are cut off anywhere, in all ways;
                   two Debian systems; make window (long, root)
  make mutants     changes of the monitor that no unit test notices (10 minutes)
  make fuzz        each fuzzer for a minute (Debian's clang, libclang-rt-14-dev)
  make s3          stores of backups at a real server of S3
  make payload     bare-metal programs against the monitor
  make e2e         the whole device, driven like a person would
  make reproducible  build twice and compare
  make deb-check   packages in new systems: build, install, upgrade, purge (root)
  make pictures    pictures of README.md, of the running device, in docs/pictures
  make bench       measure; writes build/bench.json
  make bench-debian  the same of two Debian systems (root)
  make distcheck   demo and test in a fresh clone; packages are kept in the
                   directory DEPS_CACHE if that is set

Clean:
  make clean       remove what was built, keep downloads, keys and the device of
                   make run
  make distclean   remove build/ and .config
endef
export HELP

help:
	@echo "$$HELP"

.DELETE_ON_ERROR:
