// SPDX-License-Identifier: GPL-2.0-only
/*
 * The "osti" command: control the slots of the device
 */

#include <common.h>
#include <command.h>
#include <hang.h>
#include <linux/compiler.h>
#include <osti/abi.h>
#include <osti/bm/boot.h>
#include <osti/bm/device.h>
#include <osti/bm/display.h>
#include <osti/bm/error.h>
#include <osti/bm/events.h>
#include <osti/bm/hibernate.h>
#include <osti/bm/keyboard.h>
#include <osti/bm/keys.h>
#include <osti/bm/leave.h>
#include <osti/bm/list.h>
#include <osti/bm/menu.h>
#include <osti/bm/restore.h>
#include <osti/bm/resume.h>
#include <osti/bm/saved.h>
#include <osti/bm/slotkey.h>
#include <osti/bm/slots.h>
#include <osti/bm/start.h>

/* "key import <slot>" and the five rows of a key */
#define KEY_ARGS	8

static int result(int ret)
{
	return ret ? CMD_RET_FAILURE : CMD_RET_SUCCESS;
}

static int do_osti_boot(struct cmd_tbl *cmdtp, int flag, int argc,
			char *const argv[])
{
	int ret;

	osti_display_begin();
	osti_keyboard_begin();
	ret = osti_boot();
	/* Whoever returns from the boot command lands in the shell. */
	if (ret && !IS_ENABLED(CONFIG_OSTI_SHELL)) {
		osti_error("the boot manager stops here (%d)", ret);
		hang();
	}

	return result(ret);
}

static int do_osti_menu(struct cmd_tbl *cmdtp, int flag, int argc,
			char *const argv[])
{
	static const struct osti_plan wait = { .act = OSTI_ACT_WAIT };
	struct osti_device dev;

	if (osti_device_get(&dev))
		return CMD_RET_FAILURE;
	osti_keys_drop();

	return result(osti_menu(&dev, &wait));
}

static int do_osti_info(struct cmd_tbl *cmdtp, int flag, int argc,
			char *const argv[])
{
	struct osti_device dev;

	if (osti_device_get(&dev))
		return CMD_RET_FAILURE;
	printf("monitor:  %u.%u\nCPUs:     %u\nslots:    %u\ncounter:  %llu Hz\n",
	       dev.major, dev.minor, dev.nr_cpus, dev.nr_slots, dev.hz);

	return CMD_RET_SUCCESS;
}

static int do_osti_list(struct cmd_tbl *cmdtp, int flag, int argc,
			char *const argv[])
{
	struct osti_device dev;

	if (osti_device_get(&dev))
		return CMD_RET_FAILURE;

	return result(osti_list_slots(&dev));
}

/* Return: CMD_RET_SUCCESS, or what the command shall return */
static int get_slot(int argc, char *const argv[], struct osti_device *dev,
		    struct osti_slot *slot)
{
	if (argc != 2)
		return CMD_RET_USAGE;
	if (osti_device_get(dev) || osti_slots_find(dev, argv[1], slot))
		return CMD_RET_FAILURE;

	return CMD_RET_SUCCESS;
}

static int do_osti_start(struct cmd_tbl *cmdtp, int flag, int argc,
			 char *const argv[])
{
	struct osti_saved saved;
	struct osti_device dev;
	struct osti_slot slot;
	int ret;

	ret = get_slot(argc, argv, &dev, &slot);
	if (ret)
		return ret;
	if (slot.state == OSTI_SLOT_FROZEN) {
		osti_error("slot %u (%s) is frozen: resume it with \"osti resume %u\"",
			   slot.nr, slot.name, slot.nr);
		return CMD_RET_FAILURE;
	}
	if (osti_saved_get(&slot, &saved))
		return CMD_RET_FAILURE;
	if (saved.state != OSTI_SAVED_NONE) {
		osti_error("slot %u (%s) has an image, which a start gives up for good: use \"osti resume %u\", or \"osti drop %u\" first",
			   slot.nr, slot.name, slot.nr, slot.nr);
		return CMD_RET_FAILURE;
	}

	return result(osti_start(&dev, &slot, OSTI_CONSENT_NONE));
}

static int do_osti_resume(struct cmd_tbl *cmdtp, int flag, int argc,
			  char *const argv[])
{
	struct osti_saved saved;
	struct osti_device dev;
	struct osti_slot slot;
	int ret;

	ret = get_slot(argc, argv, &dev, &slot);
	if (ret)
		return ret;
	if (slot.state == OSTI_SLOT_FROZEN)
		return result(osti_resume(&slot));
	if (osti_saved_get(&slot, &saved))
		return CMD_RET_FAILURE;
	if (saved.state == OSTI_SAVED_NONE) {
		osti_error("slot %u (%s) is not frozen and has no image: start it with \"osti start %u\"",
			   slot.nr, slot.name, slot.nr);
		return CMD_RET_FAILURE;
	}

	return result(osti_resume_image(&dev, &slot));
}

static int do_osti_images(struct cmd_tbl *cmdtp, int flag, int argc,
			  char *const argv[])
{
	struct osti_device dev;

	if (osti_device_get(&dev))
		return CMD_RET_FAILURE;

	return result(osti_list_images(&dev));
}

static int do_osti_hibernate(struct cmd_tbl *cmdtp, int flag, int argc,
			     char *const argv[])
{
	struct osti_device dev;
	struct osti_slot slot;
	int ret;

	ret = get_slot(argc, argv, &dev, &slot);
	if (ret)
		return ret;
	if (!osti_hibernate_possible(&slot))
		return CMD_RET_FAILURE;

	return result(osti_hibernate(&dev, &slot));
}

static int do_osti_verify(struct cmd_tbl *cmdtp, int flag, int argc,
			  char *const argv[])
{
	struct osti_saved saved;
	struct osti_device dev;
	struct osti_slot slot;
	int ret;

	ret = get_slot(argc, argv, &dev, &slot);
	if (ret)
		return ret;
	if (osti_saved_get(&slot, &saved))
		return CMD_RET_FAILURE;

	return result(osti_restore_verify(&slot, &saved));
}

static int do_osti_drop(struct cmd_tbl *cmdtp, int flag, int argc,
			char *const argv[])
{
	struct osti_device dev;
	struct osti_slot slot;
	int ret;

	ret = get_slot(argc, argv, &dev, &slot);
	if (ret)
		return ret;

	return result(osti_saved_drop(&slot));
}

/* The words of the key are one text; without any, a person is asked. */
static int do_osti_key(struct cmd_tbl *cmdtp, int flag, int argc,
		       char *const argv[])
{
	struct osti_device dev;
	struct osti_slot slot;
	char text[CONFIG_SYS_CBSIZE] = "";
	int i, ret;

	if (argc < 3 || strcmp(argv[1], "import"))
		return CMD_RET_USAGE;
	ret = get_slot(2, argv + 1, &dev, &slot);
	if (ret)
		return ret;
	if (argc == 3)
		return result(osti_slotkey_ask(&slot));
	for (i = 3; i < argc; i++)
		strlcat(text, argv[i], sizeof(text));
	ret = osti_slotkey_import(&slot, text, strlen(text));
	memset(text, 0, sizeof(text));
	barrier_data(text);

	return result(ret);
}

static int do_osti_log(struct cmd_tbl *cmdtp, int flag, int argc,
		       char *const argv[])
{
	struct osti_device dev;

	if (osti_device_get(&dev))
		return CMD_RET_FAILURE;

	return result(osti_events_print(&dev));
}

static int do_osti_off(struct cmd_tbl *cmdtp, int flag, int argc,
		       char *const argv[])
{
	struct osti_device dev;
	int frozen;

	if (argc == 2 && !strcmp(argv[1], "-f"))
		return result(osti_leave_power_off());
	if (argc != 1)
		return CMD_RET_USAGE;
	if (osti_device_get(&dev))
		return CMD_RET_FAILURE;
	frozen = osti_slots_frozen(&dev, NULL);
	if (frozen < 0)
		return CMD_RET_FAILURE;
	if (frozen) {
		osti_error("%d frozen slot%s would be lost: use \"osti off -f\" if that is right",
			   frozen, frozen == 1 ? "" : "s");
		return CMD_RET_FAILURE;
	}

	return result(osti_leave_power_off());
}

#ifdef CONFIG_SYS_LONGHELP
static char osti_help_text[] =
	"boot - act on the reason for which the boot manager was entered\n"
	"osti menu - show the boot menu and wait for a key\n"
	"osti info - describe the device\n"
	"osti list - list the slots\n"
	"osti start <slot> - load and start an empty slot\n"
	"osti resume <slot> - resume a slot that is frozen or has an image\n"
	"osti images - list the hibernation images\n"
	"osti hibernate <slot> - store an image of a frozen slot\n"
	"osti verify <slot> - read an image and prove that it can be resumed\n"
	"osti drop <slot> - give an image up for good\n"
	"osti key import <slot> [<text>] - take a recovery key of another device\n"
	"osti log - print the event ring of the switch monitor\n"
	"osti off [-f] - power off; -f: also if frozen slots would be lost\n"
	"    <slot> is the number or the name of a slot";
#endif

U_BOOT_CMD_WITH_SUBCMDS(osti, "control the slots of the device", osti_help_text,
			U_BOOT_SUBCMD_MKENT(boot, 1, 0, do_osti_boot),
			U_BOOT_SUBCMD_MKENT(menu, 1, 0, do_osti_menu),
			U_BOOT_SUBCMD_MKENT(info, 1, 1, do_osti_info),
			U_BOOT_SUBCMD_MKENT(list, 1, 1, do_osti_list),
			U_BOOT_SUBCMD_MKENT(start, 2, 0, do_osti_start),
			U_BOOT_SUBCMD_MKENT(resume, 2, 0, do_osti_resume),
			U_BOOT_SUBCMD_MKENT(images, 1, 1, do_osti_images),
			U_BOOT_SUBCMD_MKENT(hibernate, 2, 0, do_osti_hibernate),
			U_BOOT_SUBCMD_MKENT(verify, 2, 0, do_osti_verify),
			U_BOOT_SUBCMD_MKENT(drop, 2, 0, do_osti_drop),
			U_BOOT_SUBCMD_MKENT(key, KEY_ARGS, 0, do_osti_key),
			U_BOOT_SUBCMD_MKENT(log, 1, 1, do_osti_log),
			U_BOOT_SUBCMD_MKENT(off, 2, 0, do_osti_off));
