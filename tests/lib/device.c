// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * device.c - one emulated device under test
 */
#include "device.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "fail.h"
#include "qmp.h"

#define START_MS	60000
#define QMP_MS		60000
#define SAVE_MS		600000
#define TAIL_LINES	40
#define MAX_PATTERNS	8

extern char **environ;

/* Unless they are expected, a wait ends at once when one appears. */
#define FATAL_PANIC	"Kernel panic - not syncing.*$"
#define FATAL_ERROR	"osti-mon: error: .*$"
#define NR_FATAL	2

struct device {
	char *name, *log, **argv;
	char **removable, **rtc;	/* in argv */
	char **once;		/* in argv: for the first time only */
	int memory;		/* file with its RAM; -1 if there is none */
	char *dir;		/* exists only while it is switched on or made */
	bool has_dir;
	struct storage *storage;
	const struct device_file *files;
	pid_t pid;		/* of the emulator, or of the last one */
	int terminal;		/* what it has as its terminal; -1 if none */
	bool ended, paused;
	bool errors, panics;	/* of the monitor, of kernels: are expected */
	int status;
	int output;		/* what the emulator itself says */
	struct console *con;
	struct qmp *qmp;
	struct console_match match;
	struct device *next;
};

/* Devices to be ended when the test program exits. */
static struct device *devices;

/* ---- Paths and programs of the host --------------------------------------- */

const char *build_dir(void)
{
	const char *dir = getenv("OSTI_BUILD");

	return dir ? dir : "build";
}

char *build_path(const char *fmt, ...)
{
	char *rest, *path;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&rest, fmt, ap);
	va_end(ap);
	if (n < 0 || asprintf(&path, "%s/%s", build_dir(), rest) < 0)
		test_fail("out of memory");
	free(rest);
	return path;
}

char *host_output(const char *const *argv)
{
	posix_spawn_file_actions_t actions;
	int status, ret, fd;
	char *text;
	off_t size;
	pid_t pid;

	fd = memfd_create("host-output", MFD_CLOEXEC);
	if (fd < 0)
		test_fail("memfd_create: %s", strerror(errno));
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, fd, 1);
	posix_spawn_file_actions_adddup2(&actions, fd, 2);
	ret = posix_spawnp(&pid, argv[0], &actions, NULL, (char *const *)argv,
			   environ);
	posix_spawn_file_actions_destroy(&actions);
	if (ret)
		test_fail("cannot run %s: %s", argv[0], strerror(ret));
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			test_fail("waitpid: %s", strerror(errno));

	size = lseek(fd, 0, SEEK_END);
	text = calloc(1, size + 1);
	if (!text || pread(fd, text, size, 0) != size)
		test_fail("cannot read what %s printed", argv[0]);
	close(fd);
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		test_fail("%s %s ... failed (wait status 0x%x):\n%s", argv[0],
			  argv[1] ? argv[1] : "", status, text);
	return text;
}

void host_run(const char *const *argv)
{
	free(host_output(argv));
}

static char *format(const char *fmt, ...)
{
	va_list ap;
	char *s;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&s, fmt, ap);
	va_end(ap);
	if (n < 0)
		test_fail("out of memory");
	return s;
}

static int remove_entry(const char *path, const struct stat *st, int type,
			struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void remove_dir(struct device *dev)
{
	if (dev->has_dir)
		nftw(dev->dir, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
	dev->has_dir = false;
}

/* ---- Failure --------------------------------------------------------------- */

/* What the emulator said before it ended; else it is mere chatter. */
static char *output_tail(struct device *dev)
{
	off_t size = lseek(dev->output, 0, SEEK_END), from = 0;
	char *text;
	ssize_t n;

	if (size > 2000)
		from = size - 2000;
	text = calloc(1, size - from + 1);
	if (!text)
		return NULL;
	n = pread(dev->output, text, size - from, from);
	text[n > 0 ? n : 0] = '\0';
	return text;
}

void device_fail(struct device *dev, const char *fmt, ...)
{
	char *what, *tail, *output;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&what, fmt, ap) < 0)
		what = NULL;
	va_end(ap);
	tail = dev->con ? console_tail(dev->con, TAIL_LINES) : strdup("");
	output = dev->ended ? output_tail(dev) : NULL;
	test_fail("device %s: %s\n  last lines of its console (all of it: %s):\n%s%s%s",
		  dev->name, what ? what : "out of memory", dev->log,
		  tail ? tail : "", output && *output ? "  the emulator says: " : "",
		  output ? output : "");
}

/* ---- Waiting --------------------------------------------------------------- */

static void reap(struct device *dev, int flags)
{
	if (!dev->ended && waitpid(dev->pid, &dev->status, flags) == dev->pid)
		dev->ended = true;
}

/* Take in what comes from any channel until the deadline at the latest. */
static void follow(struct device *dev, double deadline)
{
	double left = deadline - clock_now_ms();
	struct pollfd pfd[2] = {
		{ .fd = dev->con ? console_fd(dev->con) : -1, .events = POLLIN },
		{ .fd = dev->qmp ? qmp_fd(dev->qmp) : -1, .events = POLLIN },
	};

	/* Not longer than 100 ms, to see that the emulator has ended. */
	poll(pfd, 2, left < 0 ? 0 : left > 100 ? 100 : (int)left + 1);
	if (dev->con && !console_read(dev->con))
		reap(dev, 0);
	if (dev->qmp)
		qmp_read(dev->qmp);
	reap(dev, WNOHANG);
}

static void check_alive(struct device *dev, const char *waited_for)
{
	if (!dev->ended)
		return;
	if (WIFSIGNALED(dev->status))
		device_fail(dev, "the emulator was ended by signal %d while %s",
			    WTERMSIG(dev->status), waited_for);
	device_fail(dev, "the emulator exited with %d while %s",
		    WEXITSTATUS(dev->status), waited_for);
}

void device_follow(struct device *dev)
{
	follow(dev, 0);
}

void device_expect_errors(struct device *dev, bool errors)
{
	dev->errors = errors;
}

void device_expect_panics(struct device *dev, bool panics)
{
	dev->panics = panics;
}

const struct console_match *device_expect_any(struct device *dev,
					      const char *const *patterns,
					      double ms)
{
	double deadline = clock_deadline_ms(ms), start = clock_now_ms();
	const char *all[MAX_PATTERNS];
	char *waiting;
	int n, nr;

	for (n = 0; patterns[n]; n++) {
		if (n + NR_FATAL >= MAX_PATTERNS)
			test_fail("device_expect_any: too many patterns");
		all[n] = patterns[n];
	}
	nr = n;
	if (!dev->panics)
		all[nr++] = FATAL_PANIC;
	if (!dev->errors)
		all[nr++] = FATAL_ERROR;

	for (;;) {
		if (console_search(dev->con, all, nr, &dev->match))
			break;
		waiting = format("the console was to show \"%s\"%s",
				 patterns[0], n > 1 ? " or others" : "");
		check_alive(dev, waiting);
		if (clock_now_ms() > deadline)
			device_fail(dev, "%s within %.0f ms, it did not",
				    waiting, deadline - start);
		free(waiting);
		follow(dev, deadline);
	}
	if (dev->match.index >= n)
		device_fail(dev, "\"%s\" instead of \"%s\"",
			    dev->match.group[0], patterns[0]);
	return &dev->match;
}

const struct console_match *device_expect(struct device *dev,
					  const char *pattern, double ms)
{
	const char *const patterns[] = { pattern, NULL };

	return device_expect_any(dev, patterns, ms);
}

void device_send(struct device *dev, const char *text)
{
	console_write(dev->con, text, strlen(text));
}

/* ---- QMP ------------------------------------------------------------------- */

json_t *device_qmp(struct device *dev, const char *command, json_t *arguments)
{
	double deadline = clock_deadline_ms(QMP_MS);
	int id = qmp_send(dev->qmp, command, arguments);
	json_t *reply, *value, *error;

	while (!(reply = qmp_reply(dev->qmp, id))) {
		check_alive(dev, command);
		if (clock_now_ms() > deadline)
			device_fail(dev, "QEMU did not answer the QMP command %s within %d ms",
				    command, QMP_MS);
		follow(dev, deadline);
	}
	value = json_object_get(reply, "return");
	if (!value) {
		error = json_object_get(json_object_get(reply, "error"), "desc");
		device_fail(dev, "QEMU refused the QMP command %s: %s", command,
			    error ? json_string_value(error) : "no reason given");
	}
	json_incref(value);
	json_decref(reply);
	return value;
}

json_t *device_event(struct device *dev, const char *name, double ms)
{
	double deadline = clock_deadline_ms(ms);
	json_t *event;

	while (!(event = qmp_event(dev->qmp, name))) {
		check_alive(dev, name);
		if (clock_now_ms() > deadline)
			device_fail(dev, "the QMP event %s was expected within %.0f ms, it did not come",
				    name, ms);
		follow(dev, deadline);
	}
	return event;
}

void device_disk_io(struct device *dev, const char *disk, uint64_t *read,
		    uint64_t *written)
{
	json_t *drives = device_qmp(dev, "query-blockstats", NULL), *drive;
	const char *name;
	json_t *stats;
	size_t i;

	json_array_foreach(drives, i, drive) {
		name = json_string_value(json_object_get(drive, "device"));
		if (!name || strcmp(name, disk))
			continue;
		stats = json_object_get(drive, "stats");
		*read = json_integer_value(json_object_get(stats, "rd_bytes"));
		*written = json_integer_value(json_object_get(stats, "wr_bytes"));
		json_decref(drives);
		return;
	}
	device_fail(dev, "QEMU tells of no drive named %s", disk);
}

double device_press(struct device *dev, const char *keys)
{
	json_t *list = json_array();
	const char *key = keys, *end;
	double ms;

	for (;;) {
		end = strchrnul(key, '-');
		json_array_append_new(list, json_pack("{s:s, s:s%}", "type",
						      "qcode", "data", key,
						      (size_t)(end - key)));
		if (!*end)
			break;
		key = end + 1;
	}
	ms = clock_now_ms();
	json_decref(device_qmp(dev, "send-key", json_pack("{s:o, s:i}", "keys",
							  list, "hold-time",
							  40)));
	return ms;
}

double device_power_key(struct device *dev)
{
	double ms = clock_now_ms();

	json_decref(device_qmp(dev, "system_powerdown", NULL));
	return ms;
}

void device_off(struct device *dev, double ms)
{
	double deadline = clock_deadline_ms(ms);

	while (!dev->ended) {
		if (clock_now_ms() > deadline)
			device_fail(dev, "the device was to switch itself off within %.0f ms",
				    ms);
		follow(dev, deadline);
	}
	if (dev->status)
		check_alive(dev, "it was to switch itself off");
}

void device_pause(struct device *dev)
{
	json_decref(device_qmp(dev, "stop", NULL));
	dev->paused = true;
}

void device_go_on(struct device *dev)
{
	json_decref(device_qmp(dev, "cont", NULL));
	dev->paused = false;
}

const uint8_t *device_memory(struct device *dev, uint64_t address, size_t size)
{
	bool paused = dev->paused;
	char *path;
	void *bytes;
	int fd;

	/* QEMU writes it straight into an anonymous file of this process. */
	fd = memfd_create("device-memory", 0);
	if (fd < 0)
		test_fail("memfd_create: %s", strerror(errno));
	path = format("/proc/%d/fd/%d", getpid(), fd);
	if (!paused)
		device_pause(dev);
	json_decref(device_qmp(dev, "pmemsave",
			       json_pack("{s:I, s:I, s:s}",
					 "val", (json_int_t)address,
					 "size", (json_int_t)size,
					 "filename", path)));
	if (!paused)
		device_go_on(dev);
	free(path);
	bytes = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
	if (bytes == MAP_FAILED)
		test_fail("mmap of device memory: %s", strerror(errno));
	if (lseek(fd, 0, SEEK_END) != (off_t)size)
		device_fail(dev, "QEMU saved %lld bytes of memory, expected %zu",
			    (long long)lseek(fd, 0, SEEK_END), size);
	close(fd);
	return bytes;
}

void device_memory_free(const uint8_t *bytes, size_t size)
{
	munmap((void *)bytes, size);
}

/* ---- Saved devices --------------------------------------------------------- */

static int open_in(const char *dir, const char *name, int flags)
{
	char *path = format("%s/%s", dir, name);
	int fd = open(path, flags | O_CLOEXEC, 0600);

	if (fd < 0)
		test_fail("cannot open %s: %s", path, strerror(errno));
	free(path);
	return fd;
}

/*
 * Write or read all of the device but its disks and RAM, whose file is saved as it
 * is: reading a GiB from a stream would cost the most.
 * Return: whether the emulator has done it.
 */
static bool migrate(struct device *dev, const char *command, const char *how,
		    int fd)
{
	char *uri = format("exec:cat %s/proc/%d/fd/%d", how, getpid(), fd);
	char status[16] = "";
	json_t *event;

	json_decref(device_qmp(dev, "migrate-set-capabilities",
			       json_pack("{s:[{s:s, s:b}, {s:s, s:b}]}",
					 "capabilities",
					 "capability", "x-ignore-shared",
					 "state", true,
					 "capability", "events",
					 "state", true)));
	json_decref(device_qmp(dev, command, json_pack("{s:s}", "uri", uri)));
	free(uri);
	while (strcmp(status, "completed") && strcmp(status, "failed")) {
		event = device_event(dev, "MIGRATION", SAVE_MS);
		snprintf(status, sizeof(status), "%s",
			 json_string_value(json_object_get(json_object_get(
				event, "data"), "status")));
		json_decref(event);
	}
	return !strcmp(status, "completed");
}

/* It says that it is done a moment before it is ready to go on. */
static void wait_stopped(struct device *dev)
{
	double deadline = clock_deadline_ms(QMP_MS);
	const char *state;
	bool stopped;
	json_t *reply;

	do {
		if (clock_now_ms() > deadline)
			device_fail(dev, "the emulator does not come to rest within %d ms",
				    QMP_MS);
		reply = device_qmp(dev, "query-status", NULL);
		state = json_string_value(json_object_get(reply, "status"));
		stopped = !strcmp(state, "postmigrate") ||
			!strcmp(state, "paused");
		json_decref(reply);
	} while (!stopped);
}

bool device_save(struct device *dev, const char *dir)
{
	char *memory = format("/proc/%d/fd/%d", getpid(), dev->memory);
	char *copy = format("%s/memory", dir);
	int fd = open_in(dir, "state", O_WRONLY | O_CREAT | O_EXCL);
	bool done;

	device_pause(dev);
	done = migrate(dev, "migrate", ">", fd);
	if (done) {
		storage_save(dev->storage, dir);
		host_run((const char *const[]){ "cp", "--sparse=always", memory,
			 copy, NULL });
	}
	wait_stopped(dev);
	device_go_on(dev);
	remove_dir(dev);
	close(fd);
	free(copy);
	free(memory);
	return done;
}

/* The saved state is in the emulator from then on. */
static void load(struct device *dev, const char *dir)
{
	int fd = open_in(dir, "state", O_RDONLY);

	if (!migrate(dev, "migrate-incoming", "", fd))
		device_fail(dev, "the emulator does not take what was saved in %s",
			    dir);
	close(fd);
	wait_stopped(dev);
	device_go_on(dev);
}

/* RAM in a file: others may have it later, or each its own view of it. */
static void open_memory(struct device *dev, const struct device_options *opt)
{
	if (opt->saved)
		dev->memory = open_in(opt->saved, "memory", O_RDONLY);
	else if (opt->to_save)
		dev->memory = memfd_create("device-ram", MFD_CLOEXEC);
	else
		return;
	if (dev->memory < 0)
		test_fail("memfd_create: %s", strerror(errno));
}

static void add_memory(struct device *dev, const struct device_options *opt,
		       char **argv)
{
	unsigned int mib = opt->ram_mib ? opt->ram_mib : CONFIG_OSTI_RAM_MIB;
	int n = 0;

	argv[n++] = format("--");
	argv[n++] = format("-object");
	argv[n++] = format("memory-backend-file,id=ram,size=%uM,mem-path=/proc/%d/fd/%d,share=%s",
			   mib, getpid(), dev->memory,
			   opt->saved ? "off" : "on");
	argv[n++] = format("-machine");
	argv[n++] = format("memory-backend=ram");
	if (opt->saved) {
		argv[n++] = format("-incoming");
		argv[n++] = format("defer");
	}
}

/* It begins with what was saved, and with RAM in a file, once only. */
static void forget_memory(struct device *dev)
{
	char **arg;

	for (arg = dev->once; *arg; arg++) {
		free(*arg);
		*arg = NULL;
	}
	if (dev->memory >= 0)
		close(dev->memory);
	dev->memory = -1;
}

/* ---- Start and stop -------------------------------------------------------- */

static int connect_to(struct device *dev, const char *path)
{
	double deadline = clock_deadline_ms(START_MS);
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(addr.sun_path))
		test_fail("socket path too long, set TMPDIR to a shorter one: %s",
			  path);
	strcpy(addr.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		test_fail("socket: %s", strerror(errno));
	while (connect(fd, (struct sockaddr *)&addr, sizeof(addr))) {
		reap(dev, WNOHANG);
		check_alive(dev, "it was to open its sockets");
		if (clock_now_ms() > deadline)
			device_fail(dev, "cannot connect to %s within %d ms: %s",
				    path, START_MS, strerror(errno));
		/* There is nothing to wait on before the socket exists. */
		poll(NULL, 0, 5);
	}
	return fd;
}

static void spawn(struct device *dev)
{
	pid_t parent = getpid();

	dev->output = open(dev->dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (dev->output < 0)
		test_fail("cannot make a file in %s: %s", dev->dir,
			  strerror(errno));
	dev->pid = fork();
	if (dev->pid < 0)
		test_fail("fork: %s", strerror(errno));
	/* Here, too: whoever of the two comes first. */
	if (dev->pid && dev->terminal >= 0)
		setpgid(dev->pid, dev->pid);
	if (dev->pid)
		return;

	/* The emulator must not outlive the test, however the test ends. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(127);
	if (dev->terminal >= 0)
		setpgid(0, 0);
	dup2(dev->terminal >= 0 ? dev->terminal : open("/dev/null", O_RDONLY), 0);
	dup2(dev->terminal >= 0 ? dev->terminal : dev->output, 1);
	dup2(dev->output, 2);
	execv(dev->argv[0], dev->argv);
	dprintf(2, "cannot run %s: %s\n", dev->argv[0], strerror(errno));
	_exit(127);
}

static void stop_all(void)
{
	while (devices)
		device_stop(devices);
}

static char *removable_argument(const struct device *dev, bool there)
{
	return there ? format("--removable=%s/removable.img", dev->dir) :
		       format("--removable=");
}

static void make_argv(struct device *dev, const struct device_options *opt)
{
	const char *script = getenv("OSTI_RUN_QEMU");
	char *boot = build_path("images/boot.img");
	char **argv = calloc(32, sizeof(*argv));
	int n = 0;

	if (!argv)
		test_fail("out of memory");
	argv[n++] = format("%s", script ? script : "scripts/run-qemu");
	argv[n++] = format("--build=%s", build_dir());
	argv[n++] = format("--data-dir=%s", dev->dir);
	argv[n++] = format("--boot=%s", opt->boot_image ? opt->boot_image : boot);
	argv[n++] = format("--serial=%s/serial", dev->dir);
	argv[n++] = format("--qmp=%s/qmp", dev->dir);
	argv[n++] = format("--cpus=%u", opt->cpus ? opt->cpus : CONFIG_OSTI_CPUS);
	argv[n++] = format("--cpu=%s", opt->cpu ? opt->cpu : "cortex-a57");
	if (opt->firmware)
		argv[n++] = format("--firmware=%s", opt->firmware);
	if (opt->ram_mib)
		argv[n++] = format("--ram=%u", opt->ram_mib);
	if (opt->files)
		argv[n++] = format("--files=%s/tests/files/%s", build_dir(),
				   opt->name);
	if (opt->forward)
		argv[n++] = format("--forward=%u", opt->forward);
	if (opt->reach)
		argv[n++] = format("--reach=%u", opt->reach);
	dev->removable = &argv[n];
	argv[n++] = removable_argument(dev, opt->removable);
	dev->rtc = &argv[n];
	argv[n++] = format("--rtc=");
	if (opt->exchange)
		argv[n++] = format("--exchange=%s/exchange.img", dev->dir);
	if (opt->flash)
		argv[n++] = format("--flash=%s/flash.img", dev->dir);
	if (opt->icount)
		argv[n++] = format("--icount=0");
	if (opt->display)
		argv[n++] = format("--display=none");
	dev->once = &argv[n];
	if (dev->memory >= 0)
		add_memory(dev, opt, &argv[n]);
	dev->argv = argv;
	free(boot);
}

/* What scripts/run-device looks for in the build directory, with disks of its own. */
static void make_run(struct device *dev)
{
	static const char *const names[] = { "include", "images", "firmware.bin" };
	char *build = realpath(build_dir(), NULL), *target, *path;
	char **argv = calloc(3, sizeof(*argv));
	unsigned int i;

	if (!build || !argv)
		test_fail("cannot find %s: %s", build_dir(), strerror(errno));
	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		target = format("%s/%s", build, names[i]);
		path = format("%s/%s", dev->dir, names[i]);
		if (symlink(target, path))
			test_fail("cannot make the link %s: %s", path,
				  strerror(errno));
		free(path);
		free(target);
	}
	path = format("%s/run", dev->dir);
	if (symlink(".", path))
		test_fail("cannot make the link %s: %s", path, strerror(errno));
	free(path);
	free(build);
	argv[0] = format("scripts/run-device");
	argv[1] = format("%s", dev->dir);
	dev->argv = argv;
}

static void make_dir(struct device *dev)
{
	if (mkdir(dev->dir, 0700))
		test_fail("mkdir %s: %s", dev->dir, strerror(errno));
	dev->has_dir = true;
}

/* A name of its own, which is used again each time it is switched on. */
static void make_first_dir(struct device *dev)
{
	const char *tmp = getenv("TMPDIR");

	dev->dir = format("%s/osti-XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(dev->dir))
		test_fail("mkdtemp %s: %s", dev->dir, strerror(errno));
	dev->has_dir = true;
}

static void connect_console(struct device *dev)
{
	char *path = format("%s/serial", dev->dir);
	int fd = connect_to(dev, path);

	if (dev->con)
		console_connect(dev->con, fd);
	else
		dev->con = console_new(fd, dev->log);
	free(path);
}

static void connect_qmp(struct device *dev)
{
	char *path = format("%s/qmp", dev->dir);
	double deadline;

	qmp_free(dev->qmp);
	dev->qmp = qmp_new(connect_to(dev, path));
	free(path);
	deadline = clock_deadline_ms(START_MS);
	while (!qmp_greeted(dev->qmp)) {
		check_alive(dev, "it was to greet on its QMP socket");
		if (clock_now_ms() > deadline)
			device_fail(dev, "QEMU did not greet on its QMP socket within %d ms",
				    START_MS);
		follow(dev, deadline);
	}
	json_decref(device_qmp(dev, "qmp_capabilities", NULL));
}

/* By scripts/run-device; the directory exists. */
static void run(struct device *dev)
{
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds))
		test_fail("socketpair: %s", strerror(errno));
	dev->terminal = fds[1];
	storage_link(dev->storage, dev->dir);
	spawn(dev);
	close(fds[1]);
	dev->con = console_new(fds[0], dev->log);
}

/* The same, by scripts/run-qemu. */
static void switch_on(struct device *dev)
{
	storage_link(dev->storage, dev->dir);
	spawn(dev);
	connect_console(dev);
	connect_qmp(dev);
}

/* Links: a device that goes on after this one takes nothing with it. */
static void offer_files(struct device *dev)
{
	char *dir = build_path("tests/files/%s", dev->name), *path, *host;
	const struct device_file *f;

	host_run((const char *const[]){ "rm", "-rf", dir, NULL });
	for (f = dev->files; f && f->slot; f++) {
		host = realpath(f->host, NULL);
		if (!host)
			test_fail("cannot find %s: %s; run make first", f->host,
				  strerror(errno));
		path = format("%s/%s", dir, f->slot);
		host_run((const char *const[]){ "mkdir", "-p", path, NULL });
		free(path);
		path = format("%s/%s/%s", dir, f->slot, f->name);
		if (symlink(host, path))
			test_fail("cannot make the link %s: %s", path,
				  strerror(errno));
		free(path);
		free(host);
	}
	free(dir);
}

struct device *device_start(const struct device_options *opt)
{
	struct device *dev = calloc(1, sizeof(*dev));
	char *path;

	if (!dev)
		test_fail("out of memory");
	if (!devices)
		atexit(stop_all);
	dev->memory = -1;
	dev->terminal = -1;
	dev->name = strdup(opt->name);
	dev->log = build_path("tests/log/%s.serial", opt->name);
	path = build_path("tests/log");
	host_run((const char *const[]){ "mkdir", "-p", path, NULL });
	free(path);
	make_first_dir(dev);
	dev->next = devices;
	devices = dev;

	dev->storage = storage_new(dev->dir, opt->saved);
	if (opt->flash) {
		char *firmware = build_path("firmware.bin");

		storage_new_flash(dev->storage, dev->dir, firmware);
		free(firmware);
	}
	dev->files = opt->files;
	offer_files(dev);
	if (opt->by_run) {
		make_run(dev);
		run(dev);
		return dev;
	}
	open_memory(dev, opt);
	make_argv(dev, opt);
	switch_on(dev);
	if (opt->saved)
		load(dev, opt->saved);
	/*
	 * All files are open by now: nothing is left behind from here on. But to
	 * save it, the emulator opens them once more.
	 */
	if (!opt->to_save)
		remove_dir(dev);
	return dev;
}

static void check_off(struct device *dev, const char *what)
{
	if (!dev->ended)
		test_fail("device %s: %s while it has power", dev->name, what);
}

/* With a terminal it is one of several processes. */
static void end_emulator(struct device *dev)
{
	if (dev->pid <= 0 || dev->ended)
		return;
	kill(dev->terminal >= 0 ? -dev->pid : dev->pid, SIGKILL);
	reap(dev, 0);
}

void device_cut_power(struct device *dev)
{
	end_emulator(dev);
	/* What it had said by then belongs to the transcript. */
	console_read(dev->con);
}

bool device_has_power(struct device *dev)
{
	reap(dev, WNOHANG);
	return !dev->ended;
}

void device_power_on(struct device *dev)
{
	check_off(dev, "device_power_on()");
	forget_memory(dev);
	make_dir(dev);
	close(dev->output);
	dev->ended = false;
	dev->paused = false;
	switch_on(dev);
	remove_dir(dev);
}

const struct device_file *device_files(const struct device *dev)
{
	return dev->files;
}

struct storage *device_storage(struct device *dev)
{
	return dev->storage;
}

void device_removable(struct device *dev, bool there)
{
	check_off(dev, "device_removable()");
	free(*dev->removable);
	*dev->removable = removable_argument(dev, there);
}

void device_rtc(struct device *dev, const char *when)
{
	check_off(dev, "device_rtc()");
	free(*dev->rtc);
	*dev->rtc = format("--rtc=%s", when);
}

void device_new_nv(struct device *dev)
{
	check_off(dev, "device_new_nv()");
	make_dir(dev);
	storage_new_nv(dev->storage, dev->dir);
	remove_dir(dev);
}

void device_other(struct device *dev)
{
	check_off(dev, "device_other()");
	make_dir(dev);
	storage_other(dev->storage, dev->dir);
	remove_dir(dev);
}

void device_stop(struct device *dev)
{
	struct device **p;
	int i;

	if (!dev)
		return;
	for (p = &devices; *p; p = &(*p)->next)
		if (*p == dev)
			break;
	if (*p)
		*p = dev->next;
	end_emulator(dev);
	console_free(dev->con);
	qmp_free(dev->qmp);
	if (dev->output > 0)
		close(dev->output);
	remove_dir(dev);
	storage_free(dev->storage);
	if (dev->memory >= 0)
		close(dev->memory);
	for (i = 0; dev->argv && dev->argv[i]; i++)
		free(dev->argv[i]);
	free(dev->argv);
	free(dev->dir);
	free(dev->name);
	free(dev->log);
	free(dev);
}

struct console *device_console(struct device *dev)
{
	return dev->con;
}

int device_pid(const struct device *dev)
{
	return dev->pid;
}
