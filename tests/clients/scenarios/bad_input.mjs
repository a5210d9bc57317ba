// SPDX-License-Identifier: Apache-2.0
// What strangers may send to the port: garbage, every truncation of a first packet, frames that are too
// long, HTTP that is none. The server refuses, keeps its process and its memory, and serves on.
import { strict as assert } from 'node:assert';
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { readFileSync } from 'node:fs';
import { scenario } from '../lib/cases.mjs';
import { Tdlib } from '../lib/tdlib.mjs';
import { Mtcute } from '../lib/mtcute.mjs';
import { chatBothWays, meet } from '../lib/pairs.mjs';
import { PATIENCE_MS, waitFor } from '../lib/wait.mjs';

const MAX_GROWTH_KB = 60 * 1024;
const QUIET_MS = 400; // that long is listened for what must not come
const SOON_MS = 10000; // what the server does at once; what it lets go for its slowness comes later
const ANSWER = 61; // resPQ is longer
const STATUS = 12; // HTTP/1.1 200

const int32 = (n) => {
	const bytes = Buffer.alloc(4);
	bytes.writeInt32LE(n);
	return bytes;
};

function reqPq() {
	const body = Buffer.concat([Buffer.from('f18e7ebe', 'hex'), randomBytes(16)]);
	return Buffer.concat([Buffer.alloc(8), Buffer.alloc(8), int32(body.length), body]);
}

const FIRST = {
	abridged: () => Buffer.concat([Buffer.from([0xef, reqPq().length / 4]), reqPq()]),
	intermediate: () => Buffer.concat([Buffer.from('eeeeeeee', 'hex'), int32(reqPq().length), reqPq()]),
	padded: () => Buffer.concat([Buffer.from('dddddddd', 'hex'), int32(reqPq().length), reqPq()]),
};

// Sends, then ends its side or not; answers with what came back once the server closed, or sent as much as is wanted,
// or sent nothing for so long.
function exchange(port, bytes, { end = false, wanted = Infinity, ms = PATIENCE_MS } = {}) {
	return new Promise((done, fail) => {
		const socket = connect(port, '127.0.0.1');
		const got = [];
		let closed = false;
		const finish = () => {
			socket.destroy();
			done({ bytes: Buffer.concat(got), closed });
		};
		const timer = setTimeout(finish, ms);
		socket.on('connect', () => (end ? socket.end(bytes) : socket.write(bytes)));
		socket.on('data', (chunk) => {
			got.push(chunk);
			if (Buffer.concat(got).length < wanted) return;
			clearTimeout(timer);
			finish();
		});
		socket.on('close', () => { closed = true; clearTimeout(timer); finish(); });
		socket.on('error', (error) => (['ECONNRESET', 'EPIPE'].includes(error.code) ? null : fail(error)));
	});
}

const memoryKb = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
const descriptors = async (pid) => (await import('node:fs')).readdirSync(`/proc/${pid}/fd`).length;

await scenario({}, async (s) => {
	const { port } = s.server;
	const pid = s.server.child('messenger');
	let a, b, peers, memory, open;
	await s.must('two people talk', async () => {
		a = await s.loggedIn(Tdlib);
		b = await s.loggedIn(Mtcute);
		peers = await meet(a, b);
		await chatBothWays(a, b, peers);
		[memory, open] = [memoryKb(pid), await descriptors(pid)];
	});
	for (const [name, first] of Object.entries(FIRST)) {
		await s.check(`${name}: the whole packet is answered, no truncation is`, async () => {
			const whole = first();
			assert.ok((await exchange(port, whole, { wanted: ANSWER })).bytes.length >= ANSWER);
			const cuts = Array.from({ length: whole.length }, (_, i) => i);
			const answers = await Promise.all(cuts.map((n) => exchange(port, first().subarray(0, n), { end: true, ms: QUIET_MS })));
			// A cut inside the frame has no answer; one may be told of an error, four bytes in a frame.
			for (const [n, { bytes }] of answers.entries()) assert.ok(bytes.length <= 8, `${n} bytes were answered with ${bytes.length}`);
		});
	}
	await s.check('frames that are too long are refused before they come', async () => {
		const huge = [
			Buffer.concat([Buffer.from('eeeeeeee', 'hex'), int32(0x7ffffff0)]), Buffer.concat([Buffer.from('eeeeeeee', 'hex'), int32(-8)]),
			Buffer.concat([Buffer.from('dddddddd', 'hex'), int32(0x40000000)]), Buffer.from('ef7fffffff', 'hex'),
			Buffer.concat([int32(0x7ffffffc), int32(0), Buffer.alloc(8)]),
		];
		for (const bytes of huge) assert.ok((await exchange(port, bytes, { ms: SOON_MS })).closed, bytes.toString('hex'));
	});
	await s.check('garbage is refused', async () => {
		const tries = Array.from({ length: 150 }, (_, i) => exchange(port, randomBytes(1 + ((i * 37) % 900)), { end: true, ms: 4 * QUIET_MS }));
		for (const { bytes } of await Promise.all(tries)) assert.ok(bytes.length < 600);
		const unknownKey = Buffer.concat([Buffer.from('eeeeeeee', 'hex'), int32(88), randomBytes(88)]);
		const { bytes, closed } = await exchange(port, unknownKey, { ms: SOON_MS });
		assert.equal(bytes.readInt32LE(4), -404);
		assert.ok(closed);
	});
	await s.check('HTTP that is none, or asks for nothing there is', async () => {
		const status = async (text) => (await exchange(port, Buffer.from(text), { wanted: STATUS, ms: SOON_MS })).bytes.toString('latin1').slice(9, 12);
		assert.equal(await status('GET / HTTP/1.1\r\nHost: x\r\n\r\n'), '200');
		assert.equal(await status('GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n'), '404');
		assert.equal(await status('GET /bot1:x/getMe HTTP/1.1\r\nHost: x\r\n\r\n'), '401');
		assert.match(await status('GET /apiws HTTP/1.1\r\nHost: x\r\n\r\n'), /^4/);
		for (const bad of ['GET / HTTP/9.9\r\n\r\n', `GET /${'a'.repeat(70000)} HTTP/1.1\r\n\r\n`, 'GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n',
			'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n', 'GET  /\0 HTTP/1.1\r\n\r\n',
			'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc'])
			assert.match(await status(bad), /^(4\d\d|50[15]|)$/, bad.slice(0, 60));
	});
	await s.check('half a handshake from many strangers is let go', async () => {
		const many = Array.from({ length: 200 }, () => exchange(port, FIRST.intermediate(), { wanted: ANSWER }));
		assert.equal((await Promise.all(many)).filter(({ bytes }) => bytes.length >= ANSWER).length, many.length);
	});
	await s.check('the same process serves on; nothing leaked, nothing was lost', async () => {
		assert.equal(s.server.child('messenger'), pid);
		await waitFor('the connections to go', async () => (await descriptors(pid)) <= open + 4);
		const growth = memoryKb(pid) - memory;
		assert.ok(growth < MAX_GROWTH_KB, `${growth} kB more`);
		await chatBothWays(a, b, peers);
		assert.equal((await a.history(peers.ab, 10)).length, 4);
	});
});
