#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What is deleted is gone: from the database, its log and its free pages, and with a new root from older backups. Content with
markers is planted by real calls and deleted by real calls in each way that there is; then all files are searched for the markers,
for what was sealed of them, and for salts, and what a backup still has is tried with every key that the root of today gives.
Also: a backup is restored and serves the same people; a home whose root was changed, too. Runs in tests/venv."""
import asyncio
import logging
import os
import shutil
import sqlite3
import subprocess
import time

import roles  # enters the venv
import harness
from roles import Caller
from shred_seal import opened, owner_key, split
from telethon import functions, types

WORK, AGAIN = harness.WORK / 'shred', harness.WORK / 'again'
SEALED, BACKUP = harness.WORK / 'backup', harness.WORK / 'taken-back'  # a backup, and what was made of it
WAIT_S = 60
KEPT, CHAT, EXPIRED, EDITED, OWN = ('kept-7f3a91c04be2', 'chat-90b1d6aa3c55', 'late-c4417fe0b8d2', 'edit-5d20ee71a9f6', 'self-1b8873d5e4c9')
ABOUT = 'about-66d0f1b2a7c3'


async def until(what, truth):
    for _ in range(WAIT_S * 10):
        if truth():
            return
        await asyncio.sleep(0.1)
    raise harness.Failure(f'waited for {what}')


def rows(folder, sql, *values):
    home = sqlite3.connect(f'file:{folder}/home/home.db?mode=ro', uri=True, timeout=20)
    try:
        return home.execute(sql, values).fetchall()
    finally:
        home.close()


def sealed_messages(folder, ids=None):
    """(owner, id) -> the sealed body."""
    found = {(owner, number): body for owner, number, body in rows(folder, 'SELECT owner, id, sealed_body FROM messages')}
    return found if ids is None else {at: found[at] for at in ids if at in found}


def salts(folder):
    return {owner: salt for owner, salt in rows(folder, 'SELECT id, salt FROM users WHERE salt IS NOT NULL')}


def texts(folder, root):
    """(owner, id) -> what the body of a message says, as far as this root opens it with the salts that are there."""
    keys = {owner: owner_key(root, salt, owner) for owner, salt in salts(folder).items()}
    return {at: text for at, body in sealed_messages(folder).items()
            if at[0] in keys and (text := opened(keys[at[0]], body, 'messages', *at)) is not None}


def with_marker(folder, root, marker):
    return {at for at, text in texts(folder, root).items() if marker.encode() in text}


def fragments(value):
    """What must not be found of a sealed value: its nonce, and pieces of what follows."""
    _, nonce, sealed = split(value)
    return [nonce] + [sealed[at:at + 16] for at in range(0, len(sealed) - 15, 256)]


def files(folder):
    return [path for path in folder.rglob('*') if path.is_file()]


def search(folder, needles):
    """Names of files that have one of them."""
    return sorted({path.name for path in files(folder) for data in [path.read_bytes()] if any(n in data for n in needles)})


def root_of(folder):
    return bytes.fromhex((folder / 'root.key').read_text())


def told(name, problem):
    print(f'{"not ok" if problem else "ok"} {name}' + (f'\n  {problem}' if problem else ''), flush=True)
    return not problem


class World:
    async def open(self, server):
        self.acknowledged, self.enough = [], False
        pem = (WORK / 'server.pub.pem').read_text()
        self.alice = await Caller(server, pem, '+628110000001', 'Alice').open()
        self.bob = await Caller(server, pem, '+628110000002', 'Bob').open()
        self.carol = await Caller(server, pem, '+628110000003', 'Carol').open()
        await self.carol.client(functions.account.UpdateProfileRequest(about=ABOUT))
        self.to_bob = types.InputPeerUser(*await self.alice.find(self.bob.phone))
        self.to_carol = types.InputPeerUser(*await self.bob.find(self.carol.phone))
        return self

    @staticmethod
    async def send(caller, peer, text):
        got = await caller.client(functions.messages.SendMessageRequest(peer=peer, message=text * 40, random_id=time.time_ns()))
        ids = [update.id for update in getattr(got, 'updates', []) if isinstance(update, types.UpdateMessageID)]
        return ids[0] if ids else got.id

    async def open_channel(self):
        made = await self.alice.client(functions.channels.CreateChannelRequest(title='Square', about='', broadcast=True))
        channel = made.chats[0]
        self.channel = types.InputPeerChannel(channel.id, channel.access_hash)
        await self.alice.client(functions.channels.UpdateUsernameRequest(types.InputChannel(channel.id, channel.access_hash), 'shred_square'))

    async def write_on(self):
        """Until somebody says that it is enough: to Bob, and in public; what was acknowledged goes onto lists."""
        while not self.enough:
            nth = f'load-{len(self.acknowledged):05}.'
            await self.alice.client(functions.messages.SendMessageRequest(peer=self.to_bob, message=nth, random_id=time.time_ns()))
            await self.alice.client(functions.messages.SendMessageRequest(peer=self.channel, message=nth, random_id=time.time_ns()))
            self.acknowledged.append(nth)

    async def plant(self):
        self.kept = await self.send(self.bob, self.to_carol, KEPT)
        await self.send(self.alice, self.to_bob, CHAT)
        edited = await self.send(self.alice, self.to_bob, 'x')
        await self.alice.client(functions.messages.EditMessageRequest(peer=self.to_bob, id=edited, message=EDITED * 20))
        self.late = await self.send(self.bob, self.to_carol, EXPIRED)
        await self.send(self.carol, types.InputPeerSelf(), OWN)


async def shredding(world, root):
    """What was planted, then deleted in each way; the sealed bytes of all of it."""
    doomed = {marker: with_marker(WORK, root, marker) for marker in (CHAT, EDITED, EXPIRED, OWN)}
    for marker, at in doomed.items():
        harness.need(at, f'{marker} was not planted')
    carol, salt = world.carol.id, salts(WORK)[world.carol.id]
    gone = {at for some in doomed.values() for at in some} | {at for at in sealed_messages(WORK) if at[0] == carol}
    bodies = list(sealed_messages(WORK, gone).values())
    answers = [value for (value,) in rows(WORK, 'SELECT sealed_answer FROM calls WHERE tells = 1 AND sealed_answer IS NOT NULL')
               if len(value) > len(EDITED) * 20]
    harness.need(answers, 'no answer with the edited text was kept: the test lost its subject')

    def delete_late():
        """Its day has come. Everything from here on is the server's."""
        home = sqlite3.connect(f'{WORK}/home/home.db', timeout=20)
        with home:
            for owner, number in doomed[EXPIRED]:
                home.execute('UPDATE messages SET expires_at = 1 WHERE owner = ? AND id = ?', (owner, number))
        home.close()

    while (await world.alice.client(functions.messages.DeleteHistoryRequest(peer=world.to_bob, max_id=0, revoke=True))).offset:
        pass
    delete_late()
    await until('the message to expire', lambda: not sealed_messages(WORK, doomed[EXPIRED]))
    await world.carol.client(functions.account.DeleteAccountRequest('enough'))
    await until('the account to go', lambda: not any(at[0] == carol for at in sealed_messages(WORK)) and carol not in salts(WORK))
    return gone, bodies, answers, salt


async def judge_shredding(gone, bodies, answers, salt):
    ok, clear = [], [m.encode() for m in (KEPT, CHAT, EXPIRED, EDITED, OWN, ABOUT)]
    needles = [piece for body in bodies + answers for piece in fragments(body)] + [salt]
    try:
        await until('the logs to be emptied', lambda: not search(WORK, needles))
    except harness.Failure:
        pass
    ok.append(told(f'{len(bodies)} messages of a chat deleted for both, of an account and expired: no file has a piece of them',
                   search(WORK, needles)))
    ok.append(told('nothing stands in clear', search(WORK, clear)))
    ok.append(told('what was not deleted is there', not with_marker(WORK, root_of(WORK), KEPT)))
    return ok


def judge_roots(old, gone, salt, carol):
    """After the root was changed."""
    new, ok = root_of(WORK), []
    ok.append(told('the old root opens nothing of today', sorted(texts(WORK, old))))
    ok.append(told('the new root opens nothing of what is in the older backup', sorted(texts(BACKUP, new))))
    # The positive: with the old root, which is gone, the backup would open; so the trying is tried.
    ok.append(told('what the backup has would open with the root that is gone', not gone & set(texts(BACKUP, old))))
    keys = [owner_key(new, s, o) for s in {*salts(WORK).values(), *salts(BACKUP).values(), salt} for o in {*salts(BACKUP), *salts(WORK), 0}]
    tried = {at: body for at, body in sealed_messages(BACKUP).items() if at in gone}
    ok.append(told(f'{len(tried)} deleted messages in the backup, {len(keys)} keys of the new root: none opens one', sorted(
        at for at, body in tried.items() if any(opened(key, body, 'messages', *at) is not None for key in keys))))
    ok.append(told('no file has a piece of the old root', search(WORK, [old, old.hex().encode()])))
    left = [(table, column) for table, column in sealed_columns() for (value,) in rows(
        WORK, f'SELECT {column} FROM {table} WHERE {column} IS NOT NULL') if value and split(value)[0] != 1]
    ok.append(told('every sealed value is of the new epoch', sorted(set(left))))
    return ok


def sealed_columns():
    names = [(t, c) for (t,) in rows(WORK, "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'root_epochs'")
             for _, c, *_ in rows(WORK, f'PRAGMA table_info({t})') if c.startswith('sealed_')]
    return names + [('posts', 'body'), ('posts', 'reactions'), ('topics', 'title')]


async def still_served(world, server, name):
    """Alice and Bob go on with the keys that they have."""
    for who in (world.alice, world.bob):
        who.client.session.set_dc(2, '127.0.0.1', server.port)
        await who.client.disconnect()
        await who.client.connect()
    got = await world.bob.client(functions.messages.GetHistoryRequest(world.to_carol, 0, None, 0, 10, 0, 0, 0))
    sent = await World.send(world.alice, world.to_bob, 'and on')
    return told(name, '' if sent and any(KEPT in (m.message or '') for m in got.messages) else 'what Bob wrote is not there')


async def nothing_given_again(world, seen, first):
    """What was sent after the backup was made is lost; Bob's device has seen it, and goes on from there."""
    number = await World.send(world.alice, world.to_bob, 'after it')
    got = await world.bob.client(functions.updates.GetDifferenceRequest(pts=seen.pts, date=seen.date, qts=seen.qts))
    new = [m.message for m in getattr(got, 'new_messages', [])]
    state = getattr(got, 'state', None)
    return told('no number that a device may have seen is given again', '' if number > first else f'{number} after {first}') and told(
        'a device that is ahead of the backup gets each new message once', '' if new.count('after it' * 40) == 1 and state.pts > seen.pts else
        f'at {seen.pts}: {type(got).__name__} {len(new)} messages')


def check(folder, name):
    result = subprocess.run([harness.LONTAR, 'check', '--data', str(folder)], capture_output=True, text=True, timeout=120)
    return told(name, '' if result.returncode == 0 else result.stdout + result.stderr)


def rekey():
    """Killed in the middle once: what is there is of both roots, and it goes on."""
    harness.lontar('vault', 'rekey', '--data', str(WORK), '--later')
    process = subprocess.Popen([harness.LONTAR, 'vault', 'rekey', '--data', str(WORK), '--continue'], stdout=subprocess.DEVNULL)
    process.kill()
    process.wait()
    harness.lontar('vault', 'rekey', '--data', str(WORK), '--continue')


def missing(world, root, before):
    """Of what was acknowledged: in both boxes, and in the square."""
    home, lost = texts(AGAIN, root), []
    square = sqlite3.connect(f'file:{AGAIN}/square/square.db?mode=ro', uri=True)
    posts = {text for (text,) in square.execute('SELECT text FROM posts')}
    square.close()
    for owner in (world.alice.id, world.bob.id):
        said = b'|'.join(text for (of, _), text in home.items() if of == owner)
        lost += [f'{nth} of {owner}' for nth in before if nth.encode() not in said]
    return lost + [f'{nth} in public' for nth in before if nth not in posts]


def damages():
    """Each kind of damage turns its check red. On copies."""
    def broken(name, spoil):
        copy = harness.WORK / 'broken'
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(WORK, copy, ignore=shutil.ignore_patterns('*.sock'))
        spoil(copy)
        result = subprocess.run([harness.LONTAR, 'check', '--data', str(copy)], capture_output=True, text=True, timeout=120)
        seen = result.returncode == 1 and f'FAILED {name}' in result.stdout
        return told(f'lontar check sees damage: {name}', '' if seen else result.stdout + result.stderr)

    def sql(*statements):
        def spoil(copy):
            home = sqlite3.connect(copy / 'home/home.db')
            with home:
                for statement in statements:
                    home.execute(statement)
            home.close()
        return spoil

    return [broken('sealed', sql('UPDATE messages SET sealed_body = (SELECT sealed_body FROM messages ORDER BY owner, id LIMIT 1)')),
            broken('boxes', sql('DELETE FROM events WHERE pts = 3')), broken('box-ends', sql('UPDATE boxes SET pts = pts + 1')),
            broken('dialogs', sql('UPDATE dialogs SET message_count = message_count + 1')),
            broken('modes', lambda copy: os.chmod(copy / 'server.key', 0o644))]


def restore(backup, folder, root, expect=0):
    return harness.lontar('restore', str(backup), '--data', str(folder), *(['--root-key', str(root)] if root else []), expect=expect)


def touched(data):
    """A backup that is not as it was made, in each way."""
    def flipped(at):
        return data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]

    for at in (0, 20, 60, 420, 460, 1000, 2110, 2200, len(data) // 2, len(data) - 1):
        yield f'with one bit changed at {at}', flipped(at)
    for size in (0, 1000, 5000, len(data) // 2, len(data) - 30, len(data) - 1):
        yield f'cut off at {size}', data[:size]
    yield 'with a byte behind its end', data + b'x'
    head = len(data) - pieces_size(data)
    first = 4 + int.from_bytes(data[head:head + 4], 'little')
    yield 'with its first piece left out', data[:head] + data[head + first:]
    yield 'with its first piece twice', data[:head] + data[head:head + first] + data[head:]


def pieces_size(data):
    """Of a backup: what comes behind the head, which is as long as makes the pieces end where the file does."""
    for head in range(len(data) - 1):
        at, count = head, 0
        while at + 4 <= len(data) and 17 < int.from_bytes(data[at:at + 4], 'little') <= 65537 + 17:
            at, count = at + 4 + int.from_bytes(data[at:at + 4], 'little'), count + 1
        if at == len(data) and count > 3:
            return len(data) - head
    raise harness.Failure('a backup without pieces')


def backups_refused(old):
    """Nothing over anything, nothing that was touched, nothing without the root."""
    ok, never = [], harness.WORK / 'never'
    for name, args in (('over a backup', ('backup', str(SEALED), '--data', str(WORK))),
                       ('over an installation', ('restore', str(SEALED), '--data', str(WORK), '--root-key', str(old)))):
        ok.append(told(f'refused: {name}', '' if harness.lontar(*args, expect=1) else 'no'))
    wrong = harness.WORK / 'wrong.key'
    wrong.write_text('5a' * 32 + '\n')
    wrong.chmod(0o600)
    for name, root in (('without a root', None), ('with another root', wrong)):
        restore(SEALED, never, root, expect=1)
        ok.append(told(f'refused: a backup {name}', never.exists()))
    copy, data = harness.WORK / 'touched', SEALED.read_bytes()
    for name, spoiled in touched(data):
        copy.write_bytes(spoiled)
        restore(copy, never, old, expect=1)
        ok.append(told(f'refused: a backup {name}', never.exists() or (harness.WORK / 'never.part').exists()))
    return ok


def judge_backup(root):
    """Nothing of the installation is in it as it lies on the disk: no key, table, name of a file, or text."""
    needles = [(WORK / name).read_bytes().strip()[-64:] for name in ('server.key', 'keeper.key', 'desk/service.token', 'lontar.ini')]
    needles += [path.read_bytes().strip()[-32:] for path in sorted((WORK / 'desk').rglob('*.key'))]
    needles += [b'SQLite format', b'home.db', b'CREATE TABLE', root, root.hex().encode(), b'shred_square', b'load-0000']
    needles += [m.encode() for m in (KEPT, CHAT, EXPIRED, EDITED, OWN, ABOUT)]
    data = SEALED.read_bytes()
    return told('a backup has no root, no key and nothing in clear', [n for n in needles if n and n in data]) and told(
        'and nothing is left of making it', [p.name for f in (WORK, harness.WORK) for p in f.rglob('*') if p.name.endswith(('.tmp', '.part'))])


async def main():
    logging.getLogger('telethon').setLevel(logging.CRITICAL)
    harness.lontar('init', '--data', str(WORK))
    settings, ok = {'calls_per_s': 0, 'stranger_calls_per_s': 0}, []
    with roles.Server(WORK, '--codes', 'console', settings=settings) as server:
        world = await World().open(server)
        await world.plant()
        old = root_of(WORK)
        await world.open_channel()
        writing = asyncio.create_task(world.write_on())
        await until('some messages', lambda: len(world.acknowledged) >= 20)
        before = list(world.acknowledged)
        await asyncio.to_thread(harness.lontar, 'backup', str(SEALED), '--data', str(WORK))
        during, world.enough = len(world.acknowledged) - len(before), True
        await writing
        ok.append(told('people wrote on while the backup was made', '' if during else 'nothing was acknowledged meanwhile'))
        shutil.copy(WORK / 'root.key', harness.WORK / 'old.key')
        ok.append(judge_backup(old))
        restore(SEALED, BACKUP, harness.WORK / 'old.key')
        (BACKUP / 'root.key').unlink()
        harness.need(with_marker(BACKUP, old, CHAT), 'the backup has not what was sent before it')
        gone = await shredding(world, old)
        ok += await judge_shredding(*gone)
        ok.append(check(WORK, 'lontar check while it is served'))
        server.stop()
    ok += backups_refused(harness.WORK / 'old.key')
    rekey()
    restore(SEALED, harness.WORK / 'never', WORK / 'root.key', expect=1)
    ok.append(told('the new root does not open the older backup', (harness.WORK / 'never').exists()))
    ok += judge_roots(old, gone[0], gone[3], world.carol.id)
    ok.append(check(WORK, 'lontar check under the new root'))
    ok += damages()
    with roles.Server(WORK, '--codes', 'console') as server:
        ok.append(await still_served(world, server, 'the same devices go on under the new root'))
        first = await World.send(world.alice, world.to_bob, 'lost')
        seen = await world.bob.client(functions.updates.GetStateRequest())
        server.stop()
    restore(SEALED, AGAIN, harness.WORK / 'old.key')
    ok.append(check(AGAIN, 'lontar check of what was restored'))
    ok.append(told(f'each of {2 * len(before)} messages that were acknowledged before is in the backup', missing(world, old, before)))
    with roles.Server(AGAIN, '--codes', 'console') as server:
        ok.append(await still_served(world, server, 'the same devices go on after a backup was restored'))
        ok.append(await nothing_given_again(world, seen, first))
        server.stop()
    harness.lontar('vault', 'rekey', '--data', str(AGAIN), '--later')
    with roles.Server(AGAIN, '--codes', 'console') as server:
        await until('the server to seal everything anew', lambda: rows(AGAIN, 'SELECT count(*) FROM root_epochs') == [(1,)])
        ok.append(told('a server that runs seals everything anew', [
            at for at, body in sealed_messages(AGAIN).items() if split(body)[0] != 1]))
        ok.append(await still_served(world, server, 'and the same devices go on'))
        server.stop()
    ok.append(check(AGAIN, 'lontar check of what the server sealed anew'))
    return 0 if all(ok) else 1


async def run():
    try:
        return await main()
    finally:
        shutil.rmtree(harness.WORK, ignore_errors=True)


if __name__ == '__main__':
    asyncio.run(roles.to_its_end(run))
