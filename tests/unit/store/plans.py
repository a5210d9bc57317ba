#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""No query of the store may cost more as the installation grows: each is planned by SQLite on an empty schema, and a
plan that walks over a table fails. Usage: plans.py SRC_STORE"""
import re
import sqlite3
import sys
from pathlib import Path

STRING = r'"((?:[^"\\]|\\.)*)"'
# Walked over on purpose: an index that holds only the rows that are wanted, and the newest rows up to a limit.
WHOLE = {'SCAN orders USING INDEX orders_open', 'SCAN s USING INDEX statements_unsettled',
	'SCAN cases USING COVERING INDEX sqlite_autoindex_cases_1'}


def defined(text):
	"""Names of macros that are one string."""
	found = re.finditer(rf'^#define (\w+)\s*(?:\\\s*)?((?:\s*{STRING}\s*\\?)+)$', text, re.MULTILINE)
	return {m[1]: ''.join(re.findall(STRING, m[2])) for m in found}


def literals(text):
	"""Every run of adjacent strings (and macros that are strings), joined."""
	macros = defined(text)
	text = re.sub(r'^#define (\w+)\s*(?:\\\s*)?((?:\s*"(?:[^"\\]|\\.)*"\s*\\?)+)$', '', text, flags=re.MULTILINE)
	piece = '|'.join([STRING.replace('(', '(?:', 1), *(rf'\b{name}\b' for name in macros)])
	for run in re.finditer(rf'(?:{piece})(?:\s*(?:{piece}))*', text):
		parts = re.finditer(rf'{STRING}|(\w+)', run[0])
		yield ''.join(p[1] if p[1] is not None else macros[p[2]] for p in parts)


def schema(path):
	db = sqlite3.connect(':memory:')
	for step in re.finditer(rf'\{{\d+,((?:\s*{STRING})+)\s*\}}', path.read_text()):
		db.execute(''.join(re.findall(STRING, step[1])).replace('DB_BLOB', 'BLOB'))
	return db


def plans(db, sql):
	values = [1] * max((int(n) for n in re.findall(r'\?(\d+)', sql)), default=0)
	return [row[3] for row in db.execute(f'EXPLAIN QUERY PLAN {sql}', values)]


def main():
	folder = Path(sys.argv[1])
	home, square = schema(folder / 'home_steps.c'), schema(folder / 'square_steps.c')
	count, bad = 0, []
	for path in sorted(folder.glob('*.c')):
		if path.name.endswith('_steps.c') or path.name.startswith('db_'):
			continue
		sides = [home] if path.name.startswith('home_') else [square] if path.name.startswith('square_') else [home, square]
		for sql in literals(path.read_text()):
			if not re.match(r'(SELECT|INSERT|UPDATE|DELETE)\b', sql):
				continue
			for db in sides:
				count += 1
				try:
					steps = plans(db, sql)
				except sqlite3.Error as error:
					bad.append(f'{path.name}: {sql}\n    {error}')
					continue
				bad += [f'{path.name}: {sql}\n    {s}' for s in steps if s.startswith('SCAN') and s not in WHOLE]
	print(*bad, sep='\n')
	print(f'{count} queries, {len(bad)} of them bad')
	# Fewer would mean that they are no longer found, not that they are good.
	return 1 if bad or count < 100 else 0


if __name__ == '__main__':
	sys.exit(main())
