// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * device_fake.c - a device.h without a device
 */
#include "device_fake.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <tomcrypt.h>

#include <osti/abi.h>
#include <osti/bootimage.h>
#include <osti/image.h>

#include "daemon/device.h"
#include "event_fake.h"

struct device_events {
	struct device *device;
	struct device_events *next;
	uint64_t pos;
	int fd;
};

struct device {
	char dir[PATH_MAX];
	struct osti_event ring[DEVICE_FAKE_RING];
	uint64_t oldest;
	uint64_t next;
	uint8_t base[32];
	uint8_t head[32];
	struct osti_ioc_phases phases[OSTI_PHASE_RECORDS];
	unsigned int n_phases;
	uint64_t now;
	bool unmarked;
	struct osti_ioc_resume resume;
	struct device_events *readers;
};

static const char *const names[] = { "personal", "work", "spare", "four",
				     "five",	 "six",	 "seven", "eight" };

/* The number in a control file, or another if there is no such file. */
static unsigned long control(const struct device *device, const char *name,
			     unsigned long otherwise)
{
	char path[PATH_MAX + 32];
	unsigned long value;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", device->dir, name);
	file = fopen(path, "re");
	if (!file)
		return otherwise;
	if (fscanf(file, "%lu", &value) != 1)
		abort();
	fclose(file);
	return value;
}

static void called(const struct device *device, const char *what)
{
	char path[PATH_MAX + 32];
	FILE *file;

	event_fake(device->dir, what);
	snprintf(path, sizeof(path), "%s/calls", device->dir);
	file = fopen(path, "ae");
	if (!file)
		abort();
	fprintf(file, "%s\n", what);
	fclose(file);
}

/* A header is what was handed over, not what happens to lie there. */
static void assert_magic(const uint8_t *header)
{
	if (memcmp(header, OSTI_IMAGE_MAGIC, 8) != 0)
		abort();
}

static void blake2b(const void *bytes, size_t n, uint8_t *ret)
{
	hash_state state;

	blake2b_256_init(&state);
	blake2b_process(&state, bytes, (unsigned long)n);
	blake2b_done(&state, ret);
}

/* The host is little-endian, like the device. */
static void make_digest(struct osti_event *ev)
{
	uint64_t words[5] = { ev->seq, ev->time,
			      ev->type | (uint64_t)ev->slot << 16 |
				      (uint64_t)ev->cpu << 24,
			      ev->arg[0], ev->arg[1] };

	blake2b(words, sizeof(words), ev->digest);
}

static void link_digest(uint8_t *chain, const uint8_t *digest)
{
	uint8_t both[64];

	memcpy(both, chain, 32);
	memcpy(both + 32, digest, 32);
	blake2b(both, sizeof(both), chain);
}

static struct osti_event *slot_of(struct device *device, uint64_t seq)
{
	return &device->ring[seq % DEVICE_FAKE_RING];
}

static void append(struct device *device, uint16_t type, uint8_t slot,
		   uint64_t a, uint64_t b)
{
	struct osti_event *ev = slot_of(device, device->next);
	struct device_events *reader;

	if (device->next - device->oldest == DEVICE_FAKE_RING) {
		link_digest(device->base, ev->digest);
		device->oldest++;
	}
	memset(ev, 0, sizeof(*ev));
	ev->seq = device->next++;
	ev->time = device->now;
	ev->type = type;
	ev->slot = slot;
	ev->arg[0] = a;
	ev->arg[1] = b;
	make_digest(ev);
	link_digest(device->head, ev->digest);
	for (reader = device->readers; reader; reader = reader->next)
		eventfd_write(reader->fd, 1);
}

/* What the monitor has when the device was switched on. */
static void power_on(struct device *device)
{
	struct device_events *reader;

	device->now = 5000;
	device->oldest = 1;
	device->next = 1;
	device->n_phases = 0;
	memset(device->base, 0, sizeof(device->base));
	memset(device->head, 0, sizeof(device->head));
	append(device, OSTI_EV_POWER_ON, 0, 2, 3);
	append(device, OSTI_EV_BM_ENTER, 0, OSTI_REASON_POWER_ON, 0);
	for (reader = device->readers; reader; reader = reader->next)
		reader->pos = device->oldest;
}

int device_open(const char *path, struct device **ret)
{
	struct device *device;
	struct stat st;

	if (stat(path, &st) < 0)
		return -errno;
	device = calloc(1, sizeof(*device));
	if (!device)
		return -ENOMEM;
	snprintf(device->dir, sizeof(device->dir), "%s", path);
	device->unmarked = control(device, "cold", 0);
	power_on(device);
	append(device, OSTI_EV_STARTED, 1, 0x40200000, 0);
	*ret = device;
	return 0;
}

void device_close(struct device *device)
{
	free(device);
}

int device_info(struct device *device, struct osti_ioc_info *ret)
{
	unsigned long error = control(device, "info-errno", 0);

	if (error)
		return -(int)error;
	memset(ret, 0, sizeof(*ret));
	ret->abi_major = OSTI_ABI_MAJOR;
	ret->abi_minor = OSTI_ABI_MINOR;
	ret->own_slot = (uint32_t)control(device, "own", 1);
	ret->nr_slots = (uint32_t)control(device, "slots", 3);
	ret->nr_cpus = 2;
	ret->armed = OSTI_TARGET_NONE;
	ret->ram_bytes = 512 << 20;
	ret->counter_hz = DEVICE_FAKE_HZ;
	return 0;
}

static void load_start(const struct device *device, uint32_t slot,
		       unsigned long long v[3])
{
	char path[PATH_MAX + 32];
	FILE *file;

	memset(v, 0, 3 * sizeof(v[0]));
	snprintf(path, sizeof(path), "%s/start-%u", device->dir, slot);
	file = fopen(path, "re");
	if (!file)
		return;
	if (fscanf(file, "%llu %llu %llu", &v[0], &v[1], &v[2]) != 3)
		abort();
	fclose(file);
}

int device_slot(struct device *device, uint32_t slot, struct osti_ioc_slot *ret)
{
	uint32_t state = slot == 2 ? OSTI_SLOT_FROZEN : OSTI_SLOT_EMPTY;
	unsigned long long start[3];
	char name[16];

	if (slot < 1 || slot > control(device, "slots", 3))
		return -EINVAL;
	snprintf(name, sizeof(name), "state-%u", slot);
	memset(ret, 0, sizeof(*ret));
	ret->slot = slot;
	ret->state = slot == control(device, "own", 1)
			     ? OSTI_SLOT_RUNNING
			     : (uint32_t)control(device, name, state);
	ret->bytes = 512 << 20;
	ret->frozen_at = slot == 2 ? control(device, "frozen-at", 2500000) : 0;
	ret->entries = control(device, "entries", 1);
	load_start(device, slot, start);
	ret->least_version = start[0];
	ret->starts = start[1];
	ret->version = start[2];
	snprintf(ret->name, sizeof(ret->name), "%s", names[slot - 1]);
	return 0;
}

static void hold(const struct device *device)
{
	char path[PATH_MAX + 32];
	char c;
	int fd;

	snprintf(path, sizeof(path), "%s/hold", device->dir);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	while (read(fd, &c, 1) > 0)
		;
	close(fd);
}

static void record_switch(struct device *device, uint32_t target)
{
	static const uint64_t takes[] = DEVICE_FAKE_PHASES;
	struct osti_ioc_phases *phases;
	uint32_t own = (uint32_t)control(device, "own", 1);
	size_t i;

	memmove(&device->phases[1], &device->phases[0],
		(OSTI_PHASE_RECORDS - 1) * sizeof(device->phases[0]));
	phases = &device->phases[0];
	memset(phases, 0, sizeof(*phases));
	device->n_phases++;
	phases->source = target;
	phases->target = own;
	phases->kind = control(device, "cold", 0) ? OSTI_SWITCH_COLD
						  : OSTI_SWITCH_HOT;
	phases->record = device->n_phases;
	/* All marks but the last, which is ours to set. */
	for (i = 0; i < OSTI_PHASE_USER; i++) {
		phases->time[i] = device->now;
		device->now += takes[i];
	}
	append(device, OSTI_EV_ARMED, (uint8_t)own, target, 0);
	append(device, OSTI_EV_FROZEN, (uint8_t)own, 0x40201000, 0);
	append(device, OSTI_EV_REDACTED, 0, 0, 0);
	append(device, OSTI_EV_RESUMED, (uint8_t)own, 0x40201000, 0);
}

int device_image(struct device *device, uint32_t slot,
		 struct osti_ioc_image *ret)
{
	unsigned long error = control(device, "image-errno", 0);
	unsigned long long v[6] = { 0 };
	char path[PATH_MAX + 32];
	FILE *file;

	if (error)
		return -(int)error;
	if (slot < 1 || slot > control(device, "slots", 3))
		return -EINVAL;
	snprintf(path, sizeof(path), "%s/image-%u", device->dir, slot);
	file = fopen(path, "re");
	if (file) {
		if (fscanf(file, "%llu %llu %llu %llu %llu %llu", &v[0], &v[1],
			   &v[2], &v[3], &v[4], &v[5]) != 6)
			abort();
		fclose(file);
	}
	memset(ret, 0, sizeof(*ret));
	ret->slot = slot;
	ret->state = (uint32_t)v[0];
	ret->generation = v[1];
	ret->note = (uint32_t)v[2];
	ret->reason = (uint32_t)v[3];
	ret->saved_at = v[4];
	ret->bytes = v[5];
	return 0;
}

int device_resume(struct device *device, struct osti_ioc_resume *ret)
{
	*ret = device->resume;
	return 0;
}

int device_start_good(struct device *device, uint64_t least_version,
		      uint64_t *accepted)
{
	unsigned long error = control(device, "good-errno", 0);
	uint32_t own = (uint32_t)control(device, "own", 1);
	char path[PATH_MAX + 32];
	unsigned long long v[3];
	char text[48];
	FILE *file;

	snprintf(text, sizeof(text), "good %llu",
		 (unsigned long long)least_version);
	called(device, text);
	load_start(device, own, v);
	if (least_version > v[2])
		error = EINVAL;
	if (!error && least_version > v[0])
		v[0] = least_version;
	*accepted = v[0];
	snprintf(path, sizeof(path), "%s/start-%u", device->dir, own);
	file = fopen(path, "we");
	if (!file)
		abort();
	fprintf(file, "%llu 0 %llu\n", v[0], v[2]);
	fclose(file);
	return -(int)error;
}

int device_slot_key(struct device *device, struct osti_ioc_key *ret)
{
	unsigned long error = control(device, "key-errno", 0);
	size_t i;

	called(device, "key");
	if (error)
		return -(int)error;
	for (i = 0; i < sizeof(ret->key); i++)
		ret->key[i] = (uint8_t)i;
	return 0;
}

int device_disk_key(struct device *device, struct osti_ioc_disk_key *ret)
{
	unsigned long error = control(device, "disk-key-errno", 0);
	size_t i;

	called(device, "disk-key");
	if (error)
		return -(int)error;
	for (i = 0; i < sizeof(ret->key); i++)
		ret->key[i] = (uint8_t)(100 + i);
	return 0;
}

int device_carrier(struct device *device, uint32_t slot,
		   struct osti_ioc_carrier *ret)
{
	unsigned long error = control(device, "carrier-errno", 0);

	if (error)
		return -(int)error;
	memset(ret, 0, sizeof(*ret));
	ret->slot = slot;
	memset(ret->id, 0x10 + (int)slot, sizeof(ret->id));
	memset(ret->key, 0x20 + (int)slot, sizeof(ret->key));
	return 0;
}

static void called_slot(struct device *device, const char *what, uint32_t slot)
{
	char text[48];

	snprintf(text, sizeof(text), "%s %u", what, slot);
	called(device, text);
}

int device_restore_ask(struct device *device, uint32_t slot,
		       const uint8_t *header, uint32_t *reason)
{
	unsigned long error = control(device, "ask-errno", 0);

	called_slot(device, "ask", slot);
	assert_magic(header);
	*reason = error == EBADMSG ? (uint32_t)-OSTI_IMAGE_E_TAG : 0;
	return -(int)error;
}

/* A directory, in which the helper's fake finds what the transfer is about. */
int device_backup_open(struct device *device, struct osti_ioc_backup *arg)
{
	bool import = arg->what == OSTI_BACKUP_IMPORT;
	bool stored = arg->what == OSTI_BACKUP_STORED;
	unsigned long error = control(device, "open-errno", 0);
	struct osti_ioc_image image;
	char path[PATH_MAX + 32];
	FILE *file;
	int fd;

	called_slot(device,
		    import   ? "import"
		    : stored ? "stored"
			     : "export",
		    arg->slot);
	if (error)
		return -(int)error;
	if (stored) {
		if (device_image(device, arg->slot, &image) < 0 ||
		    image.state != OSTI_GENERATION_STORED)
			return -EBUSY;
		arg->generation = image.generation;
	}
	snprintf(path, sizeof(path), "%s/transfer", device->dir);
	if (mkdir(path, 0777) < 0 && errno != EEXIST)
		abort();
	/* Another user writes there. */
	if (chmod(path, 0777) < 0)
		abort();
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	snprintf(path, sizeof(path), "%s/transfer/about", device->dir);
	file = fopen(path, "we");
	if (fd < 0 || !file)
		abort();
	fprintf(file, "%u %u %u\n", arg->slot, arg->what, arg->attachments);
	if (import)
		fwrite((const void *)(uintptr_t)arg->header, OSTI_IMAGE_HEADER,
		       1, file);
	fclose(file);
	snprintf(path, sizeof(path), "%s/transfer/stale", device->dir);
	if (unlink(path) < 0 && errno != ENOENT)
		abort();
	return fd;
}

/* As carry_fake.c: the slot of the transfer has a disk if there is a file. */
int device_disk_try(struct device *device, int transfer)
{
	char path[PATH_MAX + 32];
	unsigned long slot = control(device, "transfer/about", 0);

	(void)transfer;
	snprintf(path, sizeof(path), "%s/disk-%lu", device->dir, slot);
	return access(path, F_OK) < 0 ? -EOPNOTSUPP : 0;
}

/* Comes back from an image, after the device was off. */
static void come_from_image(struct device *device)
{
	uint8_t own = (uint8_t)control(device, "own", 1);

	power_on(device);
	append(device, OSTI_EV_RESTORED, own, DEVICE_FAKE_GENERATION, 0);
	append(device, OSTI_EV_RESUMED, own, 0x40201000, 0);
	device->resume.generation = DEVICE_FAKE_GENERATION;
	device->resume.saved_at = DEVICE_FAKE_SAVED_AT;
}

static void set_control(const struct device *device, const char *name,
			unsigned int slot, const char *value)
{
	char path[PATH_MAX + 32];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s-%u", device->dir, name, slot);
	file = fopen(path, "we");
	if (!file)
		abort();
	fprintf(file, "%s\n", value);
	fclose(file);
}

static FILE *file_of(const struct device *device, const char *name,
		     const char *mode)
{
	char path[PATH_MAX + 32];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", device->dir, name);
	file = fopen(path, mode);
	if (!file)
		abort();
	return file;
}

/* Two tasks do not stop: the freezer gives up, and says which. */
static bool refuses(const struct device *device)
{
	unsigned long left = control(device, "refuse", 0);
	unsigned long ms = control(device, "freeze-limit", 0);
	char text[48];
	FILE *file;

	if (!left)
		return false;
	file = file_of(device, "refuse", "we");
	fprintf(file, "%lu\n", left - 1);
	fclose(file);
	file = file_of(device, "kmsg", "ae");
	fprintf(file,
		"3,301,2,-;Freezing of tasks failed after %lu.001 seconds (2 tasks refusing to freeze, wq_busy=0):\n"
		"6,302,3,-;task:jbd2/vda-8      state:S stack:0     pid:91    ppid:2      flags:0x00000008\n"
		"6,303,4,-;Call trace:\n"
		"6,304,5,-;task:my task         state:R  running task     stack:0     pid:500   ppid:89     flags:0x00000001\n",
		ms / 1000);
	fclose(file);
	snprintf(text, sizeof(text), "refused %lu", ms);
	called(device, text);
	return true;
}

/* A slot that runs is not copied at the same time. */
static void take_slot(const struct device *device, uint32_t slot)
{
	char path[PATH_MAX + 32];
	FILE *file;

	if (slot == OSTI_CONTEXT_BM ||
	    control(device, "transfer/about", 0) != slot)
		return;
	snprintf(path, sizeof(path), "%s/transfer/stale", device->dir);
	file = fopen(path, "we");
	if (!file)
		abort();
	fclose(file);
}

/* Its exchange disk is a file; what it shall report is another. */
static void report_boot_images(struct device *device)
{
	char from[PATH_MAX + 32], to[PATH_MAX + 32], bytes[OSTI_BOOT_HEADER];
	FILE *report, *disk;

	snprintf(from, sizeof(from), "%s/boot-report", device->dir);
	snprintf(to, sizeof(to), "%s/exchange", device->dir);
	report = fopen(from, "re");
	if (!report)
		return;
	disk = fopen(to, "r+e");
	if (!disk || fread(bytes, sizeof(bytes), 1, report) != 1 ||
	    fwrite(bytes, sizeof(bytes), 1, disk) != 1)
		abort();
	fclose(disk);
	fclose(report);
}

int device_switch(struct device *device, struct osti_ioc_switch *arg)
{
	unsigned long error = control(device, "switch-errno", 0);
	char text[48];

	if (arg->request)
		snprintf(text, sizeof(text), "request %u %u",
			 arg->request & 0xff, arg->request >> 8);
	else
		snprintf(text, sizeof(text), "switch %u", arg->target);
	called(device, text);
	if (arg->request && arg->target != OSTI_CONTEXT_BM)
		return -EINVAL;
	if (error)
		return -(int)error;
	if (refuses(device))
		return -EBUSY;
	hold(device);
	if (!arg->request)
		take_slot(device, arg->target);
	arg->resumed = (uint32_t)control(device, "resumed", OSTI_RESUMED_HOT);
	device->resume.reason = arg->resumed;
	device->unmarked = true;
	if (arg->resumed == OSTI_RESUMED_HOT) {
		record_switch(device, arg->target);
		arg->record = device->n_phases;
		arg->result = (uint32_t)control(device, "result", 0);
		arg->detail = control(device, "detail", 0);
		if ((arg->request & 0xff) == OSTI_REQUEST_RETIRE &&
		    arg->result == OSTI_RESULT_DONE) {
			set_control(device, "state", arg->request >> 8, "0");
			set_control(device, "image", arg->request >> 8,
				    "3 1 2 0 0 0");
		}
		if ((arg->request & 0xff) == OSTI_REQUEST_BOOT_LIST)
			report_boot_images(device);
	} else {
		come_from_image(device);
	}
	return 0;
}

int device_mark_user(struct device *device)
{
	if (!device->unmarked)
		return -ESTALE;
	called(device, "mark");
	device->phases[0].time[OSTI_PHASE_USER] = device->now;
	device->unmarked = false;
	return 0;
}

int device_phases(struct device *device, uint32_t index,
		  struct osti_ioc_phases *ret)
{
	if (index >= device->n_phases || index >= OSTI_PHASE_RECORDS)
		return -ENOENT;
	*ret = device->phases[index];
	return 0;
}

int device_ring(struct device *device, uint32_t ring, struct osti_ioc_ring *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->ring = ring;
	/* Nobody offends here. */
	if (ring == OSTI_RING_OFFENCES)
		return 0;
	ret->oldest = device->oldest;
	ret->next = device->next;
	memcpy(ret->base, device->base, 32);
	memcpy(ret->head, device->head, 32);
	return 0;
}

int device_events_open(struct device *device, struct device_events **ret)
{
	struct device_events *events = calloc(1, sizeof(*events));

	if (!events)
		return -ENOMEM;
	events->fd = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);
	if (events->fd < 0) {
		free(events);
		return -errno;
	}
	events->device = device;
	events->pos = device->oldest;
	events->next = device->readers;
	device->readers = events;
	*ret = events;
	return 0;
}

void device_events_close(struct device_events *events)
{
	struct device_events **at;

	if (!events)
		return;
	at = &events->device->readers;
	while (*at != events)
		at = &(*at)->next;
	*at = events->next;
	close(events->fd);
	free(events);
}

int device_events_fd(const struct device_events *events)
{
	return events->fd;
}

int device_events_read(struct device_events *events, struct osti_event *ret,
		       size_t max)
{
	struct device *device = events->device;
	unsigned long tamper = control(device, "tamper", 0);
	unsigned long forge = control(device, "forge", 0);
	unsigned long hide = control(device, "hide", 0);
	eventfd_t value;
	size_t n = 0;

	if (events->pos < device->oldest)
		events->pos = device->oldest;
	while (n < max && events->pos < device->next) {
		struct osti_event ev = *slot_of(device, events->pos++);

		if (ev.seq == hide)
			continue;
		if (ev.seq == tamper || ev.seq == forge)
			ev.time++;
		if (ev.seq == forge)
			make_digest(&ev);
		if (ev.type == OSTI_EV_REDACTED) {
			ev.time = 0;
			ev.slot = 0;
		}
		ret[n++] = ev;
	}
	if (events->pos == device->next)
		(void)eventfd_read(events->fd, &value);
	return (int)n;
}
