// SPDX-License-Identifier: Apache-2.0
// Waiting with an end: for a promise, for a condition, for an entry of a growing list. What is waited for may be a
// text, or a function that says it when the wait was in vain, with what is there instead.

// The end of every wait for something that must come. No measure of anything: a machine that is busy with other
// things as well may let a client stand still for many seconds.
export const PATIENCE_MS = 120000;

const inVain = (ms, what) => new Error(`waited ${ms} ms for ${typeof what === 'function' ? what() : what}`);

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

export async function within(ms, what, promise) {
	let timer;
	const late = new Promise((_, fail) => {
		timer = setTimeout(() => fail(inVain(ms, what)), ms);
	});
	try {
		return await Promise.race([promise, late]);
	} finally {
		clearTimeout(timer);
	}
}

export async function waitFor(what, look, ms = PATIENCE_MS) {
	const end = performance.now() + ms;
	for (;;) {
		const found = await look();
		if (found) return found;
		if (performance.now() > end) throw inVain(ms, what);
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

	wait(what, fits, ms = PATIENCE_MS) {
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
