#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Write the test vectors of the hibernation image format.

An implementation of docs/image-format.md of its own, in plain Python: HKDF and
BLAKE2b from the standard library, ChaCha20-Poly1305 below. It makes whole
images, of pages that nothing compresses, and single chunks with a block of LZ4
and a frame of zstd made by hand. It shares nothing with the C code but the
document.

Usage: make-vectors.py DIRECTORY
"""
import hashlib
import hmac
import os
import struct
import sys

PAGE = 4096
SEGMENT_PAGES = 0x1000000 // PAGE
UNIT_PAGES = 0x200000 // PAGE


def blake2b(data, key=b"", size=32):
    return hashlib.blake2b(data, key=key, digest_size=size).digest()


def hkdf(ikm, info, size):
    """RFC 5869 with HMAC of BLAKE2b-256 and no salt."""
    def mac(key, data):
        return hmac.new(key, data, lambda d=b"": hashlib.blake2b(
            d, digest_size=32)).digest()

    prk = mac(bytes(32), ikm)
    out = b""
    block = b""
    counter = 1
    while len(out) < size:
        block = mac(prk, block + info + bytes([counter]))
        out += block
        counter += 1
    return out[:size]


def rotate(x, n):
    return (x << n | x >> (32 - n)) & 0xffffffff


def chacha20_block(key, counter, nonce):
    """RFC 8439, section 2.3."""
    state = list(struct.unpack("<4I", b"expand 32-byte k") +
                 struct.unpack("<8I", key) + (counter,) +
                 struct.unpack("<3I", nonce))
    x = state[:]

    def quarter(a, b, c, d):
        x[a] = (x[a] + x[b]) & 0xffffffff
        x[d] = rotate(x[d] ^ x[a], 16)
        x[c] = (x[c] + x[d]) & 0xffffffff
        x[b] = rotate(x[b] ^ x[c], 12)
        x[a] = (x[a] + x[b]) & 0xffffffff
        x[d] = rotate(x[d] ^ x[a], 8)
        x[c] = (x[c] + x[d]) & 0xffffffff
        x[b] = rotate(x[b] ^ x[c], 7)

    for _ in range(10):
        quarter(0, 4, 8, 12)
        quarter(1, 5, 9, 13)
        quarter(2, 6, 10, 14)
        quarter(3, 7, 11, 15)
        quarter(0, 5, 10, 15)
        quarter(1, 6, 11, 12)
        quarter(2, 7, 8, 13)
        quarter(3, 4, 9, 14)
    return struct.pack("<16I", *((a + b) & 0xffffffff
                                 for a, b in zip(x, state)))


def poly1305(key, data):
    """RFC 8439, section 2.5."""
    r = int.from_bytes(key[:16], "little") & 0x0ffffffc0ffffffc0ffffffc0fffffff
    s = int.from_bytes(key[16:], "little")
    acc = 0
    for i in range(0, len(data), 16):
        n = int.from_bytes(data[i:i + 16] + b"\x01", "little")
        acc = (acc + n) * r % ((1 << 130) - 5)
    return ((acc + s) & ((1 << 128) - 1)).to_bytes(16, "little")


def seal(key, aad, plain, nonce=bytes(12)):
    """RFC 8439, section 2.8: ciphertext and tag."""
    stream = b"".join(chacha20_block(key, 1 + i, nonce)
                      for i in range((len(plain) + 63) // 64))
    text = bytes(a ^ b for a, b in zip(plain, stream))

    def pad(data):
        return data + bytes(-len(data) % 16)

    mac_data = pad(aad) + pad(text) + struct.pack("<QQ", len(aad), len(text))
    return text + poly1305(chacha20_block(key, 0, nonce)[:32], mac_data)


def check_primitives():
    """RFC 8439, sections 2.5.2 and 2.8.2."""
    key = bytes.fromhex("85d6be7857556d337f4452fe42d506a8"
                        "0103808afb0db2fd4abff6af4149f51b")
    assert poly1305(key, b"Cryptographic Forum Research Group").hex() == \
        "a8061dc1305136c6c22b8baf0c0127a9"
    plain = (b"Ladies and Gentlemen of the class of '99: If I could offer you "
             b"only one tip for the future, sunscreen would be it.")
    sealed = seal(bytes(range(0x80, 0xa0)),
                  bytes.fromhex("50515253c0c1c2c3c4c5c6c7"), plain,
                  bytes.fromhex("070000004041424344454647"))
    assert sealed[-16:].hex() == "1ae10b594f09e26a7e902ecbd0600691"


class Keys:
    IMAGE = ("page", "chunk_id", "chunk_digest", "chunk_key", "manifest_id",
             "manifest_key")
    FRAME = ("header", "record")

    def __init__(self, root, name):
        self.device = hkdf(root, b"OSTI device id", 16)
        self.slot_key = hkdf(root, b"OSTI slot key" + name, 32)
        self.derive(b"OSTI image keys 2", self.IMAGE)
        self.derive(b"OSTI image frame 2", self.FRAME)
        self.disk = hkdf(self.slot_key, b"OSTI disk key 1", 64)

    def derive(self, info, names):
        okm = hkdf(self.slot_key, info, 32 * len(names))
        for i, name in enumerate(names):
            setattr(self, name, okm[32 * i:32 * i + 32])


def chunk_id(keys, pages):
    return blake2b(b"".join(blake2b(p, keys.page) for p in pages),
                   keys.chunk_id)


def seal_chunk(keys, nr_pages, codec, data):
    """Digest, and what is stored."""
    plain = bytes([codec, nr_pages]) + bytes(6) + data
    digest = blake2b(plain, keys.chunk_digest)
    key = blake2b(digest, keys.chunk_key)
    return digest, seal(key, b"OSTI-CH2" + bytes(8), plain)


def page_of(number, label):
    """A page that nothing compresses."""
    return b"".join(blake2b(struct.pack("<II", number, i), label, 64)
                    for i in range(PAGE // 64))


def cut(keys, ram):
    """Lists of page numbers, one for each chunk."""
    chunks = []
    current = []
    for number in sorted(ram):
        if current and number // SEGMENT_PAGES != current[0] // SEGMENT_PAGES:
            chunks.append(current)
            current = []
        current.append(number)
        mark = blake2b(ram[number], keys.page)[0] & 0x0f
        if len(current) == 64 or (len(current) >= 8 and mark == 0):
            chunks.append(current)
            current = []
    if current:
        chunks.append(current)
    return chunks


def pad8(data):
    return data + bytes(-len(data) % 8)


def make_record(info):
    record = struct.pack("<QQQQQQIHHII", info["partition"], info["entry"],
                         info["arg"], info["frozen_at"], info["counter"],
                         info["start"], info["cpu"], info["kind"],
                         info["flags"], len(info["attachments"]), len(info["gic"]))
    record += info["platform"]
    for kind, size, digest in info["attachments"]:
        record += struct.pack("<IIQ", kind, 0, size) + digest
    return pad8(record + info["gic"])


def make_header(keys, identity, sizes, manifest_id, record_id):
    slot, name, generation, saved_at = identity
    manifest_bytes, chunks_bytes, nr_chunks = sizes
    header = b"OSTI-IM2" + struct.pack("<IIQQ", 2, slot, generation, saved_at)
    header += name + keys.device
    header += struct.pack("<QQII", manifest_bytes, chunks_bytes, nr_chunks, 0)
    header += manifest_id + record_id
    rest = bytes(4096 - len(header) - 32)
    return header + blake2b(header + bytes(32) + rest, keys.header) + rest


class Image:
    """Of a partition that has only the pages of the dict ram."""

    def __init__(self, root, slot, name, generation, saved_at, info, ram):
        self.keys = keys = Keys(root, name)
        self.record = make_record(info)
        self.chunks = cut(keys, ram)
        self.table = b""
        layout = b""
        body = b""
        for numbers in self.chunks:
            pages = [ram[n] for n in numbers]
            digest, stored = seal_chunk(keys, len(pages), 0, b"".join(pages))
            self.table += chunk_id(keys, pages) + digest
            self.table += struct.pack("<I", len(stored))
            layout += struct.pack("<IB3x", numbers[0], len(pages))
            body += stored
        bitmap = bytearray(info["partition"] // PAGE // 8)
        for number in ram:
            bitmap[number // 8] |= 1 << number % 8
        manifest = struct.pack("<QII", len(ram), len(self.record), 0)
        manifest += self.record + bytes(bitmap) + layout

        digest = blake2b(self.table, keys.manifest_id)
        ident = blake2b(digest + manifest, keys.manifest_id)
        self.sealed = seal(blake2b(ident, keys.manifest_key), digest, manifest)
        self.header = make_header(
            keys, (slot, name, generation, saved_at),
            (len(self.sealed), len(body), len(self.chunks)), ident,
            blake2b(self.record, keys.record))
        self.file = self.header + self.table + self.sealed + body


class Writer:
    """A text file of "name value" lines."""

    def __init__(self, directory, name, comment):
        self.path = os.path.join(directory, name)
        self.lines = ["# SPDX-License-Identifier: GPL-2.0-or-later"]
        self.lines += ["# " + line for line in comment]

    def add(self, name, value):
        if isinstance(value, bytes):
            value = value.hex()
        self.lines.append("%s %s" % (name, value))

    def close(self):
        with open(self.path, "w", encoding="ascii") as f:
            f.write("\n".join(self.lines) + "\n")


def write_keys(directory, root, name):
    w = Writer(directory, "keys.txt", ["Derivation of keys, in hexadecimal."])
    keys = Keys(root, name)
    w.add("root", root)
    w.add("name", name)
    for key in ("device", "slot_key") + Keys.IMAGE + Keys.FRAME:
        w.add(key, getattr(keys, key))
    w.add("disk", keys.disk)
    w.close()


def lz4_repeat(byte, count):
    """LZ4 block: one literal, a match at offset 1, five literals."""
    match = count - 1 - 5
    rest = match - 4 - 15
    out = bytes([0x1f, byte, 1, 0])
    out += b"\xff" * (rest // 255) + bytes([rest % 255])
    return out + bytes([0x50]) + bytes([byte]) * 5


def zstd_repeat(byte, sizes):
    """zstd frame (RFC 8878): a single segment, a block of RLE for each size."""
    out = struct.pack("<IBI", 0xfd2fb528, 0xa0, sum(sizes))
    for i, size in enumerate(sizes):
        last = i == len(sizes) - 1
        out += struct.pack("<I", last | 1 << 1 | size << 3)[:3]
        out += bytes([byte])
    return out


def write_chunks(directory, root, name):
    w = Writer(directory, "chunks.txt", [
        "Chunks, with the keys of keys.txt. The pages of raw and raw64 are",
        "page_of(n, b\"osti\") of make-vectors.py for n = 0, 1, ..., those of",
        "lz4 and zstd are filled with the byte a5."])
    keys = Keys(root, name)
    for case, nr in (("raw", 1), ("raw64", 64)):
        pages = [page_of(n, b"osti") for n in range(nr)]
        digest, stored = seal_chunk(keys, nr, 0, b"".join(pages))
        w.add(case + ".pages", nr)
        w.add(case + ".page0_hash", blake2b(pages[0], keys.page))
        w.add(case + ".id", chunk_id(keys, pages))
        w.add(case + ".digest", digest)
        w.add(case + ".stored_bytes", len(stored))
        w.add(case + ".stored_blake2b", blake2b(stored))
        w.add(case + ".tag", stored[-16:])
    pages = [b"\xa5" * PAGE] * 3
    for case, codec, data in (
            ("lz4", 1, lz4_repeat(0xa5, 3 * PAGE)),
            ("zstd", 2, zstd_repeat(0xa5, (PAGE, 2 * PAGE)))):
        digest, stored = seal_chunk(keys, 3, codec, data)
        w.add(case + ".pages", 3)
        w.add(case + ".id", chunk_id(keys, pages))
        w.add(case + ".digest", digest)
        w.add(case + ".stored", stored)
    w.close()


def write_image(directory, name, comment, arguments, ram, label):
    w = Writer(directory, name, comment)
    image = Image(*arguments, ram)
    root, slot, slot_name, generation, saved_at, info = arguments
    w.add("root", root)
    w.add("slot", slot)
    w.add("name", slot_name)
    w.add("generation", generation)
    w.add("saved_at", saved_at)
    for field in ("partition", "entry", "arg", "cpu", "frozen_at", "counter",
                  "start", "kind", "flags", "platform"):
        w.add(field, info[field])
    if info["gic"]:
        w.add("gic", info["gic"])
    w.add("attachments", len(info["attachments"]))
    for i, (kind, size, digest) in enumerate(info["attachments"]):
        w.add("attachment%d.kind" % i, kind)
        w.add("attachment%d.bytes" % i, size)
        w.add("attachment%d.digest" % i, digest)
    w.add("label", label)
    w.add("pages", ",".join(str(n) for n in sorted(ram)) or "-")
    w.add("chunk_pages", ",".join(str(len(c)) for c in image.chunks) or "-")
    w.add("record", image.record)
    w.add("header", image.header[:184])
    w.add("table_blake2b", blake2b(image.table))
    w.add("sealed_manifest", image.sealed)
    w.add("file_bytes", len(image.file))
    w.add("file_blake2b", blake2b(image.file))
    w.close()


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    directory = sys.argv[1]
    check_primitives()
    root = bytes(range(32))
    name = b"personal".ljust(16, b"\0")
    write_keys(directory, root, name)
    write_chunks(directory, root, name)

    info = {
        "partition": 0x200000, "entry": 0x40000000, "arg": 0, "cpu": 0,
        "frozen_at": 0, "counter": 0, "start": 0, "kind": 0,
        "flags": 0,
        "platform": bytes(32), "gic": b"", "attachments": [],
    }
    write_image(directory, "image-empty.txt",
                ["Image of a partition that is all zero."],
                (root, 1, name, 1, 0, info), {}, b"osti")

    info = {
        "partition": 0x1200000, "entry": 0x40081234, "arg": 0x4a5b6c7d8e9f0011,
        "cpu": 3, "frozen_at": 1795651200, "counter": 0x0123456789abcdef,
        "start": 0x1020304050607080, "kind": 1, "flags": 1,
        "platform": blake2b(b"platform"), "gic": bytes(range(200, 237)),
        "attachments": [(1, 0x123456789a, blake2b(b"disk")),
                        (0xfedcba98, 0, blake2b(b"nothing"))],
    }
    # A long run, single pages, and both sides of a segment's border.
    numbers = list(range(100)) + [200, 203, 4000] + list(range(4090, 4110)) + \
        [SEGMENT_PAGES + UNIT_PAGES - 1]
    ram = {n: page_of(n, b"image") for n in numbers}
    write_image(directory, "image-sparse.txt",
                ["Image of a partition of 18 MiB. Its pages that are not zero",
                 "are page_of(n, label) of make-vectors.py."],
                (root, 2, b"a name of 16 by.", 0x1122334455667788, 1795651260,
                 info), ram, b"image")


if __name__ == "__main__":
    main()
