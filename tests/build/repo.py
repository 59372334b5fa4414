# SPDX-License-Identifier: BSD-3-Clause
"""A small repository of its own, built by this repository's rules layer."""
import gzip
import hashlib
import io
import os
import re
import shutil
import subprocess
import tarfile

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))

PORT = {
    "COPYING": "Do with it what you like.\n",
    "include/foo.h": "#include <made.h>\nint foo_one(void); int foo_two(void); int foo_sub_one(void); int foo_glue_one(void);\n"
                     "int foo_made(void); int many_first(void); int many_second(void);\n",
    "src/one.c": "#include <foo.h>\n\nint foo_one(void)\n{\n\treturn 1;\n}\n",
    "src/two.c": "#include <foo.h>\nint foo_two(void)\n{\n#ifdef EXTRA\n\treturn 22;\n#else\n\treturn 2;\n#endif\n}\n",
    "src/sub/one.c": "int foo_sub_one(void) { int unused; return 3; }\n",
    "src/many.c": "int NAME(void) { return 4; }\n",
    "templates/made.h.in": "#define FOO_MADE 5\n",
    "templates/made.c.in": "#include <foo.h>\nint foo_made(void) { return FOO_MADE; }\n",
    "tests/junk.c": "#error not to be unpacked\n",
}


def tarball(files, top="foo-1.0"):
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as tar:
        for name, text in sorted(files.items()):
            info = tarfile.TarInfo(top + "/" + name)
            info.size = len(text)
            tar.addfile(info, io.BytesIO(text.encode()))
    return gzip.compress(raw.getvalue(), mtime=0)


# What an outer make exports is not for the makes of the tests.
INHERITED = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "APP", "PLAT", "ARCH", "O", "DL", "UK_MIRROR", "OFFLINE", "V", "L", "UK_EXTERNAL", "UK_PYTHON")


class Result:
    def __init__(self, code, out):
        self.code, self.out = code, out

    @property
    def errors(self):
        # Two writers at once may share a line of the terminal: a step, and the error behind it, or the compiler's "fatal error".
        return re.findall(r"^(?:(?:  |\[ *\d+/\d+\] )[A-Z]+ .*?)?(?<!fatal )(error: .*)$", self.out, re.M)

    @property
    def steps(self):
        """('CC', 'libfoo: src/one.c') and so on."""
        return re.findall(r"^(?:  |\[ *\d+/\d+\] )([A-Z]+) +(.*)$", self.out, re.M)

    def compiled(self):
        return sorted(what for step, what in self.steps if step in ("CC", "AS"))


class Repo:
    def __init__(self, path):
        self.path = str(path)
        shutil.copytree(os.path.join(HERE, "fixture"), self.path)
        for name in ("Makefile", "Kconfig", "VERSION", "LICENSE"):
            shutil.copy(os.path.join(TOP, name), self.path)
        shutil.copytree(os.path.join(TOP, "mk"), self.path + "/mk", ignore=shutil.ignore_patterns("__pycache__"))
        os.mkdir(self.path + "/scripts")
        self.copy_scripts("fetch", "fetchlib", "ksyms", "sbom", "sbomlib", "imagesize", "legalinfo")
        self.mirror = self.path + "/mirror"
        os.mkdir(self.mirror)
        self.publish(PORT)
        self.image = self.path + "/build/hello-kvm/hello_kvm-x86_64"

    def copy_scripts(self, *names):
        for name in names:
            source, target = os.path.join(TOP, "scripts", name), self.path + "/scripts/" + name
            if os.path.isdir(source):
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, target)

    def publish(self, files):
        """Puts the port's archive on the mirror and pins its hash."""
        data = tarball(files)
        self.write("mirror/foo-1.0.tar.gz", data)
        self.sha = hashlib.sha256(data).hexdigest()
        self.pin(self.sha)

    def pin(self, sha):
        text = self.read("libs/foo/Makefile.uk")
        self.write("libs/foo/Makefile.uk", re.sub(r"(LIBFOO_SHA256 :=).*", r"\1 " + sha, text))

    def read(self, name, mode="r"):
        with open(os.path.join(self.path, name), mode) as f:
            return f.read()

    def write(self, name, data):
        path = os.path.join(self.path, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(data if isinstance(data, bytes) else data.encode())

    def edit(self, name, old, new):
        text = self.read(name)
        assert old in text
        self.write(name, text.replace(old, new))

    def env(self, **more):
        env = {k: v for k, v in os.environ.items() if k not in INHERITED}
        env.update({"UK_MIRROR": self.mirror, "BOOTSTRAP": "0", "APP": "hello"}, **more)
        return env

    def make(self, *args, timeout=300, **env):
        p = subprocess.run(["make"] + list(args), cwd=self.path, env=self.env(**env), stdout=subprocess.PIPE,
                           stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True, timeout=timeout, check=False)
        return Result(p.returncode, p.stdout)

    def run(self, *args):
        """The same with its two outputs apart."""
        return subprocess.run(["make"] + list(args), cwd=self.path, env=self.env(), capture_output=True, text=True, check=False)

    def ok(self, *args, **env):
        r = self.make(*args, **env)
        assert r.code == 0, r.out
        return r

    def bad(self, *args, **env):
        r = self.make(*args, **env)
        assert r.code != 0, r.out
        assert "Traceback" not in r.out
        return r

    def trees(self):
        src = self.path + "/build/src"
        return sorted(n for n in os.listdir(src) if not n.startswith(".") and not n.endswith(".origin")) \
            if os.path.isdir(src) else []

    def symbols(self, name=None):
        out = subprocess.run(["nm", name or self.image + ".dbg"], stdout=subprocess.PIPE, text=True, check=True).stdout
        return [line.split()[-1] for line in out.splitlines()]

    def disassembly(self, function):
        out = subprocess.run(["objdump", "-d", "--disassemble=" + function, self.image + ".dbg"], stdout=subprocess.PIPE,
                             text=True, check=True).stdout
        return out
