// SPDX-License-Identifier: Apache-2.0
// An officer of an authority works a case in a chat with the service bot, from a link to the decision, in private chat and in
// a group; the desk is killed in between. Everybody else who writes to the bot hears what it is for.
import { strict as assert } from 'node:assert';
import { scenario } from '../lib/cases.mjs';
import { Desk } from '../lib/desk.mjs';
import { Tdlib } from '../lib/tdlib.mjs';
import { waitFor } from '../lib/wait.mjs';

const BOT = 'lontar_bot';
const NAME = 'lontar_liaison';
const GROUP_NAME = 'lontar_liaison_two';

const base64 = (text) => Buffer.from(text).toString('base64');

await scenario({}, async (s) => {
	const desk = new Desk(s.server);
	let owner, siti, budi, bot, chat, tokens, number, authority, channel;

	// What stands in the chat, newest first, as the server has it.
	const all = async (who, where) => (await who.call({ _: 'getChatHistory', chat_id: where, from_message_id: 0, offset: 0, limit: 50, only_local: false })).messages;
	const textOf = (message) => message.content.text?.text ?? '';
	const shown = (who, where, pattern) => waitFor(`${pattern} in the chat`, async () =>
		(await all(who, where)).find((message) => !message.is_outgoing && pattern.test(textOf(message))));
	const count = async (who, where, pattern) => (await all(who, where)).filter((message) => !message.is_outgoing && pattern.test(textOf(message))).length;
	const press = async (who, message, pattern) => {
		const button = message.reply_markup.rows.flat().find((one) => pattern.test(one.text));
		assert.ok(button, `no button ${pattern} under "${textOf(message)}"`);
		await who.call({ _: 'getCallbackQueryAnswer', chat_id: message.chat_id, message_id: message.id,
			payload: { _: 'callbackQueryPayloadData', data: button.type.data } });
	};
	const say = (who, where, text, reply) => who.call({ _: 'sendMessage', chat_id: where,
		...(reply ? { reply_to: { _: 'inputMessageReplyToMessage', message_id: reply } } : {}),
		input_message_content: { _: 'inputMessageText', text: { _: 'formattedText', text } } });
	const killDesk = async () => {
		const before = s.server.child('desk');
		process.kill(before, 'SIGKILL');
		await waitFor('another desk', async () => {
			const now = s.server.child('desk');
			return now && now !== before && (await desk.ask(null, 'GET', '/square/figures.json').catch(() => null));
		});
	};
	// The dialogue from the category to what is to be sent.
	const fill = async (who, where) => {
		await press(who, await shown(who, where, /Which category\?/), /^Fraud|^Scam/i);
		await press(who, await shown(who, where, /Which law and article\?/), /./);
		const next = await shown(who, where, /Is it urgent\?|Why is it against/);
		if (/urgent/.test(textOf(next))) await press(who, next, /^Urgent$/);
		return shown(who, where, /Why is it against/);
	};

	await s.must('a public channel, an authority with an officer, a moderator', async () => {
		owner = await s.loggedIn(Tdlib);
		siti = await s.loggedIn(Tdlib, { name: 'Siti' });
		budi = await s.loggedIn(Tdlib, { name: 'Budi' });
		channel = await owner.createChannel('A channel', 'about it');
		await owner.setUsername(channel, NAME);
		await owner.send(channel, 'send money here');
		const second = await owner.createChannel('Another channel', 'about it');
		await owner.setUsername(second, GROUP_NAME);
		const said = s.server.command('authority', 'add', '--data', s.server.data, '--name', 'Ministry', '--country', 'ID', '--lang', 'en',
			'--competence', 'any', '--officer', `Siti=${siti.id}`, '--liaison-code');
		authority = { code: /\/bind (\S+)/.exec(said)[1] };
		tokens = { moderator: desk.grant('moderator', 'One', '--lang', 'id,en') };
		bot = await siti.find(BOT);
		chat = (await siti.call({ _: 'createPrivateChat', user_id: bot.id, force: false })).id;
	});
	await s.check('who is no officer hears what the bot is for', async () => {
		const other = (await budi.call({ _: 'createPrivateChat', user_id: (await budi.find(BOT)).id, force: false })).id;
		await say(budi, other, `@${NAME}`);
		await shown(budi, other, /moderation desk of this messenger/);
	});
	await s.check('what is not there is refused at once, and says so', async () => {
		await say(siti, chat, 'https://t.me/nobody_has_this_name');
		await shown(siti, chat, /@nobody_has_this_name: nothing public is there/);
	});
	await s.check('a link begins a dialogue; category, law and urgency are buttons', async () => {
		await say(siti, chat, `https://t.me/${NAME}`);
		await fill(siti, chat);
	});
	await s.check('the desk is killed; the dialogue goes on and ends with a case', async () => {
		await killDesk();
		await say(siti, chat, 'It takes money for goods that nobody gets.');
		const summary = await shown(siti, chat, /By sending it you confirm/);
		assert.match(textOf(summary), /It takes money for goods/);
		await press(siti, summary, /^Send$/);
		const receipt = await shown(siti, chat, /It is part of case (\d+)/);
		number = Number(/case (\d+)/.exec(textOf(receipt))[1]);
		await waitFor('no buttons under it', async () => !(await shown(siti, chat, /It is part of case/)).reply_markup);
		assert.equal(await count(siti, chat, /It is part of case/), 1);
	});
	await s.check('its commands show the case with its due time', async () => {
		await say(siti, chat, '/cases');
		await shown(siti, chat, new RegExp(`/case_${number} @${NAME}, open, due .* WIB`));
		await say(siti, chat, `/case ${number}`);
		await shown(siti, chat, new RegExp(`Case ${number}: @${NAME}\\n`));
		await say(siti, chat, '/case 4711');
		await shown(siti, chat, /You have no case of this number/);
	});
	await s.check('a claim is told, a question asked; a reply resumes the clock', async () => {
		await desk.must(200, tokens.moderator, 'POST', `/api/cases/${number}/claim`);
		await shown(siti, chat, new RegExp(`Case ${number} .*somebody at the desk works on it`));
		await desk.must(200, tokens.moderator, 'POST', `/api/cases/${number}/pause`, { reason: 'clarification', question: 'Which post is it?' });
		const question = await shown(siti, chat, /Which post is it\?/);
		await say(siti, chat, 'The newest one.', question.id);
		await shown(siti, chat, new RegExp(`Case ${number} goes on`));
		const { state, events } = await desk.must(200, tokens.moderator, 'GET', `/api/cases/${number}`);
		assert.equal(state, 'open');
		assert.equal(events.filter(({ kind }) => kind === 'resumed').length, 1);
	});
	await s.check('the decision, its ground and its place in the ledger are told once, also over a kill', async () => {
		await desk.must(200, tokens.moderator, 'POST', `/api/cases/${number}/claim`);
		await desk.decide(tokens.moderator, number, { action: 'remove' });
		await killDesk();
		const outcome = await shown(siti, chat, /removed for everybody/);
		assert.match(textOf(outcome), /Ground: Section 2 of the rules/);
		await shown(siti, chat, new RegExp(`Case ${number} .*carried out at [^]*square/ledger/proof/\\d+`));
		await say(siti, chat, '/cases');
		await shown(siti, chat, /You have no open case/);
		assert.equal(await count(siti, chat, /removed for everybody/), 1);
		assert.equal(await count(siti, chat, /carried out at/), 1);
	});
	await s.check('in a group: bound by the code, the officer sends a notice, nobody else may', async () => {
		const other = await siti.findByPhone(budi.phone);
		const made = await siti.call({ _: 'createNewBasicGroupChat', user_ids: [bot.id, other.id], title: 'Direct line', message_auto_delete_time: 0 });
		const group = made.chat_id ?? made.id;
		await say(siti, group, `/bind ${authority.code}`);
		await shown(siti, group, /direct line of Ministry/);
		await say(siti, group, `/notice @${GROUP_NAME}`);
		const reasons = await fill(siti, group);
		await say(siti, group, 'The same in another channel.', reasons.id);
		await press(siti, await shown(siti, group, /By sending it you confirm/), /^Send$/);
		const receipt = await shown(siti, group, /It is part of case (\d+)/);
		const second = Number(/case (\d+)/.exec(textOf(receipt))[1]);
		await desk.must(200, tokens.moderator, 'POST', `/api/cases/${second}/claim`);
		await shown(siti, group, new RegExp(`Case ${second} .*somebody at the desk works on it`));
		const seen = await waitFor('the group at the other', async () => {
			await budi.call({ _: 'loadChats', limit: 20 }).catch(() => {});
			return (await budi.call({ _: 'getChats', limit: 20 })).chat_ids.includes(group) && group;
		});
		await say(budi, seen, '/cases');
		await shown(siti, group, /Only officers whom Ministry has named/);
	});
});
