# SPDX-License-Identifier: BSD-3-Clause
"""--screen text: the guest's screen in a terminal, and its keys. The parsers by themselves, with messages that no image of ours sends."""

import os
import pty
import random
import re
import select
import subprocess
import sys
import termios
import time

import pytest

from machine import PATIENCE, RUN, Machine
from runlib.keys import keys
from runlib.text import BrokenScreen, Picture

PRODUCT = "qemu-stubdom"
CONTROL = re.compile(r"\x1b\[\??[0-9;]*[A-Za-z]")


def plain(data):
    return CONTROL.sub("", data.decode())


def test_picture():
    """Rows, colours, characters and the cursor, in whatever pieces they come."""
    cells = b"A\x07B\x07" + bytes([3, 0x1C])
    data = b"S\x03\x02" + b"R\x01" + cells + b"C\x02\x01"
    whole = Picture().take(data)
    picture = Picture()
    pieces = b"".join(picture.take(data[i : i + 1]) for i in range(len(data)))
    assert plain(whole).endswith("AB♥") and plain(pieces) == plain(whole)
    assert b"\x1b[2;1H\x1b[0;37;40mAB\x1b[0;91;44m" in whole
    assert whole.endswith(b"\x1b[2;3H\x1b[?25h") and picture.take(b"C\xff\xff").endswith(b"\x1b[?25l")


def shown_by(size, data):
    """{(row, column): character} of a terminal of @size, after checking that nothing goes beyond its edges."""
    found, row, column = {}, 0, 0
    for control, char in re.findall(r"(\x1b\[\??[0-9;]*[A-Za-z])|(.)", data.decode(), re.S):
        if control.endswith("H"):
            row, column = (int(number) for number in control[2:-1].split(";"))
        elif control.endswith("J"):
            found = {}
        elif char:
            assert 1 <= row <= size[1] and 1 <= column <= size[0], (row, column)
            found[row, column] = char
            column += 1
    return found


def guest_screen(columns, rows):
    """Each row is of one letter, the last one's cursor at its begin."""
    out = bytes([ord("S"), columns, rows])
    for row in range(rows):
        out += bytes([ord("R"), row]) + bytes([ord("a") + row, 7]) * columns
    return out + bytes([ord("C"), 0, rows - 1])


def test_terminal_of_another_size():
    """In a smaller one, the rows around the cursor and the columns that there is room for, and no hint in the guest's place; anew when its
    size changes."""
    picture = Picture((20, 24), "Ctrl-] q ends it")
    found = shown_by((20, 24), picture.take(guest_screen(80, 25)))
    assert "".join(found[row, 20] for row in range(1, 25)) == "bcdefghijklmnopqrstuvwxy"
    found = shown_by((20, 24), picture.take(b"C\0\0"))
    assert found[1, 1] == "a" and found[24, 1] == "x"
    found = shown_by((100, 30), picture.again((100, 30)))
    assert found[25, 80] == "y" and found[26, 1] == "C" and (1, 81) not in found
    picture.take(b"C\0\x18")
    found = shown_by((7, 3), picture.again((7, 3)))
    assert found[1, 1] == "w" and found[3, 7] == "y" and len(found) == 21


def test_cursor_that_jumps():
    """It does not make much of little."""
    picture = Picture((80, 1))
    picture.take(guest_screen(80, 25))
    assert len(picture.take(b"C\0\0C\0\x18" * 10000 + b"C\0\0")) < 200000


BROKEN = {"kind": b"x", "no columns": b"S\0\1", "columns": b"S\xa1\1", "rows": b"S\1\x65", "no size": b"R\0", "row": b"S\1\1R\1A\7",
          "cursor": b"S\1\1C\1\0", "half a cursor": b"S\1\1C\0\xff"}


@pytest.mark.parametrize("case", BROKEN)
def test_broken_messages(case):
    with pytest.raises(BrokenScreen):
        Picture().take(BROKEN[case] + bytes(8))


def test_any_messages():
    """What an image sends never makes more of the terminal than text in colours."""
    noise = random.Random(12)
    for _ in range(300):
        picture = Picture()
        data = b"S" + bytes([noise.randint(1, 4), noise.randint(1, 4)])
        for _ in range(20):
            data += noise.choice([b"R\0", b"R\1", b"C\0\0", b"C\xff\xff"]) + noise.randbytes(noise.choice([0, 2, 4, 6, 8]))
        try:
            shown = picture.take(data)
        except BrokenScreen:
            continue
        assert not re.search(r"[\x00-\x1f\x7f]", plain(shown))


KEYS = {
    b"a": [(30, 1), (30, 0)],
    b"A": [(42, 1), (30, 1), (30, 0), (42, 0)],
    b"\x03": [(29, 1), (46, 1), (46, 0), (29, 0)],
    b"\r": [(28, 1), (28, 0)],
    b"\x1b": [(1, 1), (1, 0)],
    b"\x1b[A": [(0xC8, 1), (0xC8, 0)],
    b"\x1bx": [(56, 1), (45, 1), (45, 0), (56, 0)],
    b"\x1bOP": [(0x3B, 1), (0x3B, 0)],
    b"\x1b[24~": [(0x58, 1), (0x58, 0)],
    b"\x1b[1;5Z": [],
    b"\xc3\xa4": [],
}


@pytest.mark.parametrize("typed", KEYS)
def test_keys(typed):
    assert keys(typed) == bytes(byte for pair in KEYS[typed] for byte in pair)


def test_every_byte_has_keys_or_none():
    """ASCII is there whole; a key that goes down comes up."""
    for byte in range(256):
        found = keys(bytes([byte]))
        downs, ups = found[0::2][: len(found) // 4], found[0::2][len(found) // 4 :]
        assert bool(found) == (byte < 128) and downs == ups[::-1], byte


def test_without_a_terminal(image, guest):
    """The screen is on standard output, and standard input types."""
    with Machine(image(PRODUCT), ["--disk", guest("idle"), "--net", "none", "--screen", "text"]) as m:
        m.serial.wait("SeaBIOS", 60)
        m.process.stdin.write(b"\x1dq")
        m.process.stdin.flush()
        assert m.status() == 130, m.console.text()


@pytest.mark.parametrize("keyboard", [True, False])
def test_terminal_is_as_before(tmp_path, keyboard):
    """Whether keys come from it or not; in raw mode again after the shell had it."""
    ours, theirs = pty.openpty()
    before = termios.tcgetattr(theirs)
    script = """if True:
        import os, select, signal, sys
        sys.path.insert(0, sys.argv[1])
        from runlib.terminal import changes, take, terminal
        changed = changes()
        with terminal():
            os.kill(os.getpid(), signal.SIGWINCH)
            select.select([changed], [], [])
            take()
            print("inside", flush=True)
            print("message", file=sys.stderr)
    """
    command = [sys.executable, "-c", script, os.path.dirname(RUN)]
    process = subprocess.Popen(command, stdin=theirs if keyboard else subprocess.DEVNULL, stdout=theirs, stderr=theirs)
    try:
        shown = read_until(ours, b"message")
        assert shown.startswith(b"\x1b[?1049h") and b"\x1b[?25h\x1b[?1049l" in shown.partition(b"inside")[2].partition(b"message")[0]
        assert process.wait(30 * PATIENCE) == 0 and termios.tcgetattr(theirs) == before
    finally:
        process.kill()
        process.wait()
        os.close(theirs)
        os.close(ours)


def read_until(fd, text, shown=b""):
    """What the terminal was sent, up to @text."""
    deadline = time.monotonic() + 60 * PATIENCE
    while text not in shown:
        assert select.select([fd], [], [], max(0, deadline - time.monotonic()))[0], shown
        shown += os.read(fd, 65536)
    return shown


def test_in_a_terminal(image, guest):
    """The guest's screen, keys that reach the guest, Ctrl-C among them; the terminal's modes are as they were when Ctrl-] q has ended it."""
    ours, theirs = pty.openpty()
    before = termios.tcgetattr(theirs)
    command = [RUN, "--image", image(PRODUCT), "--accel", "tcg", "--net", "none", "--screen", "text", "--disk", guest("idle")]
    command += ["--", "-boot", "menu=on,splash-time=60000"]  # the firmware waits for that key longer than any machine is busy
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs)
    try:
        assert b"\x1b[?1049h" in read_until(ours, b"Press ESC for boot menu")
        os.write(ours, b"\x1b")
        read_until(ours, b"Select boot device")
        os.write(ours, b"\x03")
        time.sleep(0.5)
        assert process.poll() is None
        os.write(ours, b"\x1dq")
        read_until(ours, b"\x1b[?1049l")
        assert process.wait(30 * PATIENCE) == 130
        assert termios.tcgetattr(theirs) == before
    finally:
        process.kill()
        process.wait()
        os.close(theirs)
        os.close(ours)
