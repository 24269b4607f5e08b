/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qmp.h - QEMU's control protocol: commands, replies, events
 *
 * Nothing here waits: device.c waits for all channels of a device at once,
 * because QEMU stops answering while nobody takes its serial output.
 */
#ifndef TEST_QMP_H
#define TEST_QMP_H

#include <jansson.h>
#include <stdbool.h>

struct qmp;

/** qmp_new() - talk QMP on a connected stream socket, which it then owns. */
struct qmp *qmp_new(int fd);

/** qmp_free() - close and free; NULL is fine. */
void qmp_free(struct qmp *qmp);

/** qmp_fd() - the descriptor to poll for input. */
int qmp_fd(const struct qmp *qmp);

/**
 * qmp_read() - take in what has arrived, without waiting
 *
 * Return: false once QEMU has closed the socket.
 */
bool qmp_read(struct qmp *qmp);

/** qmp_greeted() - has QEMU sent its greeting? */
bool qmp_greeted(const struct qmp *qmp);

/**
 * qmp_send() - send a command
 * @command:	its name.
 * @arguments:	an object, whose reference is taken, or NULL.
 *
 * Return: an id for qmp_reply().
 */
int qmp_send(struct qmp *qmp, const char *command, json_t *arguments);

/**
 * qmp_reply() - the reply to a command, if it has come
 *
 * Return: an object with "return" or "error", to be released by the caller;
 * NULL while there is none.
 */
json_t *qmp_reply(struct qmp *qmp, int id);

/**
 * qmp_event() - take the oldest event of a name
 *
 * Return: the event, to be released by the caller; NULL when there is none.
 */
json_t *qmp_event(struct qmp *qmp, const char *name);

/** qmp_forget() - drop the events of a name that have come so far. */
void qmp_forget(struct qmp *qmp, const char *name);

#endif /* TEST_QMP_H */
