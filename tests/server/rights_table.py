# SPDX-License-Identifier: Apache-2.0
"""docs/rights.md, read: what each use of a method answers whom, where. The notation is explained there."""
import re
from pathlib import Path

import rights_stage as stage
from rights_stage import ADMIN_RIGHTS, KINDS, LIMITS, OUTSIDERS, PUBLIC, standings_in

PAGE = Path(__file__).resolve().parent.parent.parent / 'docs/rights.md'
SETS = {'all': KINDS, 'groups': stage.GROUPS, 'free groups': stage.FREE_GROUPS, 'kept groups': stage.KEPT_GROUPS,
        'forums': stage.FORUMS, 'discussions': stage.DISCUSSIONS, 'channels': stage.BROADCASTS}
COLUMNS = ('where', 'creator', 'admins', 'members', 'visitors', 'bots', 'others')
SHORT = {'no': 'CHAT_ADMIN_REQUIRED'}
OTHERS = ('guest', 'banned', 'left', 'stranger', 'bot', 'without hash', 'nobody')


def kinds_of(where):
    """'groups, channel but forums, discussion': sets and kinds, and which of them are not meant."""
    named, _, missing = where.partition(' but ')
    without = kinds_of(missing) if missing else ()
    return tuple(kind for name in named.split(', ') for kind in SETS.get(name, (name,)) if kind not in without)


def answer(word, of):
    word = SHORT.get(word, word)
    if word != 'yes' and not re.fullmatch(r'[A-Z][A-Z0-9_]+', word):
        raise ValueError(f'{of}: no answer: {word}')
    return word


def answers(cell, names, of):
    """'no; change_info yes, ban_users yes' -> the first for all, and what those have who are named."""
    first, _, rest = cell.partition('; ')
    found = {}
    for part in filter(None, rest.split(', ')):
        name, _, word = part.rpartition(' ')
        if name not in names:
            raise ValueError(f'{of}: nobody is called {name}')
        found[name] = answer(word, of)
    return answer(first, of), found


class Row:
    def __init__(self, name, cells):
        self.name, of = name, f'{name} | {cells["where"]}'
        self.kinds = kinds_of(cells['where'])
        if not set(self.kinds) <= set(KINDS) or cells['bots'] not in ('yes', 'no'):
            raise ValueError(f'{of}: where, or whether for bots?')
        self.creator = answer(cells['creator'], of)
        self.admins, self.with_right = answers(cells['admins'], ADMIN_RIGHTS, of)
        self.members, self.limited = answers(cells['members'], LIMITS, of)
        self.visitors = answer(cells['visitors'], of) if set(self.kinds) & set(PUBLIC) else None
        self.for_bots = cells['bots'] == 'yes'
        _, self.others = answers('yes; ' + cells['others'], OTHERS, of)

    def expected(self, kind, standing):
        word, _, right = standing.partition(' ')
        if standing in self.others:
            return self.others[standing]
        if standing == 'nobody':
            return 'AUTH_KEY_UNREGISTERED'
        if standing == 'bot' and not self.for_bots:
            return 'BOT_METHOD_INVALID'
        if standing == 'without hash':
            return 'CHANNEL_INVALID'
        if standing in OUTSIDERS and kind in PUBLIC:
            return self.visitors
        if standing in OUTSIDERS and kind == 'discussion':
            return self.others.get('guest', 'CHANNEL_PRIVATE')
        if word == 'admin':
            return self.with_right.get(right, self.admins)
        if word == 'limited':
            return self.limited.get(right, self.members)
        known = {'creator': self.creator, 'member': self.members, 'banned': 'CHANNEL_PRIVATE', 'left': 'CHANNEL_PRIVATE'}
        return known.get(standing, 'CHANNEL_INVALID')


class Table:
    """rows: (use of a method, kind) -> Row. elsewhere: methods that name a channel and are not in the matrix."""

    def __init__(self, page=PAGE):
        self.rows, self.elsewhere = {}, set()
        for line in page.read_text().splitlines():
            cells = [cell.strip() for cell in line.strip('|').split('|')] if line.startswith('| ') else []
            if len(cells) == len(COLUMNS) + 1 and '.' in cells[0]:
                self.take(Row(cells[0], dict(zip(COLUMNS, cells[1:]))))
            elif len(cells) == 2 and '.' in cells[0]:
                self.elsewhere.update(cells[0].split(', '))

    def take(self, row):
        for kind in row.kinds:
            if (row.name, kind) in self.rows:
                raise ValueError(f'{row.name} stands twice for a {kind}')
            self.rows[row.name, kind] = row

    def uses(self):
        return list(dict.fromkeys(name for name, _ in self.rows))

    def wrong(self, name, kind, got):
        """got: standing -> answer. The cells that are not as they say."""
        row = self.rows[name, kind]
        return [f'{standing}: {got[standing]}, not {row.expected(kind, standing)}'
                for standing in standings_in(kind) if got[standing] != row.expected(kind, standing)]
