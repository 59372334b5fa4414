# SPDX-License-Identifier: BSD-3-Clause
"""xl dump-core of a PV domain of ours: all of its memory, in the format of Xen's dumps."""

from xenlab import dom0, session
from xenlab_fixtures import INSIDE, PATIENCE, PV_CONFIG

MEMORY = 32
SCRIPT = """
xl create -q /lab/image.cfg || exit 2
sleep {settle}
xl dump-core image /lab/core || exit 3
head -c 4 /lab/core >/lab/magic
stat -c %s /lab/core >/lab/size
xl destroy image
"""


def test_dump_core(lab, xen_image):
    config = PV_CONFIG.format(memory=MEMORY, arguments="-- hold-channels")
    files = {"lab/image": xen_image("xen-test"), "lab/image.cfg": config.encode()}
    script = SCRIPT.format(settle=2 * INSIDE)
    outcome = dom0.run(lab, script, files, ["/lab/magic", "/lab/size"], limit=session.BOOT_ALLOWANCE + 120 * PATIENCE)
    assert outcome.status == 0, f"{outcome.how}, status {outcome.status}\n{outcome.console[-3000:]}"
    assert outcome.files["lab/magic"] == b"\x7fELF"
    assert int(outcome.files["lab/size"]) >= MEMORY << 20
