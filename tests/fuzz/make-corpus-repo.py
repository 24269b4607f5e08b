#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Write the seed corpora of the fuzz targets for repositories.

Usage: make-corpus-repo.py DIRECTORY

Seeds go to DIRECTORY/repo and DIRECTORY/repo_backup; docs/repository-format.md
says what they are made of.
"""
import hashlib
import os
import struct
import sys

NAME = b"00000000deadbeef-0123456789abcdef"
CONFIG, HOLDER, FOSSIL, FRONT, PATH, SEALED, SEGMENT = range(7)


def config(flags=1):
    front = struct.pack("<8sII16s32x", b"OSTI-RP1", 1, flags, b"an id")
    return front + hashlib.blake2b(front, digest_size=32).digest()


def holder(state=2, number=7, backup=NAME):
    return struct.pack("<8sIIII", b"OSTI-HO1", 1, state, number, 0) + \
        struct.pack("<Q16s32s40s16s120x", 1800000000, b"device", b"label",
                    backup, b"claim")


def fossil(ids):
    return struct.pack("<8sIIQ8x", b"OSTI-FO1", 1, len(ids), 1800000000) + \
        b"".join(bytes([i]) * 32 for i in ids)


def segment(number=0, disk=3 * 262144 + 4096, pack_bytes=8 << 20):
    """Of four blocks: the first two in one pack, then zeroes, then the last."""
    blocks = [(bytes([7]) * 32, 0, 0), (bytes([8]) * 32, 0, 262160),
              (bytes(32), 0, 0), (bytes([9]) * 32, 1, 100)]
    return struct.pack("<QI", disk, 0) + \
        struct.pack("<8sIIII8x16s", b"OSTI-DS1", 1, number, len(blocks), 2,
                    b"random") + \
        b"".join(bytes([p]) * 32 + struct.pack("<Q", pack_bytes)
                 for p in (1, 2)) + \
        b"".join(struct.pack("<32sII", *b) for b in blocks)


def header(chunks, stored, manifest):
    return struct.pack("<8sIIQQ16s16sQQII32s32s32s3912x", b"OSTI-IM2", 2, 2, 7,
                       1800000000, b"work", b"device", manifest, stored,
                       chunks, 0, b"i" * 32, b"r" * 32, b"m" * 32)


def backup(sizes=(25, 100, 262168), packs=(1, 2), pack_bytes=8 << 20,
           disk=0):
    """The chunks lie in the packs in turn, one behind the other."""
    manifest = 192
    table = b"".join(struct.pack("<32s32sI", bytes([i]), b"d", size)
                     for i, size in enumerate(sizes))
    at = [0] * len(packs)
    places = b""
    for i, size in enumerate(sizes):
        places += struct.pack("<II", i % len(packs), at[i % len(packs)])
        at[i % len(packs)] += size
    head = header(len(sizes), sum(sizes), manifest) + table + bytes(manifest)
    fixed = struct.pack("<8sIIQQQQ16s32s64sIIQ", b"OSTI-BK1",
                        2 if disk else 1, 1, 1800000000, 1799999990, 100, 200,
                        b"device", b"label", b"host", len(packs), len(sizes),
                        len(head))
    segments = -(-disk // (256 * 262144))
    fixed += struct.pack("<QII32s32x", disk, 262144, segments, b"digest") \
        if disk else bytes(80)
    listed = b"".join(bytes([p]) * 32 + struct.pack("<Q", pack_bytes)
                      for p in packs)
    return fixed + listed + places + bytes(32 * segments) + head


def main():
    """Write all seeds."""
    path = b"0" * 32
    small = {
        "config": (CONFIG, config()),
        "config-flags": (CONFIG, config(2)),
        "holder-cloud": (HOLDER, holder()),
        "holder-held": (HOLDER, holder(1, 99999999, b"")),
        "holder-none": (HOLDER, holder(2, 1, b"")),
        "fossil": (FOSSIL, fossil((1, 2, 9))),
        "fossil-order": (FOSSIL, fossil((2, 1))),
        "front": (FRONT, struct.pack("<II", 0, 0) + b"data"),
        "front-parts": (FRONT, struct.pack("<II", 2, 0) + bytes(64) + b"x"),
        "path-pack": (PATH, path + b"/packs/" + b"ab" * 32),
        "path-backup": (PATH, path + b"/backups/" + NAME),
        "path-part": (PATH, path + b"/backups/" + NAME + b".15"),
        "path-holder": (PATH, path + b"/holder/00000012"),
        "sealed": (SEALED, bytes(32 + 4096 + 16)),
        "segment": (SEGMENT, segment()),
        "segment-number": (SEGMENT, segment(1)),
        "segment-outside": (SEGMENT, segment(pack_bytes=262160)),
    }
    large = {
        "good": backup(),
        "empty": backup((), ()),
        "no-packs": backup((25,), (1,))[:256],
        "outside": backup((262168,), (1,), 262167),
        "order": backup((25, 25), (2, 1)),
        "too-small": backup((24,), (1,)),
        "disk": backup(disk=300 * 262144 + 4096),
        "disk-odd": backup(disk=4095),
    }
    for folder, seeds in (("repo", {n: bytes([k]) + d
                                    for n, (k, d) in small.items()}),
                          ("repo_backup", large)):
        directory = os.path.join(sys.argv[1], folder)
        os.makedirs(directory, exist_ok=True)
        for name, data in seeds.items():
            with open(os.path.join(directory, name), "wb") as seed:
                seed.write(data)


if __name__ == "__main__":
    main()
