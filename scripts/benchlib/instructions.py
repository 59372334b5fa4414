# SPDX-License-Identifier: BSD-3-Clause
"""Instructions from an image's entry to main(), and Debian's Linux from its entry to its first program."""
import os
import subprocess
import tempfile

from . import PRODUCT, image, row, say
from .counter import address_of, count, entry_of
from .linux import Linux, single
from .reference import Reference

MEMORY = 64  # MiB
LINUX_MEMORY = 256
LINUX_ENTRY = 0x100000  # of a bzImage, in 32-bit mode
# The first program of Linux: it stands still where no kernel and no other program is, at ADDRESS.
ADDRESS = 0x10000000
STAND_STILL = '.globl _start\n_start: jmp _start\n'


def of_image(app, append):
    """Of one of ours."""
    path = image(app)
    return count(MEMORY, ['-kernel', path, '-append', f'norandom {append}'], entry_of(path), address_of(path, 'main'))


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
