// SPDX-License-Identifier: Apache-2.0
// Two people and a stranger, the first with two devices: contacts in all the ways that TDLib knows, the bar above a
// chat, reports, finding people and hiding from it.
import { strict as assert } from 'node:assert';
import { scenario } from '../lib/cases.mjs';
import { Tdlib } from '../lib/tdlib.mjs';
import { waitFor } from '../lib/wait.mjs';

const privacy = (setting, rule) => ({
	_: 'setUserPrivacySettingRules', setting: { _: setting }, rules: { _: 'userPrivacySettingRules', rules: [{ _: rule }] },
});

const card = (user_id, first_name, note) => ({
	_: 'addContact', user_id, share_phone_number: false,
	contact: {
		_: 'importedContact', phone_number: '', first_name, last_name: '',
		...(note ? { note: { _: 'formattedText', text: note, entities: [] } } : {}),
	},
});

await scenario({}, async (s) => {
	let ayu, second, budi, citra, chat;
	const user = (device, id) => device.call({ _: 'getUser', user_id: id });
	const bar = async (device, id) => (await device.call({ _: 'getChat', chat_id: id })).action_bar?._ ?? null;
	const opened = async (device, id) => {
		await device.call({ _: 'createPrivateChat', user_id: id, force: false });
		await device.call({ _: 'openChat', chat_id: id });
	};
	await s.must('three accounts, one of them on two devices', async () => {
		[ayu, budi, citra] = [await s.loggedIn(Tdlib), await s.loggedIn(Tdlib), await s.loggedIn(Tdlib)];
		second = await s.device(Tdlib, { phone: ayu.phone });
		await second.login();
	});
	await s.must('a stranger is found by his public name', async () => {
		await budi.call({ _: 'setUsername', username: 'budi_santoso' });
		chat = await ayu.call({ _: 'searchPublicChat', username: 'Budi_Santoso' });
		assert.equal(chat.id, budi.id);
		assert.equal((await ayu.call({ _: 'searchPublicChats', query: 'budi_s' })).chat_ids[0], budi.id);
		await assert.rejects(ayu.call({ _: 'searchPublicChat', username: 'nobody_at_all' }));
	});
	await s.check('his first message asks, the answer closes the bar', async () => {
		await ayu.send({ kind: 'user', id: budi.id }, 'halo');
		await budi.incoming('halo');
		await opened(budi, ayu.id);
		await waitFor('the bar of a stranger', async () => (await bar(budi, ayu.id)) === 'chatActionBarReportAddBlock');
		await budi.send({ kind: 'user', id: ayu.id }, 'siapa?');
		await waitFor('no bar', async () => (await bar(budi, ayu.id)) === null);
	});
	await s.check('added by id, with a note, on both devices', async () => {
		await ayu.call(card(budi.id, 'Mas Budi', 'from the port'));
		assert.ok((await user(ayu, budi.id)).is_contact);
		await waitFor('the contact on the other device', async () => {
			const seen = await user(second, budi.id).catch(() => null);
			return seen?.is_contact && seen.first_name === 'Mas Budi';
		});
		assert.deepEqual(await second.contacts(), [budi.id]);
		await waitFor('the note on the other device', async () =>
			(await second.call({ _: 'getUserFullInfo', user_id: budi.id })).note?.text === 'from the port');
		assert.equal((await user(second, budi.id)).phone_number, '');
		await ayu.call({ _: 'setUserNote', user_id: budi.id, note: { _: 'formattedText', text: 'from the sea', entities: [] } });
		await waitFor('the changed note', async () =>
			(await ayu.call({ _: 'getUserFullInfo', user_id: budi.id })).note?.text === 'from the sea');
	});
	await s.check('mutual, and close', async () => {
		await budi.addContact(ayu.phone, 'Ayu');
		await waitFor('mutual contacts', async () => (await user(ayu, budi.id)).is_mutual_contact);
		await waitFor('also on the other device', async () => (await user(second, budi.id)).is_mutual_contact);
		await ayu.call({ _: 'setCloseFriends', user_ids: [budi.id] });
		await waitFor('a close friend on the other device', async () => (await user(second, budi.id)).is_close_friend);
	});
	await s.check('found by what one calls him', async () => {
		assert.deepEqual((await ayu.call({ _: 'searchContacts', query: 'mas', limit: 10 })).user_ids, [budi.id]);
		assert.deepEqual((await ayu.call({ _: 'searchChatsOnServer', query: 'mas bu', limit: 10 })).chat_ids, [budi.id]);
	});
	await s.check('whom one writes to comes first', async () => {
		const top = await ayu.call({ _: 'getTopChats', category: { _: 'topChatCategoryUsers' }, limit: 5 });
		assert.deepEqual(top.chat_ids, [budi.id]);
		await ayu.call({ _: 'setOption', name: 'disable_top_chats', value: { _: 'optionValueBoolean', value: true } });
		await assert.rejects(ayu.call({ _: 'getTopChats', category: { _: 'topChatCategoryUsers' }, limit: 5 }));
	});
	await s.check('a number is found until it hides', async () => {
		assert.equal((await citra.findByPhone(budi.phone)).id, budi.id);
		await budi.call(privacy('userPrivacySettingShowPhoneNumber', 'userPrivacySettingRuleRestrictAll'));
		await budi.call(privacy('userPrivacySettingAllowFindingByPhoneNumber', 'userPrivacySettingRuleAllowContacts'));
		const third = await s.loggedIn(Tdlib);
		await assert.rejects(third.findByPhone(budi.phone), { code: 404 });
		const answer = await third.call({
			_: 'importContacts',
			contacts: [{ _: 'importedContact', phone_number: budi.phone, first_name: 'B', last_name: '' }],
		});
		assert.deepEqual(answer.user_ids, [0]);
		assert.equal((await ayu.findByPhone(budi.phone)).id, budi.id); // he has saved her
	});
	await s.check('the number is shared by the bar', async () => {
		await opened(budi, ayu.id);
		await waitFor('the offer', async () => (await bar(budi, ayu.id)) === 'chatActionBarSharePhoneNumber', 3000).catch(() => null);
		await budi.call({ _: 'sharePhoneNumber', user_id: ayu.id });
		await waitFor('the number', async () => (await user(ayu, budi.id)).phone_number === budi.phone.slice(1));
	});
	await s.check('a link to oneself', async () => {
		const link = await ayu.call({ _: 'getUserLink' });
		assert.match(link.url, /^https:\/\/t\.me\/contact\//);
		assert.ok(link.expires_in > 0);
		assert.equal((await citra.call({ _: 'searchUserByToken', token: link.url.split('/').at(-1) })).id, ayu.id);
		await assert.rejects(citra.call({ _: 'searchUserByToken', token: 'AAAA' }), /IMPORT_TOKEN_INVALID|not found/i);
	});
	await s.check('a report of a stranger is taken, and closes the bar', async () => {
		await citra.call({ _: 'createPrivateChat', user_id: ayu.id, force: false });
		await citra.send({ kind: 'user', id: ayu.id }, 'buy this');
		await ayu.incoming('buy this');
		await opened(ayu, citra.id);
		await waitFor('the bar of a stranger', async () => (await bar(ayu, citra.id)) === 'chatActionBarReportAddBlock');
		const report = { _: 'reportChat', chat_id: citra.id, option_id: '', message_ids: [], text: '' };
		assert.equal((await ayu.call(report))._, 'reportChatResultOk');
		await waitFor('no bar', async () => (await bar(ayu, citra.id)) === null);
	});
	await s.check('what another device did while this one was away', async () => {
		assert.ok(await second.reopenAfter(async () => {
			await ayu.call({ _: 'removeContacts', user_ids: [budi.id] });
			await ayu.call(card(citra.id, 'Citra Baru'));
		}));
		await second.online();
		await waitFor('the new contact', async () => (await second.contacts()).includes(citra.id));
		await waitFor('the old one gone', async () => !(await second.contacts()).includes(budi.id));
		assert.equal((await user(second, citra.id)).first_name, 'Citra Baru');
	});
});
