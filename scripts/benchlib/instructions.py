# SPDX-License-Identifier: BSD-3-Clause
"""Instructions from an image's entry to main(), counted by the emulator: exact, and the same each time.

A loop that waits for a clock takes fewer instructions when each takes longer. So what is no waiting follows from two counts, one of them with
instructions of twice the time.
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

from . import EMULATOR, PRODUCT, BenchError, image, row, say
from .gdbremote import Remote
from .linux import Linux, single
from .reference import Reference

LIMIT = 600  # seconds
MEMORY = 64  # MiB
LINUX_MEMORY = 256
PVH_NOTE = 18  # XEN_ELFNOTE_PHYS32_ENTRY
LINUX_ENTRY = 0x100000  # of a bzImage, in 32-bit mode
# The first program of Linux: it stands still where no kernel and no other program is, at ADDRESS.
ADDRESS = 0x10000000
STAND_STILL = '.globl _start\n_start: jmp _start\n'


def main_of(path):
    """The address of main()."""
    symbols = subprocess.run(['nm', path + '.dbg'], capture_output=True, text=True, check=True).stdout
    found = re.search(r'^([0-9a-f]+) [tT] main$', symbols, re.M)
    if not found:
        raise BenchError(f'{path}.dbg: no main')
    return int(found.group(1), 16)


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

    def __init__(self, folder, memory, options, shift):
        self.folder = folder
        gdb, qmp = (os.path.join(folder, name) for name in ('gdb', 'qmp'))
        command = [EMULATOR, '-machine', 'q35', '-accel', 'tcg', '-cpu', 'max', '-m', str(memory), '-smp', '1', '-nodefaults',
                   '-no-user-config', '-no-reboot', '-display', 'none', '-serial', 'null', '-rtc', 'base=2026-01-01,clock=vm',
                   '-icount', f'shift={shift},sleep=off,rr=record,rrfile={folder}/rr', '-S',
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
        return self._command('query-replay')['icount']

    def close(self):
        """End the machine."""
        self.process.kill()
        self.process.wait()
        self.process.stderr.close()


def count(memory, options, entry, end):
    """Instructions from @entry to @end: (all, those that do not wait)."""
    counts = []
    for shift in (0, 1):
        with tempfile.TemporaryDirectory(prefix='unidom-count-') as folder:
            with contextlib.closing(Counter(folder, memory, options, shift)) as counter:
                first = counter.count_at(entry)
                counts.append(counter.count_at(end) - first)
    return counts[0], 2 * counts[1] - counts[0]


def of_image(app, append):
    """Of one of ours."""
    path = image(app)
    return count(MEMORY, ['-kernel', path, '-append', f'norandom {append}'], entry_of(path), main_of(path))


def of_linux():
    """Of Debian's kernel, which unpacks itself first, to the first instruction of its first program."""
    linux = Linux(Reference().ready().program).ready()
    with tempfile.TemporaryDirectory(prefix='unidom-linux-') as folder:
        program, initrd = (os.path.join(folder, name) for name in ('init', 'initrd'))
        subprocess.run(['as', '--64', '-o', program + '.o'], input=STAND_STILL, text=True, check=True)
        subprocess.run(['ld', f'-Ttext={ADDRESS:#x}', '-o', program, program + '.o'], check=True)
        with open(initrd, 'wb') as f:
            f.write(single(program))
        say("Debian's kernel to its first program, counted")
        options = ['-kernel', linux.kernel, '-initrd', initrd, '-append', 'quiet mitigations=off tsc=reliable']
        return count(LINUX_MEMORY, options, LINUX_ENTRY, ADDRESS)


def measure():
    """Print the rows."""
    reference = of_linux()
    for name, app, append in (('helloworld', 'helloworld', ''), ('product', PRODUCT, '-- -M none')):
        counts = of_image(app, append)
        for i, what in enumerate(('instructions to main', 'without waiting for clocks')):
            row(f'{name}, million {what}', counts[i] / 1e6, reference[i] / 1e6, "Debian's Linux, from its entry to /init")
