// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A recovery key at the boot menu: typed with mistakes, scanned, given up; and
 * each reason for which the monitor does not take it.
 */
#include <common.h>
#include <setjmp.h>
#include <stddef.h>
#include <cmocka.h>
#include <osti/abi.h>
#include <osti/bm/call.h>
#include <osti/bm/error.h>
#include <osti/bm/keys.h>
#include <osti/bm/slotkey.h>
#include <osti/bm/slots.h>

/* A vector of docs/recovery-key.md: bytes 0, 1, 2 ... 31. */
#define PLAIN	"000G40R40M3M0E209185GR338E1W8124GK24GAHC5RR34D11P70X3RFGEB7M"
#define ESC	"\x1b"

/* What the person types, and the rest of it. */
static const char *typed;
/* What the monitor answers, and what it was asked; 0: it was not. */
static s64 status;
static u64 stored;
static struct osti_regs asked;
/* The last error on the console. */
static char error[512];
static struct osti_slot slot;

/* ---- What slotkey.c needs of others ----------------------------------------- */

int osti_keys_get(void)
{
	assert_true(*typed);
	return (unsigned char)*typed++;
}

void osti_error(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(error, sizeof(error), fmt, args);
	va_end(args);
}

void osti_smc(struct osti_regs *regs)
{
	asked = *regs;
	regs->x[0] = (u64)status;
}

s64 osti_call(u32 id, u64 a1, u64 a2, u64 a3, struct osti_regs *regs)
{
	assert_int_equal(id, OSTI_CALL_IMAGE_INFO);
	assert_int_equal(a1, slot.nr);
	assert_int_equal(a2 | a3, 0);
	regs->x[1] = stored;
	return OSTI_OK;
}

int osti_call_refused(const char *what, const struct osti_slot *refused, s64 why)
{
	osti_error("slot %u: refused to %s: %d", refused->nr, what, (int)why);
	return -EIO;
}

/* ---- Helpers ---------------------------------------------------------------- */

static int setup(void **state)
{
	(void)state;
	memset(&asked, 0, sizeof(asked));
	memset(error, 0, sizeof(error));
	slot = (struct osti_slot){ .nr = 2, .name = "work" };
	slot.key = OSTI_KEY_OWN;
	stored = OSTI_GENERATION_NONE;
	status = OSTI_OK;
	return 0;
}

static int type(const char *text)
{
	int ret;

	typed = text;
	ret = osti_slotkey_ask(&slot);
	/* All of it was wanted. */
	assert_int_equal(*typed, '\0');
	return ret;
}

static void assert_imported(void)
{
	unsigned int i;

	assert_true(asked.x[0] == OSTI_CALL_KEY_IMPORT);
	assert_int_equal(asked.x[1], 2);
	for (i = 0; i < 32; i++)
		assert_int_equal(asked.x[2 + i / 8] >> 8 * (i % 8) & 0xff, i);
	assert_int_equal(asked.x[6], 0);
}

static void assert_not_asked(const char *why)
{
	assert_int_equal(asked.x[0], 0);
	assert_non_null(strstr(error, why));
}

/* ---- Tests ------------------------------------------------------------------ */

static void test_rows(void **state)
{
	(void)state;
	assert_int_equal(type("000G-40R4-0M3M\r0e20 9185 gr33\r\n8E1W-8124-GK24\r"
			      "GAHC-\r5RR3-4D11\rP70X-3RFG-EB7M\r"), 0);
	assert_imported();
	assert_string_equal(error, "");
}

static void test_scanned(void **state)
{
	(void)state;
	assert_int_equal(type(PLAIN "\r"), 0);
	assert_imported();
}

/* A row with a mistake is typed again, and what was right stays. */
static void test_mistakes(void **state)
{
	(void)state;
	assert_int_equal(type("000G-40R4-0M3M\r0E20-9185-GR34\r"
			      "0E20-9185-GR33\r8E1W-8124-UUUU\r"
			      "8E1XY\b\x7fW-8124-GK24\rGAHC-5RR3-4D11\r"
			      "P70X-3RFG-EB7M\r"), 0);
	assert_imported();
	assert_string_equal(error,
			    "slot 2 (work): row 3 of the key: a character that is no digit of a key");
}

static void test_row_is_told(void **state)
{
	(void)state;
	assert_int_equal(type("000G-40R4-0M3M\r0E20-9185-GR34\r" ESC),
			 -ECANCELED);
	assert_not_asked("slot 2 (work): row 2 of the key: wrong check digit");
}

static void test_not_a_key(void **state)
{
	int i;
	char lines[512] = "";

	(void)state;
	/* Of another form; too long; and somebody who leans on the keyboard. */
	assert_int_equal(type("0000-0000-0001 0000-0000-0002 0000-0000-0003 "
			      "0000-0000-0004 0000-0001-TRT5\r"), -EINVAL);
	assert_not_asked("slot 2 (work): the key is of a form");
	assert_int_equal(type(PLAIN "0\r"), -EINVAL);
	assert_not_asked("more than the 5 rows");
	for (i = 0; i < 300; i++)
		lines[i] = i % 100 == 99 ? '\r' : '-';
	assert_int_equal(type("\b" ESC), -ECANCELED);
	lines[200] = '\0';
	assert_int_equal(type(lines), -EINVAL);
	assert_not_asked("more text than a key has");
}

static void refused(s64 answer, int ret, const char *why)
{
	status = answer;
	assert_int_equal(osti_slotkey_import(&slot, PLAIN, strlen(PLAIN)), ret);
	if (!strstr(error, why))
		fail_msg("'%s' does not say '%s'", error, why);
}

static void test_refused(void **state)
{
	(void)state;
	refused(OSTI_E_STATE, -EPERM, "an operating system ran");
	stored = OSTI_GENERATION_CONSUMED;
	refused(OSTI_E_STATE, -EPERM, "an operating system ran");
	stored = OSTI_GENERATION_STORED;
	refused(OSTI_E_STATE, -EPERM, "has an image in the store");
	slot.state = OSTI_SLOT_FROZEN;
	refused(OSTI_E_STATE, -EPERM, "is not empty");
	slot.key = OSTI_KEY_IMPORTED;
	refused(OSTI_E_STATE, -EPERM, "has a key that was imported");
	refused(OSTI_E_INVALID, -EINVAL, "a key of zeroes");
	refused(OSTI_E_HARDWARE, -EIO, "no key can be kept");
	refused(OSTI_E_DENIED, -EIO, "refused to import a key: -3");
	assert_int_equal(osti_slotkey_import(&slot, PLAIN, 59), -EINVAL);
	assert_non_null(strstr(error, "row 5 of the key: the key ends here"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_rows, setup),
		cmocka_unit_test_setup(test_scanned, setup),
		cmocka_unit_test_setup(test_mistakes, setup),
		cmocka_unit_test_setup(test_row_is_told, setup),
		cmocka_unit_test_setup(test_not_a_key, setup),
		cmocka_unit_test_setup(test_refused, setup),
	};

	return cmocka_run_group_tests_name("boot_slotkey", tests, NULL, NULL);
}
