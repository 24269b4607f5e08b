// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cloud.c - benches of backups: bytes, time, memory and requests
 */
#include "cloud.h"

#include <stdio.h>
#include <stdlib.h>

#include "bucket.h"
#include "device.h"
#include "result.h"

#define CHECK_BYTES	(4U << 20)

void bench_cloud(void)
{
	struct cloud_images images;
	char *dir = build_path("bench/cloud");
	char *server = build_path("bench/cloud/rgw");

	host_run((const char *const[]){ "rm", "-rf", dir, NULL });
	host_run((const char *const[]){ "mkdir", "-p", dir, NULL });
	printf("two images of a device's memory\n");
	fflush(stdout);
	cloud_images_make(&images, dir);
	bucket_start(server);
	cloud_peers(&images, dir);
	cloud_way(&images, dir);
	/* Its directory says what to end: before that is removed. */
	bucket_stop();
	cloud_rss(dir);
	cloud_phone();
	host_run((const char *const[]){ "rm", "-rf", dir, NULL });
	free(server);
	free(dir);
}

void check_cloud(void)
{
	char *dir = build_path("bench/check"), *ram;
	struct place p = { .endpoint = NULL };
	struct memory m;

	host_run((const char *const[]){ "rm", "-rf", dir, NULL });
	host_run((const char *const[]){ "mkdir", "-p", dir, NULL });
	ram = build_path("bench/check/ram");
	m = cloud_memory_make(ram, CHECK_BYTES);
	snprintf(p.url, sizeof(p.url), "file://%.400s/repository", dir);
	snprintf(p.state, sizeof(p.state), "%.400s/state", dir);
	ours_init(&p);
	ours_backup(&p, &m);
	ours_restore(&p, &m);
	printf("ok 1 - switchd-backup makes a backup of the bench and brings it back\n1..1\n");
	host_run((const char *const[]){ "rm", "-rf", dir, NULL });
	free(ram);
	free(dir);
}
