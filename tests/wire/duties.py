#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every duty of docs/duties.md that is said to be kept has a test named after it, and every code that clients can be told has a
case that gets it. With --write: the list of codes in README.md is made again."""
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CODES = [16, 17, 18, 19, 20, 32, 33, 34, 35, 48, 64, -404, -429, -444]
BEGIN, END = '<!-- codes: made by duties.py -->\n', '<!-- end of codes -->\n'


def kept():
    rows = re.findall(r'^\| ((?:[TKES]\d+(?:, )?)+) \|.*\| ([^|]*) \|$', (ROOT / 'docs/duties.md').read_text(), re.M)
    return [duty for ids, state in rows if state.startswith('kept') for duty in ids.split(', ')]


def cases():
    """(name, lines) of each wire case."""
    for path in sorted((HERE / 'cases').glob('*.txt')):
        for part in re.split(r'^case ', path.read_text(), flags=re.M)[1:]:
            name, *lines = part.splitlines()
            yield name, [line.strip() for line in lines]


def unit_tests():
    """What the comment in front of a unit test says it is about: only what text can't play, as a handshake."""
    for path in sorted((ROOT / 'tests/unit').glob('*/test_*.c')):
        for comment in re.findall(r'/\* ((?:[TKES]\d+(?:, )?)+)\b[^/]*\*/\nstatic void \w+\(void \*\*state\)', path.read_text()):
            yield from comment.split(', ')


def codes():
    found = {}
    for name, lines in cases():
        for line in lines:
            told = re.match(r'expect (?:bad \S+|failed|http|count \d+ failed) (-?\d+)', line)
            if told:
                found.setdefault(int(told[1]), name)
    return found


def main():
    found = codes()
    named = {duty for name, _ in cases() for duty in re.match(r'((?:[TKES]\d+(?:, )?)*)', name)[1].split(', ')} | set(unit_tests())
    missing = [duty for duty in kept() if duty not in named]
    missing += [f'code {code}' for code in CODES if code not in found]
    for what in missing:
        print(f'not ok: {what} has no case named after it')
    table = '| code | reached by |\n|---|---|\n' + ''.join(f'| {code} | {found.get(code, "")} |\n' for code in CODES)
    readme = (HERE / 'README.md').read_text()
    before, rest = readme.split(BEGIN)
    after = rest.split(END)[1]
    new = before + BEGIN + table + END + after
    if new != readme and '--write' in sys.argv:
        (HERE / 'README.md').write_text(new)
    elif new != readme:
        missing.append('the list')
        print('not ok: the list of codes in tests/wire/README.md is old: tests/wire/duties.py --write')
    return 1 if missing else 0


if __name__ == '__main__':
    sys.exit(main())
