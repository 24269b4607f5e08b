// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * swsusp.c - Linux's own hibernation, on the same device
 */
#include "swsusp.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "fail.h"
#include "shell.h"
#include "workload.h"

#define DISK	"data1"		/* scripts/run-qemu */

/* Switch all CPUs but the first one on or off. */
#define CPUS(on) \
	"for i in /sys/devices/system/cpu/cpu[1-9]*/online; do " \
	"[ ! -e $i ] || echo " #on " >$i; done"

/* The usual disk is too small for an image. */
static void enlarge_disk(struct phone *ph)
{
	struct storage *st = device_storage(ph->dev);

	device_cut_power(ph->dev);
	if (ftruncate(storage_file(st, "data-" CONFIG_OSTI_SLOT1_NAME ".img"),
		      phone_slot_size(PERSONAL)))
		test_fail("cannot enlarge the disk of %s: %s",
			  phone_name(PERSONAL), strerror(errno));
	phone_power_on(ph);
}

struct phone *swsusp_start(void)
{
	char *boot = build_path("bench/boot/swsusp.img");
	const struct device_options opt = {
		.name = "bench-swsusp", .boot_image = boot,
	};
	struct phone *ph = phone_start(&opt);

	free(boot);
	enlarge_disk(ph);
	phone_boot(ph, PERSONAL);
	shell_do(ph->dev, "/etc/init.d/disk stop && mkswap /dev/vda && swapon /dev/vda && "
		 "cat /sys/block/vda/dev >/sys/power/resume && "
		 "echo shutdown >/sys/power/disk");
	return ph;
}

static double written(struct phone *ph)
{
	json_t *drives = device_qmp(ph->dev, "query-blockstats", NULL), *drive;
	const char *name;
	double bytes = -1;
	size_t i;

	json_array_foreach(drives, i, drive) {
		name = json_string_value(json_object_get(drive, "device"));
		if (name && !strcmp(name, DISK))
			bytes = json_number_value(json_object_get(
				json_object_get(drive, "stats"), "wr_bytes"));
	}
	json_decref(drives);
	if (bytes < 0)
		device_fail(ph->dev, "QEMU tells of no drive named " DISK);
	return bytes;
}

double swsusp_hibernate(struct phone *ph, bool one_cpu, int *id, double *bytes)
{
	static const char hibernate[] = "echo disk >/sys/power/state";
	double start, end;

	*bytes = written(ph);
	start = clock_now_ms();
	if (one_cpu)
		*id = shell_begin(ph->dev, CPUS(0) " && %s && " CPUS(1),
				  hibernate);
	else
		*id = shell_begin(ph->dev, "%s", hibernate);
	end = device_expect(ph->dev, "osti: reason: slot 1 .* was switched off",
			    PHONE_IMAGE_MS)->ms;
	*bytes = written(ph) - *bytes;
	device_cut_power(ph->dev);
	return end - start;
}

double swsusp_resume(struct phone *ph, int id)
{
	double start;

	phone_power_on(ph);
	start = clock_now_ms();
	phone_choose(ph, PERSONAL);
	device_expect(ph->dev, "bench: resuming from swap", PHONE_BOOT_MS);
	return workload_answer(ph, id, false) - start;
}
