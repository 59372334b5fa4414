# SPDX-License-Identifier: BSD-3-Clause
"""Scripts of steps for dom0, with an HVM guest whose device model is ours: tests/xen/steps.sh has their functions."""

import os
import re
from dataclasses import dataclass

from machine import ktap
from xenlab import dom0, hvm, session
from xenlab_fixtures import INSIDE, PATIENCE

HERE = os.path.dirname(os.path.abspath(__file__))
PTY = 'serial = "pty"\n'  # xl console -t serial reaches it
LOGS = ("lab/out/results", "lab/out/serial.log", "lab/out/keys.log", "lab/out/monitor.log", "var/log/xen/qemu-dm-guest.log")


@dataclass
class Steps:
    """What a script of steps left."""

    results: dict  # name of a check -> whether it passed
    outcome: object

    def text(self, name):
        return self.outcome.files.get(name.lstrip("/"), b"").decode("utf-8", "replace").replace("\r", "")

    def failures(self):
        return [name for name, ok in self.results.items() if not ok]

    def part(self, name):
        """{check: whether it passed} of those called "@name: check"."""
        return {check[len(name) + 2 :]: ok for check, ok in self.results.items() if check.startswith(f"{name}: ")}


PAUSED = """
log=/var/log/xen/console/guest-image.log
: >$log
(
    xl create -q -p /lab/{config}.cfg || exit 2
    id=$(xl domid image)
    home=/local/domain/$id
    {prepare}
    xl unpause image
    wait_for 60 no has_domain image || exit 3
)
echo $? >/lab/out/status{name}
cp $log /lab/out/log{name}
xl destroy image 2>/dev/null
"""


def paused(name, config, prepare):
    """Shell lines that create the PV domain "image" of @config paused, do @prepare with its $id and $home, and let it run until it is gone."""
    return PAUSED.format(name=name, config=config, prepare=prepare)


def after_paused(outcome, name):
    """(status of the lines of paused(), what the domain said)."""
    log = outcome.files.get(f"lab/out/log{name}", b"").decode("utf-8", "replace").replace("\r", "")
    status = outcome.files.get(f"lab/out/status{name}", b"none").strip()
    print(log or outcome.console[-3000:])
    return status, log


def chosen(request, test, parameter):
    """The values of @parameter for which @test of @request's module runs this time, for a fixture that does all of it in one dom0."""
    items = [item for item in request.session.items if item.path == request.path and item.originalname == test]
    return list(dict.fromkeys(item.callspec.params[parameter] for item in items))


def functions():
    """Shell text with the functions of steps.sh."""
    with open(os.path.join(HERE, "steps.sh"), encoding="utf-8") as f:
        return f"PATIENCE={INSIDE}\n{f.read()}\n"


def run_steps(lab, job, script, limit=180, whole=True):
    """Run @script in dom0 with what hvm.Job @job describes prepared and nothing started: Steps. Not @whole: also when dom0 was lost on the
    way, or the time over."""
    text = f"{functions()}\n{job.before}\n{script}\nfinish\n"
    limit = session.BOOT_ALLOWANCE + limit * PATIENCE
    outcome = dom0.run(lab, text, hvm.prepared(lab, job), ["/lab/out/*", *job.fetch], limit, guests=job.guests,
                       hardware=job.hardware)
    steps = Steps({}, outcome)
    for name in LOGS:  # pytest shows it with a failure
        print(f"--- {name}\n{steps.text(name)[-6000:]}")
    print("--- console", *re.findall(r"^(?!\(d\d|\(XEN\)|$).*$", outcome.console, re.M)[-100:], sep="\n")
    assert outcome.status == 0 or not whole, f"{outcome.how}, status {outcome.status}"
    results = steps.text("lab/out/results")
    if not whole and not re.search(r"^1\.\.\d", results, re.M):
        results += f"1..{len(re.findall('^(?:not )?ok ', results, re.M))}\n"
    steps.results = ktap(results)
    return steps


def passed(lab, job, script, limit=180):
    """As run_steps(), and every check passes."""
    steps = run_steps(lab, job, script, limit)
    assert steps.results and not steps.failures(), steps.failures()
    return steps
