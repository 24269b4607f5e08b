// SPDX-License-Identifier: GPL-2.0-or-later
#include "ctl/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <osti/abi.h>
#include <osti/ioctl.h>

#include "common/protocol.h"
#include "common/rate.h"
#include "common/util.h"

/* Values of long options that have no short form. */
enum {
	OPT_JSON = 256,
	OPT_SOCKET,
	OPT_WHO,
	OPT_WHY,
	OPT_VERIFY,
	OPT_KEEP_OLDER,
	OPT_DEVICE,
	OPT_QR,
	OPT_TEXT,
	OPT_YES,
	OPT_FROM,
	OPT_LIMIT_UPLOAD,
	OPT_LIMIT_DOWNLOAD,
	OPT_FORCE,
	OPT_READ_DATA,
	OPT_DRY_RUN,
	/* In the order of backup_options.keep. */
	OPT_KEEP_LAST,
	OPT_KEEP_DAILY,
	OPT_KEEP_WEEKLY,
	OPT_KEEP_MONTHLY,
};

static const struct option long_options[] = {
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "socket", required_argument, NULL, OPT_SOCKET },
	{ "who", required_argument, NULL, OPT_WHO },
	{ "why", required_argument, NULL, OPT_WHY },
	{ "follow", no_argument, NULL, 'f' },
	{ "verify", no_argument, NULL, OPT_VERIFY },
	{ "keep-older", no_argument, NULL, OPT_KEEP_OLDER },
	{ "count", required_argument, NULL, 'n' },
	{ "device", required_argument, NULL, OPT_DEVICE },
	{ "qr", no_argument, NULL, OPT_QR },
	{ "text", no_argument, NULL, OPT_TEXT },
	{ "yes", no_argument, NULL, OPT_YES },
	{ "from", required_argument, NULL, OPT_FROM },
	{ "limit-upload", required_argument, NULL, OPT_LIMIT_UPLOAD },
	{ "limit-download", required_argument, NULL, OPT_LIMIT_DOWNLOAD },
	{ "force", no_argument, NULL, OPT_FORCE },
	{ "read-data", no_argument, NULL, OPT_READ_DATA },
	{ "dry-run", no_argument, NULL, OPT_DRY_RUN },
	{ "keep-last", required_argument, NULL, OPT_KEEP_LAST },
	{ "keep-daily", required_argument, NULL, OPT_KEEP_DAILY },
	{ "keep-weekly", required_argument, NULL, OPT_KEEP_WEEKLY },
	{ "keep-monthly", required_argument, NULL, OPT_KEEP_MONTHLY },
	{ NULL, 0, NULL, 0 },
};

/* What follows the options of a command. */
enum arguments {
	ARGS_NONE,
	ARGS_TARGET, /* one */
	ARGS_MAYBE_TARGET, /* one or none */
	ARGS_TARGET_ID, /* one, and a backup of it */
	ARGS_TARGET_MAYBE_ID,
	ARGS_PROGRAM, /* a program and its arguments */
};

struct description {
	const char *name;
	const char *synopsis;
	const char *summary;
	const char *options;
	const char *details;
	/* "+": options end at the first argument */
	const char *short_options;
	enum arguments arguments;
	/* options besides help, json and socket, zero-terminated */
	int own[8];
};

/* Of all commands that freeze this OS. */
#define DETAILS_FREEZE                                                         \
	"Returns when this operating system runs again, or at once on an error.\n"

#define OPTIONS_UPLOAD                                                         \
	"      --limit-upload=RATE    bytes in a second, like 500K or 2M; 0: no limit\n"
#define OPTIONS_DOWNLOAD                                                       \
	"      --limit-download=RATE  bytes in a second, like 500K or 2M; 0: no limit\n"

static const struct description commands[COMMANDS] = {
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
		"stats", "[-n N]", "show how long the last switches took",
		"  -n, --count=N          the last N records, 1 to 64 (default 10)\n",
		"One line per switch, then the median of each phase of the hot ones as a bar.\n",
		"hn:", ARGS_NONE, { 'n' },
	},
	[COMMAND_BACKUP] = {
		"backup", "NAME|NUMBER", "copy a frozen slot to the repository",
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
};

static void help(void)
{
	size_t i;

	puts("Usage: switchctl [--json] [--socket=PATH] COMMAND [OPTION]...\n"
	     "Switches between the operating systems of this device.\n"
	     "\n"
	     "Commands:");
	for (i = 0; i < COMMANDS; i++)
		printf("  %-13s %s\n", commands[i].name, commands[i].summary);
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

static void help_command(const struct description *command)
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

static int wrong(const char *command)
{
	fprintf(stderr, "Try 'switchctl %s%s--help'.\n", command,
		command[0] ? " " : "");
	return STATUS_USAGE;
}

static bool is_own(const struct description *command, int option)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(command->own); i++)
		if (command->own[i] && command->own[i] == option)
			return true;
	return false;
}

static bool parse_number(const char *text, long min, long max, int *ret)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(text, &end, 10);
	if (errno || end == text || *end || n < min || n > max)
		return false;
	*ret = (int)n;
	return true;
}

static bool parse_count(const char *text, int *ret)
{
	return parse_number(text, 1, OSTI_PHASE_RECORDS, ret);
}

static int parse_rate(const struct description *command, bool *has,
		      uint64_t *rate)
{
	*has = true;
	if (rate_parse(optarg, rate) == 0)
		return -1;
	fprintf(stderr,
		"switchctl: '%s' is not a number of bytes in a second, like 500K or 2M\n",
		optarg);
	return wrong(command->name);
}

/* Options of the commands about backups; -1 to go on, else the exit status. */
static int parse_backup(const struct description *command, int option,
			struct backup_options *ret)
{
	switch (option) {
	case OPT_FROM:
		ret->id = optarg;
		return -1;
	case OPT_LIMIT_UPLOAD:
		return parse_rate(command, &ret->has_upload,
				  &ret->limit_upload);
	case OPT_LIMIT_DOWNLOAD:
		return parse_rate(command, &ret->has_download,
				  &ret->limit_download);
	case OPT_FORCE:
		ret->force = true;
		return -1;
	case OPT_READ_DATA:
		ret->read_data = true;
		return -1;
	case OPT_DRY_RUN:
		ret->dry_run = true;
		return -1;
	default:
		break;
	}
	if (parse_number(optarg, 0, 100000,
			 &ret->keep[option - OPT_KEEP_LAST]))
		return -1;
	fprintf(stderr, "switchctl: '%s' is not a number from 0 to 100000\n",
		optarg);
	return wrong(command->name);
}

/* Return: -1 to go on, else the exit status. */
static int parse_own(const struct description *command, int option,
		     struct options *ret)
{
	if (!is_own(command, option)) {
		/* getopt_long() has said so itself of what nobody knows. */
		if (option != '?')
			fprintf(stderr,
				"switchctl: this option is not for '%s'\n",
				command->name);
		return wrong(command->name);
	}
	switch (option) {
	case OPT_WHO:
		ret->who = optarg;
		break;
	case OPT_WHY:
		ret->why = optarg;
		break;
	case 'f':
		ret->follow = true;
		break;
	case OPT_VERIFY:
		ret->verify = true;
		break;
	case OPT_KEEP_OLDER:
		ret->keep_older = true;
		break;
	case OPT_DEVICE:
		ret->device = optarg;
		break;
	case OPT_QR:
		ret->qr = true;
		break;
	case OPT_TEXT:
		ret->text = true;
		break;
	case OPT_YES:
		ret->yes = true;
		break;
	case 'n':
		if (!parse_count(optarg, &ret->count)) {
			fprintf(stderr,
				"switchctl: '%s' is not a number from 1 to %d\n",
				optarg, OSTI_PHASE_RECORDS);
			return wrong(command->name);
		}
		break;
	default:
		return parse_backup(command, option, &ret->backup);
	}
	return -1;
}

static bool may_have(const struct description *command, size_t n)
{
	switch (command->arguments) {
	case ARGS_NONE:
		return n == 0;
	case ARGS_TARGET:
		return n == 1;
	case ARGS_MAYBE_TARGET:
		return n <= 1;
	case ARGS_TARGET_ID:
		return n == 2;
	case ARGS_TARGET_MAYBE_ID:
		return n == 1 || n == 2;
	default:
		return true;
	}
}

static int missing(const struct description *command)
{
	fprintf(stderr, "switchctl: '%s' needs %s: %s\n", command->name,
		command->arguments == ARGS_TARGET_ID ? "two arguments"
						     : "an argument",
		command->synopsis);
	return wrong(command->name);
}

/* What follows the options. Return: -1 to go on, else the exit status. */
static int take_arguments(int argc, char **argv,
			  const struct description *command,
			  struct options *ret)
{
	size_t n = (size_t)(argc - optind);

	if (command->arguments == ARGS_PROGRAM) {
		if (!n)
			return missing(command);
		ret->argv = argv + optind;
		return -1;
	}
	if (!may_have(command, n)) {
		size_t most = command->arguments == ARGS_NONE ? 0
			      : may_have(command, 2)	      ? 2
							      : 1;

		if (n <= most)
			return missing(command);
		fprintf(stderr, "switchctl: unexpected argument '%s'\n",
			argv[(size_t)optind + most]);
		return wrong(command->name);
	}
	if (n > 0)
		ret->target = argv[optind];
	if (n > 1)
		ret->backup.id = argv[optind + 1];
	return -1;
}

/* "repo" has words of its own. Return: -1 to go on, else the exit status. */
static int check_word(const struct description *command,
		      const struct options *options)
{
	static const char *const words[] = { "init", "info", "check" };
	size_t i;

	if (options->command != COMMAND_REPO)
		return -1;
	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (strcmp(words[i], options->target) == 0)
			return -1;
	fprintf(stderr, "switchctl: '%s' is none of: init, info, check\n",
		options->target);
	return wrong(command->name);
}

/* argv begins with the name of switchctl, instead of the command's. */
static int parse_command(int argc, char **argv,
			 const struct description *command, struct options *ret)
{
	int c;
	int r;

	optind = 0;
	while ((c = getopt_long(argc, argv, command->short_options,
				long_options, NULL)) != -1)
		switch (c) {
		case 'h':
			help_command(command);
			return STATUS_OK;
		case OPT_JSON:
			ret->json = true;
			break;
		case OPT_SOCKET:
			ret->socket = optarg;
			break;
		default:
			r = parse_own(command, c, ret);
			if (r >= 0)
				return r;
			break;
		}
	r = take_arguments(argc, argv, command, ret);
	return r < 0 ? check_word(command, ret) : r;
}

int options_parse(int argc, char **argv, struct options *ret)
{
	const char *name;
	int c;
	int i;

	memset(ret, 0, sizeof(*ret));
	ret->socket = PROTOCOL_SOCKET;
	ret->device = OSTI_DEVICE_PATH;
	ret->why = "asked by the user";
	ret->count = 10;
	for (i = 0; i < OPTIONS_KEEP; i++)
		ret->backup.keep[i] = -1;
	optind = 0;
	while ((c = getopt_long(argc, argv, "+hV", long_options, NULL)) != -1)
		switch (c) {
		case 'h':
			help();
			return STATUS_OK;
		case 'V':
			puts("switchctl " OSTI_VERSION);
			return STATUS_OK;
		case OPT_JSON:
			ret->json = true;
			break;
		case OPT_SOCKET:
			ret->socket = optarg;
			break;
		default:
			if (c != '?')
				fprintf(stderr,
					"switchctl: this option goes after its command\n");
			return wrong("");
		}
	if (optind == argc) {
		fprintf(stderr, "switchctl: which command?\n");
		return wrong("");
	}
	name = argv[optind];
	for (i = 0; i < COMMANDS; i++)
		if (strcmp(commands[i].name, name) == 0)
			break;
	if (i == COMMANDS) {
		fprintf(stderr, "switchctl: unknown command '%s'\n", name);
		return wrong("");
	}
	ret->command = (enum command)i;
	/* getopt_long() puts this before its messages. */
	argv[optind] = argv[0];
	return parse_command(argc - optind, argv + optind, &commands[i], ret);
}
