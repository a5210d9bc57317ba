# SPDX-License-Identifier: Apache-2.0
"""What core files would hold of a running server, and whether any is written. Reads other processes' memory, so only where the
system lets it: as root, as a rule."""
import os
import re
import resource
import signal
import subprocess

import harness

PAGE = 1 << 22


def let_cores():
    """In a child, before it runs: cores as large as they may be."""
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))


def mappings(pid):
    """(first, end) of what the kernel would write: private or anonymous, present, and not marked to be left out."""
    head, fields = None, {}
    for line in [*open(f'/proc/{pid}/smaps'), '0-0 ---p\n']:
        match = re.match(r'([0-9a-f]+)-([0-9a-f]+) (\S+)', line)
        if not match:
            name, _, value = line.partition(':')
            fields[name] = value.split()
            continue
        if head and 'dd' not in fields['VmFlags'] and fields['Rss'] != ['0', 'kB'] and head[3][0] == 'r':
            yield int(head[1], 16), int(head[2], 16)
        head, fields = match, {}


def memory_of(pid):
    """Piece by piece; pieces overlap so that nothing is cut."""
    with open(f'/proc/{pid}/mem', 'rb', 0) as memory:
        for first, end in mappings(pid):
            for at in range(first, end, PAGE):
                try:
                    yield os.pread(memory.fileno(), min(PAGE + 256, end - at), at)
                except OSError:  # [vvar] and the like
                    break


def judge_memory(server, root, planted):
    """The messenger holds keys of connections and messages under way, and no core file; the root is out of even a forced one."""
    secrets = (root, root.hex().encode())
    for name, pid in [*harness.children(server.process.pid).items(), ('supervisor', server.process.pid)]:
        held = 0
        for piece in memory_of(pid):
            held += len(piece)
            if any(secret in piece for secret in secrets):
                yield f'{name}: the root'
            for marker, where, form in planted.search(piece) if name != 'messenger' else ():
                if marker not in planted.public | planted.faces:
                    yield f'{name}: {where} {form}'
        if held < 1 << 16:
            yield f'{name}: only {held} bytes were seen'


def cores_in(folder):
    return sorted(path.name for path in folder.rglob('core*'))


def writes_cores(folder):
    """Whether a program that dies here leaves one at all."""
    process = subprocess.Popen(['sleep', '60'], cwd=folder, preexec_fn=let_cores)
    process.send_signal(signal.SIGABRT)
    process.wait(10)
    left = [path.unlink() for path in folder.glob('core*')]
    return bool(left)


def judge_death(server, folder):
    """The messenger, then the desk, end as by a failed assert."""
    for name in ('messenger', 'lontar-desk'):
        pid = harness.children(server.process.pid)[name]
        os.kill(pid, signal.SIGABRT)
        harness.wait_until(f'another {name}', lambda: harness.children(server.process.pid).get(name, pid) != pid, 30)
    harness.wait_until('the messenger to answer', lambda: harness.answers(server.metrics, '/healthz'), 30)
    # A core is written before its program counts as dead, and both were followed by another.
    for core in cores_in(folder) + cores_in(server.folder):
        yield f'left {core}'
