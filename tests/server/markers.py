#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What is personal is sealed: markers in every text and byte string of every method that is served, and in what logging in
takes; then none of them in a file of the installation, in a log line, on the metrics page, or in what a core file would hold of
the processes that have nothing to do with it. Which columns may hold bytes in clear says docs/data.md.

Every method that writes must have been answered; exceptions with their reasons stand in markers.txt. What is public by design
carries markers too: they must be found, so that the search itself is tried; and not when the account that was the last one in a
channel has ended. Runs in tests/venv."""
import asyncio
import logging
import os
import re
import shutil
import sqlite3
import subprocess

import roles  # enters the venv
import harness
from markers_columns import Columns
from markers_cores import judge_death, judge_memory, let_cores, writes_cores
from markers_fill import Filler
from markers_login import login_steps
from markers_world import BY_BOB, CORES, WORK, Server, World, planted, schema

ROW = re.compile(r'^M\((\w+),\s*(\w+),\s*\w+,\s*(\w+)\)(.*)$', re.M)
WRITES = ('TX_WRITE', 'TX_SEND', 'TX_AGAIN')
WRITE_VARIANTS, READ_VARIANTS = 300, 30
# Methods that end what the others need, in this order after all others. OWN: markers_login.py calls them.
LAST = ('messages.clearAllDrafts', 'account.resetNotifySettings', 'contacts.resetTopPeerRating', 'contacts.resetSaved',
        'messages.deleteScheduledMessages', 'messages.deleteSavedHistory', 'messages.deleteMessages', 'channels.deleteMessages',
        'channels.deleteHistory', 'messages.deleteHistory', 'messages.deleteChatUser', 'channels.leaveChannel', 'channels.deleteChannel', 'messages.deleteChat',
        'contacts.deleteByPhones', 'contacts.deleteContacts', 'contacts.block', 'contacts.setBlocked', 'contacts.unblock')
OWN = ('auth.logOut', 'auth.resetAuthorizations', 'account.deleteAccount', 'account.resetAuthorization')


def methods():
    """Schema name -> how its row says that it works with the databases."""
    found = {}
    for path in (harness.ROOT / 'src/api').glob('methods_*.def'):
        for name, _, transaction, comment in ROW.findall(path.read_text()):
            if comment.strip() != '/* empty */':
                found[name.replace('_', '.', 1)] = transaction
    return found


def exceptions():
    found = {}
    for line in (harness.ROOT / 'tests/server/markers.txt').read_text().splitlines():
        match = re.fullmatch(r'(method|column) (\S+): (\S.*)', line)
        if match:
            found[match[1], match[2]] = match[3]
        elif line and not line.startswith('#'):
            raise SystemExit(f'not ok markers.txt: {line}')
    return found


async def call_everything(world, table):
    """Returns the places for text that were sent, and those that were in a query that was answered."""
    filler, sent, taken = Filler(schema, planted, world), set(), set()
    for method in [m for m in schema.methods if m in table and m not in LAST + OWN] + list(LAST):
        writes = table[method] in WRITES
        if method == LAST[0]:
            world.look()
        named = {field['name'] for field in schema.methods[method]['fields']}
        if writes and not method.startswith('contacts.') and named & {'id', 'msg_id', 'reply_to'}:
            await world.refresh()
        for label, query in filler.variants(method, WRITE_VARIANTS if writes else READ_VARIANTS):
            got = await world.ask(method, query)
            world.told.take(method, got[0] == 'ok', got[1])
            if got[0] in (500, 401):
                world.told.broken.append(f'{method} {label}: {got}')
            sent |= filler.places
            taken |= filler.places if got[0] == 'ok' else set()
            if str(got[1]).startswith(roles.MIGHT_WAIT):
                break
    return sent, taken


def commands():
    """What the operator types."""
    harness.lontar('user', 'add', '--data', str(WORK), '--name', planted.word('lontar user add'))
    harness.lontar('invite', '--data', str(WORK), '+' + planted.phone('lontar invite'))


def judge_methods(told, table, excused):
    yield from told.broken
    wanted = {method for method, transaction in table.items() if transaction in WRITES}
    for method in sorted(wanted):
        if method not in told.answered and ('method', method) not in excused:
            yield f'{method} was never answered: {sorted({str(e) for e in told.errors.get(method, ["never called"])})[:4]}'
        elif method in told.answered and ('method', method) in excused:
            yield f'{method} is in markers.txt, and was answered'


def judge_files(when, there, gone=frozenset()):
    """What is found where it should not be, and whether what is public was, while it was to be there."""
    public = set()
    for path in WORK.rglob('*'):
        for marker, where, form in planted.search(path.read_bytes()) if path.is_file() else []:
            if marker in planted.public and path.parent.name == 'square':
                public.add(marker)
            elif marker not in planted.faces or path.parent.name != 'square':
                yield f'{where} stands {form} in {path.relative_to(WORK)} {when}'
    for marker in there - public:
        yield f'{planted.known[marker]}, which is public, was not found {when}: the search misses some'
    for marker in gone & public:
        yield f'{planted.known[marker]} still stands in the square {when}'


def judge_text(what, text):
    for _, where, form in planted.search(text.encode()):
        yield f'{where} stands {form} in {what}'


def judge_root(columns):
    """All that is sealed opens at its place, and again when it was sealed anew: the table of src/store/home_sealed.c is whole."""
    home = sqlite3.connect(WORK / 'home' / 'home.db')
    with home:  # groups that were said to be large (markers_groups.py) are as large as they are again
        home.execute('UPDATE member_counts SET members = 1 WHERE members = 199999')
    home.close()
    for step in ('before', 'after'):
        if step == 'after':
            harness.lontar('vault', 'rekey', '--data', str(WORK))
        result = subprocess.run([harness.LONTAR, 'check', '--data', str(WORK)], capture_output=True, text=True, timeout=120)
        if result.returncode:
            yield f'lontar check {step} the root was changed: ' + result.stdout + result.stderr
    nobodys = int(re.search(r'(\d+) are of owners who are gone', result.stdout)[1])
    old, new = columns.epochs(WORK / 'home' / 'home.db')
    if sum(old.values()) != nobodys:
        yield f'of the old root are {dict(old)}, and {nobodys} values are nobody\'s'
    for place in old:
        if place not in new:
            yield f'nothing of {place} was sealed anew'


def told(name, problems):
    problems = list(problems)
    print(f'{"not ok" if problems else "ok"} {name}', *problems[:20], sep='\n  ', flush=True)
    return not problems


def told_if(possible, why_not, name, judge):
    if possible:
        return told(name, judge())
    print(f'skip {name}: {why_not}', flush=True)
    return True


async def main():
    logging.getLogger('telethon').setLevel(logging.CRITICAL)
    excused, table, columns, ok = exceptions(), methods(), Columns(harness.ROOT / 'docs/data.md'), []
    world = World(columns, table)
    harness.lontar('init', '--data', str(WORK))
    (WORK / 'terms.txt').write_text('Be kind.')
    CORES.mkdir()
    settings = {'terms': 'terms.txt', 'calls_per_s': 0, 'stranger_calls_per_s': 0, 'level': 'debug'}
    with Server(WORK, '--codes', 'console', settings=settings, cwd=CORES, preexec_fn=let_cores) as server:
        await world.open(server, (WORK / 'server.pub.pem').read_text())
        sent, taken = await call_everything(world, table)
        mortal = planted.of(BY_BOB)
        ok.append(told('files before accounts end', judge_files('before accounts end', planted.public)))
        ok.append(told('logins, passwords, addresses and their ends', await login_steps(world, planted)))
        commands()
        world.look()
        ok.append(told(f'{len(world.told.answered)} methods answered, all that write among them; {world.told.calls} calls, '
                       f'{len(taken)} of {len(sent)} places for text', judge_methods(world.told, table, excused)))
        root = bytes.fromhex((WORK / 'root.key').read_text())
        ok.append(told_if(os.geteuid() == 0, 'only root may read the memory of others',
                          'no core file would hold the root, nor a word if it were of supervisor or desk',
                          lambda: judge_memory(server, root, planted)))
        ok.append(told_if(writes_cores(CORES), 'core files go elsewhere here', 'who dies leaves no core file',
                          lambda: judge_death(server, CORES)))
        ok.append(told('files of a running server', judge_files('while it runs', planted.public - mortal)))
        pages = [harness.get(*at)[1] for at in ((server.metrics, '/metrics'), (server.metrics, '/healthz'), (server.desk, '/'))]
        ok.append(told('metrics and public pages', judge_text('a page', ''.join(pages))))
        harness.need(server.stop() == 0, 'the server did not end cleanly')
    world.look()
    ok.append(told('files of a stopped server', judge_files('after it ended', planted.public - mortal, mortal)))
    ok.append(told('all that is sealed opens, and is sealed anew under a new root', judge_root(columns)))
    ok.append(told(f'{len(server.log)} lines of log at level debug', judge_text('the log', ''.join(server.log))))
    ok.append(told('what is printed, but for codes', judge_text('standard output', ''.join(server.lines))))
    ok.append(told(f'{len(columns.seen)} columns as docs/data.md has them, {len(columns.sealed)} sealed values',
                   columns.verdict({name for kind, name in excused if kind == 'column'})))
    return 0 if all(ok) else 1


async def run():
    try:
        return await main()
    finally:
        shutil.rmtree(harness.WORK, ignore_errors=True)


if __name__ == '__main__':
    asyncio.run(roles.to_its_end(run))
