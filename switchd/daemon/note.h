/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * note.h - small texts in the state directory, which outlive switchd
 */
#ifndef SWITCHD_NOTE_H
#define SWITCHD_NOTE_H

#include <stddef.h>

/*
 * Writes the file, old or new and never a part of it, and waits until it is on
 * disk; without a text it removes it. Where the directory is not there, nothing
 * has to be removed.
 * Return: 0 or a negative errno.
 */
int note_write(const char *dir, const char *name, const char *text);

/*
 * The text of the file, of at most @room - 1 bytes, and a NUL.
 * Return: 0, or a negative errno: -ENOENT if nothing is noted.
 */
int note_read(const char *dir, const char *name, char *text, size_t room);

#endif /* SWITCHD_NOTE_H */
