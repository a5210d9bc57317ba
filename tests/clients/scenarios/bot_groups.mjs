// SPDX-License-Identifier: Apache-2.0
// The service bot in a private group of people, as the liaison chat is one: it hears what is said to it and nothing
// else, all once it is an admin; a forwarded post comes with where it is from; a button is pressed; the group becomes
// a supergroup; the bot is put out. With TDLib, and the test where the desk is.
import { strict as assert } from 'node:assert';
import { BotApi, buttons, data } from '../lib/bot_api.mjs';
import { scenario } from '../lib/cases.mjs';
import { Tdlib } from '../lib/tdlib.mjs';
import { waitFor } from '../lib/wait.mjs';

const ADMIN = { _: 'chatMemberStatusAdministrator', custom_title: '', can_be_edited: true, rights: { _: 'chatAdministratorRights', can_manage_chat: true } };
const MEMBER = { _: 'chatMemberStatusMember' };
const BANNED = { _: 'chatMemberStatusBanned', banned_until_date: 0 };
const MESSAGE = 2 ** 20;

await scenario({}, async (s) => {
	const api = new BotApi(s.server);
	let officer, colleague, bot, group, chat, news, post;

	const everything = async () => JSON.stringify(await api.call('getUpdates', { offset: api.next }));
	const setBot = (status) => officer.call({ _: 'setChatMemberStatus', chat_id: chat, member_id: { _: 'messageSenderUser', user_id: bot.id }, status });
	const standing = async (status) => {
		const update = await api.take('my_chat_member');
		assert.deepEqual([update.chat.id, update.new_chat_member.status], [chat, status]);
		return update;
	};
	const heard = async (text) => {
		const message = await api.take('message');
		assert.equal(message.text, text);
		return message;
	};
	const answer = (id, text) => officer.post({ _: 'sendMessage', chat_id: chat, reply_to: { _: 'inputMessageReplyToMessage', message_id: id },
		input_message_content: { _: 'inputMessageText', text: { _: 'formattedText', text } } });
	// The bot's message as the officer's client shows it.
	const shown = (text) => waitFor(`"${text}" to be shown`, async () => {
		const { messages } = await officer.call({ _: 'getChatHistory', chat_id: chat, from_message_id: 0, offset: 0, limit: 20, only_local: false });
		return messages.find(({ content }) => content.text?.text === text);
	});
	// What is not for the bot, and then a command: had it heard the first, it would come first.
	const unheard = async (text, run = () => colleague.send(group, text)) => {
		await run();
		await colleague.send(group, '/cases');
		const message = await api.take('message');
		assert.deepEqual([message.text, message.chat.id], ['/cases', chat]);
		return message;
	};

	await s.must('two officers, and a public channel', async () => {
		[officer, colleague] = [await s.loggedIn(Tdlib, { name: 'Officer' }), await s.loggedIn(Tdlib, { name: 'Colleague' })];
		await officer.addContact(colleague.phone, 'Colleague');
		await colleague.addContact(officer.phone, 'Officer');
		bot = await officer.find('lontar_bot');
		news = await officer.createChannel('Loud news', 'all of it');
		await officer.setUsername(news, 'loud_news');
		post = (await officer.send(news, 'Buy this')).id;
		const scope = { type: 'all_group_chats' };
		const menu = await waitFor('the menu, which the desk says when it starts', async () => {
			const commands = await api.call('getMyCommands', { scope, language_code: 'id' });
			return commands.length && commands;
		});
		assert.equal(menu[0].command, 'notice');
		api.takeOver();
		await api.call('setMyCommands', { scope, language_code: 'id', commands: [{ command: 'lapor', description: 'Kirim' }] });
		assert.equal((await api.raw('setMyCommands', { scope, commands: [{ command: 'Not one', description: 'x' }] })).error_code, 400);
	});
	await s.must('a group is made with the bot, which hears that', async () => {
		const made = await officer.call({ _: 'createNewBasicGroupChat', user_ids: [colleague.id, bot.id], title: 'Liaison' });
		assert.equal(made.failed_to_add_members.failed_to_add_members.length, 0);
		chat = made.chat_id;
		group = { kind: 'group', id: -chat };
		assert.equal((await standing('member')).from.id, officer.id);
		assert.equal((await api.take('message')).group_chat_created, true);
		assert.deepEqual(await api.call('getChat', { chat_id: chat }), { id: chat, type: 'group', title: 'Liaison' });
		await colleague.incoming('<messageBasicGroupChatCreate>');
	});
	await s.check('clients list it with its commands, and say that it has no access to messages', async () => {
		const full = await officer.call({ _: 'getBasicGroupFullInfo', basic_group_id: -chat });
		assert.ok(full.members.some(({ member_id }) => member_id.user_id === bot.id));
		assert.deepEqual(full.bot_commands.map(({ bot_user_id, commands }) => [bot_user_id, commands[0].command, commands[0].description]),
			[[bot.id, 'notice', 'Send a notice: write the link behind it']]);
		const { type } = await officer.call({ _: 'getUser', user_id: bot.id });
		assert.deepEqual([type.can_join_groups, type.can_read_all_group_messages], [true, false]);
	});
	await s.check('what is not said to it, it does not hear', async () => {
		await unheard('Between you and me: nightjar');
		assert.ok(!(await everything()).includes('nightjar'));
	});
	await s.check('mentions and answers to it are said to it', async () => {
		await colleague.send(group, 'See t.me/loud_news, @lontar_bot');
		const message = await heard('See t.me/loud_news, @lontar_bot');
		assert.deepEqual([message.chat.id, message.from.id], [chat, colleague.id]);
		await api.call('sendMessage', { chat_id: chat, text: 'Which kind?', reply_parameters: { message_id: message.message_id } });
		await answer((await shown('Which kind?')).id, 'A scam');
		assert.equal((await heard('A scam')).reply_to_message.text, 'Which kind?');
	});
	await s.check('a forwarded post is heard by an admin, with where it is from', async () => {
		const forward = () => officer.post({ _: 'forwardMessages', chat_id: chat, from_chat_id: -1000000000000 - news.id, message_ids: [post * MESSAGE], send_copy: false });
		await unheard('', forward);
		await setBot(ADMIN);
		await standing('administrator');
		await forward();
		const { forward_origin } = await heard('Buy this');
		assert.deepEqual([forward_origin.type, forward_origin.chat.username, forward_origin.chat.id, forward_origin.message_id],
			['channel', 'loud_news', -1000000000000 - news.id, post]);
		assert.equal((await api.call('getChatMember', { chat_id: chat, user_id: colleague.id })).status, 'member');
		const outsider = await s.loggedIn(Tdlib, { name: 'Outsider' });
		const unknown = await api.raw('getChatMember', { chat_id: chat, user_id: outsider.id });
		assert.ok(!unknown.ok && !JSON.stringify(unknown).includes('Outsider'), JSON.stringify(unknown));
		await setBot(MEMBER);
		await standing('member');
		await unheard('nightjar again');
		assert.match((await api.raw('getChatMember', { chat_id: chat, user_id: colleague.id })).description, /not enough rights/);
	});
	const press = async () => {
		const asked = await api.call('sendMessage', { chat_id: chat, text: `Is it? ${chat}`, reply_markup: buttons([['Yes', 'yes']]) });
		const pressed = officer.call({ _: 'getCallbackQueryAnswer', chat_id: chat, message_id: (await shown(`Is it? ${chat}`)).id,
			payload: { _: 'callbackQueryPayloadData', data: data('yes') } });
		const query = await api.take('callback_query');
		assert.deepEqual([query.from.id, query.data, query.message.message_id, query.message.chat.id], [officer.id, 'yes', asked.message_id, chat]);
		await api.call('answerCallbackQuery', { callback_query_id: query.id, text: 'Noted' });
		assert.equal((await pressed).text, 'Noted');
		await api.call('editMessageText', { chat_id: chat, message_id: asked.message_id, text: `Case 7 ${chat}` });
		await shown(`Case 7 ${chat}`);
	};
	await s.check('a button is pressed in the group', press);
	await s.must('the group becomes a supergroup, and the bot comes along', async () => {
		const old = chat;
		chat = (await officer.call({ _: 'upgradeBasicGroupChatToSupergroupChat', chat_id: old })).id;
		group = { kind: 'channel', id: -1000000000000 - chat };
		await standing('member');
		assert.equal((await api.take('message')).migrate_to_chat_id, chat);
		assert.equal((await api.raw('sendMessage', { chat_id: old, text: 'Hello?' })).parameters.migrate_to_chat_id, chat);
		await waitFor('it at the colleague', () => colleague.groups.get(group.id)?.status._ === 'chatMemberStatusMember');
	});
	await s.check('there it hears the same, and a person\'s own words that he answers', async () => {
		let secret;
		await unheard('', async () => { secret = await colleague.send(group, 'nightjar in the supergroup'); });
		const { id } = await colleague.send(group, 'Look at that');
		await colleague.post({ _: 'sendMessage', chat_id: chat, reply_to: { _: 'inputMessageReplyToMessage', message_id: id * MESSAGE },
			input_message_content: { _: 'inputMessageText', text: { _: 'formattedText', text: '/notice' } } });
		assert.equal((await heard('/notice')).reply_to_message.text, 'Look at that');
		const refused = await api.raw('sendMessage', { chat_id: chat, text: 'What?', reply_parameters: { message_id: secret.id } });
		assert.equal(refused.description, 'Bad Request: message to be replied not found');
	});
	await s.check('it is listed, and a button works there, too', async () => {
		const bots = await officer.call({ _: 'getSupergroupMembers', supergroup_id: group.id, filter: { _: 'supergroupMembersFilterBots' }, offset: 0, limit: 10 });
		assert.deepEqual(bots.members.map(({ member_id }) => member_id.user_id), [bot.id]);
		const full = await officer.call({ _: 'getSupergroupFullInfo', supergroup_id: group.id });
		assert.equal(full.bot_commands[0].commands[0].command, 'notice');
		await press();
	});
	await s.check('put out, it hears that and no more', async () => {
		await setBot(BANNED);
		await standing('kicked');
		await colleague.send(group, '/cases');
		assert.equal(await everything(), '[]');
		assert.equal((await api.raw('sendMessage', { chat_id: chat, text: 'Hello?' })).ok, false);
	});
	await s.check('a link brings it into another group', async () => {
		const made = await officer.call({ _: 'createNewSupergroupChat', title: 'Second', description: '', is_channel: false });
		chat = made.id;
		await officer.call({ _: 'addChatMember', chat_id: chat, user_id: bot.id, forward_limit: 100 });
		await standing('member');
		assert.equal((await api.take('message')).new_chat_members[0].id, bot.id);
		await officer.call({ _: 'sendBotStartMessage', bot_user_id: bot.id, chat_id: chat, parameter: 'from_link' });
		await heard('/start@lontar_bot from_link');
		await api.call('leaveChat', { chat_id: chat });
		assert.equal((await api.raw('getChat', { chat_id: chat })).error_code, 400);
	});
	await s.check('in a channel it is an admin or not at all', async () => {
		chat = -1000000000000 - news.id;
		await assert.rejects(officer.call({ _: 'addChatMember', chat_id: chat, user_id: bot.id, forward_limit: 0 }));
		await setBot({ ...ADMIN, rights: { _: 'chatAdministratorRights', can_manage_chat: true, can_post_messages: true } });
		await standing('administrator');
		await officer.send(news, 'More news');
		assert.equal((await api.take('channel_post')).text, 'More news');
		await api.call('sendMessage', { chat_id: '@loud_news', text: 'Cases today: 7' });
		await shown('Cases today: 7');
		await setBot({ _: 'chatMemberStatusLeft' });
		await standing('kicked');
	});
	api.giveBack();
});
