# SPDX-License-Identifier: BSD-3-Clause
"""The guest's screen for VNC viewers of the host: QEMU's own server in the image, through the runner. The viewer is common/vnc-shot.c."""

import contextlib
import os
import random
import socket
import subprocess
import time

import pytest
import vnc_picture
from images import build_program, set_parameters
from machine import PATIENCE, Machine, Qmp
from screen import read_ppm

IMAGE = "qemu-stubdom"
KEY, SCAN_CODE = 0x61, 30  # "a": its keysym, and the scan code
VIEWERS = 4  # at once
DUMP = "/dev/vport0p4"
AT = r"screen: VNC at 127\.0\.0\.1:(\d+)"
# RFB 3.8 (RFC 6143): version, no authentication, shared; raw pixels; the whole screen.
HELLO = b"RFB 003.008\n\1\1"
ENCODINGS = bytes([2, 0, 0, 1, 0, 0, 0, 0])
WHOLE = bytes([3, 0, 0, 0, 0, 0, 2, 128, 1, 144])


@pytest.fixture(scope="module", name="viewer")
def _viewer(tmp_path_factory):
    return build_program("common/vnc-shot.c", tmp_path_factory.mktemp("vnc") / "vnc-shot")


class Screen:
    """A running machine with a screen, its monitor, and viewers of it."""

    def __init__(self, machine, viewer, folder):
        self.machine, self.viewer, self.folder = machine, viewer, folder
        self.port = int(machine.wait(AT)[1])
        self.qmp = Qmp(str(folder / "qmp"))

    def start(self, *actions):
        command = [self.viewer, "127.0.0.1", str(self.port), *map(str, actions)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def look(self, *actions):
        """A viewer that does @actions."""
        process = self.start(*actions)
        out, _ = process.communicate(timeout=60 * PATIENCE)
        assert process.returncode == 0, out

    def shoot(self, *names):
        """Viewers at once, as many as @names, see the guest's picture."""
        processes = [self.start("wait", 500, "shot", self.folder / name) for name in names]
        for process in processes:
            out, _ = process.communicate(timeout=60 * PATIENCE)
            assert process.returncode == 0, out
        for name in names:
            wrong = vnc_picture.difference((self.folder / name).read_bytes(), vnc_picture.reference())
            assert not wrong, f"{name}: {wrong}"

    def connect(self):
        client = socket.create_connection(("127.0.0.1", self.port), 30 * PATIENCE)
        client.settimeout(30 * PATIENCE)
        return client

    def greeted(self):
        """A viewer that has come as far as the server's version."""
        client = self.connect()
        assert client.recv(12) == b"RFB 003.008\n"
        return client

    def quit(self):
        assert self.qmp.execute("query-status")["status"] == "running"
        self.qmp.execute("quit")
        assert self.machine.status() == 0, self.machine.console.text()


@contextlib.contextmanager
def running(image, disk, folder, viewer, ready, options=(), arguments=()):
    with Machine(image(IMAGE), ["--disk", disk, "--net", "none", "--screen", "vnc", "--qmp", folder / "qmp", *options], arguments) as m:
        screen = Screen(m, viewer, folder)
        m.serial.wait(ready, 60)
        yield screen
        screen.quit()


@pytest.fixture(name="drawn")
def _drawn(image, guest, tmp_path, viewer):
    """A guest with a known picture, and a port of the image to dump it to."""
    dump = f"-chardev file,id=dump,path={tmp_path}/dump.ppm -device virtserialport,nr=4,chardev=dump"
    inner = ["-chardev", f"serial,id=dump,path={DUMP}"]  # opened for its side effect: a raw terminal
    with running(image, guest("screen"), tmp_path, viewer, "guest: drawn", ["--outer", dump], inner) as screen:
        yield screen


def test_picture_and_keys(drawn):
    """Three viewers at once see what the guest shows, pixel by pixel, as its own screendump has it; a key arrives."""
    drawn.shoot("1.ppm", "2.ppm", "3.ppm")
    drawn.qmp.execute("screendump", filename=DUMP)
    read_ppm(drawn.folder / "dump.ppm")
    assert (drawn.folder / "dump.ppm").read_bytes() == (drawn.folder / "1.ppm").read_bytes()
    drawn.look("key", KEY)
    drawn.machine.serial.wait(f"guest: key {SCAN_CODE}\n", 30)


def test_stock_viewer(drawn, debian_file):
    """A viewer of Debian's sees the same by each encoding: the same JPEG file."""
    program = debian_file("vncsnapshot", "/usr/bin/vncsnapshot")
    if b"not found" in subprocess.run(["ldd", program], capture_output=True, check=True).stdout:
        pytest.skip("vncsnapshot's libraries are not installed")
    pictures = []
    for encoding in ("raw", "hextile", "zlib", "tight"):
        picture = drawn.folder / f"{encoding}.jpg"
        command = [program, "-quiet", "-nojpeg", "-encodings", encoding, f"127.0.0.1:{drawn.port - 5900}", picture]
        subprocess.run(command, check=True, capture_output=True, timeout=60 * PATIENCE)
        pictures.append(picture.read_bytes())
    assert len(pictures[0]) > 10000 and pictures.count(pictures[0]) == len(pictures)


def test_pointer(image, guest, tmp_path, viewer):
    """The guest's own driver of the tablet sees positions and buttons of the viewer's pointer."""
    disk = set_parameters(guest("devices"), "tablet seconds=120 stay")
    with running(image, disk, tmp_path, viewer, "guest: tablet ready") as screen:
        screen.look("shot", tmp_path / "size.ppm", *vnc_picture.pointing(300).split())
        time.sleep(1)
        wrong = vnc_picture.not_pointed((tmp_path / "size.ppm").read_bytes(), screen.machine.serial.text())
        assert not wrong, wrong


def test_viewers_that_misbehave(drawn):
    """One reads nothing, one sends noise: others see the guest. A fifth is told why it cannot be. Then they go, and others come."""
    deaf = drawn.connect()
    deaf.sendall(HELLO + ENCODINGS + WHOLE * 200)
    drawn.shoot("beside.ppm")
    noise = random.Random(12)
    for _ in range(20):
        with drawn.connect() as client, contextlib.suppress(OSError):
            client.sendall(noise.choice([b"", HELLO, HELLO + ENCODINGS]) + noise.randbytes(noise.choice([7, 300, 40000])))
    drawn.shoot("after.ppm")
    others = [drawn.greeted() for _ in range(VIEWERS - 1)]
    with drawn.connect() as fifth:
        said = b""
        while piece := fifth.recv(4096):
            said += piece
        assert said.startswith(b"RFB 003.003\n") and said.endswith(b"4 viewers are connected, which is all there is room for")
    drawn.machine.wait("run: screen: one more viewer than 4: closed")
    for client in (deaf, *others):
        client.close()
    drawn.shoot("again.ppm")


def test_password(image, guest, tmp_path, viewer):
    """Who knows it sees the guest; and nothing of it is on a command line."""
    password = tmp_path / "password"
    password.write_text("s3cr=t,!\n")
    disk = guest("screen")
    options = ["--disk", disk, "--net", "none", "--screen", f"vnc,password-file={password}", "--qmp", tmp_path / "qmp"]
    with Machine(image(IMAGE), options) as m:
        screen = Screen(m, viewer, tmp_path)
        m.serial.wait("guest: drawn", 60)
        for given, answer in ((None, "wants another authentication"), ("s3cr=t,?", "does not let us in"), ("s3cr=t,!", None)):
            environment = {**os.environ, **({"VNC_PASSWORD": given} if given else {})}
            done = subprocess.run([viewer, "127.0.0.1", str(screen.port), "shot", tmp_path / "picture"], env=environment,
                                  capture_output=True, text=True, check=False, timeout=60 * PATIENCE)
            assert bool(done.returncode) == bool(answer) and (answer or "") in done.stderr, done
        assert not vnc_picture.difference((tmp_path / "picture").read_bytes(), vnc_picture.reference())
        running = subprocess.run(["ps", "-ww", "-eo", "args"], capture_output=True, text=True, check=True).stdout
        assert str(disk) in running and "s3cr" not in running
        screen.quit()


def test_keyboard(image, guest, tmp_path, viewer):
    """A viewer without key codes types what is z on a German keyboard: the key that has y on others."""
    with running(image, guest("screen"), tmp_path, viewer, "guest: drawn", ["--screen", "vnc,keyboard=de"]) as screen:
        screen.look("key", ord("z"))
        screen.machine.serial.wait("guest: key 21\n", 30)


def test_window(image, guest, tmp_path, viewer, monkeypatch):
    """A viewer is started, here one that takes a picture, and the guest goes on when it has ended."""
    program = tmp_path / "remote-viewer"
    program.write_text(f"#!/bin/sh\nplace=${{1#vnc://}}\nexec {viewer} ${{place%:*}} ${{place#*:}} wait 3000 shot {tmp_path}/picture\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("DISPLAY", ":99")
    with running(image, guest("screen"), tmp_path, viewer, "guest: drawn", ["--screen", "window"]) as screen:
        screen.shoot("beside.ppm")
        deadline = time.monotonic() + 30 * PATIENCE
        while not (tmp_path / "picture").exists() and time.monotonic() < deadline:
            time.sleep(0.2)
        assert (tmp_path / "picture").exists()


def test_unix_socket(image, guest, tmp_path):
    path = tmp_path / "screen"
    with Machine(image(IMAGE), ["--disk", guest("idle"), "--screen", f"vnc=unix:{path}"]) as m:
        m.wait(f"screen: VNC at the unix socket {path}")
        m.serial.wait("guest: up", 60)
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(30 * PATIENCE)
            client.connect(str(path))
            assert client.recv(12) == b"RFB 003.008\n"
    assert not os.path.exists(path)


def test_display_in_use(image, guest):
    with socket.create_server(("127.0.0.1", 0)) as server:
        display = server.getsockname()[1] - 5900
        if display < 0:
            pytest.skip("no display has that port")
        with Machine(image(IMAGE), ["--disk", guest("idle"), "--screen", f"vnc=:{display}"]) as m:
            assert m.status() == 2
            assert f"run: --screen vnc=:{display}: 127.0.0.1:{display + 5900}: Address already in use" in m.console.text()
