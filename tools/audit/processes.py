# SPDX-License-Identifier: Apache-2.0
"""Checks 5 and 9: how each process is closed in, and that only lontar-fetch speaks to the outside."""
import ipaddress
import re
from pathlib import Path

# What must hold of whom: seccomp (2: a filter), no new privileges, no core files.
CAGED = ('lontar', 'lontar-keeper', 'lontar-desk', 'lontar-fetch', 'lontar-mail', 'lontar-media')


def closed_in(installation):
    for process in installation.processes():
        if process.name == 'serve':
            continue
        limits = (process.folder / 'limits').read_text()
        cores = re.search(r'^Max core file size\s+(\S+)', limits, re.M)[1]
        seccomp, privileges = process.status['Seccomp'], process.status['NoNewPrivs']
        hidden = is_hidden(process)
        holds = privileges == '1' and (cores == '0' or hidden) and (seccomp == '2' or process.program not in CAGED)
        yield holds, (f'{process}: seccomp {"filter" if seccomp == "2" else "none"}, no new privileges {privileges}, '
                      f'core files {"none" if cores == "0" or hidden else cores}, uid {process.uid}')


def is_hidden(process):
    """A process that can't be dumped has its folder in /proc owned by root, and no core file; of root's own only the kernel knows."""
    try:
        return (process.folder / 'environ').stat().st_uid != process.uid
    except OSError:
        return True


def address(field):
    """As /proc/net/tcp{,6} writes it: hexadecimal, each word in the machine's order."""
    host = field.rsplit(':', 1)[0]
    raw = b''.join(bytes.fromhex(host[at:at + 8])[::-1] for at in range(0, len(host), 8))
    found = ipaddress.ip_address(raw)
    return getattr(found, 'ipv4_mapped', None) or found


def connections(process):
    """(local port, remote address) of established and opening connections."""
    inodes = {link[8:-1] for link in process.descriptors() if link.startswith('socket:[')}
    for table in ('tcp', 'tcp6'):
        for line in Path(f'/proc/net/{table}').read_text().splitlines()[1:]:
            fields = line.split()
            if fields[9] in inodes and fields[3] in ('01', '02'):
                yield int(fields[1].rsplit(':', 1)[1], 16), address(fields[2])


def egress(installation):
    """Connections that others opened to us come in on our own port; all others went out."""
    from wall import listening
    processes = installation.processes()
    ours = {int(name) for kind, name in listening(processes) if kind == 'connect'}
    for process in processes:
        out = [remote for port, remote in connections(process) if port not in ours and not remote.is_loopback]
        may = process.program == 'lontar-fetch'
        yield may or not out, f'{process}: {len(out)} connections to the outside' + (', as it may' if may else '')
