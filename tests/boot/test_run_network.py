# SPDX-License-Identifier: BSD-3-Clause
"""The guest's network card: --net, --nic, --forward."""

import json
import os
import shutil
import socket
import subprocess
import threading
import zlib

import pytest

from images import set_parameters
from machine import PATIENCE, RUN, Machine, Qmp, ktap
from screen import wait_text

PRODUCT = "qemu-stubdom"
ECHO_PORT = 7
FETCHED, ECHOED = 300_001, 60_001  # bytes


@pytest.fixture
def product(image):
    return image(PRODUCT)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as s:
        return s.getsockname()[1]


def serve_once(listener, data, requests):
    """Send @data to one client."""
    connection, _ = listener.accept()
    with connection:
        requests.append(connection.recv(64))
        connection.sendall(data)


def echo(port, data, timeout=60):
    """What comes back when @data is sent there."""
    with socket.create_connection(("127.0.0.1", port), timeout=timeout * PATIENCE) as s:

        def send():
            s.sendall(data)
            s.shutdown(socket.SHUT_WR)

        sender = threading.Thread(target=send, daemon=True)
        sender.start()
        back = b"".join(iter(lambda: s.recv(65536), b""))
        sender.join(5)
        return back


CARDS = ["e1000", "virtio-net", *(pytest.param(nic, marks=pytest.mark.nightly) for nic in ("e1000e", "pcnet", "rtl8139"))]


@pytest.mark.parametrize("nic", CARDS)
def test_guest(product, guest, nic):
    """A guest gets its address by DHCP, pulls data from a server on the host, and answers at a forwarded port."""
    data, port, requests = os.urandom(FETCHED), free_port(), []
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=serve_once, args=(server, data, requests), daemon=True).start()
        words = f"nic dhcp tcp_fetch fetch_port={server.getsockname()[1]} tcp_serve serve_port={ECHO_PORT}"
        disk = set_parameters(guest("devices"), words)
        options = ["--disk", disk, "--forward", f"tcp:{port}:{ECHO_PORT}"]
        options += ["--nic", nic] if nic != "e1000" else []  # the default
        with Machine(product, options) as m:
            m.serial.wait(f"^# listening on port {ECHO_PORT}$", 60)
            assert echo(port, data[:ECHOED]) == data[:ECHOED]
            assert m.status() == 0, m.console.text()
            text = m.serial.text()
    assert requests == [b"fetch\n"]
    assert f"# {nic} 52:54:00:" in text
    assert "# address 10.0.2.15, router 10.0.2.2\n" in text
    assert f"# fetched {FETCHED} bytes, adler32 {zlib.adler32(data):08x}\n" in text
    assert f"# gave back {ECHOED} bytes\n" in text
    assert ktap(text) == {"dhcp": True, "tcp_fetch": True, "tcp_serve": True}


@pytest.mark.nightly
@pytest.mark.parametrize("nic", ["e1000e", "pcnet", "virtio-net", "ne2k_pci", "vmxnet3"])
def test_foreign_guest(product, tmp_path, debian_file, nic):
    """iPXE: it gets its address by DHCP and a script from there, which pulls a file."""
    iso = debian_file("ipxe", "/usr/lib/ipxe/ipxe.iso")
    files = tmp_path / "files"
    files.mkdir()
    (files / "data").write_bytes(os.urandom(300001))
    (files / "go").write_text("#!ipxe\nimgfetch --name data data\nimgstat\necho I am ${ip} at ${mac}\nsleep 600\n", encoding="ascii")
    net = f"user,tftp={files},bootfile=go"
    with Machine(product, ["--cdrom", iso, "--memory", 128, "--nic", nic, "--net", net, "--qmp", tmp_path / "qmp"]) as m:
        qmp = Qmp(str(tmp_path / "qmp"))
        screen = wait_text(qmp, r"I am 10\.0\.2\.15 at 52:54:00", 240)
        assert "300001 bytes" in screen
        qmp.execute("quit")
        assert m.status() == 0, m.console.text()


# A machine's network of its own, with a bridge that answers at 10.9.0.1 and a tap on it, and the bridge helper allowed.
LAB = """
set -e
ip link add unidom0 type bridge && ip addr add 10.9.0.1/24 dev unidom0 && ip link set unidom0 up
ip tuntap add dev unidomtap mode tap && ip link set unidomtap master unidom0 up
mkdir -p "$1/etc/qemu" && echo 'allow unidom0' >"$1/etc/qemu/bridge.conf"
cp -a /etc/alternatives /etc/passwd /etc/group "$1/etc"
mount --bind "$1/etc" /etc
shift
exec "$@"
"""


def in_lab(folder, *command):
    return ["unshare", "--map-root-user", "--net", "--mount", "sh", "-c", LAB, "sh", str(folder), *map(str, command)]


@pytest.mark.parametrize("net", ["tap=unidomtap", "bridge=unidom0"])
def test_host_network(product, guest, tmp_path, net):
    """Echo requests through a tap or a bridge to the host's own stack."""
    if subprocess.run(in_lab(tmp_path, "true"), capture_output=True, check=False).returncode:
        pytest.skip("taps and bridges cannot be made here")
    disk = set_parameters(guest("devices"), "nic net")
    command = in_lab(tmp_path, RUN, "--image", product, "--accel", "tcg", "--disk", disk, "--net", net)
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=120 * PATIENCE)
    assert done.returncode == 0, done.stderr
    assert ktap(done.stdout.replace("\r\n", "\n")) == {"net_arp": True, "net_ping": True}


WRONG = {
    "kind": (["--net", "wifi"], "--net wifi: none of user, tap=NAME, bridge=NAME, none"),
    "kind like another": (["--net", "none,x"], "--net none,x: none of user, tap=NAME, bridge=NAME, none"),
    "nothing": (["--net", ""], "--net: its value is empty"),
    "tap without a name": (["--net", "tap"], "--net tap: none of user, tap=NAME, bridge=NAME, none"),
    "tap that is a path": (["--net", "tap=a/b"], "--net tap=a/b: not a name that a network interface can have"),
    "long tap": (["--net", "tap=unidom0123456789"], "--net tap=unidom0123456789: not a name that a network interface can have"),
    "no such bridge": (["--net", "bridge=unidom-none"], "--net bridge=unidom-none: this machine has no such bridge"),
    "forward": (["--forward", "2222:22"], "--forward 2222:22: not PROTOCOL:[ADDRESS:]HOST-PORT:GUEST-PORT, as in tcp:2222:22"),
    "forward to no port": (["--forward", "tcp:2222:0"], "--forward tcp:2222:0: not PROTOCOL:"),
    "forward from no port": (["--forward", "tcp:65536:22"], "--forward tcp:65536:22: not PROTOCOL:"),
    "forward of other digits": (["--forward", "tcp:٢٢٢٢:22"], "--forward tcp:٢٢٢٢:22: not PROTOCOL:"),
    "forward of a name": (["--forward", "tcp:localhost:2222:22"], "--forward tcp:localhost:2222:22: localhost is not an IPv4 address"),
    "forward of another machine": (["--forward", "tcp:192.0.2.1:2222:22"], "--forward tcp:192.0.2.1:2222:22: 192.0.2.1:2222: Cannot assign"),
    "forward without user": (["--net", "none", "--forward", "tcp:2222:22"], "--forward needs --net user, not none"),
    "card": (["--nic", "ne3000"], "argument --nic: invalid choice: 'ne3000'"),
    "options": (["--net", "user,frobnicate=on"], "--net user,frobnicate=on: "),
    "no guest": (["--no-guest", "--net", "user"], "--net user: there is no guest to have a network card"),
    "no guest to forward to": (["--no-guest", "--forward", "tcp:2222:22"], "--forward: there is no guest to have a network card"),
}


@pytest.fixture
def disk(tmp_path):
    """For runs that end before anything looks at it."""
    path = tmp_path / "disk.img"
    path.write_bytes(bytes(1 << 20))
    return path


def run(product, *options, **more):
    command = [RUN, "--image", product, "--accel", "tcg", *map(str, options)]
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=60 * PATIENCE, **more)


def complaints(done):
    """The lines on standard error, without the runner's about its acceleration."""
    return [line for line in done.stderr.splitlines() if line != "run: tcg as asked for"]


@pytest.mark.parametrize("case", WRONG)
def test_wrong(product, disk, case):
    """One line, at once."""
    options, message = WRONG[case]
    done = run(product, "--disk", disk, *options)
    assert done.returncode == 2, done.stderr
    assert len(complaints(done)) == 1 and complaints(done)[0].startswith(f"run: {message}"), done.stderr


def test_port_in_use(product, disk):
    with socket.create_server(("127.0.0.1", 0)) as s:
        rule = f"tcp:{s.getsockname()[1]}:22"
        done = run(product, "--disk", disk, "--forward", rule)
    assert done.returncode == 2, done.stderr
    assert complaints(done) == [f"run: --forward {rule}: 127.0.0.1:{rule.split(':')[1]}: Address already in use"]


def test_port_twice(product, disk):
    port = free_port()
    done = run(product, "--disk", disk, "--forward", f"tcp:{port}:22", "--forward", f"tcp:{port}:80")
    assert done.returncode == 2, done.stderr
    assert complaints(done) == [f"run: --forward tcp:{port}:80: 127.0.0.1:{port}: Address already in use"]


# An emulator that was built without libslirp.
WITHOUT_USER = """#!/bin/sh
case " $* " in
*" -netdev help "*) printf 'Available netdev backend types:\\nsocket\\ntap\\n'; exit ;;
*" -netdev user"*) echo "qemu-system-x86_64: -netdev user: network backend 'user' is not compiled into this binary" >&2; exit 1 ;;
esac
PATH=${PATH#*:} exec qemu-system-x86_64 "$@"
"""


def test_no_user_network(product, guest, disk, tmp_path):
    """Without being asked for, its lack is one line, and the guest runs without a card; otherwise it ends the run."""
    emulator = tmp_path / "bin" / "qemu-system-x86_64"
    emulator.parent.mkdir()
    emulator.write_text(WITHOUT_USER, encoding="ascii")
    emulator.chmod(0o755)
    environment = {**os.environ, "PATH": f"{emulator.parent}:{os.environ['PATH']}"}
    lack = "qemu-system-x86_64 was built without user networking (libslirp)"
    done = run(product, "--disk", set_parameters(guest("devices"), "net"), env=environment)
    assert done.returncode == 0, done.stderr
    assert "# no known network card" in done.stdout
    assert complaints(done)[0] == f"run: {lack}: the guest has no network card"
    assert "error" not in done.stderr
    for options in (["--net", "user"], ["--forward", "tcp:2222:22"]):
        done = run(product, "--disk", disk, *options, env=environment)
        assert done.returncode == 2, done.stderr
        assert len(complaints(done)) == 1 and lack in done.stderr, done.stderr


def words(product, *options):
    """The outer command, and the inner one."""
    done = run(product, "--json", *options)
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    return shown["outer"], shown["inner"]


def test_command(product, disk, tmp_path):
    outer, inner = words(product, "--disk", disk, "--forward", "tcp:2222:22", "--forward", "udp:0.0.0.0:53:5353", "--nic", "rtl8139")
    assert "user,id=lan0,hostfwd=tcp:127.0.0.1:2222-:22,hostfwd=udp:0.0.0.0:53-:5353" in outer
    card = next(word for word in inner if word.startswith("rtl8139,"))
    mac = card.split("mac=")[1].split(",")[0]
    assert any(word.startswith("virtio-net-pci,") and mac in word for word in outer)
    os.symlink(disk, tmp_path / "link")
    again = words(product, "--disk", tmp_path / "link")
    assert any(mac in word for word in again[1])  # the same disk
    shutil.copy(disk, tmp_path / "copy")
    other = words(product, "--disk", tmp_path / "copy")
    assert not any(mac in word for word in other[1])
    none = words(product, "--disk", disk, "--net", "none")
    assert not any("netdev" in word for word in none[0] + none[1])


def test_models(product):
    """The image has each card that --help offers."""
    offered = run(product, "--help").stdout.split("--nic {")[1].split("}")[0].split(",")
    done = run(product, "--no-guest", "--", "-device", "help")
    assert done.returncode == 0, done.stderr
    for model in offered:
        assert f'name "{model}"' in done.stdout + done.stderr or f'alias "{model}"' in done.stdout + done.stderr, model
