# SPDX-License-Identifier: BSD-3-Clause
"""The same QEMU built natively by upstream's own rules: what the build and the speed are compared with. Made once, in build/reference."""
import fcntl
import hashlib
import json
import os
import shutil
import subprocess

from portlib import reference as port

from . import BUILD, DOWNLOADS, PRODUCT, BenchError, image, say

# What upstream's build takes from the system and ours does not.
NEEDED = {'commands': ['ninja', 'pkg-config'], 'libraries': ['glib-2.0', 'pixman-1', 'zlib']}
FOLDER = os.path.join(BUILD, 'reference')


def objects(folder):
    """How many files were compiled there."""
    return sum(name.endswith('.o') for _, _, names in os.walk(folder) for name in names)


def check_system():
    """What the native build needs must be installed."""
    missing = [c for c in NEEDED['commands'] if not shutil.which(c)] or \
        [x for x in NEEDED['libraries'] if subprocess.run(['pkg-config', '--exists', x], check=False).returncode]
    if missing:
        raise BenchError(f'the native build needs {missing[0]}; next: scripts/bootstrap --bench')


class Reference:
    """seconds: CPU time of the build; files: how many it compiled; program: the emulator."""

    def __init__(self):
        self.tarball = port.tarball_of(os.path.join(os.path.dirname(image(PRODUCT)), '.config'), DOWNLOADS)
        self.program = os.path.join(FOLDER, port.TARGET)
        self.figures = os.path.join(FOLDER, 'figures.json')
        self.seconds = self.files = None

    def key(self):
        """Of what decides how it is built."""
        return hashlib.sha256(' '.join([os.path.basename(self.tarball), *port.BENCH_FEATURES]).encode()).hexdigest()

    def _read(self):
        try:
            with open(self.figures, encoding='ascii') as f:
                made = json.load(f)
        except FileNotFoundError:
            return False
        self.seconds, self.files = made['seconds'], made['files']
        return made['key'] == self.key()

    def ready(self):
        """Built, if it was not."""
        os.makedirs(FOLDER, exist_ok=True)
        with open(os.path.join(FOLDER, '.lock'), 'w', encoding='ascii') as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not self._read():
                self._build()
                self._read()
        return self

    def _build(self):
        say(f'the native build of {os.path.basename(self.tarball)}, once')
        check_system()
        work = os.path.join(FOLDER, 'work')
        shutil.rmtree(work, ignore_errors=True)
        port.build(self.tarball, work, port.BENCH_FEATURES)
        out = os.path.join(work, 'build')
        with open(os.path.join(out, 'cpu-seconds'), encoding='ascii') as f:
            made = {'key': self.key(), 'seconds': float(f.read()), 'files': objects(out)}
        shutil.move(os.path.join(out, port.TARGET), self.program)
        with open(self.figures + '.tmp', 'w', encoding='ascii') as f:
            json.dump(made, f)
        os.rename(self.figures + '.tmp', self.figures)
        shutil.rmtree(work)
