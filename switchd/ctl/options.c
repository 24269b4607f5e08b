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
	{ NULL, 0, NULL, 0 },
};

/* What follows the options of a command. */
enum arguments {
	ARGS_NONE,
	ARGS_TARGET, /* one */
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
	int own[4];
};

/* Of all commands that freeze this OS. */
#define DETAILS_FREEZE                                                         \
	"Returns when this operating system runs again, or at once on an error.\n"

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
		"",
		DETAILS_FREEZE
		"'next' is the slot with the next number, 'menu' the boot menu.\n",
		"h", ARGS_TARGET, { 0 },
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
		printf("  %-12s %s\n", commands[i].name, commands[i].summary);
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
	     "cannot be written.\n"
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

static bool parse_count(const char *text, int *ret)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(text, &end, 10);
	if (errno || end == text || *end || n < 1 || n > OSTI_PHASE_RECORDS)
		return false;
	*ret = (int)n;
	return true;
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
	}
	return -1;
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
	if (command->arguments != ARGS_NONE && optind == argc) {
		fprintf(stderr, "switchctl: '%s' needs an argument: %s\n",
			command->name, command->synopsis);
		return wrong(command->name);
	}
	if (command->arguments == ARGS_PROGRAM) {
		ret->argv = argv + optind;
		return -1;
	}
	if (command->arguments == ARGS_TARGET)
		ret->target = argv[optind++];
	if (optind < argc) {
		fprintf(stderr, "switchctl: unexpected argument '%s'\n",
			argv[optind]);
		return wrong(command->name);
	}
	return -1;
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
