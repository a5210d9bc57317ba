# SPDX-License-Identifier: Apache-2.0
"""Groups: of members who have said something, with topics, discussed, public, with a rank, left, given away. What each is for is
said where it is made; which method gets which: World.special."""
import os
import sqlite3

from roles import channel_as
from telethon import functions, types

CHANNELS, MESSAGES = functions.channels, functions.messages
MANY = 200000


def peer_of(channel):
    return types.InputPeerChannel(channel.id, channel.access_hash)


def new_message(answer):
    """Its number."""
    return next(u.id for u in getattr(answer, 'updates', [answer]) if hasattr(u, 'id'))


class Groups:
    """All are alice's; bob is in all of them."""

    def __init__(self, world, planted, bob):
        self.world, self.planted, self.alice, self.bob = world, planted, world.tester, types.InputUser(*bob)

    async def open(self):
        await self.world.bob_device.find(self.world.phones[0])  # strangers can't add him
        self.plain, self.switched = await self.group('of words'), await self.group('that becomes a forum')
        self.heirlooms = [await self.group('that is given away') for _ in range(2)]
        discussed, self.linked = await self.world.channel_of(self.alice, 'that is discussed'), await self.group('of comments')
        await self.alice(CHANNELS.SetDiscussionGroupRequest(discussed, self.linked))
        await self.alice(MESSAGES.SaveDefaultSendAsRequest(peer_of(self.linked), types.InputPeerSelf()))
        await self.fill_plain()
        await self.open_forum()
        await self.open_public()
        await self.open_chats()
        self.large = await self.group('of many')
        self.grow(self.large)
        self.loud = await self.group('of many in which one speaks')
        self.grow(self.loud)

    async def group(self, where, public=False):
        title, about = (self.planted.word(f'channels.createChannel/{field} {where}', public) for field in ('title', 'about'))
        made = (await self.alice(CHANNELS.CreateChannelRequest(title, about, megagroup=True))).chats[0]
        await self.alice(CHANNELS.InviteToChannelRequest(made, [self.bob]))
        return made

    async def send(self, device, peer, where, public=False):
        words = self.planted.word(f'messages.sendMessage/message {where}', public)
        return new_message(await device(MESSAGES.SendMessageRequest(peer, words)))

    async def seen_by_bob(self, channel):
        shown = await self.world.bob_device(MESSAGES.GetDialogsRequest(None, 0, types.InputPeerEmpty(), 100, 0))
        return peer_of(next(chat for chat in shown.chats if chat.id == channel.id))

    async def fill_plain(self):
        """What bob wrote there can be reported, reacted to and deleted; as an admin with a rank he may inherit the others."""
        seen = await self.seen_by_bob(self.plain)
        self.post_of_bob = post = await self.send(self.world.bob_device, seen, 'in a group')
        self.post_of_alice = await self.send(self.alice, peer_of(self.plain), 'in a group')
        for device, peer, at in (self.alice, peer_of(self.plain), post), (self.world.bob_device, seen, self.post_of_alice):
            await device(MESSAGES.SendReactionRequest(peer, at, reaction=[types.ReactionEmoji('👍')]))
        rank = self.planted.word('messages.editChatParticipantRank/rank')
        await self.alice(MESSAGES.EditChatParticipantRankRequest(peer_of(self.plain), types.InputPeerSelf(), rank))
        rights = types.ChatAdminRights(change_info=True, delete_messages=True)
        for channel in self.plain, *self.heirlooms:
            await self.alice(CHANNELS.EditAdminRequest(channel, self.bob, rights, self.planted.word('channels.editAdmin/rank')))

    async def open_forum(self):
        """One topic that stays, and one to be deleted by the method of either name."""
        self.forum = await self.group('of topics')
        await self.alice(CHANNELS.ToggleForumRequest(self.forum, True, False))
        self.topic, self.dying, self.dying_too = [await self.topic_of(i) for i in range(3)]

    async def topic_of(self, i):
        title = self.planted.word('messages.createForumTopic/title')
        return new_message(await self.alice(MESSAGES.CreateForumTopicRequest(peer_of(self.forum), title, random_id=i + 1)))

    async def open_public(self):
        """Whom a post there names is not public, what it says is."""
        self.public = await self.group('that is public', public=True)
        await self.alice(CHANNELS.UpdateUsernameRequest(self.public, f'zgroup{os.getpid()}'))
        sent = await self.send(self.world.reader, self.world.bob_peer, 'that is forwarded', public=True)
        await self.world.reader(MESSAGES.ForwardMessagesRequest(self.world.bob_peer, [sent], peer_of(self.public)))

    async def open_chats(self):
        """Basic groups: one that alice has left, one to become a channel."""
        left, self.to_migrate = [await self.chat() for _ in range(2)]
        await self.alice(MESSAGES.DeleteChatUserRequest(left, types.InputUserSelf()))

    async def chat(self):
        made = await self.alice(MESSAGES.CreateChatRequest([self.bob], self.planted.word('messages.createChat/title')))
        return getattr(made, 'updates', made).chats[0].id

    def grow(self, channel):
        """As if so many were in it; how many they are stands in clear."""
        with sqlite3.connect(self.world.home, timeout=60) as home:
            home.execute('UPDATE member_counts SET members = ? WHERE channel = ?', (MANY, channel.id))

    def special(self, only_bob):
        def of(channel):
            given = channel_as(channel.id, channel.access_hash)
            return {'InputChannel': {'one': given['InputChannel']}, 'InputPeer': {'one': given['InputPeer']}}
        made = {'channels.toggleForum': of(self.switched), 'channels.toggleJoinRequest': of(self.public),
                'channels.toggleJoinToSend': of(self.linked), 'channels.togglePreHistoryHidden': of(self.plain),
                'channels.toggleSlowMode': of(self.plain), 'channels.editAdmin': {**of(self.plain), **only_bob}}
        for name in ('channels.toggleAntiSpam', 'channels.toggleParticipantsHidden'):
            made[name] = of(self.large)
        made['channels.convertToGigagroup'] = of(self.loud)
        for name in ('createForumTopic', 'editForumTopic', 'deleteTopicHistory', 'updatePinnedForumTopic', 'reorderPinnedForumTopics'):
            made[f'messages.{name}'] = made[f'channels.{name}'] = of(self.forum)
        made['channels.toggleViewForumAsMessages'] = made['messages.readDiscussion'] = of(self.forum)
        bob = {'bob': self.world.usual['InputPeer']['bob']}
        for name in ('channels.reportSpam', 'channels.deleteParticipantHistory'):
            made[name] = {'InputChannel': of(self.plain)['InputChannel'], 'InputPeer': bob}
        for name in ('messages.deleteParticipantReaction', 'messages.deleteParticipantReactions'):
            made[name] = {'InputPeer': {**of(self.plain)['InputPeer'], **bob}}
        return made
