// SPDX-License-Identifier: GPL-2.0-only
/*
 * nv_format.c - layout of the NV flash (docs/nv-format.md)
 */
#include "nv_format.h"

#include <osti/image.h>

#include "image_bytes.h"
#include "image_crypto.h"
#include "string.h"

#define HASH_BYTES	32

/* Root key's record */
#define ROOT_MAGIC	"OSTI-NVK"
#define ROOT_MAGIC_LEN	8
#define ROOT_VERSION	8
#define ROOT_ZERO	12
#define ROOT_KEY	16
#define ROOT_SUM	48
#define VERSION		1

/* Entry of the log */
#define ENTRY_MAGIC	0x31564e4fU	/* "ONV1" */
#define ENTRY_SLOT	4
#define ENTRY_STATE	5
#define ENTRY_ZERO	6
#define ENTRY_VALUE	8
#define ENTRY_EPOCH	16
#define ENTRY_INDEX	24
#define ENTRY_MAC	28

/* Keyed with zeros, the MAC is a checksum: there is no key before this one. */
static const uint8_t no_key[NV_KEY_BYTES];
static const uint8_t log_key_label[] = "osti nv log";
static const uint8_t slot_key_label[] = "osti nv slot key";

_Static_assert(NV_KEY_BYTES == OSTI_IMAGE_HASH &&
	       HASH_BYTES == OSTI_IMAGE_HASH, "one primitive for all");
_Static_assert(ROOT_SUM + HASH_BYTES == NV_ROOT_BYTES, "root key's record");
_Static_assert(ENTRY_MAC + HASH_BYTES == NV_SEAL_AT &&
	       NV_SEAL_AT + NV_SEAL_BYTES == NV_ENTRY_BYTES, "entry");
_Static_assert(NV_ENTRIES * NV_ENTRY_BYTES <= BOARD_NV_SECTOR &&
	       NV_SECTORS * BOARD_NV_SECTOR <= BOARD_NV_SIZE, "size of flash");
_Static_assert(NV_ENTRIES > 2 * ((3 + NV_KEY_WORDS) * NV_SLOTS + 1),
	       "compaction makes room for more than it writes");
_Static_assert(NV_KEY_WORDS * 8 == NV_KEY_BYTES, "a slot key");

const char *nv_format_error(int err)
{
	static const char * const text[] = {
		[-NV_E_FLASH] =
			"the NV flash is missing or of another kind; see the messages before this one",
		[-NV_E_UNPROVISIONED] =
			"the NV flash has no root key; provision the device (osti-nv create)",
		[-NV_E_VERSION] =
			"the NV flash was written by other firmware, in a format not known here",
		[-NV_E_DAMAGED] =
			"the NV flash is damaged: no stored image can be trusted; provision the device anew",
		[-NV_E_GENERATION] = "not the generation that may come now",
		[-NV_E_STATE] = "no image is stored",
		[-NV_E_WORN] =
			"writing the NV flash failed; nothing more is written until it takes something again; if that happens again, replace the flash",
	};

	if (err < NV_E_WORN || err > NV_E_FLASH)
		return "unknown error";
	return text[-err];
}

/* ---- Root key ------------------------------------------------------------ */

void nv_format_root(uint8_t out[NV_ROOT_BYTES],
		    const uint8_t key[NV_KEY_BYTES])
{
	memcpy(out, ROOT_MAGIC, ROOT_MAGIC_LEN);
	image_put32(out + ROOT_VERSION, VERSION);
	image_put32(out + ROOT_ZERO, 0);
	memcpy(out + ROOT_KEY, key, NV_KEY_BYTES);
	image_crypto_mac(no_key, out, ROOT_SUM, out + ROOT_SUM);
}

int nv_format_root_parse(const uint8_t in[NV_ROOT_BYTES],
			 uint8_t key[NV_KEY_BYTES])
{
	uint8_t sum[HASH_BYTES];

	if (memcmp(in, ROOT_MAGIC, ROOT_MAGIC_LEN))
		return NV_E_UNPROVISIONED;
	image_crypto_mac(no_key, in, ROOT_SUM, sum);
	if (!image_crypto_equal(sum, in + ROOT_SUM, HASH_BYTES))
		return NV_E_DAMAGED;
	if (image_get32(in + ROOT_VERSION) != VERSION ||
	    image_get32(in + ROOT_ZERO) != 0)
		return NV_E_VERSION;
	memcpy(key, in + ROOT_KEY, NV_KEY_BYTES);
	return 0;
}

/* ---- Log ----------------------------------------------------------------- */

void nv_format_log_key(const uint8_t root[NV_KEY_BYTES],
		       uint8_t out[NV_KEY_BYTES])
{
	image_crypto_mac(root, log_key_label, sizeof(log_key_label) - 1, out);
}

void nv_format_slot_key(const uint8_t root[NV_KEY_BYTES], unsigned int slot,
			const uint64_t in[NV_KEY_WORDS],
			uint64_t out[NV_KEY_WORDS])
{
	uint8_t label[sizeof(slot_key_label)];
	uint8_t pad[HASH_BYTES];
	unsigned int i;

	memcpy(label, slot_key_label, sizeof(label));
	/* In the place of the NUL */
	label[sizeof(label) - 1] = slot;
	image_crypto_mac(root, label, sizeof(label), pad);
	for (i = 0; i < NV_KEY_WORDS; i++)
		out[i] = in[i] ^ image_get64(pad + 8 * i);
	image_crypto_wipe(pad, sizeof(pad));
}

void nv_format_entry(const uint8_t log_key[NV_KEY_BYTES],
		     const struct nv_entry *entry, uint8_t out[NV_ENTRY_BYTES])
{
	image_put32(out, ENTRY_MAGIC);
	out[ENTRY_SLOT] = entry->slot;
	out[ENTRY_STATE] = entry->state;
	memset(out + ENTRY_ZERO, 0, ENTRY_VALUE - ENTRY_ZERO);
	image_put64(out + ENTRY_VALUE, entry->value);
	image_put64(out + ENTRY_EPOCH, entry->epoch);
	image_put32(out + ENTRY_INDEX, entry->index);
	image_crypto_mac(log_key, out, ENTRY_MAC, out + ENTRY_MAC);
	memset(out + NV_SEAL_AT, 0xff, NV_SEAL_BYTES);
}

static bool all_are(uint8_t val, const uint8_t *p, unsigned int bytes)
{
	while (bytes--)
		if (p[bytes] != val)
			return false;
	return true;
}

static bool fields_good(const struct nv_entry *entry)
{
	if (entry->slot == 0 && entry->state == NV_FIRMWARE)
		return entry->index != 0 && entry->value != 0;
	if (entry->slot == 0)
		return entry->index == 0 && entry->state == NV_NONE &&
		       entry->value == 0;
	return entry->slot <= NV_SLOTS && entry->index != 0 &&
	       entry->state >= NV_STORED && entry->state < NV_FIRMWARE &&
	       (entry->value != 0 || entry->state >= NV_CLOCK);
}

enum nv_kind nv_format_parse(const uint8_t log_key[NV_KEY_BYTES],
			     const uint8_t in[NV_ENTRY_BYTES],
			     struct nv_entry *entry)
{
	/* The seal is begun when the rest has been read back and was good. */
	bool begun = !all_are(0xff, in + NV_SEAL_AT, NV_SEAL_BYTES);
	struct nv_entry found;
	uint8_t mac[HASH_BYTES];

	if (!begun && all_are(0xff, in, NV_SEAL_AT))
		return NV_BLANK;
	if (all_are(0, in, NV_SEAL_AT))
		return NV_VOID;
	image_crypto_mac(log_key, in, ENTRY_MAC, mac);
	found.slot = in[ENTRY_SLOT];
	found.state = in[ENTRY_STATE];
	found.value = image_get64(in + ENTRY_VALUE);
	found.epoch = image_get64(in + ENTRY_EPOCH);
	found.index = image_get32(in + ENTRY_INDEX);
	if (!image_crypto_equal(mac, in + ENTRY_MAC, HASH_BYTES) ||
	    image_get32(in) != ENTRY_MAGIC)
		return begun ? NV_BROKEN : NV_TORN;
	if (found.state > NV_STATE_LAST)
		return NV_ALIEN;
	if (in[ENTRY_ZERO] || in[ENTRY_ZERO + 1] || !fields_good(&found))
		return begun ? NV_BROKEN : NV_TORN;
	*entry = found;
	return NV_VALID;
}

bool nv_format_sealed(const uint8_t in[NV_ENTRY_BYTES])
{
	return image_get32(in + NV_SEAL_AT) == 0;
}
