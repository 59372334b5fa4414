# SPDX-License-Identifier: BSD-3-Clause
"""What scripts/run says about wrong arguments: one clear line and status 2, before anything is started."""

import json
import os
import shutil
import socket
import struct
import subprocess

import pytest

from machine import RUN

# A header without anything to load.
ELF = b"\x7fELF\2" + bytes(59)


@pytest.fixture
def files(tmp_path):
    (tmp_path / "qemu-stubdom").write_bytes(ELF)
    (tmp_path / "other").write_bytes(ELF)
    (tmp_path / "disk").write_bytes(bytes(512))
    (tmp_path / "qcow2").write_bytes(b"QFI\xfb" + bytes(508))
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "a,b c").write_bytes(bytes(512))
    return tmp_path


def call(files, *options, image="qemu-stubdom", prefix=()):
    command = [*prefix, RUN, "--image", files / image, "--accel", "tcg", *options]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=20, cwd=files)


WRONG = {
    "no disk": (["--disk", "missing"], "disk missing: no such file"),
    "no cdrom": (["--cdrom", "missing"], "CD-ROM missing: no such file"),
    "empty disk": (["--disk", "empty"], "disk empty: empty"),
    "folder": (["--disk", "."], "neither a file nor a block device"),
    "memory": (["--memory", "0"], "--memory 0: not a size"),
    "memory unit": (["--memory", "64K"], "64K is not a size in MiB, nor one as 512M or 2G"),
    "qmp folder": (["--qmp", "missing/socket"], "no folder"),
    "qmp file": (["--qmp", "disk"], "exists and is not a socket"),
    "serial": (["--serial", "missing/socket"], "no folder"),
    "screen": (["--screen", "sdl"], "--screen sdl: none of none, window, vnc"),
    "screen none": (["--screen", "none=:1"], "--screen none=:1: none of none, window"),
    "screen empty": (["--screen", "vnc="], "nothing is neither a display"),
    "screen place": (["--screen", "vnc=1"], "1 is neither a display, as :1, nor unix:PATH"),
    "screen display": (["--screen", "vnc=:60000"], ":60000 is neither a display"),
    "screen socket": (["--screen", "vnc=unix:"], "unix: is neither a display"),
    "screen folder": (["--screen", "vnc=unix:missing/socket"], "--screen missing/socket: no folder"),
    "screen file": (["--screen", "vnc=unix:disk"], "exists and is not a socket"),
    "screen window": (["--screen", "window=:1"], "none of none, window"),
    "screen option": (["--screen", "vnc,frob=1"], "--screen vnc,frob=1: none of none, window"),
    "screen none option": (["--screen", "none,keyboard=de"], "none of none, window"),
    "screen keyboard": (["--screen", "vnc=:1,keyboard=xx"], "no keyboard layout xx; there are ar bepo"),
    "screen keyboard path": (["--screen", "vnc=:1,keyboard=../de"], "../de is not a keyboard layout's name"),
    "screen password": (["--screen", "vnc,password-file=missing"], "password file missing: no such file"),
    "screen password empty": (["--screen", "vnc,password-file=empty"], "password file empty: empty"),
    "screen password binary": (["--screen", "vnc,password-file=disk"], "is not a password of 1 to 8 ASCII characters"),
    "screen of nobody": (["--no-guest", "--screen", "vnc"], "there is no guest to have a screen"),
    "machine": (["--outer-machine", "isapc"], "invalid choice"),
    "option": (["--frobnicate"], "unrecognized arguments: --frobnicate (--help lists the options)"),
    "option of QEMU's": (["-m", "1G"], 'unrecognized arguments: -m 1G (--help lists the options; those of the inner QEMU follow "--")'),
    "disk without its option": (["disk"], "unrecognized arguments: disk (--disk disk makes it a disk, --help lists the options)"),
    "value without quotes": (["--share", ".:my", "tag"], "arguments: tag (--help lists the options; a value with blanks wants quotes)"),
    "value with a dash": (["--disk", "-disk"], "expected one argument (a value that begins with a dash: --disk=-disk)"),
    "value missing": (["--disk"], "expected one argument (--help lists the options)"),
    "disk's format missing": (["--disk", "disk,format="], "--disk disk,format=: format= names none"),
    "disk's option of QEMU's": (["--disk", "disk,if=virtio"], "disk,if=virtio: no such file; of disk the options are format=, bus=,"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong(files, case):
    options, message = WRONG[case]
    done = call(files, *options)
    assert done.returncode == 2
    assert message in done.stderr.splitlines()[-1]


@pytest.mark.parametrize("text, mebibytes", [("64", 64), ("64M", 64), ("1g", 1024), ("1GB", 1024), ("512MiB", 512), ("2Gib", 2048)])
def test_sizes(files, text, mebibytes):
    inner = json.loads(call(files, "--json", "--disk", "disk", "--memory", text).stdout)["inner"]
    assert inner[inner.index("-m") + 1] == str(mebibytes)


@pytest.mark.parametrize("option", ["--qmp", "--serial"])
def test_sockets_of_qemu(files, option):
    """The path as QEMU's own options have it is the same socket."""
    done = call(files, "--disk", "disk", option, "unix:missing/socket")
    assert done.returncode == 2 and "socket missing/socket: no folder" in done.stderr, done.stderr


@pytest.mark.parametrize("session, message", [("", "there is no graphical session"), (":99", "none of remote-viewer, gvncviewer")])
def test_no_viewer(files, monkeypatch, session, message):
    (files / "bin").mkdir()
    for name in ("python3", "qemu-system-x86_64"):
        (files / "bin" / name).symlink_to(shutil.which(name))
    monkeypatch.setenv("PATH", str(files / "bin"))
    monkeypatch.setenv("DISPLAY", session)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    done = call(files, "--disk", "disk", "--screen", "window")
    assert done.returncode == 2
    assert message in done.stderr and len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("image, message", [("missing", "no such file"), ("disk", "not an ELF file")])
def test_wrong_image(files, image, message):
    done = call(files, image=image)
    assert done.returncode == 2
    assert message in done.stderr and len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("memory, enough", [(25, False), (26, True), (32, True), (33, False), (41, False), (42, True)])
def test_memory_for_the_image(files, memory, enough):
    """A segment that ends at 24 MiB, where firmware must not work."""
    header = bytearray(b"\x7fELF\2" + bytes(59))
    struct.pack_into("<Q", header, 32, 64)
    struct.pack_into("<HH", header, 54, 56, 1)
    segment = struct.pack("<IIQQQQQQ", 1, 5, 0, 0x200000, 0x200000, 0, 22 << 20, 4096)
    (files / "other").write_bytes(header + segment)
    done = call(files, "--outer-memory", str(memory), "--json", image="other")
    if enough:
        assert done.returncode == 0
    else:
        assert done.returncode == 2
        assert f"{memory} MiB of memory: the image needs 42 to be loaded" in done.stderr


def test_unreadable(files):
    """Without the capabilities by which root reads everything."""
    (files / "disk").chmod(0)
    done = call(files, "--disk", "disk", prefix=["setpriv", "--bounding-set", "-all", "--inh-caps", "-all"])
    assert done.returncode == 2
    assert "disk disk: not readable" in done.stderr


def test_command(files):
    """The inner and the outer command line, without running them."""
    done = call(files, "--disk", "disk", "--disk", "qcow2", "--cdrom", "a,b c", "--memory", "99", "--qmp", "q", "--json", "--", "-S")
    words = json.loads(done.stdout)["outer"]
    append = words[words.index("-append") + 1]
    assert append.startswith("-- ") and append.endswith(" -S")
    assert " -m 99 " in append
    assert "file=/dev/vda,format=raw" in append and "file=/dev/vdb,format=raw" in append
    assert "ide-cd,bus=ide.1,unit=0,drive=disk2" in append
    assert "if=none,id=disk1,readonly=off,werror=report,rerror=report,file=./qcow2" in words
    assert "if=none,id=disk2,readonly=on,rerror=report,file=./a,,b c" in words


def test_not_the_product(files):
    done = call(files, "--json", "--", "one", "two words", image="other")
    words = json.loads(done.stdout)["outer"]
    assert words[words.index("-append") + 1] == '-- one "two words"'


LONG = {
    "just fits": (["x" * 4092], None),
    "a byte more": (["x" * 4093], "4096 bytes"),
    "bytes, not characters": (["\N{SNOWMAN}" * 1500], "4503 bytes"),
    "longer than the kernel passes on": (["x" * 1000] * 200, "200202 bytes"),
    "all words": (["x"] * 511, None),
    "a word more": (["x"] * 512, "513 words"),
}


@pytest.mark.parametrize("case", LONG)
def test_long_arguments(files, case):
    words, message = LONG[case]
    done = call(files, "--json", "--", *words, image="other")
    if not message:
        assert done.returncode == 0
        return
    assert done.returncode == 2
    assert done.stderr.startswith(f"run: arguments of the image: {message} ") and len(done.stderr.splitlines()) == 1


IGNORE = "import os, signal, sys; signal.signal(signal.SIGCHLD, signal.SIG_IGN); os.execv(sys.argv[1], sys.argv[1:])"
IGNORE_CHILDREN = ("python3", "-c", IGNORE)


@pytest.mark.parametrize("prefix", [(), IGNORE_CHILDREN], ids=["plain", "a parent that ignores SIGCHLD"])
def test_outer_emulator_fails(files, prefix):
    """An image that is none: the outer emulator's message, and a status of its own."""
    done = call(files, image="other", prefix=prefix)
    assert done.returncode == 125
    assert "before the image told its status" in done.stderr
    assert "ended with 1 " in done.stderr


def test_environment_of_python(files):
    """The runner finds its own parts, whatever Python is told, and by a link too."""
    os.symlink(RUN, files / "run")
    command = [files / "run", "--image", files / "other", "--accel", "tcg", "--print"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONSAFEPATH": "1"})
    assert done.returncode == 0 and "outer: " in done.stdout, done.stderr


def test_stale_socket(files):
    """A socket left by an earlier run is no obstacle."""
    with socket.socket(socket.AF_UNIX) as s:
        s.bind(str(files / "q"))
    done = call(files, "--qmp", "q", "--disk", "disk")
    assert done.returncode == 125, done.stderr  # the image is no image; that the socket is there is fine
    assert "Failed to" not in done.stderr and "in use" not in done.stderr
