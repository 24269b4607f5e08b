// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * phone.c - a device with OSTI on it, as a person uses it
 */
#include "phone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <qemu-virt/board.h>

#include "clock.h"
#include "fail.h"
#include "shell.h"

#define HOOKS	"/etc/osti/post-resume.d"

const char *phone_name(int slot)
{
	static const char *const names[] = {
		"boot manager", CONFIG_OSTI_SLOT1_NAME, CONFIG_OSTI_SLOT2_NAME,
	};

	if (slot < 0 || slot > PHONE_SLOTS)
		test_fail("phone: there is no slot %d", slot);
	return names[slot];
}

struct phone *phone_start(const struct device_options *opt)
{
	struct phone *ph = calloc(1, sizeof(*ph));

	if (!ph)
		test_fail("out of memory");
	ph->dev = device_start(opt);
	phone_menu(ph);
	return ph;
}

void phone_power_on(struct phone *ph)
{
	device_power_on(ph->dev);
	phone_menu(ph);
}

void phone_save(struct phone *ph, struct phone_state *state)
{
	state->storage = storage_copy(device_storage(ph->dev), STORAGE_ALL);
	memcpy(state->begun, ph->begun, sizeof(state->begun));
}

void phone_restore(struct phone *ph, const struct phone_state *state)
{
	storage_put(device_storage(ph->dev), state->storage);
	memcpy(ph->begun, state->begun, sizeof(ph->begun));
}

void phone_state_free(struct phone_state *state)
{
	storage_free(state->storage);
	state->storage = NULL;
}

void phone_stop(struct phone *ph)
{
	if (!ph)
		return;
	device_stop(ph->dev);
	free(ph);
}

void phone_menu(struct phone *ph)
{
	device_expect(ph->dev, "OSTI boot menu", PHONE_MENU_MS);
	device_expect(ph->dev, "any key stops this|waiting for a key",
		      PHONE_MENU_MS);
	ph->at = 0;
}

void phone_choose(struct phone *ph, int slot)
{
	char digit[2] = { '0' + slot, '\0' };

	device_send(ph->dev, digit);
}

/*
 * Let the OS say on the console that it is back: what the device does after a
 * switch is otherwise silent. It says so once switchd has reaped the hook, that
 * is, when it takes the next key or command.
 */
static void prepare(struct phone *ph, const char *name)
{
	/* As switchd would a minute later; no test waits for that. */
	shell_do(ph->dev, "switchctl mark-good --keep-older");
	shell_do(ph->dev, "dmesg -n 1 && "
		 "mkdir -p " HOOKS " && printf '"
		 "#!/bin/sh\\n"
		 "[ $OSTI_RESULT = ok ] || exit 0\\n"
		 "(while kill -0 $$; do usleep 1000; done; "
		 "echo osti: %s is back >/dev/console) 2>/dev/null &\\n' | "
		 "tee " HOOKS "/90-test >/dev/null && "
		 "chmod 755 " HOOKS "/90-test", name);
}

/* A file unless the disk has it: in packets that QEMU has not larger. */
static void fetch_file(struct phone *ph, const struct device_file *f)
{
	int id = shell_begin(ph->dev, "F=/data/%s; test -e $F || { "
			     "tftp -g -b 1428 -l $F.new -r %s/%s 10.0.2.2 && "
			     "chmod 755 $F.new && mv $F.new $F; }", f->name,
			     f->slot, f->name);
	int status = shell_end(ph->dev, id, PHONE_FILE_MS);

	if (status)
		device_fail(ph->dev, "%s does not come into %s, tftp exits with %d",
			    f->host, f->slot, status);
}

static void fetch_files(struct phone *ph, const char *name)
{
	const struct device_file *f = device_files(ph->dev);

	for (; f && f->slot; f++)
		if (!strcmp(f->slot, name))
			fetch_file(ph, f);
}

double phone_up(struct phone *ph, int slot)
{
	const char *name = phone_name(slot);
	char pattern[64];
	double ms;

	snprintf(pattern, sizeof(pattern), "osti: %s is up", name);
	ms = device_expect(ph->dev, pattern, PHONE_BOOT_MS)->ms;
	snprintf(pattern, sizeof(pattern), "%s# ", name);
	device_expect(ph->dev, pattern, PHONE_BOOT_MS);
	ph->at = slot;
	ph->begun[slot] = 0;
	prepare(ph, name);
	fetch_files(ph, name);
	return ms;
}

/*
 * The command that left the OS ends about when the hook says its line.
 * Return: its exit code.
 */
static int back_with_command(struct phone *ph, int slot, const char *back,
			     double *ms)
{
	char end[SHELL_PATTERN_LEN];
	const char *const patterns[] = { back, end, SHELL_PROMPT, NULL };
	bool seen[3] = { false };
	const struct console_match *m;
	int code = 0;

	shell_end_pattern(ph->begun[slot], end);
	ph->begun[slot] = 0;
	while (!seen[0] || !seen[1] || !seen[2]) {
		m = device_expect_any(ph->dev, patterns, seen[0] ?
				      PHONE_IMAGE_MS : PHONE_SWITCH_MS);
		seen[m->index] = true;
		if (m->index == 0)
			*ms = m->ms;
		else if (m->index == 1)
			code = atoi(m->group[1]);
	}
	return code;
}

static int back(struct phone *ph, int slot, double *ms)
{
	char pattern[64];
	int code = 0;

	snprintf(pattern, sizeof(pattern), "osti: %s is back", phone_name(slot));
	if (ph->begun[slot])
		code = back_with_command(ph, slot, pattern, ms);
	else
		*ms = device_expect(ph->dev, pattern, PHONE_SWITCH_MS)->ms;
	ph->at = slot;
	return code;
}

double phone_back(struct phone *ph, int slot)
{
	double ms = 0;
	int code = back(ph, slot, &ms);

	if (code)
		device_fail(ph->dev, "the \"switchctl\" that %s was left by exited with %d after the return, expected 0",
			    phone_name(slot), code);
	return ms;
}

double phone_boot(struct phone *ph, int slot)
{
	phone_choose(ph, slot);
	return phone_up(ph, slot);
}

struct phone *phone_start_both(const struct device_options *opt)
{
	struct phone *ph = phone_start(opt);

	phone_boot(ph, PERSONAL);
	phone_key(ph, WORK);
	phone_up(ph, WORK);
	phone_switch_key(ph, PERSONAL);
	return ph;
}

struct phone *phone_start_saved(const struct device_options *opt)
{
	struct phone *ph = calloc(1, sizeof(*ph));

	if (!ph)
		test_fail("out of memory");
	ph->dev = device_start(opt);
	ph->at = PERSONAL;
	return ph;
}

void phone_catch_up(struct phone *ph)
{
	int first = ph->at, other = first == WORK ? PERSONAL : WORK;
	int i;

	for (i = 0; i < 2; i++) {
		shell_do(ph->dev, "busybox hwclock -s -u");
		fetch_files(ph, phone_name(ph->at));
		phone_switch_key(ph, i ? first : other);
	}
}

double phone_key(struct phone *ph, int slot)
{
	char keys[32];

	snprintf(keys, sizeof(keys), "ctrl-alt-f%d", slot);
	return device_press(ph->dev, keys);
}

double phone_command_to(struct phone *ph, const char *target)
{
	double ms = clock_now_ms();

	ph->begun[ph->at] = shell_begin(ph->dev, "switchctl switch %s", target);
	return ms;
}

double phone_command(struct phone *ph, int slot)
{
	return phone_command_to(ph, phone_name(slot));
}

double phone_ask(struct phone *ph, const char *request)
{
	double ms = clock_now_ms();

	ph->begun[ph->at] = shell_begin(ph->dev, "switchctl %s", request);
	return ms;
}

int phone_answer(struct phone *ph, int slot)
{
	double ms;

	return back(ph, slot, &ms);
}

long long phone_stored(struct phone *ph, int slot)
{
	char pattern[96];

	snprintf(pattern, sizeof(pattern),
		 "osti: slot %d \\(%s\\) is stored: generation [0-9]+, ([0-9]+) KiB",
		 slot, phone_name(slot));
	return atoll(device_expect(ph->dev, pattern, PHONE_IMAGE_MS)->group[1]);
}

double phone_resumed(struct phone *ph, int slot)
{
	char pattern[96];

	snprintf(pattern, sizeof(pattern),
		 "osti: resuming slot %d \\(%s\\) from its image", slot,
		 phone_name(slot));
	device_expect(ph->dev, pattern, PHONE_MENU_MS);
	snprintf(pattern, sizeof(pattern), "osti: entering slot %d", slot);
	device_expect(ph->dev, pattern, PHONE_IMAGE_MS);
	return phone_back(ph, slot);
}

long long phone_hibernate(struct phone *ph, int slot)
{
	char request[64];
	int at = ph->at;
	long long kib;

	snprintf(request, sizeof(request), "hibernate %s", phone_name(slot));
	phone_ask(ph, request);
	kib = phone_stored(ph, slot);
	phone_back(ph, at);
	return kib;
}

double phone_switch_key(struct phone *ph, int slot)
{
	double start = phone_key(ph, slot);

	return phone_back(ph, slot) - start;
}

double phone_switch_command(struct phone *ph, int slot)
{
	double start = phone_command(ph, slot);

	return phone_back(ph, slot) - start;
}

json_t *phone_events(struct phone *ph)
{
	json_t *log = shell_json(ph->dev, "switchctl log --json");
	json_t *events = json_object_get(log, "events");

	if (!json_is_array(events))
		device_fail(ph->dev, "\"switchctl log --json\" has no array \"events\"");
	json_incref(events);
	json_decref(log);
	return events;
}

static long long event_number(const json_t *event, const char *key)
{
	const char *text = json_string_value(json_object_get(event, key));

	return text ? strtoll(text, NULL, 0) : 0;
}

long long phone_count(struct phone *ph, const char *type, int slot)
{
	json_t *events = phone_events(ph), *event;
	long long count = 0;
	const char *name;
	bool offence;
	size_t i;

	/* Of offences only some are recorded, but each record counts them. */
	offence = strstr(type, "fault") || strstr(type, "bad") ||
		!strcmp(type, "trap");
	json_array_foreach(events, i, event) {
		name = json_string_value(json_object_get(event, "event"));
		if (!name || strcmp(name, type) ||
		    json_integer_value(json_object_get(event, "slot")) != slot)
			continue;
		count = offence ? event_number(event, "b") & 0xffffffff :
			count + 1;
	}
	json_decref(events);
	return count;
}

static json_t *slot_entry(struct phone *ph, int slot)
{
	json_t *list = shell_json(ph->dev, "switchctl list --json"), *entry;
	size_t i;

	json_array_foreach(json_object_get(list, "slots"), i, entry) {
		if (json_integer_value(json_object_get(entry, "slot")) != slot)
			continue;
		json_incref(entry);
		json_decref(list);
		return entry;
	}
	device_fail(ph->dev, "\"switchctl list --json\" does not name slot %d",
		    slot);
}

char *phone_slot_state(struct phone *ph, int slot)
{
	json_t *entry = slot_entry(ph, slot);
	const char *state;
	char *copy;

	state = json_string_value(json_object_get(entry, "state"));
	copy = strdup(state ? state : "");
	json_decref(entry);
	return copy;
}

long long phone_entries(struct phone *ph, int slot)
{
	json_t *entry = slot_entry(ph, slot);
	long long n = json_integer_value(json_object_get(entry, "entries"));

	json_decref(entry);
	return n;
}

uint64_t phone_slot_address(int slot)
{
	return slot == PERSONAL ? BOARD_SLOTS_BASE :
		BOARD_SLOTS_BASE + ((uint64_t)CONFIG_OSTI_SLOT1_MIB << 20);
}

uint64_t phone_slot_size(int slot)
{
	return (uint64_t)(slot == PERSONAL ? CONFIG_OSTI_SLOT1_MIB :
			  CONFIG_OSTI_SLOT2_MIB) << 20;
}
