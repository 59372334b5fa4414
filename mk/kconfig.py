#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Configuration of one build folder: load, check, write, and describe it to make and to C.

Output of a sync, all under the build folder:
  .config              what the user sees and edits
  include/uk/config.h  CONFIG_* macros, included into our own sources
  config/SYMBOL        one file a symbol, rewritten only when its value changes
  auto.mk              CONFIG_* variables, enabled folders, and the edges between them
"""
import argparse
import hashlib
import os
import re
import sys

try:
    import kconfiglib
except ImportError:
    sys.exit("error: config: python3-kconfiglib is missing (run scripts/bootstrap)")

KERNEL_KINDS = ("abi", "arch", "plat", "core", "posix", "drivers")
USER_KINDS = ("libs", "apps")


class Fail(Exception):
    """One clear line for the user."""


def write_if_changed(path, text):
    try:
        with open(path, encoding="utf-8") as f:
            if f.read() == text:
                return False
    except OSError:
        pass
    os.makedirs(os.path.dirname(path), exist_ok=True)
    tmp = "%s.tmp.%d" % (path, os.getpid())
    with open(tmp, "w", encoding="utf-8") as f:
        f.write(text)
    os.replace(tmp, path)
    return True


def sha(path):
    with open(path, "rb") as f:
        return hashlib.sha256(f.read()).hexdigest()


def ident(folder):
    """libs/foo-bar -> libfoo_bar, drivers/virtio-blk -> drivers_virtio_blk, apps/x -> app_x."""
    kind, name = folder.rstrip("/").split("/")[-2:]
    name = re.sub(r"[^a-z0-9]", "_", name.lower())
    if kind == "libs":
        return name if name.startswith("lib") and name != "lib" else "lib" + name
    return ("app" if kind == "apps" else kind) + "_" + name


class Folder:
    def __init__(self, root, path, external=False):
        self.path = path if external else os.path.join(root, path)
        self.label = path
        self.config = os.path.join(self.path, "Config.uk")
        self.kind = "libs" if external else path.split("/")[0]
        name = os.path.basename(path)
        if external and name.startswith("lib-"):
            name = name[4:]
        self.name = ident(self.kind + "/" + name)
        self.symbol = self.name.upper()
        self.kernel = self.kind in KERNEL_KINDS
        self.external = external


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
        ext_kconfig = os.path.join(self.cfg, "external.kconfig")
        if ext:
            text = "".join('source "%s"\n' % f.config for f in ext)
            write_if_changed(ext_kconfig, text)
        os.environ["UK_EXTERNAL"] = ext_kconfig if ext else "/nonexistent"
        try:
            self.kconf = kconfiglib.Kconfig("Kconfig", warn_to_stderr=False)
        except kconfiglib.KconfigError as e:
            raise Fail("error: config: " + self.one_line(str(e))) from e
        self.parse_warnings = list(self.kconf.warnings)
        self.kconf.warnings.clear()

    @staticmethod
    def one_line(text):
        """kconfiglib tells a loop on a page; its symbols and their places are enough."""
        if "Dependency loop" in text:
            steps = re.findall(r"(?:^|depends (?:again )?on )(\S+) \(defined at ([^)]*?)\)", text, re.M)
            return "dependency loop: " + " -> ".join("%s (%s)" % s for s in steps)
        return " ".join(text.split())

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
                raise Fail("error: config: external library %s has no Config.uk" % path)
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
        if sym.ranges:
            return "its range is " + ", ".join("%s to %s" % (r[0].str_value, r[1].str_value) for r in sym.ranges)
        return "another choice or its visibility forbids it"

    def load(self, path, strict):
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
        if strict and msgs:
            raise Fail("\n".join("error: config: " + m for m in msgs))
        bad = [m for m in msgs if "undefined symbol" not in m]
        if bad:
            raise Fail("\n".join("error: config: " + m for m in bad))
        self.force_choice()
        if strict:
            self.check_taken(path, shown)

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

    def check_taken(self, path, shown):
        lines = {}
        with open(path, encoding="utf-8") as f:
            for n, line in enumerate(f, 1):
                m = re.match(r"(?:# )?CONFIG_(\w+)(?:=| is not set)", line)
                if m:
                    lines[m.group(1)] = n
        errors = []
        for name, n in lines.items():
            sym = self.kconf.syms[name]
            user = sym.user_value
            if user is None:
                continue
            got = sym.tri_value if sym.type in (kconfiglib.BOOL, kconfiglib.TRISTATE) \
                else sym.str_value
            if got != user:
                errors.append("error: config: %s:%d: CONFIG_%s cannot be '%s': %s" %
                              (shown, n, name, {0: "n", 1: "m", 2: "y"}.get(user, user), self.why_not(sym)))
        if errors:
            raise Fail("\n".join(errors))

    # -- writing ----------------------------------------------------------------------------

    def pristine(self):
        try:
            with open(self.pristine_stamp, encoding="utf-8") as f:
                return f.read().strip() == sha(self.dot_config)
        except OSError:
            return False

    def write_config(self, pristine):
        os.makedirs(self.cfg, exist_ok=True)
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
        mk += self.graph_lines()
        write_if_changed(os.path.join(self.cfg, "auto.mk"), "\n".join(mk) + "\n")
        os.utime(os.path.join(self.cfg, "auto.mk"))

    # -- the dependency graph ----------------------------------------------------------------

    def enabled(self):
        out = []
        for f in self.folders:
            sym = self.kconf.syms.get(f.symbol)
            if sym is None or not sym.nodes:
                raise Fail("error: %s: does not define the symbol %s" %
                           (os.path.relpath(f.config, self.root), f.symbol))
            if sym.tri_value == 2:
                out.append(f)
        return out

    def edges(self, folders):
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

        for sym in self.kconf.unique_defined_syms:
            if sym.tri_value == 0 and sym.type in (kconfiglib.BOOL, kconfiglib.TRISTATE):
                continue
            for node in sym.nodes:
                f = by_file.get(os.path.realpath(os.path.join(self.root, node.filename)))
                if f is None:
                    continue
                add(f, node.dep)
                for target, cond in node.selects + node.implies:
                    if kconfiglib.expr_value(cond):
                        add(f, target)
        return direct

    @staticmethod
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

    def graph_lines(self):
        folders = self.enabled()
        direct = self.edges(folders)
        lines = ["UK_FOLDERS := " + " ".join(f.name for f in folders)]
        for f in folders:
            lines.append("%s_FOLDER := %s" % (f.name, f.path))
            lines.append("%s_KERNEL := %s" % (f.name, "y" if f.kernel else ""))
            lines.append("%s_EXTERNAL := %s" % (f.name, "y" if f.external else ""))
            lines.append("%s_DIRECT := %s" % (f.name, " ".join(d.name for d in direct[f])))
            deps = self.closure(f, direct, lambda d: True)
            lines.append("%s_DEPS := %s" % (f.name, " ".join(d.name for d in deps)))
            lines.append("%s_INCDEPS := %s" % (f.name, " ".join(self.include_deps(f, direct))))
        return lines

    def include_deps(self, f, direct):
        """Whose public headers a folder sees. Ports' edges into the kernel stop at the port."""
        if f.kernel:
            return [d.name for d in self.closure(f, direct, lambda d: True)]
        names = [d.name for d in self.closure(f, direct, lambda d: not d.kernel) if not d.kernel]
        for d in direct[f]:
            if d.kernel:
                names += [n.name for n in [d] + self.closure(d, direct, lambda n: True)]
        return list(dict.fromkeys(names))


# -- commands ------------------------------------------------------------------------------------

def defconfig_path(c):
    path = os.path.join(c.root, "apps", c.args.app, "defconfig." + c.args.plat)
    return path if os.path.isfile(path) else None


def cmd_defconfig(c):
    path = defconfig_path(c)
    if path:
        c.load(path, strict=True)
    else:
        print("  NOTE    apps/%s has no defconfig.%s, using defaults" % (c.args.app, c.args.plat))
        c.force_choice()
    c.write_config(pristine=True)


def cmd_refresh(c):
    """The defconfig changed: follow it unless the user has edited .config."""
    if os.path.isfile(c.dot_config) and not c.pristine():
        print("  NOTE    keeping your %s ('make defconfig' resets it)" %
              os.path.relpath(c.dot_config, c.root))
        os.utime(c.dot_config)
        return
    cmd_defconfig(c)
    os.utime(c.dot_config)


def cmd_sync(c):
    pristine = c.pristine()
    c.load(c.dot_config, strict=False)
    c.write_config(pristine)
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
    menuconfig.menuconfig(c.kconf)


def cmd_graph(c):
    c.load(c.dot_config, strict=False)
    folders = c.enabled()
    direct = c.edges(folders)
    print("digraph unidom {\n\trankdir=TB; node [shape=box];")
    for f in folders:
        print('\t"%s";' % f.name)
        for d in direct[f]:
            print('\t"%s" -> "%s";' % (f.name, d.name))
    print("}")


COMMANDS = {n[4:]: f for n, f in globals().items() if n.startswith("cmd_")}


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("command", choices=sorted(COMMANDS))
    p.add_argument("--root", required=True)
    p.add_argument("--out", required=True, help="the build folder")
    p.add_argument("--app", required=True)
    p.add_argument("--plat", required=True)
    p.add_argument("--external", help="folders of external libraries, separated by colons")
    p.add_argument("--to", help="file to write (savedefconfig)")
    args = p.parse_args()
    try:
        COMMANDS[args.command](Config(args))
    except Fail as e:
        sys.exit(str(e))
    except OSError as e:
        sys.exit("error: config: %s: %s" % (e.filename, e.strerror))


if __name__ == "__main__":
    main()
