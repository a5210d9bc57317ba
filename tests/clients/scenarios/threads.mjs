// SPDX-License-Identifier: Apache-2.0
// Reactions to posts, a thread of answers and topics of a forum in two TDLibs.
import { strict as assert } from 'node:assert';
import { scenario } from '../lib/cases.mjs';
import { Tdlib, textContent } from '../lib/tdlib.mjs';
import { waitFor } from '../lib/wait.mjs';

const HEART = { _: 'reactionTypeEmoji', emoji: '❤' };
const chatOf = (group) => Number(`-100${group.id}`);

await scenario({ minutes: 3 }, async (s) => {
	let anna, budi, group, chat;
	const history = async (who, limit = 20) =>
		(await who.call({ _: 'getChatHistory', chat_id: chat, from_message_id: 0, offset: 0, limit, only_local: false })).messages;
	const text = (message) => message.content.text?.text;
	const found = (who, words) => waitFor(words, async () => (await history(who)).find((m) => text(m) === words && !m.sending_state));
	const say = async (who, words, more = {}) => {
		await who.call({ _: 'sendMessage', chat_id: chat, input_message_content: textContent(words), ...more });
		return found(anna, words);
	};

	await s.must('two people in a supergroup', async () => {
		[anna, budi] = [await s.loggedIn(Tdlib), await s.loggedIn(Tdlib)];
		const made = await anna.call({ _: 'createNewSupergroupChat', title: 'Weather', description: '', is_channel: false, is_forum: false });
		chat = made.id;
		group = { kind: 'channel', id: made.type.supergroup_id };
		assert.equal(chat, chatOf(group));
		await anna.call({ _: 'setSupergroupUsername', supergroup_id: group.id, username: 'weather_of_threads' });
		await waitFor('the group by its name', () => budi.find('weather_of_threads').catch(() => null));
		await budi.join('weather_of_threads');
	});
	await s.check('a reaction reaches the author of the message', async () => {
		const own = await say(anna, 'does it rain?');
		const theirs = await found(budi, 'does it rain?');
		await waitFor('reactions to be offered', async () =>
			(await budi.call({ _: 'getMessageAvailableReactions', chat_id: chat, message_id: theirs.id, row_size: 8 })).top_reactions.length > 0);
		await budi.call({ _: 'addMessageReaction', chat_id: chat, message_id: theirs.id, reaction_type: HEART, is_big: false, update_recent_reactions: false });
		await waitFor('the reaction', async () =>
			(await anna.call({ _: 'getMessage', chat_id: chat, message_id: own.id })).interaction_info?.reactions?.reactions?.length === 1);
		const list = await anna.call({ _: 'getMessageAddedReactions', chat_id: chat, message_id: own.id, reaction_type: null, offset: '', limit: 10 });
		assert.equal(list.total_count, 1);
	});
	await s.check('answers are a thread', async () => {
		const root = await found(budi, 'does it rain?');
		await say(budi, 'it pours', { reply_to: { _: 'inputMessageReplyToMessage', message_id: root.id, checklist_task_id: 0 } });
		const own = await found(anna, 'does it rain?');
		const thread = await waitFor('the thread', async () =>
			(await anna.call({ _: 'getMessageThreadHistory', chat_id: chat, message_id: own.id, from_message_id: 0, offset: 0, limit: 10 })
				.catch(() => ({ messages: [] }))).messages.find((m) => text(m) === 'it pours'));
		assert.ok(thread);
	});
	await s.check('a forum has topics', async () => {
		await anna.call({ _: 'toggleSupergroupIsForum', supergroup_id: group.id, is_forum: true, has_forum_tabs: false });
		const topic = await anna.call({ _: 'createForumTopic', chat_id: chat, name: 'Storms', is_name_implicit: false, icon: { _: 'forumTopicIcon', color: 0x6FB9F0, custom_emoji_id: '0' } });
		assert.equal(topic.name, 'Storms');
		const topics = await waitFor('the topics', async () => {
			const list = await budi.call({ _: 'getForumTopics', chat_id: chat, query: '', offset_date: 0, offset_message_id: 0, offset_forum_topic_id: 0, limit: 10 })
				.catch(() => ({ topics: [] }));
			return list.topics.length === 2 ? list.topics : null;
		});
		assert.deepEqual(topics.map((t) => t.info.name).sort(), ['General', 'Storms']);
	});
});
