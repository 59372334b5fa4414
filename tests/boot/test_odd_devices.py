# SPDX-License-Identifier: BSD-3-Clause
"""Devices as other users configure them, and as no user should: what cannot be used is refused by name, the rest comes up."""

import threading

import pytest

from machine import Machine, ktap
from test_devices import ECHO_SIZE, disks, echo  # noqa: F401

DISK_TESTS = ["disk_size", "disk_reads", "disk_vectors", "disk_threads", "disk_writes", "disk_end"]


def bad_disk(folder, options, name="bad"):
    path = folder / f"{name}.img"
    path.write_bytes(b"\xa5" * (1 << 20))
    return f" -drive if=none,id={name},format=raw,file={path} -device virtio-blk-pci,drive={name},{options}"


@pytest.mark.parametrize("size", [8192, 131072, 1 << 20])
def test_block_size_refused(image, disks, size):  # noqa: F811
    """A sector that no buffer holds: the disk is absent, with one line; the one before and the one behind it work."""
    outer = bad_disk(disks, f"logical_block_size={size},physical_block_size={size},addr=0x10")
    outer += bad_disk(disks, "addr=0x11", "behind")
    with Machine(image("device-test"), ["--disk", disks / "rw.img", "--outer", outer], DISK_TESTS) as m:
        assert m.status(180) == 0
        assert m.console.text().count("error: ") == 1
        m.wait(f"error: vdb: blocks of {size} bytes")
        assert all(ktap(m.console.text()).values())


@pytest.mark.parametrize(
    "options",
    [
        *(f"vectors={n}" for n in (0, 1, 2, 3)),
        "queue-size=4",
        "queue-size=1024,num-queues=3",
        "packed=on",
        "disable-legacy=on,iommu_platform=on",
        "logical_block_size=4096,physical_block_size=4096",
        "physical_block_size=2097152",
        "discard=off,write-zeroes=off",
    ],
)
def test_disk_options(image, disks, options):  # noqa: F811
    outer = f"-drive if=none,id=d,format=raw,file={disks / 'rw.img'} -device virtio-blk-pci,drive=d,{options}"
    with Machine(image("device-test"), ["--outer", outer], DISK_TESTS) as m:
        assert m.status(180) == 0
        assert "error: " not in m.console.text()
        assert m.console.text().count("warning: ") == (1 if options == "vectors=0" else 0)
        assert all(ktap(m.console.text()).values())


def test_legacy_only(image, disks):  # noqa: F811
    outer = bad_disk(disks, "disable-modern=on,disable-legacy=off,addr=0x10")
    with Machine(image("device-test"), ["--disk", disks / "rw.img", "--outer", outer], DISK_TESTS) as m:
        assert m.status(180) == 0
        assert m.console.text().count("error: ") == 1
        m.wait("error: virtio-blk 00:10.0: not a virtio 1.x device")


@pytest.mark.parametrize("vectors", ["vectors=2", "", "vectors=0", "vectors=1", "vectors=3", "max_ports=31", "max_ports=1,vectors=2"])
def test_port_vectors(image, tmp_path, vectors):
    """Queues that share an interrupt lose none."""
    ports = (
        f"-device virtio-serial-pci,{vectors} -chardev socket,id=echo,path={tmp_path}/echo.sock,server=on,wait=off "
        "-device virtserialport,nr=1,chardev=echo,name=org.unidom.echo "
    )
    ports += "-device virtio-rng-pci,vectors=1"
    if "max_ports=1," in vectors:
        ports = ports.replace("nr=1", "nr=0")  # the only one there is is a console
        ports = ports.replace("virtserialport", "virtconsole")
    tests = ["port_name", "port_lines", "port_echo"] if "max_ports=1," not in vectors else ["random_differs"]
    echoed = []
    with Machine(image("device-test"), ["--outer", ports], tests) as m:
        if tests != ["random_differs"]:
            thread = threading.Thread(target=echo, args=(f"{tmp_path}/echo.sock", echoed), daemon=True)
            thread.start()
        assert m.status(180) == 0
        assert all(ktap(m.console.text()).values())
    if tests != ["random_differs"]:
        thread.join(5)
        assert echoed == [(len(b"ready\n") + ECHO_SIZE, True)]


LONG = "n" * 31


@pytest.mark.parametrize("names", [[LONG + "a", LONG + "b"], ["m" * 100 + "a", "m" * 100 + "b"], ["a/b", "..", "x"]])
def test_port_names(image, tmp_path, names):
    """Names that agree where they would be cut, that are no file names, or that are there twice: the others and the console are there."""
    ports = "-device virtio-serial-pci"
    for i, name in enumerate(names):
        ports += f" -chardev null,id=n{i} -device virtserialport,nr={i + 4},chardev=n{i},name={name}"
    ports += f" -chardev socket,id=echo,path={tmp_path}/echo.sock,server=on,wait=off"
    ports += " -device virtserialport,nr=1,chardev=echo,name=org.unidom.echo"
    with Machine(image("device-test"), ["--outer", ports], ["port_name", "random_differs"]) as m:
        assert m.status(60) == 0
        assert all(ktap(m.console.text()).values()), m.console.text()
        assert "error: " not in m.console.text()
        usable = len({n for n in names if len(n) < 64 and "/" not in n and n[0] != "."})
        assert m.console.text().count("left out") == len(names) - usable


def test_many_disks(image, tmp_path):
    """More disks than letters; each is there."""
    outer = "-device pci-bridge,id=b1,chassis_nr=1,addr=0x10"
    for i in range(28):
        outer += f" -drive if=none,id=m{i},driver=null-co,size=16M,read-zeroes=on -device virtio-blk-pci,drive=m{i},bus=b1,addr={i + 1:#x}"
    with Machine(image("device-test"), ["--outer", outer, "--kernel-args", "loglevel=2"], ["disk_size"]) as m:
        assert m.status(60) == 0
        m.wait("vdab: virtio-blk")
        assert "error: " not in m.console.text()


