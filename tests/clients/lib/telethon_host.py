#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Telethon's devices of one scenario, driven by lines of JSON; lib/telethon.mjs is the other end.

In:  {"n": call, "device": number, "do": method, "with": {arguments}}
Out: {"n": call, "result": …} or {"n": call, "error": text, "code": number}, and unasked {"device": number, "event": {…}}

One process serves all devices of a scenario, because starting Python costs more than a login does.
"""
import asyncio
import json
import logging
import os
import re
import sys
import warnings

from telethon import TelegramClient, errors, events, functions, types
from telethon.crypto import rsa
from telethon.network import connection as transports
from telethon.network.connection.connection import ObfuscatedConnection
from telethon.network.connection.tcpintermediate import IntermediatePacketCodec, RandomizedIntermediatePacketCodec
from telethon.network.connection.tcpobfuscated import ObfuscatedIO
from telethon.sessions import SQLiteSession

from telethon_veil import ConnectionFakeTls

PATIENCE_S = 120

API = (12345, '0123456789abcdef0123456789abcdef')
ENTITIES = {'bold': types.MessageEntityBold, 'italic': types.MessageEntityItalic, 'text_url': types.MessageEntityTextUrl,
            'url': types.MessageEntityUrl, 'mention': types.MessageEntityMention, 'hashtag': types.MessageEntityHashtag}
ENTITY_NAMES = {kind: name for name, kind in ENTITIES.items()}


class ObfuscatedIntermediate(ObfuscatedConnection):
    obfuscated_io = ObfuscatedIO
    packet_codec = IntermediatePacketCodec


class ObfuscatedPadded(ObfuscatedConnection):
    obfuscated_io = ObfuscatedIO
    packet_codec = RandomizedIntermediatePacketCodec


MODES = {
    'full': transports.ConnectionTcpFull,
    'abridged': transports.ConnectionTcpAbridged,
    'intermediate': transports.ConnectionTcpIntermediate,
    'obfuscated': transports.ConnectionTcpObfuscated,
    'obfuscated intermediate': ObfuscatedIntermediate,
    'obfuscated padded': ObfuscatedPadded,
    'dd': transports.ConnectionTcpMTProxyRandomizedIntermediate,
    'ee': ConnectionFakeTls,
}


# The library keeps the server's text in the name of the class alone, where it knows the error.
def name_of(error):
    name = type(error).__name__.removesuffix('Error')
    return error.message if name == 'RPC' else re.sub(r'(?<!^)(?=[A-Z])', '_', name).upper()


def peer_of(peer):
    if isinstance(peer, types.PeerChannel):
        return {'kind': 'channel', 'id': peer.channel_id}
    return {'kind': 'user', 'id': peer.user_id}


def tl_peer(peer):
    return types.PeerChannel(peer['id']) if peer['kind'] == 'channel' else types.PeerUser(peer['id'])


def message_of(message):
    return {
        'id': message.id, 'peer': peer_of(message.peer_id), 'out': bool(message.out),
        'text': message.message if isinstance(message, types.Message) else f'<{type(message).__name__}>',
        'entities': [{'type': ENTITY_NAMES.get(type(e), type(e).__name__), 'offset': e.offset, 'length': e.length,
                      **({'url': e.url} if isinstance(e, types.MessageEntityTextUrl) else {})}
                     for e in getattr(message, 'entities', None) or []],
        'edited': bool(getattr(message, 'edit_date', None)),
    }


class Device:
    def __init__(self, tell):
        self.tell = tell
        self.client = None

    async def open(self, pem, port, state, mode, secret):
        rsa._server_keys.clear()
        rsa.add_key(pem, old=False)
        os.makedirs(state, exist_ok=True)
        session = SQLiteSession(os.path.join(state, 'telethon'))
        known = session.auth_key is not None
        session.set_dc(2, '127.0.0.1', port)
        proxy = ('127.0.0.1', port, secret) if secret else None
        # It takes that for a proxy of another kind, says that it will ignore it, and does not.
        warnings.filterwarnings('ignore', message='proxy argument will be ignored')
        self.client = TelegramClient(session, *API, connection=MODES[mode], proxy=proxy, catch_up=known)
        self.client.add_event_handler(self.on_update, events.Raw())
        await self.client.connect()
        # A connection that is lost later comes back when the server does, a second after each try.
        self.client._sender._retries = PATIENCE_S
        if not known or not await self.client.is_user_authorized():
            return False
        return (await self.client.get_me()).id

    async def on_update(self, update):
        event = None
        if isinstance(update, (types.UpdateNewMessage, types.UpdateNewChannelMessage)):
            event = {'what': 'message', **message_of(update.message)}
        elif isinstance(update, (types.UpdateEditMessage, types.UpdateEditChannelMessage)):
            event = {'what': 'edit', **message_of(update.message)}
        elif isinstance(update, types.UpdateUserTyping):
            event = {'what': 'typing', 'peer': {'kind': 'user', 'id': update.user_id}}
        elif isinstance(update, types.UpdateReadHistoryOutbox):
            event = {'what': 'read', 'peer': peer_of(update.peer), 'maxId': update.max_id}
        if event:
            self.tell(event)

    async def input(self, peer):
        return await self.client.get_input_entity(tl_peer(peer))

    async def request_code(self, phone):
        self.sent = await self.client.send_code_request(phone)

    async def enter_code(self, phone, code):
        request = functions.auth.SignInRequest(phone, self.sent.phone_code_hash, code)
        return type(await self.client(request)).__name__

    # The library's sign_in does not sign up, and must come last: it is what takes the account over.
    async def sign_up(self, phone, code, name):
        await self.client(functions.auth.SignUpRequest(phone, self.sent.phone_code_hash, name, ''))

    async def sign_in(self, phone, code):
        return (await self.client.sign_in(phone, code, phone_code_hash=self.sent.phone_code_hash)).id

    async def sign_in_bot(self, token):
        return (await self.client.sign_in(bot_token=token)).id

    async def check_password(self, password):
        return (await self.client.sign_in(password=password)).id

    async def edit_password(self, old, new):
        return await self.client.edit_2fa(old, new)

    async def me(self):
        me = await self.client.get_me()
        return {'id': me.id, 'name': me.first_name}

    async def add_contact(self, phone, name):
        contact = types.InputPhoneContact(client_id=0, phone=phone, first_name=name, last_name='')
        answer = await self.client(functions.contacts.ImportContactsRequest([contact]))
        return answer.users[0].id if answer.users else None

    async def find_by_phone(self, phone):
        return peer_of((await self.client(functions.contacts.ResolvePhoneRequest(phone[1:]))).peer)

    async def contacts(self):
        return [user.id for user in (await self.client(functions.contacts.GetContactsRequest(hash=0))).users]

    async def send(self, peer, text, entities):
        formatting = [ENTITIES[e.pop('type')](**e) for e in entities]
        sent = await self.client.send_message(await self.input(peer), text, parse_mode=None, formatting_entities=formatting)
        return {'id': sent.id, 'text': sent.message, 'out': True, 'peer': peer}

    async def edit(self, peer, id, text):
        await self.client.edit_message(await self.input(peer), id, text, parse_mode=None)

    async def history(self, peer, limit):
        return [message_of(message) for message in await self.client.get_messages(await self.input(peer), limit=limit)]

    async def read(self, peer):
        await self.client.send_read_acknowledge(await self.input(peer))

    async def type(self, peer):
        await self.client(functions.messages.SetTypingRequest(await self.input(peer), types.SendMessageTypingAction()))

    async def dialogs(self):
        return [{'peer': peer_of(dialog.dialog.peer), 'title': dialog.title, 'unread': dialog.unread_count,
                 'top': dialog.message.message if dialog.message else None, 'readOut': dialog.dialog.read_outbox_max_id}
                for dialog in await self.client.get_dialogs(limit=50)]

    async def create_channel(self, title, about):
        answer = await self.client(functions.channels.CreateChannelRequest(title=title, about=about, broadcast=True))
        return {'kind': 'channel', 'id': answer.chats[0].id}

    async def set_username(self, channel, username):
        await self.client(functions.channels.UpdateUsernameRequest(await self.input(channel), username))

    async def find(self, username):
        return {'kind': 'channel', 'id': (await self.client.get_entity(username)).id}

    async def join(self, username):
        channel = await self.find(username)
        await self.client(functions.channels.JoinChannelRequest(await self.input(channel)))
        return channel

    async def leave(self, channel):
        await self.client(functions.channels.LeaveChannelRequest(await self.input(channel)))

    async def member_count(self, channel):
        answer = await self.client(functions.channels.GetFullChannelRequest(await self.input(channel)))
        return answer.full_chat.participants_count

    async def restriction(self, channel):
        chat = (await self.client(functions.channels.GetChannelsRequest([await self.input(channel)]))).chats[0]
        return '\n'.join(reason.text for reason in chat.restriction_reason or [])

    async def catch_up(self):
        await self.client.catch_up()

    async def logout(self):
        return await self.client.log_out()

    async def close(self):
        if self.client:
            await self.client.disconnect()
            self.client = None


class Errors(logging.Handler):
    """What Telethon would show its user as an error is told as an event of no device."""

    def __init__(self, tell):
        super().__init__(logging.ERROR)
        self.tell = tell

    def emit(self, record):
        self.tell({'what': 'error', 'text': self.format(record)})


class Host:
    def __init__(self):
        self.devices = {}

    def write(self, line):
        sys.stdout.write(json.dumps(line) + '\n')
        sys.stdout.flush()

    async def answer(self, call):
        number = call['device']
        device = self.devices.setdefault(number, Device(lambda event: self.write({'device': number, 'event': event})))
        try:
            result = await getattr(device, call['do'])(**call['with'])
            self.write({'n': call['n'], 'result': result})
        except errors.RPCError as error:
            self.write({'n': call['n'], 'error': name_of(error), 'code': error.code})
        except Exception as error:
            self.write({'n': call['n'], 'error': f'{type(error).__name__}: {error}'})

    async def run(self):
        logging.basicConfig(level=os.environ.get('TELETHON_LOG', 'CRITICAL'), stream=sys.stderr)
        logging.getLogger('telethon').addHandler(Errors(lambda event: self.write({'device': None, 'event': event})))
        lines = asyncio.StreamReader(limit=1 << 24)
        loop = asyncio.get_running_loop()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
        tasks = set()
        while line := await lines.readline():
            task = asyncio.create_task(self.answer(json.loads(line)))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        for device in self.devices.values():
            await device.close()


asyncio.run(Host().run())
