// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * log.c - messages of switchd, to standard error
 */
#include "daemon/log.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "common/foreign_text.h"

/* /dev/kmsg, see Documentation/admin-guide/devices.txt of Linux */
#define KMSG_MAJOR 1
#define KMSG_MINOR 11

static int max_level = LOG_INFO;
static bool level_prefix;
static bool name_prefix = true;

/* True if the journal reads standard error: see systemd.exec(5). */
static bool is_journal(const struct stat *st)
{
	const char *text = getenv("JOURNAL_STREAM");
	uintmax_t device;
	uintmax_t inode;

	return text && sscanf(text, "%ju:%ju", &device, &inode) == 2 &&
	       device == st->st_dev && inode == st->st_ino;
}

void log_init(bool verbose)
{
	struct stat st;

	max_level = verbose ? LOG_DEBUG : LOG_INFO;
	if (fstat(STDERR_FILENO, &st) < 0)
		return;
	if (is_journal(&st)) {
		level_prefix = true;
		name_prefix = false;
	} else if (S_ISCHR(st.st_mode) &&
		   st.st_rdev == makedev(KMSG_MAJOR, KMSG_MINOR)) {
		level_prefix = true;
	}
}

void log_write(int level, const char *format, ...)
{
	char text[1024];
	char prefix[16];
	va_list args;

	if (level > max_level)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	foreign_text_clean(text);
	snprintf(prefix, sizeof(prefix), "<%d>", level);
	/* One call, as the kernel's log takes each write for one message. */
	fprintf(stderr, "%s%s%s\n", level_prefix ? prefix : "",
		name_prefix ? "switchd: " : "", text);
}
