/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * systemd_fake.h - a systemd on the fake bus that starts transient units
 *
 * It runs what they are to run, as systemd does with KillMode=mixed: a hook, or
 * what a drop-in has for units of that kind.
 */
#ifndef TEST_SWITCHD_SYSTEMD_FAKE_H
#define TEST_SWITCHD_SYSTEMD_FAKE_H

#include "bus_fake.h"

struct systemd_fake {
	struct bus_fake *bus;
	sd_event *event;
	/* What it is to do: */
	const char *refuse; /* name of the error for each new unit */
	bool mute; /* no answer to anything */
	bool drop; /* the connections end as soon as a unit runs */
	/* ExecStart= of a drop-in, with KillSignal=SIGKILL; NULL: there is none */
	const char *program;
	/* What it was told: */
	unsigned int started;
	unsigned int stopped;
	unsigned int signals; /* by KillUnit */
	int signal; /* the last one */
	char description[256];
	char user[64];
	/* The unit that runs, or the last one: */
	char name[128];
	pid_t pid;
	uint64_t stop_usec;
	bool timed_out;
	bool stopping; /* because somebody asked for it */
	int code;
	int status;
	sd_event_source *child;
	sd_event_source *timer;
};

/* zeroed before; bus lives as long as it */
void systemd_fake_start(struct systemd_fake *fake, struct bus_fake *bus,
			sd_event *event);
void systemd_fake_stop(struct systemd_fake *fake);

#endif /* TEST_SWITCHD_SYSTEMD_FAKE_H */
