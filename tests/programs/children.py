# SPDX-License-Identifier: BSD-3-Clause
"""What Python makes of processes; what it prints is the same wherever it runs. Children are sh and cat."""

import os
import signal
import subprocess
import sys

SH = "/bin/sh"
CAT = "/bin/cat"


def run(*words, **options):
    result = subprocess.run(words, capture_output=True, check=False, **options)
    print(words[:1], result.returncode, result.stdout, result.stderr)


def pipeline():
    with subprocess.Popen([SH, "-c", "while read -r x; do echo \"<$x>\"; done"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as first:
        with subprocess.Popen([CAT, "-n"], stdin=first.stdout, stdout=subprocess.PIPE) as second:
            first.stdout.close()
            first.stdin.write(b"".join(b"line %d\n" % i for i in range(2000)))
            first.stdin.close()
            out = second.stdout.read()
            print("pipeline", len(out), out[-20:], second.wait(), first.wait())


def killed():
    with subprocess.Popen([CAT], stdin=subprocess.PIPE) as child:
        print("running", child.poll())
        child.terminate()
        print("terminated", child.wait())
    try:
        subprocess.run([CAT], stdin=subprocess.PIPE, timeout=0.3, check=False)
        subprocess.run([SH, "-c", "read x"], stdin=os.pipe()[0], timeout=0.3, check=False)
    except subprocess.TimeoutExpired:
        print("timeout")


def main():
    run(SH, "-c", "echo out; echo err >&2; exit 3")
    print(len(subprocess.run([CAT], input=b"x" * 300000, capture_output=True, check=True).stdout))
    run(SH, "-c", "pwd; echo $NAME", cwd="/tmp", env={"NAME": "value"})
    run(SH, "-c", "kill -TERM $$")
    run(SH, "-c", "cat /etc/hostname-that-is-not-there", stdin=subprocess.DEVNULL, env={"PATH": "/bin", "LC_ALL": "C"})
    run(SH, "-c", "exit 0", start_new_session=True)
    try:
        run("/nothing")
    except FileNotFoundError as e:
        print(e)
    pipeline()
    killed()
    reading, writing = os.pipe()
    run(SH, "-c", f"echo passed >&{writing}", pass_fds=[writing])
    os.close(writing)
    print(os.read(reading, 100), os.read(reading, 100))
    print(os.waitstatus_to_exitcode(os.system("exit 5")))
    with os.popen("echo from popen") as f:
        print(f.read())
    pid = os.posix_spawn(SH, [SH, "-c", "exit 6"], {})
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
    caught = []
    signal.signal(signal.SIGCHLD, lambda number, frame: caught.append(number))
    run(SH, "-c", ":")
    print(caught)
    print(len(subprocess.check_output([SH, "-c", "i=0; while [ $i -lt 500 ]; do echo $i; i=$((i + 1)); done"])))
    sys.stdout.flush()
    os.execv(SH, [SH, "-c", "echo replaced; exit 9"])


main()
