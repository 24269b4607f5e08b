/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * json_wipe.h - JSON that leaves nothing behind
 */
#ifndef SWITCHD_JSON_WIPE_H
#define SWITCHD_JSON_WIPE_H

/*
 * From now on jansson wipes what it frees: keys go through it as text. Before
 * its first use in the program. Its texts are freed with json_wipe_free().
 */
void json_wipe_init(void);

/* Wipes and frees memory of malloc(); NULL is allowed. */
void json_wipe_free(void *p);

#endif /* SWITCHD_JSON_WIPE_H */
