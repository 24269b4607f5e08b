// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * options.c - the options of osti-sign
 */
#include "options.h"

#include <string.h>

#define MAKE	CLI_ONLY(COMMAND_MAKE)
#define SIGN	CLI_ONLY(COMMAND_SIGN)
#define FIRMWARE CLI_ONLY(COMMAND_FIRMWARE)
#define PROTECT	CLI_ONLY(COMMAND_PROTECT)
#define VERIFY	CLI_ONLY(COMMAND_VERIFY)

const struct cli_option options_table[OPTIONS] = {
	[OPT_SLOT] = { "slot", true, MAKE },
	[OPT_VERSION] = { "version", true, MAKE | FIRMWARE },
	[OPT_KERNEL] = { "kernel", true, MAKE | VERIFY },
	[OPT_RAMDISK] = { "ramdisk", true, MAKE | VERIFY },
	[OPT_CMDLINE] = { "cmdline", true, MAKE },
	[OPT_DISK_KEY] = { "disk-key", false, MAKE },
	[OPT_KEY] = { "key", true, SIGN | FIRMWARE | PROTECT | VERIFY },
	[OPT_PASSPHRASE] = { "passphrase-file", true,
			     SIGN | FIRMWARE | PROTECT },
};

const char options_help[] =
	"Usage: osti-sign make --slot NAME... --version N --kernel FILE\n"
	"                      [--ramdisk FILE] [--cmdline TEXT] [--disk-key] OUTPUT\n"
	"       osti-sign sign --key KEY [--passphrase-file FILE] BODY OUTPUT\n"
	"       osti-sign firmware --key KEY --version N [--passphrase-file FILE]\n"
	"                          FIRMWARE OUTPUT\n"
	"       osti-sign protect --key KEY [--passphrase-file FILE] OUTPUT\n"
	"       osti-sign show FILE\n"
	"       osti-sign verify --key PUBLIC [--kernel FILE] [--ramdisk FILE] FILE\n"
	"\n"
	"Make, sign, show and verify start statements: what may run in a slot. Make of a\n"
	"firmware image what a device installs. Put the key that signs under a passphrase.\n"
	"\n"
	"  --slot NAME      a slot that it is for; again for each other one\n"
	"  --version N      version of the statement, or of the firmware, from 1\n"
	"  --kernel FILE    arm64 Image, not packed\n"
	"  --ramdisk FILE   initial RAM disk\n"
	"  --cmdline TEXT   kernel command line\n"
	"  --disk-key       it may ask for the key of its slot's disk\n"
	"  --key KEY        private RSA key; to verify: public key or certificate\n"
	"  --passphrase-file FILE\n"
	"                   its first line is the key's passphrase; without it the\n"
	"                   terminal is asked\n"
	"  -h, --help       this text\n"
	"  -V, --version    (without a command) the version of osti-sign\n";

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
	if (cli_number(text, 1, UINT64_MAX, &s->version))
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

bool options_apply(struct options *o, unsigned int option, const char *text)
{
	switch (option) {
	case OPT_SLOT:
		return add_slot(&o->statement, text);
	case OPT_VERSION:
		return set_version(&o->statement, text);
	case OPT_CMDLINE:
		return set_cmdline(&o->statement, text);
	case OPT_DISK_KEY:
		o->statement.flags |= OSTI_START_F_DISK_KEY;
		break;
	case OPT_KERNEL:
		o->kernel = text;
		break;
	case OPT_PASSPHRASE:
		o->passphrase = text;
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

const char *options_missing(const struct options *o, unsigned int command)
{
	if (command == COMMAND_MAKE) {
		if (!o->statement.slots[0][0])
			return "--slot";
		if (!o->statement.version)
			return "--version";
		if (!o->kernel)
			return "--kernel";
	} else if (command == COMMAND_FIRMWARE && !o->statement.version) {
		return "--version";
	} else if (command != COMMAND_SHOW && !o->key) {
		return "--key";
	}
	return NULL;
}
