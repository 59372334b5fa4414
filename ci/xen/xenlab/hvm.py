# SPDX-License-Identifier: BSD-3-Clause
"""One HVM guest, its device model in dom0, in the Linux stubdomain or in one of ours: times and what it said."""

import re
from dataclasses import dataclass, field

from . import LabError, dom0, session
from .cpio import Archive

MODES = ("dom0", "linux", "ours")
MEMORY = {"linux": 256, "ours": 32}  # of the stubdomain, MiB
GUEST_MEMORY = 64
DISK, DATA, FOURTH, KERNEL, RAMDISK = "lab/disk.img", "lab/data.img", "lab/fourth.img", "lab/stubdom-kernel", "lab/stubdom-ramdisk"
GUEST, STUBDOMAIN = 1, 2  # domain numbers, in the order of creation

CONFIG = """\
name = "guest"
type = "hvm"
memory = {memory}
vcpus = 1
disk = [{disks}]
serial = "file:/lab/out/serial.log"
vnc = 0
sdl = 0
boot = "c"
on_poweroff = "destroy"
on_reboot = "restart"
on_crash = "preserve"
device_model_version = "qemu-xen"
device_model_override = "/usr/libexec/xen-qemu-system-i386"
"""
STUBDOMAIN_CONFIG = """\
device_model_stubdomain_override = 1
stubdomain_kernel = "/{kernel}"
stubdomain_ramdisk = "/{ramdisk}"
stubdomain_memory = {memory}
stubdomain_cmdline = "{cmdline}"
"""


@dataclass
class Job:
    """What to start. @disk is a file here; @data MiB of an empty second disk; @until a basic regular expression for the serial port."""

    mode: str
    disk: str
    kernel: str = None  # of the stubdomain
    ramdisk: str = None
    cmdline: str = ""
    stub_memory: int = None
    memory: int = GUEST_MEMORY
    guests: int = 768  # MiB of the machine for all domains but dom0
    data: int = 0
    cdrom: str = None  # file of dom0 in the CD drive, "" for an empty drive
    cdrom_backend: str = "phy"
    fourth: str = None  # file here: the disk xvdd, in which Qubes OS' guests have their kernel
    nic: str = None  # model
    until: str = "^guest: done"
    wait: int = 90
    extra: str = ""  # lines for the configuration
    before: str = ""  # shell lines for dom0, before the guest is created
    hardware: list = field(default_factory=list)  # more options of the outer emulator
    after: str = ""  # shell lines for dom0, when the guest is done
    files: dict = field(default_factory=dict)
    fetch: list = field(default_factory=list)


@dataclass
class Result:
    """@ended: guest (it said what was waited for), gone, xl (it failed), time, or lost (dom0 was)."""

    outcome: object
    ended: str
    serial: str
    times: dict
    stubdomain_log: str
    xl_log: str

    def errors(self):
        """What xl complained about."""
        return re.findall(r"^\d+\.\d+ .*(?: error:|ERROR).*$", self.xl_log, re.M)

    def lines(self):
        values = {"ended": self.ended, **{k: f"{v:.2f}" for k, v in self.times.items()}}
        return [f"RESULT {name}={value}" for name, value in values.items()]


def empty_ramdisk():
    return Archive().bytes()


def configuration(job):
    disks = [DISK] + ([DATA] if job.data else [])
    described = [f"'format=raw,vdev=hd{letter},access=rw,backendtype=phy,target=/{path}'" for letter, path in zip("ab", disks)]
    if job.cdrom is not None:
        described.append(f"'format=raw,vdev=hdc,access=ro,devtype=cdrom,backendtype={job.cdrom_backend},target={job.cdrom}'")
    if job.fourth:
        described.append(f"'format=raw,vdev=xvdd,access=rw,backendtype=phy,target=/{FOURTH}'")
    text = CONFIG.format(memory=job.memory, disks=", ".join(described))
    if job.nic:
        text += f"vif = ['type=ioemu,mac=00:16:3e:09:00:02,bridge=xenbr0,model={job.nic}']\n"
    if job.mode != "dom0":
        memory = job.stub_memory or MEMORY[job.mode]
        text += STUBDOMAIN_CONFIG.format(kernel=KERNEL, ramdisk=RAMDISK, memory=memory, cmdline=job.cmdline)
    return text + job.extra.replace("\\n", "\n") + "\n"


def prepared(lab, job):
    """The files for dom0 that start @job: {path there: path here, or bytes}."""
    files = {"lab/hvm.cfg": configuration(job).encode(), DISK: job.disk, **job.files}
    files["lab/job"] = f"UNTIL='{job.until}'\nWAIT={job.wait}\n".encode()
    if job.data:
        files[DATA] = bytes(job.data << 20)
    if job.before:
        files["lab/before"] = job.before.encode() + b"\n"
    if job.fourth:
        files[FOURTH] = job.fourth
    if job.after:
        files["lab/after"] = job.after.encode() + b"\n"
    if job.mode == "linux":
        job.cmdline = job.cmdline or "console=hvc0 quiet"
        files["lab/hvm.cfg"] = configuration(job).encode()
    if job.mode != "dom0":
        files[KERNEL] = job.kernel or lab.vmlinuz
        files[RAMDISK] = job.ramdisk or (lab.stubdomain if job.mode == "linux" else empty_ramdisk())
    return files


def times(xl_log, done, mode):
    """Seconds, from xl's stamped log: running = from the device model's start (dom0) or the stubdomain's unpausing to "running"."""
    stamped = [(float(t), line) for t, line in re.findall(r"^(\d+\.\d+) (.*)$", xl_log, re.M)]
    state = f"wpath=/local/domain/{0 if mode == 'dom0' else STUBDOMAIN}/device-model/{GUEST}/state "
    watched = [(t, line) for t, line in stamped if state in line]
    started = [t for t, line in watched if ": register slotnum" in line]
    events = [t for t, line in watched if "event epath" in line]
    found = {}
    if stamped and started and any("xl: status 0" in line for _, line in stamped):
        found["running_s"] = events[-1] - started[-1]
        found["create_to_running_s"] = events[-1] - stamped[0][0]
        found["create_s"] = stamped[-1][0] - stamped[0][0]
    if stamped and done:
        found["create_to_done_s"] = float(done) - stamped[0][0]
    return found


def run(lab, job, limit=None, memory=1024, echo=False, xen_arguments=""):
    """Result of @job."""
    if job.mode not in MODES:
        raise LabError(f"{job.mode}: no such mode; next: one of {' '.join(MODES)}")
    if job.mode == "ours" and not job.kernel:
        raise LabError("ours: needs the image of a stubdomain; next: --kernel IMAGE")
    limit = limit or job.wait + session.BOOT_ALLOWANCE + 30
    fetch = ["/lab/out/*", *job.fetch]
    outcome = dom0.run(lab, dom0.script("hvm"), prepared(lab, job), fetch, limit, memory, echo, xen_arguments, job.guests, job.hardware)

    def text(name):
        return outcome.files.get(name, b"").decode("utf-8", "replace").replace("\r", "")

    done, _, ended = text("lab/out/done").strip().partition(" ")
    xl_log = text("lab/out/xl.log")
    found = times(xl_log, done, job.mode)
    return Result(outcome, ended or "lost", text("lab/out/serial.log"), found, text("var/log/xen/qemu-dm-guest.log"), xl_log)
