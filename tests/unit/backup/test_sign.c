// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Signatures as AWS publishes them: its test suite for Signature Version 4, and
 * the examples of the S3 API reference.
 */
#include "stores.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "backup/s3_sign.h"
#include "common/util.h"

#define EMPTY "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define SUITE_TIME 1440938160 /* 20150830T123600Z */
#define S3_TIME_AT 1369353600 /* 20130524T000000Z */

/* Of the suite */
#define TOKEN_1 "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HI"
#define TOKEN_2 "Z8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwt"
#define TOKEN_3 "hAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKs"
#define TOKEN_4 "burEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVX"
#define TOKEN_5 "AkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FD"
#define TOKEN_6 "rypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA=="

static const struct s3_key suite_key = {
	.access = "AKIDEXAMPLE",
	.secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
};

static const struct s3_key s3_key = {
	.access = "AKIAIOSFODNN7EXAMPLE",
	.secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};

static void check(const struct s3_key *key, const struct s3_to_sign *what,
		  const char *expected)
{
	char got[1024];

	assert_int_equal(s3_sign(key, what, got, sizeof(got)), 0);
	assert_string_equal(got, expected);
}

static void suite(const char *method, const char *query,
		  const struct s3_header *headers, size_t nr,
		  const char *payload, const char *names, const char *signature)
{
	const struct s3_to_sign what = {
		.method = method,
		.path = "/",
		.query = query,
		.headers = headers,
		.nr_headers = nr,
		.payload = payload,
		.region = "us-east-1",
		.service = "service",
		.when = SUITE_TIME,
	};
	char expected[512];

	snprintf(
		expected, sizeof(expected),
		"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=%s, Signature=%s",
		names, signature);
	check(&suite_key, &what, expected);
}

#define HOST                                                                   \
	{                                                                      \
		"host", "example.amazonaws.com"                                \
	}
#define DATE                                                                   \
	{                                                                      \
		"x-amz-date", "20150830T123600Z"                               \
	}

static void test_suite(void **state)
{
	static const struct s3_header two[] = { HOST, DATE };

	(void)state;
	/* get-vanilla, post-vanilla, get-vanilla-query-order-key-case */
	suite("GET", "", two, 2, EMPTY, "host;x-amz-date",
	      "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
	suite("POST", "", two, 2, EMPTY, "host;x-amz-date",
	      "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b");
	suite("GET", "Param1=value1&Param2=value2", two, 2, EMPTY,
	      "host;x-amz-date",
	      "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500");
}

static void test_suite_headers(void **state)
{
	/* get-header-value-trim; in another order, which must not matter. */
	static const struct s3_header trim[] = {
		DATE,
		{ "my-header2", " \"a   b   c\" " },
		{ "my-header1", " value1" },
		HOST,
	};
	static const struct s3_header form[] = {
		{ "content-type", "application/x-www-form-urlencoded" },
		HOST,
		DATE,
	};
	char payload[S3_SHA256_HEX];

	(void)state;
	suite("GET", "", trim, 4, EMPTY,
	      "host;my-header1;my-header2;x-amz-date",
	      "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736");
	/* post-x-www-form-urlencoded */
	s3_sign_digest("Param1=value1", 13, payload);
	suite("POST", "", form, 3, payload, "content-type;host;x-amz-date",
	      "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a");
}

static void test_suite_token(void **state)
{
	/* post-sts-header-before */
	static const char token[] =
		TOKEN_1 TOKEN_2 TOKEN_3 TOKEN_4 TOKEN_5 TOKEN_6;
	const struct s3_header headers[] = {
		HOST,
		DATE,
		{ "x-amz-security-token", token },
	};

	(void)state;
	suite("POST", "", headers, 3, EMPTY,
	      "host;x-amz-date;x-amz-security-token",
	      "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead");
}

static void s3(const char *method, const char *path, const char *query,
	       const struct s3_header *headers, size_t nr, const char *payload,
	       const char *names, const char *signature)
{
	const struct s3_to_sign what = {
		.method = method,
		.path = path,
		.query = query,
		.headers = headers,
		.nr_headers = nr,
		.payload = payload,
		.region = "us-east-1",
		.service = "s3",
		.when = S3_TIME_AT,
	};
	char expected[512];

	snprintf(
		expected, sizeof(expected),
		"AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, SignedHeaders=%s, Signature=%s",
		names, signature);
	check(&s3_key, &what, expected);
}

#define S3_HOST                                                                \
	{                                                                      \
		"host", "examplebucket.s3.amazonaws.com"                       \
	}
#define S3_DATE                                                                \
	{                                                                      \
		"x-amz-date", "20130524T000000Z"                               \
	}
#define S3_EMPTY                                                               \
	{                                                                      \
		"x-amz-content-sha256", EMPTY                                  \
	}

static void test_s3_get(void **state)
{
	static const struct s3_header headers[] = {
		S3_HOST, { "range", "bytes=0-9" }, S3_EMPTY, S3_DATE
	};

	(void)state;
	s3("GET", "/test.txt", "", headers, 4, EMPTY,
	   "host;range;x-amz-content-sha256;x-amz-date",
	   "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
}

static void test_s3_put(void **state)
{
	char payload[S3_SHA256_HEX];
	const struct s3_header headers[] = {
		S3_HOST,
		{ "date", "Fri, 24 May 2013 00:00:00 GMT" },
		{ "x-amz-storage-class", "REDUCED_REDUNDANCY" },
		{ "x-amz-content-sha256", payload },
		S3_DATE,
	};

	(void)state;
	s3_sign_digest("Welcome to Amazon S3.", 21, payload);
	assert_string_equal(
		payload,
		"44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072");
	s3("PUT", "/test%24file.text", "", headers, 5, payload,
	   "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
	   "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
}

static void test_s3_bucket(void **state)
{
	static const struct s3_header headers[] = { S3_HOST, S3_EMPTY,
						    S3_DATE };

	(void)state;
	s3("GET", "/", "lifecycle=", headers, 3, EMPTY,
	   "host;x-amz-content-sha256;x-amz-date",
	   "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
	s3("GET", "/", "max-keys=2&prefix=J", headers, 3, EMPTY,
	   "host;x-amz-content-sha256;x-amz-date",
	   "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

static void test_empty_digest(void **state)
{
	char text[S3_SHA256_HEX];

	(void)state;
	s3_sign_digest(NULL, 0, text);
	assert_string_equal(text, EMPTY);
}

static void test_room(void **state)
{
	static const struct s3_header two[] = { HOST, DATE };
	struct s3_key long_key = suite_key;
	struct s3_to_sign what = {
		.method = "GET",
		.path = "/",
		.query = "",
		.headers = two,
		.nr_headers = 2,
		.payload = EMPTY,
		.region = "us-east-1",
		.service = "s3",
		.when = SUITE_TIME,
	};
	char secret[300];
	char out[1024];

	(void)state;
	assert_int_equal(s3_sign(&suite_key, &what, out, 20), -ENOSPC);
	memset(secret, 's', sizeof(secret));
	secret[sizeof(secret) - 1] = '\0';
	long_key.secret = secret;
	assert_int_equal(s3_sign(&long_key, &what, out, sizeof(out)), -ENOSPC);
	what.region = secret;
	assert_int_equal(s3_sign(&suite_key, &what, out, sizeof(out)), -ENOSPC);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_suite),
		cmocka_unit_test(test_suite_headers),
		cmocka_unit_test(test_suite_token),
		cmocka_unit_test(test_s3_get),
		cmocka_unit_test(test_s3_put),
		cmocka_unit_test(test_s3_bucket),
		cmocka_unit_test(test_empty_digest),
		cmocka_unit_test(test_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
