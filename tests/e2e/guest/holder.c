// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * holder - a process with things that only the kernel can keep for it
 *
 * holder serve FILE PORT   hold FILE open and listen on PORT of the loopback
 * holder ask PORT          print the answer of the one that serves
 *
 * Each question moves the position in the file by BLOCK bytes. The answer is
 * one line:  pid=N asked=N offset=N data=TEXT
 * asked counts the questions, offset is that of the open file before the
 * block, and data is the block. At the end of the file it begins again.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BLOCK	16

static int die(const char *what)
{
	fprintf(stderr, "holder: %s: %s\n", what, strerror(errno));
	return 1;
}

static struct sockaddr_in address(const char *port)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET, .sin_port = htons(atoi(port)),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
}

static int serve(const char *path, const char *port)
{
	int listener = socket(AF_INET, SOCK_STREAM, 0), file, con;
	struct sockaddr_in addr = address(port);
	char block[BLOCK + 1] = "";
	unsigned int asked = 0;
	off_t offset;

	file = open(path, O_RDONLY);
	if (file < 0)
		return die(path);
	if (bind(listener, (struct sockaddr *)&addr, sizeof(addr)) ||
	    listen(listener, 4))
		return die("listen");
	if (daemon(1, 0))
		return die("daemon");
	for (;;) {
		con = accept(listener, NULL, NULL);
		if (con < 0)
			continue;
		offset = lseek(file, 0, SEEK_CUR);
		if (read(file, block, BLOCK) != BLOCK) {
			offset = lseek(file, 0, SEEK_SET);
			if (read(file, block, BLOCK) != BLOCK)
				return die(path);
		}
		dprintf(con, "pid=%d asked=%u offset=%lld data=%s\n", getpid(),
			++asked, (long long)offset, block);
		close(con);
	}
}

static int ask(const char *port)
{
	struct sockaddr_in addr = address(port);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	char answer[256];
	ssize_t n;

	if (connect(fd, (struct sockaddr *)&addr, sizeof(addr)))
		return die("connect");
	while ((n = read(fd, answer, sizeof(answer))) > 0)
		fwrite(answer, 1, n, stdout);
	return n ? die("read") : 0;
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "serve"))
		return serve(argv[2], argv[3]);
	if (argc == 3 && !strcmp(argv[1], "ask"))
		return ask(argv[2]);
	fprintf(stderr, "usage: holder serve FILE PORT | ask PORT\n");
	return 2;
}
