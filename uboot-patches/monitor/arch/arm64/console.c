// SPDX-License-Identifier: GPL-2.0-only
/*
 * console.c - log.h on a PL011 UART
 *
 * The UART is shared with whoever has the device, who may have set it up in
 * any way: so output waits, but not for ever, and never for an interrupt.
 */
#include <stdarg.h>
#include <stdatomic.h>

#include "arch_arm64.h"
#include "board.h"
#include "log.h"
#include "power.h"

/* PL011: Arm DDI 0183, section 3.3 */
#define UART_DR		0x000
#define UART_FR		0x018
#define UART_FR_TXFF	(1U << 5)
#define UART_CR		0x030
#define UART_CR_ON	(1U << 0 | 1U << 8)	/* UARTEN, TXE */

#define LINE_MAX	160

struct line {
	char text[LINE_MAX];
	unsigned int len;
};

static atomic_flag busy = ATOMIC_FLAG_INIT;

void console_init(void)
{
	arch_write32(pa_make(BOARD_UART_BASE + UART_CR),
		     arch_read32(pa_make(BOARD_UART_BASE + UART_CR)) | UART_CR_ON);
}

static void put_uart(char c)
{
	/* 16 bytes of FIFO at 9600 baud are gone in 17 ms. */
	const uint64_t end = arch_counter() + arch_counter_hz() / 50;

	while (arch_read32(pa_make(BOARD_UART_BASE + UART_FR)) & UART_FR_TXFF)
		if (arch_counter() > end)
			return;
	arch_write32(pa_make(BOARD_UART_BASE + UART_DR), (uint8_t)c);
}

static void put(struct line *l, char c)
{
	if (l->len < LINE_MAX)
		l->text[l->len++] = c;
}

static void put_number(struct line *l, uint64_t val, unsigned int base,
		       unsigned int width, char fill)
{
	char digits[20];
	unsigned int n = 0;

	do {
		digits[n++] = "0123456789abcdef"[val % base];
		val /= base;
	} while (val);
	while (width > n) {
		put(l, fill);
		width--;
	}
	while (n)
		put(l, digits[--n]);
}

static void format(struct line *l, const char *fmt, va_list ap)
{
	for (; *fmt; fmt++) {
		unsigned int longs = 0, width = 0;
		char fill = ' ';
		const char *s;
		uint64_t val;

		if (*fmt != '%') {
			put(l, *fmt);
			continue;
		}
		fmt++;
		if (*fmt == '0')
			fill = '0';
		for (; *fmt >= '0' && *fmt <= '9'; fmt++)
			width = 10 * width + (*fmt - '0');
		for (; *fmt == 'l'; fmt++)
			longs++;

		switch (*fmt) {
		case 's':
			for (s = va_arg(ap, const char *); *s; s++)
				put(l, *s);
			break;
		case 'c':
			put(l, va_arg(ap, int));
			break;
		case 'd':
			val = longs ? va_arg(ap, long) : va_arg(ap, int);
			if ((int64_t)val < 0) {
				put(l, '-');
				val = -val;
			}
			put_number(l, val, 10, width, fill);
			break;
		case 'u':
		case 'x':
			val = longs ? va_arg(ap, unsigned long) :
				      va_arg(ap, unsigned int);
			put_number(l, val, *fmt == 'x' ? 16 : 10, width, fill);
			break;
		default:
			put(l, *fmt);
			break;
		}
	}
}

static void write_line(int level, const char *fmt, va_list ap)
{
	static const char * const names[] = {
		[LOG_ERROR] = "error: ",
		[LOG_WARN] = "warning: ",
		[LOG_INFO] = "",
		[LOG_DEBUG] = "debug: ",
	};
	struct line l = { .len = 0 };
	const char *s;
	unsigned int i;

	format(&l, fmt, ap);
	for (s = "osti-mon: "; *s; s++)
		put_uart(*s);
	for (s = names[level]; *s; s++)
		put_uart(*s);
	for (i = 0; i < l.len; i++)
		put_uart(l.text[i]);
	put_uart('\r');
	put_uart('\n');
}

void log_printf(int level, const char *fmt, ...)
{
	va_list ap;

	while (atomic_flag_test_and_set(&busy))
		;
	va_start(ap, fmt);
	write_line(level, fmt, ap);
	va_end(ap);
	atomic_flag_clear(&busy);
}

void panic(const char *fmt, ...)
{
	va_list ap;

	/* Without the lock: whoever holds it may be what broke. */
	va_start(ap, fmt);
	write_line(LOG_ERROR, fmt, ap);
	va_end(ap);
	power_system_reset();
}
