// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The check of the event ring: what is true passes, every way of lying is found.
 */
#include "helper.h"

#include <string.h>

#include <osti/abi.h>

#include "common/hex.h"
#include "ctl/verify.h"

/*
 * Three records and the chain over them, computed with another implementation
 * (Python's hashlib), so that both cannot be wrong together:
 *
 *	h = lambda b: hashlib.blake2b(b, digest_size=32).digest()
 *	d7 = h(struct.pack("<5Q", 7, 1000, 8 | 1 << 16 | 2 << 24, 0x1234, 2**64 - 1))
 *	d8 = h(struct.pack("<5Q", 8, 2000, 8 | 2 << 16, 0x9999, 0))
 *	d9 = h(struct.pack("<5Q", 9, 3000, 9 | 1 << 16, 0x40201000, 0))
 *	c7 = h(bytes(32) + d7)
 *	c9 = h(h(c7 + d8) + d9)
 *
 * The forged one has the time 3001.
 */
#define DIGEST_7                                                               \
	"caa26abd9bc685fcba442f69533f6789d067fed7351a097ea1b013c17096e766"
#define DIGEST_8                                                               \
	"aebb3a452dc1842cbbeb7587837bb9300184ce2017d82d2ca86b7c2467eafa7b"
#define DIGEST_9                                                               \
	"6fc35801b7db76fea49f6bad17b749b13f65e980f47a1da9cf03581057b2f433"
#define DIGEST_9_FORGED                                                        \
	"def4b00a91963b98c5dacac13781a1f07e58c8efb4414bf41eb682407c47f0d3"
#define CHAIN_7                                                                \
	"ff3b154ec98c2227a4c5dc84bdec95cf6ef57a377c7ca2dc0df407dce97a3f2d"
#define CHAIN_9                                                                \
	"0dc6166903054810e345f8ed36eb502d62780276ba5901b10be00197585a3faf"

struct fixture {
	struct osti_event ev[3]; /* own, redacted, own */
	struct osti_ioc_ring ring;
	struct verify verify;
	struct fault fault;
};

static void hex(const char *text, uint8_t *ret)
{
	assert_int_equal(hex_decode(text, ret, 32), 0);
}

static void start(struct fixture *f)
{
	memset(f, 0, sizeof(*f));
	f->ev[0] = (struct osti_event){
		.seq = 7,
		.time = 1000,
		.type = OSTI_EV_FROZEN,
		.slot = 1,
		.cpu = 2,
		.arg = { 0x1234, UINT64_MAX },
	};
	f->ev[1] = (struct osti_event){ .seq = 8 };
	f->ev[2] = (struct osti_event){
		.seq = 9,
		.time = 3000,
		.type = OSTI_EV_RESUMED,
		.slot = 1,
		.arg = { 0x40201000, 0 },
	};
	hex(DIGEST_7, f->ev[0].digest);
	hex(DIGEST_8, f->ev[1].digest);
	hex(DIGEST_9, f->ev[2].digest);
	f->ring.oldest = 7;
	f->ring.next = 10;
	hex(CHAIN_9, f->ring.head);
}

static int feed(struct fixture *f, size_t i)
{
	return verify_event(&f->verify, &f->ev[i], &f->fault);
}

static void good(struct fixture *f, int r)
{
	if (r < 0)
		fail_msg("%s", f->fault.message);
}

static void bad(struct fixture *f, int r, const char *says)
{
	assert_int_equal(r, -1);
	assert_int_equal(f->fault.code, FAULT_VERIFY);
	if (!strstr(f->fault.message, says))
		fail_msg("'%s' does not say '%s'", f->fault.message, says);
}

static void test_good(void **state)
{
	struct fixture f;
	size_t i;

	(void)state;
	start(&f);
	good(&f, verify_ring(&f.verify, &f.ring, &f.fault));
	for (i = 0; i < 3; i++)
		good(&f, feed(&f, i));
	good(&f, verify_end(&f.verify, &f.fault));
	assert_int_equal(f.verify.checked, 2);
	assert_int_equal(f.verify.redacted, 1);
}

static void test_older_records_are_passed_over(void **state)
{
	struct fixture f;
	struct osti_event old = { .seq = 6, .type = OSTI_EV_ARMED };

	(void)state;
	start(&f);
	good(&f, verify_ring(&f.verify, &f.ring, &f.fault));
	good(&f, verify_event(&f.verify, &old, &f.fault));
	good(&f, feed(&f, 0));
	/* Not any more once it has begun. */
	bad(&f, verify_event(&f.verify, &old, &f.fault), "record 6 follows");
}

static void test_tampered_content(void **state)
{
	struct osti_event *ev;
	struct fixture f;
	int field;

	(void)state;
	for (field = 0; field < 6; field++) {
		start(&f);
		ev = &f.ev[0];
		if (field == 0)
			ev->time++;
		else if (field == 1)
			ev->type = OSTI_EV_RESUMED;
		else if (field == 2)
			ev->slot = 2;
		else if (field == 3)
			ev->cpu = 0;
		else if (field == 4)
			ev->arg[0] ^= 1;
		else
			ev->arg[1] ^= UINT64_C(1) << 63;
		good(&f, verify_ring(&f.verify, &f.ring, &f.fault));
		bad(&f, feed(&f, 0), "record 7 does not have the content");
	}
}

/* The digest fits the content, but it is not the one that was chained. */
static void test_forged_digest(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	f.ev[2].time = 3001;
	hex(DIGEST_9_FORGED, f.ev[2].digest);
	good(&f, verify_ring(&f.verify, &f.ring, &f.fault));
	good(&f, feed(&f, 0));
	good(&f, feed(&f, 1));
	bad(&f, feed(&f, 2), "chain before record 10");
}

static void test_redacted_digest(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	f.ev[1].digest[31] ^= 1;
	good(&f, verify_ring(&f.verify, &f.ring, &f.fault));
	good(&f, feed(&f, 0));
	good(&f, feed(&f, 1));
	bad(&f, feed(&f, 2), "chain before record 10");
}

static void test_wrong_base(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	f.ring.base[0] = 1;
	good(&f, verify_ring(&f.verify, &f.ring, &f.fault));
	good(&f, feed(&f, 0));
	good(&f, feed(&f, 1));
	bad(&f, feed(&f, 2), "chain before record 10");
}

static void test_gap(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	good(&f, verify_ring(&f.verify, &f.ring, &f.fault));
	good(&f, feed(&f, 0));
	bad(&f, feed(&f, 2), "record 9 follows where 8 should");
	start(&f);
	good(&f, verify_ring(&f.verify, &f.ring, &f.fault));
	bad(&f, feed(&f, 1), "record 8 follows where 7 should");
}

static void test_twice(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	good(&f, verify_ring(&f.verify, &f.ring, &f.fault));
	good(&f, feed(&f, 0));
	bad(&f, feed(&f, 0), "record 7 follows where 8 should");
}

static void test_missing_end(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	good(&f, verify_ring(&f.verify, &f.ring, &f.fault));
	good(&f, feed(&f, 0));
	good(&f, feed(&f, 1));
	bad(&f, verify_end(&f.verify, &f.fault), "from 9 to 9 are missing");
}

static void test_empty_ring(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	f.ring.next = 7;
	memcpy(f.ring.base, f.ring.head, 32);
	good(&f, verify_ring(&f.verify, &f.ring, &f.fault));
	good(&f, verify_end(&f.verify, &f.fault));
	start(&f);
	f.ring.next = 7;
	bad(&f, verify_ring(&f.verify, &f.ring, &f.fault), "chain before");
}

/* States of the ring between records, as --follow sees them. */
static void test_states_in_between(void **state)
{
	struct osti_ioc_ring later;
	struct fixture f;

	(void)state;
	start(&f);
	later = f.ring;
	f.ring.next = 8;
	hex(CHAIN_7, f.ring.head);
	good(&f, verify_ring(&f.verify, &f.ring, &f.fault));
	good(&f, feed(&f, 0));
	good(&f, verify_ring(&f.verify, &f.ring, &f.fault));
	good(&f, feed(&f, 1));
	/* Taken before record 8 was read, so it cannot be older than that. */
	bad(&f, verify_ring(&f.verify, &f.ring, &f.fault),
	    "record 8 is not written yet");
	good(&f, verify_ring(&f.verify, &later, &f.fault));
	good(&f, feed(&f, 2));
	good(&f, verify_ring(&f.verify, &later, &f.fault));
	later.head[0] ^= 1;
	bad(&f, verify_ring(&f.verify, &later, &f.fault), "chain before");
}

/* This OS came back from an image: another chain, from another power-on. */
static void test_anew(void **state)
{
	struct osti_event old = { .seq = 6, .type = OSTI_EV_ARMED };
	struct fixture f;
	int turn;

	(void)state;
	start(&f);
	for (turn = 0; turn < 2; turn++) {
		good(&f, verify_ring(&f.verify, &f.ring, &f.fault));
		/* Older than the state: only before the first record. */
		good(&f, verify_event(&f.verify, &old, &f.fault));
		good(&f, feed(&f, 0));
		bad(&f, verify_event(&f.verify, &old, &f.fault), "record 6");
		/* The rest of the old chain is lost. */
		verify_anew(&f.verify);
	}
	good(&f, verify_ring(&f.verify, &f.ring, &f.fault));
	for (turn = 0; turn < 3; turn++)
		good(&f, feed(&f, (size_t)turn));
	good(&f, verify_end(&f.verify, &f.fault));
	assert_int_equal(f.verify.chains, 3);
	assert_int_equal(f.verify.checked, 4);
	/* It is checked like the first one. */
	verify_anew(&f.verify);
	f.ring.head[0] ^= 1;
	good(&f, verify_ring(&f.verify, &f.ring, &f.fault));
	good(&f, feed(&f, 0));
	good(&f, feed(&f, 1));
	bad(&f, feed(&f, 2), "chain before record 10");
}

static void test_ring_without_sense(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	f.ring.next = 6;
	bad(&f, verify_ring(&f.verify, &f.ring, &f.fault), "not written yet");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_older_records_are_passed_over),
		cmocka_unit_test(test_tampered_content),
		cmocka_unit_test(test_forged_digest),
		cmocka_unit_test(test_redacted_digest),
		cmocka_unit_test(test_wrong_base),
		cmocka_unit_test(test_gap),
		cmocka_unit_test(test_twice),
		cmocka_unit_test(test_missing_end),
		cmocka_unit_test(test_empty_ring),
		cmocka_unit_test(test_states_in_between),
		cmocka_unit_test(test_anew),
		cmocka_unit_test(test_ring_without_sense),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
