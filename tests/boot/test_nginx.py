# SPDX-License-Identifier: BSD-3-Clause
"""nginx, with clients on the host."""

import http.client
import os
import shutil
import subprocess
import threading
import time

import pytest

from machine import PATIENCE, TOP, Machine, outcome
from outer_network import connect, free_port, server_options

PAGE = 612
BIG = 3 << 20
CLIENTS = 50
# A second server in the same process, which the first one asks.
PROXY = """
    server { listen 127.0.0.1:8081; root /www; }
    server { listen 8080; location / { proxy_pass http://127.0.0.1:8081; } location /list/ { root /www; autoindex on; } }
}
"""


def make_ramdisk(folder, change=lambda text: text):
    """apps/nginx/site with more servers and files: the path of the ramdisk."""
    site = folder / "site"
    shutil.copytree(os.path.join(TOP, "apps", "nginx", "site"), site)
    conf = site / "etc" / "nginx" / "nginx.conf"
    text = conf.read_text()
    assert text.rstrip().endswith("}")
    conf.write_text(change(text.rstrip()[:-1] + PROXY))
    (site / "www" / "big").write_bytes(os.urandom(BIG))
    (site / "www" / "list").mkdir()
    (site / "www" / "list" / "a name.txt").write_text("text\n")
    subprocess.run([os.path.join(TOP, "scripts", "ramdisk"), site, folder / "site.cpio"], check=True)
    return site, folder / "site.cpio"


@pytest.fixture(scope="module")
def server(image, tmp_path_factory):
    """Ports of the host that lead to the two servers, and the files."""
    site, ramdisk = make_ramdisk(tmp_path_factory.mktemp("nginx"))
    ports = free_port(), free_port()
    options = server_options(ports[0], 80)
    options[-1] = f"-initrd {ramdisk} {options[-1]}".replace(",hostfwd=", f",hostfwd=tcp:127.0.0.1:{ports[1]}-10.9.0.15:8080,hostfwd=", 1)
    with Machine(image("nginx"), options) as m:
        wait_until_served(m, ports[0])
        yield ports, site / "www"


def wait_until_served(machine, port):
    """nginx does not report that it is ready, and the emulator takes connections before."""
    deadline = time.monotonic() + 60 * PATIENCE
    while time.monotonic() < deadline:
        assert machine.process.poll() is None, machine.console.text()
        try:
            with connect(port) as s:
                s.sendall(b"HEAD / HTTP/1.0\r\n\r\n")
                if s.recv(1):
                    return
        except OSError:
            pass
        time.sleep(0.2)
    raise AssertionError(f"nobody answers:\n{machine.console.text()}")


def ask(client, path, method="GET", **fields):
    client.request(method, path, headers={name.replace("_", "-"): value for name, value in fields.items()})
    answer = client.getresponse()
    return answer, answer.read()


def test_one_connection(server):
    ports, _ = server
    client = http.client.HTTPConnection("127.0.0.1", ports[0], timeout=30 * PATIENCE)
    client.connect()
    first = client.sock
    for _ in range(50):
        answer, page = ask(client, "/")
        assert answer.status == 200 and len(page) == PAGE and answer.getheader("Content-Type") == "text/html"
    assert ask(client, "/nothing")[0].status == 404
    answer, page = ask(client, "/", If_Modified_Since=ask(client, "/", "HEAD")[0].getheader("Last-Modified"))
    assert answer.status == 304 and not page
    assert client.sock is first
    client.close()


@pytest.mark.parametrize("which", [0, 1])
def test_big_file(server, which):
    """All of it by curl, and a range; from the file by sendfile(), and by way of the proxy."""
    ports, www = server
    address = f"http://127.0.0.1:{ports[which]}/big"
    data = (www / "big").read_bytes()
    assert subprocess.run(["curl", "-sf", address], capture_output=True, check=True, timeout=60 * PATIENCE).stdout == data
    part = subprocess.run(["curl", "-sf", "-r", "1000-299999", address], capture_output=True, check=True, timeout=60 * PATIENCE).stdout
    assert part == data[1000:300000]


def test_listing(server):
    ports, _ = server
    client = http.client.HTTPConnection("127.0.0.1", ports[1], timeout=30 * PATIENCE)
    answer, page = ask(client, "/list/")
    assert answer.status == 200 and b'<a href="a%20name.txt">' in page
    assert ask(client, "/list/a%20name.txt")[1] == b"text\n"
    client.close()


def test_many(server):
    """Fifty clients, all connected before the first asks."""
    ports, _ = server
    together = threading.Barrier(CLIENTS, timeout=60 * PATIENCE)
    pages = []

    def client():
        c = http.client.HTTPConnection("127.0.0.1", ports[0], timeout=60 * PATIENCE)
        c.connect()
        together.wait()
        pages.extend(ask(c, "/")[1] for _ in range(5))
        c.close()

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert len(pages) == 5 * CLIENTS and {len(page) for page in pages} == {PAGE}


def test_wrong_configuration(image, tmp_path):
    """One line and a status; -t tells without serving."""
    _, ramdisk = make_ramdisk(tmp_path, lambda text: text.replace("daemon off;", "daemon of;"))
    status, console, _ = outcome(image("nginx"), ["--outer", f"-initrd {ramdisk}"], ["-t"])
    assert status == 1 and 'invalid value "of" in "daemon" directive' in console, console
