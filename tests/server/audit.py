#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The suite `audit`: `lontar audit` finds nothing broken on a fresh installation, and each of its checks turns red when what it
looks at is broken on purpose. What takes minutes (whole suites) is given small stand-ins here, so that the
judging is tried; `lontar audit` itself runs the real ones. Python's standard library; as root, else most of it is skipped."""
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

from harness import BUILD, LONTAR, ROOT, WORK, Server, case, children, failures, lontar, need

sys.path.insert(0, str(ROOT / 'tools/audit'))
import processes  # noqa: E402
import reproduce  # noqa: E402
from facts import PROGRAMS, Installation, Process  # noqa: E402

DATA = WORK / 'data'
QUICK = ('runs', 'reach', 'rights', 'closed', 'records', 'egress')
SUITES = {'alone': 'tests/desk/suite.py', 'markers': 'tests/server/markers.py', 'commands': 'tests/server/commands.py'}


def audit(*checks, source=ROOT, build=BUILD, seconds=120):
    done = subprocess.run([LONTAR, 'audit', '--source', source, '--data', DATA, '--build', build, *checks], capture_output=True,
                          text=True, timeout=seconds, stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout + done.stderr


def turns_red(check, because, **more):
    status, said = audit(check, **more)
    need(status == 1 and f'BROKEN {check}: ' in said and because in said, f'{status}: {said}')


def is_green(*checks, **more):
    status, said = audit(*checks, **more)
    need(status == 0 and 'BROKEN' not in said and 'unknown' not in said.rsplit('\n', 2)[0], f'{status}: {said}')


def script(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


def other_build(replace, text):
    """The build, but for one program."""
    folder = WORK / 'other-build'
    shutil.rmtree(folder, ignore_errors=True)
    for name in (*PROGRAMS, 'tools/audit/lontar-reach'):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).symlink_to(BUILD / name)
    (folder / replace).unlink()
    script(folder / replace, text)
    return folder


def other_source(**files):
    """A checkout that has the audit, the docs, and these files."""
    folder = WORK / 'other-source'
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / 'tools/audit', folder / 'tools/audit', ignore=shutil.ignore_patterns('__pycache__'))
    shutil.copytree(ROOT / 'docs', folder / 'docs')
    for path, text in files.items():
        script(folder / path, text)
    return folder


def is_committed():
    """What was built is what a clone has."""
    done = subprocess.run(['git', '-c', 'safe.directory=*', '-C', ROOT, 'status', '--porcelain', '--untracked-files=no'], capture_output=True, text=True)
    return done.returncode == 0 and not done.stdout


def wall(server):
    if is_committed():
        @case('build: two clean builds of what is committed, elsewhere, are what runs')
        def _():
            is_green('build', seconds=1200)
    else:
        print('skip build: this is no checkout, or has changes that are not committed')

    @case('green on a fresh installation')
    def _():
        is_green(*QUICK)

    @case('runs: a program that is not of this build')
    def _():
        turns_red('runs', 'which this source does not give', build=other_build('lontar-desk', 'another'))

    @case('reach: a desk without walls')
    def _():
        unwalled = '#!/usr/bin/env python3\nimport sys\nprint("walls seccomp")\nfor line in sys.stdin: print("open", line.strip())\n'
        turns_red('reach', f'open read {DATA}/home/home.db', build=other_build('tools/audit/lontar-reach', unwalled))

    @case('closed: a process that may leave a core file')
    def _():
        desk = children(server.process.pid)['lontar-desk']
        subprocess.run(['prlimit', '--core=unlimited', '--pid', str(desk)], check=True)
        try:
            if processes.is_hidden(Process(desk)):
                return  # under its own uid the kernel writes none, whatever the limit
            turns_red('closed', 'core files unlimited')
        finally:
            subprocess.run(['prlimit', '--core=0', '--pid', str(desk)], check=True)

    @case('rights: a cell of the matrix, a file open to others')
    def _():
        source = other_source()
        page = source / 'docs/desk-api.md'
        page.write_text(page.read_text().replace('| see cases |  |', '| see cases | yes |'))
        turns_red('rights', 'see cases, authority: yes is published', source=source)
        (DATA / 'home/home.db').chmod(0o644)
        turns_red('rights', 'home.db has mode 644')
        (DATA / 'home/home.db').chmod(0o600)
        is_green('rights')


def egress():
    """A connection of this test's own to an address of this machine that is not loopback."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(('192.0.2.1', 9))  # sends nothing: the system chooses the address that it would send from
            own = probe.getsockname()[0]
        except OSError:
            own = '127.0.0.1'
    if own.startswith('127.'):
        print('skip egress: this machine has no address but loopback')
        return

    class This(Installation):
        def processes(self):
            return [Process(os.getpid())]

    @case('egress: a process that is not lontar-fetch, and speaks to the outside')
    def _():
        looked = lambda: list(processes.egress(This(DATA, ROOT, BUILD)))  # noqa: E731
        need(all(holds for holds, _ in looked()), 'red before')
        with socket.create_server((own, 0)) as listener:
            # The listener is another's, or the connection would be one that came in.
            code = f'import socket, sys; s = socket.create_connection(("{own}", {listener.getsockname()[1]})); print(1, flush=True); sys.stdin.read()'
            with subprocess.Popen([sys.executable, '-c', code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
                other.stdout.readline()
                This.processes = lambda self: [Process(other.pid)]
                need([holds for holds, _ in looked()] == [False], 'not seen')
                other.stdin.close()


def records(server):
    @case('records: a line of the desk\'s log that was altered')
    def _():
        need(server.stop() == 0, 'the server did not end cleanly')
        with sqlite3.connect(DATA / 'square/square.db') as square:
            changed = square.execute("UPDATE desk_log SET data = replace(data, 'auditor', 'admin')").rowcount
        square.close()
        need(changed > 0, 'nothing to alter')
        status, said = audit('records')
        need(status == 1 and 'BROKEN records: desk audit' in said, f'{status}: {said}')


def stand_ins():
    for name, path in SUITES.items():
        @case(f'{name}: a suite in which a case fails')
        def _():
            many = ''.join(f'print("ok {i}")\n' for i in range(200))
            python = f'#!/bin/sh\nexec {sys.executable} "$@"\n'
            source = other_source(**{path: many, 'tests/venv/bin/python3': python})
            status, said = audit(name, source=source)
            need(status == 0 and 'BROKEN' not in said, f'{status}: {said}')
            script(source / path, many + 'print("not ok the promise")\nraise SystemExit(1)\n')
            turns_red(name, 'the promise', source=source)

    @case('build: a source that gives other bytes each time')
    def _():
        source = WORK / 'tiny'
        rows = '\n'.join(f"executable('{name}', 'one.c')" for name in PROGRAMS)
        script(source / 'meson.build', f"project('tiny', 'c', default_options: ['buildtype=release'])\n{rows}\n")
        for text, same in (('int main(void) { return 0; }', True), ('#include <stdio.h>\nint main(void) { return puts(__FILE__ STAMP); }', False)):
            script(source / 'one.c', text + '\n')
            if not same:
                script(source / 'meson.build', f"project('tiny', 'c', default_options: ['buildtype=release'])\nadd_project_arguments('-DSTAMP=\"' + meson.current_build_dir() + '\"',"
                       f" language: 'c')\n{rows}\n")
            git = ['git', '-C', source, '-c', 'user.name=A', '-c', 'user.email=a@example.org']
            for words in (['init', '-q'], ['add', '.'], ['commit', '-qm', 'all']):
                subprocess.run([*git, *words], check=True)
            holds = [held for held, said in reproduce.same_twice(Here(source)) if said.startswith('lontar')]
            need(all(holds) == same, f'{text}: {holds}')


class Here:
    """Nothing runs of it."""

    def __init__(self, source):
        self.source = source

    def processes(self):
        return []


def main():
    lontar('init', '--data', str(DATA))
    stand_ins()
    if os.geteuid() != 0:
        print('skip what runs: processes hide themselves from all but root')
        return 1 if failures else 0
    egress()
    lontar('desk', 'person', 'add', '--data', str(DATA), '--role', 'auditor', '--sign-in', 'ina', '--name', 'Ina')
    with Server(DATA) as server:
        wall(server)
        records(server)
    return 1 if failures else 0


try:
    sys.exit(main())
finally:
    shutil.rmtree(WORK, ignore_errors=True)
