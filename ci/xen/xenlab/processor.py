# SPDX-License-Identifier: BSD-3-Clause
"""One host processor for all threads of an emulator.

QEMU's SVM clears a bit in the word of pending interrupts at each exit of a guest (do_vmexit()), without its big lock, while the thread
of the timers sets another one there: what it set can be lost, and with it the interrupt of the local APIC's timer. Xen then waits for
another device's interrupt, which may take minutes. Both are single instructions, so threads that take turns on one processor cannot
come between.
"""

import contextlib
import fcntl
import os

PROCESSOR = "/sys/devices/system/cpu/cpu{}"  # locked while an emulator is there


def _take(number):
    """A descriptor that keeps other emulators from this processor; None if one is there already."""
    try:
        fd = os.open(PROCESSOR.format(number), os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(fd)
        return None
    return fd


@contextlib.contextmanager
def one():
    """What the calling thread starts within the context runs on one processor: one without another such context, if there is one."""
    allowed = os.sched_getaffinity(0)
    fd = None
    for number in sorted(allowed):
        fd = _take(number)
        if fd is not None:
            break
    else:
        number = sorted(allowed)[os.getpid() % len(allowed)]
    os.sched_setaffinity(0, {number})
    try:
        yield number
    finally:
        os.sched_setaffinity(0, allowed)
        if fd is not None:
            os.close(fd)
