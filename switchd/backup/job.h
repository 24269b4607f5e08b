/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * job.h - what switchd wants of switchd-backup: one JSON object
 *
 *   operation   see enum job_op, by its name
 *   repository  { url, endpoint?, region?, ca?, credentials?, virtual_host? }
 *   limits      { parallel?, upload?, download? }, 0 or not there: no limit
 *   catalogue   directory for what is remembered of repositories, or not there:
 *               nothing is
 *   device      { id: 32 digits, label, host }
 *   slots       [ { slot, name, id: 32 digits, carrier: 64 digits, freeze? } ];
 *               freeze: a text that no other freeze of the slot has
 *   stored      generation of the slot's image in the store, which is to be saved;
 *               or not there: what is frozen in memory is
 *   backup      name of a backup, or not there: the newest one
 *   keep        { last?, daily?, weekly?, monthly? }
 *   force, pull, read_data, dry_run    true or not there
 *
 * It is one line. It has keys in it, so it comes through a socket and is wiped.
 * What switchd sends behind it is one byte, JOB_AGREED, when a push asks whether
 * it may go on (report.h).
 */
#ifndef JOB_H
#define JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <osti/abi.h>

#include "common/fault.h"

/* Bytes of its text. */
#define JOB_MAX (32 * 1024)
#define JOB_AGREED 'y'
/*
 * Where the transfer's descriptor is, if the operation has one. It comes with the
 * job, over the socket.
 */
#define JOB_TRANSFER_FD 3

#define JOB_ID 16
#define JOB_KEY 32
#define JOB_TEXT 64
#define JOB_FREEZE 80

enum job_op {
	JOB_BACKUP, /* save the slot */
	JOB_PUSH, /* the same, and say that it lives in the repository now */
	JOB_BACKUPS, /* tell of all backups of the slots */
	JOB_SHOW, /* tell of one backup, with its image's header */
	JOB_RESTORE, /* bring it into the slot */
	JOB_VERIFY, /* is it whole, and with read_data: is it good? */
	JOB_FORGET, /* delete it */
	JOB_PRUNE, /* delete those that are not to be kept, and what they had */
	JOB_INIT, /* make a repository */
	JOB_INFO, /* tell of the repository */
	JOB_CHECK, /* has every backup of the slots all that it needs? */
	JOB_OPS
};

struct job_slot {
	uint32_t slot;
	char name[24];
	uint8_t id[JOB_ID];
	uint8_t carrier[JOB_KEY];
	char freeze[JOB_FREEZE + 1]; /* "": not known */
};

struct job_keep {
	unsigned int last;
	unsigned int daily;
	unsigned int weekly;
	unsigned int monthly;
};

/* Texts that were not given are NULL. */
struct job {
	enum job_op op;
	char *url;
	char *endpoint;
	char *region;
	char *ca;
	char *credentials;
	bool virtual_host;
	unsigned int parallel;
	uint64_t upload;
	uint64_t download;
	char *catalogue;
	uint8_t device[JOB_ID];
	char label[JOB_TEXT + 1];
	char host[JOB_TEXT + 1];
	struct job_slot slots[OSTI_MAX_SLOTS];
	size_t n_slots;
	uint64_t stored; /* 0: what is frozen */
	char *backup;
	struct job_keep keep;
	bool force; /* take the OS although it lives elsewhere */
	bool pull; /* and say that it lives here from now on */
	bool read_data;
	bool dry_run;
};

/* Name of an operation, as the object has it. */
const char *job_op_name(enum job_op op);
/* Return: 0, or -EINVAL: there is none of that name. */
int job_op_find(const char *name, enum job_op *ret);

/*
 * Reads one, up to the end of its line or of the file, and puts the transfer, if
 * one comes with it, to JOB_TRANSFER_FD. Return: 0, then job_free() wipes it, or -1
 * and a FAULT_BAD_REQUEST.
 */
int job_read(int fd, struct job *job, struct fault *fault);
void job_free(struct job *job);

#endif /* JOB_H */
