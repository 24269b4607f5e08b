# SPDX-License-Identifier: GPL-2.0-only

# U-Boot maps itself writable and executable and always did; binutils 2.39 and
# later warn about it.
LDFLAGS_u-boot += $(call ld-option,--no-warn-rwx-segments)
