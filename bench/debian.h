/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * debian.h - two Debian systems
 */
#ifndef BENCH_DEBIAN_H
#define BENCH_DEBIAN_H

/** bench_debian() - switches, starts and sizes; needs "make debian". */
void bench_debian(void);

#endif /* BENCH_DEBIAN_H */
