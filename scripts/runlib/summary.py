# SPDX-License-Identifier: BSD-3-Clause
"""What a run was like, in a line at its end."""

import resource
import time


def summary(status, begun):
    """@status: its exit status; @begun: time.monotonic() at its begin. All children are gone."""
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10
    return f"status {status} after {time.monotonic() - begun:.1f} s; the outer emulator had at most {peak} MiB of the host's memory"
