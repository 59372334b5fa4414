# SPDX-License-Identifier: BSD-3-Clause
"""The fields of a port for another version: where its archive is, and its hash."""
import os
import re

from bumplib.archive import Archive
from bumplib.pack import pack
from fetchlib.debian import Fail, run


def fetch(attempt, name, file, words):
    """scripts/fetch of the copy; the hash that it prints, if that was asked for."""
    res = run(["/usr/bin/python3", os.path.join(attempt.copy.path, "scripts/fetch"), "--name", name, "--dl", attempt.env["DL"],
               "--file", file, *words], env=attempt.env)
    if res.returncode:
        raise Fail(res.stdout.strip().replace("error: ", "", 1) + "; next: another version, or the file in UK_MIRROR=")
    return res.stdout.strip().splitlines()[-1:]


def release_of(dl, pin, version):
    """The release of the port's Debian package that is the version asked for; the first suite's."""
    source, package, _, suite, file = pin.debian()
    found = list(Archive(dl).releases(package, file.endswith(".deb"), suite))
    for release in found:
        if version in (release.named(pin.version), release.version):
            return source, release
    have = sorted({r.named(pin.version) for r in found})
    raise Fail("Debian's archive has no %s %s; it has %s" % (package, version, ", ".join(have) or "none"))


def change(attempt, port, version, a):
    """Writes version, hash and artefact into the port's files, with the archive fetched, or made of a folder. @a: the command line.
    Returns notes for the reader."""
    pin, notes = port.pin_for(version), []
    old, is_copied = pin.version, pin.is_copied()
    if old == version:
        raise Fail("%s is at %s already" % (port.name, version))
    if a.tree:
        notes += from_folder(attempt, pin, version, a.tree)
    elif pin.debian():
        notes += from_debian(attempt, pin, version, a.sha256)
    else:
        notes += from_url(attempt, port, pin, version, a.sha256)
    pin.save()
    if is_copied:  # the documents mean the other line
        return notes
    # Firmware has the revision of its package, which addresses of upstream do not have.
    bare = [re.sub(r"-\d+$", "", v) for v in (old, version)]
    port.reword(old, version)
    if bare != [old, version]:
        port.reword(*bare)
    return notes


def from_debian(attempt, pin, version, sha256):
    source, release = release_of(attempt.env["DL"], pin, version)
    if sha256 and sha256 != release.sha256:
        raise Fail("%s: the archive's index has sha256 %s, not %s" % (release.file, release.sha256, sha256))
    debsrc = "%s%s=%s (%s) %s" % (source + "/" if source else "", release.package, release.version, release.suite, release.file)
    fetch(attempt, attempt.port.lib, release.file, ["--sha256", release.sha256, "--debsrc", debsrc])
    pin.set("VERSION", version)
    pin.set("SHA256", release.sha256)
    pin.set("DEBSRC", debsrc)
    if not release.file.endswith(".deb"):
        return upstream_hash(attempt, pin, release)
    return []


def upstream_hash(attempt, pin, release):
    """URL_SHA256, when Debian's archive is not upstream's."""
    if not release.is_repacked():
        pin.set("URL_SHA256", None)
        return []
    url = pin.url()
    try:
        got = fetch(attempt, attempt.port.lib, os.path.basename(url), ["--sha256", "unknown", "--url", url])
    except Fail:
        pin.set("URL_SHA256", "none")
        return ["%s does not answer, so %s_URL_SHA256 is 'none'; next: its hash, on a machine that reaches it" % (url, pin.prefix)]
    pin.set("URL_SHA256", got[0])
    return []


def from_folder(attempt, pin, version, given):
    """The source tree of somebody who has it before the archive does."""
    pin.set("VERSION", version)
    file = os.path.basename(pin.url())
    pin.set("DEBSRC", None)
    pin.set("URL_SHA256", None)
    pin.set("SHA256", pack(given, os.path.join(attempt.env["DL"], file), version))
    return ["%s was packed of %s; next: the hash of upstream's own, before others are to build it" % (file, given)]


def from_url(attempt, port, pin, version, sha256):
    pin.set("VERSION", version)
    url = pin.url()
    got = fetch(attempt, port.lib, os.path.basename(url), ["--sha256", sha256 or "unknown", "--url", url])
    pin.set("SHA256", sha256 or got[0])
    return [] if sha256 else ["the hash is that of the first download; next: compare it with what upstream signs"]
