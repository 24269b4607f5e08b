/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * programs.h - switchd and switchctl as programs, for tests that run them with
 * a fake device and fake keyboards
 *
 * All of these end the test on an error.
 */
#ifndef TEST_SWITCHD_PROGRAMS_H
#define TEST_SWITCHD_PROGRAMS_H

#include "helper.h"

#include <jansson.h>

struct fixture {
	char dir[PATH_MAX];
	char programs[PATH_MAX];
	char sock[PATH_MAX + 32];
	char notify_path[PATH_MAX + 32];
	int notify;
	char told[65536]; /* what switchd has told systemd */
	size_t n_told;
	size_t seen; /* how much of it wait_notified() has found */
	pid_t switchd; /* 0: does not run */
	int status; /* of the last switchctl */
	char *out;
	char *err;
};

/*
 * Starts a program with its output in files of the directory. $T is that
 * directory for scripts.
 */
pid_t spawn(struct fixture *f, const char *name, const char *out,
	    const char *err, char *const argv[]);
/* Waits for its end. Return: exit status, or 1000 + signal. */
int wait_exit(struct fixture *f, pid_t pid);

/* Starts switchctl with the words, which end with NULL. */
pid_t spawn_ctl(struct fixture *f, const char *out, const char *err,
		const char *const words[]);
/* Starts switchctl, with its output in the files "bg.out" and "bg.err". */
#define ctl_begin(f, ...)                                                      \
	spawn_ctl(f, "bg.out", "bg.err",                                       \
		  (const char *const[]){ __VA_ARGS__, NULL })

void forget_output(struct fixture *f);
void run_ctl(struct fixture *f, int status, const char *const words[]);
/* Runs switchctl to its end and checks its exit status. */
#define ctl(f, status, ...)                                                    \
	run_ctl(f, status, (const char *const[]){ __VA_ARGS__, NULL })

void says(const char *text, const char *expected);
json_t *out_json(struct fixture *f);
void assert_json(const json_t *value, const char *expected);
void assert_json_error(struct fixture *f, const char *code);

/* Waits until switchd tells systemd the line, after the last such one. */
void wait_notified(struct fixture *f, const char *line);
void write_config(struct fixture *f, const char *more);
pid_t spawn_switchd(struct fixture *f, const char *log);
void start(struct fixture *f);
/* Ends switchd as systemd does; it says goodbye and leaks nothing. */
void stop(struct fixture *f);

/* For cmocka; the second one starts switchd. */
int setup(void **state);
int setup_started(void **state);
int teardown(void **state);

void make_dir(struct fixture *f, const char *name);
void hook(struct fixture *f, const char *name, const char *script);
/* Writes a file of the fake device. */
void control(struct fixture *f, const char *name, const char *text);
void assert_calls(struct fixture *f, const char *expected);
void make_fifo(struct fixture *f, const char *name, mode_t mode);
void remove_file(struct fixture *f, const char *name);
/* Opens a FIFO for writing as soon as somebody reads from it. */
int open_fifo(struct fixture *f, const char *name);

#endif /* TEST_SWITCHD_PROGRAMS_H */
