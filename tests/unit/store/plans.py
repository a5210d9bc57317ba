#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""No query of the store may cost more as the installation grows: each is planned by SQLite on an empty schema, and a
plan that walks over a table fails. Usage: plans.py SRC_STORE"""
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

STRING = r'"((?:[^"\\]|\\.)*)"'
# Walked over on purpose: an index that holds only the rows that are wanted, and the newest rows up to a limit.
WHOLE = {'SCAN orders USING INDEX orders_open', 'SCAN s USING INDEX statements_unsettled',
	'SCAN cases USING COVERING INDEX sqlite_autoindex_cases_1',
	# No table at all; the rows of a subquery with a LIMIT.
	'SCAN CONSTANT ROW', 'SCAN counted', 'SCAN newer', 'SCAN waiting',
	# Channels on their way, and those that have come.
	'SCAN channels USING INDEX channels_moving', 'SCAN a USING INDEX sqlite_autoindex_arrivals_1',
	# Reports that nobody has taken in, outcomes that nobody was told, the few lines of a menu, and the heads of queues.
	'SCAN reports USING INDEX reports_new', 'SCAN reports USING INDEX reports_untold',
	'SCAN c USING INDEX sqlite_autoindex_report_categories_1', 'SCAN channel_remains', 'SCAN reactions_taken',
	'SCAN doomed_channels USING INDEX sqlite_autoindex_doomed_channels_1',
	# Measures with an end that is still to come, or that were lifted before it; the newest entry of the desk's log; channels
	# whose posts wait to be indexed once more, one at a time.
	'SCAN s USING INDEX statements_ending', 'SCAN desk_log USING INDEX sqlite_autoindex_desk_log_1',
	'SCAN r USING INDEX sqlite_autoindex_reindexed_1',
	# Appeals without an answer, by when it is due, and the newest that have one; who works at the desk; news on their way, and
	# statements that are still to be sent, a few at a time.
	'SCAN appeals USING INDEX appeals_open', 'SCAN appeals USING INDEX sqlite_autoindex_appeals_1', 'SCAN desk_grants',
	'SCAN desk_untold USING INDEX sqlite_autoindex_desk_untold_1', 'SCAN statements USING INDEX statements_unsubmitted'}


def expanded(path):
	"""The file as the compiler sees it, without what it includes: texts that macros put together are whole."""
	command = ['cc', '-E', '-D_GNU_SOURCE', '-I', path.parent.parent, path]
	text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
	own, lines = False, []
	for line in text.splitlines():
		marker = re.match(r'# \d+ "([^"]*)"', line)
		if marker:
			own = Path(marker[1]).name == path.name
		elif own:
			lines.append(line)
	return '\n'.join(lines)


def literals(text):
	"""Every run of adjacent strings, joined."""
	for run in re.finditer(rf'{STRING.replace("(", "(?:", 1)}(?:\s*{STRING.replace("(", "(?:", 1)})*', text):
		yield ''.join(re.findall(STRING, run[0]))


def schema(path):
	db = sqlite3.connect(':memory:')
	text = re.sub(r'#include "store/(\w+\.def)"', lambda rest: (path.parent / rest[1]).read_text(), path.read_text())
	for step in re.finditer(rf'\{{\d+,((?:\s*{STRING})+)\s*\}}', text):
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
		for sql in literals(expanded(path)):
			if not re.match(r'(SELECT|INSERT|UPDATE|DELETE)\b', sql):
				continue
			for db in sides:
				count += 1
				try:
					steps = plans(db, sql)
				except sqlite3.Error as error:
					bad.append(f'{path.name}: {sql}\n    {error}')
					continue
				bad += [f'{path.name}: {sql}\n    {s}' for s in steps if s.startswith('SCAN') and s not in WHOLE and 'VIRTUAL TABLE INDEX' not in s]
	print(*bad, sep='\n')
	print(f'{count} queries, {len(bad)} of them bad')
	# Fewer would mean that they are no longer found, not that they are good.
	return 1 if bad or count < 100 else 0


if __name__ == '__main__':
	sys.exit(main())
