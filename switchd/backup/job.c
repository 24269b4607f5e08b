// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * job.c - what switchd wants of switchd-backup: one JSON object
 */
#include "backup/job.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <jansson.h>

#include "common/hex.h"
#include "common/json_wipe.h"
#include "common/util.h"

static int bad(struct fault *fault, const char *what)
{
	fault_set(fault, FAULT_BAD_REQUEST,
		  "switchd-backup does not understand its job: %s", what);
	return -1;
}

/* What came with a message becomes the transfer, and nothing else comes. */
static int take_transfer(const struct msghdr *message)
{
	const struct cmsghdr *control = CMSG_FIRSTHDR(message);
	int fd;

	if (!control)
		return 0;
	if (control->cmsg_level != SOL_SOCKET ||
	    control->cmsg_type != SCM_RIGHTS ||
	    control->cmsg_len != CMSG_LEN(sizeof(fd)))
		return -1;
	memcpy(&fd, CMSG_DATA(control), sizeof(fd));
	if (fd == JOB_TRANSFER_FD)
		return 0;
	if (dup3(fd, JOB_TRANSFER_FD, O_CLOEXEC) < 0)
		return -1;
	return close(fd);
}

/* As read(); from what is no socket, too, as whoever tries it by hand has. */
static ssize_t receive(int fd, void *to, size_t room)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec part = { .iov_base = to, .iov_len = room };
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	ssize_t n = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);

	if (n < 0 && errno == ENOTSOCK)
		return read(fd, to, room);
	return n >= 0 && take_transfer(&message) < 0 ? -1 : n;
}

/* Up to the end of the line, or of the file; the caller frees *ret with json_wipe_free(). */
static int read_line(int fd, char **ret, size_t *n, struct fault *fault)
{
	char *text = calloc(1, JOB_MAX + 1);
	ssize_t got = 1;
	bool ended = false;

	*n = 0;
	while (text && !ended && *n <= JOB_MAX) {
		got = receive(fd, text + *n, JOB_MAX + 1 - *n);
		if (got < 0 && errno == EINTR) {
			got = 1;
			continue;
		}
		if (got < 0)
			break;
		*n += (size_t)got;
		/* Nothing comes behind it before it is asked for. */
		ended = !got || text[*n - 1] == '\n';
	}
	if (ended) {
		*ret = text;
		return 0;
	}
	json_wipe_free(text);
	return bad(fault, !text	    ? "no memory"
			  : got < 0 ? "it cannot be read"
				    : "it is too long");
}

/* A copy of a text that may be missing. Return: false without memory. */
static bool copy(const char *text, char **ret)
{
	if (!text)
		return true;
	*ret = strdup(text);
	return *ret;
}

static bool copy_short(const char *text, char *ret, size_t room)
{
	size_t n = strlen(text);

	if (n >= room)
		return false;
	memcpy(ret, text, n + 1);
	return true;
}

static int take_repository(struct job *job, json_t *object, struct fault *fault)
{
	const char *credentials = NULL;
	const char *endpoint = NULL;
	const char *region = NULL;
	const char *ca = NULL;
	json_error_t error;
	int virtual = 0;
	const char *url;

	if (json_unpack_ex(object, &error, JSON_STRICT,
			   "{s:s,s?s,s?s,s?s,s?s,s?b}", "url", &url, "endpoint",
			   &endpoint, "region", &region, "ca", &ca,
			   "credentials", &credentials, "virtual_host",
			   &virtual) < 0)
		return bad(fault, error.text);
	job->virtual_host = virtual;
	if (!copy(url, &job->url) || !copy(endpoint, &job->endpoint) ||
	    !copy(region, &job->region) || !copy(ca, &job->ca) ||
	    !copy(credentials, &job->credentials))
		return bad(fault, "no memory");
	return 0;
}

static int take_limits(struct job *job, json_t *object, struct fault *fault)
{
	json_int_t download = 0;
	json_int_t parallel = 0;
	json_int_t upload = 0;
	json_error_t error;

	if (!object)
		return 0;
	if (json_unpack_ex(object, &error, JSON_STRICT, "{s?I,s?I,s?I}",
			   "parallel", &parallel, "upload", &upload, "download",
			   &download) < 0)
		return bad(fault, error.text);
	if (parallel < 0 || parallel > 1024 || upload < 0 || download < 0)
		return bad(fault, "a limit is out of its range");
	job->parallel = (unsigned int)parallel;
	job->upload = (uint64_t)upload;
	job->download = (uint64_t)download;
	return 0;
}

static int take_device(struct job *job, json_t *object, struct fault *fault)
{
	json_error_t error;
	const char *label;
	const char *host;
	const char *id;

	if (json_unpack_ex(object, &error, JSON_STRICT, "{s:s,s:s,s:s}", "id",
			   &id, "label", &label, "host", &host) < 0)
		return bad(fault, error.text);
	if (hex_decode(id, job->device, sizeof(job->device)) < 0 ||
	    !copy_short(label, job->label, sizeof(job->label)) ||
	    !copy_short(host, job->host, sizeof(job->host)))
		return bad(fault, "a text of 'device' is none");
	return 0;
}

static int take_slot(struct job *job, json_t *object, struct fault *fault)
{
	struct job_slot *slot = &job->slots[job->n_slots];
	const char *freeze = "";
	const char *carrier;
	json_error_t error;
	const char *name;
	const char *id;
	int number;

	if (json_unpack_ex(object, &error, JSON_STRICT, "{s:i,s:s,s:s,s:s,s?s}",
			   "slot", &number, "name", &name, "id", &id, "carrier",
			   &carrier, "freeze", &freeze) < 0)
		return bad(fault, error.text);
	if (number < 1 || number > OSTI_MAX_SLOTS ||
	    !copy_short(name, slot->name, sizeof(slot->name)) ||
	    !copy_short(freeze, slot->freeze, sizeof(slot->freeze)) ||
	    hex_decode(id, slot->id, sizeof(slot->id)) < 0 ||
	    hex_decode(carrier, slot->carrier, sizeof(slot->carrier)) < 0)
		return bad(fault, "a slot is none");
	slot->slot = (uint32_t)number;
	job->n_slots++;
	return 0;
}

static int take_slots(struct job *job, json_t *list, struct fault *fault)
{
	json_t *object;
	size_t i;

	if (json_array_size(list) > OSTI_MAX_SLOTS)
		return bad(fault, "there are too many slots");
	json_array_foreach(list, i, object) {
		if (take_slot(job, object, fault) < 0)
			return -1;
	}
	return 0;
}

static int take_keep(struct job *job, json_t *object, struct fault *fault)
{
	int v[4] = { 0 };
	json_error_t error;
	size_t i;

	if (!object)
		return 0;
	if (json_unpack_ex(object, &error, JSON_STRICT, "{s?i,s?i,s?i,s?i}",
			   "last", &v[0], "daily", &v[1], "weekly", &v[2],
			   "monthly", &v[3]) < 0)
		return bad(fault, error.text);
	for (i = 0; i < ARRAY_SIZE(v); i++)
		if (v[i] < 0)
			return bad(fault, "a number to keep is negative");
	job->keep.last = (unsigned int)v[0];
	job->keep.daily = (unsigned int)v[1];
	job->keep.weekly = (unsigned int)v[2];
	job->keep.monthly = (unsigned int)v[3];
	return 0;
}

static int take(struct job *job, json_t *root, struct fault *fault)
{
	json_t *repository;
	const char *catalogue = NULL;
	const char *backup = NULL;
	json_t *limits = NULL;
	json_int_t stored = 0;
	json_t *keep = NULL;
	json_error_t error;
	int flags[4] = { 0 };
	json_t *device;
	json_t *slots;
	const char *op;

	if (json_unpack_ex(
		    root, &error, JSON_STRICT,
		    "{s:s,s:o,s?o,s?s,s:o,s:o,s?I,s?s,s?o,s?b,s?b,s?b,s?b}",
		    "operation", &op, "repository", &repository, "limits",
		    &limits, "catalogue", &catalogue, "device", &device,
		    "slots", &slots, "stored", &stored, "backup", &backup,
		    "keep", &keep, "force", &flags[0], "pull", &flags[1],
		    "read_data", &flags[2], "dry_run", &flags[3]) < 0)
		return bad(fault, error.text);
	if (stored < 0)
		return bad(fault, "a generation is negative");
	job->stored = (uint64_t)stored;
	if (job_op_find(op, &job->op) < 0)
		return bad(fault, "the operation is not known");
	job->force = flags[0];
	job->pull = flags[1];
	job->read_data = flags[2];
	job->dry_run = flags[3];
	if (!copy(catalogue, &job->catalogue) || !copy(backup, &job->backup))
		return bad(fault, "no memory");
	if (take_repository(job, repository, fault) < 0 ||
	    take_limits(job, limits, fault) < 0 ||
	    take_device(job, device, fault) < 0 ||
	    take_slots(job, slots, fault) < 0)
		return -1;
	return take_keep(job, keep, fault);
}

int job_read(int fd, struct job *job, struct fault *fault)
{
	json_error_t error;
	json_t *root;
	char *text;
	size_t n;
	int r;

	memset(job, 0, sizeof(*job));
	if (read_line(fd, &text, &n, fault) < 0)
		return -1;
	root = json_loadb(text, n, JSON_REJECT_DUPLICATES, &error);
	json_wipe_free(text);
	if (!root)
		return bad(fault, error.text);
	r = take(job, root, fault);
	json_decref(root);
	if (r < 0)
		job_free(job);
	return r;
}

void job_free(struct job *job)
{
	free(job->url);
	free(job->endpoint);
	free(job->region);
	free(job->ca);
	free(job->credentials);
	free(job->catalogue);
	free(job->backup);
	explicit_bzero(job, sizeof(*job));
}
