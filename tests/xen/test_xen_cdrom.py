# SPDX-License-Identifier: BSD-3-Clause
"""xl cd-insert and cd-eject while a guest runs whose device model is ours. libxl can do that with a stubdomain since Xen 4.20."""

import pytest

from xen_steps import passed
from xenlab.hvm import Job
from xenlab_fixtures import built_lab

SECONDS = 300  # that the guest watches its drive
MEDIA = {f"lab/{word}.iso": f"{word} \n".encode().ljust(1 << 20, b"\0") for word in ("one", "two", "lock", "last")}

FUNCTIONS = """
# The guest tells what is in its drive when that changes.
sees() { tail -n 1 /lab/out/serial.log | tr -d "\r" | grep -q -x "# cdrom: $1"; }
check_sees() { check "the guest sees $1" wait_for 20 sees "$1"; }
insert() { xl cd-insert guest hdc "/lab/$1.iso"; }
eject() { xl cd-eject guest hdc; }
check_insert() {
    check "insert $1" insert "$1"
    check_sees "$1"
}
check_eject() {
    check eject eject
    check_sees "no medium"
}
front() { echo "/local/domain/$(xl domid guest-dm)/device/vbd/$1"; }
guest_ends() {
    check "the guest saw it, and is content" wait_for 20 said "^ok 1 - cdrom"
    xl destroy guest
    check "no domain is left" wait_for 20 no_domains
}
"""


@pytest.fixture(name="lab_4_20", scope="module")
def _lab_4_20():
    return built_lab("4.20")


@pytest.fixture(name="job")
def _job(devices_guest, xen_image):
    def make(cdrom, backend="phy", **options):
        disk = devices_guest(f"cdrom stay seconds={SECONDS}")
        return Job("ours", disk, kernel=xen_image("qemu-stubdom"), files=MEDIA, cdrom=cdrom, cdrom_backend=backend, **options)

    return make


CHANGES = """
nodes >/tmp/nodes.before
processes >/tmp/processes.before
loops() { losetup -a | wc -l; }
no_loops() { [ "$(loops)" = "$loops" ]; }
loops=$(loops)
check create create
check_sees one
check_insert two
check_eject
check_insert lock
check "not while it is locked" no eject
check "but the guest is asked" wait_for 20 said "# cdrom: asked for it"
check_eject

# Nothing is left of those before: the same event channel, and not more grants.
channel() { xenstore-read "$(front 5632)/event-channel"; }
check_insert one
before="$(channel) $(grants)"
i=0
while [ $i -lt 5 ] && insert two && wait_for 20 sees two && eject && eject && insert one && wait_for 20 sees one; do i=$((i + 1)); done
check "again and again" [ $i = 5 ]
after="$(channel) $(grants)"
echo "channel and grants: $before, $after"
check "the event channel is the same" [ "${before% *}" = "${after% *}" ]
check "no more grants" [ "${after#* }" -le "${before#* }" ]

check "insert last" insert last
guest_ends
check "no process" wait_for 20 same_processes
check "no xenstore node" nodes_since /tmp/nodes.before
check "no loop device" wait_for 20 no_loops
"""


def test_changes(lab_4_20, job):
    passed(lab_4_20, job("/lab/one.iso"), FUNCTIONS + CHANGES, limit=300)


EMPTY = """
check create create
check_sees "no medium"
check "an empty drive ejects" eject
check_insert one
check "insert last" insert last
guest_ends
"""


def test_empty_at_start(lab_4_20, job):
    passed(lab_4_20, job(""), FUNCTIONS + EMPTY)


# With the back end in dom0's QEMU, libxl fails to eject: it attaches an empty disk, of which QEMU makes none.
QDISK = """
check create create
check_sees one
check_insert two
check "insert last" insert last
guest_ends
"""


def test_qdisk(lab_4_20, job):
    passed(lab_4_20, job("/lab/one.iso", "qdisk"), FUNCTIONS + QDISK)


# Nobody answers an empty qdisk drive, and nobody waits for that.
QDISK_EMPTY = """
check create create
check_sees "no medium"
check "no wait" no stub_said "does not answer"
xl destroy guest
check "no domain is left" wait_for 20 no_domains
"""


def test_qdisk_empty_at_start(lab_4_20, job):
    passed(lab_4_20, job("", "qdisk"), FUNCTIONS + QDISK_EMPTY)
