# SPDX-License-Identifier: Apache-2.0
"""A server with people on it who can be written to, whose words are all markers."""
import asyncio
import os
import re
import struct
import time
from contextlib import suppress

import roles
import harness
from markers_groups import Groups
from markers_find import Planted
from roles import Caller, channel_as, chat_as, user_as
from roles_tl import LAYER
from telethon import errors, functions, types

WORK, CORES = harness.WORK / 'markers', harness.WORK / 'cores'
BY_BOB = 'by bob, to join'  # a public channel, which ends with his account
OLDER_S = 8
schema = roles.schema
planted = Planted()


class Server(roles.Server):
    """Also keeps what it prints, and would write core files if it could."""
    lines = []

    def take_line(self, line):
        match = re.fullmatch(r'(?:code phone|email address)=(\S+) code=(\d+)\n', line)
        if match:
            self.codes[match[1]] = match[2]
        else:
            self.lines.append(line)
        harness.Server.take_line(self, line)


class Told:
    """Which methods were answered."""

    def __init__(self):
        self.answered, self.errors, self.broken, self.calls = set(), {}, [], 0
        self.names = {int(form['id'], 16): form['name'] for form in schema.all_forms if form['kind'] == 'method'}

    def take(self, method, ok, error=''):
        self.calls += 1
        if ok:
            self.answered.add(method)
        else:
            self.errors.setdefault(method, []).append(error)


class Device(Caller):
    """A caller whose plain Telethon calls are noted too."""

    def __init__(self, server, pem, told, phone=None, name=''):
        super().__init__(server, pem, phone, name)
        self.client._local_addr = (planted.address('the address of a device'), 0)
        self.told = told

    async def open(self, known=False):
        await self.client.connect()
        if self.phone:
            sent = await self(functions.auth.SendCodeRequest(self.phone, *roles.API, types.CodeSettings()))
            signed = await self(functions.auth.SignInRequest(self.phone, sent.phone_code_hash, await self.server.code(self.phone)))
            if not known:
                last_name = planted.word('auth.signUp/last_name')
                signed = await self(functions.auth.SignUpRequest(self.phone, sent.phone_code_hash, self.name, last_name))
            self.id = signed.user.id
        return self

    async def __call__(self, request):
        method = self.told.names.get(request.CONSTRUCTOR_ID)
        try:
            answer = await self.client(request)
        except Exception as error:
            self.told.take(method, False, str(error))
            raise
        self.told.take(method, True)
        return answer

    async def find(self, phone):
        got = await self(functions.contacts.ImportContactsRequest([types.InputPhoneContact(1, phone, planted.word('found'), '')]))
        return got.users[0].id, got.users[0].access_hash

    async def introduce(self, layer=LAYER):
        """With words of its own for everything that a device says of itself."""
        def word(name):
            return planted.word(f'initConnection/{name}')
        params = schema.encode('jsonObject', {'value': [schema.encode('jsonObjectValue', {
            'key': word('params.key'), 'value': schema.encode('jsonString', {'value': word('params.value')})})]})
        names = ('device_model', 'system_version', 'app_version', 'system_lang_code', 'lang_code', 'lang_pack')
        proxy = schema.encode('inputClientProxy', {'address': word('proxy'), 'port': 1})
        values = {name: word(name) for name in names}
        values |= {'api_id': 1, 'params': params, 'proxy': proxy, 'query': schema.encode('help.getConfig')}
        got = await self.ask(struct.pack('<Ii', 0xda9b0d0d, layer) + schema.encode('initConnection', values))
        harness.need(got[0] == 'ok', f'initConnection: {got}')


def retired(served):
    """Methods that the newest layer has no more, to the last that has them; from now on the schema has them too."""
    found = {}
    for form in schema.all_forms:
        if form['kind'] == 'method' and form['name'] in served and form['last'] and form['last'] > found.get(form['name'], 0):
            if form['name'] not in schema.methods or form['name'] in found:
                found[form['name']] = form['last']
                schema.methods[form['name']] = form
    return found


def said(where):
    return types.TextWithEntities(planted.word(where), [])


class World:
    """alice calls everything, by one device that reads answers, one that takes the newest layer, and one for what that has no more."""

    def __init__(self, columns, served):
        self.columns, self.home, self.retired = columns, WORK / 'home/home.db', retired(served)

    def look(self):
        self.columns.look(self.home)

    async def open(self, server, pem):
        self.server, self.pem, self.told = server, pem, Told()
        self.phones = ['+' + planted.phone(f'auth.sendCode/phone_number of {name}') for name in ('alice', 'bob', 'carol')]
        self.tester = await self.device(self.phones[0], planted.word('auth.signUp/first_name'))
        self.bob_device = await self.device(self.phones[1], 'Bob')
        self.carol_device = await self.device(self.phones[2], 'Carol')
        self.reader = await self.device(self.phones[0], known=True)
        self.older = await self.device(self.phones[0], known=True)
        await self.older.client.disconnect()
        bob, carol = await self.tester.find(self.phones[1]), await self.tester.find(self.phones[2])
        self.bob, self.bob_peer = bob[0], types.InputPeerUser(*bob)
        self.chat = await roles.World.make_chat(self.tester, bob)
        self.choose_objects(user_as(*bob), user_as(*carol), *await self.open_channels())
        await self.open_groups(bob)
        await self.tester.introduce()
        await self.refresh()
        self.reacted = await self.let_bob_react()
        await self.ask_quiz()

    async def open_groups(self, bob):
        self.groups = Groups(self, planted, bob)
        await self.groups.open()
        self.look()
        self.special |= self.groups.special({'InputUser': {'one': user_as(*bob)['InputUser']}})

    async def open_channels(self):
        """A private one, one with a public name, and a public one of bob's."""
        private = await self.channel_of(self.tester, 'private')
        public = await self.channel_of(self.tester, 'public', public=True)
        bobs = await self.channel_of(self.bob_device, BY_BOB, public=True)
        name = f'zpublic{os.getpid()}'
        await self.bob_device(functions.channels.UpdateUsernameRequest(bobs, name))
        found = await self.reader(functions.contacts.ResolveUsernameRequest(name))
        self.channel = private.id
        await self.open_links(private, public)
        return [channel_as(channel.id, channel.access_hash) for channel in (private, public, found.chats[0])]

    async def open_links(self, private, public):
        """One that holds, one that is revoked, one into a channel of bob's; and bob and carol ask to be let in."""
        async def export(device, channel, **more):
            peer = types.InputPeerChannel(channel.id, channel.access_hash)
            return peer, (await device(functions.messages.ExportChatInviteRequest(peer, **more))).link
        _, self.own_link = await export(self.tester, private)
        peer, self.revoked_link = await export(self.tester, private)
        await self.tester(functions.messages.EditExportedChatInviteRequest(peer, self.revoked_link, revoked=True))
        _, self.led_link = await export(self.bob_device, await self.channel_of(self.bob_device, 'behind a link'))
        asked = await self.channel_of(self.tester, 'that is asked')
        self.asked = channel_as(asked.id, asked.access_hash)
        for channel, device in (asked, self.bob_device), (public, self.carol_device):
            _, asking = await export(self.tester, channel, request_needed=True)
            with suppress(errors.InviteRequestSentError):
                await device(functions.messages.ImportChatInviteRequest(asking))

    def choose_objects(self, bob, carol, private, public, bobs):
        """What stands where a type of peer is asked for, the first as a rule; and for methods that need another one."""
        me, chat = user_as(self.tester.id, 0), chat_as(self.chat)
        peers = {'bob': bob['InputPeer'], 'chat': chat['InputPeer'], 'channel': private['InputPeer'], 'self': me['InputPeer']}
        self.usual = {'InputPeer': peers, 'InputUser': {'bob': bob['InputUser'], 'self': me['InputUser']},
                      'InputChannel': {'channel': private['InputChannel']}}
        only_bob, only_carol = ({'InputUser': {'one': user['InputUser']}} for user in (bob, carol))
        of_bob, own = ({'InputChannel': {'public': channel['InputChannel']}} for channel in (bobs, public))
        chat_first = {'InputPeer': {'chat': chat['InputPeer'], **peers}}
        only_self = {'InputUser': {'self': schema.encode('inputUserSelf')}}
        in_private, in_public = ({'InputPeer': {'one': channel['InputPeer']}} for channel in (private, public))
        self.special = {
            'channels.joinChannel': of_bob, 'channels.leaveChannel': of_bob, 'channels.updateUsername': own,
            'messages.addChatUser': only_carol, 'channels.inviteToChannel': only_carol, 'messages.editChatAdmin': only_bob,
            'messages.deleteChatUser': only_bob, 'messages.editChatAbout': chat_first, 'messages.toggleNoForwards': chat_first,
            'messages.editExportedChatInvite': in_private, 'messages.deleteExportedChatInvite': in_private,
            'messages.hideChatJoinRequest': {'InputPeer': {'one': self.asked['InputPeer']}, **only_bob},
            'messages.hideAllChatJoinRequests': in_public,
            'messages.deleteRevokedExportedChatInvites': {**in_private, **only_self},
            'messages.getExportedChatInvites': {**in_private, **only_self},
            'messages.editChatDefaultBannedRights': chat_first, 'messages.setChatAvailableReactions': chat_first,
        }

    async def device(self, phone=None, name='', known=False):
        return await Device(self.server, self.pem, self.told, phone, name).open(known)

    @staticmethod
    async def channel_of(device, where, public=False):
        title, about = (planted.word(f'channels.createChannel/{field} {where}', public) for field in ('title', 'about'))
        return (await device(functions.channels.CreateChannelRequest(title, about, broadcast=True))).chats[0]

    async def ask(self, method, query):
        """What the newest layer has no more is asked on a connection of its own: Telethon can't read what else would come there. query:
        encoded, or what encodes it for the device."""
        if method not in self.retired:
            return await self.tester.ask(query)
        # What is pushed in the form of its last layer before it has said its new one, Telethon can't read, and then drops the answers
        # that came in the same packet and waits for ever.
        for _ in range(2):
            try:
                return await asyncio.wait_for(self.ask_older(method, query), OLDER_S)
            except asyncio.TimeoutError:
                print(f'{method} is asked again by the older device')
                await self.older.client.disconnect()
        return await self.ask_older(method, query)

    async def ask_older(self, method, query):
        await self.older.client.connect()
        query = await query(self.older) if callable(query) else query
        await self.older.introduce(self.retired[method])
        got = await self.older.ask(query)
        await self.older.client.disconnect()
        return got

    def objects(self, method):
        return {**self.usual, **self.special.get(method, {})}

    async def send(self, **more):
        words = planted.word('messages.sendMessage/message')
        sent = await self.reader(functions.messages.SendMessageRequest(self.bob_peer, words, **more))
        return next(u.id for u in getattr(sent, 'updates', [sent]) if hasattr(u, 'id')), words, sent

    async def let_bob_react(self):
        alice = types.InputPeerUser(*await self.bob_device.find(self.phones[0]))
        got = await self.bob_device(functions.messages.GetHistoryRequest(alice, 0, None, 0, 10, 0, 0, 0))
        at = next(message for message in got.messages if getattr(message, 'message', '') == self.words)
        await self.bob_device(functions.messages.SendReactionRequest(alice, at.id, reaction=[types.ReactionEmoji('👍')]))
        return self.message

    async def ask_quiz(self):
        answers = [types.PollAnswer(said('quiz/answer'), planted.word('quiz/option').encode()) for _ in range(2)]
        url = types.MessageEntityTextUrl(0, 4, f'https://{planted.word("quiz/url")}.example/')
        quiz = types.InputMediaPoll(types.Poll(0, said('quiz/question'), answers, hash=0, quiz=True), correct_answers=[0],
                                    solution=planted.word('quiz/solution'), solution_entities=[url])
        await self.reader(functions.messages.SendMediaRequest(self.bob_peer, quiz, ''))

    async def refresh(self):
        """Messages that are there whatever the last method did."""
        self.message, self.words, _ = await self.send()
        _, _, sent = await self.send(schedule_date=int(time.time()) + 7200)
        self.scheduled = next(u.message.id for u in sent.updates if isinstance(u, types.UpdateNewScheduledMessage))
        answers = [types.PollAnswer(said('poll/answer'), planted.word('poll/option').encode()) for _ in range(2)]
        poll = types.Poll(0, said('poll/question'), answers, hash=0)
        sent = await self.reader(functions.messages.SendMediaRequest(self.bob_peer, types.InputMediaPoll(poll), ''))
        self.poll = next(u.id for u in sent.updates if hasattr(u, 'id'))
        message = next(u.message for u in sent.updates if isinstance(u, types.UpdateNewMessage))
        self.option = message.media.poll.answers[0].option
