# SPDX-License-Identifier: BSD-3-Clause
"""What the tests under Xen share."""

import functools
import os
import re

import images
from xenlab import BUILD, DEFAULT, dom0, hvm
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


@functools.lru_cache(maxsize=None)
def built_lab(version=None):
    return Lab(version or os.environ.get("UNIDOM_XEN", DEFAULT)).build()


def patient(parameters):
    """@parameters of the guest tests/guests/devices with seconds= as patient as the limits inside the lab."""
    return re.sub(r"\bseconds=(\d+)", lambda m: f"seconds={int(m[1]) * INSIDE}", parameters)


def build_image(app):
    return images.build_image(app, "xen", BUILD)


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
    options["wait"] = int(options.get("wait", 90) * PATIENCE)
    result = hvm.run(lab, hvm.Job(mode, disk, **options))
    # pytest shows it with a failure
    print("\n".join(result.lines() + result.errors()))
    print(f"--- device model\n{result.stubdomain_log}\n--- serial\n{result.serial}\n--- console\n{result.outcome.console[-6000:]}")
    return result


def static_program(source, path):
    """The program of tests' @source at @path, static: dom0's libraries are Debian's of another version."""
    return images.build_program(source, path, "-static")
