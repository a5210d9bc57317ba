// SPDX-License-Identifier: Apache-2.0
// Who may what: five admins with different rights, one of them unseen; limits and bans, and every list of members.
import { strict as assert } from 'node:assert';
import { waitFor } from '../wait.mjs';
import { ALL_RIGHTS, admin, filter, permissions, status, textOf, user } from './world.mjs';

const RANKS = { deputy: 'harbour master', guard: 'guard', shade: 'lamp', host: 'host', editor: 'scribe' };
const RIGHTS = {
	deputy: ALL_RIGHTS, guard: ['can_restrict_members', 'can_delete_messages'], shade: ['can_pin_messages', 'can_delete_messages', 'is_anonymous'],
	host: ['can_invite_users'], editor: ['can_change_info', 'can_manage_topics'],
};
const FORBIDDEN = /CHAT_ADMIN_REQUIRED|RIGHT_FORBIDDEN|USER_ADMIN_INVALID|Not enough rights|Can't|not enough rights|USER_CREATOR/i;
const LATER = Math.floor(Date.now() / 1000) + 7 * 86400;
const banned = (until = 0) => status('Banned', { banned_until_date: until });
const limited = (until, ...without) => status('Restricted', { is_member: true, restricted_until_date: until, permissions: permissions(...without) });

async function name(w) {
	const { talk, news } = w.chats;
	for (const [role, person] of Object.entries(w.admins)) {
		await w.setStatus(w.owner, talk, person, admin(...RIGHTS[role]));
		await w.owner.call({ _: 'setChatMemberTag', chat_id: talk.chat, user_id: person.id, tag: RANKS[role] });
	}
	await w.setStatus(w.owner, news, w.admins.deputy, admin(...ALL_RIGHTS, 'can_post_messages', 'can_edit_messages'));
	await w.setStatus(w.owner, news, w.admins.guard, admin('can_post_messages', 'can_edit_messages'));
	for (const role of ['deputy', 'guard', 'shade']) {
		const who = w.admins[role];
		await w.hears(who, 'its rights', talk, (chat, { status: mine }) => RIGHTS[role].every((right) => mine.rights?.[right]));
	}
	await w.hears(w.admins.guard, 'its rights in the channel', news, (chat, { status: mine }) => mine.rights?.can_post_messages);
	const list = async (who) => (await who.call({ _: 'getChatAdministrators', chat_id: talk.chat })).administrators;
	for (const who of [w.owner, w.reader]) {
		const shown = await list(who);
		const ranks = Object.fromEntries(shown.map(({ user_id: id, custom_title: title }) => [id, title]));
		for (const [role, { id }] of Object.entries(w.admins))
			if (role !== 'shade' || who === w.owner) assert.equal(ranks[id], RANKS[role], `${role} at ${who.name}: ${JSON.stringify(shown)}`);
		assert.equal(shown.find(({ is_owner: owns }) => owns).user_id, w.owner.id);
		assert.equal(shown.length, who === w.owner ? 6 : 5);
	}
	await w.sees(w.reader, 'those who show themselves', talk, ({ administrator_count: count }) => count === 5);
	await w.sees(w.owner, 'six', talk, ({ administrator_count: count }) => count === 6);
}

async function tryThem(w) {
	const { talk } = w.chats;
	const { deputy, guard, host, editor } = w.admins;
	const [somebody] = w.crowd.people;
	for (const who of [deputy, guard]) await w.idsOf(who, talk, filter('Recent')); // as the screen does: only whom it has seen it can name
	await host.client.getChatMembers(talk.chat, { limit: 200 });
	await assert.rejects(w.setStatus(guard, talk, somebody, admin('can_delete_messages')), FORBIDDEN);
	await assert.rejects(w.setStatus(guard, talk, deputy, banned()), FORBIDDEN);
	await assert.rejects(w.setStatus(deputy, talk, w.owner, banned()), FORBIDDEN);
	await assert.rejects(w.setStatus(deputy, talk, guard, status('Member')), FORBIDDEN);
	await assert.rejects(guard.call({ _: 'setChatTitle', chat_id: talk.chat, title: 'Mine' }), FORBIDDEN);
	await assert.rejects(host.client.banChatMember({ chatId: talk.chat, participantId: somebody.id }), FORBIDDEN);
	assert.equal((await w.member(guard, talk, deputy)).status.can_be_edited, false);
	assert.equal((await w.member(w.owner, talk, deputy)).status.can_be_edited, true);
	// Who was named today names nobody yet.
	await assert.rejects(w.setStatus(deputy, talk, w.reader, admin('can_pin_messages')), /FRESH_CHANGE_ADMINS_FORBIDDEN/);
	await w.setStatus(w.owner, talk, w.reader, admin('can_pin_messages'));
	await w.hears(w.reader, 'that it is an admin', talk, (chat, { status: mine }) => mine.rights?.can_pin_messages);
	await w.setStatus(w.owner, talk, w.reader, status('Member'));
	await w.hears(w.reader, 'that it is none', talk, (chat, { status: mine }) => mine._ === 'chatMemberStatusMember');
	await editor.client.setChatDescription(talk.chat, 'about the harbour');
	await w.sees(w.reader, 'what the editor wrote', talk, ({ description }) => description === 'about the harbour');
}

async function unseen(w) {
	const { talk } = w.chats;
	await w.say(w.admins.shade, talk, 'nobody knows me');
	const seen = await w.found(w.reader, talk, 'nobody knows me');
	assert.deepEqual(seen.sender_id, { _: 'messageSenderChat', chat_id: talk.chat });
	assert.equal(seen.author_signature || seen.sender_tag, RANKS.shade, JSON.stringify(seen));
	assert.ok((await w.found(w.admins.shade, talk, 'nobody knows me')).is_outgoing);
}

async function limit(w) {
	const { talk } = w.chats;
	const { guard } = w.admins;
	const [a, b, c, d, e, f] = w.crowd.people;
	const wished = [[a, limited(0, 'can_send_basic_messages')], [b, limited(LATER, 'can_send_polls', 'can_send_photos')], [c, limited(0, 'can_invite_users')],
		[d, banned()], [e, banned(LATER)], [f, banned()]];
	for (const [person, value] of wished) await w.setStatus(guard, talk, person, value);
	await w.setStatus(guard, talk, w.reader, limited(LATER, 'can_send_basic_messages'));
	await w.hears(w.reader, 'its limits', talk, (chat, { status: mine }) => mine._ === 'chatMemberStatusRestricted' &&
		!mine.permissions.can_send_basic_messages && mine.permissions.can_send_polls && mine.restricted_until_date === LATER);
	await assert.rejects(w.say(w.reader, talk, 'may I?'), /rights|WRITE_FORBIDDEN|RESTRICTED/);
	await w.setStatus(guard, talk, w.reader, banned());
	await w.hears(w.reader, 'its ban', talk, (chat, { status: mine }) => mine._ === 'chatMemberStatusBanned');
	await assert.rejects(w.reader.call({ _: 'joinChatByInviteLink', invite_link: w.links.talk }), /INVITE_HASH_EXPIRED|BANNED/);
	assert.deepEqual(await w.idsOf(guard, talk, filter('Restricted', { query: '' })), [a, b, c].map(({ id }) => id).sort((x, y) => x - y));
	assert.deepEqual(await w.idsOf(w.owner, talk, filter('Banned', { query: '' })), [d, e, f, w.reader].map(({ id }) => id).sort((x, y) => x - y));
	assert.deepEqual((await w.members(w.owner, talk, filter('Banned', { query: '' }), 2)).members.length, 4);
	assert.deepEqual(await w.idsOf(w.owner, talk, filter('Banned', { query: d.name })), [d.id]);
	const shown = await w.member(w.owner, talk, b);
	assert.deepEqual([shown.status.restricted_until_date, shown.status.permissions.can_send_polls, shown.status.permissions.can_send_videos],
		[LATER, false, true], JSON.stringify(shown));
	await w.counts(w.owner, talk, w.crowd.people.length + 7 - 4);
	await w.setStatus(guard, talk, w.reader, status('Left'));
	await waitFor('the way back', () => w.reader.call({ _: 'joinChatByInviteLink', invite_link: w.links.talk }).catch(() => null));
	await w.hears(w.reader, 'that it is back', talk, (chat, { status: mine }) => mine._ === 'chatMemberStatusMember');
	await w.setStatus(guard, talk, a, status('Member'));
	await w.setStatus(guard, talk, f, status('Left'));
	assert.deepEqual(await w.idsOf(w.owner, talk, filter('Restricted', { query: '' })), [b, c].map(({ id }) => id).sort((x, y) => x - y));
	assert.deepEqual(await w.idsOf(w.owner, talk, filter('Banned', { query: '' })), [d, e].map(({ id }) => id).sort((x, y) => x - y));
}

async function lists(w) {
	const { talk, news } = w.chats;
	assert.deepEqual(await w.idsOf(w.reader, talk, filter('Bots')), [], 'bots come into no group');
	const admins = [w.owner, ...Object.values(w.admins)].map(({ id }) => id).sort((a, b) => a - b);
	assert.deepEqual(await w.idsOf(w.owner, talk, filter('Administrators')), admins);
	const contacts = await w.idsOf(w.owner, talk, filter('Contacts', { query: '' }));
	assert.ok(contacts.length >= 45 && contacts.every((id) => w.crowd.people.some((person) => person.id === id)), `${contacts.length} contacts`);
	const tens = await w.idsOf(w.reader, talk, filter('Search', { query: 'Member 11' }));
	assert.deepEqual(tens, w.crowd.people.filter(({ name }) => name.includes('11')).map(({ id }) => id).sort((a, b) => a - b));
	const ask = async (who, it, query, kind, more = {}) => (await who.call({
		_: 'searchChatMembers', chat_id: it.chat, query, limit: 200, filter: kind && { _: `chatMembersFilter${kind}`, ...more },
	})).members.map(({ member_id: { user_id: id } }) => id).sort((a, b) => a - b);
	assert.deepEqual(await ask(w.owner, talk, '', 'Administrators'), admins);
	assert.deepEqual(await ask(w.owner, talk, 'Dewi', 'Administrators'), [w.admins.deputy.id]);
	assert.deepEqual(await ask(w.owner, talk, '', 'Bots'), []);
	assert.deepEqual((await ask(w.owner, talk, '', 'Banned')).length, 2);
	assert.deepEqual((await ask(w.owner, talk, '', 'Restricted')).length, 2);
	assert.deepEqual((await ask(w.owner, talk, '', 'Members')).length, 200);
	assert.deepEqual(await ask(w.reader, talk, 'Member 200', null), [w.crowd.people[199].id]);
	assert.deepEqual(await ask(w.reader, talk, 'gita', 'Mention'), [w.admins.guard.id]);
	assert.deepEqual(await ask(w.owner, news, 'Member 200', null), [w.crowd.people[199].id]);
}

export async function rights(w) {
	const { s } = w;
	await s.must('five admins are named, with ranks', () => name(w));
	await s.check('each may what it was given', () => tryThem(w));
	await s.check('one of them is seen by nobody', () => unseen(w));
	await s.check('members are limited, banned, and let be again', () => limit(w));
	w.inTalk = 207 - 3;
	await s.check('every list of members', () => lists(w));
}
