// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * systemd_fake.c - a systemd on the fake bus that starts transient units
 */
#include "systemd_fake.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SYSTEMD "org.freedesktop.systemd1"
#define SYSTEMD_PATH "/org/freedesktop/systemd1"
#define JOB SYSTEMD_PATH "/job/7"
#define STOP_JOB SYSTEMD_PATH "/job/8"

/* What a unit is to be. */
struct unit {
	char path[PATH_MAX];
	char *env[16];
	size_t n_env;
	uint64_t start_usec;
	uint64_t stop_usec;
	int in;
	int out;
	int err;
	/* each property that there must be, once */
	unsigned int type, kill_mode, defaults, pipe, ref, collect, command;
};

static void job_removed(struct systemd_fake *fake, const char *job,
			const char *result)
{
	bus_fake_signal(fake->bus, SYSTEMD, SYSTEMD_PATH, SYSTEMD ".Manager",
			"JobRemoved", "uoss", 7, job, fake->name, result);
}

static int on_child(sd_event_source *source, const siginfo_t *si,
		    void *userdata)
{
	struct systemd_fake *fake = userdata;

	(void)source;
	/* What is left of the unit. */
	kill(-fake->pid, SIGKILL);
	fake->pid = 0;
	fake->code = si->si_code;
	fake->status = si->si_status;
	fake->timer = sd_event_source_disable_unref(fake->timer);
	if (fake->stopping && fake->program)
		job_removed(fake, STOP_JOB, "done");
	else
		job_removed(fake, JOB,
			    fake->code == CLD_EXITED && !fake->status &&
					    !fake->timed_out ?
				    "done" :
				    "failed");
	return 0;
}

static int on_stop_timer(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct systemd_fake *fake = userdata;

	(void)source;
	(void)usec;
	kill(-fake->pid, SIGKILL);
	return 0;
}

static void stop(struct systemd_fake *fake)
{
	if (fake->program) {
		kill(-fake->pid, SIGKILL);
		return;
	}
	kill(fake->pid, SIGTERM);
	sd_event_source_disable_unref(fake->timer);
	assert_true(sd_event_add_time_relative(fake->event, &fake->timer,
					       CLOCK_MONOTONIC,
					       fake->stop_usec, 1000,
					       on_stop_timer, fake) >= 0);
}

static int on_start_timer(sd_event_source *source, uint64_t usec,
			  void *userdata)
{
	struct systemd_fake *fake = userdata;

	(void)source;
	(void)usec;
	fake->timed_out = true;
	stop(fake);
	return 0;
}

static void exec_unit(const struct unit *unit)
{
	char *const argv[] = { (char *)unit->path, NULL };
	struct sigaction action = { .sa_handler = SIG_DFL };
	sigset_t none;
	int i;

	for (i = 1; i < 32; i++)
		sigaction(i, &action, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setpgid(0, 0);
	dup2(unit->in >= 0 ? unit->in : open("/dev/null", O_RDONLY), 0);
	dup2(unit->out, 1);
	if (unit->err >= 0)
		dup2(unit->err, 2);
	execve(unit->path, argv, unit->env);
	_exit(203);
}

static void run(struct systemd_fake *fake, const struct unit *unit)
{
	pid_t pid;

	fake->stop_usec = unit->stop_usec;
	fake->timed_out = false;
	fake->stopping = false;
	fake->code = 0;
	pid = fork();
	assert_true(pid >= 0);
	if (!pid)
		exec_unit(unit);
	/* The fake may be memory of others, too: not before. */
	fake->pid = pid;
	/* Whichever of us is first. */
	setpgid(fake->pid, fake->pid);
	sd_event_source_disable_unref(fake->child);
	assert_true(sd_event_add_child(fake->event, &fake->child, fake->pid,
				       WEXITED, on_child, fake) >= 0);
	if (unit->start_usec)
		assert_true(sd_event_add_time_relative(
				    fake->event, &fake->timer, CLOCK_MONOTONIC,
				    unit->start_usec, 1000, on_start_timer,
				    fake) >= 0);
}

static void expect(sd_bus_message *message, const char *expected)
{
	const char *text;

	assert_true(sd_bus_message_read(message, "v", "s", &text) > 0);
	assert_string_equal(text, expected);
}

static void take_env(sd_bus_message *message, struct unit *unit)
{
	const char *text;

	assert_true(sd_bus_message_enter_container(message, 'v', "as") > 0);
	assert_true(sd_bus_message_enter_container(message, 'a', "s") > 0);
	while (sd_bus_message_read(message, "s", &text) > 0) {
		assert_true(unit->n_env < 15);
		unit->env[unit->n_env++] = strdup(text);
	}
	assert_true(sd_bus_message_exit_container(message) >= 0);
	assert_true(sd_bus_message_exit_container(message) >= 0);
}

static void take_command(sd_bus_message *message, struct unit *unit)
{
	const char *flag;
	const char *path;
	const char *argv;

	assert_true(sd_bus_message_read(message, "v", "a(sasas)", 1, &path, 1,
					&argv, 1, &flag) > 0);
	assert_string_equal(path, argv);
	assert_string_equal(flag, "no-env-expand");
	snprintf(unit->path, sizeof(unit->path), "%s", path);
	unit->command++;
}

static void take_fd(sd_bus_message *message, int *ret)
{
	int fd;

	assert_true(sd_bus_message_read(message, "v", "h", &fd) > 0);
	*ret = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	assert_true(*ret >= 0);
}

/* Anything that switchd does not send today fails the test. */
static void take_property(struct systemd_fake *fake, sd_bus_message *message,
			  const char *name, struct unit *unit)
{
	const char *text;
	int value;

	if (strcmp(name, "Description") == 0) {
		assert_true(sd_bus_message_read(message, "v", "s", &text) > 0);
		snprintf(fake->description, sizeof(fake->description), "%s",
			 text);
	} else if (strcmp(name, "User") == 0) {
		assert_true(sd_bus_message_read(message, "v", "s", &text) > 0);
		snprintf(fake->user, sizeof(fake->user), "%s", text);
	} else if (strcmp(name, "Type") == 0) {
		expect(message, "oneshot");
		unit->type++;
	} else if (strcmp(name, "KillMode") == 0) {
		expect(message, "mixed");
		unit->kill_mode++;
	} else if (strcmp(name, "CollectMode") == 0) {
		expect(message, "inactive-or-failed");
		unit->collect++;
	} else if (strcmp(name, "DefaultDependencies") == 0) {
		assert_true(sd_bus_message_read(message, "v", "b", &value) > 0);
		assert_false(value);
		unit->defaults++;
	} else if (strcmp(name, "IgnoreSIGPIPE") == 0) {
		assert_true(sd_bus_message_read(message, "v", "b", &value) > 0);
		assert_false(value);
		unit->pipe++;
	} else if (strcmp(name, "AddRef") == 0) {
		assert_true(sd_bus_message_read(message, "v", "b", &value) > 0);
		assert_true(value);
		unit->ref++;
	} else if (strcmp(name, "TimeoutStartUSec") == 0) {
		assert_true(sd_bus_message_read(message, "v", "t",
						&unit->start_usec) > 0);
	} else if (strcmp(name, "TimeoutStopUSec") == 0) {
		assert_true(sd_bus_message_read(message, "v", "t",
						&unit->stop_usec) > 0);
	} else if (strcmp(name, "StandardInputFileDescriptor") == 0) {
		take_fd(message, &unit->in);
	} else if (strcmp(name, "StandardOutputFileDescriptor") == 0) {
		take_fd(message, &unit->out);
	} else if (strcmp(name, "StandardErrorFileDescriptor") == 0) {
		take_fd(message, &unit->err);
	} else if (strcmp(name, "Environment") == 0) {
		take_env(message, unit);
	} else if (strcmp(name, "ExecStartEx") == 0) {
		take_command(message, unit);
	} else {
		fail_msg("unknown property %s", name);
	}
}

/* Is it all that it has to be? A drop-in has the rest. */
static void check_unit(const struct systemd_fake *fake, const struct unit *unit)
{
	const unsigned int own = fake->program ? 0 : 1;

	assert_true(unit->type == 1 && unit->ref == 1 && unit->collect == 1);
	assert_true(unit->kill_mode == own && unit->defaults == own &&
		    unit->pipe == own && unit->command == own);
	assert_true(!!unit->start_usec == own && !!unit->stop_usec == own);
	assert_true(unit->out >= 0);
	assert_true(own ? unit->err >= 0 : unit->in >= 0);
}

static int start_unit(struct systemd_fake *fake, sd_bus_message *message)
{
	struct unit unit = { .in = -1, .out = -1, .err = -1 };
	const char *name;
	const char *mode;

	if (fake->refuse)
		return sd_bus_reply_method_errorf(message, fake->refuse,
						  "not \033[31mnow");
	assert_int_equal(fake->pid, 0);
	assert_true(sd_bus_message_read(message, "ss", &name, &mode) > 0);
	assert_string_equal(mode, "fail");
	snprintf(fake->name, sizeof(fake->name), "%s", name);
	assert_true(sd_bus_message_enter_container(message, 'a', "(sv)") > 0);
	while (sd_bus_message_enter_container(message, 'r', "sv") > 0) {
		assert_true(sd_bus_message_read(message, "s", &name) > 0);
		take_property(fake, message, name, &unit);
		assert_true(sd_bus_message_exit_container(message) >= 0);
	}
	check_unit(fake, &unit);
	if (fake->program)
		snprintf(unit.path, sizeof(unit.path), "%s", fake->program);
	run(fake, &unit);
	fake->started++;
	while (unit.n_env)
		free(unit.env[--unit.n_env]);
	if (unit.in >= 0)
		close(unit.in);
	close(unit.out);
	if (unit.err >= 0)
		close(unit.err);
	return sd_bus_reply_method_return(message, "o", JOB);
}

static int stop_unit(struct systemd_fake *fake, sd_bus_message *message)
{
	const char *name;
	const char *mode;

	assert_true(sd_bus_message_read(message, "ss", &name, &mode) > 0);
	assert_string_equal(mode, "replace");
	fake->stopped++;
	assert_string_equal(name, fake->name);
	/* The job that starts it is not over as long as it runs. */
	if (fake->program && fake->pid && !fake->stopping)
		job_removed(fake, JOB, "canceled");
	fake->stopping = true;
	if (fake->pid)
		stop(fake);
	else
		job_removed(fake, STOP_JOB, "done");
	return sd_bus_reply_method_return(message, "o", STOP_JOB);
}

static int kill_unit(struct systemd_fake *fake, sd_bus_message *message)
{
	const char *name;
	const char *who;

	assert_true(sd_bus_message_read(message, "ssi", &name, &who,
					&fake->signal) > 0);
	assert_string_equal(name, fake->name);
	assert_string_equal(who, "all");
	assert_true(fake->pid > 0);
	assert_int_equal(kill(-fake->pid, fake->signal), 0);
	fake->signals++;
	return sd_bus_reply_method_return(message, "");
}

static int list_units(struct systemd_fake *fake, sd_bus_message *message)
{
	sd_bus_message *reply;
	int r;

	assert_true(sd_bus_message_new_method_return(message, &reply) >= 0);
	assert_true(sd_bus_message_open_container(reply, 'a', "(ssssssouso)") >=
		    0);
	if (fake->pid)
		assert_true(sd_bus_message_append(reply, "(ssssssouso)",
						  fake->name, "", "loaded",
						  fake->stopping ?
							  "deactivating" :
							  "activating",
						  "start", "",
						  SYSTEMD_PATH, 0, "",
						  "/") >= 0);
	assert_true(sd_bus_message_close_container(reply) >= 0);
	r = sd_bus_send(NULL, reply, NULL);
	sd_bus_message_unref(reply);
	return r < 0 ? r : 1;
}

static int get_all(struct systemd_fake *fake, sd_bus_message *message)
{
	char *path = NULL;
	int r;

	assert_true(sd_bus_path_encode(SYSTEMD_PATH "/unit", fake->name,
				       &path) >= 0);
	assert_string_equal(sd_bus_message_get_path(message), path);
	free(path);
	r = sd_bus_reply_method_return(
		message, "a{sv}", 5, "Type", "s", "oneshot", "Result", "s",
		fake->timed_out ? "timeout" :
		fake->status	? "exit-code" :
				  "success",
		"ExecMainStartTimestamp", "t", (uint64_t)1, "ExecMainCode", "i",
		fake->code, "ExecMainStatus", "i", fake->status);
	return r;
}

static int on_call(sd_bus_message *message, void *userdata)
{
	struct systemd_fake *fake = userdata;
	const char *member = sd_bus_message_get_member(message);

	if (fake->mute)
		return 1;
	if (strcmp(member, "Subscribe") == 0)
		return sd_bus_reply_method_return(message, "");
	if (strcmp(member, "ListUnitsByPatterns") == 0)
		return list_units(fake, message);
	if (strcmp(member, "StopUnit") == 0)
		return stop_unit(fake, message);
	if (strcmp(member, "KillUnit") == 0)
		return kill_unit(fake, message);
	if (strcmp(member, "GetAll") == 0)
		return get_all(fake, message);
	assert_string_equal(member, "StartTransientUnit");
	return start_unit(fake, message);
}

static int on_post(sd_event_source *source, void *userdata)
{
	struct systemd_fake *fake = userdata;

	(void)source;
	if (!fake->drop || !fake->pid)
		return 0;
	fake->drop = false;
	bus_fake_drop(fake->bus);
	return 0;
}

void systemd_fake_start(struct systemd_fake *fake, struct bus_fake *bus,
			sd_event *event)
{
	fake->bus = bus;
	fake->event = event;
	assert_true(sd_event_add_post(event, NULL, on_post, fake) >= 0);
	bus_fake_add(bus, SYSTEMD, on_call, fake);
}

void systemd_fake_stop(struct systemd_fake *fake)
{
	sd_event_source_disable_unref(fake->child);
	sd_event_source_disable_unref(fake->timer);
	if (fake->pid > 0) {
		kill(-fake->pid, SIGKILL);
		while (waitpid(fake->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
}
