# SPDX-License-Identifier: BSD-3-Clause
"""What must hold of a workflow file, without asking the service: keys that it knows, steps that do one thing, expressions that name what
there is, and commands that are in the tree."""
import os
import re

import yaml

TOP_KEYS = {"name", "on", "permissions", "concurrency", "jobs", "env", "defaults"}
EVENTS = {"push", "pull_request", "schedule", "workflow_dispatch"}
JOB_KEYS = {"name", "runs-on", "container", "timeout-minutes", "strategy", "steps", "needs", "if", "env", "permissions"}
STEP_KEYS = {"name", "uses", "run", "with", "if", "env", "id", "working-directory", "shell"}
CONTEXTS = {"github", "matrix", "strategy", "needs", "steps", "env", "runner", "job"}
MINUTES_MAX = 24 * 60


def unknown(what, keys, known):
    return ["%s has the unknown key '%s'" % (what, key) for key in sorted(map(str, set(keys) - known))]


def expressions(text, axes):
    for body in re.findall(r"\$\{\{(.*?)\}\}", text):
        for context, name in re.findall(r"\b([a-z]+)\.([\w-]+)", body):
            if context not in CONTEXTS:
                yield "'%s' is no context" % context
            elif context == "matrix" and name not in axes:
                yield "matrix.%s is no axis" % name
    if text.count("${{") != len(re.findall(r"\$\{\{.*?\}\}", text)):
        yield "an expression has no end"


def step_problems(where, step, root):
    if not isinstance(step, dict):
        return ["%s is no step" % where]
    found = unknown(where, step, STEP_KEYS)
    if ("uses" in step) == ("run" in step):
        found.append("%s has not one of 'uses' and 'run'" % where)
    if "uses" in step and not re.fullmatch(r"[\w.-]+/[\w./-]+@[\w.-]+", str(step["uses"])):
        found.append("%s: 'uses: %s' names no version" % (where, step["uses"]))
    for line in str(step.get("run", "")).splitlines():
        program = line.split()[0] if line.split() else ""
        if "/" in program and not os.access(os.path.join(root, program), os.X_OK):
            found.append("%s: there is no program %s" % (where, program))
    return found


def job_problems(name, job, jobs, root):
    where = "job '%s'" % name
    if not isinstance(job, dict):
        return ["%s is no job" % where]
    found = unknown(where, job, JOB_KEYS)
    found += ["%s has no '%s'" % (where, key) for key in ("runs-on", "steps", "timeout-minutes") if not job.get(key)]
    minutes = job.get("timeout-minutes", 1)
    if not isinstance(minutes, int) or not 0 < minutes <= MINUTES_MAX:
        found.append("%s: timeout-minutes is %s" % (where, minutes))
    needs = job.get("needs", [])
    found += ["%s needs '%s', which is no job" % (where, n) for n in ([needs] if isinstance(needs, str) else needs) if n not in jobs]
    matrix = (job.get("strategy") or {}).get("matrix") or {}
    for axis, values in matrix.items():
        if not isinstance(values, list) or not values or len(set(map(str, values))) != len(values):
            found.append("%s: axis '%s' is no list of different values" % (where, axis))
    found += ["%s: %s" % (where, text) for text in expressions(yaml.dump(job, width=10 ** 6), set(matrix))]
    for number, step in enumerate(job.get("steps") or [], 1):
        found += step_problems("%s, step %d" % (where, number), step, root)
    return found


def problems(text, root):
    """Lines about what is wrong with a workflow."""
    try:
        made = yaml.safe_load(text)
    except yaml.YAMLError as e:
        return ["is no YAML: %s" % " ".join(str(e).split())]
    if not isinstance(made, dict):
        return ["is empty"]
    # YAML 1.1 takes the word 'on' for true.
    made = {"on" if key is True else key: value for key, value in made.items()}
    found = unknown("it", made, TOP_KEYS)
    found += ["it has no '%s'" % key for key in ("name", "on", "permissions", "jobs") if not made.get(key)]
    found += unknown("'on'", made.get("on") or {}, EVENTS)
    jobs = made.get("jobs") or {}
    for name, job in jobs.items():
        found += job_problems(name, job, jobs, root)
    return found
