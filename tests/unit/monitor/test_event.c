// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_event.c - the hash-chained rings of events
 */
#include "test.h"

#include <string.h>
#include <tomcrypt.h>

#include "event.h"
#include "host.h"

#define ACTS		OSTI_RING_ACTS
#define OFFENCES	OSTI_RING_OFFENCES
/* The whole budget comes back in that many seconds. */
#define REST		EVENT_BURST

static struct context *bm, *slot1, *slot2;

static void wait_seconds(unsigned int n)
{
	host_counter_now += n * arch_counter_hz();
}

static int setup(void **state)
{
	(void)state;
	host_reset();
	context_init();
	event_init();
	bm = context_get(OSTI_CONTEXT_BM);
	slot1 = context_get(1);
	slot2 = context_get(2);
	return 0;
}

/* ---- What the contract says, written down once more ---------------------- */

static void blake2b(const uint8_t *in, unsigned long bytes, uint8_t *out)
{
	hash_state md;

	assert_int_equal(blake2b_256_init(&md), CRYPT_OK);
	assert_int_equal(blake2b_process(&md, in, bytes), CRYPT_OK);
	assert_int_equal(blake2b_done(&md, out), CRYPT_OK);
}

/* The build machine is little-endian, as the device: words as they lie. */
static void digest_of(const struct event_record *rec, uint8_t *out)
{
	const uint64_t x[5] = { rec->seq, rec->time, rec->what, rec->arg[0],
				rec->arg[1] };

	blake2b((const uint8_t *)x, sizeof(x), out);
}

static void extend(uint8_t *chain, const uint8_t *digest)
{
	uint8_t both[64];

	memcpy(both, chain, 32);
	memcpy(both + 32, digest, 32);
	blake2b(both, sizeof(both), chain);
}

/* What a reader does who wants to know whether records were changed. */
static void check_chain(unsigned int ring, const struct context *reader)
{
	uint8_t chain[32], digest[32];
	struct event_record rec;
	uint64_t seq;

	memcpy(chain, event_chain_base(ring), 32);
	for (seq = event_oldest(ring); seq < event_next(ring); seq++) {
		assert_int_equal(event_read(ring, seq, reader, &rec), OSTI_OK);
		assert_int_equal(rec.seq, seq);
		if ((rec.what & 0xffff) != OSTI_EV_REDACTED) {
			digest_of(&rec, digest);
			assert_memory_equal(digest, rec.digest, 32);
		}
		extend(chain, rec.digest);
	}
	assert_memory_equal(chain, event_chain_head(ring), 32);
}

static struct event_record get(unsigned int ring, uint64_t seq)
{
	struct event_record rec;

	assert_int_equal(event_read(ring, seq, bm, &rec), OSTI_OK);
	return rec;
}

static struct event_record newest(unsigned int ring)
{
	return get(ring, event_next(ring) - 1);
}

/* One that is never too much. */
static void add(unsigned int type, unsigned int ctx, uint64_t a, uint64_t b)
{
	wait_seconds(1);
	event_add(type, ctx, a, b);
}

/* ---- Tests --------------------------------------------------------------- */

static void test_empty(void **state)
{
	static const uint8_t zero[32];
	struct event_record rec;
	unsigned int ring;

	(void)state;
	for (ring = 0; ring < OSTI_RINGS; ring++) {
		assert_int_equal(event_oldest(ring), 0);
		assert_int_equal(event_next(ring), 0);
		assert_memory_equal(event_chain_base(ring), zero, 32);
		assert_memory_equal(event_chain_head(ring), zero, 32);
		assert_int_equal(event_read(ring, 0, bm, &rec), OSTI_E_EMPTY);
	}
}

/*
 * Made with Python:
 *   b = lambda m: hashlib.blake2b(m, digest_size=32).digest()
 *   d = b(struct.pack('<5Q', seq, time, what, a, b)); chain = b(chain + d)
 */
static void test_known_answers(void **state)
{
	static const uint8_t digest0[32] = {
		0x3b, 0x4a, 0xb5, 0x0b, 0x52, 0x44, 0xae, 0xa1,
		0x91, 0x02, 0xa2, 0xa3, 0x4c, 0xf6, 0x44, 0x88,
		0xa4, 0xf8, 0xde, 0x40, 0x5f, 0x00, 0x99, 0x41,
		0x2d, 0xcd, 0xb9, 0xab, 0xe6, 0xb9, 0xac, 0xac,
	};
	static const uint8_t chain0[32] = {
		0xe8, 0xb6, 0xd0, 0x2a, 0xca, 0x41, 0x69, 0x61,
		0xa5, 0xb8, 0xa9, 0xec, 0xbe, 0x6f, 0x28, 0x4b,
		0x2a, 0x0b, 0x34, 0x94, 0xea, 0x1a, 0x0e, 0x56,
		0xda, 0xf5, 0x77, 0xbf, 0xfd, 0x92, 0x0a, 0xdd,
	};
	static const uint8_t digest1[32] = {
		0x31, 0xd2, 0xc3, 0x7b, 0x1c, 0x8e, 0x88, 0x43,
		0x2d, 0x07, 0x0b, 0xa2, 0x35, 0x09, 0x41, 0xad,
		0x82, 0xc4, 0xbe, 0x92, 0xa8, 0xa9, 0x8c, 0x3a,
		0xf1, 0xa0, 0xe2, 0xc3, 0xef, 0x24, 0x8c, 0x73,
	};
	static const uint8_t chain1[32] = {
		0x4c, 0xee, 0x70, 0x53, 0x98, 0xbd, 0xf7, 0xf5,
		0xb6, 0xc3, 0x05, 0x5c, 0xb7, 0x25, 0x05, 0x36,
		0x55, 0xda, 0xef, 0xc5, 0x32, 0x7a, 0x9a, 0x27,
		0xaf, 0x82, 0xea, 0xb7, 0x93, 0x11, 0x94, 0x19,
	};
	struct event_record rec;

	(void)state;
	host_counter_step = 5;
	host_counter_now = 0x1122334455667788 - 5;
	event_add(1, 0, 2, 3);
	assert_int_equal(event_read(ACTS, 0, bm, &rec), OSTI_OK);
	assert_int_equal(rec.time, 0x1122334455667788);
	assert_int_equal(rec.what, 1);
	assert_int_equal(rec.arg[0], 2);
	assert_int_equal(rec.arg[1], 3);
	assert_memory_equal(rec.digest, digest0, 32);
	assert_memory_equal(event_chain_head(ACTS), chain0, 32);

	host_cpu = 3;
	event_add(8, 2, 0x40080000, UINT64_MAX);
	assert_int_equal(event_read(ACTS, 1, bm, &rec), OSTI_OK);
	assert_int_equal(rec.what, 0x03020008);
	assert_memory_equal(rec.digest, digest1, 32);
	assert_memory_equal(event_chain_head(ACTS), chain1, 32);
}

static void test_wraparound(void **state)
{
	uint64_t n;

	(void)state;
	for (n = 0; n < 3 * EVENT_ACTS + 7; n++) {
		add(OSTI_EV_ARMED, n % 3, n, ~n);
		if (n % 100 == 0 || (n > 505 && n < 520)) {
			check_chain(ACTS, bm);
			check_chain(ACTS, slot1);
		}
	}
	check_chain(ACTS, slot2);
	assert_int_equal(event_next(ACTS), n);
	assert_int_equal(event_oldest(ACTS), n - EVENT_ACTS);
}

static void test_range(void **state)
{
	struct event_record rec, before;
	unsigned int n;

	(void)state;
	memset(&rec, 0x77, sizeof(rec));
	before = rec;
	for (n = 0; n < EVENT_ACTS; n++)
		add(OSTI_EV_ARMED, 1, n, 0);
	assert_int_equal(event_oldest(ACTS), 0);
	assert_int_equal(event_read(ACTS, EVENT_ACTS, bm, &rec), OSTI_E_EMPTY);
	assert_int_equal(event_read(ACTS, UINT64_MAX, bm, &rec), OSTI_E_EMPTY);
	assert_int_equal(event_read(ACTS, 1UL << 32, bm, &rec), OSTI_E_EMPTY);
	assert_memory_equal(&rec, &before, sizeof(rec));
	assert_int_equal(get(ACTS, 0).arg[0], 0);

	add(OSTI_EV_ARMED, 1, n, 0);
	assert_int_equal(event_oldest(ACTS), 1);
	assert_int_equal(event_read(ACTS, 0, bm, &rec), OSTI_E_EMPTY);
	assert_int_equal(get(ACTS, 1).arg[0], 1);
	assert_int_equal(get(ACTS, EVENT_ACTS).arg[0], EVENT_ACTS);
}

static void check_redaction(unsigned int ring)
{
	const struct event_record whole = newest(ring);
	struct event_record rec, want = whole;

	assert_int_equal(event_read(ring, whole.seq, slot2, &rec), OSTI_OK);
	assert_memory_equal(&rec, &whole, sizeof(rec));

	assert_int_equal(event_read(ring, whole.seq, slot1, &rec), OSTI_OK);
	if ((whole.what & 0xffff) != OSTI_EV_POWER_ON) {
		want.time = 0;
		want.what = OSTI_EV_REDACTED;
		want.arg[0] = 0;
		want.arg[1] = 0;
	}
	assert_memory_equal(&rec, &want, sizeof(rec));
}

static void test_redaction(void **state)
{
	struct event_record rec;
	unsigned int type;

	(void)state;
	for (type = OSTI_EV_POWER_ON; type <= OSTI_EV_LAST; type++) {
		add(type, 2, 0xaaaa, 0xbbbb);
		check_redaction(ACTS);
	}
	for (type = EVENT_OFFENCE_FIRST; type <= EVENT_OFFENCE_LAST; type++) {
		event_offence(type, 2, 0xaaaa, 0xbbbb);
		check_redaction(OFFENCES);
	}
	/* What is the boot manager's own is no slot's business. */
	add(OSTI_EV_BM_ENTER, 0, 1, 2);
	assert_int_equal(event_read(ACTS, event_next(ACTS) - 1, slot1, &rec),
			 OSTI_OK);
	assert_int_equal(rec.what, OSTI_EV_REDACTED);
	check_chain(ACTS, slot1);
	check_chain(OFFENCES, slot1);
}

static void test_offences(void **state)
{
	struct event_record rec;
	uint64_t recorded = 0;
	unsigned int n;

	(void)state;
	for (n = 1; n <= 5000; n++) {
		event_offence(OSTI_EV_BAD_SMC, 1, 0x1000 + n, 0xabcd);
		if ((n & (n - 1)) == 0) {
			rec = get(OFFENCES, recorded++);
			assert_int_equal(rec.what, OSTI_EV_BAD_SMC | 1 << 16);
			assert_int_equal(rec.arg[0], 0x1000 + n);
			assert_int_equal(rec.arg[1], n | 0xabcdUL << 32);
		}
		assert_int_equal(event_next(OFFENCES), recorded);
	}
	assert_int_equal(recorded, 13);

	/* Each type and each context has its own count. */
	event_offence(OSTI_EV_BAD_SMC, 2, 1, 0);
	event_offence(OSTI_EV_STAGE2_FAULT, 1, 2, 0);
	event_offence(OSTI_EV_TRAP, 1, 3, 0);
	event_offence(OSTI_EV_BAD_SMC, OSTI_MAX_SLOTS, 4, 0);
	event_offence(OSTI_EV_BAD_SMC, OSTI_CONTEXT_BM, 5, 0);
	assert_int_equal(event_next(OFFENCES), recorded + 5);
	for (n = 0; n < 5; n++) {
		rec = get(OFFENCES, recorded + n);
		assert_int_equal(rec.arg[0], n + 1);
		assert_int_equal(rec.arg[1], 1);
	}
	assert_int_equal(event_next(ACTS), 0);
	/* And forgets it at power-on. */
	event_init();
	event_offence(OSTI_EV_BAD_SMC, 1, 6, 0);
	assert_int_equal(event_next(OFFENCES), 1);
}

/* All that can ever come has a place: see EVENT_OFFENCES. */
static void test_offences_have_room(void **state)
{
	unsigned int ctx, type, n;

	(void)state;
	/* As far as a test can count; the rest is the same again. */
	for (ctx = 0; ctx < NR_CONTEXTS; ctx++)
		for (type = EVENT_OFFENCE_FIRST; type <= EVENT_OFFENCE_LAST;
		     type++)
			for (n = 0; n < 1 << 14; n++)
				event_offence(type, ctx, n, 0);
	assert_int_equal(event_next(OFFENCES), NR_CONTEXTS * 5 * 15);
	assert_int_equal(EVENT_OFFENCES, NR_CONTEXTS * 5 * 32);
	assert_int_equal(event_oldest(OFFENCES), 0);
	check_chain(OFFENCES, bm);
}

static void test_bugs(void **state)
{
	(void)state;
	expect_assert_failure(event_offence(EVENT_OFFENCE_FIRST - 1, 1, 0, 0));
	expect_assert_failure(event_offence(EVENT_OFFENCE_LAST + 1, 1, 0, 0));
	expect_assert_failure(event_offence(OSTI_EV_TRAP, OSTI_MAX_SLOTS + 1, 0,
					    0));
	expect_assert_failure(event_charge(OSTI_MAX_SLOTS + 1));
	expect_assert_failure(event_next(OSTI_RINGS));
	assert_int_equal(event_next(OFFENCES), 0);
}

/* ---- Budgets ------------------------------------------------------------- */

static void spend(unsigned int ctx, unsigned int n)
{
	event_charge(ctx);
	while (n--)
		event_add(OSTI_EV_ARMED, ctx, n, 0);
}

/* Nobody can push out what another one did, and offences least of all. */
static void test_budget(void **state)
{
	unsigned int ctx;

	(void)state;
	host_counter_step = 1;
	event_offence(OSTI_EV_BAD_SMC, 1, 0, 0);
	for (ctx = 0; ctx < NR_CONTEXTS; ctx++)
		spend(ctx, 10 * EVENT_ACTS);
	assert_int_equal(event_next(ACTS), NR_CONTEXTS * EVENT_BURST);
	assert_int_equal(event_oldest(ACTS), 0);
	/* Turns renew nothing; another's deed does not cost its neighbour. */
	for (ctx = 0; ctx < NR_CONTEXTS; ctx++)
		spend(ctx, 1);
	assert_int_equal(event_next(ACTS), NR_CONTEXTS * EVENT_BURST);
	assert_int_equal(event_next(OFFENCES), 1);
	check_chain(ACTS, slot1);
}

static void test_time_renews(void **state)
{
	unsigned int n;

	(void)state;
	host_counter_step = 1;
	spend(1, EVENT_BURST);
	assert_int_equal(newest(ACTS).what, OSTI_EV_ARMED | 1 << 16);
	for (n = 1; n <= 10; n++) {
		wait_seconds(1);
		spend(1, 1);
		assert_int_equal(event_next(ACTS), EVENT_BURST + n);
	}
	/* But not more than all of it. */
	wait_seconds(100 * REST);
	spend(1, 3 * EVENT_BURST);
	assert_int_equal(event_next(ACTS), 2 * EVENT_BURST + 10);
}

static void test_limited(void **state)
{
	struct event_record rec;
	uint64_t first;

	(void)state;
	host_counter_step = 1;
	spend(1, EVENT_BURST);
	first = host_counter_now + 1;
	spend(1, 700);
	/* Who pays is limited, whoever it is about. */
	event_add(OSTI_EV_RESUMED, 2, 0, 0);
	assert_int_equal(event_next(ACTS), EVENT_BURST);

	/* Before the next act, when there is a token for each. */
	wait_seconds(2);
	event_add(OSTI_EV_CANCELLED, 1, 0, 0);
	assert_int_equal(event_next(ACTS), EVENT_BURST + 2);
	rec = get(ACTS, EVENT_BURST);
	assert_int_equal(rec.what, OSTI_EV_LIMITED | 1 << 16);
	assert_int_equal(rec.arg[0], 701);
	assert_int_equal(rec.arg[1], first);
	assert_int_equal(newest(ACTS).what, OSTI_EV_CANCELLED | 1 << 16);

	/* Who asks is told, too. */
	event_settle();
	spend(1, 5);
	event_settle();
	assert_int_equal(event_next(ACTS), EVENT_BURST + 2);
	wait_seconds(1);
	event_settle();
	event_settle();
	assert_int_equal(event_next(ACTS), EVENT_BURST + 3);
	assert_int_equal(newest(ACTS).arg[0], 5);
	check_chain(ACTS, bm);
}

/* One that never stops gets one record a second, and is told by that. */
static void test_endless(void **state)
{
	unsigned int n;

	(void)state;
	host_counter_step = 1;
	for (n = 0; n < 100; n++) {
		spend(1, 100);
		wait_seconds(1);
	}
	assert_in_range(event_next(ACTS), EVENT_BURST, EVENT_BURST + 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_empty, setup),
		cmocka_unit_test_setup(test_known_answers, setup),
		cmocka_unit_test_setup(test_wraparound, setup),
		cmocka_unit_test_setup(test_range, setup),
		cmocka_unit_test_setup(test_redaction, setup),
		cmocka_unit_test_setup(test_offences, setup),
		cmocka_unit_test_setup(test_offences_have_room, setup),
		cmocka_unit_test_setup(test_budget, setup),
		cmocka_unit_test_setup(test_time_renews, setup),
		cmocka_unit_test_setup(test_limited, setup),
		cmocka_unit_test_setup(test_endless, setup),
		cmocka_unit_test_setup(test_bugs, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
