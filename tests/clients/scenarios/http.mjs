// SPDX-License-Identifier: Apache-2.0
// MTProto over HTTP: two clients, one of them with temporary keys, that have long polls and nothing else.
// They write 50 messages each way while the messenger is killed (-9) and comes again.
import { strict as assert } from 'node:assert';
import { scenario } from '../lib/cases.mjs';
import { MtcuteHttp } from '../lib/mtcute_http.mjs';
import { Tdlib } from '../lib/tdlib.mjs';
import { checkBoth } from '../lib/oracle.mjs';
import { chatBothWays, editText, meet, readEachOther, sameHistory, words } from '../lib/pairs.mjs';
import { sleep, waitFor } from '../lib/wait.mjs';

const EACH_WAY = 50;
const KILL_AT = 20;
const IDLE_MS = 3000;
const POLL_MS = 25000;

// One after the other, as an answer without a connection is asked for again by the library.
async function write(sender, peer, name, way) {
	for (let i = 0; i < EACH_WAY; i++) {
		const text = words(`${name} ${i}`);
		way.attempted.push(text);
		await sender.send(peer, text);
		way.acknowledged.push(text);
	}
}

const texts = (messages) => messages.map(({ text }) => text).reverse();

await scenario({}, async (s) => {
	const [ab, ba] = [{ attempted: [], acknowledged: [] }, { attempted: [], acknowledged: [] }];
	let a, b, peers;
	await s.must('two clients sign up over HTTP and find each other', async () => {
		a = await s.loggedIn(MtcuteHttp);
		b = await s.loggedIn(MtcuteHttp, { pfs: true });
		peers = await meet(a, b);
	});
	await s.check('messages, read marks and edits', async () => {
		await chatBothWays(a, b, peers);
		await readEachOther(a, b, peers);
		await editText(a, b, peers.ab);
	});
	await s.check('an update comes at once to a client that only waits', async () => {
		await sleep(IDLE_MS);
		await b.idle();
		const text = words('to one who waits');
		const began = Date.now();
		await a.send(peers.ab, text);
		await b.incoming(text);
		const took = Date.now() - began;
		// By the poll that waits, not by the next, which is most of POLL_MS away.
		assert.ok(took < POLL_MS / 2, `it took ${took} ms`);
	});
	await s.check('a client that waits asks once in 25 s, not all the time', async () => {
		const counts = [];
		// What was said before is acknowledged first, on a busy machine also later than expected.
		await waitFor(() => `no more than two polls in ${IDLE_MS} ms; there were ${counts}`, async () => {
			const before = a.polls + b.polls;
			await sleep(IDLE_MS);
			return counts.push(a.polls + b.polls - before) && counts.at(-1) <= 2;
		}, 5 * IDLE_MS);
	});
	await s.must(`${EACH_WAY} messages each way over a kill of the messenger`, async () => {
		const exchange = Promise.all([write(a, peers.ab, 'A', ab), write(b, peers.ba, 'B', ba)]);
		await waitFor('the kill', () => ab.acknowledged.length >= KILL_AT);
		await s.server.killMessenger();
		await exchange;
	});
	await s.check('each is there exactly once, in order, on both sides', async () => {
		const limit = 2 * EACH_WAY + 20;
		checkBoth(ab, ba, texts(await a.history(peers.ab, limit)), texts(await b.history(peers.ba, limit)));
		for (const text of ab.acknowledged) await b.incoming(text);
	});
	await s.check('a server that ends answers who waits; with the next one they go on', async () => {
		await Promise.all([a.idle(), b.idle()]);
		const { code } = await s.server.stop();
		assert.equal(code, 0);
		await s.server.start();
		// Temporary keys went with the server: b makes new ones.
		const [fromA, fromB] = [words('A after the end'), words('B after the end')];
		await a.send(peers.ab, fromA);
		assert.equal((await a.history(peers.ab, 1))[0].text, fromA);
		await b.send(peers.ba, fromB);
		await a.incoming(fromB);
	});
	await s.check('with a client over TCP too', async () => {
		const c = await s.loggedIn(Tdlib);
		const mixed = await meet(a, c);
		await chatBothWays(a, c, mixed);
		await sameHistory(a, c, mixed);
	});
});
