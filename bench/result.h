/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * result.h - samples, statistics, and the report of a bench
 */
#ifndef BENCH_RESULT_H
#define BENCH_RESULT_H

#include <stdbool.h>

#define SAMPLES_MAX	2000

/**
 * struct samples - values of one quantity
 * @n:		number of values.
 * @value:	the values, in any order.
 */
struct samples {
	int n;
	double value[SAMPLES_MAX];
};

/** samples_add() - add a value; aborts when there are SAMPLES_MAX. */
void samples_add(struct samples *s, double value);

/** samples_median() - the median; sorts the values. */
double samples_median(struct samples *s);

/** samples_p99() - the value that 99 % do not exceed; sorts the values. */
double samples_p99(struct samples *s);

enum goal { GOAL_NONE, GOAL_AT_MOST, GOAL_AT_LEAST };

/** result_value() - report one number. */
void result_value(const char *name, double value, const char *unit,
		  enum goal goal, double limit);

/** result_samples() - report median, 99th percentile and number of samples. */
void result_samples(const char *name, struct samples *s, const char *unit,
		    enum goal goal, double limit);

/**
 * result_note() - say under the table how a number came about
 *
 * The text is kept until result_write() and must stay valid.
 */
void result_note(const char *text);

/**
 * result_write() - print the table and write the file
 * @path: JSON file.
 * @keep: of a file that is there, keep what was not measured now; else all of it
 *	  is replaced.
 *
 * Return: number of goals that were missed. Ends the program when the file
 * cannot be written.
 */
int result_write(const char *path, bool keep);

#endif /* BENCH_RESULT_H */
