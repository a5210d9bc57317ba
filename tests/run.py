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
import signal
import subprocess
import sys
import threading
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


def excerpt(output):
    """What a suite said around each case that failed, before and after the case's line, and in the end."""
    shown = set(range(len(output) - 20, len(output)))
    for at, line in enumerate(output):
        if line.strip().startswith('not ok'):
            shown.update(range(at - 10, at + 60))
    last = -1
    for at in sorted(shown & set(range(len(output)))):
        if at > last + 1:
            yield '...\n'
        yield output[at]
        last = at


def script(name, *template, timeout_s=900):
    def run(args, totals):
        command = [word.format(build=args.build, checked=args.checked) for word in template]
        env = dict(os.environ, LONTAR_BUILD=str(ROOT / args.build), LONTAR_CHECKED=str(ROOT / args.checked))
        # Its own group: what it started ends with it, and holds no pipe open that is read here.
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                   start_new_session=True)
        late = threading.Timer(timeout_s, os.killpg, [process.pid, signal.SIGKILL])
        late.start()
        failed, output = False, []
        try:
            for line in process.stdout:
                output.append(line)
                match = CASE.match(line.strip())
                if match:
                    failed |= match.group(1) == 'not ok'
                    totals.add(match.group(1), f'{name}/{match.group(2).strip()}')
            status = process.wait()
        finally:
            late.cancel()
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
        if status != 0 and not failed:
            totals.add('not ok', f'{name} ended with status {status}')
            failed = True
        if failed:
            print(''.join(excerpt(output)), flush=True)
    return run


def node():
    return shutil.which('node') or 'node'


def suites():
    return {
        'check': script('check', sys.executable, 'tests/check.py'),
        'unit': unit,
        'schema': script('schema', node(), 'tests/schema/compare.mjs', '{build}/src/tl/schema.json', str(ROOT / 'tests/node_modules')),
        'errors': script('errors', sys.executable, 'tests/schema/errors.py', str(ROOT / 'tests/node_modules')),
        'markers': script('markers', sys.executable, 'tests/server/markers.py', timeout_s=240),
        'commands': script('commands', sys.executable, 'tests/server/commands.py', timeout_s=300),
        'audit': script('audit', sys.executable, 'tests/server/audit.py', timeout_s=1500),
        'shred': script('shred', sys.executable, 'tests/server/shred.py', timeout_s=300),
        'server': script('server', sys.executable, 'tests/server/run.py'),
        'users': script('users', sys.executable, 'tests/server/users.py', timeout_s=120),
        'roles': script('roles', sys.executable, 'tests/server/roles.py'),
        'rights': script('rights', sys.executable, 'tests/server/rights.py', timeout_s=600),
        'secret': script('secret', sys.executable, 'tests/server/secret.py'),
        'door': script('door', sys.executable, 'tests/server/door.py'),
        'http': script('http', sys.executable, 'tests/server/http_api.py'),
        'veil': script('veil', sys.executable, 'tests/server/veil.py'),
        'vault': script('vault', sys.executable, 'tests/server/vault.py'),
        'desk': script('desk', sys.executable, 'tests/desk/suite.py', '{checked}/lontar-desk'),
        'clients': script('clients', node(), 'tests/clients/run.mjs', timeout_s=3600),
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
