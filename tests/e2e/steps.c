// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * steps.c - what the demo and the tests do and check inside of the OSes
 */
#include "steps.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include <osti/abi.h>
#include <qemu-virt/board.h>
#include <qemu-virt/board_pci.h>

#include "fail.h"
#include "shell.h"

#define MIB		(1ULL << 20)
#define RAM_END		(BOARD_RAM_BASE + CONFIG_OSTI_RAM_MIB * MIB)
#define CPU_STEP	0x10000		/* stage 2 maps 2 MiB at once */
#define DMA_STEP	0x200000
#define CHUNK		(64 * MIB)

/* tests/e2e/guest/holder.c: a port of the loopback, and its file. */
#define HOLDER_PORT	7000
#define HELD_BLOCK	16
#define HELD_BLOCKS	512

const struct device_file *steps_files(void)
{
	static const char *const both[] = {
		"tests/e2e/guest/memprobe", "tests/e2e/guest/load",
		"tests/e2e/guest/holder", "tests/e2e/guest/watch",
		"tests/e2e/guest/draw",
		"tests/e2e/kmod-dmaprobe/dmaprobe.ko",
	};
	static struct device_file files[2 * sizeof(both) / sizeof(both[0]) + 2];
	struct device_file *f = files;
	int slot;
	size_t i;

	if (files[0].slot)
		return files;
	for (slot = PERSONAL; slot <= WORK; slot++) {
		for (i = 0; i < sizeof(both) / sizeof(both[0]); i++) {
			f->host = build_path("%s", both[i]);
			f->name = strrchr(both[i], '/') + 1;
			f->slot = phone_name(slot);
			f++;
		}
	}
	f->host = build_path("tests/kmod/refuse.ko");
	f->name = "refuse.ko";
	f->slot = phone_name(PERSONAL);
	return files;
}

void steps_secret(char secret[SECRET_LEN + 1])
{
	unsigned char random[SECRET_LEN / 2];
	int i;

	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		test_fail("getrandom gave no bytes");
	for (i = 0; i < SECRET_LEN / 2; i++)
		sprintf(secret + 2 * i, "%02x", random[i]);
}

void steps_carry(struct phone *ph, const char *file, const char *name)
{
	char disk[64], command[512];

	snprintf(disk, sizeof(disk), "/proc/%d/fd/%d", getpid(),
		 storage_file(device_storage(ph->dev), "removable.img"));
	snprintf(command, sizeof(command), "write %s %s", file, name);
	host_run((const char *const[]){ "debugfs", "-w", "-R", command, disk,
		 NULL });
}

static long long start_time(struct phone *ph, long long pid)
{
	return shell_number(ph->dev, "cut -d ' ' -f 22 /proc/%lld/stat", pid);
}

void steps_vault_start(struct phone *ph, struct vault *v)
{
	static int last_id;

	v->slot = ph->at;
	/*
	 * Names of its own: a freeze restarts the open() of an older vault,
	 * which would then take the questions for this one.
	 */
	v->id = ++last_id;
	steps_secret(v->secret);
	shell_do(ph->dev, "mkfifo /tmp/ask%d /tmp/say%d", v->id, v->id);
	v->pid = shell_number(ph->dev,
			      "(s=%s; while read q </tmp/ask%d; do echo $q $s >/tmp/say%d; done) >/dev/null 2>&1 & echo $!",
			      v->secret, v->id, v->id);
	v->started = start_time(ph, v->pid);
	steps_vault_check(ph, v);
}

void steps_vault_check(struct phone *ph, const struct vault *v)
{
	char want[SECRET_LEN + 16], *got;
	long long started;
	static int question;

	snprintf(want, sizeof(want), "q%d %s", ++question, v->secret);
	got = shell_run(ph->dev, NULL, "echo q%d >/tmp/ask%d; cat /tmp/say%d",
			question, v->id, v->id);
	if (strcmp(got, want))
		device_fail(ph->dev, "process %lld of %s answered \"%s\", expected \"%s\"",
			    v->pid, phone_name(v->slot), got, want);
	free(got);
	started = start_time(ph, v->pid);
	if (started != v->started)
		device_fail(ph->dev, "process %lld of %s started at tick %lld, expected %lld",
			    v->pid, phone_name(v->slot), started, v->started);
}

void steps_holder_start(struct phone *ph, struct holder *h)
{
	h->slot = ph->at;
	h->asked = 0;
	h->offset = 0;
	/* Each block says where it stands. */
	shell_do(ph->dev, "awk 'BEGIN { for (i = 0; i < %d; i++) printf \"%%0%dd\", i }' >/data/held && "
		 "/data/holder serve /data/held %d", HELD_BLOCKS, HELD_BLOCK,
		 HOLDER_PORT);
	h->pid = shell_number(ph->dev, "pidof holder");
	steps_holder_check(ph, h);
}

void steps_holder_check(struct phone *ph, struct holder *h)
{
	char *got = shell_run(ph->dev, NULL, "/data/holder ask %d",
			      HOLDER_PORT);
	char want[128];

	h->asked++;
	snprintf(want, sizeof(want), "pid=%lld asked=%lld offset=%lld data=%0*lld",
		 h->pid, h->asked, h->offset, HELD_BLOCK,
		 h->offset / HELD_BLOCK);
	if (strcmp(got, want))
		device_fail(ph->dev, "the holder in %s answered \"%s\", expected \"%s\"",
			    phone_name(h->slot), got, want);
	free(got);
	h->offset = (h->offset + HELD_BLOCK) % (HELD_BLOCKS * HELD_BLOCK);
}

void steps_file_write(struct phone *ph, const char *name, const char *text)
{
	shell_do(ph->dev, "echo %s >/data/%s && sync", text, name);
}

void steps_file_check(struct phone *ph, const char *name, const char *text)
{
	char *got = shell_run(ph->dev, NULL, "cat /data/%s", name);

	if (strcmp(got, text))
		device_fail(ph->dev, "/data/%s holds \"%s\", expected \"%s\"",
			    name, got, text);
	free(got);
}

int steps_memory_find(struct phone *ph, uint64_t address, uint64_t size,
		      const char *text)
{
	size_t len = strlen(text), chunk;
	const uint8_t *bytes, *at;
	uint64_t done;
	int found = 0;

	/* Chunks overlap, so that no text is missed at their border. */
	for (done = 0; done < size; done += CHUNK) {
		chunk = CHUNK + len - 1;
		if (chunk > size - done)
			chunk = size - done;
		bytes = device_memory(ph->dev, address + done, chunk);
		at = bytes;
		while ((at = memmem(at, bytes + chunk - at, text, len))) {
			found++;
			at++;
		}
		device_memory_free(bytes, chunk);
	}
	return found;
}

uint64_t steps_memory_sum(struct phone *ph, int slot)
{
	uint64_t sum = 0xcbf29ce484222325ULL, done, size = phone_slot_size(slot);
	const uint64_t *words;
	size_t i;

	for (done = 0; done < size; done += CHUNK) {
		words = (const uint64_t *)device_memory(ph->dev,
			phone_slot_address(slot) + done, CHUNK);
		for (i = 0; i < CHUNK / sizeof(*words); i++) {
			sum = (sum ^ words[i]) * 0x100000001b3ULL;
			sum ^= sum >> 29;
		}
		device_memory_free((const uint8_t *)words, CHUNK);
	}
	return sum;
}

struct attempt steps_cpu_attempt(struct phone *ph)
{
	long long before = phone_count(ph, "stage2-fault", ph->at);
	struct attempt a = { 0 };
	char *text, *line;
	long long denied;

	text = shell_run(ph->dev, NULL, "/data/memprobe 0x%llx 0x%llx 0x%x",
			 OSTI_RAM_IPA + (unsigned long long)phone_slot_size(ph->at),
			 RAM_END, CPU_STEP);
	line = strstr(text, "tried=");
	if (!line || sscanf(line, "tried=%lld read=%lld fault=%lld denied=%lld",
			    &a.tried, &a.got, &a.refused, &denied) != 4)
		device_fail(ph->dev, "memprobe printed \"%s\"", text);
	if (denied)
		device_fail(ph->dev, "the kernel itself denied %lld of %lld reads, so nothing was tried; was it built with another config?",
			    denied, a.tried);
	free(text);
	a.events = phone_count(ph, "stage2-fault", ph->at) - before;
	return a;
}

struct attempt steps_dma_attempt(struct phone *ph)
{
	long long before = phone_count(ph, "dma-fault", ph->at);
	long long failed, broken;
	struct attempt a = { 0 };
	char pci[16], *text;

	snprintf(pci, sizeof(pci), "0000:00:%02x.0", BOARD_PCI_DISK(ph->at));
	shell_do(ph->dev, "P=/sys/bus/pci; D=$P/devices/%s; "
		 "cp /data/dmaprobe.ko /tmp && /etc/init.d/disk stop && "
		 "echo dmaprobe >$D/driver_override && "
		 "echo %s >$D/driver/unbind && dmesg -c >/dev/null", pci, pci);
	shell_do(ph->dev, "insmod /tmp/dmaprobe.ko from=0x%llx to=0x%llx step=0x%x",
		 OSTI_RAM_IPA + (unsigned long long)phone_slot_size(ph->at),
		 RAM_END, DMA_STEP);
	text = shell_run(ph->dev, NULL, "dmesg | sed -n 's/.*dmaprobe/dmaprobe/p'");
	if (sscanf(text, "dmaprobe: tried=%lld leaked=%lld failed=%lld broken=%lld",
		   &a.tried, &a.got, &failed, &broken) != 4)
		device_fail(ph->dev, "dmaprobe logged \"%s\"", text);
	free(text);
	shell_do(ph->dev, "rmmod dmaprobe; echo >$D/driver_override && "
		 "echo %s >$P/drivers/virtio-pci/bind && "
		 "/etc/init.d/disk start", pci);
	a.refused = a.tried - a.got;
	a.events = phone_count(ph, "dma-fault", ph->at) - before;
	return a;
}
