// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * input.c - listens to the keys of all input devices, also of those that come
 * later
 */
#include "daemon/input.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <time.h>
#include <unistd.h>

#include <libevdev/libevdev.h>

#include "common/util.h"
#include "daemon/log.h"

/* Events of one device handled before the other devices get their turn. */
#define EVENTS_PER_TURN 256

struct input_device {
	struct input_device *next;
	struct input *input;
	char *name; /* "event3" */
	int fd;
	struct libevdev *evdev;
	sd_event_source *source;
	struct keys keys;
};

struct input {
	sd_event *event;
	const char *dir;
	const struct keys_config *config;
	input_handler handler;
	void *userdata;
	struct input_device *devices;
	sd_event_source *watch;
	uint64_t ignore_before;
};

static void device_free(struct input_device *device)
{
	sd_event_source_disable_unref(device->source);
	libevdev_free(device->evdev);
	if (device->fd >= 0)
		close(device->fd);
	free(device->name);
	free(device);
}

static struct input_device **device_find(struct input *input, const char *name)
{
	struct input_device **at = &input->devices;

	while (*at && strcmp((*at)->name, name) != 0)
		at = &(*at)->next;
	return at;
}

static void device_remove(struct input *input, const char *name)
{
	struct input_device **at = device_find(input, name);
	struct input_device *device = *at;

	if (!device)
		return;
	*at = device->next;
	log_info("input device %s is gone", name);
	device_free(device);
}

static void device_event(struct input_device *device,
			 const struct input_event *ev)
{
	struct input *input = device->input;
	uint64_t usec = (uint64_t)ev->input_event_sec * USEC_PER_SEC +
			(uint64_t)ev->input_event_usec;
	struct keys_action action;

	if (ev->type != EV_KEY || usec < input->ignore_before)
		return;
	action = keys_feed(&device->keys, input->config, ev->code, ev->value,
			   usec);
	if (action.wish != KEYS_NOTHING)
		input->handler(action, usec, input->userdata);
}

/*
 * The kernel dropped events: let libevdev find out what is pressed now. The
 * differences come as events, but they are no presses of this moment.
 */
static int device_resync(struct input_device *device)
{
	struct input_event ev;
	int r;

	for (;;) {
		r = libevdev_next_event(device->evdev, LIBEVDEV_READ_FLAG_SYNC,
					&ev);
		if (r != LIBEVDEV_READ_STATUS_SYNC)
			break;
		if (ev.type == EV_KEY)
			keys_sync(&device->keys, ev.code, ev.value);
	}
	return r == -EAGAIN ? 0 : r;
}

/* Return: 0: there may be more, or a negative errno: -EAGAIN: that was all. */
static int read_events(struct input_device *device)
{
	unsigned int n;
	int r = 0;

	for (n = 0; n < EVENTS_PER_TURN; n++) {
		struct input_event ev;

		r = libevdev_next_event(device->evdev,
					LIBEVDEV_READ_FLAG_NORMAL, &ev);
		if (r == LIBEVDEV_READ_STATUS_SYNC) {
			log_debug("input device %s lost events", device->name);
			r = device_resync(device);
		} else if (r == LIBEVDEV_READ_STATUS_SUCCESS) {
			device_event(device, &ev);
		}
		if (r < 0)
			return r;
	}
	return 0;
}

static void device_failed(struct input_device *device, int r)
{
	/* ENODEV: pulled out, before inotify could tell us. */
	if (r != -ENODEV)
		log_warning("input device %s: %s", device->name, strerror(-r));
	device_remove(device->input, device->name);
}

static int on_events(sd_event_source *source, int fd, uint32_t revents,
		     void *userdata)
{
	struct input_device *device = userdata;
	int r = read_events(device);

	(void)source;
	(void)fd;
	(void)revents;
	if (r < 0 && r != -EAGAIN)
		device_failed(device, r);
	return 0;
}

/* Takes what is there, then asks the kernel which keys are down. */
static int device_ask(struct input_device *device)
{
	struct input_event ev;
	unsigned int code;
	int r;

	do {
		r = read_events(device);
	} while (r == 0);
	if (r != -EAGAIN)
		return r;
	r = libevdev_next_event(device->evdev, LIBEVDEV_READ_FLAG_FORCE_SYNC,
				&ev);
	if (r >= 0)
		r = device_resync(device);
	if (r < 0)
		return r;
	keys_forget(&device->keys);
	for (code = 0; code < KEY_MAX; code++)
		if (libevdev_get_event_value(device->evdev, EV_KEY, code))
			keys_sync(&device->keys, code, 1);
	return 0;
}

static bool device_is_wanted(const struct input_device *device)
{
	unsigned int code;

	for (code = 0; code < KEY_MAX; code++)
		if (keys_watches(device->input->config, code) &&
		    libevdev_has_event_code(device->evdev, EV_KEY, code))
			return true;
	return false;
}

/* Return: 1 = taken, 0 = not a device for us, negative errno. */
static int device_open(struct input_device *device, const char *path)
{
	int r;

	device->fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (device->fd < 0)
		return -errno;
	r = libevdev_new_from_fd(device->fd, &device->evdev);
	if (r < 0)
		return r;
	if (!device_is_wanted(device))
		return 0;
	/* The clock that goes on while the OS is frozen, see input_forget(). */
	r = libevdev_set_clock_id(device->evdev, CLOCK_BOOTTIME);
	if (r < 0)
		return r;
	r = sd_event_add_io(device->input->event, &device->source, device->fd,
			    EPOLLIN, on_events, device);
	/* However many requests there are, a person's key is the next one. */
	if (r >= 0)
		r = sd_event_source_set_priority(device->source,
						 SD_EVENT_PRIORITY_IMPORTANT);
	return r < 0 ? r : 1;
}

static void device_add(struct input *input, const char *name)
{
	struct input_device *device;
	char path[PATH_MAX];
	int r;

	if (strncmp(name, "event", 5) != 0 || *device_find(input, name))
		return;
	if (snprintf(path, sizeof(path), "%s/%s", input->dir, name) >=
	    (int)sizeof(path))
		return;
	device = calloc(1, sizeof(*device));
	if (!device) {
		log_error("input device %s: out of memory", path);
		return;
	}
	device->fd = -1;
	device->input = input;
	device->name = strdup(name);
	r = device->name ? device_open(device, path) : -ENOMEM;
	if (r > 0) {
		device->next = input->devices;
		input->devices = device;
		log_info("listening to %s (%s)", path,
			 libevdev_get_name(device->evdev));
		return;
	}
	/*
	 * EACCES: udev will give us the rights in a moment, which inotify
	 * tells us. ENOENT, ENODEV: gone already.
	 */
	if (r < 0 && r != -EACCES && r != -ENOENT && r != -ENODEV)
		log_warning("cannot listen to %s: %s", path, strerror(-r));
	else if (r < 0)
		log_debug("cannot listen to %s: %s", path, strerror(-r));
	device_free(device);
}

static void scan(struct input *input)
{
	DIR *dir = opendir(input->dir);
	struct dirent *entry;

	if (!dir) {
		log_warning("cannot read %s: %s", input->dir, strerror(errno));
		return;
	}
	while ((entry = readdir(dir)))
		device_add(input, entry->d_name);
	closedir(dir);
}

static void watch(struct input *input);

static int on_dir(sd_event_source *source, const struct inotify_event *ev,
		  void *userdata)
{
	struct input *input = userdata;

	(void)source;
	if (ev->mask & IN_Q_OVERFLOW)
		scan(input);
	else if (ev->mask & (IN_IGNORED | IN_DELETE_SELF))
		watch(input);
	else if (ev->mask & IN_DELETE)
		device_remove(input, ev->name);
	else if (ev->len)
		device_add(input, ev->name);
	return 0;
}

static int on_parent(sd_event_source *source, const struct inotify_event *ev,
		     void *userdata)
{
	struct input *input = userdata;
	const char *base = strrchr(input->dir, '/') + 1;

	(void)source;
	if (ev->len && strcmp(ev->name, base) == 0)
		watch(input);
	return 0;
}

/* Waits for the directory. Return: 0, or a negative errno. */
static int watch_parent(struct input *input)
{
	char parent[PATH_MAX];
	char *slash;

	snprintf(parent, sizeof(parent), "%s", input->dir);
	slash = strrchr(parent, '/');
	slash[slash == parent] = '\0';
	return sd_event_add_inotify(input->event, &input->watch, parent,
				    IN_CREATE | IN_MOVED_TO | IN_ONLYDIR,
				    on_parent, input);
}

/*
 * Watches the directory, or its parent as long as the directory is missing. The
 * keyboards that are there are listened to also if that is not possible.
 */
static void watch(struct input *input)
{
	int r;

	input->watch = sd_event_source_disable_unref(input->watch);
	r = sd_event_add_inotify(input->event, &input->watch, input->dir,
				 IN_CREATE | IN_ATTRIB | IN_DELETE |
					 IN_DELETE_SELF | IN_ONLYDIR,
				 on_dir, input);
	if (r == -ENOENT) {
		r = watch_parent(input);
		/* It may have come before the watch. */
		if (r >= 0 && access(input->dir, F_OK) == 0) {
			watch(input);
			return;
		}
		if (r >= 0) {
			log_info(
				"%s is not there yet: hot keys work once it is",
				input->dir);
			return;
		}
	}
	if (r < 0)
		log_warning(
			"%s cannot be watched: %s; input devices that are plugged in from now on are not noticed",
			input->dir, strerror(-r));
	scan(input);
}

int input_new(sd_event *event, const char *dir,
	      const struct keys_config *config, input_handler handler,
	      void *userdata, struct input **ret)
{
	struct input *input = calloc(1, sizeof(*input));

	if (!input)
		return -ENOMEM;
	input->event = event;
	input->dir = dir;
	input->config = config;
	input->handler = handler;
	input->userdata = userdata;
	watch(input);
	*ret = input;
	return 0;
}

void input_free(struct input *input)
{
	struct input_device *device;

	if (!input)
		return;
	while ((device = input->devices)) {
		input->devices = device->next;
		device_free(device);
	}
	sd_event_source_disable_unref(input->watch);
	free(input);
}

void input_forget(struct input *input, uint64_t usec)
{
	struct input_device *device;

	input->ignore_before = usec;
	for (device = input->devices; device; device = device->next)
		keys_forget(&device->keys);
}

void input_ask(struct input *input)
{
	struct input_device *device = input->devices;

	while (device) {
		struct input_device *next = device->next;
		int r = device_ask(device);

		if (r < 0)
			device_failed(device, r);
		device = next;
	}
}

size_t input_count(const struct input *input)
{
	const struct input_device *device;
	size_t n = 0;

	for (device = input->devices; device; device = device->next)
		n++;
	return n;
}
