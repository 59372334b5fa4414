#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Configuration of one build folder: load, check, write, and describe it to make and to C.

Output of a sync, all under the build folder:
  .config              what the user sees and edits; .config.old is the one before something was dropped from it
  .external            the external libraries (L=), which the next make without L= takes from there
  include/uk/config.h  CONFIG_* macros, included into our own sources
  include/core/version.h UNIDOM_VERSION, from the file VERSION
  config/SYMBOL        one file a symbol, rewritten only when its value changes
  auto.mk              CONFIG_* variables, enabled folders, and the edges between them
"""
import argparse
import contextlib
import fcntl
import os
import re
import shutil
import sys

try:
    import kconfiglib
except ImportError:
    sys.exit("error: config: python3-kconfiglib is missing; next: scripts/bootstrap")

import kconfgraph  # noqa: E402
from kconfbase import KERNEL_KINDS, USER_KINDS, Fail, Folder, read, sha, write_if_changed  # noqa: E402

def note(text):
    """To stderr: what a command prints is its own."""
    print("  NOTE    " + text, file=sys.stderr)


class Config:
    def __init__(self, args):
        self.args = args
        self.root = args.root
        self.cfg = args.out
        os.environ["srctree"] = self.root
        os.environ["CONFIG_"] = "CONFIG_"
        os.environ["KCONFIG_CONFIG"] = self.dot_config
        # Kconfig's own warnings about undefined values are ours to judge
        self.folders = self.find_folders()
        ext = [f for f in self.folders if f.external]
        if args.command != "plan":
            self.remember(ext)
        ext_kconfig = os.path.join(args.to if args.command == "plan" else self.cfg, "external.kconfig")
        if ext:
            text = "".join('source "%s"\n' % f.config for f in ext)
            write_if_changed(ext_kconfig, text)
        os.environ["UK_EXTERNAL"] = ext_kconfig if ext else "/nonexistent"
        try:
            self.kconf = kconfiglib.Kconfig("Kconfig", warn_to_stderr=False)
            self.kconf.warn = True
        except kconfiglib.KconfigError as e:
            raise Fail("error: config: " + self.one_line(str(e))) from e
        self.parse_warnings = list(self.kconf.warnings)
        self.kconf.warnings.clear()

    def remember(self, external):
        path, text = os.path.join(self.cfg, ".external"), ":".join(f.path for f in external)
        if os.path.isdir(self.cfg) and (text or os.path.exists(path)):
            write_if_changed(path, text + "\n")

    @staticmethod
    def one_line(text):
        """kconfiglib tells a loop on a page; its symbols and their places are enough."""
        if "Dependency loop" in text:
            steps = re.findall(r"(?:^|depends (?:again )?on )(\S+) \(defined at ([^)]*?)\)", text, re.M)
            return "dependency loop: " + " -> ".join("%s (%s)" % s for s in steps)
        return " ".join(text.split())

    def choices(self, kind):
        """The symbols of folders among which one is chosen: applications, and platforms with their own Choice.uk."""
        return {f.symbol for f in self.folders if f.kind == kind and
                f.symbol in self.kconf.syms and self.kconf.syms[f.symbol].choice}

    @property
    def dot_config(self):
        return os.path.join(self.cfg, ".config")

    @property
    def pristine_stamp(self):
        return os.path.join(self.cfg, ".config.pristine")

    def find_folders(self):
        out = []
        for kind in KERNEL_KINDS + USER_KINDS:
            top = os.path.join(self.root, kind)
            if not os.path.isdir(top):
                continue
            for name in sorted(os.listdir(top)):
                if os.path.isfile(os.path.join(top, name, "Config.uk")):
                    out.append(Folder(self.root, kind + "/" + name))
        for path in filter(None, (self.args.external or "").split(":")):
            path = os.path.abspath(path)
            if not os.path.isfile(os.path.join(path, "Config.uk")):
                raise Fail("error: config: external library %s has no Config.uk; next: L=DIR names "
                           "where it is, 'L=' forgets it" % path)
            out.append(Folder(self.root, path, external=True))
        return out

    # -- loading and checking -------------------------------------------------------------

    def force_choice(self):
        """A build folder is for one application on one platform."""
        for kind, name in (("apps", self.args.app), ("plat", self.args.plat)):
            folder = next((f for f in self.folders if f.label == kind + "/" + name), None)
            if folder is None:
                raise Fail("error: config: there is no %s/%s/Config.uk" % (kind, name))
            sym = self.kconf.syms.get(folder.symbol)
            if sym is None or not sym.nodes:
                raise Fail("error: %s: does not define the symbol %s" %
                           (os.path.relpath(folder.config, self.root), folder.symbol))
            sym.set_value(2)
        for kind, name in (("apps", self.args.app), ("plat", self.args.plat)):
            folder = next(f for f in self.folders if f.label == kind + "/" + name)
            sym = self.kconf.syms[folder.symbol]
            if sym.tri_value != 2:
                raise Fail("error: config: %s cannot be enabled: %s" %
                           (folder.symbol, self.why_not(sym)))

    @staticmethod
    def why_not(sym):
        dep = sym.direct_dep
        if kconfiglib.expr_value(dep) < 2:
            unmet = [kconfiglib.expr_str(e) for e in kconfiglib.split_expr(dep, kconfiglib.AND)
                     if kconfiglib.expr_value(e) < 2]
            return "it needs " + " and ".join(unmet)
        if sym.rev_dep is not None and kconfiglib.expr_value(sym.rev_dep) > 0:
            return "it is selected by " + kconfiglib.expr_str(sym.rev_dep)
        if not any(n.prompt for n in sym.nodes):
            return "it has no prompt, so it cannot be set"
        if sym.choice and sym.choice.selection:
            return "of its choice, CONFIG_%s is set" % sym.choice.selection.name
        if sym.ranges:
            return "its range is " + ", ".join("%s to %s" % (r[0].str_value, r[1].str_value) for r in sym.ranges)
        return "another choice or its visibility forbids it"

    def load(self, path, strict):
        """Reads a configuration. What does not hold of it is an error if strict, else what this returns."""
        if not os.path.isfile(path):
            raise Fail("error: config: no such file: " + path)
        self.kconf.warn_assign_undef = True
        self.kconf.warn_assign_override = strict
        self.kconf.warn_assign_redun = strict
        self.kconf.load_config(path)
        shown = os.path.relpath(path, self.root)
        msgs = [" ".join(w.replace("warning: ", "").split()) for w in self.kconf.warnings]
        msgs = [m.replace(path, shown) for m in msgs]
        self.kconf.warnings.clear()
        msgs = [self.place(m, path, shown) for m in msgs]
        gone = [m for m in (re.search(r"the value '(.*)' to the undefined symbol (\w+)", m) for m in msgs) if m]
        bad = msgs if strict else [m for m in msgs if "undefined symbol" not in m]
        if bad:
            raise Fail("\n".join("error: config: " + m for m in bad))
        self.force_choice()
        self.check_selects()
        refused = self.refused(path)
        if strict and refused:
            raise Fail("\n".join("error: config: %s:%d: CONFIG_%s cannot be '%s': %s" % ((shown,) + r) for r in refused))
        return ["CONFIG_%s=%s: there is no such option" % (m.group(2), m.group(1)) for m in gone if m.group(1) != "n"] + \
            ["CONFIG_%s=%s: %s" % r[1:] for r in refused]

    @staticmethod
    def place(msg, path, shown):
        """kconfiglib does not always say which line it means."""
        m = re.search(r"the value '(.*)' is invalid for (\w+)", msg)
        if not m:
            return msg
        with open(path, encoding="utf-8") as f:
            for n, line in enumerate(f, 1):
                if line.startswith("CONFIG_%s=" % m.group(2)):
                    return "%s:%d: %s" % (shown, n, msg)
        return msg

    def check_selects(self):
        """What is selected must have what it depends on: an image would not link, or not run."""
        for sym in self.kconf.unique_defined_syms:
            sym.str_value  # pylint: disable=pointless-statement
        texts = [" ".join(w.split()) for w in self.kconf.warnings if "unsatisfied" in w or "has direct dependencies" in w]
        self.kconf.warnings.clear()
        errors = []
        for text in texts:
            m = re.search(r"(\w+) \(defined at (\S+?):\d+\) has direct dependencies (.*?) with value n, .*? symbols: - (\w+)", text)
            errors.append("error: config: %s: CONFIG_%s needs %s, and CONFIG_%s selects it without" % (
                m.group(2), m.group(1), m.group(3), m.group(4)) if m else "error: config: " + text)
        if errors:
            raise Fail("\n".join(errors))

    def refused(self, path):
        """(line, symbol, value, why) of each assignment that has no effect."""
        lines = {}
        with open(path, encoding="utf-8") as f:
            for n, line in enumerate(f, 1):
                m = re.match(r"(?:# )?CONFIG_(\w+)(?:=| is not set)", line)
                if m and m.group(1) in self.kconf.syms:
                    lines[m.group(1)] = n
        out = []
        for name, n in lines.items():
            sym = self.kconf.syms[name]
            user = sym.user_value
            if user is None:
                continue
            got = sym.tri_value if sym.type in (kconfiglib.BOOL, kconfiglib.TRISTATE) \
                else sym.str_value
            if got != user and not self.chosen_later(sym, lines, n):
                out.append((n, name, {0: "n", 1: "m", 2: "y"}.get(user, user), self.why_not(sym)))
        return out

    def chosen_later(self, sym, lines, n):
        """Of a choice's members the last one that is set counts, and the others are meant to go."""
        if sym.name in self.choices("apps") | self.choices("plat"):
            return False
        other = sym.choice and sym.choice.user_selection
        return bool(other) and other is not sym and lines.get(other.name, 0) > n

    # -- writing ----------------------------------------------------------------------------

    def pristine(self):
        try:
            with open(self.pristine_stamp, encoding="utf-8") as f:
                return f.read().strip() == sha(self.dot_config)
        except OSError:
            return False

    def write_config(self, pristine, dropped=()):
        os.makedirs(self.cfg, exist_ok=True)
        if dropped:
            shutil.copyfile(self.dot_config, self.dot_config + ".old")
            note("%s: dropped, and kept in .config.old:\n          %s" % (
                os.path.relpath(self.dot_config, self.root), "\n          ".join(dropped)))
        header = "# Unidom configuration, written by mk/kconfig.py; edit with 'make menuconfig'\n"
        tmp = "%s.tmp.%d" % (self.dot_config, os.getpid())
        self.kconf.write_config(tmp, header=header, save_old=False)
        with open(tmp, encoding="utf-8") as f:
            text = f.read()
        os.unlink(tmp)
        write_if_changed(self.dot_config, text)
        if pristine:
            write_if_changed(self.pristine_stamp, sha(self.dot_config) + "\n")

    def values(self):
        """(symbol, text for C or None, text for make or None), sorted by name."""
        for sym in sorted(self.kconf.unique_defined_syms, key=lambda s: s.name):
            val = sym.str_value
            if sym.type in (kconfiglib.BOOL, kconfiglib.TRISTATE):
                yield sym, "1" if val != "n" else None, "y" if val != "n" else None
            elif sym.type == kconfiglib.STRING:
                text = '"%s"' % kconfiglib.escape(val)
                yield sym, text, text.replace("$", "$$").replace("#", "\\#")
            elif sym.type in (kconfiglib.INT, kconfiglib.HEX) and val != "":
                if sym.type == kconfiglib.HEX and not val.startswith(("0x", "0X")):
                    val = "0x" + val
                yield sym, val, val
            else:
                yield sym, None, None

    def write_outputs(self):
        header = ["/* SPDX-License-Identifier: BSD-3-Clause */",
                  "/* Written by mk/kconfig.py; do not edit. */",
                  "#ifndef UK_CONFIG_H", "#define UK_CONFIG_H"]
        mk = ["# Written by mk/kconfig.py; do not edit."]
        seen = set()
        sym_dir = os.path.join(self.cfg, "config")
        os.makedirs(sym_dir, exist_ok=True)
        for sym, c_text, mk_text in self.values():
            seen.add(sym.name)
            if c_text is not None:
                header.append("#define CONFIG_%s %s" % (sym.name, c_text))
            if mk_text is not None:
                mk.append("CONFIG_%s := %s" % (sym.name, mk_text))
            write_if_changed(os.path.join(sym_dir, sym.name), c_text or "")
        for name in os.listdir(sym_dir):
            path = os.path.join(sym_dir, name)
            if name not in seen and os.path.getsize(path):
                write_if_changed(path, "")
        header += ["#endif", ""]
        write_if_changed(os.path.join(self.cfg, "include/uk/config.h"), "\n".join(header))
        version = (read(os.path.join(self.root, "VERSION")) or "unknown").strip()
        write_if_changed(os.path.join(self.cfg, "include/core/version.h"), "\n".join(header[:2] + [
            "#ifndef CORE_VERSION_H", "#define CORE_VERSION_H", '#define UNIDOM_VERSION "%s"' % version, "#endif", ""]))
        mk += kconfgraph.graph_lines(self)
        write_if_changed(os.path.join(self.cfg, "auto.mk"), "\n".join(mk) + "\n")
        os.utime(os.path.join(self.cfg, "auto.mk"))


# -- commands ------------------------------------------------------------------------------------

def defconfig_path(c):
    path = os.path.join(c.root, "apps", c.args.app, "defconfig." + c.args.plat)
    return path if os.path.isfile(path) else None


def cmd_defconfig(c):
    path = defconfig_path(c)
    if path:
        c.load(path, strict=True)
    else:
        note("apps/%s has no defconfig.%s, using defaults" % (c.args.app, c.args.plat))
        c.force_choice()
        c.check_selects()
    c.write_config(pristine=True)


def cmd_refresh(c):
    """The defconfig changed: follow it unless the user has edited .config."""
    if os.path.isfile(c.dot_config) and not c.pristine():
        note("keeping your %s ('make defconfig' resets it)" % os.path.relpath(c.dot_config, c.root))
        os.utime(c.dot_config)
        return
    cmd_defconfig(c)
    os.utime(c.dot_config)


def cmd_sync(c):
    pristine = c.pristine()
    dropped = c.load(c.dot_config, strict=False)
    c.write_config(pristine, dropped)
    c.write_outputs()


def cmd_olddefconfig(c):
    cmd_sync(c)


def cmd_savedefconfig(c):
    c.load(c.dot_config, strict=False)
    out = c.args.to or os.path.join(c.cfg, "defconfig")
    c.kconf.write_min_config(out, header="# SPDX-License-Identifier: BSD-3-Clause\n")
    print("  SAVED   " + os.path.relpath(out, c.root))


def cmd_menuconfig(c):
    import menuconfig  # pylint: disable=import-outside-toplevel
    os.environ.setdefault("MENUCONFIG_STYLE", "default")
    c.load(c.dot_config, strict=False)
    before, date = read(c.dot_config), os.stat(c.dot_config)
    menuconfig.menuconfig(c.kconf)
    follow(c, before, date)


def follow(c, before, date):
    """Another platform or application was chosen: that is another folder's configuration, and this folder's stays."""
    after = read(c.dot_config)

    def chosen(kind):
        return next((f.label.split("/")[1] for f in c.folders if f.kind == kind and
                     "\nCONFIG_%s=y\n" % f.symbol in "\n" + after and f.symbol in c.choices(kind)), None)
    app, plat = chosen("apps") or c.args.app, chosen("plat") or c.args.plat
    if (app, plat) == (c.args.app, c.args.plat):
        return
    there = os.path.join(os.path.dirname(c.cfg), "%s-%s" % (app, plat), ".config")
    kept = ""
    if os.path.exists(there):
        shutil.copyfile(there, there + ".old")
        kept = ", where the one before is .config.old"
    write_if_changed(there, after)
    write_if_changed(c.dot_config, before)
    os.utime(c.dot_config, ns=(date.st_atime_ns, date.st_mtime_ns))
    note("this is the configuration of %s on %s: saved as %s%s; next: make apps/%s PLAT=%s" % (
        app, plat, os.path.relpath(there, c.root), kept, app, plat))


def cmd_plan(c):
    """For make -n: the configuration that would be, in the folder --to, and which of its options are new to the folder."""
    real, c.cfg = c.cfg, c.args.to
    stale = True
    for name in (".config", ".config.pristine"):
        if os.path.isfile(os.path.join(real, name)):
            shutil.copy2(os.path.join(real, name), os.path.join(c.cfg, name))
    if os.path.isfile(c.dot_config):
        path = defconfig_path(c)
        stale = bool(path) and os.path.getmtime(path) > os.path.getmtime(c.dot_config) and c.pristine()
    if stale:
        cmd_defconfig(c)
    c.load(c.dot_config, strict=False)
    c.write_config(pristine=False)
    c.write_outputs()
    changed = [os.path.join(real, "config", name) for name in sorted(os.listdir(os.path.join(c.cfg, "config")))
               if read(os.path.join(real, "config", name)) != read(os.path.join(c.cfg, "config", name))]
    if read(os.path.join(real, "auto.mk")) != read(os.path.join(c.cfg, "auto.mk")):
        changed.append(os.path.join(real, "auto.mk"))
    with open(os.path.join(c.cfg, "auto.mk"), "a", encoding="utf-8") as f:
        f.write("".join("%s: FORCE ; @:\n" % path for path in changed))


def cmd_graph(c):
    c.load(c.dot_config, strict=False)
    folders = kconfgraph.enabled(c)
    direct = kconfgraph.edges(c, folders)
    print("digraph unidom {\n\trankdir=TB; node [shape=box];")
    for f in folders:
        print('\t"%s";' % f.name)
        for d in direct[f]:
            print('\t"%s" -> "%s";' % (f.name, d.name))
    print("}")


COMMANDS = {n[4:]: f for n, f in globals().items() if n.startswith("cmd_")}
# Which write the build folder, one at a time: they look at files that another one may be putting in place. A menu stays open for long, and is
# not here.
WRITERS = {"defconfig", "refresh", "sync", "olddefconfig"}


def lock(folder):
    """The folder is the caller's until the result is closed."""
    os.makedirs(folder, exist_ok=True)
    f = open(os.path.join(folder, ".config.lock"), "w", encoding="ascii")  # pylint: disable=consider-using-with
    fcntl.flock(f, fcntl.LOCK_EX)
    return f


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("command", choices=sorted(COMMANDS))
    p.add_argument("--root", required=True)
    p.add_argument("--out", required=True, help="the build folder")
    p.add_argument("--app", required=True)
    p.add_argument("--plat", required=True)
    p.add_argument("--external", help="folders of external libraries, separated by colons")
    p.add_argument("--to", help="file to write (savedefconfig), folder (plan)")
    args = p.parse_args()
    try:
        with lock(args.out) if args.command in WRITERS else contextlib.nullcontext():
            COMMANDS[args.command](Config(args))
    except Fail as e:
        sys.exit(str(e))
    except OSError as e:
        sys.exit("error: config: %s: %s" % (e.filename, e.strerror))


if __name__ == "__main__":
    main()
