// SPDX-License-Identifier: Apache-2.0
// The owner of a public channel and of a group looks at their statistics on TDLib, and sees what others did.
import { strict as assert } from 'node:assert';
import { scenario } from '../lib/cases.mjs';
import { Mtcute } from '../lib/mtcute.mjs';
import { Tdlib } from '../lib/tdlib.mjs';

const MEMBERS = 9; // with the owner as many as it takes: STATS_MEMBERS_MIN

const columns = (graph) => JSON.parse(graph.json_data).columns;
const last = (graph, at) => columns(graph)[at].at(-1);

await scenario({ minutes: 2 }, async (s) => {
	let owner, members, channel, group;
	const make = async (title, username, isChannel) => {
		const chat = await owner.call({ _: 'createNewSupergroupChat', title, is_forum: false, is_channel: isChannel, description: '' });
		await owner.call({ _: 'setSupergroupUsername', supergroup_id: chat.type.supergroup_id, username });
		return chat;
	};
	const full = (chat) => owner.call({ _: 'getSupergroupFullInfo', supergroup_id: chat.type.supergroup_id });
	const statistics = (chat) => owner.call({ _: 'getChatStatistics', chat_id: chat.id, is_dark: false });
	await s.must('a channel and a group; too few members for statistics', async () => {
		owner = await s.loggedIn(Tdlib);
		channel = await make('Numbers', 'lontar_numbers', true);
		group = await make('Talk', 'lontar_talk', false);
		assert.equal((await full(channel)).can_get_statistics, false);
		await assert.rejects(statistics(channel));
	});
	await s.must(`${MEMBERS} join both, one writes, one looks`, async () => {
		members = [];
		for (let i = 0; i < MEMBERS; i++) members.push(await s.loggedIn(Mtcute));
		for (const member of members)
			for (const name of ['lontar_numbers', 'lontar_talk']) await member.join(name);
		await owner.send({ kind: 'channel', id: channel.type.supergroup_id }, 'a post');
		await members[0].incoming('a post');
		await members[0].send({ kind: 'channel', id: group.type.supergroup_id }, 'twelve chars');
		await owner.incoming('twelve chars');
	});
	await s.check('of the channel: members, who came, and a graph that is loaded later', async () => {
		await owner.call({ _: 'openChat', chat_id: channel.id });
		const shown = await statistics(channel);
		assert.equal(shown._, 'chatStatisticsChannel');
		assert.equal(shown.member_count.value, MEMBERS + 1);
		assert.equal(shown.member_count_graph._, 'statisticalGraphData');
		assert.equal(last(shown.join_graph, 1), MEMBERS);
		assert.equal(shown.language_graph._, 'statisticalGraphError');
		assert.ok(shown.recent_interactions.length >= 1);
		const { token } = shown.message_interaction_graph;
		const loaded = await owner.call({ _: 'getStatisticalGraph', chat_id: channel.id, token, x: 0 });
		assert.ok(last(loaded, 1) >= 1, 'the author has seen it');
	});
	await s.check('of a post', async () => {
		const history = await owner.call({ _: 'getChatHistory', chat_id: channel.id, from_message_id: 0, offset: 0, limit: 1, only_local: false });
		const shown = await owner.call({ _: 'getMessageStatistics', chat_id: channel.id, message_id: history.messages[0].id, is_dark: false });
		assert.match(shown.message_interaction_graph._, /^statisticalGraph(Data|Error)$/);
	});
	await s.check('of the group: who wrote most', async () => {
		const shown = await statistics(group);
		assert.equal(shown._, 'chatStatisticsSupergroup');
		assert.equal(shown.top_senders.length, 1);
		assert.equal(shown.top_senders[0].average_character_count, 12);
		assert.equal(shown.message_count.value, 1);
	});
});
