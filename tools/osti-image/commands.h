/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * commands.h - what osti-image does
 */
#ifndef COMMANDS_H
#define COMMANDS_H

#include "options.h"

/* Each does its command, reports, and returns the status to exit with. */
enum status command_inspect(struct options *o, char *const *files);
enum status command_table(struct options *o, char *const *files);
enum status command_verify(struct options *o, char *const *files);
enum status command_unpack(struct options *o, char *const *files);
enum status command_pack(struct options *o, char *const *files);
enum status command_list(struct options *o, char *const *files);
enum status command_fetch(struct options *o, char *const *files);
enum status command_bench(struct options *o, char *const *files);

/*
 * Map a raw memory file, whose size must be a partition's. Returns NULL when
 * that was reported as an error; else munmap() it.
 */
uint8_t *command_map_ram(const char *path, uint64_t *bytes);

/* What command_verify() does with a repository and the name of a backup. */
enum status command_verify_backup(const struct options *o, char *const *files);

#endif /* COMMANDS_H */
