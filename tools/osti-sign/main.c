// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * osti-sign - statements: what the owner allows to run in a slot, and as firmware
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "firmware.h"
#include "key.h"
#include "options.h"
#include "plan.h"
#include "save.h"
#include "signature.h"

/* A statement, or its body alone: then bytes is OSTI_START_BODY. */
struct text {
	uint8_t content[OSTI_START_MAX];
	size_t bytes;
};

static enum status load(const char *path, struct text *text)
{
	struct file f;
	int error = file_open(&f, path);

	if (error)
		return say_failed(path, "cannot open it", error);
	if (f.bytes <= sizeof(text->content)) {
		text->bytes = f.bytes;
		error = file_read(&f, text->content, text->bytes, 0);
	}
	close(f.fd);
	if (error)
		return say_failed(path, "cannot read it", error);
	if (f.bytes != OSTI_START_BODY &&
	    (f.bytes < OSTI_START_MIN || f.bytes > OSTI_START_MAX))
		return say_refused(path, "it has %llu bytes, so it is no start statement",
				   (unsigned long long)f.bytes);
	return DONE;
}

/* Load and decode. */
static enum status load_statement(const char *path, struct text *text,
				  struct statement *s)
{
	enum status status = load(path, text);
	const char *wrong;

	if (status)
		return status;
	wrong = statement_decode(text->content, s);
	return wrong ? say_refused(path, "%s", wrong) : DONE;
}

static enum status command_make(struct options *o, char *const *files)
{
	struct text text = { .bytes = OSTI_START_BODY };
	enum status status;
	const char *wrong;

	status = plan_parts(o->kernel, o->ramdisk, &o->statement);
	if (status)
		return status;
	wrong = statement_check(&o->statement);
	if (wrong)
		return say_refused(o->kernel, "%s", wrong);
	statement_encode(&o->statement, text.content);
	return save_file(files[0], text.content, text.bytes);
}

static enum status command_sign(struct options *o, char *const *files)
{
	enum status status;
	struct statement s;
	struct text text;
	size_t bytes;

	status = load_statement(files[0], &text, &s);
	if (status)
		return status;
	if (text.bytes != OSTI_START_BODY)
		return say_refused(files[0], "it is signed already");
	status = signature_make(o->key, o->passphrase, text.content,
				OSTI_START_BODY, text.content + OSTI_START_BODY, &bytes);
	if (status)
		return status;
	text.bytes += bytes;
	return save_file(files[1], text.content, text.bytes);
}

static enum status command_firmware(struct options *o, char *const *files)
{
	return firmware_make(o, files[0], files[1]);
}

static enum status command_protect(struct options *o, char *const *files)
{
	static char text[KEY_MAX];
	enum status status;
	size_t bytes;

	status = key_protect(o->key, o->passphrase, text, &bytes);
	return status ? status : save_file(files[0], text, bytes);
}

static void show_part(const char *name, const struct part *part)
{
	unsigned int i;

	printf("%-9s %llu bytes at 0x%llx, BLAKE2b-256 ", name,
	       (unsigned long long)part->bytes,
	       (unsigned long long)part->offset);
	for (i = 0; i < sizeof(part->hash); i++)
		printf("%02x", part->hash[i]);
	putchar('\n');
}

/* What is not printable becomes "?". */
static void show_text(const char *text)
{
	for (; *text; text++)
		putchar(*text >= ' ' && *text < 0x7f ? *text : '?');
}

static enum status command_show(struct options *o, char *const *files)
{
	enum status status;
	struct statement s;
	struct text text;
	unsigned int i;

	(void)o;
	status = load_statement(files[0], &text, &s);
	if (status)
		return status;
	printf("version   %llu\n", (unsigned long long)s.version);
	printf("slots    ");
	for (i = 0; i < OSTI_MAX_SLOTS && s.slots[i][0]; i++) {
		putchar(' ');
		show_text(s.slots[i]);
	}
	putchar('\n');
	printf("disk key  %s\n", s.flags & OSTI_START_F_DISK_KEY ?
	       "it may ask for it" : "not for it");
	show_part("kernel", &s.kernel);
	if (s.ramdisk.bytes)
		show_part("ramdisk", &s.ramdisk);
	printf("cmdline   ");
	show_text(s.cmdline);
	if (text.bytes == OSTI_START_BODY)
		puts("\nsignature none");
	else
		printf("\nsignature %zu bits, not verified\n",
		       8 * (text.bytes - OSTI_START_BODY));
	if (fflush(stdout) || ferror(stdout))
		return say_failed("standard output", "cannot write", errno);
	return DONE;
}

/* Is a file what the statement says? None was asked for if path is NULL. */
static enum status compare(const char *path, const char *what,
			   const struct part *said)
{
	enum status status;
	struct part found;

	if (!path)
		return DONE;
	status = plan_measure(path, &found, NULL, 0);
	if (status)
		return status;
	if (found.bytes != said->bytes ||
	    memcmp(found.hash, said->hash, sizeof(found.hash)))
		return say_refused(path, "it is not the %s of the statement",
				   what);
	return DONE;
}

static enum status command_verify(struct options *o, char *const *files)
{
	enum status status;
	struct statement s;
	struct text text;

	status = load(files[0], &text);
	if (status)
		return status;
	if (text.bytes == OSTI_START_BODY)
		return say_refused(files[0], "it is not signed");
	status = signature_check(o->key, files[0], text.content,
				 text.content + OSTI_START_BODY,
				 text.bytes - OSTI_START_BODY);
	if (!status)
		status = load_statement(files[0], &text, &s);
	if (!status)
		status = compare(o->kernel, "kernel", &s.kernel);
	if (!status)
		status = compare(o->ramdisk, "RAM disk", &s.ramdisk);
	return status;
}

static const struct cli_command commands[COMMANDS] = {
	[COMMAND_MAKE] = { "make", 1, 1, "OUTPUT", command_make },
	[COMMAND_SIGN] = { "sign", 2, 2, "BODY and OUTPUT", command_sign },
	[COMMAND_FIRMWARE] = { "firmware", 2, 2, "FIRMWARE and OUTPUT",
			       command_firmware },
	[COMMAND_PROTECT] = { "protect", 1, 1, "OUTPUT", command_protect },
	[COMMAND_SHOW] = { "show", 1, 1, "FILE", command_show },
	[COMMAND_VERIFY] = { "verify", 1, 1, "FILE", command_verify },
};

static const struct cli cli = {
	.help = options_help,
	.commands = commands,
	.nr_commands = COMMANDS,
	.options = options_table,
	.nr_options = OPTIONS,
	.apply = options_apply,
	.missing = options_missing,
	.usage = say_usage,
};

int main(int argc, char **argv)
{
	struct options o = { 0 };

	return cli_main(&cli, &o, argc, argv);
}
