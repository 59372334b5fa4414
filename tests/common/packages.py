# SPDX-License-Identifier: BSD-3-Clause
"""Files of Debian packages, which need not be installed."""

import functools
import os
import subprocess


@functools.lru_cache(maxsize=None)
def debian_file(package, path, build):
    """File @path of @package, as it is installed or unpacked below the folder @build."""
    if os.path.exists(path):
        return path
    folder = os.path.join(build, "dl", "guests")
    unpacked = os.path.join(folder, package)
    if not os.path.exists(unpacked + path):
        os.makedirs(folder, exist_ok=True)
        subprocess.run(["apt-get", "download", "-q", package], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        debs = [f for f in os.listdir(folder) if f.startswith(package + "_") and f.endswith(".deb")]
        subprocess.run(["dpkg", "-x", os.path.join(folder, debs[0]), unpacked], check=True)
    return unpacked + path
