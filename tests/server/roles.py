#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every method of the schema, called by everybody who may come along, on a running server.

  nobody    a key on which nobody is logged in: AUTH_KEY_UNREGISTERED, but for the methods that are for anybody
  unbound   a temporary key that belongs to no permanent one: AUTH_KEY_PERM_EMPTY, but for what concerns keys alone
  bot       BOT_METHOD_INVALID for what is for people, an answer or an error of the protocol for the rest
  user      about whom and what he may see: an answer or an error of the protocol, never a fault of the server,
            never "can't be read"; and no method is served or unserved that docs/coverage.md has otherwise
  stranger  about whom and what he may not see, and what there is not: the same answer to both
  blocked   about who blocked him: as user, with user's exceptions

The rules are here, the exceptions with their reasons in roles.txt. Runs in tests/venv (Telethon carries the calls; their bytes are
made by roles_tl.py)."""
import asyncio
import logging
import os
import re
import struct
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PYTHON = str(ROOT / 'tests/venv/bin/python3')
if not os.environ.get('LONTAR_IN_VENV'):
    os.execve(PYTHON, [PYTHON, *sys.argv], dict(os.environ, LONTAR_IN_VENV='1'))

from telethon import TelegramClient, functions, types  # noqa: E402
from telethon.crypto import Factorization, rsa  # noqa: E402
from telethon.network import authenticator, mtprotosender  # noqa: E402
from telethon.sessions import MemorySession  # noqa: E402
from telethon.tl import TLRequest  # noqa: E402

sys.path.insert(0, str(ROOT / 'tools/check'))
import coverage  # noqa: E402
import harness  # noqa: E402
from roles_tl import LAYER, Schema  # noqa: E402

API = (12345, '0123456789abcdef0123456789abcdef')
ANSWER_S = 20
ACKS_AT_ONCE = 32
TEMP_KEY_S = 3600
ABSENT_USER, ABSENT_CHAT, ABSENT_CHANNEL, ABSENT_MESSAGE = 99000001, 99000002, 99000003, 2000000
WRONG_HASH = 0x1234567890abcdef
MIGHT_WAIT = ('FLOOD_WAIT_', 'SLOWMODE_WAIT_', 'PEER_FLOOD')
schema = Schema(harness.BUILD / 'src/tl/schema.json')
rows = {name: state for name, state in coverage.rows().items()}


class Refused(Exception):
    def __init__(self, code, text):
        super().__init__(f'{code} {text}')
        self.code, self.text = code, text


class Raw(TLRequest):
    CONSTRUCTOR_ID = SUBCLASS_OF_ID = 0

    def __init__(self, data):
        self.data = data

    def __bytes__(self):
        return self.data

    def to_dict(self):
        return {'_': 'Raw'}

    def read_result(self, reader):
        return reader.read()


def factorize(number):
    """Telethon's own takes longer than the whole of the rest of a login."""
    return tuple(int(factor) for factor in subprocess.run(['factor', str(number)], capture_output=True, check=True).stdout.split()[1:])


Factorization.factorize = factorize
told_by_telethon = mtprotosender.rpc_message_to_error
mtprotosender.rpc_message_to_error = lambda error, request: (
    Refused(error.error_code, error.error_message) if isinstance(request, Raw) else told_by_telethon(error, request))


class Server(harness.Server):
    codes = {}

    def take_line(self, line):
        match = re.fullmatch(r'code phone=(\+\d+) code=(\d+)\n', line)
        if match:
            self.codes[match[1]] = match[2]
        super().take_line(line)

    async def code(self, phone):
        for _ in range(ANSWER_S * 50):
            if phone in self.codes:
                return self.codes.pop(phone)
            await asyncio.sleep(0.02)
        raise harness.Failure('waited for a login code')


class LateAcks(set):
    """What Telethon has to acknowledge, until there is enough of it: else every answer costs a packet more."""

    def __bool__(self):
        return len(self) >= ACKS_AT_ONCE


class Caller:
    """A device; logged in when it has a phone."""

    def __init__(self, server, pem, phone=None, name='', token=None):
        rsa._server_keys.clear()
        rsa.add_key(pem, old=False)
        session = MemorySession()
        session.set_dc(2, '127.0.0.1', server.port)
        self.server, self.phone, self.name, self.token = server, phone, name, token
        self.client = TelegramClient(session, *API, receive_updates=False)
        self.client._sender._pending_ack = LateAcks()

    async def open(self):
        await self.client.connect()
        if self.phone:
            sent = await self.client(functions.auth.SendCodeRequest(self.phone, *API, types.CodeSettings()))
            code = await self.server.code(self.phone)
            await self.client(functions.auth.SignInRequest(self.phone, sent.phone_code_hash, code))
            signed = await self.client(functions.auth.SignUpRequest(self.phone, sent.phone_code_hash, self.name, ''))
            self.id = signed.user.id
        if self.token:
            self.id = (await self.client(functions.auth.ImportBotAuthorizationRequest(0, *API, self.token))).user.id
        return self

    async def open_unbound(self):
        """By a temporary key, which Telethon makes no use of: only what it says of the key differs."""
        whole = authenticator.PQInnerData
        authenticator.PQInnerData = lambda **fields: types.PQInnerDataTemp(**fields, expires_in=TEMP_KEY_S)
        try:
            await self.client.connect()
        finally:
            authenticator.PQInnerData = whole
        return self

    async def take_layer(self):
        """From now on answers are in forms that Telethon can't read."""
        hello = schema.encode('help.getConfig')
        await self.ask(struct.pack('<Ii', 0xda9b0d0d, LAYER) + schema.encode(
            'initConnection', {'api_id': 1, 'device_model': 'x', 'system_version': '1', 'app_version': '1', 'system_lang_code': 'en',
                               'lang_code': 'en', 'query': hello}))

    async def ask(self, data):
        """('ok', length) or (code, text)"""
        try:
            answer = await asyncio.wait_for(self.client._sender.send(Raw(data)), ANSWER_S)
        except Refused as refused:
            return refused.code, refused.text
        return 'ok', len(answer)

    async def find(self, phone):
        """The other account, as this one may name it."""
        got = await self.client(functions.contacts.ImportContactsRequest([types.InputPhoneContact(1, phone, 'X', '')]))
        return got.users[0].id, got.users[0].access_hash


def user_as(user_id, access_hash):
    values = {'user_id': user_id, 'access_hash': access_hash}
    return {'InputPeer': schema.encode('inputPeerUser', values), 'InputUser': schema.encode('inputUser', values)}


def chat_as(chat_id):
    return {'InputPeer': schema.encode('inputPeerChat', {'chat_id': chat_id}), 'chat_id': chat_id}


def channel_as(channel_id, access_hash):
    values = {'channel_id': channel_id, 'access_hash': access_hash}
    return {'InputPeer': schema.encode('inputPeerChannel', values), 'InputChannel': schema.encode('inputChannel', values)}


ACCOUNTS, FOR_PEOPLE = ('a user', 'a user or bot', 'a bot'), ('a user', 'anybody but bots')
WORDS = ('message', 'title', 'q', 'emoticon', 'first_name', 'about', 'query', 'text', 'suggestion', 'reason')


def query(method, peers, message=None):
    """The method about those peers, and about that message of the first."""
    values = {}
    for field in schema.methods[method]['fields']:
        name, tl_type = field['name'], field['type']
        if field['flag']:
            continue
        if tl_type == 'string' and name in WORDS:
            values[name] = 'x'
        elif name == 'chat_id' and tl_type == 'long' and 'chat_id' in peers:
            values[name] = peers['chat_id']
        elif method == 'messages.getChats' and 'chat_id' in peers:
            values[name] = [peers['chat_id']]
        elif name in ('id', 'msg_id') and tl_type in ('int', 'Vector<int>'):
            values[name] = [message or 1] if tl_type != 'int' else message or 1
    return schema.encode(method, values, peers)


def all_methods():
    """Those that can be encoded: of the rest, an argument's type is not in the schema, so nobody can call them."""
    found = []
    for method in sorted(schema.methods):
        if method in ('invokeWithLayer', 'initConnection', 'invokeAfterMsg', 'invokeAfterMsgs', 'invokeWithoutUpdates'):
            continue
        try:
            query(method, {})
        except LookupError:
            continue
        found.append(method)
    return found


def state_of(method):
    return rows.get(method.replace('.', '_', 1), ('unserved', ''))


def exceptions():
    found = {}
    for line in (ROOT / 'tests/server/roles.txt').read_text().splitlines():
        if line and not line.startswith('#'):
            match = re.fullmatch(r'(\S+) (nobody|user|stranger|bot): (\S.*)', line)
            if not match or match[1] not in schema.methods:
                raise SystemExit(f'not ok roles.txt: not "METHOD ROLE: why": {line}')
            found[match[1], match[2]] = match[3]
    return found


async def try_nobody(caller, skip):
    for method in all_methods():
        state, who = state_of(method)
        if (method, 'nobody') in skip or who == 'a key':
            continue
        got = await caller.ask(query(method, {}))
        if state == 'unserved':
            wanted = got == (400, 'INPUT_METHOD_INVALID')
        elif who in ACCOUNTS:
            wanted = got == (401, 'AUTH_KEY_UNREGISTERED')
        else:
            wanted = got[0] != 500 and got[1] not in ('INPUT_METHOD_INVALID', 'INPUT_FETCH_ERROR') and (
                got != (401, 'AUTH_KEY_UNREGISTERED') or method.startswith('auth.'))
        if not wanted:
            yield f'{method}: {got}'


async def try_unbound(caller):
    for method in all_methods():
        state, who = state_of(method)
        got = await caller.ask(query(method, {}))
        if state == 'unserved':
            wanted = got == (400, 'INPUT_METHOD_INVALID')
        elif who == 'a key':
            wanted = got[0] not in (401, 500)
        else:
            wanted = got == (401, 'AUTH_KEY_PERM_EMPTY')
        if not wanted:
            yield f'{method}: {got}'


async def try_bot(caller, targets, skip):
    for method in all_methods():
        state, who = state_of(method)
        if (method, 'bot') in skip:
            continue
        for data in {query(method, peers) for peers in targets}:
            got = await caller.ask(data)
            if state == 'unserved':
                wanted = got == (400, 'INPUT_METHOD_INVALID')
            elif who in FOR_PEOPLE:
                wanted = got == (400, 'BOT_METHOD_INVALID')
            else:
                wanted = got[0] not in (401, 500) and got[1] not in ('INPUT_METHOD_INVALID', 'INPUT_FETCH_ERROR', 'BOT_METHOD_INVALID')
            if not wanted:
                yield f'{method}: {got}'
                break


async def try_served(caller, targets, skip):
    for method in all_methods():
        if (method, 'user') in skip:
            continue
        state, who = state_of(method)
        served = state != 'unserved'
        for data in {query(method, peers) for peers in targets}:
            got = await caller.ask(data)
            if (who == 'a bot') != (got == (400, 'USER_BOT_REQUIRED')) or got[1] == 'BOT_METHOD_INVALID':
                yield f'{method}: {got}'
                break
            if got[0] in (500, 401) or got[1] == 'INPUT_FETCH_ERROR' or (got[1] == 'INPUT_METHOD_INVALID') == served:
                yield f'{method}: {got}'
                break


async def try_pairs(caller, pairs, skip, tried):
    """pairs: (what, hidden, absent), each peers and message."""
    for method in all_methods():
        if (method, 'stranger') in skip or state_of(method)[0] == 'unserved':
            continue
        for what, hidden, absent in pairs:
            seen, missing = query(method, *hidden), query(method, *absent)
            if seen == missing or len(seen) != len(missing):
                continue
            got, wanted = await caller.ask(seen), await caller.ask(missing)
            if str(got[1]).startswith(MIGHT_WAIT) or str(wanted[1]).startswith(MIGHT_WAIT):
                continue
            tried.append(method)
            if got != wanted:
                yield f'{method} about {what}: {got} where it is, {wanted} where it is not'


class World:
    """alice and eve look; bob is alice's contact, and blocks eve; carol keeps to herself, with a group and a channel."""

    async def open(self, server, pem):
        self.nobody = await Caller(server, pem).open()
        self.unbound = await Caller(server, pem).open_unbound()
        made = harness.lontar('user', 'bot', '--data', str(server.folder), 'roles_bot').stdout
        self.bot = await Caller(server, pem, token=re.search(r'token (\S+)', made)[1]).open()
        self.alice, self.bob, self.carol, self.eve = [
            await Caller(server, pem, f'+4479000000{n:02d}', name).open() for n, name in enumerate(('Alice', 'Bob', 'Carol', 'Eve'))]
        bob = await self.alice.find(self.bob.phone)
        bob_of_eve = await self.eve.find(self.bob.phone)
        bob_of_carol = await self.carol.find(self.bob.phone)
        eve_of_bob = await self.bob.find(self.eve.phone)
        self.hidden_chat = await self.make_chat(self.carol, bob_of_carol)
        self.hidden_channel = (await self.make_channel(self.carol)).id
        chat, channel = await self.make_chat(self.alice, bob), await self.make_channel(self.alice)
        self.targets = [user_as(*bob), chat_as(chat), channel_as(channel.id, channel.access_hash), user_as(self.alice.id, 0)]
        self.of_eve = [user_as(*bob_of_eve)]
        self.gone = await self.delete_one(bob)
        self.bob_peer = user_as(*bob)
        await self.bob.client(functions.contacts.BlockRequest(types.InputPeerUser(*eve_of_bob)))
        self.of_bot = await self.meet_bot(self.alice)
        for caller in (self.nobody, self.alice, self.eve, self.bot):
            await caller.take_layer()

    async def meet_bot(self, caller):
        """Somebody wrote to it: about him it may ask."""
        await caller.client.send_message('roles_bot', '/start')
        met = (await self.bot.client(functions.updates.GetDifferenceRequest(1, 1, 0))).users
        person = next(user for user in met if user.id == caller.id)
        return [user_as(person.id, person.access_hash), user_as(self.bot.id, 0), channel_as(ABSENT_CHANNEL, WRONG_HASH)]

    @staticmethod
    async def make_chat(caller, other):
        made = await caller.client(functions.messages.CreateChatRequest([types.InputUser(*other)], 'group'))
        return getattr(made, 'updates', made).chats[0].id

    @staticmethod
    async def make_channel(caller):
        return (await caller.client(functions.channels.CreateChannelRequest('channel', '', broadcast=True))).chats[0]

    async def delete_one(self, bob):
        sent = await self.alice.client(functions.messages.SendMessageRequest(types.InputPeerUser(*bob), 'x'))
        number = next(update.id for update in getattr(sent, 'updates', [sent]) if hasattr(update, 'id'))
        await self.alice.client(functions.messages.DeleteMessagesRequest([number], revoke=True))
        return number

    def pairs(self):
        everything = {**user_as(ABSENT_USER, WRONG_HASH), **channel_as(ABSENT_CHANNEL, WRONG_HASH)}
        return [
            ('a person', ({**everything, **user_as(self.carol.id, WRONG_HASH)},), ({**everything, **user_as(ABSENT_USER, WRONG_HASH)},)),
            ('a group', (chat_as(self.hidden_chat),), (chat_as(ABSENT_CHAT),)),
            ('a channel', ({**everything, **channel_as(self.hidden_channel, WRONG_HASH)},), (everything,)),
            ('a message', (self.bob_peer, self.gone), (self.bob_peer, ABSENT_MESSAGE)),
        ]


async def told(role, breaches):
    found = [breach async for breach in breaches]
    print(f'{"not ok" if found else "ok"} {role}', *found, sep='\n  ', flush=True)
    return not found


async def main():
    # What the other layer's answers hold, Telethon can't read; nobody asks it to.
    logging.getLogger('telethon').setLevel(logging.CRITICAL)
    skip, world, tried = exceptions(), World(), []
    settings = {'calls_per_s': 0, 'stranger_calls_per_s': 0}
    with Server(harness.WORK / 'roles', '--codes', 'console', settings=settings) as server:
        await world.open(server, (harness.WORK / 'roles/server.pub.pem').read_text())
        outcomes = await asyncio.gather(
            told('nobody: only what is for anybody', try_nobody(world.nobody, skip)),
            told('unbound: only what concerns keys', try_unbound(world.unbound)),
            told('bot: only what bots may call', try_bot(world.bot, world.of_bot, skip)),
            told('stranger: what he may not see is as absent', try_pairs(world.alice, world.pairs(), skip, tried)),
            told('blocked: nothing breaks', try_served(world.eve, world.of_eve, skip)))
        outcomes.append(await told('user: everything that is served', try_served(world.alice, world.targets, skip)))
        alive = await world.alice.ask(query('users.getUsers', {'InputUser': schema.encode('inputUserSelf')}))
        print(f'{"ok" if alive[0] == "ok" else "not ok"} his login is still there; {len(all_methods())} methods, '
              f'{len(tried)} questions about what is hidden')
        outcomes.append(alive[0] == 'ok')
        harness.need(server.stop() == 0, 'the server did not end cleanly')
    return 0 if all(outcomes) else 1


async def to_its_end(suite, *given):
    """Plays it, whatever happens, and exits with what it returns."""
    try:
        status = await suite(*given)
    except Exception as error:  # noqa: BLE001: whatever it is, it ends here
        print(f'not ok the suite ran to its end: {type(error).__name__}: {error}')
        status = 1
    sys.stdout.flush()
    os._exit(status)  # Telethon's tasks can't be ended


if __name__ == '__main__':
    asyncio.run(to_its_end(main))
