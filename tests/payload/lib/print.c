// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * print.c - text on the console (PL011, Arm DDI 0183)
 */
#include "arch.h"
#include "platform.h"
#include "print.h"

#define UART_DR		(UART_BASE + 0x00)
#define UART_FR		(UART_BASE + 0x18)
#define UART_FR_TXFF	(1 << 5)
#define UART_LCRH	(UART_BASE + 0x2c)
#define UART_LCRH_8N1_FIFO	0x70
#define UART_CR		(UART_BASE + 0x30)
#define UART_CR_ON	0x301
#define UART_IMSC	(UART_BASE + 0x38)

void uart_init(void)
{
	mmio_write32(UART_IMSC, 0);
	mmio_write32(UART_LCRH, UART_LCRH_8N1_FIFO);
	mmio_write32(UART_CR, UART_CR_ON);
}

static void uart_putc(char c)
{
	while (mmio_read32(UART_FR) & UART_FR_TXFF)
		;
	mmio_write32(UART_DR, (uint8_t)c);
}

void uart_puts(const char *s)
{
	for (; *s; s++) {
		if (*s == '\n')
			uart_putc('\r');
		uart_putc(*s);
	}
}

struct out {
	char *buf;
	size_t bytes;
	size_t used;
};

static void put(struct out *out, char c)
{
	if (out->used + 1 < out->bytes)
		out->buf[out->used++] = c;
}

static void put_number(struct out *out, uint64_t val, unsigned int base,
		       unsigned int width, char pad)
{
	char digits[20];
	unsigned int n = 0;

	do {
		digits[n++] = "0123456789abcdef"[val % base];
		val /= base;
	} while (val);
	for (; width > n; width--)
		put(out, pad);
	while (n)
		put(out, digits[--n]);
}

void vformat(char *buf, size_t bytes, const char *fmt, va_list args)
{
	struct out out = { .buf = buf, .bytes = bytes };

	for (; *fmt; fmt++) {
		unsigned int width = 0;
		bool is_long = false;
		char pad = ' ';
		const char *s;
		int64_t val;

		if (*fmt != '%') {
			put(&out, *fmt);
			continue;
		}
		if (*++fmt == '0')
			pad = '0';
		while (*fmt >= '0' && *fmt <= '9')
			width = width * 10 + *fmt++ - '0';
		while (*fmt == 'l') {
			is_long = true;
			fmt++;
		}
		switch (*fmt) {
		case 's':
			for (s = va_arg(args, const char *); *s; s++)
				put(&out, *s);
			break;
		case 'c':
			put(&out, va_arg(args, int));
			break;
		case 'd':
			val = is_long ? va_arg(args, int64_t)
				      : va_arg(args, int);
			if (val < 0)
				put(&out, '-');
			put_number(&out, val < 0 ? -(uint64_t)val : (uint64_t)val,
				   10, width, pad);
			break;
		case 'u':
		case 'x':
			put_number(&out, is_long ? va_arg(args, uint64_t)
						 : va_arg(args, unsigned int),
				   *fmt == 'u' ? 10 : 16, width, pad);
			break;
		default:
			put(&out, *fmt);
		}
	}
	buf[out.used] = '\0';
}

void print(const char *fmt, ...)
{
	char line[256];
	va_list args;

	va_start(args, fmt);
	vformat(line, sizeof(line), fmt, args);
	va_end(args);
	uart_puts(line);
}
