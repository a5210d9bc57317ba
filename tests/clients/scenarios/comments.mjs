// SPDX-License-Identifier: Apache-2.0
// Comments under the posts of a channel, in three TDLibs: a post is discussed in the group that is linked to the channel, by
// people who are in the channel alone.
import { strict as assert } from 'node:assert';
import { scenario } from '../lib/cases.mjs';
import { Tdlib, textContent } from '../lib/tdlib.mjs';
import { waitFor } from '../lib/wait.mjs';

await scenario({ minutes: 3 }, async (s) => {
	let anna, budi, news, talk, post, copy, thread;
	const text = (message) => message.content.text?.text;
	const make = async (title, is_channel) => {
		const made = await anna.call({ _: 'createNewSupergroupChat', title, description: '', is_channel, is_forum: false });
		return { chat: made.id, id: made.type.supergroup_id };
	};
	const history = async (who, chat) =>
		(await who.call({ _: 'getChatHistory', chat_id: chat, from_message_id: 0, offset: 0, limit: 20, only_local: false })).messages;
	const found = (who, chat, words) => waitFor(words, async () =>
		(await history(who, chat)).find((m) => text(m) === words && !m.sending_state));
	const threadOf = (who) => waitFor('the thread', () =>
		who.call({ _: 'getMessageThread', chat_id: news.chat, message_id: post.id }).catch(() => null));
	// TDLib takes an empty answer for one from another chat.
	const comments = async (who) =>
		(await who.call({ _: 'getMessageThreadHistory', chat_id: news.chat, message_id: post.id, from_message_id: 0, offset: 0, limit: 20 })
			.catch(() => ({ messages: [] }))).messages;
	const comment = async (who, words) => {
		await who.call({ _: 'sendMessage', chat_id: thread.chat_id, topic_id: { _: 'messageTopicThread', message_thread_id: thread.message_thread_id },
			input_message_content: textContent(words) });
		return waitFor(words, async () => (await comments(who)).find((m) => text(m) === words && !m.sending_state));
	};
	// The number under the post, as a reader of the channel has it on the screen.
	const counted = (who, count) => waitFor(`${count} comments`, async () => {
		await who.call({ _: 'viewMessages', chat_id: news.chat, message_ids: [post.id], source: { _: 'messageSourceChatHistory' }, force_read: true });
		const info = (await who.call({ _: 'getMessage', chat_id: news.chat, message_id: post.id })).interaction_info;
		return info?.reply_info?.reply_count === count ? info : null;
	});

	await s.must('a channel that a group discusses, and a reader who is not in the group', async () => {
		[anna, budi] = [await s.loggedIn(Tdlib), await s.loggedIn(Tdlib)];
		[news, talk] = [await make('Comments', true), await make('Comments talk', false)];
		await anna.call({ _: 'setChatDiscussionGroup', chat_id: news.chat, discussion_chat_id: talk.chat });
		await anna.call({ _: 'setSupergroupUsername', supergroup_id: news.id, username: 'comments_news' });
		await waitFor('the channel', () => budi.find('comments_news').catch(() => null));
		await budi.join('comments_news');
		await anna.call({ _: 'openChat', chat_id: news.chat });
		await budi.call({ _: 'openChat', chat_id: news.chat });
	});
	await s.must('a post is forwarded to the group and pinned there', async () => {
		await anna.call({ _: 'sendMessage', chat_id: news.chat, input_message_content: textContent('news') });
		post = await found(budi, news.chat, 'news');
		copy = await found(anna, talk.chat, 'news');
		assert.deepEqual(copy.sender_id, { _: 'messageSenderChat', chat_id: news.chat });
		assert.equal(copy.forward_info.source.chat_id, news.chat);
		assert.equal(copy.is_pinned, true);
		assert.equal(post.interaction_info.reply_info.reply_count, 0);
	});
	await s.must('a reader comments without being in the group', async () => {
		thread = await threadOf(budi);
		assert.equal(thread.chat_id, talk.chat);
		assert.equal(thread.messages.length, 1);
		assert.equal(text(thread.messages[0]), 'news');
		await comment(budi, 'the first');
		const seen = await found(anna, talk.chat, 'the first');
		assert.equal(seen.sender_id.user_id, (await budi.call({ _: 'getMe' })).id);
		assert.equal((await anna.call({ _: 'getChatMember', chat_id: talk.chat, member_id: seen.sender_id })).status._, 'chatMemberStatusLeft');
	});
	await s.check('the number of comments is told, and who wrote them', async () => {
		const info = await counted(anna, 1);
		assert.equal(info.reply_info.recent_replier_ids.length, 1);
		await counted(budi, 1);
	});
	await s.check('what is unread in the thread, and that it was read', async () => {
		const before = await threadOf(anna);
		assert.equal(before.unread_message_count, 1);
		const answer = await comment(anna, 'the second');
		assert.ok(answer);
		const waiting = await waitFor('one unread', async () => {
			const now = await threadOf(budi);
			return now.unread_message_count === 1 ? now : null;
		});
		const second = await waitFor('the second', async () => (await comments(budi)).find((m) => text(m) === 'the second'));
		await budi.call({ _: 'openChat', chat_id: talk.chat });
		await budi.call({ _: 'viewMessages', chat_id: talk.chat, message_ids: [second.id], source: { _: 'messageSourceMessageThreadHistory' }, force_read: true });
		await waitFor('nothing unread', async () => (await threadOf(budi)).unread_message_count === 0);
		const mark = await waitFor('the author knows', async () => {
			const now = await threadOf(anna);
			return now.reply_info.last_read_outbox_message_id === second.id ? now : null;
		});
		assert.ok(waiting && mark);
	});
	await s.check('a guest changes what he wrote, and takes it back', async () => {
		const own = await comment(budi, 'the last');
		await budi.call({ _: 'editMessageText', chat_id: talk.chat, message_id: own.id, input_message_content: textContent('the very last') });
		await found(anna, talk.chat, 'the very last');
		await budi.call({ _: 'deleteMessages', chat_id: talk.chat, message_ids: [own.id], revoke: true });
		await counted(anna, 2);
	});
	await s.check('the words of one thread are found', async () => {
		await anna.call({ _: 'sendMessage', chat_id: talk.chat, input_message_content: textContent('the first of something else') });
		await found(anna, talk.chat, 'the first of something else');
		const hits = await anna.call({ _: 'searchChatMessages', chat_id: talk.chat,
			topic_id: { _: 'messageTopicThread', message_thread_id: copy.id }, query: 'first', sender_id: null, from_message_id: 0, offset: 0,
			limit: 10, filter: null });
		assert.deepEqual(hits.messages.map(text), ['the first']);
	});
	await s.check('an edit reaches the copy', async () => {
		await anna.call({ _: 'editMessageText', chat_id: news.chat, message_id: post.id, input_message_content: textContent('better news') });
		await found(anna, talk.chat, 'better news');
	});
	await s.check('a comment is deleted, and the number goes down', async () => {
		const [second] = (await comments(anna)).filter((m) => text(m) === 'the second');
		await anna.call({ _: 'deleteMessages', chat_id: talk.chat, message_ids: [second.id], revoke: true });
		await counted(anna, 1);
		await counted(budi, 1);
	});
	await s.check('a channel comments', async () => {
		await waitFor('the senders', async () => (await anna.call({ _: 'getChat', chat_id: talk.chat })).message_sender_id ?? null);
		await anna.call({ _: 'setChatMessageSender', chat_id: talk.chat, message_sender_id: { _: 'messageSenderChat', chat_id: news.chat } });
		thread = await threadOf(anna);
		const own = await comment(anna, 'in the name of the channel');
		assert.deepEqual(own.sender_id, { _: 'messageSenderChat', chat_id: news.chat });
		await counted(budi, 2);
	});
	await s.check('where one must join to write, a guest does not', async () => {
		await anna.call({ _: 'toggleSupergroupJoinToSendMessages', supergroup_id: talk.id, join_to_send_messages: true });
		await waitFor('budi to know', async () => (await budi.call({ _: 'getSupergroup', supergroup_id: talk.id })).join_to_send_messages);
		await assert.rejects(budi.post({ _: 'sendMessage', chat_id: thread.chat_id,
			topic_id: { _: 'messageTopicThread', message_thread_id: thread.message_thread_id }, input_message_content: textContent('the third') }));
	});
	await s.check('a post takes its discussion with it', async () => {
		await anna.call({ _: 'deleteMessages', chat_id: news.chat, message_ids: [post.id], revoke: true });
		await waitFor('no copy', async () => !(await history(anna, talk.chat)).some((m) => text(m) === 'better news'));
	});
	await s.check('a private channel is discussed as well, and nobody loses it', async () => {
		await anna.call({ _: 'setSupergroupUsername', supergroup_id: news.id, username: '' });
		await anna.call({ _: 'sendMessage', chat_id: news.chat, input_message_content: textContent('private news') });
		await found(anna, news.chat, 'private news');
		await found(anna, talk.chat, 'private news');
		assert.equal((await anna.call({ _: 'getSupergroup', supergroup_id: news.id })).status._, 'chatMemberStatusCreator');
	});
});
