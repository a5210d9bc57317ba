// SPDX-License-Identifier: Apache-2.0
// What somebody does with an account, whatever the client: a wrong code, sign-up, a second device, the saved
// session, logout. `friend` is another's device.
import { strict as assert } from 'node:assert';
import { meet, words } from './pairs.mjs';

const SERVICE = { kind: 'user', id: 777000 };

export async function account(s, label, Client, settings, friend) {
	let device;
	const signedUp = await s.check(`${label}: a wrong code is refused, the right one signs up`, async () => {
		device = await s.device(Client, settings);
		await device.requestCode();
		const code = await s.server.code(device.phone);
		await assert.rejects(device.enterCode(code === '11111' ? '22222' : '11111'), /PHONE_CODE_INVALID/);
		await device.close();
		device = await s.device(Client, { ...settings, phone: device.phone });
		const { isNew } = await device.login();
		assert.ok(isNew);
		assert.equal((await device.me()).name, device.name);
	});
	if (!signedUp) return;
	await s.check(`${label}: a second device gets the code as a message and sees what the first sends`, async () => {
		const second = await s.device(Client, { ...settings, phone: device.phone });
		const { isNew, id } = await second.login(async () => {
			const shown = await device.inbox.wait('the code as a message', (e) => e.what === 'message' && e.peer.id === SERVICE.id && /\d{5}/.test(e.text));
			return /\b\d{5}\b/.exec(shown.text)[0];
		});
		assert.equal(isNew, false);
		assert.equal(id, device.id);
		const peer = (await meet(device, friend)).ab;
		// A message that is sent while a client still asks for its first state comes with the chat list, not as an event.
		await second.dialogs();
		const text = words(`from the first device, ${label}`);
		await device.send(peer, text);
		await second.inbox.wait('the message of the other device', (e) => e.what === 'message' && e.out && e.text === text);
		await friend.incoming(text);
		await second.logout();
		await second.close();
	});
	await s.check(`${label}: opens again with its saved session, and logs out`, async () => {
		assert.ok(await device.reopen());
		assert.equal((await device.me()).id, device.id);
		const dialogs = await device.dialogs();
		assert.ok(dialogs.some(({ peer }) => peer.id === friend.id), 'the chat is in the list');
		await device.logout();
		await device.close();
	});
}
