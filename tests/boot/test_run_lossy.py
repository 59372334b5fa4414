# SPDX-License-Identifier: BSD-3-Clause
"""A network that loses half of what is sent, each way, between the image's card and the host."""

import contextlib
import os
import random
import socket
import struct
import threading
import zlib

import pytest

from images import set_parameters
from machine import ktap, outcome
from test_run_network import PRODUCT, serve_once

BYTES = 8_001
ENOUGH = 6  # frames that were lost, for the test to be one


def losses(chance):
    """Which frames are lost: one of each two, so that no more than two in a row are, and what gives up after a dozen does not."""
    while True:
        pair = [True, False]
        chance.shuffle(pair)
        yield from pair


class Wire:
    """One direction: the outer emulator's filter sends each frame to @folder/NAME.out and puts on the network what comes from NAME.in."""

    def __init__(self, folder, name, seed):
        self.name, self.lost = name, 0
        self.losses = losses(random.Random(seed))
        self.listeners = []
        for end in ("in", "out"):
            listener = socket.socket(socket.AF_UNIX)
            listener.bind(str(folder / f"{name}.{end}"))
            listener.listen()
            self.listeners.append(listener)
        self.folder = folder
        threading.Thread(target=self._carry, daemon=True).start()

    def options(self, queue):
        """Of the outer emulator, for what goes into @queue of its card's back end."""
        ends = " ".join(f"-chardev socket,id={self.name}-{end},path={self.folder}/{self.name}.{end}" for end in ("in", "out"))
        return f"{ends} -object filter-redirector,id={self.name},netdev=lan0,queue={queue},indev={self.name}-in,outdev={self.name}-out"

    def _carry(self):
        """A frame has its length in front."""
        rest = b""
        to, source = (listener.accept()[0] for listener in self.listeners)
        with contextlib.suppress(OSError), to, source:
            while piece := source.recv(65536):
                rest += piece
                while len(rest) >= 4 and len(rest) >= (size := 4 + struct.unpack(">I", rest[:4])[0]):
                    if next(self.losses):
                        self.lost += 1
                    else:
                        to.sendall(rest[:size])
                    rest = rest[size:]


@pytest.mark.nightly
def test_half_of_the_frames(image, guest, tmp_path):
    """An address, and a request and its answer by TCP: what was lost comes again, and all of it arrives."""
    data, requests = os.urandom(BYTES), []
    wires = [Wire(tmp_path, name, seed) for seed, name in enumerate(("there", "back"))]
    outer = " ".join(wire.options(queue) for wire, queue in zip(wires, ("tx", "rx")))
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=serve_once, args=(server, data, requests), daemon=True).start()
        # TCP waits twice as long each time.
        disk = set_parameters(guest("devices"), f"nic dhcp tcp_fetch fetch_port={server.getsockname()[1]} quiet=300 tries=60")
        status, console, serial = outcome(image(PRODUCT), ["--disk", disk, "--outer", outer], timeout=600)
    assert status == 0, console + serial
    assert requests == [b"fetch\n"] and all(wire.lost >= ENOUGH for wire in wires), [wire.lost for wire in wires]
    assert f"# fetched {BYTES} bytes, adler32 {zlib.adler32(data):08x}\n" in serial
    assert ktap(serial) == {"dhcp": True, "tcp_fetch": True}
