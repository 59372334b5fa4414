# SPDX-License-Identifier: BSD-3-Clause
"""The text of the workflows. What a cell does is what a person types: ci/matrix, .ci/run, ci/nightly."""

# The hosts that docs/building.md promises, by container: GCC 12 and GCC 14.
HOSTS = ("debian:12", "debian:13")

HEAD = """# SPDX-License-Identifier: BSD-3-Clause
# Written by scripts/workflows from ci/shapes; do not edit.
name: {name}

on:
{on}
permissions:
  contents: read

concurrency:
  group: {name}-${{{{ github.ref }}}}
  cancel-in-progress: true

jobs:
"""

BUILD = """  build:
    name: ${{{{ matrix.shape }}}} on ${{{{ matrix.host }}}}
    runs-on: ubuntu-latest
    container: ${{{{ matrix.host }}}}
    timeout-minutes: 60
    strategy:
      fail-fast: false
      matrix:
        host: [{hosts}]
        shape: [{names}]
    steps:
      - uses: actions/checkout@v4
      - run: apt-get update
      - run: scripts/bootstrap
      - run: ci/matrix ${{{{ matrix.shape }}}}
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: ${{{{ matrix.shape }}}}-on-${{{{ strategy.job-index }}}}
          path: |
            build/matrix/*/log
            build/matrix/*/*/*-x86_64
            build/matrix/*/*/*.cdx.json
"""

JOB = """  {job}:
    name: {title}
    runs-on: ubuntu-latest
    container:
      image: {host}
      options: --privileged
    timeout-minutes: {minutes}
    steps:
      - uses: actions/checkout@v4
      - run: apt-get update
      - run: scripts/bootstrap --bench
      - run: {command}
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: {job}
          path: |
            build/*/*.cdx.json
            build/*/log
"""


def texts(table):
    """{file name: text} for the shapes of ci/shapes."""
    def build(chosen):
        return BUILD.format(hosts=", ".join('"%s"' % h for h in HOSTS), names=", ".join(s.name for s in chosen))

    on_change = "  push:\n    branches: [main]\n  pull_request:\n"
    on_night = "  schedule:\n    - cron: \"30 1 * * *\"\n  workflow_dispatch:\n"
    suite = JOB.format(job="suite", title="all tests", host=HOSTS[0], minutes=90, command=".ci/run")
    night = JOB.format(job="night", title="everything at full length", host=HOSTS[0], minutes=720, command="ci/nightly")
    return {
        "ci.yml": HEAD.format(name="ci", on=on_change) + build([s for s in table if s.level == "required"]) + "\n" + suite,
        "nightly.yml": HEAD.format(name="nightly", on=on_night) + build(table) + "\n" + night,
    }
