// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sandbox.c - what switchd-backup can still do once it talks to others
 */
#include "backup/sandbox.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>

#include <osti/ioctl.h>

#include "common/util.h"

#if defined(__aarch64__)
#define OUR_ARCH AUDIT_ARCH_AARCH64
#elif defined(__x86_64__)
#define OUR_ARCH AUDIT_ARCH_X86_64
#else
#error "which architecture is that to seccomp?"
#endif

/* What no library that we use does. */
static const int deadly[] = {
	SYS_execve,
	SYS_execveat,
	SYS_ptrace,
	SYS_process_vm_readv,
	SYS_process_vm_writev,
	SYS_mount,
	SYS_umount2,
	SYS_pivot_root,
	SYS_chroot,
	SYS_unshare,
	SYS_setns,
	SYS_bpf,
	SYS_init_module,
	SYS_finit_module,
	SYS_delete_module,
	SYS_kexec_load,
	SYS_reboot,
	SYS_perf_event_open,
	SYS_keyctl,
	SYS_add_key,
	SYS_request_key,
	SYS_io_uring_setup,
	SYS_userfaultfd,
	SYS_setuid,
	SYS_setgid,
	SYS_setresuid,
	SYS_setresgid,
	SYS_setgroups,
	SYS_capset,
};

static const int allowed[] = {
	/* Files. That there is no right to most of them is the user's doing. */
	SYS_read,
	SYS_write,
	SYS_readv,
	SYS_writev,
	SYS_pread64,
	SYS_pwrite64,
	SYS_openat,
	SYS_close,
	SYS_lseek,
	SYS_fstat,
	SYS_newfstatat,
	SYS_statx,
	SYS_statfs,
	SYS_fstatfs,
	SYS_getdents64,
	SYS_faccessat,
	SYS_faccessat2,
	SYS_readlinkat,
	SYS_fcntl,
	SYS_flock,
	SYS_fsync,
	SYS_fdatasync,
	SYS_ftruncate,
	SYS_fallocate,
	SYS_unlinkat,
	SYS_linkat,
	SYS_renameat,
	SYS_renameat2,
	SYS_mkdirat,
	SYS_fchmod,
	SYS_fchmodat,
	SYS_utimensat,
	SYS_umask,
	SYS_getcwd,
	SYS_dup,
	SYS_dup3,
	SYS_pipe2,
	SYS_eventfd2,
	/* Sockets; SYS_socket and SYS_socketpair are looked at below. */
	SYS_connect,
	SYS_bind,
	SYS_getsockname,
	SYS_getpeername,
	SYS_getsockopt,
	SYS_setsockopt,
	SYS_sendto,
	SYS_recvfrom,
	SYS_sendmsg,
	SYS_recvmsg,
	SYS_sendmmsg,
	SYS_recvmmsg,
	SYS_shutdown,
	SYS_ppoll,
	SYS_pselect6,
	SYS_epoll_create1,
	SYS_epoll_ctl,
	SYS_epoll_pwait,
	/* Memory and threads; clone(), mmap() and mprotect() are below. */
	SYS_brk,
	SYS_munmap,
	SYS_mremap,
	SYS_madvise,
	SYS_mlock,
	SYS_munlock,
	SYS_mlock2,
	SYS_futex,
	SYS_rseq,
	SYS_set_robust_list,
	SYS_sched_yield,
	SYS_sched_getaffinity,
	SYS_membarrier,
	SYS_exit,
	SYS_exit_group,
	SYS_getrandom,
	SYS_sysinfo,
	SYS_uname,
	SYS_getrlimit,
	SYS_getrusage,
	/* Time and signals. */
	SYS_clock_gettime,
	SYS_clock_getres,
	SYS_clock_nanosleep,
	SYS_nanosleep,
	SYS_gettimeofday,
	SYS_rt_sigaction,
	SYS_rt_sigprocmask,
	SYS_rt_sigreturn,
	SYS_sigaltstack,
	SYS_restart_syscall,
	SYS_tgkill,
	/* Who we are. */
	SYS_getpid,
	SYS_gettid,
	SYS_getppid,
	SYS_getuid,
	SYS_geteuid,
	SYS_getgid,
	SYS_getegid,
#ifdef __x86_64__
	/* arm64 has only the newer ones. */
	SYS_open,
	SYS_stat,
	SYS_lstat,
	SYS_access,
	SYS_readlink,
	SYS_unlink,
	SYS_link,
	SYS_rename,
	SYS_mkdir,
	SYS_rmdir,
	SYS_chmod,
	SYS_pipe,
	SYS_dup2,
	SYS_poll,
	SYS_select,
	SYS_epoll_wait,
	SYS_arch_prctl,
	SYS_time,
#endif
};

/* Instructions that each call of the lists takes, and room for the others. */
#define PROGRAM_MAX (2 * (ARRAY_SIZE(deadly) + ARRAY_SIZE(allowed)) + 128)

struct program {
	struct sock_filter code[PROGRAM_MAX];
	unsigned short n;
};

#define ARG_LOW(n) ((uint32_t)(offsetof(struct seccomp_data, args) + 8 * (n)))
#define ARG_HIGH(n) (ARG_LOW(n) + 4)

static void emit(struct program *p, struct sock_filter code)
{
	/* Never more than PROGRAM_MAX: the filter depends on nothing. */
	p->code[p->n++] = code;
}

static void load(struct program *p, uint32_t offset)
{
	emit(p, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset));
}

static void answer(struct program *p, uint32_t action)
{
	emit(p, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action));
}

/* If what was loaded is value, that is the answer. */
static void answer_if(struct program *p, uint32_t value, uint32_t action)
{
	emit(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value,
					     0, 1));
	answer(p, action);
}

/* Likewise if it has any of the bits. */
static void answer_if_any(struct program *p, uint32_t bits, uint32_t action)
{
	emit(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, bits,
					     0, 1));
	answer(p, action);
}

/*
 * Begins the rules of a call, which end with an answer of their own. Returns
 * where the jump over them is, for end_call().
 */
static unsigned short begin_call(struct program *p, int call)
{
	load(p, offsetof(struct seccomp_data, nr));
	emit(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
					     (uint32_t)call, 0, 0));
	return (unsigned short)(p->n - 1);
}

static void end_call(struct program *p, unsigned short jump, uint32_t action)
{
	answer(p, action);
	p->code[jump].jf = (uint8_t)(p->n - jump - 1);
}

#define DENY (SECCOMP_RET_ERRNO | EPERM)

static void rule_socket(struct program *p, int call)
{
	unsigned short jump = begin_call(p, call);

	load(p, ARG_LOW(0));
	answer_if(p, AF_UNIX, SECCOMP_RET_ALLOW);
	if (call == SYS_socket) {
		/* Raw packets are for those who have a capability. */
		answer_if(p, AF_INET, SECCOMP_RET_ALLOW);
		answer_if(p, AF_INET6, SECCOMP_RET_ALLOW);
	}
	end_call(p, jump, SECCOMP_RET_ERRNO | EAFNOSUPPORT);
}

/* Of a transfer's calls only the number is looked at: sizes are the kernel's. */
static void rule_ioctl(struct program *p)
{
	static const unsigned long calls[] = {
		OSTI_TRANSFER_SCAN,	 OSTI_TRANSFER_TABLE,
		OSTI_TRANSFER_CHUNK,	 OSTI_TRANSFER_HAVE,
		OSTI_TRANSFER_SEAL,	 OSTI_TRANSFER_READ,
		OSTI_TRANSFER_WRITE,	 OSTI_TRANSFER_OPEN,
		OSTI_TRANSFER_CHECK,	 OSTI_TRANSFER_COMMIT,
		OSTI_TRANSFER_ATTACH,	 OSTI_TRANSFER_DISK,
		OSTI_TRANSFER_DISK_ZERO, OSTI_TRANSFER_DISK_END,
	};
	unsigned short jump = begin_call(p, SYS_ioctl);
	size_t i;

	load(p, ARG_LOW(1));
	for (i = 0; i < ARRAY_SIZE(calls); i++)
		answer_if(p, (uint32_t)calls[i], SECCOMP_RET_ALLOW);
	answer_if(p, 0x5421 /* FIONBIO */, SECCOMP_RET_ALLOW);
	answer_if(p, 0x541b /* FIONREAD */, SECCOMP_RET_ALLOW);
	end_call(p, jump, DENY);
}

/* A thread is welcome, a process is not. */
static void rule_clone(struct program *p)
{
	unsigned short jump = begin_call(p, SYS_clone);

	load(p, ARG_LOW(0));
	answer_if_any(p,
		      CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET,
		      SECCOMP_RET_KILL_PROCESS);
	answer_if_any(p, CLONE_THREAD, SECCOMP_RET_ALLOW);
	end_call(p, jump, DENY);
}

/* Its arguments are in memory, where no filter sees them: libc has clone(). */
static void rule_clone3(struct program *p)
{
	unsigned short jump = begin_call(p, SYS_clone3);

	end_call(p, jump, SECCOMP_RET_ERRNO | ENOSYS);
}

static void rule_memory(struct program *p, int call)
{
	unsigned short jump = begin_call(p, call);

	load(p, ARG_LOW(2));
	answer_if_any(p, PROT_EXEC, DENY);
	end_call(p, jump, SECCOMP_RET_ALLOW);
}

/* Reading a limit, also one of its own; setting none. */
static void rule_prlimit(struct program *p)
{
	unsigned short jump = begin_call(p, SYS_prlimit64);

	load(p, ARG_LOW(2));
	emit(p,
	     (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0));
	answer(p, DENY);
	load(p, ARG_HIGH(2));
	answer_if(p, 0, SECCOMP_RET_ALLOW);
	end_call(p, jump, DENY);
}

/* A thread may have a name. */
static void rule_prctl(struct program *p)
{
	unsigned short jump = begin_call(p, SYS_prctl);

	load(p, ARG_LOW(0));
	answer_if(p, PR_SET_NAME, SECCOMP_RET_ALLOW);
	answer_if(p, PR_SET_VMA, SECCOMP_RET_ALLOW);
	end_call(p, jump, DENY);
}

static void rule_architecture(struct program *p)
{
	load(p, offsetof(struct seccomp_data, arch));
	emit(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
					     OUR_ARCH, 1, 0));
	answer(p, SECCOMP_RET_KILL_PROCESS);
#ifdef __x86_64__
	/* x32 has the same architecture, and other numbers for the same. */
	load(p, offsetof(struct seccomp_data, nr));
	emit(p, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K,
					     0x40000000, 0, 1));
	answer(p, SECCOMP_RET_KILL_PROCESS);
#endif
}

static void build(struct program *p)
{
	size_t i;

	rule_architecture(p);
	load(p, offsetof(struct seccomp_data, nr));
	for (i = 0; i < ARRAY_SIZE(allowed); i++)
		answer_if(p, (uint32_t)allowed[i], SECCOMP_RET_ALLOW);
	for (i = 0; i < ARRAY_SIZE(deadly); i++)
		answer_if(p, (uint32_t)deadly[i], SECCOMP_RET_KILL_PROCESS);
	rule_memory(p, SYS_mmap);
	rule_memory(p, SYS_mprotect);
	rule_clone(p);
	rule_clone3(p);
	rule_ioctl(p);
	rule_socket(p, SYS_socket);
	rule_socket(p, SYS_socketpair);
	rule_prlimit(p);
	rule_prctl(p);
	answer(p, DENY);
}

static int failed(struct fault *fault, const char *what)
{
	fault_set(fault, FAULT_FAILED,
		  "switchd-backup cannot give up its rights: %s: %s", what,
		  strerror(errno));
	return -1;
}

int sandbox_begin(struct fault *fault)
{
	const struct rlimit none = { 0, 0 };

	if (setrlimit(RLIMIT_CORE, &none) < 0)
		return failed(fault, "core files");
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return failed(fault, "being traced");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return failed(fault, "new privileges");
	return 0;
}

int sandbox_enter(struct fault *fault)
{
	struct program program = { .n = 0 };
	struct sock_fprog filter = { .filter = program.code };

	build(&program);
	filter.len = program.n;
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) < 0)
		return failed(fault, "the filter of system calls");
	return 0;
}
