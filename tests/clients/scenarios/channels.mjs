// SPDX-License-Identifier: Apache-2.0
// A public channel of TDLib's and one of mtcute's: create, name, find, join, post, edit, history, the
// number of members, what was posted while away, leave. Readers are all clients.
import { strict as assert } from 'node:assert';
import { scenario } from '../lib/cases.mjs';
import { Tdlib } from '../lib/tdlib.mjs';
import { Mtcute } from '../lib/mtcute.mjs';
import { Gramjs, Teleproto } from '../lib/gramjs.mjs';
import { Telethon } from '../lib/telethon.mjs';
import { waitFor } from '../lib/wait.mjs';

let serial = 0;
const post = () => `post ${serial++} of a public channel`;

async function follow(s, owner, channel, username, reader) {
	const label = `${owner.constructor.label}'s channel, ${reader.constructor.label}`;
	let seen;
	const before = await owner.memberCount(channel);
	if (!(await s.check(`${label}: finds it by name and joins`, async () => {
		assert.equal((await reader.find(username)).id, channel.id);
		seen = await reader.join(username);
		assert.equal(seen.id, channel.id);
		await waitFor('the number of members', async () => (await reader.memberCount(seen)) === before + 1);
	}))) return null;
	await s.check(`${label}: gets posts and edits`, async () => {
		const text = post();
		const sent = await owner.send(channel, text, [{ type: 'bold', offset: 0, length: 4 }]);
		const got = await reader.incoming(text);
		assert.deepEqual([got.peer.kind, got.peer.id, got.id], ['channel', channel.id, sent.id]);
		assert.deepEqual(got.entities.map(({ type }) => type), ['bold']);
		const after = `${text}, edited`;
		await owner.edit(channel, sent.id, after);
		await reader.edited(after);
	});
	await s.check(`${label}: has the same history`, async () => {
		const story = (messages) => messages.filter(({ text }) => text && !text.startsWith('<')).map(({ id, text }) => `${id} ${text}`);
		const own = story(await owner.history(channel, 20));
		assert.deepEqual(story(await reader.history(seen, 20)), own);
		assert.ok(own.length > 0);
	});
	await s.check(`${label}: may not post`, async () => {
		await assert.rejects(reader.send(seen, post()), /CHAT_WRITE_FORBIDDEN|CHAT_ADMIN_REQUIRED|administrator rights/);
	});
	return seen;
}

// Asked anew each time: TDLib, the owner's, may keep a count for a minute.
async function counted(stranger, username) {
	return stranger.memberCount(await stranger.find(username));
}

async function away(s, owner, channel, username, reader, stranger) {
	const label = `${owner.constructor.label}'s channel, ${reader.constructor.label}`;
	await s.check(`${label}: was away, then sees posts and edits`, async () => {
		const texts = Array.from({ length: 5 }, post);
		assert.ok(await reader.reopenAfter(async () => {
			const ids = [];
			for (const text of texts) ids.push((await owner.send(channel, text)).id);
			texts[2] += ', edited';
			await owner.edit(channel, ids[2], texts[2]);
		}));
		await waitFor('the newest post in the chat list', async () => {
			const dialog = (await reader.dialogs()).find(({ peer }) => peer.id === channel.id);
			return dialog?.top === texts.at(-1);
		});
		await waitFor('the posts', async () => {
			const have = (await reader.history(channel, 5)).map(({ text }) => text).reverse();
			return have.join('|') === texts.join('|');
		});
		const next = post();
		await owner.send(channel, next);
		await reader.incoming(next);
	});
	await s.check(`${label}: leaves, and hears nothing more`, async () => {
		const before = await counted(stranger, username);
		await reader.leave(channel);
		assert.equal(await counted(stranger, username), before - 1);
		const text = post();
		await owner.send(channel, text);
		await assert.rejects(reader.incoming(text, 700), /waited/);
	});
}

await scenario({}, async (s) => {
	const readers = [];
	for (const Client of [Tdlib, Mtcute, Gramjs, Teleproto, Telethon])
		await s.must(`${Client.label} signs up`, async () => readers.push(await s.loggedIn(Client)));
	const stranger = await s.loggedIn(Mtcute);
	for (const Owner of [Tdlib, Mtcute, Gramjs]) {
		const username = `lontar_${Owner.label.toLowerCase()}`;
		let owner, channel;
		const made = await s.check(`${Owner.label} makes a channel and names it`, async () => {
			owner = await s.loggedIn(Owner);
			channel = await owner.createChannel(`Channel of ${Owner.label}`, 'about it');
			const early = await owner.send(channel, post());
			assert.ok(early.id > 0);
			await owner.setUsername(channel, username);
			assert.equal(await owner.memberCount(channel), 1);
		});
		if (!made) continue;
		const seen = [];
		for (const reader of readers) seen.push(await follow(s, owner, channel, username, reader));
		for (const [i, reader] of readers.entries()) if (seen[i]) await away(s, owner, seen[i], username, reader, stranger);
		await s.check(`${Owner.label}: nobody finds a name that is not there`, async () => {
			await assert.rejects(owner.find('lontar_nobody_here'), /USERNAME_NOT_OCCUPIED|not found|No user has|Cannot find/i);
		});
	}
});
