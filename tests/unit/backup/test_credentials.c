// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Where credentials come from, and when they are refused.
 */
#include "stores.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backup/s3_credentials.h"

struct fixture {
	char dir[PATH_MAX];
	char path[PATH_MAX + 8];
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	helper_dir_make(f->dir);
	snprintf(f->path, sizeof(f->path), "%s/keys", f->dir);
	unsetenv("AWS_ACCESS_KEY_ID");
	unsetenv("AWS_SECRET_ACCESS_KEY");
	unsetenv("AWS_SESSION_TOKEN");
	unsetenv("CREDENTIALS_DIRECTORY");
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	helper_dir_remove(f->dir);
	free(f);
	return 0;
}

static void takes(const char *path, const char *access, const char *secret,
		  const char *token)
{
	struct s3_credentials c;
	char message[400] = "";

	if (s3_credentials_load(path, &c, message, sizeof(message)) != STORE_OK)
		fail_msg("%s", message);
	assert_string_equal(c.access, access);
	assert_string_equal(c.secret, secret);
	if (token)
		assert_string_equal(c.token, token);
	else
		assert_null(c.token);
	s3_credentials_free(&c);
	assert_null(c.secret);
	s3_credentials_free(&c);
}

static void refuses(const char *path, int status, const char *says)
{
	struct s3_credentials c;
	char message[400] = "";

	assert_int_equal(s3_credentials_load(path, &c, message,
					     sizeof(message)),
			 status);
	stores_says(message, says);
	assert_null(strstr(message, "hidden"));
	assert_null(c.page);
}

static void writes(const struct fixture *f, mode_t mode, const char *text)
{
	helper_write(f->dir, "keys", mode, text);
	assert_int_equal(chmod(f->path, mode), 0);
}

static void test_file(void **state)
{
	struct fixture *f = *state;

	writes(f, 0600,
	       "# of the bucket\n\n access_key = AK\t\r\nsecret_key=hid=den/+\n");
	takes(f->path, "AK", "hid=den/+", NULL);
	writes(f, 0400, "session_token = t\n;\nsecret_key=s\naccess_key=a");
	takes(f->path, "a", "s", "t");
}

static void test_long_token(void **state)
{
	struct fixture *f = *state;
	char text[5000];
	char token[2001];

	memset(token, 't', 2000);
	token[2000] = '\0';
	snprintf(text, sizeof(text),
		 "access_key=a\nsecret_key=s\nsession_token=%s\n", token);
	writes(f, 0600, text);
	takes(f->path, "a", "s", token);
}

static void test_modes(void **state)
{
	static const mode_t modes[] = { 0640, 0604, 0660, 0601, 0644 };
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		writes(f, modes[i], "access_key=a\nsecret_key=hidden\n");
		refuses(f->path, STORE_E_DENIED, "chmod 600");
	}
	refuses(f->dir, STORE_E_DENIED, "this is no file");
	refuses("/none/there", STORE_E_DENIED, "/none/there: No such file");
}

static void test_owner(void **state)
{
	struct fixture *f = *state;

	if (geteuid() != 0)
		skip();
	writes(f, 0600, "access_key=a\nsecret_key=hidden\n");
	assert_int_equal(chown(f->path, 12345, 0), 0);
	refuses(f->path, STORE_E_DENIED, "belongs to another user");
}

static void test_bad_files(void **state)
{
	struct fixture *f = *state;
	char huge[9000];

	writes(f, 0600, "");
	refuses(f->path, STORE_E_CONFIG, "the access key is missing");
	writes(f, 0600, "access_key=a\n");
	refuses(f->path, STORE_E_CONFIG, "the secret key is missing");
	writes(f, 0600, "access_key=a\nsecret_key=\n");
	refuses(f->path, STORE_E_CONFIG, "the secret key is missing");
	writes(f, 0600, "access_key=a\nsecret_key=hidden x\n");
	refuses(f->path, STORE_E_CONFIG, "the secret key");
	writes(f, 0600, "access_key=a/b\nsecret_key=hidden\n");
	refuses(f->path, STORE_E_CONFIG, "the access key");
	writes(f, 0600, "access_key=a\nsecret_key=s\nsession_token=\303\244\n");
	refuses(f->path, STORE_E_CONFIG, "the session token");
	writes(f, 0600, "access_key=a\naccess_key=b\n");
	refuses(f->path, STORE_E_CONFIG, ":2: it is given twice");
	writes(f, 0600, "[s3]\n");
	refuses(f->path, STORE_E_CONFIG, ":1: there is no '='");
	/* A line whose name is wrong may be a secret: it is not shown. */
	writes(f, 0600, "hiddensecretkey=x\n");
	refuses(f->path, STORE_E_CONFIG, ":1: that is no such name");
	memset(huge, '#', sizeof(huge));
	huge[sizeof(huge) - 1] = '\0';
	writes(f, 0600, huge);
	refuses(f->path, STORE_E_CONFIG, "too long");
}

static void test_zero_byte(void **state)
{
	struct fixture *f = *state;
	FILE *file;

	writes(f, 0600, "");
	file = fopen(f->path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite("access_key=a\0\n", 1, 14, file), 14);
	fclose(file);
	refuses(f->path, STORE_E_CONFIG, "this is no text");
}

static void test_environment(void **state)
{
	char huge[5000];

	(void)state;
	refuses(NULL, STORE_E_DENIED, "there are no credentials: name a file");
	setenv("AWS_ACCESS_KEY_ID", "AK", 1);
	refuses(NULL, STORE_E_CONFIG, "the secret key is missing");
	setenv("AWS_SECRET_ACCESS_KEY", "hid", 1);
	takes(NULL, "AK", "hid", NULL);
	setenv("AWS_SESSION_TOKEN", "", 1);
	takes(NULL, "AK", "hid", NULL);
	setenv("AWS_SESSION_TOKEN", "tok", 1);
	takes(NULL, "AK", "hid", "tok");
	memset(huge, 'h', sizeof(huge));
	huge[sizeof(huge) - 1] = '\0';
	setenv("AWS_SESSION_TOKEN", huge, 1);
	refuses(NULL, STORE_E_CONFIG, "missing, too long");
}

static void test_systemd(void **state)
{
	struct fixture *f = *state;

	/* Its modes are systemd's affair. */
	helper_write(f->dir, "osti-s3", 0440, "access_key=sd\nsecret_key=s\n");
	setenv("CREDENTIALS_DIRECTORY", f->dir, 1);
	setenv("AWS_ACCESS_KEY_ID", "env", 1);
	setenv("AWS_SECRET_ACCESS_KEY", "s", 1);
	takes(NULL, "sd", "s", NULL);
	/* The settings come first, the environment last. */
	writes(f, 0600, "access_key=file\nsecret_key=s\n");
	takes(f->path, "file", "s", NULL);
	setenv("CREDENTIALS_DIRECTORY", "/none/there", 1);
	takes(NULL, "env", "s", NULL);
}

/* Whether the page is out of core files is in its flags. */
static void test_not_in_cores(void **state)
{
	struct s3_credentials c;
	char message[400];
	unsigned long start;
	char line[4096];
	bool ours = false;
	bool dd = false;
	FILE *maps;

	(void)state;
	setenv("AWS_ACCESS_KEY_ID", "a", 1);
	setenv("AWS_SECRET_ACCESS_KEY", "s", 1);
	assert_int_equal(s3_credentials_load(NULL, &c, message,
					     sizeof(message)),
			 STORE_OK);
	maps = fopen("/proc/self/smaps", "r");
	assert_non_null(maps);
	while (fgets(line, sizeof(line), maps)) {
		if (sscanf(line, "%lx-", &start) == 1 && strchr(line, '-'))
			ours = start <= (unsigned long)c.secret &&
			       (unsigned long)c.secret <
				       strtoul(strchr(line, '-') + 1, NULL, 16);
		if (ours && !strncmp(line, "VmFlags:", 8))
			dd = strstr(line, " dd");
	}
	fclose(maps);
	s3_credentials_free(&c);
	assert_true(dd);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_file),	 TEST(test_long_token),
		TEST(test_modes),	 TEST(test_owner),
		TEST(test_bad_files),	 TEST(test_zero_byte),
		TEST(test_environment),	 TEST(test_systemd),
		TEST(test_not_in_cores),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
