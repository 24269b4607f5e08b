/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * arch.h - system registers, MMIO, barriers and caches
 */
#ifndef PAYLOAD_ARCH_H
#define PAYLOAD_ARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STRINGIFY_(x)	#x
#define STRINGIFY(x)	STRINGIFY_(x)

#define read_sysreg(reg) ({						\
	uint64_t val_;							\
	__asm__ volatile("mrs %0, " STRINGIFY(reg) : "=r"(val_) :: "memory"); \
	val_;								\
})

#define write_sysreg(reg, val) do {					\
	uint64_t val_ = (val);						\
	__asm__ volatile("msr " STRINGIFY(reg) ", %0" :: "r"(val_) : "memory"); \
} while (0)

#define isb()	__asm__ volatile("isb" ::: "memory")
#define dsb()	__asm__ volatile("dsb sy" ::: "memory")
#define wfi()	__asm__ volatile("dsb sy\n\twfi" ::: "memory")

/* One access instruction each, so that the syndrome of a trap is valid. */
#define MMIO_ACCESSORS(bits, type, suffix, w)				\
static inline type mmio_read##bits(uint64_t addr)			\
{									\
	type val;							\
									\
	__asm__ volatile("ldr" suffix " %" w "0, [%1]"			\
			 : "=r"(val) : "r"(addr) : "memory");		\
	return val;							\
}									\
static inline void mmio_write##bits(uint64_t addr, type val)		\
{									\
	__asm__ volatile("str" suffix " %" w "0, [%1]"			\
			 :: "r"(val), "r"(addr) : "memory");		\
}

MMIO_ACCESSORS(8, uint8_t, "b", "w")
MMIO_ACCESSORS(16, uint16_t, "h", "w")
MMIO_ACCESSORS(32, uint32_t, "", "w")
MMIO_ACCESSORS(64, uint64_t, "", "x")

/* Clean and invalidate [p, p + bytes) to the point of coherency. */
static inline void cache_flush(const void *p, size_t bytes)
{
	uint64_t line = 4UL << (read_sysreg(ctr_el0) >> 16 & 0xf);
	uint64_t addr = (uint64_t)p & ~(line - 1);

	for (; addr < (uint64_t)p + bytes; addr += line)
		__asm__ volatile("dc civac, %0" :: "r"(addr) : "memory");
	dsb();
}

/* The boot protocol and GICv3's virt layout number CPUs by Aff0. */
static inline unsigned int cpu_index(void)
{
	return read_sysreg(mpidr_el1) & 0xff;
}

#endif /* PAYLOAD_ARCH_H */
