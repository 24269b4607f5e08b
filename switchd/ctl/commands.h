/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * commands.h - the commands of switchctl
 *
 * Each carries out what the options say and prints it. Return: 0, or -1 and
 * the fault. inhibit returns the exit status of its program instead of 0.
 */
#ifndef SWITCHCTL_COMMANDS_H
#define SWITCHCTL_COMMANDS_H

#include <stdio.h>

#include <jansson.h>

#include "common/fault.h"
#include "ctl/connection.h"
#include "ctl/options.h"

/* For requests that switchd answers at once. */
#define COMMANDS_TIMEOUT_MS 30000

int command_list(struct connection *connection, const struct options *options,
		 struct fault *fault);
int command_status(struct connection *connection, const struct options *options,
		   struct fault *fault);
/* switch, hibernate, poweroff, verify, drop */
int command_request(struct connection *connection,
		    const struct options *options, struct fault *fault);
int command_images(struct connection *connection, const struct options *options,
		   struct fault *fault);
int command_mark_good(struct connection *connection,
		      const struct options *options, struct fault *fault);
/* Writes to the exchange disk itself. */
int command_boot_image(struct connection *connection,
		       const struct options *options, struct fault *fault);
/* Both talk to the device itself, and only for root. */
int command_recovery_key(const struct options *options, struct fault *fault);
int command_disk_key(const struct options *options, struct fault *fault);
/* Return: the exit status, as ExecCondition= wants it; connects by itself. */
int command_asleep(struct connection *connection,
		   const struct options *options);
int command_inhibit(struct connection *connection,
		    const struct options *options, struct fault *fault);
int command_log(struct connection *connection, const struct options *options,
		struct fault *fault);
int command_stats(struct connection *connection, const struct options *options,
		  struct fault *fault);
/* backup, push, restore, pull, verify-backup */
int command_backup(struct connection *connection, const struct options *options,
		   struct fault *fault);
int command_backup_cancel(struct connection *connection,
			  const struct options *options, struct fault *fault);
int command_backups(struct connection *connection,
		    const struct options *options, struct fault *fault);
int command_forget(struct connection *connection, const struct options *options,
		   struct fault *fault);
int command_prune(struct connection *connection, const struct options *options,
		  struct fault *fault);
int command_repo(struct connection *connection, const struct options *options,
		 struct fault *fault);
int command_version(struct connection *connection,
		    const struct options *options, struct fault *fault);

/*
 * json_unpack() of a reply, with a FAULT_UNREACHABLE that says what is wrong
 * with it. Return: 0, or -1 and the fault.
 */
int commands_unpack(json_t *reply, struct fault *fault, const char *format,
		    ...);

/* A request without parameters that is answered at once. */
int commands_ask(struct connection *connection, const char *method,
		 json_t **reply, struct fault *fault);

/* Date and time in UTC, from seconds since 1970. */
#define COMMANDS_TIME_MAX 24
void commands_time(json_int_t seconds, char text[COMMANDS_TIME_MAX]);
/* "generation N, saved TIME UTC", without an end of line. */
void commands_print_generation(json_int_t generation, json_int_t saved_at);

/*
 * A job with the parameters that the options say, see job_run(). With --json the
 * result is printed, too. Return: 0 and *result, or -1 and the fault.
 */
int commands_run_job(struct connection *connection,
		     const struct options *options, const char *method,
		     int (*item)(json_t *item, void *data, struct fault *fault),
		     void *data, json_t **result, struct fault *fault);

/* Prints one line of JSON. */
void commands_print_json(const json_t *value);

#endif /* SWITCHCTL_COMMANDS_H */
