// SPDX-License-Identifier: Apache-2.0
// A basic group of the three: who is in it and what they may, mentions, polls.
import { strict as assert } from 'node:assert';
import { words } from '../pairs.mjs';
import { formatted, messagesOf, post, readAll, user } from './people.mjs';

const status = (name, more = {}) => ({ _: `chatMemberStatus${name}`, ...more });
const ADMIN = status('Administrator', { can_be_edited: true, rights: { _: 'chatAdministratorRights', can_manage_chat: true } });
const rights = (can) => ({
	_: 'chatPermissions', can_send_basic_messages: can, can_send_polls: can, can_send_other_messages: can, can_react_to_messages: true,
	can_invite_users: true, can_pin_messages: true, can_change_info: true,
});
const option = (text) => ({ _: 'inputPollOption', text: formatted(text) });

export async function group(e) {
	const { anna, budi, citra } = e;
	let id;
	const setStatus = (device, other, member_status) => device.call({ _: 'setChatMemberStatus', chat_id: e.group, member_id: user(other), status: member_status });
	const members = (person, count) => person.sees(`${count} members`, async (device) =>
		(await device.call({ _: 'getBasicGroup', basic_group_id: id })).member_count === count);
	const own = (person, name) => person.sees(name, async (device) =>
		(await device.call({ _: 'getBasicGroup', basic_group_id: id })).status._ === `chatMemberStatus${name}`);
	await e.step('a group is made, named and described', async () => {
		const made = await anna.call({ _: 'createNewBasicGroupChat', user_ids: [budi.id], title: 'Garden' });
		assert.equal(made.failed_to_add_members.failed_to_add_members.length, 0);
		e.group = made.chat_id;
		id = -e.group;
		await budi.has(e.group, 'messageBasicGroupChatCreate');
		await anna.has(e.group, 'messageBasicGroupChatCreate');
		await budi.call({ _: 'setChatTitle', chat_id: e.group, title: 'Orchard' });
		await anna.second.call({ _: 'setChatDescription', chat_id: e.group, description: 'apples and pears' });
		await anna.chat(e.group, 'the title', (chat) => chat.title === 'Orchard');
	});
	await e.step('somebody is added and reads what was there', async () => {
		const text = words('the apples are ripe');
		await post(anna.first, e.group, text);
		await budi.has(e.group, text);
		await anna.call({ _: 'addChatMember', chat_id: e.group, user_id: citra.id, forward_limit: 5 });
		await citra.has(e.group, 'messageChatAddMembers');
		await citra.has(e.group, text);
		for (const person of e.people) await members(person, 3);
	});
	await e.step('mentions wait until they are read', async () => {
		const text = words('Anna, look here');
		await post(citra.first, e.group, { _: 'inputMessageText', text: formatted(text, [['MentionName', 0, 4, { user_id: anna.id }]]) });
		for (const message of await anna.has(e.group, text)) assert.ok(message.contains_unread_mention);
		await anna.chat(e.group, 'a mention', (chat) => chat.unread_mention_count === 1);
		await e.agree();
		await readAll(anna.second, e.group);
		await anna.chat(e.group, 'no mention', (chat) => chat.unread_mention_count === 0);
		const answer = words('an answer');
		const [asked] = await anna.has(e.group, text);
		await post(anna.first, e.group, answer, { reply_to: { _: 'inputMessageReplyToMessage', message_id: asked.id } });
		await citra.chat(e.group, 'an answer counts as a mention', (chat) => chat.unread_mention_count === 1);
		await citra.call({ _: 'readAllChatMentions', chat_id: e.group });
		await citra.chat(e.group, 'no mention', (chat) => chat.unread_mention_count === 0);
	});
	await e.step('a poll, whose votes all see', async () => {
		const question = words('apples or pears');
		const { id: poll } = await post(anna.first, e.group, {
			_: 'inputMessagePoll', question: formatted(question), options: [option('apples'), option('pears'), option('both')],
			is_anonymous: false, allows_multiple_answers: false, allows_revoting: true, type: { _: 'inputPollTypeRegular' },
		});
		const asks = (message) => message.content.poll?.question.text === question;
		const counts = (...wanted) => (message) => asks(message) && message.content.poll.options.map((each) => each.voter_count).join() === wanted.join();
		const vote = async (person, device, ...option_ids) => device.call({ _: 'setPollAnswer', chat_id: e.group, message_id: (await person.has(e.group, asks))[0].id, option_ids });
		await vote(budi, budi.first, 0);
		await vote(citra, citra.first, 1);
		await vote(anna, anna.second, 1);
		for (const person of e.people) await person.has(e.group, counts(1, 2, 0));
		await e.agree();
		await vote(budi, budi.first);
		await vote(budi, budi.first, 2);
		for (const person of e.people) await person.has(e.group, counts(0, 2, 1));
		const { voters } = await anna.call({ _: 'getPollVoters', chat_id: e.group, message_id: poll, option_id: 1, offset: 0, limit: 10 });
		assert.deepEqual(voters.map(({ voter_id }) => voter_id.user_id).sort(), [anna.id, citra.id].sort());
		await anna.call({ _: 'stopPoll', chat_id: e.group, message_id: poll });
		for (const person of e.people) await person.has(e.group, (message) => asks(message) && message.content.poll.is_closed);
	});
	await e.step('a quiz tells who was right', async () => {
		const question = words('which tree is a lontar');
		await post(citra.first, e.group, {
			_: 'inputMessagePoll', question: formatted(question), options: [option('an oak'), option('a palm')], is_anonymous: true,
			type: { _: 'inputPollTypeQuiz', correct_option_ids: [1], explanation: formatted('Borassus flabellifer') },
		});
		const asks = (message) => message.content.poll?.question.text === question;
		const [here] = await anna.has(e.group, asks);
		await anna.call({ _: 'setPollAnswer', chat_id: e.group, message_id: here.id, option_ids: [1] });
		for (const { content } of await anna.has(e.group, (message) => asks(message) && message.content.poll.options[1].is_chosen)) {
			assert.deepEqual(content.poll.type.correct_option_ids, [1]);
			assert.equal(content.poll.type.explanation.text, 'Borassus flabellifer');
		}
		await citra.has(e.group, (message) => asks(message) && message.content.poll.total_voter_count === 1);
	});
	await e.step('reactions in the group are counted', async () => {
		const text = words('harvest on Sunday');
		await post(anna.first, e.group, text);
		const counted = (count) => (message) => message.content.text?.text === text && message.interaction_info?.reactions?.reactions[0]?.total_count === count;
		// One after the other: TDLib drops what it hears of a message's reactions while its own is on its way.
		for (const [at, person] of [budi, citra].entries()) {
			const [{ id: message_id }] = await person.has(e.group, text);
			await person.call({ _: 'addMessageReaction', chat_id: e.group, message_id, reaction_type: { _: 'reactionTypeEmoji', emoji: '👍' } });
			for (const each of e.people) await each.has(e.group, counted(at + 1));
		}
		const [{ id: message_id }] = await anna.has(e.group, counted(2));
		const { reactions } = await anna.call({ _: 'getMessageAddedReactions', chat_id: e.group, message_id, offset: '', limit: 10 });
		assert.deepEqual(reactions.map(({ sender_id }) => sender_id.user_id).sort(), [budi.id, citra.id].sort());
		await anna.call({ _: 'readAllChatReactions', chat_id: e.group });
	});
	await e.step('an admin is named, rights are taken and given, a pin', async () => {
		await setStatus(anna.first, budi.id, ADMIN);
		await own(budi, 'Administrator');
		await anna.call({ _: 'setChatPermissions', chat_id: e.group, permissions: rights(false) });
		await citra.chat(e.group, 'silence', (chat) => !chat.permissions.can_send_basic_messages);
		await assert.rejects(post(citra.first, e.group, words('may I')));
		const text = words('silence, please');
		await post(budi.first, e.group, text);
		const [{ id: message_id }] = await budi.has(e.group, text);
		await budi.call({ _: 'pinChatMessage', chat_id: e.group, message_id, disable_notification: true, only_for_self: false });
		for (const person of e.people) await person.has(e.group, (message) => message.is_pinned && message.content.text?.text === text);
		await anna.call({ _: 'setChatPermissions', chat_id: e.group, permissions: rights(true) });
		await citra.chat(e.group, 'speech', (chat) => chat.permissions.can_send_basic_messages);
	});
	await e.step('somebody is removed, brought back, leaves and comes back', async () => {
		await setStatus(budi.first, citra.id, status('Banned', { banned_until_date: 0 }));
		await own(citra, 'Banned');
		await assert.rejects(post(citra.first, e.group, words('hello?')));
		await budi.call({ _: 'addChatMember', chat_id: e.group, user_id: citra.id, forward_limit: 0 });
		await own(citra, 'Member');
		await citra.call({ _: 'leaveChat', chat_id: e.group });
		await members(anna, 2);
		await setStatus(citra.first, citra.id, status('Member'));
		await members(anna, 3);
		assert.deepEqual((await anna.call({ _: 'getGroupsInCommon', user_id: citra.id, offset_chat_id: 0, limit: 10 })).chat_ids, [e.group]);
		const text = words('back for good');
		await post(citra.first, e.group, text);
		await anna.has(e.group, text);
	});
	await e.step('its history is cleared by one, for himself', async () => {
		const before = (await messagesOf(anna.first, e.group)).length;
		await citra.call({ _: 'deleteChatHistory', chat_id: e.group, remove_from_chat_list: false, revoke: false });
		await citra.sees('an empty chat', async (device) => (await messagesOf(device, e.group)).length <= 1);
		assert.equal((await messagesOf(anna.first, e.group)).length, before);
		const text = words('a new page');
		await post(citra.first, e.group, text);
		for (const person of e.people) await person.has(e.group, text);
	});
}
