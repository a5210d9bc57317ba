// SPDX-License-Identifier: Apache-2.0
// What every part of the day shares: its clock, its dice, and requests to the desk that are sent until they are heard.
import { randomUUID } from 'node:crypto';
import { chance } from '../clients/lib/chance.mjs';
import { Desk } from '../clients/lib/desk.mjs';
import { sleep } from '../clients/lib/wait.mjs';

const TRY_MS = 20000;
const TRIES = 60;

export class Sim {
	constructor({ server, speed, seed }) {
		Object.assign(this, { server, speed });
		this.random = chance(seed);
		this.retries = 0;
		this.over = false;
	}

	// In seconds of the day: this process has its clock too.
	get now() {
		return Date.now() / 1000;
	}

	wait(seconds) {
		return sleep(Math.max(0, (seconds * 1000) / this.speed));
	}

	until(time) {
		return this.wait(time - this.now);
	}

	below(bound) {
		return Math.floor(this.random() * bound);
	}

	pick(list) {
		return list[this.below(list.length)];
	}

	// {status, body}; once, however often it has to be sent.
	async ask(token, method, path, body) {
		const key = randomUUID();
		for (let tries = 0; ; tries++) {
			try {
				return await this.#once(token, method, path, body, key);
			} catch (error) {
				if (tries === TRIES) throw error;
				this.retries++;
				await sleep(200);
			}
		}
	}

	async #once(token, method, path, body, key) {
		const answer = await fetch(`http://127.0.0.1:${this.server.deskPort}${path}`, {
			method, body: body === undefined ? undefined : JSON.stringify(body), signal: AbortSignal.timeout(TRY_MS),
			headers: { 'content-type': 'application/json', 'idempotency-key': key, ...(token ? { authorization: `Bearer ${token}` } : {}) },
		});
		const text = await answer.text();
		if (answer.status >= 500) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
		return { status: answer.status, body: text.startsWith('{') ? JSON.parse(text) : text };
	}

	async must(token, method, path, body) {
		const answer = await this.ask(token, method, path, body);
		if (answer.status >= 300) throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
		return answer.body;
	}

	grant(role, name, ...more) {
		return new Desk(this.server).grant(role, name, ...more);
	}
}
