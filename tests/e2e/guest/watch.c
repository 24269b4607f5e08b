// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * watch - wait until an attribute says that it changed
 *
 * watch ATTRIBUTE RESULT
 *
 * Goes to the background; when poll() reports POLLPRI for the attribute, what it
 * is then is written to RESULT.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int die(const char *what)
{
	fprintf(stderr, "watch: %s: %s\n", what, strerror(errno));
	return 1;
}

int main(int argc, char **argv)
{
	struct pollfd wait = { .events = POLLPRI };
	char text[4096];
	ssize_t bytes;
	int result;

	if (argc != 3) {
		fprintf(stderr, "usage: watch ATTRIBUTE RESULT\n");
		return 2;
	}
	wait.fd = open(argv[1], O_RDONLY);
	/* It tells of changes since it was read. */
	if (wait.fd < 0 || read(wait.fd, text, sizeof(text)) < 0)
		return die(argv[1]);
	if (daemon(1, 0))
		return die("daemon");
	while (poll(&wait, 1, -1) < 0)
		if (errno != EINTR)
			return 1;
	bytes = pread(wait.fd, text, sizeof(text), 0);
	result = open(argv[2], O_WRONLY | O_CREAT | O_EXCL, 0644);
	return !(wait.revents & POLLPRI) || bytes < 0 ||
	       write(result, text, bytes) != bytes;
}
