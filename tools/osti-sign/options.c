// SPDX-License-Identifier: GPL-2.0-or-later
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	OPT_SLOT = 256,
	OPT_VERSION,
	OPT_KERNEL,
	OPT_RAMDISK,
	OPT_CMDLINE,
	OPT_KEY,
};

static const struct option long_options[] = {
	{ "help", no_argument, NULL, 'h' },
	{ "slot", required_argument, NULL, OPT_SLOT },
	{ "version", required_argument, NULL, OPT_VERSION },
	{ "kernel", required_argument, NULL, OPT_KERNEL },
	{ "ramdisk", required_argument, NULL, OPT_RAMDISK },
	{ "cmdline", required_argument, NULL, OPT_CMDLINE },
	{ "key", required_argument, NULL, OPT_KEY },
	{ NULL, 0, NULL, 0 },
};

static const struct {
	const char *name;
	int files;
	const char *usage;
} commands[COMMANDS] = {
	[COMMAND_MAKE] = { "make", 1, "OUTPUT" },
	[COMMAND_SIGN] = { "sign", 2, "BODY and OUTPUT" },
	[COMMAND_SHOW] = { "show", 1, "FILE" },
	[COMMAND_VERIFY] = { "verify", 1, "FILE" },
};

static const char help[] =
	"Usage: osti-sign make --slot NAME... --version N --kernel FILE\n"
	"                      [--ramdisk FILE] [--cmdline TEXT] OUTPUT\n"
	"       osti-sign sign --key KEY BODY OUTPUT\n"
	"       osti-sign show FILE\n"
	"       osti-sign verify --key PUBLIC [--kernel FILE] [--ramdisk FILE] FILE\n"
	"\n"
	"Make, sign, show and verify start statements: what may run in a slot.\n"
	"\n"
	"  --slot NAME      a slot that it is for; again for each other one\n"
	"  --version N      version of the statement, from 1\n"
	"  --kernel FILE    arm64 Image, not packed\n"
	"  --ramdisk FILE   initial RAM disk\n"
	"  --cmdline TEXT   kernel command line\n"
	"  --key KEY        private RSA key; to verify: public key or certificate\n"
	"  -h, --help       this text\n"
	"  -V, --version    (without a command) the version of osti-sign\n";

static bool takes(enum command command, int option)
{
	switch (option) {
	case OPT_KEY:
		return command == COMMAND_SIGN || command == COMMAND_VERIFY;
	case OPT_KERNEL:
	case OPT_RAMDISK:
		return command == COMMAND_MAKE || command == COMMAND_VERIFY;
	default:
		return command == COMMAND_MAKE;
	}
}

/* The names that Kconfig takes for a slot. */
static bool is_name(const char *text)
{
	return *text >= 'a' && *text <= 'z' && strlen(text) < OSTI_NAME_LEN &&
	       text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-")] ==
	       '\0';
}

static bool add_slot(struct statement *s, const char *name)
{
	unsigned int i;

	if (!is_name(name)) {
		say_usage("'%s' is no name of a slot: 1 to %d characters of a-z, 0-9 and '-', the first a letter",
			  name, OSTI_NAME_LEN - 1);
		return false;
	}
	for (i = 0; i < OSTI_MAX_SLOTS && s->slots[i][0]; i++) {
		if (!strcmp(s->slots[i], name)) {
			say_usage("slot '%s' is given twice", name);
			return false;
		}
	}
	if (i == OSTI_MAX_SLOTS) {
		say_usage("a statement can be for at most %d slots",
			  OSTI_MAX_SLOTS);
		return false;
	}
	memcpy(s->slots[i], name, strlen(name));
	return true;
}

static bool set_version(struct statement *s, const char *text)
{
	char *end;

	errno = 0;
	s->version = strtoull(text, &end, 10);
	if (*text >= '1' && *text <= '9' && !*end && !errno)
		return true;
	say_usage("version '%s' is no number from 1 to %llu", text,
		  ~0ULL);
	return false;
}

static bool set_cmdline(struct statement *s, const char *text)
{
	size_t bytes = strlen(text);
	size_t i;

	if (bytes >= OSTI_START_CMDLINE) {
		say_usage("the command line has %zu bytes, at most %d fit",
			  bytes, OSTI_START_CMDLINE - 1);
		return false;
	}
	for (i = 0; i < bytes; i++) {
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f) {
			say_usage("the command line has a control character");
			return false;
		}
	}
	memset(s->cmdline, 0, sizeof(s->cmdline));
	memcpy(s->cmdline, text, bytes);
	return true;
}

static bool apply(struct options *o, int option, const char *text)
{
	switch (option) {
	case OPT_SLOT:
		return add_slot(&o->statement, text);
	case OPT_VERSION:
		return set_version(&o->statement, text);
	case OPT_CMDLINE:
		return set_cmdline(&o->statement, text);
	case OPT_KERNEL:
		o->kernel = text;
		break;
	case OPT_RAMDISK:
		o->ramdisk = text;
		break;
	default:
		o->key = text;
		break;
	}
	return true;
}

static bool is_complete(const struct options *o)
{
	const char *missing = NULL;

	if (o->command == COMMAND_MAKE) {
		if (!o->statement.slots[0][0])
			missing = "--slot";
		else if (!o->statement.version)
			missing = "--version";
		else if (!o->kernel)
			missing = "--kernel";
	} else if (o->command != COMMAND_SHOW && !o->key) {
		missing = "--key";
	}
	if (!missing)
		return true;
	say_usage("%s needs %s", commands[o->command].name, missing);
	return false;
}

static bool find_command(struct options *o, const char *name)
{
	unsigned int i;

	for (i = 0; i < COMMANDS; i++) {
		if (!strcmp(name, commands[i].name)) {
			o->command = i;
			return true;
		}
	}
	say_usage("there is no command '%s'", name);
	return false;
}

static bool get_files(struct options *o, int argc, char **argv)
{
	int i;

	if (argc != commands[o->command].files) {
		say_usage("%s needs %s, and nothing else",
			  commands[o->command].name,
			  commands[o->command].usage);
		return false;
	}
	for (i = 0; i < argc; i++)
		o->files[i] = argv[i];
	return true;
}

/* Return: false when it was a question, which is answered. */
static bool is_work(int argc, char **argv)
{
	if (argc == 2 && (!strcmp(argv[1], "-h") || !strcmp(argv[1], "--help")))
		fputs(help, stdout);
	else if (argc == 2 && (!strcmp(argv[1], "-V") ||
			       !strcmp(argv[1], "--version")))
		puts("osti-sign " OSTI_VERSION);
	else
		return true;
	return false;
}

bool options_parse(struct options *o, int argc, char **argv,
		   enum status *status)
{
	int option, index;

	memset(o, 0, sizeof(*o));
	*status = DONE;
	if (!is_work(argc, argv))
		return false;
	*status = USAGE;
	if (argc < 2) {
		say_usage("what shall be done?");
		return false;
	}
	if (!find_command(o, argv[1]))
		return false;
	/* getopt says itself what is wrong with an option. */
	for (argv[1] = argv[0];
	     (option = getopt_long(argc - 1, argv + 1, "h", long_options,
				   &index)) != -1;) {
		if (option == 'h') {
			fputs(help, stdout);
			*status = DONE;
			return false;
		}
		if (option == '?')
			return false;
		if (!takes(o->command, option)) {
			say_usage("%s does not take --%s",
				  commands[o->command].name,
				  long_options[index].name);
			return false;
		}
		if (!apply(o, option, optarg))
			return false;
	}
	argc -= 1 + optind;
	argv += 1 + optind;
	return get_files(o, argc, argv) && is_complete(o);
}
