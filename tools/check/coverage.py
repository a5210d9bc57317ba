#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""docs/coverage.md: every method that the schema knows, and whether it is served. From schema/ and the rows of
src/api/methods_*.def alone: no build is needed.

Usage: coverage.py [--check]      --check writes nothing, and ends with status 1 when the page is not what it would be
"""
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / 'docs/coverage.md'
sys.path.insert(0, str(ROOT / 'tools/tlc'))
sys.dont_write_bytecode = True
from model import Model  # noqa: E402
from parse import LAYER_NEWEST, parse_files  # noqa: E402

HEAD = """<!-- SPDX-License-Identifier: Apache-2.0 -->
<!-- Made by `./dev docs` from schema/ and src/api/methods_*.def; do not edit. -->
# Methods

{counts}

| word | meaning |
|---|---|
| served | does what core.telegram.org says, within what Lontar has |
| empty | answers truthfully that there is nothing, because the feature is not there |
| an error | decoded, and refused with this error, because empty would be a lie |
| unserved | decoded, and refused with 400 INPUT_METHOD_INVALID, as is every method that is not in this list |

A client of any layer from {low} to {high} is served in its own; the last column has the layers in which the method is known.

| method | | for | layers |
|---|---|---|---|"""
# Answered before any handler, or holding another query.
BUILT_IN = {'auth_bindTempAuthKey': 'a key', 'invokeWithLayer': 'anybody', 'initConnection': 'anybody', 'invokeAfterMsg': 'anybody',
            'invokeAfterMsgs': 'anybody', 'invokeWithoutUpdates': 'anybody'}
WHO = {'FOR_UNBOUND': 'a key', 'FOR_ANYONE': 'anybody', 'FOR_PEOPLE': 'anybody but bots', 'FOR_USER': 'a user',
       'FOR_ACCOUNT': 'a user or bot', 'FOR_BOT': 'a bot'}
ROW = re.compile(r'^(M|EMPTY|DONE|REFUSED)\((\w+),\s*(\w+)([^)]*)\)(.*)$', re.M)


def rows():
    """C name of a method -> (what it is, for whom)."""
    found = {name: ('served', who) for name, who in BUILT_IN.items()}
    for path in sorted((ROOT / 'src/api').glob('methods_*.def')):
        for kind, name, who, rest, comment in ROW.findall(path.read_text()):
            if kind == 'REFUSED':
                state = re.sub(r'.*?(\d+),\s*"(\w+)".*', r'\1 \2', rest, flags=re.S)
            elif kind == 'EMPTY' or comment.strip() == '/* empty */':
                state = 'empty'
            else:
                state = 'served'
            found[name] = (state, WHO[who])
    return found


def layers_of(method):
    first, last = method.forms[0].first, method.newest.last
    return f'{first}..' if last == LAYER_NEWEST else f'{first}..{last}'


def page():
    model = Model(*parse_files([str(p) for p in sorted((ROOT / 'schema').glob('*.tl'))]))
    known, lines, counts = rows(), [], {}
    for method in sorted(model.methods, key=lambda m: m.name):
        if method.newest.protocol:
            continue
        state, who = known.get(method.c, ('unserved', ''))
        word = 'refused with an error of its own' if state[0].isdigit() else state
        counts[word] = counts.get(word, 0) + 1
        lines.append(f'| {method.name} | {state} | {who} | {layers_of(method)} |')
    total = ', '.join(f'{count} {word}' for word, count in sorted(counts.items(), key=lambda item: -item[1]))
    return '\n'.join([HEAD.format(counts=f'{len(lines)} methods: {total}.', low=model.layers[0], high=model.layers[-1]), *lines]) + '\n'


def main():
    if sys.argv[1:] == ['--check']:
        if PAGE.read_text() != page():
            sys.exit('docs/coverage.md:1: not what schema/ and the method tables say: ./dev docs writes it')
    else:
        PAGE.write_text(page())


if __name__ == '__main__':
    main()
