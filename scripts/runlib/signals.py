# SPDX-License-Identifier: BSD-3-Clause
"""Signals that end the runner: the first ends it in order, by an exception; later ones make it hurry."""

import contextlib
import os
import signal
import time

from runlib.report import say

AGAIN = 3  # seconds
ENDING = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)


class Stopped(BaseException):
    """A signal arrived; @status is what a shell calls that."""

    def __init__(self, number):
        super().__init__(signal.Signals(number).name)
        self.status = 128 + number


class Ending:
    """@hurry is called at each signal after the one that ends: set it to what ends a lengthy clean-up. With @asks a Ctrl-C only asks for
    another one."""

    def __init__(self):
        self.stopped = self.asks = False
        self.hurry = lambda: None
        self.asked = None  # when that was
        for number in ENDING:
            if signal.getsignal(number) != signal.SIG_IGN:  # nohup, or a shell's background job
                signal.signal(number, self._arrived)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # a parent that ignores it would have us hear of no child's end, status and memory
        signal.signal(signal.SIGUSR1, lambda *_: say("SIGUSR1: no guest runs yet, or --save names no file for it"))

    def _arrived(self, number, _frame):
        if self.stopped:
            self.hurry()
        elif number != signal.SIGINT or not self._ask():
            self.leave(number)

    def _ask(self):
        """Returns whether another signal has to come."""
        now = time.monotonic()
        if not self.asks or (self.asked is not None and now - self.asked < AGAIN):
            return False
        self.asked = now
        say(f"Ctrl-C: once more within {AGAIN} seconds ends the run")
        return True

    def leave(self, number=signal.SIGINT):
        """End the run."""
        self.stopped = True
        raise Stopped(number)

    def over(self):
        """Nothing is left to be ended: signals change the status no more, not even while the interpreter ends."""
        for number in ENDING:
            signal.signal(number, signal.SIG_IGN)


def noticed(*numbers):
    """A descriptor that can be read whenever one of these signals has arrived."""
    arrives, tell = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    def arrived(_number, _frame):
        with contextlib.suppress(BlockingIOError):
            os.write(tell, b"!")

    for number in numbers:
        signal.signal(number, arrived)
    return arrives


@contextlib.contextmanager
def held():
    """Inside, none of them arrives: for what must be whole. Gives the mask before."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    try:
        yield before
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
