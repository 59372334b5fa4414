# SPDX-License-Identifier: BSD-3-Clause
"""The enabled folders of a configuration and the edges between them, for make and for people."""
import os

import kconfiglib

from kconfbase import Fail


def enabled(c):
    out = []
    for f in c.folders:
        sym = c.kconf.syms.get(f.symbol)
        if sym is None or not sym.nodes:
            raise Fail("error: %s: does not define the symbol %s" %
                       (os.path.relpath(f.config, c.root), f.symbol))
        if sym.tri_value == 2:
            out.append(f)
    return out


def edges(c, folders):
    """Direct edges between folders: depends on, select and imply of a folder's symbols."""
    by_symbol = {f.symbol: f for f in folders}
    by_file = {os.path.realpath(f.config): f for f in folders}
    # What includes nothing, all kernel folders may include.
    abi = [f for f in folders if f.kind == "abi"]
    direct = {f: list(abi) if f.kernel and f.kind != "abi" else [] for f in folders}

    def add(f, expr):
        for item in sorted(kconfiglib.expr_items(expr), key=lambda i: i.name or ""):
            other = by_symbol.get(getattr(item, "name", None))
            if other and other is not f and other not in direct[f]:
                direct[f].append(other)

    for sym in c.kconf.unique_defined_syms:
        if sym.tri_value == 0 and sym.type in (kconfiglib.BOOL, kconfiglib.TRISTATE):
            continue
        for node in sym.nodes:
            f = by_file.get(os.path.realpath(os.path.join(c.root, node.filename)))
            if f is None:
                continue
            add(f, node.dep)
            for target, cond in node.selects + node.implies:
                if kconfiglib.expr_value(cond):
                    add(f, target)
    return direct


def closure(f, direct, follow):
    out, todo = [], list(direct[f])
    while todo:
        d = todo.pop(0)
        if d in out or d is f:
            continue
        out.append(d)
        if follow(d):
            todo += direct[d]
    return out


def graph_lines(c):
    folders = enabled(c)
    direct = edges(c, folders)
    lines = ["UK_FOLDERS := " + " ".join(f.name for f in folders)]
    for f in folders:
        lines.append("%s_FOLDER := %s" % (f.name, f.path))
        lines.append("%s_KERNEL := %s" % (f.name, "y" if f.kernel else ""))
        lines.append("%s_EXTERNAL := %s" % (f.name, "y" if f.external else ""))
        lines.append("%s_DIRECT := %s" % (f.name, " ".join(d.name for d in direct[f])))
        deps = closure(f, direct, lambda d: True)
        lines.append("%s_DEPS := %s" % (f.name, " ".join(d.name for d in deps)))
        lines.append("%s_INCDEPS := %s" % (f.name, " ".join(include_deps(f, direct))))
    return lines


def include_deps(f, direct):
    """Whose public headers a folder sees. Ports' edges into the kernel stop at the port."""
    if f.kernel:
        return [d.name for d in closure(f, direct, lambda d: True)]
    names = [d.name for d in closure(f, direct, lambda d: not d.kernel) if not d.kernel]
    for d in direct[f]:
        if d.kernel:
            names += [n.name for n in [d] + closure(d, direct, lambda n: True)]
    return list(dict.fromkeys(names))
