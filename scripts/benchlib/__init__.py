# SPDX-License-Identifier: BSD-3-Clause
"""Figures of what is built. Each module here is a group of them; scripts/bench is their command line."""
import functools
import os
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# Folders of the command line and of the make rules alike.
BUILD = os.path.abspath(os.environ.get('O') or os.path.join(TOP, 'build'))
DOWNLOADS = os.path.abspath(os.environ.get('DL') or os.path.join(BUILD, 'dl'))
EMULATOR = 'qemu-system-x86_64'
PRODUCT = 'qemu-stubdom'
MIB = 1 << 20


class BenchError(Exception):
    """One clear line: the object, what is wrong, the next step."""


@functools.lru_cache
def image(app, plat='kvm'):
    """The path of an application's image, which is built if it was not."""
    command = ['make', '-C', TOP, f'apps/{app}', f'PLAT={plat}', f'O={BUILD}', 'BOOTSTRAP=0', f'DL={DOWNLOADS}']
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        raise BenchError(f'{app} for {plat} cannot be built: {"".join(done.stdout.splitlines(True)[-3:])}')
    return os.path.join(BUILD, f'{app}-{plat}', f'{app}_{plat}-x86_64')


def header():
    """The table's first line."""
    print(f"{'figure':<44} {'here':>9} {'reference':>9} {'ratio':>7}  reference is")


def row(what, value, reference, note):
    """A figure beside its reference."""
    print(f'{what:<44} {value:>9.2f} {reference:>9.2f} {value / reference:>7.3g}  {note}', flush=True)


def say(text):
    """What takes long is announced."""
    print(f'bench: {text}', file=sys.stderr, flush=True)
