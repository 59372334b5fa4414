# SPDX-License-Identifier: BSD-3-Clause
"""Clients of the guest's serial port and of QEMU's monitor. As with QEMU's own sockets one at a time is served, and the others wait until
it has gone; what a client does or leaves undone is no other's business."""

import select
import time

from runlib.listen import accept
from runlib.tunnel import COUNT, PAYLOAD_MAX, WINDOW, BrokenTunnel, Kind, Tunnel

CHUNK = 4096
LAST_WORDS = 1  # seconds that clients have to take what is left for them when the run ends


class Client:
    """A client's socket, and what waits to be sent to it. After end() it is closed as soon as that is sent."""

    def __init__(self, connection):
        self.connection = connection
        self.fd = connection.fileno()
        self.waiting = b""
        self.half_closed = False  # it sends nothing more
        self.ending = self.closed = False

    def interests(self, may_read):
        """Without events to wait for, poll() still reports that it has gone."""
        if self.closed:
            return []
        read = may_read and not self.half_closed and not self.ending
        return [(self.fd, (select.POLLIN if read else 0) | (select.POLLOUT if self.waiting else 0))]

    def read(self, size=CHUNK):
        """What it sent: b"" at the end, None if there is nothing now."""
        try:
            data = self.connection.recv(size)
        except (BlockingIOError, InterruptedError):
            return None
        except OSError:
            data = b""
        self.half_closed |= not data
        return data

    def write(self, data=b""):
        """Send @data behind what waits, as far as it takes it. Returns how many bytes that is."""
        self.waiting += data
        sent = 0
        try:
            sent = self.connection.send(self.waiting) if self.waiting and not self.closed else 0
        except (BlockingIOError, InterruptedError):
            pass
        except OSError:
            self.close()
        self.waiting = self.waiting[sent:]
        if self.ending and not self.waiting:
            self.close()
        return sent

    def end(self):
        self.ending = True
        self.write()

    def close(self):
        self.waiting = b""
        if not self.closed:
            self.connection.close()
        self.closed = True


class Server:
    """@server listens for clients: one is served, and those that are served and have not taken everything yet are "leaving"."""

    def __init__(self, server):
        self.server = server
        self.client = None
        self.leaving = []

    def may_accept(self):
        return self.client is None

    def may_read(self):
        raise NotImplementedError

    def interests(self):
        wanted = [(self.server.fileno(), select.POLLIN)] if self.may_accept() else []
        if self.client:
            wanted += self.client.interests(self.may_read())
        return wanted + [interest for client in self.leaving for interest in client.interests(False)]

    def step(self, fd, events):
        if fd == self.server.fileno():
            self._accept()
        elif self.client and fd == self.client.fd:
            self.step_client(events)
        for client in self.leaving:
            if fd == client.fd and not client.closed:
                client.write()
                if events & ~select.POLLOUT:
                    client.close()
        self.leaving = [client for client in self.leaving if not client.closed]

    def _accept(self):
        connection = accept(self.server) if self.may_accept() else None
        if connection:
            self.client = Client(connection)
            self.begin()

    def begin(self):
        """A client has come."""

    def step_client(self, events):
        """poll() has reported @events for the client."""
        raise NotImplementedError

    def release(self):
        """The client that is served is served no more: the next may come."""
        client, self.client = self.client, None
        client.end()
        if not client.closed:
            self.leaving.append(client)

    def finish(self):
        """The run is over. Nobody can hold it up any more."""
        if self.client:
            self.release()
        deadline = time.monotonic() + LAST_WORDS
        while self.leaving and (left := deadline - time.monotonic()) > 0:
            poll = select.poll()
            for client in self.leaving:
                poll.register(client.fd, select.POLLOUT)
            for fd, events in poll.poll(left * 1000):
                self.step(fd, events)
        for client in self.leaving:
            client.close()


class SerialServer(Server):
    """The guest's serial port, on the emulator's line @port. What the guest prints while there is no client is lost."""

    def __init__(self, server, port):
        super().__init__(server)
        port.setblocking(False)
        self.port = Client(port)
        self.gone = False  # the client, while what it sent is still on its way

    def may_read(self):
        return not self.port.waiting

    def interests(self):
        wanted = [] if self.gone and self.port.waiting else super().interests()
        return wanted + self.port.interests(not self.client or not self.client.waiting)

    def step(self, fd, events):
        if fd != self.port.fd:
            super().step(fd, events)
            return
        if events & select.POLLOUT:
            self.port.write()
        if events & ~select.POLLOUT:
            data = self.port.read()
            if data == b"":
                self.port.close()
            elif data and self.client and not self.gone:
                self.client.write(data)

    def begin(self):
        self.gone = False

    def step_client(self, events):
        if events & select.POLLOUT:
            self.client.write()
        self.gone |= bool(events & (select.POLLHUP | select.POLLERR)) or self.client.closed
        if not self.client.closed and self.may_read() and not self.client.half_closed:
            self.port.write(self.client.read() or b"")
        if self.gone and (self.client.closed or self.client.half_closed):
            self.client.close()
            self.release()

    def finish(self):
        while not self.port.closed and (data := self.port.read()):
            if self.client and not self.client.closed:
                self.client.write(data)
        super().finish()


class QmpServer(Server):
    """QEMU's monitor, at the other end of the tunnel through the emulator's line @port."""

    def __init__(self, server, port):
        super().__init__(server)
        self.tunnel = Tunnel(port, self._arrived, self._tunnel_ended)
        self.listens = False  # the image
        self.credit = 0  # bytes that the image has room for
        self.sent_close = self.got_close = False

    def may_accept(self):
        return self.listens and self.client is None

    def may_read(self):
        return self.credit > 0

    def interests(self):
        return self.tunnel.interests() + super().interests()

    def step(self, fd, events):
        if self.tunnel.open and fd == self.tunnel.connection.fileno():
            self.tunnel.step(fd, events)
        else:
            super().step(fd, events)

    def begin(self):
        self.credit = WINDOW
        self.sent_close = self.got_close = False
        self.tunnel.send(Kind.OPEN)

    def step_client(self, events):
        if events & select.POLLOUT:
            self._write()
        if events & (select.POLLHUP | select.POLLERR):
            while self._read():
                pass
            self._close()
        elif events & select.POLLIN:
            self._read()

    def _write(self, data=b""):
        sent = self.client.write(data)
        if self.client.closed:
            self._close()
        elif sent and not self.sent_close:
            self.tunnel.send(Kind.TAKEN, COUNT.pack(sent))

    def _read(self):
        """Pass on a piece of what the client sent. Returns False if there is nothing now or no room for it."""
        if not self.client or not self.credit or self.client.closed or self.client.half_closed or self.sent_close:
            return False
        data = self.client.read(min(self.credit, PAYLOAD_MAX))
        if data:
            self.credit -= len(data)
            self.tunnel.send(Kind.DATA, data)
        elif data == b"":
            self.tunnel.send(Kind.EOF)
        return bool(data)

    def _close(self):
        """The client has gone, or the image will send nothing more to it."""
        if not self.sent_close:
            self.sent_close = True
            self.tunnel.send(Kind.CLOSE)
        if not self.client:
            return  # sending has shown that the tunnel's other end is gone
        if not self.got_close:
            self.client.close()
        else:
            self.release()

    def _arrived(self, kind, payload):
        if kind == Kind.HELLO:
            self.listens = True
        elif not self.client:
            return
        elif kind == Kind.DATA and not self.client.closed:
            if len(self.client.waiting) + len(payload) > WINDOW:
                raise BrokenTunnel("more data than there is room for")
            self._write(payload)
        elif kind == Kind.TAKEN:
            (count,) = COUNT.unpack(payload)
            if count > WINDOW - self.credit:
                raise BrokenTunnel(f"{count} bytes taken that were not sent")
            self.credit += count
        elif kind == Kind.CLOSE:
            self.got_close = True
            self._close()

    def _tunnel_ended(self):
        self.listens = False
        if self.client:
            self.release()

    def finish(self):
        while self.tunnel.open:  # what the emulator has left there
            self.tunnel.step(None, select.POLLIN)
        super().finish()
