// SPDX-License-Identifier: Apache-2.0
// A slow line between clients and the server, on when LONTAR_DELAY_MS is set: what either side says arrives up to so
// many milliseconds later, in its order, as over a network or from a machine that is busy. It finds tests that suppose
// that what one client did has reached the server, and faults that only show when answers cross. Loopback alone.
import { connect, createServer } from 'node:net';
import { chance } from './chance.mjs';

const HELD_MAX = 1 << 20; // bytes on the way in one direction; then its sender must wait
const CONNECTIONS_MAX = 2000;

export const DELAY_MS = Number(process.env.LONTAR_DELAY_MS ?? 0);
const SEED = Number(process.env.LONTAR_DELAY_SEED ?? process.pid);

// One direction. Everything waits for what went before it, the end too: timers alone don't keep an order.
function carry(from, to, random) {
	const waiting = []; // {due, act}
	let last = 0;
	let held = 0;
	const arrive = () => {
		while (waiting.length && waiting[0].due <= performance.now()) waiting.shift().act();
		if (waiting.length) setTimeout(arrive, Math.max(1, waiting[0].due - performance.now()));
	};
	const later = (act) => {
		last = Math.max(last, performance.now() + random() * DELAY_MS);
		waiting.push({ due: last, act });
		if (waiting.length === 1) setTimeout(arrive, last - performance.now());
	};
	from.on('data', (chunk) => {
		held += chunk.length;
		if (held > HELD_MAX) from.pause();
		later(() => to.write(chunk, () => {
			held -= chunk.length;
			if (held <= HELD_MAX) from.resume();
		}));
	});
	from.on('end', () => later(() => to.end()));
	from.on('error', () => {});
	from.on('close', () => later(() => to.destroy()));
}

const isLoopback = (address) => /^(::ffff:)?127\.|^::1$/.test(address ?? '');

export class SlowLine {
	#connections = 0;

	// `leadsTo` says the server's port when somebody connects.
	constructor(leadsTo) {
		this.listener = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
			if (!isLoopback(client.remoteAddress)) {
				client.destroy();
				return;
			}
			const number = this.#connections++;
			const server = connect({ port: leadsTo(), host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
			carry(client, server, chance(SEED + 2 * number));
			carry(server, client, chance(SEED + 2 * number + 1));
		});
		this.listener.maxConnections = CONNECTIONS_MAX;
	}

	// Clients come to many addresses, 127.154.167.51 as well as ::1.
	async open(port) {
		await new Promise((done, fail) => this.listener.once('error', fail).listen(port, '::', done));
		this.listener.unref();
	}

	toString() {
		return `a line with up to ${DELAY_MS} ms each way, seed ${SEED}, ${this.#connections} connections so far`;
	}

	close() {
		this.listener.close();
	}
}
