// SPDX-License-Identifier: Apache-2.0
// Ways in, by TDLib: codes by a webhook, a QR code, e-mail; another number; the end of an account.
import { strict as assert } from 'node:assert';
import { newPhone, scenario } from '../lib/cases.mjs';
import { Outside } from '../lib/outside.mjs';
import { Tdlib } from '../lib/tdlib.mjs';
import { waitFor } from '../lib/wait.mjs';

const SERVICE = 777000;
const MAIL = 'ayu@letters.example';
const outside = await Outside.start();

const state = (device, name) => waitFor(() => `authorizationState${name} (is ${device.authorization})`, () => device.authorization === `authorizationState${name}`);

async function shownCode(device) {
	const shown = await device.inbox.wait('the code as a message', (e) => e.what === 'message' && e.peer.id === SERVICE && /Login code: \d{5}/.test(e.text));
	return /\b\d{5}\b/.exec(shown.text)[0];
}

await scenario({ options: ['--codes', 'sessions'], ini: { codes: outside.settings } }, async (s) => {
	let ayu, second;
	s.server.secrets.add(MAIL);
	await s.must('a newcomer gets the code by the webhook, which was down at first', async () => {
		outside.refuse = 1;
		ayu = await s.device(Tdlib);
		const { isNew } = await ayu.login(() => outside.code(ayu.phone));
		assert.ok(isNew);
		assert.equal(outside.forged, 0);
	});
	await s.check('what went out is counted', async () => {
		assert.equal(await s.server.metric('lontar_letters_sent_total'), 1);
		assert.ok(await s.server.metric('lontar_letters_again_total') >= 1);
		assert.equal(await s.server.metric('lontar_letters_lost_total'), 0);
	});
	await s.check('a QR code lets another device in', async () => {
		second = await s.device(Tdlib, { phone: ayu.phone, device: 'The second' });
		await second.call({ _: 'requestQrCodeAuthentication', other_user_ids: [] });
		await state(second, 'WaitOtherDeviceConfirmation');
		const { link } = second.authorizationState;
		const session = await ayu.call({ _: 'confirmQrCodeAuthentication', link });
		assert.equal(session.device_model, 'The second');
		await state(second, 'Ready');
		await second.online();
		assert.equal((await second.call({ _: 'getMe' })).id, ayu.id);
		await assert.rejects(ayu.call({ _: 'confirmQrCodeAuthentication', link }), /AUTH_TOKEN/);
	});
	await s.check('the code goes to the devices first, and asked for again by the webhook', async () => {
		const third = await s.device(Tdlib, { phone: ayu.phone });
		await third.requestCode();
		assert.equal(third.authorizationState.code_info.type._, 'authenticationCodeTypeTelegramMessage');
		await shownCode(ayu);
		assert.equal(outside.codes.length, 0);
		await third.call({ _: 'resendAuthenticationCode', reason: { _: 'resendCodeReasonUserRequest' } });
		const code = await outside.code(ayu.phone);
		assert.equal(third.authorizationState.code_info.type._, 'authenticationCodeTypeSms');
		await third.enterCode(code);
		await state(third, 'Ready');
		await third.logout();
		await third.close();
	});
	await s.check('an e-mail address takes the place of the phone', async () => {
		await ayu.call({ _: 'setLoginEmailAddress', new_login_email_address: MAIL });
		const [set] = /\d{5}/.exec(await outside.letter(MAIL));
		await assert.rejects(ayu.call({ _: 'checkLoginEmailAddressCode', code: { _: 'emailAddressAuthenticationCode', code: set === '11111' ? '22222' : '11111' } }), /CODE_INVALID/);
		await ayu.call({ _: 'checkLoginEmailAddressCode', code: { _: 'emailAddressAuthenticationCode', code: set } });
		const third = await s.device(Tdlib, { phone: ayu.phone });
		await third.requestCode();
		await third.call({ _: 'resendAuthenticationCode', reason: { _: 'resendCodeReasonUserRequest' } });
		await state(third, 'WaitEmailCode');
		const [code] = /\d{5}/.exec(await outside.letter(MAIL));
		assert.equal(outside.codes.length, 0);
		await third.call({ _: 'checkAuthenticationEmailCode', code: { _: 'emailAddressAuthenticationCode', code } });
		await state(third, 'Ready');
		await third.logout();
		await third.close();
	});
	let friend;
	await s.check('another number: the other device and a friend hear of it, and the old one is free', async () => {
		friend = await s.device(Tdlib);
		await friend.login(() => outside.code(friend.phone));
		await friend.addContact(ayu.phone, 'Ayu');
		await ayu.addContact(friend.phone, 'Friend');
		const before = ayu.phone, after = newPhone();
		s.server.secrets.add(after.slice(1));
		const change = (device, phone) => device.call({ _: 'sendPhoneNumberCode', phone_number: phone, type: { _: 'phoneNumberCodeTypeChange' } });
		// The QR code's device is logged in since a minute: it could be a thief's.
		await assert.rejects(change(second, after), /FRESH_CHANGE_PHONE_FORBIDDEN/);
		await change(ayu, friend.phone);
		await assert.rejects(ayu.call({ _: 'checkPhoneNumberCode', code: await outside.code(friend.phone) }), /PHONE_NUMBER_OCCUPIED/);
		await change(ayu, after);
		await ayu.call({ _: 'checkPhoneNumberCode', code: await outside.code(after) });
		for (const device of [second, friend])
			await waitFor(`the new number at ${device.name}`, async () => (await device.call({ _: 'getUser', user_id: ayu.id })).phone_number === after.slice(1));
		const newcomer = await s.device(Tdlib, { phone: before });
		await newcomer.login(() => outside.code(before));
		assert.notEqual(newcomer.id, ayu.id);
	});
	await s.check('a deleted account is gone from all devices, and a deleted account to others', async () => {
		const text = 'qzmark kept by the friend';
		await ayu.send({ kind: 'user', id: friend.id }, text);
		await friend.incoming(text);
		await ayu.call({ _: 'deleteAccount', reason: 'none', password: '' });
		for (const device of [ayu, second])
			await waitFor(() => `the end of the session of ${device.name} (is ${device.authorization})`, () => /LoggingOut|Closing|Closed/.test(device.authorization));
		await waitFor('a deleted user at the friend', async () => (await friend.call({ _: 'getUser', user_id: ayu.id })).type._ === 'userTypeDeleted');
		const history = await friend.call({ _: 'getChatHistory', chat_id: ayu.id, from_message_id: 0, offset: 0, limit: 10, only_local: false });
		assert.ok(history.messages.some((message) => message.content.text?.text === text), 'the copy stays');
		await assert.rejects(friend.send({ kind: 'user', id: ayu.id }, 'to nobody'));
	});
});
outside.stop();
