# SPDX-License-Identifier: BSD-3-Clause
"""What docs/specification.md promises in numbers, beside what is counted. Its table is the only place of the limits; nothing here is timed."""
import os
import re

from . import PRODUCT, TOP, BenchError, image, requests, row
from .counter import address_of, entry_of, machine

SPECIFICATION = os.path.join(TOP, 'docs', 'specification.md')
TOLERANCE = 1.03
MEMORY = 256  # MiB of the machine
PAGE_KIB = 4


def limits():
    """{name: limit} of the table's rows, "| `name` | limit unit | ...": those that are counted."""
    with open(SPECIFICATION, encoding='utf-8') as f:
        rows = re.findall(r'^\| `([a-z0-9-]+)` \| ([0-9.]+) ', f.read(), re.M)
    found = {name: float(limit) for name, limit in rows}
    if len(found) != len(rows):
        raise BenchError(f'{SPECIFICATION}: a promise is there twice')
    return found


def sizes(name, path):
    """Of an image and of its compressed form, in MB."""
    return {f'{name}-size': os.path.getsize(path) / 1e6, f'{name}-size-gzipped': os.path.getsize(path + '.gz') / 1e6}


def start(name, path, arguments, end):
    """From the image's entry to the function @end: millions of instructions, and MiB that are not free then."""
    with machine(MEMORY, ['-kernel', path, '-append', f'norandom -- {arguments}']) as counter:
        first = counter.count_at(entry_of(path))
        instructions = counter.count_at(address_of(path, end)) - first
        free = counter.word_at(address_of(path, 'available'))
    return {f'{name}-instructions': instructions / 1e6, f'{name}-memory': MEMORY - free * PAGE_KIB / 1024}


def of_helloworld(path):
    """The smallest program, from its entry to the end of the machine."""
    return {**sizes('helloworld', path), **start('helloworld', path, '', 'kvm_shutdown')}


def of_kvm(path):
    """The product with its default machine, from its entry to QEMU's main loop."""
    return {**sizes('kvm', path), **start('kvm', path, '', 'qemu_main_loop')}


def of_requests(path):
    """A disk request of the product's guest, in thousands of instructions and in thread switches."""
    found = {}
    for name, cost in requests.count(path).items():
        found[f'request-{name}'] = cost.instructions / 1e3
        found[f'request-{name}-switches'] = cost.switches
    return found


def of_xen(path):
    """The product for Xen, as it is built."""
    return sizes('xen', path)


def broken(found):
    """A line for each figure of @found that has no limit or is beyond it."""
    known = limits()
    return [f'{name}: {value:.4g}, promised are {known.get(name, "nothing")}'
            for name, value in found.items() if value > known.get(name, 0) * TOLERANCE]


def measure():
    """Print the rows."""
    found = {**of_helloworld(image('helloworld')), **of_kvm(image(PRODUCT)), **of_requests(image(PRODUCT)), **of_xen(image(PRODUCT, 'xen'))}
    known = limits()
    for name, value in found.items():
        row(name, value, known[name], 'docs/specification.md')
