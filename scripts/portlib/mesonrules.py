# SPDX-License-Identifier: BSD-3-Clause
"""Run meson, and write every source-set rule of the project as JSON.

Used in place of the meson program: `python3 mesonrules.py OUT.json setup ...`. QEMU says in its
meson.build files which source needs which device symbol; meson evaluates that for one configuration
and forgets it. Here the rules themselves are kept, so that our menu can decide later.
"""
import json
import os
import sys

from mesonbuild import mesonlib, mesonmain
from mesonbuild.modules import sourceset


def name_of(source):
    """A source's path: tree files as 'S:path', generated ones as 'B:path'."""
    if isinstance(source, mesonlib.File):
        kind = 'B:' if source.is_built else 'S:'
        return [kind + os.path.normpath(os.path.join(source.subdir, source.fname))]
    if isinstance(source, str):
        return ['S:' + source]
    base = source.get_subdir() if hasattr(source, 'get_subdir') else ''
    return ['B:' + os.path.normpath(os.path.join(base, o)) for o in source.get_outputs()]


def names(sources):
    """The paths of all sources of a list."""
    return [n for s in sources for n in name_of(s)]


def dump(ruleset):
    """A source set as plain data. Dependencies are settled at configure time: found or not."""
    return [{'keys': r.keys, 'found': all(d.found() for d in r.deps), 'true': names(r.sources),
             'false': names(r.if_false), 'sets': [dump(s) for s in r.sourcesets]} for r in ruleset.rules]


def main():
    """Wrap sourceset.apply, then be meson."""
    out, record = sys.argv[1], []
    apply = sourceset.SourceSetImpl.apply_method

    def wrapped(self, state, args, kwargs):
        config = args[0]
        keys = {k: bool(v) for k, v in config.items()} if isinstance(config, dict) else \
            {k: bool(config.get(k)[0]) for k in config.keys()}
        record.append({'where': state.subdir, 'strict': bool(kwargs.get('strict', True)), 'keys': keys, 'rules': dump(self)})
        return apply(self, state, args, kwargs)

    sourceset.SourceSetImpl.apply_method = wrapped
    # Scripts that meson runs call it again, by the name under which it runs itself.
    sys.argv = [os.path.join(os.path.dirname(sys.executable), 'meson')] + sys.argv[2:]
    status = mesonmain.main()
    with open(out, 'w', encoding='utf-8') as f:
        json.dump(record, f, indent=1)
    return status


if __name__ == '__main__':
    sys.exit(main())
