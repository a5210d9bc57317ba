// SPDX-License-Identifier: Apache-2.0
// A server to whose messenger and desk memory can be refused (lack.c), people and an authority who use it meanwhile, and what is
// said about all of them afterwards.
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { openSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Desk } from '../clients/lib/desk.mjs';
import { Mtcute } from '../clients/lib/mtcute.mjs';
import { BUILD, Server } from '../clients/lib/server.mjs';
import { sleep, waitFor } from '../clients/lib/wait.mjs';
import { Writers } from './writers.mjs';

// A struct order of lack.c, in bytes.
const STACKS = 64, FRAMES = 32, FRAME = 64;
const PLACES = 8 + STACKS * FRAMES * FRAME;
const AT = { toGo: 0, newSite: 8, refused: 16, crashed: 16 + PLACES };
const ORDER = 16 + 2 * PLACES + 16384 * 8;
export const PROGRAMS = ['messenger', 'desk'];
// How a program may end: docs/decisions.md, "Without memory a program ends". By the alarm: libseccomp went round for ever.
const ABORTED = 6, ALARM = 14, DISK = 74, GONE = 69;
const CRASHING = /^lib(seccomp|crypto)\.so/; // docs/decisions.md there: both while they are made ready
const BETWEEN_MS = 50; // notices

const isOrderly = ({ what, number }) => (what === 'signal' ? [ABORTED, ALARM].includes(number) : [1, DISK, GONE].includes(number));

export class LackingServer extends Server {
	seen = { ends: 0, ...Object.fromEntries(PROGRAMS.map((program) => [program, { refused: 0, crashed: 0 }])) };
	bad = []; // how programs ended that may not

	constructor(settings) {
		super(settings);
		this.lack = join(this.data, 'lack');
		writeFileSync(this.lack, Buffer.alloc(ORDER * PROGRAMS.length));
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

	#order(program, at, value) {
		const number = Buffer.alloc(8);
		number.writeBigInt64LE(BigInt(value));
		writeSync(this.file, number, 0, 8, PROGRAMS.indexOf(program) * ORDER + at);
	}

	// The request that is so far away; 0: none.
	refuse(program, after) {
		this.#order(program, AT.toGo, after);
	}

	// Whether the request that was named by refuse() is still to come.
	isToRefuse(program) {
		return this.#number(program, AT.toGo) > 0;
	}

	// The next from a site where none was refused yet.
	refuseAtNewSite(program) {
		this.#order(program, AT.newSite, 1);
	}

	refuseNothing() {
		for (const program of PROGRAMS) {
			this.#order(program, AT.toGo, 0);
			this.#order(program, AT.newSite, 0);
		}
	}

	#number(program, at) {
		const number = Buffer.alloc(8);
		readSync(this.file, number, 0, 8, PROGRAMS.indexOf(program) * ORDER + at);
		return Number(number.readBigInt64LE());
	}

	refused(program) {
		return this.#number(program, AT.refused);
	}

	// For addr2line -e NAME; those that are new since the last call. Places: where it was refused, or where it crashed.
	#newStacks(program, places) {
		const frames = Buffer.alloc(FRAMES * FRAME), stacks = [], seen = this.seen[program];
		for (; seen[places] < this.#number(program, AT[places]); seen[places]++) {
			const found = [];
			readSync(this.file, frames, 0, frames.length, PROGRAMS.indexOf(program) * ORDER + AT[places] + 8 + (seen[places] % STACKS) * frames.length);
			for (let at = 0; at < frames.length && frames[at + 8]; at += FRAME)
				found.push(`${frames.toString('latin1', at + 8, frames.indexOf(0, at + 8))} 0x${frames.readBigUInt64LE(at).toString(16)}`);
			stacks.push(found);
		}
		return stacks;
	}

	// What happened since the last call. A library that crashes without memory is no fault of the program it is in, which says nothing
	// then and begins again.
	judgeEnds() {
		const ends = this.#ends().slice(this.seen.ends);
		for (const program of PROGRAMS) {
			const refused = this.#newStacks(program, 'refused'), crashed = this.#newStacks(program, 'crashed');
			const excused = crashed.filter((stack) => CRASHING.test(stack.find((frame) => !/^(lack|libc)\.so/.test(frame)))).length;
			const disorderly = ends.filter((end) => end.who === program && !isOrderly(end));
			if (disorderly.length > excused) {
				const how = disorderly.map(({ what, number }) => `${what} ${number}`).join(', ');
				this.bad.push([`${program}: ${how}`, ...refused.flatMap((stack) => ['refused at', ...stack]), ...crashed.flatMap((stack) => ['crashed at', ...stack])].join('\n'));
			}
		}
		this.bad.push(...ends.filter((end) => !PROGRAMS.includes(end.who) && !isOrderly(end)).map((end) => JSON.stringify(end)));
		this.seen.ends += ends.length;
		return ends.length;
	}

	// How programs ended that nobody had told to.
	#ends() {
		return [...this.log.matchAll(/"text":"(\w+): (signal|status) (\d+);/g)]
			.map(([, who, what, number]) => ({ who, what, number: Number(number) }))
			.filter(({ what, number }) => what !== 'signal' || number !== 9);
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

// Three pairs who write, an authority who sends notices about a post of a public channel, and whoever else is asked for: { name:
// async () => one round of what he does }.
export class Load {
	#go = true;
	rounds = {};

	static async begin(s) {
		const load = Object.assign(new Load(), { s, server: s.server, others: [] });
		load.writers = await Writers.meet(s, [Mtcute, Mtcute, Mtcute]);
		load.owner = await s.loggedIn(Mtcute);
		load.channel = await load.owner.createChannel('Lacking', 'of memory');
		await load.owner.setUsername(load.channel, 'lacking_one');
		load.post = await load.owner.send(load.channel, 'here is something');
		const token = new Desk(s.server).grant('authority', 'Office', '--country', 'ID');
		load.notifier = new Notifier(s.server, token, '@lacking_one/2');
		load.writers.begin();
		load.notifier.begin();
		await load.goesOn('before any lack');
		return load;
	}

	// A round that fails is not made again: the next is begun.
	also(name, round) {
		this.rounds[name] = { whole: 0, broken: 0, said: '' };
		const run = async () => {
			while (this.#go) {
				try {
					await round();
					this.rounds[name].whole++;
				} catch (error) {
					this.rounds[name].broken++;
					this.rounds[name].said = error.message;
					await sleep(200);
				}
				await sleep(BETWEEN_MS);
			}
		};
		this.others.push(run());
	}

	async goesOn(where) {
		const before = Object.values(this.rounds).map((round) => [round, round.whole]);
		await this.writers.goesOn(where, 60000);
		await this.notifier.goesOn(where);
		await waitFor(() => `everybody to go on ${where}: ${this}`, () => before.every(([round, whole]) => round.whole > whole), 90000);
	}

	async end() {
		this.#go = false;
		await Promise.all([this.writers.end(), this.notifier.end(), ...this.others]);
	}

	async judge(s) {
		await s.check('every program that ended did so in an orderly way', () => {
			this.server.judgeEnds();
			assert.equal(this.server.bad.join('\n\n'), '');
		});
		await s.check('every notice that was taken is there, once', () => {
			const code = 'import sqlite3, sys\nprint(sqlite3.connect(sys.argv[1]).execute("SELECT count(*), count(DISTINCT reasons) FROM notices WHERE reasons LIKE \'For the reason%\'").fetchone())';
			const found = execFileSync('python3', ['-c', code, join(this.server.data, 'square/square.db')], { encoding: 'utf8' });
			assert.equal(found.trim(), `(${this.notifier.taken}, ${this.notifier.taken})`);
		});
		await this.writers.judge(s);
	}

	toString() {
		const rounds = Object.entries(this.rounds).map(([name, { whole, broken, said }]) => `${name} ${whole} rounds (${broken} broken${said && `: ${said}`})`);
		return [`${this.writers.acknowledged} messages`, `${this.notifier.taken} notices`, ...rounds].join(', ');
	}
}
