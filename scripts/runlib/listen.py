# SPDX-License-Identifier: BSD-3-Clause
"""Unix sockets that the runner serves."""

import contextlib
import os
import socket

from runlib.report import Failure, describe

BACKLOG = 128


@contextlib.contextmanager
def listening(path, option):
    """A socket that listens at @path, None without a path. A socket that an earlier run left there is replaced; ours is removed at the end."""
    if not path:
        yield None
        return
    with socket.socket(socket.AF_UNIX) as server:
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
            with contextlib.suppress(OSError):
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


def accept(server):
    """The next client that waits, or None."""
    try:
        client, _ = server.accept()
    except OSError:
        return None
    client.setblocking(False)
    return client
