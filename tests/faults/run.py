#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The suite `faults`: what a crash may and may not cost. What befalls clients that write is in load.mjs, steps.mjs, lack.mjs and
lack_sites.mjs, judged by the oracle; here are the faults that need no client: databases after kill -9 at start, a log that was cut, a database that can not be read."""
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / 'server'))
from harness import LONTAR, ROOT, WORK, children, wait_until  # noqa: E402

READY_S, END_S = 30, 15
LOAD_S = 300
SITES_MINUTES = '0.5'  # what makes the filter of system calls is among them
KILLS_AT_START = 8
failures = 0


def say(truth, name, detail=''):
    global failures
    print(f'{"ok" if truth else "not ok"} {name}', flush=True)
    if not truth:
        failures += 1
        print(f'  {detail}', flush=True)


def load(what, program, *options):
    """Node prints the lines; they are passed on as they come."""
    node = shutil.which('node')
    if not node or not (ROOT / 'tests/node_modules/@mtcute/node').exists():
        print(f'skip {what} under load: node or the npm packages are missing')
        return
    process = subprocess.Popen([node, f'tests/faults/{program}', *options], cwd=ROOT, stdout=sys.stdout, stderr=sys.stderr)
    try:
        status = process.wait(LOAD_S)
    except subprocess.TimeoutExpired:
        process.kill()
        say(False, f'{what} under load ended within {LOAD_S} s')
        return
    global failures
    failures += status != 0


def serve(folder):
    return subprocess.Popen([LONTAR, 'serve', '--data', str(folder), '--port', '0', '--desk-port', '0', '--listen', '127.0.0.1'],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ready(process):
    """Its first line, or '' when it has none in time."""
    late = threading.Timer(READY_S, process.kill)
    late.start()
    line = process.stdout.readline()
    late.cancel()
    return line


def serves(folder):
    """Starts, waits for the ready line, ends it: '' or what went wrong."""
    process = serve(folder)
    line = ready(process)
    process.terminate()
    _, said = process.communicate(timeout=END_S)
    if not line.startswith('ready '):
        return f'no ready line; {said[-400:]}'
    return '' if process.returncode == 0 else f'status {process.returncode}: {said[-400:]}'


def kill_all(process):
    """All at once: a supervisor that is stopped starts nobody again."""
    os.kill(process.pid, signal.SIGSTOP)
    pids = children(process.pid).values()
    for pid in [*pids, process.pid]:
        os.kill(pid, signal.SIGKILL)
    process.communicate(timeout=END_S)
    wait_until('the children to end', lambda: not any(Path(f'/proc/{pid}').exists() for pid in pids))


def databases(folder):
    return [folder / 'home/home.db', folder / 'square/square.db']


def integrity(folder):
    for path in databases(folder):
        with sqlite3.connect(path) as db:
            found = db.execute('PRAGMA integrity_check').fetchone()[0]
        if found != 'ok':
            return f'{path.name}: {found}'
    return ''


def kills_at_start(folder):
    """Killed at different moments of its first start, it starts all the same afterwards."""
    for i in range(KILLS_AT_START):
        process = serve(folder)
        time.sleep(0.02 + 0.06 * i)
        kill_all(process)
    wrong = serves(folder) or integrity(folder)
    say(not wrong, f'killed {KILLS_AT_START} times while it makes its folder, it starts and its databases are whole', wrong)


def cut_log(folder):
    """A write-ahead log that ends in the middle of a frame is what a power cut leaves."""
    process = serve(folder)
    ready(process)
    kill_all(process)
    for path in databases(folder):
        log = path.with_name(path.name + '-wal')
        with open(log, 'ab') as file:
            file.write(os.urandom(2000))
    wrong = serves(folder) or integrity(folder)
    say(not wrong, 'a log with half a frame at its end is taken up to there', wrong)


def damaged_database(folder):
    """It must not start on a database that it can not read, and must not touch it."""
    path = databases(folder)[0]
    before = bytearray(path.read_bytes())
    before[0:16] = b'not a database!!'
    path.write_bytes(before)
    for name in ('-wal', '-shm'):
        path.with_name(path.name + name).unlink(missing_ok=True)
    process = serve(folder)
    late = threading.Timer(READY_S, process.kill)
    late.start()
    out, said = process.communicate()
    late.cancel()
    say(process.returncode == 1 and 'ready' not in out and str(path) in said, 'a damaged database is named, not served', said[-300:])
    say(path.read_bytes() == bytes(before), 'and it is left as it was')


def main():
    try:
        folder = WORK / 'data'
        kills_at_start(folder)
        cut_log(folder)
        damaged_database(folder)
        load('kill -9', 'load.mjs')
        load('steps of the clock', 'steps.mjs')
        load('lack of memory', 'lack.mjs')
        load('lack of memory at the first sites', 'lack_sites.mjs', SITES_MINUTES)
    finally:
        shutil.rmtree(WORK, ignore_errors=True)
    return 1 if failures else 0


if __name__ == '__main__':
    sys.exit(main())
