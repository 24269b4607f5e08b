// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cli.c - the command line of a tool
 */
#include "cli.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool cli_number(const char *text, uint64_t min, uint64_t max, uint64_t *ret)
{
	int base = !strncmp(text, "0x", 2) ? 16 : 10;
	unsigned long long value;
	char *end;

	/* strtoull() would also take a sign and white space. */
	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	value = strtoull(text, &end, base);
	if (errno || *end || value < min || value > max)
		return false;
	*ret = value;
	return true;
}

/* Was it a question? Then it is answered. */
static bool answered(const struct cli *cli, const char *word)
{
	if (!strcmp(word, "-h") || !strcmp(word, "--help"))
		fputs(cli->help, stdout);
	else if (!strcmp(word, "-V") || !strcmp(word, "--version"))
		puts(OSTI_TOOL " " OSTI_VERSION);
	else
		return false;
	return true;
}

static bool find_command(const struct cli *cli, const char *name,
			 unsigned int *command)
{
	unsigned int i;

	for (i = 0; i < cli->nr_commands; i++) {
		if (!strcmp(name, cli->commands[i].name)) {
			*command = i;
			return true;
		}
	}
	cli->usage("there is no command '%s'", name);
	return false;
}

/* Numbers of options, for getopt: behind those of all characters. */
#define FIRST_OPTION	256

static void make_options(const struct cli *cli,
			 struct option table[CLI_OPTIONS + 2])
{
	unsigned int i;

	table[0] = (struct option){ "help", no_argument, NULL, 'h' };
	for (i = 0; i < cli->nr_options; i++) {
		table[i + 1] = (struct option){
			cli->options[i].name,
			cli->options[i].has_value ? required_argument :
						    no_argument,
			NULL, FIRST_OPTION + i
		};
	}
	table[i + 1] = (struct option){ NULL, 0, NULL, 0 };
}

/*
 * Take the options; false: the tool ends with *status. argv[0] is the tool's
 * name, the command is gone.
 */
static bool take_options(const struct cli *cli, struct options *o,
			 unsigned int command, int argc, char **argv,
			 enum status *status)
{
	struct option table[CLI_OPTIONS + 2];
	int nr;

	make_options(cli, table);
	*status = USAGE;
	while ((nr = getopt_long(argc, argv, "h", table, NULL)) != -1) {
		const struct cli_option *option;

		if (nr == 'h') {
			fputs(cli->help, stdout);
			*status = DONE;
			return false;
		}
		/* getopt has said itself what is wrong. */
		if (nr == '?')
			return false;
		option = &cli->options[nr - FIRST_OPTION];
		if (!(option->takers & CLI_ONLY(command))) {
			cli->usage("%s does not take --%s",
				   cli->commands[command].name, option->name);
			return false;
		}
		if (!cli->apply(o, nr - FIRST_OPTION, optarg))
			return false;
	}
	return true;
}

enum status cli_main(const struct cli *cli, struct options *o, int argc,
		     char **argv)
{
	char *files[CLI_FILES] = { NULL };
	const struct cli_command *command;
	const char *missing = NULL;
	unsigned int nr;
	enum status status;
	int i;

	if (argc < 2)
		return cli->usage("what shall be done?");
	if (answered(cli, argv[1]))
		return DONE;
	if (!find_command(cli, argv[1], &nr))
		return USAGE;
	command = &cli->commands[nr];
	argv[1] = argv[0];
	argc--;
	argv++;
	if (!take_options(cli, o, nr, argc, argv, &status))
		return status;
	argc -= optind;
	argv += optind;
	if (argc > command->max_files)
		return cli->usage("'%s' is too much",
				  argv[command->max_files]);
	if (argc < command->min_files)
		return cli->usage("%s needs %s", command->name,
				  command->files);
	for (i = 0; i < argc; i++)
		files[i] = argv[i];
	if (cli->missing)
		missing = cli->missing(o, nr);
	if (missing)
		return cli->usage("%s needs %s", command->name, missing);
	return command->run(o, files);
}
