// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_pci.c - who sees which function, and that a function left behind stops
 *
 * Which function is whose is written here once more, number by number, on purpose:
 * a slip in the board's table shows, whatever board_pci.h has for numbers.
 */
#include "test.h"

#include <stdio.h>
#include <string.h>

#include "board.h"
#include "host.h"
#include "host_pci.h"
#include "pci.h"

#define CONFIG(devfn)	(BOARD_PCI_ECAM_BASE + (devfn) * 4096UL)
#define NET		PCI_DEVFN(1, 0)
#define RNG		PCI_DEVFN(3, 0)
#define DISPLAY		PCI_DEVFN(4, 0)
#define REMOVABLE	PCI_DEVFN(7, 0)
#define EXCHANGE	PCI_DEVFN(0x19, 0)
#define DISK		PCI_DEVFN(8, 0)
#define CONTEXTS	9

static int setup(void **state)
{
	(void)state;
	host_reset();
	host_pci_add();
	pci_init();
	return 0;
}

/* Off: no bus mastering, no decoding; everything else of the register stays. */
static void assert_off(unsigned int devfn)
{
	assert_int_equal(host_pci_command(devfn), 0x0400);
}

static void assert_stops(unsigned int devfn)
{
	assert_int_equal(pci_quiesce(devfn), 0);
	assert_false(host_pci_is_live(devfn));
	assert_off(devfn);
}

static void assert_refused(unsigned int devfn, int want)
{
	assert_int_equal(pci_quiesce(devfn), want);
	assert_true(host_pci_is_live(devfn));
	assert_off(devfn);
	assert_non_null(strstr(host_log(), "PCI 08.0"));
}

/* ---- Visibility -------------------------------------------------------------------- */

static bool should_see(unsigned int devfn, unsigned int ctx)
{
	unsigned int dev = devfn / 8;

	if (devfn % 8)
		return false;
	if (dev <= 4)
		return true;
	if (dev == 5 || dev == 6)
		return ctx == 0;
	if (dev == 7)
		return ctx != 0;
	if (dev == 0x19)
		return true;
	return dev >= 8 && dev <= 15 && ctx == dev - 7;
}

static void test_visible(void **state)
{
	unsigned int devfn, ctx;

	(void)state;
	for (devfn = 0; devfn < PCI_FUNCTIONS; devfn++)
		for (ctx = 0; ctx < CONTEXTS; ctx++)
			assert_int_equal(pci_visible(devfn, ctx),
					 should_see(devfn, ctx));
}

static void test_optional(void **state)
{
	unsigned int devfn;

	(void)state;
	for (devfn = 0; devfn < PCI_FUNCTIONS; devfn++)
		assert_int_equal(pci_optional(devfn),
				 devfn == REMOVABLE || devfn == EXCHANGE);
}

/* One that cannot be reset would be its first context's, which sees none. */
static void test_removable_without_reset(void **state)
{
	unsigned int ctx;

	(void)state;
	host_pci_function(REMOVABLE, 0x1b36, 0x0100);
	pci_init();
	for (ctx = 0; ctx < CONTEXTS; ctx++)
		assert_false(pci_visible(REMOVABLE, ctx));
}

static void test_table_names_each_function_once(void **state)
{
	unsigned int i, j;

	(void)state;
	for (i = 0; i < board_pci_nr_functions; i++)
		for (j = 0; j < i; j++)
			assert_int_not_equal(board_pci_functions[i].devfn,
					     board_pci_functions[j].devfn);
}

/* ---- A slot's disk -------------------------------------------------------------------- */

#define ALIAS	PCI_DEVFN(0x10, 0)

static void assert_disk(unsigned int slot, enum pci_owner owner, int want)
{
	unsigned int devfn = ~0U;

	assert_int_equal(pci_disk(slot, owner, &devfn), want >= 0);
	if (want >= 0)
		assert_int_equal(devfn, want);
}

static void test_disk(void **state)
{
	(void)state;
	/* The board names them, but they are not there. */
	assert_disk(1, PCI_PRIVATE, -1);
	assert_disk(1, PCI_ALIAS, -1);
	host_pci_virtio(DISK);
	host_pci_virtio(ALIAS);
	host_pci_virtio(NET);
	pci_init();
	assert_disk(1, PCI_PRIVATE, DISK);
	assert_disk(1, PCI_ALIAS, ALIAS);
	assert_disk(2, PCI_ALIAS, -1);
	assert_disk(0, PCI_PRIVATE, -1);
	/* That of no slot is the store's, which is not there. */
	assert_disk(0, PCI_ALIAS, -1);
	assert_disk(9, PCI_ALIAS, -1);
	pci_cut_off(ALIAS);
	assert_disk(1, PCI_ALIAS, -1);
	assert_disk(1, PCI_PRIVATE, DISK);
}

/* What its first context keeps nobody else is lent. */
static void test_disk_without_reset(void **state)
{
	(void)state;
	host_pci_function(DISK, 0x1234, 0x0100);
	host_pci_function(ALIAS, 0x1234, 0x0100);
	pci_init();
	assert_true(pci_visible(DISK, 1));
	assert_disk(1, PCI_PRIVATE, -1);
	assert_disk(1, PCI_ALIAS, -1);
}

/* Nobody's addresses lead to it any more, whatever state it is in. */
static void test_mute(void **state)
{
	(void)state;
	host_pci_virtio(DISK);
	pci_mute(DISK);
	assert_off(DISK);
	assert_stops(DISK);
	expect_assert_failure(pci_mute(PCI_FUNCTIONS));
}

/* ---- Stopping ----------------------------------------------------------------------- */

static void test_virtio_reset_trace(void **state)
{
	const struct host_access *trace;
	const uint64_t window = CONFIG(DISK) + 0x84;
	struct { uint64_t addr, val; unsigned int size; } want[] = {
		{ CONFIG(DISK) + 0x9a, 0x0000, 2 },	/* MSI-X off */
		{ window + 4, 4, 1 },			/* BAR */
		{ window + 8, 0x14, 4 },		/* device_status */
		{ window + 12, 1, 4 },			/* one byte */
		{ window + 16, 0, 1 },			/* reset */
		{ CONFIG(DISK) + 4, 0x0400, 2 },	/* command */
	};
	size_t i, count, n = 0;

	(void)state;
	host_pci_virtio(DISK);
	assert_stops(DISK);
	trace = host_trace(&count);
	for (i = 0; i < count; i++) {
		if (trace[i].op != HOST_WRITE)
			continue;
		assert_true(n < ARRAY_SIZE(want));
		assert_int_equal(trace[i].addr, want[n].addr);
		assert_int_equal(trace[i].val, want[n].val);
		assert_int_equal(trace[i].size, want[n].size);
		n++;
	}
	assert_int_equal(n, ARRAY_SIZE(want));
	/* It waited for the reset's end before it switched the function off. */
	assert_true(host_trace_last(HOST_READ, window + 16) <
		    host_trace_find(0, HOST_WRITE, CONFIG(DISK) + 4));
	assert_true(host_trace_last(HOST_READ, window + 16) >
		    host_trace_find(0, HOST_WRITE, window + 16));
}

/* An OS may leave all that it can write in any state. */
static void test_virtio_left_by_hostile_os(void **state)
{
	struct host_pci *f = host_pci_virtio(DISK);
	unsigned int i;

	(void)state;
	for (i = 0; i < HOST_PCI_BYTES; i++)
		f->config[i] |= f->writable[i];
	assert_stops(DISK);

	f = host_pci_virtio(DISK);
	for (i = 0; i < HOST_PCI_BYTES; i++)
		f->config[i] &= ~f->writable[i];
	assert_int_equal(pci_quiesce(DISK), 0);
	assert_false(host_pci_is_live(DISK));
	assert_int_equal(host_pci_command(DISK), 0);
}

static void test_virtio_common_elsewhere(void **state)
{
	struct host_pci *f = host_pci_virtio(DISK);

	(void)state;
	f->bar = 2;
	f->common = 0x12340000;
	f->config[0x40 + 4] = 2;
	memcpy(&f->config[0x40 + 8], &f->common, 4);
	assert_stops(DISK);
}

static void test_virtio_slow_reset(void **state)
{
	struct host_pci *f = host_pci_virtio(DISK);

	(void)state;
	f->reset_polls = 500;
	assert_stops(DISK);
	assert_int_equal(f->reset_polls, 0);
}

static void test_virtio_never_resets(void **state)
{
	struct host_pci *f = host_pci_virtio(DISK);
	uint64_t start = host_counter_now;

	(void)state;
	f->never_resets = true;
	assert_refused(DISK, PCI_E_TIMEOUT);
	/* It gave it its second, and not much more. */
	assert_in_range(host_counter_now - start, arch_counter_hz(),
			2 * arch_counter_hz());
}

/* The last look counts: the CPU may have been away until after the deadline. */
static void test_virtio_reset_seen_late(void **state)
{
	struct host_pci *f = host_pci_virtio(DISK);

	(void)state;
	f->reset_polls = 2;
	host_counter_step = 5 * arch_counter_hz();
	assert_stops(DISK);
}

static void test_msi_off(void **state)
{
	struct host_pci *f = host_pci_function(DISK, 0x1234, 0x0380);

	(void)state;
	pci_init();
	f->config[0x04] = 0x07;
	f->config[0x06] = 0x10;
	f->config[0x34] = 0x40;
	f->config[0x40] = 0x05;
	f->config[0x42] = 0x81;
	f->writable[0x42] = 0x71;
	assert_stops(DISK);
	assert_int_equal(f->config[0x42], 0x80);
}

/* ---- Other ways to reset, and none ---------------------------------------------------- */

/* Nothing in it is reset: it is switched off, and its first context keeps it. */
static void test_no_reset(void **state)
{
	struct host_pci *net = host_pci_function(NET, 0x1234, 0x0200);
	struct host_pci *disk = host_pci_function(DISK, 0x1234, 0x0100);
	unsigned int ctx;

	(void)state;
	/* A PCI Express or AF capability alone does not say that it can. */
	host_pci_add_express(NET, false);
	host_pci_add_advanced(DISK, false);
	pci_init();
	assert_off(NET);
	assert_off(DISK);
	assert_non_null(strstr(host_log(), "PCI 01.0 cannot be reset"));
	for (ctx = 0; ctx < CONTEXTS; ctx++) {
		assert_int_equal(pci_visible(NET, ctx), ctx == 0);
		assert_int_equal(pci_visible(DISK, ctx), ctx == 1);
		assert_true(pci_visible(RNG, ctx));
	}
	net->config[4] = 0x07;
	disk->config[4] = 0x07;
	assert_stops(NET);
	assert_stops(DISK);
	assert_int_equal(net->flrs + disk->flrs, 0);

	/* One that had a way to reset and has none any more. */
	host_pci_virtio(RNG);
	pci_init();
	host_pci_function(RNG, 0x1234, 0x0200);
	assert_int_equal(pci_quiesce(RNG), PCI_E_CONFIG);
}

static void check_flr(void (*add)(unsigned int devfn, bool flr))
{
	struct host_pci *f = host_pci_function(DISK, 0x1234, 0x0100);
	uint64_t start;

	add(DISK, true);
	pci_init();
	assert_true(pci_visible(DISK, 1));
	assert_int_equal(f->flrs, 1);
	/* The model checks that it is off before, and let alone for 100 ms. */
	f->config[4] = 0x07;
	f->status = 1;
	start = host_counter_now;
	assert_stops(DISK);
	assert_int_equal(f->flrs, 2);
	assert_in_range(host_counter_now - start, arch_counter_hz() / 10,
			arch_counter_hz());
}

static void test_flr(void **state)
{
	(void)state;
	check_flr(host_pci_add_express);
	/* What else is in the register stays. */
	assert_int_equal(host_pci[DISK].config[0xc8], 0x10);
}

static void test_flr_advanced(void **state)
{
	(void)state;
	check_flr(host_pci_add_advanced);
}

static void test_flr_never_returns(void **state)
{
	struct host_pci *f = host_pci_function(DISK, 0x1234, 0x0100);

	(void)state;
	host_pci_add_express(DISK, true);
	pci_init();
	f->never_returns = true;
	assert_int_equal(pci_quiesce(DISK), PCI_E_TIMEOUT);
	assert_int_equal(f->flrs, 2);
}

/* Virtio's own reset is tried first, as it takes no time. */
static void test_virtio_with_flr(void **state)
{
	struct host_pci *f = host_pci_virtio(DISK);

	(void)state;
	host_pci_add_express(DISK, true);
	assert_stops(DISK);
	assert_int_equal(f->flrs, 0);
	f->status = 0x0f;
	f->never_resets = true;
	assert_stops(DISK);
	assert_int_equal(f->flrs, 1);
}

/* In D3 it does not hear virtio's reset: it must be in D0, and stay there. */
static void test_left_in_d3(void **state)
{
	struct host_pci *f = host_pci_virtio(DISK);

	(void)state;
	host_pci_add_power(DISK);
	f->config[0xb4] = 0x03;
	f->config[0xb5] = 0x81;		/* an event is enabled and noted */
	assert_stops(DISK);
	assert_int_equal(f->config[0xb4], 0);
	assert_int_equal(f->config[0xb5], 0x01);
	/* It was given its time: virtio 1.2 has none, but PM 1.2 has 10 ms. */
	assert_true(host_counter_now >= arch_counter_hz() / 100);
	f->status = 0x0f;
	assert_stops(DISK);
}

/* ---- Memory that is zeroed ------------------------------------------------------------- */

#define SCRATCH		BOARD_PCI_SCRATCH_BASE
#define SCREEN_BYTES	65536

static struct host_pci *add_display(void)
{
	struct host_pci *f = host_pci_function(DISPLAY, 0x1234, 0x0380);

	host_pci_add_memory(DISPLAY, 0, SCREEN_BYTES);
	return f;
}

/* As an OS sets it: the bits that give its size and its kind are fixed. */
static void set_bar(struct host_pci *f, unsigned int bar, uint32_t val)
{
	val = (val & ~(SCREEN_BYTES - 1)) | 8;
	memcpy(&f->config[0x10 + 4 * bar], &val, 4);
}

static void assert_zeroed(struct host_pci *f)
{
	uint32_t bar;
	unsigned int i;

	assert_int_equal(pci_quiesce(DISPLAY), 0);
	assert_int_equal(pci_zero(DISPLAY), 0);
	for (i = 0; i < SCREEN_BYTES; i++)
		assert_int_equal(f->memory[i], 0);
	assert_off(DISPLAY);
	memcpy(&bar, &f->config[0x10], sizeof(bar));
	assert_int_equal(bar, 0x08);
}

static void test_zero(void **state)
{
	struct host_pci *f = add_display();
	unsigned int ctx;

	(void)state;
	/* What a device kept over a reset is not shown either. */
	pci_init();
	assert_int_equal(f->memory[SCREEN_BYTES - 1], 0);
	for (ctx = 0; ctx < CONTEXTS; ctx++)
		assert_true(pci_visible(DISPLAY, ctx));
	memset(f->memory, 0x5a, SCREEN_BYTES);
	f->config[4] = 0x07;
	assert_zeroed(f);
	/* Nothing to do for others, and not where there is none. */
	host_pci_virtio(NET);
	assert_int_equal(pci_zero(NET), 0);
	f->present = false;
	host_trace_clear();
	assert_int_equal(pci_zero(DISPLAY), 0);
	assert_int_equal(host_trace_count(HOST_ZERO, SCRATCH), 0);
}

/* Wherever the OS put it: nothing but the memory itself is written. */
static void test_zero_hostile_bar(void **state)
{
	static const uint32_t bars[] = {
		0, 0x40000000, 0x41000000, 0xfffffff0, 0x10000000, 0x08000000,
		0x09050000, 0x3eff0000,
	};
	struct host_pci *f = add_display();
	struct host_pci *other = host_pci_virtio(NET);
	unsigned int i;
	size_t count, n;

	(void)state;
	host_pci_add_memory(NET, 2, SCREEN_BYTES);
	pci_init();
	for (i = 0; i < ARRAY_SIZE(bars); i++) {
		memset(f->memory, 0x5a, SCREEN_BYTES);
		set_bar(f, 0, bars[i]);
		/* The other lies where the monitor works; the model objects. */
		set_bar(other, 2, SCRATCH);
		other->config[4] = 0x07;
		f->config[4] = 0x07;
		assert_int_equal(pci_quiesce(NET), 0);
		host_trace_clear();
		assert_zeroed(f);
		assert_int_equal(other->memory[0], 0xff);
		assert_int_equal(host_trace_count(HOST_ZERO, SCRATCH), 1);
		host_trace(&count);
		for (n = 0; n < count; n++)
			assert_true(host_trace(&count)[n].op != HOST_ZERO ||
				    host_trace(&count)[n].addr == SCRATCH);
	}
}

static void assert_not_zeroed(void)
{
	assert_int_equal(pci_zero(DISPLAY), PCI_E_BAR);
	assert_int_equal(host_trace_count(HOST_ZERO, SCRATCH), 0);
	assert_int_equal(host_pci_command(DISPLAY) & 7, 0);
}

/* What cannot be zeroed is cut off. */
static void test_zero_impossible(void **state)
{
	struct host_pci *f = add_display();
	uint32_t mask;

	(void)state;
	f->config[4] = 0;
	f->config[0x10] = 0x01;			/* ports */
	assert_not_zeroed();
	f->config[0x10] = 0x00;			/* reads have side effects */
	assert_not_zeroed();
	f->config[0x10] = 0x08;
	mask = 0;				/* no BAR */
	memcpy(&f->writable[0x10], &mask, 4);
	assert_not_zeroed();
	mask = 0xf8000000;			/* too large */
	memcpy(&f->writable[0x10], &mask, 4);
	assert_not_zeroed();
	mask = 0xffffff80;			/* too small */
	memcpy(&f->writable[0x10], &mask, 4);
	assert_not_zeroed();
	mask = 0xfff50000;			/* makes no sense */
	memcpy(&f->writable[0x10], &mask, 4);
	assert_not_zeroed();
	pci_init();
	assert_false(pci_visible(DISPLAY, 0));
	assert_false(pci_visible(DISPLAY, 1));
	assert_non_null(strstr(host_log(), "its memory cannot be zeroed"));
}

/* A BAR of 64 bits. Memory that does not decode there reads as ones. */
static void test_zero_wide(void **state)
{
	struct host_pci *f = add_display();
	uint32_t high = 0x80;

	(void)state;
	f->config[0x10] = 0x0c;
	memset(&f->writable[0x14], 0xff, 4);
	memcpy(&f->config[0x14], &high, 4);
	f->config[4] = 0x07;
	assert_int_equal(pci_quiesce(DISPLAY), 0);
	assert_int_equal(pci_zero(DISPLAY), 0);
	assert_int_equal(f->memory[SCREEN_BYTES - 1], 0);
	memcpy(&high, &f->config[0x14], 4);
	assert_int_equal(high, 0);
	/* More than 4 GiB */
	f->writable[0x14] = 0xfe;
	host_trace_clear();
	assert_not_zeroed();
}

/* ---- Which function -------------------------------------------------------------------- */

static void test_cut_off(void **state)
{
	unsigned int ctx, i, devfn, n = 0;

	(void)state;
	pci_init();
	for (i = 0; pci_next(2, &i, &devfn); n++)
		assert_true(pci_visible(devfn, 2));
	assert_int_equal(n, 8);
	pci_cut_off(NET);
	for (ctx = 0; ctx < CONTEXTS; ctx++) {
		assert_false(pci_visible(NET, ctx));
		for (i = 0; pci_next(ctx, &i, &devfn);)
			assert_int_not_equal(devfn, NET);
	}
	/* Until power-on */
	pci_init();
	assert_true(pci_visible(NET, 1));
	expect_assert_failure(pci_cut_off(PCI_FUNCTIONS));
}

/* ---- The table in the docs ------------------------------------------------------------- */

#define DOCS	"docs/state-machines.md"

static void put_to(const char *name)
{
	host_pci_function(NET, 0x1234, 0x0200);
	if (strcmp(name, "kept"))
		host_pci_add_express(NET, true);
	pci_init();
	if (!strcmp(name, "cut off"))
		pci_cut_off(NET);
}

static void test_docs(void **state)
{
	static const char * const names[] = { "as listed", "kept", "cut off" };
	char line[256], want[256];
	unsigned int i, seen = 0;
	FILE *f = fopen(DOCS, "r");

	(void)state;
	if (!f)
		fail_msg("cannot read " DOCS ": run the test at the top of the tree");
	while (fgets(line, sizeof(line), f)) {
		for (i = 0; i < ARRAY_SIZE(names); i++) {
			snprintf(want, sizeof(want), "| %s ", names[i]);
			if (strncmp(line, want, strlen(want)))
				continue;
			put_to(names[i]);
			snprintf(want, sizeof(want),
				 "| %-9s | %-12s | %-5s |\n", names[i],
				 pci_visible(NET, 0) ? "yes" : "no",
				 pci_visible(NET, 1) ? "yes" : "no");
			assert_string_equal(line, want);
			seen++;
		}
	}
	fclose(f);
	assert_int_equal(seen, ARRAY_SIZE(names));
}

/* One that does not stop at the start is given to nobody. */
static void test_stuck_at_start(void **state)
{
	(void)state;
	host_pci_virtio(NET)->never_resets = true;
	pci_init();
	assert_false(pci_visible(NET, 0));
	assert_off(NET);
}

/* Each function is stopped by its own configuration space, and only it. */
static void test_only_this_function(void **state)
{
	(void)state;
	host_pci_virtio(PCI_DEVFN(0, 1));
	host_pci_virtio(PCI_DEVFN(31, 7));
	assert_stops(PCI_DEVFN(31, 7));
	assert_true(host_pci_is_live(PCI_DEVFN(0, 1)));
	assert_stops(PCI_DEVFN(0, 1));
}

static void test_absent_function(void **state)
{
	size_t count;

	(void)state;
	host_trace_clear();
	assert_int_equal(pci_quiesce(DISK), 0);
	host_trace(&count);
	assert_int_equal(count, 1);
}

static void test_host_bridge(void **state)
{
	(void)state;
	host_pci_function(0, 0x1b36, 0x0600);
	assert_int_equal(pci_quiesce(0), 0);
	assert_int_equal(host_pci_command(0), 0x0407);
}

static void test_no_such_devfn(void **state)
{
	(void)state;
	expect_assert_failure(pci_quiesce(PCI_FUNCTIONS));
}

/* ---- Capability lists that make no sense ----------------------------------------------- */

static void test_caps_loop(void **state)
{
	struct host_pci *f = host_pci_virtio(DISK);
	size_t count;

	(void)state;
	f->config[0x41] = 0x98;
	assert_refused(DISK, PCI_E_CONFIG);
	host_trace(&count);
	assert_true(count < 2000);
}

static void test_caps_loop_of_one(void **state)
{
	struct host_pci *f = host_pci_virtio(DISK);

	(void)state;
	f->config[0x99] = 0x98;
	assert_refused(DISK, PCI_E_CONFIG);
}

static void test_caps_into_header(void **state)
{
	struct host_pci *f = host_pci_virtio(DISK);

	(void)state;
	f->config[0x41] = 0x3c;
	assert_refused(DISK, PCI_E_CONFIG);
}

static void test_caps_loop_of_plain_function(void **state)
{
	struct host_pci *f = host_pci_function(DISK, 0x1234, 0x0380);

	(void)state;
	f->config[0x06] = 0x10;
	f->config[0x34] = 0x40;
	f->config[0x41] = 0x40;
	assert_int_equal(pci_quiesce(DISK), PCI_E_CONFIG);
	assert_off(DISK);
}

/* The two low bits of a pointer are reserved. */
static void test_caps_pointer_bits(void **state)
{
	struct host_pci *f = host_pci_virtio(DISK);

	(void)state;
	f->config[0x34] |= 3;
	f->config[0x99] |= 2;
	assert_stops(DISK);
}

static void test_caps_no_list(void **state)
{
	struct host_pci *f = host_pci_virtio(DISK);

	(void)state;
	f->config[0x06] = 0;
	assert_refused(DISK, PCI_E_CONFIG);
}

static void test_caps_no_window(void **state)
{
	struct host_pci *f = host_pci_virtio(DISK);

	(void)state;
	f->config[0x84 + 3] = 8;
	assert_refused(DISK, PCI_E_CONFIG);
}

static void test_caps_no_common(void **state)
{
	struct host_pci *f = host_pci_virtio(DISK);

	(void)state;
	f->config[0x40 + 3] = 8;
	assert_refused(DISK, PCI_E_CONFIG);
}

static void test_caps_short_window(void **state)
{
	struct host_pci *f = host_pci_virtio(DISK);

	(void)state;
	f->config[0x84 + 2] = 16;
	assert_refused(DISK, PCI_E_CONFIG);
}

static void test_caps_short_common(void **state)
{
	struct host_pci *f = host_pci_virtio(DISK);

	(void)state;
	f->config[0x40 + 2] = 12;
	assert_refused(DISK, PCI_E_CONFIG);
}

static void test_caps_common_without_status(void **state)
{
	struct host_pci *f = host_pci_virtio(DISK);

	(void)state;
	f->config[0x40 + 12] = 0x14;
	f->config[0x40 + 13] = 0;
	assert_refused(DISK, PCI_E_CONFIG);
}

static void test_caps_reserved_bar(void **state)
{
	struct host_pci *f = host_pci_virtio(DISK);

	(void)state;
	f->config[0x40 + 4] = 6;
	assert_refused(DISK, PCI_E_CONFIG);
}

/* A capability whose end would lie behind the end of configuration space. */
static void test_caps_beyond_end(void **state)
{
	struct host_pci *f = host_pci_virtio(DISK);

	(void)state;
	f->config[0x99] = 0xf0;
	f->config[0xf0] = 0x09;
	f->config[0xf1] = 0x70;
	f->config[0xf2] = 20;
	f->config[0xf3] = 5;
	assert_refused(DISK, PCI_E_CONFIG);

	f = host_pci_virtio(DISK);
	f->config[0x99] = 0xfc;
	f->config[0xfc] = 0x09;
	f->config[0xfd] = 0x84;
	f->config[0xfe] = 20;
	f->config[0xff] = 1;
	assert_stops(DISK);
}

/* Of two structures of a type the driver takes the first. */
static void test_caps_first_counts(void **state)
{
	struct host_pci *f = host_pci_virtio(DISK);

	(void)state;
	memcpy(&f->config[0xa8], &f->config[0x40], 16);
	f->config[0x41] = 0xa8;
	f->config[0xa8 + 4] = 1;
	assert_stops(DISK);
}

int main(void)
{
#define TEST(f)	cmocka_unit_test_setup(f, setup)
	const struct CMUnitTest tests[] = {
		TEST(test_visible),
		TEST(test_optional),
		TEST(test_removable_without_reset),
		TEST(test_table_names_each_function_once),
		TEST(test_disk),
		TEST(test_disk_without_reset),
		TEST(test_mute),
		TEST(test_virtio_reset_trace),
		TEST(test_virtio_left_by_hostile_os),
		TEST(test_virtio_common_elsewhere),
		TEST(test_virtio_slow_reset),
		TEST(test_virtio_never_resets),
		TEST(test_virtio_reset_seen_late),
		TEST(test_msi_off),
		TEST(test_no_reset),
		TEST(test_flr),
		TEST(test_flr_advanced),
		TEST(test_flr_never_returns),
		TEST(test_virtio_with_flr),
		TEST(test_left_in_d3),
		TEST(test_zero),
		TEST(test_zero_hostile_bar),
		TEST(test_zero_impossible),
		TEST(test_zero_wide),
		TEST(test_cut_off),
		TEST(test_stuck_at_start),
		TEST(test_docs),
		TEST(test_only_this_function),
		TEST(test_absent_function),
		TEST(test_host_bridge),
		TEST(test_no_such_devfn),
		TEST(test_caps_loop),
		TEST(test_caps_loop_of_one),
		TEST(test_caps_into_header),
		TEST(test_caps_loop_of_plain_function),
		TEST(test_caps_pointer_bits),
		TEST(test_caps_no_list),
		TEST(test_caps_no_window),
		TEST(test_caps_no_common),
		TEST(test_caps_short_window),
		TEST(test_caps_short_common),
		TEST(test_caps_common_without_status),
		TEST(test_caps_reserved_bar),
		TEST(test_caps_beyond_end),
		TEST(test_caps_first_counts),
	};

	return cmocka_run_group_tests_name("monitor_pci", tests, NULL, NULL);
}
