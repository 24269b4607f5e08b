// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * xwindow.c - the device's window on a display of X that nobody sees
 */
#include "xwindow.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "fail.h"

#define START_MS	60000

/* Larger than the window, so that a corner is left for the pointer. */
#define SCREEN		"1600x1200x24"
#define CORNER_X	"1599"
#define CORNER_Y	"1199"

/*
 * X11/XWDFile.h: what a file of "xwd" begins with, most significant byte first.
 * Behind it are a name, up to @header_size, @ncolors entries, and the pixels.
 */
struct xwd {
	uint32_t header_size, file_version, format, depth, width, height, xoffset;
	uint32_t byte_order, bitmap_unit, bitmap_bit_order, bitmap_pad;
	uint32_t bits_per_pixel, bytes_per_line, visual_class;
	uint32_t red_mask, green_mask, blue_mask, bits_per_rgb, map_entries, ncolors;
	uint32_t window_width, window_height, window_x, window_y, border;
};

#define XWD_VERSION	7
#define XWD_COLOR	12	/* bytes of an entry */

static pid_t server;
static char dir[256];		/* where it has the file in which it draws */
static const uint8_t *screen;
static size_t screen_size;

static void run_server(int display_fd)
{
	char fd[16];

	snprintf(fd, sizeof(fd), "%d", display_fd);
	execlp("Xvfb", "Xvfb", "-displayfd", fd, "-screen", "0", SCREEN, "-fbdir",
	       dir, "-nolisten", "tcp", "-noreset", "-br", NULL);
	dprintf(2, "cannot run Xvfb: %s; its package is in scripts/packages-window.txt\n",
		strerror(errno));
	_exit(127);
}

/* It says the number of its display, in a line, once it is ready. */
static void wait_ready(int fd)
{
	double deadline = clock_deadline_ms(START_MS);
	char line[32] = ":", *end = line + 1;
	struct pollfd pfd = { .fd = fd, .events = POLLIN };

	while (end == line + 1 || end[-1] != '\n') {
		if (poll(&pfd, 1, 100) > 0 &&
		    (end == line + sizeof(line) - 1 || read(fd, end++, 1) != 1))
			test_fail("Xvfb does not start");
		if (clock_now_ms() > deadline)
			test_fail("Xvfb was to start within %d ms", START_MS);
	}
	end[-1] = '\0';
	setenv("DISPLAY", line, 1);
	unsetenv("WAYLAND_DISPLAY");
	unsetenv("XAUTHORITY");
	/* No bus is there to look for. */
	setenv("NO_AT_BRIDGE", "1", 1);
}

static void map_screen(void)
{
	char path[300];
	struct stat st;
	int fd;

	snprintf(path, sizeof(path), "%s/Xvfb_screen0", dir);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st))
		test_fail("cannot open %s: %s", path, strerror(errno));
	screen_size = st.st_size;
	screen = mmap(NULL, screen_size, PROT_READ, MAP_SHARED, fd, 0);
	if (screen == MAP_FAILED)
		test_fail("cannot map %s: %s", path, strerror(errno));
	close(fd);
}

void xwindow_stop(void)
{
	if (server <= 0)
		return;
	kill(server, SIGTERM);
	waitpid(server, NULL, 0);
	server = 0;
	/* The file went with the server. */
	rmdir(dir);
}

void xwindow_start(void)
{
	const char *tmp = getenv("TMPDIR");
	pid_t parent = getpid();
	int fds[2];

	snprintf(dir, sizeof(dir), "%s/osti-window-XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(dir) || pipe(fds))
		test_fail("cannot make %s: %s", dir, strerror(errno));
	server = fork();
	if (server < 0)
		test_fail("fork: %s", strerror(errno));
	if (!server) {
		/* It removes its lock and its socket when it is ended by that. */
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		if (getppid() != parent)
			_exit(127);
		close(fds[0]);
		run_server(fds[1]);
	}
	atexit(xwindow_stop);
	close(fds[1]);
	wait_ready(fds[0]);
	close(fds[0]);
	map_screen();
}

struct picture *xwindow_take(void)
{
	struct picture *pic = calloc(1, sizeof(*pic));
	const uint8_t *row, *end = screen + screen_size;
	struct xwd xwd;
	uint32_t *field = (uint32_t *)&xwd;
	unsigned int i, x, y;
	uint8_t *rgb;

	memcpy(&xwd, screen, sizeof(xwd));
	for (i = 0; i < sizeof(xwd) / sizeof(*field); i++)
		field[i] = ntohl(field[i]);
	row = screen + xwd.header_size + (size_t)xwd.ncolors * XWD_COLOR;
	if (xwd.file_version != XWD_VERSION || xwd.bits_per_pixel != 32 ||
	    xwd.byte_order || xwd.red_mask != 0xff0000 ||
	    row + (size_t)xwd.bytes_per_line * xwd.height > end)
		test_fail("Xvfb has another kind of screen than it was asked for");
	rgb = malloc(3UL * xwd.width * xwd.height);
	if (!pic || !rgb)
		test_fail("out of memory");
	*pic = (struct picture) { xwd.width, xwd.height, rgb };
	for (y = 0; y < xwd.height; y++, row += xwd.bytes_per_line)
		for (x = 0; x < xwd.width; x++, rgb += 3) {
			rgb[0] = row[4 * x + 2];
			rgb[1] = row[4 * x + 1];
			rgb[2] = row[4 * x];
		}
	return pic;
}

/* Without a window manager nobody else says who has the keyboard. */
void xwindow_focus(void)
{
	host_run((const char *const[]){ "setxkbmap", "-option", "srvrkeys:none",
		 NULL });
	host_run((const char *const[]){ "xdotool", "mousemove", CORNER_X, CORNER_Y,
		 "search", "--onlyvisible", "--name", "^QEMU", "windowfocus",
		 NULL });
}

void xwindow_press(const char *keys)
{
	host_run((const char *const[]){ "xdotool", "key", keys, NULL });
}

/* Where it is in the window is in its left upper corner, so no matter how large. */
void xwindow_choose(int item)
{
	int i;

	host_run((const char *const[]){ "xdotool", "search", "--onlyvisible",
		 "--name", "^QEMU", "mousemove", "--window", "%1", "16", "8",
		 "click", "1", NULL });
	for (i = 0; i < item; i++)
		xwindow_press("Down");
	xwindow_press("Return");
	host_run((const char *const[]){ "xdotool", "mousemove", CORNER_X, CORNER_Y,
		 NULL });
}
