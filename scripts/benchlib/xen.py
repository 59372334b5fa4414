# SPDX-License-Identifier: BSD-3-Clause
"""A guest's disk and network, and the start of its device model, under the lab's emulated Xen: in our stubdomain beside a Linux one and dom0.

The three take turns, several times; the median of each figure counts. Dom0 and the Linux stubdomain run the QEMU of Debian that the lab has.
"""
import os
import re
import statistics
import tempfile

from xenlab import hvm
from xenlab.build import Lab

from . import PRODUCT, BenchError, image, row, say
from .speed import make_disk

RUNS = 3
WAIT = 240  # seconds a guest
PARAMETERS = 'speed_disk sleep speed_net nic ms=4000'
MODES = {'dom0': "Debian's QEMU in dom0", 'linux': "Debian's QEMU in a Linux stubdomain"}
FIGURES = {  # in the guest's words: what, and how many of the guest's unit are one of ours
    'sequential_read': ('64 KiB in sequence, read, MB/s', 1e6 / 1024),
    'sequential_write': ('64 KiB in sequence, write, MB/s', 1e6 / 1024),
    'random_read': ('4 KiB anywhere, read, operations/s', 4),
    'random_write': ('4 KiB anywhere, write, operations/s', 4),
    'small_packets': ('NIC, 98-byte echoes, packets/s', 1),
    'large_packets': ('NIC, 1442-byte echoes, packets/s', 1),
}
START = 'running_s'


def one(lab, mode, disk):
    """{figure: value} of one guest. About one lab in a hundred stands still, dom0 and all, whoever the device model is: it is started again."""
    job = hvm.Job(mode, disk, kernel=image(PRODUCT, 'xen') if mode == 'ours' else None, nic='e1000', wait=WAIT)
    result = hvm.run(lab, job)
    if result.ended == 'lost':
        say(f'{mode}: dom0 was lost ({result.outcome.how}); once more')
        result = hvm.run(lab, job)
    values = {name: int(value) for name, value in re.findall(r'# speed (\w+): (\d+)', result.serial)}
    if set(values) != set(FIGURES) or START not in result.times:
        last = result.serial.splitlines()[-1:] + result.errors()[-1:] + [result.outcome.how] + result.outcome.console.splitlines()[-3:]
        raise BenchError(f'{mode}: the guest measured {sorted(values)}, ended: {result.ended}; {" ".join(last)}')
    return {**values, START: result.times[START]}


def measure():
    """Print the rows."""
    image(PRODUCT, 'xen')
    lab = Lab(os.environ.get('UNIDOM_XEN', '4.17')).build()
    values = {mode: [] for mode in ('ours', *MODES)}
    with tempfile.TemporaryDirectory(prefix='unidom-bench-') as folder:
        disk = make_disk(folder, PARAMETERS)
        say(f'a guest in our stubdomain, a Linux one and dom0, {RUNS} times each')
        for _ in range(RUNS):
            for mode, runs in values.items():
                runs.append(one(lab, mode, disk))

    def median(mode, name):
        return statistics.median(run[name] for run in values[mode])

    row('Xen, unpause to running, s', median('ours', START), median('linux', START), f'{MODES["linux"]}; less is better')
    for name, (what, unit) in FIGURES.items():
        for mode, whose in MODES.items():
            row(f'Xen, {what}', median('ours', name) / unit, median(mode, name) / unit, f'{whose}; more is better')
