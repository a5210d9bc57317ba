// SPDX-License-Identifier: Apache-2.0
// Messenger and desk get no memory, once, at a place that the seed chooses: in whatever they or a library do under load or at their
// start. Then they end in an orderly way or go on; nothing that was acknowledged is lost, and nothing is there twice.
//
//     node tests/faults/lack.mjs [TIMES [SEED]]
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { openSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { scenario } from '../clients/lib/cases.mjs';
import { chance } from '../clients/lib/chance.mjs';
import { Desk } from '../clients/lib/desk.mjs';
import { Mtcute } from '../clients/lib/mtcute.mjs';
import { BUILD, Server } from '../clients/lib/server.mjs';
import { sleep, waitFor } from '../clients/lib/wait.mjs';
import { Writers } from './writers.mjs';

const TIMES = Number(process.argv[2] ?? 12);
const SEED = Number(process.argv[3] ?? Date.now() % 1000000);
const FARTHEST = { load: 30000, start: 60000 }; // requests for memory until one is refused
const PAGE = 4096;
const BETWEEN_MS = 50; // notices
const PROGRAMS = ['messenger', 'desk'];
const ABORTED = 6, DISK = 74, GONE = 69; // how a program may end: docs/decisions.md, "Without memory a program ends"

class LackingServer extends Server {
	constructor(settings) {
		super(settings);
		this.lack = join(this.data, 'lack');
		writeFileSync(this.lack, Buffer.alloc(PAGE));
		this.file = openSync(this.lack, 'r+');
	}

	async start() {
		Object.assign(process.env, { LD_PRELOAD: join(BUILD, 'tests/faults/lack.so'), LONTAR_LACK: this.lack });
		try {
			await super.start();
		} finally {
			delete process.env.LD_PRELOAD;
		}
	}

	refuse(program, after) {
		const number = Buffer.alloc(8);
		number.writeBigInt64LE(BigInt(after));
		writeSync(this.file, number, 0, 8, PROGRAMS.indexOf(program) * 16);
	}

	refused(program) {
		const number = Buffer.alloc(8);
		readSync(this.file, number, 0, 8, PROGRAMS.indexOf(program) * 16 + 8);
		return Number(number.readBigInt64LE());
	}
}

// Sends notices, one after the other, each until it is taken.
class Notifier {
	taken = 0;
	#go = true;

	constructor(server, token, subject) {
		Object.assign(this, { server, token, subject });
	}

	async #once(number) {
		const answer = await fetch(`http://127.0.0.1:${this.server.deskPort}/api/notices`, {
			method: 'POST', signal: AbortSignal.timeout(5000),
			headers: { 'content-type': 'application/json', 'idempotency-key': `notice-${number}`, authorization: `Bearer ${this.token}` },
			body: JSON.stringify({ subject: this.subject, category: 'terrorism', law: 'Act No. 5 of 2018', reasons: `For the reason ${number}.`, good_faith: true }),
		});
		const text = await answer.text();
		assert.ok(answer.status === 201 || answer.status >= 500, `${answer.status}: ${text}`);
		return answer.status === 201;
	}

	async #run() {
		for (let number = 0; this.#go; number++) {
			while (!await this.#once(number).catch((error) => { if (error.code === 'ERR_ASSERTION') throw error; })) await sleep(100);
			this.taken++;
			await sleep(BETWEEN_MS);
		}
	}

	begin() {
		this.running = this.#run();
		this.running.catch((error) => { this.fault = error; });
	}

	async goesOn(where) {
		const before = this.taken;
		await waitFor(() => `notices ${where}`, () => {
			if (this.fault) throw this.fault;
			return this.taken > before + 1;
		}, 60000);
	}

	async end() {
		this.#go = false;
		await this.running;
	}
}

await scenario({ minutes: 4 + TIMES / 3, serverClass: LackingServer }, async (s) => {
	const moment = chance(SEED), ends = [];
	let writers, notifier;
	await s.must('pairs meet, a channel is public, an authority writes notices', async () => {
		writers = await Writers.meet(s, [Mtcute, Mtcute, Mtcute]);
		const owner = await s.loggedIn(Mtcute);
		const channel = await owner.createChannel('Lacking', 'of memory');
		await owner.setUsername(channel, 'lacking_one');
		await owner.send(channel, 'here is something');
		const token = new Desk(s.server).grant('authority', 'Office', '--country', 'ID');
		notifier = new Notifier(s.server, token, '@lacking_one/2');
		writers.begin();
		notifier.begin();
		await writers.goesOn('before any lack');
		await notifier.goesOn('before any lack');
	});
	await s.must(`memory is refused ${TIMES} times, seed ${SEED}`, async () => {
		for (let time = 0; time < TIMES; time++) {
			const program = PROGRAMS[time % 2], kind = time % 4 < 2 ? 'load' : 'start';
			const before = { refused: s.server.refused(program), pid: s.server.child(program) };
			const after = Math.ceil(Math.exp(moment() * Math.log(FARTHEST[kind])));
			const log = s.server.log.length;
			s.server.refuse(program, after);
			if (kind === 'start') process.kill(before.pid, 'SIGKILL');
			await waitFor(`${program} to be refused memory, ${kind}, ${after}`, () => s.server.refused(program) > before.refused, 120000);
			await sleep(300);
			await writers.goesOn(`after time ${time}, ${program}, ${kind}, ${after}`, 60000);
			await notifier.goesOn(`after time ${time}, ${program}, ${kind}, ${after}`);
			ends.push(...[...s.server.log.slice(log).matchAll(/"text":"(\w+): (signal|status) (\d+);/g)]
				.map(([, who, what, number]) => ({ time, kind, after, who, what, number: Number(number) })));
		}
		s.server.refuse('messenger', 0);
		s.server.refuse('desk', 0);
		await writers.end();
		await notifier.end();
		const killed = ends.filter(({ what, number }) => what === 'signal' && number !== 9);
		console.log(`${ends.length - Math.floor(TIMES / 4) * 2} of ${TIMES} ended a program, ${killed.length} by a signal; ${writers.acknowledged} messages, ${notifier.taken} notices`);
	});
	await s.check('every program that ended did so in an orderly way', () => {
		const bad = ends.filter(({ what, number }) => (what === 'signal' ? ![9, ABORTED].includes(number) : ![1, DISK, GONE].includes(number)));
		assert.deepEqual(bad, []);
	});
	await s.check('every notice that was taken is there, once', () => {
		const code = 'import sqlite3, sys\nprint(sqlite3.connect(sys.argv[1]).execute("SELECT count(*), count(DISTINCT reasons) FROM notices").fetchone())';
		const found = execFileSync('python3', ['-c', code, join(s.server.data, 'square/square.db')], { encoding: 'utf8' });
		assert.equal(found.trim(), `(${notifier.taken}, ${notifier.taken})`);
	});
	await writers.judge(s);
});
