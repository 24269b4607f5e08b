// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * options.c - the command line of switchctl
 */
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
#include "ctl/usage.h"

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
	{ "svg", no_argument, NULL, OPT_SVG },
	{ "device", required_argument, NULL, OPT_DEVICE },
	{ "exchange", required_argument, NULL, OPT_EXCHANGE },
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

static int wrong(const char *command)
{
	fprintf(stderr, "Try 'switchctl %s%s--help'.\n", command,
		command[0] ? " " : "");
	return STATUS_USAGE;
}

static bool is_own(const struct usage *command, int option)
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

static int parse_rate(const struct usage *command, bool *has, uint64_t *rate)
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
static int parse_backup(const struct usage *command, int option,
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
	if (parse_number(optarg, 0, 100000, &ret->keep[option - OPT_KEEP_LAST]))
		return -1;
	fprintf(stderr, "switchctl: '%s' is not a number from 0 to 100000\n",
		optarg);
	return wrong(command->name);
}

/* Return: -1 to go on, else the exit status. */
static int parse_own(const struct usage *command, int option,
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
	case OPT_EXCHANGE:
		ret->exchange = optarg;
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
	case OPT_SVG:
		ret->svg = true;
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

static bool may_have(const struct usage *command, size_t n)
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

static int missing(const struct usage *command)
{
	fprintf(stderr, "switchctl: '%s' needs %s: %s\n", command->name,
		command->arguments == ARGS_TARGET_ID ? "two arguments"
						     : "an argument",
		command->synopsis);
	return wrong(command->name);
}

/* What follows the options. Return: -1 to go on, else the exit status. */
static int take_arguments(int argc, char **argv, const struct usage *command,
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
	if (n > 1 && (ret->command == COMMAND_BOOT_IMAGE ||
		      ret->command == COMMAND_FIRMWARE))
		ret->file = argv[optind + 1];
	else if (n > 1)
		ret->backup.id = argv[optind + 1];
	return -1;
}

/* "boot-image list", and "install FILE" of boot-image and firmware */
static int check_boot_image(const struct usage *command,
			    const struct options *options)
{
	const bool may_list = options->command == COMMAND_BOOT_IMAGE;
	const bool list = may_list && strcmp(options->target, "list") == 0;

	if (!list && strcmp(options->target, "install") != 0)
		fprintf(stderr, "switchctl: '%s' is none of: install%s\n",
			options->target, may_list ? ", list" : "");
	else if (!list && !options->file)
		fprintf(stderr, "switchctl: 'install' needs a file\n");
	else if (list && options->file)
		fprintf(stderr, "switchctl: unexpected argument '%s'\n",
			options->file);
	else
		return -1;
	return wrong(command->name);
}

/* Some have words of their own. Return: -1 to go on, else the exit status. */
static int check_word(const struct usage *command,
		      const struct options *options)
{
	static const char *const words[] = { "init", "info", "check" };
	size_t i;

	if (options->command == COMMAND_BOOT_IMAGE ||
	    options->command == COMMAND_FIRMWARE)
		return check_boot_image(command, options);
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
static int parse_command(int argc, char **argv, const struct usage *command,
			 struct options *ret)
{
	int c;
	int r;

	optind = 0;
	while ((c = getopt_long(argc, argv, command->short_options,
				long_options, NULL)) != -1)
		switch (c) {
		case 'h':
			usage_print_command(command);
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
	if (ret->json && ret->svg) {
		fprintf(stderr, "switchctl: one of --json and --svg\n");
		return wrong(command->name);
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
			usage_print();
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
		if (strcmp(usage_commands[i].name, name) == 0)
			break;
	if (i == COMMANDS) {
		fprintf(stderr, "switchctl: unknown command '%s'\n", name);
		return wrong("");
	}
	ret->command = (enum command)i;
	/* getopt_long() puts this before its messages. */
	argv[optind] = argv[0];
	return parse_command(argc - optind, argv + optind, &usage_commands[i],
			     ret);
}
