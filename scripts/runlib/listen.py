# SPDX-License-Identifier: BSD-3-Clause
"""Unix sockets that the runner serves."""

import contextlib
import errno
import fcntl
import os
import socket
import time

from runlib.report import Failure, describe, say

BACKLOG = 128
PATIENCE = 2  # seconds for others, each of whom needs some microseconds


@contextlib.contextmanager
def _alone(path):
    """Of all runs that look at @path and then change what is there, one at a time: by a lock of its folder. Where that cannot be had,
    because the folder cannot be read or somebody keeps it, without."""
    try:
        folder = os.open(os.path.dirname(path) or ".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        yield
        return
    try:
        deadline = time.monotonic() + PATIENCE
        while not _lock(folder) and time.monotonic() < deadline:
            time.sleep(0.005)
        yield
    finally:
        os.close(folder)


def _lock(folder):
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        pass
    return True


@contextlib.contextmanager
def listening(path, option):
    """A socket that listens at @path, None without a path. A socket that an earlier run left there is replaced; ours is removed at the end."""
    if not path:
        yield None
        return
    with socket.socket(socket.AF_UNIX) as server:
        with _alone(path):
            _replace_stale(path, option)
            try:
                server.bind(path)
            except OSError as e:
                raise Failure(f"{option} {path}: {describe(e)}") from None
            ours = os.stat(path)
            server.listen(BACKLOG)
        server.setblocking(False)
        try:
            yield server
        finally:
            with contextlib.suppress(OSError), _alone(path):
                if os.path.samestat(os.stat(path), ours):
                    os.unlink(path)


def _replace_stale(path, option):
    with socket.socket(socket.AF_UNIX) as probe:
        probe.setblocking(False)
        try:
            probe.connect(path)
        except FileNotFoundError:
            return
        except ConnectionRefusedError:
            os.unlink(path)
            return
        except BlockingIOError:
            pass  # somebody listens, and many wait
        except OSError as e:
            raise Failure(f"{option} {path}: {describe(e)}") from None
        raise Failure(f"{option} {path}: another process listens there")


_spare = [os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)]


def _turn_away(server, error):
    """There is no descriptor for the next client. It would wait without end, and poll() report it without end: the spare one is for its end."""
    while _spare:
        os.close(_spare.pop())
    with contextlib.suppress(OSError):
        server.accept()[0].close()
        say(f"a client was turned away: {describe(error)}")
    with contextlib.suppress(OSError):
        _spare.append(os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC))


def accept(server):
    """The next client that waits, or None."""
    try:
        client, _ = server.accept()
    except OSError as e:
        if e.errno in (errno.EMFILE, errno.ENFILE):
            _turn_away(server, e)
        return None
    client.setblocking(False)
    return client
