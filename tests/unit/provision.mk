# SPDX-License-Identifier: GPL-2.0-or-later
#
# Unit tests of osti-provision and of osti-boot-image, on the build machine. Included
# by a Makefile at the top of the tree, or on its own:
#
#   make -f tests/unit/provision.mk unit-provision unit-boot-image

PROVISION_OUT := build/tests/unit/provision
PROVISION_TEST := tests/unit/osti-provision $(PROVISION_OUT)

BOOT_IMAGE_TEST := tests/unit/osti-boot-image $(PROVISION_OUT)

.PHONY: unit-provision unit-boot-image unit-provision-build
unit-provision: unit-provision-build
	@$(PROVISION_TEST)

unit-boot-image: unit-provision-build
	@$(BOOT_IMAGE_TEST)

unit-provision-build:
	@$(MAKE) -C tools osti-provision osti-nv osti-sign \
		O=$(abspath $(PROVISION_OUT)) OSTI_BUILD=$(abspath build)
