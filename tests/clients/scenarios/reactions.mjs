// SPDX-License-Identifier: Apache-2.0
// Reactions, a poll, a quiz and scheduled messages between two people in TDLib.
import { strict as assert } from 'node:assert';
import { scenario } from '../lib/cases.mjs';
import { Tdlib, textContent } from '../lib/tdlib.mjs';
import { waitFor } from '../lib/wait.mjs';

const HEART = { _: 'reactionTypeEmoji', emoji: '❤' };
const text = (value) => ({ _: 'formattedText', text: value, entities: [] });

await scenario({}, async (s) => {
	let anna, budi, toBudi, toAnna, group;
	const history = async (who, chat) =>
		(await who.call({ _: 'getChatHistory', chat_id: chat, from_message_id: 0, offset: 0, limit: 20, only_local: false })).messages;
	const newest = async (who, chat, kind) => (await history(who, chat)).find((m) => m.content._ === kind);
	const reactions = (message) => message.interaction_info?.reactions?.reactions ?? [];
	const pollOf = async (who, chat) => (await newest(who, chat, 'messagePoll')).content.poll;
	const sendPoll = async (type) => {
		await anna.call({
			_: 'sendMessage', chat_id: group, input_message_content: {
				_: 'inputMessagePoll', question: text('Tea or coffee?'),
				options: [{ _: 'inputPollOption', text: text('Tea') }, { _: 'inputPollOption', text: text('Coffee') }],
				is_anonymous: true, type,
			},
		});
		await waitFor('the poll at the other', () => newest(budi, group, 'messagePoll'));
	};

	await s.must('two people in a chat', async () => {
		[anna, budi] = [await s.loggedIn(Tdlib), await s.loggedIn(Tdlib)];
		await anna.addContact(budi.phone, 'Budi');
		await budi.addContact(anna.phone, 'Anna');
		[toBudi, toAnna] = [budi.id, anna.id];
		await anna.call({ _: 'createPrivateChat', user_id: budi.id, force: false });
		await anna.send({ kind: 'user', id: budi.id }, 'how do you like it?');
		await budi.incoming('how do you like it?');
	});
	await s.check('a reaction reaches the author and waits there', async () => {
		const message = await newest(budi, toAnna, 'messageText');
		const own = await newest(anna, toBudi, 'messageText');
		// What she was pushed; a history that is on its way would bring back what she has read since.
		const pushed = async () => reactions(await anna.call({ _: 'getMessage', chat_id: toBudi, message_id: own.id }));
		await waitFor('reactions to be offered', async () =>
			(await budi.call({ _: 'getMessageAvailableReactions', chat_id: toAnna, message_id: message.id, row_size: 8 })).top_reactions.length > 0);
		await budi.call({ _: 'addMessageReaction', chat_id: toAnna, message_id: message.id, reaction_type: HEART, is_big: false, update_recent_reactions: true });
		await waitFor('the reaction at its author', async () => (await pushed()).length === 1);
		await waitFor('the mark', async () => (await anna.call({ _: 'getChat', chat_id: toBudi })).unread_reaction_count === 1);
		await anna.call({ _: 'readAllChatReactions', chat_id: toBudi });
		await waitFor('no mark', async () => (await anna.call({ _: 'getChat', chat_id: toBudi })).unread_reaction_count === 0);
		await budi.call({ _: 'removeMessageReaction', chat_id: toAnna, message_id: message.id, reaction_type: HEART });
		await waitFor('it is gone', async () => (await pushed()).length === 0);
	});
	await s.check('a poll is voted in, and closed by who made it', async () => {
		// TDLib sends none to a person.
		group = (await anna.call({ _: 'createNewBasicGroupChat', user_ids: [budi.id], title: 'Breakfast' })).chat_id;
		await budi.incoming('<messageBasicGroupChatCreate>');
		await sendPoll({ _: 'inputPollTypeRegular' });
		const theirs = await newest(budi, group, 'messagePoll');
		await budi.call({ _: 'setPollAnswer', chat_id: group, message_id: theirs.id, option_ids: [1] });
		await waitFor('the vote at the maker', async () => (await pollOf(anna, group)).total_voter_count === 1);
		assert.equal((await pollOf(budi, group)).options[1].is_chosen, true);
		const own = await newest(anna, group, 'messagePoll');
		await anna.call({ _: 'stopPoll', chat_id: group, message_id: own.id });
		await waitFor('the end at the voter', async () => (await pollOf(budi, group)).is_closed);
		assert.equal((await pollOf(anna, group)).options[1].voter_count, 1);
	});
	await s.check('a scheduled message waits, and is sent in time', async () => {
		const at = Math.floor(Date.now() / 1000) + 25; // it must be seen to wait before
		await anna.post({
			_: 'sendMessage', chat_id: toBudi, input_message_content: textContent('from the past'),
			options: { _: 'messageSendOptions', scheduling_state: { _: 'messageSchedulingStateSendAtDate', send_date: at } },
		});
		// TDLib lets an empty list that was on its way take away what came meanwhile: it is asked when there is something.
		await waitFor('it waits', async () =>
			(await anna.call({ _: 'getChatScheduledMessages', chat_id: toBudi })).messages.some((m) => !m.sending_state));
		await budi.incoming('from the past');
		assert.ok(Date.now() / 1000 >= at - 1);
		await waitFor('nothing waits', async () =>
			(await anna.call({ _: 'getChatScheduledMessages', chat_id: toBudi })).messages.length === 0);
	});
	await s.check('one that is sent before its time', async () => {
		await anna.post({
			_: 'sendMessage', chat_id: toBudi, input_message_content: textContent('sooner'),
			options: { _: 'messageSendOptions', scheduling_state: { _: 'messageSchedulingStateSendAtDate', send_date: Math.floor(Date.now() / 1000) + 3600 } },
		});
		const waiting = await waitFor('it waits', async () =>
			(await anna.call({ _: 'getChatScheduledMessages', chat_id: toBudi })).messages.find((m) => !m.sending_state));
		await anna.call({ _: 'editMessageSchedulingState', chat_id: toBudi, message_id: waiting.id, scheduling_state: null });
		await budi.incoming('sooner');
	});
});
