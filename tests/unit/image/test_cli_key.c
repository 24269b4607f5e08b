// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * osti-image with a recovery key: the key of a slot instead of a device's.
 */
#include "tool.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "recovery_key.h"

/* The fixture's slot key as text, in the file "recovery". */
static void write_key(char text[RECOVERY_KEY_TEXT])
{
	uint8_t slot_key[OSTI_IMAGE_HASH];

	image_keys_slot(f.root, f.identity.name, slot_key);
	recovery_key_encode(slot_key, text);
	write_file("recovery", text, strlen(text));
}

static void set_kind(uint32_t kind)
{
	f.record.kind = kind;
	fixture_pack(&f);
	write_file("made", f.file, f.bytes);
}

/* All that is done with an image; all kinds are the slot's. */
static void opens(void **state)
{
	static const struct {
		uint32_t kind;
		const char *line;
	} kinds[] = {
		{ OSTI_IMAGE_COPY, "kind             copy\n" },
		{ OSTI_IMAGE_LOCAL, "kind             local\n" },
	};
	uint8_t *ram = malloc(4 * MIB + 1);
	char text[RECOVERY_KEY_TEXT];
	unsigned int i;

	(void)state;
	assert_non_null(ram);
	write_key(text);
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		set_kind(kinds[i].kind);
		assert_int_equal(run("inspect --key-file %s %s",
				     path("recovery"), path("made")), 0);
		expect(kinds[i].line);
		expect("authentic        yes\n");
		assert_int_equal(run("verify --key-file %s %s",
				     path("recovery"), path("made")), 0);
		expect(kinds[i].line);
		assert_int_equal(run("unpack --key-file %s --out %s %s",
				     path("recovery"), path("out"),
				     path("made")), 0);
		assert_int_equal(read_file("out", ram, 4 * MIB + 1), 4 * MIB);
		assert_memory_equal(ram, f.ram, 4 * MIB);
	}
	free(ram);
}

/* A copy made by another device opens under the slot's key alone. */
static void other_device(void **state)
{
	struct image_identity before = f.identity;
	char text[RECOVERY_KEY_TEXT];

	(void)state;
	write_key(text);
	memset(f.identity.device, 0xdd, sizeof(f.identity.device));
	set_kind(OSTI_IMAGE_COPY);
	assert_int_equal(run("verify --key-file %s %s", path("recovery"),
			     path("made")), 0);
	expect("device           dddddddd");
	assert_int_equal(run("verify --key-file %s %s", path("key"),
			     path("made")), 1);
	expect("(device)");
	f.identity = before;
	set_kind(OSTI_IMAGE_LOCAL);
}

static void refused(void **state)
{
	struct image_chunk chunk;
	size_t at = fixture_chunk(&f, 3, &chunk);
	char text[RECOVERY_KEY_TEXT];
	uint8_t other[OSTI_IMAGE_HASH] = { 7 };

	(void)state;
	write_key(text);
	f.file[at] ^= 1;
	write_file("bad", f.file, f.bytes);
	f.file[at] ^= 1;
	assert_int_equal(run("verify --key-file %s %s", path("recovery"),
			     path("bad")), 1);
	expect("chunk 3: ");
	expect("(chunk-tag)");
	/* The key of another slot. */
	recovery_key_encode(other, text);
	write_file("recovery", text, strlen(text));
	assert_int_equal(run("inspect --key-file %s %s", path("recovery"),
			     path("image")), 1);
	expect("the key is another one (tag)");
}

/* As people type it: lower case, in lines, without hyphens. */
static void typed(void **state)
{
	char text[RECOVERY_KEY_TEXT];
	char out[2 * RECOVERY_KEY_TEXT];
	size_t i, n = 0;

	(void)state;
	write_key(text);
	for (i = 0; text[i]; i++) {
		if (text[i] == ' ')
			n += sprintf(out + n, "\r\n");
		else if (text[i] != '-')
			out[n++] = text[i] >= 'A' ? text[i] + 'a' - 'A' :
						    text[i];
	}
	n += sprintf(out + n, "\r\n\r\n");
	write_file("recovery", out, n);
	assert_int_equal(run("verify --key-file %s %s", path("recovery"),
			     path("image")), 0);
}

static void expect_bad_key(const char *text, size_t bytes, const char *why)
{
	write_file("recovery", text, bytes);
	assert_int_equal(run("verify --key-file %s %s", path("recovery"),
			     path("image")), 3);
	expect("is no key");
	expect(why);
	/* Not even a part of what was typed. */
	if (bytes > 14 && bytes < RECOVERY_KEY_TEXT)
		assert_null(memmem(output, strlen(output), text, 9));
}

/* Each mistake is told with its row. */
static void mistakes(void **state)
{
	char text[RECOVERY_KEY_TEXT], longer[2000];
	unsigned int row;

	(void)state;
	for (row = 1; row <= RECOVERY_KEY_ROWS; row++) {
		char *at = text + (row - 1) * (RECOVERY_KEY_ROW_TEXT + 1) + 3;
		char why[64];

		write_key(text);
		*at = *at == '7' ? '8' : '7';
		snprintf(why, sizeof(why), "row %u: wrong check digit", row);
		expect_bad_key(text, strlen(text), why);
		*at = 'U';
		snprintf(why, sizeof(why), "row %u: a character that is no digit",
			 row);
		expect_bad_key(text, strlen(text), why);
	}
	write_key(text);
	expect_bad_key(text, strlen(text) - 1, "row 5: the key ends here");
	expect_bad_key(text, 0, "row 1: the key ends here");
	snprintf(longer, sizeof(longer), "%s 0", text);
	expect_bad_key(longer, strlen(longer), "there is more than the 5 rows");
	memset(longer, '0', sizeof(longer));
	expect_bad_key(longer, sizeof(longer), "row 1: wrong check digit");
}

/* Images are made with it, too, if the device is said. */
static void pack(void **state)
{
	static const char format[] =
		"pack --key-file %s --out %s --name work --kind copy %s %s";
	char text[RECOVERY_KEY_TEXT];

	(void)state;
	write_key(text);
	assert_int_equal(run(format, path("recovery"), path("made"),
			     "--device 000102030405060708090a0b0c0d0e0f",
			     path("ram")), 0);
	assert_int_equal(run("verify --key-file %s %s", path("recovery"),
			     path("made")), 0);
	expect("device           000102030405060708090a0b0c0d0e0f\n");
	expect("kind             copy\n");
	unlink(path("made"));
	assert_int_equal(run(format, path("recovery"), path("made"), "",
			     path("ram")), 2);
	expect("needs --device");
	assert_int_equal(run(format, path("key"), path("made"),
			     "--device 000102030405060708090a0b0c0d0e0f",
			     path("ram")), 2);
	expect("--device is for recovery keys");
	assert_int_equal(access(path("made"), F_OK), -1);
	assert_int_equal(errno, ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opens),
		cmocka_unit_test(other_device),
		cmocka_unit_test(refused),
		cmocka_unit_test(typed),
		cmocka_unit_test(mistakes),
		cmocka_unit_test(pack),
	};

	return cmocka_run_group_tests(tests, tool_setup, tool_teardown);
}
