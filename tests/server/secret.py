#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Secret chats by raw calls, where it matters who comes first and what is left: requests and acceptances, two devices that accept
at once, order and repetition, what is deleted, the ends of logins and accounts, blocks and bots, sizes and ranges. What the
devices encrypted is searched for in all files and in the log. Runs in tests/venv; the folder of the build comes in
LONTAR_BUILD."""
import asyncio
import base64
import os
import sqlite3

import roles  # enters the venv
import harness
from telethon import errors, functions, types

MESSAGES, UPDATES, AUTH, UPLOAD = functions.messages, functions.updates, functions.auth, functions.upload
WORK = harness.WORK / 'secret'
RACES = 25
WAITING = 230  # more than two differences have
DATA_MAX = 131072
PART, MIB = 524288, 1 << 20
QTS_FIRST = 1
MARK = b'\x5a\xc3secret-mark\xd1\x07'
count = iter(range(1, 1 << 30))


def data(size=64):
    return MARK + os.urandom(size - len(MARK))


class Phone(roles.Caller):
    """A device: again says that the account is there already."""

    async def enter(self, again=False):
        await self.client.connect()
        sent = await self.client(AUTH.SendCodeRequest(self.phone, *roles.API, types.CodeSettings()))
        signed = await self.client(AUTH.SignInRequest(self.phone, sent.phone_code_hash, await self.server.code(self.phone)))
        if not again:
            signed = await self.client(AUTH.SignUpRequest(self.phone, sent.phone_code_hash, self.name, ''))
        self.id = signed.user.id
        self.prime = (await self.client(MESSAGES.GetDhConfigRequest(0, 256))).p
        return self

    def __call__(self, request):
        return self.client(request)

    def half(self):
        return (int.from_bytes(os.urandom(256), 'big') % (int.from_bytes(self.prime, 'big') >> 1) | 1 << 2000).to_bytes(256, 'big')

    async def missed(self, qts=0, date=1, **more):
        now = await self(UPDATES.GetStateRequest())
        return await self(UPDATES.GetDifferenceRequest(pts=now.pts, date=date, qts=qts, **more))

    async def chats(self):
        """Number -> EncryptedChat, as its difference tells them."""
        got = await self.missed()
        found = [u.chat for u in getattr(got, 'other_updates', []) if isinstance(u, types.UpdateEncryption)]
        return {chat.id: chat for chat in found}

    async def raw(self, name, **values):
        """(code, text), or ('ok', size): also where Telethon can't read the answer."""
        return await self.ask(roles.schema.encode(name, values))


async def piece(device, file, offset, limit, precise=False):
    location = types.InputEncryptedFileLocation(file.id, file.access_hash)
    return (await device(UPLOAD.GetFileRequest(location, offset, limit, precise=precise))).bytes


def chat_of(chat):
    return types.InputEncryptedChat(chat.id, chat.access_hash)


async def refused(call, *texts):
    try:
        answer = await call
    except errors.RPCError as error:
        text = error.message if isinstance(error.message, str) else str(error)
        harness.need(any(t in f'{text} {type(error).__name__}' or camel(t) == type(error).__name__ for t in texts), f'not {texts}: {error!r}')
        return
    raise harness.Failure(f'answered, not refused with {texts}: {answer}')


def camel(text):
    return ''.join(part.capitalize() for part in text.lower().split('_')) + 'Error'


def rows(sql):
    home = sqlite3.connect(f'file:{WORK}/home/home.db?mode=ro', uri=True, timeout=10)
    try:
        return home.execute(sql).fetchone()[0]
    finally:
        home.close()


async def until(what, look):
    for _ in range(1500):
        if look():
            return
        await asyncio.sleep(0.02)
    raise harness.Failure(f'waited for {what}')


class World:
    async def open(self, server):
        self.server, self.pem = server, (WORK / 'server.pub.pem').read_text()
        self.phones = [f'+44791{os.getpid() % 100000:05d}{n:02d}' for n in range(4)]
        self.a = await self.device(0)
        self.b = await self.device(1)
        self.b2 = await self.device(1, again=True)
        self.c = await self.device(2)
        found = await self.a(functions.contacts.ImportContactsRequest([types.InputPhoneContact(1, self.phones[1], 'B', '')]))
        self.to_b = types.InputUser(found.users[0].id, found.users[0].access_hash)
        found = await self.b(functions.contacts.ImportContactsRequest([types.InputPhoneContact(1, self.phones[0], 'A', '')]))
        self.to_a = types.InputUser(found.users[0].id, found.users[0].access_hash)
        return self

    async def device(self, number, again=False):
        return await Phone(self.server, self.pem, self.phones[number], f'Person {number}').enter(again)

    def ask(self, half=None, number=None, to=None, device=None):
        device = device or self.a
        return device(MESSAGES.RequestEncryptionRequest(to or self.to_b, half or device.half(), random_id=number or next(count)))

    async def pair(self, taker=None):
        """(as A has it, as the taker has it)"""
        asked = await self.ask()
        taker = taker or self.b
        told = (await taker.chats())[asked.id]
        harness.need(isinstance(told, types.EncryptedChatRequested), f'told {told}')
        taken = await taker(MESSAGES.AcceptEncryptionRequest(chat_of(told), taker.half(), 77))
        return asked, taken


cases = []


def case(name):
    def note(run):
        cases.append((name, run))
        return run
    return note


@case('getDhConfig: the known prime once, random bytes always')
async def _(w):
    first = await w.a(MESSAGES.GetDhConfigRequest(0, 256))
    again = await w.a(MESSAGES.GetDhConfigRequest(first.version, 256))
    harness.need(first.g == 3 and len(first.p) == 256 and first.p[0] == 0xc7, 'not the prime that clients know')
    harness.need(isinstance(again, types.messages.DhConfigNotModified), 'sent again')
    harness.need(len(first.random) == len(again.random) == 256 and first.random != again.random, 'not random')
    for length in (-1, 1 << 20):
        await refused(w.a(MESSAGES.GetDhConfigRequest(0, length)), 'RANDOM_LENGTH_INVALID')


@case('public halves out of range are refused')
async def _(w):
    prime = int.from_bytes(w.a.prime, 'big')
    for bad in (b'', bytes(256), (1).to_bytes(256, 'big'), (2 ** 1983).to_bytes(256, 'big'), (prime - 1).to_bytes(256, 'big'),
                w.a.prime, b'\xff' * 256, bytes(1) + w.a.half()):
        await refused(w.a(MESSAGES.RequestEncryptionRequest(w.to_b, bad, random_id=next(count))), 'DH_G_A_INVALID')
    asked = await w.ask()
    told = (await w.b.chats())[asked.id]
    await refused(w.b(MESSAGES.AcceptEncryptionRequest(chat_of(told), bytes(256), 1)), 'DH_G_A_INVALID')
    await w.a(MESSAGES.DiscardEncryptionRequest(asked.id))


@case('who may be asked')
async def _(w):
    half = w.a.half()
    await refused(w.a(MESSAGES.RequestEncryptionRequest(types.InputUserSelf(), half, random_id=5)), 'USER_ID_INVALID')
    await refused(w.a(MESSAGES.RequestEncryptionRequest(types.InputUser(w.to_b.user_id, 1), half, random_id=5)), 'USER_ID_INVALID')
    await w.b(functions.contacts.BlockRequest(types.InputPeerUser(w.to_a.user_id, w.to_a.access_hash)))
    await refused(w.ask(), 'USER_IS_BLOCKED')
    await refused(w.ask(device=w.b, to=w.to_a), 'YOU_BLOCKED_USER')
    await w.b(functions.contacts.UnblockRequest(types.InputPeerUser(w.to_a.user_id, w.to_a.access_hash)))


@case('asking again gives the same chat; another one under the same number is refused')
async def _(w):
    half, number = w.a.half(), next(count)
    first, again = await w.ask(half, number), await w.ask(half, number)
    harness.need((first.id, first.access_hash) == (again.id, again.access_hash) == (number, again.access_hash), 'two chats')
    # Raw: Telethon would try again.
    other = roles.schema.encode('inputUser', {'user_id': w.to_b.user_id, 'access_hash': w.to_b.access_hash})
    got = await w.a.raw('messages.requestEncryption', user_id=other, random_id=number, g_a=w.a.half())
    harness.need(got == (400, 'RANDOM_ID_DUPLICATE'), f'{got}')
    harness.need(len([c for c in (await w.b.chats()).values() if isinstance(c, types.EncryptedChatRequested)]) == 1, 'told twice')
    harness.need(half == (await w.b.chats())[number].g_a, 'another public half')
    await w.a(MESSAGES.DiscardEncryptionRequest(number))
    await refused(w.a(MESSAGES.DiscardEncryptionRequest(number)), 'ENCRYPTION_ID_INVALID')
    harness.need(isinstance((await w.b2.chats())[number], types.EncryptedChatDiscarded), 'B2 does not know the end')


@case(f'two devices accept at once, {RACES} times: one has it, the other is refused and told so, and can end nothing')
async def _(w):
    for _ in range(RACES):
        asked = await w.ask()
        told = [(device, (await device.chats())[asked.id]) for device in (w.b, w.b2)]
        halves = [device.half() for device, _ in told]
        got = await asyncio.gather(*(device(MESSAGES.AcceptEncryptionRequest(chat_of(chat), half, 9))
                                     for (device, chat), half in zip(told, halves)), return_exceptions=True)
        won = [isinstance(answer, types.EncryptedChat) for answer in got]
        harness.need(sorted(won) == [False, True], f'answers: {got}')
        at = won.index(True)
        await refused(told[1 - at][0](MESSAGES.DiscardEncryptionRequest(told[at][1].id)), 'ENCRYPTION_ALREADY_ACCEPTED')
        mine = (await w.a.chats())[asked.id]
        harness.need(mine.g_a_or_b == halves[at] and mine.key_fingerprint == 9, 'A has another half')
        harness.need(isinstance((await told[1 - at][0].chats())[told[at][1].id], types.EncryptedChatDiscarded), 'the loser was not told')
        lost = told[1 - at][0]
        harness.need((await lost.raw('messages.sendEncrypted', peer=peer_bytes(told[at][1]), random_id=1, data=data()))[1] == 'CHAT_ID_INVALID',
                     'the loser may write')
        again = await told[at][0](MESSAGES.AcceptEncryptionRequest(chat_of(told[at][1]), halves[at], 9))
        harness.need(again.g_a_or_b == got[at].g_a_or_b, 'accepting again is another answer')
        await w.a(MESSAGES.DiscardEncryptionRequest(asked.id))


def peer_bytes(chat):
    return roles.schema.encode('inputEncryptedChat', {'chat_id': chat.id, 'access_hash': chat.access_hash})


@case('order, repetition and deletion: every message once, byte for byte, and gone when it was received')
async def _(w):
    asked, taken = await w.pair()
    begin = (await w.b(UPDATES.GetStateRequest())).qts
    sent = [data(64 + n) for n in range(WAITING)]
    for n, each in enumerate(sent):
        request = MESSAGES.SendEncryptedServiceRequest if n % 7 == 3 else MESSAGES.SendEncryptedRequest
        await w.a(request(chat_of(asked), each, random_id=1000 + n))
    await w.a(MESSAGES.SendEncryptedRequest(chat_of(asked), sent[0], random_id=1000))
    harness.need((await w.b(UPDATES.GetStateRequest())).qts == begin + WAITING, 'a repeated message counts twice')
    harness.need((await w.b2.missed()).__class__ is not types.updates.DifferenceSlice, 'the other device has something to hear')
    got, qts, part, date = [], begin, None, 1
    while not isinstance(part, (types.updates.Difference, types.updates.DifferenceEmpty)):
        part = await w.b.missed(qts, date)
        got += part.new_encrypted_messages
        state = getattr(part, 'state', None) or part.intermediate_state
        qts, date = state.qts, state.date
    harness.need([m.bytes for m in got] == sent, f'{len(got)} of {len(sent)}, or in another order')
    harness.need([isinstance(m, types.EncryptedMessageService) for m in got] == [n % 7 == 3 for n in range(WAITING)], 'another kind')
    harness.need(any(isinstance(u, types.UpdateEncryption) for u in part.other_updates), 'the last slice lacks what changed')
    harness.need((await w.b.raw('messages.receivedQueue', max_qts=qts + 1))[1] == 'MAX_QTS_INVALID', 'more than there is')
    answer = await w.b.raw('messages.receivedQueue', max_qts=qts)
    harness.need(answer[0] == 'ok', f'{answer}')
    harness.need(rows('SELECT count(*) FROM secret_queue') == 0, 'rows are left')
    await w.a(MESSAGES.SendEncryptedRequest(chat_of(asked), sent[5], random_id=1005))
    harness.need((await w.b(UPDATES.GetStateRequest())).qts == begin + WAITING, 'what was received came again')
    await w.a(MESSAGES.SendEncryptedRequest(chat_of(asked), data(), random_id=9001))
    harness.need(len((await w.b.missed(qts)).new_encrypted_messages) == 1, 'one more')
    await w.b.missed(qts + 1)
    await until('the deletion of what a difference confirms', lambda: rows('SELECT count(*) FROM secret_queue') == 0)
    await w.a(MESSAGES.DiscardEncryptionRequest(asked.id))


@case('keys of a chat are forgotten once both have used it')
async def _(w):
    asked, taken = await w.pair()
    harness.need(rows('SELECT count(*) FROM secret_chats WHERE sealed_keys IS NOT NULL') == 2, 'kept for who was away')
    await w.a(MESSAGES.SendEncryptedRequest(chat_of(asked), data(), random_id=1))
    await w.b(MESSAGES.SendEncryptedRequest(chat_of(taken), data(), random_id=1))
    harness.need(rows('SELECT count(*) FROM secret_chats WHERE sealed_keys IS NOT NULL') == 0, 'kept for ever')
    await w.b(MESSAGES.DiscardEncryptionRequest(taken.id, delete_history=True))
    harness.need((await w.a.chats())[asked.id].history_deleted, 'A is not told to delete')
    harness.need(not getattr(await w.a.missed(), 'new_encrypted_messages', []), 'and still gets what was to be deleted')
    await refused(w.a(MESSAGES.SendEncryptedRequest(chat_of(asked), data(), random_id=2)), 'ENCRYPTION_DECLINED')


@case('bounds, numbers that are not the own, and files')
async def _(w):
    asked, taken = await w.pair()
    for bad, text in ((b'', 'DATA_INVALID'), (b'x' * 39, 'DATA_INVALID'), (b'x' * (DATA_MAX + 1), 'DATA_TOO_LONG')):
        await refused(w.a(MESSAGES.SendEncryptedRequest(chat_of(asked), bad, random_id=3)), text)
    await w.a(MESSAGES.SendEncryptedRequest(chat_of(asked), data(DATA_MAX), random_id=4))
    for chat in (types.InputEncryptedChat(asked.id, asked.access_hash ^ 1), types.InputEncryptedChat(asked.id + 12345, 0), chat_of(taken)):
        await refused(w.a(MESSAGES.SendEncryptedRequest(chat, data(), random_id=5)), 'CHAT_ID_INVALID')
        await refused(w.c(MESSAGES.SendEncryptedRequest(chat, data(), random_id=5)), 'CHAT_ID_INVALID')
    await refused(w.c(MESSAGES.DiscardEncryptionRequest(asked.id)), 'ENCRYPTION_ID_INVALID')
    await refused(w.a(MESSAGES.ReadEncryptedHistoryRequest(chat_of(asked), -1)), 'MAX_DATE_INVALID')
    for file, texts in ((types.InputEncryptedFile(1, 1), 'FILE_ID_INVALID'), (types.InputEncryptedFileEmpty(), 'FILE_EMTPY'),
                        (types.InputEncryptedFileUploaded(1, 0, '', 1), 'FILE_PARTS_INVALID'),
                        (types.InputEncryptedFileBigUploaded(1, -1, 1), 'FILE_PARTS_INVALID'),
                        (types.InputEncryptedFileBigUploaded(1, 2, 1), 'FILE_PART_0_MISSING FilePartMissingError')):
        await refused(w.a(MESSAGES.SendEncryptedFileRequest(chat_of(asked), data(), file, random_id=6)), *texts.split())
    await w.a(MESSAGES.DiscardEncryptionRequest(asked.id))


@case('a file goes to the two accounts, in pieces of one MiB, and with the chat')
async def _(w):
    asked, taken = await w.pair()
    for wrong, text in (((7, 0, b''), 'FILE_PART_EMPTY'), ((7, -1, b'x'), 'FILE_PART_INVALID'), ((7, 8000, b'x'), 'FILE_PART_INVALID'),
                        ((7, 0, b'x' * (PART + 1)), 'FILE_PART_TOO_BIG')):
        await refused(w.a(UPLOAD.SaveFilePartRequest(*wrong)), text)
    await refused(w.a(UPLOAD.SaveBigFilePartRequest(7, 2, 2, b'x')), 'FILE_PART_INVALID')
    await refused(w.a(UPLOAD.SaveBigFilePartRequest(7, 0, 0, b'x')), 'FILE_PARTS_INVALID')
    whole = data(2 * PART + 77)
    parts = [whole[at:at + PART] for at in range(0, len(whole), PART)]
    await asyncio.gather(*(w.a(UPLOAD.SaveBigFilePartRequest(7, number, -1 if number else 3, part)) for number, part in enumerate(parts)))
    big = types.InputEncryptedFileBigUploaded(7, 3, -5)
    sent = await w.a(MESSAGES.SendEncryptedFileRequest(chat_of(asked), data(), big, random_id=8))
    again = await w.a(MESSAGES.SendEncryptedFileRequest(chat_of(asked), data(), big, random_id=8))
    harness.need(again.file.to_dict() == sent.file.to_dict() and sent.file.size == len(whole), f'{again} {sent}')
    told = [m for m in (await w.b.missed()).new_encrypted_messages if m.chat_id == taken.id][-1].file
    harness.need((told.id, told.size, told.key_fingerprint) == (sent.file.id, len(whole), -5), f'{told}')
    for device, file in ((w.a, sent.file), (w.b, told), (w.b2, told)):
        got = [await piece(device, file, offset, MIB) for offset in (0, MIB)]
        harness.need(b''.join(got) == whole, f'{[len(g) for g in got]}')
    harness.need(await piece(w.b, told, 1024, 3 * 1024, precise=True) == whole[1024:4096], 'a precise piece')
    harness.need(await piece(w.b, told, 2 * MIB, 4096) == b'', 'behind the end')
    for offset, limit, precise, text in ((-4096, 4096, False, 'OFFSET_INVALID'), (1024, 4096, False, 'OFFSET_INVALID'),
                                         (1, 1024, True, 'OFFSET_INVALID'), (2 ** 63 - 4096, 4096, False, 'OFFSET_INVALID'),
                                         (0, 0, False, 'LIMIT_INVALID'), (0, 4097, False, 'LIMIT_INVALID'),
                                         (0, 2 * MIB, True, 'LIMIT_INVALID'), (MIB - 4096, 8192, False, 'LIMIT_INVALID'),
                                         (0, 3 * 4096, False, 'LIMIT_INVALID')):
        await refused(piece(w.b, told, offset, limit, precise), text)
    for device, file in ((w.c, told), (w.c, sent.file), (w.a, told), (w.b, sent.file)):
        await refused(piece(device, file, 0, 4096), 'LOCATION_INVALID')
    await refused(w.b(UPLOAD.GetFileRequest(types.InputTakeoutFileLocation(), 0, 4096)), 'LOCATION_INVALID')
    await w.a(MESSAGES.DiscardEncryptionRequest(asked.id, delete_history=True))
    for device, file in ((w.a, sent.file), (w.b, told)):
        await refused(piece(device, file, 0, 4096), 'LOCATION_INVALID')
    await until('the parts to be deleted', lambda: rows('SELECT count(*) FROM file_parts') == 0)


@case('a read mark waits for who is away, and comes to no other device')
async def _(w):
    asked, taken = await w.pair(w.b2)
    await w.b2(MESSAGES.ReadEncryptedHistoryRequest(chat_of(taken), taken.date))
    marks = [u for u in (await w.a.missed()).other_updates if isinstance(u, types.UpdateEncryptedMessagesRead)]
    harness.need([(u.chat_id, u.max_date) for u in marks] == [(asked.id, taken.date)], f'{marks}')
    await w.a(MESSAGES.DiscardEncryptionRequest(asked.id))


@case('a chat ends with the login of either side, and with the account')
async def _(w):
    third = await w.device(1, again=True)
    waiting = rows('SELECT count(*) FROM secret_queue')
    asked, taken = await w.pair(third)
    await w.a(MESSAGES.SendEncryptedRequest(chat_of(asked), data(), random_id=1))
    await third(AUTH.LogOutRequest())
    harness.need(isinstance((await w.a.chats())[asked.id], types.EncryptedChatDiscarded), 'A does not know')
    harness.need(rows('SELECT count(*) FROM secret_queue') == waiting, 'what nobody will ever fetch stays')
    await refused(w.a(MESSAGES.SendEncryptedRequest(chat_of(asked), data(), random_id=2)), 'ENCRYPTION_DECLINED')
    last = await w.device(3)
    found = await w.a(functions.contacts.ImportContactsRequest([types.InputPhoneContact(1, w.phones[3], 'D', '')]))
    asked = await w.ask(to=types.InputUser(found.users[0].id, found.users[0].access_hash))
    await last(functions.account.DeleteAccountRequest('tired'))
    harness.need(isinstance((await w.a.chats())[asked.id], types.EncryptedChatDiscarded), 'A waits for nobody')
    await refused(w.ask(to=types.InputUser(found.users[0].id, found.users[0].access_hash)), 'INPUT_USER_DEACTIVATED', 'USER_ID_INVALID')


@case('a device that refuses secret chats is not asked')
async def _(w):
    settings = functions.account.ChangeAuthorizationSettingsRequest(0, encrypted_requests_disabled=True)
    await w.b2(settings)
    asked = await w.ask()
    harness.need(asked.id in await w.b.chats() and asked.id not in await w.b2.chats(), 'asked')
    await w.b2(functions.account.ChangeAuthorizationSettingsRequest(0, encrypted_requests_disabled=False))
    await w.a(MESSAGES.DiscardEncryptionRequest(asked.id))


def traces():
    shapes = (MARK, MARK.hex().encode(), base64.b64encode(MARK)[:12])
    for path in WORK.rglob('*'):
        if path.is_file():
            held = path.read_bytes()
            if any(shape in held for shape in shapes):
                yield str(path)


async def run():
    harness.lontar('init', '--data', str(WORK))
    server = roles.Server(WORK, '--codes', 'console')
    try:
        world = await World().open(server)
        for name, check in cases:
            try:
                await asyncio.wait_for(check(world), 120)
                print(f'ok {name}', flush=True)
            except Exception as error:  # noqa: BLE001: whatever it is, the others are tried
                harness.failures.append(name)
                print(f'not ok {name}\n  {type(error).__name__}: {error}', flush=True)
        found = [*traces(), *(['the log'] if MARK in ''.join(server.log).encode(errors='replace') else [])]
        print(f'not ok nothing of what was sent is in any file\n  {found}' if found else 'ok nothing of what was sent is in any file')
        return 1 if harness.failures or found else 0
    finally:
        server.stop()


if __name__ == '__main__':
    raise SystemExit(asyncio.run(run()))
