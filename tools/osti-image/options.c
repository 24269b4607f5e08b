// SPDX-License-Identifier: GPL-2.0-or-later
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "hex.h"

#define MAX_THREADS	64
#define MAX_MIB		(OSTI_IMAGE_PARTITION_MAX >> 20)

enum {
	OPT_JSON = 256,
	OPT_KEY_FILE,
	OPT_OUT,
	OPT_OFFSET,
	OPT_CHUNKS,
	OPT_THREADS,
	OPT_MIB,
	OPT_SLOT,
	OPT_NAME,
	OPT_GENERATION,
	OPT_SAVED_AT,
	OPT_FROZEN_AT,
	OPT_COUNTER,
	OPT_ENTRY,
	OPT_ARG,
	OPT_CPU,
	OPT_PLATFORM,
	OPT_GIC,
};

static const struct option long_options[] = {
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "key-file", required_argument, NULL, OPT_KEY_FILE },
	{ "out", required_argument, NULL, OPT_OUT },
	{ "offset", required_argument, NULL, OPT_OFFSET },
	{ "chunks", no_argument, NULL, OPT_CHUNKS },
	{ "threads", required_argument, NULL, OPT_THREADS },
	{ "mib", required_argument, NULL, OPT_MIB },
	{ "slot", required_argument, NULL, OPT_SLOT },
	{ "name", required_argument, NULL, OPT_NAME },
	{ "generation", required_argument, NULL, OPT_GENERATION },
	{ "saved-at", required_argument, NULL, OPT_SAVED_AT },
	{ "frozen-at", required_argument, NULL, OPT_FROZEN_AT },
	{ "counter", required_argument, NULL, OPT_COUNTER },
	{ "entry", required_argument, NULL, OPT_ENTRY },
	{ "arg", required_argument, NULL, OPT_ARG },
	{ "cpu", required_argument, NULL, OPT_CPU },
	{ "platform", required_argument, NULL, OPT_PLATFORM },
	{ "gic", required_argument, NULL, OPT_GIC },
	{ NULL, 0, NULL, 0 },
};

/* Which commands take an option: a bit for each. */
#define ONLY(command)	(1U << (command))
#define READING	(ONLY(COMMAND_INSPECT) | ONLY(COMMAND_VERIFY) | \
		 ONLY(COMMAND_UNPACK))
#define ANY	(ONLY(COMMANDS) - 1)

static unsigned int takers(int option)
{
	switch (option) {
	case OPT_JSON:
		return ANY;
	case OPT_KEY_FILE:
		return ANY & ~ONLY(COMMAND_BENCH);
	case OPT_OUT:
		return ONLY(COMMAND_UNPACK) | ONLY(COMMAND_PACK);
	case OPT_OFFSET:
		return READING;
	case OPT_CHUNKS:
		return ONLY(COMMAND_INSPECT);
	case OPT_THREADS:
		return ANY & ~ONLY(COMMAND_INSPECT);
	case OPT_MIB:
		return ONLY(COMMAND_BENCH);
	default:
		return ONLY(COMMAND_PACK);
	}
}

static const char * const names[COMMANDS] = {
	[COMMAND_INSPECT] = "inspect",
	[COMMAND_VERIFY] = "verify",
	[COMMAND_UNPACK] = "unpack",
	[COMMAND_PACK] = "pack",
	[COMMAND_BENCH] = "bench",
};

static const char help[] =
	"Usage: osti-image inspect [--key-file KEY [--chunks]] IMAGE\n"
	"       osti-image verify --key-file KEY IMAGE\n"
	"       osti-image unpack --key-file KEY --out RAM IMAGE\n"
	"       osti-image pack --key-file KEY --out IMAGE --name NAME [OPTIONS] RAM\n"
	"       osti-image bench [--mib N | RAM]\n"
	"\n"
	"Look at hibernation images, check them, take them apart, make them.\n"
	"\n"
	"  --json           print one JSON object\n"
	"  --key-file KEY   the device's root key: 32 bytes, or 64 hexadecimal digits\n"
	"  --offset BYTES   where the image begins in IMAGE; it may end before IMAGE\n"
	"  --chunks         list the chunks\n"
	"  --threads N      how many to use (as many as there are CPUs)\n"
	"  -h, --help       this text\n"
	"  -V, --version    the version\n"
	"\n"
	"Options of pack: --slot N, --name NAME, --generation N, --saved-at SECONDS,\n"
	"  --frozen-at SECONDS, --counter N, --entry ADDRESS, --arg N, --cpu N,\n"
	"  --platform HEX, --gic FILE\n"
	"\n"
	"Exit status: 0 good, 1 the image is refused, 2 wrong usage, 3 failed\n";

static bool number(const char *text, uint64_t min, uint64_t max, uint64_t *ret)
{
	unsigned long long value;
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	value = strtoull(text, &end, 0);
	if (errno || *end || value < min || value > max)
		return false;
	*ret = value;
	return true;
}

static bool name(const char *text, struct image_identity *id)
{
	size_t n = strlen(text);

	if (n < 1 || n > OSTI_NAME_LEN)
		return false;
	memset(id->name, 0, OSTI_NAME_LEN);
	memcpy(id->name, text, n);
	return true;
}

static bool apply(struct options *o, int option, const char *text)
{
	uint64_t val = 0;
	bool ok = true;

	switch (option) {
	case OPT_JSON:
		report_use_json();
		break;
	case OPT_KEY_FILE:
		o->key_file = text;
		break;
	case OPT_OUT:
		o->out = text;
		break;
	case OPT_GIC:
		o->gic_file = text;
		break;
	case OPT_OFFSET:
		o->has_offset = true;
		ok = number(text, 0, INT64_MAX / 2, &o->offset);
		break;
	case OPT_CHUNKS:
		o->chunks = true;
		break;
	case OPT_THREADS:
		ok = number(text, 1, MAX_THREADS, &val);
		o->threads = val;
		break;
	case OPT_MIB:
		ok = number(text, 2, MAX_MIB, &o->mib) && o->mib % 2 == 0;
		break;
	case OPT_SLOT:
		ok = number(text, 1, OSTI_MAX_SLOTS, &val);
		o->identity.slot = val;
		break;
	case OPT_NAME:
		ok = name(text, &o->identity);
		break;
	case OPT_GENERATION:
		ok = number(text, 1, UINT64_MAX, &o->identity.generation);
		break;
	case OPT_SAVED_AT:
		ok = number(text, 0, UINT64_MAX, &o->saved_at);
		break;
	case OPT_FROZEN_AT:
		ok = number(text, 0, UINT64_MAX, &o->info.frozen_at);
		break;
	case OPT_COUNTER:
		ok = number(text, 0, UINT64_MAX, &o->info.counter);
		break;
	case OPT_ENTRY:
		ok = number(text, OSTI_RAM_IPA, UINT64_MAX, &o->info.entry);
		break;
	case OPT_ARG:
		ok = number(text, 0, UINT64_MAX, &o->info.arg);
		break;
	case OPT_CPU:
		ok = number(text, 0, OSTI_MAX_CPUS - 1, &val);
		o->info.cpu = val;
		break;
	case OPT_PLATFORM:
		ok = hex_decode(text, strlen(text), o->info.platform,
				OSTI_IMAGE_HASH);
		break;
	}
	return ok;
}

static bool complete(const struct options *o, enum status *status)
{
	const char *missing = NULL;

	if (!o->file && o->command != COMMAND_BENCH)
		missing = o->command == COMMAND_PACK ? "RAM" : "IMAGE";
	else if (!o->key_file && o->command != COMMAND_BENCH &&
		 (o->command != COMMAND_INSPECT || o->chunks))
		missing = "--key-file";
	else if (!o->out && (o->command == COMMAND_PACK ||
			     o->command == COMMAND_UNPACK))
		missing = "--out";
	else if (o->command == COMMAND_PACK && !o->identity.name[0])
		missing = "--name";
	if (!missing)
		return true;
	*status = report_usage("%s needs %s", names[o->command], missing);
	return false;
}

static void defaults(struct options *o)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);

	memset(o, 0, sizeof(*o));
	o->threads = cpus < 1 ? 1 : cpus > MAX_THREADS ? MAX_THREADS : cpus;
	o->mib = 256;
	o->identity.slot = 1;
	o->identity.generation = 1;
	o->saved_at = time(NULL);
	o->info.frozen_at = o->saved_at;
	o->info.entry = OSTI_RAM_IPA;
}

static bool find_command(struct options *o, const char *text)
{
	unsigned int i;

	for (i = 0; i < COMMANDS; i++) {
		if (!strcmp(text, names[i])) {
			o->command = i;
			return true;
		}
	}
	return false;
}

bool options_parse(struct options *o, int argc, char **argv,
		   enum status *status)
{
	int option;
	int index;

	defaults(o);
	if (argc < 2) {
		*status = report_usage("what shall be done?");
		return false;
	}
	*status = STATUS_OK;
	if (!strcmp(argv[1], "-h") || !strcmp(argv[1], "--help")) {
		fputs(help, stdout);
		return false;
	}
	if (!strcmp(argv[1], "-V") || !strcmp(argv[1], "--version")) {
		puts("osti-image " OSTI_VERSION);
		return false;
	}
	if (!find_command(o, argv[1])) {
		*status = report_usage("there is no command '%s'", argv[1]);
		return false;
	}
	/* getopt says itself what is wrong with an option. */
	for (argv[1] = argv[0];
	     (option = getopt_long(argc - 1, argv + 1, "h", long_options,
				   &index)) != -1;) {
		if (option == 'h') {
			fputs(help, stdout);
			return false;
		}
		if (option == '?') {
			*status = STATUS_USAGE;
			return false;
		}
		if (option == 'V' || !(takers(option) & ONLY(o->command))) {
			*status = report_usage("%s does not take --%s",
					       names[o->command],
					       long_options[index].name);
			return false;
		}
		if (!apply(o, option, optarg)) {
			*status = report_usage("--%s cannot be '%s'",
					       long_options[index].name,
					       optarg);
			return false;
		}
	}
	if (optind < argc - 1)
		o->file = argv[1 + optind++];
	if (optind < argc - 1) {
		*status = report_usage("'%s' is too much", argv[1 + optind]);
		return false;
	}
	return complete(o, status);
}
