# SPDX-License-Identifier: Apache-2.0
"""tests/fuzz/TOTALS.md: how often every target has run so far, a row each."""
import dataclasses
import fcntl
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / 'tests/fuzz/TOTALS.md'
HEAD = '''<!-- SPDX-License-Identifier: Apache-2.0 -->
# What was fuzzed

`./dev fuzz` adds to this table. Executions, CPU minutes and crashes are sums since the table was begun. A crash is a run
that ended early: by a fault of Lontar's, which was fixed and has its input in `corpus/` or another test, or by one of the
target's own. Edges are what the last run covered of the target's
program, which holds code that it does not aim at, too (the other half of a library).

| target | executions | CPU minutes | edges | of | crashes | last run | at commit |
|---|---:|---:|---:|---:|---:|---|---|
'''


@dataclasses.dataclass
class Run:
    runs: int = 0
    cpu_s: float = 0
    edges: int = 0
    all_edges: int = 0


def commit():
    def git(*words):
        return subprocess.run(['git', '-C', ROOT, *words], capture_output=True, text=True).stdout.strip()

    return git('rev-parse', '--short', 'HEAD') + ('+' if git('status', '--porcelain', '-uno', 'src') else '')


def read(text):
    rows = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip('|').split('|')]
        if len(cells) == 8 and cells[1].replace(' ', '').isdigit():
            rows[cells[0]] = cells[1:]
    return rows


def grouped(number):
    return f'{number:,}'.replace(',', ' ')


def add(name, run, crashed):
    with open(FILE, 'a+') as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        rows = read(file.read())
        old = rows.get(name, ['0', '0', '0', '0', '0', '', ''])
        runs = int(old[0].replace(' ', '')) + run.runs
        minutes = float(old[1]) + run.cpu_s / 60
        rows[name] = [grouped(runs), f'{minutes:.1f}', str(run.edges), str(run.all_edges),
                      str(int(old[4]) + crashed), time.strftime('%Y-%m-%d'), commit()]
        file.seek(0)
        file.truncate()
        file.write(HEAD + ''.join(f'| {key} | {" | ".join(rows[key])} |\n' for key in sorted(rows)))
