# SPDX-License-Identifier: BSD-3-Clause
"""More programs of Debian's, unmodified: a script for each, run from a disk in apps/elfloader and by Linux; the same output."""

import os
import subprocess

import pytest

import packages
import programs
from images import BUILD
from machine import outcome
from test_elf import said

with open("/etc/os-release", encoding="utf-8") as os_release:
    pytestmark = pytest.mark.skipif("VERSION_CODENAME=bookworm" not in os_release.read(), reason="the packages' names are Debian 12's")

BASE = ("libc6 dash coreutils libselinux1 libpcre2-8-0 libacl1 libattr1 libgmp10 grep sed findutils diffutils libcrypt1 zlib1g "
        "libtinfo6 libreadline8 libgcc-s1 libstdc++6").split()  # fmt: skip

# Name: packages, and a script for /bin/sh.
PROGRAMS = {
    "sh": ("", """
seq 1 2000 | while read -r x; do echo "$((x * x))"; done | sort -rn | head -3
x=$(printf 'a\\nb\\n' | tr a-z A-Z); echo "$x"; (cd /usr; pwd; exit 3); echo $? $PWD
cat <<END | sed 's/^/> /'
$((6 * 7)) $(echo nested $(echo substitution))
END
{ seq 1 30000; seq 1 30000; } | sort -n | uniq -c | wc -l; sleep 0.1 & wait $!; echo $?
trap 'echo bye' EXIT; set -- one "two words"; for i; do echo "$i"; done; kill -0 $$ && echo alive
"""),
    "perl": ("perl-base", """
cat > p <<'END'
print `echo back`; print system("exit 3;") >> 8, "\\n"; open my $p, "-|", "seq 1 3" or die; print <$p>; close $p;
open $p, "|-", "sort -r" or die; print $p "a\\nb\\n"; close $p; $SIG{ALRM} = sub { die "alarm\\n" }; eval { alarm 1; sleep 9 }; print $@;
if (my $k = fork) { waitpid $k, 0; print $? >> 8, "\\n" } else { exit 7 }
pipe my $r, my $w; unless (fork) { syswrite $w, "from child\\n"; exit } close $w; print <$r>; wait; exit 4;
END
perl p; echo $?
"""),
    "bash": ("bash", """
cat > b <<'END'
declare -A h; for i in {1..500}; do h[$((i % 7))]+=$i; done; echo ${#h[2]}; [[ abc =~ b(.) ]] && echo ${BASH_REMATCH[1]}
x=$(echo sub); echo "$x" | tr a-z A-Z; coproc cat; echo hi >&${COPROC[1]}; read -ru ${COPROC[0]} y; echo "$y"
trap 'echo exit' EXIT; sleep 0.1 & wait $!; echo "$?"; (exit 9); echo $?; false | true; echo "${PIPESTATUS[@]}"
END
bash b; echo $?
"""),
    "findutils": ("", """
mkdir -p d/e/f; for i in 1 2 3; do echo $i > d/e/$i; done; find d -type f | sort; find d -name '[12]' -exec cat {} \\; | sort
find d -type f -print0 | sort -z | xargs -0 -n1 echo x; find d -name 3 -delete; ls d/e; find d -type f -exec grep -l 2 {} +
"""),
}  # fmt: skip


def linux(root, script):
    """What @script prints in a process of this system's whose root is @root."""
    command = ["chroot", root] if os.geteuid() == 0 else ["unshare", "-r", "chroot", root]
    environment = {"PATH": "/usr/bin:/usr/sbin", "LC_ALL": "C", "TZ": "UTC"}
    done = subprocess.run([*command, "/bin/dash", "-c", script], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False, timeout=120)  # fmt: skip
    return done.stdout


@pytest.mark.parametrize("name", PROGRAMS)
def test_program(image, tmp_path, name):
    names, text = PROGRAMS[name]
    root = packages.merged(tmp_path / "root", [*BASE, *names.split()], BUILD)
    (root / "dev/null").touch()
    disk = tmp_path / "disk"
    size = sum(os.lstat(os.path.join(folder, f)).st_size for folder, _, files in os.walk(root / "usr") for f in files)
    subprocess.run(["mke2fs", "-q", "-F", "-t", "ext4", "-d", root / "usr", disk, f"{size * 5 // 4 + (32 << 20) >> 10}k"], check=True)
    script = f"cd /tmp\n{text}"
    expected = linux(root, script)
    assert expected.count("\n") > 1 and "not found" not in expected, expected
    links = {top: f"usr/{top}" for top in ("bin", "sbin", "lib", "lib64")}
    ramdisk = programs.ramdisk(tmp_path, {"script": script.encode(), "usr/.keep": b"", "tmp/.keep": b""}, links)
    arguments = "mount=/dev/vda:/usr:ro env.PATH=/usr/bin env.LC_ALL=C env.TZ=UTC"
    options = ["--disk", f"{disk},format=raw", "--kernel-args", arguments, f"--outer=-initrd {ramdisk}", "--outer-memory", 512]
    status, console, _ = outcome(image("elfloader"), options, ["/bin/dash", "-c", "sh /script < /dev/null 2>&1 | cat"], timeout=120)
    assert expected in said(console), f"{console}\n--- expected\n{expected}"
    assert status == 0
