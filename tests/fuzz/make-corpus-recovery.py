#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Write the seed corpus of the fuzz target for recovery keys.

Usage: make-corpus-recovery.py DIRECTORY

Written after docs/recovery-key.md, not after the C code.
"""
import os
import sys

DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def whole_check(value):
    """The 15 bits of check over 260 bits of key and form."""
    check = 0x7FFF
    for bit in range(259, -1, -1):
        top = (check >> 14) ^ (value >> bit & 1)
        check = (check << 1) & 0x7FFF
        if top:
            check ^= 0x4599
    return check


def times(a, b):
    """Product in the field of 32 elements."""
    product = 0
    while b:
        if b & 1:
            product ^= a
        a <<= 1
        if a & 32:
            a ^= 0x25
        b >>= 1
    return product


def row_check(row, data):
    """Check digit of row number `row`, from 1, with 11 digits of data."""
    check, weight = row, 1
    for digit in reversed(data):
        weight = times(weight, 2)
        check ^= times(weight, digit)
    return check


def write(key, form=0):
    """The rows of a key, without gaps."""
    value = int.from_bytes(key, "big") << 4 | form
    value = value << 15 | whole_check(value)
    data = [value >> 5 * (54 - i) & 31 for i in range(55)]
    rows = []
    for row in range(5):
        part = data[11 * row:11 * row + 11]
        rows.append("".join(DIGITS[d] for d in
                            part + [row_check(row + 1, part)]))
    return rows


def main():
    """Write all seeds: name, text."""
    one = write(bytes(range(32)))
    two = write(bytes(range(64, 96)))
    text = " ".join("-".join(r[i:i + 4] for i in (0, 4, 8)) for r in one)
    seeds = (
        ("good", text),
        ("plain", "".join(one)),
        ("lower", text.lower()),
        ("lines", text.replace(" ", "\n").replace("-", "\t") + "\n"),
        ("letters", text.replace("0", "O").replace("1", "l")),
        ("zero", " ".join(write(bytes(32)))),
        ("ones", " ".join(write(b"\xff" * 32))),
        ("form", " ".join(write(bytes(range(32)), form=15))),
        ("two-keys", " ".join(one[:3] + two[3:])),
        ("swapped-rows", " ".join(one[1::-1] + one[2:])),
        ("wrong-digit", text.replace("8", "9", 1)),
        ("no-digit", text.replace("8", "U", 1)),
        ("short", text[:-1]),
        ("long", text + "0"),
        ("empty", ""),
    )
    for name, seed in seeds:
        with open(os.path.join(sys.argv[1], name), "w",
                  encoding="ascii", newline="") as file:
            file.write(seed)


if __name__ == "__main__":
    main()
