// SPDX-License-Identifier: Apache-2.0
// What two people do with each other, whatever clients they have.
import { strict as assert } from 'node:assert';
import { MARK } from './server.mjs';

const kinds = (message) => message.entities.map((e) => `${e.type}@${e.offset}+${e.length}`).sort();

let serial = 0;

// A text of its own, with the mark by which a leak into a log would be found.
export const words = (text) => `${text} ${MARK}${process.pid}-${serial++}`;

// They become contacts by number. {ab: B as A sees it, ba: A as B sees it}
export async function meet(a, b) {
	const ab = await a.addContact(b.phone, b.name);
	assert.equal(ab.id, b.id);
	const ba = await b.addContact(a.phone, a.name);
	assert.equal(ba.id, a.id);
	return { ab, ba };
}

export async function chatBothWays(a, b, { ab, ba }) {
	for (const [from, to, peer] of [[a, b, ab], [b, a, ba]]) {
		const text = words(`${from.name} to ${to.name}`);
		const sent = await from.send(peer, text);
		const got = await to.incoming(text);
		assert.equal(got.peer.id, from.id);
		assert.ok(sent.id > 0);
	}
}

// Bold is asked for; the address, the mention and the hashtag are found by the server or the client.
export async function sendEntities(from, to, peer) {
	const text = `bold https://lontar.example/a @lontar_name #tag 𝒳 ${words('end')}`;
	await from.send(peer, text, [{ type: 'bold', offset: 0, length: 4 }]);
	const got = await to.incoming(text);
	assert.deepEqual(kinds(got), ['bold@0+4', 'hashtag@43+4', 'mention@30+12', 'url@5+24'].sort());
}

export async function readEachOther(a, b, { ab, ba }) {
	const text = words('to be read');
	const sent = await a.send(ab, text);
	await b.incoming(text);
	await b.read(ba);
	await a.wasRead(ab, sent.id);
	const dialog = (await b.dialogs()).find(({ peer }) => peer.id === a.id);
	assert.equal(dialog.unread, 0);
	assert.equal(dialog.top, text);
}

export async function editText(from, to, peer) {
	const before = words('before');
	const after = words('after');
	const { id } = await from.send(peer, before);
	await to.incoming(before);
	await from.edit(peer, id, after);
	await to.edited(after);
	const back = await to.history({ kind: 'user', id: from.id }, 1);
	assert.equal(back[0].text, after);
}

// Both tell the same story, the newest first.
export async function sameHistory(a, b, { ab, ba }, limit = 20) {
	const [left, right] = [await a.history(ab, limit), await b.history(ba, limit)];
	const story = (messages, turn) => messages.map(({ text, out }) => `${out !== turn ? '>' : '<'} ${text}`);
	assert.deepEqual(story(left, false), story(right, true));
	assert.ok(left.length > 0);
}

// All of it between two devices that do not know each other yet.
export async function wholePair(s, a, b, label) {
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
