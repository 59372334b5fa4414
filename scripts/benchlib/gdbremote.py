# SPDX-License-Identifier: BSD-3-Clause
"""The little of gdb's remote protocol that stops an emulated machine at an address."""


class Remote:
    """Talks on a connected socket; the machine is stopped at the start."""

    def __init__(self, connection):
        self.connection = connection
        self.rest = b''

    def _byte(self):
        if not self.rest:
            self.rest = self.connection.recv(4096)
            if not self.rest:
                raise ConnectionError('the emulator ended')
        byte, self.rest = self.rest[:1], self.rest[1:]
        return byte

    def _receive(self):
        while self._byte() != b'$':
            pass
        data = b''
        while (byte := self._byte()) != b'#':
            data += byte
        self._byte()
        self._byte()
        self.connection.sendall(b'+')
        return data

    def call(self, text):
        """Send a packet, return the answer."""
        data = text.encode()
        self.connection.sendall(b'$' + data + b'#%02x' % (sum(data) & 255))
        return self._receive()

    def register(self, number):
        """One of the first, of 64 bits, by gdb's number. All are asked for: QEMU gives a single one only to who knows its description."""
        return int.from_bytes(bytes.fromhex(self.call('g').decode()[16 * number:16 * number + 16]), 'little')

    def insert(self, address):
        """A hardware breakpoint, with which nothing is written to memory."""
        if self.call(f'Z1,{address:x},1') != b'OK':
            raise ConnectionError('no breakpoint')

    def proceed(self):
        """Continue to the next breakpoint, from one as well."""
        for command in 's', 'c':
            if not self.call(command).startswith(b'T'):
                raise ConnectionError('the machine ended before the breakpoint')

    def run_to(self, address):
        """Continue until the instruction at @address comes next."""
        self.insert(address)
        if not self.call('c').startswith(b'T'):
            raise ConnectionError('the machine ended before the breakpoint')
        self.call(f'z1,{address:x},1')
