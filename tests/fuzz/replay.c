// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * replay.c - give files and the files of directories to a fuzz target, without
 * libFuzzer
 *
 * Reports in TAP lines. A crash ends it: the last file named is the one.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fuzz.h"

static unsigned int number;

static int replay(const char *path)
{
	uint8_t *data = NULL;
	size_t size = 0;
	struct stat st;
	FILE *in;

	in = fopen(path, "r");
	if (!in || fstat(fileno(in), &st)) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		if (in)
			fclose(in);
		return 1;
	}
	/* An exact copy, so that a sanitizer sees a read behind it. */
	data = malloc(st.st_size ? st.st_size : 1);
	if (data)
		size = fread(data, 1, st.st_size, in);
	fclose(in);
	if (!data || size != (size_t)st.st_size) {
		fprintf(stderr, "%s: cannot be read\n", path);
		free(data);
		return 1;
	}
	fprintf(stderr, "# %s\n", path);
	LLVMFuzzerTestOneInput(data, size);
	printf("ok %u - %s\n", ++number, path);
	fflush(stdout);
	free(data);
	return 0;
}

static int no_dot(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

static int replay_all(const char *path)
{
	struct dirent **entries;
	int failed = 0;
	int n;
	int i;

	n = scandir(path, &entries, no_dot, alphasort);
	if (n < 0)
		return replay(path);
	for (i = 0; i < n; i++) {
		char file[4096];

		snprintf(file, sizeof(file), "%s/%s", path, entries[i]->d_name);
		failed |= replay(file);
		free(entries[i]);
	}
	free(entries);
	return failed;
}

int main(int argc, char **argv)
{
	int failed = 0;
	int i;

	for (i = 1; i < argc; i++)
		failed |= replay_all(argv[i]);
	if (!number) {
		fprintf(stderr, "there was nothing to replay\n");
		return 1;
	}
	return failed;
}
