/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fdt_host.h - all that U-Boot's lib/rsa/rsa-mod-exp.c takes from its tree
 *
 * The file is built unmodified, as for U-Boot's own tools (USE_HOSTCC): then it
 * includes this header and three more, which are empty here.
 */
#ifndef SHIM_FDT_HOST_H
#define SHIM_FDT_HOST_H

#include <stdint.h>
#include <string.h>

typedef uint64_t fdt64_t;
typedef unsigned int uint;

/* Only asked for in messages that say that a key is not one. */
#define debug(...)	do { } while (0)

/* EL2 and the build machine are little-endian. */
static inline uint32_t fdt32_to_cpu(uint32_t val)
{
	return __builtin_bswap32(val);
}

static inline uint32_t cpu_to_fdt32(uint32_t val)
{
	return __builtin_bswap32(val);
}

static inline uint64_t fdt64_to_cpu(fdt64_t val)
{
	return __builtin_bswap64(val);
}

#endif /* SHIM_FDT_HOST_H */
