# SPDX-License-Identifier: Apache-2.0
"""Machines of one's own on one machine: network namespaces, each with a line to the first, which is the server's."""
import ctypes
import os
import shutil
import subprocess

CLONE_NEWNET = 0x40000000
libc = ctypes.CDLL(None, use_errno=True)


class Machines:
    """names[0] is reached by the others: names[i] from 10.77.i.2 at 10.77.i.1. Removed at the end of `with`."""

    def __init__(self, *names):
        self.spaces = {name: f'lontar-{os.getpid()}-{name}' for name in names}
        self.names = names

    @staticmethod
    def why_not():
        """Why there can be none here; None: there can."""
        if not shutil.which('ip'):
            return 'ip (iproute2) is not installed'
        if os.geteuid() != 0:
            return 'only root makes network namespaces'
        name = f'lontar-{os.getpid()}-probe'
        made = subprocess.run(['ip', 'netns', 'add', name], capture_output=True, text=True)
        subprocess.run(['ip', 'netns', 'del', name], capture_output=True)
        return made.stderr.strip() or None if made.returncode else None

    def ip(self, *args):
        subprocess.run(['ip', *args], check=True, capture_output=True)

    def __enter__(self):
        first = self.spaces[self.names[0]]
        for space in self.spaces.values():
            self.ip('netns', 'add', space)
            self.ip('-n', space, 'link', 'set', 'lo', 'up')
        for at, name in enumerate(self.names[1:], 1):
            ours, theirs = f'v{os.getpid()}s{at}', f'v{os.getpid()}c{at}'
            self.ip('-n', first, 'link', 'add', ours, 'type', 'veth', 'peer', 'name', theirs, 'netns', self.spaces[name])
            for space, link, host in ((first, ours, 1), (self.spaces[name], theirs, 2)):
                self.ip('-n', space, 'addr', 'add', f'10.77.{at}.{host}/24', 'dev', link)
                self.ip('-n', space, 'link', 'set', link, 'up')
        return self

    def __exit__(self, *_):
        for space in self.spaces.values():
            subprocess.run(['ip', 'netns', 'del', space], capture_output=True)

    def server_of(self, name):
        return f'10.77.{self.names.index(name)}.1'

    def enter(self, name):
        """For preexec_fn: the process begins on that machine."""
        space = self.spaces[name]

        def become():
            fd = os.open(f'/run/netns/{space}', os.O_RDONLY)
            if libc.setns(fd, CLONE_NEWNET) != 0:
                raise OSError(ctypes.get_errno(), 'setns')
            os.close(fd)
        return become
