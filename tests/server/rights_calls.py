# SPDX-License-Identifier: Apache-2.0
"""How each method of the matrix of rights is called, so that only a right can stand in its way; and how what it did is undone.

A call is named as in docs/rights.md: the method, and in brackets which of its uses. Values that are functions are asked for each
cell (scene: rights.Scene). Where a value isn't given, a peer or channel is the channel, and a user the one whom all know (target)."""
import time
from collections import namedtuple
from contextlib import suppress

from rights_stage import DISCUSSIONS, FORUMS, KINDS, LATER_S, MESSAGES, default_limits, hash_of, made_by, poll_of
from telethon import errors, types

Call = namedtuple('Call', 'values undo after spoils only last')


def call(undo=(), after=None, spoils=(), only=KINDS, last=(), **values):
    """undo: (method, values) that the creator calls after a cell that was answered. spoils: things that it used up.
    only: in which kinds it is tried. last: what the creator calls after the last cell of one."""
    return Call(values, undo, after, spoils, only, last)


def thing(name):
    return lambda scene: scene.thing(name)


def things(name):
    return lambda scene: [scene.thing(name)]


def own(name):
    return lambda scene: scene.own(name)


def owns(name):
    return lambda scene: [scene.own(name)]


def person(name, form='inputPeerUser'):
    return lambda scene: scene.person(name, form)


def made(name, **values):
    return lambda scene: scene.schema.encode(name, {k: v(scene) if callable(v) else v for k, v in values.items()}, scene.peers())


def fresh_word(scene):
    return f'word {scene.kind.number()}'


def later(_):
    return int(time.time()) + LATER_S


def switch(name, **on):
    """Switched on, and off again."""
    return call(undo=((name, {'enabled': False}),), enabled=True, **on)


def rights_to(right):
    return made('chatAdminRights', **{right: True})


def limits_of(*rights):
    return made('chatBannedRights', until_date=0, **{right: True for right in rights})


def here(scene):
    return scene.peers()['InputPeer']


def here_as_channel(scene):
    return scene.peers()['InputChannel']


def answer_to(name):
    return made('inputReplyToMessage', reply_to_msg_id=thing(name))


def two_ends(scene, first):
    """What a group discusses, and the group."""
    other = scene.schema.encode('inputChannel', {'channel_id': scene.kind.other.id, 'access_hash': scene.stage.creator.hashes[scene.kind.other.id]})
    here = scene.peers(scene.stage.creator)['InputChannel']
    return (other, here)[scene.kind.is_group != first]


LINK_AGAIN = (('channels.setDiscussionGroup', {'broadcast': lambda s: two_ends(s, True), 'group': lambda s: two_ends(s, False)}),)
NO_RIGHTS, NO_LIMITS, NO_LINK = made('chatAdminRights'), made('chatBannedRights', until_date=0), made('inputChannelEmpty')


# ---- What there is in a channel, made when a cell needs it ----

async def make_post(stage, kind):
    return await stage.author.write(kind)


async def make_poll(stage, kind):
    return made_by(await stage.author(MESSAGES.SendMediaRequest(stage.author.peer(kind), poll_of(), '')))


async def make_reacted(stage, kind):
    post = await make_post(stage, kind)
    await stage.target(MESSAGES.SendReactionRequest(stage.target.peer(kind), post, reaction=[types.ReactionEmoji('👍')]))
    return post


async def make_pinned(stage, kind):
    post = await make_post(stage, kind)
    await stage.maker(MESSAGES.UpdatePinnedMessageRequest(stage.maker.peer(kind), post))
    return post


async def make_topic(stage, kind):
    if kind.name not in FORUMS:
        return 1
    return made_by(await stage.maker(MESSAGES.CreateForumTopicRequest(stage.maker.peer(kind), 'topic')))


async def make_closed_topic(stage, kind):
    topic = await make_topic(stage, kind)
    await stage.maker(MESSAGES.EditForumTopicRequest(stage.maker.peer(kind), topic, closed=True))
    return topic


async def make_hidden_general(stage, kind):
    await stage.maker(MESSAGES.EditForumTopicRequest(stage.maker.peer(kind), GENERAL, hidden=True))
    return GENERAL


async def make_comment(stage, kind):
    return (await stage.author.comment(kind))['comment to edit']


async def make_spare_link(stage, kind):
    return (await stage.maker(MESSAGES.ExportChatInviteRequest(stage.maker.peer(kind), title='spare'))).link


async def make_revoked_link(stage, kind):
    link = await make_spare_link(stage, kind)
    await stage.maker(MESSAGES.EditExportedChatInviteRequest(stage.maker.peer(kind), link, revoked=True))
    return link


async def make_request(stage, kind):
    """The guest asks to be let in."""
    try:
        await stage.guest(MESSAGES.ImportChatInviteRequest(hash_of(kind.things['asking link'])))
    except errors.InviteRequestSentError:
        return True
    raise errors.RPCError(None, 'nobody asked')


MAKERS = {'post': make_post, 'poll': make_poll, 'reacted': make_reacted, 'reaction to delete': make_reacted,
          'pinned': make_pinned, 'topic': make_topic, 'closed topic': make_closed_topic, 'hidden General': make_hidden_general,
          'comment': make_comment, 'comment to delete': make_comment,
          'spare link': make_spare_link, 'revoked link': make_revoked_link, 'request': make_request,
          'post to delete': make_post, 'topic to delete': make_topic}


# ---- Setting things right again ----

async def bring_back(scene):
    """Who has left is what he was: the creator by coming back within a week."""
    if scene.standing == 'creator':
        await scene.ask(scene.actor, 'channels.joinChannel')
        return
    await scene.by_creator('channels.editBanned', {'participant': scene.seen_by_creator(), 'banned_rights': NO_LIMITS(scene)})
    await scene.ask(scene.actor, 'messages.importChatInvite', {'hash': hash_of(scene.kind.things['link'])})
    await scene.stage.restore(scene.kind, scene.actor)


async def send_away(scene):
    """Who had been outside is outside."""
    if scene.standing in ('left', 'stranger', 'bot'):
        await scene.ask(scene.actor, 'channels.leaveChannel')


def dismiss(name):
    async def after(scene):
        who = scene.person(name, 'inputPeerUser', scene.stage.creator)
        await scene.by_creator('channels.editBanned', {'participant': who, 'banned_rights': limits_of('view_messages')(scene)})
        await scene.by_creator('channels.editBanned', {'participant': who, 'banned_rights': NO_LIMITS(scene)})
    return after


async def target_again(scene):
    """A member without limits."""
    target = scene.person('target', 'inputPeerUser', scene.stage.creator)
    await scene.by_creator('channels.editBanned', {'participant': target, 'banned_rights': NO_LIMITS(scene)})
    with suppress(errors.UserAlreadyParticipantError):
        await scene.stage.target(MESSAGES.ImportChatInviteRequest(hash_of(scene.kind.things['link'])))


DEMOTE = (('channels.editAdmin', {'admin_rights': NO_RIGHTS, 'rank': ''}),)
TARGET_USER = person('target', 'inputUser')
GENERAL = 1
OLD_NAMES_IN = (*FORUMS, 'group', 'channel')
SHOW_GENERAL = ('messages.editForumTopic', {'topic_id': GENERAL, 'closed': False})
CHANNEL_POSTS = {'offset_id': 0, 'offset_date': 0, 'add_offset': 0, 'limit': 5, 'max_id': 0, 'min_id': 0, 'hash': 0}

CALLS = {
    # ---- channels.* ----
    'channels.checkUsername': call(username='rights_free_name'),
    'channels.convertToGigagroup': call(),
    'channels.deactivateAllUsernames': call(),
    'channels.deleteHistory (for oneself)': call(max_id=1),
    'channels.deleteHistory (for everybody)': call(max_id=1, for_everyone=True),
    'channels.deleteMessages (own)': call(id=owns('to delete')),
    'channels.deleteMessages (of others)': call(id=things('post to delete'), spoils=('post to delete',)),
    'channels.deleteParticipantHistory': call(participant=person('target')),
    'channels.editAdmin (a right that he has)': call(undo=DEMOTE, user_id=TARGET_USER, admin_rights=rights_to('other'), rank='x'),
    'channels.editAdmin (a right that he lacks)': call(undo=DEMOTE, user_id=TARGET_USER, admin_rights=rights_to('invite_users'), rank='x'),
    'channels.editAdmin (the creator)': call(user_id=person('creator', 'inputUser'), admin_rights=rights_to('other')),
    'channels.editAdmin (the service bot)': call(after=dismiss('service bot'), user_id=person('service bot', 'inputUser'), admin_rights=rights_to('other'), rank=''),
    'channels.editBanned (limits)': call(after=target_again, participant=person('target'), banned_rights=limits_of('send_polls')),
    'channels.editBanned (out)': call(after=target_again, participant=person('target'), banned_rights=limits_of('view_messages')),
    'channels.editBanned (the creator)': call(participant=person('creator'), banned_rights=limits_of('send_polls')),
    'channels.editTitle': call(title=fresh_word),
    'channels.exportMessageLink': call(id=thing('post')),
    'channels.getAdminLog': call(limit=5),
    'channels.getChannelRecommendations': call(channel=here_as_channel),
    'channels.getChannels': call(),
    'channels.getFullChannel': call(),
    'channels.getFutureCreatorAfterLeave': call(),
    'channels.getMessageAuthor': call(id=thing('post')),
    'channels.getMessages': call(id=lambda s: [made('inputMessageID', id=thing('post'))(s)]),
    'channels.getParticipant (another)': call(participant=person('target')),
    'channels.getParticipant (oneself)': call(participant=made('inputPeerSelf')),
    'channels.getParticipants (recent)': call(filter=made('channelParticipantsRecent'), limit=5),
    'channels.getParticipants (admins)': call(filter=made('channelParticipantsAdmins'), limit=5),
    'channels.getParticipants (removed)': call(filter=made('channelParticipantsKicked', q=''), limit=5),
    'channels.getParticipants (limited)': call(filter=made('channelParticipantsBanned', q=''), limit=5),
    'channels.getSendAs': call(),
    'channels.inviteToChannel': call(after=dismiss('guest'), users=lambda s: [s.person('guest', 'inputUser')]),
    'channels.inviteToChannel (the service bot)': call(after=dismiss('service bot'), users=lambda s: [s.person('service bot', 'inputUser')]),
    'channels.joinChannel': call(after=send_away),
    'channels.leaveChannel': call(after=bring_back),
    'channels.readHistory': call(max_id=1),
    'channels.readMessageContents': call(id=things('post')),
    'channels.reorderUsernames': call(order=['rights_free_name']),
    'channels.reportSpam': call(participant=person('author'), id=things('post')),
    'channels.setDiscussionGroup (of the channel)': call(undo=LINK_AGAIN, group=NO_LINK),
    'channels.setDiscussionGroup (as the group)': call(undo=LINK_AGAIN, broadcast=NO_LINK),
    'channels.toggleAntiSpam': switch('channels.toggleAntiSpam'),
    'channels.toggleAutotranslation': switch('channels.toggleAutotranslation'),
    'channels.toggleForum': call(undo=(('channels.toggleForum', {'enabled': False, 'tabs': False}),), enabled=True, tabs=False),
    'channels.toggleJoinRequest': switch('channels.toggleJoinRequest'),
    'channels.toggleJoinToSend': switch('channels.toggleJoinToSend'),
    'channels.toggleParticipantsHidden': switch('channels.toggleParticipantsHidden'),
    'channels.togglePreHistoryHidden': switch('channels.togglePreHistoryHidden'),
    'channels.toggleSignatures': call(undo=(('channels.toggleSignatures', {}),), signatures_enabled=True),
    'channels.toggleSlowMode': call(undo=(('channels.toggleSlowMode', {'seconds': 0}),), seconds=30),
    'channels.toggleUsername': call(username='rights_free_name', active=True),
    'channels.toggleViewForumAsMessages': call(enabled=True),
    'channels.updateUsername': call(username='x'),
    'messages.editChatCreator': call(password=made('inputCheckPasswordSRP', A=bytes(256), M1=bytes(32)), user_id=TARGET_USER),

    # ---- Settings that groups and channels share ----
    'messages.editChatAbout': call(about=fresh_word),
    'messages.editChatDefaultBannedRights': call(
        undo=(('messages.editChatDefaultBannedRights', {'banned_rights': lambda s: bytes(default_limits(s.kind.name))}),),
        banned_rights=limits_of('send_games')),
    'messages.editChatParticipantRank (own)': call(participant=made('inputPeerSelf'), rank='x'),
    'messages.editChatParticipantRank (of a member)': call(participant=person('target'), rank='x'),
    'messages.setChatAvailableReactions': call(
        undo=(('messages.setChatAvailableReactions', {'available_reactions': made('chatReactionsAll')}),),
        available_reactions=made('chatReactionsNone')),
    'messages.setHistoryTTL': call(undo=(('messages.setHistoryTTL', {'period': 0}),), period=86400),
    'messages.toggleNoForwards': switch('messages.toggleNoForwards'),

    # ---- Links and requests ----
    'messages.exportChatInvite': call(title='x'),
    'messages.getExportedChatInvite': call(link=thing('link')),
    'messages.getExportedChatInvites (own)': call(admin_id=made('inputUserSelf'), limit=5),
    'messages.getExportedChatInvites (of the creator)': call(admin_id=person('creator', 'inputUser'), limit=5),
    'messages.editExportedChatInvite': call(link=thing('spare link'), title=fresh_word),
    'messages.deleteExportedChatInvite': call(link=thing('revoked link'), spoils=('revoked link',)),
    'messages.deleteRevokedExportedChatInvites (own)': call(admin_id=made('inputUserSelf')),
    'messages.deleteRevokedExportedChatInvites (of the creator)': call(
        admin_id=person('creator', 'inputUser'), spoils=('revoked link',)),
    'messages.getAdminsWithInvites': call(),
    'messages.getChatInviteImporters (of a link of the creator)': call(link=thing('link'), offset_user=made('inputUserEmpty'), limit=5),
    'messages.getChatInviteImporters (who ask)': call(requested=True, offset_user=made('inputUserEmpty'), limit=5),
    'messages.checkChatInvite': call(hash=lambda s: hash_of(s.thing('link'))),
    'messages.importChatInvite': call(after=send_away, hash=lambda s: hash_of(s.thing('link'))),
    'messages.hideChatJoinRequest': call(user_id=lambda s: s.thing('request') and s.person('guest', 'inputUser'), spoils=('request',)),
    'messages.hideAllChatJoinRequests (of a link of the creator)': call(
        link=lambda s: s.thing('request') and s.thing('asking link'), spoils=('request',)),
    'messages.hideAllChatJoinRequests (all)': call(link=lambda s: s.thing('request') and None, spoils=('request',)),

    # ---- Reading ----
    'messages.getHistory': call(limit=5),
    'messages.search': call(q='said', filter=made('inputMessagesFilterEmpty'), limit=5),
    'messages.getSearchCounters': call(filters=lambda s: [made('inputMessagesFilterUrl')(s)]),
    'messages.getSearchResultsCalendar': call(filter=made('inputMessagesFilterPhotoVideo')),
    'messages.getSearchResultsPositions': call(filter=made('inputMessagesFilterPhotoVideo'), limit=5),
    'messages.getMessagesViews': call(id=things('post'), increment=True),
    'messages.getMessagesReactions': call(id=things('reacted')),
    'messages.getMessageReactionsList': call(id=thing('reacted'), limit=5),
    'messages.getMessageReadParticipants': call(msg_id=own('to edit')),
    'messages.getFutureChatCreatorAfterLeave': call(),
    'messages.getOnlines': call(),
    'messages.getPeerDialogs': call(),
    'messages.getPeerSettings': call(),
    'messages.getRecentLocations': call(limit=5),
    'messages.getUnreadMentions': call(limit=5),
    'messages.getUnreadReactions': call(limit=5),
    'messages.getReplies': call(msg_id=thing('post'), **CHANNEL_POSTS),
    'messages.getDiscussionMessage': call(msg_id=thing('post')),
    'messages.getOutboxReadDate': call(msg_id=own('to edit')),
    'messages.readHistory': call(max_id=1),
    'messages.readDiscussion': call(msg_id=thing('post'), read_max_id=1),
    'messages.readMentions': call(),
    'messages.readReactions': call(),
    'messages.markDialogUnread': call(unread=True),
    'messages.toggleDialogPin': call(after=None, pinned=False),
    'messages.saveDraft': call(message='x'),
    'messages.getPollResults': call(msg_id=thing('poll')),
    'messages.getPollVotes': call(id=thing('poll'), limit=5),
    'updates.getChannelDifference': call(filter=made('channelMessagesFilterEmpty'), pts=1, limit=10),
    'folders.editPeerFolders': call(folder_peers=lambda s: [made('inputFolderPeer', folder_id=0)(s)]),
    'account.getNotifySettings': call(peer=made('inputNotifyPeer')),
    'account.updateNotifySettings': call(peer=made('inputNotifyPeer'), settings=made('inputPeerNotifySettings', silent=True)),

    # ---- Writing ----
    'messages.sendMessage': call(message='said'),
    'messages.sendMessage (an answer)': call(message='said', reply_to=made('inputReplyToMessage', reply_to_msg_id=thing('post'))),
    'messages.sendMessage (later)': call(message='said', schedule_date=later),
    'messages.sendMedia (a poll)': call(media=lambda s: bytes(poll_of()), message=''),
    'messages.sendMedia (dice)': call(media=made('inputMediaDice', emoticon='🎲'), message=''),
    'messages.sendMedia (a contact)': call(media=made('inputMediaContact', phone_number='+1', first_name='x', last_name='', vcard=''), message=''),
    'messages.sendMedia (a place)': call(media=made('inputMediaGeoPoint', geo_point=made('inputGeoPoint', lat=1, long=1)), message=''),
    'messages.forwardMessages (into it)': call(
        from_peer=here, to_peer=here, id=things('post'),
        random_id=lambda s: [s.kind.number() + (s.kind.id << 20)]),
    'messages.forwardMessages (out of it)': call(
        from_peer=here, to_peer=made('inputPeerSelf'), id=things('post'),
        random_id=lambda s: [s.kind.number() + (s.kind.id << 20)]),
    'messages.editMessage (own)': call(id=own('to edit'), message=fresh_word),
    'messages.editMessage (of others)': call(id=thing('post'), message=fresh_word),
    'messages.getMessageEditData (own)': call(id=own('to edit')),
    'messages.getMessageEditData (of others)': call(id=thing('post')),
    'messages.updatePinnedMessage (pin)': call(id=thing('post to delete'), spoils=('post to delete',)),
    'messages.updatePinnedMessage (unpin)': call(id=thing('pinned'), unpin=True, spoils=('pinned',)),
    'messages.unpinAllMessages': call(spoils=('pinned',)),
    'messages.sendReaction': call(msg_id=thing('post'), reaction=lambda s: [made('reactionEmoji', emoticon='👍')(s)]),
    'messages.sendVote': call(msg_id=thing('poll'), options=[b'0']),
    'messages.getBotCallbackAnswer': call(msg_id=thing('post'), data=b'there is no button'),
    'messages.setTyping': call(action=made('sendMessageTypingAction')),
    'messages.deleteHistory': call(max_id=1),
    'messages.getScheduledHistory': call(),
    'messages.getScheduledMessages': call(id=owns('to send')),
    'messages.sendScheduledMessages': call(id=owns('to send')),
    'messages.deleteScheduledMessages': call(id=owns('to drop')),
    'messages.saveDefaultSendAs (oneself)': call(send_as=made('inputPeerSelf')),
    'messages.saveDefaultSendAs (the group)': call(send_as=here),

    # ---- Topics ----
    'messages.createForumTopic': call(title='x'),
    'messages.editForumTopic (of others)': call(topic_id=thing('topic'), title=fresh_word),
    'messages.updatePinnedForumTopic': call(
        undo=(('messages.updatePinnedForumTopic', {'topic_id': thing('topic'), 'pinned': False}),), topic_id=thing('topic'), pinned=True),
    'messages.reorderPinnedForumTopics': call(order=[]),
    'messages.deleteTopicHistory': call(top_msg_id=thing('topic to delete'), spoils=('topic to delete',)),
    'messages.getForumTopics': call(limit=5),
    'messages.getForumTopicsByID': call(topics=things('topic')),

    'messages.editForumTopic (own)': call(only=FORUMS, topic_id=own('topic'), title=fresh_word),
    'messages.editForumTopic (closing the own)': call(
        only=FORUMS, undo=(('messages.editForumTopic', {'topic_id': own('topic'), 'closed': False}),), topic_id=own('topic'), closed=True),
    'messages.editForumTopic (closing)': call(
        only=FORUMS, undo=(('messages.editForumTopic', {'topic_id': thing('topic'), 'closed': False}),),
        topic_id=thing('topic'), closed=True),
    'messages.editForumTopic (opening)': call(
        only=FORUMS, spoils=('closed topic',), topic_id=thing('closed topic'), closed=False),
    'messages.editForumTopic (General)': call(only=FORUMS, topic_id=GENERAL, title=fresh_word),
    'messages.editForumTopic (hiding General)': call(only=FORUMS, undo=(SHOW_GENERAL,), topic_id=GENERAL, hidden=True),
    'messages.sendMessage (into a topic)': call(only=FORUMS, message='said', reply_to=answer_to('topic')),
    'messages.sendMessage (into the own topic)': call(
        only=FORUMS, message='said', reply_to=made('inputReplyToMessage', reply_to_msg_id=own('topic'))),
    'messages.sendMessage (into a closed topic)': call(only=FORUMS, message='said', reply_to=answer_to('closed topic')),
    'messages.sendMessage (into hidden General)': call(
        only=FORUMS, last=(SHOW_GENERAL,), message='said', reply_to=lambda s: s.thing('hidden General') and None),
    'messages.getReplies (of a topic)': call(only=FORUMS, msg_id=thing('topic'), **CHANNEL_POSTS),
    'messages.readDiscussion (of a topic)': call(only=FORUMS, msg_id=thing('topic'), read_max_id=1),

    # ---- Comments ----
    'messages.sendMessage (a comment)': call(only=DISCUSSIONS, message='said', reply_to=answer_to('comments')),
    'messages.sendMedia (a poll as a comment)': call(
        only=DISCUSSIONS, media=lambda s: bytes(poll_of()), message='', reply_to=answer_to('comments')),
    'messages.sendReaction (to a comment)': call(
        only=DISCUSSIONS, msg_id=thing('comment'), reaction=lambda s: [made('reactionEmoji', emoticon='👍')(s)]),
    'messages.editMessage (the own comment)': call(only=DISCUSSIONS, id=own('comment to edit'), message=fresh_word),
    'channels.deleteMessages (the own comment)': call(only=DISCUSSIONS, id=owns('comment to delete')),
    'channels.deleteMessages (a comment of others)': call(
        only=DISCUSSIONS, id=things('comment to delete'), spoils=('comment to delete',)),
    'channels.getMessages (a comment)': call(only=DISCUSSIONS, id=lambda s: [made('inputMessageID', id=thing('comment'))(s)]),
    'messages.getReplies (comments)': call(only=DISCUSSIONS, msg_id=thing('comments'), **CHANNEL_POSTS),
    'messages.getDiscussionMessage (comments)': call(only=DISCUSSIONS, msg_id=thing('comments')),
    'messages.readDiscussion (comments)': call(only=DISCUSSIONS, msg_id=thing('comments'), read_max_id=1),
    'messages.setTyping (a comment)': call(only=DISCUSSIONS, top_msg_id=thing('comments'), action=made('sendMessageTypingAction')),
    'messages.sendMessage (a comment, later)': call(
        only=DISCUSSIONS, message='said', schedule_date=later, reply_to=answer_to('comments')),
    'messages.getMessageReactionsList (of a comment)': call(only=DISCUSSIONS, id=thing('comment'), limit=5),
    'messages.report (a comment)': call(only=DISCUSSIONS, id=things('comment'), option=b''),

    # ---- By the names that they had before layer 228 ----
    'channels.editCreator': call(password=made('inputCheckPasswordSRP', A=bytes(256), M1=bytes(32)), user_id=TARGET_USER),
    'channels.createForumTopic': call(only=OLD_NAMES_IN, title='x'),
    'channels.editForumTopic': call(only=OLD_NAMES_IN, topic_id=thing('topic'), title=fresh_word),
    'channels.updatePinnedForumTopic': call(
        only=OLD_NAMES_IN,
        undo=(('channels.updatePinnedForumTopic', {'topic_id': thing('topic'), 'pinned': False}),), topic_id=thing('topic'), pinned=True),
    'channels.reorderPinnedForumTopics': call(only=OLD_NAMES_IN, order=[]),
    'channels.deleteTopicHistory': call(only=OLD_NAMES_IN, top_msg_id=thing('topic to delete'), spoils=('topic to delete',)),
    'channels.getForumTopics': call(only=OLD_NAMES_IN, limit=5),
    'channels.getForumTopicsByID': call(only=OLD_NAMES_IN, topics=things('topic')),

    # ---- Reactions of others ----
    'messages.deleteParticipantReaction': call(
        msg_id=thing('reaction to delete'), participant=person('target'), spoils=('reaction to delete',)),
    'messages.deleteParticipantReactions': call(participant=person('target'), spoils=('reacted', 'reaction to delete')),

    # ---- Reports ----
    'messages.report': call(id=things('post'), option=b''),
    'messages.reportReaction': call(id=thing('reacted'), reaction_peer=person('target')),
    'messages.reportSpam': call(),
    'messages.hidePeerSettingsBar': call(),
    'account.reportPeer': call(reason=made('inputReportReasonSpam'), message='x'),

    # ---- Statistics ----
    'stats.getBroadcastStats': call(),
    'stats.getMegagroupStats': call(),
    'stats.getMessageStats': call(msg_id=thing('post')),
    'stats.getPollStats': call(msg_id=thing('poll')),
    'stats.getMessagePublicForwards': call(msg_id=thing('post'), limit=5),

    # The last: nothing is there after it.
    'channels.deleteChannel': call(),
}
