// SPDX-License-Identifier: Apache-2.0
// Two-step verification and sessions, by TDLib; the same password by Telethon and mtcute.
import { strict as assert } from 'node:assert';
import { scenario } from '../lib/cases.mjs';
import { Mtcute } from '../lib/mtcute.mjs';
import { Tdlib } from '../lib/tdlib.mjs';
import { Telethon } from '../lib/telethon.mjs';
import { waitFor } from '../lib/wait.mjs';

const MAIL = 'ayu@letters.example';
const FIRST = 'nasi goreng, pedas';
const SECOND = 'es teh manis';
const SERVICE = 777000;

const state = (device, name) => waitFor(() => `authorizationState${name} (is ${device.authorization})`, () => device.authorization === `authorizationState${name}`);

// As far as the password.
async function knock(s, phone, device) {
	const other = await s.device(Tdlib, { phone, device });
	await other.requestCode();
	await other.enterCode(await s.server.code(phone));
	await state(other, 'WaitPassword');
	return other;
}

const setPassword = (device, settings) => device.call({
	_: 'setPassword', old_password: '', new_password: '', new_hint: '', set_recovery_email_address: false, new_recovery_email_address: '', ...settings,
});

const sessionsOf = async (device) => (await device.call({ _: 'getActiveSessions' })).sessions;

await scenario({}, async (s) => {
	let ayu, second;
	for (const secret of [MAIL, FIRST, SECOND]) s.server.secrets.add(secret);
	await s.must('somebody signs up, and has no password', async () => {
		ayu = await s.loggedIn(Tdlib, { device: 'The first' });
		assert.equal((await ayu.call({ _: 'getPasswordState' })).has_password, false);
	});
	await s.must('a password is set', async () => {
		const set = await setPassword(ayu, { new_password: FIRST, new_hint: 'lunch' });
		assert.ok(set.has_password && !set.has_recovery_email_address);
		assert.equal(set.password_hint, 'lunch');
	});
	await s.check('a recovery address counts once its code was typed', async () => {
		const asked = await ayu.call({ _: 'setRecoveryEmailAddress', password: FIRST, new_recovery_email_address: MAIL });
		assert.equal(asked.recovery_email_address_code_info.length, 6);
		assert.equal(asked.has_recovery_email_address, false);
		const old = await s.server.code(MAIL);
		await ayu.call({ _: 'resendRecoveryEmailAddressCode' });
		const code = await s.server.code(MAIL);
		// TDLib answers a wrong code by the state, which is as before.
		if (old !== code) assert.ok(!(await ayu.call({ _: 'checkRecoveryEmailAddressCode', code: old })).has_recovery_email_address);
		const done = await ayu.call({ _: 'checkRecoveryEmailAddressCode', code });
		assert.ok(done.has_recovery_email_address);
		assert.equal((await ayu.call({ _: 'getRecoveryEmailAddress', password: FIRST })).recovery_email_address, MAIL);
	});
	await s.must('another device needs it', async () => {
		second = await knock(s, ayu.phone, 'The second');
		assert.equal(second.authorizationState.password_hint, 'lunch');
		assert.ok(second.authorizationState.has_recovery_email_address);
		assert.ok((await sessionsOf(ayu)).some((session) => session.is_password_pending && session.device_model === 'The second'));
		await assert.rejects(second.call({ _: 'checkAuthenticationPassword', password: SECOND }), /PASSWORD_HASH_INVALID/);
		await second.call({ _: 'checkAuthenticationPassword', password: FIRST });
		await state(second, 'Ready');
		await second.online();
		assert.equal((await second.call({ _: 'getMe' })).id, ayu.id);
	});
	await s.check('the first hears of it, by name, and confirms it', async () => {
		await ayu.inbox.wait('the message', (e) => e.what === 'message' && e.peer.id === SERVICE && e.text.includes('Device: The second'));
		const there = (await sessionsOf(ayu)).find((session) => session.device_model === 'The second');
		assert.ok(there.is_unconfirmed && !there.is_current && !there.is_password_pending);
		await ayu.call({ _: 'confirmSession', session_id: there.id });
		assert.equal((await sessionsOf(ayu)).find((session) => session.id === there.id).is_unconfirmed, false);
	});
	await s.check('settings of a session are kept', async () => {
		const [there] = (await sessionsOf(ayu)).filter((session) => !session.is_current);
		await ayu.call({ _: 'toggleSessionCanAcceptCalls', session_id: there.id, can_accept_calls: false });
		assert.equal((await sessionsOf(ayu)).find((session) => session.id === there.id).can_accept_calls, false);
	});
	await s.check('a fresh login ends no other', async () => {
		const there = (await sessionsOf(second)).find((session) => !session.is_current);
		await assert.rejects(second.call({ _: 'terminateSession', session_id: there.id }), /FRESH_RESET_AUTHORISATION_FORBIDDEN/);
		// Telegram Desktop shows nothing of this error: it waits for what the service says of it.
		await waitFor('the reason', () => second.notices.some((text) => /less than a day ago/.test(text)));
		await assert.rejects(second.call({ _: 'terminateAllOtherSessions' }), /FRESH_RESET_AUTHORISATION_FORBIDDEN/);
	});
	await s.check('it is changed by who knows it', async () => {
		await assert.rejects(setPassword(ayu, { old_password: 'wrong', new_password: SECOND }), /PASSWORD_HASH_INVALID/);
		const changed = await setPassword(ayu, { old_password: FIRST, new_password: SECOND, new_hint: 'a drink' });
		assert.ok(changed.has_recovery_email_address);
		assert.equal(changed.password_hint, 'a drink');
	});
	await s.check('Telethon and mtcute know it too', async () => {
		const snake = await s.device(Telethon, { phone: ayu.phone });
		await snake.requestCode();
		await assert.rejects(snake.enterCode(await s.server.code(ayu.phone)), /SessionPasswordNeeded|SESSION_PASSWORD_NEEDED/i);
		await assert.rejects(snake.checkPassword(FIRST), /PasswordHashInvalid|PASSWORD_HASH_INVALID/i);
		await snake.checkPassword(SECOND);
		assert.equal(snake.id, ayu.id);
		assert.ok(await snake.editPassword(SECOND, FIRST));
		await snake.logout();
		const cute = await s.device(Mtcute, { phone: ayu.phone });
		const { phoneCodeHash } = await cute.client.sendCode({ phone: ayu.phone });
		await assert.rejects(cute.client.signIn({ phone: ayu.phone, phoneCodeHash, phoneCode: await s.server.code(ayu.phone) }), /SESSION_PASSWORD_NEEDED/);
		assert.equal((await cute.client.checkPassword(FIRST)).id, ayu.id);
		await cute.client.changeCloudPassword({ currentPassword: FIRST, newPassword: SECOND, hint: '' });
		await cute.client.logOut();
	});
	await s.check('a reset is asked for and declined', async () => {
		const asked = await second.call({ _: 'resetPassword' });
		assert.equal(asked._, 'resetPasswordResultPending');
		assert.ok((await ayu.call({ _: 'getPasswordState' })).pending_reset_date > 0);
		await ayu.call({ _: 'cancelPasswordReset' });
		assert.equal((await second.call({ _: 'resetPassword' }))._, 'resetPasswordResultDeclined');
	});
	await s.check('a device that logged out comes back without a code', async () => {
		let token;
		second.client.on('update', (update) => {
			if (update._ === 'updateOption' && update.name === 'authentication_token') token = update.value.value;
		});
		await second.logout();
		await second.close();
		assert.ok(token);
		await second.open();
		await second.call({
			_: 'setAuthenticationPhoneNumber', phone_number: second.phone,
			settings: { _: 'phoneNumberAuthenticationSettings', authentication_tokens: [token] },
		});
		await state(second, 'WaitPassword');
		await second.call({ _: 'checkAuthenticationPassword', password: SECOND });
		await state(second, 'Ready');
		await second.logout();
	});
	await s.check('who forgot it recovers by e-mail', async () => {
		const third = await knock(s, ayu.phone, 'The third');
		await third.call({ _: 'requestAuthenticationPasswordRecovery' });
		const code = await s.server.code(MAIL);
		const wrong = code === '111111' ? '222222' : '111111';
		await assert.rejects(third.call({ _: 'checkAuthenticationPasswordRecoveryCode', recovery_code: wrong }), /CODE_INVALID/);
		await third.call({ _: 'checkAuthenticationPasswordRecoveryCode', recovery_code: code });
		await third.call({ _: 'recoverAuthenticationPassword', recovery_code: code, new_password: FIRST, new_hint: 'again' });
		await state(third, 'Ready');
		assert.equal((await third.call({ _: 'getPasswordState' })).password_hint, 'again');
		await third.logout();
	});
	await s.check('it is removed', async () => {
		assert.equal((await setPassword(ayu, { old_password: FIRST })).has_password, false);
		const fourth = await s.device(Tdlib, { phone: ayu.phone });
		await fourth.login();
		assert.equal((await fourth.call({ _: 'getMe' })).id, ayu.id);
	});
});
