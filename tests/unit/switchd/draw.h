/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * draw.h - for tests that could try more than there is time for
 */
#ifndef TEST_SWITCHD_DRAW_H
#define TEST_SWITCHD_DRAW_H

#include <stdbool.h>

/*
 * What is tried of much that could be: all of it with OSTI_TEST_ALL, else as it is
 * drawn. The seed is printed; with it in OSTI_TEST_SEED each test draws the same.
 */
void draw_begin(void);
void draw_again(void); /* from the seed on */
unsigned int draw(unsigned int n); /* 0 to n - 1 */
bool draw_all(void);

#endif /* TEST_SWITCHD_DRAW_H */
