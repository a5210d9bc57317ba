# SPDX-License-Identifier: Apache-2.0
"""Checks 2 and 3: the desk does without the home, and reaches nothing of it."""
import os
import re
import subprocess
import sys
from pathlib import Path

from facts import Unknown

LISTENS = '0A'  # the state in /proc/net/tcp


def desk_alone(installation):
    """The desk's whole suite, in folders that have no home at all."""
    suite = installation.source / 'tests/desk/suite.py'
    python = installation.source / 'tests/venv/bin/python3'
    done = subprocess.run([python if python.exists() else sys.executable, suite, installation.build / 'lontar-desk'],
                          capture_output=True, text=True, cwd=installation.source, env=os.environ)
    passed, failed = (len(re.findall(rf'^{word} ', done.stdout, re.M)) for word in ('ok', 'not ok'))
    yield passed > 100 and not failed and done.returncode == 0, f'{passed} cases held without a home, {failed} did not'
    for line in re.findall(r'^not ok .*', done.stdout, re.M):
        yield False, line


def listening(processes):
    """(kind, name) of what these processes listen on: TCP ports and unix sockets."""
    inodes = {match[1] for process in processes for link in process.descriptors()
              if (match := re.fullmatch(r'socket:\[(\d+)\]', link))}
    for table in ('tcp', 'tcp6'):
        for line in Path(f'/proc/net/{table}').read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == LISTENS and fields[9] in inodes:
                yield 'connect', str(int(fields[1].rsplit(':', 1)[1], 16))
    for line in Path('/proc/net/unix').read_text().splitlines()[1:]:
        fields = line.split(maxsplit=7)
        if len(fields) == 8 and fields[6] in inodes:
            name = fields[7]
            yield ('abstract', name[1:]) if name.startswith('@') else ('unix', name)


def attempts(installation, desk):
    """Generated from what is there: every path, port, socket and process of the home's side."""
    port = desk.option('--messenger-port')
    others = [process for process in installation.processes() if process.pid != desk.pid and process.parent != desk.pid]
    yield f'list {installation.data}'
    for path in installation.home_paths():
        yield f'{"list" if path.is_dir() else "read"} {path}'
        if not path.is_dir():
            yield f'write {path}'
    for process in others:
        yield from (f'read {process.folder}/{name}' for name in ('mem', 'environ', 'maps', 'cmdline'))
        yield from (f'list {process.folder}/{name}' for name in ('', 'fd', 'root', 'cwd'))
        yield f'signal {process.pid}'
    for kind, name in sorted(set(listening(others))):
        if (kind, name) != ('connect', port):
            yield f'{kind} {name}'
    yield from ('exec /bin/true', f'read {installation.data}/home/home.db-wal', 'connect 1', 'read /etc/shadow', 'list /')


def reach(installation):
    desk = installation.process('lontar-desk')
    program = installation.build / 'tools/audit/lontar-reach'
    if not program.exists():
        raise Unknown(f'{program} is not built')
    wanted = list(attempts(installation, desk))
    square = f'read {installation.data}/square/square.db'
    folders = [str(installation.data / name) for name in ('square', 'desk')]
    done = subprocess.run([program, *folders, desk.option('--port'), desk.option('--messenger-port')],
                          input='\n'.join([square, *wanted]) + '\n', capture_output=True, text=True, timeout=60,
                          user=desk.uid if os.geteuid() == 0 else None)
    if done.returncode:
        raise Unknown(f'lontar-reach ended: {done.stderr.strip()}')
    walls, *answers = done.stdout.splitlines()
    yield walls.startswith('walls landlock'), f'{walls}, as uid {desk.uid}'
    yield answers[:1] == [f'open {square}'], 'the square opens, so that the refusals mean something'
    open_ones = [line for line in answers[1:] if line.startswith('open ')]
    yield len(answers) == len(wanted) + 1 and not open_ones, f'{len(wanted)} ways to the home tried, {len(open_ones)} open'
    for line in open_ones:
        yield False, line
