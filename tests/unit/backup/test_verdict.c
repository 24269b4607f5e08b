// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is tried again, for how long, and what is final.
 */
#include "stores.h"

#include <string.h>

#include <curl/curl.h>

#include "backup/s3_verdict.h"

static void http(enum store_op op, long status, const char *code,
		 enum s3_action action, int error)
{
	struct s3_verdict v = s3_verdict_http(op, status, code);

	if (v.action != action || v.status != error)
		fail_msg("%d %ld %s: %d %d", op, status, code, v.action,
			 v.status);
	/* What a person can do, or it is known what it means. */
	assert_true(v.advice || v.status == STORE_OK ||
		    v.status == STORE_E_EXISTS || v.status == STORE_E_CLOCK ||
		    v.status == STORE_E_NOT_FOUND || v.status == STORE_E_REPLY);
}

static void test_good(void **state)
{
	(void)state;
	http(STORE_GET, 200, "", S3_DONE, STORE_OK);
	http(STORE_GET, 206, "", S3_DONE, STORE_OK);
	http(STORE_PUT, 200, "", S3_DONE, STORE_OK);
	http(STORE_CREATE, 200, "", S3_DONE, STORE_OK);
	http(STORE_DELETE, 204, "", S3_DONE, STORE_OK);
	http(STORE_LIST, 200, "", S3_DONE, STORE_OK);
	http(STORE_LIST, 206, "", S3_FAILED, STORE_E_REPLY);
	http(STORE_GET, 204, "", S3_FAILED, STORE_E_REPLY);
	http(STORE_PUT, 206, "", S3_FAILED, STORE_E_REPLY);
	http(STORE_GET, 304, "", S3_FAILED, STORE_E_REPLY);
	http(STORE_GET, 0, "", S3_FAILED, STORE_E_REPLY);
}

static void test_not_there(void **state)
{
	(void)state;
	http(STORE_GET, 404, "NoSuchKey", S3_FAILED, STORE_E_NOT_FOUND);
	http(STORE_GET, 404, "", S3_FAILED, STORE_E_NOT_FOUND);
	http(STORE_GET, 404, "NoSuchBucket", S3_FAILED, STORE_E_NO_STORE);
	http(STORE_DELETE, 404, "NoSuchKey", S3_DONE, STORE_OK);
	http(STORE_DELETE, 404, "", S3_DONE, STORE_OK);
	http(STORE_DELETE, 404, "NoSuchBucket", S3_FAILED, STORE_E_NO_STORE);
	http(STORE_PUT, 404, "", S3_FAILED, STORE_E_NO_STORE);
	http(STORE_LIST, 404, "", S3_FAILED, STORE_E_NO_STORE);
}

static void test_final(void **state)
{
	(void)state;
	http(STORE_PUT, 403, "", S3_FAILED, STORE_E_DENIED);
	http(STORE_PUT, 403, "AccessDenied", S3_FAILED, STORE_E_DENIED);
	http(STORE_PUT, 403, "InvalidAccessKeyId", S3_FAILED, STORE_E_DENIED);
	http(STORE_PUT, 403, "SignatureDoesNotMatch", S3_FAILED,
	     STORE_E_DENIED);
	http(STORE_PUT, 401, "", S3_FAILED, STORE_E_DENIED);
	http(STORE_PUT, 400, "ExpiredToken", S3_FAILED, STORE_E_DENIED);
	http(STORE_GET, 403, "InvalidObjectState", S3_FAILED, STORE_E_DENIED);
	http(STORE_PUT, 403, "RequestTimeTooSkewed", S3_FAILED, STORE_E_CLOCK);
	http(STORE_PUT, 403, "QuotaExceeded", S3_FAILED, STORE_E_FULL);
	http(STORE_PUT, 507, "", S3_FAILED, STORE_E_FULL);
	http(STORE_CREATE, 412, "PreconditionFailed", S3_FAILED,
	     STORE_E_EXISTS);
	http(STORE_CREATE, 412, "", S3_FAILED, STORE_E_EXISTS);
	http(STORE_PUT, 412, "", S3_FAILED, STORE_E_REPLY);
	http(STORE_PUT, 301, "PermanentRedirect", S3_FAILED, STORE_E_CONFIG);
	http(STORE_GET, 307, "", S3_FAILED, STORE_E_CONFIG);
	http(STORE_PUT, 400, "AuthorizationHeaderMalformed", S3_FAILED,
	     STORE_E_CONFIG);
	http(STORE_PUT, 400, "InvalidArgument", S3_FAILED, STORE_E_REPLY);
	http(STORE_CREATE, 501, "NotImplemented", S3_FAILED, STORE_E_REPLY);
}

static void test_again(void **state)
{
	static const long statuses[] = {
		408, 409, 429, 500, 502, 503, 504, 599
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		http(STORE_PUT, statuses[i], "", S3_AGAIN, STORE_E_NETWORK);
	http(STORE_PUT, 503, "SlowDown", S3_AGAIN, STORE_E_NETWORK);
	http(STORE_PUT, 400, "RequestTimeout", S3_AGAIN, STORE_E_NETWORK);
	http(STORE_PUT, 400, "XAmzContentSHA256Mismatch", S3_AGAIN,
	     STORE_E_NETWORK);
	http(STORE_CREATE, 409, "ConditionalRequestConflict", S3_AGAIN,
	     STORE_E_NETWORK);
}

static void transport(int code, enum s3_action action, int error)
{
	struct s3_verdict v = s3_verdict_curl(code);

	assert_int_equal(v.action, action);
	assert_int_equal(v.status, error);
	assert_non_null(v.advice);
}

static void test_transport(void **state)
{
	(void)state;
	transport(CURLE_COULDNT_CONNECT, S3_AGAIN, STORE_E_NETWORK);
	transport(CURLE_COULDNT_RESOLVE_HOST, S3_AGAIN, STORE_E_NETWORK);
	transport(CURLE_OPERATION_TIMEDOUT, S3_AGAIN, STORE_E_NETWORK);
	transport(CURLE_PARTIAL_FILE, S3_AGAIN, STORE_E_NETWORK);
	transport(CURLE_RECV_ERROR, S3_AGAIN, STORE_E_NETWORK);
	transport(CURLE_SSL_CONNECT_ERROR, S3_AGAIN, STORE_E_NETWORK);
	/* Somebody between us must not get a second chance. */
	transport(CURLE_PEER_FAILED_VERIFICATION, S3_FAILED, STORE_E_CONFIG);
	transport(CURLE_SSL_CACERT_BADFILE, S3_FAILED, STORE_E_CONFIG);
	transport(CURLE_OUT_OF_MEMORY, S3_FAILED, STORE_E_IO);
}

static void test_pauses(void **state)
{
	const struct s3_patience p = { .base_ms = 100,
				       .most_ms = 1000,
				       .retry_after_s = 60 };

	(void)state;
	/* Of all that is between nothing and a bound that doubles. */
	assert_int_equal(s3_pause_ms(&p, 1, -1, 0), 0);
	assert_int_equal(s3_pause_ms(&p, 1, -1, 100), 100);
	assert_int_equal(s3_pause_ms(&p, 1, -1, 101), 0);
	assert_int_equal(s3_pause_ms(&p, 2, -1, 200), 200);
	assert_int_equal(s3_pause_ms(&p, 3, -1, 400), 400);
	assert_int_equal(s3_pause_ms(&p, 4, -1, 800), 800);
	assert_int_equal(s3_pause_ms(&p, 5, -1, 1000), 1000);
	assert_int_equal(s3_pause_ms(&p, 5, -1, 1001), 0);
	assert_int_equal(s3_pause_ms(&p, 4000000000U, -1, 1000), 1000);
	/* Never before the server said, never for as long as it likes. */
	assert_int_equal(s3_pause_ms(&p, 1, 7, 0), 7000);
	assert_int_equal(s3_pause_ms(&p, 5, 7, 100), 7100);
	assert_int_equal(s3_pause_ms(&p, 1, 61, 0), 60000);
	assert_int_equal(s3_pause_ms(&p, 1, INT64_MAX, 0), 60000);
	assert_int_equal(s3_pause_ms(&p, 1, 0, 100), 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_not_there),
		cmocka_unit_test(test_final),
		cmocka_unit_test(test_again),
		cmocka_unit_test(test_transport),
		cmocka_unit_test(test_pauses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
