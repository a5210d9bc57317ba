// SPDX-License-Identifier: Apache-2.0
// What is in messages, with TDLib: answers with quotes, forwards, places on the way, dice, contacts, pins, search, days,
// read dates and messages that destroy themselves; and a device that was away learns of all of it.
import { strict as assert } from 'node:assert';
import { scenario } from '../lib/cases.mjs';
import { Tdlib, textContent } from '../lib/tdlib.mjs';
import { waitFor } from '../lib/wait.mjs';

const tid = (id) => id * 2 ** 20;
const place = (latitude, longitude) => ({ _: 'location', latitude, longitude, horizontal_accuracy: 0 });

await scenario({}, async (s) => {
	let anna, ben, cleo;
	const got = (who, text) => who.incoming(text);
	const message = (who, chat, id) => who.call({ _: 'getMessage', chat_id: chat, message_id: tid(id) });
	// TDLib's own object of what was sent.
	const carry = async (who, chat, content, more = {}) =>
		(await who.post({ _: 'sendMessage', chat_id: chat, input_message_content: content, ...more }))[0];
	const found = async (who, chat, query, filter) => (await who.call({
		_: 'searchChatMessages', chat_id: chat, query, from_message_id: 0, offset: 0, limit: 20,
		...(filter ? { filter: { _: filter } } : {}),
	})).messages;

	await s.must('three people who know each other', async () => {
		[anna, ben, cleo] = [await s.loggedIn(Tdlib), await s.loggedIn(Tdlib), await s.loggedIn(Tdlib)];
		for (const a of [anna, ben, cleo])
			for (const b of [anna, ben, cleo]) if (a !== b) await a.addContact(b.phone, b.name);
	});
	await s.check('an answer quotes a part, and an answer elsewhere says whose message it was', async () => {
		await anna.send({ kind: 'user', id: ben.id }, 'the harvest begins on Monday');
		const asked = await got(ben, 'the harvest begins on Monday');
		await carry(ben, anna.id, textContent('so soon?'), { reply_to: {
			_: 'inputMessageReplyToMessage', message_id: tid(asked.id),
			quote: { _: 'inputTextQuote', text: { _: 'formattedText', text: 'on Monday', entities: [] }, position: 19 },
		} });
		const answer = await message(anna, ben.id, (await got(anna, 'so soon?')).id);
		assert.equal(answer.reply_to.quote.text.text, 'on Monday');
		await carry(ben, cleo.id, textContent('have you seen this?'), { reply_to: {
			_: 'inputMessageReplyToExternalMessage', chat_id: anna.id, message_id: tid(asked.id),
		} });
		const elsewhere = await message(cleo, ben.id, (await got(cleo, 'have you seen this?')).id);
		assert.equal(elsewhere.reply_to.origin.sender_user_id, anna.id);
	});
	await s.check('a forward names its author, and Saved Messages remember the chat', async () => {
		await anna.send({ kind: 'user', id: ben.id }, 'take two baskets');
		const { id } = await got(ben, 'take two baskets');
		const forward = async (to) => (await ben.post({
			_: 'forwardMessages', chat_id: to, from_chat_id: anna.id, message_ids: [tid(id)], send_copy: false, remove_caption: false,
		}))[0];
		await forward(cleo.id);
		const copy = await message(cleo, ben.id, (await got(cleo, 'take two baskets')).id);
		assert.equal(copy.forward_info.origin.sender_user_id, anna.id);
		await ben.call({ _: 'createPrivateChat', user_id: ben.id, force: false });
		assert.equal((await forward(ben.id)).forward_info.source.chat_id, anna.id);
	});
	await s.check('dice, a card and a place arrive', async () => {
		const thrown = await carry(anna, ben.id, { _: 'inputMessageDice', emoji: '🎲', clear_draft: false });
		const other = await message(ben, anna.id, (await got(ben, '<messageDice>')).id);
		assert.ok(thrown.content.value >= 1 && thrown.content.value <= 6);
		assert.equal(other.content.value, thrown.content.value);
		await carry(anna, ben.id, { _: 'inputMessageContact', contact: { _: 'contact', phone_number: '+628119999', first_name: 'Dewi', last_name: '', vcard: '', user_id: 0 } });
		await got(ben, '<messageContact>');
		await carry(anna, ben.id, { _: 'inputMessageLocation', location: place(1, 2), live_period: 0, heading: 0, proximity_alert_radius: 0 });
		await got(ben, '<messageLocation>');
		assert.equal((await found(ben, anna.id, '', 'searchMessagesFilterEmpty')).length >= 1, true);
	});
	await s.check('who is on the way moves and arrives', async () => {
		const live = (latitude, longitude) => ({
			_: 'liveLocation', location: place(latitude, longitude), live_period: 900, heading: 90, proximity_alert_radius: 0,
		});
		const at = async () => (await ben.call({ _: 'getChatHistory', chat_id: anna.id, from_message_id: 0, offset: 0, limit: 1 })).messages[0].content;
		const sent = await carry(anna, ben.id, { _: 'inputMessageLiveLocation', location: live(3, 4) });
		const move = (to) => anna.call({ _: 'editMessageLiveLocation', chat_id: ben.id, message_id: sent.id, location: to });
		await got(ben, '<messageLiveLocation>');
		await move(live(5, 6));
		await waitFor('the new place', async () => Math.round((await at()).location.location.latitude) === 5);
		await move(null);
		await waitFor('the arrival', async () => (await at()).expires_in === 0);
	});
	await s.check('a pin is seen by the other, and taken away', async () => {
		const said = await anna.send({ kind: 'user', id: ben.id }, 'gate code: ask me');
		const { id } = await got(ben, 'gate code: ask me');
		await anna.call({ _: 'pinChatMessage', chat_id: ben.id, message_id: tid(said.id), disable_notification: false, only_for_self: false });
		await got(ben, '<messagePinMessage>');
		assert.equal((await ben.call({ _: 'getChatPinnedMessage', chat_id: anna.id })).id, tid(id));
		await ben.call({ _: 'unpinAllChatMessages', chat_id: anna.id });
		await waitFor('the pin to go', async () => !(await message(anna, ben.id, said.id)).is_pinned);
	});
	await s.check('words are found in any case, and counted', async () => {
		await anna.send({ kind: 'user', id: ben.id }, 'Яблоки и груши, see https://example.org');
		await got(ben, 'Яблоки и груши, see https://example.org');
		assert.equal((await found(ben, anna.id, 'ЯБЛОКИ')).length, 1);
		assert.equal((await found(ben, anna.id, '', 'searchMessagesFilterUrl')).length, 1);
		assert.equal((await ben.call({ _: 'searchMessages', query: 'груши', offset: '', limit: 10 })).messages.length, 1);
		const count = await ben.call({ _: 'getChatMessageCount', chat_id: anna.id, filter: { _: 'searchMessagesFilterUrl' }, return_local: false });
		assert.equal(count.count, 1);
	});
	await s.check('the author learns when he was read', async () => {
		const said = await anna.send({ kind: 'user', id: ben.id }, 'read me');
		await got(ben, 'read me');
		await ben.read({ kind: 'user', id: anna.id });
		await anna.wasRead({ kind: 'user', id: ben.id }, said.id);
		const date = await anna.call({ _: 'getMessageReadDate', chat_id: ben.id, message_id: tid(said.id) });
		assert.equal(date._, 'messageReadDateRead');
	});
	await s.check('a time for the chat is the same for both', async () => {
		await anna.call({ _: 'setChatMessageAutoDeleteTime', chat_id: ben.id, message_auto_delete_time: 86400 });
		await got(ben, '<messageChatSetMessageAutoDeleteTime>');
		await waitFor('the time at the other', async () =>
			(await ben.call({ _: 'getChat', chat_id: anna.id })).message_auto_delete_time === 86400);
		await ben.send({ kind: 'user', id: anna.id }, 'gone tomorrow');
		const { id } = await got(anna, 'gone tomorrow');
		assert.ok((await message(anna, ben.id, id)).auto_delete_in > 80000);
	});
	await s.check('a device that comes later has it all', async () => {
		const late = await s.device(Tdlib, { phone: ben.phone, name: 'Ben, later' });
		await late.login();
		const texts = async (who) => (await who.history({ kind: 'user', id: anna.id }, 30)).map(({ id, text }) => `${id} ${text}`);
		await late.dialogs();
		assert.deepEqual(await texts(late), await texts(ben));
	});
});
