// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What switchd-backup asks of the world outside, as events of the fake device;
 * the linker puts these in the place of what they wrap. More files of the
 * device's directory:
 *
 *	clock		seconds that its clocks are ahead
 *	pack-bytes	bytes of a pack that is full
 */
#include "event_fake.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "backup/file_dir.h"
#include "backup/moment.h"
#include "backup/transfer.h"
#include "carry_fake.h"

int __real_file_dir_root(const char *path);
int __real_linkat(int from_dir, const char *from, int dir, const char *to,
		  int flags);
int __real_renameat(int from_dir, const char *from, int dir, const char *to);
int __real_unlinkat(int dir, const char *name, int flags);
int __real_fsync(int fd);
void __real_moment_now(struct moment *now, void *data);
int __real_transfer_run(struct repository *repo, struct image_source *source,
			const struct upload_options *options,
			struct plan *plan, struct transfer_counts *counts,
			struct backup_fault *fault);
int __wrap_file_dir_root(const char *path);
int __wrap_linkat(int from_dir, const char *from, int dir, const char *to,
		  int flags);
int __wrap_renameat(int from_dir, const char *from, int dir, const char *to);
int __wrap_unlinkat(int dir, const char *name, int flags);
int __wrap_fsync(int fd);
void __wrap_moment_now(struct moment *now, void *data);
int __wrap_transfer_run(struct repository *repo, struct image_source *source,
			const struct upload_options *options,
			struct plan *plan, struct transfer_counts *counts,
			struct backup_fault *fault);

/* Whoever runs us has put us beside the device. */
const char *carry_fake_device(void)
{
	static __thread char dir[PATH_MAX];
	const char *self = (const char *)getauxval(AT_EXECFN);
	const char *slash = self ? strrchr(self, '/') : NULL;

	if (!slash)
		abort();
	snprintf(dir, sizeof(dir), "%.*s/device", (int)(slash - self), self);
	return dir;
}

static long control(const char *name)
{
	char path[PATH_MAX + 32];
	char text[32] = "";
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", carry_fake_device(), name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	return n > 0 ? strtol(text, NULL, 10) : 0;
}

/* The result of something that returns -1 on an error, with @error of its event. */
#define OUTCOME(error, call)                                                   \
	({                                                                     \
		int error_ = (error);                                          \
		int r_ = error_ > 0 ? -1 : (call);                             \
									       \
		if (error_) {                                                  \
			errno = abs(error_);                                   \
			r_ = -1;                                               \
		}                                                              \
		r_;                                                            \
	})

static int event(const char *what)
{
	return event_fake(carry_fake_device(), what);
}

int __wrap_file_dir_root(const char *path)
{
	int error = event("request");

	return error ? -abs(error) : __real_file_dir_root(path);
}

int __wrap_linkat(int from_dir, const char *from, int dir, const char *to,
		  int flags)
{
	return OUTCOME(event("link"),
		       __real_linkat(from_dir, from, dir, to, flags));
}

int __wrap_renameat(int from_dir, const char *from, int dir, const char *to)
{
	return OUTCOME(event("rename"),
		       __real_renameat(from_dir, from, dir, to));
}

int __wrap_unlinkat(int dir, const char *name, int flags)
{
	return OUTCOME(event("unlink"), __real_unlinkat(dir, name, flags));
}

int __wrap_fsync(int fd)
{
	return OUTCOME(event("sync"), __real_fsync(fd));
}

void __wrap_moment_now(struct moment *now, void *data)
{
	long ahead = control("clock");

	__real_moment_now(now, data);
	now->wall += ahead;
	now->boot += ahead;
}

int __wrap_transfer_run(struct repository *repo, struct image_source *source,
			const struct upload_options *options,
			struct plan *plan, struct transfer_counts *counts,
			struct backup_fault *fault)
{
	struct upload_options smaller = *options;

	smaller.pack_bytes = (size_t)control("pack-bytes");
	return __real_transfer_run(repo, source, &smaller, plan, counts,
				   fault);
}
