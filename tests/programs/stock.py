# SPDX-License-Identifier: BSD-3-Clause
"""What a program in Python does with the system: the same lines here and under Linux."""

import errno
import mmap
import os
import select
import signal
import socket
import sys
import tempfile
import threading
import time

folder = tempfile.mkdtemp()
path = os.path.join(folder, "file")
with open(path, "w", encoding="utf-8") as f:
    f.writelines(f"line {i}\n" for i in range(1000))
with open(path, encoding="utf-8") as f:
    print("lines", sum(1 for _ in f), os.stat(path).st_size)
os.rename(path, path + ".new")
os.symlink("file.new", path)
print("names", sorted(os.listdir(folder)), os.readlink(path), [entry.is_symlink() for entry in sorted(os.scandir(folder), key=str)])
try:
    os.rmdir(folder)
except OSError as e:
    print("rmdir", errno.errorcode[e.errno])
with open(path, "r+b") as f, mmap.mmap(f.fileno(), 0) as m:
    m[0:4] = b"LINE"
    print("mapped", len(m), m[-9:])
with open(path, "rb") as f:
    print("written", f.readline())

lock, total = threading.Lock(), 0


def add():
    global total
    for _ in range(1000):
        with lock:
            total += 1


threads = [threading.Thread(target=add) for _ in range(8)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print("threads", total)

got = []
signal.signal(signal.SIGUSR1, lambda number, _: got.append(number))
os.kill(os.getpid(), signal.SIGUSR1)
signal.signal(signal.SIGALRM, lambda number, _: got.append(number))
signal.setitimer(signal.ITIMER_REAL, 0.05)
time.sleep(0.2)
print("signals", [int(number) for number in got])

r, w = os.pipe()
poll = select.epoll()
poll.register(r, select.EPOLLIN)
print("nothing", poll.poll(0.01))
os.write(w, b"x" * 100)
print("something", [event for _, event in poll.poll(1)], len(os.read(r, 1000)))
a, b = socket.socketpair()
threading.Thread(target=lambda: b.sendall(b"y" * 300000)).start()
size = 0
while size < 300000:
    size += len(a.recv(65536))
print("socket", size)

event = threading.Event()
before = time.monotonic()
print("wait", event.wait(0.1), 0.1 <= time.monotonic() - before)
try:
    os.open("/nothing/there", os.O_RDONLY)
except FileNotFoundError as e:
    print("open", e.strerror)
try:
    list(range(1)).__getitem__(5)
except IndexError as e:
    print("exception", e)
print("big", pow(3, 10000) % 1000007, f"{2 ** 0.5:.15f}", sys.argv[1:])
sys.exit(7)
