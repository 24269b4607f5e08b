// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Memory of slots as files, and what switchd-backup needs for large ones.
 */
#include "cloud.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "device.h"
#include "fail.h"
#include "guest/pages.h"
#include "result.h"

#define MIB		0x100000
#define GIB		0x40000000ULL
#define READ_PAGES	256		/* at a time */

#define RSS_GOAL	64

struct memory cloud_memory_make(const char *path, uint64_t bytes)
{
	static uint8_t piece[READ_PAGES * PAGE];
	uint64_t page = 0;
	FILE *f = fopen(path, "w");
	int i;

	while (f && page < bytes / PAGE) {
		for (i = 0; i < READ_PAGES; i++)
			pages_fill(piece + i * PAGE, page++, 0);
		if (fwrite(piece, sizeof(piece), 1, f) != 1)
			break;
	}
	if (!f || page < bytes / PAGE || fclose(f))
		test_fail("%s: %s", path, strerror(errno));
	return cloud_memory_look(path);
}

struct memory cloud_memory_look(const char *path)
{
	static const uint8_t zeroes[PAGE];
	static uint8_t piece[READ_PAGES * PAGE];
	struct memory m = { .path = strdup(path) };
	FILE *f = fopen(path, "r");
	uint64_t pages = 0;
	int i;

	if (!f || !m.path)
		test_fail("%s: %s", path, strerror(errno));
	while (fread(piece, sizeof(piece), 1, f) == 1) {
		for (i = 0; i < READ_PAGES; i++)
			pages += !!memcmp(piece + i * PAGE, zeroes, PAGE);
		m.bytes += sizeof(piece);
	}
	fclose(f);
	m.mib = (double)pages * PAGE / MIB;
	return m;
}

/* ---- Large slots ------------------------------------------------------------------- */

/* The most that backup, next backup and restore have. */
static double rss_of(const char *dir, uint64_t bytes)
{
	char path[600], name[32];
	struct place p = { 0 };
	struct memory m;
	double most, rss;

	snprintf(name, sizeof(name), "slot-%llu",
		 (unsigned long long)(bytes / GIB));
	printf("a slot of %llu GiB\n", (unsigned long long)(bytes / GIB));
	fflush(stdout);
	snprintf(path, sizeof(path), "%s/%s.ram", dir, name);
	/* Half of it is in use; what matters is the number of pages. */
	m = cloud_memory_make(path, bytes / 2);
	m.bytes = bytes;
	snprintf(p.url, sizeof(p.url), "file://%.300s/%s", dir, name);
	snprintf(p.state, sizeof(p.state), "%.300s/%s-state", dir, name);
	ours_init(&p);
	most = ours_backup(&p, &m).rss_mib;
	rss = ours_backup(&p, &m).rss_mib;
	most = rss > most ? rss : most;
	rss = ours_restore(&p, &m).rss_mib;
	most = rss > most ? rss : most;
	host_run((const char *const[]){ "rm", "-rf", path,
		 p.url + strlen("file://"), p.state, NULL });
	return most;
}

void cloud_rss(const char *dir)
{
	double one = rss_of(dir, GIB), four = rss_of(dir, 4 * GIB);

	result_value("cloud.rss_mib.1_gib", one, "MiB", GOAL_AT_MOST, RSS_GOAL);
	result_value("cloud.rss_mib", four, "MiB", GOAL_AT_MOST, RSS_GOAL);
	result_note("cloud.rss_mib: the most memory that switchd-backup had in a backup, the next one and a restore, for a slot of 4 GiB; .1_gib: of 1 GiB. Half of the slot is in use.");
}
