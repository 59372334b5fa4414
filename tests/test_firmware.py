# SPDX-License-Identifier: BSD-3-Clause
"""What apps/qemu-stubdom/pack packs, its firmware.c unpacks: with sanitizers, files like others and damaged ones among them."""
import pathlib
import random
import subprocess

import pytest

TOP = pathlib.Path(__file__).resolve().parent.parent
APP = TOP / "apps/qemu-stubdom"
PROGRAM = """
#include "firmware.c"
int main(int argc, char **argv)
{
    unsigned char *data = contents(named(argv[1]));

    if (argc != 2 || !data)
        return errno == EBADMSG ? 3 : 1;
    fwrite(data, 1, named(argv[1])->size, stdout);
    free(data);
    return 0;
}
"""


def noise(size, seed):
    return random.Random(seed).randbytes(size)


def files():
    """Sizes around those of pieces, and what differs at the beginning, in the middle, at the end, by a shift, and everywhere."""
    base = noise(40000, 0)
    return {"base": base, "same": base, "one": base[:20000] + b"x" + base[20001:], "shifted": noise(3000, 1) + base, "cut": base[:8192],
            "long": base + noise(30000, 2), "other": noise(50000, 3), "short": b"x", "longer": base[:16385]}


@pytest.fixture(scope="module", name="packed")
def _packed(tmp_path_factory):
    """(folder, program) with those files; all but the first are like it."""
    folder = tmp_path_factory.mktemp("firmware")
    for name, data in files().items():
        (folder / name).write_bytes(data)
    (folder / "list").write_text(f"port: base\nport like base: {' '.join(n for n in files() if n != 'base')}\n")
    (folder / "main.c").write_text(PROGRAM)
    subprocess.run([APP / "pack", folder / "firmware.bin", folder / "firmware.inc", f"port={folder}", folder / "list"], check=True)
    return folder, build(folder)


def build(folder):
    flags = "-g -Wall -Wextra -Werror -fsanitize=address,undefined -fno-sanitize-recover=undefined".split()
    sources = ["-x", "c", folder / "main.c", "-x", "assembler-with-cpp", APP / "blob.S", "-lz"]
    subprocess.run(["cc", *flags, "-I", folder, "-I", APP, "-o", folder / "program", *sources], check=True)
    return folder / "program"


@pytest.mark.parametrize("name", files())
def test_comes_back(packed, name):
    _, program = packed
    assert subprocess.run([program, name], stdout=subprocess.PIPE, check=True).stdout == files()[name]


def test_is_small(packed):
    """Of the same file next to nothing is packed; of all but "other" and what is new in "shifted" and "long" little."""
    folder, _ = packed
    assert (folder / "firmware.bin").stat().st_size < 40000 + 3000 + 30000 + 50000 + 5000


def test_damaged(packed):
    folder, _ = packed
    blob = folder / "firmware.bin"
    whole = blob.read_bytes()
    blob.write_bytes(b"\xff" * len(whole))
    try:
        program = build(folder)
        assert [subprocess.run([program, name], check=False, stdout=subprocess.DEVNULL).returncode for name in files()] == [3] * len(files())
    finally:
        blob.write_bytes(whole)


@pytest.mark.parametrize("line", ["port: nothing", "nowhere: base", "port like base: one\nport like one: same", "port: new=*"])
def test_wrong_list(packed, tmp_path, line):
    folder, _ = packed
    (tmp_path / "list").write_text(f"port: base\n{line}\n")
    command = [APP / "pack", tmp_path / "b", tmp_path / "i", f"port={folder}", tmp_path / "list"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and done.stderr.startswith("error: ") and done.stderr.count("\n") == 1, done.stderr
