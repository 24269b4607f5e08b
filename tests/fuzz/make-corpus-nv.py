#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Write the seed corpus of the fuzz target for the NV flash.

Usage: make-corpus-nv.py DIRECTORY

The MACs are left zero: the target computes them (fuzz_nv.c tells the flags).
"""
import os
import struct
import sys

OPEN = 0xffffffff
ROOT, MAC, PLACE = 1, 2, 4
ALL = ROOT | MAC | PLACE


def entry(slot, state, generation, epoch=0, index=0, seal=0):
    """An entry of the log (docs/nv-format.md) without its MAC."""
    return struct.pack("<4sBBHQQI", b"ONV1", slot, state, 0, generation,
                       epoch, index) + bytes(32) + struct.pack("<I", seal)


def header(epoch, seal=0):
    """The header of a sector."""
    return entry(0, 0, 0, epoch, 0, seal)


def many(count):
    """Records of all slots in turn."""
    return b"".join(entry(i % 8 + 1, 1, i + 1) for i in range(count))


def main():
    """Write all seeds: name, flags, sector 1, sector 2."""
    seeds = (
        ("empty", 0, b"", b""),
        ("no-log", ROOT, b"", b""),
        ("fresh", ALL, header(1), b""),
        ("store-consume", ALL, header(1) + entry(1, 1, 1) + entry(2, 1, 9) +
         entry(1, 2, 1) + entry(8, 1, 2**64 - 1), b""),
        ("unsealed", ALL,
         header(1) + entry(1, 1, 1) + entry(1, 2, 1, seal=OPEN), b""),
        ("unsealed-header", ALL, header(1) + entry(1, 1, 1),
         header(2, OPEN) + entry(1, 1, 1)),
        ("two-logs", ALL, header(3) + entry(1, 1, 5),
         header(2) + entry(1, 2, 4)),
        ("even", ALL, b"", header(2) + entry(3, 2, 7)),
        ("torn", ROOT | MAC, header(1) + entry(1, 1, 1, 1, 1) +
         b"ONV1" + b"\xff" * 60, b""),
        ("torn-unauthentic", ROOT,
         header(1) + b"ONV1\x01\x01" + b"\xff" * 58, b""),
        ("backwards", ALL, header(1) + entry(1, 1, 5) + entry(1, 1, 4), b""),
        ("twice", ALL, header(1) + entry(1, 1, 5) + entry(1, 2, 5) * 2, b""),
        ("bad-slot", ALL, header(1) + entry(9, 1, 5), b""),
        ("bad-state", ALL, header(1) + entry(1, 6, 5), b""),
        ("begun", ALL, header(1) + entry(1, 3, 1) + entry(2, 3, 2**64 - 1) +
         entry(3, 3, 4) + entry(3, 1, 4) + entry(3, 2, 4) + entry(4, 3, 1) +
         entry(4, 3, 2), b""),
        ("begun-twice", ALL, header(1) + entry(1, 3, 5) * 2, b""),
        ("begun-consumed", ALL, header(1) + entry(1, 3, 5) + entry(1, 2, 5),
         b""),
        ("begun-after-stored", ALL, header(1) + entry(1, 1, 5) +
         entry(1, 3, 5), b""),
        ("floor", ALL, header(1) + entry(1, 4, 1) + entry(1, 4, 9) +
         entry(2, 4, 2**64 - 1) + entry(1, 1, 1), b""),
        ("floor-falls", ALL, header(1) + entry(1, 4, 5) + entry(1, 4, 4),
         b""),
        ("clock", ALL, header(1) + entry(1, 5, 0) + entry(1, 5, 2**64 - 5) +
         entry(2, 5, 9) + entry(1, 4, 3), b""),
        ("void", ALL, header(1) + entry(1, 1, 5) + bytes(64) + entry(1, 2, 5) +
         bytes(60) + b"\xff" * 4, b""),
        ("wrong-place", ROOT | MAC, header(1) + entry(1, 1, 5, 1, 7), b""),
        ("wrong-epoch", ROOT | MAC, header(1) + entry(1, 1, 5, 3, 1), b""),
        ("wrong-sector", ROOT | MAC, header(2), b""),
        ("full", ALL, header(1) + many(255), b""),
        ("last-free", ALL, header(1) + many(254), b""),
        ("root-bad-sum", MAC,
         b"OSTI-NVK" + struct.pack("<II", 1, 0) + bytes(64), b""),
    )
    os.makedirs(sys.argv[1], exist_ok=True)
    for name, flags, first, second in seeds:
        with open(os.path.join(sys.argv[1], name), "wb") as out:
            out.write(struct.pack("<BH", flags, len(first)) + first + second)


main()
