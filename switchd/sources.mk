# SPDX-License-Identifier: GPL-2.0-or-later
#
# What switchd and switchctl are made of; also read by tests/unit/switchd.mk.

switchd-common := fault foreign_text hex json_text json_wipe names rate
switchd-daemon := backup backup_check backup_end backup_job backup_open \
		  backup_policy backup_steps backup_ticket bus client config \
		  config_backup courier courier_child courier_spawn \
		  courier_unit courier_user device dirty door flush freeze \
		  freezer good hook_child hook_unit hooks images inhibit input \
		  keys log logind main methods methods_backup methods_log \
		  methods_slots network note outcome prepare presses pushed ready recover \
		  server session sleep_note slots switch_back switch_note switch_target \
		  switcher transient_unit unit_outcome watchdog
switchd-ctl := command_asleep command_backup command_backups command_boot_image command_disk_key command_images command_inhibit \
	       command_log command_mark_good command_recovery_key command_request command_stats \
	       command_status commands connection event_text exchange job key_device key_page main options output \
	       progress stats stats_svg usage verify

SWITCHD_SRCS := $(switchd-common:%=common/%.c) $(switchd-daemon:%=daemon/%.c) \
		backup/job_op.c
# A key goes from the device to the person, and not through switchd; and the note of a
# sleep must be found without switchd.
SWITCHCTL_SRCS := $(switchd-common:%=common/%.c) $(switchd-ctl:%=ctl/%.c) \
		  daemon/device.c daemon/note.c daemon/sleep_note.c
# Of formats/: texts for images, which both programs have, and recovery keys.
SWITCHD_IMAGE_SRCS := image/image_error.c
SWITCHCTL_KEY_SRCS := key/recovery_key.c
SWITCHD_LIBS := -levdev -linih -ljansson -lsystemd
SWITCHCTL_LIBS := -ljansson -lqrencode -lsystemd -ltomcrypt
# Objects in a directory; then, in a bucket, too
STORE_FILE_SRCS := $(addprefix backup/,file_dir.c file_list.c file_write.c store.c \
	store_entries.c store_file.c store_message.c store_probe.c \
	store_url.c) common/foreign_text.c common/hex.c
STORE_SRCS := $(STORE_FILE_SRCS) $(addprefix backup/,s3_credentials.c s3_exchange.c \
	s3_outcome.c s3_reply.c s3_run.c s3_sign.c s3_site.c s3_verdict.c \
	s3_xml.c)
STORE_LIBS := -lcurl -ltomcrypt
SWITCHD_WARNINGS := -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes \
		    -Wmissing-prototypes -Wformat=2 -Wvla
# What works on a repository of backups; needs REPO_SRCS and IMAGE_FRAME_SRCS of
# formats/, and a store (backup/store.h).
switchd-repository := backup_fault backups catalogue check disk_layout \
		      disk_restore disk_table download fetch forget frozen holder \
		      inventory moment move packer plan plan_disk prune publish \
		      ranges repository retain segments transfer upload
SWITCHD_REPOSITORY_SRCS := $(switchd-repository:%=backup/%.c)
SWITCHD_REPOSITORY_LIBS := -lsqlite3 -ltomcrypt -pthread
# The program that carries copies: the parts that are its own, and all of them;
# needs REPO_SRCS and IMAGE_FRAME_SRCS of formats/, too.
switchd-backup := carry describe image_device image_stored job job_op main \
		  op_bring op_keep op_repo op_save panic report sandbox session \
		  stored_disk stored_place verify_packs
SWITCHD_BACKUP_SRCS := $(switchd-backup:%=backup/%.c) \
	common/fault.c common/json_text.c common/json_wipe.c \
	 $(SWITCHD_REPOSITORY_SRCS) $(STORE_SRCS)
SWITCHD_BACKUP_LIBS := -ljansson $(SWITCHD_REPOSITORY_LIBS) $(STORE_LIBS)
