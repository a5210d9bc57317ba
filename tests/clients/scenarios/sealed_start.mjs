// SPDX-License-Identifier: Apache-2.0
// A server that starts without its root: TDLib's clients write into it, a notice is filed and a takedown ordered on its desk.
// Three of five custodians open it: everything arrives exactly once, nobody is logged out, the order is carried out.
import { strict as assert } from 'node:assert';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scenario } from '../lib/cases.mjs';
import { Desk } from '../lib/desk.mjs';
import { meet, words } from '../lib/pairs.mjs';
import { Tdlib } from '../lib/tdlib.mjs';
import { waitFor } from '../lib/wait.mjs';

const NAME = 'lontar_sealed';
const NAMES = ['ani', 'budi', 'citra', 'dewi', 'eka'];

await scenario({}, async (s) => {
	let a, b, peers, secret, channel, desk, tokens, number;
	const at = (name) => join(s.folder, name);
	const drafts = [];
	const unseal = (name) => s.server.command('vault', 'unseal', '--server', `127.0.0.1:${s.server.port}`,
		'--share', at(`share-${NAMES.indexOf(name) + 1}-${name}.txt`), '--key', at(`${name}.key`), '--passphrase-file', at('phrase'));
	const page = async (port, path) => (await fetch(`http://127.0.0.1:${port}${path}`)).text();
	const count = async (device, peer, text) => (await device.history(peer)).filter((message) => message.text === text).length;

	await s.must('two people with a chat and a secret chat, a public channel, a desk', async () => {
		a = await s.loggedIn(Tdlib, { name: 'Anna' });
		b = await s.loggedIn(Tdlib, { name: 'Bela', pfs: true });
		peers = await meet(a, b);
		secret = await a.secretChat(b.id);
		for (const device of [a, b]) await device.secretState(secret, 'Ready');
		channel = await a.createChannel('Sealed', 'about it');
		await a.setUsername(channel, NAME);
		await b.join(NAME);
		await a.send(channel, 'a post');
		await b.incoming('a post');
		desk = new Desk(s.server);
		tokens = { authority: desk.grant('authority', 'An authority', '--country', 'ID'), moderator: desk.grant('moderator', 'One', '--lang', 'id,en') };
	});
	await s.must('its root is split among five custodians', async () => {
		writeFileSync(at('phrase'), 'three words and a half\n');
		for (const name of NAMES) s.server.command('vault', 'custodian', 'new', at(`${name}.key`), '--passphrase-file', at('phrase'));
		s.server.command('vault', 'split', '--data', s.server.data, '--shares', '5', '--threshold', '3', '--out', s.folder,
			...NAMES.flatMap((name) => ['--custodian', at(`${name}.key.pub`)]));
		for (const name of ['ani', 'budi', 'citra']) unseal(name);
		s.server.command('vault', 'split', '--data', s.server.data, '--finish');
	});
	await s.must('started again it is sealed; messages are written into it, and into a secret chat', async () => {
		await s.server.killAll();
		for (const [from, peer, text] of [[a, peers.ab, 'while it was dead'], [a, secret, 'in secret, while it was dead']])
			drafts.push({ from, to: b, peer, text: words(text) });
		for (const draft of drafts) draft.id = await draft.from.sendLater(draft.peer, draft.text);
		await s.server.start();
		assert.match(await page(s.server.port, '/'), /0 of 3 shares/);
		const more = [[a, b, peers.ab, 'while it was sealed'], [b, a, peers.ba, 'while it was sealed'],
			[a, b, secret, 'in secret, while it was sealed'], [b, a, secret, 'in secret, while it was sealed']]
			.map(([from, to, peer, text]) => ({ from, to, peer, text: words(text) }));
		for (const draft of more) draft.id = await draft.from.sendLater(draft.peer, draft.text);
		drafts.push(...more);
	});
	await s.must('its desk accepts a notice, a claim and a takedown meanwhile', async () => {
		number = (await desk.notice(tokens.authority, `@${NAME}`)).case;
		await desk.must(200, tokens.moderator, 'POST', `/api/cases/${number}/claim`);
		await desk.decide(tokens.moderator, number, { action: 'remove' });
	});
	await s.check('clients are held: connections come in, nothing is acknowledged, nobody is logged out', async () => {
		await waitFor('both to notice', () => [a, b].every((device) => device.connection !== 'connectionStateReady'));
		for (const draft of drafts) await assert.rejects(draft.from.sent(draft.id, 300), /waited/);
		for (const device of [a, b]) assert.equal(device.authorization, 'authorizationStateReady');
	});
	await s.must('three custodians open it', async () => {
		for (const name of ['budi', 'dewi', 'eka']) unseal(name);
		await waitFor('an open server', async () => s.server.log.includes('"serving"') && !(await page(s.server.port, '/').catch(() => 'sealed')).includes('sealed'));
	});
	await s.check('what was written is sent by itself and arrives exactly once, in secret chats too', async () => {
		for (const draft of drafts) {
			await draft.from.sent(draft.id);
			await draft.to.incoming(draft.text);
		}
		for (const { from, to, peer, text } of drafts) {
			const other = peer === secret ? secret : peer === peers.ab ? peers.ba : peers.ab;
			assert.equal(await count(from, peer, text), 1, 'at the sender');
			assert.equal(await count(to, other, text), 1, 'at the receiver');
		}
		for (const device of [a, b]) assert.equal(device.authorization, 'authorizationStateReady');
	});
	await s.check('the secret chat goes on with the keys it had', async () => {
		const text = words('after it was opened');
		await a.send(secret, text);
		await b.incoming(text);
	});
	await s.check('the takedown is carried out, and the case is there', async () => {
		await waitFor('the order', async () => /was removed/.test(await b.restriction(channel)));
		await desk.must(200, tokens.moderator, 'GET', `/api/cases/${number}`);
	});
});
