// SPDX-License-Identifier: Apache-2.0
// Waiting with an end: for a promise, for a condition, for an entry of a growing list.

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

export async function within(ms, what, promise) {
	let timer;
	const late = new Promise((_, fail) => {
		timer = setTimeout(() => fail(new Error(`waited ${ms} ms for ${what}`)), ms);
	});
	try {
		return await Promise.race([promise, late]);
	} finally {
		clearTimeout(timer);
	}
}

export async function waitFor(what, look, ms = 10000) {
	const end = Date.now() + ms;
	for (;;) {
		const found = await look();
		if (found) return found;
		if (Date.now() > end) throw new Error(`waited ${ms} ms for ${what}`);
		await sleep(30);
	}
}

// What a client was told, in order. wait() answers with the first entry that fits, past or future,
// that no other wait() took.
export class Inbox {
	#entries = [];
	#waiting = new Set();

	push(entry) {
		this.#entries.push(entry);
		for (const look of [...this.#waiting]) look();
	}

	all(fits = () => true) {
		return this.#entries.filter(fits);
	}

	wait(what, fits, ms = 10000) {
		let look;
		const found = new Promise((done) => {
			look = () => {
				const at = this.#entries.findIndex(fits);
				if (at >= 0) {
					this.#waiting.delete(look);
					done(this.#entries.splice(at, 1)[0]);
				}
			};
			this.#waiting.add(look);
			look();
		});
		return within(ms, what, found).finally(() => this.#waiting.delete(look));
	}
}
