// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Names, codes and texts: that every number of the contract has one, and that
 * no text of others' making does harm.
 */
#include "helper.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>
#include <osti/abi.h>
#include <osti/bootimage.h>
#include <osti/start.h>

#include "common/fault.h"
#include "common/foreign_text.h"
#include "common/hex.h"
#include "common/json_text.h"
#include "common/names.h"
#include "ctl/event_text.h"

/* Which numbers of a kind the contract itself has, by its text. */
static size_t numbers_of(const char *kind, unsigned int *numbers, size_t room)
{
	char line[512], name[64];
	unsigned int number;
	FILE *abi = fopen("include/osti/abi.h", "r");
	size_t n = 0;

	assert_non_null(abi);
	while (fgets(line, sizeof(line), abi)) {
		if (sscanf(line, "#define %63s %u", name, &number) != 2 ||
		    strncmp(name, kind, strlen(kind)))
			continue;
		assert_true(n < room);
		numbers[n++] = number;
	}
	assert_int_equal(fclose(abi), 0);
	return n;
}

static void test_event_names(void **state)
{
	unsigned int types[64];
	const size_t n = numbers_of("OSTI_EV_", types, 64);
	size_t i, j;

	(void)state;
	assert_true(n > 30);
	for (i = 0; i < n; i++) {
		assert_string_not_equal(names_event(types[i]), "unknown");
		for (j = 0; j < i; j++)
			assert_string_not_equal(names_event(types[i]),
						names_event(types[j]));
	}
}

static void test_names(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < OSTI_SLOT_STATES; i++)
		assert_string_not_equal(names_slot_state(i), "unknown");
	assert_string_equal(names_event(15), "unknown");
	assert_string_equal(names_event(OSTI_EV_LAST + 1), "unknown");
	assert_string_equal(names_event(UINT16_MAX), "unknown");
	assert_string_equal(names_slot_state(OSTI_SLOT_FROZEN), "frozen");
	assert_string_equal(names_slot_state(OSTI_SLOT_SAVING), "saving");
	assert_string_equal(names_slot_state(OSTI_SLOT_RESTORING), "restoring");
	assert_string_equal(names_slot_state(OSTI_SLOT_STATES), "unknown");
	assert_string_equal(names_switch_kind(OSTI_SWITCH_HOT), "hot");
	assert_string_equal(names_switch_kind(OSTI_SWITCH_BM + 1), "unknown");
	assert_string_equal(names_reason(OSTI_REASON_RESTART), "restart");
	assert_string_equal(names_reason(OSTI_REASON_REQUEST), "request");
	assert_string_equal(names_reason(UINT64_MAX), "unknown");
	assert_string_equal(names_event(OSTI_EV_BM_ENTER), "boot-manager");
	assert_string_equal(names_request(OSTI_REQUEST_NONE), "switch");
	assert_string_equal(names_request(OSTI_REQUEST_POWER_OFF), "poweroff");
	assert_string_equal(names_request(OSTI_REQUEST_RETIRE), "retire");
	assert_string_equal(names_request(OSTI_REQUEST_BOOT_LIST), "boot-list");
	assert_string_equal(names_boot_refusal(OSTI_START_E_VERSION), "too old");
	assert_string_equal(names_boot_refusal(OSTI_BOOT_E_NOT_NEWER),
			    "not newer than what the slot has");
	assert_string_equal(names_boot_refusal(UINT64_MAX), "unknown");
	assert_string_equal(names_boot_refusal(0x204),
			    "older than the device accepts");
	assert_string_equal(names_boot_refusal(0x208), "unknown");
	assert_string_equal(names_boot_state(OSTI_BOOT_BAD), "bad");
	assert_string_equal(names_boot_state(OSTI_BOOT_STATES), "unknown");
	assert_string_equal(names_request(OSTI_REQUEST_LAST + 1), "unknown");
	assert_string_equal(names_key_origin(OSTI_KEY_NONE), "none");
	assert_string_equal(names_key_origin(OSTI_KEY_OWN), "own");
	assert_string_equal(names_key_origin(OSTI_KEY_IMPORTED), "imported");
	assert_string_equal(names_key_origin(OSTI_KEY_IMPORTED + 1), "unknown");
	assert_string_equal(names_resume(OSTI_RESUMED_HOT), "hot");
	assert_string_equal(names_resume(OSTI_RESUMED_IMAGE), "image");
	assert_string_equal(names_resume(OSTI_RESUMED_COPY), "copy");
	assert_string_equal(names_resume(OSTI_RESUMED_COPY + 1), "unknown");
	assert_string_equal(names_note(OSTI_NOTE_PRESENT), "present");
	assert_string_equal(names_note(OSTI_NOTE_LAST + 1), "unknown");
	assert_string_equal(names_refusal(9), "tag");
	assert_string_equal(names_refusal_text(7),
			    "the image belongs to another device");
	assert_string_equal(names_refusal(99), "?");
	assert_string_equal(names_refusal_text(UINT64_MAX), "unknown error");
	assert_string_equal(names_refusal_text(UINT64_C(1) << 32 | 9),
			    "unknown error");
}

static void test_event_text(void **state)
{
	static const struct {
		uint16_t type;
		uint64_t a;
		uint64_t b;
		const char *text;
	} cases[] = {
		{ OSTI_EV_POWER_ON, 2, 3, "2 CPUs, 3 slots" },
		{ OSTI_EV_BM_ENTER, OSTI_REASON_OFF, 0, "reason off" },
		{ OSTI_EV_OPENED, 0, 0, "" },
		{ OSTI_EV_STARTED, 0x40200000, 0, "entry 0x40200000" },
		{ OSTI_EV_ARMED, 2, 0, "target slot 2" },
		{ OSTI_EV_CANCELLED, 0, 0, "target menu" },
		{ OSTI_EV_WOKEN, 33, 0, "interrupt 33" },
		{ OSTI_EV_STAGE2_FAULT, 0x9050001, 4,
		  "write at 0x9050000, 4 times" },
		{ OSTI_EV_STAGE2_FAULT, 0x9050000, 1,
		  "read at 0x9050000, 1 times" },
		{ OSTI_EV_DMA_FAULT, 0x1000, UINT64_C(8) << 32 | 2,
		  "stream 8 at 0x1000, 2 times" },
		{ OSTI_EV_BAD_SMC, 0x84000000, 1,
		  "function 0x84000000, 1 times" },
		{ OSTI_EV_BAD_CALL, 0xc6000020 | UINT64_C(3) << 32, 1,
		  "call 0xc6000020, status -3, 1 times" },
		{ OSTI_EV_TRAP, 0x62000000, 1, "ESR 0x62000000, 1 times" },
		{ OSTI_EV_SAVED, 3, 4097, "generation 3, 4097 bytes" },
		{ OSTI_EV_VERIFIED, 3, 0, "generation 3" },
		{ OSTI_EV_RESTORED, 4, 0, "generation 4" },
		{ OSTI_EV_RESTORED, 4, 1, "from a copy, generation 4" },
		{ OSTI_EV_COPIED, 1, 4097, "carried by slot 1, 4097 bytes" },
		{ OSTI_EV_DISK_SHOWN, 2, OSTI_DISK_READ,
		  "its disk can be read by slot 2" },
		{ OSTI_EV_DISK_SHOWN, 1, OSTI_DISK_WRITE,
		  "its disk can be written by slot 1" },
		{ OSTI_EV_DISK_SHOWN, 2, OSTI_DISK_STORE,
		  "the store can be read by slot 2" },
		{ OSTI_EV_AGREED, 1, 1700000000,
		  "to the copy of 2023-11-14 22:13:20 UTC that slot 1 brings" },
		{ OSTI_EV_AGREED, 1, UINT64_MAX,
		  "to the copy of ? UTC that slot 1 brings" },
		{ OSTI_EV_AGREED, 1, INT64_MAX,
		  "to the copy of ? UTC that slot 1 brings" },
		{ OSTI_EV_KEY_READ, 0, 0, "" },
		{ OSTI_EV_KEY_IMPORTED, 0, 0, "" },
		{ OSTI_EV_REJECTED, 19, 5,
		  "generation 5: a chunk was altered, or is another one" },
		{ OSTI_EV_REJECTED, 999, 5, "generation 5: unknown error" },
		{ OSTI_EV_REJECTED, UINT64_MAX, UINT64_MAX,
		  "generation 18446744073709551615: unknown error" },
		{ OSTI_EV_DROPPED, 6, 0, "generation 6" },
		{ OSTI_EV_RETIRED, 7, 0, "generation 7" },
		{ OSTI_EV_LIMITED, 5000, 77, "5000 acts left out since counter 77" },
		{ OSTI_EV_GOOD, 7, 5, "version 7, least accepted 5" },
		{ OSTI_EV_REFUSED, OSTI_START_E_VERSION, 3, "version 3: too old" },
		{ OSTI_EV_REFUSED, 99, 0, "version 0: unknown" },
		{ OSTI_EV_NOT_GOOD, 3, 0, "3 starts in a row" },
		{ OSTI_EV_CUT_OFF, OSTI_CUT_CPU, 1, "CPU 1" },
		{ OSTI_EV_CUT_OFF, OSTI_CUT_PCI, 0x12, "PCI function 02.2" },
		{ OSTI_EV_CUT_OFF, 9, 2, "kind 9, 2" },
		{ 77, 1, 2, "type 77, a 0x1, b 0x2" },
	};
	char text[EVENT_TEXT_MAX];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct osti_event ev = { .type = cases[i].type,
					 .arg = { cases[i].a, cases[i].b } };

		event_text(&ev, text);
		assert_string_equal(text, cases[i].text);
	}
}

static void test_fault_names(void **state)
{
	int code;

	(void)state;
	for (code = 0; code < FAULT_CODES; code++)
		assert_int_equal(
			fault_from_name(fault_name((enum fault_code)code)),
			code);
	assert_int_equal(fault_from_name("something new"), FAULT_FAILED);
}

static void test_fault_text(void **state)
{
	char text[2 * FAULT_MESSAGE_MAX];
	struct fault fault;

	(void)state;
	fault_set(&fault, FAULT_HOOK, "a\nb\x1b[2Jc\x7f \xc2\x9b \xe2\x80\xae");
	assert_string_equal(fault.message, "a?b?[2Jc? ?? ???");
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	fault_set(&fault, FAULT_HOOK, "%s", text);
	assert_int_equal(strlen(fault.message), FAULT_MESSAGE_MAX - 1);
}

static void assert_shown(const char *text, const char *expected)
{
	char copy[64];

	strcpy(copy, text);
	foreign_text_clean(copy);
	assert_string_equal(copy, expected);
}

static void test_foreign_text(void **state)
{
	(void)state;
	assert_shown("", "");
	assert_shown("J\xc3\xbcrgen \xe2\x82\xac \xf0\x9f\x98\x80 ~",
		     "J\xc3\xbcrgen \xe2\x82\xac \xf0\x9f\x98\x80 ~");
	/* C0, DEL, C1: U+0080, U+009B, U+009F, but not U+00A0 */
	assert_shown("\x01\t\n\x1b\x1f\x7f.", "??????.");
	assert_shown("\xc2\x80\xc2\x9b\xc2\x9f\xc2\xa0", "??????\xc2\xa0");
	/* U+061C, U+200E, U+202A, U+202E, U+2066, U+2069 */
	assert_shown("\xd8\x9c", "??");
	assert_shown("\xe2\x80\x8e\xe2\x80\xaa\xe2\x80\xae", "?????????");
	assert_shown("\xe2\x81\xa6\xe2\x81\xa9", "??????");
	/* U+2028, U+FEFF, U+E0001, but not U+2027 */
	assert_shown("\xe2\x80\xa8\xef\xbb\xbf\xf3\xa0\x80\x81",
		     "??????????");
	assert_shown("\xe2\x80\xa7", "\xe2\x80\xa7");
	/* No UTF-8: cut off, too long a form, a surrogate, above U+10FFFF */
	assert_shown("a\xe2\x80", "a??");
	assert_shown("\23331m\377", "?31m?");
	assert_shown("\xc0\x9b\xe0\x82\x9b", "?????");
	assert_shown("\xed\xa0\x80\xf4\x90\x80\x80", "???????");
}

static void test_json_text(void **state)
{
	json_t *value;

	(void)state;
	value = json_text("J\xc3\xbcrgen");
	assert_string_equal(json_string_value(value), "J\xc3\xbcrgen");
	json_decref(value);
	value = json_text("J\xc3");
	assert_string_equal(json_string_value(value), "J?");
	json_decref(value);
}

static void test_hex(void **state)
{
	const uint8_t bytes[] = { 0x00, 0x9a, 0xff };
	uint8_t back[3];
	char text[7];

	(void)state;
	hex_encode(bytes, 3, text);
	assert_string_equal(text, "009aff");
	assert_int_equal(hex_decode(text, back, 3), 0);
	assert_memory_equal(back, bytes, 3);
	assert_int_equal(hex_decode("009af", back, 3), -EINVAL);
	assert_int_equal(hex_decode("009aff0", back, 3), -EINVAL);
	assert_int_equal(hex_decode("009afg", back, 3), -EINVAL);
	assert_int_equal(hex_decode("", back, 3), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_event_names),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_event_text),
		cmocka_unit_test(test_fault_names),
		cmocka_unit_test(test_fault_text),
		cmocka_unit_test(test_foreign_text),
		cmocka_unit_test(test_json_text),
		cmocka_unit_test(test_hex),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
