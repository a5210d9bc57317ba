#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every error that the sources can send is one that clients may know: it stands in the list of documented errors that
comes with @mtcute/core, with the same code, or in errors_own.txt with the reason why not.

Usage: errors.py NODE_MODULES
"""
import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OWN = ROOT / 'tests/schema/errors_own.txt'
FOLDERS = ('src/api', 'src/core', 'src/server')
# Words of capitals with an underscore between them are errors, wherever they stand: also in tables and helpers.
TEXT = re.compile(r'"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+_?|INTERNAL)"')
WITH_CODE = re.compile(r'\b(\d{3}),\s*"([A-Z][A-Z0-9_]*)"')


def documented(modules):
    """Name -> code; a name with a number in it stands as what is before the number."""
    errors = json.loads((Path(modules) / '@mtcute/core/tl/raw-errors.json').read_text())['errors']
    return {name.split('%d')[0]: entry['code'] for name, entry in errors.items()}


def own():
    rows = {}
    for line in OWN.read_text().splitlines():
        if line and not line.startswith('#'):
            match = re.fullmatch(r'(\w+) (\d{3}): (\S.*)', line)
            if not match:
                sys.exit(f'not ok errors_own.txt: not "NAME CODE: reason": {line}')
            rows[match.group(1)] = int(match.group(2))
    return rows


def sent():
    """Name -> [(place, code or None)]"""
    found = {}
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob('*.[cd]*')):
            text = re.sub(r'/\*.*?\*/', lambda m: '\n' * m.group(0).count('\n'), path.read_text(), flags=re.S)
            coded = {match.start(2) - 1: int(match.group(1)) for match in WITH_CODE.finditer(text)}
            for match in TEXT.finditer(text):
                line = text.count('\n', 0, match.start()) + 1
                found.setdefault(match.group(1), []).append(
                    (f'{path.relative_to(ROOT)}:{line}', coded.get(match.start())))
    return found


def main():
    known, reasons, found, breaches = documented(sys.argv[1]), own(), sent(), []
    for name, places in sorted(found.items()):
        codes = {reasons.get(name), known.get(name)} - {None}
        if not codes:
            breaches.append(f'{places[0][0]}: {name} is not documented; if it must be, give the reason in errors_own.txt')
        for place, used in places:
            if codes and used is not None and used not in codes:
                breaches.append(f'{place}: {name} has code {min(codes)}, not {used}')
    for name in sorted(reasons):
        if name not in found:
            breaches.append(f'errors_own.txt: {name} is sent no more')
        elif reasons[name] == known.get(name):
            breaches.append(f'errors_own.txt: {name} is documented')
    print('\n'.join(breaches))
    print(f'{"not ok" if breaches else "ok"} the errors that {len(found)} names stand for are documented')
    return 1 if breaches else 0


if __name__ == '__main__':
    sys.exit(main())
