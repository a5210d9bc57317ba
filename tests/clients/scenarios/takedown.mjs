// SPDX-License-Identifier: Apache-2.0
// A public channel is reported, judged and taken down over the desk's HTTP API, as its owner and its
// readers see it; and the record shows it.
import { strict as assert } from 'node:assert';
import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scenario } from '../lib/cases.mjs';
import { Desk } from '../lib/desk.mjs';
import { Tdlib } from '../lib/tdlib.mjs';
import { Mtcute } from '../lib/mtcute.mjs';
import { Teleproto } from '../lib/gramjs.mjs';
import { waitFor } from '../lib/wait.mjs';

const NAME = 'lontar_takedown';
const SECOND_MS = 1000;
const TRIES = 5;
const SERVICE = 777000;

const letter = (owner, part) => owner.inbox.wait(`a letter about "${part}"`,
	(e) => e.what === 'message' && e.peer.id === SERVICE && e.text.includes(part));

// Reading from the server: an answer from a client's own cache proves nothing.
const reads = (reader, channel) => reader.history(channel, 5).then((posts) => posts.map(({ text }) => text));

// Within a second; where a busy machine takes longer for one answer, within the first few answers.
async function becomes(what, look) {
	const started = Date.now();
	for (let tries = 1; ; tries++) {
		const found = await look();
		if (found === true) return;
		assert.ok(Date.now() - started < SECOND_MS || tries < TRIES, `still not ${what} after ${Date.now() - started} ms and ${tries} tries: ${found}`);
	}
}

const refused = (reader, channel) => becomes('refused', async () => {
	const error = await reads(reader, channel).then(() => null, (e) => e);
	return /CHAT_RESTRICTED|CHANNEL_PRIVATE/.test(error?.message) || (error?.message ?? 'reads on');
});

function tiles(folder) {
	return readdirSync(folder, { recursive: true }).map((name) => join(folder, name))
		.filter((path) => statSync(path).isFile() && path.includes('/tile/'));
}

await scenario({}, async (s) => {
	let a, b, c, d, e, channel, desk, tokens, number;
	const all = (text) => Promise.all([b, c, d, e].map((reader) => reader.incoming(text)));
	await s.must('A makes a public channel; B (TDLib), C (mtcute), D (+62) and E (TDLib, +62) join and read', async () => {
		a = await s.loggedIn(Tdlib);
		b = await s.loggedIn(Tdlib);
		c = await s.loggedIn(Mtcute);
		d = await s.loggedIn(Teleproto, { prefix: '+62812' });
		e = await s.loggedIn(Tdlib, { prefix: '+62813' });
		channel = await a.createChannel('Takedown', 'about it');
		await a.setUsername(channel, NAME);
		for (const reader of [b, c, d, e]) await reader.join(NAME);
		await a.send(channel, 'first post');
		await all('first post');
	});
	await s.must('tokens, a notice, a claim; a second claim is refused', async () => {
		desk = new Desk(s.server);
		tokens = {
			authority: desk.grant('authority', 'An authority', '--country', 'ID'), other: desk.grant('authority', 'Another', '--country', 'ID'),
			flagger: desk.grant('flagger', 'A flagger'), moderator: desk.grant('moderator', 'One', '--lang', 'id,en'), second: desk.grant('moderator', 'Two'),
		};
		const filed = await desk.notice(tokens.authority, `@${NAME}`);
		assert.match(filed.due, /^\d{4}-\d\d-\d\dT/);
		number = filed.case;
		await desk.must(200, tokens.moderator, 'POST', `/api/cases/${number}/claim`);
		const { body } = await desk.ask(tokens.second, 'POST', `/api/cases/${number}/claim`);
		assert.equal((await desk.ask(tokens.second, 'POST', `/api/cases/${number}/claim`)).status, 409);
		assert.ok(JSON.stringify(body).includes('T'), 'it says until when');
	});
	await s.check('restrict in ID: D is refused within a second, E sees the reason, B and C read on', async () => {
		await desk.decide(tokens.moderator, number, { action: 'restrict', countries: ['ID'] });
		await refused(d, channel);
		await waitFor('the restriction in TDLib', async () => /not available in your country/.test(await e.restriction(channel)));
		assert.ok((await reads(b, channel)).includes('first post'));
		assert.ok((await reads(c, channel)).includes('first post'));
		await a.send(channel, 'second post');
		await Promise.all([b.incoming('second post'), c.incoming('second post')]);
		await assert.rejects(d.incoming('second post', 500), /waited/);
		assert.equal(await b.restriction(channel), '');
	});
	await s.check('the owner reads why, from the service account', async () => {
		const { text } = await letter(a, 'was hidden');
		for (const part of [`Case ${number}`, 'ID', 'Section 2 of the rules', 'Posts that call for violence', 'appeal'])
			assert.ok(text.includes(part), `the letter says "${part}"`);
	});
	await s.check('a second notice folds into the same case', async () => {
		assert.equal((await desk.notice(tokens.other, `@${NAME}`)).case, number);
	});
	await s.check('remove: B and C are refused and told, nobody finds or joins it', async () => {
		await desk.must(200, tokens.second, 'POST', `/api/cases/${number}/claim`);
		await desk.decide(tokens.second, number, { action: 'remove' });
		await refused(c, channel);
		await waitFor('the restriction in TDLib', async () => /was removed/.test(await b.restriction(channel)));
		assert.match(await c.restriction(channel), /was removed/);
		await assert.rejects(c.send(channel, 'no'));
		const late = await s.loggedIn(Mtcute);
		await assert.rejects(late.join(NAME));
		await letter(a, 'was removed');
	});
	await s.check('reversal: all read again', async () => {
		await desk.must(200, tokens.moderator, 'POST', `/api/cases/${number}/reverse`, { ground: 'Appeal upheld', facts: 'It was a news report' });
		for (const reader of [c, d])
			await becomes('read again', () => reads(reader, channel).then((texts) => texts.includes('second post') || `reads ${texts}`, (error) => error.message));
		for (const reader of [b, e])
			await waitFor('no restriction in TDLib', async () => (await reader.restriction(channel)) === '');
		await letter(a, 'was restored');
		await a.send(channel, 'third post');
		await all('third post');
		assert.deepEqual((await reads(e, channel)).filter((text) => text.endsWith('post')), ['third post', 'second post', 'first post']);
	});
	const claimed = async (subject) => {
		const filed = await desk.notice(tokens.authority, subject);
		await desk.must(200, tokens.moderator, 'POST', `/api/cases/${filed.case}/claim`);
		return filed.case;
	};
	const inSeconds = (seconds) => `${new Date(Date.now() + seconds * SECOND_MS).toISOString().slice(0, 19)}Z`;
	await s.check('restrict with an end: D and E are refused, and read again when it is over, without anybody', async () => {
		const timed = await claimed(`@${NAME}`);
		const until = inSeconds(15);
		await desk.decide(tokens.moderator, timed, { action: 'restrict', countries: ['ID'], until });
		await refused(d, channel);
		await waitFor('the restriction in TDLib', async () => /not available in your country/.test(await e.restriction(channel)));
		assert.ok((await reads(b, channel)).includes('third post'));
		await letter(a, until);
		await waitFor('no restriction in TDLib', async () => (await e.restriction(channel)) === '');
		await becomes('read again', () => reads(d, channel).then((texts) => texts.includes('third post') || `reads ${texts}`, (error) => error.message));
		await waitFor('the end in the case', async () => (await desk.must(200, tokens.moderator, 'GET', `/api/cases/${timed}`)).order.ended);
	});
	await s.check('a post is hidden in ID: E sees why in its place, B and C read it; restored, E reads it', async () => {
		const hidden = await a.send(channel, 'fourth post');
		await all('fourth post');
		const about = await claimed(`@${NAME}/${hidden.id}`);
		await desk.decide(tokens.moderator, about, { action: 'restrict', countries: ['ID'] });
		const concealed = (texts) => texts.some((text) => /not available in your country/.test(text)) && !texts.includes('fourth post');
		await waitFor('the text in its place in TDLib', async () => concealed(await reads(e, channel)));
		assert.ok(concealed(await reads(d, channel)));
		for (const reader of [b, c]) assert.ok((await reads(reader, channel)).includes('fourth post'));
		await desk.must(200, tokens.second, 'POST', `/api/cases/${about}/reverse`, { ground: 'Appeal upheld', facts: 'It was a quotation' });
		await waitFor('the post in TDLib again', async () => (await reads(e, channel)).includes('fourth post'));
	});
	await s.check('freeze: A is refused in words that clients know, and all read on; reversed, A posts', async () => {
		const frozen = await claimed(`@${NAME}`);
		await desk.decide(tokens.moderator, frozen, { action: 'freeze', until: inSeconds(3600) });
		await assert.rejects(a.send(channel, 'not now'), /CHAT_WRITE_FORBIDDEN|rights|not allowed/i);
		await letter(a, 'takes no new posts');
		assert.ok((await reads(b, channel)).includes('fourth post'));
		await desk.must(200, tokens.second, 'POST', `/api/cases/${frozen}/reverse`, { ground: 'Appeal upheld', facts: 'One post was meant' });
		await a.send(channel, 'fifth post');
		await all('fifth post');
	});
	await s.check('label: TDLib warns of sensitive content, and shows it', async () => {
		const labelled = await claimed(`@${NAME}`);
		await desk.decide(tokens.moderator, labelled, { action: 'label' });
		await waitFor('the warning in TDLib', async () => b.sensitive(channel));
		assert.equal(await b.restriction(channel), '');
		assert.ok((await reads(b, channel)).includes('fifth post'));
		await desk.must(200, tokens.second, 'POST', `/api/cases/${labelled}/reverse`, { ground: 'Appeal upheld', facts: 'It is harmless' });
		await waitFor('no warning in TDLib', async () => !(await b.sensitive(channel)));
	});
	await s.check('the ledger verifies, from the folder and over HTTP; one changed byte is found', async () => {
		const ledger = join(s.server.data, 'desk/ledger');
		s.server.command('ledger', 'verify', ledger);
		s.server.command('ledger', 'verify', `http://127.0.0.1:${s.server.deskPort}/square/ledger`);
		const copy = join(s.folder, 'ledger');
		cpSync(ledger, copy, { recursive: true });
		const found = tiles(copy);
		assert.ok(found.length >= 2, 'there are tiles');
		for (const path of found) {
			const bytes = readFileSync(path);
			bytes[bytes.length >> 1] ^= 1;
			writeFileSync(path, bytes);
			assert.throws(() => s.server.command('ledger', 'verify', copy), /Command failed/, path);
			bytes[bytes.length >> 1] ^= 1;
			writeFileSync(path, bytes);
		}
		s.server.command('ledger', 'verify', copy);
	});
	await s.check('the public page counts it, as HTML, JSON and CSV', async () => {
		const page = await desk.must(200, null, 'GET', '/square/');
		assert.match(page, /<table/);
		assert.match(page, /[Tt]errorist content|terrorism/);
		assert.ok(await desk.must(200, null, 'GET', '/square/counts.json'));
		assert.match(await desk.must(200, null, 'GET', '/square/counts.csv'), /,/);
	});
	await s.check('a notice about something private is refused', async () => {
		const { status } = await desk.ask(tokens.authority, 'POST', '/api/notices', {
			subject: '@lontar_not_there', category: 'terrorism', law: 'Act', reasons: 'none', good_faith: true,
		});
		assert.equal(status, 422);
	});
});
