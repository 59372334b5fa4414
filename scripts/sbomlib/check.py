# SPDX-License-Identifier: BSD-3-Clause
"""Checks a bill of materials by the rules of CycloneDX 1.5 for the parts that we write: which keys an object may and must have, the values of
lists, the form of hashes and licences, and that references lead somewhere. Debian has no package of the schema."""
import re

REF, TEXT = "a reference", "a text"
COMPONENT_TYPES = ("application", "framework", "library", "container", "platform", "operating-system", "device", "device-driver", "firmware",
                   "file", "machine-learning-model", "data")
# Licences and exceptions of SPDX' list that ports have; a new one is added here when it is on that list.
LICENCES = set("""Apache-2.0 BSD-2-Clause BSD-3-Clause GPL-2.0-only GPL-2.0-or-later GPL-3.0-or-later ISC LGPL-2.1-only LGPL-2.1-or-later
LGPL-3.0-only MIT Zlib""".split())
EXCEPTIONS = {"GCC-exception-3.1", "PCRE2-exception", "UBDL-exception"}

# object: {key: (needed, what its value is)}; a value is a kind, a pattern, a tuple of texts, or a list of one of these.
RULES = {
    "document": {"bomFormat": (True, ("CycloneDX",)), "specVersion": (True, ("1.5",)), "version": (True, int),
                 "serialNumber": (False, r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
                 "metadata": (False, "metadata"), "components": (False, ["component"]), "dependencies": (False, ["dependency"])},
    "metadata": {"tools": (False, "tools"), "component": (False, "component"), "licenses": (False, ["licence"])},
    "tools": {"components": (False, ["component"])},
    "component": {"type": (True, COMPONENT_TYPES), "name": (True, TEXT), "version": (False, TEXT), "bom-ref": (False, REF),
                  "hashes": (False, ["hash"]), "licenses": (False, ["licence"]), "purl": (False, r"pkg:[a-z]+/[^@\s]+@\S+"),
                  "externalReferences": (False, ["link"]), "pedigree": (False, "pedigree"), "properties": (False, ["property"]),
                  "components": (False, ["component"])},
    "hash": {"alg": (True, ("SHA-256",)), "content": (True, r"[0-9a-f]{64}")},
    "licence": {"expression": (True, TEXT)},
    "link": {"type": (True, ("distribution", "vcs", "website", "advisories")), "url": (True, r"[a-z]+://\S+")},
    "property": {"name": (True, TEXT), "value": (True, str)},
    "pedigree": {"patches": (False, ["patch"])},
    "patch": {"type": (True, ("unofficial", "monkey", "backport", "cherry-pick")), "diff": (False, "diff"), "resolves": (False, ["issue"])},
    "diff": {"url": (False, r"[^\s:]+")},
    "issue": {"type": (True, ("defect", "enhancement", "security")), "id": (False, r"CVE-\d{4}-\d{4,}")},
    "dependency": {"ref": (True, TEXT), "dependsOn": (False, [TEXT])},
}


def licence_problem(text):
    """Why this is no SPDX expression of known licences, or None."""
    words = text.replace("(", " ").replace(")", " ").split()
    expect = LICENCES
    for word in words:
        if expect is None:
            if word not in ("AND", "OR", "WITH"):
                return "'%s' stands where AND, OR or WITH should" % word
            expect = EXCEPTIONS if word == "WITH" else LICENCES
        elif word not in expect:
            return "'%s' is not a known SPDX identifier" % word
        else:
            expect = None
    return "it ends with a word like AND" if expect is not None else None


class Checker:
    """Collects problems, each with the place where it is."""

    def __init__(self):
        self.problems, self.refs, self.used = [], set(), []

    def say(self, where, text):
        self.problems.append("%s: %s" % (where, text))

    def value(self, where, value, rule):
        if isinstance(rule, list):
            if not isinstance(value, list):
                return self.say(where, "is not a list")
            for n, v in enumerate(value):
                self.value("%s[%d]" % (where, n), v, rule[0])
        elif isinstance(rule, str) and rule in RULES:
            self.object(where, value, rule)
        elif isinstance(rule, tuple):
            if value not in rule:
                self.say(where, "%r is none of %s" % (value, ", ".join(rule)))
        elif isinstance(rule, type):
            if not isinstance(value, rule) or isinstance(value, bool):
                self.say(where, "is not of the type %s" % rule.__name__)
        elif not isinstance(value, str) or not value:
            self.say(where, "is no text")
        elif rule == REF:
            if value in self.refs:
                self.say(where, "%r is there twice" % value)
            self.refs.add(value)
        elif rule != TEXT and not re.fullmatch(rule, value):
            self.say(where, "%r has not the form %s" % (value, rule))
        return None

    def object(self, where, value, kind):
        if not isinstance(value, dict):
            return self.say(where, "is no object")
        for key in value:
            if key not in RULES[kind]:
                self.say(where, "'%s' is no key of a %s" % (key, kind))
        for key, (needed, rule) in RULES[kind].items():
            if key in value:
                self.value("%s.%s" % (where, key), value[key], rule)
            elif needed:
                self.say(where, "has no '%s'" % key)
        if kind == "licence" and isinstance(value.get("expression"), str):
            problem = licence_problem(value["expression"])
            if problem:
                self.say(where, problem)
        if kind == "component" and isinstance(value.get("licenses"), list) and len(value["licenses"]) != 1:
            self.say(where, "has not one expression of licences")
        if kind == "dependency":
            self.used += [(where, r) for r in [value.get("ref")] + list(value.get("dependsOn") or [])]
        return None


def problems(document):
    """What is wrong with a document, as lines."""
    checker = Checker()
    checker.object("document", document, "document")
    for where, ref in checker.used:
        if ref not in checker.refs:
            checker.say(where, "%r leads nowhere" % ref)
    return checker.problems
