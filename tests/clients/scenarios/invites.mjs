// SPDX-License-Identifier: Apache-2.0
// Invite links of a basic group, a supergroup and a channel, with TDLib: who has one sees what it leads to, comes in,
// or asks and is let in or turned down; a limited link is used up, a revoked one is none.
import { strict as assert } from 'node:assert';
import { scenario } from '../lib/cases.mjs';
import { Mtcute } from '../lib/mtcute.mjs';
import { Tdlib } from '../lib/tdlib.mjs';
import { waitFor } from '../lib/wait.mjs';

const EXPIRED = /INVITE_HASH_EXPIRED/;
const idOf = (chat) => (chat < -1e12 ? -chat - 1e12 : -chat);

await scenario({}, async (s) => {
	let anna, ben, cleo;
	const linkOf = (chat, wish = {}) => anna.call({ _: 'createChatInviteLink', chat_id: chat, name: '', expiration_date: 0, member_limit: 0,
		creates_join_request: false, ...wish });
	const look = (who, link) => who.call({ _: 'checkChatInviteLink', invite_link: link });
	const follow = (who, link) => who.call({ _: 'joinChatByInviteLink', invite_link: link });
	const asks = async (who, link) => assert.equal((await follow(who, link))._, 'chatJoinResultRequestSent');
	const chats = {};
	const waiting = async (who, chat) => (await who.call({ _: 'getChat', chat_id: chat })).pending_join_requests?.total_count ?? 0;
	const waits = (who, chat, count) => waitFor(`${count} waiting`, async () => (await waiting(who, chat)) === count);
	const requests = (chat, query = '') => anna.call({ _: 'getChatJoinRequests', chat_id: chat, invite_link: '', query, limit: 10 });
	const members = async (chat, link) => (await anna.call({ _: 'getChatInviteLinkMembers', chat_id: chat, invite_link: link, limit: 10 })).members;
	const action = (who, name) => who.incoming(`<${name}>`);

	await s.must('three people, a group, a supergroup and a channel', async () => {
		[anna, ben, cleo] = [await s.loggedIn(Tdlib), await s.loggedIn(Tdlib), await s.loggedIn(Tdlib)];
		await anna.addContact(ben.phone, ben.name);
		chats.group = (await anna.call({ _: 'createNewBasicGroupChat', user_ids: [], title: 'Garden' })).chat_id;
		for (const [name, is_channel] of [['supergroup', false], ['channel', true]])
			chats[name] = (await anna.call({ _: 'createNewSupergroupChat', title: `Harbour, ${name}`, description: 'ships', is_channel })).id;
	});
	for (const name of ['group', 'supergroup', 'channel']) {
		await s.check(`${name}: a link shows what it leads to, and leads there`, async () => {
			const link = await anna.call({ _: 'replacePrimaryChatInviteLink', chat_id: chats[name] });
			assert.ok(link.is_primary);
			const before = await look(ben, link.invite_link);
			assert.equal(before.chat_id, 0);
			assert.equal(before.title, name === 'group' ? 'Garden' : `Harbour, ${name}`);
			assert.deepEqual([before.member_count, before.member_user_ids, before.creates_join_request], [1, [], false]);
			await follow(ben, link.invite_link);
			if (name !== 'channel') await action(anna, 'messageChatJoinByLink');
			assert.notEqual((await look(ben, link.invite_link)).chat_id, 0);
			assert.deepEqual((await members(chats[name], link.invite_link)).map(({ user_id }) => user_id), [ben.id]);
			await assert.rejects(follow(ben, link.invite_link), /USER_ALREADY_PARTICIPANT/);
		});
		await s.check(`${name}: who asks waits until an admin lets him in`, async () => {
			const { invite_link: link } = await linkOf(chats[name], { name: 'Ask me', creates_join_request: true });
			assert.ok((await look(cleo, link)).creates_join_request);
			await asks(cleo, link);
			await waits(anna, chats[name], 1);
			assert.deepEqual((await requests(chats[name])).requests.map(({ user_id }) => user_id), [cleo.id]);
			assert.equal((await requests(chats[name], 'nobody of this name')).requests.length, 0);
			assert.equal((await requests(chats[name], cleo.name)).requests.length, 1);
			const decide = (approve) => anna.call({ _: 'processChatJoinRequest', chat_id: chats[name], user_id: cleo.id, approve });
			await decide(false);
			await waits(anna, chats[name], 0);
			await asks(cleo, link);
			await waits(anna, chats[name], 1);
			await decide(true);
			if (name !== 'channel') await action(anna, 'messageChatJoinByRequest');
			await waitFor('the chat', async () => (await look(cleo, link)).chat_id !== 0);
			await waits(anna, chats[name], 0);
			assert.equal((await members(chats[name], link))[0].approver_user_id, anna.id);
		});
	}
	await s.check('who was away learns that somebody waits', async () => {
		await cleo.call({ _: 'leaveChat', chat_id: chats.supergroup });
		const { invite_link: link } = await linkOf(chats.supergroup, { creates_join_request: true });
		await anna.reopenAfter(() => asks(cleo, link));
		await waits(anna, chats.supergroup, 1);
		await anna.call({ _: 'processChatJoinRequests', chat_id: chats.supergroup, invite_link: '', approve: true });
		await waits(anna, chats.supergroup, 0);
		await waitFor('the chat', async () => (await look(cleo, link)).chat_id !== 0);
	});
	await s.check('a public group asks first, and says who came and who went', async () => {
		const { type: { supergroup_id: id }, id: chat } = await anna.call({ _: 'createNewSupergroupChat', title: 'Market', description: '', is_channel: false });
		await anna.call({ _: 'setSupergroupUsername', supergroup_id: id, username: 'harbour_market' });
		await waitFor('the name', () => cleo.find('harbour_market').catch(() => null));
		// The packaged TDLib asks itself for a bot of the number 0 and says "User not found": another client turns the switch.
		const desk = await s.device(Mtcute, { phone: anna.phone });
		await desk.login();
		const channel = await desk.client.resolveChannel('harbour_market');
		const ask = (enabled, rest) => desk.raw({ _: 'channels.toggleJoinRequest', channel, enabled, ...rest });
		await assert.rejects(ask(true, { guardBot: { _: 'inputUserSelf' } }), /BOT_INVALID/);
		await ask(true, { applyToInvites: true });
		const join = (who) => who.call({ _: 'joinChat', chat_id: chat });
		assert.equal((await join(cleo))._, 'chatJoinResultRequestSent');
		await waits(anna, chat, 1);
		await anna.call({ _: 'processChatJoinRequest', chat_id: chat, user_id: cleo.id, approve: true });
		const said = async (name) => waitFor(name, async () => (await anna.call({ _: 'getChatHistory', chat_id: chat, from_message_id: 0, offset: 0, limit: 20,
			only_local: false })).messages.find(({ content }) => content._ === name));
		assert.equal((await said('messageChatJoinByRequest')).sender_id.user_id, cleo.id);
		await ask(false, {});
		await waitFor('the name', () => ben.find('harbour_market').catch(() => null));
		await join(ben);
		assert.deepEqual((await said('messageChatAddMembers')).content.member_user_ids, [ben.id]);
		await anna.call({ _: 'setChatMemberStatus', chat_id: chat, member_id: { _: 'messageSenderUser', user_id: ben.id },
			status: { _: 'chatMemberStatusBanned', banned_until_date: 0 } });
		const removed = await said('messageChatDeleteMember');
		assert.deepEqual([removed.content.user_id, removed.sender_id.user_id], [ben.id, anna.id]);
	});
	await s.check('a limited link is used up', async () => {
		await cleo.call({ _: 'leaveChat', chat_id: chats.channel });
		await ben.call({ _: 'leaveChat', chat_id: chats.channel });
		const { invite_link: link } = await linkOf(chats.channel, { member_limit: 1 });
		await follow(ben, link);
		await assert.rejects(follow(cleo, link), EXPIRED);
		const seen = await anna.call({ _: 'getChatInviteLink', chat_id: chats.channel, invite_link: link });
		assert.deepEqual([seen.member_limit, seen.member_count], [1, 1]);
	});
	await s.check('a link is changed, revoked and deleted', async () => {
		const { invite_link: link } = await linkOf(chats.channel);
		const edited = await anna.call({ _: 'editChatInviteLink', chat_id: chats.channel, invite_link: link, name: 'Friends', expiration_date: 0,
			member_limit: 7, creates_join_request: false });
		assert.deepEqual([edited.name, edited.member_limit], ['Friends', 7]);
		const { invite_links: [revoked] } = await anna.call({ _: 'revokeChatInviteLink', chat_id: chats.channel, invite_link: link });
		assert.ok(revoked.is_revoked);
		await assert.rejects(follow(cleo, link), EXPIRED);
		await assert.rejects(look(cleo, link), EXPIRED);
		const list = (is_revoked) => anna.call({ _: 'getChatInviteLinks', chat_id: chats.channel, creator_user_id: anna.id, is_revoked, limit: 10 });
		assert.ok((await list(true)).invite_links.some(({ invite_link }) => invite_link === link));
		await anna.call({ _: 'deleteRevokedChatInviteLink', chat_id: chats.channel, invite_link: link });
		await anna.call({ _: 'deleteAllRevokedChatInviteLinks', chat_id: chats.channel, creator_user_id: anna.id });
		assert.equal((await list(true)).total_count, 0);
		const { invite_link_counts: [own] } = await anna.call({ _: 'getChatInviteLinkCounts', chat_id: chats.channel });
		assert.deepEqual([own.user_id, own.invite_link_count], [anna.id, (await list(false)).total_count]);
	});
	await s.check('the first link is replaced by revoking it', async () => {
		const primary = await anna.call({ _: 'getSupergroupFullInfo', supergroup_id: idOf(chats.channel) });
		const old = primary.invite_link.invite_link;
		const { invite_links: both } = await anna.call({ _: 'revokeChatInviteLink', chat_id: chats.channel, invite_link: old });
		assert.deepEqual(both.map(({ is_revoked, is_primary }) => [is_revoked, is_primary]), [[true, true], [false, true]]);
		await assert.rejects(look(cleo, old), EXPIRED);
		assert.equal((await look(cleo, both[1].invite_link)).title, 'Harbour, channel');
	});
});
