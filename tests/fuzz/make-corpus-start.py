#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Write the seed corpus of the fuzz target for start statements.

Usage: make-corpus-start.py DIRECTORY

The flags are told by fuzz_start.c. owner.start of the unit tests is really
signed, with the key that the target has.
"""
import hashlib
import os
import struct
import sys

ACCEPT, FLOOR = 1, 2
SIGNATURE = bytes(256)
MIB = 0x100000
SIGNED = "unit/monitor/start/owner.start"


def blake(data):
    """The hash of a kernel or a RAM disk."""
    return hashlib.blake2b(data, digest_size=32).digest()


def body(version=1, kernel=(2 * MIB, 8), ramdisk=(0, 0), slots=(b"work",),
         cmdline=b"quiet", flags=0):
    """A statement (docs/start-statement.md) about memory that is zero."""
    kernel_hash = blake(bytes(8))
    ramdisk_hash = blake(bytes(8)) if ramdisk[1] else bytes(32)
    return struct.pack("<8sQQQQQQQ32s32s", b"OSTI-ST1", flags, version,
                       *kernel, *ramdisk, 0, kernel_hash, ramdisk_hash) + \
        b"".join(s.ljust(16, b"\0") for s in slots).ljust(128, b"\0") + \
        cmdline.ljust(1792, b"\0")


def main():
    """Write all seeds: name, flags, units of memory less one, statement."""
    top = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
    with open(os.path.join(top, SIGNED), "rb") as signed_file:
        signed = signed_file.read()
    last = 256 * 0x8000
    seeds = (
        ("signed", 0, 255, signed),
        ("signed-small", 0, 63, signed),
        ("short", ACCEPT, 255, body()),
        ("unsigned", 0, 255, body() + SIGNATURE),
        ("good", ACCEPT, 255, body() + SIGNATURE),
        ("ramdisk", ACCEPT, 255,
         body(ramdisk=(4 * MIB, 8)) + SIGNATURE),
        ("overlap", ACCEPT, 255,
         body(kernel=(2 * MIB, MIB), ramdisk=(2 * MIB + 8, 8)) + SIGNATURE),
        ("wrap", ACCEPT, 255,
         body(kernel=(2 * MIB, 2**64 - 2 * MIB)) + SIGNATURE),
        ("edge", ACCEPT, 255, body(kernel=(last - 8, 8)) + SIGNATURE),
        ("old", ACCEPT | FLOOR, 255, body(version=999) + SIGNATURE),
        ("new", ACCEPT | FLOOR, 255, body(version=1000) + SIGNATURE),
        ("other-slot", ACCEPT, 255, body(slots=(b"a", b"b")) + SIGNATURE),
        ("cmdline", ACCEPT, 255, body(cmdline=b"x" * 1791) + SIGNATURE),
        ("disk-key", ACCEPT, 255, body(flags=1) + SIGNATURE),
        ("flag", ACCEPT, 255, body(flags=1 | 1 << 63) + SIGNATURE),
        ("no-end", ACCEPT, 255, body(cmdline=b"x" * 1792) + SIGNATURE),
    )
    for name, flags, units, statement in seeds:
        with open(os.path.join(sys.argv[1], name), "wb") as seed:
            seed.write(bytes((flags, units)) + statement)


if __name__ == "__main__":
    main()
