/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sandbox.h - what switchd-backup can still do once it talks to others
 *
 * What comes from a server is parsed here, so whoever finds a hole in that gets
 * a process that has no rights: switchd started it as a user of its own, without
 * capabilities, and it cannot get any. Of the kernel it has left what a program
 * needs that reads and writes files and sockets, with threads:
 *
 *   - it starts no program, traces none, mounts nothing, loads nothing. No
 *     library here ever asks for that, so who does is not us any more: killed.
 *   - other calls that are not on the list fail with EPERM. Libraries try this
 *     and that and do without; to kill for it would break with the next libc.
 *   - sockets of the Internet and of Unix (a resolver may be a daemon) only, no
 *     packets, no netlink.
 *   - ioctl() only of a transfer, and of what sockets need.
 *   - no memory that is both new and executable.
 *
 * Where systemd is, its unit (data/switchd-backup.conf) is closed as well. This is
 * there on each system, is narrower, and knows which calls are an attack.
 */
#ifndef SANDBOX_H
#define SANDBOX_H

#include "common/fault.h"

/*
 * No core files, no ptrace() from others, nothing gained by exec. First thing in
 * the program, before it has read any key.
 * Return: 0, or -1 and a FAULT_FAILED.
 */
int sandbox_begin(struct fault *fault);

/*
 * The filter, for good and for all threads to come; only one thread is there.
 * Return: 0, or -1 and a FAULT_FAILED.
 */
int sandbox_enter(struct fault *fault);

#endif /* SANDBOX_H */
