// SPDX-License-Identifier: Apache-2.0
// The server's clock is stepped under load, on and back, while clients keep theirs: pairs of stock clients write as fast as they are
// answered. After each step all of them are served again, nobody has to start a client anew, and in the end the oracle judges.
// Telethon is not among them: it ignores an answer that looks too new, and never asks for it again.
//
//     node tests/faults/steps.mjs [SECONDS,SECONDS,... [CLIENT,CLIENT,...]]     behind "!" the messenger is killed as well
import { strict as assert } from 'node:assert';
import { openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { scenario } from '../clients/lib/cases.mjs';
import { Gramjs } from '../clients/lib/gramjs.mjs';
import { Mtcute } from '../clients/lib/mtcute.mjs';
import { meet, words } from '../clients/lib/pairs.mjs';
import { BUILD, Server } from '../clients/lib/server.mjs';
import { Tdlib } from '../clients/lib/tdlib.mjs';
import { sleep, waitFor } from '../clients/lib/wait.mjs';
import { Writers } from './writers.mjs';

const STEPS = (process.argv[2] ?? '1,-1,20,-20,200,-200,400!,-400!,7200,-7200!,86400,-86400!').split(',');
const CLIENTS = (process.argv[3] ?? 'Mtcute,Tdlib,Gramjs').split(',').map((name) => ({ Mtcute, Tdlib, Gramjs })[name]);
const BETWEEN_MS = 500;
const BEATS_MS = 3500; // of the server's work by the clock, some
const DAY_S = 86400;

// Its processes read their clock through the file; this one, with the clients, has the machine's.
class SteppedServer extends Server {
	constructor(settings) {
		super(settings);
		this.clock = join(this.data, 'clock');
		writeFileSync(this.clock, Buffer.alloc(8));
		this.offset = 0;
	}

	async start() {
		Object.assign(process.env, { LD_PRELOAD: join(BUILD, 'tests/day/day_clock.so'), LONTAR_CLOCK_STEP: this.clock });
		try {
			await super.start();
		} finally {
			delete process.env.LD_PRELOAD;
		}
	}

	step(seconds) {
		this.offset += seconds;
		const bytes = Buffer.alloc(8);
		bytes.writeBigInt64LE(BigInt(this.offset) * 1000000000n);
		writeSync(this.file ??= openSync(this.clock, 'r+'), bytes, 0, 8, 0);
	}
}

await scenario({ minutes: 6, serverClass: SteppedServer }, async (s) => {
	let writers;
	await s.check('what deletes itself after a day outlives two days that never were', async () => {
		const [anna, ben] = [await s.loggedIn(Tdlib), await s.loggedIn(Mtcute)];
		const { ab } = await meet(anna, ben);
		await anna.call({ _: 'setChatMessageAutoDeleteTime', chat_id: ben.id, message_auto_delete_time: DAY_S });
		const text = words('for a day');
		await anna.send(ab, text);
		await ben.incoming(text);
		s.server.step(2 * DAY_S);
		await waitFor('a word about it in the log', () => s.server.log.includes('clock_jumped'));
		await sleep(BEATS_MS);
		s.server.step(-2 * DAY_S);
		const later = await s.loggedIn(Mtcute, { phone: ben.phone });
		await later.dialogs();
		const found = await later.history({ kind: 'user', id: anna.id }, 10);
		assert.ok(found.some((message) => message.text === text), JSON.stringify(found));
	});
	await s.must('pairs sign up and meet', async () => {
		writers = await Writers.meet(s, CLIENTS);
		writers.begin();
		await writers.goesOn('before any step');
	});
	for (const step of STEPS) {
		await s.check(`a step of ${step.replace('!', ' s with a kill')}${step.endsWith('!') ? '' : ' s'}`, async () => {
			s.server.step(parseInt(step, 10));
			if (step.endsWith('!')) await s.server.killMessenger();
			await sleep(BETWEEN_MS);
			await writers.goesOn(`after ${step}`, 60000);
		});
	}
	await s.must('all is over', async () => {
		s.server.step(-s.server.offset);
		await writers.goesOn('in the end', 60000);
		await writers.end();
		console.log(`# ${writers.acknowledged} messages were acknowledged over ${STEPS.length} steps`);
	});
	await writers.judge(s);
});
