/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * osti_answer_transfer.h - what a transfer asks of the monitor, and its answers
 *
 * Pure functions like those of osti_answer.h, for the unit tests.
 */
#ifndef OSTI_ANSWER_TRANSFER_H
#define OSTI_ANSWER_TRANSFER_H

#include "osti_answer.h"

/* What every call of a transfer may answer, but for BEGIN and ABORT. */
#define OSTI_MAY_TRANSFER	(OSTI_MAY(OSTI_E_STATE) | \
				 OSTI_MAY(OSTI_E_INVALID) | \
				 OSTI_MAY(OSTI_E_IMAGE))

/* What DISK_SHOW may answer. */
#define OSTI_MAY_DISK		(OSTI_MAY(OSTI_E_INVALID) | \
				 OSTI_MAY(OSTI_E_STATE) | \
				 OSTI_MAY(OSTI_E_AGREE) | \
				 OSTI_MAY(OSTI_E_NO_DISK) | \
				 OSTI_MAY(OSTI_E_HARDWARE))

int osti_transfer_check_begin(const struct osti_ioc_backup *backup);
int osti_transfer_check_table(const struct osti_ioc_table *table);
int osti_transfer_check_chunk(__u32 what, const struct osti_ioc_chunk *chunk);
int osti_transfer_check_have(const struct osti_ioc_have *have);
int osti_transfer_check_piece(const struct osti_ioc_piece *piece);
int osti_transfer_check_disk(__u32 what, const struct osti_ioc_disk *disk);
int osti_transfer_check_zero(const struct osti_ioc_zero *zero, __u64 bytes);
int osti_transfer_check_attach(const struct osti_ioc_attach *attach);

void osti_transfer_ask_attach(const struct osti_ioc_attach *attach,
			      struct osti_regs *r);
void osti_transfer_ask_have(const struct osti_ioc_have *have,
			    struct osti_regs *r);

int osti_answer_begin(const struct osti_regs *r,
		      struct osti_ioc_backup *backup);
int osti_answer_scan(const struct osti_regs *r, struct osti_ioc_scan *scan);
int osti_answer_table(const struct osti_regs *r, struct osti_ioc_table *table);
int osti_answer_chunk(const struct osti_regs *r, __u32 what,
		      struct osti_ioc_chunk *chunk);
int osti_answer_seal(const struct osti_regs *r, struct osti_ioc_step *step);
int osti_answer_disk(const struct osti_regs *r, unsigned int *devfn);
int osti_answer_open(const struct osti_regs *r, struct osti_ioc_step *step);

#endif /* OSTI_ANSWER_TRANSFER_H */
