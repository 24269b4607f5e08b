// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * osti-sign as a person or a script uses it
 *
 * Keys, certificates and a signed statement are those that the monitor is tested
 * with (tests/unit/monitor/start), so both sides agree on every byte.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <osti/start.h>

#define START	"tests/unit/monitor/start/"

/* Linux, Documentation/arm64/booting.rst, "Call the kernel image" */
#define KERNEL_BYTES	64
#define TEXT_OFFSET	8
#define IMAGE_SIZE	16
#define FLAGS		24
#define MAGIC		56

static char dir[] = "/tmp/osti-sign-test.XXXXXX";
static char output[65536];

/* The kernel and the RAM disk of START/make-vectors. */
static uint8_t kernel[KERNEL_BYTES];
static const char ramdisk[] = "a RAM disk";

static const char *path(const char *name)
{
	static char paths[4][128];
	static unsigned int next;
	char *p = paths[next++ % 4];

	snprintf(p, sizeof(paths[0]), "%s/%s", dir, name);
	return p;
}

static void write_file(const char *name, const void *from, size_t bytes)
{
	FILE *out = fopen(path(name), "w");

	assert_non_null(out);
	assert_int_equal(fwrite(from, 1, bytes, out), bytes);
	assert_int_equal(fclose(out), 0);
}

static size_t read_path(const char *from, uint8_t *to, size_t max)
{
	FILE *in = fopen(from, "r");
	size_t n;

	assert_non_null(in);
	n = fread(to, 1, max, in);
	fclose(in);
	return n;
}

/* Run the tool in the test's directory; START is there as s. */
static int run(const char *arguments)
{
	char command[8192];
	size_t n;
	FILE *p;
	int status;

	snprintf(command, sizeof(command), "cd %s && %s %s 2>&1 </dev/null",
		 dir, OSTI_SIGN, arguments);
	p = popen(command, "r");
	assert_non_null(p);
	n = fread(output, 1, sizeof(output) - 1, p);
	output[n] = '\0';
	status = pclose(p);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* It must end with that status and say something that has the text. */
static void expect(int status, const char *arguments, const char *text)
{
	int got = run(arguments);

	if (got != status || !strstr(output, text))
		fail_msg("'%s' gave %d instead of %d, or '%s' is not in: %s",
			 arguments, got, status, text, output);
}

static void put64(uint8_t *p, uint64_t value)
{
	int i;

	for (i = 0; i < 8; i++)
		p[i] = value >> (8 * i);
}

static void make_files(void)
{
	memset(kernel, 0, sizeof(kernel));
	kernel[3] = 0x14;
	put64(kernel + IMAGE_SIZE, 0x1000);
	put64(kernel + FLAGS, 0xa);
	memcpy(kernel + MAGIC, "ARM\x64", 4);
	write_file("kernel", kernel, sizeof(kernel));
	write_file("ramdisk", ramdisk, strlen(ramdisk));
}

static int setup_group(void **state)
{
	char *here = realpath(START, NULL);

	(void)state;
	if (!here || !mkdtemp(dir) || symlink(here, path("s")))
		return -1;
	free(here);
	return 0;
}

static int setup(void **state)
{
	(void)state;
	make_files();
	unlink(path("start"));
	return 0;
}

static int teardown_group(void **state)
{
	char command[256];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", dir);
	return system(command);
}

/* The monitor's tests take these bytes. */
static void test_vector(void **state)
{
	uint8_t want[OSTI_START_MAX], got[OSTI_START_MAX];
	size_t bytes = read_path(START "owner.start", want, sizeof(want));

	(void)state;
	expect(0, "make --slot personal --slot work --version 7 --kernel kernel "
	       "--ramdisk ramdisk --cmdline 'console=ttyAMA0 quiet' body", "");
	assert_int_equal(read_path(path("body"), got, sizeof(got)),
			 OSTI_START_BODY);
	assert_memory_equal(got, want, OSTI_START_BODY);
	expect(0, "sign --key s/owner.key body start", "");
	assert_int_equal(read_path(path("start"), got, sizeof(got)), bytes);
	assert_memory_equal(got, want, bytes);
	expect(0, "sign --key s/owner4096.key body start", "");
	assert_int_equal(read_path(path("start"), got, sizeof(got)),
			 OSTI_START_MAX);
}

static void test_show(void **state)
{
	(void)state;
	expect(0, "show s/owner.start", "version   7\nslots     personal work\n"
	       "disk key  not for it\n"
	       "kernel    64 bytes at 0x200000, BLAKE2b-256 ");
	expect(0, "show s/owner.start", "ramdisk   10 bytes at 0x400000");
	expect(0, "show s/owner.start", "cmdline   console=ttyAMA0 quiet\n");
	expect(0, "show s/owner.start", "signature 2048 bits, not verified\n");
	expect(0, "make --slot a --version 1 --kernel kernel body", "");
	expect(0, "show body", "signature none\n");
	assert_null(strstr(output, "ramdisk"));
}

static void test_verify(void **state)
{
	char command[256];

	(void)state;
	expect(0, "verify --key s/owner.crt s/owner.start", "");
	expect(0, "verify --key s/owner4096.crt s/owner4096.start", "");
	expect(0, "verify --key s/owner.crt --kernel kernel --ramdisk ramdisk "
	       "s/owner.start", "");
	snprintf(command, sizeof(command), "openssl x509 -in " START
		 "owner.crt -pubkey -noout -out %s", path("owner.pub"));
	assert_int_equal(system(command), 0);
	expect(0, "verify --key owner.pub s/owner.start", "");
	expect(1, "verify --key s/other.crt s/owner.start",
	       "it is not signed with this key, or was changed");
	expect(1, "verify --key s/owner.crt --kernel ramdisk s/owner.start",
	       "ramdisk: it is not the kernel of the statement");
	expect(1, "verify --key s/owner.crt --ramdisk kernel s/owner.start",
	       "kernel: it is not the RAM disk of the statement");
	expect(3, "verify --key ramdisk s/owner.start",
	       "no public key and no certificate");
}

/* One bit anywhere: the signature does not fit any more. */
static void test_changed(void **state)
{
	static const size_t bits[] = { 0, 8 * OSTI_START_S_VERSION + 3,
				       8 * OSTI_START_BODY - 1,
				       8 * OSTI_START_BODY, 8 * 2304 - 1 };
	uint8_t bytes[OSTI_START_MAX];
	size_t n, i;

	(void)state;
	for (i = 0; i < sizeof(bits) / sizeof(bits[0]); i++) {
		n = read_path(START "owner.start", bytes, sizeof(bytes));
		bytes[bits[i] / 8] ^= 1 << bits[i] % 8;
		write_file("changed", bytes, n);
		expect(1, "verify --key s/owner.crt changed", "was changed");
	}
	write_file("changed", bytes, n - 1);
	expect(1, "verify --key s/owner.crt changed", "no start statement");
	write_file("changed", bytes, OSTI_START_BODY);
	expect(1, "verify --key s/owner.crt changed", "it is not signed");
}

/* The flag is at its place, and nothing else differs. */
static void test_disk_key(void **state)
{
	uint8_t want[OSTI_START_BODY], got[OSTI_START_BODY];

	(void)state;
	expect(0, "make --slot a --version 1 --kernel kernel body", "");
	read_path(path("body"), want, sizeof(want));
	expect(0, "make --slot a --version 1 --disk-key --kernel kernel body",
	       "");
	read_path(path("body"), got, sizeof(got));
	put64(want + OSTI_START_S_FLAGS, OSTI_START_F_DISK_KEY);
	assert_memory_equal(got, want, sizeof(got));
	expect(0, "show body", "disk key  it may ask for it\n");
	expect(0, "sign --key s/owner.key body start", "");
	expect(0, "verify --key s/owner.crt start", "");
}

/* Where things lie follows from the kernel's header. */
static void test_plan(void **state)
{
	(void)state;
	put64(kernel + TEXT_OFFSET, 0x80000);
	put64(kernel + IMAGE_SIZE, 0x180000);
	write_file("kernel", kernel, sizeof(kernel));
	expect(0, "make --slot a --version 1 --kernel kernel --ramdisk ramdisk "
	       "body", "");
	expect(0, "show body", "kernel    64 bytes at 0x280000,");
	expect(0, "show body", "ramdisk   10 bytes at 0x400000,");
	put64(kernel + IMAGE_SIZE, 0x180001);
	write_file("kernel", kernel, sizeof(kernel));
	expect(0, "make --slot a --version 1 --kernel kernel --ramdisk ramdisk "
	       "body", "");
	expect(0, "show body", "ramdisk   10 bytes at 0x600000,");
}

static void bad_kernel(unsigned int at, uint64_t value, const char *text)
{
	make_files();
	put64(kernel + at, value);
	write_file("kernel", kernel, sizeof(kernel));
	expect(1, "make --slot a --version 1 --kernel kernel body", text);
}

static void test_bad_kernels(void **state)
{
	(void)state;
	bad_kernel(MAGIC, 0, "no arm64 Image");
	bad_kernel(TEXT_OFFSET, 0x200000, "older than Linux 3.17, or damaged");
	bad_kernel(TEXT_OFFSET, 2, "or damaged");
	bad_kernel(IMAGE_SIZE, 0, "or damaged");
	bad_kernel(IMAGE_SIZE, ~0ULL, "or damaged");
	bad_kernel(FLAGS, 0xb, "big-endian");
	write_file("kernel", "", 0);
	expect(1, "make --slot a --version 1 --kernel kernel body", "empty");
	write_file("kernel", kernel, KERNEL_BYTES - 8);
	expect(1, "make --slot a --version 1 --kernel kernel body", "no arm64");
	make_files();
	write_file("ramdisk", "", 0);
	expect(1, "make --slot a --version 1 --kernel kernel --ramdisk ramdisk "
	       "body", "ramdisk: it is empty");
	expect(3, "make --slot a --version 1 --kernel nowhere body",
	       "nowhere: cannot open it: No such file");
	expect(3, "make --slot a --version 1 --kernel kernel nowhere/body",
	       "nowhere/body: cannot create it: No such file");
}

/* A field of a good body is overwritten. */
static void bad_body(unsigned int at, uint64_t value, const char *text)
{
	uint8_t bytes[OSTI_START_MAX];

	read_path(START "owner.start", bytes, sizeof(bytes));
	put64(bytes + at, value);
	write_file("body", bytes, OSTI_START_BODY);
	expect(1, "sign --key s/owner.key body start", text);
	expect(1, "show body", text);
}

/* What the monitor would not take is not signed. */
static void test_bad_bodies(void **state)
{
	uint8_t bytes[OSTI_START_BODY + 1] = { 0 };

	(void)state;
	bad_body(OSTI_START_S_MAGIC, 0, "no start statement");
	bad_body(OSTI_START_S_FLAGS, 2, "flags");
	bad_body(OSTI_START_S_FLAGS, OSTI_START_F_DISK_KEY | 1ULL << 63,
		 "flags");
	bad_body(OSTI_START_S_VERSION, 0, "version is 0");
	bad_body(OSTI_START_S_KERNEL, 0x1ffffc, "kernel is at an impossible");
	bad_body(OSTI_START_S_KERNEL, 0x200002, "kernel is at an impossible");
	bad_body(OSTI_START_S_KERNEL, ~7ULL, "kernel is at an impossible");
	bad_body(OSTI_START_S_KERNEL_LEN, 0, "kernel is empty");
	bad_body(OSTI_START_S_KERNEL_LEN, 0x200001, "overlap");
	bad_body(OSTI_START_S_RAMDISK, 0x200000, "overlap");
	bad_body(OSTI_START_S_RAMDISK, 0, "RAM disk is at an impossible");
	bad_body(OSTI_START_S_RAMDISK_LEN, 0, "RAM disk is empty");
	bad_body(OSTI_START_S_ZERO, 1, "must be 0");
	bad_body(OSTI_START_S_SLOTS, 0, "it names no slot");
	bad_body(OSTI_START_S_SLOTS + 48, 'a', "behind an empty name");
	bad_body(OSTI_START_S_SLOTS + 8, 1ULL << 56, "bytes behind its end");
	bad_body(OSTI_START_S_CMDLINE + OSTI_START_CMDLINE - 8, ~0ULL,
		 "command line");
	write_file("body", bytes, sizeof(bytes));
	expect(1, "show body", "it has 2049 bytes");
	expect(1, "sign --key s/owner.key s/owner.start start",
	       "signed already");
	expect(3, "show nowhere", "cannot open it");
}

static void test_bad_keys(void **state)
{
	char command[512];

	(void)state;
	expect(0, "make --slot a --version 1 --kernel kernel body", "");
	expect(3, "sign --key s/owner.crt body start", "cannot sign with this");
	snprintf(command, sizeof(command),
		 "openssl genpkey -quiet -algorithm RSA -pkeyopt "
		 "rsa_keygen_bits:1024 -out %s && openssl genpkey -algorithm EC "
		 "-pkeyopt ec_paramgen_curve:P-256 -out %s", path("short.key"),
		 path("ec.key"));
	assert_int_equal(system(command), 0);
	expect(1, "sign --key short.key body start", "no RSA key of 2048");
	expect(1, "sign --key ec.key body start", "no RSA key of 2048");
	/* Nothing is left of what was not signed. */
	assert_int_not_equal(access(path("start"), F_OK), 0);
}

/* osti-sign protects the owner's key with what the file has, and nobody can read it. */
static void protect(const char *passphrase)
{
	struct stat st;

	write_file("passphrase", passphrase, strlen(passphrase));
	expect(0, "protect --key s/owner.key --passphrase-file passphrase p.key",
	       "");
	assert_int_equal(stat(path("p.key"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	expect(0, "make --slot personal --slot work --version 7 --kernel kernel "
	       "--ramdisk ramdisk --cmdline 'console=ttyAMA0 quiet' body", "");
}

static void is_signed(void)
{
	uint8_t want[OSTI_START_MAX], got[OSTI_START_MAX];
	size_t bytes = read_path(START "owner.start", want, sizeof(want));

	assert_int_equal(read_path(path("start"), got, sizeof(got)), bytes);
	assert_memory_equal(got, want, bytes);
}

/* A key under a passphrase: only the first line is it. */
static void test_passphrase(void **state)
{
	char text[4096] = "";

	(void)state;
	protect("correct horse\nstaple\n");
	read_path(path("p.key"), (uint8_t *)text, sizeof(text) - 1);
	assert_non_null(strstr(text, "-----BEGIN ENCRYPTED PRIVATE KEY-----"));
	expect(0, "sign --key p.key --passphrase-file passphrase body start", "");
	is_signed();
	unlink(path("start"));
	write_file("passphrase", "wrong\n", 6);
	expect(3, "sign --key p.key --passphrase-file passphrase body start",
	       "is the passphrase right?");
	write_file("passphrase", "", 0);
	expect(3, "sign --key p.key --passphrase-file passphrase body start",
	       "is the passphrase right?");
	expect(3, "sign --key p.key --passphrase-file nowhere body start",
	       "nowhere: cannot open it");
	assert_int_not_equal(access(path("start"), F_OK), 0);
	/* A key that has none does not mind one. */
	expect(0, "sign --key s/owner.key --passphrase-file kernel body start",
	       "");
	expect(3, "protect --key s/owner.crt --passphrase-file kernel new.key",
	       "cannot put it under a passphrase");
	assert_int_not_equal(access(path("new.key"), F_OK), 0);
}

/* By a pipe, as from a program that asks; the statement comes out the same. */
static void test_passphrase_pipe(void **state)
{
	char command[512];

	(void)state;
	protect("correct horse");
	snprintf(command, sizeof(command), "cd %s && cat passphrase | %s sign "
		 "--key p.key --passphrase-file /dev/stdin body start", dir,
		 OSTI_SIGN);
	assert_int_equal(system(command), 0);
	is_signed();
}

/* Nobody is there to be asked: it ends. */
static void test_no_terminal(void **state)
{
	char command[512];

	(void)state;
	protect("correct horse");
	snprintf(command, sizeof(command), "cd %s && setsid --wait %s sign "
		 "--key p.key body start </dev/null 2>said", dir, OSTI_SIGN);
	assert_int_equal(WEXITSTATUS(system(command)), 3);
	memset(output, 0, sizeof(output));
	read_path(path("said"), (uint8_t *)output, sizeof(output) - 1);
	assert_non_null(strstr(output, "there is no terminal to ask"));
	snprintf(command, sizeof(command), "cd %s && setsid --wait %s protect "
		 "--key s/owner.key q.key </dev/null 2>said", dir, OSTI_SIGN);
	assert_int_equal(WEXITSTATUS(system(command)), 3);
	assert_int_not_equal(access(path("start"), F_OK), 0);
	assert_int_not_equal(access(path("q.key"), F_OK), 0);
}

/*
 * What the program says at its terminal until the text is there and what is
 * typed is not shown any more, or until it ends if text is NULL.
 */
static void follow(int fd, const char *text, size_t *n)
{
	struct termios mode;
	ssize_t got = 1;

	for (;;) {
		struct pollfd p = { .fd = fd, .events = POLLIN };

		/* Echo goes off a moment behind the question. */
		if (text && strstr(output, text) && !tcgetattr(fd, &mode) &&
		    !(mode.c_lflag & ECHO))
			return;
		if (poll(&p, 1, text ? 10 : -1) <= 0)
			continue;
		got = read(fd, output + *n, sizeof(output) - 1 - *n);
		/* EIO: its last process ended. */
		if (got <= 0)
			break;
		*n += got;
		output[*n] = '\0';
	}
	if (text)
		fail_msg("it ended without '%s': %s", text, output);
}

/* A terminal is asked, and what is typed is not shown. */
static void test_terminal(void **state)
{
	size_t n = 0;
	int status;
	pid_t pid;
	int fd;

	(void)state;
	protect("correct horse");
	memset(output, 0, sizeof(output));
	pid = forkpty(&fd, NULL, NULL, NULL);
	assert_true(pid >= 0);
	if (!pid) {
		if (!chdir(dir))
			execl(OSTI_SIGN, "osti-sign", "sign", "--key", "p.key",
			      "body", "start", NULL);
		_exit(127);
	}
	follow(fd, "pass phrase", &n);
	assert_int_equal(write(fd, "correct horse\n", 14), 14);
	follow(fd, NULL, &n);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	close(fd);
	assert_int_equal(status, 0);
	assert_null(strstr(output, "horse"));
	is_signed();
}

static void test_usage(void **state)
{
	char command[4096];

	(void)state;
	expect(0, "--help", "Usage: osti-sign make");
	expect(0, "make -h", "Usage: osti-sign make");
	expect(0, "--version", "osti-sign ");
	expect(2, "", "what shall be done?");
	expect(2, "forge", "there is no command 'forge'");
	expect(2, "make --version 1 --kernel kernel body", "needs --slot");
	expect(2, "make --slot a --kernel kernel body", "needs --version");
	expect(2, "make --slot a --version 1 body", "needs --kernel");
	expect(2, "make --slot a --version 1 --kernel kernel", "needs OUTPUT");
	expect(2, "sign body start", "needs --key");
	expect(2, "sign --key k body", "needs BODY and OUTPUT");
	expect(2, "protect key", "needs --key");
	expect(2, "protect --key k", "needs OUTPUT");
	expect(2, "verify --key k --passphrase-file p start",
	       "verify does not take --passphrase-file");
	expect(2, "show --key k body", "show does not take --key");
	expect(2, "sign --slot a --key k body start", "does not take --slot");
	expect(2, "make --slot A --version 1 --kernel k b", "no name of a slot");
	expect(2, "make --slot 1a --version 1 --kernel k b", "no name of a slot");
	expect(2, "make --slot abcdefghijklmnop --version 1 --kernel k b",
	       "no name of a slot");
	expect(2, "make --slot a --slot a --version 1 --kernel k b", "twice");
	expect(2, "make --slot a --slot b --slot c --slot d --slot e --slot f "
	       "--slot g --slot h --slot i --version 1 --kernel k b",
	       "at most 8 slots");
	expect(2, "make --slot a --version 0 --kernel k b", "version '0'");
	expect(2, "make --slot a --version 1x --kernel k b", "version '1x'");
	expect(2, "make --slot a --version 18446744073709551616 --kernel k b",
	       "is no number from 1");
	expect(2, "make --slot a --version 1 --kernel k --cmdline 'a\tb' b",
	       "control character");
	snprintf(command, sizeof(command), "make --slot a --version 1 "
		 "--kernel kernel --cmdline %0*d body", OSTI_START_CMDLINE, 0);
	expect(2, command, "has 1792 bytes, at most 1791 fit");
	snprintf(command, sizeof(command), "make --slot a --version 1 "
		 "--kernel kernel --cmdline %0*d body", OSTI_START_CMDLINE - 1,
		 0);
	expect(0, command, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_vector, setup),
		cmocka_unit_test_setup(test_show, setup),
		cmocka_unit_test_setup(test_verify, setup),
		cmocka_unit_test_setup(test_disk_key, setup),
		cmocka_unit_test_setup(test_changed, setup),
		cmocka_unit_test_setup(test_plan, setup),
		cmocka_unit_test_setup(test_bad_kernels, setup),
		cmocka_unit_test_setup(test_bad_bodies, setup),
		cmocka_unit_test_setup(test_bad_keys, setup),
		cmocka_unit_test_setup(test_passphrase, setup),
		cmocka_unit_test_setup(test_passphrase_pipe, setup),
		cmocka_unit_test_setup(test_no_terminal, setup),
		cmocka_unit_test_setup(test_terminal, setup),
		cmocka_unit_test_setup(test_usage, setup),
	};

	return cmocka_run_group_tests(tests, setup_group, teardown_group);
}
