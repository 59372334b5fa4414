# SPDX-License-Identifier: BSD-3-Clause
"""Images of ours on a real KVM. What they do there is what the boot tests look at; here it is whether the platform holds."""

import pytest

import faults
from images import HELLO
from kvmlab import linux
from kvmlab.linux import Job
from machine import CRASHED, PATIENCE, ktap

MACHINES = ("q35", "pc")
# Timers and clocks have several ways: what KVM offers decides.
CLOCKS = {
    "all": "",
    "no-deadline": "-cpu host,-tsc-deadline",
    "no-kvmclock": "-cpu host,-kvmclock",
    "neither": "-cpu host,-tsc-deadline,-kvmclock",
    "split": "-machine kernel-irqchip=split",
}


def run(kvm, jobs, limit=180, **options):
    """Results of @jobs, in one Linux."""
    for job in jobs.values():
        job.wait = int(job.wait * PATIENCE)
    outcome, results = linux.run_images(kvm, jobs, limit=limit * PATIENCE, **options)
    for name, result in results.items():  # pytest shows it with a failure
        print(f"=== {name}: {result.status}\n--- console\n{result.console}\n--- serial\n{result.serial}")
    assert outcome.how == "poweroff", outcome.console
    return results


def test_lab(kvm):
    """Files go in and come back, so does the status; and it is KVM."""
    script = "cat /lab/in /lab/data >/tmp/out; test -c /dev/kvm && exit 7"
    outcome = linux.run(kvm, script, {"lab/in": b"one\n", "lab/data": __file__}, ["/tmp/o*"], limit=120 * PATIENCE)
    assert outcome.status == 7 and outcome.how == "poweroff", outcome.console
    with open(__file__, "rb") as f:
        assert outcome.files["tmp/out"] == b"one\n" + f.read()


def test_helloworld(kvm, image):
    """The machines, little memory, and that scripts/run finds KVM by itself."""
    hello = image("helloworld")
    jobs = {m: Job(hello, ["--outer-machine", m], ["one", "two words"]) for m in MACHINES}
    jobs["auto"] = Job(hello, ["--accel", "auto", "--outer-memory", 8])
    results = run(kvm, jobs)
    assert [r.status for r in results.values()] == [0, 0, 0]
    for machine in MACHINES:
        assert "Hello, world\nargument 1: one\nargument 2: two words\n" in results[machine].console
    assert "run: with KVM\n" in results["auto"].console


@pytest.mark.parametrize("app", ["posix-test", "lib-test"])
def test_program(kvm, image, app):
    """Every KTAP line is ok."""
    result = run(kvm, {app: Job(image(app), ["--outer-memory", 64], wait=120)}, limit=300)[app]
    assert not [name for name, passed in ktap(result.console).items() if not passed]
    assert result.status == 0


def test_clocks(kvm, image):
    """Timers, whatever they are made of."""
    posix = image("posix-test")
    jobs = {name: Job(posix, ["--outer-memory", 64, f"--outer={text}"], ["timers"]) for name, text in CLOCKS.items()}
    for name, result in run(kvm, jobs).items():
        results = ktap(result.console)
        assert results and all(results.values()) and result.status == 0, name


def test_faults(kvm, image):
    fault = image("fault-test")
    jobs = {name: Job(fault, ["--outer-memory", 32], [name]) for name in (*faults.FAULTS, "exit_7", "map_big", "touch_big")}
    results = run(kvm, jobs)
    for name in faults.FAULTS:
        assert faults.named(name, results[name].console) and results[name].status == CRASHED, name
    assert results["exit_7"].status == 7
    assert results["map_big"].status == 0
    assert results["touch_big"].status == CRASHED and "out of memory" in results["touch_big"].console


def test_guests(kvm, image, guest):
    """The product on both machines: a guest from its disk, and one that writes and resets."""
    product = image("qemu-stubdom")
    jobs = {m: Job(product, ["--outer-machine", m, "--disk", "/lab/hello.img"]) for m in MACHINES}
    jobs["write"] = Job(product, ["--disk", "/lab/write.img"])
    results = run(kvm, jobs, files={"lab/hello.img": guest("hello"), "lab/write.img": guest("write")})
    assert [r.status for r in results.values()] == [0, 0, 0]
    for machine in MACHINES:
        assert results[machine].serial.splitlines() == HELLO
    assert results["write"].serial.splitlines() == [f"guest: boot {i}, written" for i in (1, 2, 3)]
