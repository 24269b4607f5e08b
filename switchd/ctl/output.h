/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * output.h - standard output of commands that go on until somebody ends them
 */
#ifndef SWITCHCTL_OUTPUT_H
#define SWITCHCTL_OUTPUT_H

#include "common/fault.h"

/*
 * Writes what is in the buffer: a reader at the other end of a pipe wants to see
 * it now. Return: 0, or -1 and a FAULT_FAILED: not all of the output was written.
 */
int output_flush(struct fault *fault);

/*
 * Nobody reads standard output any more. Ends the program by SIGPIPE, as writing
 * would. Return: -1 and a FAULT_FAILED if it is ignored.
 */
int output_gone(struct fault *fault);

#endif /* SWITCHCTL_OUTPUT_H */
