#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Write the seed corpus of the fuzz targets for images.

Usage: make-corpus.py DIRECTORY
"""
import os
import struct
import sys

PAGE = 4096
SEGMENT_PAGES = 0x1000000 // PAGE


def manifest(partition, chunks, gic=b"", entry=0x40000000, cpu=0, zero=0,
             codec=0, size=None):
    """chunks: lists of page numbers. With the length of all chunks before."""
    bitmap = bytearray(partition // PAGE // 8)
    table = b""
    total = 0
    for pages in chunks:
        for number in pages:
            bitmap[number // 8] |= 1 << number % 8
        stored = len(pages) * PAGE + 16 if codec == 0 else 100
        total += stored
        table += bytes([pages[0] & 0xff]) * 32
        table += struct.pack("<IIBBH", pages[0], stored, len(pages), codec, 0)
    out = struct.pack("<QQQQQQIIII", partition, entry, 1, 2, 3,
                      sum(len(c) for c in chunks), cpu, len(chunks), len(gic),
                      zero)
    out += bytes(32) + gic + bytes(bitmap) + table
    return struct.pack("<Q", total if size is None else size) + out


def header():
    out = b"OSTI-IM1" + struct.pack("<IIQQ", 1, 2, 7, 1795651260)
    out += b"work".ljust(16, b"\0") + bytes(range(16))
    out += struct.pack("<QQ", 176, 0) + bytes(range(32))
    return out.ljust(PAGE, b"\0")


def lz4_literals(data):
    n = len(data)
    if n < 15:
        return bytes([n << 4]) + data
    n -= 15
    return b"\xf0" + b"\xff" * (n // 255) + bytes([n % 255]) + data


def lz4_repeat(byte, count):
    """One literal, a match at offset 1, five literals."""
    rest = count - 1 - 5 - 4 - 15
    return (bytes([0x1f, byte, 1, 0]) + b"\xff" * (rest // 255) +
            bytes([rest % 255]) + lz4_literals(bytes([byte]) * 5))


def chunk(pages, codec, data):
    return bytes([pages - 1, codec]) + data


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    run = list(range(20))
    second = list(range(SEGMENT_PAGES, SEGMENT_PAGES + 3))
    noise = bytes((i * i * 7 + i // 256 * 13) & 0xff for i in range(PAGE))
    files = {
        "manifest": {
            "header": header(),
            "empty": manifest(0x200000, []),
            "one": manifest(0x200000, [[511]]),
            "run": manifest(0x200000, [run, list(range(30, 33))], b"gic!"),
            "lz4": manifest(0x200000, [run], codec=1),
            "two-segments": manifest(0x1200000, [run, second]),
            "full": manifest(0x200000, [list(range(i, i + 64))
                                        for i in range(0, 512, 64)]),
            "over-segment": manifest(0x1200000,
                                     [[SEGMENT_PAGES - 1] + second]),
            "too-few": manifest(0x200000, [[1], [2]]),
            "size-of-chunks": manifest(0x200000, [run], size=1),
            "entry": manifest(0x200000, [run], entry=0x40200000),
            "cpu": manifest(0x200000, [run], cpu=8),
            "reserved": manifest(0x200000, [run], zero=1),
            "truncated": manifest(0x200000, [run])[:-1],
            "too-long": manifest(0x200000, [run]) + b"\0",
            "nothing": b"",
        },
        "chunk": {
            "raw": chunk(1, 0, noise),
            "raw-two": chunk(2, 0, noise * 2),
            "raw-tag": chunk(1, 0, noise + bytes(16)),
            "lz4-repeat": chunk(3, 1, lz4_repeat(0x11, 3 * PAGE)),
            "lz4-most": chunk(64, 1, lz4_repeat(0, 64 * PAGE)),
            "lz4-short": chunk(3, 1, lz4_repeat(0, 3 * PAGE - 1)),
            "lz4-long": chunk(3, 1, lz4_repeat(0, 3 * PAGE + 1)),
            "lz4-bomb": chunk(1, 1, b"\x1f\0\1\0" + b"\xff" * 4000 + b"\0"),
            "lz4-before": chunk(1, 1, b"\x14\0\x10\0\x50abcde"),
            "lz4-literals": chunk(2, 1, lz4_literals(noise[:100])),
            "lz4-nothing": chunk(1, 1, b"\0"),
            "garbage": chunk(1, 1, b"\xff" * 50),
            "empty": b"",
        },
    }
    for target, seeds in files.items():
        directory = os.path.join(sys.argv[1], target)
        os.makedirs(directory, exist_ok=True)
        for name, data in seeds.items():
            with open(os.path.join(directory, name), "wb") as f:
                f.write(data)


if __name__ == "__main__":
    main()
