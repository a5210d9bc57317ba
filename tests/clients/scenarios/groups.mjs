// SPDX-License-Identifier: Apache-2.0
// Three people in a basic group, with TDLib: made, written in, renamed, somebody added, removed, left and come back,
// an admin named, rights taken, deleted; and a device that was away learns of all of it.
import { strict as assert } from 'node:assert';
import { scenario } from '../lib/cases.mjs';
import { Tdlib } from '../lib/tdlib.mjs';
import { waitFor } from '../lib/wait.mjs';

const MEMBER = { _: 'chatMemberStatusMember' };
const BANNED = { _: 'chatMemberStatusBanned', banned_until_date: 0 };
const ADMIN = { _: 'chatMemberStatusAdministrator', custom_title: '', can_be_edited: true, rights: { _: 'chatAdministratorRights', can_manage_chat: true } };
const QUIET = { _: 'chatPermissions', can_send_basic_messages: false, can_invite_users: true, can_pin_messages: true, can_change_info: true };

await scenario({}, async (s) => {
	let anna, ben, cleo, away, group, chat;
	const basic = (who) => who.call({ _: 'getBasicGroup', basic_group_id: group.id });
	const full = (who) => who.call({ _: 'getBasicGroupFullInfo', basic_group_id: group.id });
	const status = async (who) => (await basic(who)).status._;
	const count = (who, members) => waitFor(`${members} members for ${who.name}`, async () => (await basic(who)).member_count === members);
	const action = (who, name) => who.incoming(`<${name}>`);
	const setStatus = (who, other, value) => who.call({
		_: 'setChatMemberStatus', chat_id: chat, member_id: { _: 'messageSenderUser', user_id: other.id }, status: value,
	});
	const memberOf = async (who, other) => (await full(who)).members.find(({ member_id }) => member_id.user_id === other.id);
	const quiet = (who, value) => waitFor(`rights at ${who.name}`, async () =>
		(await who.call({ _: 'getChat', chat_id: chat })).permissions.can_send_basic_messages === !value);

	await s.must('three people who know each other, and a second device', async () => {
		[anna, ben, cleo] = [await s.loggedIn(Tdlib), await s.loggedIn(Tdlib), await s.loggedIn(Tdlib)];
		for (const a of [anna, ben, cleo])
			for (const b of [anna, ben, cleo]) if (a !== b) await a.addContact(b.phone, b.name);
		away = await s.device(Tdlib, { phone: ben.phone, name: 'Ben, away' });
		await away.login();
	});
	await s.must('a group is made, and everybody has it', async () => {
		const made = await anna.call({ _: 'createNewBasicGroupChat', user_ids: [ben.id], title: 'Garden' });
		assert.equal(made.failed_to_add_members.failed_to_add_members.length, 0);
		chat = made.chat_id;
		group = { kind: 'group', id: -chat };
		await action(ben, 'messageBasicGroupChatCreate');
		await action(away, 'messageBasicGroupChatCreate');
		assert.equal(await status(anna), 'chatMemberStatusCreator');
		await count(ben, 2);
		assert.equal((await full(ben)).members.length, 2);
		assert.equal((await full(ben)).creator_user_id, anna.id);
	});
	await s.must('they write to each other', async () => {
		await anna.send(group, 'the apples are ripe');
		await ben.incoming('the apples are ripe');
		await away.incoming('the apples are ripe');
		const own = await ben.send(group, 'I bring a basket');
		await anna.incoming('I bring a basket');
		await anna.read(group);
		await ben.wasRead(group, own.id);
		await anna.online();
		await ben.type(group);
		await anna.typing(group);
	});
	await s.check('a newcomer is given the last messages', async () => {
		const { failed_to_add_members: failed } = await ben.call({ _: 'addChatMember', chat_id: chat, user_id: cleo.id, forward_limit: 2 });
		assert.equal(failed.length, 0);
		await action(anna, 'messageChatAddMembers');
		await action(cleo, 'messageChatAddMembers');
		await count(anna, 3);
		await count(cleo, 3);
		assert.equal((await full(anna)).members.length, 3);
		const texts = (await cleo.history(group)).map(({ text }) => text);
		assert.deepEqual(texts, ['<messageChatAddMembers>', 'I bring a basket', 'the apples are ripe']);
	});
	await s.check('a new title and a description', async () => {
		await ben.call({ _: 'setChatTitle', chat_id: chat, title: 'Orchard' });
		await action(cleo, 'messageChatChangeTitle');
		await waitFor('the title', async () => (await cleo.call({ _: 'getChat', chat_id: chat })).title === 'Orchard');
		await ben.call({ _: 'setChatDescription', chat_id: chat, description: 'apples and pears' });
		assert.equal((await full(ben)).description, 'apples and pears');
		await assert.rejects(setStatus(ben, anna, BANNED));
	});
	await s.check('the creator names an admin, and takes rights from the others', async () => {
		await full(cleo);
		await setStatus(anna, ben, ADMIN);
		await waitFor('the admin knows', async () => (await status(ben)) === 'chatMemberStatusAdministrator');
		await waitFor('the others know', async () => (await memberOf(cleo, ben)).status._ === 'chatMemberStatusAdministrator');
		await waitFor('the creator knows', async () => (await memberOf(anna, ben)).status._ === 'chatMemberStatusAdministrator');
		await ben.call({ _: 'setChatPermissions', chat_id: chat, permissions: QUIET });
		await quiet(cleo, true);
		await assert.rejects(cleo.send(group, 'may I?'));
		await ben.send(group, 'silence, please');
		await cleo.incoming('silence, please');
		await anna.call({ _: 'setChatPermissions', chat_id: chat, permissions: { ...QUIET, can_send_basic_messages: true } });
		await quiet(cleo, false);
		await cleo.send(group, 'thank you');
		await ben.incoming('thank you');
	});
	await s.check('somebody is removed, and brought back by the admin', async () => {
		await setStatus(ben, cleo, BANNED);
		await waitFor('the one removed knows', async () => (await status(cleo)) === 'chatMemberStatusBanned');
		await count(anna, 2);
		await assert.rejects(cleo.send(group, 'hello?'));
		await assert.rejects(cleo.call({ _: 'joinChat', chat_id: chat }));
		await ben.call({ _: 'addChatMember', chat_id: chat, user_id: cleo.id, forward_limit: 0 });
		await count(anna, 3);
		await waitFor('it is in again', async () => (await status(cleo)) === 'chatMemberStatusMember');
	});
	await s.check('somebody leaves and comes back', async () => {
		await cleo.call({ _: 'leaveChat', chat_id: chat });
		await count(anna, 2);
		assert.equal(await status(cleo), 'chatMemberStatusLeft');
		await setStatus(cleo, cleo, MEMBER);
		await count(anna, 3);
		assert.equal(await status(cleo), 'chatMemberStatusMember');
	});
	await s.check('groups in common', async () => {
		const common = await anna.call({ _: 'getGroupsInCommon', user_id: cleo.id, offset_chat_id: 0, limit: 10 });
		assert.deepEqual(common.chat_ids, [chat]);
	});
	await s.check('a device that was away catches up', async () => {
		assert.ok(await away.reopenAfter(async () => {
			await anna.call({ _: 'setChatTitle', chat_id: chat, title: 'Barn' });
			await setStatus(anna, ben, MEMBER);
			await cleo.call({ _: 'leaveChat', chat_id: chat });
			await anna.send(group, 'the cider is ready');
		}));
		await away.incoming('the cider is ready');
		await count(away, 2);
		await waitFor('the role', async () => (await status(away)) === 'chatMemberStatusMember');
		assert.equal((await away.call({ _: 'getChat', chat_id: chat })).title, 'Barn');
		await waitFor('who is in it', async () => (await full(away)).members.length === 2);
	});
	await s.check('the creator deletes it for everybody', async () => {
		await anna.call({ _: 'deleteChat', chat_id: chat });
		await waitFor('it is gone for Ben', async () => (await status(ben)) === 'chatMemberStatusBanned');
		await waitFor('nothing is left', async () => (await ben.history(group)).length === 0);
		await assert.rejects(ben.send(group, 'anybody?'));
	});
});
