// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * switchctl list, status, version: questions that have an answer
 */
#include "ctl/commands.h"

#include <inttypes.h>

#define MIB (1024 * 1024)

/* A version, or "-" for 0. */
static void print_version(json_int_t version, int width)
{
	if (version)
		printf("  %*" PRId64, width, (int64_t)version);
	else
		printf("  %*s", width, "-");
}

/* How its last start went, as far as somebody has said. */
static void print_good(const json_t *good, json_int_t starts)
{
	if (starts)
		printf("%" PRId64 " not good\n", (int64_t)starts);
	else
		puts(json_is_null(good) ? "-" : "good");
}

static int print_slot(json_t *slot, json_int_t own, double hz,
		      struct fault *fault)
{
	json_int_t number;
	json_int_t bytes;
	json_int_t frozen_at;
	json_int_t entries;
	json_int_t version;
	json_int_t starts;
	json_int_t least;
	const char *name;
	const char *state;
	json_t *good;

	if (commands_unpack(slot, fault,
			    "{s:I,s:s,s:s,s:I,s:I,s:I,s:I,s:I,s:I,s:o}", "slot",
			    &number, "name", &name, "state", &state, "bytes",
			    &bytes, "frozen_at", &frozen_at, "entries",
			    &entries, "version", &version, "least_version",
			    &least, "starts", &starts, "good", &good) < 0)
		return -1;
	printf("%c %4" PRId64 "  %-16s %-8s %6" PRId64 " MiB %8" PRId64 "  ",
	       number == own ? '*' : ' ', (int64_t)number, name, state,
	       (int64_t)(bytes / MIB), (int64_t)entries);
	if (frozen_at)
		printf("%9.3f", (double)frozen_at / hz);
	else
		printf("%9s", "-");
	print_version(version, 7);
	print_version(least, 5);
	fputs("  ", stdout);
	print_good(good, starts);
	return 0;
}

int command_list(struct connection *connection, const struct options *options,
		 struct fault *fault)
{
	json_auto_t *reply = NULL;
	json_int_t own;
	json_int_t hz;
	json_t *slots;
	json_t *slot;
	size_t i;

	if (commands_ask(connection, "list", &reply, fault) < 0)
		return -1;
	if (options->json) {
		commands_print_json(reply);
		return 0;
	}
	if (commands_unpack(reply, fault, "{s:I,s:I,s:o}", "own", &own,
			    "counter_hz", &hz, "slots", &slots) < 0)
		return -1;
	puts("  SLOT  NAME             STATE        MEMORY  ENTERED  FROZEN AT  VERSION  LEAST  START");
	json_array_foreach(slots, i, slot) {
		if (print_slot(slot, own, (double)hz, fault) < 0)
			return -1;
	}
	return 0;
}

static int print_locks(json_t *locks, struct fault *fault)
{
	json_t *lock;
	size_t i;

	if (!json_array_size(locks)) {
		puts("Inhibitors:   none");
		return 0;
	}
	puts("Inhibitors:");
	json_array_foreach(locks, i, lock) {
		const char *who;
		const char *why;
		json_int_t uid;
		json_int_t pid;

		if (commands_unpack(lock, fault, "{s:s,s:s,s:I,s:I}", "who",
				    &who, "why", &why, "uid", &uid, "pid",
				    &pid) < 0)
			return -1;
		printf("  %s (process %" PRId64 ", user %" PRId64 "): %s\n",
		       who, (int64_t)pid, (int64_t)uid, why);
	}
	return 0;
}

static int print_last(json_t *last, struct fault *fault)
{
	const char *message = NULL;
	const char *what;

	if (json_is_null(last)) {
		puts("Last switch:  none yet");
		return 0;
	}
	if (commands_unpack(last, fault, "{s:s,s?{s:s}}", "what", &what,
			    "error", "message", &message) < 0)
		return -1;
	if (message)
		printf("Last switch:  failed: %s\n", message);
	else
		printf("Last switch:  %s, and back\n", what);
	return 0;
}

static int print_resume(json_t *resume, struct fault *fault)
{
	json_int_t generation;
	json_int_t saved_at;
	const char *reason;

	/* The monitor did not tell. */
	if (json_is_null(resume))
		return 0;
	if (commands_unpack(resume, fault, "{s:s,s:I,s:I}", "reason", &reason,
			    "generation", &generation, "saved_at",
			    &saved_at) < 0)
		return -1;
	printf("Resumed:      %s", reason);
	if (generation) {
		fputs("; last image: ", stdout);
		commands_print_generation(generation, saved_at);
	}
	putchar('\n');
	return 0;
}

static int print_start(json_t *status, struct fault *fault)
{
	json_int_t version;
	json_int_t starts;
	json_int_t least;
	json_t *good;

	if (commands_unpack(status, fault, "{s:I,s:I,s:I,s:o}", "version",
			    &version, "least_version", &least, "starts",
			    &starts, "good", &good) < 0)
		return -1;
	if (version)
		printf("Version:      %" PRId64 "; ", (int64_t)version);
	else
		fputs("Version:      not known; ", stdout);
	if (least)
		printf("accepted are %" PRId64 " and newer\n", (int64_t)least);
	else
		puts("any is accepted");
	fputs("Start:        ", stdout);
	print_good(good, starts);
	return 0;
}

/* The job of switchd-backup, if there is one. */
static int print_job(json_t *job, struct fault *fault)
{
	json_int_t total = 0;
	json_int_t done = 0;
	const char *state;
	const char *what;

	if (json_is_null(job)) {
		puts("Backups:      none under way");
		return 0;
	}
	if (commands_unpack(job, fault, "{s:s,s:s,s?{s:I,s:I}}", "what", &what,
			    "state", &state, "progress", "done", &done, "total",
			    &total) < 0)
		return -1;
	printf("Backups:      %s (%s)", what, state);
	if (total > 0)
		printf(", %" PRId64 " %%", (int64_t)(done * 100 / total));
	putchar('\n');
	return 0;
}

int command_status(struct connection *connection, const struct options *options,
		   struct fault *fault)
{
	json_auto_t *reply = NULL;
	json_int_t inputs;
	json_int_t n_slots;
	json_int_t cpus;
	json_int_t slot;
	json_int_t ram;
	const char *name;
	json_t *under_way;
	json_t *to_write;
	json_t *resume;
	json_t *locks;
	json_t *last;
	json_t *job;

	if (commands_ask(connection, "status", &reply, fault) < 0)
		return -1;
	if (options->json) {
		commands_print_json(reply);
		return 0;
	}
	if (commands_unpack(reply, fault,
			    "{s:I,s:s,s:I,s:I,s:I,s:o,s:o,s:o,s:o,s:o,s:I}",
			    "slot", &slot, "name", &name, "nr_slots", &n_slots,
			    "nr_cpus", &cpus, "ram_bytes", &ram, "resumed",
			    &resume, "under_way", &under_way, "last", &last,
			    "inhibitors", &locks, "backup", &job,
			    "input_devices", &inputs) < 0)
		return -1;
	printf("Slot:         %" PRId64 " (%s) of %" PRId64 "\n", (int64_t)slot,
	       name, (int64_t)n_slots);
	printf("Memory:       %" PRId64 " MiB\n", (int64_t)(ram / MIB));
	printf("CPUs:         %" PRId64 "\n", (int64_t)cpus);
	printf("Keys of:      %" PRId64 " input devices\n", (int64_t)inputs);
	if (print_start(reply, fault) < 0 || print_resume(resume, fault) < 0)
		return -1;
	printf("Under way:    %s",
	       json_is_string(under_way) ? json_string_value(under_way) : "-");
	to_write = json_object_get(reply, "to_write");
	if (json_is_integer(to_write))
		printf(", when %" PRId64 " MiB are written to disk",
		       (int64_t)(json_integer_value(to_write) / MIB));
	if (json_is_true(json_object_get(reply, "preparing")))
		fputs(", when all are prepared for sleep", stdout);
	putchar('\n');
	if (print_job(job, fault) < 0 || print_last(last, fault) < 0)
		return -1;
	return print_locks(locks, fault);
}

int command_version(struct connection *connection,
		    const struct options *options, struct fault *fault)
{
	json_auto_t *reply = NULL;
	json_int_t protocol;
	const char *daemon;
	json_int_t major;
	json_int_t minor;

	if (!options->json)
		puts("switchctl " OSTI_VERSION);
	if (commands_ask(connection, "version", &reply, fault) < 0)
		return -1;
	if (options->json) {
		json_object_set_new(reply, "switchctl",
				    json_string(OSTI_VERSION));
		commands_print_json(reply);
		return 0;
	}
	if (commands_unpack(reply, fault, "{s:s,s:I,s:{s:I,s:I}}", "switchd",
			    &daemon, "protocol", &protocol, "abi", "major",
			    &major, "minor", &minor) < 0)
		return -1;
	printf("switchd %s (protocol %" PRId64 ")\n", daemon,
	       (int64_t)protocol);
	printf("switch monitor, ABI %" PRId64 ".%" PRId64 "\n", (int64_t)major,
	       (int64_t)minor);
	return 0;
}
