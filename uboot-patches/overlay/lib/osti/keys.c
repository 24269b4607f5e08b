// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keys of the person at the console
 */

#include <common.h>
#include <console.h>
#include <time.h>
#include <virtio_ring.h>
#include <linux/delay.h>
#include <osti/bm/keys.h>
#include <osti/bm/nap.h>
#include <osti/bm/progress.h>

/* A device that takes longer is told of, and is given up in the end. */
#define PATIENCE_MS	2000
#define DEVICE_MS	30000

/* Esc was pressed while a device was waited for, and nobody knows yet. */
static bool escaped;

void osti_keys_drop(void)
{
	escaped = false;
	while (tstc())
		getchar();
}

int osti_keys_get(void)
{
	int key;

	/* getchar() would wait with a busy CPU. */
	while (!tstc())
		osti_nap();
	key = getchar();
	/* Arrow, Home and such send several bytes, some of them digits. */
	if (key == OSTI_KEYS_ESC) {
		mdelay(20);
		osti_keys_drop();
	}

	return key;
}

int osti_keys_wait(u32 ms)
{
	ulong start = get_timer(0);

	while (!tstc()) {
		if (get_timer(start) >= ms)
			return -ETIMEDOUT;
		osti_nap();
	}

	return osti_keys_get();
}

bool osti_keys_escape(void)
{
	if (escaped) {
		escaped = false;
		return true;
	}
	while (tstc()) {
		if (getchar() == OSTI_KEYS_ESC)
			return true;
	}

	return false;
}

/* Of the virtio drivers. Before they lose patience no key is for them. */
bool virtio_wait_is_over(ulong ms)
{
	static bool told;

	if (ms < PATIENCE_MS) {
		told = false;
		return false;
	}
	if (!told) {
		told = true;
		osti_progress_end();
		printf("osti: a device does not answer: it has %d s, Esc gives it up\n",
		       (DEVICE_MS - PATIENCE_MS) / 1000);
	}
	escaped = osti_keys_escape();

	return escaped || ms >= DEVICE_MS;
}
