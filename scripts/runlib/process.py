# SPDX-License-Identifier: BSD-3-Clause
"""Child processes that do not outlive the runner, whatever ends it."""

import ctypes
import os
import signal
import subprocess

from runlib.signals import held

PR_SET_PDEATHSIG = 1
PATIENCE = 5  # seconds that a child has to end in order

LIBC = ctypes.CDLL(None, use_errno=True)


def spawn(command, **options):
    """As subprocess.Popen(). The kernel kills the child when this process ends, which even SIGKILL cannot prevent. The terminal's Ctrl-C is
    for this process, which ends the child when that is what it means."""
    parent = os.getpid()
    with held() as mask:

        def prepare():
            if LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) or os.getppid() != parent:
                os._exit(127)
            signal.pthread_sigmask(signal.SIG_SETMASK, mask | {signal.SIGINT})

        return subprocess.Popen(command, preexec_fn=prepare, **options)  # pylint: disable=subprocess-popen-preexec-fn


def end(process):
    """End @process if it has not yet: in order if it does so in time."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
