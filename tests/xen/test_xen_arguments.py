# SPDX-License-Identifier: BSD-3-Clause
"""What libxl gives to a device model (tests/common/libxl-argv.txt), given to the stubdomain's image: what it says about what it leaves
out, how it ends where it cannot do what is asked, and that it has each device. All in one dom0, as PV domains of a second each: none
of it needs a guest. What is taken is replayed in the image for KVM (tests/boot/test_stubdom_arguments.py), and asked of xl
(test_xen_configurations.py)."""

import re
import shlex

import pytest

import libxl_argv
from xen_steps import after_paused, functions, paused
from xenlab import dom0, session
from xenlab_fixtures import PATIENCE, PV_CONFIG

TABLE = [g for g in libxl_argv.table() if not (g.xen and g.end)]
BEGIN = ["-machine", "none", "-accel", "xen", "-display", "none", "-nodefaults"]
END = ["-device", "nosuch"]
NO_SUCH = "'nosuch' is not a valid device model name"


def _cases():
    """{name: (words, what is said)}: a row's first alternative, as the others take the same way."""
    seen, found = set(), {}
    for given in TABLE:
        named = [f"arguments: {about}: " for about in given.lines]
        # A card of the network wants a network first.
        if given.asked in seen or "-netdev" in given.words or not (named or "is not a valid" in given.end):
            continue
        seen.add(given.asked)
        # With this machine there is no bus for a card.
        ends = [given.end] if given.end else [] if given.qemus else [NO_SUCH]
        found[given.name] = ([*BEGIN, *given.words, *END], named + ends)
    # Sorted as text, the thousandth would follow the hundredth.
    found["a thousand words"] = ([*BEGIN, *["-S"] * (998 - len(BEGIN)), *END], [NO_SUCH])
    return found


CASES = _cases()
HELP = "help"


def written(words):
    """Shell lines that make @words the arguments of the domain's guest, which is itself: it never comes to look at it."""
    nodes = " ".join(f"$argv/{n:03} {shlex.quote(word)}" for n, word in enumerate(words, 1))
    return f"""xenstore-write $home/target $id $home/device-model/$id ''
xenstore-chmod $home/device-model/$id n$id
argv=$(xenstore-read $home/vm)/image/dm-argv
xenstore-write -- {nodes}
"""


@pytest.fixture(name="said", scope="module")
def _said(lab, xen_image):
    """said(case): (status of its script, what the image said)."""
    files = {"lab/image": xen_image("qemu-stubdom")}
    for which, arguments in (("", ""), (HELP, "-- -device help")):
        files[f"lab/image{which}.cfg"] = PV_CONFIG.format(memory=64, arguments=arguments).encode()
    script = functions() + paused(HELP, f"image{HELP}", ":")
    for number, (words, _) in enumerate(CASES.values()):
        files[f"lab/words{number}"] = written(words).encode()
        script += paused(number, "image", f". /lab/words{number}")
    limit = session.BOOT_ALLOWANCE + (60 + 15 * len(CASES)) * PATIENCE
    outcome = dom0.run(lab, script, files, ["/lab/out/*"], limit=limit)

    def of(case):
        return after_paused(outcome, HELP if case == HELP else list(CASES).index(case))

    return of


@pytest.mark.parametrize("case", CASES)
def test_said(said, case):
    status, log = said(case)
    assert status == b"0"
    lines = log.splitlines()
    for text in CASES[case][1]:
        # The words themselves are a line, the first.
        assert len([line for line in lines if text in line]) == 1, text
    assert len([line for line in lines if line.startswith("arguments: ")]) == sum(t.startswith("arguments: ") for t in CASES[case][1])
    assert "unidom: exit status 1" in lines


def test_devices(said):
    """Each device of the table is in the image for Xen too."""
    status, log = said(HELP)
    assert status == b"0"
    there = set(re.findall(r'^name "(.*?)"', log, re.M))
    for given in TABLE:
        for before, word in zip(given.qemus, given.qemus[1:]):
            name = word.split(",")[0]
            if before == "-device" and not given.end:
                assert libxl_argv.ALIASES.get(name, name) in there, name
