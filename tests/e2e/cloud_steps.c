// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cloud_steps.c - what a person does to carry "work" away and back
 */
#include "cloud_steps.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "shell.h"

static void expect_success(struct phone *ph, const char *command, int status)
{
	if (status)
		device_fail(ph->dev, "switchctl %s exits with %d", command,
			    status);
}

void cloud_run(struct phone *ph, const char *command)
{
	int id = shell_begin(ph->dev, "switchctl %s", command);

	expect_success(ph, command, shell_end(ph->dev, id, CLOUD_MS));
}

void cloud_read_key(struct phone *ph, struct cloud_key *key)
{
	char *text = shell_run(ph->dev, NULL,
			       "switchctl recovery-key --text --yes");
	char *save, *line;

	key->nr = 0;
	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		int row, at = 0;

		/* "  row 1   ABCDE FGHIJ ..." */
		if (sscanf(line, " row %d %n", &row, &at) != 1 || !at ||
		    row != key->nr + 1 || key->nr == CLOUD_KEY_ROWS)
			continue;
		snprintf(key->row[key->nr++], sizeof(key->row[0]), "%s",
			 line + at);
	}
	if (!key->nr)
		device_fail(ph->dev, "no row of a recovery key is shown");
	free(text);
}

static void type_key(struct phone *ph, int slot, const struct cloud_key *key)
{
	char digit[2] = { '0' + slot, '\0' }, pattern[96];
	int i;

	device_send(ph->dev, "k");
	device_send(ph->dev, digit);
	snprintf(pattern, sizeof(pattern), "osti: recovery key of slot %d",
		 slot);
	device_expect(ph->dev, pattern, PHONE_MENU_MS);
	for (i = 0; i < key->nr; i++) {
		device_send(ph->dev, key->row[i]);
		device_send(ph->dev, "\r");
	}
	snprintf(pattern, sizeof(pattern),
		 "osti: slot %d \\(%s\\): its key is imported", slot,
		 phone_name(slot));
	device_expect(ph->dev, pattern, PHONE_MENU_MS);
}

void cloud_other_device(struct phone *ph, const struct cloud_key *key)
{
	device_other(ph->dev);
	phone_power_on(ph);
	if (key)
		type_key(ph, WORK, key);
}

void cloud_check_disk(struct phone *ph)
{
	shell_do(ph->dev, "sync && mount -o remount,ro /data && "
		 "/sbin/e2fsck -fn /dev/mapper/data && "
		 "mount -o remount,rw /data");
}

void cloud_ask(struct phone *ph, const char *command, const char *key)
{
	phone_ask(ph, command);
	device_expect(ph->dev, "wants a copy to take the place of slot 2",
		      PHONE_MENU_MS);
	device_expect(ph->dev, "y within", PHONE_MENU_MS);
	device_send(ph->dev, key);
}

void cloud_bring_in(struct phone *ph, const char *command)
{
	char *state;

	cloud_ask(ph, command, "y");
	expect_success(ph, command, phone_answer(ph, PERSONAL));
	state = phone_slot_state(ph, WORK);
	if (strcmp(state, "frozen"))
		device_fail(ph->dev, "%s is \"%s\" after switchctl %s",
			    phone_name(WORK), state, command);
	free(state);
}
