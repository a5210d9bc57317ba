# SPDX-License-Identifier: Apache-2.0
"""Queries in which every text and every byte string is a marker of its own, from the schema: for one method, the smallest query
and one for every optional field and every other constructor, however deep. Numbers, and texts that have to be something definite,
come from HINTS, by CONSTRUCTOR.FIELD or else by FIELD alone; a method counts as a constructor."""
import random
import re
import struct
import time

from markers_find import Planted
from roles_tl import VECTOR, text

DEPTH_MAX = 6
DAY, FOLDER = 86400, 7


def soon(_):
    return int(time.time()) + 3600


def mail(filler):
    return filler.word() + '@markers.example'


def link(filler):
    return f'https://{filler.word()}.example/{filler.word()}'


def phone(filler):
    return '+' + filler.planted.phone(filler.where())


def of_world(name):
    return lambda filler: getattr(filler.world, name)


def of_groups(name):
    return lambda filler: getattr(filler.world.groups, name)


HINTS = {
    # Texts that must be something definite. A username is public by design.
    'phone': phone, 'phone_number': phone, 'phones': phone, 'email': mail, 'url': link, 'display_url': link, 'embed_url': link,
    'emoticon': '👍', 'inputMediaDice.emoticon': '🎲', 'lang_code': 'en', 'lang_pack': 'android', 'countries_iso2': 'ID',
    'username': lambda filler: f'public{random.getrandbits(40):x}', 'contacts.resolvePhone.phone': lambda filler: filler.world.phones[1],
    'inputReplyToMessage.quote_text': of_world('words'), 'messages.getMessageReactionsList.offset': '', 'messages.getPollVotes.offset': '',
    'messages.report.option': b'',

    # What there is.
    'messages.editExportedChatInvite.link': of_world('own_link'), 'messages.deleteExportedChatInvite.link': of_world('revoked_link'),
    'messages.getExportedChatInvite.link': of_world('own_link'), 'messages.getChatInviteImporters.link': of_world('own_link'),
    'messages.importChatInvite.hash': of_world('led_link'), 'messages.checkChatInvite.hash': of_world('led_link'),
    'messages.requestEncryption.random_id': 7002, 'expire_date': soon, 'usage_limit': 5,
    'messages.migrateChat.chat_id': of_groups('to_migrate'), 'channels.reportSpam.id': of_groups('post_of_bob'),
    'messages.deleteParticipantReaction.msg_id': of_groups('post_of_alice'),
    'topic_id': of_groups('topic'), 'messages.readDiscussion.msg_id': of_groups('topic'), 'messages.reorderPinnedForumTopics.order': of_groups('topic'),
    'channels.reorderPinnedForumTopics.order': of_groups('topic'), 'messages.deleteTopicHistory.top_msg_id': of_groups('dying'),
    'channels.deleteTopicHistory.top_msg_id': of_groups('dying_too'), 'channels.toggleSlowMode.seconds': 30,
    'user_id': of_world('bob'), 'chat_id': of_world('chat'), 'chats': of_world('chat'), 'channel_id': of_world('channel'),
    'contacts.editCloseFriends.id': of_world('bob'), 'messages.getChats.id': of_world('chat'),
    'id': of_world('message'), 'msg_id': of_world('message'), 'reply_to_msg_id': of_world('message'), 'max_id': of_world('message'),
    'messages.getPollVotes.id': of_world('poll'), 'messages.getPollResults.msg_id': of_world('poll'),
    'messages.sendVote.msg_id': of_world('poll'), 'messages.sendVote.options': of_world('option'),
    'messages.getPollVotes.option': of_world('option'), 'messages.reportReaction.id': of_world('reacted'),
    'messages.sendScheduledMessages.id': of_world('scheduled'), 'messages.getScheduledMessages.id': of_world('scheduled'),
    'messages.deleteScheduledMessages.id': of_world('scheduled'),

    # Numbers; 0 when nothing is said.
    'api_id': 12345, 'limit': 10, 'length': 4, 'pts': 1, 'random_id': lambda filler: random.getrandbits(62),
    'period': DAY, 'ttl_period': DAY, 'days': 180, 'authorization_ttl_days': 180, 'inputMediaGeoLive.period': 900,
    'schedule_date': soon, 'until_date': 2 ** 31 - 1, 'mute_until': soon, 'updates.getDifference.date': soon,
    'poll.close_period': 300, 'poll.close_date': lambda filler: int(time.time()) + 300, 'poll.id': 0,
    'year': 1987, 'month': 5, 'day': 17, 'lat': -7.25, 'long': 110.5, 'accuracy_radius': 10, 'color': 1, 'reactions_limit': 3,
    'messages.deleteHistory.max_id': 0, 'messages.deleteSavedHistory.max_id': 0,
    'dialogFilter.id': FOLDER, 'messages.updateDialogFilter.id': FOLDER, 'messages.updateDialogFiltersOrder.order': FOLDER,
    'inputFolderPeer.folder_id': 1, 'fwd_limit': 10,
}
# Optional, and always there: without it the rest is refused.
ALWAYS = ('messages.editMessage?flags.11',)
# How many there are of what is a list, where one is too few.
COUNTS = {'poll.answers': 3}
# Constructors to begin with, where the one with the fewest fields says too little.
FIRST = {
    'ReportReason': 'inputReportReasonOther', 'InputReplyTo': 'inputReplyToMessage', 'DialogFilter': 'dialogFilter',
    'Reaction': 'reactionEmoji', 'InputMedia': 'inputMediaContact', 'ReplyMarkup': 'replyKeyboardForceReply',
    'InputPrivacyRule': 'inputPrivacyValueAllowUsers', 'MessageEntity': 'messageEntityBold', 'PollAnswer': 'inputPollAnswer',
    'InputNotifyPeer': 'inputNotifyPeer', 'InputGeoPoint': 'inputGeoPoint', 'NotificationSound': 'notificationSoundLocal',
    'JSONValue': 'jsonString', 'InputDialogPeer': 'inputDialogPeer', 'ChatReactions': 'chatReactionsSome',
    'InputMessage': 'inputMessageID', 'MessagesFilter': 'inputMessagesFilterEmpty',
    'ChannelParticipantsFilter': 'channelParticipantsSearch',
}


class Filler:
    def __init__(self, schema, planted: Planted, world):
        self.schema, self.planted, self.world = schema, planted, world
        self.path, self.places = [], set()

    def where(self):
        return '/'.join(self.path)

    def word(self):
        self.places.add(re.sub(r'/\d+', '', self.where()))
        return self.planted.word(self.where())

    def variants(self, method, limit):
        """(label, query): the smallest first."""
        tried, queue, made = set(), [((), {})], 0
        while queue and made < limit:
            label, shape = queue.pop(0)
            self.method, self.shape, self.points = method, shape, {}
            self.path, self.places = [method], set()
            try:
                data = self.form(self.schema.methods[method], 0)
            except LookupError:
                continue
            made += 1
            yield '+'.join(label), data
            for point, options in self.points.items():
                kind = re.sub(r'/\d+', '', point)
                for option in options:
                    if (kind, option) not in tried and point not in shape:
                        tried.add((kind, option))
                        queue.append((label + (f'{point}={option}',), {**shape, point: option}))

    def choose(self, point, first, others):
        self.points.setdefault(point, others)
        return self.shape.get(point, first)

    def form(self, form, depth):
        if depth > DEPTH_MAX:
            raise LookupError(form['name'])
        out, bits = [struct.pack('<I', int(form['id'], 16))], {}
        for field in form['fields']:
            if field['flag']:
                point = f'{self.where()}?{field["flag"]}'
                bits[field['flag']] = self.choose(point, point in ALWAYS, [True])
        for field in form['fields']:
            if field['type'] == '#':
                own = [flag for flag, is_set in bits.items() if is_set and flag.split('.')[0] == field['name']]
                out.append(struct.pack('<I', sum(1 << int(flag.split('.')[1]) for flag in own)))
            elif field['type'] != 'true' and (not field['flag'] or bits[field['flag']]):
                self.path.append(field['name'])
                out.append(self.value(form, field['name'], field['type'], depth))
                self.path.pop()
        return b''.join(out)

    def hint(self, form, name):
        value = HINTS.get(f'{form["name"]}.{name}', HINTS.get(name))
        return value(self) if callable(value) else value

    def value(self, form, name, tl_type, depth):
        if tl_type.startswith(('Vector<', 'vector<')):
            count = COUNTS.get(f'{form["name"]}.{name}', 1)
            items = []
            for i in range(count):
                self.path.append(str(i))
                items.append(self.value(form, name, tl_type[7:-1], depth))
                self.path.pop()
            return struct.pack('<II', VECTOR, count) + b''.join(items)
        if tl_type in ('int', 'long', 'double'):
            return struct.pack({'int': '<i', 'long': '<q', 'double': '<d'}[tl_type], self.hint(form, name) or 0)
        if tl_type in ('string', 'bytes'):
            hint = self.hint(form, name)
            return text(self.word() if hint is None or isinstance(hint, (int, float)) else hint)
        if tl_type == 'Bool':
            return struct.pack('<I', 0x997275b5 if self.choose(self.where(), True, [False]) else 0xbc799737)
        if tl_type in ('int128', 'int256'):
            return bytes(16 if tl_type == 'int128' else 32)
        return self.object(tl_type, depth)

    def object(self, tl_type, depth):
        known = self.world.objects(self.method).get(tl_type, {})
        forms = {form['name']: form for form in self.schema.types.get(tl_type, [])}
        names = [*(known or forms)]
        if not names:
            raise LookupError(tl_type)
        first = next(iter(known), None) or FIRST.get(tl_type) or min(forms, key=lambda n: len(forms[n]['fields']))
        chosen = self.choose(f'{self.where()}:', first, [name for name in names if name != first])
        if chosen in known:
            return known[chosen]
        self.path.append(chosen)
        made = self.form(forms[chosen], depth + 1)
        self.path.pop()
        return made
