/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * openssl.h - the openssl program, and what it reads and writes
 */
#ifndef OPENSSL_H
#define OPENSSL_H

#include <stddef.h>

/*
 * A file without a name, in memory, with these bytes; NULL and 0: empty. Returns
 * its descriptor, which openssl inherits and close() ends, or -1.
 */
int openssl_file(const void *from, size_t bytes);

/*
 * Run it with in as standard input and out as standard output. Returns its exit
 * status, or -1 after a message.
 */
int openssl_run(char * const argv[], int in, int out);

#endif /* OPENSSL_H */
