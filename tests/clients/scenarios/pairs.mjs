// SPDX-License-Identifier: Apache-2.0
// Each pair of clients: chat both ways with entities, read marks, typing, edits, the same history, the
// chat list, and what was written while one of them was away.
import { strict as assert } from 'node:assert';
import { scenario } from '../lib/cases.mjs';
import { Tdlib } from '../lib/tdlib.mjs';
import { Mtcute } from '../lib/mtcute.mjs';
import { Gramjs, Teleproto } from '../lib/gramjs.mjs';
import { chatBothWays, meet, wholePair, words } from '../lib/pairs.mjs';
import { Telethon } from '../lib/telethon.mjs';

const CLIENTS = [Tdlib, Mtcute, Gramjs, Teleproto, Telethon];

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

await scenario({}, async (s) => {
	const devices = new Map();
	for (const Client of CLIENTS)
		await s.must(`${Client.label} signs up twice`, async () => devices.set(Client, [await s.loggedIn(Client), await s.loggedIn(Client)]));
	for (const [i, A] of CLIENTS.entries())
		for (const B of CLIENTS.slice(i)) await wholePair(s, devices.get(A)[0], devices.get(B)[1], `${A.label} and ${B.label}`);
	for (const Client of CLIENTS) await catchUp(s, devices.get(Client)[1], devices.get(Client === Mtcute ? Tdlib : Mtcute)[0]);
});
