// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * verify.c - checks the digests and the chain of an event ring
 */
#include "ctl/verify.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include <tomcrypt.h>

#include <osti/abi.h>

#define DIGEST_BYTES 32

static void put_le64(uint8_t *at, uint64_t value)
{
	size_t i;

	for (i = 0; i < 8; i++)
		at[i] = (uint8_t)(value >> (8 * i));
}

/* Return: 0, or -1 and the fault: libtomcrypt failed. */
static int blake2b(const uint8_t *bytes, size_t n, uint8_t *ret,
		   struct fault *fault)
{
	hash_state state;
	int r;

	r = blake2b_256_init(&state);
	if (r == CRYPT_OK)
		r = blake2b_process(&state, bytes, (unsigned long)n);
	if (r == CRYPT_OK)
		r = blake2b_done(&state, ret);
	if (r == CRYPT_OK)
		return 0;
	fault_set(fault, FAULT_FAILED, "BLAKE2b: %s", error_to_string(r));
	return -1;
}

static int digest_of(const struct osti_event *ev, uint8_t *ret,
		     struct fault *fault)
{
	uint8_t bytes[5 * 8];

	put_le64(bytes, ev->seq);
	put_le64(bytes + 8, ev->time);
	put_le64(bytes + 16, (uint64_t)ev->type | (uint64_t)ev->slot << 16 |
				     (uint64_t)ev->cpu << 24);
	put_le64(bytes + 24, ev->arg[0]);
	put_le64(bytes + 32, ev->arg[1]);
	return blake2b(bytes, sizeof(bytes), ret, fault);
}

/* Compares the chain with a state of the ring once it has got there. */
static int check(struct verify *verify, struct fault *fault)
{
	if (!verify->check_pending || verify->next != verify->check_next)
		return 0;
	verify->check_pending = false;
	if (memcmp(verify->chain, verify->check_head, DIGEST_BYTES) == 0)
		return 0;
	fault_set(
		fault, FAULT_VERIFY,
		"the chain before record %" PRIu64
		" is not what the monitor says: a record was changed or exchanged",
		verify->next);
	return -1;
}

int verify_ring(struct verify *verify, const struct osti_ioc_ring *ring,
		struct fault *fault)
{
	if (!verify->started) {
		verify->started = true;
		verify->chains++;
		verify->next = ring->oldest;
		memcpy(verify->chain, ring->base, DIGEST_BYTES);
	}
	if (ring->next < verify->next) {
		fault_set(fault, FAULT_VERIFY,
			  "the monitor says that record %" PRIu64
			  " is not written yet, but it has been read",
			  (uint64_t)ring->next);
		return -1;
	}
	verify->check_pending = true;
	verify->check_next = ring->next;
	memcpy(verify->check_head, ring->head, DIGEST_BYTES);
	return check(verify, fault);
}

int verify_event(struct verify *verify, const struct osti_event *ev,
		 struct fault *fault)
{
	uint8_t link[2 * DIGEST_BYTES];
	uint8_t digest[DIGEST_BYTES];

	if (ev->seq < verify->next && !verify->began)
		return 0;
	verify->began = true;
	if (ev->seq != verify->next) {
		fault_set(fault, FAULT_VERIFY,
			  "record %" PRIu64 " follows where %" PRIu64
			  " should: records in between are missing",
			  (uint64_t)ev->seq, verify->next);
		return -1;
	}
	if (ev->type == OSTI_EV_REDACTED) {
		verify->redacted++;
	} else {
		if (digest_of(ev, digest, fault) < 0)
			return -1;
		if (memcmp(digest, ev->digest, DIGEST_BYTES) != 0) {
			fault_set(
				fault, FAULT_VERIFY,
				"record %" PRIu64
				" does not have the content that its digest says",
				(uint64_t)ev->seq);
			return -1;
		}
		verify->checked++;
	}
	memcpy(link, verify->chain, DIGEST_BYTES);
	memcpy(link + DIGEST_BYTES, ev->digest, DIGEST_BYTES);
	if (blake2b(link, sizeof(link), verify->chain, fault) < 0)
		return -1;
	verify->next++;
	return check(verify, fault);
}

void verify_anew(struct verify *verify)
{
	verify->started = false;
	verify->began = false;
	verify->check_pending = false;
}

int verify_end(const struct verify *verify, struct fault *fault)
{
	if (!verify->check_pending)
		return 0;
	fault_set(fault, FAULT_VERIFY,
		  "the records from %" PRIu64 " to %" PRIu64 " are missing",
		  verify->next, verify->check_next - 1);
	return -1;
}
