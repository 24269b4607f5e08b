// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fakeqemu - stands in for scripts/run-qemu in the library's own test
 *
 * Opens the serial and QMP sockets and behaves, as far as the library can see,
 * like a device: a boot menu, two slots with a shell, a hot key. Command lines
 * are run by the host's shell, with some commands replaced by what the test
 * wants to happen.
 */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * "switchctl switch NAME" tells its slot after a \001 and stops until the slot
 * is back. \002 and \003 end the emulator. "keep WORD" adds to the store disk.
 */
static const char prelude[] =
	"switchctl() { [ $1 != mark-good ] || return 0; "
	"printf '\\001%s\\001' $2; kill -STOP $$; }\n"
	"refuse() { return 16; }\n"
	"panic() { echo '[    9.9] Kernel panic - not syncing: test'; }\n"
	"chatter() { echo '[    5.000001] usb 1-1: hello'; "
	"printf 'wo'; echo 'osti-mon: hello'; echo 'rd'; }\n"
	"off() { printf '\\003'; }\n"
	"die() { printf '\\002'; }\n"
	"keep() { echo $1 >&9; }\n"
	"dmesg() { :; }; mkdir() { :; }; chmod() { :; }\n"
	"tee() { cat >/dev/null; }\n";

static const char *const names[] = { "menu", "personal", "work" };

static struct slot {
	bool booted;
	pid_t pid;		/* command under way */
	int out;
} slots[3];

static int serial, qmp, store, at;

static void say(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vdprintf(serial, fmt, ap);
	va_end(ap);
}

static void enter(int slot)
{
	at = slot;
	if (slots[slot].booted) {
		say("osti: %s is back\r\n", names[slot]);
		if (slots[slot].pid)
			kill(slots[slot].pid, SIGCONT);
		return;
	}
	slots[slot].booted = true;
	say("[    0.100000] Booting\r\nosti: %s is up\r\n\033[6n%s# ",
	    names[slot], names[slot]);
}

static void start_command(const char *line)
{
	struct slot *slot = &slots[at];
	char *script;
	int fd[2];

	if (pipe(fd) || asprintf(&script, "%s%s", prelude, line) < 0)
		exit(1);
	say("%s\r\n", line);
	slot->pid = fork();
	if (!slot->pid) {
		dup2(fd[1], 1);
		dup2(fd[1], 2);
		dup2(store, 9);
		execl("/bin/sh", "sh", "-c", script, NULL);
		_exit(127);
	}
	close(fd[1]);
	slot->out = fd[0];
	free(script);
}

static void end_command(void)
{
	struct slot *slot = &slots[at];

	waitpid(slot->pid, NULL, 0);
	close(slot->out);
	slot->pid = 0;
	say("%s# ", names[at]);
}

static void pass_output(void)
{
	char buf[4096];
	ssize_t n = read(slots[at].out, buf, sizeof(buf)), i;

	if (n <= 0) {
		end_command();
		return;
	}
	for (i = 0; i < n; i++) {
		if (buf[i] == '\001') {
			waitpid(slots[at].pid, NULL, WUNTRACED);
			enter(buf[i + 1] == 'w' ? 2 : 1);
			return;
		}
		if (buf[i] == '\002')
			exit(3);
		if (buf[i] == '\003')
			exit(0);
		say(buf[i] == '\n' ? "\r\n" : "%c", buf[i]);
	}
}

static void serial_input(void)
{
	static char line[4096];
	static size_t len;
	char c;

	if (read(serial, &c, 1) != 1)
		exit(0);
	if (!at) {
		if (c == '1' || c == '2')
			enter(c - '0');
		return;
	}
	if (c != '\n') {
		line[len++ % (sizeof(line) - 1)] = c;
		return;
	}
	line[len] = '\0';
	len = 0;
	start_command(line);
}

static void answer(int id, const char *value)
{
	dprintf(qmp, "{\"return\": %s, \"id\": %d}\r\n", value, id);
}

static void qmp_command(const char *line)
{
	json_t *msg = json_loads(line, 0, NULL), *args, *keys, *key;
	const char *name = json_string_value(json_object_get(msg, "execute"));
	int id = json_integer_value(json_object_get(msg, "id"));
	const char *data = "";
	FILE *f;
	size_t i;

	args = json_object_get(msg, "arguments");
	if (!strcmp(name, "send-key")) {
		keys = json_object_get(args, "keys");
		json_array_foreach(keys, i, key)
			data = json_string_value(json_object_get(key, "data"));
		answer(id, "{}");
		if (*data == 'f')
			enter(data[1] - '0');
	} else if (!strcmp(name, "system_powerdown")) {
		dprintf(qmp, "{\"event\": \"POWERDOWN\"}\r\n");
		answer(id, "{}");
	} else if (!strcmp(name, "pmemsave")) {
		data = json_string_value(json_object_get(args, "filename"));
		f = fopen(data, "wb");
		for (i = json_integer_value(json_object_get(args, "size")); i; i--)
			fputc('m', f);
		fclose(f);
		answer(id, "{}");
	} else if (!strcmp(name, "no-such-command")) {
		dprintf(qmp, "{\"error\": {\"desc\": \"not found\"}, \"id\": %d}\r\n",
			id);
	} else {
		answer(id, "{}");
	}
	json_decref(msg);
}

static void qmp_input(void)
{
	static char line[4096];
	static size_t len;
	char c;

	/* One JSON object after the other, without line ends. */
	if (read(qmp, &c, 1) != 1)
		exit(0);
	line[len++] = c;
	line[len] = '\0';
	if (json_loads(line, 0, NULL)) {
		qmp_command(line);
		len = 0;
	}
}

static void open_store(const char *dir)
{
	char *path;

	if (asprintf(&path, "%s/store.img", dir) < 0)
		exit(1);
	store = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
	if (store < 0)
		exit(1);
	free(path);
}

static int serve(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0), con;

	strncpy(addr.sun_path, path, sizeof(addr.sun_path) - 1);
	if (bind(fd, (struct sockaddr *)&addr, sizeof(addr)) || listen(fd, 1))
		exit(1);
	con = accept(fd, NULL, NULL);
	close(fd);
	return con;
}

int main(int argc, char **argv)
{
	const char *serial_path = NULL, *qmp_path = NULL;
	struct pollfd pfd[3];
	int i;

	for (i = 1; i < argc; i++) {
		if (!strncmp(argv[i], "--serial=", 9))
			serial_path = argv[i] + 9;
		if (!strncmp(argv[i], "--qmp=", 6))
			qmp_path = argv[i] + 6;
		if (!strncmp(argv[i], "--data-dir=", 11))
			open_store(argv[i] + 11);
	}
	if (!serial_path || !qmp_path || getenv("FAKEQEMU_BROKEN")) {
		fprintf(stderr, "fakeqemu: no such machine\n");
		return 1;
	}
	serial = serve(serial_path);
	qmp = serve(qmp_path);
	dprintf(qmp, "{\"QMP\": {\"version\": {}}}\r\n");
	say("OSTI boot menu\r\nosti: waiting for a key\r\n");

	for (;;) {
		pfd[0] = (struct pollfd){ .fd = serial, .events = POLLIN };
		pfd[1] = (struct pollfd){ .fd = qmp, .events = POLLIN };
		pfd[2] = (struct pollfd){ .fd = slots[at].pid ? slots[at].out : -1,
					  .events = POLLIN };
		if (poll(pfd, 3, -1) < 0)
			return 1;
		if (pfd[1].revents)
			qmp_input();
		else if (pfd[2].revents)
			pass_output();
		else if (pfd[0].revents)
			serial_input();
	}
}
