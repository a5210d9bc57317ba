// SPDX-License-Identifier: Apache-2.0
// A reader reports a public post through the menu of a stock client, a moderator decides over the desk's HTTP API, and the
// reader reads what was decided. Who reported is nowhere at the desk.
import { strict as assert } from 'node:assert';
import { scenario } from '../lib/cases.mjs';
import { Desk } from '../lib/desk.mjs';
import { Mtcute } from '../lib/mtcute.mjs';
import { Tdlib } from '../lib/tdlib.mjs';
import { waitFor } from '../lib/wait.mjs';

const NAME = 'lontar_reported';
const SERVICE = 777000;

const letter = (reader, part) => reader.inbox.wait(`a letter about "${part}"`,
	(e) => e.what === 'message' && e.peer.id === SERVICE && e.text.includes(part));

// One step of the menu: by the text of the option, or with words of one's own.
class Report {
	constructor(reader, chat, messages = []) {
		Object.assign(this, { reader, chat, messages });
	}

	async step(option, text = '') {
		this.result = await this.reader.call({
			_: 'reportChat', chat_id: this.chat, option_id: option, message_ids: this.messages, text,
		});
		return this.result;
	}

	choose(pattern) {
		const found = this.result.options.find(({ text }) => pattern.test(text));
		assert.ok(found, `an option ${pattern} among ${this.result.options.map(({ text }) => text)}`);
		return this.step(found.id);
	}
}

await scenario({ minutes: 2 }, async (s) => {
	let owner, reader, other, chat, message, desk, moderator, number;
	await s.must('A public channel with a post, and a reader on TDLib', async () => {
		owner = await s.loggedIn(Mtcute);
		reader = await s.loggedIn(Tdlib, { prefix: '+1202' });
		other = await s.loggedIn(Tdlib, { prefix: '+62812' });
		const channel = await owner.createChannel('Reported', 'about it');
		await owner.setUsername(channel, NAME);
		for (const each of [reader, other]) await each.join(NAME);
		await owner.send(channel, 'a post that incites');
		await Promise.all([reader.incoming('a post that incites'), other.incoming('a post that incites')]);
		chat = (await reader.call({ _: 'searchPublicChat', username: NAME })).id;
		const history = await reader.call({ _: 'getChatHistory', chat_id: chat, from_message_id: 0, offset: 0, limit: 5, only_local: false });
		message = history.messages.find(({ content }) => content.text?.text === 'a post that incites').id;
	});
	await s.must('the menu: what, which law, in good faith, own words; then it is reported', async () => {
		const report = new Report(reader, chat, [message]);
		assert.equal((await report.step(''))._, 'reportChatResultOptionRequired');
		await report.choose(/violence or hatred/);
		await report.choose(/Framework Decision/);
		await report.choose(/accurate and complete/);
		assert.equal(report.result._, 'reportChatResultTextRequired');
		assert.ok(report.result.is_optional);
		assert.equal((await report.step(report.result.option_id, 'It calls for a lynching'))._, 'reportChatResultOk');
		const { text } = await letter(reader, 'We received your report');
		number = Number(/number is (\d+)/.exec(text)[1]);
		assert.match(text, new RegExp(`@${NAME}/`));
	});
	await s.check('a whole channel is reported by the same menu', async () => {
		const report = new Report(other, (await other.call({ _: 'searchPublicChat', username: NAME })).id);
		await report.step('');
		assert.match(report.result.title, /Apa masalahnya/, 'in the language of the reader');
		await report.choose(/^Spam$/);
		assert.equal(report.result.options.length, 1, 'no law is asked for');
	});
	await s.must('the desk has it as a notice of a reader, with the words and without the name', async () => {
		desk = new Desk(s.server);
		moderator = desk.grant('moderator', 'One');
		const lead = desk.grant('lead', 'Two');
		const found = await waitFor('the case', async () => {
			const { cases } = await desk.must(200, lead, 'GET', '/api/cases');
			return cases.find(({ subject }) => subject.startsWith(`@${NAME}/`));
		});
		assert.equal(found.lane, 'user');
		assert.equal(found.category, 'incitement');
		const full = await desk.must(200, lead, 'GET', `/api/cases/${found.case}`);
		assert.equal(full.notice_list[0].reasons, 'It calls for a lynching');
		assert.match(full.notice_list[0].law, /Framework Decision/);
		assert.equal(full.notice_list[0].reporter, 'a reader');
		const me = await reader.call({ _: 'getMe' });
		assert.ok(!JSON.stringify(full).includes(String(me.id)));
		await desk.must(200, moderator, 'POST', `/api/cases/${found.case}/claim`);
		await desk.decide(moderator, found.case, { action: 'remove' });
	});
	await s.check('the reader reads what was decided, and nobody else does', async () => {
		const { text } = await letter(reader, `Report ${number} about @${NAME}/`);
		assert.match(text, /it was removed/);
		await assert.rejects(other.inbox.wait('a letter', (e) => e.what === 'message' && e.peer.id === SERVICE && /Report \d/.test(e.text), 500));
	});
	await s.must('a bot is reported, removed, and as TDLib shows it no more', async () => {
		const added = s.server.command('user', 'bot', '--data', s.server.data, '--name', 'Weather', 'reported_bot');
		s.server.secrets.add(/^token \d+:(\S+)/m.exec(added)[1]);
		const open = async (client) => (await client.call({ _: 'searchPublicChat', username: 'reported_bot' })).id;
		const bot = await open(reader);
		const report = new Report(reader, bot);
		await report.step('');
		await report.choose(/^Spam$/);
		await report.choose(/accurate and complete/);
		assert.equal((await report.step(report.result.option_id, 'It takes money'))._, 'reportChatResultOk');
		const mine = /number is (\d+)/.exec((await letter(reader, '@reported_bot')).text)[1];
		const found = await waitFor('the case about the bot', async () => {
			const { cases } = await desk.must(200, moderator, 'GET', '/api/cases');
			return cases.find(({ subject }) => subject === '@reported_bot');
		});
		await reader.call({ _: 'createPrivateChat', user_id: bot, force: false });
		const { evidence } = await desk.must(200, moderator, 'POST', `/api/cases/${found.case}/claim`);
		assert.deepEqual(evidence.map(({ kind, title }) => [kind, title]), [['bot', 'Weather']]);
		await desk.decide(moderator, found.case, { action: 'remove' });
		await letter(reader, `Report ${mine} about @reported_bot`);
		await assert.rejects(open(other), /not found|NOT_OCCUPIED/i);
		// Who has met it is told nothing by its name, and sees why when the client asks for it anew.
		const user = await waitFor('the restriction', async () => {
			await reader.call({ _: 'getUserFullInfo', user_id: bot });
			const shown = await reader.call({ _: 'getUser', user_id: bot });
			return shown.restriction_info?.restriction_reason && shown;
		});
		assert.match(user.restriction_info.restriction_reason, /This bot was removed/);
		assert.equal(user.usernames?.active_usernames.length ?? 0, 0);
	});
	await s.check('a private channel is reported to nobody: another menu, no receipt', async () => {
		const second = await owner.createChannel('Second', 'about it');
		await owner.setUsername(second, `${NAME}_2`);
		await reader.join(`${NAME}_2`);
		const { id } = await reader.call({ _: 'searchPublicChat', username: `${NAME}_2` });
		await owner.setUsername(second, '');
		const report = new Report(reader, id);
		await report.step('');
		assert.match(report.result.title, /read by nobody/);
		await report.choose(/hear from/);
		assert.equal(report.result._, 'reportChatResultOk');
		await assert.rejects(reader.inbox.wait('a receipt', (e) => e.what === 'message' && e.peer.id === SERVICE
			&& /We received/.test(e.text) && !e.text.includes(NAME), 500));
	});
});
