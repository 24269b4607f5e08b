/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * protocol.h - limits that switchd and switchctl agree on
 *
 * The protocol itself is described in docs/switchd.md.
 */
#ifndef SWITCHD_PROTOCOL_H
#define SWITCHD_PROTOCOL_H

#define PROTOCOL_VERSION 1

#define PROTOCOL_SOCKET "/run/osti/switchd.sock"
/* Behind the path of the socket: root's own, at which nobody else can queue. */
#define PROTOCOL_ROOT_SUFFIX ".root"

/* Bytes of a request with its newline. */
#define PROTOCOL_REQUEST_MAX 4096
/* Bytes of a reply with its newline; PROTOCOL_LOG_MAX keeps to it. */
#define PROTOCOL_REPLY_MAX (64 * 1024)
/* Records in one reply to "log". */
#define PROTOCOL_LOG_MAX 64

/* Bytes of the texts of an inhibitor lock. */
#define PROTOCOL_WHO_MAX 64
#define PROTOCOL_WHY_MAX 256

#endif /* SWITCHD_PROTOCOL_H */
