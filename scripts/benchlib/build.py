# SPDX-License-Identifier: BSD-3-Clause
"""Builds: with nothing to do, and of everything beside upstream's own build of the same QEMU files."""
import glob
import os
import shutil
import subprocess
import time

from . import BUILD, DOWNLOADS, PRODUCT, TOP, row, say
from .reference import Reference, objects

CLEAN = os.path.join(BUILD, 'bench-clean')


def make(*arguments, log=subprocess.DEVNULL):
    """The product's build, not as a part of the make that may have started us."""
    env = {name: value for name, value in os.environ.items() if name not in ('MAKEFLAGS', 'MFLAGS', 'MAKELEVEL', 'O', 'DL')}
    command = ['make', '-C', TOP, f'apps/{PRODUCT}', 'BOOTSTRAP=0', f'DL={DOWNLOADS}', *arguments]
    subprocess.run(command, check=True, stdout=log, env=env)


def children_cpu():
    """Seconds that finished children used, and theirs, in user mode and in the kernel."""
    times = os.times()
    return times.children_user + times.children_system


def nothing():
    """A second build."""
    make(f'O={BUILD}')
    start = time.monotonic()
    make(f'O={BUILD}')
    row('build with nothing to do, s', time.monotonic() - start, 2, 'the budget')


def clean_build():
    """CPU seconds of a build of everything from the downloads: unpacking, patching, kernel, libraries, QEMU, link, strip, gzip."""
    shutil.rmtree(CLEAN, ignore_errors=True)
    os.makedirs(CLEAN)
    try:
        say('a clean build of everything')
        before = children_cpu()
        with open(os.path.join(BUILD, 'bench-clean.log'), 'wb') as log:
            make(f'O={CLEAN}', log=log)
        seconds = children_cpu() - before
        return seconds, sum(map(objects, glob.glob(os.path.join(CLEAN, f'{PRODUCT}-kvm', 'libqemu*', ''))))
    finally:
        shutil.rmtree(CLEAN, ignore_errors=True)


def clean():
    """The clean build beside the native one."""
    native = Reference().ready()
    seconds, ours = clean_build()
    row('clean build of everything, CPU seconds', seconds, native.seconds,
        f"QEMU's own build alone, natively ({ours} QEMU files here, {native.files} there); aim: 1.25")


def measure():
    """Print the rows."""
    nothing()
    clean()
