// SPDX-License-Identifier: Apache-2.0
// Everything is lost and comes back from a backup that is older than what TDLib's clients have seen. They stay logged in, what they
// wrote before it is there, and what they write after it arrives exactly once, both ways.
import { strict as assert } from 'node:assert';
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { scenario } from '../lib/cases.mjs';
import { meet, words } from '../lib/pairs.mjs';
import { Tdlib } from '../lib/tdlib.mjs';
import { waitFor } from '../lib/wait.mjs';

await scenario({}, async (s) => {
	let a, b, peers;
	const backup = join(s.folder, 'backup'), root = join(s.folder, 'kept.key');
	const before = words('before the backup'), lost = [];
	const count = async (device, peer, text) => (await device.history(peer)).filter((message) => message.text === text).length;

	await s.must('two people with a chat', async () => {
		a = await s.loggedIn(Tdlib, { name: 'Anna' });
		b = await s.loggedIn(Tdlib, { name: 'Bela', pfs: true });
		peers = await meet(a, b);
		await a.send(peers.ab, before);
		await b.incoming(before);
	});
	await s.must('a backup is made, and they go on writing', async () => {
		s.server.command('backup', backup, '--data', s.server.data);
		for (let i = 0; i < 5; i++) {
			for (const [from, to, peer] of [[a, b, peers.ab], [b, a, peers.ba]]) {
				const text = words(`lost ${i}`);
				lost.push(text);
				await from.send(peer, text);
				await to.incoming(text);
			}
		}
	});
	await s.must('everything is lost, and the backup is restored', async () => {
		await s.server.killAll();
		copyFileSync(join(s.server.data, 'root.key'), root);
		rmSync(s.server.data, { recursive: true });
		s.server.command('restore', backup, '--data', s.server.data, '--root-key', root);
		await s.server.start();
	});
	await s.check('nobody is logged out', async () => {
		await waitFor('both to be back', () => [a, b].every((device) => device.connection === 'connectionStateReady'));
		for (const device of [a, b]) assert.equal(device.authorization, 'authorizationStateReady');
	});
	await s.check('what they write arrives exactly once, in both directions', async () => {
		for (let i = 0; i < 3; i++) {
			for (const [from, to, peer, other] of [[a, b, peers.ab, peers.ba], [b, a, peers.ba, peers.ab]]) {
				const text = words(`after it ${i}`);
				await from.send(peer, text);
				await to.incoming(text);
				assert.equal(await count(from, peer, text), 1, 'at the sender');
				assert.equal(await count(to, other, text), 1, 'at the receiver');
			}
		}
	});
	await s.check('what was written before the backup is there, once', async () => {
		assert.equal(await count(a, peers.ab, before), 1);
		assert.equal(await count(b, peers.ba, before), 1);
	});
});
