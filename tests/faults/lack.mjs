// SPDX-License-Identifier: Apache-2.0
// Messenger and desk get no memory, once, at a place that the seed chooses: in whatever they or a library do under load or at their
// start. Then they end in an orderly way or go on; nothing that was acknowledged is lost, and nothing is there twice.
//
//     node tests/faults/lack.mjs [TIMES [SEED]]
import { scenario } from '../clients/lib/cases.mjs';
import { chance } from '../clients/lib/chance.mjs';
import { sleep, waitFor } from '../clients/lib/wait.mjs';
import { LackingServer, Load, PROGRAMS } from './lacking.mjs';

const TIMES = Number(process.argv[2] ?? 12);
const SEED = Number(process.argv[3] ?? Date.now() % 1000000);
const FARTHEST = { load: 30000, start: 60000 }; // requests for memory until one is refused

await scenario({ minutes: 4 + TIMES / 3, serverClass: LackingServer }, async (s) => {
	const moment = chance(SEED);
	let load, ends = 0;
	await s.must('pairs meet, a channel is public, an authority writes notices', async () => {
		load = await Load.begin(s);
	});
	await s.must(`memory is refused ${TIMES} times, seed ${SEED}`, async () => {
		for (let time = 0; time < TIMES; time++) {
			const program = PROGRAMS[time % 2], kind = time % 4 < 2 ? 'load' : 'start';
			const before = s.server.child(program);
			const after = Math.ceil(Math.exp(moment() * Math.log(FARTHEST[kind])));
			if (kind === 'start') process.kill(before, 'SIGKILL');
			s.server.refuse(program, after);
			await waitFor(`${program} to be refused memory, ${kind}, ${after}`, () => !s.server.isToRefuse(program), 120000);
			await sleep(300);
			await load.goesOn(`after time ${time}, ${program}, ${kind}, ${after}`);
			ends += s.server.judgeEnds();
		}
		s.server.refuse('messenger', 0);
		s.server.refuse('desk', 0);
		await load.end();
		console.log(`${ends} of ${TIMES} ended a program; ${load}`);
	});
	await load.judge(s);
});
