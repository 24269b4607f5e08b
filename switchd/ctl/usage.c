// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * usage.c - the commands of switchctl: their options, and what --help says
 */
#include "ctl/usage.h"

#include <stdio.h>

#include <osti/ioctl.h>

#include "common/protocol.h"

/* Of all commands that freeze this OS. */
#define DETAILS_FREEZE                                                         \
	"Returns when this operating system runs again, or at once on an error.\n"

#define OPTIONS_UPLOAD                                                         \
	"      --limit-upload=RATE    bytes in a second, like 500K or 2M; 0: no limit\n"
#define OPTIONS_DOWNLOAD                                                       \
	"      --limit-download=RATE  bytes in a second, like 500K or 2M; 0: no limit\n"

const struct usage usage_commands[COMMANDS] = {
	[COMMAND_LIST] = {
		"list", "", "show the slots of this device", "",
		"The slot that runs is marked with *. FROZEN AT is in seconds since power-on.\n"
		"A slot that is 'stored' is empty and goes on from its image.\n",
		"h", ARGS_NONE, { 0 },
	},
	[COMMAND_STATUS] = {
		"status", "", "show this slot, switches and inhibitor locks",
		"", "",
		"h", ARGS_NONE, { 0 },
	},
	[COMMAND_SWITCH] = {
		"switch", "NAME|NUMBER|next|menu", "switch to another slot",
		"      --force            also to one that was pushed from here\n",
		DETAILS_FREEZE
		"'next' is the slot with the next number, 'menu' the boot menu.\n",
		"h", ARGS_TARGET, { OPT_FORCE },
	},
	[COMMAND_HIBERNATE] = {
		"hibernate", "NAME|NUMBER", "save a slot to the store disk",
		"",
		"The slot is this one or one that is frozen. A switch to it resumes it.\n"
		DETAILS_FREEZE,
		"h", ARGS_TARGET, { 0 },
	},
	[COMMAND_POWEROFF] = {
		"poweroff", "", "save all slots, then switch the device off",
		"",
		"If one cannot be saved, the device stays on and this ends with an error.\n"
		DETAILS_FREEZE,
		"h", ARGS_NONE, { 0 },
	},
	[COMMAND_IMAGES] = {
		"images", "", "show the images of the slots", "",
		"An image is stored, missing from the store, refused, or consumed: resumed or\n"
		"given up, so that it will not be resumed again.\n",
		"h", ARGS_NONE, { 0 },
	},
	[COMMAND_VERIFY] = {
		"verify", "NAME|NUMBER", "check all of a slot's stored image",
		"", DETAILS_FREEZE,
		"h", ARGS_TARGET, { 0 },
	},
	[COMMAND_DROP] = {
		"drop", "NAME|NUMBER", "give a slot's stored image up for good",
		"",
		"Somebody must agree at the console of the device.\n"
		DETAILS_FREEZE,
		"h", ARGS_TARGET, { 0 },
	},
	[COMMAND_MARK_GOOD] = {
		"mark-good", "[--keep-older]", "say that this start was good",
		"      --keep-older       do not refuse older versions from now on\n",
		"For root. Starts in a row that nobody calls good end in the boot menu; switchd\n"
		"does it by itself some time after a start. Refusing older versions is for good.\n",
		"h", ARGS_NONE, { OPT_KEEP_OLDER },
	},
	[COMMAND_BOOT_IMAGE] = {
		"boot-image", "install FILE|list [--exchange=PATH]",
		"install a new boot image for this slot",
		"      --exchange=PATH    the exchange disk (default: that of the device)\n",
		"For root. The image is signed for this slot, with a higher version than what runs.\n"
		"The next start tries it; it stays when a start of it was good (mark-good), and is\n"
		"given up after three that were not. This OS is frozen for a moment.\n",
		"h", ARGS_TARGET_MAYBE_ID, { OPT_EXCHANGE },
	},
	[COMMAND_FIRMWARE] = {
		"firmware", "install FILE [--exchange=PATH]",
		"install a new firmware for the device",
		"      --exchange=PATH    the exchange disk (default: that of the device)\n",
		"For root. The owner signed it (osti-sign firmware), with a higher version than what\n"
		"runs. The next power-on tries it; it stays when a start by it was good (mark-good),\n"
		"and is given up after three that were not. This OS is frozen for a moment.\n",
		"h", ARGS_TARGET_MAYBE_ID, { OPT_EXCHANGE },
	},
	[COMMAND_RECOVERY_KEY] = {
		"recovery-key", "[--text] [--qr] [--yes]",
		"show the key that opens copies of this slot",
		"      --text             as text; also into a pipe or file\n"
		"      --qr               as QR code; also into a pipe or file\n"
		"      --yes              do not ask first\n"
		"      --device=PATH      the monitor's device (default " OSTI_DEVICE_PATH
		")\n",
		"For root. Whoever has this key can read all copies of this slot.\n",
		"h", ARGS_NONE, { OPT_DEVICE, OPT_QR, OPT_TEXT, OPT_YES },
	},
	[COMMAND_DISK_KEY] = {
		"disk-key", "", "write the key of this slot's private disk",
		"      --device=PATH      the monitor's device (default " OSTI_DEVICE_PATH
		")\n",
		"For root: 64 bytes, for a pipe. Whoever has them can read the disk.\n",
		"h", ARGS_NONE, { OPT_DEVICE },
	},
	[COMMAND_INHIBIT] = {
		"inhibit", "[--who=TEXT] [--why=TEXT] -- COMMAND [ARGUMENT]...",
		"forbid switches while a command runs",
		"      --who=TEXT         who forbids it (default: name of the command)\n"
		"      --why=TEXT         why (default: \"asked by the user\")\n",
		"Ends with the command's exit status, 128 + n if signal n ended it,\n"
		"127 if there is no such command, 126 if it cannot be run.\n",
		"+h", ARGS_PROGRAM, { OPT_WHO, OPT_WHY },
	},
	[COMMAND_LOG] = {
		"log", "[--follow] [--verify]", "show the event log of the switch monitor",
		"  -f, --follow           wait for more\n"
		"      --verify           check digests and chain\n",
		"Times are in seconds since power-on. With --json --follow: one object per line.\n",
		"hf", ARGS_NONE, { 'f', OPT_VERIFY },
	},
	[COMMAND_STATS] = {
		"stats", "[-n N] [--svg]", "show how long the last switches took",
		"  -n, --count=N          the last N records, 1 to 64 (default 10)\n"
		"      --svg              draw the hot ones as a picture in SVG\n",
		"One line per switch, then the median of each phase of the hot ones as a bar.\n",
		"hn:", ARGS_NONE, { 'n', OPT_SVG },
	},
	[COMMAND_BACKUP] = {
		"backup", "NAME|NUMBER", "copy a frozen or hibernated slot to the repository",
		OPTIONS_UPLOAD,
		"The slot stays as it is. What the repository has already is not sent again.\n"
		"A switch ends the transfer; it is begun again when this system is back.\n",
		"h", ARGS_TARGET, { OPT_LIMIT_UPLOAD },
	},
	[COMMAND_BACKUPS] = {
		"backups", "[NAME|NUMBER]", "show the backups in the repository",
		"", "",
		"h", ARGS_MAYBE_TARGET, { 0 },
	},
	[COMMAND_RESTORE] = {
		"restore", "NAME|NUMBER [--from=BACKUP]",
		"bring a backup back into a slot",
		"      --from=BACKUP      which one (default: the newest)\n"
		OPTIONS_DOWNLOAD,
		"The slot must be empty: hibernate what is in it. Its image is given up when the\n"
		"copy is in. Somebody must agree at the console of the device.\n",
		"h", ARGS_TARGET, { OPT_FROM, OPT_LIMIT_DOWNLOAD },
	},
	[COMMAND_VERIFY_BACKUP] = {
		"verify-backup", "NAME|NUMBER [BACKUP] [--read-data]",
		"check that a backup is whole",
		"      --read-data        read all of it; if the slot is empty, the monitor\n"
		"                         opens everything, too\n"
		OPTIONS_DOWNLOAD,
		"",
		"h", ARGS_TARGET_MAYBE_ID, { OPT_READ_DATA, OPT_LIMIT_DOWNLOAD },
	},
	[COMMAND_FORGET] = {
		"forget", "NAME|NUMBER BACKUP", "delete a backup", "",
		"'prune' gives back what no other backup needs.\n",
		"h", ARGS_TARGET_ID, { 0 },
	},
	[COMMAND_PRUNE] = {
		"prune", "NAME|NUMBER [--keep-...=N]... [--dry-run]",
		"forget old backups, and delete what none needs",
		"      --keep-last=N      keep the newest N\n"
		"      --keep-daily=N     and the newest of each of the last N days,\n"
		"      --keep-weekly=N    weeks\n"
		"      --keep-monthly=N   and months that have one\n"
		"      --dry-run          only say what would be done\n",
		"Without --keep nothing is forgotten. Days are those of UTC. What no backup needs\n"
		"is marked, and deleted by a prune 7 days later.\n",
		"h", ARGS_TARGET,
		{ OPT_KEEP_LAST, OPT_KEEP_DAILY, OPT_KEEP_WEEKLY,
		  OPT_KEEP_MONTHLY, OPT_DRY_RUN },
	},
	[COMMAND_PUSH] = {
		"push", "NAME|NUMBER [--force]",
		"move a slot's system to the repository",
		"      --force            although it lives on another device, or the store\n"
		"                         cannot decide who was first\n"
		OPTIONS_UPLOAD,
		"A backup, and then what is here is put away in the store: a person can take it\n"
		"back at the boot menu until its place is needed.\n",
		"h", ARGS_TARGET, { OPT_FORCE, OPT_LIMIT_UPLOAD },
	},
	[COMMAND_PULL] = {
		"pull", "NAME|NUMBER [--force]",
		"bring here what was pushed, and go on with it",
		"      --force            although it lives on another device\n"
		OPTIONS_DOWNLOAD,
		"As 'restore', and no other device can pull it then.\n",
		"h", ARGS_TARGET, { OPT_FORCE, OPT_LIMIT_DOWNLOAD },
	},
	[COMMAND_BACKUP_CANCEL] = {
		"backup-cancel", "", "end the backup or restore that is under way",
		"", "",
		"h", ARGS_NONE, { 0 },
	},
	[COMMAND_REPO] = {
		"repo", "init|info|check [--read-data]",
		"make, show or check the repository",
		"      --read-data        check: read all packs, too\n",
		"",
		"h", ARGS_TARGET, { OPT_READ_DATA },
	},
	[COMMAND_VERSION] = {
		"version", "", "show the versions of all parts",
		"", "",
		"h", ARGS_NONE, { 0 },
	},
	[COMMAND_ASLEEP] = {
		"asleep", "", "go on with a switch that waits for logind",
		"",
		"For systemd-suspend.service. Exit status: 0 this OS is to suspend, as no switch\n"
		"waits; 1 it was frozen by a switch, and is back; 255 neither.\n",
		"h", ARGS_NONE, { 0 },
	},
};

/* Those that people do not need. */
static bool is_hidden(size_t command)
{
	return command == COMMAND_ASLEEP;
}

void usage_print(void)
{
	size_t i;

	puts("Usage: switchctl [--json] [--socket=PATH] COMMAND [OPTION]...\n"
	     "Switches between the operating systems of this device.\n"
	     "\n"
	     "Commands:");
	for (i = 0; i < COMMANDS; i++)
		if (!is_hidden(i))
			printf("  %-13s %s\n", usage_commands[i].name,
			       usage_commands[i].summary);
	puts("\n"
	     "Options:\n"
	     "      --json             print JSON\n"
	     "      --socket=PATH      switchd's socket (default " PROTOCOL_SOCKET
	     ")\n"
	     "  -h, --help             show this text, or that of a command\n"
	     "  -V, --version          show the version of switchctl\n"
	     "\n"
	     "Exit status: 0 done, 1 failed, 2 wrong usage, 3 switchd cannot be reached,\n"
	     "4 refused because of an inhibitor lock, 5 not allowed, 6 a switch is under way,\n"
	     "7 no such target, 8 cancelled by a hook, 9 the kernel did not freeze this OS,\n"
	     "10 the log failed its verification; of requests to the boot manager: 11 an image\n"
	     "is refused, 12 declined by a person, 13 no such image, 14 a slot is in no state\n"
	     "for it, 15 no store disk or no place, 16 failed, 17 this device has no images;\n"
	     "of mark-good: the start is good, but 18 its version is not known, 19 NV memory\n"
	     "cannot be written; of backups: 20 no repository, 21 it is damaged, 22 the store\n"
	     "fails, 23 it does not allow it, 24 it is full, 25 there is a repository already,\n"
	     "26 no such backup, 27 the system lives elsewhere, 28 it was pushed, 29 ended by a\n"
	     "switch, 30 cancelled, 31 switchd-backup failed.\n"
	     "See switchctl(1).");
}

void usage_print_command(const struct usage *command)
{
	printf("Usage: switchctl %s%s%s\n", command->name,
	       command->synopsis[0] ? " " : "", command->synopsis);
	printf("%c%s.\n\n", command->summary[0] - 'a' + 'A',
	       command->summary + 1);
	fputs(command->options, stdout);
	puts("      --json             print JSON\n"
	     "      --socket=PATH      switchd's socket\n"
	     "  -h, --help             show this text");
	if (command->details[0])
		printf("\n%s", command->details);
}
