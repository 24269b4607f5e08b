/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * log.h - messages of switchd, to standard error
 *
 * ERROR	switchd cannot do its work, or cannot start
 * WARNING	something went wrong, switchd goes on without it
 * NOTICE	a switch, or a switch that was refused
 * INFO		start, stop, devices that come and go
 * DEBUG	only with --verbose
 *
 * In the journal and in the kernel's log each line carries its level.
 */
#ifndef SWITCHD_LOG_H
#define SWITCHD_LOG_H

#include <stdbool.h>
#include <syslog.h>

void log_init(bool verbose);
void log_write(int level, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#define log_error(...) log_write(LOG_ERR, __VA_ARGS__)
#define log_warning(...) log_write(LOG_WARNING, __VA_ARGS__)
#define log_notice(...) log_write(LOG_NOTICE, __VA_ARGS__)
#define log_info(...) log_write(LOG_INFO, __VA_ARGS__)
#define log_debug(...) log_write(LOG_DEBUG, __VA_ARGS__)

#endif /* SWITCHD_LOG_H */
