# SPDX-License-Identifier: BSD-3-Clause
"""The memory that the product needs to reach QEMU's main loop, found by bisection: no guest, no guest RAM."""
import os
import subprocess

from . import EMULATOR, PRODUCT, BenchError, image, row

LOW, HIGH = 12, 64  # MiB: too little, enough
PROMPT = b'(qemu)'  # of QEMU's monitor: the main loop prints it
APPEND = '-- -M none -S -nodefaults -display none -monitor stdio'


def reaches_main_loop(mib):
    """Does it with so much memory?"""
    command = [EMULATOR, '-machine', 'q35', '-accel', 'tcg', '-cpu', 'max', '-m', str(mib), '-nodefaults', '-no-reboot', '-display', 'none',
               '-serial', 'stdio', '-device', 'isa-debug-exit,iobase=0xf4', '-kernel', image(PRODUCT), '-append', APPEND]
    out = b''
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as p:
        # The image ends by itself when memory is short; the prompt ends the attempt otherwise.
        while PROMPT not in out:
            piece = os.read(p.stdout.fileno(), 4096)
            if not piece:
                return False
            out += piece
        p.kill()
    return True


def measure():
    """Print the row."""
    low, high = LOW, HIGH
    if not reaches_main_loop(high):
        raise BenchError(f'{PRODUCT}: the main loop is not reached in {HIGH} MiB')
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reaches_main_loop(middle) else (middle, high)
    row('memory to the main loop, MiB', high, 32, 'the budget')
