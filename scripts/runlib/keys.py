# SPDX-License-Identifier: BSD-3-Clause
"""What a terminal sends, as keys of a PC with the US layout: numbers of scan code set 1, with bit 7 set for those with the prefix 0xe0."""

import re

SHIFT, CONTROL, ALT = 0x2A, 0x1D, 0x38
ESCAPE = 0x01
LEAVE = 0x1D  # what a terminal sends for Ctrl-]
# (the first key's number, what the keys of a row have, and what with Shift)
ROWS = ((0x02, "1234567890-=", "!@#$%^&*()_+"), (0x10, "qwertyuiop[]", "QWERTYUIOP{}"), (0x1E, "asdfghjkl;'`", 'ASDFGHJKL:"~'),
        (0x2B, "\\zxcvbnm,./", "|ZXCVBNM<>?"), (0x39, " ", ""))
PLAIN = {char: first + i for first, chars, _ in ROWS for i, char in enumerate(chars)}
SHIFTED = {char: first + i for first, _, chars in ROWS for i, char in enumerate(chars)}
SPECIAL = {"\r": 0x1C, "\n": 0x1C, "\t": 0x0F, "\x7f": 0x0E, "\b": 0x0E, "\x1b": ESCAPE}
# Behind ESC: as xterm, and as the console of Linux.
SEQUENCES = {"[A": 0xC8, "[B": 0xD0, "[C": 0xCD, "[D": 0xCB, "[H": 0xC7, "[F": 0xCF, "[1~": 0xC7, "[4~": 0xCF, "[7~": 0xC7, "[8~": 0xCF,
             "[2~": 0xD2, "[3~": 0xD3, "[5~": 0xC9, "[6~": 0xD1, "[15~": 0x3F, "[17~": 0x40, "[18~": 0x41, "[19~": 0x42, "[20~": 0x43,
             "[21~": 0x44, "[23~": 0x57, "[24~": 0x58,
             **{f"O{c}": code for c, code in zip("ABCDHF", (0xC8, 0xD0, 0xCD, 0xCB, 0xC7, 0xCF))},
             **{f"O{c}": 0x3B + i for i, c in enumerate("PQRS")}, **{f"[[{c}": 0x3B + i for i, c in enumerate("ABCDE")}}
SEQUENCE = re.compile(r"\x1b(\[\[[A-E]|\[[0-9;]*[A-Za-z~]|O[A-Za-z])")


def _press(code, *modifiers):
    """Pairs of a number and whether it goes down."""
    downs = [*modifiers, code]
    return bytes(byte for code in downs for byte in (code, 1)) + bytes(byte for code in reversed(downs) for byte in (code, 0))


def _char(char, *modifiers):
    if char in SPECIAL:
        return _press(SPECIAL[char], *modifiers)
    if char in PLAIN:
        return _press(PLAIN[char], *modifiers)
    if char in SHIFTED:
        return _press(SHIFTED[char], *modifiers, SHIFT)
    plain = chr(ord(char) | 0x60) if "\x01" <= char <= "\x1a" else {"\x00": " ", "\x1c": "\\", "\x1d": "]", "\x1e": "6", "\x1f": "-"}.get(char)
    return _press(PLAIN[plain], *modifiers, CONTROL) if plain else b""


def keys(data):
    """The keys of @data, which the terminal sent at once: pairs of a number and 1 for down, 0 for up. Others than ASCII's have none."""
    text, out, at = data.decode("latin-1"), b"", 0
    while at < len(text):
        if found := SEQUENCE.match(text, at):
            out += _press(SEQUENCES[found[1]]) if found[1] in SEQUENCES else b""
            at = found.end()
        elif text[at] == "\x1b" and at + 1 < len(text) and text[at + 1] != "\x1b":
            out += _char(text[at + 1], ALT)
            at += 2
        else:
            out += _char(text[at])
            at += 1
    return out
