/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * image_zstd.h - what zstd takes of a C library, where there is none
 *
 * The compiler includes it before each of zstd's files (-include, formats.mk),
 * so that the common/zstd_deps.h there finds that all it wants is defined.
 */
#ifndef IMAGE_ZSTD_H
#define IMAGE_ZSTD_H

#include <limits.h>
#include <stddef.h>

#define ZSTD_DEPS_COMMON
#define ZSTD_memcpy(to, from, bytes)	__builtin_memcpy(to, from, bytes)
#define ZSTD_memmove(to, from, bytes)	__builtin_memmove(to, from, bytes)
#define ZSTD_memset(to, value, bytes)	__builtin_memset(to, value, bytes)

/* No heap: contexts are in memory of the caller, others cannot be made. */
#define ZSTD_DEPS_MALLOC
#define ZSTD_malloc(bytes)		((void)(bytes), NULL)
#define ZSTD_calloc(nr, bytes)		((void)(nr), (void)(bytes), NULL)
#define ZSTD_free(block)		((void)(block))

#endif /* IMAGE_ZSTD_H */
