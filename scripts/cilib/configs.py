# SPDX-License-Identifier: BSD-3-Clause
"""Valid configurations drawn at random, by kconfiglib."""
import random

import kconfiglib


def members(kconf, prefix):
    return [s for s in kconf.unique_defined_syms if s.choice and s.name.startswith(prefix)]


def draw(kconf, seed, app=None, plat=None, never=()):
    """An application on a platform, drawn unless they are named (symbols), and each option on or off, but those in @never off:
    the symbols that are on."""
    rng = random.Random("seed %d" % seed)  # as a text: small numbers alone give alike beginnings
    kconf.unset_values()
    plats, apps = members(kconf, "PLAT_"), members(kconf, "APP_")
    (kconf.syms[plat] if plat else rng.choice(plats)).set_value(2)
    (kconf.syms[app] if app else rng.choice([s for s in apps if s.visibility])).set_value(2)
    share = rng.choice([0.05, 0.5, 0.95])
    for sym in kconf.unique_defined_syms:
        if sym.type == kconfiglib.BOOL and sym not in plats + apps and any(n.prompt for n in sym.nodes):
            sym.set_value(2 if rng.random() < share and sym.name not in never else 0)
    return {s.name for s in kconf.unique_defined_syms if s.type == kconfiglib.BOOL and s.tri_value == 2}
