# SPDX-License-Identifier: BSD-3-Clause
"""Instructions between two places of an emulated machine's program, counted by the emulator: exact, and the same each time.

A loop that waits for a clock takes fewer instructions when each takes longer. So what is no waiting follows from two counts, one of them with
instructions of twice the time: roughly, as a loop may also end at a clock's next tick, or when its result is exact enough.
"""
import contextlib
import json
import os
import re
import socket
import struct
import subprocess
import tempfile
import time

from . import EMULATOR, BenchError
from .gdbremote import Remote

LIMIT = 600  # seconds
PVH_NOTE = 18  # XEN_ELFNOTE_PHYS32_ENTRY


def address_of(path, name):
    """The address of the only function or variable @name of an image."""
    symbols = subprocess.run(['nm', path + '.dbg'], capture_output=True, text=True, check=True).stdout
    found = re.findall(rf'^([0-9a-f]+) [tTbBdD] {name}$', symbols, re.M)
    if len(found) != 1:
        raise BenchError(f'{path}.dbg: {len(found)} symbols {name}')
    return int(found[0], 16)


def entry_of(path):
    """The address where the emulator starts an image of ours."""
    notes = subprocess.run(['readelf', '-nW', path], capture_output=True, text=True, check=True).stdout
    found = re.search(rf'\(0x0*{PVH_NOTE:x}\)\s+description data: ((?:[0-9a-f]{{2}} ?)+)', notes)
    if not found:
        raise BenchError(f'{path}: no PVH entry')
    data = bytes.fromhex(found.group(1).replace(' ', ''))
    return struct.unpack('<I', data[:4])[0]


def connect(path, process):
    """A socket of the emulator's."""
    deadline = time.monotonic() + 20
    while True:
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(LIMIT)
        try:
            connection.connect(path)
            return connection
        except OSError:
            connection.close()
            if process.poll() is not None or time.monotonic() > deadline:
                raise BenchError('the emulator does not serve its sockets') from None
            time.sleep(0.05)


class Counter:
    """A stopped machine whose instructions are counted. One takes 1 << @shift nanoseconds of its time, and nothing else takes any."""

    def __init__(self, folder, memory, options, shift, idle='sleep=off,rr=record'):
        """@idle: does time pass while the machine sleeps, and what comes from outside is recorded: as -icount has it."""
        self.folder = folder
        gdb, qmp = (os.path.join(folder, name) for name in ('gdb', 'qmp'))
        command = [EMULATOR, '-machine', 'q35', '-accel', 'tcg', '-cpu', 'max', '-m', str(memory), '-smp', '1', '-nodefaults',
                   '-no-user-config', '-no-reboot', '-display', 'none', '-serial', 'null', '-rtc', 'base=2026-01-01,clock=vm',
                   '-seed', '1',  # of RDRAND: keys of hash tables, and with them the length of their chains
                   '-icount', f'shift={shift},{idle}' + (f',rrfile={folder}/rr' if 'rr=' in idle else ''), '-S',
                   '-chardev', f'socket,id=gdb,path={gdb},server=on,wait=off', '-gdb', 'chardev:gdb',
                   '-qmp', f'unix:{qmp},server=on,wait=off', *options]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        try:
            self.remote = Remote(connect(gdb, self.process))
            self.qmp = connect(qmp, self.process).makefile('rw', encoding='utf-8')
            self.qmp.readline()
            self._command('qmp_capabilities')
        except BaseException:
            self.close()
            raise

    def _command(self, name):
        self.qmp.write(json.dumps({'execute': name}) + '\n')
        self.qmp.flush()
        while True:
            answer = json.loads(self.qmp.readline())
            if 'return' in answer:
                return answer['return']
            if 'error' in answer:
                raise BenchError(f'{name}: {answer["error"]["desc"]}')

    def count_at(self, address):
        """Run to @address; the instructions since the machine was started."""
        self.remote.run_to(address)
        return self.instructions()

    def instructions(self):
        """Of the stopped machine, since its start."""
        return self._command('query-replay')['icount']

    def word_at(self, address):
        """The 8 bytes there, as the stopped program sees them."""
        return struct.unpack('<Q', bytes.fromhex(self.remote.call(f'm{address:x},8').decode()))[0]

    def close(self):
        """End the machine."""
        self.process.kill()
        self.process.wait()
        self.process.stderr.close()


@contextlib.contextmanager
def machine(memory, options, shift=0):
    """A Counter for a while."""
    with tempfile.TemporaryDirectory(prefix='unidom-count-') as folder:
        with contextlib.closing(Counter(folder, memory, options, shift)) as counter:
            yield counter


def count(memory, options, entry, end):
    """Instructions from @entry to @end: (all, those that do not wait)."""
    counts = []
    for shift in (0, 1):
        with machine(memory, options, shift) as counter:
            first = counter.count_at(entry)
            counts.append(counter.count_at(end) - first)
    return counts[0], 2 * counts[1] - counts[0]
