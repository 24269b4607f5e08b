/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * osti/bm/consent.h - what a person must agree to before a cold start
 */
#ifndef _OSTI_BM_CONSENT_H
#define _OSTI_BM_CONSENT_H

#include <linux/types.h>

struct osti_slot;

/**
 * osti_consent_explain() - print what a start takes that a person must agree to
 * @slot:	the slot
 * Return: -EACCES, or -EIO
 */
int osti_consent_explain(const struct osti_slot *slot);

/**
 * osti_consent_destroy() - make that no image of a slot is found in the store
 * @slot:	the slot
 * Return: 0, -EROFS (the store cannot be written), -EIO
 */
int osti_consent_destroy(const struct osti_slot *slot);

#endif /* _OSTI_BM_CONSENT_H */
