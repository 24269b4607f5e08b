/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper.h - what several tests of switchd need
 *
 * All of these end the test on an error.
 */
#ifndef TEST_SWITCHD_HELPER_H
#define TEST_SWITCHD_HELPER_H

#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <cmocka.h>
#include <systemd/sd-event.h>

/* No wait in a test takes longer. */
#define HELPER_DEADLINE_MS 20000

/* A new directory of mode 0700, gone with everything in it after _remove. */
void helper_dir_make(char path[PATH_MAX]);
void helper_dir_remove(const char *path);

/* Writes a file dir/name, of the mode. */
void helper_write(const char *dir, const char *name, mode_t mode,
		  const char *text);
/* Reads a file; "" if it is not there. The caller frees. */
char *helper_read(const char *dir, const char *name);
bool helper_exists(const char *dir, const char *name);
/* Waits until the file dir/name has the text in it. */
void helper_wait_text(const char *dir, const char *name, const char *text);
void helper_wait_gone(const char *dir, const char *name);
/* True if a process of that id runs (a zombie does not). */
bool helper_is_running(pid_t pid);
void helper_wait_ended(pid_t pid);

int64_t helper_now_ms(void);

/* Runs the loop until *flag is not 0. */
void helper_run_until(sd_event *event, const int *flag);
/* Handles the events that are there, without waiting for more. */
void helper_run_ready(sd_event *event);
/* A loop for a test that starts children: SIGCHLD is blocked. */
sd_event *helper_event_new(void);

#endif /* TEST_SWITCHD_HELPER_H */
