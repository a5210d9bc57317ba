// SPDX-License-Identifier: Apache-2.0
// Somebody with two devices of TDLib sets who may see what of her; another, by mtcute, which asks the server anew
// every time, sees just that. Then names, bio, birthday and blocking.
import { strict as assert } from 'node:assert';
import { scenario } from '../lib/cases.mjs';
import { Mtcute } from '../lib/mtcute.mjs';
import { Tdlib } from '../lib/tdlib.mjs';
import { waitFor } from '../lib/wait.mjs';

const SETTINGS = [
	'ShowStatus', 'ShowProfilePhoto', 'ShowLinkInForwardedMessages', 'ShowPhoneNumber', 'ShowBio', 'ShowBirthdate',
	'AllowChatInvites', 'AllowCalls', 'AllowPeerToPeerCalls', 'AllowFindingByPhoneNumber',
	'AllowPrivateVoiceAndVideoNoteMessages',
].map((name) => `userPrivacySetting${name}`);

const rule = (name, fields = {}) => ({ _: `userPrivacySettingRule${name}`, ...fields });

await scenario({}, async (s) => {
	let ayu, second, budi, named;
	const set = (setting, ...rules) => ayu.call({
		_: 'setUserPrivacySettingRules', setting: { _: setting }, rules: { _: 'userPrivacySettingRules', rules },
	});
	const get = async (device, setting) => (await device.call({ _: 'getUserPrivacySettingRules', setting: { _: setting } }))
		.rules.map((each) => each._.replace('userPrivacySettingRule', ''));
	// What Budi is told of Ayu just now.
	const seen = async () => {
		const answer = await budi.client.call({ _: 'users.getFullUser', id: named });
		return { ...answer.fullUser, user: answer.users.find((user) => user.id === ayu.id) };
	};
	await s.must('two people, one of them on two devices', async () => {
		[ayu, budi] = [await s.loggedIn(Tdlib), await s.loggedIn(Mtcute)];
		second = await s.device(Tdlib, { phone: ayu.phone });
		await second.login();
	});
	await s.must('a public name is taken, once, in any case', async () => {
		assert.equal((await ayu.call({ _: 'checkChatUsername', chat_id: 0, username: 'Ayu_Sari' }))._, 'checkChatUsernameResultOk');
		await ayu.call({ _: 'setUsername', username: 'Ayu_Sari' });
		await waitFor('the name on the other device', async () =>
			(await second.call({ _: 'getMe' })).usernames?.editable_username === 'Ayu_Sari');
		const found = await budi.client.call({ _: 'contacts.resolveUsername', username: 'aYU_sari' });
		assert.equal(found.peer.userId, ayu.id);
		named = { _: 'inputUser', userId: ayu.id, accessHash: found.users[0].accessHash };
		await assert.rejects(budi.client.call({ _: 'account.updateUsername', username: 'ayu_SARI' }), /USERNAME_OCCUPIED/);
	});
	await s.check('bio and birthday', async () => {
		await ayu.call({ _: 'setBio', bio: 'selalu ada' });
		await ayu.call({ _: 'setBirthdate', birthdate: { _: 'birthdate', day: 29, month: 2, year: 2000 } });
		assert.equal((await seen()).about, 'selalu ada');
		assert.equal((await seen()).birthday, undefined); // contacts only, unless she says otherwise
		await set('userPrivacySettingShowBirthdate', rule('AllowAll'));
		assert.equal((await seen()).birthday.day, 29);
	});
	await s.check('every setting is kept and reaches the other device', async () => {
		for (const setting of SETTINGS) {
			await get(second, setting); // what it knows, it must correct
			await set(setting, rule('AllowUsers', { user_ids: [] }), rule('AllowContacts'));
			await waitFor(`${setting} on the other device`, async () => (await get(second, setting)).at(-1) === 'AllowContacts');
			await set(setting, rule('RestrictAll'));
			assert.ok(!(await get(ayu, setting)).some((each) => each.startsWith('Allow')));
		}
	});
	await s.check('who may not see it is told nothing of it', async () => {
		const { user, ...full } = await seen();
		assert.equal(full.about ?? '', '');
		assert.equal(full.birthday, undefined);
		assert.equal(user.phone ?? '', '');
		assert.equal(user.status._, 'userStatusRecently');
		assert.ok(full.voiceMessagesForbidden && full.phoneCallsPrivate);
		assert.ok(full.privateForwardName);
		await assert.rejects(budi.client.call({ _: 'contacts.resolvePhone', phone: ayu.phone }), /PHONE_NOT_OCCUPIED/);
	});
	await s.check('an exception sees it all the same', async () => {
		await budi.send({ kind: 'user', id: ayu.id }, 'halo');
		await ayu.incoming('halo');
		for (const setting of SETTINGS) await set(setting, rule('AllowUsers', { user_ids: [budi.id] }), rule('RestrictAll'));
		const { user, ...full } = await seen();
		assert.equal(full.about, 'selalu ada');
		assert.equal(full.birthday.month, 2);
		assert.equal(`+${user.phone}`.replace('++', '+'), `+${ayu.phone}`.replace('++', '+'));
		assert.match(user.status._, /^userStatus(Online|Offline)$/);
		assert.ok(!full.voiceMessagesForbidden && !full.privateForwardName);
	});
	await s.check('who hides his own last visit is told of hers about, by his own doing', async () => {
		await budi.client.call({
			_: 'account.setPrivacy', key: { _: 'inputPrivacyKeyStatusTimestamp' }, rules: [{ _: 'inputPrivacyValueDisallowAll' }],
		});
		const { user } = await seen();
		assert.equal(user.status._, 'userStatusRecently');
		assert.ok(user.status.byMe);
	});
	await s.check('blocking', async () => {
		await ayu.call({
			_: 'setMessageSenderBlockList', sender_id: { _: 'messageSenderUser', user_id: budi.id }, block_list: { _: 'blockListMain' },
		});
		// TDLib answers before it has told the server.
		const list = () => second.call({ _: 'getBlockedMessageSenders', block_list: { _: 'blockListMain' }, offset: 0, limit: 10 });
		await waitFor('the block', async () => (await list()).total_count === 1);
		assert.equal((await list()).senders[0].user_id, budi.id);
		const { user, ...full } = await seen();
		assert.equal(full.about ?? '', '');
		assert.equal(user.status._, 'userStatusEmpty');
		assert.equal(user.phone ?? '', '');
		await ayu.call({ _: 'setMessageSenderBlockList', sender_id: { _: 'messageSenderUser', user_id: budi.id }, block_list: null });
		await waitFor('the end of the block', async () => (await list()).total_count === 0);
		assert.equal((await seen()).about, 'selalu ada');
	});
	await s.check('switches for all chats', async () => {
		await ayu.call({
			_: 'setArchiveChatListSettings', settings: {
				_: 'archiveChatListSettings', archive_and_mute_new_chats_from_unknown_users: true,
				keep_unmuted_chats_archived: true, keep_chats_from_folders_archived: false,
			},
		});
		const kept = await second.call({ _: 'getArchiveChatListSettings' });
		assert.ok(kept.archive_and_mute_new_chats_from_unknown_users && kept.keep_unmuted_chats_archived);
		await ayu.call({ _: 'setReadDatePrivacySettings', settings: { _: 'readDatePrivacySettings', show_read_date: false } });
		assert.equal((await second.call({ _: 'getReadDatePrivacySettings' })).show_read_date, false);
	});
	await s.check('nothing was complained about', () => assert.deepEqual([...ayu.errors, ...second.errors], []));
});
