// SPDX-License-Identifier: Apache-2.0
// Where the square ends: at the border of a country for readers without an account, where an operator has a file of addresses;
// and at once when a channel gives up its name, for readers, search and the desk alike.
import { strict as assert } from 'node:assert';
import { get } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scenario } from '../lib/cases.mjs';
import { Desk } from '../lib/desk.mjs';
import { mmdb } from '../lib/mmdb.mjs';
import { Tdlib } from '../lib/tdlib.mjs';
import { waitFor } from '../lib/wait.mjs';

const NAME = 'lontar_border';
const TEXT = 'a lighthouse keeper counts boats';

const folder = mkdtempSync(join(tmpdir(), 'lontar-countries-'));
writeFileSync(join(folder, 'countries.mmdb'), mmdb({ '127.0.0.2': 'ID', '127.0.0.3': 'DE' }));

await scenario({ ini: { web: { geoip: join(folder, 'countries.mmdb') } } }, async (s) => {
	let owner, reader, stranger, desk, tokens, channel;
	const page = (path = '', from = '127.0.0.1') => new Promise((done, fail) => {
		get({ host: '127.0.0.1', port: s.server.port, path: `/s/${NAME}${path}`, localAddress: from }, (answer) => {
			let text = '';
			answer.setEncoding('utf8').on('data', (part) => { text += part; }).on('end', () => done({ status: answer.statusCode, text }));
		}).on('error', fail);
	});
	const file = (subject) => desk.ask(tokens.authority, 'POST', '/api/notices', {
		subject, category: 'terrorism', law: 'Act No. 5 of 2018', reasons: 'The channel calls for violence.', good_faith: true,
	});
	await s.must('a public channel with a post, and people at the desk', async () => {
		[owner, reader, stranger] = [await s.loggedIn(Tdlib), await s.loggedIn(Tdlib), await s.loggedIn(Tdlib)];
		desk = new Desk(s.server);
		tokens = { authority: desk.grant('authority', 'An authority', '--country', 'ID'), moderator: desk.grant('moderator', 'One', '--lang', 'id,en') };
		channel = await owner.createChannel('Border', 'about it');
		await owner.setUsername(channel, NAME);
		await owner.send(channel, TEXT);
		for (const from of ['127.0.0.1', '127.0.0.2', '127.0.0.3']) assert.equal((await page('', from)).status, 200);
	});
	await s.check('what is restricted in a country is restricted to readers there, and to nobody else', async () => {
		const { case: number } = await desk.notice(tokens.authority, `@${NAME}`);
		await desk.must(200, tokens.moderator, 'POST', `/api/cases/${number}/claim`);
		await desk.decide(tokens.moderator, number, { action: 'restrict', countries: ['ID'] });
		await waitFor('the restriction', async () => (await page('', '127.0.0.2')).status === 451);
		for (const path of ['', '/2', '/feed']) {
			const { status, text } = await page(path, '127.0.0.2');
			assert.equal(status, 451, path);
			assert.ok(!text.includes(TEXT), path);
		}
		assert.match((await page('', '127.0.0.2')).text, /not available in your country/);
		for (const from of ['127.0.0.1', '127.0.0.3']) {
			const { status, text } = await page('', from);
			assert.equal(status, 200, from);
			assert.ok(text.includes(TEXT), from);
		}
	});
	await s.check('who gives up the name is out of reach at once: page, search, links, desk', async () => {
		const search = () => reader.call({ _: 'searchMessages', chat_list: null, query: 'lighthouse keeper', offset: '', limit: 10, min_date: 0, max_date: 0 });
		const { case: number } = (await file(`@${NAME}/2`)).body;
		await reader.join(NAME);
		await waitFor('the post to be found', async () => (await search()).messages.length === 1);
		await reader.leave(channel);
		await owner.setUsername(channel, '');
		// The first answers that anybody gets after it: nothing is kept that would have to run out.
		const [read, feed, found, linked, filed, claimed] = await Promise.all([
			page(), page('/feed'), search(), stranger.call({ _: 'searchPublicChat', username: NAME }).then(() => null, (error) => error),
			file(`@${NAME}/2`), desk.must(200, tokens.moderator, 'POST', `/api/cases/${number}/claim`),
		]);
		assert.deepEqual([read.status, feed.status], [404, 404]);
		assert.deepEqual(found.messages, []);
		assert.ok(linked, 'the name leads nowhere');
		assert.equal(filed.status, 422);
		assert.deepEqual(claimed.evidence, [], 'the desk takes nothing of what is private');
		assert.ok(!JSON.stringify(claimed).includes('lighthouse'));
	});
});
rmSync(folder, { recursive: true });
