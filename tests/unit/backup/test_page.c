// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Answers of servers: headers, errors, lists.
 */
#include "stores.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backup/s3_reply.h"

struct got {
	char keys[4096];
	uint64_t bytes;
	time_t modified;
	unsigned int nr;
	unsigned int stop_at;
};

static int on_entry(void *data, const char *key, uint64_t bytes,
		    time_t modified)
{
	struct got *got = data;

	strcat(strcat(got->keys, key), " ");
	got->bytes = bytes;
	got->modified = modified;
	return ++got->nr == got->stop_at ? -7 : 0;
}

static int parse(const char *body, struct s3_page *page, struct got *got)
{
	return s3_page_parse(body, strlen(body), "pre/", "p", page, on_entry,
			     got);
}

#define ENTRY(key, size)                                                       \
	"<Contents><Key>" key "</Key>"                                         \
	"<LastModified>2013-05-24T00:00:01.000Z</LastModified>"                \
	"<ETag>&quot;x&quot;</ETag><Size>" size "</Size>"                      \
	"<Owner><ID>7</ID></Owner></Contents>"
#define LIST(inside)                                                           \
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"                         \
	"<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">" \
	"<Name>b</Name>" inside "</ListBucketResult>"
#define LAST "<IsTruncated>false</IsTruncated>"

static void takes(const char *body, const char *keys)
{
	struct got got = { .nr = 0 };
	struct s3_page page;

	if (parse(body, &page, &got) != 0)
		fail_msg("'%s' is refused", body);
	assert_string_equal(got.keys, keys);
}

static void refuses(const char *body)
{
	struct got got = { .nr = 0 };
	struct s3_page page;

	if (parse(body, &page, &got) != -EBADMSG)
		fail_msg("'%s' is taken", body);
}

static void test_list(void **state)
{
	struct got got = { .nr = 0 };
	struct s3_page page;

	(void)state;
	assert_int_equal(parse(LIST(LAST ENTRY("pre/p/1", "17")), &page, &got),
			 0);
	assert_string_equal(got.keys, "p/1 ");
	assert_int_equal(got.bytes, 17);
	assert_int_equal(got.modified, 1369353601);
	assert_false(page.more);
	takes(LIST(LAST), "");
	/* What is said of all entries may stand behind them. */
	takes(LIST(ENTRY("pre%2Fp1", "0") LAST
		   "<EncodingType>url</EncodingType>"),
	      "p1 ");
	/* Not ours: other characters. */
	takes(LIST(LAST ENTRY("pre/p/A", "1") ENTRY("pre/p/", "0")
			   ENTRY("pre/p2", "1")),
	      "p2 ");
	/* Not encoded, so a '%' is one. */
	takes(LIST(LAST ENTRY("pre/p%2f", "1")), "");
}

static void test_pages(void **state)
{
	struct got got = { .nr = 0 };
	struct s3_page page;

	(void)state;
	assert_int_equal(
		parse(LIST("<IsTruncated>true</IsTruncated>"
			   "<NextContinuationToken>a&amp;b</NextContinuationToken>" ENTRY(
				   "pre/p1", "1")),
		      &page, &got),
		0);
	assert_true(page.more);
	assert_string_equal(page.token, "a&b");
	/* There is more, but not where. */
	refuses(LIST("<IsTruncated>true</IsTruncated>"));
	/* Is there more? */
	refuses(LIST(ENTRY("pre/p1", "1")));
	refuses(LIST("<IsTruncated>yes</IsTruncated>"));
	refuses(LIST("<IsTruncated></IsTruncated>"));
}

static void test_bad_entries(void **state)
{
	(void)state;
	refuses(LIST(LAST ENTRY("pre/q", "1")));
	refuses(LIST(LAST ENTRY("p1", "1")));
	refuses(LIST(LAST ENTRY("", "1")));
	refuses(LIST(LAST ENTRY("pre/p", "")));
	refuses(LIST(LAST ENTRY("pre/p", "-1")));
	refuses(LIST(LAST ENTRY("pre/p", "0x1")));
	refuses(LIST(LAST ENTRY("pre/p", "99999999999999999999")));
	refuses(LIST(LAST "<Contents><Key>pre/p</Key></Contents>"));
	refuses(LIST(LAST
		     "<EncodingType>url</EncodingType>" ENTRY("pre/p%2", "1")));
	refuses(LIST(LAST "<EncodingType>url</EncodingType>" ENTRY("pre/p%00",
								   "1")));
	refuses(LIST(LAST "<Contents><Key>pre/p</Key><Size>1</Size>"
			  "<LastModified>now</LastModified></Contents>"));
	/* One entry has nothing of the one before. */
	refuses(LIST(LAST ENTRY("pre/p1",
				"1") "<Contents><Key>pre/p2</Key></Contents>"));
	refuses(LIST(LAST ENTRY("pre/p1",
				"1") "<Contents><Size>1</Size></Contents>"));
}

static void test_not_a_list(void **state)
{
	(void)state;
	refuses("");
	refuses("<html><body>Log in</body></html>");
	refuses("<Error><Code>SlowDown</Code></Error>");
	refuses("<ListBucketResult>");
	refuses("<ListBucketResult></ListBucketResult>");
	/* Cut, which must not be taken for the end. */
	refuses("<ListBucketResult><IsTruncated>false</IsTruncated>");
}

static void test_entry_says_stop(void **state)
{
	struct got got = { .stop_at = 2 };
	struct s3_page page;

	(void)state;
	assert_int_equal(parse(LIST(LAST ENTRY("pre/p1", "1") ENTRY(
				       "pre/p2", "1") ENTRY("pre/p3", "1")),
			       &page, &got),
			 -7);
	assert_int_equal(got.nr, 2);
}

static void error(const char *body, const char *code, const char *message)
{
	struct s3_error e;

	s3_error_parse(body, strlen(body), &e);
	assert_string_equal(e.code, code);
	assert_string_equal(e.message, message);
}

static void test_errors(void **state)
{
	struct s3_error e;

	(void)state;
	error("<?xml version=\"1.0\"?><Error><Code>NoSuchKey</Code><Message>It is &lt;gone&gt;</Message><Resource>/x</Resource></Error>",
	      "NoSuchKey", "It is <gone>");
	error("<Error><Code>A</Code><Message>\303\244\xc2\x9b\tz</Message></Error>",
	      "A", "\303\244???z");
	/* A long one is cut. */
	error("<Error><Code>aaaaaaaaaabbbbbbbbbbaaaaaaaaaabbbbbbbbbbaaaaaaaaaabbbbbbbbbbcccccccccc</Code></Error>",
	      "aaaaaaaaaabbbbbbbbbbaaaaaaaaaabbbbbbbbbbaaaaaaaaaabbbbbbbbbbccc",
	      "");
	error("", "", "");
	error("Internal Server Error", "", "");
	error("<Error><Code>NoSuchKey</Code>", "", "");
	error("<X><Error><Code>NoSuchKey</Code></Error></X>", "", "");
	s3_error_parse("<Error><Region>eu-1</Region></Error>", 36, &e);
	assert_string_equal(e.region, "eu-1");
}

static void line(struct s3_head *head, const char *text)
{
	size_t n = strlen(text);
	char *copy = malloc(n);

	memcpy(copy, text, n);
	s3_head_line(head, copy, n);
	free(copy);
}

static void test_headers(void **state)
{
	struct s3_head head;

	(void)state;
	s3_head_clear(&head);
	assert_int_equal(head.retry_after, -1);
	line(&head, "DATE: Fri, 24 May 2013 00:00:01 GMT\r\n");
	line(&head, "retry-after:  7 \r\n");
	line(&head, "Content-Range: bytes 5-9/10\r\n");
	line(&head, "x-amz-bucket-region: eu-1\r\n");
	assert_int_equal(head.date, 1369353601);
	assert_int_equal(head.retry_after, 7);
	assert_true(head.ranged);
	assert_int_equal(head.first, 5);
	assert_string_equal(head.region, "eu-1");
	line(&head, "Retry-After: Fri, 24 May 2013 00:01:01 GMT\r\n");
	assert_int_equal(head.retry_after, 60);
	line(&head, "Retry-After: Fri, 24 May 2013 00:00:00 GMT\r\n");
	assert_int_equal(head.retry_after, 0);
	/* Behind 100 Continue, another proxy's answer ... */
	line(&head, "HTTP/1.1 200 OK\r\n");
	assert_int_equal(head.date, 0);
	assert_int_equal(head.retry_after, -1);
	assert_false(head.ranged);
}

static void test_bad_headers(void **state)
{
	static const char *const lines[] = {
		"Date: yesterday\r\n",
		"Date: Fri, 24 Foo 2013 00:00:01 GMT\r\n",
		"Date: Fri, 24 anF 2013 00:00:01 GMT\r\n",
		"Date: Fri, 24 May 2013 00:00:01 CET\r\n",
		"Date: Fri, 01 Jan 1960 00:00:01 GMT\r\n",
		"Retry-After: -5\r\n",
		"Retry-After: 5x\r\n",
		"Retry-After: 99999999999999999999\r\n",
		"Retry-After: Fri, 24 May 2013 00:01:01 GMT\r\n",
		"Content-Range: bytes */10\r\n",
		"Content-Range: items 1-2/3\r\n",
		"Content-Range: bytes 1\r\n",
		"Date\r\n",
		"\r\n",
		":\r\n",
		"",
	};
	struct s3_head clear;
	struct s3_head head;
	char huge[2000];
	size_t i;

	(void)state;
	s3_head_clear(&clear);
	s3_head_clear(&head);
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		line(&head, lines[i]);
	s3_head_line(&head, "Retry-After: 5\0", 15);
	memset(huge, '1', sizeof(huge));
	memcpy(huge, "Retry-After: ", 13);
	s3_head_line(&head, huge, sizeof(huge));
	assert_memory_equal(&head, &clear, sizeof(head));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_bad_entries),
		cmocka_unit_test(test_not_a_list),
		cmocka_unit_test(test_entry_says_stop),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_headers),
		cmocka_unit_test(test_bad_headers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
