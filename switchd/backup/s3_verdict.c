// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * s3_verdict.c - what an answer means: done, try again, or give up, and why
 */
#include "backup/s3_verdict.h"

#include <stddef.h>
#include <string.h>

#include <curl/curl.h>

#include "common/util.h"

/* Ten attempts with pauses of 30 s in all on the average. */
const struct s3_patience s3_patience_default = {
	.attempts = 10,
	.base_ms = 200,
	.most_ms = 20000,
	.retry_after_s = 60,
	.connect_s = 20,
	.stall_s = 60,
};

static const char no_server[] = "the server does not answer as it should";
static const char tls[] =
	"its certificate is not trusted: set ca_file, or somebody is between";
static const char token[] =
	"the session token is not valid any more: get new credentials";
static const char bucket[] =
	"there is no such bucket: make it first, or correct the URL";
static const char quota[] =
	"the space or a quota there is used up: prune old backups or get more";
static const char elsewhere[] =
	"the bucket is in another region or at another server: set both right";
static const char unknown_key[] =
	"the server does not know the access key: check access_key and endpoint";
static const char other_key[] =
	"the secret key is not that of the access key: check secret_key";
static const char offline[] =
	"its storage class is not read at once: restore it from there first";
static const char not_allowed[] =
	"these credentials do not allow it: change the policy, or take others";
static const char no_such[] = "the server does not know such requests";
static const char others[] = "the server wants other credentials";

struct rule {
	long http; /* 0 = any */
	const char *code; /* NULL = any */
	struct s3_verdict verdict;
};

/* The first that fits. */
static const struct rule rules[] = {
	{ 0, "QuotaExceeded", { S3_FAILED, STORE_E_FULL, quota } },
	{ 507, NULL, { S3_FAILED, STORE_E_FULL, quota } },
	{ 0, "RequestTimeTooSkewed", { S3_FAILED, STORE_E_CLOCK, NULL } },
	{ 0, "ExpiredToken", { S3_FAILED, STORE_E_DENIED, token } },
	{ 0, "InvalidToken", { S3_FAILED, STORE_E_DENIED, token } },
	{ 0, "InvalidAccessKeyId", { S3_FAILED, STORE_E_DENIED, unknown_key } },
	{ 0,
	  "SignatureDoesNotMatch",
	  { S3_FAILED, STORE_E_DENIED, other_key } },
	{ 0, "InvalidObjectState", { S3_FAILED, STORE_E_DENIED, offline } },
	{ 0, "NoSuchBucket", { S3_FAILED, STORE_E_NO_STORE, bucket } },
	{ 0,
	  "AuthorizationHeaderMalformed",
	  { S3_FAILED, STORE_E_CONFIG, elsewhere } },
	{ 0, "SlowDown", { S3_AGAIN, STORE_E_NETWORK, no_server } },
	{ 0, "RequestTimeout", { S3_AGAIN, STORE_E_NETWORK, no_server } },
	/* What arrived is not what was sent. */
	{ 400,
	  "XAmzContentSHA256Mismatch",
	  { S3_AGAIN, STORE_E_NETWORK, no_server } },
	{ 400, "BadDigest", { S3_AGAIN, STORE_E_NETWORK, no_server } },
	{ 400, "IncompleteBody", { S3_AGAIN, STORE_E_NETWORK, no_server } },
	{ 301, NULL, { S3_FAILED, STORE_E_CONFIG, elsewhere } },
	{ 302, NULL, { S3_FAILED, STORE_E_CONFIG, elsewhere } },
	{ 307, NULL, { S3_FAILED, STORE_E_CONFIG, elsewhere } },
	{ 308, NULL, { S3_FAILED, STORE_E_CONFIG, elsewhere } },
	{ 401, NULL, { S3_FAILED, STORE_E_DENIED, others } },
	{ 403, NULL, { S3_FAILED, STORE_E_DENIED, not_allowed } },
	{ 404, "NoSuchKey", { S3_FAILED, STORE_E_NOT_FOUND, NULL } },
	{ 408, NULL, { S3_AGAIN, STORE_E_NETWORK, no_server } },
	/* Two at the same time, of which none may have won. */
	{ 409, NULL, { S3_AGAIN, STORE_E_NETWORK, no_server } },
	{ 412, NULL, { S3_FAILED, STORE_E_EXISTS, NULL } },
	{ 425, NULL, { S3_AGAIN, STORE_E_NETWORK, no_server } },
	{ 429, NULL, { S3_AGAIN, STORE_E_NETWORK, no_server } },
	{ 501, NULL, { S3_FAILED, STORE_E_REPLY, no_such } },
	{ 505, NULL, { S3_FAILED, STORE_E_REPLY, NULL } },
};

static struct s3_verdict good(void)
{
	return (struct s3_verdict){ S3_DONE, STORE_OK, NULL };
}

/* Without a code, 404 is what the request was about. */
static struct s3_verdict not_there(enum store_op op)
{
	switch (op) {
	case STORE_DELETE:
		return good();
	case STORE_GET:
		return (struct s3_verdict){ S3_FAILED, STORE_E_NOT_FOUND,
					    NULL };
	default:
		return (struct s3_verdict){ S3_FAILED, STORE_E_NO_STORE,
					    bucket };
	}
}

static bool is_good(enum store_op op, long http)
{
	switch (op) {
	case STORE_GET:
		return http == 200 || http == 206;
	case STORE_LIST:
		return http == 200;
	case STORE_DELETE:
		return http == 200 || http == 204;
	default:
		return http == 200 || http == 201 || http == 204;
	}
}

struct s3_verdict s3_verdict_http(enum store_op op, long http, const char *code)
{
	size_t i;

	if (is_good(op, http))
		return good();
	if (http == 404 && (!*code || op == STORE_DELETE) &&
	    strcmp(code, "NoSuchBucket") != 0)
		return not_there(op);
	/* Only who asked for it can be told that it is there. */
	if (http == 412 && op != STORE_CREATE)
		return (struct s3_verdict){ S3_FAILED, STORE_E_REPLY, NULL };
	for (i = 0; i < ARRAY_SIZE(rules); i++)
		if ((!rules[i].http || rules[i].http == http) &&
		    (!rules[i].code || !strcmp(rules[i].code, code)))
			return rules[i].verdict;
	if (http >= 500 && http < 600)
		return (struct s3_verdict){ S3_AGAIN, STORE_E_NETWORK,
					    no_server };
	return (struct s3_verdict){ S3_FAILED, STORE_E_REPLY, NULL };
}

struct s3_verdict s3_verdict_curl(int code)
{
	switch (code) {
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_ISSUER_ERROR:
		return (struct s3_verdict){ S3_FAILED, STORE_E_CONFIG, tls };
	case CURLE_SSL_CACERT_BADFILE:
		return (struct s3_verdict){
			S3_FAILED, STORE_E_CONFIG,
			"ca_file cannot be used: it must have certificates in PEM"
		};
	case CURLE_OUT_OF_MEMORY:
	case CURLE_FAILED_INIT:
		return (struct s3_verdict){ S3_FAILED, STORE_E_IO,
					    "out of memory" };
	default:
		return (struct s3_verdict){
			S3_AGAIN, STORE_E_NETWORK,
			"is the network up and the endpoint right?"
		};
	}
}

int64_t s3_pause_ms(const struct s3_patience *patience, unsigned int attempt,
		    int64_t retry_after, uint64_t random)
{
	uint64_t most = patience->base_ms;
	int64_t wait = 0;

	while (--attempt && most < patience->most_ms)
		most *= 2;
	if (most > patience->most_ms)
		most = patience->most_ms;
	if (retry_after > (int64_t)patience->retry_after_s)
		retry_after = patience->retry_after_s;
	if (retry_after > 0) {
		wait = retry_after * 1000;
		most = patience->base_ms;
	}
	return wait + (int64_t)(random % (most + 1));
}
