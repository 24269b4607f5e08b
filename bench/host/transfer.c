// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * transfer.c - the calls of a transfer where there is no osti.ko
 *
 * Loaded before the libraries of switchd-backup, which stays as it is: its
 * calls to the monitor go to monitor.c. What that does not know is answered as a
 * kernel module that is older would.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "wire.h"

/* What the monitor's process says first: which way the chunks go. */
enum way { UNKNOWN = 0, EXPORT = 'e', IMPORT = 'i' };

static __thread int line = -1;
static __thread char way;

/* The descriptor of the transfer is connected; where to, all others go, too. */
static bool connect_thread(int fd)
{
	struct sockaddr_un address;
	socklen_t n = sizeof(address);

	if (line >= 0)
		return true;
	if (getpeername(fd, (struct sockaddr *)&address, &n))
		return false;
	line = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	return line >= 0 && connect(line, (struct sockaddr *)&address, n) == 0 &&
	       wire_receive(line, &way, 1);
}

/* The memory that a call fills or hands over; *in says which. */
static uint32_t data_of(unsigned long request, void *arg, void **data, bool *in)
{
	struct osti_ioc_table *table = arg;
	struct osti_ioc_chunk *chunk = arg;
	struct osti_ioc_piece *piece = arg;

	*in = false;
	switch (request) {
	case OSTI_TRANSFER_TABLE:
		*data = (void *)(uintptr_t)table->entries;
		return table->count * OSTI_IMAGE_T_ENTRY;
	case OSTI_TRANSFER_CHUNK:
		*in = way == IMPORT;
		*data = (void *)(uintptr_t)chunk->data;
		return chunk->bytes;
	case OSTI_TRANSFER_READ:
	case OSTI_TRANSFER_WRITE:
		*in = request == OSTI_TRANSFER_WRITE;
		*data = (void *)(uintptr_t)piece->data;
		return piece->bytes;
	default:
		*data = NULL;
		return 0;
	}
}

static int call(int fd, unsigned long request, void *arg)
{
	struct wire w = { .request = (uint32_t)request,
			  .arg_bytes = _IOC_SIZE(request) };
	uint32_t room;
	void *data;
	bool in;

	if (!connect_thread(fd))
		return -ESTALE;
	room = data_of(request, arg, &data, &in);
	w.data_bytes = in ? room : 0;
	if (!wire_send(line, &w, sizeof(w), MSG_MORE) ||
	    !wire_send(line, arg, w.arg_bytes, in ? MSG_MORE : 0) ||
	    (in && !wire_send(line, data, room, 0)) ||
	    !wire_receive(line, &w, sizeof(w)) ||
	    w.arg_bytes != _IOC_SIZE(request) || w.data_bytes > room ||
	    !wire_receive(line, arg, w.arg_bytes) ||
	    !wire_receive(line, data, w.data_bytes))
		return -ESTALE;
	return w.result;
}

int ioctl(int fd, unsigned long request, ...)
{
	va_list args;
	void *arg;
	int r;

	va_start(args, request);
	arg = va_arg(args, void *);
	va_end(args);
	if (_IOC_TYPE(request) != OSTI_IOC_MAGIC)
		return (int)syscall(SYS_ioctl, fd, request, arg);
	r = call(fd, request, arg);
	if (r < 0) {
		errno = -r;
		return -1;
	}
	return 0;
}
