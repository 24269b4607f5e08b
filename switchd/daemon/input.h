/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * input.h - listens to the keys of all input devices, also of those that come
 * later
 */
#ifndef SWITCHD_INPUT_H
#define SWITCHD_INPUT_H

#include <stddef.h>
#include <stdint.h>

#include <systemd/sd-event.h>

#include "daemon/keys.h"

struct input;

/* A key asks for something, at usec on CLOCK_BOOTTIME. */
typedef void (*input_handler)(struct keys_action action, uint64_t usec,
			      void *userdata);

/*
 * Listens to the devices named event* in the directory, which may come later. If
 * it cannot be watched, those that are there are all. The strings and the config stay the
 * caller's and must live as long as the input.
 * Return: 0 and *ret, which the caller ends with input_free(), or negative
 * errno.
 */
int input_new(sd_event *event, const char *dir,
	      const struct keys_config *config, input_handler handler,
	      void *userdata, struct input **ret);
void input_free(struct input *input); /* NULL is allowed */

/*
 * Forgets all pressed keys, and ignores events from before usec on
 * CLOCK_BOOTTIME: while this OS was frozen the user let go of its keys in
 * front of another one.
 */
void input_forget(struct input *input, uint64_t usec);

/*
 * Handles the events that are there, and then believes the kernel which keys are
 * down: when it tried to freeze this OS and failed, events may have been lost.
 */
void input_ask(struct input *input);

/* How many devices we listen to. */
size_t input_count(const struct input *input);

#endif /* SWITCHD_INPUT_H */
