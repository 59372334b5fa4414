# SPDX-License-Identifier: BSD-3-Clause
"""What the tests under Xen share."""

import functools
import os
import re

import images
import pytest
from xenlab import BUILD, DEFAULT, TOP, dom0, hvm
from xenlab.build import Lab
from xenlab.machine import boot_direct

set_parameters = images.set_parameters
# As of the boot tests: multiplies all limits. INSIDE: those in dom0 and in guests, in whole numbers.
PATIENCE = float(os.environ.get("UNIDOM_PATIENCE", "1"))
INSIDE = max(1, round(PATIENCE))
PV_CONFIG = """\
name = "image"
type = "pv"
kernel = "/lab/image"
memory = {memory}
vcpus = 1
cmdline = "{arguments}"
on_poweroff = "destroy"
on_reboot = "destroy"
on_crash = "destroy"
"""


VERSION = os.environ.get("UNIDOM_XEN", DEFAULT)
# Lines of the configuration for a hypervisor that is not the default one: its calls for the toolstack are numbered anew in each release.
FOR_VERSION = {"4.20": ("CONFIG_LIBXENTOOLS_4_20=y",)}
# Debian 13's QEMU in dom0 connects no PV framebuffer, and shows none that is connected (docs/limits.md): when that changes, so must this.
DOM0_SHOWS_FRAMEBUFFERS = VERSION != "4.20"


@functools.lru_cache(maxsize=None)
def built_lab(version=VERSION):
    return Lab(version).build()


def patient(parameters):
    """@parameters of the guest tests/guests/devices with seconds= as patient as the limits inside the lab."""
    return re.sub(r"\bseconds=(\d+)", lambda m: f"seconds={int(m[1]) * INSIDE}", parameters)


def asks_the_toolstack(app):
    """Whether @app's default configuration has libs/xentools."""
    texts = []
    for name in ("Config.uk", "defconfig.xen"):
        path = os.path.join(TOP, "apps", app, name)
        if os.path.exists(path):
            with open(path, encoding="utf-8") as f:
                texts.append(f.read())
    return any("LIBXENTOOLS" in text for text in texts)


@functools.lru_cache(maxsize=None)
def build_image(app, name="xen", lines=()):
    """The path of @app's image for the hypervisor that is tested. With @lines in its configuration besides, it has a folder that is called
    after @name."""
    if "UNIDOM_IMAGES" not in os.environ and asks_the_toolstack(app):
        lines = (*FOR_VERSION.get(VERSION, ()), *lines)
    if not lines:
        return images.default_image(app, "xen")
    out = os.path.join(BUILD, f"{name}-{VERSION}")
    config = os.path.join(out, f"{app}-xen", ".config")
    images.run_make(f"APP={app}", "PLAT=xen", f"O={out}", "defconfig")
    with open(config, "a", encoding="utf-8") as f:
        f.writelines(f"{line}\n" for line in lines)
    path = images.build_image(app, "xen", out)
    with open(config, encoding="utf-8") as f:
        assert set(lines) <= set(f.read().splitlines()), f"{config}: {lines} did not stay"
    return path


def direct(lab, image, arguments="", limit=60, **options):
    outcome = boot_direct(lab, image, arguments, limit=limit * PATIENCE, **options)
    assert outcome.how != "limit", f"hangs; console:\n{outcome.console}"
    return outcome


def create(lab, image, arguments="", memory=64, limit=180):
    """Start @image with xl, wait until it is gone: (outcome, console of the domain)."""
    files = {"lab/image": image, "lab/image.cfg": PV_CONFIG.format(memory=memory, arguments=arguments).encode()}
    outcome = dom0.run(lab, dom0.script("create-all"), files, limit=limit * PATIENCE)
    console = outcome.files.get("var/log/xen/console/guest-image.log", b"").decode("utf-8", "replace").replace("\r", "")
    assert outcome.status == 0, f"{outcome.how}; the domain said:\n{console}\neverything:\n{outcome.console}"
    return outcome, console


def run_guest(lab, mode, disk, **options):
    """Result of a guest on @disk whose device model is where @mode says."""
    if mode == "linux" and lab.version == "4.20":
        pytest.skip("the Linux stubdomain does not start there: docs/limits.md")
    options["wait"] = int(options.get("wait", 90) * PATIENCE)
    result = hvm.run(lab, hvm.Job(mode, disk, **options))
    # pytest shows it with a failure
    print("\n".join(result.lines() + result.errors()))
    print(f"--- device model\n{result.stubdomain_log}\n--- serial\n{result.serial}\n--- console\n{result.outcome.console[-6000:]}")
    return result


def static_program(source, path):
    """The program of tests' @source at @path, static: dom0's libraries are Debian's of another version."""
    return images.build_program(source, path, "-static")
