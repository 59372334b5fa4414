# SPDX-License-Identifier: BSD-3-Clause
"""Whether KVM works here."""

import os
import subprocess

from runlib.options import EMULATOR
from runlib.process import end, spawn
from runlib.report import Failure, describe, note

PATIENCE = 10  # seconds


def kvm_works():
    """/dev/kvm may be there without working: start a machine on it and end it again."""
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        return False
    command = [EMULATOR, "-accel", "kvm", "-machine", "pc", "-cpu", "host", "-nodefaults", "-display", "none", "-monitor", "stdio"]
    process = spawn(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.communicate(b"quit\n", PATIENCE)
        return not process.returncode
    except subprocess.TimeoutExpired:
        return False
    finally:
        end(process)


def check_kvm():
    try:
        os.close(os.open("/dev/kvm", os.O_RDWR | os.O_CLOEXEC))
    except OSError as e:
        raise Failure(f"--accel kvm: {describe(e)}") from None


def choose_accel(args):
    if args.accel == "kvm":
        check_kvm()
    if args.accel != "auto":
        note(f"{args.accel} as asked for")
        return args.accel
    works = kvm_works()
    note("with KVM" if works else "emulated: /dev/kvm does not work here")
    return "kvm" if works else "tcg"
