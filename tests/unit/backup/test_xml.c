// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is XML here, and what is not.
 */
#include "stores.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backup/s3_xml.h"

/* Scans an exact copy. Return: the last answer; out: "path=text;" of each. */
static int scan_bytes(const char *text, size_t n, char *out, size_t room)
{
	char *copy = malloc(n ? n : 1);
	struct s3_xml xml;
	size_t used = 0;
	int r;

	assert_non_null(copy);
	memcpy(copy, text, n);
	s3_xml_begin(&xml, copy, n);
	out[0] = '\0';
	while ((r = s3_xml_next(&xml)) == 1) {
		used += snprintf(out + used, room - used, "%s=%s;", xml.path,
				 xml.text);
		assert_true(used < room);
	}
	free(copy);
	return r;
}

static void good(const char *text, const char *expected)
{
	char out[1024];

	if (scan_bytes(text, strlen(text), out, sizeof(out)) != 0)
		fail_msg("'%s' is refused", text);
	assert_string_equal(out, expected);
}

static void bad(const char *text)
{
	char out[20000];

	if (scan_bytes(text, strlen(text), out, sizeof(out)) != -1)
		fail_msg("'%s' is taken", text);
}

static void test_elements(void **state)
{
	(void)state;
	good("<a>b</a>", "a=b;");
	good("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a/>", "a=;");
	good(" <a><b>1</b><b>2</b><c><d/></c></a>\n",
	     "a/b=1;a/b=2;a/c/d=;a/c=;a=;");
	good("<a>x<b>y</b>z</a>", "a/b=y;a=z;");
}

static void test_attributes(void **state)
{
	(void)state;
	good("<a xmlns=\"http://s3/\" b='>/' ><b c=''/></a >", "a/b=;a=;");
	bad("<a b></a>");
	bad("<a b=></a>");
	bad("<a b=c></a>");
	bad("<a b=\"c></a>");
	bad("<a b=\"c'></a>");
	bad("<a ='c'></a>");
}

static void test_comments(void **state)
{
	(void)state;
	good("<!-- <x> --><a><!-- & --><b>1<!---->2</b></a><!-- -->",
	     "a/b=12;a=;");
	bad("<a><!-- </a>");
	bad("<!DOCTYPE a><a/>");
	bad("<a><![CDATA[x]]></a>");
	bad("<a><?php ?></a>");
	bad("<a/><?xml ?>");
}

static void test_references(void **state)
{
	(void)state;
	good("<a>&lt;&gt;&amp;&quot;&apos;</a>", "a=<>&\"';");
	good("<a>&#65;&#x42;&#xe4;&#8364;&#x1F600;</a>",
	     "a=AB\303\244\342\202\254\360\237\230\200;");
	good("<a>&amp;lt;</a>", "a=&lt;;");
	bad("<a>&</a>");
	bad("<a>&nbsp;</a>");
	bad("<a>&#;</a>");
	bad("<a>&#x;</a>");
	bad("<a>&#0;</a>");
	bad("<a>&#27;</a>");
	bad("<a>&#xd800;</a>");
	bad("<a>&#x110000;</a>");
	bad("<a>&#99999999999;</a>");
	bad("<a>&#6a;</a>");
	bad("&amp;<a/>");
	bad("<a>&amp</a>");
}

static void test_not_xml(void **state)
{
	(void)state;
	bad("");
	bad(" ");
	bad("text");
	bad("<");
	bad("<a");
	bad("<a>");
	bad("<a><b></a></b>");
	bad("<a></b>");
	bad("<a></aa>");
	bad("<aa></a>");
	bad("</a>");
	bad("<a/></a>");
	bad("<a/><b/>");
	bad("<a/>x");
	bad("<a>\001</a>");
	bad("<1/>");
	bad("< a/>");
	bad("<html><body><p>Log in to this network<br></body></html>");
}

static void test_zero_bytes(void **state)
{
	char out[64];

	(void)state;
	assert_int_equal(scan_bytes("<a>\0</a>", 8, out, sizeof(out)), -1);
	assert_int_equal(scan_bytes("<a/>\0", 5, out, sizeof(out)), -1);
	assert_int_equal(scan_bytes("<a\0/>", 5, out, sizeof(out)), -1);
}

static void test_limits(void **state)
{
	char text[8192];
	char out[8192];
	size_t n = 0;
	int i;

	(void)state;
	/* Text: as long as it may be, and one more. */
	memset(text, 'x', sizeof(text));
	memcpy(text, "<a>", 3);
	memcpy(text + 3 + S3_XML_TEXT_MAX, "</a>", 5);
	assert_int_equal(scan_bytes(text, strlen(text), out, sizeof(out)), 0);
	text[3 + S3_XML_TEXT_MAX] = 'x';
	memcpy(text + 4 + S3_XML_TEXT_MAX, "</a>", 5);
	bad(text);
	/* Depth */
	for (i = 0; i < 64; i++)
		n += sprintf(text + n, "<a>");
	for (i = 0; i < 64; i++)
		n += sprintf(text + n, "</a>");
	assert_int_equal(scan_bytes(text, n, out, sizeof(out)), 0);
	for (i = 0, n = 0; i < 65; i++)
		n += sprintf(text + n, "<a>");
	bad(text);
	/* Names */
	memset(text, 'n', 100);
	text[0] = '<';
	memcpy(text + 64, "/>", 3);
	assert_int_equal(scan_bytes(text, strlen(text), out, sizeof(out)), 0);
	memcpy(text + 64, "n/>", 4);
	bad(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_elements),
		cmocka_unit_test(test_attributes),
		cmocka_unit_test(test_comments),
		cmocka_unit_test(test_references),
		cmocka_unit_test(test_not_xml),
		cmocka_unit_test(test_zero_bytes),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
