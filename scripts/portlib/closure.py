# SPDX-License-Identifier: BSD-3-Clause
"""Which options of the QEMU port must bring which: names that objects want against the objects that have them, in every
configuration that the menus allow. The objects come from a build with all of them, the conditions from lists/*.mk.

A configuration is judged by what follows: a symbol that is on has its dependencies and what it selects on as well.
"""
import itertools
import os
import re
import subprocess

import kconfiglib

SYSTEM = ('LIBQEMU', 'LIBQEMU_SYSTEM')
MACHINES = ('LIBQEMU_I440FX', 'LIBQEMU_Q35', 'LIBQEMU_MICROVM')
UNKNOWN_MAX = 14
SRCS = re.compile(r'^(LIBQEMU_\w+)_SRCS-(.+?) \+= (\S+)$', re.M)


def symbol_of(line):
    """The option that chooses a release line."""
    return 'LIBQEMU_' + line.replace('.', '_')


def line_of(build):
    """The release line in a build, or None without QEMU."""
    with open(os.path.join(build, 'auto.mk'), encoding='utf-8') as f:
        m = re.search(r'^CONFIG_LIBQEMU_(\d+_\d+) := y$', f.read(), re.M)
    return m and m.group(1).replace('_', '.')


def parse(text):
    """A condition of a makefile as a tree: True, a symbol's name, ('not', x), ('and', x...), ('or', x...)."""
    text = text.strip()
    if text == 'y':
        return True
    m = re.fullmatch(r'\$\(CONFIG_(\w+)\)', text)
    if m:
        return m.group(1)
    m = re.fullmatch(r'\$\((\w+) (.*)\)', text)
    parts, depth, start = [], 0, 0
    body = m.group(2)
    for i, c in enumerate(body + ','):
        depth += {'(': 1, ')': -1}.get(c, 0)
        if c == ',' and not depth:
            parts.append(body[start:i])
            start = i + 1
    if m.group(1) == 'if':
        assert parts[1:] == ['', 'y'], text
        return ('not', parse(parts[0]))
    return (m.group(1), *map(parse, parts))


def symbols(cond):
    if cond is True:
        return set()
    return {cond} if isinstance(cond, str) else set().union(*map(symbols, cond[1:]))


def holds(cond, on):
    if cond is True:
        return True
    if isinstance(cond, str):
        return cond in on
    if cond[0] == 'not':
        return not holds(cond[1], on)
    return (all if cond[0] == 'and' else any)(holds(c, on) for c in cond[1:])


def ways(cond):
    """The least sets of symbols (on, off) with which the condition holds."""
    if cond is True:
        return [(frozenset(), frozenset())]
    if isinstance(cond, str):
        return [(frozenset([cond]), frozenset())]
    if cond[0] == 'not':
        if isinstance(cond[1], str):
            return [(frozenset(), frozenset([cond[1]]))]
        turned = {'and': 'or', 'or': 'and'}[cond[1][0]] if cond[1][0] != 'not' else None
        return ways(cond[1][1]) if turned is None else ways((turned, *[('not', c) for c in cond[1][1:]]))
    if cond[0] == 'or':
        return [w for c in cond[1:] for w in ways(c)]
    out = []
    for combination in itertools.product(*map(ways, cond[1:])):
        out.append((frozenset().union(*[w[0] for w in combination]), frozenset().union(*[w[1] for w in combination])))
    return out


class Menus:
    """What follows from symbols that are on. Release lines other than @line (10.0) have their own definitions of many; these are left out."""

    def __init__(self, top, line=None):
        saved = dict(os.environ)
        os.environ.update(srctree=top, UK_EXTERNAL='/nonexistent', CONFIG_='CONFIG_')
        try:
            self.kconf = kconfiglib.Kconfig('Kconfig', warn=False)
        finally:
            os.environ.clear()
            os.environ.update(saved)
        self.follows, self.closures = {}, {}
        lines = [s.name for s in self.kconf.unique_defined_syms if re.fullmatch(r'LIBQEMU_\d+_\d+', s.name)]
        self.others = {n for n in lines if n != symbol_of(line)} if line else set()

    def direct(self, name):
        if name not in self.follows:
            sym, out = self.kconf.syms.get(name), []
            if sym is not None:
                out = [(target.name, cond) for target, cond in sym.selects if not self.of_others(cond)]
                deps = [n.dep for n in sym.nodes if not self.of_others(n.dep)]
                out += [(e.name, None) for e in kconfiglib.split_expr(deps[0] if len(deps) == 1 else sym.direct_dep, kconfiglib.AND)
                        if isinstance(e, kconfiglib.Symbol) and e.name != 'y']
            self.follows[name] = out
        return self.follows[name]

    def of_others(self, expr):
        """Whether a condition is that of another line."""
        return any(isinstance(e, kconfiglib.Symbol) and e.name in self.others for e in kconfiglib.split_expr(expr, kconfiglib.AND))

    def true_in(self, expr, on):
        if isinstance(expr, kconfiglib.Symbol):
            return expr.name == 'y' or expr.name in on
        if isinstance(expr, kconfiglib.Choice):
            return True
        if expr[0] in (kconfiglib.AND, kconfiglib.OR):
            return (all if expr[0] == kconfiglib.AND else any)(self.true_in(e, on) for e in expr[1:])
        return False  # a negation or a comparison: not known

    def selectors(self, name):
        """The symbols of which one must be on when this one, which has no prompt and no default, is; None if that cannot be known."""
        sym = self.kconf.syms.get(name)
        if sym is None or any(n.prompt for n in sym.nodes):
            return None
        out = []
        for value, cond in sym.defaults:
            if self.of_others(cond):
                continue
            if not isinstance(cond, kconfiglib.Symbol) or cond.name == 'y':
                return None
            out.append({cond.name})
        for term in kconfiglib.split_expr(sym.rev_dep, kconfiglib.OR):
            if self.of_others(term):
                continue
            parts = [e for e in kconfiglib.split_expr(term, kconfiglib.AND) if isinstance(e, kconfiglib.Symbol)]
            out.append({e.name for e in parts} - {'y'})
        return out

    def closure(self, on, depth=3):
        """All that is on when these are."""
        if (key := (frozenset(on), depth)) not in self.closures:
            self.closures[key] = self.closed(on, depth)
        return self.closures[key]

    def closed(self, on, depth):
        on = self.forward(on)
        while depth:
            more = set()
            for name in on:
                sources = self.selectors(name)
                if sources and not any(s <= on for s in sources):
                    more |= set.intersection(*[set(self.closure(s, depth - 1)) for s in sources])
            if more <= on:
                break
            on = self.forward(on | more)
        return frozenset(on)

    def forward(self, on):
        on, todo = set(on), list(on)
        waiting = []
        while todo or waiting:
            for name in todo:
                for target, cond in self.direct(name):
                    waiting.append((target, cond))
            todo = []
            rest = []
            for target, cond in waiting:
                if target in on:
                    continue
                if cond is None or self.true_in(cond, on):
                    on.add(target)
                    todo.append(target)
                else:
                    rest.append((target, cond))
            if len(rest) == len(waiting) and not todo:
                break
            waiting = rest
        return on


def names_of(build, key=str):
    """{object: names it wants}, {name: objects that have it}, of the libraries' objects in a build; an object is key(its path there)."""
    wants, has = {}, {}
    paths = [os.path.join(d, n) for d, _, ns in os.walk(build) if d != build for n in ns if n.endswith('.o')]
    for i in range(0, len(paths), 500):
        out = subprocess.run(['nm', '-A', '-g', *paths[i:i + 500]], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                             check=True).stdout
        for line in out.splitlines():
            path, _, rest = line.partition(':')
            kind, name = rest.split()[-2:]
            owner = key(os.path.relpath(path, build))
            if kind == 'U':
                wants.setdefault(owner, set()).add(name)
            elif kind not in 'wv':
                has.setdefault(name, set()).add(owner)
    return wants, has


class Objects:
    """Names that the objects of builds want and have, and when each object is in the image."""

    def __init__(self, lists, builds, tree):
        self.conds = {}
        for name in sorted(os.listdir(lists)):
            if name.endswith('.mk'):
                with open(os.path.join(lists, name), encoding='utf-8') as f:
                    for part, cond, source in SRCS.findall(f.read()):
                        source = re.sub(r'^\$\(\w+\)/', '', source)
                        stem, _, variant = source.partition('|')
                        self.conds[part.lower(), os.path.splitext(stem)[0] + (variant and '.' + variant)] = parse(cond)
        self.tree, self.asked = tree, {}
        self.has, self.wants = {}, {}
        for build in builds:
            for who, names in self.scan(build).items():
                # What only one of them wants is for something that only that one has on.
                self.wants[who] = self.wants.get(who, names) & names
        self.seen = set(self.wants) | set().union(*self.has.values())
        for who in self.conds:
            if who not in self.seen:
                self.read_source(who)

    def scan(self, build):
        """What each object of a build wants; notes what it has."""
        wants, has = names_of(build, self.key)
        for name, keys in has.items():
            self.has.setdefault(name, set()).update(keys)
        return wants

    def read_source(self, who):
        """What stands in for something that is off is not in a build with everything: its source names what it has."""
        path = os.path.join(self.tree, who[1] + '.c')
        if os.path.exists(path):
            with open(path, encoding='utf-8') as f:
                for name in re.findall(r'^(?!#| |\t)[^\n;]*?\b(\w+)(?:\(|;| =)', f.read(), re.M):
                    self.has.setdefault(name, set()).add(who)

    def asks(self, who, have, menus):
        """Does the source itself ask for an option with which the name is there?"""
        if who not in self.asked:
            path = os.path.join(self.tree, who[1] + '.c')
            names = set()
            if os.path.exists(path):
                with open(path, encoding='utf-8') as f:
                    names = {'LIBQEMU_' + n for n in re.findall(r'\bCONFIG_(\w+)', f.read())}
            self.asked[who] = names & set(menus.kconf.syms)
        return any(holds(have, menus.closure({n})) for n in self.asked[who])

    def key(self, path):
        """(library, source) of one of QEMU's objects, else the path."""
        m = re.fullmatch(r'(libqemu\w*)/(?:src/qemu|gen/of/libqemu|gen)/(.*)\.o', path)
        return (m.group(1), m.group(2)) if m and (m.group(1), m.group(2)) in self.conds else path


def missing(objects, menus):
    """(symbols on, off; name; who wants it; who has it) of each name that a valid configuration lacks."""
    # Config.uk sees to it that there is a machine.
    always = frozenset(SYSTEM).union(frozenset.intersection(*[menus.closure({m}) for m in MACHINES]))
    seen = set()
    for who, names in sorted(objects.wants.items(), key=str):
        cond = objects.conds.get(who)
        if cond is None:
            continue
        for on, off in ways(cond):
            base = menus.closure(on | always)
            if base & off:
                continue
            for name in sorted(names):
                owners = objects.has.get(name, set())
                if not owners or any(o not in objects.conds for o in owners):
                    continue
                have = ('or', *[objects.conds[o] for o in owners])
                if (on, off, have) in seen or objects.asks(who, have, menus):
                    continue
                seen.add((on, off, have))
                if lacks(have, base, off, menus):
                    yield on, off, name, who, have


def lacks(have, base, off, menus):
    if holds(have, base):
        positive = not any('not' in str(c) for c in have[1:])
        if positive:
            return False
    unknown = sorted(symbols(have) - base - off)
    if len(unknown) > UNKNOWN_MAX:
        return True
    for values in itertools.product((False, True), repeat=len(unknown)):
        on = {n for n, v in zip(unknown, values) if v}
        dark = {n for n, v in zip(unknown, values) if not v} | off
        full = menus.closure(base | on)
        if not full & dark and not holds(have, full):
            return True
    return False
