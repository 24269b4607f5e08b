// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * brief.c - how AddressSanitizer runs in programs that do one thing and end
 *
 * Nobody misses what they did not free, and to look for it takes longer than the rest
 * of such a program. switchd, which runs for days, is looked through. Of switchd-backup
 * it could not be asked: it takes a process that traces this one, which nobody may.
 */
const char *__asan_default_options(void);

const char *__asan_default_options(void)
{
	return "detect_leaks=0:quarantine_size_mb=8";
}
