# SPDX-License-Identifier: Apache-2.0
"""What the checks look at: one installation, its processes, the source and the build that it should be of."""
import hashlib
import os
import re
from pathlib import Path

PROGRAMS = ('lontar', 'lontar-keeper', 'lontar-desk', 'lontar-fetch', 'lontar-mail', 'lontar-media')


class Unknown(Exception):
    """This check can't be made here: why."""


def sha256(path):
    digest = hashlib.sha256()
    with open(path, 'rb') as file:
        while part := file.read(1 << 20):
            digest.update(part)
    return digest.hexdigest()


class Process:
    def __init__(self, pid):
        self.pid = pid
        self.folder = Path('/proc') / str(pid)
        self.arguments = (self.folder / 'cmdline').read_bytes().decode(errors='replace').split('\0')[:-1]
        self.status = dict(re.findall(r'^(\w+):\s*(.*)$', (self.folder / 'status').read_text(), re.M))
        self.parent, self.uid = int(self.status['PPid']), int(self.status['Uid'].split()[0])

    @property
    def name(self):
        """`lontar messenger` is a part of the program lontar; what starts the desk's helpers bears the desk's arguments."""
        program = Path(self.arguments[0]).name
        if self.status['Name'] == 'lontar-starter':
            return 'lontar-starter'
        return self.arguments[1] if program == 'lontar' and len(self.arguments) > 1 else program

    @property
    def program(self):
        return Path(self.arguments[0]).name

    def option(self, name):
        return self.arguments[self.arguments.index(name) + 1] if name in self.arguments else None

    def descriptors(self):
        """What each descriptor points at; needs root, for processes that hide themselves."""
        found = []
        try:
            for entry in (self.folder / 'fd').iterdir():
                try:
                    found.append(os.readlink(entry))
                except FileNotFoundError:
                    continue  # closed meanwhile
        except PermissionError as error:
            raise Unknown('the processes hide themselves from all but root: run the audit as root') from error
        return found

    def __str__(self):
        return f'{self.name} ({self.pid})'


def all_processes():
    for folder in Path('/proc').glob('[0-9]*'):
        try:
            process = Process(int(folder.name))
        except (OSError, KeyError, ValueError):
            continue
        if process.arguments:
            yield process


class Installation:
    """data: its folder. source: a checkout of what it should be built from. build: a build of that."""

    def __init__(self, data, source, build):
        self.data, self.source, self.build = Path(data).resolve(), Path(source).resolve(), Path(build).resolve()
        if not (self.data / 'lontar.ini').exists():
            raise SystemExit(f'audit: {self.data} is no data directory: it has no lontar.ini')

    def processes(self):
        """The supervisor and all below it."""
        everything = list(all_processes())
        top = [process for process in everything if process.name == 'serve' and self.is_ours(process)]
        found = list(top)
        for process in found:
            found += [child for child in everything if child.parent == process.pid]
        if not found:
            raise Unknown(f'nothing serves {self.data}: start it, or give --data')
        return found

    def is_ours(self, process):
        """A relative --data is relative to where that process is."""
        data = process.option('--data') or 'data'
        try:
            return (Path(os.readlink(process.folder / 'cwd')) / data).resolve() == self.data
        except OSError:
            return Path(data).is_absolute() and Path(data).resolve() == self.data

    def process(self, name):
        for process in self.processes():
            if process.name == name:
                return process
        raise Unknown(f'{name} is not running')

    def home_paths(self):
        """Everything in the data directory that is not the square's or the desk's."""
        for path in sorted(self.data.rglob('*')):
            if path.relative_to(self.data).parts[0] not in ('square', 'desk'):
                yield path
