# SPDX-License-Identifier: BSD-3-Clause
"""Clients of the runner's sockets, and those of the guest's serial port: there, as with QEMU's own sockets, one at a time is served, and the
others wait until it has gone. What a client does or leaves undone is no other's business."""

import select
import time

from runlib.listen import accept

CHUNK = 4096
LAST_WORDS = 1  # seconds that clients have to take what is left for them when the run ends
LEAVING_MAX = 16  # clients that are served no more and have not taken what is left for them
STALE_MAX = 1 << 20  # bytes of clients that have gone which wait for the guest


class Client:
    """A client's socket, and what waits to be sent to it. After end() it is closed as soon as that is sent."""

    def __init__(self, connection):
        self.connection = connection
        self.fd = connection.fileno()
        self.waiting = b""
        self.half_closed = False  # it sends nothing more
        self.is_deaf = False  # it takes nothing more: what it has sent may still be read
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
        """Send @data behind what waits, as far as it takes it. Returns how many bytes have gone, with those that nobody takes any more. That it
        has gone itself is for poll() to say: who waits for that lets the next one in."""
        self.waiting += data
        sent = 0
        try:
            sent = self.connection.send(self.waiting) if self.waiting and not self.closed and not self.is_deaf else 0
        except (BlockingIOError, InterruptedError):
            pass
        except OSError:
            self.is_deaf = True
        if self.is_deaf:
            sent = len(self.waiting)
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
    """@server listens for clients: .clients are served, and those that were and have not taken everything yet are "leaving"."""

    def __init__(self, server):
        self.server = server
        self.clients = []
        self.leaving = []

    def may_accept(self):
        return not self.clients

    def may_read(self, client):
        raise NotImplementedError

    def interests(self):
        """Clients first: one that goes makes room for the next, and both may have happened when poll() looks."""
        wanted = [interest for client in self.clients for interest in client.interests(self.may_read(client))]
        wanted += [interest for client in self.leaving for interest in client.interests(False)]
        return wanted + ([(self.server.fileno(), select.POLLIN)] if self.may_accept() else [])

    def step(self, fd, events):
        if fd == self.server.fileno():
            self._accept()
        for client in [client for client in self.clients if fd == client.fd]:
            self.step_client(client, events)
        for client in self.leaving:
            if fd == client.fd and not client.closed:
                client.write()
                if events & ~select.POLLOUT:
                    client.close()
        self.leaving = [client for client in self.leaving if not client.closed]

    def _accept(self):
        connection = accept(self.server) if self.may_accept() else None
        if connection:
            self.begin(connection)

    def begin(self, connection):
        """A client has come."""
        raise NotImplementedError

    def step_client(self, client, events):
        """poll() has reported @events for @client."""
        raise NotImplementedError

    def release(self, client):
        """@client is served no more. Those that never take what is left for them do not pile up."""
        self.clients.remove(client)
        client.end()
        if not client.closed:
            self.leaving.append(client)
        if len(self.leaving) > LEAVING_MAX:
            self.leaving.pop(0).close()

    def finish(self):
        """The run is over. Nobody can hold it up any more."""
        for client in self.clients[:]:
            self.release(client)
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

    @property
    def client(self):
        return self.clients[0] if self.clients else None

    def may_read(self, client):
        return not self.port.waiting

    def interests(self):
        return super().interests() + self.port.interests(not self.client or not self.client.waiting)

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
            elif data and self.client:
                self.client.write(data)

    def begin(self, connection):
        self.clients.append(Client(connection))

    def step_client(self, client, events):
        if events & select.POLLOUT:
            client.write()
        if events & (select.POLLHUP | select.POLLERR):
            self._take_last_words(client)
            client.close()
            self.release(client)
        elif self.may_read(client) and not client.half_closed:
            self.port.write(client.read() or b"")

    def _take_last_words(self, client):
        """What it sent before it went is for the guest, which may never read it: nobody else waits for that."""
        while not (client.closed or client.half_closed) and len(self.port.waiting) < STALE_MAX and (data := client.read()):
            self.port.write(data)

    def finish(self):
        while not self.port.closed and (data := self.port.read()):
            if self.client and not self.client.closed:
                self.client.write(data)
        super().finish()
