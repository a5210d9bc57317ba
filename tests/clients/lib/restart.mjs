// SPDX-License-Identifier: Apache-2.0
// What a restart of the server must not cost, whatever the client: two people of each kind write to each
// other while the messenger is killed (-9) and, later, the whole server is stopped and started. Nobody
// sees an error, nothing is lost or there twice. All kinds go through the same two outages.
import { strict as assert } from 'node:assert';
import { checkBoth } from './oracle.mjs';
import { meet, words } from './pairs.mjs';
import { sleep, waitFor } from './wait.mjs';

const EACH_WAY = 50;
const GATES = [15, 33]; // all wait for all before these; the outage comes shortly after
const PACE_MS = 15;
const TOLD_MS = 20000;

// Everybody arrives, then all go on. Who fails leaves.
class Gate {
	arrived = 0;
	waiting = [];

	constructor(expected, onOpen) {
		Object.assign(this, { expected, onOpen });
	}

	wait() {
		const open = new Promise((done) => this.waiting.push(done));
		this.arrived++;
		this.#look();
		return open;
	}

	leave() {
		this.expected--;
		this.#look();
	}

	#look() {
		if (this.opened || this.arrived < this.expected) return;
		this.opened = true;
		this.onOpen();
		for (const done of this.waiting) done();
	}
}

function directions({ label, a, b, peers }) {
	const way = (from, to, peer) => ({ label, from, to, peer, attempted: [], acknowledged: [], at: [], error: null });
	return [way(a, b, peers.ab), way(b, a, peers.ba)];
}

async function write(way, gates) {
	try {
		for (let i = 0; i < EACH_WAY; i++) {
			if (GATES.includes(i)) await gates[GATES.indexOf(i)].wait();
			const text = words(`${way.from.name} ${i}`);
			way.attempted.push(text);
			await way.from.send(way.peer, text);
			way.acknowledged.push(text);
			await sleep(PACE_MS);
		}
	} catch (error) {
		way.error = error;
		for (const gate of gates) if (!gate.opened) gate.leave();
	}
}

// The outages, in the middle of all directions. Answers how many keys the messenger that came back
// after the kill had to make until everybody was there again.
async function exchange(server, ways) {
	let keysMade = null;
	const outages = [];
	const during = (run) => {
		outages.push((async () => {
			await sleep(2 * PACE_MS + Math.random() * 4 * PACE_MS);
			for (const way of ways) way.at.push(way.attempted.length);
			await run();
		})());
	};
	const gates = [
		new Gate(ways.length, () => during(() => server.killMessenger())),
		new Gate(ways.length, () => during(async () => {
			keysMade = await server.metric('lontar_keys_made_total');
			await server.stop();
			await server.start();
		})),
	];
	await Promise.all(ways.map((way) => write(way, gates)));
	await Promise.all(outages);
	return keysMade;
}

const heard = (device, text) => device.inbox.all((e) => e.what === 'message' && !e.out && e.text === text).length;

async function judgeUpdates({ from, to, attempted }) {
	if (to.catchUp) await to.catchUp();
	if (to.constructor.hearsAll) {
		await waitFor(`${to.constructor.label} to be told of everything`, () => attempted.every((text) => heard(to, text)), TOLD_MS);
		await sleep(300);
	}
	const twice = attempted.filter((text) => heard(to, text) > 1);
	assert.deepEqual(twice, [], `${to.name} was told twice of what ${from.name} wrote`);
}

async function judge({ a, b, peers }, [ab, ba]) {
	for (const way of [ab, ba]) {
		if (way.error) throw way.error;
		assert.equal(way.acknowledged.length, EACH_WAY);
		way.at.forEach((count, i) => assert.ok(count >= GATES[i] && count < (GATES[i + 1] ?? EACH_WAY), `outage ${i} came after ${count}`));
	}
	const texts = async (device, peer) => (await device.history(peer, 2 * EACH_WAY + 10)).map(({ text }) => text).reverse();
	checkBoth(ab, ba, await texts(a, peers.ab), await texts(b, peers.ba));
	await judgeUpdates(ab);
	await judgeUpdates(ba);
	for (const device of [a, b]) assert.deepEqual(device.errors, [], `${device.constructor.label} showed an error`);
}

// kinds: [{label, Client, settings, Partner?}]; one user has that client, the other the partner's, or
// the same.
export async function overRestarts(s, kinds) {
	const stray = [];
	process.on('unhandledRejection', (error) => stray.push(error));
	const pairs = [];
	for (const { label, Client, settings, Partner } of kinds) {
		await s.check(`${label}: two users log in and find each other`, async () => {
			const a = await s.loggedIn(Client, settings);
			const b = Partner ? await s.loggedIn(Partner) : await s.loggedIn(Client, settings);
			pairs.push({ label, a, b, peers: await meet(a, b) });
		});
	}
	const ways = pairs.map(directions);
	const keysMade = await exchange(s.server, ways.flat());
	for (const [i, pair] of pairs.entries())
		await s.check(`${pair.label}: ${EACH_WAY} messages each way over a kill and a restart, once each, no error`, () => judge(pair, ways[i]));
	await s.check('nobody needed a new key after the messenger was killed', () => assert.equal(keysMade, 0));
	await s.check('no library threw what nobody caught', () => assert.deepEqual(stray.map(String), []));
}
