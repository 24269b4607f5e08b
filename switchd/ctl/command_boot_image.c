// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * switchctl boot-image and firmware: what this slot, or the device, starts by the next
 * time
 */
#include "ctl/commands.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "common/names.h"
#include "ctl/exchange.h"

#define KIB 1024

/* Nobody knows for how long this OS will be frozen. */
static int ask_boot_manager(struct connection *connection, const char *method,
			    json_t **reply, struct fault *fault)
{
	return connection_call(connection, method, NULL, -1, reply, fault);
}

static int install(struct connection *connection, const struct options *options,
		   int fd, uint32_t slot, struct fault *fault)
{
	json_auto_t *reply = NULL;
	const char *name;

	if (exchange_put(fd, slot, EXCHANGE_BOOT_IMAGE, options->file, fault) <
		    0 ||
	    ask_boot_manager(connection, "boot-install", &reply, fault) < 0)
		return -1;
	if (options->json) {
		commands_print_json(reply);
		return 0;
	}
	if (commands_unpack(reply, fault, "{s:s}", "name", &name) < 0)
		return -1;
	printf("The boot image is installed; the next start of %s tries it.\n",
	       name);
	return 0;
}

static json_t *describe(const struct exchange_image *image, size_t area)
{
	const char name[] = { (char)('A' + area), '\0' };

	return json_pack("{s:s,s:s,s:I,s:I,s:I}", "area", name, "state",
			 names_boot_state(image->state), "version",
			 (json_int_t)image->version, "bytes",
			 (json_int_t)image->bytes, "tries",
			 (json_int_t)image->tries);
}

static void print(const struct exchange_image *image, size_t area)
{
	printf("%c    %10" PRIu64 "  %10" PRIu64 " KiB  %s", (char)('A' + area),
	       image->version, (image->bytes + KIB - 1) / KIB,
	       names_boot_state(image->state));
	if (image->state == OSTI_BOOT_TRIAL)
		printf(", %" PRIu64 " more to come", image->tries);
	putchar('\n');
}

static int list(struct connection *connection, const struct options *options,
		int fd, uint32_t slot, struct fault *fault)
{
	struct exchange_image images[OSTI_BOOT_AREAS];
	json_auto_t *object = NULL;
	json_auto_t *reply = NULL;
	json_t *array;
	size_t i;

	if (ask_boot_manager(connection, "boot-list", &reply, fault) < 0 ||
	    exchange_list(fd, slot, images, fault) < 0)
		return -1;
	array = json_array();
	if (!options->json)
		puts("AREA    VERSION            SIZE  STATE");
	for (i = 0; i < OSTI_BOOT_AREAS; i++) {
		if (!images[i].state)
			continue;
		if (!options->json)
			print(&images[i], i);
		json_array_append_new(array, describe(&images[i], i));
	}
	object = json_pack("{s:I,s:o}", "slot", (json_int_t)slot, "images",
			   array);
	if (options->json)
		commands_print_json(object);
	return 0;
}

static int install_firmware(struct connection *connection,
			    const struct options *options, int fd,
			    uint32_t slot, struct fault *fault)
{
	json_auto_t *reply = NULL;

	if (exchange_put(fd, slot, EXCHANGE_FIRMWARE, options->file, fault) <
		    0 ||
	    ask_boot_manager(connection, "firmware-install", &reply, fault) < 0)
		return -1;
	if (options->json)
		commands_print_json(reply);
	else
		puts("The firmware is installed; the next power-on tries it.");
	return 0;
}

int command_boot_image(struct connection *connection,
		       const struct options *options, struct fault *fault)
{
	json_auto_t *status = NULL;
	json_int_t slot;
	int fd;
	int r;

	if (commands_ask(connection, "status", &status, fault) < 0 ||
	    commands_unpack(status, fault, "{s:I}", "slot", &slot) < 0 ||
	    exchange_open(options->exchange, &fd, fault) < 0)
		return -1;
	if (options->command == COMMAND_FIRMWARE)
		r = install_firmware(connection, options, fd, (uint32_t)slot,
				     fault);
	else if (strcmp(options->target, "list") == 0)
		r = list(connection, options, fd, (uint32_t)slot, fault);
	else
		r = install(connection, options, fd, (uint32_t)slot, fault);
	close(fd);
	return r;
}
