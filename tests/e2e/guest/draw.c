// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * draw - fill the display once, as a compositor that is told of nothing
 *
 * Takes the first console from the kernel, draws into a buffer of its own, shows it,
 * and waits for SIGTERM, after which the console is the kernel's again.
 */
#include <drm/drm.h>
#include <drm/drm_mode.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/kd.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#define MANY	32

static struct drm_mode_modeinfo modes[MANY];
static uint32_t crtcs[MANY], connectors[MANY];

static void must(const char *what, int failed)
{
	if (failed) {
		fprintf(stderr, "draw: %s: %s\n", what, strerror(errno));
		exit(1);
	}
}

/* The first connector's first mode. */
static void look(int card)
{
	struct drm_mode_card_res res = {
		.crtc_id_ptr = (uintptr_t)crtcs, .count_crtcs = MANY,
		.connector_id_ptr = (uintptr_t)connectors, .count_connectors = MANY,
	};
	struct drm_mode_get_connector connector = {
		.modes_ptr = (uintptr_t)modes, .count_modes = MANY,
	};

	must("resources", ioctl(card, DRM_IOCTL_MODE_GETRESOURCES, &res));
	connector.connector_id = connectors[0];
	must("connector", ioctl(card, DRM_IOCTL_MODE_GETCONNECTOR, &connector) ||
	     !connector.count_modes || connector.count_modes > MANY);
}

/* No two neighbours are alike, so that a shift of any kind is seen. */
static void fill(uint8_t *pixels, uint32_t pitch)
{
	uint32_t *row, x, y;

	for (y = 0; y < modes[0].vdisplay; y++) {
		row = (uint32_t *)(pixels + y * pitch);
		for (x = 0; x < modes[0].hdisplay; x++)
			row[x] = (x * 2654435761u ^ y * 40503u) & 0xffffff;
	}
}

static uint32_t make_picture(int card)
{
	struct drm_mode_create_dumb dumb = {
		.width = modes[0].hdisplay, .height = modes[0].vdisplay, .bpp = 32,
	};
	struct drm_mode_map_dumb map = { 0 };
	struct drm_mode_fb_cmd fb;
	uint8_t *pixels;

	must("buffer", ioctl(card, DRM_IOCTL_MODE_CREATE_DUMB, &dumb));
	map.handle = dumb.handle;
	must("buffer", ioctl(card, DRM_IOCTL_MODE_MAP_DUMB, &map));
	pixels = mmap(NULL, dumb.size, PROT_READ | PROT_WRITE, MAP_SHARED, card,
		      map.offset);
	must("memory", pixels == MAP_FAILED);
	fill(pixels, dumb.pitch);
	fb = (struct drm_mode_fb_cmd){
		.width = dumb.width, .height = dumb.height, .pitch = dumb.pitch,
		.bpp = 32, .depth = 24, .handle = dumb.handle,
	};
	must("picture", ioctl(card, DRM_IOCTL_MODE_ADDFB, &fb));
	return fb.fb_id;
}

static void show(int card, uint32_t picture)
{
	struct drm_mode_crtc crtc = {
		.set_connectors_ptr = (uintptr_t)connectors, .count_connectors = 1,
		.crtc_id = crtcs[0], .fb_id = picture, .mode_valid = 1,
		.mode = modes[0],
	};

	must("show", ioctl(card, DRM_IOCTL_MODE_SETCRTC, &crtc));
}

int main(void)
{
	int card = open("/dev/dri/card0", O_RDWR), signal;
	int tty = open("/dev/tty1", O_RDWR | O_NOCTTY);
	sigset_t end;

	must("/dev/dri/card0", card < 0);
	must("/dev/tty1", tty < 0);
	sigemptyset(&end);
	sigaddset(&end, SIGTERM);
	must("signals", sigprocmask(SIG_BLOCK, &end, NULL));
	look(card);
	must("console", ioctl(tty, KDSETMODE, KD_GRAPHICS));
	show(card, make_picture(card));
	sigwait(&end, &signal);
	close(card);
	must("console", ioctl(tty, KDSETMODE, KD_TEXT));
	return 0;
}
