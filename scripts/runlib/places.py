# SPDX-License-Identifier: BSD-3-Clause
"""Where the guest's disks are in its machine, and in which order firmware tries them."""

from runlib.disks import OPTIONS
from runlib.report import Failure

# Places on the IDE of a machine "pc": a CD-ROM drive is where firmware looks for it, and disks are in its places only without one.
IDE_DISKS, IDE_CDROMS = (0, 1, 3, 2), (2, 3, 1, 0)
ROOM = {"ide": 4, "sata": 6, "scsi": 12, "usb": 8, "virtio": 12, "nvme": 12}
FLOPPIES = 2
NETWORK = "network"
LETTERS = {"a": "floppy", "c": "disk", "d": "cdrom", "n": NETWORK}
DEFAULT_ORDER = "c"
FIRST_INDEX = 100  # those below are left for devices that the user adds


def parse_boot(text):
    """A value of --boot: (order, with a menu)."""
    order, menu = DEFAULT_ORDER, False
    parts = text.split(",") if text is not None else []
    if len({part == "menu" for part in parts}) < len(parts):
        raise Failure(f"--boot {text}: more than an order, as dc, and menu")
    for part in parts:
        if part == "menu":
            menu = True
        elif part and set(part) <= set(LETTERS) and len(set(part)) == len(part):
            order = part
        else:
            raise Failure(f"--boot {text}: {part or 'nothing'} is neither menu nor an order of a (floppy), c (disks), d (CD-ROM), n (network)")
    return order, menu


def boot_index(args, disks, thing):
    """Where @thing, a Disk or NETWORK, is in the order, as a property's value; "" for nowhere."""
    order, _ = parse_boot(args.boot)
    things = [found for letter in order for found in ([disk for disk in disks if disk.kind == LETTERS[letter]] or
                                                      [NETWORK] * (letter == "n"))]
    at = next((i for i, found in enumerate(things) if found is thing), None)
    return "" if at is None else f"bootindex={FIRST_INDEX + at}"


def check_boot(args, disks, has_network):
    order, _ = parse_boot(args.boot)
    if args.boot is None:
        return
    if not args.guest:
        raise Failure(f"--boot {args.boot}: there is no guest to boot")
    for letter in order if args.boot != "menu" else "":
        kind = LETTERS[letter]
        if kind == NETWORK and not has_network:
            raise Failure(f"--boot {args.boot}: the guest has no network card (--net none)")
        if kind == "disk" and not disks:
            continue  # the test guest's
        if kind != NETWORK and not any(disk.kind == kind for disk in disks):
            raise Failure(f"--boot {args.boot}: {letter} is for {OPTIONS[kind]}, which is not given")


def _ide_places(disks):
    """{id of a Disk: place}, on a machine "pc"."""
    taken, places = set(), {}
    for kind, order in (("cdrom", IDE_CDROMS), ("disk", IDE_DISKS)):
        for disk in [disk for disk in disks if disk.kind == kind]:
            places[id(disk)] = next(place for place in order if place not in taken)
            taken.add(places[id(disk)])
    return places


def check_room(disks):
    for bus, room in ROOM.items():
        count = sum(disk.bus == bus for disk in disks)
        if count > room:
            raise Failure(f"{count} disks and CD-ROMs on {bus}; there is room for {room}; bus=virtio and others of --disk have more")
    floppies = sum(disk.kind == "floppy" for disk in disks)
    if floppies > FLOPPIES:
        raise Failure(f"--floppy: {floppies} of them; there is room for {FLOPPIES}")


def _controllers(args, disks):
    buses = {disk.bus for disk in disks}
    words = ["-device", "ahci,id=sata"] if "sata" in buses and args.machine == "pc" else []
    words += ["-device", "virtio-scsi-pci,id=scsi"] if "scsi" in buses else []
    words += ["-device", "qemu-xhci,id=xhci,p2=8,p3=8"] if "usb" in buses else []
    return words + (["-device", "isa-fdc"] if args.machine != "pc" and any(disk.kind == "floppy" for disk in disks) else [])


def _device(args, disk, place):
    """The device in front of @disk, which is the one with the number @place of its bus."""
    name = "ide-cd" if disk.kind == "cdrom" else "ide-hd"
    if disk.kind == "floppy":
        return f"floppy,unit={place}"
    if disk.bus == "ide":
        return f"{name},bus=ide.{place // 2},unit={place % 2}"
    if disk.bus == "sata":
        return f"{name},bus={'sata' if args.machine == 'pc' else 'ide'}.{place}"
    return {"virtio": "virtio-blk-pci", "scsi": f"scsi-hd,bus=scsi.0,scsi-id={place}", "nvme": f"nvme,serial=disk{place}",
            "usb": "usb-storage,bus=xhci.0,removable=on"}[disk.bus]


# The image has no cache of its own, and its kernel takes requests without a thread for each.
DIRECT = "aio=native,cache.direct=on"


def inner_disks(args, disks):
    """Options of the inner emulator. Its guest is paused by a failed write, as it is when an emulator without an image around it runs out of
    space: of the host's reason only the failure comes through."""
    words, counts, ide = _controllers(args, disks), {}, _ide_places([disk for disk in disks if disk.bus == "ide"])
    for number, disk in enumerate(disks):
        drive = f"file=/dev/vd{chr(ord('a') + number)},format=raw{',readonly=on' if disk.read_only else ''}"
        if disk.kind in ("firmware", "variables"):
            words += ["-drive", f"{drive},if=pflash,unit={int(disk.kind == 'variables')}"]
            continue
        drive += f",{DIRECT},if=none,id=disk{number}"
        words += ["-drive", f"{drive}{',werror=stop' if disk.stops and not disk.read_only else ''}"]
        group = disk.bus or disk.kind
        place = ide.get(id(disk), counts.get(group, 0))
        counts[group] = counts.get(group, 0) + 1
        index = boot_index(args, disks, disk)
        if index and disk.kind == "floppy":  # the controller's property, not the drive's
            words += ["-global", f"isa-fdc.{index.replace('=', 'AB'[place] + '=')}"]
            index = ""
        words += ["-device", f"{_device(args, disk, place)},drive=disk{number}{',' if index else ''}{index}"]
    return words
