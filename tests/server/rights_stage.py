# SPDX-License-Identifier: Apache-2.0
"""The stage of the matrix of rights: every kind of group and channel, of one creator, and for every standing an account that has it in
all of them. Everybody wrote and scheduled something there before he got his standing, so that it is the standing that decides
what he may do with it."""
import asyncio
import re
import sqlite3
import time
from contextlib import suppress

import harness
import roles
from roles import Caller
from telethon import errors, functions, types

CHANNELS, MESSAGES = functions.channels, functions.messages
FREE_GROUPS = ('group', 'forum', 'discussion')
KEPT_GROUPS = ('public group', 'public forum', 'public discussion')
GROUPS = (*FREE_GROUPS, *KEPT_GROUPS, 'broadcast group')
BROADCASTS = ('channel', 'public channel', 'commented channel')
KINDS = (*GROUPS, *BROADCASTS)
FORUMS, DISCUSSIONS = ('forum', 'public forum'), ('discussion', 'public discussion')
PUBLIC = (*KEPT_GROUPS, 'broadcast group', 'public channel', 'commented channel')
BROADCAST_GROUP_MEMBERS = 200000
ADMIN_RIGHTS = ('change_info', 'post_messages', 'edit_messages', 'delete_messages', 'ban_users', 'invite_users', 'pin_messages',
                'add_admins', 'anonymous', 'manage_call', 'other', 'manage_topics', 'manage_ranks')
ONLY_BROADCASTS = ('post_messages', 'edit_messages')
ONLY_GROUPS = ('anonymous', 'manage_topics', 'manage_ranks')
LIMITS = ('send_messages', 'send_media', 'send_stickers', 'send_gifs', 'send_games', 'send_inline', 'embed_links', 'send_polls',
          'change_info', 'invite_users', 'pin_messages', 'manage_topics', 'send_photos', 'send_videos', 'send_roundvideos',
          'send_audios', 'send_voices', 'send_docs', 'send_plain', 'edit_rank', 'send_reactions')
# All are tried in a group and a public group; elsewhere those that make a difference there.
LIMITS_IN_FORUMS = ('send_messages', 'change_info', 'invite_users', 'pin_messages', 'manage_topics', 'send_plain')
LIMITS_IN_DISCUSSIONS = ('send_messages', 'send_polls', 'change_info', 'invite_users', 'pin_messages', 'send_plain', 'send_reactions')
LEFT_TO_ADMINS = ('change_info', 'invite_users', 'pin_messages', 'manage_topics')
# Without a membership: they see public ones, if anything.
OUTSIDERS = ('left', 'stranger', 'bot')
STANDINGS = ('creator', *(f'admin {right}' for right in ADMIN_RIGHTS), 'member', *(f'limited {right}' for right in LIMITS), 'banned',
             *OUTSIDERS, 'without hash', 'nobody')
# The others on the stage: who writes what all may read, whom bans and ranks are tried on, and who is asked in.
EXTRAS = ('author', 'target', 'guest')
NAMED = ('creator', *EXTRAS)
TOGETHER = 8
LATER_S = 7200
WITHOUT_UPDATES = bytes.fromhex('b75994bf')


def standings_in(kind):
    """Those that there are in such a channel: limits are for groups whose members write, and some rights of admins for groups."""
    limits = (LIMITS if kind in ('group', 'public group') else LIMITS_IN_FORUMS if kind in FORUMS
              else LIMITS_IN_DISCUSSIONS if kind in DISCUSSIONS else ())
    missing = [f'admin {right}' for right in (ONLY_BROADCASTS if kind in GROUPS else ONLY_GROUPS)]
    missing += [f'limited {right}' for right in LIMITS if right not in limits]
    return [standing for standing in STANDINGS if standing not in missing]


def default_limits(kind):
    """What the members of one kind of group are not left, and those of the others are."""
    return types.ChatBannedRights(None, **{right: True for right in LEFT_TO_ADMINS if kind in KEPT_GROUPS})


def made_by(answer):
    """The number that an answer gives the new message."""
    updates = getattr(answer, 'updates', [answer])
    for update in updates:
        if isinstance(getattr(update, 'message', None), (types.Message, types.MessageService)):
            return update.message.id
    return next(update.id for update in updates if hasattr(update, 'id'))


def poll_of():
    words = [types.TextWithEntities(word, []) for word in ('which', 'this', 'that')]
    return types.InputMediaPoll(types.Poll(0, words[0], [types.PollAnswer(word, bytes([48 + i])) for i, word in enumerate(words[1:])], hash=0))


def hash_of(link):
    return link.rsplit('/', 1)[1].lstrip('+')


async def several(jobs):
    """Together, but not all at once."""
    gate = asyncio.Semaphore(TOGETHER)

    async def one(job):
        async with gate:
            return await job
    return await asyncio.gather(*(one(job) for job in jobs))


class Actor(Caller):
    """Somebody with a standing; what the calls name is as this account names it."""

    def __init__(self, *args, **more):
        super().__init__(*args, **more)
        self.hashes, self.people, self.own = {}, {}, {}

    async def __call__(self, request):
        return await self.client(request)

    async def ask(self, data):
        """Nobody here waits for updates, and most of what there is to do would be reading them."""
        return await super().ask(WITHOUT_UPDATES + data)

    def peer(self, kind):
        return types.InputPeerChannel(kind.id, self.hashes[kind.id])

    def user(self, name):
        return types.InputPeerUser(*self.people[name])

    async def meet(self):
        for name in NAMED:
            user = (await self(functions.contacts.ResolveUsernameRequest(f'rights_{name}'))).users[0]
            self.people[name] = user.id, user.access_hash
        bot = (await self(functions.contacts.ResolveUsernameRequest('lontar_bot'))).users[0]
        self.people['service bot'] = bot.id, bot.access_hash

    async def write(self, kind, **more):
        return made_by(await self(MESSAGES.SendMessageRequest(self.peer(kind), f'said by {self.name}', **more)))

    async def comment(self, kind):
        below = types.InputReplyToMessage(kind.things['comments'])
        return {name: await self.write(kind, reply_to=below) for name in ('comment to edit', 'comment to delete')}


class Kind:
    """One of the channels, with what there is in it to be read, changed and deleted: things, by name."""

    def __init__(self, name, channel):
        self.name, self.id, self.things, self.counter = name, channel.id, {}, 0
        self.is_group, self.is_public = name in GROUPS, name in PUBLIC
        self.username, self.other = None, None  # other: what a discussion discusses, or where a channel is discussed

    def number(self):
        self.counter += 1
        return self.counter


class Stage:
    async def open(self, server, pem):
        self.server, self.pem = server, pem
        people = [name for name in (*STANDINGS, *EXTRAS) if name not in ('bot', 'without hash', 'nobody')]
        self.actors = {name: Actor(server, pem, f'+4478{number:08d}', name) for number, name in enumerate(people)}
        made = harness.lontar('user', 'bot', '--data', str(server.folder), 'rights_bot').stdout
        self.actors['bot'] = Actor(server, pem, name='bot', token=re.search(r'token (\S+)', made)[1])
        await several(actor.open() for actor in self.actors.values())
        self.creator, self.author, self.target, self.guest = (self.actors[name] for name in NAMED)
        self.maker = await self.again(self.creator)
        await self.introduce()
        self.kinds = [await self.make(name) for name in KINDS]
        await several(self.come(actor) for name, actor in self.actors.items() if name not in ('creator', 'guest', *OUTSIDERS[1:]))
        await asyncio.gather(*(self.furnish(kind) for kind in self.kinds))
        self.let_admins_age()
        await several(self.visit(self.actors[name]) for name in ('stranger', 'bot', 'guest'))
        await several(actor.take_layer() for name, actor in self.actors.items() if name not in EXTRAS)
        self.actors['without hash'] = self.actors['member']
        self.actors['nobody'] = await Actor(server, pem).open()
        await self.actors['nobody'].take_layer()

    async def again(self, actor):
        """Another device of his, whose answers Telethon reads."""
        other = Actor(self.server, self.pem, actor.phone, actor.name)
        await other.client.connect()
        sent = await other(functions.auth.SendCodeRequest(actor.phone, *roles.API, types.CodeSettings()))
        await other(functions.auth.SignInRequest(actor.phone, sent.phone_code_hash, await self.server.code(actor.phone)))
        other.id, other.hashes, other.people = actor.id, actor.hashes, actor.people
        return other

    async def introduce(self):
        """Everybody finds those who are named; and the guest lets himself be asked in."""
        for name in NAMED:
            await self.actors[name](functions.account.UpdateUsernameRequest(f'rights_{name}'))
        await several(actor.meet() for actor in self.actors.values())
        known = [actor for actor in self.actors.values() if actor.phone and actor is not self.guest]
        await several(actor.find(self.guest.phone) for actor in known)
        await self.guest(functions.contacts.ImportContactsRequest(
            [types.InputPhoneContact(i, actor.phone, 'X', '') for i, actor in enumerate(known)]))

    async def make(self, name):
        kind = await self.make_channel(name, name in BROADCASTS, forum=name in FORUMS)
        if kind.is_public:
            await self.publish(kind)
        peer = self.maker.peer(kind)
        for thing, more in ('link', {'title': 'x'}), ('asking link', {'request_needed': True}):
            kind.things[thing] = (await self.maker(MESSAGES.ExportChatInviteRequest(peer, **more))).link
        if name in DISCUSSIONS or name == 'commented channel':
            await self.link(kind)
        return kind

    async def make_channel(self, name, broadcast, **more):
        made = await self.maker(CHANNELS.CreateChannelRequest(name, 'about', broadcast=broadcast, megagroup=not broadcast, **more))
        kind = Kind(name, made.chats[0])
        self.creator.hashes[kind.id] = made.chats[0].access_hash
        return kind

    async def publish(self, kind):
        kind.username = 'rights_' + kind.name.replace(' ', '_')
        await self.maker(CHANNELS.UpdateUsernameRequest(self.maker.peer(kind), kind.username))

    async def link(self, kind):
        """With a channel or group that is nobody's but the creator's. What a private group discusses all may read."""
        kind.other = await self.make_channel(f'{kind.name} 2', kind.is_group)
        if not kind.is_public:
            await self.publish(kind.other)
        both = [self.maker.peer(one) for one in (kind.other, kind)]
        await self.maker(CHANNELS.SetDiscussionGroupRequest(*(both if kind.is_group else both[::-1])))
        if kind.is_group:
            post = await self.maker.write(kind.other)
            about = await self.maker(MESSAGES.GetDiscussionMessageRequest(both[0], post))
            kind.things['comments'] = about.messages[0].id

    async def come(self, actor):
        for kind in self.kinds:
            if actor.name in standings_in(kind.name) or actor.name in EXTRAS:
                joined = await actor(MESSAGES.ImportChatInviteRequest(hash_of(kind.things['link'])))
                channel = getattr(joined, 'updates', joined).chats[0]
                actor.hashes[kind.id] = channel.access_hash

    async def visit(self, actor):
        """He finds what is public, and by it the group where it is discussed; and comments."""
        for kind in self.kinds:
            if kind.is_public:
                seen = (await actor(functions.contacts.ResolveUsernameRequest(kind.username))).chats
            elif kind.other:
                channel = (await actor(functions.contacts.ResolveUsernameRequest(kind.other.username))).chats[0]
                seen = (await actor(CHANNELS.GetFullChannelRequest(channel))).chats
            else:
                continue
            actor.hashes[kind.id] = next(chat.access_hash for chat in seen if chat.id == kind.id)
            if kind.name in DISCUSSIONS and actor.phone:
                actor.own[kind.id] = await actor.comment(kind)

    # ---- Who stands where ----

    async def furnish(self, kind):
        """All write while they are let, and then get their standing."""
        shown = await self.maker(CHANNELS.GetParticipantsRequest(self.maker.peer(kind), types.ChannelParticipantsRecent(), 0, 200, 0))
        kind.users = {user.id: types.InputPeerUser(user.id, user.access_hash) for user in shown.users}
        if kind.is_group:
            await self.leave_to_members(kind, types.ChatBannedRights(None))
        for actor in self.members(kind) if not kind.is_group else ():
            await self.promote(kind, actor, 'post_messages')
        await several(self.write_own(kind, actor) for actor in self.members(kind))
        await self.write_own(kind, self.maker)
        self.creator.own = self.maker.own
        if kind.name in KEPT_GROUPS:
            await self.leave_to_members(kind, default_limits(kind.name))
        if kind.name == 'broadcast group':
            await self.convert(kind)
        for actor in self.members(kind):
            await self.restore(kind, actor)

    async def leave_to_members(self, kind, limits):
        with suppress(errors.ChatNotModifiedError):
            await self.maker(MESSAGES.EditChatDefaultBannedRightsRequest(self.maker.peer(kind), limits))

    async def convert(self, kind):
        """As if it had outgrown what a group is for."""
        self.change_home('UPDATE member_counts SET members = members + ? WHERE channel = ?', BROADCAST_GROUP_MEMBERS, kind.id)
        await self.maker(CHANNELS.ConvertToGigagroupRequest(self.maker.peer(kind)))
        self.change_home('UPDATE member_counts SET members = members - ? WHERE channel = ?', BROADCAST_GROUP_MEMBERS, kind.id)

    def let_admins_age(self):
        """Who has just been named may name nobody yet."""
        for table in 'members', 'memberships':
            self.change_home(f'UPDATE {table} SET changed_at = 1')

    def change_home(self, statement, *values):
        with sqlite3.connect(self.server.folder / 'home/home.db', timeout=60) as home:
            home.execute(statement, values)

    def members(self, kind):
        return [actor for actor in self.actors.values() if actor.id in kind.users and actor is not self.creator]

    @staticmethod
    async def write_own(kind, actor):
        own = actor.own[kind.id] = {name: await actor.write(kind) for name in ('to edit', 'to delete')} | {
            name: await actor.write(kind, schedule_date=int(time.time()) + LATER_S) for name in ('to send', 'to drop')}
        if kind.name in FORUMS:
            own['topic'] = made_by(await actor(MESSAGES.CreateForumTopicRequest(actor.peer(kind), 'topic')))
        if kind.name in DISCUSSIONS:
            own.update(await actor.comment(kind))

    async def promote(self, kind, actor, right):
        rights = types.ChatAdminRights(**{right: True}) if right else types.ChatAdminRights()
        await self.maker(CHANNELS.EditAdminRequest(self.maker.peer(kind), kind.users[actor.id], rights, ''))

    async def limit(self, kind, actor, *rights):
        await self.maker(CHANNELS.EditBannedRequest(
            self.maker.peer(kind), kind.users[actor.id], types.ChatBannedRights(None, **{right: True for right in rights})))

    async def restore(self, kind, actor):
        """What he is there for, whatever he was before."""
        word, _, right = actor.name.partition(' ')
        if word == 'admin':
            await self.promote(kind, actor, right)
        elif word == 'limited':
            await self.limit(kind, actor, right)
        elif word == 'banned':
            await self.limit(kind, actor, 'view_messages')
        elif word == 'left':
            await actor(CHANNELS.LeaveChannelRequest(actor.peer(kind)))
        elif not kind.is_group and word != 'author':
            await self.promote(kind, actor, None)
        elif kind.name == 'broadcast group' and word == 'author':
            await self.promote(kind, actor, 'other')
