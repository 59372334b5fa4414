# SPDX-License-Identifier: BSD-3-Clause
"""What a reference build says: edges of build.ninja, the image's objects, archive members, generated files."""
import json
import os
import re
import subprocess


class Edge:
    """One build statement."""

    def __init__(self, outputs, rule, inputs):
        self.outputs, self.rule, self.inputs, self.vars = outputs, rule, inputs, {}


def read(folder):
    """All edges of folder/build.ninja."""
    with open(os.path.join(folder, 'build.ninja'), encoding='utf-8') as f:
        text = f.read().replace('$\n', '')
    edges, edge = [], None
    for line in text.split('\n'):
        m = re.match(r'build (.*?): (\S+) ?(.*)', line)
        if m:
            outputs = m.group(1).replace('|', ' ').split()
            edge = Edge(outputs, m.group(2), m.group(3).split(' || ')[0].split(' | ')[0].split())
            edges.append(edge)
        elif line.startswith(' ') and edge and '=' in line:
            key, value = line.strip().split('=', 1)
            edge.vars[key.strip()] = value.strip()
        else:
            edge = None
    return edges


def edge_of(edges, output):
    """The edge that makes output."""
    return next(e for e in edges if output in e.outputs)


def closure(folder, target):
    """Everything that target needs, as ninja names it."""
    run = subprocess.run(['ninja', '-t', 'inputs', target], cwd=folder, capture_output=True, text=True, check=True)
    return set(run.stdout.split('\n'))


def members(folder, edges, target, archive):
    """The objects of an archive that the link of target takes."""
    link = edge_of(edges, target)
    out, listing = os.path.join(folder, 'port.out'), os.path.join(folder, 'port.map')
    with open(os.path.join(folder, 'port.rsp'), 'w', encoding='utf-8') as f:
        f.write(' '.join(link.inputs + ['-no-pie', '-o', out, '-Wl,-Map=' + listing, link.vars['LINK_ARGS']]))
    subprocess.run(['cc', '-m64', '@port.rsp'], cwd=folder, check=True)
    os.unlink(out)
    found = set()
    with open(listing, encoding='utf-8') as f:
        for line in f:
            if line.startswith(('Discarded input', 'Memory Configuration')):
                break
            if line.startswith(archive + '.p/'):  # a thin archive: members are named by their paths
                found.add(os.path.basename(line.split()[0]))
    return found


def sources(folder, tree):
    """object -> ('S' or 'B', path of its source)."""
    with open(os.path.join(folder, 'compile_commands.json'), encoding='utf-8') as f:
        commands = json.load(f)
    result = {}
    for c in commands:
        path = os.path.normpath(os.path.join(c['directory'], c['file']))
        if path.startswith(tree + '/'):
            result[c['output']] = 'S:' + os.path.relpath(path, tree)
        else:
            result[c['output']] = 'B:' + os.path.relpath(path, folder)
    return result


def generators(folder, tree, edges, target, skip):
    """(capture?, outputs, command) of every generated file that target needs."""
    need = closure(folder, target)
    python, result = os.path.join(folder, 'pyvenv/bin/python3'), []
    for e in edges:
        if e.rule != 'CUSTOM_COMMAND' or not need.intersection(e.outputs) or skip(e.outputs[0]):
            continue
        words = e.vars['COMMAND'].replace("''", '@EMPTY@').split()
        capture = '--internal' in words
        if capture:
            words = words[words.index('--') + 1:]
        if words[0] == python:
            words = words[1:]
        words = [relocate(w, folder, tree) for w in words]
        result.append((capture, sorted(e.outputs), words))
    return result


def relocate(word, folder, tree):
    """A word of a command with the tree's path taken out; the build folder is the working directory."""
    if word.startswith(('/', '../')):
        path = os.path.normpath(os.path.join(folder, word))
        if path == tree or path.startswith(tree + '/'):
            return os.path.join('@TREE@', os.path.relpath(path, tree)).removesuffix('/.')
    return word
