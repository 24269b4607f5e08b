/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * engine.h - the image engine by itself
 */
#ifndef BENCH_ENGINE_H
#define BENCH_ENGINE_H

/** bench_engine() - how long calls about images take, and what more CPUs give. */
void bench_engine(void);

#endif /* BENCH_ENGINE_H */
