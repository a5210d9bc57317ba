// SPDX-License-Identifier: Apache-2.0
// What is written: posts, comments under them, forwards between the channels, pins, mentions, reactions, polls, numbers.
import { strict as assert } from 'node:assert';
import { waitFor } from '../wait.mjs';
import { textOf } from './world.mjs';

const HEART = { _: 'reactionTypeEmoji', emoji: '❤' };
const FIRE = { _: 'reactionTypeEmoji', emoji: '🔥' };
const plain = (text, entities = []) => ({ _: 'formattedText', text, entities });
const view = (who, it, ...ids) => who.call({ _: 'viewMessages', chat_id: it.chat, message_ids: ids, force_read: true,
	source: { _: 'messageSourceChatHistory' } });
const info = async (w, who, it, id) => (await w.message(who, it, id)).interaction_info;
const countOf = async (who, it, name, topic = null) => (await who.call({
	_: 'getChatMessageCount', chat_id: it.chat, topic_id: topic, filter: { _: `searchMessagesFilter${name}` }, return_local: false,
})).count;
const search = async (who, it, fields) => (await who.call({
	_: 'searchChatMessages', chat_id: it.chat, topic_id: null, query: '', sender_id: null, from_message_id: 0, offset: 0, limit: 50,
	filter: { _: 'searchMessagesFilterEmpty' }, ...fields,
})).messages;

async function post(w) {
	const { news } = w.chats;
	const { guard } = w.admins;
	await w.owner.call({ _: 'toggleSupergroupSignMessages', supergroup_id: news.id, sign_messages: true, show_message_sender: false });
	w.post = await w.say(guard, news, 'ships come on Monday');
	await w.reader.incoming('ships come on Monday');
	const seen = await w.message(w.reader, news, w.post.id);
	assert.equal(seen.author_signature, guard.name);
	assert.equal((await w.reader.call({ _: 'getMessageProperties', chat_id: news.chat, message_id: seen.id })).can_be_edited, false);
	await assert.rejects(w.say(w.reader, news, 'me too'), /rights|WRITE|ADMIN/i);
	await w.owner.call({ _: 'openChat', chat_id: news.chat });
	await w.reader.call({ _: 'openChat', chat_id: news.chat });
	await view(w.reader, news, seen.id);
	await waitFor('a view', async () => {
		await view(w.owner, news, w.post.id);
		return (await info(w, w.owner, news, w.post.id))?.view_count >= 2;
	});
	await guard.call({ _: 'editMessageText', chat_id: news.chat, message_id: w.post.id,
		input_message_content: { _: 'inputMessageText', text: plain('ships come on Tuesday') } });
	await w.reader.edited('ships come on Tuesday');
	const link = await w.reader.call({ _: 'getMessageLink', chat_id: news.chat, message_id: seen.id, media_timestamp: 0 });
	assert.ok(link.is_public && link.link.endsWith(`/lontar_community/${seen.id / 2 ** 20}`), link.link);
	const found = await w.admins.deputy.call({ _: 'getMessageLinkInfo', url: link.link });
	assert.deepEqual([found.chat_id, found.message?.id], [news.chat, w.post.id]);
}

async function comment(w) {
	const { news, talk } = w.chats;
	const thread = await waitFor('the thread', () => w.reader.call({ _: 'getMessageThread', chat_id: news.chat, message_id: w.post.id }).catch(() => null));
	assert.equal(thread.chat_id, talk.chat);
	const topic = { _: 'messageTopicThread', message_thread_id: thread.message_thread_id };
	for (let i = 0; i < 3; i++) await w.say(w.reader, talk, `comment ${i}`, { topic_id: topic });
	let last;
	const foot = await w.say(w.owner, talk, 'answer of the owner', { topic_id: topic });
	for (const who of [w.owner, w.reader])
		await waitFor(() => `the comments at ${who.name}: ${JSON.stringify(last)}`, async () => {
			await view(who, news, w.post.id);
			last = await info(w, who, news, w.post.id);
			return last?.reply_info?.reply_count === 4;
		});
	const { reply_info: replies } = await info(w, w.owner, news, w.post.id);
	assert.deepEqual(new Set(replies.recent_replier_ids.map(({ user_id }) => user_id)), new Set([w.owner.id, w.reader.id]));
	assert.equal(replies.last_message_id, foot.id);
	const there = await w.admins.deputy.call({ _: 'getMessageThreadHistory', chat_id: news.chat, message_id: w.post.id, from_message_id: 0, offset: 0, limit: 20 });
	assert.deepEqual(there.messages.map(textOf).slice(0, 4), ['answer of the owner', 'comment 2', 'comment 1', 'comment 0']);
	assert.equal(there.messages.at(-1).forward_info?.origin._ ?? 'messageOriginChannel', 'messageOriginChannel');
	const own = await search(w.reader, talk, { topic_id: topic, query: 'comment' });
	assert.equal(own.length, 3);
}

async function forward(w) {
	const { news, events, talk } = w.chats;
	const { deputy } = w.admins;
	await w.owner.call({ _: 'setSupergroupUsername', supergroup_id: events.id, username: 'lontar_events' });
	for (const who of [w.reader, deputy]) await who.join('lontar_events');
	const said = await w.say(w.owner, events, 'a feast on Friday');
	await w.reader.incoming('a feast on Friday');
	const forwardTo = (who, to, from, id, fields = {}) => who.post({ _: 'forwardMessages', chat_id: to.chat, topic_id: null, from_chat_id: from.chat,
		message_ids: [id], options: null, send_copy: false, remove_caption: false, ...fields });
	await forwardTo(w.owner, news, events, said.id);
	await w.reader.incoming('a feast on Friday');
	const seen = await w.found(w.reader, news, 'a feast on Friday');
	assert.deepEqual([seen.forward_info.origin._, seen.forward_info.origin.chat_id, seen.forward_info.origin.message_id],
		['messageOriginChannel', events.chat, said.id]);
	await waitFor('the count of forwards', async () => {
		await view(w.reader, events, said.id);
		return (await info(w, w.reader, events, said.id))?.forward_count === 1;
	});
	await forwardTo(w.owner, events, news, w.post.id);
	const spread = await w.owner.call({ _: 'getMessagePublicForwards', chat_id: news.chat, message_id: w.post.id, offset: '', limit: 10 });
	assert.deepEqual(spread.forwards.map(({ message }) => message?.chat_id), [events.chat]);
	await forwardTo(w.reader, talk, news, w.post.id);
	const [copy] = await forwardTo(deputy, talk, events, said.id, { send_copy: true });
	assert.ok(!copy.forward_info);
	const link = await w.say(w.owner, events, 'see @lontar_community');
	assert.equal((await w.message(w.reader, events, link.id)).content.text.entities[0].type._, 'textEntityTypeMention');
}

async function pin(w) {
	const { news, talk } = w.chats;
	const { deputy, shade } = w.admins;
	const pinned = async (who, it) => (await search(who, it, { filter: { _: 'searchMessagesFilterPinned' } })).map(({ id }) => id);
	const words = [];
	for (let i = 0; i < 3; i++) words.push((await w.say(deputy, talk, `to be pinned ${i}`)).id);
	for (const id of words) await shade.call({ _: 'pinChatMessage', chat_id: talk.chat, message_id: id, disable_notification: true, only_for_self: false });
	await deputy.call({ _: 'pinChatMessage', chat_id: news.chat, message_id: w.post.id, disable_notification: false, only_for_self: false });
	await waitFor('three pins at the reader', async () => (await w.message(w.reader, talk, words[2])).is_pinned);
	for (const who of [w.owner, w.reader]) {
		// The root of each comments' thread is pinned by itself.
		assert.deepEqual((await pinned(who, talk)).filter((id) => words.includes(id)), [...words].reverse());
		assert.deepEqual(await pinned(who, news), [w.post.id]);
		assert.equal((await who.call({ _: 'getChatPinnedMessage', chat_id: news.chat })).id, w.post.id);
	}
	await assert.rejects(w.reader.call({ _: 'unpinChatMessage', chat_id: talk.chat, message_id: words[0] }), /rights|ADMIN|can't/i);
	await deputy.call({ _: 'unpinChatMessage', chat_id: talk.chat, message_id: words[1] });
	await waitFor('one pin less', async () => !(await w.message(w.reader, talk, words[1])).is_pinned);
	await deputy.call({ _: 'unpinAllChatMessages', chat_id: talk.chat });
	await waitFor('no pin', async () => !(await w.message(w.reader, talk, words[2])).is_pinned);
	assert.deepEqual(await pinned(w.owner, talk), []);
}

async function attention(w) {
	const { talk } = w.chats;
	const { deputy } = w.admins;
	const named = { _: 'textEntity', offset: 0, length: 4, type: { _: 'textEntityTypeMentionName', user_id: w.reader.id } };
	const [told] = await deputy.post({ _: 'sendMessage', chat_id: talk.chat,
		input_message_content: { _: 'inputMessageText', text: plain('Rosa, look', [named]) } });
	const mine = await w.say(w.reader, talk, 'I look');
	await w.say(deputy, talk, 'do you?', { reply_to: { _: 'inputMessageReplyToMessage', message_id: mine.id } });
	await w.hears(w.reader, 'two mentions', talk, ({ unread_mention_count: count }) => count === 2);
	assert.deepEqual((await search(w.reader, talk, { filter: { _: 'searchMessagesFilterUnreadMention' } })).at(-1).id, told.id);
	await w.reader.call({ _: 'readAllChatMentions', chat_id: talk.chat });
	await w.hears(w.reader, 'none', talk, ({ unread_mention_count: count }) => count === 0);
	assert.equal(await countOf(w.reader, talk, 'Mention'), 2);
	const some = { _: 'chatAvailableReactionsSome', reactions: [HEART], max_reaction_count: 3 };
	await deputy.call({ _: 'setChatAvailableReactions', chat_id: talk.chat, available_reactions: some });
	await w.shows(w.owner, 'what may be reacted with', talk, ({ available_reactions: may }) => may.reactions?.length === 1);
	const react = (who, type) => who.call({ _: 'addMessageReaction', chat_id: talk.chat, message_id: mine.id, reaction_type: type, is_big: false,
		update_recent_reactions: false });
	await w.shows(deputy, 'the same', talk, ({ available_reactions: may }) => may.reactions?.length === 1);
	await assert.rejects(react(deputy, FIRE));
	for (const who of [deputy, w.owner, w.admins.guard]) await react(who, HEART);
	await w.hears(w.reader, 'three reactions', talk, ({ unread_reaction_count: count }) => count === 1);
	await waitFor('all three', async () => (await info(w, w.reader, talk, mine.id)).reactions.reactions[0].total_count === 3);
	const who = await w.reader.call({ _: 'getMessageAddedReactions', chat_id: talk.chat, message_id: mine.id, reaction_type: null, offset: '', limit: 2 });
	assert.deepEqual([who.total_count, who.reactions.length], [3, 2]);
	await w.reader.call({ _: 'readAllChatReactions', chat_id: talk.chat });
	await w.hears(w.reader, 'them read', talk, ({ unread_reaction_count: count }) => count === 0);
}

async function ask(w) {
	const { talk } = w.chats;
	const option = (text) => ({ _: 'inputPollOption', text: plain(text) });
	const [made] = await w.admins.deputy.post({ _: 'sendMessage', chat_id: talk.chat, input_message_content: {
		_: 'inputMessagePoll', question: plain('Which pier?'), options: [option('North'), option('South')], is_anonymous: false,
		allows_multiple_answers: false, allows_revoting: true, type: { _: 'inputPollTypeRegular' },
	} });
	const pollAt = async (who) => (await w.message(who, talk, made.id)).content.poll;
	for (const [who, id] of [[w.reader, 0], [w.owner, 1], [w.admins.guard, 1]]) {
		await waitFor(`the poll at ${who.name}`, () => pollAt(who).catch(() => null));
		await who.call({ _: 'setPollAnswer', chat_id: talk.chat, message_id: made.id, option_ids: [id] });
	}
	await waitFor('three votes', async () => (await pollAt(w.reader)).total_voter_count === 3);
	const voters = await w.reader.call({ _: 'getPollVoters', chat_id: talk.chat, message_id: made.id, option_id: 1, offset: 0, limit: 10 });
	assert.equal(voters.total_count, 2);
	await w.admins.deputy.call({ _: 'stopPoll', chat_id: talk.chat, message_id: made.id });
	await waitFor('its end', async () => (await pollAt(w.reader)).is_closed);
}

async function remove(w) {
	const { talk } = w.chats;
	const { guard } = w.admins;
	const [mine, other] = [await w.say(w.reader, talk, 'rubbish 1'), await w.say(w.reader, talk, 'rubbish 2')];
	const kept = await w.say(w.owner, talk, 'not rubbish');
	await w.found(guard, talk, 'rubbish 2');
	const gone = (who, id) => waitFor(`the end of ${id} at ${who.name}`, () => w.message(who, talk, id).then(() => false, () => true));
	await guard.call({ _: 'reportSupergroupSpam', supergroup_id: talk.id, message_ids: [mine.id] });
	await guard.call({ _: 'deleteMessages', chat_id: talk.chat, message_ids: [mine.id], revoke: true });
	for (const who of [w.reader, w.owner]) await gone(who, mine.id);
	await guard.call({ _: 'deleteChatMessagesBySender', chat_id: talk.chat, sender_id: { _: 'messageSenderUser', user_id: w.reader.id } });
	for (const who of [w.reader, w.owner]) await gone(who, other.id);
	assert.deepEqual((await search(w.owner, talk, { sender_id: { _: 'messageSenderUser', user_id: w.reader.id } })).map(textOf)
		.filter((text) => !text.startsWith('<')), []);
	assert.ok(await w.message(w.reader, talk, kept.id));
	await assert.rejects(w.reader.call({ _: 'deleteMessages', chat_id: talk.chat, message_ids: [kept.id], revoke: true }));
}

async function numbers(w) {
	const { news, talk, rooms } = w.chats;
	const statistics = (who, it) => who.call({ _: 'getChatStatistics', chat_id: it.chat, is_dark: false });
	assert.ok((await w.full(w.owner, news)).can_get_statistics);
	const ofNews = await statistics(w.owner, news);
	assert.equal(ofNews.member_count.value, 207);
	for (const [name, graph] of Object.entries(ofNews).filter(([name]) => name.endsWith('_graph'))) {
		const whole = graph._ === 'statisticalGraphAsync'
			? await w.owner.call({ _: 'getStatisticalGraph', chat_id: news.chat, token: graph.token, x: 0 }) : graph;
		if (whole._ === 'statisticalGraphData') assert.ok(JSON.parse(whole.json_data).columns[0].length > 1, name);
		else assert.ok(whole.error_message, name);
	}
	const ofTalk = await statistics(w.admins.guard, talk);
	assert.equal(ofTalk.member_count.value, w.inTalk);
	assert.ok(ofTalk.top_senders.length >= 3 && ofTalk.message_count.value > 10);
	assert.ok(ofTalk.top_administrators.some(({ user_id: id, banned_user_count: count }) => id === w.admins.guard.id && count >= 4), JSON.stringify(ofTalk.top_administrators));
	assert.deepEqual(ofTalk.top_inviters.map(({ user_id: id, added_member_count: count }) => [id, count]), [[w.owner.id, 50]]);
	const ofPost = await w.owner.call({ _: 'getMessageStatistics', chat_id: news.chat, message_id: w.post.id, is_dark: false });
	assert.match(ofPost.message_interaction_graph._, /^statisticalGraph(Data|Async|Error)$/);
	await assert.rejects(statistics(w.reader, talk));
	await assert.rejects(statistics(w.owner, rooms)); // too few are in it
}

export async function posts(w) {
	const { s } = w;
	await s.must('a post is signed, seen, counted, edited, and has a link', () => post(w));
	await s.check('it is commented on in the group', () => comment(w));
	await s.check('one channel forwards from the other', () => forward(w));
	await s.check('pins come and go', () => pin(w));
	await s.check('mentions and reactions wait to be read', () => attention(w));
	await s.check('a poll is voted in, and stopped', () => ask(w));
	await s.check('the guard reports and removes', () => remove(w));
	await s.check('statistics', () => numbers(w));
}
