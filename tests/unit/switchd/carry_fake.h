/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * carry_fake.h - the monitor's side of a transfer, inside of switchd-backup
 *
 * The descriptor is the directory device/transfer of the fake device. The memory
 * of slot N is device/ram-N, its disk device/disk-N if that is there; what an
 * import committed is device/transfer/ram.
 * If slot 2 is empty, its memory is what hibernated: an image of generation
 * CARRY_FAKE_GENERATION in the store.
 * Files of the device's directory say how it behaves:
 *
 *	chunk-at	from this call of CHUNK, or read of the store, on,
 *			chunk-errno is the answer
 *	chunk-errno	(default: ESTALE)
 *	chunk-once	errno of one call of CHUNK; then the file is gone
 *	commit-errno	errno of COMMIT
 *	store-hidden	if it is there, the board shows the store to nobody
 *	disk-errno	of each read of the disk
 *	disk-reads	grows by a byte with each
 *	chunk-hold	a FIFO: a call of CHUNK blocks until a writer came and went
 *	ram-bytes	of a slot's memory, if it is not CARRY_FAKE_BYTES
 *	transfer/stale	if it is there, the slot was taken from this transfer: each
 *			call fails with ESTALE
 *	attack		what the helper does as one who was taken over: "execve",
 *			"ptrace", "fork", "open", "socket", "garbage", "flood", "long",
 *			"silent", "die", "accuse"
 *
 * Each call is an event, see event_fake.h.
 */
#ifndef TEST_SWITCHD_CARRY_FAKE_H
#define TEST_SWITCHD_CARRY_FAKE_H

/* Bytes of a slot's memory. */
#define CARRY_FAKE_BYTES (4u << 20)
#define CARRY_FAKE_GENERATION 7

/* The directory of the fake device, for whoever is inside of switchd-backup. */
const char *carry_fake_device(void);

#endif /* TEST_SWITCHD_CARRY_FAKE_H */
