/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * methods_slots.h - requests that ask: slots, their images, how it stands here
 */
#ifndef SWITCHD_METHODS_SLOTS_H
#define SWITCHD_METHODS_SLOTS_H

#include <jansson.h>

#include "daemon/switcher.h"

struct session;

/* "list", "status" and "images": each answers the request. */
void methods_list(struct session *session, json_t *params);
void methods_status(struct session *session, json_t *params);
void methods_images(struct session *session, json_t *params);

/* What came of a switch or request, as replies have it. */
json_t *methods_describe_result(const struct switcher_result *result);

#endif /* SWITCHD_METHODS_SLOTS_H */
