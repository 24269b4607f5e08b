// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * console.c - a serial console: transcript, cursor and matches
 */
#include "console.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "fail.h"

#define TAIL_WIDTH		200
#define WRITE_DEADLINE_MS	30000

/* Text before end was received not later than ms. */
struct stamp {
	size_t end;
	double ms;
};

enum escape { PLAIN, ESC, CSI };

struct console {
	int fd;
	FILE *log;
	char *text;		/* NUL-terminated */
	size_t len, size, cursor;
	struct stamp *stamps;
	size_t nr_stamps, max_stamps;
	enum escape escape;
	char *group[CONSOLE_GROUPS];
};

static void *grow(void *p, size_t size)
{
	p = realloc(p, size);
	if (!p)
		test_fail("console: out of memory");
	return p;
}

static void set_stream(struct console *con, int fd)
{
	con->fd = fd;
	if (fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK))
		test_fail("console: fcntl: %s", strerror(errno));
}

struct console *console_new(int fd, const char *log)
{
	struct console *con = grow(NULL, sizeof(*con));

	memset(con, 0, sizeof(*con));
	con->size = 1 << 16;
	con->text = grow(NULL, con->size);
	con->text[0] = '\0';
	set_stream(con, fd);
	if (log) {
		con->log = fopen(log, "we");
		if (!con->log)
			test_fail("console: cannot write transcript %s: %s",
				  log, strerror(errno));
	}
	return con;
}

void console_free(struct console *con)
{
	int i;

	if (!con)
		return;
	close(con->fd);
	if (con->log)
		fclose(con->log);
	for (i = 0; i < CONSOLE_GROUPS; i++)
		free(con->group[i]);
	free(con->text);
	free(con->stamps);
	free(con);
}

int console_fd(const struct console *con)
{
	return con->fd;
}

/* Is c to be kept? Follows ESC [ ... letter and ESC letter. */
static bool keep(struct console *con, unsigned char c)
{
	switch (con->escape) {
	case ESC:
		con->escape = c == '[' ? CSI : PLAIN;
		return false;
	case CSI:
		if (c >= 0x40 && c <= 0x7e)
			con->escape = PLAIN;
		return false;
	default:
		break;
	}
	if (c == 0x1b) {
		con->escape = ESC;
		return false;
	}
	return c != '\0' && c != '\r';
}

static void append(struct console *con, const char *bytes, size_t n)
{
	size_t i;

	if (con->log) {
		fwrite(bytes, 1, n, con->log);
		fflush(con->log);
	}
	while (con->len + n + 1 > con->size) {
		con->size *= 2;
		con->text = grow(con->text, con->size);
	}
	for (i = 0; i < n; i++)
		if (keep(con, bytes[i]))
			con->text[con->len++] = bytes[i];
	con->text[con->len] = '\0';

	if (con->nr_stamps == con->max_stamps) {
		con->max_stamps = con->max_stamps ? 2 * con->max_stamps : 256;
		con->stamps = grow(con->stamps,
				   con->max_stamps * sizeof(*con->stamps));
	}
	con->stamps[con->nr_stamps].end = con->len;
	con->stamps[con->nr_stamps++].ms = clock_now_ms();
}

bool console_read(struct console *con)
{
	char buf[4096];
	ssize_t n;

	for (;;) {
		n = read(con->fd, buf, sizeof(buf));
		if (n > 0) {
			append(con, buf, n);
			continue;
		}
		if (n < 0 && errno == EINTR)
			continue;
		return n < 0 && errno == EAGAIN;
	}
}

void console_connect(struct console *con, int fd)
{
	static const char line[] = "\n---- power on ----\n";

	close(con->fd);
	set_stream(con, fd);
	con->escape = PLAIN;
	append(con, line, strlen(line));
	con->cursor = con->len;
}

void console_write(struct console *con, const char *bytes, size_t len)
{
	double deadline = clock_deadline_ms(WRITE_DEADLINE_MS);
	struct pollfd pfd = { .fd = con->fd, .events = POLLOUT | POLLIN };
	ssize_t n;

	while (len) {
		n = write(con->fd, bytes, len);
		if (n >= 0) {
			bytes += n;
			len -= n;
			continue;
		}
		if (errno != EAGAIN && errno != EINTR)
			test_fail("console: write: %s", strerror(errno));
		if (clock_now_ms() > deadline)
			test_fail("console: the device took no input for %d ms",
				  WRITE_DEADLINE_MS);
		/* It may be blocked on its own output: take that in. */
		poll(&pfd, 1, 100);
		console_read(con);
	}
}

static double stamp_of(const struct console *con, size_t end)
{
	size_t low = 0, high = con->nr_stamps, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (con->stamps[mid].end < end)
			low = mid + 1;
		else
			high = mid;
	}
	return low < con->nr_stamps ? con->stamps[low].ms : clock_now_ms();
}

static bool first_match(const struct console *con, const char *pattern,
			regmatch_t *groups)
{
	bool mid_line = con->cursor && con->text[con->cursor - 1] != '\n';
	char error[128];
	regex_t re;
	int ret;

	ret = regcomp(&re, pattern, REG_EXTENDED | REG_NEWLINE);
	if (ret) {
		regerror(ret, &re, error, sizeof(error));
		test_fail("console: bad pattern \"%s\": %s", pattern, error);
	}
	ret = regexec(&re, con->text + con->cursor, CONSOLE_GROUPS, groups,
		      mid_line ? REG_NOTBOL : 0);
	regfree(&re);
	return ret == 0;
}

bool console_search(struct console *con, const char *const *patterns, int n,
		    struct console_match *m)
{
	regmatch_t best[CONSOLE_GROUPS], groups[CONSOLE_GROUPS];
	const char *base = con->text + con->cursor;
	int i, index = -1;

	for (i = 0; i < n; i++) {
		if (!first_match(con, patterns[i], groups))
			continue;
		if (index < 0 || groups[0].rm_so < best[0].rm_so) {
			memcpy(best, groups, sizeof(best));
			index = i;
		}
	}
	if (index < 0)
		return false;

	m->index = index;
	for (i = 0; i < CONSOLE_GROUPS; i++) {
		free(con->group[i]);
		con->group[i] = best[i].rm_so < 0 ? strdup("") :
			strndup(base + best[i].rm_so,
				best[i].rm_eo - best[i].rm_so);
		if (!con->group[i])
			test_fail("console: out of memory");
		m->group[i] = con->group[i];
	}
	con->cursor += best[0].rm_eo;
	m->ms = stamp_of(con, con->cursor);
	return true;
}

size_t console_mark(const struct console *con)
{
	return con->cursor;
}

char *console_text(const struct console *con, size_t from, size_t to)
{
	char *text;

	if (to > con->len)
		to = con->len;
	if (from > to)
		from = to;
	text = strndup(con->text + from, to - from);
	if (!text)
		test_fail("console: out of memory");
	return text;
}

char *console_tail(const struct console *con, int lines)
{
	const char *start = con->text + con->len, *line, *next;
	size_t size = 0;
	char *tail = NULL;
	int len;
	FILE *out;

	if (start > con->text && start[-1] == '\n')
		start--;
	while (start > con->text && (start[-1] != '\n' || --lines > 0))
		start--;

	out = open_memstream(&tail, &size);
	if (!out)
		test_fail("console: out of memory");
	for (line = start; *line; line = next) {
		next = strchr(line, '\n');
		if (!next)
			next = line + strlen(line);
		len = next - line;
		fprintf(out, "  | %.*s%s\n", len < TAIL_WIDTH ? len : TAIL_WIDTH,
			line, len < TAIL_WIDTH ? "" : "...");
		if (*next)
			next++;
	}
	fclose(out);
	return tail;
}
