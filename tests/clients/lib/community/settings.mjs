// SPDX-License-Identifier: Apache-2.0
// What is set for all, links, topics, the log of it all, and the end.
import { strict as assert } from 'node:assert';
import { waitFor } from '../wait.mjs';
import { permissions, textOf } from './world.mjs';

const LOG_KINDS = ['message_edits', 'message_deletions', 'message_pins', 'member_joins', 'member_leaves', 'member_invites', 'member_promotions',
	'member_restrictions', 'member_tag_changes', 'info_changes', 'setting_changes', 'invite_link_changes', 'video_chat_changes', 'forum_changes',
	'subscription_extensions'];
// What each shows of the talk, by what was done there.
const SHOWN = {
	message_edits: /Edited$|PollStopped/, message_deletions: /MessageDeleted/, message_pins: /Pinned|Unpinned/, member_joins: /MemberJoined/,
	member_invites: /MemberInvited/, member_promotions: /MemberPromoted/, member_restrictions: /MemberRestricted/,
	member_tag_changes: /TagChanged/, info_changes: /TitleChanged|DescriptionChanged|LinkedChat/,
	setting_changes: /SlowMode|Permissions|AllHistory|SignMessages|Reactions|Protected|LinkedChat|AutoDelete|InvitesToggled|AntiSpam/,
	invite_link_changes: /InviteLink/,
};

async function set(w) {
	const { talk } = w.chats;
	const { deputy, guard } = w.admins;
	const call = (who, method, fields) => who.call({ _: method, ...fields });
	const chat = (who, method, fields) => call(who, method, { chat_id: talk.chat, ...fields });
	const group = (who, method, fields) => call(who, method, { supergroup_id: talk.id, ...fields });
	const others = [w.reader, guard];
	const heard = async (what, fits) => { for (const who of others) await w.hears(who, what, talk, fits); };
	await chat(deputy, 'setChatTitle', { title: 'Harbour talk, evenings' });
	await heard('the title', ({ title }) => title === 'Harbour talk, evenings');
	await chat(guard, 'setChatPermissions', { permissions: permissions('can_send_polls', 'can_invite_users') });
	await heard('what all may', ({ permissions: may }) => !may.can_send_polls && !may.can_invite_users && may.can_send_basic_messages && may.can_pin_messages);
	await chat(guard, 'setChatSlowModeDelay', { slow_mode_delay: 60 });
	await heard('slow mode', (it, { is_slow_mode_enabled: slow }) => slow);
	await w.sees(w.reader, 'how slow', talk, ({ slow_mode_delay: delay }) => delay === 60);
	await w.say(w.reader, talk, 'slowly');
	await w.sees(w.reader, 'how long to wait', talk, ({ slow_mode_delay_expires_in: left }) => left > 0 && left <= 60);
	await w.say(guard, talk, 'not for me');
	await w.say(guard, talk, 'indeed');
	await chat(guard, 'setChatSlowModeDelay', { slow_mode_delay: 0 });
	await heard('no slow mode', (it, { is_slow_mode_enabled: slow }) => !slow);
	await group(deputy, 'toggleSupergroupIsAllHistoryAvailable', { is_all_history_available: false }).then(() => assert.fail('it is linked'), () => null);
	await group(guard, 'toggleSupergroupHasAggressiveAntiSpamEnabled', { has_aggressive_anti_spam_enabled: true });
	await w.sees(guard, 'it on', talk, ({ has_aggressive_anti_spam_enabled: on }) => on);
	await group(guard, 'toggleSupergroupHasHiddenMembers', { has_hidden_members: true });
	await w.sees(w.reader, 'members hidden', talk, ({ has_hidden_members: hidden, can_get_members: may }) => hidden && !may);
	await group(guard, 'toggleSupergroupHasHiddenMembers', { has_hidden_members: false });
	await w.sees(w.reader, 'members shown', talk, ({ has_hidden_members: hidden }) => !hidden);
	await chat(w.owner, 'toggleChatHasProtectedContent', { has_protected_content: true });
	await heard('protection', ({ has_protected_content: on }) => on);
	await chat(w.owner, 'toggleChatHasProtectedContent', { has_protected_content: false });
	await heard('no protection', ({ has_protected_content: on }) => !on);
	await chat(deputy, 'setChatMessageAutoDeleteTime', { message_auto_delete_time: 604800 });
	await heard('the time messages live', ({ message_auto_delete_time: time }) => time === 604800);
	await chat(deputy, 'setChatMessageAutoDeleteTime', { message_auto_delete_time: 0 });
	await heard('no such time', ({ message_auto_delete_time: time }) => time === 0);
	await group(deputy, 'toggleSupergroupJoinToSendMessages', { join_to_send_messages: true });
	await heard('who may write', (it, { join_to_send_messages: on }) => on);
	await chat(guard, 'setChatPermissions', { permissions: permissions() });
	await heard('that all may again', ({ permissions: may }) => may.can_send_polls);
	const mine = await w.say(deputy, talk, 'teh boat');
	await deputy.call({ _: 'editMessageText', chat_id: talk.chat, message_id: mine.id, input_message_content: {
		_: 'inputMessageText', text: { _: 'formattedText', text: 'the boat', entities: [] } } });
	await w.reader.edited('the boat');
}

async function name(w) {
	const { news, events } = w.chats;
	const check = async (it, username) => (await w.owner.call({ _: 'checkChatUsername', chat_id: it.chat, username }))._.slice('checkChatUsernameResult'.length);
	assert.deepEqual([await check(events, 'lontar_community'), await check(events, 'lontar_free'), await check(events, '1bad')],
		['UsernameOccupied', 'Ok', 'UsernameInvalid']);
	const created = (await w.owner.call({ _: 'getCreatedPublicChats', type: { _: 'publicChatTypeHasUsername' } })).chat_ids;
	assert.deepEqual(new Set(created), new Set([news.chat, events.chat]));
	const before = (await w.history(w.owner, news)).map(({ id }) => id);
	await w.owner.call({ _: 'setSupergroupUsername', supergroup_id: news.id, username: '' });
	await w.hears(w.reader, 'no name', news, (chat, { usernames }) => !usernames);
	assert.deepEqual((await w.history(w.reader, news)).map(({ id }) => id), before);
	await w.counts(w.owner, news, 207);
	await waitFor('the name to be free', () => w.owner.call({ _: 'setSupergroupUsername', supergroup_id: news.id, username: 'lontar_harbour' })
		.then(() => true, () => null));
	await w.hears(w.reader, 'another name', news, (chat, { usernames }) => usernames?.editable_username === 'lontar_harbour');
	await waitFor('it found by the name', () => w.admins.guard.find('lontar_harbour').catch(() => null));
	await assert.rejects(w.admins.deputy.find('lontar_community'));
	assert.deepEqual((await w.history(w.reader, news)).map(({ id }) => id), before);
	await w.counts(w.owner, news, 207);
}

async function links(w) {
	const { talk } = w.chats;
	const { host } = w.admins;
	const made = await host.client.createInviteLink(talk.chat, { name: 'Of the host', usageLimit: 3 });
	const counts = (await w.owner.call({ _: 'getChatInviteLinkCounts', chat_id: talk.chat })).invite_link_counts;
	assert.deepEqual(counts.map(({ user_id: id }) => id).sort((a, b) => a - b), [w.owner.id, host.id].sort((a, b) => a - b));
	const of = async (who, is_revoked) => (await w.owner.call({ _: 'getChatInviteLinks', chat_id: talk.chat, creator_user_id: who.id, is_revoked,
		offset_date: 0, offset_invite_link: '', limit: 20 })).invite_links.map(({ invite_link: link }) => link);
	assert.ok((await of(host, false)).includes(made.link));
	await w.owner.call({ _: 'editChatInviteLink', chat_id: talk.chat, invite_link: made.link, name: 'Renamed', expiration_date: 0, member_limit: 9,
		creates_join_request: false });
	assert.equal((await w.owner.call({ _: 'getChatInviteLink', chat_id: talk.chat, invite_link: made.link })).member_limit, 9);
	await w.owner.call({ _: 'revokeChatInviteLink', chat_id: talk.chat, invite_link: made.link });
	assert.deepEqual([(await of(host, false)).includes(made.link), (await of(host, true)).includes(made.link)], [false, true]);
	await w.owner.call({ _: 'deleteAllRevokedChatInviteLinks', chat_id: talk.chat, creator_user_id: host.id });
	assert.deepEqual(await of(host, true), []);
	await assert.rejects(w.reader.call({ _: 'createChatInviteLink', chat_id: talk.chat, name: '', expiration_date: 0, member_limit: 0, creates_join_request: false }));
}

async function topics(w) {
	const { rooms } = w.chats;
	const { deputy } = w.admins;
	const topic = (who, method, fields) => who.call({ _: method, chat_id: rooms.chat, ...fields });
	const list = async (who, query = '') => {
		const found = [];
		for (let page, at = {}; page?.topics.length !== 0;) {
			page = await topic(who, 'getForumTopics', { query, offset_date: at.next_offset_date ?? 0, offset_message_id: at.next_offset_message_id ?? 0,
				offset_forum_topic_id: at.next_offset_forum_topic_id ?? 0, limit: 10 });
			at = page;
			found.push(...page.topics);
			if (!page.next_offset_date && !page.next_offset_message_id && !page.next_offset_forum_topic_id) break;
		}
		return found;
	};
	const { invite_link: link } = await w.owner.call({ _: 'createChatInviteLink', chat_id: rooms.chat, name: '', expiration_date: 0, member_limit: 0,
		creates_join_request: false });
	for (const who of [w.reader, deputy]) await who.call({ _: 'joinChatByInviteLink', invite_link: link });
	await w.hears(w.owner, 'that it is a forum', rooms, (chat, { is_forum: forum }) => forum);
	const made = [];
	for (let i = 0; i < 24; i++) made.push(await topic(w.owner, 'createForumTopic', { name: `Room ${i}`, is_name_implicit: false,
		icon: { _: 'forumTopicIcon', color: 0x6FB9F0, custom_emoji_id: '0' } }));
	for (const who of [w.owner, w.reader]) {
		const all = await list(who);
		assert.equal(new Set(all.map(({ info }) => info.name)).size, 25, all.map(({ info }) => info.name).join());
	}
	assert.deepEqual((await list(w.reader, 'Room 17')).map(({ info }) => info.name), ['Room 17']);
	const [id, other, third] = made.map(({ forum_topic_id: it }) => it);
	const one = async (who, it = id) => topic(who, 'getForumTopic', { forum_topic_id: it });
	const sees = (what, fits, it = id) => waitFor(what, async () => fits(await one(w.reader, it)));
	const at = { topic_id: { _: 'messageTopicForum', forum_topic_id: id } };
	await w.say(w.owner, rooms, 'welcome to the room', at);
	await w.reader.incoming('welcome to the room');
	await sees('what is unread', ({ unread_count: unread }) => unread >= 1);
	await topic(w.owner, 'editForumTopic', { forum_topic_id: id, name: 'Parlour', edit_icon_custom_emoji: false, icon_custom_emoji_id: '0' });
	await sees('its name', ({ info }) => info.name === 'Parlour');
	await topic(w.owner, 'toggleForumTopicIsClosed', { forum_topic_id: id, is_closed: true });
	await sees('it closed', ({ info }) => info.is_closed);
	await assert.rejects(w.say(w.reader, rooms, 'too late', at), /CLOSED|rights/i);
	await topic(w.owner, 'toggleForumTopicIsClosed', { forum_topic_id: id, is_closed: false });
	await sees('it open', ({ info }) => !info.is_closed);
	const said = await w.say(w.reader, rooms, 'here I am', at);
	for (const it of [id, other, third]) await topic(w.owner, 'toggleForumTopicIsPinned', { forum_topic_id: it, is_pinned: true });
	await topic(w.owner, 'setPinnedForumTopics', { forum_topic_ids: [third, id, other] });
	await waitFor('the order of pins', async () => (await list(w.reader)).slice(0, 3).map(({ info }) => info.forum_topic_id).join() === [third, id, other].join());
	await topic(w.owner, 'toggleGeneralForumTopicIsHidden', { is_hidden: true });
	await waitFor('General hidden', async () => (await list(w.reader)).find(({ info }) => info.is_general)?.info.is_hidden);
	await topic(w.owner, 'toggleGeneralForumTopicIsHidden', { is_hidden: false });
	assert.match((await topic(w.owner, 'getForumTopicLink', { forum_topic_id: id })).link, new RegExp(`/c/${rooms.id}/${id}$`));
	const inside = await topic(w.owner, 'getForumTopicHistory', { forum_topic_id: id, from_message_id: 0, offset: 0, limit: 10 });
	assert.deepEqual(inside.messages.map(textOf).slice(0, 1), ['here I am']);
	assert.equal(inside.messages[0].id, said.id);
	await topic(w.owner, 'deleteForumTopic', { forum_topic_id: other });
	await waitFor('it gone', async () => (await list(w.reader)).every(({ info }) => info.forum_topic_id !== other));
	await w.owner.call({ _: 'setChatPermissions', chat_id: rooms.chat, permissions: permissions('can_create_topics') });
	await w.hears(w.reader, 'that it may open none', rooms, ({ permissions: may }) => !may.can_create_topics);
	await assert.rejects(topic(w.reader, 'createForumTopic', { name: 'Mine', is_name_implicit: false, icon: { _: 'forumTopicIcon', color: 0x6FB9F0, custom_emoji_id: '0' } }));
	const kinds = (await w.logOf(w.owner, rooms, ['forum_changes'])).map(({ action }) => action._);
	for (const kind of ['Created', 'Edited', 'ToggleIsClosed', 'Pinned', 'ToggleIsHidden', 'Deleted'])
		assert.ok(kinds.some((each) => each === `chatEventForumTopic${kind}`), `${kind}: ${kinds}`);
}

async function log(w) {
	const { talk } = w.chats;
	const { guard } = w.admins;
	const all = await w.logOf(w.owner, talk, LOG_KINDS, { limit: 40 });
	assert.equal(new Set(all.map(({ id }) => id)).size, all.length);
	assert.ok(all.length > 200, `${all.length} events`);
	assert.ok(all.every(({ id }, i) => i === 0 || BigInt(id) < BigInt(all[i - 1].id)), 'newest first');
	let sum = 0;
	for (const kind of LOG_KINDS) {
		const some = await w.logOf(guard, talk, [kind]);
		sum += some.length;
		const kinds = [...new Set(some.map(({ action }) => action._))];
		if (!SHOWN[kind]) assert.deepEqual(kinds, [], kind);
		else assert.ok(kinds.length && kinds.every((each) => SHOWN[kind].test(each)), `${kind}: ${kinds}`);
	}
	assert.equal(sum, all.length, 'each is of one kind');
	const byGuard = await w.logOf(w.owner, talk, LOG_KINDS, { user_ids: [guard.id] });
	assert.ok(byGuard.length > 5 && byGuard.every(({ member_id: { user_id: id } }) => id === guard.id));
	assert.ok((await w.logOf(w.owner, talk, LOG_KINDS, { query: 'evenings' })).some(({ action }) => action._ === 'chatEventTitleChanged'));
	await assert.rejects(w.logOf(w.reader, talk, LOG_KINDS));
}

// Everything that the screens show: of devices that were here, and of one that begins anew.
async function again(w) {
	const same = (now, before, what) => { for (const [name, it] of Object.entries(now)) for (const key of Object.keys(before[name])) assert.deepEqual(it[key], before[name][key], `${what}: ${name}.${key}`); };
	const shot = async (who) => {
		const seen = {};
		for (const [name, it] of Object.entries(w.chats)) {
			const chat = await w.chat(who, it), group = await w.supergroup(who, it);
			const { invite_link, ...full } = await w.full(who, it);
			seen[name] = {
				title: chat.title, permissions: chat.permissions, reactions: chat.available_reactions, protected: chat.has_protected_content,
				lives: chat.message_auto_delete_time, last: chat.last_message?.id, unread: chat.unread_count, mentions: chat.unread_mention_count,
				group: { ...group, member_count: 0, boost_level: 0 }, about: full.description, linked: full.linked_chat_id, link: invite_link?.invite_link,
				slow: full.slow_mode_delay, hidden: full.has_hidden_members, // What could not be sent is the device's own.
				history: (await w.history(who, it, 300)).map(({ id }) => id).filter((id) => id % 2 ** 20 === 0),
			};
		}
		return seen;
	};
	for (const who of [w.owner, w.reader, w.admins.deputy]) for (const it of Object.values(w.chats)) await w.read(who, it);
	for (const who of [w.owner, w.reader]) {
		const before = await shot(who);
		assert.ok(await who.reopen());
		await who.dialogs();
		same(await shot(who), before, `${who.name} again`);
		const fresh = await w.s.device(who.constructor, { phone: who.phone, name: `${who.name}, new` });
		await fresh.login(async () => {
			const shown = await who.inbox.wait('the code', (e) => e.what === 'message' && e.peer.id === 777000 && /\b\d{5}\b/.test(e.text));
			return /\b\d{5}\b/.exec(shown.text)[0];
		});
		await fresh.dialogs();
		// It learns only some time after it is logged in which reactions there are.
		for (const it of Object.values(before)) delete it.reactions;
		same(await shot(fresh), before, `${who.name} on a new device`);
		await fresh.close();
	}
	await w.sees(w.owner, 'how many are limited and out', w.chats.talk, ({ restricted_count: limits, banned_count: bans, administrator_count: admins }) =>
		limits === 2 && bans === 2 && admins === 6);
}

async function end(w) {
	const { events, talk, news } = w.chats;
	await w.reader.call({ _: 'leaveChat', chat_id: talk.chat });
	await w.hears(w.reader, 'that it left', talk, (chat, { status: mine }) => mine._ === 'chatMemberStatusLeft');
	await w.counts(w.owner, talk, w.inTalk - 1);
	assert.ok((await w.logOf(w.owner, talk, ['member_leaves'])).some(({ member_id: { user_id: id } }) => id === w.reader.id));
	await assert.rejects(w.admins.deputy.call({ _: 'deleteChat', chat_id: events.chat }));
	await w.owner.call({ _: 'deleteChat', chat_id: events.chat });
	for (const who of [w.reader, w.admins.deputy])
		await w.hears(who, 'its end', events, (chat, { status: mine }) => /Banned|Left/.test(mine._));
	await w.owner.call({ _: 'deleteChat', chat_id: talk.chat });
	await w.hears(w.admins.guard, 'the end of the talk', talk, (chat, { status: mine }) => /Banned|Left/.test(mine._));
	await w.hears(w.reader, 'no group to discuss in', news, (chat, { has_linked_chat: linked }) => !linked);
	await w.say(w.owner, news, 'the talk is over');
	await w.reader.incoming('the talk is over');
}

export async function settings(w) {
	const { s } = w;
	await s.check('everything that is set is heard by all', () => set(w));
	await s.check('the name goes, the channel comes home, and gets another', () => name(w));
	await s.check('links of all admins are managed by the owner', () => links(w));
	await s.check('two dozen topics', () => topics(w));
	await s.check('the log has it all, by every filter', () => log(w));
	await s.check('devices that come back, and new ones, see the same', () => again(w));
	await s.check('who leaves, and what is deleted', () => end(w));
}
