// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The syntax of INI files is libinih's business. It hands over neither line
 * numbers nor lines that are too long, so we read the lines for it, which is
 * where both can be seen.
 */
#include "daemon/config.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#include <ini.h>

#include "common/protocol.h"
#include "common/util.h"

struct parser {
	struct config *config;
	FILE *file;
	const char *path;
	unsigned int line;
	unsigned int seen; /* bit n: key n of the table was given */
	unsigned int seen_backup; /* likewise of [backup] */
	char *error;
};

struct key {
	const char *section;
	const char *name;
	/* 0, or -EINVAL with the parser's error set */
	int (*set)(struct parser *parser, const char *value);
};

static int fail(struct parser *parser, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static int fail(struct parser *parser, const char *format, ...)
{
	va_list args;
	int n;

	/* The first error is the one to mend first. */
	if (parser->error[0])
		return -EINVAL;
	n = snprintf(parser->error, CONFIG_ERROR_MAX, "%s:%u: ", parser->path,
		     parser->line);
	if (n < 0 || n >= CONFIG_ERROR_MAX)
		return -EINVAL;
	va_start(args, format);
	vsnprintf(parser->error + n, CONFIG_ERROR_MAX - (size_t)n, format,
		  args);
	va_end(args);
	return -EINVAL;
}

/* A decimal number and nothing else. */
static bool parse_number(const char *text, unsigned long max,
			 unsigned long *ret)
{
	unsigned long value;
	char *end;

	if (text[0] < '0' || text[0] > '9')
		return false;
	errno = 0;
	value = strtoul(text, &end, 10);
	if (errno || *end || value > max)
		return false;
	*ret = value;
	return true;
}

static int set_number(struct parser *parser, const char *value,
		      unsigned int min, unsigned int max, unsigned int *ret)
{
	unsigned long number;

	if (!parse_number(value, max, &number) || number < min)
		return fail(parser, "'%s' is not a number from %u to %u", value,
			    min, max);
	*ret = (unsigned int)number;
	return 0;
}

static int set_path(struct parser *parser, const char *value, char *ret)
{
	if (value[0] != '/')
		return fail(parser, "'%s' is not an absolute path", value);
	/* A line is far shorter than PATH_MAX. */
	snprintf(ret, PATH_MAX, "%s", value);
	return 0;
}

static int set_group(struct parser *parser, const char *value)
{
	const struct group *group;
	unsigned long number;

	if (strcmp(value, "none") == 0) {
		parser->config->group = (gid_t)-1;
		return 0;
	}
	/* The largest number means "nobody" to the kernel. */
	if (parse_number(value, (gid_t)-1 - 1UL, &number)) {
		parser->config->group = (gid_t)number;
		return 0;
	}
	group = getgrnam(value);
	if (!group)
		return fail(
			parser,
			"there is no group '%s'; make it with groupadd, or write 'none'",
			value);
	parser->config->group = group->gr_gid;
	return 0;
}

static int add_user(struct parser *parser, const char *name)
{
	struct config *config = parser->config;
	const struct passwd *user;
	unsigned long number;
	uid_t uid;

	if (parse_number(name, (uid_t)-1 - 1UL, &number)) {
		uid = (uid_t)number;
	} else {
		user = getpwnam(name);
		if (!user)
			return fail(parser, "there is no user '%s'", name);
		uid = user->pw_uid;
	}
	if (config->n_users == CONFIG_MAX_USERS)
		return fail(parser, "more than %d users; use a group",
			    CONFIG_MAX_USERS);
	config->users[config->n_users++] = uid;
	return 0;
}

static int set_users(struct parser *parser, const char *value)
{
	_cleanup_free_ char *copy = strdup(value);
	char *state = NULL;
	char *name;
	int r;

	if (!copy)
		return fail(parser, "out of memory");
	for (name = strtok_r(copy, ", \t", &state); name;
	     name = strtok_r(NULL, ", \t", &state)) {
		r = add_user(parser, name);
		if (r < 0)
			return r;
	}
	return 0;
}

static int set_hotkey(struct parser *parser, const char *value)
{
	if (keys_parse_hotkey(value, &parser->config->keys) < 0)
		return fail(
			parser,
			"'%s' is not a hot key: write modifiers (ctrl, alt, shift, meta) and 'f' or 'digit', like ctrl+alt+f, or 'none'",
			value);
	return 0;
}

static int set_power_key(struct parser *parser, const char *value)
{
	if (keys_parse_power(value, &parser->config->keys) < 0)
		return fail(
			parser,
			"'%s' is not 'next', 'menu', 'none' or a slot from 1 to 8",
			value);
	return 0;
}

static int set_power_key_max(struct parser *parser, const char *value)
{
	return set_number(parser, value, 50, 60000,
			  &parser->config->keys.power_max_ms);
}

static int set_override(struct parser *parser, const char *value)
{
	return set_number(parser, value, 0, 60000,
			  &parser->config->override_ms);
}

static int set_mark_good_after(struct parser *parser, const char *value)
{
	return set_number(parser, value, 0, 86400,
			  &parser->config->mark_good_after_s);
}

static int set_yes(struct parser *parser, const char *value, bool *ret)
{
	if (strcmp(value, "yes") != 0 && strcmp(value, "no") != 0)
		return fail(parser, "'%s' is neither 'yes' nor 'no'", value);
	*ret = value[0] == 'y';
	return 0;
}

static int set_raise(struct parser *parser, const char *value)
{
	return set_yes(parser, value, &parser->config->raise_least_version);
}

static int set_hook_timeout(struct parser *parser, const char *value)
{
	return set_number(parser, value, 1, 600000,
			  &parser->config->hook_timeout_ms);
}

static int set_hook_units(struct parser *parser, const char *value)
{
	return set_yes(parser, value, &parser->config->hook_units);
}

static int set_block_locks(struct parser *parser, const char *value)
{
	static const char *const names[] = {
		[SWITCHER_LOGIND_NEVER] = "never",
		[SWITCHER_LOGIND_HIBERNATE] = "hibernate",
		[SWITCHER_LOGIND_ALWAYS] = "always",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (strcmp(value, names[i]) == 0) {
			parser->config->block_locks = (enum switcher_logind)i;
			return 0;
		}
	return fail(parser, "'%s' is not 'never', 'hibernate' or 'always'",
		    value);
}

static int set_prepare(struct parser *parser, const char *value)
{
	return set_yes(parser, value, &parser->config->prepare);
}

static int set_device(struct parser *parser, const char *value)
{
	return set_path(parser, value, parser->config->device);
}

static int set_socket(struct parser *parser, const char *value)
{
	/* Root's socket has a longer name, and both end with NUL. */
	const size_t max = sizeof(((struct sockaddr_un *)NULL)->sun_path) -
			   sizeof(PROTOCOL_ROOT_SUFFIX);

	if (strlen(value) > max)
		return fail(parser,
			    "'%s' is too long for a socket (at most %zu bytes)",
			    value, max);
	return set_path(parser, value, parser->config->socket);
}

static int set_hooks(struct parser *parser, const char *value)
{
	return set_path(parser, value, parser->config->hooks);
}

static int set_input(struct parser *parser, const char *value)
{
	return set_path(parser, value, parser->config->input);
}

static const struct key table[] = {
	{ "access", "group", set_group },
	{ "access", "users", set_users },
	{ "keys", "hotkey", set_hotkey },
	{ "keys", "power-key", set_power_key },
	{ "keys", "power-key-max-ms", set_power_key_max },
	{ "keys", "override-ms", set_override },
	{ "start", "mark-good-after-s", set_mark_good_after },
	{ "start", "raise-least-version", set_raise },
	{ "hooks", "timeout-ms", set_hook_timeout },
	{ "hooks", "own-units", set_hook_units },
	{ "logind", "block-locks", set_block_locks },
	{ "logind", "prepare-for-sleep", set_prepare },
	{ "paths", "device", set_device },
	{ "paths", "socket", set_socket },
	{ "paths", "hooks", set_hooks },
	{ "paths", "input", set_input },
};

/* A key of [backup]: 1 = go on, 0 = stop. */
static int on_backup(struct parser *parser, const char *name, const char *value)
{
	char why[CONFIG_ERROR_MAX];
	int key = config_backup_key(name);

	if (key < 0)
		fail(parser, "unknown key '%s' in section [backup]", name);
	else if (parser->seen_backup & (1u << key))
		fail(parser, "'%s' is given twice", name);
	else if (config_backup_set(&parser->config->backup, key, value, why,
				   sizeof(why)) < 0)
		fail(parser, "%s", why);
	else
		parser->seen_backup |= 1u << key;
	return !parser->error[0];
}

/* Called by libinih for each "name = value": 1 = go on, 0 = stop. */
static int on_pair(void *userdata, const char *section, const char *name,
		   const char *value)
{
	struct parser *parser = userdata;
	bool known_section = false;
	size_t i;

	if (strcmp(section, "backup") == 0)
		return on_backup(parser, name, value);
	for (i = 0; i < ARRAY_SIZE(table); i++) {
		if (strcmp(table[i].section, section) != 0)
			continue;
		known_section = true;
		if (strcmp(table[i].name, name) != 0)
			continue;
		if (parser->seen & (1u << i)) {
			fail(parser, "'%s' is given twice", name);
			return 0;
		}
		parser->seen |= 1u << i;
		return table[i].set(parser, value) == 0;
	}
	if (!section[0])
		fail(parser, "'%s' stands before the first [section]", name);
	else if (!known_section)
		fail(parser, "unknown section [%s]", section);
	else
		fail(parser, "unknown key '%s' in section [%s]", name, section);
	return 0;
}

/* Called by libinih for each line, like fgets(). */
static char *on_line(char *text, int size, void *userdata)
{
	struct parser *parser = userdata;
	size_t n;

	/*
	 * An error that we found ends the parsing here, whatever libinih
	 * does with a failed handler.
	 */
	if (parser->error[0])
		return NULL;
	if (!fgets(text, size, parser->file))
		return NULL;
	parser->line++;
	n = strlen(text);
	if ((n == 0 || text[n - 1] != '\n') && !feof(parser->file)) {
		fail(parser, "the line is too long, or has a NUL byte in it");
		return NULL;
	}
	return text;
}

int config_defaults(struct config *config)
{
	const struct group *group = getgrnam("osti");

	memset(config, 0, sizeof(*config));
	config->group = group ? group->gr_gid : (gid_t)-1;
	config->keys.power.wish = KEYS_NEXT;
	config->keys.power_max_ms = 1000;
	config->override_ms = 5000;
	config->mark_good_after_s = 60;
	config->raise_least_version = true;
	config->hook_timeout_ms = 10000;
	config->hook_units = true;
	config->block_locks = SWITCHER_LOGIND_HIBERNATE;
	config_backup_defaults(&config->backup);
	snprintf(config->device, PATH_MAX, "/dev/osti");
	snprintf(config->socket, PATH_MAX, PROTOCOL_SOCKET);
	snprintf(config->hooks, PATH_MAX, "/etc/osti");
	snprintf(config->input, PATH_MAX, "/dev/input");
	return keys_parse_hotkey(OSTI_HOTKEY, &config->keys);
}

int config_load(struct config *config, const char *path,
		char error[CONFIG_ERROR_MAX])
{
	struct parser parser = { .config = config, .path = path };
	int r;

	error[0] = '\0';
	parser.error = error;
	if (config_defaults(config) < 0) {
		snprintf(
			error, CONFIG_ERROR_MAX,
			"switchd was built with the hot key '%s', which is none; see CONFIG_OSTI_HOTKEY",
			OSTI_HOTKEY);
		return -EINVAL;
	}
	parser.file = fopen(path, "re");
	if (!parser.file) {
		r = -errno;
		snprintf(error, CONFIG_ERROR_MAX, "%s: %s", path, strerror(-r));
		return r;
	}
	ini_allow_multiline = false;
	ini_stop_on_first_error = true;
	r = ini_parse_stream(on_line, &parser, on_pair, &parser);
	if (ferror(parser.file)) {
		fclose(parser.file);
		snprintf(error, CONFIG_ERROR_MAX, "%s: cannot be read", path);
		return -EIO;
	}
	fclose(parser.file);
	if (r != 0)
		fail(&parser, "this is neither [section] nor key = value");
	return error[0] ? -EINVAL : 0;
}
