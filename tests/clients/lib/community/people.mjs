// SPDX-License-Identifier: Apache-2.0
// Who comes, and by which way: 200 people by links, by name, by asking, and added by the owner.
import { strict as assert } from 'node:assert';
import { Crowd } from '../crowd.mjs';
import { Mtcute } from '../mtcute.mjs';
import { Tdlib } from '../tdlib.mjs';
import { waitFor } from '../wait.mjs';
import { filter } from './world.mjs';

const NAME = 'lontar_community';
export const SIZE = 200;
const hashOf = (link) => /(?:\+|joinchat\/)([\w-]+)$/.exec(link)[1];
const join = (call, link) => call({ _: 'messages.importChatInvite', hash: hashOf(link) });
const asks = (call, link) => assert.rejects(join(call, link), /INVITE_REQUEST_SENT/);

// Nobody is added by whom he does not know.
const knows = (call, { phone, name }) => call({
	_: 'contacts.importContacts', contacts: [{ _: 'inputPhoneContact', clientId: 1n, phone, firstName: name, lastName: '' }],
});

// A quarter of the crowd each asks, and is added; the others follow a link.
const way = (nth) => ['added', 'asks', 'link', 'link'][nth % 4];

async function found(w) {
	w.owner = await w.s.loggedIn(Tdlib, { name: 'Olga' });
	w.reader = await w.s.loggedIn(Tdlib, { name: 'Rosa' });
	w.admins = {
		deputy: await w.s.loggedIn(Tdlib, { name: 'Dewi' }), guard: await w.s.loggedIn(Tdlib, { name: 'Gita' }),
		shade: await w.s.loggedIn(Tdlib, { name: 'Sari' }), host: await w.s.loggedIn(Mtcute, { name: 'Hana' }),
		editor: await w.s.loggedIn(Mtcute, { name: 'Eka' }),
	};
	const { news, talk } = {
		news: await w.make('news', 'Harbour news', { is_channel: true, description: 'what happens' }),
		talk: await w.make('talk', 'Harbour talk'),
	};
	await w.make('events', 'Harbour events', { is_channel: true });
	await w.make('rooms', 'Harbour rooms', { is_forum: true });
	for (const words of ['the first post', 'the second post']) await w.say(w.owner, news, words);
	await w.owner.call({ _: 'setChatDiscussionGroup', chat_id: news.chat, discussion_chat_id: talk.chat });
	w.crowd = new Crowd(w.s);
	await w.crowd.open();
}

async function links(w) {
	const { news, talk } = w.chats;
	const link = async (it, name, fields = {}) => (await w.owner.call({
		_: 'createChatInviteLink', chat_id: it.chat, name, expiration_date: 0, member_limit: 0, creates_join_request: false, ...fields,
	})).invite_link;
	w.links = {
		news: await link(news, 'To the news'), talk: await link(talk, 'To the talk', { member_limit: SIZE }),
		asking: await link(talk, 'Who asks', { creates_join_request: true }),
	};
}

const goToTalk = (w, call, nth) => ({
	added: () => knows(call, w.owner), asks: () => asks(call, w.links.asking), link: () => join(call, w.links.talk),
})[way(nth)]();

async function byLink(w) {
	await w.crowd.come(SIZE / 2, async (call, person, nth) => {
		await join(call, w.links.news);
		await goToTalk(w, call, nth);
	});
	await w.counts(w.owner, w.chats.news, SIZE / 2 + 1);
}

async function byName(w) {
	const { news } = w.chats;
	await w.owner.call({ _: 'setSupergroupUsername', supergroup_id: news.id, username: NAME });
	await waitFor('the name', () => w.reader.find(NAME).catch(() => null));
	await w.crowd.come(SIZE / 2, async (call, person, nth) => {
		const { chats: [found] } = await call({ _: 'contacts.resolveUsername', username: NAME });
		await call({ _: 'channels.joinChannel', channel: { _: 'inputChannel', channelId: found.id, accessHash: found.accessHash } });
		await goToTalk(w, call, nth);
	});
	for (const who of [w.reader, ...Object.values(w.admins)]) await who.join(NAME);
	await w.counts(w.owner, news, SIZE + 7);
}

async function letIn(w) {
	const { talk } = w.chats;
	const waiting = SIZE / 4;
	await w.hears(w.owner, 'who asks', talk, (chat) => chat.pending_join_requests?.total_count === waiting);
	const seen = [];
	while (seen.length < waiting) {
		const page = await w.owner.call({ _: 'getChatJoinRequests', chat_id: talk.chat, invite_link: w.links.asking, query: '',
			offset_request: seen.at(-1) ?? null, limit: 20 });
		assert.equal(page.total_count, waiting);
		assert.ok(page.requests.length, `${seen.length} of ${waiting}`);
		seen.push(...page.requests);
	}
	assert.equal(new Set(seen.map(({ user_id }) => user_id)).size, waiting);
	await w.owner.call({ _: 'processChatJoinRequests', chat_id: talk.chat, invite_link: w.links.asking, approve: true });
	await w.hears(w.owner, 'nobody asking', talk, (chat) => !chat.pending_join_requests?.total_count);
}

async function addRest(w) {
	const { talk } = w.chats;
	const rest = w.crowd.people.filter((person, nth) => way(nth % (SIZE / 2)) === 'added');
	const { user_ids: ids } = await w.owner.call({ _: 'importContacts', contacts: rest.map(({ phone, name }) =>
		({ _: 'importedContact', phone_number: phone, first_name: name, last_name: '' })) });
	assert.equal(ids.length, SIZE / 4);
	const { failed_to_add_members: failed } = await w.owner.call({ _: 'addChatMembers', chat_id: talk.chat, user_ids: ids });
	assert.deepEqual(failed, []);
	for (const who of [w.reader, w.admins.deputy, w.admins.guard, w.admins.shade])
		await who.call({ _: 'joinChatByInviteLink', invite_link: w.links.talk });
	for (const who of [w.admins.host, w.admins.editor]) await who.client.joinChat(w.links.talk);
	for (const who of [w.owner, w.reader]) await w.counts(who, talk, SIZE + 7);
}

async function countThem(w) {
	const { news, talk } = w.chats;
	const everybody = [w.owner, w.reader, ...Object.values(w.admins), ...w.crowd.people].map(({ id }) => id).sort((a, b) => a - b);
	assert.deepEqual(await w.idsOf(w.owner, talk, filter('Recent')), everybody);
	assert.deepEqual(await w.idsOf(w.owner, news, filter('Recent')), everybody);
	assert.deepEqual(await w.idsOf(w.reader, talk, filter('Recent')), everybody);
	await assert.rejects(w.members(w.reader, news, filter('Recent')), /CHAT_ADMIN_REQUIRED|Member list is inaccessible/);
	const used = await w.owner.call({ _: 'getChatInviteLink', chat_id: talk.chat, invite_link: w.links.talk });
	assert.deepEqual([used.member_count, used.member_limit], [SIZE / 2 + 6, SIZE]);
	const came = [];
	for (;;) {
		const page = await w.owner.call({ _: 'getChatInviteLinkMembers', chat_id: talk.chat, invite_link: w.links.asking,
			only_with_expired_subscription: false, offset_member: came.at(-1) ?? null, limit: 20 });
		if (!page.members.length) break;
		came.push(...page.members);
	}
	assert.equal(came.length, SIZE / 4);
	assert.ok(came.every(({ approver_user_id: by }) => by === w.owner.id));
}

export async function people(w) {
	const { s } = w;
	await s.must('an owner, five to be admins, a reader; two channels, a group and a forum', () => found(w));
	await s.must('invite links are made', () => links(w));
	await s.must('a hundred come by links', () => byLink(w));
	await s.must('the channel gets a name with all in it, and a hundred come by it', () => byName(w));
	await s.must('fifty ask, are listed in pages, and let in at once', () => letIn(w));
	await s.must('fifty are added by the owner', () => addRest(w));
	await s.check('all of them are listed, in pages, to whom they may be', () => countThem(w));
}
