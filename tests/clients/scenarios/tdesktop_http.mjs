// SPDX-License-Identifier: Apache-2.0
// Debian's Telegram Desktop where nothing but HTTP on port 80 leads to the server: it falls back to its HTTP
// transport by itself, signs up, reads, writes, and opens again. Pictures as in tdesktop.mjs.
import { strict as assert } from 'node:assert';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newPhone, scenario } from '../lib/cases.mjs';
import { HttpOnly, whatIsMissing as noNetwork } from '../lib/http_only.mjs';
import { Mtcute } from '../lib/mtcute.mjs';
import { words } from '../lib/pairs.mjs';
import { PLACES, Screen, signUp, whatIsMissing } from '../lib/screen.mjs';
import { sleep } from '../lib/wait.mjs';

const missing = whatIsMissing() ?? noNetwork();
if (missing) {
	console.log(`skip Telegram Desktop over HTTP: ${missing}`);
	process.exit(0);
}

await scenario({ minutes: 5 }, async (s) => {
	const shots = process.env.LONTAR_SHOTS ?? mkdtempSync(join(tmpdir(), 'lontar-shots-'));
	const screen = new Screen(s.folder, shots);
	const network = new HttpOnly(s.server, join(s.folder, 'http'));
	const phone = newPhone();
	let friend, peer;
	const isRead = (sent) => friend.inbox.all((e) => e.what === 'read' && e.maxId >= sent.id).length > 0;
	console.log(`pictures: ${shots}`);
	try {
		await s.must('Telegram Desktop signs up', async () => {
			s.server.secrets.add(phone.slice(1));
			friend = await s.loggedIn(Mtcute);
			await network.open();
			await screen.open();
			screen.startDesktop(s.server, network.prefix);
			await signUp(s, screen, phone);
			peer = await friend.findByPhone(phone);
			assert.ok(peer.id > 0);
		});
		await s.check('it shows a message, says that it was read, and answers', async () => {
			const sent = await friend.send(peer, words('Hello over HTTP'));
			await sleep(1500);
			await screen.clickUntil('the chat is read', PLACES.firstChat, () => isRead(sent), 40000);
			const answer = words('Hello from the desktop');
			screen.type(answer);
			screen.keys('Return');
			await friend.incoming(answer, 20000);
			screen.shot('http-1-private');
		});
		await s.check('what comes while the chat is open is read at once', async () => {
			for (let i = 0; i < 5; i++) {
				const sent = await friend.send(peer, words(`${i} more`));
				await friend.wasRead(peer, sent.id, 5000);
			}
			screen.shot('http-2-more');
		});
		await s.check('it goes on when the messenger was killed', async () => {
			await s.server.killMessenger();
			const sent = await friend.send(peer, words('after the kill'));
			await friend.wasRead(peer, sent.id, 40000);
			screen.shot('http-3-killed');
		});
		await s.check('it opens again with its saved session', async () => {
			await screen.stopDesktop();
			screen.startDesktop(s.server, network.prefix);
			const sent = await friend.send(peer, words('while it was closed'));
			await sleep(6000);
			await screen.clickUntil('the chat is read', PLACES.firstChat, () => isRead(sent), 60000);
			screen.shot('http-4-again');
		});
		await s.check('all of it went over HTTP, and it polls without haste', async () => {
			assert.ok(network.posts > 20, `${network.posts} packets`);
			await sleep(3000);
			const before = network.posts;
			await sleep(10000);
			assert.ok(network.posts - before < 20, `${network.posts - before} packets in 10 s of nothing`);
		});
	} finally {
		screen.shot('http-last');
		await screen.close();
		network.close();
	}
});
