// SPDX-License-Identifier: Apache-2.0
// An installation that lets in whom it invited, and hands out accounts without a telephone: by TDLib and the
// operator's commands. No code is sent to anybody but devices.
import { strict as assert } from 'node:assert';
import { scenario } from '../lib/cases.mjs';
import { Tdlib } from '../lib/tdlib.mjs';
import { waitFor } from '../lib/wait.mjs';

const state = (device, name) => waitFor(() => `authorizationState${name} (is ${device.authorization})`, () => device.authorization === `authorizationState${name}`);
const field = (name, text) => new RegExp(`${name}:? (\\S+)`).exec(text)[1];

await scenario({ options: ['--codes', 'sessions'], ini: { login: { signup: 'invited', terms: 'terms.txt' } } }, async (s) => {
	const lontar = (command, ...args) => s.server.command(...command.split(' '), ...args, '--data', s.server.data);
	const refused = (...args) => assert.throws(() => lontar(...args));
	await s.check('an invited number signs up with the code that was printed for it', async () => {
		const device = await s.device(Tdlib);
		const said = lontar('invite', device.phone);
		await device.requestCode();
		await device.enterCode(field('yet', said));
		await state(device, 'WaitRegistration');
		assert.equal(device.authorizationState.terms_of_service.text.text, 'Be kind.');
		await device.call({ _: 'registerUser', first_name: 'Ayu', last_name: '', disable_notification: true });
		await state(device, 'Ready');
		assert.match(lontar('invite --list'), /Nobody is invited/);
		// The operator can't let himself in to it.
		refused('user code', device.phone);
	});
	await s.check('a word is typed as the last name, and works as often as it was made for', async () => {
		const word = lontar('invite --word').split('\n')[0];
		const device = await s.device(Tdlib);
		const register = (last) => device.call({ _: 'registerUser', first_name: 'Made', last_name: last, disable_notification: true });
		const code = field('yet', lontar('invite', device.phone));
		await device.requestCode();
		await device.enterCode(code);
		await state(device, 'WaitRegistration');
		lontar('invite --revoke', device.phone);
		assert.match(lontar('invite --list'), /word .* 1 left/);
		await assert.rejects(register('bcdf-ghjk'), /LASTNAME_INVALID/);
		await register(word.toUpperCase());
		await state(device, 'Ready');
		assert.equal((await device.call({ _: 'getMe' })).last_name, '');
		assert.match(lontar('invite --list'), /Nobody is invited/);
	});
	await s.check('an account without a telephone logs in with the number and code handed out', async () => {
		const said = lontar('user add --name Wayan');
		const phone = field('number', said);
		assert.match(phone, /^\+888\d{8}$/);
		const device = await s.device(Tdlib, { phone });
		await device.requestCode();
		await device.enterCode(field('code', said));
		await state(device, 'Ready');
		await device.online();
		assert.equal((await device.me()).name, 'Wayan');
		refused('user code', phone);
		assert.match(lontar('user list'), /logged in\n/);
		// With a password behind the code, there is nothing to fear from who hands codes out.
		await device.call({ _: 'setPassword', old_password: '', new_password: 'rumit sekali', new_hint: '', set_recovery_email_address: false });
		const second = await s.device(Tdlib, { phone });
		await second.requestCode();
		await second.enterCode(field('code', lontar('user code', phone)));
		await state(second, 'WaitPassword');
		await second.call({ _: 'checkAuthenticationPassword', password: 'rumit sekali' });
		await state(second, 'Ready');
	});
	await s.check('nobody else signs up, and is told no more than everybody is', async () => {
		const device = await s.device(Tdlib);
		await device.requestCode();
		assert.equal(device.authorizationState.code_info.type._, 'authenticationCodeTypeTelegramMessage');
		assert.equal(s.server.codes.length, 0);
	});
});
