// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Images of ours and images that Linux writes itself, one after the other in
 * the same minutes: two devices, of which one at a time has power.
 */
#include "image.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "imagefile.h"
#include "result.h"
#include "shell.h"
#include "swsusp.h"
#include "workload.h"

#define ROUNDS		3
#define USE_PAUSE_MS	1000
#define OFF_MS		20000

#define MIB		0x100000
#define HOST_GOAL	0.8
#define SECOND_GOAL	0.15
#define HIBERNATE_GOAL	0.6
#define RESUME_GOAL	0.25
#define BYTES_GOAL	0.72
#define ZSTD_GOAL	1.03

static struct samples hibernate, resume, bytes, ratio, zstd, export_rate,
	import_rate, second;
static struct samples swsusp_hibernates, swsusp_one_cpu, swsusp_resumes,
	swsusp_bytes;

/* ---- Ours ---------------------------------------------------------------------- */

/* Times of one hibernation, host ms. */
struct times {
	double start, export, stored, off;
};

static const char slot[] = "slot 1 \\(" CONFIG_OSTI_SLOT1_NAME "\\)";

static double line(struct phone *ph, const char *before, const char *behind)
{
	char pattern[128];

	snprintf(pattern, sizeof(pattern), "osti: %s%s%s", before, slot, behind);
	return device_expect(ph->dev, pattern, PHONE_IMAGE_MS)->ms;
}

/* The command's end is waited for by workload_answer(), not by phone_back(). */
static double ask_to_store(struct phone *ph, int *id)
{
	double start = phone_ask(ph, "poweroff");

	*id = ph->begun[ph->at];
	ph->begun[ph->at] = 0;
	return start;
}

static double wait_off(struct phone *ph)
{
	double ms = device_expect(ph->dev, "osti: power off",
				  PHONE_IMAGE_MS)->ms;

	device_off(ph->dev, OFF_MS);
	return ms;
}

void image_store(struct phone *ph, int *id)
{
	ask_to_store(ph, id);
	wait_off(ph);
}

static void our_hibernate(struct phone *ph, int *id, struct imagefile *f)
{
	struct times t;

	t.start = ask_to_store(ph, id);
	t.export = line(ph, "hibernating ", "");
	t.stored = line(ph, "", " is stored: ");
	t.off = wait_off(ph);
	imagefile_read(ph, PERSONAL, f);
	samples_add(&hibernate, (t.off - t.start) / 1000);
	samples_add(&bytes, f->bytes);
	samples_add(&ratio, f->bytes / f->ram);
	samples_add(&zstd, f->bytes / f->zstd1);
	samples_add(&export_rate, f->ram / MIB / (t.stored - t.export) * 1000);
}

static void our_resume(struct phone *ph, int id, const struct imagefile *f)
{
	double start, import, entered;

	phone_power_on(ph);
	start = clock_now_ms();
	phone_choose(ph, PERSONAL);
	import = line(ph, "resuming ", " from its image");
	entered = line(ph, "entering ", "");
	samples_add(&resume, (workload_answer(ph, id, true) - start) / 1000);
	samples_add(&import_rate, f->ram / MIB / (entered - import) * 1000);
	workload_check(ph);
}

/* Image after image: what has to be moved of the next one? */
static void use_and_hibernate(struct phone *ph, int *id, struct imagefile *f)
{
	struct imagefile old = *f;

	workload_use(ph, USE_PAUSE_MS);
	our_hibernate(ph, id, f);
	samples_add(&second, imagefile_moved(f, &old) / old.bytes);
	imagefile_free(&old);
}

struct phone *image_phone_start(const char *name)
{
	static struct device_file files[3];
	char *boot = build_path("bench/boot/image.img");
	const struct device_options opt = {
		.name = name, .boot_image = boot, .files = files,
	};
	struct phone *ph;

	files[0].slot = phone_name(PERSONAL);
	files[0].host = build_path("bench/guest/bounce");
	files[0].name = "bounce";
	files[1] = files[0];
	files[1].slot = phone_name(WORK);
	ph = phone_start(&opt);
	free(boot);
	phone_boot(ph, PERSONAL);
	/* The same as with Linux's images, where the disk is swap space. */
	shell_do(ph->dev, "/etc/init.d/disk stop");
	return ph;
}

/* ---- Linux's --------------------------------------------------------------------- */

/* Which way is faster depends on how busy this machine is: both in turn. */
static void their_hibernate(struct phone *ph, int *id)
{
	static bool one_cpu;
	double written, ms;

	ms = swsusp_hibernate(ph, one_cpu, id, &written);
	samples_add(one_cpu ? &swsusp_one_cpu : &swsusp_hibernates, ms / 1000);
	samples_add(&swsusp_bytes, written);
	one_cpu = !one_cpu;
}

static void their_resume(struct phone *ph, int id)
{
	samples_add(&swsusp_resumes, swsusp_resume(ph, id) / 1000);
	workload_check(ph);
}

/* ---- Results --------------------------------------------------------------------- */

/* How much of what Linux needs with the same number of CPUs. */
static void against(const char *name, struct samples *ours,
		    struct samples *theirs, double goal)
{
	result_value(name, samples_median(ours) / samples_median(theirs), "",
		     GOAL_AT_MOST, goal);
}

static void report(void)
{
	result_samples("swsusp.hibernate_s", &swsusp_hibernates, "s", GOAL_NONE,
		       0);
	result_samples("swsusp.hibernate_1_s", &swsusp_one_cpu, "s", GOAL_NONE,
		       0);
	result_samples("swsusp.resume_s", &swsusp_resumes, "s", GOAL_NONE, 0);
	result_samples("swsusp.bytes", &swsusp_bytes, "bytes", GOAL_NONE, 0);
	result_samples("image.hibernate_s", &hibernate, "s", GOAL_NONE, 0);
	result_samples("image.resume_s", &resume, "s", GOAL_NONE, 0);
	result_samples("image.bytes", &bytes, "bytes", GOAL_NONE, 0);
	against("image.hibernate_vs_swsusp", &hibernate, &swsusp_hibernates,
		HIBERNATE_GOAL);
	against("image.resume_vs_swsusp", &resume, &swsusp_resumes,
		RESUME_GOAL);
	against("image.bytes_vs_swsusp", &bytes, &swsusp_bytes, BYTES_GOAL);
	result_samples("image.bytes_vs_zstd1", &zstd, "", GOAL_AT_MOST,
		       ZSTD_GOAL);
	result_samples("image.ratio", &ratio, "", GOAL_NONE, 0);
	result_samples("image.export_mib_s", &export_rate, "MiB/s", GOAL_NONE, 0);
	result_samples("image.import_mib_s", &import_rate, "MiB/s", GOAL_NONE, 0);
	result_samples("image.second_export_ratio", &second, "", GOAL_AT_MOST,
		       SECOND_GOAL);
	result_note("image.hibernate_s: from \"switchctl poweroff\" typed to the boot manager's \"power off\"; swsusp.hibernate_s: from \"echo disk >/sys/power/state\" typed to the boot manager's \"was switched off\".");
	result_note("image.resume_s, swsusp.resume_s: from the key in the menu after power-on to the shell's next line behind the command that it hibernated with.");
	result_note("image.bytes: all of the image in the store, encrypted; image.ratio: against the pages that are not zero. swsusp.bytes: what was written to swap space, LZO, not encrypted.");
	result_note("swsusp: the same workload and kernel, without init_on_free=1, and with one CPU while the image is loaded, which is faster here. swsusp.hibernate_1_s: with one CPU, too. image.*_vs_swsusp: medians of this run, both with two CPUs.");
	result_note("image.bytes_vs_zstd1: against the pages that are not zero, in their order, through \"zstd -1\" as one stream.");
	result_note("image.export_mib_s, image.import_mib_s: pages that are not zero, with the store's disk. image.second_export_ratio: bytes of chunks that the image before did not have, header, table and manifest, after 30 s of light use, against that image.");
}

static void host_value(const json_t *bench, const char *from, const char *to,
		       const char *unit, double goal)
{
	const json_t *value = json_object_get(bench, from);

	result_value(to, json_number_value(value), unit,
		     goal ? GOAL_AT_LEAST : GOAL_NONE, goal);
}

static void bench_host(void)
{
	json_t *bench;

	printf("images on this machine\n");
	fflush(stdout);
	bench = imagefile_host_bench();
	host_value(bench, "export_mib_s", "image.host_export_mib_s", "MiB/s", 0);
	host_value(bench, "import_mib_s", "image.host_import_mib_s", "MiB/s", 0);
	host_value(bench, "crypto_mib_s", "image.host_crypto_mib_s", "MiB/s", 0);
	host_value(bench, "compress_mib_s", "image.host_compress_mib_s",
		   "MiB/s", 0);
	host_value(bench, "decompress_mib_s", "image.host_decompress_mib_s",
		   "MiB/s", 0);
	host_value(bench, "export_ratio", "image.host_export_ratio", "",
		   HOST_GOAL);
	host_value(bench, "import_ratio", "image.host_import_ratio", "",
		   HOST_GOAL);
	json_decref(bench);
	result_note("image.host_*: \"osti-image bench\", from memory to memory, on all CPUs of this machine; the ratios are against the slower one of crypto (each hash once, and the cipher) and the codec alone, on one CPU.");
}

struct phone *bench_images(double *image_bytes)
{
	struct imagefile file;
	struct phone *ours, *theirs;
	int our_id, their_id, i;

	bench_host();
	printf("%d images of ours and of Linux in turn\n", ROUNDS + 1);
	fflush(stdout);
	ours = image_phone_start("bench-image");
	workload_start(ours);
	our_hibernate(ours, &our_id, &file);
	theirs = swsusp_start();
	workload_start(theirs);
	their_hibernate(theirs, &their_id);
	for (i = 0; i < ROUNDS; i++) {
		our_resume(ours, our_id, &file);
		use_and_hibernate(ours, &our_id, &file);
		their_resume(theirs, their_id);
		workload_use(theirs, 0);
		their_hibernate(theirs, &their_id);
	}
	their_resume(theirs, their_id);
	phone_stop(theirs);
	our_resume(ours, our_id, &file);
	imagefile_free(&file);
	report();
	shell_do(ours->dev, "/etc/init.d/disk start");
	*image_bytes = samples_median(&bytes);
	return ours;
}
