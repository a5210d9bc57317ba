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
const AHEAD = 10; // and nobody is further than this behind a gate before it has begun
const PACE_MS = 15;

// Everybody arrives, then all go on, and soon the outage begins. Who fails leaves.
class Gate {
	arrived = 0;
	waiting = [];

	// outage: says by the function that it is given when it strikes; ends with its promise.
	constructor(expected, outage) {
		this.expected = expected;
		const open = new Promise((done) => this.waiting.push(done));
		this.begun = new Promise((strike) => {
			this.ended = open.then(() => sleep(2 * PACE_MS + Math.random() * 4 * PACE_MS)).then(() => outage(strike));
			this.ended.catch(strike); // and whoever waits for its end hears why
		});
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
			for (const [at, gate] of gates.entries()) {
				if (i === GATES[at]) await gate.wait();
				if (i === GATES[at] + AHEAD) await gate.begun;
			}
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
	const striking = (strike) => {
		for (const way of ways) way.at.push(way.attempted.length);
		strike();
	};
	const kill = new Gate(ways.length, (strike) => {
		striking(strike);
		return server.killMessenger();
	});
	const restart = new Gate(ways.length, async (strike) => {
		await kill.ended;
		keysMade = await server.metric('lontar_keys_made_total');
		striking(strike);
		await server.stop();
		await server.start();
	});
	const gates = [kill, restart];
	await Promise.all(ways.map((way) => write(way, gates)));
	await Promise.all(gates.map(({ ended }) => ended));
	return keysMade;
}

const heard = (device, text) => device.inbox.all((e) => e.what === 'message' && !e.out && e.text === text).length;

async function judgeUpdates({ from, to, attempted }) {
	if (to.catchUp) await to.catchUp();
	if (to.constructor.hearsAll) {
		const missing = () => attempted.filter((text) => !heard(to, text));
		await waitFor(() => `${to.constructor.label} to be told of everything; it lacks ${missing().length}: ${missing().slice(0, 5).join(', ')}`,
			() => missing().length === 0);
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
