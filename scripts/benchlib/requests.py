# SPDX-License-Identifier: BSD-3-Clause
"""Instructions and thread switches of an image for each disk request of its guest's.

The guest (tests/guests/devices, disk_requests) sleeps until the disk's interrupt. The machine is stopped where the processor is about to
sleep, and the emulator ends what its disks do before it stops a machine: so the disk answers when everybody in the image sleeps, whatever the
time is, and no virtual time passes meanwhile. Requests cost the same then, but for the few with a tick of a clock in them.
"""
import collections
import os
import shutil
import subprocess
import tempfile

from . import MIB, TOP
from .counter import Counter, address_of, entry_of

MEMORY = 256  # MiB of the machine
DISK = 64 * MIB
REQUESTS = 24
BEFORE = 16  # the first ones find everything cold
ANSWER = 50000000  # nanoseconds: the disk's, far more than the image needs until it sleeps
PARAMETERS_AT = 512
RSI, RIP = 4, 16  # gdb's numbers
UNIT_AT = 8  # in QEMU's IDEState, which disk of the two it is
INNER = ['-machine', 'pc', '-accel', 'tcg', '-m', '64', '-nodefaults', '-display', 'none', '-vga', 'std', '-no-reboot',
         *(word for i, disk in enumerate('ab')
           for word in ('-drive', f'file=/dev/vd{disk},format=raw,if=ide,index={i},aio=native,cache.direct=on'))]

Cost = collections.namedtuple('Cost', 'instructions switches')


def make_guest(folder):
    """The disk that it starts from."""
    subprocess.run([os.path.join(TOP, 'tests/guests/build'), folder], check=True)
    path = os.path.join(folder, 'disk.img')
    shutil.copy(os.path.join(folder, 'devices.img'), path)
    with open(path, 'r+b') as f:
        f.seek(PARAMETERS_AT)
        f.write(f'disk_requests before={BEFORE} requests={REQUESTS}'.encode() + b'\0')
    return path


def options(path, disk):
    """Of the outer emulator."""
    return ['-kernel', path, '-append', f'norandom -- {" ".join(INNER)}',
            '-blockdev', f'driver=file,node-name=file0,filename={disk}',
            '-blockdev', 'driver=raw,node-name=disk0,file=file0', '-device', 'virtio-blk-pci,drive=disk0',
            '-blockdev', f'driver=null-co,node-name=disk1,size={DISK},read-zeroes=on,latency-ns={ANSWER}',
            '-device', 'virtio-blk-pci,drive=disk1']


def begun(counter, begin, idle, switches):
    """(instructions, thread switches) as each request to the second disk begins, at @begin: REQUESTS reads, then as many writes. @idle is
    where the processor is about to sleep, @switches the image's count."""
    requests = -BEFORE
    counter.remote.insert(begin)
    while requests < 2 * REQUESTS:
        counter.remote.proceed()
        if counter.remote.register(RIP) == idle or counter.word_at(counter.remote.register(RSI) + UNIT_AT) & 0xff != 1:
            continue
        if requests == -BEFORE:
            counter.remote.insert(idle)
        requests += 1
        if requests > 0:
            yield counter.instructions(), counter.word_at(switches)


def costs(found):
    """{'read': [Cost...], 'write': [Cost...]}: from one request's beginning to the next one's."""
    rounds = {'read': [], 'write': []}
    for i, ((began, before), (ended, after)) in enumerate(zip(found, found[1:])):
        rounds['read' if i < REQUESTS else 'write'].append(Cost(ended - began, after - before))
    return rounds


def quarter(figures):
    """
    What a quarter of them is not above. Ticks of the guest's clock are in some requests, and in more than half of them where the host is
    busy: each time that the machine goes on, its clock runs until the thread of its processor does.
    """
    return sorted(figures)[len(figures) // 4]


def count(path):
    """{'read': Cost, 'write': Cost} of an image of the product for KVM: those without a tick of a clock in them."""
    with tempfile.TemporaryDirectory(prefix='unidom-requests-') as folder:
        counter = Counter(folder, MEMORY, options(path, make_guest(folder)), 0, idle='sleep=on')
        try:
            counter.count_at(entry_of(path))
            places = [address_of(path, name) for name in ('bmdma_start_dma', 'native_idle', 'sched_switches')]
            rounds = costs(list(begun(counter, *places)))
        finally:
            counter.close()
    return {name: Cost(*(quarter(figures) for figures in zip(*found))) for name, found in rounds.items()}
