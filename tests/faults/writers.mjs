// SPDX-License-Identifier: Apache-2.0
// Pairs that write to one another as fast as they are answered while something goes wrong, and what is said about them after it.
import { checkBoth } from '../clients/lib/oracle.mjs';
import { meet, words } from '../clients/lib/pairs.mjs';
import { sleep, waitFor } from '../clients/lib/wait.mjs';

const way = () => ({ attempted: [], acknowledged: [], refusals: [] });

// Writes until told to stop. A message whose answer got lost is repeated by the client with the same
// random_id, or given up by it: then it may be there, once.
async function write(story, sender, peer, name, running) {
	for (let i = 0; running(); i++) {
		const text = words(`${name} ${i}`);
		story.attempted.push(text);
		try {
			await sender.send(peer, text);
			story.acknowledged.push(text);
		} catch (error) {
			story.refusals.push(error.message);
			await sleep(200);
		}
	}
}

const texts = (messages) => messages.map(({ text }) => text).reverse();

export class Writers {
	#pairs = [];
	#running = [];
	#go = true;

	// Clients: one class for each pair.
	static async meet(s, clients) {
		const writers = new Writers();
		for (const Client of clients) {
			const [a, b] = [await s.loggedIn(Client), await s.loggedIn(Client)];
			writers.#pairs.push({ Client, a, b, peers: await meet(a, b), ab: way(), ba: way() });
		}
		return writers;
	}

	begin() {
		this.#running = this.#pairs.flatMap(({ a, b, peers, ab, ba }, i) => [
			write(ab, a, peers.ab, `A${i}`, () => this.#go), write(ba, b, peers.ba, `B${i}`, () => this.#go),
		]);
	}

	async end() {
		this.#go = false;
		await Promise.all(this.#running);
	}

	get acknowledged() {
		return this.#pairs.reduce((sum, { ab, ba }) => sum + ab.acknowledged.length + ba.acknowledged.length, 0);
	}

	// Each of them was answered since.
	async goesOn(where, ms = 30000) {
		const before = this.#pairs.flatMap(({ ab, ba }) => [ab, ba]).map((story) => [story, story.acknowledged.length]);
		await waitFor(`everybody to be answered ${where}`, () => before.every(([story, count]) => story.acknowledged.length > count), ms);
	}

	// By devices that were not there.
	async judge(s) {
		for (const [i, { Client, a, b, peers, ab, ba }] of this.#pairs.entries()) {
			await s.check(`pair ${i} (${Client.name}): every acknowledged message exactly once, in order, on both sides`, async () => {
				const fresh = [];
				for (const old of [a, b]) fresh.push(await s.loggedIn(Client, { phone: old.phone }));
				for (const device of fresh) await device.dialogs();
				const limit = ab.attempted.length + ba.attempted.length + 20;
				checkBoth(ab, ba, texts(await fresh[0].history(peers.ab, limit)), texts(await fresh[1].history(peers.ba, limit)));
			});
		}
	}
}
