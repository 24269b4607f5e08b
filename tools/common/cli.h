/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cli.h - the command line of a tool
 *
 *   tool COMMAND [OPTIONS] [FILES]     "-h" or "--help" anywhere
 *   tool -h | --help | -V | --version
 *
 * Options may stand behind the files.
 */
#ifndef CLI_H
#define CLI_H

#include <stdbool.h>
#include <stdint.h>

#include "status.h"

/* Each tool has its own. */
struct options;

struct cli_command {
	const char *name;
	/* How many files it takes, at most CLI_FILES, and their names in words. */
	int min_files, max_files;
	const char *files;
	/* Files that were not given are NULL. Returns what to exit with. */
	enum status (*run)(struct options *o, char *const *files);
};

#define CLI_FILES	2

struct cli_option {
	const char *name;		/* without its dashes */
	bool has_value;
	unsigned int takers;		/* which commands: CLI_ONLY() of each */
};

#define CLI_OPTIONS	32
#define CLI_ONLY(command)	(1U << (command))

struct cli {
	const char *help;
	/* Both are named by their place from 0 on. */
	const struct cli_command *commands;
	unsigned int nr_commands;
	const struct cli_option *options;
	unsigned int nr_options;	/* at most CLI_OPTIONS */
	/*
	 * Note an option; text is NULL for one without value. False: it is wrong,
	 * and that was said. May be NULL when there are no options.
	 */
	bool (*apply)(struct options *o, unsigned int option, const char *text);
	/* What a command needs and did not get, as "--key"; may be NULL. */
	const char *(*missing)(const struct options *o, unsigned int command);
	/* Says what is wrong: say_usage() or what a tool has for it. */
	enum status (*usage)(const char *format, ...)
		__attribute__((format(printf, 1, 2)));
};

/* Do what the command line says. Returns what to exit with. */
enum status cli_main(const struct cli *cli, struct options *o, int argc,
		     char **argv);

/*
 * A number, decimal, or hexadecimal with 0x; false when it is none, or not in
 * min .. max.
 */
bool cli_number(const char *text, uint64_t min, uint64_t max, uint64_t *ret);

#endif /* CLI_H */
