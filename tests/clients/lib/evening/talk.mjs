// SPDX-License-Identifier: Apache-2.0
// Private chats: texts and what is done with them.
import { strict as assert } from 'node:assert';
import { words } from '../pairs.mjs';
import { waitFor } from '../wait.mjs';
import { privacy } from './account.mjs';
import { formatted, messagesOf, post, readAll, reply, sentByClock } from './people.mjs';

const DAY_S = 86400;
const textOf = (message) => message.content.text?.text;
const kindsOf = (message) => message.content.text.entities.map(({ type, offset, length }) => `${type._.slice(14)}@${offset}+${length}`).sort();
const hidden = (on) => privacy('ShowLinkInForwardedMessages', { _: `userPrivacySettingRule${on ? 'RestrictAll' : 'AllowAll'}` });
const remove = (device, chat, id, revoke) => device.call({ _: 'deleteMessages', chat_id: chat, message_ids: [id], revoke });
const forward = async (device, chat_id, from_chat_id, ids, more = {}) => device.post({ _: 'forwardMessages', chat_id, from_chat_id, message_ids: ids, ...more });

export async function texts(e) {
	const { anna, budi } = e;
	await e.step('a text with entities of all kinds', async () => {
		const text = `𝒳 bold italic under strike code spoiler link https://lontar.example/a #tag ${words('end')}`;
		const at = (part) => [text.indexOf(part), part.length];
		await post(anna.first, budi.id, {
			_: 'inputMessageText', text: formatted(text, [
				['Bold', ...at('bold')], ['Italic', ...at('italic')], ['Underline', ...at('under')], ['Strikethrough', ...at('strike')],
				['Code', ...at('code')], ['Spoiler', ...at('spoiler')], ['TextUrl', ...at('link'), { url: 'https://lontar.example/' }],
			]),
		});
		const kinds = ['Bold', 'Italic', 'Underline', 'Strikethrough', 'Code', 'Spoiler', 'TextUrl', 'Url', 'Hashtag'].sort();
		for (const message of [...await budi.has(anna.id, text), ...await anna.has(budi.id, text)])
			assert.deepEqual(kindsOf(message).map((kind) => kind.split('@')[0]), kinds);
		e.first = text;
	});
	await e.step('answers, with a quote, and to another chat\'s message', async () => {
		const [asked] = await budi.has(anna.id, e.first);
		const quoted = words('a quote');
		await post(budi.first, anna.id, quoted, reply(asked.id, { text: 'bold italic', position: e.first.indexOf('bold') }));
		for (const { reply_to: to } of await anna.has(budi.id, quoted)) {
			assert.equal(to.quote.text.text, 'bold italic');
			assert.ok(to.message_id > 0);
		}
		const [there] = await anna.has(budi.id, quoted);
		const outside = words('look what Budi says');
		await post(anna.first, e.citra.id, outside, {
			reply_to: { _: 'inputMessageReplyToExternalMessage', chat_id: budi.id, message_id: there.id },
		});
		for (const { reply_to: to } of await e.citra.has(anna.id, outside)) assert.ok(to.origin, 'it says where from');
	});
	await e.step('a text is changed', async () => {
		const [before, after] = [words('befor'), words('before https://lontar.example')];
		const { id } = await post(anna.first, budi.id, before);
		await budi.has(anna.id, before);
		await anna.second.call({
			_: 'editMessageText', chat_id: budi.id, message_id: id,
			input_message_content: { _: 'inputMessageText', text: formatted(after, [['Bold', 0, 6]]), link_preview_options: { _: 'linkPreviewOptions', is_disabled: true } },
		});
		for (const message of await budi.has(anna.id, after)) {
			assert.ok(message.edit_date > 0);
			assert.deepEqual(kindsOf(message), ['Bold@0+6', 'Url@7+22']);
		}
		await assert.rejects(budi.call({
			_: 'editMessageText', chat_id: anna.id, message_id: (await budi.has(anna.id, after))[0].id, input_message_content: { _: 'inputMessageText', text: formatted('mine') },
		}));
	});
	await e.step('deleted for oneself, and for both', async () => {
		const [mine, ours] = [words('for me'), words('for both')];
		const own = await post(anna.first, budi.id, mine);
		const both = await post(anna.first, budi.id, ours);
		await budi.has(anna.id, mine);
		const [there] = await budi.has(anna.id, ours);
		await remove(anna.second, budi.id, own.id, false);
		await anna.hasNot(budi.id, own.id);
		// The other deletes it for both.
		await remove(budi.first, anna.id, there.id, true);
		await Promise.all([anna.hasNot(budi.id, both.id), budi.hasNot(anna.id, there.id)]);
		await budi.has(anna.id, mine);
	});
	await e.step('forwarded: with the name, with a hidden name, as a copy', async () => {
		const text = words('pass it on');
		await post(budi.first, anna.id, text);
		const [{ id }] = await anna.has(budi.id, text);
		await forward(anna.first, e.citra.id, budi.id, [id]);
		for (const message of await e.citra.has(anna.id, text)) assert.equal(message.forward_info.origin.sender_user_id, budi.id);
		await budi.call(hidden(true));
		const [shy] = await forward(anna.first, e.citra.id, budi.id, [id]);
		for (const message of await e.citra.has(anna.id, (each) => textOf(each) === text && each.forward_info?.origin._ === 'messageOriginHiddenUser'))
			assert.equal(message.forward_info.origin.sender_name, 'Budi');
		assert.equal(shy.forward_info.origin._, 'messageOriginHiddenUser');
		await budi.call(hidden(false));
		await forward(anna.second, e.citra.id, budi.id, [id], { send_copy: true });
		await e.citra.has(anna.id, (each) => textOf(each) === text && !each.forward_info);
	});
}

export async function marks(e) {
	const { anna, budi } = e;
	await e.step('pinned for both, for oneself, and unpinned', async () => {
		const [one, two] = [words('pin one'), words('pin two')];
		const first = await post(anna.first, budi.id, one);
		const second = await post(anna.first, budi.id, two);
		await budi.has(anna.id, two);
		await anna.call({ _: 'pinChatMessage', chat_id: budi.id, message_id: first.id, disable_notification: false, only_for_self: false });
		await budi.has(anna.id, 'messagePinMessage');
		await budi.has(anna.id, (message) => message.is_pinned && textOf(message) === one);
		await anna.second.call({ _: 'pinChatMessage', chat_id: budi.id, message_id: second.id, disable_notification: true, only_for_self: true });
		await anna.has(budi.id, (message) => message.is_pinned && textOf(message) === two);
		await anna.sees('the newest pin', async (device) => (await device.call({ _: 'getChatPinnedMessage', chat_id: budi.id })).id === second.id);
		assert.ok(!(await messagesOf(budi.first, anna.id)).some((message) => message.is_pinned && textOf(message) === two));
		await budi.call({ _: 'unpinChatMessage', chat_id: anna.id, message_id: (await budi.has(anna.id, one))[0].id });
		await anna.has(budi.id, (message) => !message.is_pinned && message.id === first.id);
		await anna.call({ _: 'unpinAllChatMessages', chat_id: budi.id });
		await anna.has(budi.id, (message) => !message.is_pinned && message.id === second.id);
	});
	await e.step('a draft is on both devices, and gone when it is sent', async () => {
		const [to] = await anna.has(budi.id, e.first);
		const text = words('not yet');
		const draft = {
			_: 'draftMessage', reply_to: { _: 'inputMessageReplyToMessage', message_id: to.id }, date: 0,
			content: { _: 'draftMessageContentText', text: formatted(text, [['Bold', 0, 3]]) },
		};
		await anna.call({ _: 'setChatDraftMessage', chat_id: budi.id, draft_message: draft });
		await anna.chat(budi.id, 'the draft', ({ draft_message: there }) => there?.content.text.text === text && there.reply_to?.message_id === to.id);
		await e.agree();
		await post(anna.first, budi.id, { _: 'inputMessageText', text: formatted(text), clear_draft: true });
		await anna.chat(budi.id, 'no draft', ({ draft_message: there }) => !there);
		await budi.has(anna.id, text);
	});
	await e.step('typing and other doings are seen', async () => {
		await budi.call({ _: 'openChat', chat_id: anna.id });
		for (const action of ['chatActionTyping', 'chatActionChoosingContact', 'chatActionRecordingVoiceNote', 'chatActionCancel']) {
			await budi.call({ _: 'sendChatAction', chat_id: anna.id, action: { _: action } });
			await anna.sees(action, (device) => device.actions.includes(`${budi.id} ${budi.id} ${action}`));
		}
		await budi.call({ _: 'closeChat', chat_id: anna.id });
	});
	await e.step('read on one device, read on the other, and seen with the date', async () => {
		const text = words('have you read');
		const { id } = await post(anna.first, budi.id, text);
		await budi.has(anna.id, text);
		await budi.chat(anna.id, 'something unread', ({ unread_count: unread }) => unread > 0);
		await assert.rejects(anna.call({ _: 'getMessageReadDate', chat_id: budi.id, message_id: id }), /isn't read/);
		await readAll(budi.second, anna.id);
		await budi.chat(anna.id, 'nothing unread', ({ unread_count: unread }) => unread === 0);
		await anna.chat(budi.id, 'the read mark', ({ last_read_outbox_message_id: read }) => read >= id);
		const date = await anna.call({ _: 'getMessageReadDate', chat_id: budi.id, message_id: id });
		assert.equal(date._, 'messageReadDateRead');
		assert.ok(Math.abs(date.read_date - Date.now() / 1000) < 60);
	});
	await e.step('marked as unread, and read again', async () => {
		await readAll(anna.first, budi.id);
		await anna.call({ _: 'toggleChatIsMarkedAsUnread', chat_id: budi.id, is_marked_as_unread: true });
		await anna.chat(budi.id, 'the mark', (chat) => chat.is_marked_as_unread);
		await e.agree();
		await anna.second.call({ _: 'toggleChatIsMarkedAsUnread', chat_id: budi.id, is_marked_as_unread: false });
		await anna.chat(budi.id, 'no mark', (chat) => !chat.is_marked_as_unread);
	});
	await e.step('reactions: put, changed, seen, taken back', async () => {
		const react = (device, chat_id, message_id, emoji, on = true) => device.call({
			_: on ? 'addMessageReaction' : 'removeMessageReaction', chat_id, message_id, reaction_type: { _: 'reactionTypeEmoji', emoji },
		});
		const has = (emoji) => (message) => (message.interaction_info?.reactions?.reactions ?? []).map(({ type }) => type.emoji).join() === emoji;
		const text = words('what do you think');
		const { id } = await post(anna.first, budi.id, text);
		const [there] = await budi.has(anna.id, text);
		await readAll(budi.first, anna.id);
		await react(budi.first, anna.id, there.id, '👍');
		await anna.has(budi.id, (message) => message.id === id && has('👍')(message));
		await anna.chat(budi.id, 'an unread reaction', (chat) => chat.unread_reaction_count === 1);
		await e.agree();
		await anna.second.call({ _: 'readAllChatReactions', chat_id: budi.id });
		await anna.chat(budi.id, 'no unread reaction', (chat) => chat.unread_reaction_count === 0);
		await react(budi.second, anna.id, there.id, '👍', false);
		await anna.has(budi.id, (message) => message.id === id && has('')(message));
		await react(budi.second, anna.id, there.id, '🔥');
		// TDLib overlooks what others do while it reacts itself.
		await anna.has(budi.id, (message) => message.id === id && has('🔥')(message));
		await react(anna.first, budi.id, id, '🔥');
		for (const message of await budi.has(anna.id, (each) => each.id === there.id && each.interaction_info?.reactions?.reactions[0]?.total_count === 2))
			assert.ok(message.interaction_info.reactions.reactions[0].is_chosen);
	});
}

export async function contents(e) {
	const { anna, budi } = e;
	await e.step('a silent message, and scheduled ones', async () => {
		const options = (more) => ({ options: { _: 'messageSendOptions', ...more } });
		const later = (seconds) => options({ scheduling_state: { _: 'messageSchedulingStateSendAtDate', send_date: Math.floor(Date.now() / 1000) + seconds } });
		const silent = words('sssh');
		await post(anna.first, budi.id, silent, options({ disable_notification: true }));
		await budi.has(anna.id, silent);
		e.scheduled = words('in less than a minute');
		const [now, never] = [words('sooner'), words('never')];
		for (const text of [e.scheduled, now]) sentByClock.add(text);
		for (const [text, seconds] of [[e.scheduled, 45], [now, DAY_S], [never, DAY_S]]) await post(anna.first, budi.id, text, later(seconds));
		const waiting = async (device) => (await device.call({ _: 'getChatScheduledMessages', chat_id: budi.id })).messages;
		const find = (messages, text) => messages.find((message) => textOf(message) === text);
		await anna.sees('three scheduled messages', async (device) => (await waiting(device)).length === 3);
		await anna.chat(budi.id, 'a sign of scheduled messages', (chat) => chat.has_scheduled_messages);
		await anna.second.call({ _: 'editMessageSchedulingState', chat_id: budi.id, message_id: find(await waiting(anna.second), now).id, scheduling_state: null });
		await remove(anna.second, budi.id, find(await waiting(anna.second), never).id, true);
		await budi.has(anna.id, now);
		await anna.has(budi.id, now);
		await anna.chat(budi.id, 'news to its writer, too', ({ unread_count: unread }) => unread > 0);
		await readAll(anna.first, budi.id);
		await anna.chat(budi.id, 'nothing unread', ({ unread_count: unread }) => unread === 0);
		await anna.sees('the rest of them', async (device) => !find(await waiting(device), now) && !find(await waiting(device), never));
	});
	await e.step('dice, a contact, a place, a place on the way', async () => {
		const content = (message, kind) => message.content[{ messageDice: 'value', messageContact: 'contact', messageLocation: 'location', messageVenue: 'venue' }[kind]];
		await post(anna.first, budi.id, { _: 'inputMessageDice', emoji: '🎲' });
		await post(anna.first, budi.id, { _: 'inputMessageContact', contact: { _: 'contact', phone_number: e.citra.phone, first_name: 'Citra', last_name: 'Dewi', vcard: '', user_id: e.citra.id } });
		const location = { _: 'location', latitude: -6.175, longitude: 106.827, horizontal_accuracy: 10 };
		await post(anna.first, budi.id, { _: 'inputMessageLocation', location });
		await post(anna.first, budi.id, { _: 'inputMessageVenue', venue: { _: 'venue', location, title: 'Monas', address: 'Gambir', provider: 'foursquare', id: '4b', type: 'monument' } });
		for (const kind of ['messageDice', 'messageContact', 'messageLocation', 'messageVenue']) {
			const [[sent], got] = [await anna.has(budi.id, kind), await budi.has(anna.id, kind)];
			// Whose number it is, only who saved it is told: Anna, but not Budi.
			const whose = kind === 'messageContact' ? { user_id: 0 } : {};
			if (kind === 'messageContact') assert.equal(content(sent, kind).user_id, e.citra.id);
			for (const message of got) {
				const expected = content(sent, kind);
				assert.deepEqual(content(message, kind), typeof expected === 'object' ? { ...expected, ...whose } : expected);
			}
		}
		assert.ok((await budi.has(anna.id, 'messageDice'))[0].content.value >= 1);
		const moved = { ...location, latitude: -6.2 };
		const on = await post(anna.first, budi.id, { _: 'inputMessageLiveLocation', location: { _: 'liveLocation', location, live_period: 900, heading: 90, proximity_alert_radius: 0 } });
		await budi.has(anna.id, 'messageLiveLocation');
		const live = (where) => anna.call({ _: 'editMessageLiveLocation', chat_id: budi.id, message_id: on.id, location: where });
		await live({ _: 'liveLocation', location: moved, live_period: 0, heading: 180, proximity_alert_radius: 0 });
		await budi.has(anna.id, (message) => Math.abs((message.content.location?.location?.latitude ?? 0) + 6.2) < 0.001);
		await live(null);
		await budi.has(anna.id, (message) => message.content._ === 'messageLiveLocation' && message.content.expires_in === 0);
	});
	await e.step('messages that go by themselves', async () => {
		await budi.call({ _: 'setChatMessageAutoDeleteTime', chat_id: anna.id, message_auto_delete_time: DAY_S });
		for (const [person, other] of [[anna, budi], [budi, anna]]) {
			await person.chat(other.id, 'the timer', (chat) => chat.message_auto_delete_time === DAY_S);
			await person.has(other.id, 'messageChatSetMessageAutoDeleteTime');
		}
		const text = words('gone tomorrow');
		await post(anna.second, budi.id, text);
		for (const message of await budi.has(anna.id, text)) assert.ok(message.auto_delete_in > DAY_S / 2);
		await anna.call({ _: 'setChatMessageAutoDeleteTime', chat_id: budi.id, message_auto_delete_time: 0 });
		await budi.chat(anna.id, 'no timer', (chat) => chat.message_auto_delete_time === 0);
		await anna.call({ _: 'setDefaultMessageAutoDeleteTime', message_auto_delete_time: { _: 'messageAutoDeleteTime', time: 7 * DAY_S } });
		assert.equal((await anna.second.call({ _: 'getDefaultMessageAutoDeleteTime' })).time, 7 * DAY_S);
		await anna.call({ _: 'setDefaultMessageAutoDeleteTime', message_auto_delete_time: { _: 'messageAutoDeleteTime', time: 0 } });
	});
	await e.step('found by words, by sender, by date, by kind, and by day', async () => {
		const word = `rendang${process.pid}`;
		await post(budi.first, anna.id, words(`the ${word} is ready`));
		await post(anna.first, budi.id, words(`keep some ${word} for me`));
		await anna.has(budi.id, (message) => textOf(message)?.startsWith(`the ${word}`));
		const search = async (device, more) => (await device.call({
			_: 'searchChatMessages', chat_id: budi.id, query: '', from_message_id: 0, offset: 0, limit: 20, filter: { _: 'searchMessagesFilterEmpty' }, ...more,
		})).messages;
		for (const device of anna.devices) {
			assert.equal((await search(device, { query: word })).length, 2);
			const [his, ...others] = await search(device, { query: word, sender_id: { _: 'messageSenderUser', user_id: budi.id } });
			assert.ok(textOf(his).startsWith('the') && others.length === 0);
			const links = await search(device, { filter: { _: 'searchMessagesFilterUrl' } });
			assert.ok(links.length > 0 && links.every((message) => /https:/.test(textOf(message))));
			const everywhere = await device.call({ _: 'searchMessages', query: word, offset: '', limit: 20, filter: { _: 'searchMessagesFilterEmpty' }, min_date: 0, max_date: 0 });
			assert.equal(everywhere.messages.length, 2);
			const all = await messagesOf(device, budi.id);
			const dated = await device.call({ _: 'getChatMessageByDate', chat_id: budi.id, date: Math.floor(Date.now() / 1000) });
			assert.equal(dated.id, all[0].id);
			const calendar = await device.call({ _: 'getChatMessageCalendar', chat_id: budi.id, filter: { _: 'searchMessagesFilterUrl' }, from_message_id: 0 });
			assert.equal(calendar.total_count, links.length);
			assert.equal(calendar.days.reduce((sum, day) => sum + day.total_count, 0), links.length);
		}
	});
}

export async function savedMessages(e) {
	const { anna, budi } = e;
	const topics = (device) => [...device.topics.values()].filter(({ order }) => order !== '0');
	const topicOf = (device, id) => topics(device).find(({ type }) => (id === anna.id ? /MyNotes/.test(type._) : type.chat_id === id));
	await e.step('Saved Messages have a chat for each whence something came', async () => {
		const note = words('buy rice');
		for (const device of anna.devices) await device.call({ _: 'createPrivateChat', user_id: anna.id, force: false });
		await post(anna.first, anna.id, note);
		await anna.has(anna.id, note);
		const [from] = (await messagesOf(anna.first, budi.id)).filter((message) => !message.is_outgoing && message.content.text);
		await forward(anna.second, anna.id, budi.id, [from.id]);
		await anna.has(anna.id, (message) => textOf(message) === textOf(from));
		for (const device of anna.devices)
			await device.call({ _: 'loadSavedMessagesTopics', limit: 20 }).catch((error) => assert.equal(error.code, 404));
		await anna.sees('two of them', (device) => topicOf(device, anna.id) && topicOf(device, budi.id));
		await anna.call({ _: 'toggleSavedMessagesTopicIsPinned', saved_messages_topic_id: topicOf(anna.first, budi.id).id, is_pinned: true });
		await anna.sees('the pin', (device) => topicOf(device, budi.id)?.is_pinned);
		for (const device of anna.devices) {
			const { messages } = await device.call({
				_: 'getSavedMessagesTopicHistory', saved_messages_topic_id: topicOf(device, budi.id).id, from_message_id: 0, offset: 0, limit: 20,
			});
			assert.deepEqual(messages.map(textOf), [textOf(from)]);
		}
		await anna.call({ _: 'deleteSavedMessagesTopicHistory', saved_messages_topic_id: topicOf(anna.first, budi.id).id });
		await anna.sees('only the note', async (device) => (await messagesOf(device, anna.id)).length === 1);
	});
}

export async function scheduledHasCome(e) {
	const { anna, budi } = e;
	await e.step('what was scheduled has come by itself', async () => {
		await budi.has(anna.id, e.scheduled);
		await anna.has(budi.id, e.scheduled);
		await anna.sees('nothing scheduled', async (device) => (await device.call({ _: 'getChatScheduledMessages', chat_id: budi.id })).messages.length === 0);
		await anna.chat(budi.id, 'no sign of scheduled messages', (chat) => !chat.has_scheduled_messages);
	});
}

// The messenger dies while messages are on their way: each arrives, once.
export async function suddenEnd(e) {
	const { anna, budi } = e;
	await e.step('the messenger is killed in the middle', async () => {
		const sent = Array.from({ length: 6 }, (_, at) => words(`in the storm ${at}`));
		const drafts = [];
		for (const text of sent.slice(0, 3)) drafts.push(await anna.first.sendLater({ kind: 'user', id: budi.id }, text));
		await e.s.server.killMessenger();
		for (const text of sent.slice(3)) drafts.push(await anna.first.sendLater({ kind: 'user', id: budi.id }, text));
		await Promise.all(drafts.map((draft) => anna.first.sent(draft)));
		await waitFor('all of them', async () => {
			const got = (await messagesOf(budi.first, anna.id, 30)).map((message) => message.content.text?.text).filter((text) => sent.includes(text)).reverse();
			return got.length >= sent.length && (assert.deepEqual(got, sent), true);
		});
	});
}
