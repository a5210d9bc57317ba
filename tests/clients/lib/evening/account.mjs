// SPDX-License-Identifier: Apache-2.0
// The account's side of the evening: contacts, names, privacy, blocking, sessions, the password.
import { strict as assert } from 'node:assert';
import { words } from '../pairs.mjs';
import { waitFor } from '../wait.mjs';
import { messagesOf, post, readAll, user } from './people.mjs';

const NAME = `anna_lontar_${process.pid}`;
const PASSWORD = words('sate ayam');

const userAt = (device, id) => device.call({ _: 'getUser', user_id: id });
const full = (device, id) => device.call({ _: 'getUserFullInfo', user_id: id });
const card = ({ phone, name }) => ({ _: 'importedContact', phone_number: phone, first_name: name, last_name: '' });
const rule = (name, fields = {}) => ({ _: `userPrivacySettingRule${name}`, ...fields });
export const privacy = (setting, ...rules) => ({
	_: 'setUserPrivacySettingRules', setting: { _: `userPrivacySetting${setting}` }, rules: { _: 'userPrivacySettingRules', rules },
});
const blocked = (id, on) => ({
	_: 'setMessageSenderBlockList', sender_id: user(id), block_list: on ? { _: 'blockListMain' } : null,
});

export async function gettingKnown(e) {
	const { anna, budi, citra } = e;
	await e.step('contacts are imported', async () => {
		const { user_ids } = await anna.call({ _: 'importContacts', contacts: [card(budi), card(citra)] });
		assert.deepEqual(user_ids, [budi.id, citra.id]);
		await anna.sees('two contacts', async (device) => (await device.contacts()).length === 2);
		for (const { id: user_id } of [budi, citra]) for (const device of anna.devices) await device.call({ _: 'createPrivateChat', user_id, force: false });
		await budi.call({ _: 'importContacts', contacts: [card(anna)] });
		await budi.sees('a contact', async (device) => (await device.contacts())[0] === anna.id);
		for (const device of budi.devices) await device.call({ _: 'createPrivateChat', user_id: anna.id, force: false });
		await anna.sees('a mutual contact', async (device) => (await userAt(device, budi.id)).is_mutual_contact);
	});
	await e.step('a name, a line about oneself, a birthday, a public name', async () => {
		await anna.call({ _: 'setName', first_name: 'Anna', last_name: 'Lontar' });
		await anna.call({ _: 'setBio', bio: 'reads on the porch' });
		await anna.call({ _: 'setBirthdate', birthdate: { _: 'birthdate', day: 29, month: 2, year: 2000 } });
		assert.equal((await anna.call({ _: 'checkChatUsername', chat_id: 0, username: NAME }))._, 'checkChatUsernameResultOk');
		await anna.call({ _: 'setUsername', username: NAME });
		await anna.sees('the new names', async (device) => {
			const me = await device.call({ _: 'getMe' });
			return me.last_name === 'Lontar' && me.usernames?.editable_username === NAME;
		});
		await anna.sees('the line', async (device) => (await full(device, anna.id)).bio?.text === 'reads on the porch');
		assert.equal((await citra.call({ _: 'searchPublicChat', username: NAME.toUpperCase() })).id, anna.id);
		await citra.sees('the name', async (device) => (await userAt(device, anna.id)).last_name === 'Lontar');
		// What it was told of somebody before, TDLib keeps for a minute.
		await citra.sees('her line', async (device) => (await full(device, anna.id)).bio?.text === 'reads on the porch');
		await budi.sees('her birthday', async (device) => (await full(device, anna.id)).birthdate?.day === 29);
	});
}

export async function beingLeftAlone(e) {
	const { anna, budi, citra } = e;
	await e.step('what others may see is told to all one\'s devices, and kept', async () => {
		await anna.call(privacy('ShowBio', rule('AllowUsers', { user_ids: [budi.id] }), rule('RestrictAll')));
		await anna.call(privacy('ShowPhoneNumber', rule('RestrictAll')));
		await anna.call(privacy('ShowStatus', rule('AllowChatMembers', { chat_ids: [e.group] }), rule('RestrictUsers', { user_ids: [citra.id] }), rule('AllowContacts')));
		await anna.sees('the rules', async (device) => (await device.call({
			_: 'getUserPrivacySettingRules', setting: { _: 'userPrivacySettingShowStatus' },
		})).rules.some((each) => each._.endsWith('AllowChatMembers')));
	});
	await e.step('the blocked writes to nobody, and is not told', async () => {
		const before = words('before the door closes');
		await post(citra.first, anna.id, before);
		await anna.has(citra.id, before);
		await anna.call(blocked(citra.id, true));
		await anna.chat(citra.id, 'the block', (chat) => chat.block_list?._ === 'blockListMain');
		await assert.rejects(post(anna.first, citra.id, words('to the blocked')), /YOU_BLOCKED_USER/);
		// What could not be sent stays on the device that wrote it.
		const [{ id, sending_state: state }] = await messagesOf(anna.first, citra.id, 1);
		assert.equal(state._, 'messageSendingStateFailed');
		await anna.call({ _: 'deleteMessages', chat_id: citra.id, message_ids: [id], revoke: false });
		const unheard = words('does anybody hear');
		await post(citra.first, anna.id, unheard);
		await citra.has(anna.id, unheard);
		// What comes after it on another way shows that it is not merely late.
		const heard = words('heard by all');
		await post(budi.first, anna.id, heard);
		await anna.has(budi.id, heard);
		for (const device of anna.devices)
			assert.ok(!(await messagesOf(device, citra.id)).some((message) => message.content.text?.text === unheard));
		const { status } = await userAt(citra.first, anna.id);
		assert.ok(!/Online|Offline/.test(status._), status._);
	}, { deep: true });
	await e.step('unblocked, she is heard again', async () => {
		await anna.call(blocked(citra.id, false));
		await anna.chat(citra.id, 'no block', (chat) => !chat.block_list);
		const text = words('here I am again');
		await post(citra.first, anna.id, text);
		await anna.has(citra.id, text);
		await readAll(anna.second, citra.id);
		await anna.chat(citra.id, 'nothing unread', (chat) => chat.unread_count === 0);
	}, { deep: true });
	await e.step('settings for all chats at once', async () => {
		await anna.call({
			_: 'setArchiveChatListSettings', settings: {
				_: 'archiveChatListSettings', archive_and_mute_new_chats_from_unknown_users: true,
				keep_unmuted_chats_archived: false, keep_chats_from_folders_archived: false,
			},
		});
		await anna.call({ _: 'setReadDatePrivacySettings', settings: { _: 'readDatePrivacySettings', show_read_date: false } });
		await anna.call({ _: 'setAccountTtl', ttl: { _: 'accountTtl', days: 365 } });
		assert.equal((await anna.second.call({ _: 'getReadDatePrivacySettings' })).show_read_date, false);
		await anna.call({ _: 'setReadDatePrivacySettings', settings: { _: 'readDatePrivacySettings', show_read_date: true } });
	}, { deep: true });
}

export async function goingHome(e) {
	const { s, anna, budi, citra } = e;
	s.server.secrets.add(PASSWORD);
	const password = (old_password, new_password) => anna.call({
		_: 'setPassword', old_password, new_password, new_hint: new_password && 'lunch', set_recovery_email_address: false, new_recovery_email_address: '',
	});
	await e.step('a password, known to the other device', async () => {
		assert.ok((await password('', PASSWORD)).has_password);
		assert.ok((await anna.second.call({ _: 'getPasswordState' })).has_password);
	}, { deep: true });
	await s.check('a new device of each has what the others have; the password lets it in', async () => {
		for (const person of e.people) {
			const fresh = await person.newDevice(s);
			if (person === anna) {
				await waitFor('the question for the password', () => fresh.authorization === 'authorizationStateWaitPassword');
				await fresh.call({ _: 'checkAuthenticationPassword', password: PASSWORD });
			}
			await person.settle(fresh);
		}
		await e.agree({ deep: true });
	});
	await e.step('sessions are listed; none ends another on its first day, each ends itself', async () => {
		const { sessions } = await anna.call({ _: 'getActiveSessions' });
		assert.equal(sessions.length, 3);
		const { id } = sessions.find(({ device_model: model }) => model === 'Anna 3');
		await assert.rejects(anna.second.call({ _: 'terminateSession', session_id: id }), /FRESH_RESET_AUTHORISATION_FORBIDDEN/);
		await anna.devices.pop().logout();
		assert.equal((await anna.second.call({ _: 'getActiveSessions' })).sessions.length, 2);
	}, { deep: true });
	await e.step('the password goes', async () => {
		assert.equal((await password(PASSWORD, '')).has_password, false);
	}, { deep: true });
	await s.check('nothing was complained about', () => {
		for (const { devices } of [anna, budi, citra]) for (const { errors } of devices) assert.deepEqual(errors, []);
	});
}
