/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * event_fake.h - what the fakes of a device do, counted, so that any of it can be
 * held, cut off or failed
 *
 * An event is a call of the device that changes something, a call of the monitor
 * by switchd-backup, or something that its store asks of the directory where the
 * repository is. Files of the device's directory:
 *
 *	events		if it is there, each event appends a record to it
 *	event-at	the number of one, from 1 on, or what it is
 *	event-hold	a FIFO: that event waits, before anything is done, until a
 *			writer came and went
 *	event-step	a FIFO: each event waits until there is a byte for it
 *	event-errno	that one of the store and all after it fail with this, as if
 *			the disk with the repository was pulled out
 *	event-lost	if it is there, the first of these is done all the same
 */
#ifndef TEST_SWITCHD_EVENT_FAKE_H
#define TEST_SWITCHD_EVENT_FAKE_H

/* Bytes of a record: "%-20.20s %10d\n", what it is and the process. */
#define EVENT_FAKE_RECORD 32

/*
 * Something is about to be done. Return: 0, an errno with which it is to fail
 * without being done, or a negative one with which it is to fail when it is done.
 */
int event_fake(const char *dir, const char *what);

#endif /* TEST_SWITCHD_EVENT_FAKE_H */
