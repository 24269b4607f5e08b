// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * key.c - files of keys, and the passphrase of a private one
 */
#include "key.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "openssl.h"
#include "say.h"

/* Does one of the texts stand in the file? The last one is NULL. */
static bool has(const char *path, const char *const texts[])
{
	char content[KEY_MAX] = "";
	struct file f;
	bool found = false;

	if (file_open(&f, path))
		return false;
	if (f.bytes < sizeof(content) && !file_read(&f, content, f.bytes, 0))
		for (; *texts && !found; texts++)
			found = strstr(content, *texts);
	close(f.fd);
	/* It may have been a private key. */
	explicit_bzero(content, sizeof(content));
	return found;
}

bool key_is_certificate(const char *path)
{
	static const char *const texts[] = {
		"-----BEGIN CERTIFICATE-----", NULL
	};

	return has(path, texts);
}

bool key_is_protected(const char *path)
{
	/* PKCS #8 (RFC 5958, section 3), and what openssl wrote before 1.0 */
	static const char *const texts[] = {
		"-----BEGIN ENCRYPTED PRIVATE KEY-----",
		"Proc-Type: 4,ENCRYPTED", NULL
	};

	return has(path, texts);
}

static bool has_terminal(void)
{
	int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

enum status key_passphrase(const char *key, const char *file, bool needed,
			   struct key_passphrase *ret)
{
	ret->fd = -1;
	ret->source[0] = '\0';
	if (file) {
		/* For openssl, so without O_CLOEXEC. */
		ret->fd = open(file, O_RDONLY);
		if (ret->fd < 0)
			return say_failed(file, "cannot open it", errno);
		snprintf(ret->source, sizeof(ret->source), "fd:%d", ret->fd);
	} else if (needed && !has_terminal()) {
		fprintf(stderr, "osti-sign: %s: there is no terminal to ask for a passphrase; use --passphrase-file\n",
			key);
		return FAILED;
	}
	return DONE;
}

void key_passphrase_end(struct key_passphrase *p)
{
	if (p->fd >= 0)
		close(p->fd);
}

static enum status protect(const char *key, const char *source, int out,
			   char *to, size_t *bytes)
{
	/*
	 * 16 MiB, five times over (RFC 7914): more memory openssl refuses when it
	 * opens the key. This takes a fraction of a second, and who guesses pays it
	 * for each word.
	 */
	char *argv[] = {
		"openssl", "pkcs8", "-topk8", "-in", (char *)key,
		"-v2", "aes-256-cbc", "-scrypt", "-scrypt_N", "16384",
		"-scrypt_r", "8", "-scrypt_p", "5", "-passout", (char *)source,
		NULL
	};
	struct file f = { .fd = out };
	off_t size;

	if (!*source)
		argv[sizeof(argv) / sizeof(argv[0]) - 3] = NULL;
	if (openssl_run(argv, STDIN_FILENO, out)) {
		fprintf(stderr, "osti-sign: %s: cannot put it under a passphrase\n",
			key);
		return FAILED;
	}
	size = lseek(out, 0, SEEK_END);
	if (size <= 0 || size >= KEY_MAX)
		return say_refused(key, "no private key");
	*bytes = size;
	if (file_read(&f, to, *bytes, 0))
		return say_failed("openssl", "cannot read what it wrote", EIO);
	return DONE;
}

enum status key_protect(const char *key, const char *passphrase_file, char *to,
			size_t *bytes)
{
	struct key_passphrase p;
	enum status status = key_passphrase(key, passphrase_file, true, &p);
	int out;

	if (status)
		return status;
	out = openssl_file(NULL, 0);
	if (out < 0) {
		status = say_failed(key, "no memory for it", ENOMEM);
	} else {
		status = protect(key, p.source, out, to, bytes);
		close(out);
	}
	key_passphrase_end(&p);
	return status;
}
