// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A store in a directory: who wins, what a crash leaves, what a disk can do.
 */
#include "stores.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "backup/file_dir.h"

#define RACE_KEYS 200
#define KILLS 20
#define BIG 300000
#define STALE_NAME FILE_TEMP_PREFIX "0123456789abcdef"

struct fixture {
	char dir[PATH_MAX];
	struct store *store;
};

/* ---- What the system answers -------------------------------------------- */

static int linkat_errno;
static int renameat2_errno;
static int fsync_errno;
static int write_errno;
/* The temporary file goes away before it gets its name: so many times. */
static int losses;
static bool was_locked;

int __real_linkat(int from_dir, const char *from, int to_dir, const char *to,
		  int flags);
int __wrap_linkat(int from_dir, const char *from, int to_dir, const char *to,
		  int flags);
int __real_renameat2(int from_dir, const char *from, int to_dir, const char *to,
		     unsigned int flags);
int __wrap_renameat2(int from_dir, const char *from, int to_dir, const char *to,
		     unsigned int flags);
int __real_fsync(int fd);
int __wrap_fsync(int fd);
ssize_t __real_write(int fd, const void *bytes, size_t n);
ssize_t __wrap_write(int fd, const void *bytes, size_t n);

static int fails_with(int error)
{
	errno = error;
	return -1;
}

int __wrap_linkat(int from_dir, const char *from, int to_dir, const char *to,
		  int flags)
{
	if (losses) {
		losses--;
		unlinkat(from_dir, from, 0);
	}
	if (linkat_errno)
		return fails_with(linkat_errno);
	return __real_linkat(from_dir, from, to_dir, to, flags);
}

int __wrap_renameat2(int from_dir, const char *from, int to_dir, const char *to,
		     unsigned int flags)
{
	if (renameat2_errno)
		return fails_with(renameat2_errno);
	return __real_renameat2(from_dir, from, to_dir, to, flags);
}

/* Can nobody else lock the file that is being written? */
static bool is_locked(int fd)
{
	char path[32];
	int other;
	int r;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	other = open(path, O_RDONLY | O_CLOEXEC);
	r = flock(other, LOCK_EX | LOCK_NB);
	close(other);
	return r < 0;
}

int __wrap_fsync(int fd)
{
	struct stat st;

	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		was_locked = is_locked(fd);
	return fsync_errno ? fails_with(fsync_errno) : __real_fsync(fd);
}

ssize_t __wrap_write(int fd, const void *bytes, size_t n)
{
	if (write_errno)
		return fails_with(write_errno);
	/* Never all at once. */
	return __real_write(fd, bytes, n > 100000 ? 100000 : n);
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	helper_dir_make(f->dir);
	f->store = stores_file(f->dir);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	linkat_errno = 0;
	renameat2_errno = 0;
	fsync_errno = 0;
	write_errno = 0;
	losses = 0;
	store_close(f->store);
	helper_dir_remove(f->dir);
	free(f);
	return 0;
}

static void path_of(const struct fixture *f, const char *name,
		    char path[PATH_MAX])
{
	assert_true(snprintf(path, PATH_MAX, "%s/%s", f->dir, name) < PATH_MAX);
}

static void make_dir(const struct fixture *f, const char *name)
{
	char path[PATH_MAX];

	path_of(f, name, path);
	assert_int_equal(mkdir(path, 0700), 0);
}

static void make_link(const struct fixture *f, const char *to, const char *name)
{
	char path[PATH_MAX];

	path_of(f, name, path);
	assert_int_equal(symlink(to, path), 0);
}

/* Files in the directory, temporary ones, too. */
static unsigned int count_files(const struct fixture *f, const char *options)
{
	char command[PATH_MAX + 64];
	unsigned int n = 0;
	FILE *out;

	snprintf(command, sizeof(command), "find '%s' -type f %s | wc -l",
		 f->dir, options);
	out = popen(command, "r");
	assert_non_null(out);
	assert_int_equal(fscanf(out, "%u", &n), 1);
	pclose(out);
	return n;
}

/* ---- Objects ------------------------------------------------------------ */

static void test_put_get_delete(void **state)
{
	struct fixture *f = *state;

	stores_get(f->store, "a/b", NULL);
	stores_put(f->store, "a/b", "one");
	stores_get(f->store, "a/b", "one");
	stores_put(f->store, "a/b", "two");
	stores_get(f->store, "a/b", "two");
	stores_put(f->store, "empty", "");
	stores_get(f->store, "empty", "");
	stores_delete(f->store, "a/b");
	stores_delete(f->store, "a/b");
	stores_delete(f->store, "x/y/z");
	stores_get(f->store, "a/b", NULL);
	assert_int_equal(count_files(f, ""), 1);
}

static void test_create(void **state)
{
	struct fixture *f = *state;
	struct store_request r = {
		.op = STORE_CREATE, .key = "c", .body = "two", .body_bytes = 3
	};

	was_locked = false;
	assert_int_equal(stores_create(f->store, "c", "one"), STORE_OK);
	/* Or a list could take it for a dead writer's. */
	assert_true(was_locked);
	stores_do(f->store, &r, STORE_E_EXISTS, "CREATE c: it is in file://");
	stores_get(f->store, "c", "one");
	assert_int_equal(count_files(f, ""), 1);
}

static void range(struct fixture *f, uint64_t offset, uint64_t bytes,
		  const char *expected)
{
	struct store_request r = {
		.op = STORE_GET, .key = "r", .offset = offset, .bytes = bytes
	};

	stores_do(f->store, &r, STORE_OK, "");
	assert_int_equal(r.got_bytes, strlen(expected));
	assert_memory_equal(r.got, expected, r.got_bytes);
	store_request_clear(&r);
}

static void test_ranges(void **state)
{
	struct fixture *f = *state;

	stores_put(f->store, "r", "0123456789");
	range(f, 0, 3, "012");
	range(f, 3, 0, "3456789");
	range(f, 8, 5, "89");
	range(f, 9, 1, "9");
	range(f, 10, 5, "");
	range(f, 5000, 0, "");
}

static void test_list(void **state)
{
	struct fixture *f = *state;
	struct store_request r = { .op = STORE_LIST, .key = "packs/" };

	stores_list(f->store, "", "");
	stores_list(f->store, "none/there", "");
	stores_put(f->store, "packs/b/2", "22");
	stores_put(f->store, "packs/a/1", "1");
	stores_put(f->store, "packs/ab", "333");
	stores_put(f->store, "packs-x", "1");
	stores_put(f->store, "config", "1");
	stores_list(f->store, "",
		    "config packs-x packs/a/1 packs/ab packs/b/2 ");
	stores_list(f->store, "packs", "packs-x packs/a/1 packs/ab packs/b/2 ");
	stores_list(f->store, "packs/", "packs/a/1 packs/ab packs/b/2 ");
	stores_list(f->store, "packs/a", "packs/a/1 packs/ab ");
	stores_list(f->store, "packs/a/", "packs/a/1 ");
	stores_list(f->store, "packs/b/2", "packs/b/2 ");
	stores_list(f->store, "packs/b/22", "");
	stores_do(f->store, &r, STORE_OK, "");
	assert_int_equal(r.nr_entries, 3);
	assert_int_equal(r.entries[1].bytes, 3);
	assert_true(labs(time(NULL) - r.entries[1].modified) < 60);
	store_request_clear(&r);
}

/* As many as need room twice, and in no order. */
static void test_list_many(void **state)
{
	struct fixture *f = *state;
	struct store_request r = { .op = STORE_LIST, .key = "" };
	char key[32];
	int i;

	for (i = 0; i < 300; i++) {
		snprintf(key, sizeof(key), "d%d/%03d", i % 3, 299 - i);
		stores_put(f->store, key, "x");
	}
	stores_do(f->store, &r, STORE_OK, "");
	assert_int_equal(r.nr_entries, 300);
	for (i = 1; i < 300; i++)
		assert_true(strcmp(r.entries[i - 1].key, r.entries[i].key) < 0);
	store_request_clear(&r);
}

static void test_foreign_files(void **state)
{
	struct fixture *f = *state;

	stores_put(f->store, "a", "x");
	make_dir(f, "lost+found");
	make_dir(f, "System Volume Information");
	helper_write(f->dir, "lost+found/b", 0600, "x");
	helper_write(f->dir, "README.TXT", 0600, "x");
	helper_write(f->dir, ".hidden", 0600, "x");
	helper_write(f->dir, STALE_NAME, 0600, "x");
	stores_list(f->store, "", "a ");
}

/* ---- Links and what else may be on a disk of somebody's ------------------ */

static void test_links_lead_nowhere(void **state)
{
	struct fixture *f = *state;
	struct store_request get = { .op = STORE_GET, .key = "link" };
	struct store_request below = { .op = STORE_GET, .key = "out/secret" };
	struct store_request put = {
		.op = STORE_PUT, .key = "out/new", .body = "x", .body_bytes = 1
	};
	struct store_request over = {
		.op = STORE_PUT, .key = "link", .body = "x", .body_bytes = 1
	};
	char outside[PATH_MAX];

	helper_dir_make(outside);
	helper_write(outside, "secret", 0600, "secret");
	make_link(f, outside, "out");
	make_link(f, "out/secret", "link");
	stores_do(f->store, &get, STORE_E_IO, "move it away");
	stores_do(f->store, &below, STORE_E_IO, "move it away");
	stores_do(f->store, &put, STORE_E_IO, "move it away");
	stores_do(f->store, &over, STORE_E_IO, "move it away");
	stores_list(f->store, "", "");
	assert_false(helper_exists(outside, "new"));
	helper_dir_remove(outside);
}

static void test_not_files(void **state)
{
	struct fixture *f = *state;
	struct store_request get = { .op = STORE_GET, .key = "dir" };
	struct store_request put = {
		.op = STORE_PUT, .key = "dir", .body = "x", .body_bytes = 1
	};
	struct store_request create = {
		.op = STORE_CREATE, .key = "dir", .body = "x", .body_bytes = 1
	};
	struct store_request fifo = { .op = STORE_GET, .key = "fifo" };
	struct store_request below = {
		.op = STORE_PUT, .key = "file/x", .body = "x", .body_bytes = 1
	};
	char path[PATH_MAX];

	make_dir(f, "dir");
	path_of(f, "fifo", path);
	assert_int_equal(mkfifo(path, 0600), 0);
	stores_put(f->store, "file", "x");
	stores_do(f->store, &get, STORE_E_IO, "GET dir: in file://");
	stores_do(f->store, &put, STORE_E_IO, "PUT dir: in file://");
	stores_do(f->store, &create, STORE_E_IO, "move it away");
	stores_do(f->store, &fifo, STORE_E_IO, "move it away");
	stores_do(f->store, &below, STORE_E_IO, "move it away");
	stores_list(f->store, "", "file ");
}

static void test_too_large(void **state)
{
	struct fixture *f = *state;
	struct store_request get = { .op = STORE_GET, .key = "big" };
	struct store_request part = { .op = STORE_GET,
				      .key = "big",
				      .offset = STORE_OBJECT_MAX,
				      .bytes = 3 };
	char path[PATH_MAX];

	helper_write(f->dir, "big", 0600, "");
	path_of(f, "big", path);
	assert_int_equal(truncate(path, STORE_OBJECT_MAX + 10), 0);
	stores_do(f->store, &get, STORE_E_LIMIT, "none of ours");
	stores_do(f->store, &part, STORE_OK, "");
	assert_int_equal(part.got_bytes, 3);
	store_request_clear(&part);
}

static void test_no_directory(void **state)
{
	struct fixture *f = *state;
	struct store_request r = { .op = STORE_LIST, .key = "" };
	struct store_request put = {
		.op = STORE_PUT, .key = "x", .body = "x", .body_bytes = 1
	};
	char path[PATH_MAX];
	struct store *store;

	path_of(f, "disk", path);
	store = stores_file(path);
	stores_do(store, &r, STORE_E_NO_STORE, "connect and mount the disk");
	stores_do(store, &put, STORE_E_NO_STORE,
		  "PUT x: there is no directory");
	/* And once it is mounted, all is well. */
	make_dir(f, "disk");
	stores_put(store, "x", "y");
	stores_list(store, "", "x ");
	store_close(store);
}

static void test_denied(void **state)
{
	struct fixture *f = *state;
	struct store_request put = {
		.op = STORE_PUT, .key = "x", .body = "x", .body_bytes = 1
	};

	write_errno = EROFS;
	stores_do(f->store, &put, STORE_E_DENIED, "Read-only file system");
	write_errno = EACCES;
	stores_do(f->store, &put, STORE_E_DENIED, "allowed to read and write");
	assert_int_equal(count_files(f, ""), 0);
}

static void test_full(void **state)
{
	struct fixture *f = *state;
	struct store_request put = {
		.op = STORE_PUT, .key = "x", .body = "new", .body_bytes = 3
	};

	stores_put(f->store, "x", "old");
	write_errno = ENOSPC;
	stores_do(f->store, &put, STORE_E_FULL, "make room there");
	write_errno = 0;
	/* Some file systems only then say so. */
	fsync_errno = EDQUOT;
	stores_do(f->store, &put, STORE_E_FULL, "make room there");
	fsync_errno = EIO;
	stores_do(f->store, &put, STORE_E_IO, "Input/output error");
	fsync_errno = 0;
	stores_get(f->store, "x", "old");
	assert_int_equal(count_files(f, ""), 1);
}

/* ---- File systems without links ------------------------------------------ */

static void test_without_links(void **state)
{
	struct fixture *f = *state;

	linkat_errno = EPERM;
	assert_int_equal(stores_create(f->store, "c", "one"), STORE_OK);
	assert_int_equal(stores_create(f->store, "c", "two"), STORE_E_EXISTS);
	stores_get(f->store, "c", "one");
	assert_int_equal(count_files(f, ""), 1);
}

static void test_without_links_and_renames(void **state)
{
	struct fixture *f = *state;
	struct store_request r = {
		.op = STORE_CREATE, .key = "c", .body = "x", .body_bytes = 1
	};

	linkat_errno = EOPNOTSUPP;
	renameat2_errno = EINVAL;
	stores_do(f->store, &r, STORE_E_CONFIG, "use another one");
	assert_int_equal(count_files(f, ""), 0);
}

/* ---- Several writers, dead writers ---------------------------------------- */

/* Creates all keys; exit status 0. Wins are written to the file. */
static void racer(const struct fixture *f, const char *name, int go)
{
	struct store *store = stores_file(f->dir);
	char won[RACE_KEYS + 1] = "";
	char key[32];
	char c;
	int i;

	if (read(go, &c, 1) != 0)
		_exit(1);
	for (i = 0; i < RACE_KEYS; i++) {
		int r;

		snprintf(key, sizeof(key), "k%d/%d", i % 5, i);
		r = stores_create(store, key, name);
		if (r != STORE_OK && r != STORE_E_EXISTS)
			_exit(1);
		won[i] = r == STORE_OK ? name[0] : '.';
	}
	store_close(store);
	snprintf(key, sizeof(key), "%s-won", name);
	stores_put(f->store, key, won);
	_exit(0);
}

static void read_wins(const struct fixture *f, const char *key, char *wins)
{
	struct store_request r = { .op = STORE_GET, .key = key };

	stores_do(f->store, &r, STORE_OK, "");
	assert_int_equal(r.got_bytes, RACE_KEYS);
	memcpy(wins, r.got, RACE_KEYS);
	store_request_clear(&r);
}

static void race(struct fixture *f)
{
	char wins[2][RACE_KEYS];
	static const char *const names[2] = { "a", "b" };
	pid_t child[2];
	char key[32];
	int status;
	int go[2];
	int i;

	assert_int_equal(pipe(go), 0);
	for (i = 0; i < 2; i++) {
		child[i] = fork();
		assert_true(child[i] >= 0);
		if (child[i] == 0) {
			close(go[1]);
			racer(f, names[i], go[0]);
		}
	}
	close(go[0]);
	close(go[1]);
	for (i = 0; i < 2; i++) {
		assert_int_equal(waitpid(child[i], &status, 0), child[i]);
		assert_int_equal(status, 0);
	}
	read_wins(f, "a-won", wins[0]);
	read_wins(f, "b-won", wins[1]);
	for (i = 0; i < RACE_KEYS; i++) {
		/* Exactly one, and it is its object. */
		assert_true((wins[0][i] == '.') != (wins[1][i] == '.'));
		snprintf(key, sizeof(key), "k%d/%d", i % 5, i);
		stores_get(f->store, key, wins[0][i] == 'a' ? "a" : "b");
	}
}

static void test_race(void **state)
{
	race(*state);
}

static void test_race_without_links(void **state)
{
	linkat_errno = EPERM;
	race(*state);
}

static void fill(char *body, unsigned int number)
{
	size_t i;

	for (i = 0; i < BIG; i++)
		body[i] = (char)(number + i / 1000);
}

/* Writes until it is killed; says each time that one was written. */
static void writer(const struct fixture *f, unsigned int round, int said)
{
	struct store *store = stores_file(f->dir);
	static char body[BIG];
	unsigned int i;

	for (i = 0;; i++) {
		char key[32];
		struct store_request r = { .op = i % 2 ? STORE_PUT
						       : STORE_CREATE,
					   .key = key,
					   .body = body,
					   .body_bytes = BIG };

		fill(body, i);
		/* The PUTs are always of the same. */
		if (i % 2)
			snprintf(key, sizeof(key), "put");
		else
			snprintf(key, sizeof(key), "r%u/%u", round, i);
		if (store_do(store, &r) != STORE_OK ||
		    __real_write(said, "x", 1) != 1)
			_exit(1);
	}
}

static void check_objects(struct fixture *f)
{
	struct store_request list = { .op = STORE_LIST, .key = "" };
	static char body[BIG];
	size_t i;

	stores_do(f->store, &list, STORE_OK, "");
	assert_true(list.nr_entries > KILLS);
	for (i = 0; i < list.nr_entries; i++) {
		struct store_request r = { .op = STORE_GET,
					   .key = list.entries[i].key };

		stores_do(f->store, &r, STORE_OK, "");
		assert_int_equal(r.got_bytes, BIG);
		fill(body, r.got[0]);
		assert_memory_equal(r.got, body, BIG);
		store_request_clear(&r);
	}
	store_request_clear(&list);
}

static void kill_writer(struct fixture *f, unsigned int round)
{
	unsigned int writes = 2 + round % 5;
	int said[2];
	pid_t child;
	char c;

	assert_int_equal(pipe(said), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		writer(f, round, said[1]);
	close(said[1]);
	while (writes--)
		assert_int_equal(read(said[0], &c, 1), 1);
	/* It is somewhere in the next one. */
	usleep(round * 97 % 1500);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	close(said[0]);
}

static void make_old(const struct fixture *f)
{
	char command[PATH_MAX + 64];

	snprintf(command, sizeof(command),
		 "find '%s' -name '.osti-*' -exec touch -d '2 hours ago' {} +",
		 f->dir);
	assert_int_equal(system(command), 0);
}

static void test_killed_writers(void **state)
{
	struct fixture *f = *state;
	unsigned int i;

	for (i = 0; i < KILLS; i++)
		kill_writer(f, i);
	check_objects(f);
	/* Or nothing was killed in the middle, and this proves nothing. */
	assert_true(count_files(f, "-name '.osti-*'") > 0);
	make_old(f);
	check_objects(f);
	assert_int_equal(count_files(f, "-name '.osti-*'"), 0);
	check_objects(f);
}

static void test_temporary_files_of_others(void **state)
{
	struct fixture *f = *state;
	char path[PATH_MAX];
	int fd;

	helper_write(f->dir, STALE_NAME, 0600, "x");
	/* Young: its writer may be about to lock it. */
	stores_list(f->store, "", "");
	assert_true(helper_exists(f->dir, STALE_NAME));
	make_old(f);
	path_of(f, STALE_NAME, path);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	/* Its writer lives. */
	stores_list(f->store, "", "");
	assert_true(helper_exists(f->dir, STALE_NAME));
	close(fd);
	stores_list(f->store, "", "");
	assert_false(helper_exists(f->dir, STALE_NAME));
}

/* Frozen for hours in the middle of a write, then thawed. */
static void test_temporary_file_is_gone(void **state)
{
	struct fixture *f = *state;

	losses = 2;
	assert_int_equal(stores_create(f->store, "c", "one"), STORE_OK);
	stores_get(f->store, "c", "one");
	losses = 1000;
	assert_int_equal(stores_create(f->store, "d", "one"), STORE_E_IO);
	losses = 0;
	assert_int_equal(count_files(f, ""), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_put_get_delete),
		TEST(test_create),
		TEST(test_ranges),
		TEST(test_list),
		TEST(test_list_many),
		TEST(test_foreign_files),
		TEST(test_links_lead_nowhere),
		TEST(test_not_files),
		TEST(test_too_large),
		TEST(test_no_directory),
		TEST(test_denied),
		TEST(test_full),
		TEST(test_without_links),
		TEST(test_without_links_and_renames),
		TEST(test_race),
		TEST(test_race_without_links),
		TEST(test_killed_writers),
		TEST(test_temporary_files_of_others),
		TEST(test_temporary_file_is_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
