// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * backup_job.c - puts into words what switchd-backup is to do
 */
#include "daemon/backup_job.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include <systemd/sd-id128.h>

#include <osti/image.h>

#include "common/hex.h"
#include "common/json_text.h"

static int ask_carrier(struct device *device, uint32_t slot,
		       struct osti_ioc_carrier *ret, struct fault *fault)
{
	int r = device_carrier(device, slot, ret);

	if (r == 0)
		return 0;
	if (r == -ENODATA || r == -EOPNOTSUPP)
		fault_set(
			fault, FAULT_NOT_SUPPORTED,
			"this device cannot make copies: %s",
			r == -ENODATA
				? "it has no NV memory that can be trusted; the monitor has told why on the console at power-on"
				: "its switch monitor is too old; update the firmware");
	else
		fault_set(
			fault, FAULT_DEVICE,
			"asking the monitor for the carrier key of slot %u: %s",
			slot, strerror(-r));
	return -1;
}

/*
 * Counters begin anew at power-on, and this OS knows that it was started anew
 * then, unless it came back from an image: then chance would have to find the
 * same tick again. Return: false when nothing can be said.
 */
static bool describe_freeze(const struct osti_ioc_slot *slot,
			    char text[JOB_FREEZE + 1])
{
	sd_id128_t boot;

	if (!slot->frozen_at || sd_id128_get_boot(&boot) < 0)
		return false;
	snprintf(text, JOB_FREEZE + 1, SD_ID128_FORMAT_STR "-%llu-%llu",
		 SD_ID128_FORMAT_VAL(boot), (unsigned long long)slot->frozen_at,
		 (unsigned long long)slot->entries);
	return true;
}

static json_t *describe_slot(const struct osti_ioc_slot *slot,
			     const struct osti_ioc_carrier *carrier)
{
	char key[2 * sizeof(carrier->key) + 1];
	char id[2 * sizeof(carrier->id) + 1];
	char freeze[JOB_FREEZE + 1];
	json_t *object;

	hex_encode(carrier->id, sizeof(carrier->id), id);
	hex_encode(carrier->key, sizeof(carrier->key), key);
	object = json_pack("{s:I,s:o,s:s,s:s}", "slot", (json_int_t)slot->slot,
			   "name", json_text(slot->name), "id", id, "carrier",
			   key);
	explicit_bzero(key, sizeof(key));
	if (describe_freeze(slot, freeze))
		json_object_set_new(object, "freeze", json_string(freeze));
	return object;
}

/* The slot that it is about, or all. */
static int add_slots(struct device *device, const struct slots *slots,
		     uint32_t only, json_t *list, struct fault *fault)
{
	struct osti_ioc_carrier carrier;
	uint32_t i;
	int r = 0;

	for (i = 1; i <= slots->n && r == 0; i++) {
		if (only && i != only)
			continue;
		r = ask_carrier(device, i, &carrier, fault);
		if (r == 0)
			json_array_append_new(list,
					      describe_slot(&slots->slot[i - 1],
							    &carrier));
	}
	explicit_bzero(&carrier, sizeof(carrier));
	return r;
}

/*
 * Who claims an OS: this OS on this device. The monitor tells nobody the
 * device's own id. The slot's id is another one on each device unless its key
 * was brought there; the machine's id makes up for that where there is one.
 */
static int describe_device(struct device *device, const struct slots *slots,
			   const struct backup_config *config, json_t **ret,
			   struct fault *fault)
{
	char label[CONFIG_BACKUP_LABEL_MAX];
	struct osti_ioc_carrier carrier;
	char id[2 * JOB_ID + 1];
	struct utsname host;
	sd_id128_t machine;
	sd_id128_t own;

	if (ask_carrier(device, slots->own, &carrier, fault) < 0)
		return -1;
	memcpy(own.bytes, carrier.id, sizeof(own.bytes));
	explicit_bzero(&carrier, sizeof(carrier));
	if (sd_id128_get_machine_app_specific(own, &machine) < 0)
		machine = own;
	hex_encode(machine.bytes, sizeof(machine.bytes), id);
	if (uname(&host) < 0)
		snprintf(host.nodename, sizeof(host.nodename), "?");
	/* A long host's name is cut. */
	snprintf(label, sizeof(label), "%.32s",
		 config->device_name[0] ? config->device_name : host.nodename);
	*ret = json_pack("{s:s,s:o,s:o}", "id", id, "label", json_text(label),
			 "host", json_text(host.nodename));
	return 0;
}

static void set_text(json_t *object, const char *name, const char *text)
{
	if (text[0])
		json_object_set_new(object, name, json_text(text));
}

static json_t *describe_repository(const struct backup_config *config)
{
	json_t *object = json_pack("{s:o,s:b}", "url",
				   json_text(config->repository),
				   "virtual_host", config->virtual_host);

	set_text(object, "endpoint", config->endpoint);
	set_text(object, "region", config->region);
	set_text(object, "ca", config->ca);
	set_text(object, "credentials", config->credentials);
	return object;
}

static json_t *describe_limits(const struct backup_config *config,
			       const struct backup_request *request)
{
	uint64_t download = config->limit_download;
	uint64_t upload = config->limit_upload;

	if (request->has_download)
		download = request->limit_download;
	if (request->has_upload)
		upload = request->limit_upload;
	return json_pack("{s:I,s:I,s:I}", "parallel",
			 (json_int_t)config->parallel, "upload",
			 (json_int_t)upload, "download", (json_int_t)download);
}

static void add_request(json_t *job, const struct backup_request *request)
{
	const struct job_keep *keep = &request->keep;

	if (request->stored)
		json_object_set_new(job, "stored",
				    json_integer((json_int_t)request->stored));
	set_text(job, "backup", request->backup);
	json_object_set_new(job, "keep",
			    json_pack("{s:I,s:I,s:I,s:I}", "last",
				      (json_int_t)keep->last, "daily",
				      (json_int_t)keep->daily, "weekly",
				      (json_int_t)keep->weekly, "monthly",
				      (json_int_t)keep->monthly));
	json_object_set_new(job, "force", json_boolean(request->force));
	json_object_set_new(job, "pull", json_boolean(request->pull));
	json_object_set_new(job, "read_data", json_boolean(request->read_data));
	json_object_set_new(job, "dry_run", json_boolean(request->dry_run));
}

int backup_job_make(struct device *device, const struct slots *slots,
		    const struct backup_config *config,
		    const struct backup_request *request, enum job_op step,
		    json_t **ret, struct fault *fault)
{
	json_t *about = NULL;
	json_t *list = json_array();
	char catalogue[PATH_MAX];
	json_t *job;

	if (add_slots(device, slots, request->slot, list, fault) < 0 ||
	    describe_device(device, slots, config, &about, fault) < 0) {
		json_decref(list);
		return -1;
	}
	job = json_pack("{s:s,s:o,s:o,s:o,s:o}", "operation", job_op_name(step),
			"repository", describe_repository(config), "limits",
			describe_limits(config, request), "device", about,
			"slots", list);
	if (!job) {
		fault_set(fault, FAULT_FAILED, "out of memory");
		return -1;
	}
	if (snprintf(catalogue, sizeof(catalogue), "%s/backup", config->state) <
	    (int)sizeof(catalogue))
		set_text(job, "catalogue", catalogue);
	add_request(job, request);
	*ret = job;
	return 0;
}

void backup_job_label(const struct backup_request *request, const char *name,
		      struct backup_label *ret)
{
	static const char *const nouns[] = {
		[JOB_BACKUP] = "backup of ",
		[JOB_PUSH] = "push of ",
		[JOB_BACKUPS] = "list of backups",
		[JOB_RESTORE] = "restore of ",
		[JOB_VERIFY] = "check of a backup of ",
		[JOB_FORGET] = "forgetting of a backup of ",
		[JOB_PRUNE] = "pruning of backups of ",
		[JOB_INIT] = "making of a repository",
		[JOB_INFO] = "look at the repository",
		[JOB_CHECK] = "check of the repository",
	};
	const char *noun = request->pull ? "pull of " : nouns[request->op];
	bool of = noun[strlen(noun) - 1] == ' ';

	snprintf(ret->name, sizeof(ret->name), "%s", name);
	snprintf(ret->what, sizeof(ret->what), "%s%s", noun, of ? name : "");
}

int backup_job_shown(json_t *result, struct backup_request *request,
		     uint8_t *ret_header, struct fault *fault)
{
	const char *header;
	const char *name;

	if (json_unpack(result, "{s:s,s:s}", "header", &header, "backup",
			&name) == 0 &&
	    strlen(name) < sizeof(request->backup) &&
	    hex_decode(header, ret_header, OSTI_IMAGE_HEADER) == 0) {
		/* The same one in the next step, also if there is a newer one. */
		snprintf(request->backup, sizeof(request->backup), "%s", name);
		return 0;
	}
	fault_set(fault, FAULT_HELPER,
		  "switchd-backup showed a backup that is none");
	return -1;
}
