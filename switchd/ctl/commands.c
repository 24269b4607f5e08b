// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * commands.c - what the commands of switchctl have in common
 */
#include "ctl/commands.h"

#include <inttypes.h>
#include <stdarg.h>
#include <time.h>

#include "ctl/job.h"

int commands_unpack(json_t *reply, struct fault *fault, const char *format, ...)
{
	json_error_t error;
	va_list args;
	int r;

	va_start(args, format);
	r = json_vunpack_ex(reply, &error, 0, format, args);
	va_end(args);
	if (r == 0)
		return 0;
	fault_set(
		fault, FAULT_UNREACHABLE,
		"switchd's reply makes no sense: %s; do switchd and switchctl belong together?",
		error.text);
	return -1;
}

void commands_print_json(const json_t *value)
{
	json_dumpf(value, stdout, JSON_COMPACT | JSON_PRESERVE_ORDER);
	putchar('\n');
}

void commands_time(json_int_t seconds, char text[COMMANDS_TIME_MAX])
{
	const time_t time = (time_t)seconds;
	struct tm tm;

	if (!gmtime_r(&time, &tm) ||
	    !strftime(text, COMMANDS_TIME_MAX, "%Y-%m-%d %H:%M:%S", &tm))
		snprintf(text, COMMANDS_TIME_MAX, "%" PRId64, (int64_t)seconds);
}

void commands_print_generation(json_int_t generation, json_int_t saved_at)
{
	char time[COMMANDS_TIME_MAX];

	commands_time(saved_at, time);
	printf("generation %" PRId64 ", saved %s UTC", (int64_t)generation,
	       time);
}

int commands_ask(struct connection *connection, const char *method,
		 json_t **reply, struct fault *fault)
{
	return connection_call(connection, method, NULL, COMMANDS_TIMEOUT_MS,
			       reply, fault);
}

/* What was asked for, as parameters; NULL: it cannot be put into JSON. */
static json_t *make_params(const struct options *options)
{
	static const char *const keep[] = { "keep_last", "keep_daily",
					    "keep_weekly", "keep_monthly" };
	const struct backup_options *b = &options->backup;
	json_t *params = json_object();
	size_t i;
	int r = 0;

	if (options->target)
		r |= json_object_set_new(params, "target",
					 json_string(options->target));
	if (b->id)
		r |= json_object_set_new(params, "backup", json_string(b->id));
	if (b->has_upload)
		json_object_set_new(params, "limit_upload",
				    json_integer((json_int_t)b->limit_upload));
	if (b->has_download)
		json_object_set_new(
			params, "limit_download",
			json_integer((json_int_t)b->limit_download));
	for (i = 0; i < OPTIONS_KEEP; i++)
		if (b->keep[i] >= 0)
			json_object_set_new(params, keep[i],
					    json_integer(b->keep[i]));
	if (b->force)
		json_object_set_new(params, "force", json_true());
	if (b->read_data)
		json_object_set_new(params, "read_data", json_true());
	if (b->dry_run)
		json_object_set_new(params, "dry_run", json_true());
	if (!r)
		return params;
	json_decref(params);
	return NULL;
}

int commands_run_job(struct connection *connection,
		     const struct options *options, const char *method,
		     int (*item)(json_t *item, void *data, struct fault *fault),
		     void *data, json_t **result, struct fault *fault)
{
	json_t *params = make_params(options);

	if (!params) {
		fault_set(fault, FAULT_BAD_REQUEST, "an argument is not UTF-8");
		return -1;
	}
	if (job_run(connection, method, params, options->json, item, data,
		    result, fault) < 0)
		return -1;
	if (options->json) {
		json_auto_t *line = json_pack("{s:O}", "result", *result);

		commands_print_json(line);
	}
	return 0;
}
