#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Write the seed corpus of the fuzz targets for images.

Usage: make-corpus.py DIRECTORY

What an image consists of, make-vectors.py of the unit tests knows.
"""
import importlib.util
import os
import struct
import sys

# No cache beside files of others.
sys.dont_write_bytecode = True

HERE = os.path.dirname(os.path.abspath(__file__))


def load(path):
    spec = importlib.util.spec_from_file_location("vectors", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


image = load(os.path.join(HERE, "../unit/image/vectors/make-vectors.py"))
PAGE = image.PAGE
SEGMENT_PAGES = image.SEGMENT_PAGES

# ---- header and record ------------------------------------------------------


class HeaderKeys:
    """Those of fuzz_header.c."""
    device = bytes(range(16))
    header = b"\1" + bytes(31)


def header(slot=2, generation=7, manifest=4096, chunks=(1000, 2)):
    return image.make_header(
        HeaderKeys, (slot, b"work".ljust(16, b"\0"), generation, 1795651260),
        (manifest, *chunks), bytes(range(32)), bytes(range(32, 64)))


def changed(data, at, to):
    return data[:at] + to + data[at + len(to):]


def record(**changes):
    info = {
        "partition": 0x200000, "entry": 0x40000000, "arg": 1, "cpu": 0,
        "frozen_at": 2, "counter": 3, "start": 4, "kind": 0,
        "flags": 0,
        "platform": bytes(32), "gic": b"", "attachments": [],
    }
    info.update(changes)
    return image.make_record(info)


DISK = (1, 0x10000, bytes(range(32)))

HEADERS = {
    "good": header(),
    "no-chunks": header(chunks=(0, 0)),
    "no-mac": changed(header(), 152, bytes(32)),
    "version-1": changed(header(), 0, b"OSTI-IM1"),
    "version-3": changed(header(), 8, b"\3"),
    "slot": header(slot=9),
    "generation": header(generation=0),
    "reserved": changed(header(), 84, b"\1"),
    "reserved-end": changed(header(), 4095, b"\1"),
    "manifest-small": header(manifest=16),
    "manifest-large": header(manifest=0xa00011),
    "manifest-most": header(manifest=0xa00010),
    "chunks-most": header(chunks=(0x100000 * (64 + 24), 0x100000)),
    "chunks-many": header(chunks=(1000, 0xffffffff)),
    "chunks-overflow": header(chunks=((1 << 64) - 1, 2)),
    "truncated": header()[:-1],
}

RECORDS = {
    "good": record(),
    "copy": record(kind=1),
    "gic": record(gic=b"interrupt controller"),
    "gic-most": record(gic=bytes(range(256)) * 16),
    "attachment": record(attachments=[DISK], gic=b"gic"),
    "attachments-most": record(attachments=[DISK] * 16),
    "attachments-many": record(attachments=[DISK] * 17),
    "attachment-kind": record(attachments=[(0, 1, bytes(32))]),
    "kind": record(kind=2),
    "flag": record(kind=1, flags=1),
    "flags": record(flags=3),
    "entry": record(entry=0x40200000),
    "entry-odd": record(entry=0x40000002),
    "cpu": record(cpu=8),
    "partition": record(partition=0x100000),
    "partition-most": record(partition=0x800000000),
    "partition-large": record(partition=0x800200000),
    "gic-bytes": changed(record(), 60, b"\xff" * 4),
    "nr-attachments": changed(record(), 56, b"\xff" * 4),
    "padding": changed(record(gic=b"gic"), 96 + 7, b"\1"),
    "truncated": record(attachments=[DISK])[:-8],
    "too-long": record() + bytes(8),
    "nothing": b"",
}

# ---- manifest and table -----------------------------------------------------


def manifest(chunks, partition=0x200000, rec=None, zero=0, size=None,
             stored=None, pages=None):
    """chunks: lists of page numbers. As fuzz_manifest.c takes it."""
    bitmap = bytearray(partition // PAGE // 8)
    table = b""
    layout = b""
    total = 0
    rec = record(partition=partition) if rec is None else rec
    for numbers in chunks:
        for number in numbers:
            bitmap[number // 8] |= 1 << number % 8
        n = 8 + len(numbers) * PAGE + 16 if stored is None else stored
        total += n
        table += bytes([numbers[0] & 0xff]) * 64 + struct.pack("<I", n)
        layout += struct.pack("<IB3x", numbers[0], len(numbers))
    if pages is None:
        pages = sum(len(c) for c in chunks)
    plain = struct.pack("<QII", pages, len(rec), zero)
    plain += rec + bytes(bitmap) + layout
    return (struct.pack("<QI", total if size is None else size, len(chunks)) +
            table + plain)


RUN = list(range(20))
SECOND = list(range(SEGMENT_PAGES, SEGMENT_PAGES + 3))
FULL = [list(range(i, i + 64)) for i in range(0, 512, 64)]

MANIFESTS = {
    "empty": manifest([]),
    "one": manifest([[511]]),
    "run": manifest([RUN, list(range(30, 33))]),
    "record": manifest([RUN], rec=record(attachments=[DISK], gic=b"gic!")),
    "packed": manifest([RUN], stored=100),
    "two-segments": manifest([RUN, SECOND], partition=0x1200000),
    "full": manifest(FULL),
    "over-segment": manifest([[SEGMENT_PAGES - 1] + SECOND],
                             partition=0x1200000),
    "too-few": manifest([[1], [2]]),
    "backwards": manifest([list(range(100, 110)), RUN]),
    "stored-nothing": manifest([RUN], stored=24),
    "stored-much": manifest([RUN], stored=8 + 20 * PAGE + 17),
    "size-of-chunks": manifest([RUN], size=1),
    "pages": manifest([RUN], pages=21),
    "bad-record": manifest([RUN], rec=record(entry=0x40200000)),
    "record-long": changed(manifest([RUN]), 12 + 68 + 8, b"\xff" * 4),
    "record-odd": changed(manifest([RUN]), 12 + 68 + 8, b"\x61"),
    "reserved": manifest([RUN], zero=1),
    "layout-reserved": manifest([RUN])[:-1] + b"\1",
    "truncated": manifest([RUN])[:-1],
    "too-long": manifest([RUN]) + b"\0",
    "too-many": changed(manifest([RUN]), 8, b"\2"),
    "nothing": b"",
}

# ---- chunk ------------------------------------------------------------------

RAW, LZ4, ZSTD = range(3)
NOISE = bytes((i * i * 7 + i // 256 * 13) & 0xff for i in range(PAGE))


def chunk(pages, codec, data, zero=0, said=None):
    """said: pages by the prefix, where they are not those of the layout."""
    return bytes([pages - 1, codec, pages if said is None else said, zero]) + \
        bytes(5) + data


def lz4_literals(data):
    n = len(data)
    if n < 15:
        return bytes([n << 4]) + data
    n -= 15
    return b"\xf0" + b"\xff" * (n // 255) + bytes([n % 255]) + data


def zstd_block(kind, size, data, last=True):
    """kind: 0 raw, 1 RLE, 2 compressed, 3 reserved."""
    return struct.pack("<I", last | kind << 1 | size << 3)[:3] + data


def zstd_frame(blocks, size, magic=0xfd2fb528, flags=0xa0):
    """A single segment whose size is said, without a checksum."""
    return struct.pack("<IBI", magic, flags, size) + blocks


def zstd_sequence(byte, count):
    """
    A compressed block: one literal, then a match at offset 1 of at least 8195
    bytes. All three codes are said once (RLE), so that the bits are only those
    that extend them: 2 of the offset, 13 of the length, behind a 1.
    """
    literals = bytes([1 << 3, byte])
    codes = bytes([1, 0b01010100, 1, 2, 49])
    bits = (1 << 2 | 0) << 13 | count - 1 - 8195
    data = literals + codes + bits.to_bytes(2, "little")
    return zstd_block(2, len(data), data)


# A page of text, by zstd 1.5.4 -3: Huffman and FSE tables, literals, matches.
ZSTD_TEXT = bytes.fromhex(
    "28b52ffd00582d0500224819198025710391d8fe7b1b0ba0156621327064db84"
    "d6a72617a630aad7589aac5f6a642a674e84d04f5a73d417a5357f1e434af64b"
    "d1dd566b929c46242977d1cdd59a89673c04063ec6f6004734165cc0c7828784"
    "bf02a040d6068f890f0e1b633b1c78c643180032ed243e34070300d3d561b0fe"
    "c2742d84c100d3008301a60106034c030c069806180c30cd560603a649198301"
    "a600c300f600466885e9c49a0a0a")

CHUNKS = {
    "raw": chunk(1, RAW, NOISE),
    "raw-two": chunk(2, RAW, NOISE * 2),
    "raw-tag": chunk(1, RAW, NOISE + bytes(16)),
    "raw-short": chunk(2, RAW, NOISE),
    "prefix-pages": chunk(2, RAW, NOISE * 2, said=1),
    "prefix-zero": chunk(1, RAW, NOISE, zero=1),
    "prefix-codec": chunk(1, 3, NOISE),
    "prefix-alone": chunk(1, RAW, b""),
    "lz4-repeat": chunk(3, LZ4, image.lz4_repeat(0x11, 3 * PAGE)),
    "lz4-most": chunk(64, LZ4, image.lz4_repeat(0, 64 * PAGE)),
    "lz4-short": chunk(3, LZ4, image.lz4_repeat(0, 3 * PAGE - 1)),
    "lz4-long": chunk(3, LZ4, image.lz4_repeat(0, 3 * PAGE + 1)),
    "lz4-bomb": chunk(1, LZ4, b"\x1f\0\1\0" + b"\xff" * 4000 + b"\0"),
    "lz4-before": chunk(1, LZ4, b"\x14\0\x10\0\x50abcde"),
    "lz4-literals": chunk(2, LZ4, lz4_literals(NOISE[:100])),
    "lz4-nothing": chunk(1, LZ4, b"\0"),
    "lz4-garbage": chunk(1, LZ4, b"\xff" * 50),
    "zstd-rle": chunk(3, ZSTD, image.zstd_repeat(0x11, [PAGE, 2 * PAGE])),
    "zstd-sequence": chunk(3, ZSTD, zstd_frame(
        zstd_sequence(0x11, 3 * PAGE), 3 * PAGE)),
    "zstd-raw": chunk(1, ZSTD, zstd_frame(
        zstd_block(0, 8, NOISE[:8], last=False) +
        zstd_block(1, PAGE - 8, b"a"), PAGE)),
    "zstd-text": chunk(1, ZSTD, ZSTD_TEXT),
    "zstd-most": chunk(64, ZSTD, image.zstd_repeat(0, [2 * PAGE] * 32)),
    "zstd-short": chunk(3, ZSTD, image.zstd_repeat(0, [3 * PAGE - 1])),
    "zstd-long": chunk(3, ZSTD, image.zstd_repeat(0, [3 * PAGE + 1])),
    "zstd-size": chunk(1, ZSTD, zstd_frame(
        zstd_block(1, PAGE, b"a"), PAGE + 1)),
    "zstd-bomb": chunk(1, ZSTD, zstd_frame(
        zstd_block(1, 0x1ffff, b"a", last=False) * 30 +
        zstd_block(1, 0x1ffff, b"a"), PAGE)),
    "zstd-window": chunk(1, ZSTD, struct.pack("<IBB", 0xfd2fb528, 0, 0xf8) +
                         zstd_block(1, PAGE, b"a")),
    "zstd-dictionary": chunk(1, ZSTD, struct.pack(
        "<IBBI", 0xfd2fb528, 0xa1, 7, PAGE) + zstd_block(1, PAGE, b"a")),
    "zstd-checksum": chunk(1, ZSTD, zstd_frame(
        zstd_block(1, PAGE, b"a"), PAGE, flags=0xa4) + bytes(4)),
    "zstd-skippable": chunk(1, ZSTD, struct.pack("<II", 0x184d2a50, 4) +
                            bytes(4) + zstd_frame(
                                zstd_block(1, PAGE, b"a"), PAGE)),
    "zstd-two-frames": chunk(2, ZSTD, zstd_frame(
        zstd_block(1, PAGE, b"a"), PAGE) * 2),
    "zstd-behind": chunk(1, ZSTD, zstd_frame(
        zstd_block(1, PAGE, b"a"), PAGE) + b"\0"),
    "zstd-reserved": chunk(1, ZSTD, zstd_frame(
        zstd_block(3, 1, b"a"), PAGE)),
    "zstd-old": chunk(1, ZSTD, zstd_frame(
        zstd_block(1, PAGE, b"a"), PAGE, magic=0xfd2fb527)),
    "zstd-nothing": chunk(1, ZSTD, zstd_frame(b"", PAGE)),
    "zstd-garbage": chunk(1, ZSTD, zstd_frame(
        zstd_block(2, 60, b"\xff" * 60), PAGE)),
    "empty": b"",
}

# ---- pages ------------------------------------------------------------------

# By generate.c.
(INPUT, SAME, NOISES, FEW, SKEWED, WORDS, SPARSE, EDITED, MATCHES, TEXT,
 CUT) = range(11)
KINDS = 11
PLACED = 0x33


def nr_pages(byte):
    more = byte * byte // 255
    more = more * more // 255
    more = more * more // 255
    return 8 + more * 72 // 255


def pages(nr, *steps, more=b""):
    """nr: at least so many; steps: kind, how, and how many pages, 1 to 8."""
    byte = next(b for b in range(256) if nr_pages(b) >= nr)
    out = bytes([byte, PLACED])
    for kind, how, n in steps:
        out += bytes([kind + KINDS * (n - 1), how])
    return out + more


PAGES = {
    "nothing": b"",
    "input": pages(8, (INPUT, 3, 8), more=b"frozen memory"),
    "same": pages(40, (SAME, 0xa5, 8)),
    "zero": pages(40, (SAME, 0, 8)),
    "noise": pages(40, (NOISES, 0, 8)),
    "two-symbols": pages(16, (FEW, 1, 8)),
    "few-symbols": pages(16, (FEW, 0x33, 8), (FEW, 0x81, 2)),
    "skewed": pages(16, (SKEWED, 0, 2), (SKEWED, 7, 3), (SKEWED, 9, 8)),
    "words": pages(16, (WORDS, 8, 4), (WORDS, 1, 4)),
    "sparse": pages(72, (SPARSE, 1, 1), (SAME, 0, 1), (SPARSE, 15, 3)),
    "edited": pages(24, (NOISES, 0, 1), (EDITED, 1, 8), (EDITED, 31, 4)),
    "matches": pages(16, (MATCHES, 5, 4), (MATCHES, 22, 4)),
    "text": pages(24, (TEXT, 7, 8), more=b"the quick brown fox,"),
    "cut-always": pages(24, (CUT, 1, 8)),
    "cut-never": pages(80, (CUT, 0, 8)),
    "mixed": pages(80, *((kind, 0x5a, 2) for kind in range(KINDS))),
}


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    files = {
        "header": HEADERS, "record": RECORDS, "manifest": MANIFESTS,
        "chunk": CHUNKS, "pages": PAGES,
    }
    for target, seeds in files.items():
        directory = os.path.join(sys.argv[1], target)
        os.makedirs(directory, exist_ok=True)
        for name, data in seeds.items():
            with open(os.path.join(directory, name), "wb") as f:
                f.write(data)


if __name__ == "__main__":
    main()
