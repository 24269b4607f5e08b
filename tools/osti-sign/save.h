/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * save.h - what the tool makes becomes a file
 */
#ifndef SAVE_H
#define SAVE_H

#include <stddef.h>

#include "say.h"

/* All of it or what was there before, and nobody else can read it. */
enum status save_file(const char *path, const void *content, size_t bytes);

#endif /* SAVE_H */
