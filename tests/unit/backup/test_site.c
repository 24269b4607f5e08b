// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Where requests go.
 */
#include "stores.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backup/s3_site.h"

static int make(const char *url, const struct store_settings *settings,
		struct s3_site *site, char *message)
{
	struct store_url where;

	assert_int_equal(store_url_parse(url, &where, message, 400), STORE_OK);
	return s3_site_make(&where, settings, site, message, 400);
}

static void goes(const char *url, struct store_settings settings,
		 const char *expected)
{
	char path[S3_PATH_MAX];
	char message[400] = "";
	char got[1024];
	struct s3_site site;

	if (make(url, &settings, &site, message) != STORE_OK)
		fail_msg("%s", message);
	s3_site_path(&site, "a/b", path);
	snprintf(got, sizeof(got), "%s://%s%s", site.tls ? "https" : "http",
		 site.host, path);
	assert_string_equal(got, expected);
}

static void refused(struct store_settings settings, const char *says)
{
	char message[400] = "";
	struct s3_site site;

	if (make("s3://bkt", &settings, &site, message) != STORE_E_CONFIG)
		fail_msg("taken: %s", settings.endpoint);
	stores_says(message, says);
}

#define SETTINGS(...) ((struct store_settings){ __VA_ARGS__ })

static void test_amazon(void **state)
{
	(void)state;
	goes("s3://bkt", SETTINGS(.region = NULL),
	     "https://bkt.s3.us-east-1.amazonaws.com/a/b");
	goes("s3://bkt/pre/x", SETTINGS(.region = "eu-central-1"),
	     "https://bkt.s3.eu-central-1.amazonaws.com/pre/x/a/b");
	goes("s3://my.bkt", SETTINGS(.region = "cn-north-1"),
	     "https://s3.cn-north-1.amazonaws.com.cn/my.bkt/a/b");
}

static void test_endpoints(void **state)
{
	(void)state;
	goes("s3://bkt", SETTINGS(.endpoint = "https://s3.example.com"),
	     "https://s3.example.com/bkt/a/b");
	goes("s3://bkt", SETTINGS(.endpoint = "https://s3.example.com:9000/"),
	     "https://s3.example.com:9000/bkt/a/b");
	/* As the client writes Host:, which is signed. */
	goes("s3://bkt", SETTINGS(.endpoint = "https://s3.example.com:443"),
	     "https://s3.example.com/bkt/a/b");
	goes("s3://bkt",
	     SETTINGS(.endpoint = "https://e.com:80", .virtual_host = true),
	     "https://bkt.e.com:80/a/b");
	goes("s3://bkt", SETTINGS(.endpoint = "https://[fe80::1]:90"),
	     "https://[fe80::1]:90/bkt/a/b");
}

static void test_plain_http(void **state)
{
	(void)state;
	goes("s3://bkt",
	     SETTINGS(.endpoint = "http://127.0.0.1:80", .plain_http = true),
	     "http://127.0.0.1/bkt/a/b");
	goes("s3://bkt",
	     SETTINGS(.endpoint = "http://localhost:81", .plain_http = true),
	     "http://localhost:81/bkt/a/b");
	goes("s3://bkt",
	     SETTINGS(.endpoint = "http://[::1]:443", .plain_http = true),
	     "http://[::1]:443/bkt/a/b");
	refused(SETTINGS(.endpoint = "http://127.0.0.1"),
		"or allow plain HTTP on this machine");
	refused(SETTINGS(.endpoint = "http://10.0.0.1", .plain_http = true),
		"write https://");
	refused(SETTINGS(.endpoint = "http://127.0.0.1.example.com",
			 .plain_http = true),
		"write https://");
	refused(SETTINGS(.endpoint = "http://localhost.example.com",
			 .plain_http = true),
		"write https://");
	refused(SETTINGS(.endpoint = "http://127.1", .plain_http = true),
		"write https://");
}

static void test_bad(void **state)
{
	char huge[400];

	(void)state;
	refused(SETTINGS(.endpoint = ""), "must be https://HOST");
	refused(SETTINGS(.endpoint = "s3.example.com"), "must be https://");
	refused(SETTINGS(.endpoint = "ftp://a"), "must be https://");
	refused(SETTINGS(.endpoint = "https://"), "must be https://");
	refused(SETTINGS(.endpoint = "https://:80"), "must be https://");
	refused(SETTINGS(.endpoint = "https://a:"), "must be https://");
	refused(SETTINGS(.endpoint = "https://a:0"), "must be https://");
	refused(SETTINGS(.endpoint = "https://a:65536"), "must be https://");
	refused(SETTINGS(.endpoint = "https://a:+1"), "must be https://");
	refused(SETTINGS(.endpoint = "https://a:1x"), "must be https://");
	refused(SETTINGS(.endpoint = "https://a/b"), "must be https://");
	refused(SETTINGS(.endpoint = "https://a?b"), "must be https://");
	refused(SETTINGS(.endpoint = "https://u:p@a"), "must be https://");
	refused(SETTINGS(.endpoint = "https://[::1"), "must be https://");
	refused(SETTINGS(.endpoint = "https://[::1]x"), "must be https://");
	refused(SETTINGS(.endpoint = "https://a\r\nX: y"), "must be https://");
	memset(huge, 'a', sizeof(huge));
	memcpy(huge, "https://", 8);
	huge[sizeof(huge) - 1] = '\0';
	refused(SETTINGS(.endpoint = huge), "must be https://");
	huge[8 + S3_HOST_MAX] = '\0';
	refused(SETTINGS(.endpoint = huge, .virtual_host = true), "too long");
	refused(SETTINGS(.region = ""), "region ''");
	refused(SETTINGS(.region = "eu/1"), "region 'eu/1'");
	refused(SETTINGS(.region = huge), "letters, digits and '-'");
}

static void test_list(void **state)
{
	char message[400] = "";
	char query[S3_QUERY_MAX];
	struct s3_site site;

	(void)state;
	assert_int_equal(make("s3://bkt/pre", &SETTINGS(.region = NULL), &site,
			      message),
			 STORE_OK);
	s3_site_list(&site, "packs/a-", "", query);
	assert_string_equal(
		query, "encoding-type=url&list-type=2&prefix=pre%2Fpacks%2Fa-");
	s3_site_list(&site, "", "1/+= ~\303\244", query);
	assert_string_equal(
		query,
		"continuation-token=1%2F%2B%3D%20~%C3%A4&encoding-type=url&list-type=2&prefix=pre%2F");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_amazon),
		cmocka_unit_test(test_endpoints),
		cmocka_unit_test(test_plain_http),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
