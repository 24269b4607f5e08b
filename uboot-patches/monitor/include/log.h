/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * log.h - the monitor's console messages
 *
 * Levels, and when to use them:
 *   error  the device cannot do what it promised; a person must act
 *   warn   an OS, device or caller did what it must not do, and was refused
 *   info   one line for each thing a person asked for (start, switch, off),
 *          while no OS runs
 *   debug  steps between those, for the engineer with the source open
 *
 * An OS that runs has the serial port, too, and each of its lines would be torn by
 * one of the monitor's: what it asks for is told by an event, and is debug here.
 */
#ifndef LOG_H
#define LOG_H

#define LOG_ERROR	1
#define LOG_WARN	2
#define LOG_INFO	3
#define LOG_DEBUG	4

#ifndef CONFIG_OSTI_MONITOR_LOG_LEVEL
#define CONFIG_OSTI_MONITOR_LOG_LEVEL LOG_INFO
#endif

/*
 * printf for %s %c %d %u %x %lx %lu %llx %% with width and zero padding; a
 * line is written whole, also when several CPUs log.
 */
void log_printf(int level, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#define log_at(level, ...)						\
	do {								\
		if ((level) <= CONFIG_OSTI_MONITOR_LOG_LEVEL)		\
			log_printf(level, __VA_ARGS__);			\
	} while (0)

#define log_error(...)	log_at(LOG_ERROR, __VA_ARGS__)
#define log_warn(...)	log_at(LOG_WARN, __VA_ARGS__)
#define log_info(...)	log_at(LOG_INFO, __VA_ARGS__)
#define log_debug(...)	log_at(LOG_DEBUG, __VA_ARGS__)

/* Write the message and the place, dump what is known, reset the device. */
void panic(const char *fmt, ...)
	__attribute__((format(printf, 1, 2), noreturn));

/* For bugs of the monitor's own, never for what came from outside. */
#define ASSERT(cond)							\
	do {								\
		if (!(cond))						\
			panic("%s:%d: assertion failed: %s",		\
			      __FILE__, __LINE__, #cond);		\
	} while (0)

/* The same for a call that must happen, and cannot fail. */
#define CHECK(call)	ASSERT(call)

#endif /* LOG_H */
