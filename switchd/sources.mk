# SPDX-License-Identifier: GPL-2.0-or-later
#
# What switchd and switchctl are made of; also read by tests/unit/switchd.mk.

switchd-common := fault hex json_text names
switchd-daemon := config device door good hooks images inhibit input keys \
		  log main methods presses server slots switcher
switchd-ctl := commands connection event_text good images inhibit log main options \
	       request stats stats_command verify

SWITCHD_SRCS := $(switchd-common:%=common/%.c) $(switchd-daemon:%=daemon/%.c)
SWITCHCTL_SRCS := $(switchd-common:%=common/%.c) $(switchd-ctl:%=ctl/%.c)
# Texts for images, from formats/; both programs have them.
SWITCHD_IMAGE_SRCS := image/image_error.c
SWITCHD_LIBS := -levdev -linih -ljansson -lsystemd
SWITCHCTL_LIBS := -ljansson -lsystemd -ltomcrypt
SWITCHD_WARNINGS := -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes \
		    -Wmissing-prototypes -Wformat=2 -Wvla
# What works on a repository of backups; needs REPO_SRCS and IMAGE_FRAME_SRCS of
# formats/, and a store (backup/store.h).
switchd-repository := backup_fault backups catalogue check download forget \
		      holder inventory moment move packer plan prune publish \
		      ranges repository retain transfer upload
SWITCHD_REPOSITORY_SRCS := $(switchd-repository:%=backup/%.c)
SWITCHD_REPOSITORY_LIBS := -lsqlite3 -ltomcrypt -pthread
