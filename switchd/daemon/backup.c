// SPDX-License-Identifier: GPL-2.0-or-later
#include "daemon/backup.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <osti/abi.h>
#include <osti/image.h>

#include "common/hex.h"
#include "common/json_text.h"
#include "common/names.h"
#include "common/util.h"
#include "daemon/courier.h"
#include "daemon/images.h"
#include "daemon/log.h"
#include "daemon/pushed.h"
#include "daemon/slots.h"

enum state {
	STATE_IDLE,
	STATE_HELPER, /* switchd-backup works */
	STATE_ASKING, /* the boot manager asks a person */
	STATE_AGAIN, /* a switch ended it; it is begun again after that */
	STATE_GIVING_UP, /* what was pushed is retired, in the store */
};

static const char *const state_names[] = {
	[STATE_IDLE] = "idle",		 [STATE_HELPER] = "helper",
	[STATE_ASKING] = "asking",	 [STATE_AGAIN] = "again",
	[STATE_GIVING_UP] = "giving-up",
};

struct backup_jobs {
	sd_event *event;
	struct device *device;
	struct switcher *switcher;
	const struct backup_config *config;
	backup_jobs_ended ended;
	void *ended_userdata;

	enum state state;
	struct backup_request request;
	struct backup_ticket *ticket; /* NULL: nobody listens */
	char name[24]; /* of the slot, or "" */
	char what[64]; /* for people: "backup of work" */
	enum job_op step;
	struct courier *courier;
	json_t *progress; /* what it said last, or NULL */
	bool resumed; /* this OS was frozen in this step */
	uint8_t header[OSTI_IMAGE_HEADER]; /* of the copy to bring in */
	json_t *result; /* of a push, while the rest is done */
	uint32_t tried; /* slots, as bits: does the board show their disks? */
	uint32_t shown; /* those of which it does */
	sd_event_source *again;
};

static int begin(struct backup_jobs *jobs, struct fault *fault);

/* ---- The end of a job ---------------------------------------------------- */

static void forget_step(struct backup_jobs *jobs)
{
	courier_free(jobs->courier);
	jobs->courier = NULL;
	json_decref(jobs->progress);
	jobs->progress = NULL;
	jobs->resumed = false;
}

/* Notes what it can; that it could not does not change what was done. */
static void note(struct backup_jobs *jobs, enum pushed pushed)
{
	struct fault fault;

	if (pushed_note(jobs->config->state, jobs->request.slot, pushed,
			&fault) < 0)
		log_error("%s", fault.message);
}

/* One of result and fault is NULL. */
static void finish(struct backup_jobs *jobs, json_t *result,
		   const struct fault *fault)
{
	struct backup_request request = jobs->request;

	forget_step(jobs);
	jobs->state = STATE_IDLE;
	if (fault)
		log_warning("%s: %s", jobs->what, fault->message);
	else
		log_notice("%s: done", jobs->what);
	if (jobs->ticket)
		backup_ticket_end(jobs->ticket, result, fault);
	json_decref(jobs->result);
	jobs->result = NULL;
	if (jobs->ended)
		jobs->ended(&request, fault, jobs->ended_userdata);
}

static void tell(struct backup_jobs *jobs, const char *text)
{
	json_t *line;

	log_notice("%s: %s", jobs->what, text);
	if (!jobs->ticket)
		return;
	line = json_pack("{s:o}", "note", json_text(text));
	backup_ticket_line(jobs->ticket, line);
	json_decref(line);
}

/* ---- A push: what is left here is given up ------------------------------- */

/*
 * How it ended for the local copy: of no harm if it stays where it was. The
 * monitor knows of what is retired; for the rest there is the note.
 */
static void given_up(struct backup_jobs *jobs, const struct fault *fault)
{
	const char *where = jobs->request.stored ? "stored" : "frozen";
	json_t *result = jobs->result;
	char text[FAULT_MESSAGE_MAX];

	jobs->result = NULL;
	json_object_set_new(result, "local",
			    json_string(fault ? where : "retired"));
	if (!fault) {
		note(jobs, PUSHED_NOT);
	} else {
		snprintf(text, sizeof(text), "it was pushed, but %s: %.380s",
			 jobs->request.stored
				 ? "its image in the store can still be resumed"
				 : "is still frozen in memory",
			 fault->message);
		tell(jobs, text);
	}
	finish(jobs, result, NULL);
	json_decref(result);
}

static void on_retired(const struct switcher_result *result,
		       const struct fault *fault, void *userdata)
{
	(void)result;
	given_up(userdata, fault);
}

static void give_up(struct backup_jobs *jobs, json_t *result)
{
	char slot[8];
	struct fault fault;

	forget_step(jobs);
	note(jobs, PUSHED_AWAY);
	jobs->result = json_incref(result);
	jobs->state = STATE_GIVING_UP;
	snprintf(slot, sizeof(slot), "%u", jobs->request.slot);
	if (switcher_start(jobs->switcher, OSTI_REQUEST_RETIRE, slot, 0,
			   on_retired, jobs, &fault) < 0)
		given_up(jobs, &fault);
}

/* ---- A backup that a switch ended ---------------------------------------- */

static int on_again(sd_event_source *source, void *userdata)
{
	struct backup_jobs *jobs = userdata;
	struct fault fault;

	(void)source;
	/* First its hooks: the network may be down before. */
	if (switcher_current(jobs->switcher))
		return 0;
	jobs->again = sd_event_source_disable_unref(jobs->again);
	if (begin(jobs, &fault) < 0)
		finish(jobs, NULL, &fault);
	return 0;
}

/*
 * The same without a switch in between would be the same for ever. Return: true:
 * it will be begun again.
 */
static bool again(struct backup_jobs *jobs, const struct fault *fault)
{
	enum job_op op = jobs->request.op;

	if (fault->code != FAULT_INTERRUPTED || !jobs->resumed ||
	    !jobs->config->again_after_switch ||
	    (op != JOB_BACKUP && op != JOB_PUSH))
		return false;
	if (sd_event_add_post(jobs->event, &jobs->again, on_again, jobs) < 0)
		return false;
	forget_step(jobs);
	jobs->state = STATE_AGAIN;
	tell(jobs,
	     "a switch ended it; it is begun again, and what was uploaded counts");
	return true;
}

/* ---- Steps --------------------------------------------------------------- */

/*
 * The backup of a push is made, and the repository is told that the OS lives
 * there. Whatever becomes of us, of the helper or of the device from here on: it
 * must be known that a push was under way.
 */
static void on_ask(struct backup_jobs *jobs)
{
	struct fault fault;

	if (jobs->step != JOB_PUSH)
		return;
	if (pushed_note(jobs->config->state, jobs->request.slot, PUSHED_UNSURE,
			&fault) < 0)
		finish(jobs, NULL, &fault);
	else
		courier_agree(jobs->courier);
}

static void on_line(json_t *line, void *userdata)
{
	struct backup_jobs *jobs = userdata;
	json_t *progress = json_object_get(line, "progress");
	json_t *text = json_object_get(line, "note");

	if (json_object_get(line, "ask")) {
		on_ask(jobs);
		return;
	}
	if (progress) {
		json_decref(jobs->progress);
		jobs->progress = json_incref(progress);
	}
	if (text && !jobs->ticket)
		log_notice("%s: %.400s", jobs->what, json_string_value(text));
	if (!jobs->ticket)
		return;
	backup_ticket_line(jobs->ticket, line);
	/* He may have gone because of it. */
	if (jobs->ticket && backup_ticket_is_full(jobs->ticket))
		courier_listen(jobs->courier, false);
}

static void on_room(void *userdata)
{
	struct backup_jobs *jobs = userdata;

	if (jobs->courier)
		courier_listen(jobs->courier, true);
}

static void on_gone(void *userdata)
{
	struct backup_jobs *jobs = userdata;

	log_info("%s: whoever asked for it is gone; it goes on", jobs->what);
	on_room(jobs);
}

/*
 * A removable disk is pulled at a switch, and connections do not outlive one: what
 * the helper misses first, its transfer or its repository, is chance.
 */
static void blame_switch(struct fault *fault)
{
	struct fault was = *fault;

	if (was.code == FAULT_STORE || was.code == FAULT_STORE_DENIED ||
	    was.code == FAULT_NO_REPOSITORY)
		fault_set(fault, FAULT_INTERRUPTED,
			  "a switch came in between, and after it: %s",
			  was.message);
}

static void on_ended(json_t *result, const struct fault *fault, void *userdata);

static const struct courier_ops courier_ops = {
	.line = on_line,
	.ended = on_ended,
};

/* Runs switchd-backup for a step. The transfer, if any, is closed here. */
static int run(struct backup_jobs *jobs, enum job_op step, int transfer,
	       struct fault *fault)
{
	struct courier_params params = {
		.program = jobs->config->program,
		.user = jobs->config->user,
		.transfer = transfer,
	};
	struct slots slots;
	int r;

	forget_step(jobs);
	r = slots_load(jobs->device, &slots, fault);
	if (r == 0)
		r = backup_job_make(jobs->device, &slots, jobs->config,
				    &jobs->request, step, &params.job, fault);
	if (r == 0) {
		r = courier_start(jobs->event, &params, &courier_ops, jobs,
				  &jobs->courier, fault);
		json_decref(params.job);
	}
	if (transfer >= 0)
		close(transfer);
	jobs->step = step;
	if (r == 0)
		jobs->state = STATE_HELPER;
	return r;
}

/* What an errno of OSTI_BACKUP_OPEN means to whoever wants a copy. */
static void explain(const struct backup_jobs *jobs, int error, uint32_t reason,
		    struct fault *fault)
{
	switch (error) {
	case EBUSY:
		fault_set(
			fault, FAULT_SLOT_STATE,
			"the monitor does not begin the %s: another transfer is open, or %s has changed its state; 'switchctl list' shows it",
			jobs->what, jobs->name);
		break;
	case EBADMSG:
		fault_set(fault, FAULT_REFUSED,
			  "the monitor does not believe the backup: %s",
			  names_refusal_text(reason));
		break;
	case ENODATA:
	case EOPNOTSUPP:
		fault_set(
			fault, FAULT_NOT_SUPPORTED,
			"this device cannot make copies: it has no NV memory that can be trusted, or firmware without an image engine");
		break;
	case ENOMEM:
		fault_set(
			fault, FAULT_SLOT_STATE,
			"there is no memory for the %s; hibernate another slot first",
			jobs->what);
		break;
	default:
		fault_set(fault, FAULT_DEVICE,
			  "the monitor does not begin the %s: %s", jobs->what,
			  strerror(error));
		break;
	}
}

/*
 * How many attachments a copy has must be said before it can be asked whether
 * there is a disk; once, as a board does not change. Return: its descriptor, or a
 * negative errno.
 */
static int open_export(struct backup_jobs *jobs, struct osti_ioc_backup *arg)
{
	uint32_t slot = UINT32_C(1) << arg->slot;
	struct osti_ioc_backup again;
	int fd;
	int r;

	arg->attachments = !(jobs->tried & slot) || (jobs->shown & slot);
	again = *arg;
	fd = device_backup_open(jobs->device, arg);
	if (fd < 0 || (jobs->tried & slot))
		return fd;
	r = device_disk_try(jobs->device, fd);
	if (r < 0 && r != -EOPNOTSUPP) {
		/* It may work for switchd-backup, which tells what is wrong. */
		log_warning("%s: trying the disk: %s", jobs->what,
			    strerror(-r));
		return fd;
	}
	jobs->tried |= slot;
	if (r == 0) {
		jobs->shown |= slot;
		return fd;
	}
	close(fd);
	*arg = again;
	arg->attachments = 0;
	return device_backup_open(jobs->device, arg);
}

/* A transfer. Return: its descriptor, or -1 and the fault. */
static int open_transfer(struct backup_jobs *jobs, uint32_t what,
			 struct fault *fault)
{
	struct osti_ioc_backup arg = { .slot = jobs->request.slot,
				       .what = what };
	int fd;

	if (what == OSTI_BACKUP_IMPORT) {
		arg.header = (uint64_t)(uintptr_t)jobs->header;
		fd = device_backup_open(jobs->device, &arg);
	} else {
		/* A stored image has the time at which it was stored. */
		if (what == OSTI_BACKUP_EXPORT)
			arg.saved_at = (uint64_t)time(NULL);
		fd = open_export(jobs, &arg);
		jobs->request.stored =
			what == OSTI_BACKUP_STORED ? arg.generation : 0;
	}
	if (fd < 0)
		explain(jobs, -fd, arg.reason, fault);
	return fd < 0 ? -1 : fd;
}

/* A step that has an open transfer. Return: 0, or -1 and the fault. */
static int run_transfer(struct backup_jobs *jobs, enum job_op step,
			uint32_t what, struct fault *fault)
{
	int fd = open_transfer(jobs, what, fault);

	return fd < 0 ? -1 : run(jobs, step, fd, fault);
}

/* ---- A person agrees to a copy ------------------------------------------- */

static void on_asked(const struct switcher_result *result,
		     const struct fault *fault, void *userdata)
{
	struct backup_jobs *jobs = userdata;
	struct fault failure;

	(void)result;
	if (fault)
		finish(jobs, NULL, fault);
	else if (run_transfer(jobs, JOB_RESTORE, OSTI_BACKUP_IMPORT, &failure) <
		 0)
		finish(jobs, NULL, &failure);
}

/* Which copy, and then the boot manager, which asks at the console. */
static int ask(struct backup_jobs *jobs, struct fault *fault)
{
	uint32_t reason;
	char slot[8];
	int r;

	r = device_restore_ask(jobs->device, jobs->request.slot, jobs->header,
			       &reason);
	if (r < 0) {
		explain(jobs, -r, reason, fault);
		return -1;
	}
	snprintf(slot, sizeof(slot), "%u", jobs->request.slot);
	if (switcher_start(jobs->switcher, OSTI_REQUEST_RESTORE, slot, 0,
			   on_asked, jobs, fault) < 0)
		return -1;
	jobs->state = STATE_ASKING;
	tell(jobs, "a person has to agree at the console of the device");
	return 0;
}

/* The header of the backup that a step has shown. */
static int take_header(struct backup_jobs *jobs, json_t *result,
		       struct fault *fault)
{
	const char *header;
	const char *name;

	if (json_unpack(result, "{s:s,s:s}", "header", &header, "backup",
			&name) == 0 &&
	    strlen(name) < sizeof(jobs->request.backup) &&
	    hex_decode(header, jobs->header, sizeof(jobs->header)) == 0) {
		/* The same one in the next step, also if there is a newer one. */
		snprintf(jobs->request.backup, sizeof(jobs->request.backup),
			 "%s", name);
		return 0;
	}
	fault_set(fault, FAULT_HELPER,
		  "switchd-backup showed a backup that is none");
	return -1;
}

/* The monitor opens everything; if it cannot, what can be known is looked at. */
static int verify(struct backup_jobs *jobs, struct fault *fault)
{
	if (run_transfer(jobs, JOB_VERIFY, OSTI_BACKUP_IMPORT, fault) == 0)
		return 0;
	if (fault->code != FAULT_SLOT_STATE)
		return -1;
	tell(jobs, fault->message);
	return run(jobs, JOB_VERIFY, -1, fault);
}

/* A step ended well: what comes next? Return: 1: nothing, 0, or -1 and fault. */
static int next_step(struct backup_jobs *jobs, json_t *result,
		     struct fault *fault)
{
	if (jobs->step != JOB_SHOW)
		return 1;
	if (take_header(jobs, result, fault) < 0)
		return -1;
	return jobs->request.op == JOB_RESTORE ? ask(jobs, fault)
					       : verify(jobs, fault);
}

static void on_ended(json_t *result, const struct fault *failure,
		     void *userdata)
{
	struct backup_jobs *jobs = userdata;
	struct fault fault;
	int r;

	if (failure) {
		fault = *failure;
		if (jobs->resumed)
			blame_switch(&fault);
		if (!again(jobs, &fault))
			finish(jobs, NULL, &fault);
		return;
	}
	json_incref(result);
	r = next_step(jobs, result, &fault);
	if (r < 0) {
		finish(jobs, NULL, &fault);
	} else if (r > 0 && jobs->step == JOB_PUSH) {
		give_up(jobs, result);
	} else if (r > 0) {
		/* What it was before is gone, whether it was pushed or not. */
		if (jobs->step == JOB_RESTORE)
			note(jobs, PUSHED_NOT);
		finish(jobs, result, NULL);
	}
	json_decref(result);
}

/* ---- The beginning ------------------------------------------------------- */

static void describe(struct backup_jobs *jobs,
		     const struct backup_request *request, const char *name)
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

	jobs->request = *request;
	snprintf(jobs->name, sizeof(jobs->name), "%s", name);
	snprintf(jobs->what, sizeof(jobs->what), "%s%s", noun, of ? name : "");
}

static int wrong_state(const struct slots *slots, uint32_t slot,
		       const char *advice, struct fault *fault)
{
	fault_set(fault, FAULT_SLOT_STATE, "slot %u (%s) is %s; %s", slot,
		  slots_name(slots, slot),
		  names_slot_state(slots->slot[slot - 1].state), advice);
	return -1;
}

/* What is not in memory may lie in the store. */
static int check_stored(struct device *device, const struct slots *slots,
			uint32_t slot, struct fault *fault)
{
	struct osti_ioc_image image;

	/* Where there is no image that is known, there is none. */
	if (device_image(device, slot, &image) < 0 ||
	    !images_resumable(&image))
		return wrong_state(
			slots, slot,
			"only what is frozen in memory, or hibernated, can be saved: switch to it and back",
			fault);
	return images_check(device, slot, slots_name(slots, slot), fault);
}

/* Refuses what the slot's state makes impossible. */
static int check_slot(struct device *device, const struct slots *slots,
		      const struct backup_request *request, struct fault *fault)
{
	uint32_t slot = request->slot;
	uint32_t state = slot ? slots->slot[slot - 1].state : 0;

	switch (request->op) {
	case JOB_BACKUP:
	case JOB_PUSH:
		if (slot == slots->own)
			return wrong_state(
				slots, slot,
				"an OS is saved while it is frozen: switch to another slot and do it from there",
				fault);
		if (state == OSTI_SLOT_EMPTY)
			return check_stored(device, slots, slot, fault);
		if (state != OSTI_SLOT_FROZEN)
			return wrong_state(
				slots, slot,
				"only what is frozen in memory, or hibernated, can be saved: switch to it and back",
				fault);
		return 0;
	case JOB_RESTORE:
		if (slot == slots->own)
			return wrong_state(
				slots, slot,
				"bring it in from another slot, while this one is hibernated",
				fault);
		if (state != OSTI_SLOT_EMPTY)
			return wrong_state(
				slots, slot,
				"hibernate it first, so that nothing of it is lost before the copy is in ('switchctl hibernate')",
				fault);
		return 0;
	default:
		return 0;
	}
}

/* The first step, also of what is begun again. */
static int begin(struct backup_jobs *jobs, struct fault *fault)
{
	const struct backup_request *request = &jobs->request;
	struct slots slots;

	if (slots_load(jobs->device, &slots, fault) < 0 ||
	    check_slot(jobs->device, &slots, request, fault) < 0)
		return -1;
	switch (request->op) {
	case JOB_BACKUP:
	case JOB_PUSH:
		return run_transfer(jobs, request->op,
				    slots.slot[request->slot - 1].state ==
						    OSTI_SLOT_EMPTY
					    ? OSTI_BACKUP_STORED
					    : OSTI_BACKUP_EXPORT,
				    fault);
	case JOB_RESTORE:
		return run(jobs, JOB_SHOW, -1, fault);
	case JOB_VERIFY:
		/* The monitor needs the slot's place to open it. */
		if (request->read_data &&
		    slots.slot[request->slot - 1].state == OSTI_SLOT_EMPTY)
			return run(jobs, JOB_SHOW, -1, fault);
		return run(jobs, JOB_VERIFY, -1, fault);
	default:
		return run(jobs, request->op, -1, fault);
	}
}

int backup_jobs_start(struct backup_jobs *jobs,
		      const struct backup_request *request,
		      struct backup_ticket *ticket, struct fault *fault)
{
	const struct backup_ticket_job side = {
		.holder = &jobs->ticket,
		.gone = on_gone,
		.room = on_room,
		.userdata = jobs,
	};
	const struct switcher_result *current;
	struct slots slots;

	if (jobs->state != STATE_IDLE) {
		fault_set(
			fault, FAULT_BUSY,
			"a %s is under way; 'switchctl backup-cancel' ends it",
			jobs->what);
		return -1;
	}
	current = switcher_current(jobs->switcher);
	if (current) {
		fault_set(fault, FAULT_BUSY, "a %s is under way",
			  current->what);
		return -1;
	}
	if (slots_load(jobs->device, &slots, fault) < 0)
		return -1;
	describe(jobs, request,
		 request->slot ? slots_name(&slots, request->slot) : "");
	if (begin(jobs, fault) < 0) {
		forget_step(jobs);
		return -1;
	}
	log_info("%s: begun", jobs->what);
	if (ticket)
		backup_ticket_attach(ticket, &side);
	return 0;
}

/* ---- What others want of it ---------------------------------------------- */

int backup_jobs_cancel(struct backup_jobs *jobs, struct fault *fault)
{
	struct fault cancelled;

	switch (jobs->state) {
	case STATE_HELPER:
	case STATE_AGAIN:
		break;
	case STATE_IDLE:
		fault_set(fault, FAULT_FAILED, "no backup is under way");
		return -1;
	default:
		fault_set(fault, FAULT_BUSY,
			  "the %s waits for the boot manager", jobs->what);
		return -1;
	}
	jobs->again = sd_event_source_disable_unref(jobs->again);
	fault_set(&cancelled, FAULT_CANCELLED,
		  "the %s was cancelled; what was uploaded counts next time",
		  jobs->what);
	finish(jobs, NULL, &cancelled);
	return 0;
}

void backup_jobs_hold(struct backup_jobs *jobs, bool hold)
{
	if (jobs->courier)
		courier_hold(jobs->courier, hold);
}

void backup_jobs_resumed(struct backup_jobs *jobs)
{
	jobs->resumed = true;
}

bool backup_jobs_is_idle(const struct backup_jobs *jobs)
{
	return jobs->state == STATE_IDLE;
}

json_t *backup_jobs_describe(const struct backup_jobs *jobs)
{
	if (jobs->state == STATE_IDLE)
		return json_null();
	return json_pack("{s:o,s:s,s:O*}", "what", json_text(jobs->what),
			 "state", state_names[jobs->state], "progress",
			 jobs->progress);
}

void backup_jobs_watch(struct backup_jobs *jobs, backup_jobs_ended ended,
		       void *userdata)
{
	jobs->ended = ended;
	jobs->ended_userdata = userdata;
}

int backup_jobs_new(sd_event *event, struct device *device,
		    struct switcher *switcher,
		    const struct backup_config *config,
		    struct backup_jobs **ret)
{
	struct backup_jobs *jobs = calloc(1, sizeof(*jobs));

	if (!jobs)
		return -ENOMEM;
	jobs->event = event;
	jobs->device = device;
	jobs->switcher = switcher;
	jobs->config = config;
	*ret = jobs;
	return 0;
}

void backup_jobs_free(struct backup_jobs *jobs)
{
	struct fault fault;

	if (!jobs)
		return;
	jobs->ended = NULL;
	switcher_forget(jobs->switcher, jobs);
	jobs->again = sd_event_source_disable_unref(jobs->again);
	if (jobs->state != STATE_IDLE) {
		fault_set(&fault, FAULT_CANCELLED,
			  "the %s was ended: switchd is being stopped",
			  jobs->what);
		finish(jobs, NULL, &fault);
	}
	free(jobs);
}
