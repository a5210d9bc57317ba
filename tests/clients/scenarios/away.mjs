// SPDX-License-Identifier: Apache-2.0
// A device that was away learns what another device of the account did with its channels; and a chat
// list whose lines are all of one second comes to its end.
import { strict as assert } from 'node:assert';
import { scenario } from '../lib/cases.mjs';
import { Tdlib } from '../lib/tdlib.mjs';
import { Mtcute } from '../lib/mtcute.mjs';
import { PATIENCE_MS, waitFor, within } from '../lib/wait.mjs';

async function made(owner, name) {
	const channel = await owner.createChannel(name, 'about it');
	await owner.setUsername(channel, name);
	await owner.send(channel, `post of ${name}`);
	return channel;
}

await scenario({}, async (s) => {
	let owner, first, second, joined, left, deleted;
	const lists = async (device, channel) => (await device.dialogs()).find(({ peer }) => peer.id === channel.id);
	await s.must('an account with a device of TDLib and one of mtcute', async () => {
		owner = await s.loggedIn(Mtcute);
		[joined, left, deleted] = [await made(owner, 'joined_later'), await made(owner, 'left_later'), await made(owner, 'deleted_later')];
		first = await s.loggedIn(Tdlib);
		await first.join('left_later');
		await first.join('deleted_later');
	});
	await s.must('two channels of one second, and the service: the list is there', async () => {
		assert.ok(await lists(first, left));
		assert.ok(await lists(first, deleted));
	});
	await s.check('the first post of a channel stays', async () => {
		await assert.rejects(owner.client.deleteMessagesById('joined_later', [1]), /MESSAGE_DELETE_FORBIDDEN/);
	});
	await s.check('who has just logged in, and asked for nothing yet, hears what changes', async () => {
		const fresh = await s.device(Mtcute, { phone: first.phone });
		const named = new Promise((done) => fresh.client.onServerUpdate.add(({ updates = [] }) => {
			if (updates.some((update) => update._ === 'updateUserName' && update.lastName === 'Sari')) done();
		}));
		await fresh.requestCode();
		assert.equal((await fresh.enterCode(await s.server.code(fresh.phone)))._, 'auth.authorization');
		await first.call({ _: 'setName', first_name: 'Ayu', last_name: 'Sari' });
		await within(PATIENCE_MS, 'the new name', named);
	});
	await s.check('TDLib: joined, left and deleted while away', async () => {
		second = await s.device(Mtcute, { phone: first.phone });
		await second.login();
		assert.ok(await first.reopenAfter(async () => {
			await second.join('joined_later');
			await second.leave(await second.find('left_later'));
			await owner.client.deleteChannel('deleted_later');
		}));
		await waitFor('the channel that was joined', async () => (await lists(first, joined))?.top === 'post of joined_later');
		await waitFor('the others gone', async () => !(await lists(first, left)) && !(await lists(first, deleted)));
	});
});
