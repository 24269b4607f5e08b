/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * json_text.h - JSON strings from text of any origin
 */
#ifndef SWITCHD_JSON_TEXT_H
#define SWITCHD_JSON_TEXT_H

#include <jansson.h>

/*
 * A JSON string; if the text is not UTF-8 (a file's name, a text that was cut)
 * its bytes beyond ASCII become "?".
 * Return: a new reference, or NULL: out of memory.
 */
json_t *json_text(const char *text);

#endif /* SWITCHD_JSON_TEXT_H */
