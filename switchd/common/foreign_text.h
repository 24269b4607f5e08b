/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * foreign_text.h - text that others wrote and that a person is to read
 */
#ifndef SWITCHD_FOREIGN_TEXT_H
#define SWITCHD_FOREIGN_TEXT_H

/*
 * What could play with a terminal or with the order of what is read becomes
 * "?", byte by byte: control characters, also those beyond ASCII, marks of
 * writing direction, separators of lines, and what is not UTF-8.
 */
void foreign_text_clean(char *text);

#endif /* SWITCHD_FOREIGN_TEXT_H */
