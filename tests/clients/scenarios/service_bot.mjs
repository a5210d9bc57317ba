// SPDX-License-Identifier: Apache-2.0
// The service bot: people find it and write to it, and who has its token talks to them over the Bot API with
// texts and buttons. The test stands where the desk does.
import { strict as assert } from 'node:assert';
import { BotApi, buttons, data } from '../lib/bot_api.mjs';
import { scenario } from '../lib/cases.mjs';
import { Tdlib } from '../lib/tdlib.mjs';
import { waitFor } from '../lib/wait.mjs';

const BOT = 'lontar_bot';

await scenario({}, async (s) => {
	const api = new BotApi(s.server);
	api.takeOver();
	const ayu = await s.loggedIn(Tdlib, { name: 'Ayu' });
	let chat, question;

	const press = (message, text) => ayu.call({ _: 'getCallbackQueryAnswer', chat_id: message.chat_id, message_id: message.id,
		payload: { _: 'callbackQueryPayloadData', data: data(text) } });
	const last = async () => (await ayu.call({ _: 'getChatHistory', chat_id: chat.id, from_message_id: 0, offset: 0, limit: 1, only_local: false })).messages[0];
	const shown = (text) => waitFor(`"${text}" to be shown`, async () => {
		const message = await last();
		return message?.content.text?.text === text && message;
	});

	await s.check('wrong tokens and unknown methods are refused as the Bot API does', async () => {
		assert.deepEqual(await api.raw('getMe', {}, '1000000:wrong'), { ok: false, error_code: 401, description: 'Unauthorized' });
		assert.equal((await api.raw('getNothing')).error_code, 404);
		assert.equal((await api.call('getMe')).username, BOT);
	});
	await s.check('the bot knows nobody who did not write to it', async () => {
		const refused = await api.raw('sendMessage', { chat_id: ayu.id, text: 'Hello?' });
		assert.equal(refused.error_code, 403);
		assert.equal((await api.raw('getChat', { chat_id: ayu.id })).error_code, 403);
		assert.equal((await api.raw('getChat', { chat_id: 99 })).description, 'Bad Request: chat not found');
	});
	await s.check('somebody finds it and writes; it hears that while it waits', async () => {
		chat = await ayu.find(BOT);
		assert.equal((await ayu.call({ _: 'getUser', user_id: chat.id })).type._, 'userTypeBot');
		const [message] = await Promise.all([api.take('message'), ayu.send(chat, '/start')]);
		assert.equal(message.text, '/start');
		assert.deepEqual(message.entities, [{ type: 'bot_command', offset: 0, length: 6 }]);
		assert.deepEqual([message.chat.id, message.chat.type, message.from.first_name], [ayu.id, 'private', 'Ayu']);
		assert.equal((await api.call('getChat', { chat_id: ayu.id })).first_name, 'Ayu');
	});
	await s.check('an update stays until it is confirmed, also over a restart', async () => {
		await ayu.send(chat, 'Is anybody there?');
		const first = await waitFor('it', async () => (await api.call('getUpdates', { offset: api.next }))[0]);
		await s.server.killMessenger();
		const again = await api.call('getUpdates', { offset: api.next });
		assert.deepEqual(again, [first]);
		assert.equal((await api.take('message')).text, 'Is anybody there?');
		assert.deepEqual(await api.call('getUpdates', { offset: api.next }), []);
	});
	await s.check('a text with buttons is shown with its formatting', async () => {
		question = await api.call('sendMessage', { chat_id: ayu.id, text: 'Which <b>kind</b> is it?', parse_mode: 'HTML',
			reply_markup: buttons([['Scam', 'kind:scam'], ['Other', 'kind:other']], [['Leave', 'leave']]) });
		const message = await shown('Which kind is it?');
		assert.equal(message.content.text.entities[0].type._, 'textEntityTypeBold');
		assert.deepEqual(message.reply_markup.rows.map((row) => row.map((button) => button.text)), [['Scam', 'Other'], ['Leave']]);
	});
	await s.check('a button is pressed, the bot answers and edits', async () => {
		const message = await last();
		const pressed = press(message, 'kind:scam');
		const query = await api.take('callback_query');
		assert.equal(query.data, 'kind:scam');
		assert.deepEqual([query.from.id, query.message.message_id], [ayu.id, question.message_id]);
		assert.equal(await api.call('answerCallbackQuery', { callback_query_id: query.id, text: 'Taken', show_alert: true }), true);
		const answer = await pressed;
		assert.deepEqual([answer.text, answer.show_alert], ['Taken', true]);
		assert.equal((await api.raw('answerCallbackQuery', { callback_query_id: query.id })).error_code, 400);
		const edited = await api.call('editMessageText', { chat_id: ayu.id, message_id: question.message_id, text: 'Case 7',
			reply_markup: buttons([['Status', 'status']]) });
		assert.ok(edited.edit_date);
		const now = await shown('Case 7');
		assert.deepEqual(now.reply_markup.rows.map((row) => row.map((button) => button.text)), [['Status']]);
		const same = await api.raw('editMessageText', { chat_id: ayu.id, message_id: question.message_id, text: 'Case 7',
			reply_markup: buttons([['Status', 'status']]) });
		assert.match(same.description, /message is not modified/);
	});
	await s.check('data that no button has are refused', async () => {
		await assert.rejects(press(await last(), 'kind:other'), /DATA_INVALID/);
	});
	await s.check('a bot that is silent is not waited for without end', async () => {
		// TDLib takes BOT_RESPONSE_TIMEOUT for an answer that says nothing.
		assert.equal((await press(await last(), 'status')).text, '');
	});
	await s.check('who blocks the bot is not written to', async () => {
		await ayu.call({ _: 'setMessageSenderBlockList', sender_id: { _: 'messageSenderUser', user_id: chat.id }, block_list: { _: 'blockListMain' } });
		// TDLib answers before it asks the server: the bot's own update says when it has happened.
		assert.equal((await api.take('my_chat_member')).new_chat_member.status, 'kicked');
		assert.equal((await api.raw('sendMessage', { chat_id: ayu.id, text: 'Still there?' })).error_code, 403);
	});
	api.giveBack();
});
