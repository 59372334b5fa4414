# SPDX-License-Identifier: BSD-3-Clause
"""QEMU's own Kconfig files as a menu of ours: the same symbols, with LIBQEMU_ before their names.

Only symbols that the reference configuration turned on are kept: the others belong to other
architectures or to features without a host here; they are constant n in expressions.
"""
import os
import re
import textwrap

WORD = re.compile(r'[A-Z0-9_]+')


class Symbol:
    """One device symbol: where it is defined and the lines of its definition."""

    def __init__(self, name, folder):
        self.name, self.folder, self.lines = name, folder, []


def parse(tree, path='Kconfig', into=None):
    """name -> Symbol, following source statements."""
    into = {} if into is None else into
    symbol = None
    with open(os.path.join(tree, path), encoding='utf-8') as f:
        text = f.read().replace('\\\n', ' ')
    for line in text.split('\n'):
        words = line.split('#')[0].split()
        if not words:
            continue
        if words[0] == 'source':
            sub = os.path.normpath(os.path.join(os.path.dirname(path), words[1]))
            parse(tree, sub, into)
        elif words[0] == 'config':
            symbol = into.setdefault(words[1], Symbol(words[1], os.path.dirname(path)))
        elif words[0] in ('depends', 'select', 'imply', 'default'):
            symbol.lines.append(words)
        elif words[0] != 'bool':
            raise SystemExit(f'port: {path}: cannot read "{line.strip()}"')
    return into


def add_links(symbols, path):
    """What the list of links adds to upstream's definitions, in the same words."""
    with open(path, encoding='utf-8') as f:
        for words in map(str.split, f):
            if words and words[0] != '#':
                symbols[words[0]].lines.append(words[1:2] + ['on'] * (words[1] == 'depends') + words[2:])


def read_prompts(path):
    """(titles of upstream's folders, {symbol: (prompt, help)}) of the list that was written by hand."""
    titles, prompts = {}, {}
    with open(path, encoding='utf-8') as f:
        for line in f:
            if line.startswith('#') or not line.strip():
                continue
            if '|' in line:
                name, prompt, text = (w.strip() for w in line.split('|'))
                prompts[name] = (prompt, text)
            else:
                folder, title = (w.strip() for w in line.split('='))
                titles[folder] = title
    return titles, prompts


def entry_text(name, prompt, clauses):
    """The lines of one symbol: prompt is (prompt, help), or None if there is nothing to choose."""
    lines = [f'config LIBQEMU_{name}', f'\tbool "{prompt[0]}"' if prompt else '\tbool'] + ['\t' + c for c in clauses]
    return lines + (['\thelp', *textwrap.wrap(prompt[1], 130, initial_indent='\t  ', subsequent_indent='\t  ')] if prompt else [])


def group_text(title, entries):
    """A submenu; without a title what has nothing to choose."""
    body = [line for e in entries for line in e + ['']]
    return [f'menu "{title}"', ''] + body + ['endmenu', ''] if title else body


def fold(expression, const):
    """An expression with constants settled: text, or 'y' or 'n'."""
    tokens = re.findall(r'&&|\|\||!|\(|\)|[A-Za-z0-9_]+', expression)

    def parse_or():
        terms = [parse_and()]
        while tokens and tokens[0] == '||':
            tokens.pop(0)
            terms.append(parse_and())
        if 'y' in terms:
            return 'y'
        terms = [t for t in dict.fromkeys(terms) if t != 'n']
        return ' || '.join(terms) if terms else 'n'

    def parse_and():
        terms = [parse_not()]
        while tokens and tokens[0] == '&&':
            tokens.pop(0)
            terms.append(parse_not())
        if 'n' in terms:
            return 'n'
        terms = [t if '||' not in t else f'({t})' for t in dict.fromkeys(terms) if t != 'y']
        return ' && '.join(terms) if terms else 'y'

    def parse_not():
        t = tokens.pop(0)
        if t == '!':
            inner = parse_not()
            return {'y': 'n', 'n': 'y'}.get(inner, '!' + (inner if WORD.fullmatch(inner) else f'({inner})'))
        if t == '(':
            inner = parse_or()
            tokens.pop(0)
            return inner
        return const(t)

    return parse_or()


class Menu:
    """The symbols to offer."""

    def __init__(self, symbols, kept, fixed, hand, prompts):
        self.symbols, self.kept, self.fixed, self.hand = symbols, kept, fixed, hand
        self.titles, self.prompts = prompts
        self.offered = [n for n in sorted(kept | hand) if n in symbols and n not in fixed]
        self.selected = {w[1] for n in self.offered for w in symbols[n].lines if w[0] == 'select'}
        self.implied = {w[1] for n in self.offered for w in symbols[n].lines if w[0] == 'imply'}

    def const(self, word):
        """A name in an expression: ours if the menu has it, else its fixed value."""
        if word in ('y', 'n'):
            return word
        if word in self.fixed:
            return 'y'
        return 'LIBQEMU_' + word if word in self.kept or word in self.hand else 'n'

    def clause(self, words):
        """(keyword, target, condition) with everything constant folded, or None if it never holds."""
        text = ' '.join(words[1:])
        target, _, condition = text.partition(' if ')
        if words[0] == 'depends':
            return 'depends on', fold(target.removeprefix('on '), self.const), 'y'
        condition = fold(condition, self.const) if condition else 'y'
        target = fold(target, self.const)
        return None if 'n' in (target, condition) or (target == 'y' and words[0] != 'default') else (words[0], target, condition)

    def prompt(self, name):
        """A prompt if a user may choose: it has a default of its own or is implied, and nothing selects it."""
        if name in self.hand or name in self.selected:
            return False
        return name in self.implied or any(w[0] == 'default' for w in self.symbols[name].lines)

    def entry(self, name):
        """The lines of one symbol."""
        if self.prompt(name) and name not in self.prompts:
            raise SystemExit(f'port: libs/qemu/prompts.list has no {name}; next: say there what it is')
        clauses = []
        for words in self.symbols[name].lines:
            clause = self.clause(words)
            if clause and not (clause[0] == 'depends on' and clause[1] == 'y'):
                clauses.append(' '.join(clause[:2]) + (f' if {clause[2]}' if clause[2] != 'y' else ''))
        return entry_text(name, self.prompts[name] if self.prompt(name) else None, clauses)

    def text(self):
        """The whole menu, one submenu a folder of upstream's."""
        groups = {}
        for n in self.offered:
            groups.setdefault(self.symbols[n].folder, []).append(n)
        out = []
        for folder in sorted(groups):
            key = folder.removeprefix('hw/')
            choice = any(map(self.prompt, groups[folder]))
            if choice and key not in self.titles:
                raise SystemExit(f'port: libs/qemu/prompts.list has no title for {folder}; next: give it one')
            out += group_text(self.titles[key] if choice else '', [self.entry(n) for n in groups[folder]])
        return '\n'.join(out)
