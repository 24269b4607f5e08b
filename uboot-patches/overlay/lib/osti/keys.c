// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keys of the person at the console
 */

#include <common.h>
#include <console.h>
#include <time.h>
#include <linux/delay.h>
#include <osti/bm.h>

void osti_keys_drop(void)
{
	while (tstc())
		getchar();
}

int osti_key_get(void)
{
	int key = getchar();

	/* Arrow, Home and such send several bytes, some of them digits. */
	if (key == OSTI_KEY_ESC) {
		mdelay(20);
		osti_keys_drop();
	}

	return key;
}

int osti_key_wait(u32 ms)
{
	ulong start = get_timer(0);

	while (!tstc()) {
		if (get_timer(start) >= ms)
			return -ETIMEDOUT;
		udelay(1000);
	}

	return osti_key_get();
}

bool osti_key_escape(void)
{
	while (tstc()) {
		if (getchar() == OSTI_KEY_ESC)
			return true;
	}

	return false;
}
