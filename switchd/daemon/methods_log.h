/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * methods_log.h - requests for what the monitor has recorded
 */
#ifndef SWITCHD_METHODS_LOG_H
#define SWITCHD_METHODS_LOG_H

#include <jansson.h>

struct session;

/*
 * "log" and "stats": each answers the request, "log" maybe later, when there is
 * something.
 */
void methods_log(struct session *session, json_t *params);
void methods_stats(struct session *session, json_t *params);

#endif /* SWITCHD_METHODS_LOG_H */
