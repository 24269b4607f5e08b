// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which URLs and keys there are.
 */
#include "stores.h"

#include <string.h>

#include "backup/store_url.h"

static void refused(const char *url, const char *says)
{
	char message[400] = "";
	struct store_url u;

	if (store_url_parse(url, &u, message, sizeof(message)) !=
	    STORE_E_CONFIG)
		fail_msg("'%s' is taken", url);
	stores_says(message, says);
}

static void is_dir(const char *url, const char *dir)
{
	char message[400];
	struct store_url u;

	assert_int_equal(store_url_parse(url, &u, message, sizeof(message)),
			 STORE_OK);
	assert_false(u.s3);
	assert_string_equal(u.dir, dir);
}

static void is_bucket(const char *url, const char *bucket, const char *prefix)
{
	char message[400];
	struct store_url u;

	if (store_url_parse(url, &u, message, sizeof(message)) != STORE_OK)
		fail_msg("%s", message);
	assert_true(u.s3);
	assert_string_equal(u.bucket, bucket);
	assert_string_equal(u.prefix, prefix);
}

static void test_directories(void **state)
{
	char deep[PATH_MAX + 16];

	(void)state;
	is_dir("file:///media/disk", "/media/disk");
	is_dir("file:///My Disk", "/My Disk");
	is_dir("file:///My%20Disk%25", "/My Disk%");
	is_dir("file:///", "/");
	refused("file://media/disk", "from the root on");
	refused("file://", "from the root on");
	refused("file:///a%2", "two hexadecimal digits");
	refused("file:///a%", "two hexadecimal digits");
	refused("file:///a%g0", "two hexadecimal digits");
	refused("file:///a%00b", "two hexadecimal digits");
	memset(deep, 'a', sizeof(deep));
	memcpy(deep, "file:///", 8);
	deep[sizeof(deep) - 1] = '\0';
	refused(deep, "too long");
}

static void test_buckets(void **state)
{
	(void)state;
	is_bucket("s3://abc", "abc", "");
	is_bucket("s3://abc/", "abc", "");
	is_bucket("s3://a.b-c/One/two_3", "a.b-c", "One/two_3");
	is_bucket("s3://abc/one/", "abc", "one");
	refused("s3://", "3 to 63");
	refused("s3://ab", "3 to 63");
	refused("s3://abC", "3 to 63");
	refused("s3://ab_c", "3 to 63");
	refused("s3://a..b", "3 to 63");
	refused("s3://-abc", "3 to 63");
	refused("s3://abc.", "3 to 63");
	refused("s3://abc:80", "3 to 63");
	refused("s3://user:secret@abc", "3 to 63");
	refused("s3://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"3 to 63");
	refused("s3://abc//x", "path behind the bucket");
	refused("s3://abc/x//y", "path behind the bucket");
	refused("s3://abc/../y", "path behind the bucket");
	refused("s3://abc/x?y", "path behind the bucket");
}

static void test_others(void **state)
{
	(void)state;
	refused("", "a store is");
	refused("/media/disk", "a store is");
	refused("https://s3.example.com/bucket", "a store is");
	refused("S3://abc", "a store is");
	refused("a\033[2Jb", "a?[2Jb");
}

static void test_keys(void **state)
{
	char key[STORE_KEY_MAX + 2];

	(void)state;
	assert_true(store_key_ok("a"));
	assert_true(store_key_ok("a/b.c/d_e-9"));
	assert_true(store_key_ok("a..b"));
	assert_false(store_key_ok(""));
	assert_false(store_key_ok("/a"));
	assert_false(store_key_ok("a/"));
	assert_false(store_key_ok("a//b"));
	assert_false(store_key_ok("."));
	assert_false(store_key_ok("a/../b"));
	assert_false(store_key_ok("a/.b"));
	assert_false(store_key_ok(".b"));
	assert_false(store_key_ok("A"));
	assert_false(store_key_ok("a b"));
	assert_false(store_key_ok("a%b"));
	assert_false(store_key_ok("\303\244"));
	assert_false(store_key_ok("a\n"));
	memset(key, 'k', sizeof(key));
	key[STORE_KEY_MAX + 1] = '\0';
	assert_false(store_key_ok(key));
	key[STORE_KEY_MAX] = '\0';
	assert_true(store_key_ok(key));
}

static void test_prefixes(void **state)
{
	(void)state;
	assert_true(store_prefix_ok(""));
	assert_true(store_prefix_ok("a"));
	assert_true(store_prefix_ok("a/"));
	assert_false(store_prefix_ok("/"));
	assert_false(store_prefix_ok("a//"));
	assert_false(store_prefix_ok("a/."));
	assert_true(store_segment_ok("a.b"));
	assert_false(store_segment_ok("a/b"));
	assert_false(store_segment_ok(".."));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_directories),
		cmocka_unit_test(test_buckets),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_prefixes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
