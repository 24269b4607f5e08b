// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * init, info, check: the repository itself
 */
#include "backup/operations.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "backup/check.h"
#include "backup/report.h"
#include "common/hex.h"
#include "common/json_text.h"

static json_t *describe(const struct session *session,
			const struct repo_config *config)
{
	char id[2 * REPO_CONFIG_ID + 1];

	hex_encode(config->id, REPO_CONFIG_ID, id);
	return json_pack("{s:o,s:s,s:b}", "url", json_text(session->job->url),
			 "id", id, "conditional",
			 !!(config->flags & REPO_CONDITIONAL));
}

int op_init(struct session *session, struct fault *fault)
{
	uint8_t id[REPO_CONFIG_ID];
	struct repo_config config;
	struct backup_fault failure;

	if (getrandom(id, sizeof(id), 0) != (ssize_t)sizeof(id)) {
		fault_set(fault, FAULT_FAILED, "no random numbers: %s",
			  strerror(errno));
		return -1;
	}
	if (repository_init(session->store, id, &config, &failure) != BACKUP_OK)
		return session_failed(&failure, fault);
	if (!(config.flags & REPO_CONDITIONAL))
		report_note(
			"this store creates an object twice when it is asked to: push and pull need --force and a person who knows that nobody else does it at the same time");
	report_result(describe(session, &config));
	return 0;
}

int op_info(struct session *session, struct fault *fault)
{
	struct store_counts counts;
	json_t *object;

	/* Any slot will do: what is told is not about one. */
	if (session_open(session, 0, fault) < 0)
		return -1;
	store_counts_get(session->store, &counts);
	object = describe(session, &session->repo.config);
	json_object_set_new(object, "requests",
			    json_integer((json_int_t)counts.requests));
	report_result(object);
	return 0;
}

static void on_wrong(const char *text, void *data)
{
	unsigned int *wrong = data;

	(*wrong)++;
	report_item(json_pack("{s:o}", "wrong", json_text(text)));
}

int op_check(struct session *session, struct fault *fault)
{
	const struct job *job = session->job;
	struct check_result all = { 0 };
	struct backup_fault failure;
	struct check_result one;
	unsigned int wrong = 0;
	size_t i;

	for (i = 0; i < job->n_slots; i++) {
		if (session_open(session, i, fault) < 0)
			return -1;
		if (check_run(&session->repo, job->read_data, on_wrong, &wrong,
			      &one, &failure) != BACKUP_OK)
			return session_failed(&failure, fault);
		all.backups += one.backups;
		all.bad_backups += one.bad_backups;
		all.packs += one.packs;
		all.bad_packs += one.bad_packs;
	}
	if (wrong) {
		fault_set(
			fault, FAULT_REPOSITORY,
			"%u of %u backups lack what they need, %u packs are damaged; other backups are not affected, and a new one sends again what is missing",
			all.bad_backups, all.backups + all.bad_backups,
			all.bad_packs);
		return -1;
	}
	report_result(json_pack("{s:I,s:I}", "backups", (json_int_t)all.backups,
				"packs", (json_int_t)all.packs));
	return 0;
}
