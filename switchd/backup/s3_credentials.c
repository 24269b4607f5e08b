// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * s3_credentials.c - read the keys of an account
 *
 * Not with libinih: its lines end at 200 characters, where a session token does
 * not, and it leaves them on the stack.
 */
#include "backup/s3_credentials.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backup/store.h"
#include "backup/store_message.h"
#include "common/util.h"

#define PAGE_BYTES 8192
#define SYSTEMD_NAME "osti-s3"
/* AWS4 and it are the key of an HMAC; s3_sign.c has room for 250. */
#define SECRET_MAX 200
#define ACCESS_MAX 200
#define TOKEN_MAX 4096

struct loader {
	struct s3_credentials *ret;
	const char *from; /* for messages */
	char *message;
	size_t room;
};

static int page_new(struct loader *l)
{
	void *page = mmap(NULL, PAGE_BYTES, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		return store_say(l->message, l->room, STORE_E_IO,
				 "out of memory");
	/* Where the limits do not allow it, they may be swapped. */
	(void)mlock(page, PAGE_BYTES);
	(void)madvise(page, PAGE_BYTES, MADV_DONTDUMP);
	l->ret->page = page;
	return STORE_OK;
}

void s3_credentials_free(struct s3_credentials *credentials)
{
	if (credentials->page) {
		explicit_bzero(credentials->page, PAGE_BYTES);
		munmap(credentials->page, PAGE_BYTES);
	}
	memset(credentials, 0, sizeof(*credentials));
}

/* Printable, and not empty: it goes into headers. */
static bool value_ok(const char *value, size_t max)
{
	size_t n = strlen(value);

	for (; *value; value++)
		if (*value <= 0x20 || *value >= 0x7f)
			return false;
	return n > 0 && n <= max;
}

static int check(struct loader *l)
{
	const struct s3_credentials *c = l->ret;
	const char *bad = NULL;

	if (!c->access || !value_ok(c->access, ACCESS_MAX) ||
	    strchr(c->access, '/'))
		bad = "access key";
	else if (!c->secret || !value_ok(c->secret, SECRET_MAX))
		bad = "secret key";
	else if (c->token && !value_ok(c->token, TOKEN_MAX))
		bad = "session token";
	if (!bad)
		return STORE_OK;
	return store_say(
		l->message, l->room, STORE_E_CONFIG,
		"%s: the %s is missing, too long, or has characters that none has",
		l->from, bad);
}

static int bad_line(struct loader *l, unsigned int line, const char *what)
{
	return store_say(
		l->message, l->room, STORE_E_CONFIG,
		"%s:%u: %s: a line is access_key, secret_key or session_token, '=' and the value",
		l->from, line, what);
}

static char *trim(char *text)
{
	size_t n;

	text += strspn(text, " \t\r");
	n = strlen(text);
	while (n && strchr(" \t\r", text[n - 1]))
		text[--n] = '\0';
	return text;
}

static int parse_line(struct loader *l, char *text, unsigned int line)
{
	struct s3_credentials *c = l->ret;
	const char **to;
	char *value;

	text = trim(text);
	if (!*text || *text == '#' || *text == ';')
		return STORE_OK;
	value = strchr(text, '=');
	if (!value)
		return bad_line(l, line, "there is no '='");
	*value++ = '\0';
	text = trim(text);
	if (!strcmp(text, "access_key"))
		to = &c->access;
	else if (!strcmp(text, "secret_key"))
		to = &c->secret;
	else if (!strcmp(text, "session_token"))
		to = &c->token;
	else
		return bad_line(l, line, "that is no such name");
	if (*to)
		return bad_line(l, line, "it is given twice");
	*to = trim(value);
	return STORE_OK;
}

/* The page has the file's n bytes and a zero. */
static int parse(struct loader *l, size_t n)
{
	char *text = l->ret->page;
	unsigned int line;
	char *next;
	int r;

	if (strlen(text) != n)
		return store_say(l->message, l->room, STORE_E_CONFIG,
				 "%s: this is no text", l->from);
	for (line = 1; text; text = next, line++) {
		next = strchr(text, '\n');
		if (next)
			*next++ = '\0';
		r = parse_line(l, text, line);
		if (r != STORE_OK)
			return r;
	}
	return check(l);
}

static int read_all(struct loader *l, int fd)
{
	char *page = l->ret->page;
	size_t n = 0;
	ssize_t got;

	do {
		got = read(fd, page + n, PAGE_BYTES - n);
		if (got < 0 && errno != EINTR)
			return store_say(l->message, l->room, STORE_E_IO,
					 "%s: %s", l->from, strerror(errno));
		n += got > 0 ? got : 0;
	} while (got != 0 && n < PAGE_BYTES);
	if (n == PAGE_BYTES)
		return store_say(l->message, l->room, STORE_E_CONFIG,
				 "%s: this is too long for credentials",
				 l->from);
	return parse(l, n);
}

/* Who else could read it knows the key already; who could write it has ours. */
static int check_owner(struct loader *l, int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return store_say(l->message, l->room, STORE_E_DENIED,
				 "%s: this is no file", l->from);
	if (st.st_mode & 077)
		return store_say(
			l->message, l->room, STORE_E_DENIED,
			"%s: others can read or write it (mode %04o): chmod 600, and take new keys if somebody may have read it",
			l->from, st.st_mode & 07777);
	if (st.st_uid != geteuid() && st.st_uid != 0)
		return store_say(
			l->message, l->room, STORE_E_DENIED,
			"%s: it belongs to another user: chown it to yourself",
			l->from);
	return STORE_OK;
}

/* systemd looks after the modes of its own, which differ from kind to kind. */
static int load_file(struct loader *l, int fd, bool systemd)
{
	int r = systemd ? STORE_OK : check_owner(l, fd);

	return r == STORE_OK ? read_all(l, fd) : r;
}

static const char *keep(char **at, const char *value)
{
	const char *ret = *at;

	*at = stpcpy(*at, value) + 1;
	return ret;
}

static int load_environment(struct loader *l)
{
	const char *access = getenv("AWS_ACCESS_KEY_ID");
	const char *secret = getenv("AWS_SECRET_ACCESS_KEY");
	const char *token = getenv("AWS_SESSION_TOKEN");
	char *at = l->ret->page;

	l->from = "AWS_ACCESS_KEY_ID and others of the environment";
	if (!access && !secret)
		return store_say(
			l->message, l->room, STORE_E_DENIED,
			"there are no credentials: name a file of mode 0600 with access_key and secret_key, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give the systemd credential %s",
			SYSTEMD_NAME);
	if ((access && strlen(access) > ACCESS_MAX) ||
	    (secret && strlen(secret) > SECRET_MAX) ||
	    (token && strlen(token) > TOKEN_MAX))
		return check(l);
	if (access)
		l->ret->access = keep(&at, access);
	if (secret)
		l->ret->secret = keep(&at, secret);
	if (token && *token)
		l->ret->token = keep(&at, token);
	return check(l);
}

static int load(struct loader *l, const char *path)
{
	_cleanup_close_ int fd = -1;
	const char *dir = getenv("CREDENTIALS_DIRECTORY");
	char systemd[PATH_MAX];

	if (path) {
		l->from = path;
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
		if (fd < 0)
			return store_say(l->message, l->room, STORE_E_DENIED,
					 "%s: %s", path, strerror(errno));
		return load_file(l, fd, false);
	}
	if (dir && (size_t)snprintf(systemd, sizeof(systemd), "%s/%s", dir,
				    SYSTEMD_NAME) < sizeof(systemd)) {
		l->from = systemd;
		fd = open(systemd, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
		if (fd >= 0)
			return load_file(l, fd, true);
		if (errno != ENOENT)
			return store_say(l->message, l->room, STORE_E_DENIED,
					 "%s: %s", systemd, strerror(errno));
	}
	return load_environment(l);
}

int s3_credentials_load(const char *path, struct s3_credentials *ret,
			char *message, size_t room)
{
	struct loader l = { .ret = ret, .message = message, .room = room };
	int r;

	memset(ret, 0, sizeof(*ret));
	r = page_new(&l);
	if (r == STORE_OK)
		r = load(&l, path);
	if (r != STORE_OK)
		s3_credentials_free(ret);
	return r;
}
