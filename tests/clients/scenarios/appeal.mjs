// SPDX-License-Identifier: Apache-2.0
// A reader reports a post through the menu of a stock client; it is removed; its owner reads why, appeals through the
// service bot with the link of the letter, and after somebody else's answer the post can be read again.
import { strict as assert } from 'node:assert';
import { scenario } from '../lib/cases.mjs';
import { Desk } from '../lib/desk.mjs';
import { Tdlib } from '../lib/tdlib.mjs';
import { waitFor } from '../lib/wait.mjs';

const NAME = 'lontar_appealed';
const BOT = 'lontar_bot';
const SERVICE = 777000;
const POST = 'a court has decided about an attack';
const WORDS = 'The post quotes the judgment of a court, and calls for nothing at all.';

const letter = (owner, part) => owner.inbox.wait(`a letter about "${part}"`,
	(e) => e.what === 'message' && e.peer.id === SERVICE && e.text.includes(part));

// The menu, by the text of its options.
async function report(reader, chat, message, options) {
	const step = (option_id, text = '') => reader.call({ _: 'reportChat', chat_id: chat, option_id, message_ids: [message], text });
	let result = await step('');
	for (const pattern of options) {
		const found = result.options.find(({ text }) => pattern.test(text));
		assert.ok(found, `an option ${pattern} among ${result.options.map(({ text }) => text)}`);
		result = await step(found.id);
	}
	assert.equal((await step(result.option_id, 'It calls for an attack'))._, 'reportChatResultOk');
}

await scenario({ minutes: 2 }, async (s) => {
	const desk = new Desk(s.server);
	let owner, reader, channel, chat, message, bot, number, code, appeal, tokens;

	const texts = async () => (await reader.call({ _: 'getChatHistory', chat_id: chat, from_message_id: 0, offset: 0, limit: 10,
		only_local: false })).messages.map(({ content }) => content.text?.text);
	const said = (part) => owner.inbox.wait(`the bot to say "${part}"`,
		(e) => e.what === 'message' && !e.out && e.peer.id === bot.id && e.text.includes(part));

	await s.must('a public channel with a post, and a reader on TDLib', async () => {
		owner = await s.loggedIn(Tdlib);
		reader = await s.loggedIn(Tdlib, { prefix: '+1202' });
		channel = await owner.createChannel('Appealed', 'about it');
		await owner.setUsername(channel, NAME);
		await reader.join(NAME);
		await owner.send(channel, POST);
		await reader.incoming(POST);
		chat = (await reader.call({ _: 'searchPublicChat', username: NAME })).id;
		const history = await waitFor('the post', async () => {
			const { messages } = await reader.call({ _: 'getChatHistory', chat_id: chat, from_message_id: 0, offset: 0, limit: 5, only_local: false });
			return messages.find(({ content }) => content.text?.text === POST);
		});
		message = history.id;
		tokens = { moderator: desk.grant('moderator', 'One'), second: desk.grant('moderator', 'Two'), lead: desk.grant('lead', 'Three') };
	});
	await s.must('the reader reports it; a moderator removes it', async () => {
		await report(reader, chat, message, [/violence or hatred/, /Framework Decision/, /accurate and complete/]);
		number = (await waitFor('the case', async () => (await desk.must(200, tokens.lead, 'GET', '/api/cases')).cases
			.find(({ subject }) => subject.startsWith(`@${NAME}/`)))).case;
		await desk.must(200, tokens.moderator, 'POST', `/api/cases/${number}/claim`);
		await desk.decide(tokens.moderator, number, { action: 'remove' });
		await waitFor('the post to be gone', async () => !(await texts()).includes(POST));
	});
	await s.must('the owner reads why, with a code to appeal with', async () => {
		const { text } = await letter(owner, 'was removed for everybody');
		assert.match(text, /Posts that call for violence/);
		code = /tg:\/\/resolve\?domain=lontar_bot&start=appeal_([A-Za-z0-9_-]{22})/.exec(text)[1];
	});
	await s.must('the owner appeals through the service bot', async () => {
		bot = await owner.find(BOT);
		await owner.send(bot, '/start appeal_AAAAAAAAAAAAAAAAAAAAAA');
		await said('nothing to appeal against');
		await owner.send(bot, `/start appeal_${code}`);
		await said(`@${NAME}/`);
		await owner.send(bot, 'too short');
		await said('at least 20 characters');
		await owner.send(bot, WORDS);
		await said('has arrived');
		appeal = (await desk.must(200, tokens.second, 'GET', '/api/appeals')).appeals.find((one) => one.case === number);
		assert.equal(appeal.party, 'owner');
		assert.equal((await desk.must(200, tokens.second, 'GET', `/api/appeals/${appeal.appeal}`)).words, WORDS);
	});
	await s.must('who decided does not answer it; somebody else reverses', async () => {
		const answer = { outcome: 'reverse', why: 'mistaken_facts', facts: 'The post quotes a court.', ground: 'It reports' };
		assert.equal((await desk.ask(tokens.moderator, 'POST', `/api/appeals/${appeal.appeal}/decide`, answer)).status, 403);
		await desk.must(200, tokens.second, 'POST', `/api/appeals/${appeal.appeal}/decide`, answer);
	});
	await s.check('the post can be read again; the owner is told, by letter and by the bot', async () => {
		await waitFor('the post to be back', async () => (await texts()).includes(POST));
		assert.match((await letter(owner, 'was restored')).text, /The post quotes a court/);
		await said('You were right');
	});
	await s.check('neither the desk nor the letter knows who the owner is', async () => {
		const full = JSON.stringify([await desk.must(200, tokens.lead, 'GET', `/api/cases/${number}`),
			await desk.must(200, tokens.lead, 'GET', `/api/appeals/${appeal.appeal}`)]);
		const me = await owner.call({ _: 'getMe' });
		assert.ok(!full.includes(String(me.id)) && !full.includes(code));
	});
});
