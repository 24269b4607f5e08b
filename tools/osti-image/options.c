// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * options.c - the options of osti-image
 */
#include "options.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "hex.h"
#include "report.h"

#define MAX_THREADS	64
#define MAX_MIB		(OSTI_IMAGE_PARTITION_MAX >> 20)

/* Which commands take an option. */
#define PACK	CLI_ONLY(COMMAND_PACK)
#define BENCH	CLI_ONLY(COMMAND_BENCH)
#define CHUNKS	(CLI_ONLY(COMMAND_VERIFY) | CLI_ONLY(COMMAND_UNPACK))
#define READING	(CLI_ONLY(COMMAND_INSPECT) | CLI_ONLY(COMMAND_TABLE) | CHUNKS)
#define FETCH	CLI_ONLY(COMMAND_FETCH)
#define REPO	(CLI_ONLY(COMMAND_LIST) | FETCH)
#define ANY	(READING | PACK | REPO | BENCH)

_Static_assert(OPTIONS <= CLI_OPTIONS, "cli.c has room for all options");

const struct cli_option options_table[OPTIONS] = {
	[OPT_JSON] = { "json", false, ANY },
	[OPT_KEY_FILE] = { "key-file", true, READING | PACK | REPO },
	[OPT_OUT] = { "out", true, CLI_ONLY(COMMAND_UNPACK) | PACK | FETCH },
	[OPT_DISK] = { "disk", true, FETCH },
	[OPT_OFFSET] = { "offset", true, READING },
	[OPT_THREADS] = { "threads", true, CHUNKS | PACK | FETCH | BENCH },
	[OPT_MIB] = { "mib", true, BENCH },
	[OPT_CODEC] = { "codec", true, PACK | BENCH },
	[OPT_LEVEL] = { "level", true, PACK | BENCH },
	[OPT_SLOT] = { "slot", true, PACK },
	[OPT_NAME] = { "name", true, PACK | REPO | CLI_ONLY(COMMAND_VERIFY) },
	[OPT_GENERATION] = { "generation", true, PACK },
	[OPT_SAVED_AT] = { "saved-at", true, PACK },
	[OPT_FROZEN_AT] = { "frozen-at", true, PACK },
	[OPT_COUNTER] = { "counter", true, PACK },
	[OPT_ENTRY] = { "entry", true, PACK },
	[OPT_ARG] = { "arg", true, PACK },
	[OPT_START] = { "start", true, PACK },
	[OPT_CPU] = { "cpu", true, PACK },
	[OPT_KIND] = { "kind", true, PACK },
	[OPT_DISK_KEY] = { "disk-key", false, PACK },
	[OPT_PLATFORM] = { "platform", true, PACK },
	[OPT_DEVICE] = { "device", true, PACK },
	[OPT_GIC] = { "gic", true, PACK },
};

const char options_help[] =
	"Usage: osti-image inspect [--key-file KEY] IMAGE\n"
	"       osti-image table [--key-file KEY] IMAGE\n"
	"       osti-image verify --key-file KEY IMAGE\n"
	"       osti-image unpack --key-file KEY --out RAM IMAGE\n"
	"       osti-image pack --key-file KEY --out IMAGE --name NAME [OPTIONS] RAM\n"
	"       osti-image list [--key-file KEY] REPOSITORY\n"
	"       osti-image verify --key-file KEY REPOSITORY BACKUP\n"
	"       osti-image fetch --key-file KEY --out IMAGE [--disk DISK] REPOSITORY BACKUP\n"
	"       osti-image bench [--mib N | RAM]\n"
	"\n"
	"Look at hibernation images, check them, take them apart, make them; get them\n"
	"out of a repository of backups, which is a directory.\n"
	"\n"
	"  --json           print one JSON object\n"
	"  --key-file KEY   file with the device's root key, 32 bytes or 64 hexadecimal\n"
	"                   digits, or with the slot's recovery key\n"
	"  --offset BYTES   where the image begins in IMAGE; it may end before IMAGE\n"
	"  --threads N      how many to use (as many as there are CPUs)\n"
	"  --name NAME      which slot of a repository a root key shall open\n"
	"  --codec CODEC    of pack and bench: raw, lz4 or zstd (as devices do it)\n"
	"  --level N        of zstd: 1 to 3 (as devices do it)\n"
	"  -h, --help       this text\n"
	"  -V, --version    the version\n"
	"\n"
	"Options of pack: --slot N, --name NAME, --generation N, --saved-at SECONDS,\n"
	"  --frozen-at SECONDS, --counter N, --entry ADDRESS, --arg N, --start VERSION,\n"
	"  --cpu N, --kind local|copy, --disk-key, --platform HEX, --device HEX,\n"
	"  --gic FILE\n"
	"\n"
	"Exit status: 0 good, 1 the image is refused, 2 wrong usage, 3 failed\n";

static const char * const codecs[OSTI_IMAGE_CODECS] = {
	[OSTI_IMAGE_CODEC_RAW] = "raw",
	[OSTI_IMAGE_CODEC_LZ4] = "lz4",
	[OSTI_IMAGE_CODEC_ZSTD] = "zstd",
};

static const char * const kinds[] = {
	[OSTI_IMAGE_LOCAL] = "local",
	[OSTI_IMAGE_COPY] = "copy",
};

const char *options_codec(uint8_t codec)
{
	return codec < OSTI_IMAGE_CODECS ? codecs[codec] : NULL;
}

const char *options_kind(uint32_t kind)
{
	return kind < sizeof(kinds) / sizeof(kinds[0]) ? kinds[kind] : NULL;
}

void options_init(struct options *o)
{
	static const struct image_packing packing = IMAGE_PACKING_LOCAL;
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);

	memset(o, 0, sizeof(*o));
	o->threads = cpus < 1 ? 1 : cpus > MAX_THREADS ? MAX_THREADS : cpus;
	o->mib = 256;
	o->packing = packing;
	o->identity.slot = 1;
	o->identity.generation = 1;
	o->saved_at = time(NULL);
	o->record.frozen_at = o->saved_at;
	o->record.entry = OSTI_RAM_IPA;
	o->record.kind = OSTI_IMAGE_LOCAL;
}

/* For numbers that are stored in fewer bits. */
static bool small(const char *text, uint32_t min, uint32_t max, uint32_t *ret)
{
	uint64_t value;
	bool ok = cli_number(text, min, max, &value);

	if (ok)
		*ret = value;
	return ok;
}

static bool any(const char *text, uint64_t *ret)
{
	return cli_number(text, 0, UINT64_MAX, ret);
}

static bool set_name(const char *text, struct image_identity *id)
{
	size_t n = strlen(text);

	if (n < 1 || n > OSTI_NAME_LEN)
		return false;
	memset(id->name, 0, OSTI_NAME_LEN);
	memcpy(id->name, text, n);
	return true;
}

static bool set_codec(const char *text, struct image_packing *packing)
{
	uint8_t i;

	for (i = 0; i < OSTI_IMAGE_CODECS; i++) {
		if (!strcmp(text, codecs[i])) {
			packing->codec = i;
			return true;
		}
	}
	return false;
}

static bool set_level(const char *text, struct options *o)
{
	uint32_t level;
	bool ok = small(text, 1, IMAGE_ZSTD_MAX, &level);

	if (ok)
		o->packing.level = level;
	o->has_level = true;
	return ok;
}

/* Devices pack copies harder. */
static void pack_as_devices(struct options *o)
{
	static const struct image_packing local = IMAGE_PACKING_LOCAL;
	static const struct image_packing copy = IMAGE_PACKING_COPY;

	if (!o->has_level)
		o->packing.level = o->record.kind == OSTI_IMAGE_COPY ?
				   copy.level : local.level;
}

static bool set_kind(const char *text, struct options *o)
{
	uint16_t i;

	for (i = 0; options_kind(i); i++) {
		if (!strcmp(text, options_kind(i))) {
			o->record.kind = i;
			pack_as_devices(o);
			return true;
		}
	}
	return false;
}

/* What pack says of the image. */
static bool apply_content(struct options *o, unsigned int option,
			  const char *text)
{
	switch (option) {
	case OPT_SLOT:
		return small(text, 1, OSTI_MAX_SLOTS, &o->identity.slot);
	case OPT_NAME:
		return set_name(text, &o->identity);
	case OPT_GENERATION:
		return cli_number(text, 1, UINT64_MAX, &o->identity.generation);
	case OPT_SAVED_AT:
		return any(text, &o->saved_at);
	case OPT_FROZEN_AT:
		return any(text, &o->record.frozen_at);
	case OPT_COUNTER:
		return any(text, &o->record.counter);
	case OPT_ENTRY:
		return cli_number(text, OSTI_RAM_IPA, UINT64_MAX,
				  &o->record.entry);
	case OPT_ARG:
		return any(text, &o->record.arg);
	case OPT_START:
		return any(text, &o->record.start);
	case OPT_CPU:
		return small(text, 0, OSTI_MAX_CPUS - 1, &o->record.cpu);
	case OPT_KIND:
		return set_kind(text, o);
	case OPT_DISK_KEY:
		o->record.flags |= OSTI_IMAGE_F_DISK_KEY;
		return true;
	case OPT_PLATFORM:
		return hex_read(text, strlen(text), o->record.platform,
				OSTI_IMAGE_HASH);
	case OPT_DEVICE:
		o->has_device = true;
		return hex_read(text, strlen(text), o->identity.device,
				OSTI_IMAGE_DEVICE);
	default:
		o->gic_file = text;
		return true;
	}
}

static bool apply(struct options *o, unsigned int option, const char *text)
{
	switch (option) {
	case OPT_JSON:
		report_use_json();
		return true;
	case OPT_KEY_FILE:
		o->key_file = text;
		return true;
	case OPT_OUT:
		o->out = text;
		return true;
	case OPT_DISK:
		o->disk = text;
		return true;
	case OPT_OFFSET:
		o->has_offset = true;
		return cli_number(text, 0, INT64_MAX / 2, &o->offset);
	case OPT_THREADS:
		return small(text, 1, MAX_THREADS, &o->threads);
	case OPT_MIB:
		return cli_number(text, 2, MAX_MIB, &o->mib) && o->mib % 2 == 0;
	case OPT_CODEC:
		return set_codec(text, &o->packing);
	case OPT_LEVEL:
		return set_level(text, o);
	default:
		return apply_content(o, option, text);
	}
}

bool options_apply(struct options *o, unsigned int option, const char *text)
{
	if (apply(o, option, text))
		return true;
	report_usage("--%s cannot be '%s'", options_table[option].name, text);
	return false;
}

const char *options_missing(const struct options *o, unsigned int command)
{
	bool chunks = CHUNKS & CLI_ONLY(command);

	if (!o->key_file &&
	    (chunks || command == COMMAND_PACK || command == COMMAND_FETCH))
		return "--key-file";
	if (!o->out && (command == COMMAND_PACK || command == COMMAND_UNPACK ||
			command == COMMAND_FETCH))
		return "--out";
	if (!o->identity.name[0] && command == COMMAND_PACK)
		return "--name";
	if (o->has_level && o->packing.codec != OSTI_IMAGE_CODEC_ZSTD)
		return "--codec zstd for --level";
	return NULL;
}
