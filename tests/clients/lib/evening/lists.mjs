// SPDX-License-Identifier: Apache-2.0
// The list of chats: pins and their order, the archive, folders, what is muted.
import { strict as assert } from 'node:assert';
import { words } from '../pairs.mjs';
import { privacy } from './account.mjs';
import { formatted, messagesOf, post, readAll, user } from './people.mjs';
import { chatIds, placesIn } from './replica.mjs';

const MAIN = { _: 'chatListMain' };
const ARCHIVE = { _: 'chatListArchive' };
const FOREVER = 366 * 86400 + 1;
const GROUPS = { _: 'notificationSettingsScopeGroupChats' };
const folder = (name, more) => ({
	_: 'chatFolder', name: { _: 'chatFolderName', text: formatted(name), animate_custom_emoji: false }, icon: { _: 'chatFolderIcon', name: 'Work' },
	color_id: -1, pinned_chat_ids: [], included_chat_ids: [], excluded_chat_ids: [], ...more,
});
const muted = (mute_for) => ({
	_: 'chatNotificationSettings', use_default_mute_for: mute_for === null, mute_for: mute_for ?? 0, use_default_sound: true, use_default_show_preview: true,
	use_default_mute_stories: true, use_default_story_sound: true, use_default_show_story_poster: true,
	use_default_disable_pinned_message_notifications: true, use_default_disable_mention_notifications: true,
});

const kind = (mute_for) => ({
	_: 'setScopeNotificationSettings', scope: GROUPS, notification_settings: {
		_: 'scopeNotificationSettings', mute_for, sound_id: '-1', show_preview: false, use_default_mute_stories: true, mute_stories: false,
		story_sound_id: '-1', show_story_poster: true, disable_pinned_message_notifications: false, disable_mention_notifications: false,
	},
});

export async function lists(e) {
	const { anna, budi, citra } = e;
	const inList = (list, ids, what) => anna.sees(what, async (device) => (await chatIds(device, list)).slice(0, ids.length).join() === ids.join());
	// A chat with a new message may stand where a pin would put it.
	const pinned = (ids, what) => anna.sees(what, async (device) => {
		const places = await placesIn(device, MAIN);
		return places.filter(({ is_pinned: is }) => is).map(({ id }) => id).join() === ids.join();
	});
	const holds = (list, id, is = true) => anna.sees(`${is ? 'in' : 'not in'} ${list._}`, async (device) => (await chatIds(device, list)).includes(id) === is);
	await e.step('chats are pinned and put in order', async () => {
		for (const chat_id of [budi.id, e.group]) await anna.call({ _: 'toggleChatIsPinned', chat_list: MAIN, chat_id, is_pinned: true });
		await pinned([e.group, budi.id], 'two pins');
		await anna.second.call({ _: 'setPinnedChats', chat_list: MAIN, chat_ids: [budi.id, e.group] });
		await pinned([budi.id, e.group], 'their order');
		await e.agree();
		await anna.call({ _: 'toggleChatIsPinned', chat_list: MAIN, chat_id: e.group, is_pinned: false });
		await anna.call({ _: 'toggleChatIsPinned', chat_list: MAIN, chat_id: budi.id, is_pinned: false });
		await pinned([], 'no pins');
	});
	await e.step('a muted chat stays in the archive, another leaves it with a new message', async () => {
		for (const chat_id of [citra.id, e.group]) await anna.call({ _: 'addChatToList', chat_id, chat_list: ARCHIVE });
		await holds(ARCHIVE, e.group);
		await holds(ARCHIVE, citra.id);
		await anna.second.call({ _: 'setChatNotificationSettings', chat_id: e.group, notification_settings: muted(FOREVER) });
		await anna.chat(e.group, 'silence', (chat) => chat.notification_settings.mute_for > FOREVER / 2 && !chat.notification_settings.use_default_mute_for);
		await e.agree();
		const [quiet, loud] = [words('to the archive'), words('out of the archive')];
		await post(citra.first, e.group, quiet);
		await post(citra.first, anna.id, loud);
		await anna.has(e.group, quiet);
		await anna.has(citra.id, loud);
		await holds(MAIN, citra.id);
		await holds(ARCHIVE, e.group);
		await e.agree();
		await anna.call({ _: 'addChatToList', chat_id: e.group, chat_list: MAIN });
		await holds(MAIN, e.group);
		await readAll(anna.second, e.group);
	});
	await e.step('what is muted, by chat and by kind', async () => {
		await anna.call({ _: 'setChatNotificationSettings', chat_id: budi.id, notification_settings: muted(3600) });
		await anna.chat(budi.id, 'silence for an hour', (chat) => Math.abs(chat.notification_settings.mute_for - 3600) < 60);
		await anna.second.call({ _: 'setChatNotificationSettings', chat_id: budi.id, notification_settings: muted(null) });
		await anna.chat(budi.id, 'no exception', (chat) => chat.notification_settings.use_default_mute_for);
		await anna.call(kind(FOREVER));
		await anna.sees('the kind is muted', async (device) => {
			const now = await device.call({ _: 'getScopeNotificationSettings', scope: GROUPS });
			return now.mute_for > FOREVER / 2 && !now.show_preview;
		});
		const { chat_ids: exceptions } = await anna.call({ _: 'getChatNotificationSettingsExceptions', compare_sound: false });
		assert.deepEqual(exceptions, [e.group]);
		await anna.call({ _: 'resetAllNotificationSettings' });
		await anna.chat(e.group, 'no exception', (chat) => chat.notification_settings.use_default_mute_for);
		await anna.sees('the kind is heard', async (device) => (await device.call({ _: 'getScopeNotificationSettings', scope: GROUPS })).mute_for === 0);
	});
	await e.step('folders are made, changed, put in order and removed', async () => {
		const named = (name) => (device) => device.folders.find((each) => each.name.text.text === name);
		const { id: people } = await anna.call({ _: 'createChatFolder', folder: folder('People', { include_contacts: true, excluded_chat_ids: [citra.id], pinned_chat_ids: [budi.id] }) });
		const { id: groups } = await anna.call({ _: 'createChatFolder', folder: folder('Groups', { include_groups: true, exclude_muted: true }) });
		await anna.sees('both', (device) => named('People')(device) && named('Groups')(device));
		const listOf = (chat_folder_id) => ({ _: 'chatListFolder', chat_folder_id });
		await inList(listOf(people), [budi.id], 'who is in it');
		await inList(listOf(groups), [e.group], 'the group');
		await e.agree();
		await anna.second.call({ _: 'editChatFolder', chat_folder_id: groups, folder: folder('All groups', { include_groups: true, included_chat_ids: [citra.id] }) });
		await anna.sees('the change', named('All groups'));
		await holds(listOf(groups), citra.id);
		await anna.call({ _: 'reorderChatFolders', chat_folder_ids: [groups, people], main_chat_list_position: 0 });
		await anna.sees('the order', (device) => device.folders.map(({ id }) => id).join() === [groups, people].join());
		await e.agree();
		await anna.call({ _: 'deleteChatFolder', chat_folder_id: people, leave_chat_ids: [] });
		await anna.sees('one folder', (device) => device.folders.length === 1);
	});
}

// All that changes without being a message, while a device is away: it must ask for it by itself.
export async function meanwhile(e) {
	const { anna, budi, citra } = e;
	await e.step('much changes while a device is away', async () => {
		const [{ id: message_id }] = await budi.has(anna.id, e.first);
		await budi.call({
			_: 'setChatDraftMessage', chat_id: anna.id,
			draft_message: { _: 'draftMessage', date: 0, content: { _: 'draftMessageContentText', text: formatted(words('half a thought')) } },
		});
		await budi.call({ _: 'toggleChatIsPinned', chat_list: MAIN, chat_id: anna.id, is_pinned: true });
		await budi.call({ _: 'addChatToList', chat_id: e.group, chat_list: ARCHIVE });
		await budi.call({ _: 'setChatNotificationSettings', chat_id: e.group, notification_settings: muted(FOREVER) });
		await budi.call(kind(FOREVER));
		for (const chat_id of [anna.id, e.group]) await budi.call({ _: 'toggleChatIsMarkedAsUnread', chat_id, is_marked_as_unread: true });
		await budi.call({ _: 'createChatFolder', folder: folder('Friends', { include_contacts: true }) });
		await budi.call({ _: 'setName', first_name: 'Budi', last_name: 'Santoso' });
		await budi.call({ _: 'setUsername', username: `budi_santoso_${process.pid}` });
		await budi.call(privacy('ShowBio', { _: 'userPrivacySettingRuleAllowContacts' }, { _: 'userPrivacySettingRuleRestrictAll' }));
		await budi.call({ _: 'createPrivateChat', user_id: citra.id, force: false });
		await budi.call({ _: 'addContact', user_id: citra.id, contact: { _: 'importedContact', phone_number: '', first_name: 'Citra', last_name: 'Dewi' }, share_phone_number: true });
		await budi.call({ _: 'setMessageSenderBlockList', sender_id: user(citra.id), block_list: { _: 'blockListMain' } });
		await budi.call({ _: 'addMessageReaction', chat_id: anna.id, message_id, reaction_type: { _: 'reactionTypeEmoji', emoji: '❤' } });
		await budi.call({ _: 'pinChatMessage', chat_id: anna.id, message_id, disable_notification: true, only_for_self: false });
		await budi.call({ _: 'setChatMessageAutoDeleteTime', chat_id: anna.id, message_auto_delete_time: 86400 });
		await budi.call({ _: 'setChatMessageAutoDeleteTime', chat_id: anna.id, message_auto_delete_time: 0 });
		const [{ id: before }] = await messagesOf(anna.first, budi.id, 1);
		const [edited, gone] = [words('changed while away'), words('gone while away')];
		const { id } = await post(anna.first, budi.id, words('as it was'));
		await anna.call({ _: 'editMessageText', chat_id: budi.id, message_id: id, input_message_content: { _: 'inputMessageText', text: formatted(edited) } });
		const { id: lost } = await post(anna.first, budi.id, gone);
		await budi.has(anna.id, gone);
		await anna.call({ _: 'deleteMessages', chat_id: budi.id, message_ids: [before, lost], revoke: true });
		await budi.has(anna.id, edited);
		await readAll(budi.first, anna.id);
	});
}
