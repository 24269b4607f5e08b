// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * config_backup.c - section [backup] of switchd.conf
 */
#include "daemon/config_backup.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/rate.h"
#include "common/util.h"

enum type {
	TYPE_TEXT,
	TYPE_URL, /* of a repository */
	TYPE_HTTPS,
	TYPE_PATH,
	TYPE_NUMBER,
	TYPE_YES_NO,
	TYPE_RATE,
	TYPE_TIME, /* a number with s, m, h or d */
	TYPE_WINDOW,
	TYPE_LIST, /* of names, with commas */
};

struct key {
	const char *name;
	enum type type;
	size_t offset;
	size_t room; /* of texts; of numbers the greatest one */
};

#define TEXT(name, type, field)                                                \
	{                                                                      \
		name, type, offsetof(struct backup_config, field),             \
			sizeof(((struct backup_config *)NULL)->field)          \
	}
#define VALUE(name, type, field, max)                                          \
	{                                                                      \
		name, type, offsetof(struct backup_config, field), max         \
	}

static const struct key keys[] = {
	TEXT("repository", TYPE_URL, repository),
	TEXT("endpoint", TYPE_HTTPS, endpoint),
	TEXT("region", TYPE_TEXT, region),
	TEXT("ca", TYPE_PATH, ca),
	TEXT("credentials", TYPE_PATH, credentials),
	VALUE("virtual-host", TYPE_YES_NO, virtual_host, 0),
	VALUE("parallel", TYPE_NUMBER, parallel, 64),
	VALUE("limit-upload", TYPE_RATE, limit_upload, 0),
	VALUE("limit-download", TYPE_RATE, limit_download, 0),
	VALUE("interval", TYPE_TIME, interval_s, 366 * 86400),
	VALUE("window", TYPE_WINDOW, window_begin, 0),
	VALUE("only-on-mains", TYPE_YES_NO, only_on_mains, 0),
	TEXT("networks", TYPE_LIST, networks),
	VALUE("rest-when-busy", TYPE_YES_NO, rest_when_busy, 0),
	VALUE("keep-last", TYPE_NUMBER, keep[0], 100000),
	VALUE("keep-daily", TYPE_NUMBER, keep[1], 100000),
	VALUE("keep-weekly", TYPE_NUMBER, keep[2], 100000),
	VALUE("keep-monthly", TYPE_NUMBER, keep[3], 100000),
	VALUE("again-after-switch", TYPE_YES_NO, again_after_switch, 0),
	VALUE("own-unit", TYPE_YES_NO, own_unit, 0),
	TEXT("user", TYPE_TEXT, user),
	TEXT("program", TYPE_PATH, program),
	TEXT("state", TYPE_PATH, state),
	TEXT("device-name", TYPE_TEXT, device_name),
};

_Static_assert(ARRAY_SIZE(keys) <= 32, "a bit for every key");

void config_backup_defaults(struct backup_config *config)
{
	memset(config, 0, sizeof(*config));
	snprintf(config->repository, sizeof(config->repository),
		 "file:///var/lib/osti/repository");
	config->only_on_mains = true;
	config->rest_when_busy = true;
	config->again_after_switch = true;
	config->own_unit = true;
	snprintf(config->user, sizeof(config->user), "osti-backup");
	snprintf(config->program, sizeof(config->program),
		 "/usr/libexec/osti/switchd-backup");
	snprintf(config->state, sizeof(config->state), "/var/lib/osti");
}

int config_backup_key(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(keys); i++)
		if (strcmp(keys[i].name, name) == 0)
			return (int)i;
	return -1;
}

/*
 * The next name of a list, without the blanks around it. Return: its length;
 * *list is behind it, NULL after the last one.
 */
static size_t next_name(const char **list, const char **name)
{
	const char *end = strchrnul(*list, ',');
	const char *at = *list + strspn(*list, " \t");
	size_t n = at < end ? (size_t)(end - at) : 0;

	while (n && (at[n - 1] == ' ' || at[n - 1] == '\t'))
		n--;
	*list = *end ? end + 1 : NULL;
	*name = at;
	return n;
}

bool config_backup_has_network(const struct backup_config *config,
			       const char *name)
{
	const char *list = config->networks;
	const char *one;

	if (!list[0] || !name)
		return true;
	while (list) {
		size_t n = next_name(&list, &one);

		if (n == strlen(name) && memcmp(one, name, n) == 0)
			return true;
	}
	return false;
}

static int wrong(char *why, size_t room, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static int wrong(char *why, size_t room, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why, room, format, args);
	va_end(args);
	return -EINVAL;
}

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

static bool is_list(const char *list)
{
	const char *name;

	while (list)
		if (!next_name(&list, &name))
			return false;
	return true;
}

/* NULL: the text is one of that kind, else what it should be. */
static const char *check_text(enum type type, const char *value)
{
	switch (type) {
	case TYPE_URL:
		if (!begins(value, "file:///") && !begins(value, "s3://"))
			return "a repository: write file:///DIRECTORY or s3://BUCKET";
		return NULL;
	case TYPE_HTTPS:
		if (!begins(value, "https://") && !begins(value, "http://"))
			return "an endpoint: write https://HOST or https://HOST:PORT";
		return NULL;
	case TYPE_PATH:
		return value[0] == '/' ? NULL : "an absolute path";
	case TYPE_LIST:
		return is_list(value) ? NULL : "a list of names, with commas";
	default:
		return value[0] ? NULL : "a text";
	}
}

static int set_text(const struct key *key, char *field, const char *value,
		    char *why, size_t room)
{
	const char *should = check_text(key->type, value);

	if (should)
		return wrong(why, room, "'%s' is not %s", value, should);
	if (strlen(value) >= key->room)
		return wrong(why, room, "'%s' is too long (at most %zu bytes)",
			     value, key->room - 1);
	snprintf(field, key->room, "%s", value);
	return 0;
}

/* Digits up to *end. Return: false: none, or too large. */
static bool read_digits(const char *text, unsigned long max, unsigned long *ret,
			char **end)
{
	if (text[0] < '0' || text[0] > '9')
		return false;
	errno = 0;
	*ret = strtoul(text, end, 10);
	return !errno && *ret <= max;
}

static bool set_number(const struct key *key, unsigned int *field,
		       const char *value)
{
	unsigned long number;
	char *end;

	if (!read_digits(value, key->room, &number, &end) || *end)
		return false;
	*field = (unsigned int)number;
	return true;
}

static bool set_time(const struct key *key, unsigned int *field,
		     const char *value)
{
	static const char units[] = "smhd";
	static const unsigned int seconds[] = { 1, 60, 3600, 86400 };
	const char *unit = units;
	unsigned long number;
	char *end;

	if (strcmp(value, "never") == 0) {
		*field = 0;
		return true;
	}
	if (!read_digits(value, key->room, &number, &end))
		return false;
	if (*end) {
		unit = strchr(units, *end);
		if (!unit || end[1])
			return false;
	}
	if (number > key->room / seconds[unit - units])
		return false;
	*field = (unsigned int)number * seconds[unit - units];
	return true;
}

/* "HH:MM". Return: the text behind it, NULL: it is none. */
static const char *read_clock(const char *text, unsigned int *minutes)
{
	unsigned long hour;
	unsigned long minute;
	char *end;

	if (!read_digits(text, 23, &hour, &end) || *end != ':')
		return NULL;
	text = end + 1;
	if (!read_digits(text, 59, &minute, &end) || end != text + 2)
		return NULL;
	*minutes = (unsigned int)(hour * 60 + minute);
	return end;
}

static bool set_window(struct backup_config *config, const char *value)
{
	const char *text = read_clock(value, &config->window_begin);

	if (!text || *text != '-')
		return false;
	text = read_clock(text + 1, &config->window_end);
	return text && !*text;
}

static bool set_yes_no(bool *field, const char *value)
{
	if (strcmp(value, "yes") != 0 && strcmp(value, "no") != 0)
		return false;
	*field = value[0] == 'y';
	return true;
}

int config_backup_set(struct backup_config *config, int number,
		      const char *value, char *why, size_t room)
{
	const struct key *key = &keys[number];
	void *field = (char *)config + key->offset;

	switch (key->type) {
	case TYPE_NUMBER:
		return set_number(key, field, value)
			       ? 0
			       : wrong(why, room,
				       "'%s' is not a number from 0 to %zu",
				       value, key->room);
	case TYPE_YES_NO:
		return set_yes_no(field, value)
			       ? 0
			       : wrong(why, room,
				       "'%s' is neither 'yes' nor 'no'", value);
	case TYPE_RATE:
		return rate_parse(value, field) == 0
			       ? 0
			       : wrong(why, room,
				       "'%s' is not a number of bytes in a second, like 500K or 2M",
				       value);
	case TYPE_TIME:
		return set_time(key, field, value)
			       ? 0
			       : wrong(why, room,
				       "'%s' is not a time like 30m, 12h or 1d, nor 'never'",
				       value);
	case TYPE_WINDOW:
		return set_window(config, value)
			       ? 0
			       : wrong(why, room,
				       "'%s' is not a part of the day like 22:00-06:00",
				       value);
	default:
		return set_text(key, field, value, why, room);
	}
}
