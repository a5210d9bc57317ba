// SPDX-License-Identifier: Apache-2.0
// Debian's Telegram Desktop on a screen of its own: signs up, reads and writes in a private chat, finds
// and joins a channel, makes one and posts in it, is shown a removal, opens again. Judged by what others
// get from it; the pictures are for eyes, in LONTAR_SHOTS or a temporary folder that it names.
import { strict as assert } from 'node:assert';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newPhone, scenario } from '../lib/cases.mjs';
import { Desk } from '../lib/desk.mjs';
import { Mtcute } from '../lib/mtcute.mjs';
import { words } from '../lib/pairs.mjs';
import { PLACES, Screen, signUp, whatIsMissing } from '../lib/screen.mjs';
import { sleep, waitFor } from '../lib/wait.mjs';

const CHANNEL = 'lontar_friends';
const missing = whatIsMissing();
if (missing) {
	console.log(`skip Telegram Desktop: ${missing}`);
	process.exit(0);
}

await scenario({ minutes: 5 }, async (s) => {
	const shots = process.env.LONTAR_SHOTS ?? mkdtempSync(join(tmpdir(), 'lontar-shots-'));
	const screen = new Screen(s.folder, shots);
	const phone = newPhone();
	let friend, peer, second, channel;
	console.log(`pictures: ${shots}`);
	try {
		await s.must('Telegram Desktop signs up', async () => {
			s.server.secrets.add(phone.slice(1));
			friend = await s.loggedIn(Mtcute);
			await screen.open();
			screen.startDesktop(s.server);
			await signUp(s, screen, phone);
			peer = await friend.findByPhone(phone);
			assert.ok(peer.id > 0);
		});
		await s.check('it shows a message, says that it was read, and answers', async () => {
			const sent = await friend.send(peer, `${words('Hello, see')} https://lontar.example and @${CHANNEL}`);
			await sleep(1500);
			await screen.click(PLACES.firstChat);
			await friend.wasRead(peer, sent.id, 20000);
			const answer = words('Hello from the desktop');
			screen.type(answer);
			screen.keys('Return');
			await friend.incoming(answer, 20000);
			await sleep(1000);
			screen.shot('3-private');
		});
		await s.check('it finds a channel by name, joins it, and shows a post as it comes', async () => {
			channel = await friend.createChannel('Friends of Lontar', 'about it');
			await friend.setUsername(channel, CHANNEL);
			await friend.send(channel, 'the first post');
			await screen.click(PLACES.search);
			screen.type(CHANNEL);
			await sleep(3500);
			screen.shot('4-found');
			await screen.click(PLACES.firstResult);
			await sleep(2500);
			await screen.clickUntil('two members', PLACES.bottom, async () => (await friend.memberCount(channel)) === 2);
			await friend.send(channel, 'a second post, seen as it comes');
			await sleep(2500);
			screen.shot('5-channel');
		});
		await s.check('it makes a channel and posts in it; a second device sees the post', async () => {
			second = await s.loggedIn(Mtcute, { phone });
			screen.keys('Escape', 'Escape', 'Escape');
			await screen.click(PLACES.menu);
			await sleep(1000);
			await screen.click(PLACES.newChannel);
			await sleep(1500);
			screen.type('Desktop channel');
			screen.keys('Return', 'Return');
			await waitFor('the channel in the list', async () => (await second.dialogs()).some(({ title }) => title === 'Desktop channel'), 15000);
			await sleep(1500);
			screen.shot('6-made');
			screen.keys('Escape', 'Escape');
			await screen.click(PLACES.firstChat);
			await sleep(1000);
			screen.type('Post from the desktop');
			screen.keys('Return');
			await second.inbox.wait('the post at the second device', (e) => e.what === 'message' && e.text === 'Post from the desktop', 20000);
			await sleep(1000);
			screen.shot('7-posted');
		});
		await s.check('it opens again with its saved session', async () => {
			await screen.stopDesktop();
			screen.startDesktop(s.server);
			const sent = await friend.send(peer, words('while it was closed'));
			await sleep(6000);
			await screen.clickUntil('the chat is read', PLACES.firstChat, () => friend.inbox.all((e) => e.what === 'read' && e.maxId >= sent.id).length > 0, 40000);
			screen.shot('8-again');
		});
		await s.check('a removed channel shows the reason', async () => {
			const desk = new Desk(s.server);
			const { case: number } = await desk.notice(desk.grant('authority', 'An authority'), `@${CHANNEL}`);
			const moderator = desk.grant('moderator', 'One');
			await friend.send(channel, 'the newest post'); // its line comes to the second place
			await desk.must(200, moderator, 'POST', `/api/cases/${number}/claim`);
			await sleep(1500);
			await screen.click(PLACES.firstChat);
			await sleep(1500);
			screen.shot('9-before-removal');
			await desk.decide(moderator, number, { action: 'remove' });
			await waitFor('the removal', async () => /was removed/.test(await second.restriction(channel)), 5000);
			await sleep(2000);
			screen.shot('10-removed');
		});
	} finally {
		screen.shot('last');
		await screen.close();
	}
});
