// SPDX-License-Identifier: GPL-2.0-or-later
#include "cloud.h"

#include <stdio.h>
#include <stdlib.h>

#include "bucket.h"
#include "device.h"
#include "result.h"

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
