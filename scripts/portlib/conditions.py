# SPDX-License-Identifier: BSD-3-Clause
"""From meson's source-set rules to one condition a source.

A condition is a set of alternatives, each a set of literals ('CONFIG_X' or '!CONFIG_X') that must hold
together. Literals that no menu can change are settled here.
"""
TRUE = frozenset([frozenset()])
FALSE = frozenset()


class Settle:
    """Knows which keys the menu decides; all others have the reference's value."""

    def __init__(self, menu, fixed):
        self.menu, self.fixed = menu, fixed

    def key(self, key):
        """The condition 'key is on'."""
        if key in self.menu:
            return frozenset([frozenset([key])])
        return TRUE if key in self.fixed else FALSE


def conj(a, b):
    """a and b."""
    out = frozenset(x | y for x in a for y in b)
    return simplify(frozenset(x for x in out if not any('!' + t in x for t in x)))


def disj(a, b):
    """a or b."""
    return simplify(a | b)


def negate(a):
    """not a."""
    out = TRUE
    for alternative in a:
        inverse = frozenset(frozenset([t[1:] if t.startswith('!') else '!' + t]) for t in alternative)
        out = conj(out, inverse)
    return out


def simplify(a):
    """Drop alternatives that another one implies, and x from 'x and y or not x and y'."""
    todo = set(a)
    changed = True
    while changed:
        changed = False
        for x in sorted(todo, key=sorted):
            if any(y < x for y in todo):
                todo.discard(x)
                changed = True
                break
            twin = next((t for t in x if frozenset(x - {t} | {t[1:] if t[0] == '!' else '!' + t}) in todo), None)
            if twin:
                todo.discard(x)
                todo.add(frozenset(x - {twin}))
                changed = True
                break
    return frozenset(todo)


def collect(rules, settle, outer=TRUE, into=None):
    """source -> condition for a rule list, as meson's collect() walks it."""
    into = {} if into is None else into
    for r in rules:
        own = TRUE if r['found'] else FALSE
        for k in r['keys']:
            own = conj(own, settle.key(k))
        add(into, r['true'], conj(outer, own))
        add(into, r['false'], conj(outer, negate(own)))
        for s in r['sets']:
            collect(s, settle, conj(outer, own), into)
    return into


def add(into, names, condition):
    """Note that names are built under condition."""
    for n in names:
        if condition != FALSE:
            into[n] = disj(into.get(n, FALSE), condition)


def holds(condition, on):
    """Whether condition is true when the literals in on are."""
    return any(all((t[1:] not in on) if t[0] == '!' else (t in on) for t in alt) for alt in condition)
