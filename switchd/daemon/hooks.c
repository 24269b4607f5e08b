// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hooks.c - runs the executables of a directory one after the other
 */
#include "daemon/hooks.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/util.h"
#include "daemon/hook_child.h"
#include "daemon/hook_unit.h"
#include "daemon/log.h"

#define ENV_MAX 10

struct hooks {
	sd_event *event;
	const char *dir;
	uint64_t timeout_usec;
	uint64_t grace_usec;
	uint64_t answer_usec;
	bool stop_on_failure;
	hooks_done done;
	void *userdata;
	char *env[ENV_MAX + 1];
	struct dirent **entries;
	int n_entries;
	int next;
	const char *current; /* name of the hook that runs */
	bool in_units;
	struct hook_child *child;
	struct hook_unit *unit;
	sd_event_source *step;
};

/*
 * What package managers and editors leave beside a file, as systemd has them
 * (hidden_or_backup_file() of src/basic/path-util.c). It is the old one, or the one
 * that somebody did not want.
 */
static bool is_left_over(const char *name)
{
	static const char *const endings[] = {
		"rpmnew",      "rpmsave",     "rpmorig",   "dpkg-old",
		"dpkg-new",    "dpkg-tmp",    "dpkg-dist", "dpkg-bak",
		"dpkg-backup", "dpkg-remove", "ucf-new",   "ucf-old",
		"ucf-dist",    "swp",	      "bak",	   "old",
		"new",
	};
	const char *dot = strrchr(name, '.');
	size_t i;

	for (i = 0; dot && i < ARRAY_SIZE(endings); i++)
		if (strcmp(dot + 1, endings[i]) == 0)
			return true;
	return false;
}

static int filter(const struct dirent *entry)
{
	size_t n = strlen(entry->d_name);

	return entry->d_name[0] != '.' && entry->d_name[n - 1] != '~' &&
	       !is_left_over(entry->d_name);
}

/* Not alphasort(), which would follow the locale. */
static int compare(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int add_env(struct hooks *hooks, size_t *n, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static int add_env(struct hooks *hooks, size_t *n, const char *format, ...)
{
	va_list args;
	int r;

	va_start(args, format);
	r = vasprintf(&hooks->env[*n], format, args);
	va_end(args);
	if (r < 0) {
		hooks->env[*n] = NULL;
		return -ENOMEM;
	}
	(*n)++;
	return 0;
}

static int make_env(struct hooks *hooks, const struct hooks_info *info)
{
	size_t n = 0;

	if (add_env(hooks, &n,
		    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin") <
		    0 ||
	    add_env(hooks, &n, "OSTI_SLOT=%u", info->slot) < 0 ||
	    add_env(hooks, &n, "OSTI_NAME=%s", info->name) < 0 ||
	    add_env(hooks, &n, "OSTI_TARGET=%u", info->target) < 0 ||
	    add_env(hooks, &n, "OSTI_TARGET_NAME=%s", info->target_name) < 0 ||
	    add_env(hooks, &n, "OSTI_REQUEST=%s", info->request) < 0 ||
	    add_env(hooks, &n, "OSTI_REASON=%s", info->reason) < 0)
		return -ENOMEM;
	if (info->request_slot && (add_env(hooks, &n, "OSTI_REQUEST_SLOT=%u",
					   info->request_slot) < 0 ||
				   add_env(hooks, &n, "OSTI_REQUEST_NAME=%s",
					   info->request_name) < 0))
		return -ENOMEM;
	if (info->result &&
	    add_env(hooks, &n, "OSTI_RESULT=%s", info->result) < 0)
		return -ENOMEM;
	return 0;
}

/* Who may write it decides what we run. NULL = safe, else what is wrong. */
static const char *unsafe(const struct stat *st)
{
	if (st->st_uid != 0 && st->st_uid != geteuid())
		return "belongs to another user; chown it to root";
	if (st->st_mode & (S_IWGRP | S_IWOTH))
		return "can be written by others; chmod go-w it";
	return NULL;
}

static void finish(struct hooks *hooks, const struct fault *fault)
{
	/* hooks may be gone after this. */
	hooks->done(fault, hooks->userdata);
}

/* Ends the hook, if it still runs. */
static void end_current(struct hooks *hooks)
{
	hook_child_free(hooks->child);
	hooks->child = NULL;
	hook_unit_free(hooks->unit);
	hooks->unit = NULL;
}

static void start_next(struct hooks *hooks);

/* Reports a failure; goes on or ends, as it was asked for. */
static void hook_failed(struct hooks *hooks, const struct fault *fault)
{
	if (hooks->stop_on_failure) {
		finish(hooks, fault);
		return;
	}
	log_warning("%s", fault->message);
	start_next(hooks);
}

static void on_ended(const struct run_end *end, void *userdata)
{
	struct hooks *hooks = userdata;
	struct fault fault;

	if (end->way == RUN_TIMED_OUT)
		fault_set(&fault, FAULT_HOOK,
			  "hook %s/%s took longer than %llu ms and was ended",
			  hooks->dir, hooks->current,
			  (unsigned long long)(hooks->timeout_usec /
					       USEC_PER_MSEC));
	else if (end->way == RUN_SIGNALLED)
		fault_set(&fault, FAULT_HOOK,
			  "hook %s/%s was ended by signal %d", hooks->dir,
			  hooks->current, end->status);
	else if (end->way == RUN_NOT_STARTED)
		fault_set(&fault, FAULT_HOOK,
			  "hook %s/%s cannot be started: %s", hooks->dir,
			  hooks->current, end->why);
	else if (end->way == RUN_LOST)
		fault_set(&fault, FAULT_HOOK,
			  "what became of hook %s/%s is not known: %s",
			  hooks->dir, hooks->current, end->why);
	else if (end->status != 0)
		fault_set(&fault, FAULT_HOOK,
			  "hook %s/%s failed with status %d", hooks->dir,
			  hooks->current, end->status);
	end_current(hooks);
	if (end->way != RUN_EXITED || end->status != 0)
		hook_failed(hooks, &fault);
	else
		start_next(hooks);
}

static int run_hook(struct hooks *hooks, const char *path)
{
	const struct hook_start start = {
		.path = path,
		.env = hooks->env,
		.timeout_usec = hooks->timeout_usec,
		.grace_usec = hooks->grace_usec,
		.answer_usec = hooks->answer_usec,
	};

	return hooks->in_units
		       ? hook_unit_start(hooks->event, &start, on_ended, hooks,
					 &hooks->unit)
		       : hook_child_start(hooks->event, &start, on_ended, hooks,
					  &hooks->child);
}

/* Also what a link leads to: nobody can have meant it as a hook. */
static bool is_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/*
 * Return: 1 = runs now, 0 = passed over, -1 = failed, see fault.
 */
static int start_hook(struct hooks *hooks, const char *name,
		      struct fault *fault)
{
	const char *problem;
	char path[PATH_MAX];
	struct stat st;
	int r;

	if (snprintf(path, sizeof(path), "%s/%s", hooks->dir, name) >=
	    (int)sizeof(path)) {
		fault_set(fault, FAULT_HOOK, "the path of hook %s is too long",
			  name);
		return -1;
	}
	if (lstat(path, &st) < 0) {
		fault_set(fault, FAULT_HOOK, "hook %s: %s", path,
			  strerror(errno));
		return -1;
	}
	if (is_directory(path)) {
		log_warning("%s is a directory: passed over", path);
		return 0;
	}
	if (S_ISREG(st.st_mode) &&
	    !(st.st_mode & (S_IXUSR | S_IXGRP | S_IXOTH))) {
		log_debug("%s is not executable: passed over", path);
		return 0;
	}
	problem = S_ISREG(st.st_mode)
			  ? unsafe(&st)
			  : "is not a regular file; put a copy there";
	if (problem) {
		fault_set(fault, FAULT_HOOK, "hook %s is not run: it %s", path,
			  problem);
		return -1;
	}
	r = run_hook(hooks, path);
	if (r < 0) {
		fault_set(fault, FAULT_HOOK, "hook %s cannot be started: %s%s",
			  path,
			  hooks->in_units && r != -EILSEQ ? "the system bus: "
							  : "",
			  strerror(-r));
		return -1;
	}
	hooks->current = name;
	log_debug("hook %s runs", path);
	return 1;
}

static void start_next(struct hooks *hooks)
{
	struct fault fault;
	int r;

	while (hooks->next < hooks->n_entries) {
		r = start_hook(hooks, hooks->entries[hooks->next++]->d_name,
			       &fault);
		if (r > 0)
			return;
		if (r == 0)
			continue;
		if (hooks->stop_on_failure) {
			finish(hooks, &fault);
			return;
		}
		log_warning("%s", fault.message);
	}
	finish(hooks, NULL);
}

/* Reads the directory. A directory that is not there has no hooks in it. */
static int list(struct hooks *hooks, struct fault *fault)
{
	const char *problem;
	struct stat st;

	if (lstat(hooks->dir, &st) < 0) {
		if (errno == ENOENT)
			return 0;
		fault_set(fault, FAULT_HOOK, "%s: %s", hooks->dir,
			  strerror(errno));
		return -1;
	}
	problem = S_ISDIR(st.st_mode) ? unsafe(&st) : "is not a directory";
	if (problem) {
		fault_set(fault, FAULT_HOOK,
			  "the hooks in %s are not run: it %s", hooks->dir,
			  problem);
		return -1;
	}
	hooks->n_entries =
		scandir(hooks->dir, &hooks->entries, filter, compare);
	if (hooks->n_entries < 0) {
		hooks->n_entries = 0;
		fault_set(fault, FAULT_HOOK, "%s cannot be read: %s",
			  hooks->dir, strerror(errno));
		return -1;
	}
	return 0;
}

static int on_start(sd_event_source *source, void *userdata)
{
	struct hooks *hooks = userdata;
	struct fault fault;

	(void)source;
	hooks->step = sd_event_source_disable_unref(hooks->step);
	if (list(hooks, &fault) < 0)
		hook_failed(hooks, &fault);
	else
		start_next(hooks);
	return 0;
}

int hooks_start(sd_event *event, const struct hooks_params *params,
		hooks_done done, void *userdata, struct hooks **ret)
{
	struct hooks *hooks = calloc(1, sizeof(*hooks));
	int r;

	if (!hooks)
		return -ENOMEM;
	hooks->event = event;
	hooks->dir = params->dir;
	hooks->timeout_usec = params->timeout_usec;
	hooks->grace_usec = params->grace_usec;
	hooks->answer_usec = params->answer_usec;
	hooks->in_units = params->in_units;
	hooks->stop_on_failure = params->stop_on_failure;
	hooks->done = done;
	hooks->userdata = userdata;
	r = make_env(hooks, &params->info);
	if (r >= 0)
		r = sd_event_add_defer(event, &hooks->step, on_start, hooks);
	if (r < 0) {
		hooks_free(hooks);
		return r;
	}
	*ret = hooks;
	return 0;
}

void hooks_free(struct hooks *hooks)
{
	size_t i;

	if (!hooks)
		return;
	end_current(hooks);
	sd_event_source_disable_unref(hooks->step);
	for (i = 0; i < ENV_MAX; i++)
		free(hooks->env[i]);
	for (i = 0; i < (size_t)hooks->n_entries; i++)
		free(hooks->entries[i]);
	free(hooks->entries);
	free(hooks);
}
