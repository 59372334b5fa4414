# SPDX-License-Identifier: BSD-3-Clause
"""Clients of what QEMU serves on sockets in the image: its monitor, and its screen. All clients of one go through one tunnel."""

import select

from runlib.clients import Client, Server
from runlib.tunnel import CLIENTS, COUNT, PAYLOAD_MAX, WINDOW, BrokenTunnel, Kind, Tunnel


class Caller(Client):
    """A client with its number in the tunnel."""

    def __init__(self, connection, number):
        super().__init__(connection)
        self.number = number
        self.credit = WINDOW  # bytes that the image has room for
        self.sent_close = self.got_close = False


class TunnelServer(Server):
    """What the image calls @name, at the other end of the tunnel through the emulator's line @port, for @most clients at a time. Further ones
    wait; or, with @refuse(connection), they are handed to that, which closes them."""

    def __init__(self, server, port, name, most=1, refuse=None):
        super().__init__(server)
        self.tunnel = Tunnel(port, name, self._arrived, self._tunnel_ended)
        self.listens = False  # the image
        self.most, self.refuse = min(most, CLIENTS), refuse

    def _is_full(self):
        return len(self.clients) >= self.most

    def may_accept(self):
        """One that has gone, or has ended what it sends, makes room once its last bytes are through: nobody is refused for its sake."""
        going = any(client.closed or client.half_closed for client in self.clients)
        return self.listens and not (self._is_full() and (self.refuse is None or going))

    def may_read(self, client):
        return client.credit > 0

    def interests(self):
        return self.tunnel.interests() + super().interests()

    def step(self, fd, events):
        if self.tunnel.open and fd == self.tunnel.connection.fileno():
            self.tunnel.step(fd, events)
        else:
            super().step(fd, events)

    def begin(self, connection):
        if self._is_full():
            self.refuse(connection)
            return
        taken = {client.number for client in self.clients}
        client = Caller(connection, min(set(range(self.most)) - taken))
        self.clients.append(client)
        self.tunnel.send(Kind.OPEN, client.number)

    def step_client(self, client, events):
        if events & select.POLLOUT:
            self._write(client)
        if events & (select.POLLHUP | select.POLLERR):
            while self._read(client):
                pass
            self._close(client)
        elif events & select.POLLIN:
            self._read(client)

    def _write(self, client, data=b""):
        sent = client.write(data)
        if sent and not client.sent_close:
            self.tunnel.send(Kind.TAKEN, client.number, COUNT.pack(sent))

    def _read(self, client):
        """Pass on a piece of what the client sent. Returns False if there is nothing now or no room for it."""
        if client not in self.clients or not client.credit or client.closed or client.half_closed or client.sent_close:
            return False
        data = client.read(min(client.credit, PAYLOAD_MAX))
        if data:
            client.credit -= len(data)
            self.tunnel.send(Kind.DATA, client.number, data)
        elif data == b"":
            self.tunnel.send(Kind.EOF, client.number)
        return bool(data)

    def _close(self, client):
        """The client has gone, or the image will send nothing more to it."""
        if not client.sent_close:
            client.sent_close = True
            self.tunnel.send(Kind.CLOSE, client.number)
        if client not in self.clients:
            return  # sending has shown that the tunnel's other end is gone
        if not client.got_close:
            client.close()
        else:
            self.release(client)

    def _arrived(self, kind, number, payload):
        if kind == Kind.HELLO:
            self.listens = True
            return
        client = next((client for client in self.clients if client.number == number), None)
        if not client:
            return
        if kind == Kind.DATA and not client.closed:
            if len(client.waiting) + len(payload) > WINDOW:
                raise BrokenTunnel("more data than there is room for")
            self._write(client, payload)
        elif kind == Kind.TAKEN:
            (count,) = COUNT.unpack(payload)
            if count > WINDOW - client.credit:
                raise BrokenTunnel(f"{count} bytes taken that were not sent")
            client.credit += count
        elif kind == Kind.CLOSE:
            client.got_close = True
            self._close(client)

    def _tunnel_ended(self):
        self.listens = False
        for client in self.clients[:]:
            self.release(client)

    def finish(self):
        while self.tunnel.open:  # what the emulator has left there
            self.tunnel.step(None, select.POLLIN)
        super().finish()
