# SPDX-License-Identifier: Apache-2.0
"""Whether the columns of the home are what docs/data.md says of them: all of them, sealed or in clear, and in what form."""
import collections
import re
import sqlite3
import zlib

VERSION, NONCE, OVERHEAD = 1, 24, 41  # crypto/seal.h
# How what stands in clear looks, whatever it is: so that a text can't take its place.
FORMS = {
    'hash': lambda value: len(value) == 32, 'salt': lambda value: len(value) == 32, 'subject': lambda value: len(value) == 32,
    'last_use': lambda value: len(value) == 32, 'name': lambda value: re.fullmatch(r'[a-z_ ]{1,24}', value),
    'ids': lambda value: len(value) % 4 == 0, 'text': lambda value: value == '',
    'data': lambda value: len(value) > OVERHEAD and len(zlib.compress(value, 6)) > len(value) * 0.99,
}


def page_of(path):
    """(table, column) -> sealed, bytes or number."""
    found = {}
    home = path.read_text().split('\n## The home')[1].split('\n## ')[0]
    for row in re.findall(r'^\| `(\w+)` \|(.*)\|(.*)\|(.*)\|$', home, re.M):
        for kind, cell in zip(('sealed', 'bytes', 'number'), row[1:]):
            for column in re.findall(r'`(\w+)`', cell):
                found[row[0], column] = kind
    return found


class Columns:
    """Looked at several times while a server runs: rows come and go."""

    def __init__(self, page):
        self.page, self.problems, self.filled = page_of(page), [], set()
        self.nonces, self.sealed, self.seen = collections.Counter(), {}, set()

    def look(self, path):
        home = sqlite3.connect(f'file:{path}?mode=ro', uri=True, timeout=60)
        try:
            for (table,) in home.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                for _, column, declared, *_ in home.execute(f'PRAGMA table_info({table})').fetchall():
                    self.seen.add((table, column))
                    values = [v for (v,) in home.execute(f'SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL')]
                    self.judge((table, column), declared.lower(), values)
        finally:
            home.close()

    def epochs(self, path):
        """How many values of each sealed column are of the first root, and how many of a later one."""
        old, new = collections.Counter(), collections.Counter()
        home = sqlite3.connect(f'file:{path}?mode=ro', uri=True, timeout=60)
        try:
            for (table, column), kind in self.page.items():
                if kind == 'sealed' and table != 'root_epochs':
                    for (value,) in home.execute(f'SELECT {column} FROM {table} WHERE length({column}) > 0'):
                        (old if value[0] == VERSION else new)[table, column] += 1
        finally:
            home.close()
        return old, new

    def judge(self, place, declared, values):
        kind = self.page.get(place)
        if not kind:
            self.problem(place, 'is not on the page')
        elif place[1].startswith('sealed_') and kind != 'sealed':
            self.problem(place, 'is sealed, and the page says otherwise')
        elif kind == 'number':
            if declared not in ('bigint', 'integer') or any(not isinstance(value, int) for value in values):
                self.problem(place, 'holds more than numbers')
        elif kind == 'sealed':
            self.judge_sealed(place, values)
        else:
            suffix = place[1].rsplit('_', 1)[-1]
            form = FORMS.get(place[1]) or (FORMS.get(suffix) if suffix in ('hash', 'ids') else None)
            if place == ('login_codes', 'hash'):
                form = re.compile(r'[\w-]{8,64}').fullmatch
            if place == ('bot_tokens', 'token_hash'):
                values = [value for value in values if value]  # of the service bot no token works over MTProto
            if form and not all(form(value) for value in values):
                self.problem(place, f'holds what it should not, e.g. {len(values[0])} bytes')
        if values:
            self.filled.add(place)

    def judge_sealed(self, place, values):
        for value in values:
            if value == b'':  # wiped
                continue
            if not isinstance(value, bytes) or len(value) < OVERHEAD or value[0] != VERSION:
                self.problem(place, 'holds something that is not sealed')
                return
            known = self.sealed.setdefault(value[1:1 + NONCE], (place, value))
            if known[1] != value:
                self.problem(place, f'shares a nonce with {known[0]}')

    def problem(self, place, what):
        text = f'{place[0]}.{place[1]} {what}'
        if text not in self.problems:
            self.problems.append(text)

    def verdict(self, excused):
        """What is wrong; and what was never written, so that nothing was tried."""
        gone = [f'{t}.{c} is on the page and not in the database' for t, c in self.page if (t, c) not in self.seen]
        empty = [f'{t}.{c} never held anything' for (t, c), kind in self.page.items()
                 if kind == 'sealed' and (t, c) in self.seen and (t, c) not in self.filled and f'{t}.{c}' not in excused]
        everything = b''.join(value[1 + NONCE:] for _, value in self.sealed.values())
        squeezed = len(zlib.compress(everything, 6)) / max(1, len(everything))
        plain = [f'{len(everything)} sealed bytes can be squeezed to {squeezed:.2f} of their size'] if squeezed < 0.99 else []
        return self.problems + gone + empty + plain
