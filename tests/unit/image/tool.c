// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * tool.c - run osti-image as a person or a script does it, on files in a
 * directory of its own
 */
#include "tool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char dir[] = "/tmp/osti-image-test.XXXXXX";
char output[65536];
struct fixture f;

const char *path(const char *name)
{
	static char paths[4][128];
	static unsigned int next;
	char *p = paths[next++ % ARRAY_SIZE(paths)];

	snprintf(p, sizeof(paths[0]), "%s/%s", dir, name);
	return p;
}

void write_file(const char *name, const void *from, size_t bytes)
{
	FILE *out = fopen(path(name), "w");

	assert_non_null(out);
	assert_int_equal(fwrite(from, 1, bytes, out), bytes);
	assert_int_equal(fclose(out), 0);
}

size_t read_file(const char *name, uint8_t *to, size_t max)
{
	FILE *in = fopen(path(name), "r");
	size_t n;

	assert_non_null(in);
	n = fread(to, 1, max, in);
	fclose(in);
	return n;
}

int run(const char *format, ...)
{
	char command[1024], arguments[896];
	va_list args;
	size_t n;
	FILE *p;
	int status;

	va_start(args, format);
	vsnprintf(arguments, sizeof(arguments), format, args);
	va_end(args);
	snprintf(command, sizeof(command), "%s %s 2>&1", OSTI_IMAGE, arguments);
	p = popen(command, "r");
	assert_non_null(p);
	n = fread(output, 1, sizeof(output) - 1, p);
	output[n] = '\0';
	status = pclose(p);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

void expect(const char *text)
{
	if (!strstr(output, text))
		fail_msg("'%s' is not in: %s", text, output);
}

void expect_number(const char *name, uint64_t value)
{
	char text[64];

	snprintf(text, sizeof(text), "\n%-16s %llu\n", name,
		 (unsigned long long)value);
	expect(text);
}

int tool_setup(void **state)
{
	(void)state;
	if (!mkdtemp(dir))
		return -1;
	fixture_init(&f, 4 * MIB);
	memset(f.identity.name, 0, OSTI_NAME_LEN);
	memcpy(f.identity.name, "work", 4);
	fixture_text(f.ram, MIB, 1);
	fixture_noise(f.ram + 2 * MIB, MIB / 2, 2);
	/* Long enough for two chunks of their own that are equal. */
	memset(f.ram + 3 * MIB, 0xa5, 3 * MIB / 4);
	fixture_pack(&f);
	write_file("key", f.root, sizeof(f.root));
	write_file("ram", f.ram, 4 * MIB);
	write_file("image", f.file, f.bytes);
	return 0;
}

int tool_teardown(void **state)
{
	static const char * const names[] = {
		"key", "ram", "image", "out", "made", "made2", "bad", "hexkey",
		"recovery", "store", "small",
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(names); i++)
		unlink(path(names[i]));
	fixture_free(&f);
	/* Fails if the tool has left a file behind. */
	return rmdir(dir);
}
