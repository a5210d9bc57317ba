// SPDX-License-Identifier: Apache-2.0
// Kill -9 under load: pairs of mtcute clients write as fast as they are answered while the messenger,
// the desk and everything are killed in turn. Then every pair is judged by the oracle, from new devices.
//
//     node tests/faults/load.mjs [PAIRS [KILLS]]
import { strict as assert } from 'node:assert';
import { scenario } from '../clients/lib/cases.mjs';
import { Mtcute } from '../clients/lib/mtcute.mjs';
import { checkBoth } from '../clients/lib/oracle.mjs';
import { meet, words } from '../clients/lib/pairs.mjs';
import { sleep, waitFor } from '../clients/lib/wait.mjs';

const PAIRS = Number(process.argv[2] ?? 6);
const KILLS = Number(process.argv[3] ?? 6);
const BETWEEN_MS = 700;

// Writes until told to stop. A message whose answer got lost is repeated by the client with the same
// random_id, or given up by it: then it may be there, once.
async function write(way, sender, peer, name, running) {
	for (let i = 0; running(); i++) {
		const text = words(`${name} ${i}`);
		way.attempted.push(text);
		try {
			await sender.send(peer, text);
			way.acknowledged.push(text);
		} catch (error) {
			way.refusals.push(error.message);
			await sleep(200);
		}
	}
}

const texts = (messages) => messages.map(({ text }) => text).reverse();

await scenario({ minutes: 4 }, async (s) => {
	const pairs = [];
	let go = true;
	await s.must(`${PAIRS} pairs sign up and meet`, async () => {
		for (let i = 0; i < PAIRS; i++) {
			const [a, b] = [await s.loggedIn(Mtcute), await s.loggedIn(Mtcute)];
			pairs.push({ a, b, peers: await meet(a, b), ab: { attempted: [], acknowledged: [], refusals: [] }, ba: { attempted: [], acknowledged: [], refusals: [] } });
		}
	});
	await s.must(`they write while the server is killed ${KILLS} times`, async () => {
		const writers = pairs.flatMap(({ a, b, peers, ab, ba }, i) => [
			write(ab, a, peers.ab, `A${i}`, () => go), write(ba, b, peers.ba, `B${i}`, () => go),
		]);
		for (let kill = 0; kill < KILLS; kill++) {
			const done = () => pairs.reduce((sum, { ab }) => sum + ab.acknowledged.length, 0);
			const before = done();
			await sleep(BETWEEN_MS);
			await waitFor('messages between two kills', () => done() > before + PAIRS, 30000);
			if (kill % 3 === 2) {
				await s.server.killAll();
				await s.server.start();
			} else if (kill % 3 === 1) {
				process.kill(s.server.child('lontar-desk'), 'SIGKILL');
			} else {
				await s.server.killMessenger();
			}
		}
		await sleep(BETWEEN_MS);
		go = false;
		await Promise.all(writers);
		const total = pairs.reduce((sum, { ab, ba }) => sum + ab.acknowledged.length + ba.acknowledged.length, 0);
		console.log(`${total} messages were acknowledged over ${KILLS} kills`);
		assert.ok(total > PAIRS * KILLS);
	});
	for (const [i, { a, b, peers, ab, ba }] of pairs.entries()) {
		await s.check(`pair ${i}: every acknowledged message exactly once, in order, on both sides`, async () => {
			const fresh = [];
			for (const old of [a, b]) fresh.push(await s.loggedIn(Mtcute, { phone: old.phone }));
			for (const device of fresh) await device.dialogs();
			const limit = ab.attempted.length + ba.attempted.length + 20;
			checkBoth(ab, ba, texts(await fresh[0].history(peers.ab, limit)), texts(await fresh[1].history(peers.ba, limit)));
		});
	}
});
