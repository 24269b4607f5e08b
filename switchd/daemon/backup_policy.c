// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * backup_policy.c - backups that nobody asks for
 */
#include "daemon/backup_policy.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <osti/abi.h>

#include "common/util.h"
#include "daemon/log.h"
#include "daemon/network.h"
#include "daemon/note.h"
#include "daemon/pushed.h"
#include "daemon/slots.h"

/* How often it is looked whether there is something to do. */
#define TICK_S 30
/* And whether somebody needs the CPUs, while a backup is made. */
#define WATCH_S 2
/* Percent of pressure above which it rests, and below which it goes on. */
#define BUSY_ABOVE 50.0
#define BUSY_BELOW 25.0

#define PRESSURE "/proc/pressure/cpu"
#define POWER_SUPPLY "/sys/class/power_supply"

struct backup_policy {
	sd_event *event;
	struct device *device;
	struct backup_jobs *jobs;
	const struct backup_config *config;
	sd_event_source *timer;
	struct backup_policy_slot known[OSTI_MAX_SLOTS];
	/* The slot that is being saved or pruned, as it was; 0: none. */
	uint32_t at_work;
	struct backup_policy_stop stop;
	struct network *network; /* NetworkManager was asked */
	bool resting;
};

/* ---- Decisions ----------------------------------------------------------- */

bool backup_policy_stopped(const struct osti_ioc_slot *slot,
			   const struct osti_ioc_image *image,
			   struct backup_policy_stop *ret)
{
	if (slot->state == OSTI_SLOT_FROZEN) {
		ret->number = slot->entries;
		ret->frozen_at = slot->frozen_at;
		return true;
	}
	/* What the store has not got cannot be read. */
	if (slot->state != OSTI_SLOT_EMPTY || !image ||
	    image->state != OSTI_GENERATION_STORED ||
	    image->note != OSTI_NOTE_PRESENT)
		return false;
	ret->number = image->generation;
	ret->frozen_at = 0;
	return true;
}

bool backup_policy_is_due(const struct backup_policy_slot *known,
			  const struct backup_policy_stop *stop, int64_t now)
{
	if (now < known->not_before)
		return false;
	return !known->saved || known->stop.number != stop->number ||
	       known->stop.frozen_at != stop->frozen_at;
}

bool backup_policy_in_window(const struct backup_config *config,
			     unsigned int minute)
{
	unsigned int begin = config->window_begin;
	unsigned int end = config->window_end;

	if (begin == end)
		return true;
	if (begin < end)
		return minute >= begin && minute < end;
	return minute >= begin || minute < end;
}

int backup_policy_pressure(const char *text, double *ret)
{
	if (sscanf(text, "some avg10=%lf", ret) != 1 || *ret < 0 || *ret > 100)
		return -EINVAL;
	return 0;
}

/* The first line of a small file, "" if there is none. */
static void read_line(int dir, const char *path, char *text, size_t room)
{
	_cleanup_close_ int fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, text, room - 1);

	text[n > 0 ? n : 0] = '\0';
	text[strcspn(text, "\n")] = '\0';
}

bool backup_policy_on_mains(const char *path)
{
	struct dirent *entry;
	bool known = false;
	bool on = false;
	DIR *dir = opendir(path);

	if (!dir)
		return true;
	while ((entry = readdir(dir))) {
		char name[NAME_MAX + 16];
		char text[16];

		if (entry->d_name[0] == '.')
			continue;
		snprintf(name, sizeof(name), "%s/type", entry->d_name);
		read_line(dirfd(dir), name, text, sizeof(text));
		if (strcmp(text, "Mains") != 0)
			continue;
		snprintf(name, sizeof(name), "%s/online", entry->d_name);
		read_line(dirfd(dir), name, text, sizeof(text));
		/* One that fails tells nothing. */
		known = known || text[0];
		on = on || strcmp(text, "1") == 0;
	}
	closedir(dir);
	return on || !known;
}

/* Goes on while this OS is frozen: days are days. */
static int64_t now_s(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return (int64_t)ts.tv_sec;
}

/* ---- What outlives switchd ------------------------------------------------ */

static void name_of(uint32_t slot, char name[32])
{
	snprintf(name, 32, "saved-%u", slot);
}

/* That slot was saved, now. */
static void note(const struct backup_policy *policy, uint32_t slot,
		 const struct backup_policy_stop *stop)
{
	char name[32];
	char text[96];
	int r;

	name_of(slot, name);
	snprintf(text, sizeof(text), "%llu %llu %lld\n",
		 (unsigned long long)stop->number,
		 (unsigned long long)stop->frozen_at, (long long)time(NULL));
	r = note_write(policy->config->state, name, text);
	if (r < 0)
		log_warning(
			"that slot %u was saved cannot be noted in %s, so it is saved again when switchd is started again: %s",
			slot, policy->config->state, strerror(-r));
}

/* A clock that was wrong then or is now delays a backup by an interval at most. */
static int64_t rest_of_interval(const struct backup_policy *policy, int64_t at)
{
	const int64_t interval = policy->config->interval_s;
	const int64_t passed = (int64_t)time(NULL) - at;

	if (passed < 0)
		return interval;
	return passed < interval ? interval - passed : 0;
}

static void recall(struct backup_policy *policy, uint32_t slot)
{
	struct backup_policy_slot *known = &policy->known[slot - 1];
	unsigned long long number, frozen_at;
	long long at;
	char name[32];
	char text[96];

	name_of(slot, name);
	if (note_read(policy->config->state, name, text, sizeof(text)) < 0 ||
	    sscanf(text, "%llu %llu %lld", &number, &frozen_at, &at) != 3)
		return;
	known->saved = true;
	known->stop.number = number;
	known->stop.frozen_at = frozen_at;
	known->not_before = now_s() + rest_of_interval(policy, at);
}

/* ---- Work ---------------------------------------------------------------- */

static bool is_allowed(const struct backup_policy *policy)
{
	const time_t now = time(NULL);
	struct tm tm;

	if (!localtime_r(&now, &tm) ||
	    !backup_policy_in_window(
		    policy->config,
		    (unsigned int)(tm.tm_hour * 60 + tm.tm_min)))
		return false;
	return !policy->config->only_on_mains ||
	       backup_policy_on_mains(POWER_SUPPLY);
}

static void put_off(struct backup_policy *policy, uint32_t slot,
		    unsigned int seconds)
{
	policy->known[slot - 1].not_before = now_s() + seconds;
}

/* Return: whether the job was started. */
static bool start(struct backup_policy *policy, uint32_t slot, enum job_op op)
{
	struct backup_request request = { .op = op, .slot = slot };
	const unsigned int *keep = policy->config->keep;
	struct fault fault;

	request.keep.last = keep[0];
	request.keep.daily = keep[1];
	request.keep.weekly = keep[2];
	request.keep.monthly = keep[3];
	/* Before it is started: it may end at once. */
	policy->at_work = slot;
	if (backup_jobs_start(policy->jobs, &request, NULL, &fault) == 0)
		return true;
	policy->at_work = 0;
	log_notice("slot %u is not saved: %s", slot, fault.message);
	put_off(policy, slot, BACKUP_POLICY_RETRY_S);
	return false;
}

/* Is there something of that slot to save, now? */
static bool is_due(const struct backup_policy *policy,
		   const struct osti_ioc_slot *slot,
		   struct backup_policy_stop *stop)
{
	struct osti_ioc_image image;
	/* A device without images has none. */
	bool known = device_image(policy->device, slot->slot, &image) == 0;

	return backup_policy_stopped(slot, known ? &image : NULL, stop) &&
	       backup_policy_is_due(&policy->known[slot->slot - 1], stop,
				    now_s()) &&
	       pushed_look(policy->config->state, slot->slot) == PUSHED_NOT;
}

/* The first slot above that one for which it is time; 0: none. */
static uint32_t find_due(const struct backup_policy *policy,
			 const struct slots *slots, uint32_t above,
			 struct backup_policy_stop *stop)
{
	uint32_t slot;

	for (slot = above + 1; slot <= slots->n; slot++)
		if (slot != slots->own &&
		    is_due(policy, &slots->slot[slot - 1], stop))
			return slot;
	return 0;
}

static bool may_begin(const struct backup_policy *policy, struct slots *slots)
{
	struct fault fault;

	return backup_jobs_is_idle(policy->jobs) && is_allowed(policy) &&
	       slots_load(policy->device, slots, &fault) == 0;
}

/* Saves the first slot for which it is time. */
static void begin(struct backup_policy *policy)
{
	struct slots slots;
	uint32_t slot = 0;

	if (!may_begin(policy, &slots))
		return;
	while ((slot = find_due(policy, &slots, slot, &policy->stop)))
		if (start(policy, slot, JOB_BACKUP))
			return;
}

static void on_network(const char *name, void *userdata)
{
	struct backup_policy *policy = userdata;
	bool has = config_backup_has_network(policy->config, name);

	if (!has)
		log_debug("no backup: the network '%s' is none for it", name);
	network_free(policy->network);
	policy->network = NULL;
	if (has)
		begin(policy);
}

static void look(struct backup_policy *policy)
{
	struct backup_policy_stop stop;
	struct slots slots;
	int r;

	if (policy->network || !may_begin(policy, &slots) ||
	    !find_due(policy, &slots, 0, &stop))
		return;
	if (!policy->config->networks[0]) {
		begin(policy);
		return;
	}
	r = network_ask(policy->event, on_network, policy, &policy->network);
	if (r >= 0)
		return;
	log_debug("NetworkManager cannot be asked: %s", strerror(-r));
	begin(policy);
}

/* Does somebody need the CPUs? */
static void give_way(struct backup_policy *policy)
{
	char text[128];
	double pressure;

	read_line(AT_FDCWD, PRESSURE, text, sizeof(text));
	if (backup_policy_pressure(text, &pressure) < 0)
		return;
	if (policy->resting ? pressure >= BUSY_BELOW : pressure <= BUSY_ABOVE)
		return;
	policy->resting = !policy->resting;
	log_info("the backup %s: the CPUs are %s",
		 policy->resting ? "rests" : "goes on",
		 policy->resting ? "busy" : "not busy any more");
	backup_jobs_hold(policy->jobs, policy->resting);
}

static int arm(struct backup_policy *policy)
{
	unsigned int seconds = policy->at_work ? WATCH_S : TICK_S;
	int r;

	if (seconds > policy->config->interval_s)
		seconds = policy->config->interval_s;
	r = sd_event_source_set_time_relative(policy->timer,
					      seconds * USEC_PER_SEC);
	if (r < 0)
		return r;
	return sd_event_source_set_enabled(policy->timer, SD_EVENT_ONESHOT);
}

static int on_tick(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct backup_policy *policy = userdata;

	(void)source;
	(void)usec;
	if (!policy->at_work)
		look(policy);
	else if (policy->config->rest_when_busy)
		give_way(policy);
	return arm(policy);
}

/* A job ended, whoever asked for it: what is saved is saved. */
static void on_ended(const struct backup_request *request,
		     const struct fault *fault, void *userdata)
{
	struct backup_policy *policy = userdata;
	const unsigned int *keep = policy->config->keep;
	const uint32_t slot = policy->at_work;
	struct backup_policy_slot *known;

	policy->at_work = 0;
	policy->resting = false;
	if (!slot || request->slot != slot)
		return;
	known = &policy->known[slot - 1];
	put_off(policy, slot,
		fault ? BACKUP_POLICY_RETRY_S : policy->config->interval_s);
	if (fault || request->op != JOB_BACKUP)
		return;
	known->saved = true;
	known->stop = policy->stop;
	note(policy, slot, &known->stop);
	if (keep[0] || keep[1] || keep[2] || keep[3])
		start(policy, slot, JOB_PRUNE);
}

int backup_policy_new(sd_event *event, struct device *device,
		      struct backup_jobs *jobs,
		      const struct backup_config *config,
		      struct backup_policy **ret)
{
	struct backup_policy *policy = calloc(1, sizeof(*policy));
	uint32_t slot;
	int r;

	if (!policy)
		return -ENOMEM;
	policy->event = event;
	policy->device = device;
	policy->jobs = jobs;
	policy->config = config;
	*ret = policy;
	if (!config->interval_s)
		return 0;
	r = sd_event_add_time_relative(event, &policy->timer, CLOCK_MONOTONIC,
				       USEC_PER_SEC, USEC_PER_SEC, on_tick,
				       policy);
	if (r < 0) {
		backup_policy_free(policy);
		*ret = NULL;
		return r;
	}
	backup_jobs_watch(jobs, on_ended, policy);
	for (slot = 1; slot <= OSTI_MAX_SLOTS; slot++)
		recall(policy, slot);
	return 0;
}

void backup_policy_free(struct backup_policy *policy)
{
	if (!policy)
		return;
	network_free(policy->network);
	sd_event_source_disable_unref(policy->timer);
	free(policy);
}
