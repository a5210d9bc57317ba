// SPDX-License-Identifier: Apache-2.0
// A channel is given a name, found by search, read on the web, and gone from both when it gives the name up.
import { strict as assert } from 'node:assert';
import { scenario } from '../lib/cases.mjs';
import { Tdlib } from '../lib/tdlib.mjs';

const NAME = 'lontar_square';
const SERVICE = 777000;
const HOSTILE = '<script>alert("x")</script> & "boats" are running #laut';

await scenario({}, async (s) => {
	let a, b, c, channel;
	const page = async (path, headers = {}) => {
		const answer = await fetch(`http://127.0.0.1:${s.server.port}/s/${path}`, { headers });
		return { status: answer.status, headers: answer.headers, text: await answer.text() };
	};
	const found = async (who, query) => (await who.call(query)).messages.map((m) => m.content.text?.text);
	await s.must('A gives a channel its first name and is told what that means', async () => {
		a = await s.loggedIn(Tdlib);
		b = await s.loggedIn(Tdlib);
		c = await s.loggedIn(Tdlib);
		channel = await a.createChannel('Harbour & <b>News</b>', 'boats and "weather"');
		await a.send(channel, HOSTILE);
		assert.equal((await page(NAME)).status, 404);
		await a.setUsername(channel, NAME);
		await a.inbox.wait('a letter about the name', (e) => e.what === 'message' && e.peer.id === SERVICE && e.text.includes(`@${NAME}`));
	});
	await s.check('B finds the channel by a word of its title, and its posts once it is in', async () => {
		const { chat_ids: chats } = await b.call({ _: 'searchPublicChats', query: 'harbour' });
		assert.equal(chats.length, 1);
		await b.join(NAME);
		const words = { _: 'searchMessages', chat_list: null, query: 'boat run', offset: '', limit: 10, min_date: 0, max_date: 0 };
		assert.deepEqual(await found(b, words), [HOSTILE]);
		assert.deepEqual(await found(b, { ...words, query: 'nothing such' }), []);
		assert.deepEqual(await found(b, { _: 'searchPublicMessagesByTag', tag: '#LAUT', offset: '', limit: 10 }), [HOSTILE]);
	});
	await s.check('who is in no channel finds posts by words too, and pays nothing', async () => {
		const posts = { _: 'searchPublicPosts', query: 'running boat', offset: '', limit: 10, star_count: 0 };
		assert.equal((await c.call({ _: 'getPublicPostSearchLimits', query: posts.query })).is_current_query_free, true);
		assert.deepEqual(await found(c, posts), [HOSTILE]);
		assert.deepEqual(await found(c, { ...posts, query: 'nothing such' }), []);
	});
	await s.check('its page is HTML without script, and says only once what did not change', async () => {
		const first = await page(NAME);
		assert.equal(first.status, 200);
		assert.match(first.headers.get('content-type'), /^text\/html/);
		assert.match(first.headers.get('content-security-policy'), /default-src 'none'/);
		assert.ok(!first.text.includes('<script') && !first.text.includes('<b>News'));
		assert.ok(first.text.includes('&lt;script&gt;') && first.text.includes('og:title') && first.text.includes('tg://resolve?domain='));
		assert.equal((await page(NAME, { 'if-none-match': first.headers.get('etag') })).status, 304);
		assert.equal((await page(`${NAME}/2`)).status, 200);
		for (const path of [`${NAME}/99`, `${NAME}/x`, 'nobody_at_all', 'a', `${NAME}/1/2`]) assert.equal((await page(path)).status, 404, path);
		const feed = await page(`${NAME}/feed`);
		assert.match(feed.headers.get('content-type'), /^application\/atom\+xml/);
		assert.ok(feed.text.includes('&lt;script&gt;') && !feed.text.includes('<script'));
		assert.equal((await page('style.css')).status, 200);
		for (let i = 0; i < 25; i++) await a.send(channel, `post ${i}`);
		const newest = await page(NAME), before = /\?before=(\d+)/.exec(newest.text)[1];
		assert.ok(newest.text.includes('post 24') && !newest.text.includes('post 1<'));
		assert.ok((await page(`${NAME}?before=${before}`)).text.includes('post 1<'));
	});
	await s.check('who reads what is not there is told so in his language, and all of it is alike', async () => {
		const nobody = await page('nobody_at_all', { 'accept-language': 'en' });
		assert.match(nobody.headers.get('content-type'), /^text\/html/);
		assert.match(nobody.headers.get('content-security-policy'), /default-src 'none'/);
		assert.ok(nobody.text.includes('Nothing to read here') && !nobody.text.includes('nobody_at_all'));
		for (const path of [`${NAME}/99`, `${NAME}/x`, 'a', 'nobody_at_all/feed'])
			assert.deepEqual([(await page(path, { 'accept-language': 'en' })).status, (await page(path, { 'accept-language': 'en' })).text], [404, nobody.text], path);
		assert.match((await page('nobody_at_all', { 'accept-language': 'id' })).text, /lang="id".*Tidak ada yang bisa dibaca/s);
	});
	await s.check('without its name it is on no page and in no search, and its members read on', async () => {
		await a.setUsername(channel, '');
		assert.equal((await page(NAME)).status, 404);
		assert.deepEqual((await c.call({ _: 'searchPublicChats', query: 'harbour' })).chat_ids, []);
		assert.deepEqual(await found(a, { _: 'searchPublicMessagesByTag', tag: '#laut', offset: '', limit: 10 }), []);
		assert.ok((await a.history(channel, 50)).some((m) => m.text === HOSTILE));
	});
});
