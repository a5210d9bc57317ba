// SPDX-License-Identifier: Apache-2.0
// The Bot API of the service bot, spoken in the place of the desk: with the token that lies beside it.
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from './wait.mjs';

export class BotApi {
	constructor(server) {
		this.server = server;
		this.token = readFileSync(join(server.data, 'desk/service.token'), 'utf8').trim();
		this.next = 0;
	}

	// In the place of the desk, which would hear what is said to the bot.
	takeOver() {
		this.desk = this.server.child('desk');
		process.kill(this.desk, 'SIGSTOP');
	}

	giveBack() {
		process.kill(this.desk, 'SIGCONT');
	}

	async raw(method, params = {}, token = this.token) {
		const answer = await fetch(`http://127.0.0.1:${this.server.port}/bot${token}/${method}`, {
			method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(params) });
		return answer.json();
	}

	async call(method, params) {
		const answer = await this.raw(method, params);
		assert.ok(answer.ok, `${method}: ${answer.description}`);
		return answer.result;
	}

	// The next update of the kind; what comes before it is confirmed with it.
	async take(kind) {
		return waitFor(`an update with ${kind}`, async () => {
			for (const update of await this.call('getUpdates', { offset: this.next, timeout: 5 })) {
				this.next = update.update_id + 1;
				if (update[kind]) return update[kind];
			}
			return null;
		});
	}
}

export const buttons = (...rows) => ({ inline_keyboard: rows.map((row) => row.map(([text, callback_data]) => ({ text, callback_data }))) });
export const data = (text) => Buffer.from(text).toString('base64');
