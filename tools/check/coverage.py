#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes docs/coverage.md to standard output: every method that the schema knows, and whether it is served.

Usage: coverage.py BUILD_DIR
"""
import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HEAD = """<!-- SPDX-License-Identifier: Apache-2.0 -->
<!-- Made by `./dev docs` from schema/ and src/api/methods_*.def; do not edit. -->
# Methods

| word | meaning |
|---|---|
| served | does what core.telegram.org says, within what Lontar has |
| empty | answers truthfully that there is nothing, because the feature is not there |
| refused | decoded, and refused with 400 INPUT_METHOD_INVALID, as is every method that is not in this list |

Layers are those in which the method has a form that Lontar reads; a client of any layer from {low} to {high} is served in its own.
"""


def rows():
    found = {}
    for path in sorted((ROOT / 'src/api').glob('methods_*.def')):
        for line in path.read_text().splitlines():
            match = re.match(r'M\((\w+), (\w+), \w+, \w+\)(.*)', line)
            if match:
                found[match.group(1)] = ('empty' if 'empty' in match.group(3) else 'served',
                                         'anybody' if match.group(2) != 'FOR_USER' else 'a user')
    found['auth_bindTempAuthKey'] = ('served', 'anybody')
    return found


def main():
    schema = json.loads((Path(sys.argv[1]) / 'src/tl/schema.json').read_text())
    served, layers = rows(), schema['layers']
    methods = {}
    for form in schema['forms']:
        if form['kind'] != 'method' or form['protocol']:
            continue
        methods.setdefault(form['name'], []).append(form['first'])
    wrappers = {'invokeWithLayer', 'initConnection', 'invokeAfterMsg', 'invokeAfterMsgs', 'invokeWithoutUpdates'}
    print(HEAD.format(low=layers[0], high=layers[-1]))
    print('| method | | for | since layer |\n|---|---|---|---|')
    counts = {}
    for name in sorted(methods):
        state, who = ('served', 'anybody') if name in wrappers else served.get(name.replace('.', '_'), ('refused', ''))
        counts[state] = counts.get(state, 0) + 1
        print(f'| {name} | {state} | {who} | {min(methods[name])} |')
    print('\n' + ', '.join(f'{counts[s]} {s}' for s in ('served', 'empty', 'refused')) + '.')


if __name__ == '__main__':
    main()
