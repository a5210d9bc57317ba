// SPDX-License-Identifier: Apache-2.0
// Polls in a supergroup and in a public channel, in two TDLibs: asked, voted in, counted on the other's screen, closed.
// And what two admins of a channel will post.
import { strict as assert } from 'node:assert';
import { scenario } from '../lib/cases.mjs';
import { Tdlib, textContent } from '../lib/tdlib.mjs';
import { waitFor } from '../lib/wait.mjs';

const GROUP = 'sailors_of_polls', CHANNEL = 'harbour_of_polls';
const chatOf = (channel) => Number(`-100${channel.id}`);
const text = (value) => ({ _: 'formattedText', text: value, entities: [] });
const option = (value) => ({ _: 'inputPollOption', text: text(value) });

await scenario({}, async (s) => {
	let anna, budi, group, channel;
	const history = async (who, chat) =>
		(await who.call({ _: 'getChatHistory', chat_id: chat, from_message_id: 0, offset: 0, limit: 20, only_local: false })).messages;
	const newest = async (who, chat) => waitFor('the poll', async () =>
		(await history(who, chat)).find((m) => m.content._ === 'messagePoll' && !m.sending_state));
	// As it is on the screen: what was pushed, or asked for by the client itself.
	const shown = async (who, message) =>
		(await who.call({ _: 'getMessage', chat_id: message.chat_id, message_id: message.id })).content.poll;
	const ask = async (chat, content) => {
		await anna.call({
			_: 'sendMessage', chat_id: chat, input_message_content: {
				_: 'inputMessagePoll', question: text('Which harbour first?'), options: [option('Ambon'), option('Banda'), option('Ceram')],
				allows_revoting: true, type: { _: 'inputPollTypeRegular' }, ...content,
			},
		});
		return [await newest(anna, chat), await newest(budi, chat)];
	};
	const vote = (who, message, ...chosen) =>
		who.call({ _: 'setPollAnswer', chat_id: message.chat_id, message_id: message.id, option_ids: chosen });

	await s.must('two people in a supergroup and a channel', async () => {
		[anna, budi] = [await s.loggedIn(Tdlib), await s.loggedIn(Tdlib)];
		const made = await anna.call({ _: 'createNewSupergroupChat', title: 'Sailors', description: '', is_channel: false, is_forum: false });
		group = made.id;
		await anna.setUsername({ kind: 'channel', id: made.type.supergroup_id }, GROUP);
		const harbour = await anna.createChannel('Harbour', 'news');
		channel = chatOf(harbour);
		await anna.setUsername(harbour, CHANNEL);
		await budi.join(GROUP);
		await budi.join(CHANNEL);
	});
	await s.check('a vote in a public poll is seen by all, and who gave it', async () => {
		const [own, theirs] = await ask(group, { is_anonymous: false });
		await vote(budi, theirs, 1);
		assert.equal((await shown(budi, theirs)).options[1].is_chosen, true);
		await waitFor('the vote at the other', async () => (await shown(anna, own)).total_voter_count === 1);
		await vote(anna, own, 1);
		await waitFor('both votes', async () => (await shown(budi, theirs)).options[1].voter_count === 2);
		assert.equal((await shown(budi, theirs)).options[1].is_chosen, true);
		const { voters } = await anna.call({ _: 'getPollVoters', chat_id: group, message_id: own.id, option_id: 1, offset: 0, limit: 10 });
		assert.equal(voters.length, 2);
		await vote(budi, theirs);
		await waitFor('it is taken back', async () => (await shown(anna, own)).options[1].voter_count === 1);
	});
	await s.check('a quiz in a public channel is voted in and closed', async () => {
		const [own, theirs] = await ask(channel, {
			is_anonymous: true, type: { _: 'inputPollTypeQuiz', correct_option_ids: [2], explanation: text('It is on the way.') },
		});
		await vote(budi, theirs, 0);
		await waitFor('the vote at its maker', async () => (await shown(anna, own)).total_voter_count === 1);
		assert.equal((await shown(budi, theirs)).options[0].is_chosen, true);
		await anna.call({ _: 'stopPoll', chat_id: channel, message_id: own.id });
		await waitFor('its end', async () => (await shown(budi, theirs)).is_closed);
		const found = await budi.call({ _: 'searchChatMessages', chat_id: channel, query: 'harbour', limit: 10 });
		assert.deepEqual(found.messages.map((m) => m.id), [theirs.id]);
	});
	await s.check('what one admin schedules the other sees, and it comes in time', async () => {
		await anna.call({
			_: 'setChatMemberStatus', chat_id: channel, member_id: { _: 'messageSenderUser', user_id: budi.id }, status: {
				_: 'chatMemberStatusAdministrator', can_be_edited: true,
				rights: { _: 'chatAdministratorRights', can_manage_chat: true, can_post_messages: true },
			},
		});
		const at = Math.floor(Date.now() / 1000) + 20; // it must be seen to wait before
		const waiting = async (who) => (await who.call({ _: 'getChatScheduledMessages', chat_id: channel })).messages
			.filter((m) => !m.sending_state);
		await anna.post({
			_: 'sendMessage', chat_id: channel, input_message_content: textContent('at noon'),
			options: { _: 'messageSendOptions', scheduling_state: { _: 'messageSchedulingStateSendAtDate', send_date: at } },
		});
		// TDLib lets an empty list that was on its way take away what came meanwhile: it is asked when there is something.
		assert.equal((await waiting(anna)).length, 1);
		const [theirs] = await waitFor('it waits at the other admin', async () => {
			const list = await waiting(budi).catch(() => []);
			return list.length ? list : null;
		});
		assert.equal(theirs.content.text.text, 'at noon');
		await waitFor('it comes', async () => (await history(budi, channel)).some((m) => m.content.text?.text === 'at noon'));
		assert.ok(Date.now() / 1000 >= at - 1);
		await waitFor('nothing waits', async () => (await waiting(budi)).length === 0);
	});
	await s.check('a channel asks for no names', async () => {
		await assert.rejects(anna.call({
			_: 'sendMessage', chat_id: channel, input_message_content: {
				_: 'inputMessagePoll', question: text('Who are you?'), options: [option('A'), option('B')],
				type: { _: 'inputPollTypeRegular' }, is_anonymous: false,
			},
		}));
	});
});
