# SPDX-License-Identifier: Apache-2.0
"""Checks 4 and 7: rights are what is published, files are for their owner alone, and what the desk did holds together."""
import re
import stat
import subprocess

ROW = re.compile(r'\[(ACT_\w+)\]\s*=\s*\{\s*"([^"]+)",\s*(.*?)\}', re.S)
ROLE = re.compile(r'^ROLE_|^\W*$')
PUBLIC = ('server.pub.pem',)


def published(source):
    """{action: {role: cell}} of the matrix in docs/desk-api.md."""
    lines = (source / 'docs/desk-api.md').read_text().splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith('| | authority |'))
    roles = [cell.strip() for cell in lines[at].split('|')[2:-1]]
    table = {}
    for line in lines[at + 2:]:
        if not line.startswith('|'):
            break
        name, *cells = [cell.strip() for cell in line.split('|')[1:-1]]
        table[name] = dict(zip(roles, cells))
    return table


def granted(build):
    """{action: {role: cell}} as the program that decides says: `lontar desk rights`."""
    done = subprocess.run([build / 'lontar', 'desk', 'rights'], capture_output=True, text=True, timeout=30, check=True)
    head, *rows = done.stdout.splitlines()
    roles = head.split('\t')[1:]
    return {name: dict(zip(roles, cells)) for name, *cells in (row.split('\t') for row in rows)}


def rights(installation):
    said, built = published(installation.source), granted(installation.build)
    cells = sum(map(len, built.values()))
    wrong = [f'{action}, {role}: {said.get(action, {}).get(role)} is published, {cell} holds'
             for action, row in built.items() for role, cell in row.items() if said.get(action, {}).get(role) != cell]
    wrong += [f'{action}: is published, and there is no such action' for action in said.keys() - built.keys()]
    yield not wrong, f'{cells} cells of the rights matrix compared, {len(wrong)} differ'
    for line in wrong:
        yield False, line
    yield from modes(installation)


def modes(installation):
    """Nothing in the data directory is open to group or others but the public key, and everything of the home has one owner."""
    looked, loose = 0, []
    for path in [installation.data, *installation.data.rglob('*')]:
        if path.is_symlink() or path.name in PUBLIC:
            continue
        looked += 1
        if stat.S_IMODE(path.lstat().st_mode) & 0o077:
            loose.append(path)
    yield not loose, f'modes of {looked} files and folders: {len(loose)} are open to others'
    for path in loose:
        yield False, f'{path} has mode {stat.S_IMODE(path.lstat().st_mode):o}'
    owners = {path.lstat().st_uid for path in installation.home_paths()}
    yield len(owners) == 1, f'what is the home\'s belongs to {len(owners)} uid'


def run(command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    last = (done.stdout + done.stderr).strip().splitlines()[-1:] or ['said nothing']
    return done.returncode == 0, f'{" ".join(str(word) for word in command[1:])}: {last[0]}'


def chains(installation):
    """Every action of the desk with its hash, and the public ledger with its tiles."""
    lontar = installation.build / 'lontar'
    yield run([lontar, 'desk', 'audit', '--data', installation.data])
    yield run([lontar, 'ledger', 'verify', installation.data / 'desk/ledger'])
