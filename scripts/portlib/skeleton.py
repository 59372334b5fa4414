# SPDX-License-Identifier: BSD-3-Clause
"""The files of a new port as text."""
import re

HEAD = "# SPDX-License-Identifier: BSD-3-Clause\n"


def makefile(port):
    """Makefile.uk. @port: see scripts/new-port."""
    p, tree = port.prefix, "$(%s_TREE)" % port.prefix

    def folder(name):
        return tree if name == "." else tree + "/" + name
    fields = [("VERSION", port.version), ("URL", port.url.replace(port.version, "$(%s_VERSION)" % p))]
    if port.repacked:
        fields.append(("URL_SHA256", "none"))
    fields += [("SHA256", port.sha256)] + ([("DEBSRC", port.debsrc)] if port.debsrc else [])
    fields += [("LICENSE", port.licence), ("EXTRACT", " ".join(extract(port)))]
    private = [f for f in port.folders if f != port.include]
    return (HEAD + "$(eval $(call addlib_s,%s,$(CONFIG_%s)))\n\n" % (port.lib, p) +
            "".join("%s_%s := %s\n" % (p, name, value) for name, value in fields) +
            "\n$(eval $(call fetch,%s,$(%s_URL)))\n" % (port.lib, p) + "\ninclude $(%s_BASE)/sources.mk\n\n" % p +
            "".join("%s_CINCLUDES-y += -I%s\n" % (p, folder(f)) for f in private) +
            "CINCLUDES-$(CONFIG_%s) += -I%s\n" % (p, folder(port.include)))


def extract(port):
    """What is taken out of the archive: licences, and the folders by their first part."""
    tops = {f.split("/")[0] for f in [*port.folders, port.include]}
    return [*port.texts, *sorted(tops - {"."}), *(["*.c", "*.h"] if "." in tops else [])]


def menu(port):
    return HEAD + "config %s\n\tbool \"%s: %s\"\n\tselect LIBMUSL\n\thelp\n\t  %s, version %s.\n" % (
        port.prefix, port.name, port.what, port.what[:1].upper() + port.what[1:], port.version)


def sources(port):
    """sources.sh, which prints sources.mk for a tree."""
    skip = "\t%s) ;; # no part of the library\n" % " | ".join(port.left) if port.left else ""
    line = 'echo "%s_SRCS-y += \\$(%s_TREE)/$file"' % (port.prefix, port.prefix)
    body = "\tcase $file in\n%s\t*) %s ;;\n\tesac\n" % (skip, line) if skip else "\t%s\n" % line
    return ("#!/bin/sh\n" + HEAD + "#\n# Prints sources.mk: what upstream compiles into the library.\n"
            "# Usage: libs/%s/sources.sh TREE > libs/%s/sources.mk\nset -eu\nexport LC_ALL=C\ncd \"$1\"\n\n"
            "echo '# SPDX-License-Identifier: BSD-3-Clause'\necho '# Written by sources.sh; do not edit.'\n"
            "for file in %s; do\n%sdone\n" % (port.name, port.name, " ".join(port.taken), body))


def readme(port):
    site = re.match(r"https?://[^/]+", port.url)
    return "# %s\n\n%s %s, unpatched, from %s: %s.\n" % (port.name, port.name, port.version, site.group(0) if site else port.url, port.what)
