# SPDX-License-Identifier: BSD-3-Clause
"""A CycloneDX 1.5 document of one image. The same inputs give the same bytes: no time, no random number, no path of this machine."""
import hashlib
import os
import re
import uuid

from sbomlib.linked import Fail, place

OWN_LICENCE = "BSD-3-Clause"


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as f:
        for block in iter(lambda: f.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def combined(licences):
    """One expression for a thing that is under all of these, each once."""
    terms = {t for licence in licences for t in ([licence] if " OR " in licence else licence.split(" AND "))}
    return " AND ".join("(%s)" % t if " OR " in t else t for t in sorted(terms))


def file_component(port, name, path):
    return {"type": "file", "bom-ref": "file:%s/%s" % (port, name), "name": name,
            "hashes": [{"alg": "SHA-256", "content": sha256(path)}]}


def header(patch):
    """A patch's header: what is above the first file."""
    with open(patch, encoding="utf-8", errors="replace") as f:
        return re.split(r"^--- ", f.read(), maxsplit=1, flags=re.M)[0]


def cves(patch):
    """The CVE ids that a patch's header says it resolves, on lines 'CVE: id'."""
    return re.findall(r"CVE-\d{4}-\d{4,}", " ".join(re.findall(r"^CVE:(.*)$", header(patch), re.M)))


def patch_entry(root, name):
    path = os.path.join(root, name)
    upstream = re.search(r"^Upstream: (\S+)", header(path), re.M)
    entry = {"type": "backport" if upstream and re.fullmatch(r"[0-9a-f]{40}", upstream.group(1)) else "unofficial",
             "diff": {"url": name}}
    resolves = [{"type": "security", "id": c} for c in cves(path)]
    if resolves:
        entry["resolves"] = resolves
    return entry


def port_component(root, port, files):
    """A port: what it was made from, our patches, and its files in the image."""
    component = {"type": "library" if any(f["name"].endswith((".c", ".S", ".s")) for f in files) else "firmware",
                 "bom-ref": "port:%s@%s" % (port["name"], port["version"]), "name": port["name"], "version": port["version"],
                 "hashes": [{"alg": "SHA-256", "content": port["sha256"]}], "licenses": [{"expression": port["licence"]}],
                 "purl": "pkg:generic/%s@%s" % (port["name"], port["version"].replace("+", "%2B")),
                 "externalReferences": [{"type": "distribution", "url": port["url"]}],
                 "properties": [{"name": "unidom:archive", "value": port["archive"]},
                                {"name": "unidom:debian", "value": port["debian"]}]}
    if port["patches"]:
        component["pedigree"] = {"patches": [patch_entry(root, p) for p in port["patches"]]}
    component["components"] = files
    return component


def sort_out(build, manifest, root):
    """{port or "": [component of a file]}, each once."""
    trees = {os.path.basename(p["tree"]): p["name"] for p in manifest["ports"]}
    found = {}
    for path in build.sources():
        kind, owner, name = place(path, build.folder, root)
        if kind == "tree":
            if owner not in trees:
                raise Fail("%s: no port has the tree %s; next: make" % (build.name, owner))
            owner = trees[owner]
        elif kind == "made":
            name = "generated/%s/%s" % (owner, name)
            owner = manifest["libraries"].get(owner, "")
            owner = owner if owner in trees.values() else ""
        found.setdefault(owner, {})[name] = path
    return {o: [file_component(o or "unidom", n, p) for n, p in sorted(names.items())] for o, names in found.items()}


def make(build, manifest, root):
    """The document, as a structure of JSON."""
    manifest["ports"] = [p for p in manifest["ports"] if p]
    files = sort_out(build, manifest, root)
    own = {"type": "operating-system", "bom-ref": "unidom@" + manifest["version"], "name": "unidom", "version": manifest["version"],
           "licenses": [{"expression": OWN_LICENCE}], "components": files.pop("", [])}
    ports = [port_component(root, p, files[p["name"]]) for p in sorted(manifest["ports"], key=lambda p: p["name"]) if p["name"] in files]
    name = os.path.basename(manifest["image"])
    properties = [("unidom:application", manifest["app"]), ("unidom:platform", manifest["platform"]), ("unidom:compiler", manifest["compiler"])]
    properties += [("unidom:linked-archive", a) for a in manifest["archives"] if a]
    image = {"type": "application", "bom-ref": "image:" + name, "name": name, "version": manifest["version"],
             "hashes": [{"alg": "SHA-256", "content": sha256(os.path.join(build.folder, manifest["image"]))}],
             "properties": [{"name": n, "value": v} for n, v in properties]}
    components = [own] + ports
    document = {"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
                "metadata": {"tools": {"components": [{"type": "application", "name": "scripts/sbom", "version": manifest["version"]}]},
                             "component": image},
                "components": components,
                "dependencies": [{"ref": image["bom-ref"], "dependsOn": [c["bom-ref"] for c in components]}]}
    digest = hashlib.sha256(repr(document).encode()).digest()
    document["serialNumber"] = "urn:uuid:%s" % uuid.UUID(bytes=digest[:16], version=5)
    return document
