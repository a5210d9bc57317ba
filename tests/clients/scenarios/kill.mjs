// SPDX-License-Identifier: Apache-2.0
// Two TDLib users write 100 messages each way while the server is killed (-9) twice: once the messenger,
// which the supervisor starts again, and once everything. Then both open again from their saved state.
import { strict as assert } from 'node:assert';
import { scenario } from '../lib/cases.mjs';
import { Mtcute } from '../lib/mtcute.mjs';
import { Tdlib } from '../lib/tdlib.mjs';
import { checkBoth } from '../lib/oracle.mjs';
import { meet, words } from '../lib/pairs.mjs';
import { sleep, waitFor } from '../lib/wait.mjs';

const EACH_WAY = 100;
const KILLS_AT = [30, 65];

function direction(sender, peer, name) {
	const way = { attempted: [], acknowledged: [], drafts: [], refused: () => way.drafts.map((draft) => sender.sends.get(draft)?.error?.message).filter(Boolean) };
	sender.onAcknowledged = (message) => way.acknowledged.push(message.text);
	way.write = async (i) => {
		const text = words(`${name} ${i}`);
		way.attempted.push(text);
		way.drafts.push(await sender.sendLater(peer, text));
	};
	return way;
}

const texts = (messages) => messages.map(({ text }) => text).reverse();

await scenario({}, async (s) => {
	let a, b, peers, ab, ba;
	await s.must('two TDLib users sign up and find each other by number', async () => {
		a = await s.loggedIn(Tdlib);
		b = await s.loggedIn(Tdlib);
		peers = await meet(a, b);
		assert.equal((await a.findByPhone(b.phone)).id, b.id);
		ab = direction(a, peers.ab, 'A');
		ba = direction(b, peers.ba, 'B');
	});
	await s.must(`${EACH_WAY} messages each way over two kills; all are acknowledged in the end`, async () => {
		const exchange = (async () => {
			for (let i = 0; i < EACH_WAY; i++) {
				await Promise.all([ab.write(i), ba.write(i)]);
				await sleep(20);
			}
		})();
		await waitFor('the first kill', () => ab.attempted.length >= KILLS_AT[0]);
		await s.server.killMessenger();
		await waitFor('the second kill', () => ab.attempted.length >= KILLS_AT[1]);
		await s.server.killAll();
		await s.server.start();
		await exchange;
		const said = () => [ab, ba].map((way) => `${way.acknowledged.length}, lacks ${way.attempted.filter((text) => !way.acknowledged.includes(text)).slice(0, 3).join(', ')}`);
		await waitFor(() => `acknowledgements (have ${said().join('; ')})`, () => {
			assert.deepEqual([...ab.refused(), ...ba.refused()], [], 'refused for good');
			return ab.acknowledged.length === EACH_WAY && ba.acknowledged.length === EACH_WAY;
		});
	});
	const judge = async (left, right) => {
		const limit = 2 * EACH_WAY + 20;
		checkBoth(ab, ba, texts(await left.history(peers.ab, limit)), texts(await right.history(peers.ba, limit)));
	};
	await s.check('every acknowledged message exactly once, in order, on both sides', () => judge(a, b));
	await s.check('both open again from their saved state and catch up', async () => {
		await a.close();
		const late = words('while A was closed');
		await b.send(peers.ba, late);
		ba.attempted.push(late);
		assert.ok(await a.open());
		await a.online();
		await a.incoming(late);
		assert.ok(await b.reopen());
		await judge(a, b);
	});
	await s.check('new devices, which know nothing, read the same from the server', async () => {
		const fresh = [];
		for (const old of [a, b]) fresh.push(await s.loggedIn(Mtcute, { phone: old.phone }));
		for (const device of fresh) await device.dialogs();
		await judge(fresh[0], fresh[1]);
	});
});
