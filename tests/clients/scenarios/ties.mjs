// SPDX-License-Identifier: Apache-2.0
// What ties channels to other chats, in two TDLibs: signatures, a discussion group, writing in the name of a channel, slow
// mode, posts that destroy themselves, and a basic group that becomes a supergroup.
import { strict as assert } from 'node:assert';
import { scenario } from '../lib/cases.mjs';
import { Tdlib, textContent } from '../lib/tdlib.mjs';
import { waitFor } from '../lib/wait.mjs';

await scenario({ minutes: 3 }, async (s) => {
	let anna, budi, news, talk, guest;
	const make = async (title, is_channel) => {
		const made = await anna.call({ _: 'createNewSupergroupChat', title, description: '', is_channel, is_forum: false });
		return { chat: made.id, id: made.type.supergroup_id };
	};
	const history = async (who, chat, from = 0) =>
		(await who.call({ _: 'getChatHistory', chat_id: chat, from_message_id: from, offset: 0, limit: 20, only_local: false })).messages;
	const found = (who, chat, words) => waitFor(words, async () =>
		(await history(who, chat)).find((m) => m.content.text?.text === words && !m.sending_state));
	const say = async (who, chat, words) => {
		await who.call({ _: 'sendMessage', chat_id: chat, input_message_content: textContent(words) });
		return found(who, chat, words);
	};
	const full = (who, id) => who.call({ _: 'getSupergroupFullInfo', supergroup_id: id });

	await s.must('two people, a channel and a group', async () => {
		[anna, budi] = [await s.loggedIn(Tdlib), await s.loggedIn(Tdlib)];
		news = await make('Ties', true);
		talk = await make('Ties talk', false);
		// Before TDLib looks in whose name one may write in the group: it looks seldom.
		const own = await budi.call({ _: 'createNewSupergroupChat', title: 'Guest', description: '', is_channel: true });
		await budi.call({ _: 'setSupergroupUsername', supergroup_id: own.type.supergroup_id, username: 'ties_guest' });
		guest = { _: 'messageSenderChat', chat_id: own.id };
		for (const [it, name] of [[news, 'ties_news'], [talk, 'ties_talk']]) {
			await anna.call({ _: 'setSupergroupUsername', supergroup_id: it.id, username: name });
			await waitFor(name, () => budi.find(name).catch(() => null));
			await budi.join(name);
		}
	});
	await s.check('a post is signed by who wrote it', async () => {
		await anna.call({ _: 'toggleSupergroupSignMessages', supergroup_id: news.id, sign_messages: true, show_message_sender: false });
		await say(anna, news.chat, 'signed');
		assert.ok((await found(budi, news.chat, 'signed')).author_signature.length > 0);
	});
	await s.check('a channel and its discussion group know each other', async () => {
		const chats = (await anna.call({ _: 'getSuitableDiscussionChats' })).chat_ids;
		assert.ok(chats.includes(talk.chat), `${chats}`);
		await anna.call({ _: 'setChatDiscussionGroup', chat_id: news.chat, discussion_chat_id: talk.chat });
		await waitFor('the link', async () => (await full(budi, news.id)).linked_chat_id === talk.chat);
		await waitFor('the other end', async () => (await full(budi, talk.id)).linked_chat_id === news.chat);
	});
	await s.check('one writes in the name of an own channel', async () => {
		const senders = (await anna.call({ _: 'getChatAvailableMessageSenders', chat_id: talk.chat })).senders.map((x) => x.sender);
		assert.ok(senders.some((x) => x.chat_id === news.chat), JSON.stringify(senders));
		await anna.call({ _: 'setChatMessageSender', chat_id: talk.chat, message_sender_id: { _: 'messageSenderChat', chat_id: news.chat } });
		await say(anna, talk.chat, 'in its name');
		const got = await found(budi, talk.chat, 'in its name');
		assert.deepEqual(got.sender_id, { _: 'messageSenderChat', chat_id: news.chat });
	});
	await s.check('a channel that is banned writes no more, and is among the banned', async () => {
		await budi.call({ _: 'setChatMessageSender', chat_id: talk.chat, message_sender_id: guest });
		await say(budi, talk.chat, 'as a guest');
		assert.deepEqual((await found(anna, talk.chat, 'as a guest')).sender_id, guest);
		const set = (status) => anna.call({ _: 'setChatMemberStatus', chat_id: talk.chat, member_id: guest, status });
		await set({ _: 'chatMemberStatusBanned', banned_until_date: 0 });
		const banned = () => anna.call({ _: 'getSupergroupMembers', supergroup_id: talk.id, filter: { _: 'supergroupMembersFilterBanned', query: '' }, offset: 0, limit: 10 });
		assert.deepEqual((await banned()).members.map((m) => m.member_id), [guest]);
		assert.equal((await anna.call({ _: 'getChatMember', chat_id: talk.chat, member_id: guest })).status._, 'chatMemberStatusBanned');
		await budi.call({ _: 'sendMessage', chat_id: talk.chat, input_message_content: textContent('once more') }).catch(() => {});
		await waitFor('the refusal', async () => (await history(budi, talk.chat)).some((m) => m.sending_state?._ === 'messageSendingStateFailed'));
		await anna.call({ _: 'deleteChatMessagesBySender', chat_id: talk.chat, sender_id: guest });
		await waitFor('the empty place', async () => !(await history(anna, talk.chat)).some((m) => m.content.text?.text === 'as a guest'));
		await set({ _: 'chatMemberStatusLeft' });
		assert.equal((await banned()).members.length, 0);
	});
	await s.check('slow mode and the time that posts live are shown to all', async () => {
		await anna.call({ _: 'setChatSlowModeDelay', chat_id: talk.chat, slow_mode_delay: 30 });
		await anna.call({ _: 'setChatMessageAutoDeleteTime', chat_id: news.chat, message_auto_delete_time: 86400 });
		await waitFor('slow mode', async () => (await full(budi, talk.id)).slow_mode_delay === 30);
		await say(anna, news.chat, 'for a day');
		assert.ok((await found(budi, news.chat, 'for a day')).auto_delete_in > 0);
		await waitFor('the time', async () => (await budi.call({ _: 'getChat', chat_id: news.chat })).message_auto_delete_time === 86400);
	});
	await s.check('a group that becomes a supergroup goes on as one chat', async () => {
		const me = await budi.call({ _: 'getMe' });
		await anna.call({ _: 'importContacts', contacts: [{ _: 'importedContact', phone_number: me.phone_number, first_name: 'Budi', last_name: '' }] })
			.catch(() => anna.call({ _: 'importContacts', contacts: [{ _: 'contact', phone_number: me.phone_number, first_name: 'Budi' }] }));
		const made = await anna.call({ _: 'createNewBasicGroupChat', user_ids: [me.id], title: 'Small', message_auto_delete_time: 0 });
		await say(anna, made.chat_id, 'while it was small');
		const grown = await anna.call({ _: 'upgradeBasicGroupChatToSupergroupChat', chat_id: made.chat_id });
		assert.equal(grown.type._, 'chatTypeSupergroup');
		await say(anna, grown.id, 'now it is large');
		await waitFor('the other to be told of it', () => budi.call({ _: 'getChat', chat_id: grown.id }).catch(() => null));
		await found(budi, grown.id, 'now it is large');
		await waitFor('its past', async () => (await full(budi, grown.type.supergroup_id)).upgraded_from_basic_group_id === -made.chat_id);
		let whole; // TDLib fills its history in pages of its own choosing
		const pages = async () => {
			whole = [];
			for (let page; whole.length < 100 && (!page || page.length); whole.push(...page))
				page = await history(budi, grown.id, whole.at(-1)?.id);
			return whole.some((m) => m.content._ === 'messageChatUpgradeFrom');
		};
		await waitFor(() => `the older part; there is ${whole.map((m) => m.content._).join()}`, pages);
	});
});
