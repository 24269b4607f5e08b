# SPDX-License-Identifier: GPL-2.0-only
#
# What several parts read and write; read by the Makefiles of all who do.
#
#   LTC, LZ4, ZSTD   the unpacked source packages of Debian
#
# Sources are named from this folder, FORMATS, on; FORMATS_FLAGS finds their
# headers. "string.h" and "log.h" are the user's: the monitor has its own, on
# the build machine tests/unit/monitor and tools have them.

FORMATS := $(patsubst %/,%,$(dir $(lastword $(MAKEFILE_LIST))))
FORMATS_FLAGS = -iquote $(FORMATS)/firmware -iquote $(FORMATS)/image -iquote $(FORMATS)/key \
	-iquote $(FORMATS)/nv -iquote $(FORMATS)/repo -iquote $(FORMATS)/start

# Images: what says whether one is genuine, without LZ4 and zstd, and all.
IMAGE_FRAME_SRCS := $(addprefix image/image_,crypto.c error.c frame.c header.c \
	keys.c pool.c record.c)
IMAGE_SRCS := $(IMAGE_FRAME_SRCS) $(addprefix image/image_,build.c chunk.c \
	codec.c manifest.c seal.c)
NV_SRCS := nv/nv_format.c nv/nv_log.c
START_SRCS := start/start_statement.c
FIRMWARE_SRCS := $(addprefix firmware/firmware_,bank.c statement.c)
KEY_SRCS := key/recovery_key.c
# Repositories of backups; needs IMAGE_FRAME_SRCS, or what those do without
# keys.
REPO_SRCS := $(addprefix repo/repo_,backup.c config.c disk.c error.c fields.c \
	fossil.c front.c holder.c keys.c pack.c pad.c path.c seal.c segment.c)

# libtomcrypt, unmodified: of all it has, what is named here. No files, no
# printing, no heap, wrong arguments are answered by codes. It loads and
# stores words by XMEMCPY, which must not become a call where a freestanding
# compiler takes memcpy() for any function. SHA-256 is for signatures (start.mk):
# who has it does not have another layout of what all share.
IMAGE_LTCFLAGS = -DLTC_SOURCE -DLTC_NOTHING -DLTC_BLAKE2B -DLTC_BLAKE2BMAC \
	-DLTC_SHA256 \
	-DLTC_HMAC -DLTC_HASH_HELPERS -DLTC_HKDF -DLTC_CHACHA -DLTC_POLY1305 \
	-DLTC_CHACHA20POLY1305_MODE -DLTC_NO_FILE -DLTC_NO_TEST -DARGTYPE=4 \
	-DXMEMCPY=__builtin_memcpy -DXMALLOC=image_pool_alloc -DXFREE=image_pool_free \
	-isystem $(LTC)/src/headers

IMAGE_LTC_SRCS := $(addprefix src/, \
	$(addprefix encauth/chachapoly/chacha20poly1305_, \
		add_aad.c decrypt.c done.c encrypt.c init.c setiv.c) \
	hashes/blake2b.c hashes/helper/hash_memory.c \
	mac/blake2/blake2bmac.c mac/blake2/blake2bmac_memory.c \
	$(addprefix mac/hmac/hmac_,done.c init.c memory.c process.c) \
	mac/poly1305/poly1305.c \
	$(addprefix misc/crypt/crypt_, \
		hash_descriptor.c hash_is_valid.c register_hash.c) \
	misc/hkdf/hkdf.c misc/mem_neq.c misc/zeromem.c \
	$(addprefix stream/chacha/chacha_, \
		crypt.c done.c ivctr32.c ivctr64.c keystream.c setup.c))

# LZ4's block format, unmodified, without its allocating functions. The size of
# its table is 2^16 bytes, for the sake of who has a work area for each CPU.
IMAGE_LZ4FLAGS = -DLZ4_FREESTANDING=1 -DLZ4_MEMORY_USAGE=16 -DLZ4_memcpy=__builtin_memcpy \
	-DLZ4_memmove=__builtin_memmove -DLZ4_memset=__builtin_memset \
	-isystem $(LZ4)/lib
IMAGE_LZ4_SRCS := lib/lz4.c

# zstd, unmodified, without threads, dictionaries, old formats, assembly and
# heap. Of a C library it takes memcpy(), memmove() and memset(); of the user's
# compiler <limits.h>, <stddef.h>, <stdint.h> and <assert.h>. All strategies are
# here, because a table in zstd_compress.c names them.
IMAGE_ZSTDFLAGS = -include $(FORMATS)/image/image_zstd.h \
	-DZSTD_DISABLE_ASM -DZSTD_TRACE=0 -isystem $(ZSTD)/lib
IMAGE_ZSTD_SRCS := $(addprefix lib/, \
	$(addprefix common/,entropy_common.c error_private.c fse_decompress.c \
		xxhash.c zstd_common.c) \
	$(addprefix compress/,fse_compress.c hist.c huf_compress.c \
		$(addprefix zstd_,compress.c compress_literals.c \
			compress_sequences.c compress_superblock.c \
			double_fast.c fast.c lazy.c ldm.c opt.c)) \
	$(addprefix decompress/,huf_decompress.c zstd_ddict.c \
		zstd_decompress.c zstd_decompress_block.c))
