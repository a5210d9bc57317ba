#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Builds and runs every test suite and ends with one line: N passed, N failed, N skipped.

Usage: run.py --build DIR --checked DIR [SUITE...]     without SUITE: all of them, in this order

A suite is a command that prints a line per case (`ok NAME`, `not ok NAME`, `skip NAME: why`) and ends with status 0 when
none failed. The unit suite is meson's; there the cases are counted inside the programs' output.
"""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CASE = re.compile(r'^(ok|not ok|skip)\b[ \d-]*(.*)$')
CMOCKA = re.compile(r'\[\s+(OK|FAILED|SKIPPED)\s+\]\s+([A-Za-z_]\w*)\s*$', re.M)


class Totals:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0
        self.failures = []

    def add(self, kind, name):
        if kind == 'ok':
            self.passed += 1
        elif kind == 'skip':
            self.skipped += 1
            print(f'skip {name}', flush=True)
        else:
            self.failed += 1
            self.failures.append(name)
            print(f'NOT OK {name}', flush=True)


def ninja(folder, *targets):
    subprocess.run(['ninja', '-C', folder, '--quiet', *targets], check=True, cwd=ROOT)


def unit(args, totals):
    """Everything in C under ASan and UBSan: units, wire cases, the corpus of every fuzz target."""
    log = Path(args.checked) / 'meson-logs' / 'testlog.json'
    log.unlink(missing_ok=True)
    subprocess.run(['meson', 'test', '-C', args.checked, '--no-rebuild', '--print-errorlogs', '--quiet'], cwd=ROOT)
    for line in log.read_text().splitlines():
        test = json.loads(line)
        text = (test.get('stdout') or '') + (test.get('stderr') or '')
        # cmocka names failed cases again in its summary.
        cases = {name: result for result, name in CMOCKA.findall(text)}
        for name, result in cases.items():
            totals.add({'OK': 'ok', 'SKIPPED': 'skip'}.get(result, 'not ok'), f'{test["name"]}/{name}')
        failed_inside = any(result == 'FAILED' for result in cases.values())
        if not cases or (test['result'] not in ('OK', 'SKIP') and not failed_inside):
            kind = {'OK': 'ok', 'SKIP': 'skip'}.get(test['result'], 'not ok')
            totals.add(kind, test['name'])


def script(name, *template, timeout_s=900):
    def run(args, totals):
        command = [word.format(build=args.build, checked=args.checked) for word in template]
        env = dict(os.environ, LONTAR_BUILD=str(ROOT / args.build), LONTAR_CHECKED=str(ROOT / args.checked))
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        deadline, failed, output = time.monotonic() + timeout_s, False, []
        os.set_blocking(process.stdout.fileno(), True)
        for line in process.stdout:
            output.append(line)
            match = CASE.match(line.strip())
            if match:
                failed |= match.group(1) == 'not ok'
                totals.add(match.group(1), f'{name}/{match.group(2).strip()}')
            if time.monotonic() > deadline:
                process.kill()
                break
        status = process.wait()
        if status != 0 and not failed:
            totals.add('not ok', f'{name} ended with status {status}')
            failed = True
        if failed:
            print(''.join(output[-80:]), flush=True)
    return run


def node():
    return shutil.which('node') or 'node'


def suites():
    return {
        'check': script('check', sys.executable, 'tests/check.py'),
        'unit': unit,
        'schema': script('schema', node(), 'tests/schema/compare.mjs', '{build}/src/tl/schema.json', str(ROOT / 'tests/node_modules')),
        'server': script('server', sys.executable, 'tests/server/run.py'),
        'door': script('door', sys.executable, 'tests/server/door.py'),
        'http': script('http', sys.executable, 'tests/server/http_api.py'),
        'veil': script('veil', sys.executable, 'tests/server/veil.py'),
        'desk': script('desk', sys.executable, 'tests/desk/suite.py', '{checked}/lontar-desk'),
        'clients': script('clients', node(), 'tests/clients/run.mjs', timeout_s=1500),
        'attacks': script('attacks', sys.executable, 'tests/attacks/run.py'),
        'faults': script('faults', sys.executable, 'tests/faults/run.py'),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--build', default='build')
    parser.add_argument('--checked', default='build-checked')
    parser.add_argument('suite', nargs='*')
    args = parser.parse_args()
    known, totals = suites(), Totals()
    for name in args.suite:
        if name not in known:
            parser.error(f'no suite {name}; there are: {", ".join(known)}')
    ninja(args.build)
    ninja(args.checked)
    for name in args.suite or known:
        started = time.monotonic()
        print(f'--- {name}', flush=True)
        try:
            known[name](args, totals)
        except (subprocess.CalledProcessError, OSError) as error:
            totals.add('not ok', f'{name}: {error}')
        print(f'--- {name}: {time.monotonic() - started:.0f} s', flush=True)
    for failure in totals.failures:
        print(f'failed: {failure}')
    print(f'{totals.passed} passed, {totals.failed} failed, {totals.skipped} skipped')
    return 1 if totals.failed else 0


if __name__ == '__main__':
    sys.exit(main())
