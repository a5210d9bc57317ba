// SPDX-License-Identifier: Apache-2.0
// One person with two devices: what TDLib sets about the chat list on one, the other sees; in the end also when it was
// away.
import { strict as assert } from 'node:assert';
import { scenario } from '../lib/cases.mjs';
import { Tdlib, textContent } from '../lib/tdlib.mjs';
import { waitFor } from '../lib/wait.mjs';

const MAIN = { _: 'chatListMain' };
const ARCHIVE = { _: 'chatListArchive' };

await scenario({}, async (s) => {
	let ayu, second, budi, citra;
	const chat = (device, id) => device.call({ _: 'getChat', chat_id: id });
	const place = async (device, id, list) => (await chat(device, id)).positions.find((p) => p.list._ === list._);
	const seen = (what, check) => waitFor(what, () => check().catch(() => false));
	const listed = async (device, list) => (await device.call({ _: 'getChats', chat_list: list, limit: 20 })).chat_ids;
	const draft = (device, id, text) => device.call({
		_: 'setChatDraftMessage', chat_id: id,
		draft_message: text && {
			_: 'draftMessage', date: 0,
			content: { _: 'draftMessageContentText', text: { _: 'formattedText', text, entities: [] } },
		},
	});
	const draftText = async (device, id) => (await chat(device, id)).draft_message?.content.text.text;
	const mute = (device, id, seconds) => device.call({
		_: 'setChatNotificationSettings', chat_id: id,
		notification_settings: {
			_: 'chatNotificationSettings', use_default_mute_for: seconds === null, mute_for: seconds ?? 0, use_default_sound: true,
			use_default_show_preview: true, use_default_mute_stories: true, use_default_story_sound: true,
			use_default_show_story_poster: true, use_default_disable_pinned_message_notifications: true,
			use_default_disable_mention_notifications: true,
		},
	});
	const folder = (title, ids) => ({
		_: 'chatFolder', name: { _: 'chatFolderName', text: { _: 'formattedText', text: title, entities: [] } }, color_id: -1,
		pinned_chat_ids: [], included_chat_ids: ids, excluded_chat_ids: [],
	});
	await s.must('three accounts, one of them on two devices', async () => {
		[ayu, budi, citra] = [await s.loggedIn(Tdlib), await s.loggedIn(Tdlib), await s.loggedIn(Tdlib)];
		second = await s.device(Tdlib, { phone: ayu.phone });
		await second.login();
		for (const friend of [budi, citra]) {
			await friend.findByPhone(ayu.phone);
			await friend.send({ kind: 'user', id: ayu.id }, 'halo');
			await ayu.incoming('halo');
			await second.incoming('halo');
		}
		for (const device of [ayu, second]) await listed(device, MAIN);
	});
	await s.check('pins and their order', async () => {
		await ayu.call({ _: 'toggleChatIsPinned', chat_list: MAIN, chat_id: budi.id, is_pinned: true });
		await ayu.call({ _: 'toggleChatIsPinned', chat_list: MAIN, chat_id: citra.id, is_pinned: true });
		await seen('both pins', async () => (await place(second, budi.id, MAIN))?.is_pinned && (await place(second, citra.id, MAIN))?.is_pinned);
		assert.deepEqual((await listed(second, MAIN)).slice(0, 2), [citra.id, budi.id]);
		await second.call({ _: 'setPinnedChats', chat_list: MAIN, chat_ids: [budi.id, citra.id] });
		await seen('the new order', async () => (await listed(ayu, MAIN))[0] === budi.id);
	});
	await s.check('the archive, and back by a message', async () => {
		await ayu.call({ _: 'addChatToList', chat_id: citra.id, chat_list: ARCHIVE });
		await seen('the chat in the archive', async () => await place(second, citra.id, ARCHIVE));
		assert.equal((await place(ayu, budi.id, MAIN)).is_pinned, true);
		await citra.send({ kind: 'user', id: ayu.id }, 'still there?');
		for (const device of [ayu, second]) await seen('it is back', async () => await place(device, citra.id, MAIN));
	});
	await s.check('muted, it stays there', async () => {
		await second.call({ _: 'addChatToList', chat_id: citra.id, chat_list: ARCHIVE });
		await seen('the chat in the archive on the other device', async () => await place(ayu, citra.id, ARCHIVE));
		await mute(ayu, citra.id, 10 * 366 * 86400);
		await seen('silence on the other device', async () => (await chat(second, citra.id)).notification_settings.mute_for > 0);
		await citra.send({ kind: 'user', id: ayu.id }, 'hello?');
		await ayu.incoming('hello?');
		assert.ok(await place(ayu, citra.id, ARCHIVE));
		await mute(second, citra.id, null);
		await seen('the default again', async () => (await chat(ayu, citra.id)).notification_settings.use_default_mute_for);
	});
	await s.check('marks', async () => {
		await ayu.call({ _: 'toggleChatIsMarkedAsUnread', chat_id: budi.id, is_marked_as_unread: true });
		await seen('the mark', async () => (await chat(second, budi.id)).is_marked_as_unread);
		await second.call({ _: 'toggleChatIsMarkedAsUnread', chat_id: budi.id, is_marked_as_unread: false });
		await seen('no mark', async () => !(await chat(ayu, budi.id)).is_marked_as_unread);
	});
	await s.check('drafts, until they are sent', async () => {
		await draft(ayu, budi.id, 'half a tho');
		await seen('the draft', async () => (await draftText(second, budi.id)) === 'half a tho');
		await second.call({
			_: 'sendMessage', chat_id: budi.id,
			input_message_content: { ...textContent('half a thought'), clear_draft: true },
		});
		await seen('no draft', async () => (await chat(ayu, budi.id)).draft_message == null);
	});
	await s.check('folders', async () => {
		const { id } = await ayu.call({ _: 'createChatFolder', folder: folder('Friends', [budi.id]) });
		const list = { _: 'chatListFolder', chat_folder_id: id };
		await seen('the folder', async () => (await second.call({ _: 'getChatFolder', chat_folder_id: id })).name.text.text === 'Friends');
		await seen('who is in it', async () => (await listed(second, list)).includes(budi.id));
		await second.call({ _: 'editChatFolder', chat_folder_id: id, folder: folder('Pals', [citra.id]) });
		await seen('its new name', async () => (await ayu.call({ _: 'getChatFolder', chat_folder_id: id })).name.text.text === 'Pals');
		await ayu.call({ _: 'deleteChatFolder', chat_folder_id: id, leave_chat_ids: [] });
		await seen('it is gone', () => second.call({ _: 'getChatFolder', chat_folder_id: id }).then(() => false, () => true));
	});
	await s.check('all of it by a device that was away', async () => {
		let id;
		assert.ok(await second.reopenAfter(async () => {
			await ayu.call({ _: 'setPinnedChats', chat_list: MAIN, chat_ids: [] });
			await ayu.call({ _: 'addChatToList', chat_id: budi.id, chat_list: ARCHIVE });
			await ayu.call({ _: 'addChatToList', chat_id: citra.id, chat_list: MAIN });
			await ayu.call({ _: 'toggleChatIsMarkedAsUnread', chat_id: citra.id, is_marked_as_unread: true });
			await mute(ayu, citra.id, 10 * 366 * 86400);
			await draft(ayu, citra.id, 'later');
			({ id } = await ayu.call({ _: 'createChatFolder', folder: folder('Away', [citra.id]) }));
			await seen('all of it is done', async () => await place(ayu, budi.id, ARCHIVE));
		}));
		await second.online();
		for (const list of [MAIN, ARCHIVE]) await listed(second, list);
		await seen('the archive', async () => await place(second, budi.id, ARCHIVE));
		await seen('the list', async () => await place(second, citra.id, MAIN));
		await seen('the mark', async () => (await chat(second, citra.id)).is_marked_as_unread);
		await seen('silence', async () => (await chat(second, citra.id)).notification_settings.mute_for > 0);
		await seen('the draft', async () => (await draftText(second, citra.id)) === 'later');
		await seen('the folder', () => second.call({ _: 'getChatFolder', chat_folder_id: id }));
	});
	await s.check('a stranger begins in the archive, without a sound', async () => {
		const settings = await ayu.call({ _: 'getArchiveChatListSettings' });
		await ayu.call({
			_: 'setArchiveChatListSettings', settings: { ...settings, archive_and_mute_new_chats_from_unknown_users: true },
		});
		const dewi = await s.loggedIn(Tdlib);
		await dewi.findByPhone(ayu.phone);
		await dewi.send({ kind: 'user', id: ayu.id }, 'you have won');
		await seen('the chat in the archive', async () => await place(ayu, dewi.id, ARCHIVE));
		await seen('silence', async () => (await chat(ayu, dewi.id)).notification_settings.mute_for > 0);
	});
});
