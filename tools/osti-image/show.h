/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * show.h - report what an image says of itself
 */
#ifndef SHOW_H
#define SHOW_H

#include "import.h"

/* After import_front(). */
enum status show_front(const struct import *i);

/* After import_manifest(). */
void show_record(const struct import *i);

/* After import_front(); opened: import_manifest() was called, too. */
void show_table(const struct import *i, bool opened);

#endif /* SHOW_H */
