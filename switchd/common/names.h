/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * names.h - names for the numbers of osti/abi.h
 *
 * All of them return "unknown" for a number that the contract does not have,
 * never NULL.
 */
#ifndef SWITCHD_NAMES_H
#define SWITCHD_NAMES_H

#include <stdint.h>

const char *names_slot_state(uint32_t state); /* OSTI_SLOT_* */
const char *names_key_origin(uint32_t origin); /* OSTI_KEY_* */
const char *names_switch_kind(uint32_t kind); /* OSTI_SWITCH_* */
const char *names_reason(uint64_t reason); /* OSTI_REASON_* */
const char *names_request(uint32_t request); /* OSTI_REQUEST_* */
const char *names_resume(uint32_t reason); /* OSTI_RESUMED_* */
const char *names_note(uint32_t note); /* OSTI_NOTE_* */
const char *names_event(uint16_t type); /* OSTI_EV_* */
const char *names_start_refusal(uint64_t reason); /* OSTI_START_E_* */
const char *
names_boot_refusal(uint64_t reason); /* also OSTI_BOOT_E_*, and of firmware */
const char *names_boot_state(uint64_t state); /* OSTI_BOOT_* */

/*
 * Why an image was refused, -OSTI_IMAGE_E_*: a word for programs ("?" if it is
 * not known), and a sentence for people without a full stop ("unknown error").
 */
const char *names_refusal(uint64_t reason);
const char *names_refusal_text(uint64_t reason);

#endif /* SWITCHD_NAMES_H */
