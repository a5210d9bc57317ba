// SPDX-License-Identifier: Apache-2.0
// Each pair of clients: chat both ways with entities, read marks, typing, edits, the same history, the
// chat list, and what was written while one of them was away.
import { strict as assert } from 'node:assert';
import { scenario } from '../lib/cases.mjs';
import { Tdlib } from '../lib/tdlib.mjs';
import { Mtcute } from '../lib/mtcute.mjs';
import { Gramjs, Teleproto } from '../lib/gramjs.mjs';
import { chatBothWays, editText, meet, readEachOther, sameHistory, sendEntities, words } from '../lib/pairs.mjs';

const CLIENTS = [Tdlib, Mtcute, Gramjs, Teleproto];

async function pair(s, a, b, label) {
	let peers;
	if (!(await s.check(`${label}: contacts by number`, async () => { peers = await meet(a, b); }))) return;
	await s.check(`${label}: messages both ways`, () => chatBothWays(a, b, peers));
	await s.check(`${label}: entities`, async () => {
		await sendEntities(a, b, peers.ab);
		await sendEntities(b, a, peers.ba);
	});
	await s.check(`${label}: read marks on both sides`, async () => {
		await readEachOther(a, b, peers);
		await readEachOther(b, a, { ab: peers.ba, ba: peers.ab });
	});
	await s.check(`${label}: typing is seen`, async () => {
		await a.type(peers.ab);
		await b.typing({ id: a.id });
		await b.type(peers.ba);
		await a.typing({ id: b.id });
	});
	await s.check(`${label}: edits`, async () => {
		await editText(a, b, peers.ab);
		await editText(b, a, peers.ba);
	});
	await s.check(`${label}: the same history and chat list`, async () => {
		await sameHistory(a, b, peers);
		const [top] = await a.history(peers.ab, 1);
		const dialog = (await a.dialogs()).find(({ peer }) => peer.id === b.id);
		assert.equal(dialog.top, top.text);
	});
}

// What arrived while the client was away comes by difference, once and in order.
async function catchUp(s, away, other) {
	const label = `${away.constructor.label} was away`;
	await s.check(`${label}: it catches up, once and in order`, async () => {
		const { ab, ba } = await meet(away, other);
		await chatBothWays(away, other, { ab, ba });
		await away.read(ab);
		const sent = Array.from({ length: 12 }, (_, i) => words(`${i} while away`));
		const reopening = away.reopenAfter(async () => {
			for (const text of sent) await other.send(ba, text);
		});
		assert.ok(await reopening);
		const got = (await away.history(ab, 12)).map(({ text }) => text).reverse();
		assert.deepEqual(got, sent);
		const dialog = (await away.dialogs()).find(({ peer }) => peer.id === other.id);
		assert.equal(dialog.unread, sent.length);
		// Told as updates too, by the clients that ask for the difference by themselves.
		if (away.constructor !== Gramjs && away.constructor !== Teleproto)
			for (const text of sent) await away.incoming(text);
		const again = away.inbox.all((e) => e.what === 'message' && sent.includes(e.text));
		assert.equal(again.length, 0, 'none came twice');
	});
}

await scenario({ minutes: 5 }, async (s) => {
	const devices = new Map();
	for (const Client of CLIENTS)
		await s.must(`${Client.label} signs up twice`, async () => devices.set(Client, [await s.loggedIn(Client), await s.loggedIn(Client)]));
	for (const [i, A] of CLIENTS.entries())
		for (const B of CLIENTS.slice(i)) await pair(s, devices.get(A)[0], devices.get(B)[1], `${A.label} and ${B.label}`);
	for (const Client of CLIENTS) await catchUp(s, devices.get(Client)[1], devices.get(Client === Mtcute ? Tdlib : Mtcute)[0]);
});
