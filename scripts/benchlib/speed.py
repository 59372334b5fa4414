# SPDX-License-Identifier: BSD-3-Clause
"""A guest's disk and processor: QEMU in our image beside the same QEMU as a Linux process.

Both run under the same outer emulator with the same memory, disk and arguments, one after the other, several times; the median of each figure
counts.
"""
import contextlib
import functools
import glob
import os
import re
import shlex
import shutil
import statistics
import subprocess
import tempfile
import threading
import time

from . import EMULATOR, MIB, PRODUCT, TOP, BenchError, image, row, say
from .linux import APPEND, Linux
from .reference import Reference

OUTER_MEMORY, GUEST_MEMORY = 512, 64  # MiB
DISK = 64 * MIB
RUNS = 3
LIMIT = 300  # seconds a run
PARAMETERS = 'speed_cpu speed_disk ms=2000'
PARAMETERS_AT = 512
COUNTED = ['-icount', 'shift=1,sleep=off']  # 2 ns an instruction
COUNTED_PARAMETERS = 'speed_cpu ms=2000'
# Reads past the caches between the guest and its disk: Linux' own would be measured instead of the way through it.
INNER = ['-machine', 'pc', '-accel', 'tcg', '-m', str(GUEST_MEMORY), '-nodefaults', '-display', 'none', '-vga', 'std', '-no-reboot',
         '-drive', 'file=/dev/vda,format=raw,if=ide,cache={cache}', '-serial', 'file:{console}']
CACHES = ('none', 'writeback')
FIGURES = {
    'cpu': 'CPU-bound guest, rounds/s',
    'sequential_read': 'disk, 64 KiB in sequence, read, MB/s',
    'sequential_write': 'disk, 64 KiB in sequence, write, MB/s',
    'random_read': 'disk, 4 KiB anywhere, read, MB/s',
    'random_write': 'disk, 4 KiB anywhere, write, MB/s',
}


def make_disk(folder, parameters=PARAMETERS):
    """The device guest with these parameters and room behind it."""
    subprocess.run([os.path.join(TOP, 'tests/guests/build'), folder], check=True)
    path = os.path.join(folder, 'disk.img')
    shutil.copy(os.path.join(folder, 'devices.img'), path)
    with open(path, 'r+b') as f:
        f.seek(PARAMETERS_AT)
        f.write(parameters.encode() + b'\0')
        f.seek(0)
        f.truncate(DISK)
        # No holes: the host's file system would be slower the first time.
        begin = f.seek(2 * MIB)
        f.write(bytes(DISK - begin))
    return path


def inner(cache, console):
    """The argument vector of the QEMU that is compared."""
    return [word.replace('{cache}', cache).replace('{console}', console) for word in INNER]


@functools.lru_cache
def acceleration():
    """Of the outer emulator: scripts/run knows whether KVM works."""
    command = [os.path.join(TOP, 'scripts/run'), '--json', '--no-guest', '--image', image(PRODUCT)]
    return 'kvm' if '"kvm"' in subprocess.run(command, capture_output=True, text=True, check=True).stdout else 'tcg'


def outer(disk, *more):
    """The command of the outer emulator."""
    accel = acceleration()
    return [EMULATOR, '-machine', 'q35', '-accel', accel, '-cpu', 'host' if accel == 'kvm' else 'max', '-m', str(OUTER_MEMORY), '-smp', '1',
            '-nodefaults', '-no-user-config', '-no-reboot', '-display', 'none', '-serial', 'stdio',
            '-device', 'isa-debug-exit,iobase=0xf4,iosize=0x1', '-drive', f'if=none,id=disk0,format=raw,file={disk}',
            '-device', 'virtio-blk-pci,drive=disk0', *more]


class Watch:
    """Reads what the guest prints. A figure's line ends the time in which it was measured, the line before it began that."""

    def __init__(self, process, corrected):
        self.process = process
        self.corrected = corrected
        self.values = {}
        self.last = self.now()

    def now(self):
        """The time, and how long each thread of the emulator has waited for a processor that others had."""
        waited = {}
        for path in glob.glob(f'/proc/{self.process.pid}/task/*/schedstat'):
            with contextlib.suppress(OSError), open(path, encoding='ascii') as f:
                waited[path] = int(f.read().split()[1]) / 1e9
        return time.monotonic(), waited

    def line(self, text):
        """The machine has other work too: a figure is as if it had not."""
        now = self.now()
        found = re.search(r'speed (\w+): (\d+)', text)
        if found and not self.corrected:
            self.values[found.group(1)] = int(found.group(2))
        elif found:
            took = now[0] - self.last[0]
            waited = max(now[1][thread] - self.last[1].get(thread, 0) for thread in now[1])
            self.values[found.group(1)] = int(found.group(2)) / max(1 - waited / took, 0.02)
        self.last = now

    def read(self):
        """Until the emulator ends: all lines."""
        lines = []
        for line in self.process.stdout:
            lines.append(line.decode(errors='replace'))
            self.line(lines[-1])
        return lines


def run(command, figures=FIGURES, corrected=True):
    """{figure: value}; @corrected for the other work of the machine."""
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        watch, timer = Watch(process, corrected), threading.Timer(LIMIT, process.kill)
        timer.start()
        try:
            lines = watch.read()
        finally:
            timer.cancel()
            process.kill()
    if set(watch.values) != set(figures):
        raise BenchError(f'the guest measured {sorted(watch.values)}: {"".join(lines[-8:])}')
    return watch.values


def ours(disk, cache):
    """The command for one run in our image."""
    append = '-- ' + shlex.join(inner(cache, '/dev/console'))
    return outer(disk, '-kernel', image(PRODUCT), '-append', append)


def theirs(linux, folder, disk, cache):
    """The command for one run as a process of Linux."""
    initrd = os.path.join(folder, 'initrd')
    linux.initrd(shlex.join(['/qemu', '-L', '/fw', *inner(cache, '/dev/console')]), initrd)
    return outer(disk, '-kernel', linux.kernel, '-initrd', initrd, '-append', APPEND)


def counted(linux, folder):
    """Print the row of a processor whose time is the instructions that it has executed: other work of the machine does not show."""
    disk = make_disk(folder, COUNTED_PARAMETERS)
    commands = ours(disk, CACHES[0]), theirs(linux, folder, disk, CACHES[0])
    here, there = (run(command + COUNTED, ['cpu'], corrected=False)['cpu'] for command in commands)
    row(FIGURES['cpu'] + ' of 500 million instructions', here, there, 'the same QEMU as a Linux process; more is better')


def measure():
    """Print the rows."""
    linux = Linux(Reference().ready().program).ready()
    with tempfile.TemporaryDirectory(prefix='unidom-bench-') as folder:
        disk = make_disk(folder)
        for cache in CACHES:
            say(f'a guest here and on Linux, cache={cache}, {RUNS} times each')
            pairs = [(run(ours(disk, cache)), run(theirs(linux, folder, disk, cache))) for _ in range(RUNS)]
            for name, what in FIGURES.items():
                if name == 'cpu' and cache != CACHES[0]:
                    continue
                scale = 1 if name == 'cpu' else 1024 / 1e6
                here, there = (statistics.median(values[i][name] for values in pairs) * scale for i in (0, 1))
                note = '' if name == 'cpu' else f', cache={cache}'
                row(what, here, there, f'the same QEMU as a Linux process{note}; more is better')
        if acceleration() == 'tcg':
            counted(linux, folder)
