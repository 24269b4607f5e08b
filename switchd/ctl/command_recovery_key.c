// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * switchctl recovery-key: the key that opens copies of this slot
 *
 * It goes from the device to the person. switchd is not asked: then the key would
 * lie in its memory, too, in JSON and in a socket.
 */
#include "ctl/commands.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <osti/ioctl.h>

#include "common/foreign_text.h"
#include "ctl/key_device.h"
#include "ctl/key_page.h"
#include "recovery_key.h"

#define WHAT "the recovery key"

/* Nobody shall find the key in a file that was not meant for it. */
static int check_output(const struct options *options, struct fault *fault)
{
	if (options->text || options->qr || isatty(STDOUT_FILENO))
		return 0;
	fault_set(
		fault, FAULT_FAILED,
		"standard output is no terminal, so the key was not shown; --text or --qr shows it all the same");
	return -1;
}

static int load_slot(struct device *device, struct osti_ioc_slot *ret,
		     struct fault *fault)
{
	struct osti_ioc_info info;
	int r;

	r = device_info(device, &info);
	if (r == 0)
		r = device_slot(device, info.own_slot, ret);
	if (r == 0) {
		foreign_text_clean(ret->name);
		return 0;
	}
	fault_set(fault, FAULT_DEVICE, "asking the monitor who we are: %s",
		  strerror(-r));
	return -1;
}

static void warn_of(const struct osti_ioc_slot *slot)
{
	fprintf(stderr,
		"This key opens all copies of slot %u (%s), wherever they are, for whoever has\n"
		"it, for good: it cannot be changed. Keep it as you keep what is in the slot, not\n"
		"on this device, and clear the screen afterwards.\n",
		slot->slot, slot->name);
}

static int ask(const struct osti_ioc_slot *slot, const struct options *options,
	       struct fault *fault)
{
	char answer[16] = "";

	if (!options->json)
		warn_of(slot);
	if (options->yes)
		return 0;
	if (!isatty(STDIN_FILENO)) {
		fault_set(
			fault, FAULT_FAILED,
			"standard input is no terminal, so nobody can be asked; --yes shows the key without a question");
		return -1;
	}
	fputs("Show it now? [y/N] ", stderr);
	if (fgets(answer, sizeof(answer), stdin) &&
	    (answer[0] == 'y' || answer[0] == 'Y'))
		return 0;
	fault_set(fault, FAULT_DECLINED, "the key was not shown");
	return -1;
}

/* Digits, hyphens and spaces need no escapes in JSON. */
static void add_json(struct key_page *page, const char *text)
{
	page->bytes = (size_t)snprintf(page->text, sizeof(page->text),
				       "{\"recovery_key\":\"%s\"}\n", text);
}

static int show(const char *text, const struct options *options,
		struct fault *fault)
{
	bool all = options->text == options->qr;
	struct key_page page;
	int r = 0;

	page.bytes = 0;
	if (options->json) {
		add_json(&page, text);
	} else {
		if (all || options->text)
			key_page_add_text(&page, text);
		if (all || options->qr)
			r = key_page_add_qr(&page, text, isatty(STDOUT_FILENO));
	}
	if (r == 0)
		r = key_page_write(&page, STDOUT_FILENO);
	explicit_bzero(&page, sizeof(page));
	if (r == 0)
		return 0;
	fault_set(fault, FAULT_FAILED, "showing the key: %s", strerror(-r));
	return -1;
}

static int read_and_show(struct device *device, const struct options *options,
			 struct fault *fault)
{
	char text[RECOVERY_KEY_TEXT];
	struct osti_ioc_key key;
	int r;

	r = device_slot_key(device, &key);
	if (r < 0) {
		key_device_refused(fault, WHAT, r);
		return -1;
	}
	recovery_key_encode(key.key, text);
	explicit_bzero(&key, sizeof(key));
	r = show(text, options, fault);
	explicit_bzero(text, sizeof(text));
	return r;
}

int command_recovery_key(const struct options *options, struct fault *fault)
{
	struct osti_ioc_slot slot;
	struct device *device;
	int r;

	if (check_output(options, fault) < 0)
		return -1;
	if (key_device_open(options, WHAT, &device, fault) < 0)
		return -1;
	r = load_slot(device, &slot, fault);
	if (r == 0)
		r = ask(&slot, options, fault);
	if (r == 0)
		r = read_and_show(device, options, fault);
	device_close(device);
	return r;
}
