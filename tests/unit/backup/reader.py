#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Read a repository of backups that lies in a directory.

An implementation of docs/repository-format.md of its own, in plain Python, with
the primitives of the image format's test vectors (../image/vectors). It shares
nothing with the C code but the documents.

Usage: reader.py carrier KEYFILE DIRECTORY
           print what the repository says: KEYFILE has slot id and carrier key
       reader.py slot KEYFILE DIRECTORY IMAGE MEMORY DISK
           KEYFILE has the slot key: also write the newest backup's image, the
           memory in it, and its disk if it has one

Keys are in hexadecimal, one on a line. Anything that is not as it must be ends
the program.
"""
import importlib.util
import json
import os
import struct
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def load_primitives():
    """make-vectors.py, whose name is no module's."""
    path = os.path.join(HERE, "..", "image", "vectors", "make-vectors.py")
    spec = importlib.util.spec_from_file_location("vectors", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


V = load_primitives()
PAGE = 4096
BLOCK = 262144
SEGMENT = 256


class Wrong(Exception):
    """Something in the repository is not as the document says."""


def need(condition, what):
    if not condition:
        raise Wrong(what)


def unseal(key, aad, sealed):
    """ChaCha20-Poly1305 with nonce 0: check the tag, then decrypt."""
    text, tag = sealed[:-16], sealed[-16:]

    def pad(data):
        return data + bytes(-len(data) % 16)

    mac_data = pad(aad) + pad(text) + struct.pack("<QQ", len(aad), len(text))
    one_time = V.chacha20_block(key, 0, bytes(12))[:32]
    need(V.poly1305(one_time, mac_data) == tag, "a tag is wrong")
    stream = b"".join(V.chacha20_block(key, 1 + i, bytes(12))
                      for i in range((len(text) + 63) // 64))
    return bytes(a ^ b for a, b in zip(text, stream))


def padded_size(size):
    if size <= 4096:
        return 4096
    e = size.bit_length() - 1
    s = e.bit_length()
    unit = 1 << (e - s)
    return (size + unit - 1) // unit * unit


def text(data):
    plain, _, rest = data.partition(b"\0")
    need(not rest.strip(b"\0") and all(c >= 32 and c != 127 for c in plain),
         "a text is none")
    return plain.decode()


class Repository:
    def __init__(self, directory, slot, carrier):
        self.directory = directory
        self.slot = slot.hex()
        keys = V.hkdf(carrier, b"OSTI repository 1", 160)
        (self.digest_key, self.seal_key, self.pack_key, self.name_key,
         self.disk_key) = (keys[i:i + 32] for i in range(0, 160, 32))
        config = self.get("osti-repository")
        need(len(config) == 96 and config[:12] == b"OSTI-RP1\1\0\0\0",
             "this is no repository")
        need(V.blake2b(config[:64]) == config[64:], "its checksum is wrong")
        need(config[32:64] == bytes(32), "zeroes are none")
        self.flags, self.id = struct.unpack("<I16s", config[12:32])

    def get(self, key):
        with open(os.path.join(self.directory, key), "rb") as f:
            return f.read()

    def names(self, folder):
        path = os.path.join(self.directory, self.slot, folder)
        return sorted(os.listdir(path)) if os.path.isdir(path) else []

    def open(self, kind, key):
        """Data of a sealed object, and its digest."""
        sealed = self.get(key)
        need(len(sealed) > 56, key + " is too short")
        aad = kind.ljust(8, b"\0") + key.encode().ljust(200, b"\0")
        digest = sealed[:32]
        padded = unseal(V.blake2b(digest, self.seal_key), aad, sealed[32:])
        need(V.blake2b(aad + padded, self.digest_key) == digest,
             key + " has another digest")
        size = struct.unpack("<Q", padded[:8])[0]
        need(padded_size(8 + size) == len(padded) and
             not padded[8 + size:].strip(b"\0"), key + " is padded wrongly")
        return padded[8:8 + size], digest

    def metadata(self, name):
        """The pieces of a backup's metadata, put together."""
        base = "%s/backups/%s" % (self.slot, name)
        front, _ = self.open(b"backup", base)
        parts, zero = struct.unpack("<II", front[:8])
        need(parts <= 15 and zero == 0, "the front is wrong")
        whole = front[8 + 32 * parts:]
        for i in range(parts):
            piece, digest = self.open(b"part", "%s.%d" % (base, i + 1))
            need(digest == front[8 + 32 * i:40 + 32 * i], "another part")
            whole += piece
        need(name == "%016x-%s" % (struct.unpack("<Q", whole[16:24])[0],
                                   V.blake2b(whole, self.name_key)[:8].hex()),
             "the name is not that of the metadata")
        return whole

    def holder(self):
        names = self.names("holder")
        if not names:
            return None
        data, _ = self.open(b"holder", "%s/holder/%s" % (self.slot, names[-1]))
        need(len(data) == 256 and data[:12] == b"OSTI-HO1\1\0\0\0" and
             data[136:] == bytes(120), "the holder record is wrong")
        state, number, zero, time = struct.unpack("<IIIQ", data[12:32])
        need(number == int(names[-1]) and zero == 0, "the number is wrong")
        return {"state": state, "number": number, "time": time,
                "device": data[32:48].hex(), "label": text(data[48:80]),
                "backup": text(data[80:120])}

    def fossils(self):
        """All packs that are to be deleted."""
        ids = []
        for name in self.names("fossils"):
            data, _ = self.open(b"fossil",
                                "%s/fossils/%s" % (self.slot, name))
            need(data[:12] == b"OSTI-FO1\1\0\0\0", "a list is wrong")
            count, = struct.unpack("<I", data[12:16])
            need(len(data) == 32 + 32 * count, "a list is too short")
            ids += [data[32 + 32 * i:64 + 32 * i].hex() for i in range(count)]
        return ids


class Backup:
    def __init__(self, repo, name):
        self.repo = repo
        self.contents = {}
        data = repo.metadata(name)
        version, = struct.unpack("<I", data[8:12])
        need(data[:8] == b"OSTI-BK1" and version in (1, 2),
             "the metadata is wrong")
        (self.kind, self.time, self.began, self.new, self.shared) = \
            struct.unpack("<IQQQQ", data[12:48])
        self.disk_bytes, self.disk_digest = 0, None
        self.device = data[48:64].hex()
        self.label, self.host = text(data[64:96]), text(data[96:160])
        packs, chunks, head_bytes = struct.unpack("<IIQ", data[160:176])
        segments = self.disk_front(data[176:256]) if version == 2 else 0
        need(version == 2 or data[176:256] == bytes(80), "zeroes are none")
        at = 256
        self.packs = [(data[at + 40 * i:at + 40 * i + 32],
                       struct.unpack("<Q", data[at + 40 * i + 32:
                                                at + 40 * i + 40])[0])
                      for i in range(packs)]
        need(self.packs == sorted(set(self.packs)), "packs are not in order")
        at += 40 * packs
        self.places = [struct.unpack("<II", data[at + 8 * i:at + 8 * i + 8])
                       for i in range(chunks)]
        at += 8 * chunks
        self.segments = [data[at + 32 * i:at + 32 * i + 32]
                         for i in range(segments)]
        at += 32 * segments
        self.head = data[at:]
        need(len(self.head) == head_bytes, "the head has another size")
        self.table = [self.head[4096 + 68 * i:4164 + 68 * i]
                      for i in range(chunks)]

    def disk_front(self, front):
        """What it says of its disk; returns how many segments that has."""
        self.disk_bytes, block, segments, self.disk_digest = \
            struct.unpack("<QII32s", front[:48])
        blocks = -(-self.disk_bytes // BLOCK)
        need(self.disk_bytes > 0 and self.disk_bytes % 4096 == 0 and
             block == BLOCK and segments == -(-blocks // SEGMENT) and
             front[48:] == bytes(32), "the disk is wrong")
        return segments

    def part(self, ident, size, offset, length):
        """Some bytes of a pack."""
        need((ident, size) in self.packs, "a pack is not listed")
        if ident not in self.contents:
            content = self.repo.get("%s/packs/%s" % (self.repo.slot,
                                                     ident.hex()))
            need(len(content) == size, "a pack has another size")
            need(V.blake2b(content, self.repo.pack_key) == ident,
                 "a pack has another id")
            self.contents[ident] = content
        need(offset + length <= size, "a chunk is outside")
        return self.contents[ident][offset:offset + length]

    def chunks(self):
        """The stored chunks in the order of the table."""
        for entry, (pack, offset) in zip(self.table, self.places):
            stored, = struct.unpack("<I", entry[64:])
            yield self.part(*self.packs[pack], offset, stored)

    def segment(self, number):
        """(digest, pack id, pack bytes, offset) of each block of a segment."""
        blocks = min(SEGMENT, -(-self.disk_bytes // BLOCK) - number * SEGMENT)
        ident = self.segments[number]
        if ident == bytes(32):
            return [(bytes(32), None, 0, 0)] * blocks
        data, _ = self.repo.open(b"segment", "%s/segments/%s" % (
            self.repo.slot, ident.hex()))
        need(V.blake2b(data, self.repo.name_key) == ident,
             "a segment has another id")
        need(data[:12] == b"OSTI-DS1\1\0\0\0" and data[24:32] == bytes(8),
             "a segment is wrong")
        same, count, packs = struct.unpack("<III", data[12:24])
        need(same == number and count == blocks and
             len(data) == 48 + 40 * packs + 40 * blocks,
             "a segment is another one")
        listed = [struct.unpack("<32sQ", data[48 + 40 * i:88 + 40 * i])
                  for i in range(packs)]
        found = []
        for i in range(blocks):
            at = 48 + 40 * packs + 40 * i
            digest, pack, offset = struct.unpack("<32sII", data[at:at + 40])
            if digest == bytes(32):
                need(pack == offset == 0, "zeroes have no place")
                found.append((digest, None, 0, 0))
            else:
                found.append((digest,) + listed[pack] + (offset,))
        return found

    def disk(self):
        """The disk in a backup, as bytes."""
        blocks = [b for i in range(len(self.segments))
                  for b in self.segment(i)]
        front = b"OSTI disk digest" + struct.pack("<QI", self.disk_bytes, BLOCK)
        need(V.blake2b(front + b"".join(b[0] for b in blocks)) ==
             self.disk_digest, "the disk has another digest")
        out = bytearray()
        for digest, ident, size, offset in blocks:
            length = min(BLOCK, self.disk_bytes - len(out))
            if digest == bytes(32):
                out += bytes(length)
                continue
            plain = unseal(V.blake2b(digest, self.repo.disk_key),
                           b"OSTI-DB1" + bytes(8),
                           self.part(ident, size, offset, length + 16))
            need(V.blake2b(plain) == digest, "a block has another digest")
            out += plain
        return bytes(out)

    def describe(self):
        return {"kind": self.kind, "time": self.time, "began": self.began,
                "new": self.new, "shared": self.shared, "label": self.label,
                "device": self.device, "host": self.host,
                "disk": self.disk_bytes,
                "packs": [p.hex() for p, _ in self.packs],
                "chunks": len(self.places)}


def lz4_block(data):
    out = bytearray()
    i = 0

    def length(value):
        nonlocal i
        while value >= 15:
            value += data[i]
            i += 1
            if data[i - 1] != 255:
                break
        return value

    while i < len(data):
        token = data[i]
        i += 1
        literals = length(token >> 4)
        out += data[i:i + literals]
        i += literals
        if i >= len(data):
            break
        offset = data[i] | data[i + 1] << 8
        i += 2
        for _ in range(length(token & 15) + 4):
            out.append(out[-offset])
    return bytes(out)


def decompress(codec, data):
    if codec == 0:
        return data
    if codec == 1:
        return lz4_block(data)
    need(codec == 2, "a codec that is not known")
    return subprocess.run(["zstd", "-dcq"], input=data, check=True,
                          stdout=subprocess.PIPE).stdout


class SlotKeys(V.Keys):
    """The keys of images, from the slot key."""

    def __init__(self, slot_key):
        self.slot_key = slot_key
        self.derive(b"OSTI image keys 2", self.IMAGE)
        self.derive(b"OSTI image frame 2", self.FRAME)


def open_manifest(keys, backup):
    header, rest = backup.head[:4096], backup.head[4096:]
    bare = header[:152] + bytes(32) + header[184:]
    need(V.blake2b(bare, keys.header) == header[152:184],
         "the header's MAC is wrong")
    size = 68 * len(backup.table)
    digest = V.blake2b(rest[:size], keys.manifest_id)
    plain = unseal(V.blake2b(header[88:120], keys.manifest_key), digest,
                   rest[size:])
    need(V.blake2b(digest + plain, keys.manifest_id) == header[88:120],
         "the manifest's id is wrong")
    return plain


def memory_of(keys, backup):
    """The memory in a backup, as bytes."""
    manifest = open_manifest(keys, backup)
    record, = struct.unpack("<I", manifest[8:12])
    partition, = struct.unpack("<Q", manifest[16:24])
    at = 16 + record
    bitmap = manifest[at:at + partition // PAGE // 8]
    pages = iter([n for n in range(partition // PAGE)
                  if bitmap[n // 8] >> n % 8 & 1])
    ram = bytearray(partition)
    for entry, stored in zip(backup.table, backup.chunks()):
        key = V.blake2b(entry[32:64], keys.chunk_key)
        plain = unseal(key, b"OSTI-CH2" + bytes(8), stored)
        need(V.blake2b(plain, keys.chunk_digest) == entry[32:64],
             "a chunk has another digest")
        data = decompress(plain[0], plain[8:])
        need(len(data) == plain[1] * PAGE, "a chunk has another size")
        for i in range(plain[1]):
            page = next(pages)
            ram[page * PAGE:(page + 1) * PAGE] = data[i * PAGE:(i + 1) * PAGE]
    need(next(pages, None) is None, "pages are missing")
    return bytes(ram)


def attached(keys, backup):
    """The image itself has to say which disk belongs to it."""
    manifest = open_manifest(keys, backup)
    record = manifest[16:]
    need(struct.unpack("<I", record[56:60])[0] == 1, "no attachment")
    kind, zero, size, digest = struct.unpack("<IIQ32s", record[96:144])
    need((kind, zero, size, digest) == (1, 0, backup.disk_bytes,
                                        backup.disk_digest),
         "another disk belongs to the image")


def read_keys(path):
    with open(path, encoding="ascii") as f:
        return [bytes.fromhex(line) for line in f.read().split()]


def main():
    if len(sys.argv) < 4 or (sys.argv[1], len(sys.argv)) not in (
            ("carrier", 4), ("slot", 7)):
        sys.exit(__doc__)
    keys = read_keys(sys.argv[2])
    if sys.argv[1] == "slot":
        slot_key, = keys
        keys = [V.hkdf(slot_key, b"OSTI slot id", 16),
                V.hkdf(slot_key, b"OSTI carrier key 1", 32)]
    repo = Repository(sys.argv[3], *keys)
    backups = {name: Backup(repo, name) for name in repo.names("backups")
               if "." not in name}
    print(json.dumps({
        "id": repo.id.hex(), "flags": repo.flags, "holder": repo.holder(),
        "fossils": repo.fossils(),
        "backups": {n: b.describe() for n, b in backups.items()}}))
    if sys.argv[1] == "slot":
        newest = backups[max(backups)]
        with open(sys.argv[4], "wb") as f:
            f.write(newest.head + b"".join(newest.chunks()))
        with open(sys.argv[5], "wb") as f:
            f.write(memory_of(SlotKeys(slot_key), newest))
        if newest.disk_bytes:
            attached(SlotKeys(slot_key), newest)
            with open(sys.argv[6], "wb") as f:
                f.write(newest.disk())


if __name__ == "__main__":
    try:
        main()
    except (Wrong, OSError, ValueError) as error:
        sys.exit("reader.py: %s" % error)
