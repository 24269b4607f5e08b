// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * switchd - switches between the operating systems of this device
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <systemd/sd-daemon.h>
#include <systemd/sd-event.h>

#include "common/json_wipe.h"
#include "common/util.h"
#include "daemon/backup.h"
#include "daemon/backup_policy.h"
#include "daemon/config.h"
#include "daemon/device.h"
#include "daemon/good.h"
#include "daemon/images.h"
#include "daemon/inhibit.h"
#include "daemon/input.h"
#include "daemon/log.h"
#include "daemon/methods.h"
#include "daemon/presses.h"
#include "daemon/pushed.h"
#include "daemon/server.h"
#include "daemon/slots.h"
#include "daemon/switcher.h"

#define EXIT_USAGE 2

#define LOGIND_AGAIN_USEC (10 * USEC_PER_SEC)

struct options {
	const char *config; /* NULL: the default, which may be missing */
	bool check;
	bool verbose;
};

struct daemon {
	struct config config;
	sd_event *event;
	struct device *device;
	struct inhibit inhibit;
	struct logind *logind;
	struct switcher *switcher;
	struct presses presses;
	struct good *good;
	struct backup_jobs *backup;
	struct backup_policy *policy;
	struct input *input;
	struct methods methods;
	struct server *server;
	bool stopping;
};

static void usage(FILE *to)
{
	fputs("Usage: switchd [OPTION]...\n"
	      "Switches between the operating systems of this device: by key, and for switchctl.\n"
	      "\n"
	      "  -c, --config=FILE  read FILE instead of " CONFIG_PATH "\n"
	      "      --check        check the configuration and exit\n"
	      "  -v, --verbose      log more\n"
	      "  -h, --help         show this text\n"
	      "  -V, --version      show the version\n"
	      "\n"
	      "Exit status: 0 ended by SIGTERM or SIGINT, 1 failed, 2 wrong usage.\n"
	      "See switchd(8) and switchd.conf(5).\n",
	      to);
}

/* Return: -1 to go on, else the exit status. */
static int parse_options(int argc, char **argv, struct options *options)
{
	enum { OPT_CHECK = 256 };
	static const struct option table[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "check", no_argument, NULL, OPT_CHECK },
		{ "verbose", no_argument, NULL, 'v' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "c:vhV", table, NULL)) != -1)
		switch (c) {
		case 'c':
			options->config = optarg;
			break;
		case OPT_CHECK:
			options->check = true;
			break;
		case 'v':
			options->verbose = true;
			break;
		case 'h':
			usage(stdout);
			return EXIT_SUCCESS;
		case 'V':
			puts("switchd " OSTI_VERSION);
			return EXIT_SUCCESS;
		default:
			usage(stderr);
			return EXIT_USAGE;
		}
	if (optind < argc) {
		fprintf(stderr, "switchd: unexpected argument '%s'\n",
			argv[optind]);
		usage(stderr);
		return EXIT_USAGE;
	}
	return -1;
}

static int load_config(struct config *config, const char *path)
{
	char error[CONFIG_ERROR_MAX];
	int r;

	r = config_load(config, path ? path : CONFIG_PATH, error);
	if (r == -ENOENT && !path) {
		log_info("%s is not there: defaults hold", CONFIG_PATH);
		return 0;
	}
	if (r < 0)
		log_error("%s", error);
	return r;
}

static void on_key(struct keys_action action, uint64_t usec, void *userdata)
{
	struct daemon *daemon = userdata;

	presses_key(&daemon->presses, action, usec);
}

static void on_resumed(uint64_t usec, void *userdata)
{
	struct daemon *daemon = userdata;

	if (!usec) {
		input_ask(daemon->input);
		return;
	}
	input_forget(daemon->input, usec);
	presses_forget(&daemon->presses);
	backup_jobs_resumed(daemon->backup);
}

/* What was pushed lives elsewhere; here is only what was left. */
static int on_guard(uint32_t slot, const char *name, void *userdata,
		    struct fault *fault)
{
	const struct daemon *daemon = userdata;

	if (pushed_check(daemon->config.backup.state, slot, name, fault) < 0)
		return -1;
	return images_check(daemon->device, slot, name, fault);
}

/*
 * A switch that started this OS cold ends here, so its time is complete once
 * switchd is ready.
 */
static void mark_start(struct daemon *daemon)
{
	int r = device_mark_user(daemon->device);

	/* ESTALE: it was marked already, by a switchd before us. */
	if (r < 0 && r != -ESTALE)
		log_warning("the start of this OS could not be marked: %s",
			    strerror(-r));
}

static int on_stop(sd_event_source *source, const struct signalfd_siginfo *si,
		   void *userdata)
{
	struct daemon *daemon = userdata;

	(void)source;
	(void)si;
	sd_notify(0, "STOPPING=1\nSTATUS=Stopping");
	daemon->stopping = true;
	switcher_stop(daemon->switcher);
	return 0;
}

/* After each event: a switch that has begun gets its post-resume hooks. */
static int on_post(sd_event_source *source, void *userdata)
{
	struct daemon *daemon = userdata;

	(void)source;
	if (!daemon->stopping || switcher_current(daemon->switcher))
		return 0;
	return sd_event_exit(daemon->event, 0);
}

static int set_up_events(struct daemon *daemon)
{
	sigset_t set;
	int r;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return -errno;
	r = sd_event_new(&daemon->event);
	if (r < 0)
		return r;
	r = sd_event_add_signal(daemon->event, NULL, SIGTERM, on_stop, daemon);
	if (r < 0)
		return r;
	r = sd_event_add_signal(daemon->event, NULL, SIGINT, on_stop, daemon);
	if (r < 0)
		return r;
	r = sd_event_add_post(daemon->event, NULL, on_post, daemon);
	if (r < 0)
		return r;
	return sd_event_set_watchdog(daemon->event, true);
}

static int set_up_server(struct daemon *daemon)
{
	const struct server_params params = {
		.path = daemon->config.socket,
		.group = daemon->config.group,
		.users = daemon->config.users,
		.n_users = daemon->config.n_users,
		.request_usec = 5 * USEC_PER_SEC,
		.reply_usec = 10 * USEC_PER_SEC,
		.idle_usec = 60 * USEC_PER_SEC,
	};
	int r;

	daemon->methods.event = daemon->event;
	daemon->methods.device = daemon->device;
	daemon->methods.inhibit = &daemon->inhibit;
	daemon->methods.switcher = daemon->switcher;
	daemon->methods.input = daemon->input;
	daemon->methods.backup = daemon->backup;
	r = server_new(daemon->event, &params, methods_call, methods_closed,
		       &daemon->methods, &daemon->server);
	if (r == -EADDRINUSE)
		log_error("%s: another switchd runs already",
			  daemon->config.socket);
	else if (r < 0)
		log_error("%s: the socket cannot be made: %s",
			  daemon->config.socket, strerror(-r));
	return r;
}

/* What happens by itself; switchd can do without. */
static void set_up_timers(struct daemon *daemon, const struct slots *slots)
{
	const struct config *config = &daemon->config;
	int r;

	r = backup_policy_new(daemon->event, daemon->device, daemon->backup,
			      &config->backup, &daemon->policy);
	if (r < 0)
		log_warning("backups are not made by themselves: %s",
			    strerror(-r));
	r = good_new(daemon->event, daemon->device, slots,
		     config->mark_good_after_s * USEC_PER_SEC,
		     config->raise_least_version, &daemon->good);
	if (r < 0)
		log_warning("this start does not count as good by itself: %s",
			    strerror(-r));
}

/* The directory of the socket, which the server makes if it is missing. */
static void runtime_dir(const struct config *config, char ret[PATH_MAX])
{
	char *slash;

	snprintf(ret, PATH_MAX, "%s", config->socket);
	slash = strrchr(ret, '/');
	slash[slash == ret] = '\0';
}

/* Optional: a system without it has no such locks. */
static void set_up_logind(struct daemon *daemon)
{
	enum switcher_logind forbid = daemon->config.block_locks;
	int r;

	if (sd_booted() <= 0)
		return;
	switcher_set_prepare(daemon->switcher, daemon->config.prepare);
	/* To logind each switch is a sleep then, and it may refuse one. */
	if (daemon->config.prepare)
		forbid = SWITCHER_LOGIND_ALWAYS;
	if (forbid == SWITCHER_LOGIND_NEVER)
		return;
	r = logind_new(daemon->event, LOGIND_AGAIN_USEC, &daemon->logind);
	if (r < 0)
		log_warning("locks of logind do not count: %s", strerror(-r));
	switcher_set_logind(daemon->switcher, daemon->logind, forbid);
}

static int set_up(struct daemon *daemon, struct slots *slots)
{
	struct config *config = &daemon->config;
	char notes[PATH_MAX];
	struct fault fault;
	int r;

	r = set_up_events(daemon);
	if (r < 0) {
		log_error("the event loop cannot be set up: %s", strerror(-r));
		return r;
	}
	r = device_open(config->device, &daemon->device);
	if (r < 0) {
		log_error(
			"%s cannot be opened: %s; is osti.ko loaded, and does this OS run under the switch monitor?",
			config->device, strerror(-r));
		return r;
	}
	if (slots_load(daemon->device, slots, &fault) < 0) {
		log_error("%s", fault.message);
		return -EIO;
	}
	runtime_dir(config, notes);
	r = switcher_new(daemon->event, daemon->device, &daemon->inhibit,
			 config->hooks, config->hook_timeout_ms, notes,
			 on_resumed, daemon, &daemon->switcher);
	if (r < 0) {
		log_error("hooks in %s: %s", config->hooks, strerror(-r));
		return r;
	}
	switcher_set_guard(daemon->switcher, on_guard, daemon);
	set_up_logind(daemon);
	switcher_set_hook_units(daemon->switcher,
				config->hook_units && sd_booted() > 0);
	r = backup_jobs_new(daemon->event, daemon->device, daemon->switcher,
			    &config->backup, &daemon->backup);
	if (r < 0) {
		log_error("backups cannot be set up: %s", strerror(-r));
		return r;
	}
	set_up_timers(daemon, slots);
	daemon->presses.switcher = daemon->switcher;
	daemon->presses.override_ms = config->override_ms;
	r = input_new(daemon->event, config->input, &config->keys, on_key,
		      daemon, &daemon->input);
	if (r < 0) {
		log_error("hot keys cannot be set up: %s", strerror(-r));
		return r;
	}
	return set_up_server(daemon);
}

static void tear_down(struct daemon *daemon)
{
	server_free(daemon->server);
	input_free(daemon->input);
	good_free(daemon->good);
	backup_jobs_free(daemon->backup);
	backup_policy_free(daemon->policy);
	switcher_free(daemon->switcher);
	logind_free(daemon->logind);
	device_close(daemon->device);
	sd_event_unref(daemon->event);
}

static int run(struct daemon *daemon)
{
	struct slots slots;
	int r;

	r = set_up(daemon, &slots);
	if (r < 0)
		return r;
	mark_start(daemon);
	sd_notifyf(0, "READY=1\nSTATUS=In slot %u (%s)", slots.own,
		   slots_name(&slots, slots.own));
	switcher_recover(daemon->switcher);
	log_info("version %s, in slot %u (%s) of %u", OSTI_VERSION, slots.own,
		 slots_name(&slots, slots.own), slots.n);
	r = sd_event_loop(daemon->event);
	if (r < 0)
		log_error("the event loop failed: %s", strerror(-r));
	else
		log_info("stopped");
	return r;
}

int main(int argc, char **argv)
{
	struct options options = { 0 };
	struct daemon daemon = { 0 };
	int r;

	r = parse_options(argc, argv, &options);
	if (r >= 0)
		return r;
	log_init(options.verbose);
	json_wipe_init();
	if (load_config(&daemon.config, options.config) < 0)
		return EXIT_FAILURE;
	if (options.check) {
		puts("The configuration is good.");
		return EXIT_SUCCESS;
	}
	r = run(&daemon);
	tear_down(&daemon);
	return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
