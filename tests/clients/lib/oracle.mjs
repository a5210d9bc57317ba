// SPDX-License-Identifier: Apache-2.0
// What must hold after a crash: every message that the server acknowledged is on both sides exactly
// once. What was not acknowledged may be there, once. All that is there is in the order in which it was
// written; when its sender learned of each is the client's affair (TDLib asks for some a second later).
import { strict as assert } from 'node:assert';

export function checkStory(acknowledged, attempted, texts, where) {
	const count = new Map();
	for (const text of texts) count.set(text, (count.get(text) ?? 0) + 1);
	for (const text of attempted) assert.ok((count.get(text) ?? 0) <= 1, `${where}: "${text}" is there ${count.get(text)} times`);
	const lost = acknowledged.filter((text) => !count.has(text));
	assert.equal(lost.length, 0, `${where}: ${lost.length} of ${acknowledged.length} acknowledged messages are lost: ${lost.slice(0, 5)}`);
	const place = new Map(texts.map((text, i) => [text, i]));
	const order = attempted.filter((text) => place.has(text)).map((text) => place.get(text));
	assert.deepEqual(order, [...order].sort((x, y) => x - y), `${where}: the order differs`);
}

// Both sides tell the same story about each direction.
export function checkBoth(ab, ba, atA, atB) {
	checkStory(ab.acknowledged, ab.attempted, atA, 'A about its own');
	checkStory(ab.acknowledged, ab.attempted, atB, 'B about those of A');
	checkStory(ba.acknowledged, ba.attempted, atB, 'B about its own');
	checkStory(ba.acknowledged, ba.attempted, atA, 'A about those of B');
	const known = new Set([...ab.attempted, ...ba.attempted]);
	assert.deepEqual(atA.filter((t) => known.has(t)), atB.filter((t) => known.has(t)), 'A and B have the same sequence');
}
