# SPDX-License-Identifier: BSD-3-Clause
"""A disk for an outer emulator, which loses what was not flushed when the power goes: an NBD server on a unix socket, with a write cache."""

import os
import socket
import struct
import threading

MAGIC, OPTION_MAGIC, REPLY_MAGIC = 0x4E42444D41474943, 0x49484156454F5054, 0x3E889045565A9
REQUEST, REPLY = 0x25609513, 0x67446698
FIXED_NEWSTYLE = 1
OPT_EXPORT_NAME, OPT_ABORT, OPT_GO = 1, 2, 7
REP_ACK, REP_INFO, REP_UNSUPPORTED = 1, 3, 0x80000001
HAS_FLAGS, CAN_FLUSH, CAN_FUA = 1, 4, 8
READ, WRITE, DISCONNECT, FLUSH = range(4)
FUA = 1
SECTOR = 512


class Gone(Exception):
    """The client is."""


class LossyDisk:
    """with LossyDisk(path, folder) as disk: Machine(image, ["--outer", disk.device]). The file gets what survives of each power cut."""

    def __init__(self, path, folder):
        self.path, self.socket_path = path, os.path.join(folder, "nbd")
        self.device = f"-drive driver=nbd,server.type=unix,server.path={self.socket_path},if=none,id=lossy -device virtio-blk-pci,drive=lossy"
        with open(path, "rb") as f:
            self.stable = bytearray(f.read())
        self.data, self.dirty, self.flushes = bytearray(self.stable), set(), 0
        self.busy = threading.Lock()  # one client, held while it is there
        self.listener = None

    def __enter__(self):
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(self.socket_path)
        self.listener.listen()
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.listener.close()

    def cut_power(self, chance, keep):
        """After the client was killed: sectors that were not flushed are there with the probability @keep each. Returns how many were lost."""
        with self.busy:
            lost = 0
            for sector in sorted(self.dirty):
                if chance.random() < keep:
                    self._settle(sector)
                else:
                    lost += 1
            self.dirty.clear()
            self.data = bytearray(self.stable)
            with open(self.path, "wb") as f:
                f.write(self.stable)
            return lost

    def _settle(self, sector):
        here = slice(sector * SECTOR, (sector + 1) * SECTOR)
        self.stable[here] = self.data[here]

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            with self.busy, client, client.makefile("rb") as file:
                try:
                    self._greet(client, file)
                    while self._serve(client, file):
                        pass
                except (Gone, OSError):
                    pass

    @staticmethod
    def _take(file, layout):
        size = struct.calcsize(layout)
        data = file.read(size)
        if len(data) < size:
            raise Gone
        return struct.unpack(layout, data)

    def _greet(self, client, file):
        flags = HAS_FLAGS | CAN_FLUSH | CAN_FUA
        client.sendall(struct.pack(">QQH", MAGIC, OPTION_MAGIC, FIXED_NEWSTYLE))
        self._take(file, ">I")
        while True:
            _, option, length = self._take(file, ">QII")
            file.read(length)
            if option == OPT_EXPORT_NAME:
                client.sendall(struct.pack(">QH124x", len(self.data), flags))
                return
            if option == OPT_GO:
                client.sendall(struct.pack(">QIIIHQH", REPLY_MAGIC, option, REP_INFO, 12, 0, len(self.data), flags))
            kind = REP_ACK if option in (OPT_GO, OPT_ABORT) else REP_UNSUPPORTED
            client.sendall(struct.pack(">QIII", REPLY_MAGIC, option, kind, 0))
            if option == OPT_GO:
                return

    def _serve(self, client, file):
        _, flags, command, handle, offset, length = self._take(file, ">IHHQQI")
        answer = b""
        if command == DISCONNECT:
            return False
        if command == READ:
            answer = self.data[offset:offset + length]
        elif command == WRITE:
            (data,) = self._take(file, f"{length}s")
            self.data[offset:offset + length] = data
            written = range(offset // SECTOR, (offset + length) // SECTOR)
            self.dirty.update(written)
            if flags & FUA:
                self._flush(written)
        elif command == FLUSH:
            self._flush(list(self.dirty))
            self.flushes += 1
        client.sendall(struct.pack(">IIQ", REPLY, 0, handle) + answer)
        return True

    def _flush(self, sectors):
        for sector in sectors:
            self._settle(sector)
        self.dirty.difference_update(sectors)
