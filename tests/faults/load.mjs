// SPDX-License-Identifier: Apache-2.0
// Kill -9 under load: pairs of mtcute clients write as fast as they are answered while the messenger,
// the desk and everything are killed in turn. Then every pair is judged by the oracle, from new devices.
//
//     node tests/faults/load.mjs [PAIRS [KILLS]]
import { strict as assert } from 'node:assert';
import { scenario } from '../clients/lib/cases.mjs';
import { Mtcute } from '../clients/lib/mtcute.mjs';
import { sleep, waitFor } from '../clients/lib/wait.mjs';
import { Writers } from './writers.mjs';

const PAIRS = Number(process.argv[2] ?? 6);
const KILLS = Number(process.argv[3] ?? 6);
const BETWEEN_MS = 700;

await scenario({ minutes: 4 }, async (s) => {
	let writers;
	await s.must(`${PAIRS} pairs sign up and meet`, async () => {
		writers = await Writers.meet(s, Array(PAIRS).fill(Mtcute));
	});
	await s.must(`they write while the server is killed ${KILLS} times`, async () => {
		writers.begin();
		for (let kill = 0; kill < KILLS; kill++) {
			const before = writers.acknowledged;
			await sleep(BETWEEN_MS);
			await waitFor('messages between two kills', () => writers.acknowledged > before + 2 * PAIRS, 30000);
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
		await writers.end();
		console.log(`${writers.acknowledged} messages were acknowledged over ${KILLS} kills`);
		assert.ok(writers.acknowledged > PAIRS * KILLS);
	});
	await writers.judge(s);
});
