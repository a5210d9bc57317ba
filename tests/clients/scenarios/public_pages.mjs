// SPDX-License-Identifier: Apache-2.0
// What a reader without an account gets of a channel in which everything happens: cards, polls, answers, forwards, reactions,
// authors, pages to turn, in the language of the browser.
import { strict as assert } from 'node:assert';
import { scenario } from '../lib/cases.mjs';
import { waitFor } from '../lib/wait.mjs';
import { Tdlib } from '../lib/tdlib.mjs';

const NAME = 'harbour_news', OTHER = 'weather_office';
const MESSAGE = 2 ** 20;
const chatOf = (channel) => -(1000000000000 + channel.id);
const text = (value) => ({ _: 'formattedText', text: value, entities: [] });

await scenario({}, async (s) => {
	let owner, reader, channel, other;
	const page = async (path, language = 'en') => {
		const answer = await fetch(`http://127.0.0.1:${s.server.port}/s/${path}`, { headers: { 'accept-language': language } });
		return { status: answer.status, headers: answer.headers, text: await answer.text() };
	};
	const card = async (id, language) => /<article[\s\S]*<\/article>/.exec((await page(`${NAME}/${id}`, language)).text)[0];
	const post = async (content, more = {}) => {
		const [{ id }] = await owner.post({ _: 'sendMessage', chat_id: chatOf(channel), input_message_content: content, ...more });
		return id / MESSAGE;
	};
	const say = (value, more) => post({ _: 'inputMessageText', text: text(value) }, more);
	let first, answer, poll;

	await s.must('a channel is full of life', async () => {
		[owner, reader] = [await s.loggedIn(Tdlib), await s.loggedIn(Tdlib)];
		channel = await owner.createChannel('Harbour News', 'Ships, tides and weather.\nWrite to @weather_office.');
		other = await owner.createChannel('Weather & Office', 'Wind');
		await owner.setUsername(channel, NAME);
		await owner.setUsername(other, OTHER);
		await owner.call({ _: 'toggleSupergroupSignMessages', supergroup_id: channel.id, sign_messages: true, show_message_sender: false });
		first = await say('The ferry *Sinar* is late <today>.');
		answer = await say('It is here now.', { reply_to: { _: 'inputMessageReplyToMessage', message_id: first * MESSAGE } });
		poll = await post({
			_: 'inputMessagePoll', question: text('Which quay?'), options: ['North', 'South'].map((option) => ({ _: 'inputPollOption', text: text(option) })),
			is_anonymous: true, type: { _: 'inputPollTypeRegular' },
		});
		await reader.join(NAME);
	});
	await s.check('a card has author, time, views, and the post that it answers', async () => {
		const html = await card(answer);
		assert.match(html, /<time datetime="\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ">\d{1,2} [A-Z][a-z]+ \d{4}, \d\d:\d\d UTC<\/time>/);
		assert.match(html, /1 view</);
		assert.match(html, /<span dir="auto">User 0<\/span>/);
		assert.match(html, new RegExp(`class="answer" href="/s/${NAME}/${first}"><b>In reply to</b><span dir="auto">The ferry \\*Sinar\\* is late &lt;today&gt;`));
	});
	await s.check('a forward names its public channel, and both posts count', async () => {
		const from = (await owner.send(other, 'Wind from the west')).id;
		const [{ id }] = await owner.post({
			_: 'forwardMessages', chat_id: chatOf(channel), from_chat_id: chatOf(other), message_ids: [from * MESSAGE], send_copy: false,
		});
		assert.match(await card(id / MESSAGE), new RegExp(`Forwarded from <a href="/s/${OTHER}/${from}" dir="auto">Weather &amp; Office</a>`));
		assert.match((await page(`${OTHER}/${from}`)).text, /1 forward</);
		await owner.setUsername(other, '');
		const hidden = await card(id / MESSAGE);
		assert.ok(!hidden.includes(OTHER) && !hidden.includes('Weather'), hidden);
	});
	await s.check('a poll has its shape, and numbers once it is closed', async () => {
		assert.match(await card(poll), /<h2 dir="auto">Which quay\?<\/h2><div class="soft">Anonymous poll<[\s\S]*North[\s\S]*South[\s\S]*0 votes/);
		await reader.call({ _: 'getMessage', chat_id: chatOf(channel), message_id: poll * MESSAGE });
		await reader.call({ _: 'setPollAnswer', chat_id: chatOf(channel), message_id: poll * MESSAGE, option_ids: [1] });
		await waitFor('the vote', async () => /1 vote</.test(await card(poll)));
		assert.ok(!(await card(poll)).includes('<meter'));
		await owner.call({ _: 'stopPoll', chat_id: chatOf(channel), message_id: poll * MESSAGE });
		assert.match(await card(poll), /Final results<[\s\S]*0%[\s\S]*100%<\/span><meter max="1" value="1">/);
	});
	await s.check('reactions are counted on the page', async () => {
		await reader.call({ _: 'getMessage', chat_id: chatOf(channel), message_id: first * MESSAGE });
		await reader.call({
			_: 'addMessageReaction', chat_id: chatOf(channel), message_id: first * MESSAGE, is_big: false, update_recent_reactions: false,
			reaction_type: { _: 'reactionTypeEmoji', emoji: '👍' },
		});
		await waitFor('the reaction', async () => /<ul class="tally"><li>👍 1<\/li><\/ul>/.test(await card(first)));
	});
	await s.check('the page speaks the language that the browser asks for', async () => {
		const html = await page(NAME, 'id-ID, en;q=0.5');
		assert.equal(html.headers.get('content-language'), 'id');
		assert.match(html.headers.get('vary'), /Accept-Language/i);
		assert.ok(html.text.includes('<html lang="id">') && html.text.includes('Buka di aplikasi') && html.text.includes('pelanggan'));
		assert.ok((await page(NAME, 'fr')).text.includes('Open in the app'));
	});
	await s.check('pages turn both ways and meet, and a post leads to its neighbours', async () => {
		for (let i = 0; i < 45; i++) await owner.send(channel, `number ${i}`);
		const shown = (html) => [...html.matchAll(/<article id="p(\d+)"/g)].map((match) => Number(match[1]));
		const turn = async (html, name) => page(`${NAME}${new RegExp(`\\?${name}=\\d+`).exec(html)?.[0] ?? '/none'}`);
		const newest = (await page(NAME)).text;
		assert.equal(shown(newest).length, 20);
		assert.ok(!newest.includes('?after='));
		const middle = (await turn(newest, 'before')).text;
		assert.equal(shown(middle)[0], shown(newest).at(-1) - 1);
		const oldest = (await turn(middle, 'before')).text;
		assert.ok(shown(oldest).includes(first) && !oldest.includes('?before='));
		assert.deepEqual(shown((await turn(oldest, 'after')).text), shown(middle));
		assert.deepEqual(shown((await turn(middle, 'after')).text), shown(newest));
		const one = (await page(`${NAME}/${answer}`)).text;
		assert.ok(one.includes(`?before=${answer}"`) && one.includes(`?after=${answer}"`) && one.includes('og:type" content="article"'));
	});
	await s.check('the feed has the posts as HTML', async () => {
		const feed = await page(`${NAME}/feed`);
		assert.equal(feed.status, 200);
		assert.ok(feed.text.includes('<content type="html">&lt;div class=&quot;text&quot;') && feed.text.includes('<author><name>User 0</name></author>'));
	});
});
