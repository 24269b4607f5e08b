/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * repo_pad.h - sizes that tell little
 */
#ifndef REPO_PAD_H
#define REPO_PAD_H

#include <stdint.h>

/*
 * The size to which that many bytes are padded: at least 4096, else rounded up
 * so that of a number of n bits only about log2 n can be other than zero. Costs
 * less than 9 %, of a megabyte less than 4 %. @bytes is below 2^56.
 */
uint64_t repo_pad_size(uint64_t bytes);

#endif /* REPO_PAD_H */
