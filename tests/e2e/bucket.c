// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bucket - "work" is pushed into a bucket through the device's network, and pulled
 * on another device
 *
 * The server is real (tests/s3/rgw) and speaks TLS; of the first device nothing
 * comes to the second one but the recovery key.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cloud_steps.h"
#include "fail.h"
#include "fixture.h"
#include "ready.h"
#include "shell.h"

#define RGW	"tests/s3/rgw"
#define CONFIG	"/etc/osti/switchd.conf"

/* ---- The server -------------------------------------------------------------------- */

static char *server; /* its directory */

static void stop_server(void)
{
	host_run((const char *const[]){ RGW, "stop", server, NULL });
}

/* Returns its port for TLS. */
static unsigned int start_server(void)
{
	unsigned int port;
	char path[600];
	FILE *f;

	server = build_path("tests/e2e/rgw");
	/* What a test that was killed has left. */
	stop_server();
	atexit(stop_server);
	host_run((const char *const[]){ RGW, "start", server, "backups", NULL });
	snprintf(path, sizeof(path), "%s/ports", server);
	f = fopen(path, "re");
	if (!f || fscanf(f, "PLAIN=%*u TLS=%u", &port) != 1)
		test_fail("%s has no port", path);
	fclose(f);
	return port;
}

/* All that the server has, in files. */
static char *fetch_all(void)
{
	char *all = build_path("tests/e2e/rgw/all/");
	char config[600];

	snprintf(config, sizeof(config), "%s/s3cmd", server);
	host_run((const char *const[]){ "mkdir", "-p", all, NULL });
	host_run((const char *const[]){ "s3cmd", "-q", "-c", config, "sync",
		 "s3://backups/", all, NULL });
	return all;
}

static bool stands_in(const char *dir, const char *text)
{
	char *found = host_output((const char *const[]){
		"sh", "-c", "grep -r -l -a -F -e \"$1\" \"$2\" || [ $? = 1 ]",
		"sh", text, dir, NULL });
	bool there = found[0];

	free(found);
	return there;
}

/* ---- The devices ------------------------------------------------------------------- */

static const struct device_file *files(void)
{
	static struct device_file all[32];
	const struct device_file *f = steps_files();
	static char ca[600], keys[600];
	int n = 0;

	snprintf(ca, sizeof(ca), "%s/ca.pem", server);
	snprintf(keys, sizeof(keys), "%s/keys", server);
	while (f->slot && n < 29)
		all[n++] = *f++;
	all[n++] = (struct device_file){ phone_name(PERSONAL), ca, "ca.pem" };
	all[n++] = (struct device_file){ phone_name(PERSONAL), keys, "s3.conf" };
	return all;
}

/* As README says. */
static void use_bucket(struct phone *ph)
{
	static const char *const settings[] = {
		"repository = s3://backups/osti",
		"endpoint = https://10.0.2.100",
		"credentials = /etc/osti/s3.conf",
		"ca = /etc/osti/ca.pem",
	};
	size_t i;

	shell_do(ph->dev, "cd /etc/osti && cp /data/ca.pem /data/s3.conf . && chmod 600 s3.conf && chown osti-backup s3.conf");
	shell_do(ph->dev, "sed -i '/^repository/d' " CONFIG);
	for (i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		shell_do(ph->dev, "sed -i '/^.backup.$/a %s' " CONFIG,
			 settings[i]);
	/* init starts it again. */
	shell_do(ph->dev, "pid=$(pidof switchd); kill $pid; while kill -0 $pid 2>/dev/null; do usleep 20000; done");
	shell_do(ph->dev, "until switchctl status >/dev/null 2>&1; do usleep 20000; done");
}

static void push(struct phone *ph)
{
	phone_ask(ph, "push work");
	phone_stored(ph, WORK);
	assert_int_equal(phone_answer(ph, PERSONAL), 0);
	assert_state(ph, WORK, "retired");
}

/* Neither where it was carried through, nor where it was carried to. */
static void check_hidden(struct phone *ph, const char *secret, const char *note)
{
	char *all = fetch_all();

	assert_false(stands_in(all, secret));
	assert_false(stands_in(all, note));
	/* It was looked for in what is there. */
	assert_true(stands_in(all, "OSTI-RP"));
	free(all);
	assert_int_equal(steps_memory_find(ph, phone_slot_address(PERSONAL),
					   phone_slot_size(PERSONAL), secret),
			 0);
	shell_do(ph->dev, "! grep -r -F %s /var/lib /tmp",
		 note);
}

static void test_goes_on_elsewhere(void **state)
{
	const unsigned int port = start_server();
	const struct device_options opt = {
		.name = "bucket", .reach = port, .files = files(),
	};
	struct phone *ph = ready_start(&opt);
	char note[SECRET_LEN + 1];
	struct cloud_key key;
	struct holder holder;
	struct vault vault;

	(void)state;
	use_bucket(ph);
	cloud_run(ph, "repo init");
	phone_switch_key(ph, WORK);
	cloud_read_key(ph, &key);
	steps_vault_start(ph, &vault);
	steps_holder_start(ph, &holder);
	steps_secret(note);
	steps_file_write(ph, "note", note);
	phone_switch_key(ph, PERSONAL);
	cloud_run(ph, "backup work");
	cloud_run(ph, "repo check --read-data");
	push(ph);
	check_hidden(ph, vault.secret, note);
	device_cut_power(ph->dev);

	cloud_other_device(ph, &key);
	phone_boot(ph, PERSONAL);
	use_bucket(ph);
	cloud_bring_in(ph, "pull work");
	phone_switch_key(ph, WORK);
	steps_vault_check(ph, &vault);
	steps_holder_check(ph, &holder);
	steps_file_check(ph, "note", note);
	cloud_check_disk(ph);
	phone_stop(ph);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_goes_on_elsewhere),
	};

	fixture_begin();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
