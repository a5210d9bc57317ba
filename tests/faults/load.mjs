// SPDX-License-Identifier: Apache-2.0
// Kill -9 under load: pairs of mtcute clients write as fast as they are answered while the messenger, the desk, the keeper, the
// supervisor and everything are killed in turn, at moments that the seed chooses. Then every pair is judged by the oracle, from new
// devices.
//
//     node tests/faults/load.mjs [PAIRS [KILLS [SEED]]]
import { strict as assert } from 'node:assert';
import { scenario } from '../clients/lib/cases.mjs';
import { chance } from '../clients/lib/chance.mjs';
import { Mtcute } from '../clients/lib/mtcute.mjs';
import { sleep, waitFor } from '../clients/lib/wait.mjs';
import { Writers } from './writers.mjs';

const PAIRS = Number(process.argv[2] ?? 6);
const KILLS = Number(process.argv[3] ?? 10);
const SEED = Number(process.argv[4] ?? Date.now() % 1000000);
const BETWEEN_MS = 700; // on average

const kinds = [
	(server) => server.killMessenger(),
	(server) => process.kill(server.child('desk'), 'SIGKILL'),
	async (server) => {
		await server.killAll();
		await server.start();
	},
	(server) => server.killKeeper(),
	async (server) => {
		await server.killSupervisor();
		await server.start();
	},
];

await scenario({ minutes: 2 + KILLS / 5 }, async (s) => {
	let writers;
	await s.must(`${PAIRS} pairs sign up and meet`, async () => {
		writers = await Writers.meet(s, Array(PAIRS).fill(Mtcute));
	});
	await s.must(`they write while the server is killed ${KILLS} times`, async () => {
		const moment = chance(SEED);
		writers.begin();
		for (let kill = 0; kill < KILLS; kill++) {
			const before = writers.acknowledged;
			await sleep(BETWEEN_MS * 2 * moment());
			await waitFor('messages between two kills', () => writers.acknowledged > before + 2 * PAIRS, 30000);
			await kinds[kill % kinds.length](s.server);
		}
		await sleep(BETWEEN_MS);
		await writers.end();
		console.log(`${writers.acknowledged} messages were acknowledged over ${KILLS} kills, seed ${SEED}`);
		assert.ok(writers.acknowledged > PAIRS * KILLS);
	});
	await writers.judge(s);
});
