// SPDX-License-Identifier: GPL-2.0-only
/*
 * A slot key that comes from another device, as a person types it
 */

#include <common.h>
#include <linux/compiler.h>
#include <linux/ctype.h>
#include <osti/abi.h>
#include <osti/bm/call.h>
#include <osti/bm/error.h>
#include <osti/bm/keys.h>
#include <osti/bm/slotkey.h>
#include <osti/bm/slots.h>
#include "recovery_key.h"

/* Characters of a line; a whole key, which a scanner may type, fits. */
#define LINE_MAX	100
/* Of all lines: more than any way to write a key needs. */
#define TEXT_MAX	(2 * LINE_MAX)

#define KEY_BACKSPACE	0x08
#define KEY_DELETE	0x7f

/* What is overwritten last must not look useless to a compiler. */
static void wipe(void *p, size_t bytes)
{
	memset(p, 0, bytes);
	barrier_data(p);
}

/* ---- Give it to the monitor ------------------------------------------------ */

static int explain_state(const struct osti_slot *slot)
{
	struct osti_regs image;

	if (slot->key == OSTI_KEY_IMPORTED)
		osti_error("slot %u (%s): has a key that was imported, and it cannot be replaced",
			   slot->nr, slot->name);
	else if (slot->state != OSTI_SLOT_EMPTY)
		osti_error("slot %u (%s): is not empty: switch the device off and on, and import the key before the slot is started",
			   slot->nr, slot->name);
	else if (!osti_call(OSTI_CALL_IMAGE_INFO, slot->nr, 0, 0, &image) &&
		 image.x[1] == OSTI_GENERATION_STORED)
		osti_error("slot %u (%s): has an image in the store, which the new key could not open: resume it, or give it up with \"osti drop %u\"",
			   slot->nr, slot->name, slot->nr);
	else
		osti_error("slot %u (%s): an operating system ran since the device was switched on: switch it off and on, and import the key in the menu",
			   slot->nr, slot->name);

	return -EPERM;
}

static int explain(const struct osti_slot *slot, s64 status)
{
	switch (status) {
	case OSTI_E_STATE:
		return explain_state(slot);
	case OSTI_E_INVALID:
		osti_error("slot %u (%s): a key of zeroes opens nothing",
			   slot->nr, slot->name);
		return -EINVAL;
	case OSTI_E_HARDWARE:
		osti_error("slot %u (%s): no key can be kept: the NV memory is missing, or cannot be trusted or written",
			   slot->nr, slot->name);
		return -EIO;
	default:
		return osti_call_refused("import a key", slot, status);
	}
}

static int import(const struct osti_slot *slot, const u8 *key)
{
	struct osti_regs regs = {
		.x = { OSTI_CALL_KEY_IMPORT, slot->nr },
	};
	s64 status;
	int i;

	for (i = 0; i < RECOVERY_KEY_BYTES; i++)
		regs.x[2 + i / 8] |= (u64)key[i] << (8 * (i % 8));
	osti_smc(&regs);
	status = (s64)regs.x[0];
	wipe(&regs, sizeof(regs));
	if (status)
		return explain(slot, status);
	printf("osti: slot %u (%s): its key is imported\n", slot->nr,
	       slot->name);

	return 0;
}

/* ---- Read it ---------------------------------------------------------------- */

static void print_wrong(const struct osti_slot *slot, int err, u32 row)
{
	if (row)
		osti_error("slot %u (%s): row %u of the key: %s", slot->nr,
			   slot->name, row, recovery_key_error(err));
	else
		osti_error("slot %u (%s): %s", slot->nr, slot->name,
			   recovery_key_error(err));
}

int osti_slotkey_import(const struct osti_slot *slot, const char *text,
			size_t bytes)
{
	u8 key[RECOVERY_KEY_BYTES];
	u32 row;
	int ret;

	ret = recovery_key_decode(text, bytes, key, &row);
	if (ret) {
		print_wrong(slot, ret, row);
		return -EINVAL;
	}
	ret = import(slot, key);
	wipe(key, sizeof(key));

	return ret;
}

/* Return: characters of it, -ECANCELED by Esc */
static int read_line(char *line)
{
	int n = 0;

	for (;;) {
		int key = osti_keys_get();

		switch (key) {
		case OSTI_KEYS_ESC:
			putc('\n');
			return -ECANCELED;
		case '\r':
		case '\n':
			putc('\n');
			return n;
		case KEY_BACKSPACE:
		case KEY_DELETE:
			if (n) {
				n--;
				puts("\b \b");
			}
			break;
		default:
			if (n < LINE_MAX && isprint(key)) {
				line[n++] = key;
				putc(key);
			}
			break;
		}
	}
}

/*
 * Lines are added as long as they say nothing wrong: what was right so far must
 * only be too short. A line with a mistake is typed again.
 *
 * Return: bytes of the text of a whole key, or negative errno
 */
static int read_rows(const struct osti_slot *slot, char text[TEXT_MAX])
{
	u8 key[RECOVERY_KEY_BYTES];
	u32 row = 1;
	int len = 0;
	int n, err;

	while (len <= TEXT_MAX - LINE_MAX) {
		printf("osti: row %u: ", row);
		n = read_line(text + len);
		if (n < 0)
			return n;
		err = recovery_key_decode(text, len + n, key, &row);
		wipe(key, sizeof(key));
		if (!err)
			return len + n;
		if (err == RECOVERY_KEY_E_SHORT) {
			len += n;
			continue;
		}
		print_wrong(slot, err, row);
		/* All rows are wrong together, or nobody knows which. */
		if (!row)
			return -EINVAL;
	}
	osti_error("slot %u (%s): this is more text than a key has", slot->nr,
		   slot->name);

	return -EINVAL;
}

int osti_slotkey_ask(const struct osti_slot *slot)
{
	char text[TEXT_MAX];
	int ret;

	printf("osti: recovery key of slot %u (%s): its rows as \"switchctl recovery-key\" shows them, Enter after each, Esc to stop\n",
	       slot->nr, slot->name);
	ret = read_rows(slot, text);
	if (ret >= 0)
		ret = osti_slotkey_import(slot, text, ret);
	wipe(text, sizeof(text));

	return ret;
}
