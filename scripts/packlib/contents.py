# SPDX-License-Identifier: BSD-3-Clause
"""What is in each package, Debian's and RPM."""
import glob
import os

LIB = "usr/lib/unidom"
HERE = os.path.dirname(os.path.abspath(__file__))

class Package:
    """@image: the build folder whose image it has. @paths: function (tree, build folder) -> [(file, path in the package)].
    @scripts: {name of a maintainer script of Debian's: file here}; @rpm_scripts, @rpm_fields: the same for RPM."""

    def __init__(self, name, image, paths, description, fields=(), scripts=(), section="admin", rpm_fields=(), rpm_scripts=()):
        self.name, self.image, self.files, self.description, self.section = name, image, paths, description, section
        self.fields, self.scripts = list(fields), dict(scripts)
        self.rpm_fields, self.rpm_scripts = list(rpm_fields), dict(rpm_scripts)
        self.architecture = "amd64" if image else "all"
        # Compressed as Debian has them.
        self.manuals = sorted(glob.glob(HERE + "/" + name + "*.[1-9]"))
        self.overrides = HERE + "/" + name + ".overrides"


def stubdom(_, build):
    image = os.path.join(build, "qemu-stubdom-xen", "qemu-stubdom_xen-x86_64")
    return [(image + suffix, LIB + "/qemu-stubdom_xen-x86_64" + suffix) for suffix in (".gz", ".ramdisk")] + [
        (HERE + "/unidom-stubdom-default", "usr/sbin/unidom-stubdom-default")]


def runner(top, build):
    # Where scripts/run looks for it, seen from its own folder.
    image = "build/qemu-stubdom-kvm/qemu-stubdom_kvm-x86_64"
    files = [(os.path.join(build, os.path.relpath(image, "build")), LIB + "/" + image)]
    files.append((HERE + "/unidom-run", "usr/bin/unidom-run"))
    for path in [os.path.join(top, "scripts/run"), *sorted(glob.glob(top + "/scripts/runlib/*.py"))]:
        files.append((path, LIB + "/" + os.path.relpath(path, top)))
    return files


def manual(top, _):
    paths = [os.path.join(top, n) for n in ("README.md", "CHANGELOG.md", "SECURITY.md")] + sorted(glob.glob(top + "/docs/*.md"))
    return [(p, "usr/share/doc/unidom-doc/" + os.path.relpath(p, top)) for p in paths if os.path.exists(p)]


PACKAGES = [
    Package("unidom-stubdom", "qemu-stubdom-xen", stubdom,
            "QEMU as a unikernel: device model stubdomain for Xen\n"
            " The device model of one HVM guest each, in an unprivileged PV domain\n"
            " beside it, for stock libxl, in 32 MB.\n"
            " .\n"
            " A guest's configuration names it (stubdomain_kernel and\n"
            " stubdomain_ramdisk); unidom-stubdom-default makes it everybody's default.",
            fields=[("Enhances", "xen-utils-common")], scripts={"prerm": HERE + "/unidom-stubdom.prerm"},
            rpm_fields=[("Requires", "/usr/sbin/update-alternatives"), ("Enhances", "xen-runtime")],
            rpm_scripts={"preun": HERE + "/unidom-stubdom.preun"}),
    Package("unidom-run", "qemu-stubdom-kvm", runner,
            "QEMU as a unikernel: image for KVM, and its runner\n"
            " QEMU without an operating system under it, which boots in well under a\n"
            " second in a virtual machine, and the program that starts it with disks,\n"
            " networks and monitors of the host.",
            fields=[("Depends", "python3, qemu-system-x86")], rpm_fields=[("Requires", "python3, qemu-system-x86")]),
    Package("unidom-doc", None, manual, "QEMU as a unikernel: documentation\n How it is built, run and works inside.", section="doc"),
]
