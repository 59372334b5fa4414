# SPDX-License-Identifier: BSD-3-Clause
"""From a finished reference build to libs/qemu: one source list a sub-library of upstream's, and the device menu."""
import json
import os
import re
import subprocess

from . import conditions, devices, ninja
from .reference import TARGET

COMMENT = '# Written by scripts/port; do not edit.\n'
HEAD = '# SPDX-License-Identifier: BSD-3-Clause\n' + COMMENT

# Build folder of upstream's sub-library -> name of ours. The rest goes by its own name without 'lib'.
NAMES = {'libcommon': 'common', 'libqemu-x86_64-softmmu': 'target', 'libqemuutil': 'util', 'libtcg_system': 'tcg',
         'libgdb_system': 'gdbstub', 'libevent-loop-base': 'event', TARGET: 'main'}

# What our own code replaces, the program's main(), what only an older glib needs, and host devices that a unikernel has not.
REPLACED = {'system/main.c', 'util/coroutine-sigaltstack.c', 'util/qtree.c', 'chardev/char-parallel.c', 'hw/usb/u2f-passthru.c',
            'net/can/can_socketcan.c'}

# Symbols of QEMU's menu that need something of a Linux host: off, as if upstream's configure had not found it.
NO_HOST = {'VFIO', 'VFIO_PCI', 'VFIO_IGD', 'VFIO_USER', 'IOMMUFD', 'VIRTIO_INPUT_HOST'}

# Symbols that libs/qemu/Config.uk declares with a prompt of ours: accelerators, and what else its user decides before devices.
ACCELERATORS = ['TCG', 'XEN', 'VIRTFS']

# Choices that upstream makes outside of its device menu: by source here, by meson option there.
BY_HAND = {'accel/qtest/qtest.c': 'CONFIG_QTEST', 'block/vdi.c': 'CONFIG_BLOCK_VDI', 'block/vmdk.c': 'CONFIG_BLOCK_VMDK',
           'block/vpc.c': 'CONFIG_BLOCK_VPC', 'block/vhdx.c': 'CONFIG_BLOCK_VHDX', 'block/vhdx-endian.c': 'CONFIG_BLOCK_VHDX',
           'block/vhdx-log.c': 'CONFIG_BLOCK_VHDX', 'block/qcow.c': 'CONFIG_BLOCK_QCOW1', 'block/bochs.c': 'CONFIG_BLOCK_BOCHS',
           'block/cloop.c': 'CONFIG_BLOCK_CLOOP', 'block/parallels.c': 'CONFIG_BLOCK_PARALLELS',
           'block/parallels-ext.c': 'CONFIG_BLOCK_PARALLELS'}
BY_HAND.update({f'block/qed{part}.c': 'CONFIG_BLOCK_QED' for part in ('', '-check', '-cluster', '-l2-cache', '-table')})
BY_HAND.update({f'ui/vnc{part}.c': 'CONFIG_VNC' for part in ('', '-auth-vencrypt', '-clipboard', '-enc-hextile', '-enc-tight', '-enc-zlib',
                                                             '-enc-zrle', '-jobs', '-palette', '-ws')})

# Folders that upstream's meson does not look into without this.
FOLDERS_BY_HAND = {'accel/tcg/': 'CONFIG_TCG', 'tcg/': 'CONFIG_TCG'}

# What stands in for such a choice when it is off; the reference has it on. Source there: (stand-in, literal).
STAND_INS = {'S:ui/vnc.c': ('S:ui/vnc-stubs.c', '!CONFIG_VNC')}


class Reference:
    """Everything read from one build folder."""

    def __init__(self, build, tree):
        self.build, self.tree = os.path.realpath(build), os.path.realpath(tree)
        self.edges = ninja.read(self.build)
        self.sources = ninja.sources(self.build, self.tree)
        with open(os.path.join(self.build, 'rules.json'), encoding='utf-8') as f:
            self.applied = json.load(f)
        with open(os.path.join(self.build, 'x86_64-softmmu-config-devices.mak'), encoding='utf-8') as f:
            self.on = set(re.findall(r'^CONFIG_(\w+)=y', f.read(), re.M))
        # The rule sets of the target: device symbols among their keys.
        self.sets = [a for a in self.applied if a['keys'] and not a['strict']]
        self.keys = {k for a in self.sets for k, v in a['keys'].items() if v}

    def objects(self):
        """sub-library -> sources of what the link names, and of the archive members it takes."""
        lists = {}
        for o in ninja.edge_of(self.edges, TARGET).inputs:
            lists.setdefault(sublibrary(o), set()).add(self.sources[o])
        taken = ninja.members(self.build, self.edges, TARGET, 'libqemuutil.a')
        for o, s in self.sources.items():
            if o.startswith('libqemuutil.a.p/') and (os.path.basename(o) in taken or s.startswith('S:stubs/')):
                lists.setdefault('stubs' if s.startswith('S:stubs/') else 'util', set()).add(s)
        return lists


def sublibrary(output):
    """The name of the sub-library that an object is in."""
    for part in output.split('/'):
        m = re.match(r'(.*?)(?:\.f?a)?\.p$', part)
        if m:
            name = m.group(1)
            return NAMES.get(name, name.removeprefix('lib'))
    raise SystemExit(f'port: {output}: which sub-library?')


def weak_header(ref, sources):
    """Stubs yield to the real thing, as archive members do upstream: their names are weak."""
    objects = [os.path.join(ref.build, o) for o, s in ref.sources.items() if s in sources and o.startswith('libqemuutil')]
    run = subprocess.run(['nm', '-g', '--defined-only', *objects], capture_output=True, text=True, check=True)
    names = sorted(set(re.findall(r'^[0-9a-f]+ [TDBRVW] (\w+)$', run.stdout, re.M)))
    return HEAD.replace('# ', '/* ').replace('\n', ' */\n') + ''.join(f'#pragma weak {n}\n' for n in names)


def by_rules(sets, settle):
    """source -> condition, as source sets say."""
    found = {}
    for applied in sets:
        conditions.collect(applied['rules'], settle, into=found)
    return {s: c for s, c in found.items() if s.endswith(('.c', '.S'))}


def chosen_by(ref, found):
    """The sources that the reference has of such conditions."""
    on = {'CONFIG_' + s for s in ref.on} | ref.keys
    return {s for s, c in found.items() if conditions.holds(c, on)}


def sets_of(ref, settle, listed):
    """The rule sets that a sub-library is made of: what they give in the reference is all in it."""
    return [a for a in ref.sets if (got := chosen_by(ref, by_rules([a], settle))) and got <= listed]


def select(sub, ref, menu, listed):
    """source -> condition for one sub-library."""
    decided = {'CONFIG_' + n for n in menu.offered}
    no_host = {'CONFIG_' + n for n in NO_HOST}
    settle = conditions.Settle(decided, ref.keys - no_host)
    if sub == 'tcg':
        return {s: settle.key('CONFIG_TCG') for s in listed}
    everything = conditions.Settle(decided | no_host, ref.keys)
    sets = sets_of(ref, everything, listed)
    if not sets:
        return {s: conditions.TRUE for s in listed}
    whole = by_rules(sets, everything)
    check(sub, ref, whole, listed)
    # What no rule mentions was given to the target directly.
    return {**{s: conditions.TRUE for s in listed - set(whole)}, **by_rules(sets, settle)}


def check(sub, ref, found, listed):
    """With the reference's own choice, the conditions must give the reference's own list."""
    host = listed - chosen_by(ref, found)
    if len(host) > 4:
        raise SystemExit(f'port: {sub}: the rules miss {len(host)}: {" ".join(sorted(host)[:9])}')


def make_condition(condition):
    """A condition as the end of a variable's name."""
    if condition == conditions.TRUE:
        return 'y'
    alternatives = [make_all(sorted(a)) for a in sorted(condition, key=sorted)]
    return alternatives[0] if len(alternatives) == 1 else f'$(or {",".join(alternatives)})'


def make_all(literals):
    """Literals that must hold together."""
    words = [f'$(if {variable(t[1:])},,y)' if t[0] == '!' else variable(t) for t in literals]
    return words[0] if len(words) == 1 else f'$(and {",".join(words)})'


def variable(key):
    """A key of upstream's as a variable of our configuration."""
    return '$(CONFIG_LIBQEMU_' + key.removeprefix('CONFIG_') + ')'


def by_hand(path):
    """The keys that a source needs, by this file's tables."""
    folders = [key for folder, key in FOLDERS_BY_HAND.items() if path.startswith(folder)]
    return folders + [BY_HAND[path]] * (path in BY_HAND)


def render(sub, chosen):
    """The text of one list."""
    name, rows = f'LIBQEMU_{sub.upper()}_SRCS', []
    for s, c in chosen.items():
        path = s[2:]
        if path in REPLACED:
            continue
        for needed in by_hand(path):
            c = conditions.conj(c, frozenset([frozenset([needed])]))
        root = '$(LIBQEMU_TREE)/' if s[0] == 'S' else '$(LIBQEMU_BUILD)/'
        rows.append((root + path, make_condition(c)))
    return HEAD + ''.join(f'{name}-{c} += {p}\n' for p, c in sorted(rows))


def trace_groups(ref):
    """Lines 'group events-file' for the prepare stage."""
    rows = set()
    for e in ref.edges:
        m = re.search(r'--group=(\S+) --format=h (\S+) ', e.vars.get('COMMAND', ''))
        if m and e.outputs[0].startswith('trace/'):
            rows.add((m.group(1), ninja.relocate(m.group(2), ref.build, ref.tree).replace('@TREE@/', '').removeprefix('./')))
    return ''.join(f'{group} {path}\n' for group, path in sorted(rows))


def menu_of(ref, folder):
    """The device menu, and which of upstream's keys it decides."""
    symbols = devices.parse(ref.tree)
    devices.add_links(symbols, os.path.join(folder, 'links.list'))
    fixed = {'LINUX', 'FDT', 'PIXMAN', 'IVSHMEM', 'I386', 'X86_64'}
    kept = (ref.on & set(symbols)) - fixed - NO_HOST
    return devices.Menu(symbols, kept, fixed, set(ACCELERATORS), devices.read_prompts(os.path.join(folder, 'prompts.list')))


def write(folder, files):
    """Replace the lists of a release line."""
    lists = os.path.join(folder, 'lists')
    os.makedirs(lists, exist_ok=True)
    for old in os.listdir(lists):
        os.unlink(os.path.join(lists, old))
    for name, text in sorted(files.items()):
        with open(os.path.join(folder, name), 'w', encoding='utf-8') as f:
            f.write(text)


def generate(build, tree, folder, line):
    """Read the reference, write the lists of a release line of the port in @folder."""
    ref = Reference(build, tree)
    menu = menu_of(ref, folder)
    files = {'Config.devices.uk': HEAD + '\n' + menu.text(), 'lists/trace.list': COMMENT + trace_groups(ref),
             'lists/devices.list': COMMENT + ''.join(f'{n}\n' for n in menu.offered)}
    for sub, listed in sorted(ref.objects().items()):
        chosen = select(sub, ref, menu, listed)
        chosen.update({s: frozenset([frozenset([t])]) for there, (s, t) in STAND_INS.items() if there in listed})
        if sub == 'stubs':
            files['lists/stubs-weak.h'] = weak_header(ref, listed)
        if any(s[2:] not in REPLACED for s in chosen):
            files[f'lists/{sub}.mk'] = render(sub, chosen)
    write(os.path.join(folder, line), files)
    print(f'port: {len(files)} files under {folder}/{line}')
