#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""docs/data.md names every column of both databases and none that is not there, and says of every table of the home how long it
is kept. Usage: data_page.py SRC_STORE DATA_MD"""
import re
import sys
from pathlib import Path

from plans import schema

INDEX = re.compile(r'(posts|channels)_words')  # of the search; told of in words


def columns_of(db):
	tables = [t for (t,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'") if not INDEX.match(t)]
	found = {(t, c[1]) for t in tables for c in db.execute(f'PRAGMA table_info({t})')}
	return found | {('schema_version', 'number')}


def rows_of(text, cells):
	"""(table, column) of each row of a table with so many cells; the columns stand in these of them."""
	for line in text.splitlines():
		parts = line.strip('|').split('|')
		if line.startswith('| `') and len(parts) == max(cells) + 1:
			table = parts[0].strip(' `')
			for cell in cells:
				for column in re.findall(r'`(\w+)`', parts[cell]):
					yield table, column


def problems(page, home, square):
	text = page.read_text()
	home_text = text.split('\n## The home')[1].split('\n### How long')[0]
	square_text = text.split('\n## The square')[1].split('\n## ')[0]
	square_rows = {(t, c) for line in square_text.splitlines() if line.startswith('| `')
		for t in [line.split('|')[1].strip(' `')] for c in re.findall(r'`(\w+)`', line.split('|')[2])}
	for name, there, listed in (('home', home, set(rows_of(home_text, (1, 2, 3)))), ('square', square, square_rows)):
		yield from (f'{name}: {t}.{c} is not on the page' for t, c in sorted(there - listed))
		yield from (f'{name}: {t}.{c} is on the page and not in the database' for t, c in sorted(listed - there))
	long = re.findall(r'`(\w+)`', text.split('\n### How long')[1].split('\n## ')[0])
	yield from (f'{t}: the page says {long.count(t)} times how long it is kept' for t in sorted({t for t, _ in home} | set(long))
		if long.count(t) != 1 or t not in {t for t, _ in home})


def main():
	folder, page = Path(sys.argv[1]), Path(sys.argv[2])
	home, square = (columns_of(schema(folder / name)) for name in ('home_steps.c', 'square_steps.c'))
	found = list(problems(page, home, square))
	print('\n'.join(found) or f'{len(home)} columns of the home and {len(square)} of the square are on the page')
	return 1 if found else 0


if __name__ == '__main__':
	sys.exit(main())
