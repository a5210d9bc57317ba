// SPDX-License-Identifier: Apache-2.0
// What a device of TDLib takes for the truth, as {key: text}, so that two devices of one account can be compared.
// Left out is what differs by nature: times that run down, what only the screen of one device knows.
import { PATIENCE_MS, sleep } from '../wait.mjs';

const CONTEXT = 60; // characters shown before a difference
const DAY_S = 86400;
const PRIVACY = ['ShowStatus', 'ShowProfilePhoto', 'ShowLinkInForwardedMessages', 'ShowPhoneNumber', 'ShowBio', 'ShowBirthdate',
	'AllowChatInvites', 'AllowCalls', 'AllowPeerToPeerCalls', 'AllowFindingByPhoneNumber', 'AllowPrivateVoiceAndVideoNoteMessages'];
const SCOPES = ['PrivateChats', 'GroupChats', 'ChannelChats'];
// The last: a device that reacted does not look at what the server says of it.
const OF_ONE_DEVICE = new Set(['expires_in', 'auto_delete_in', 'self_destruct_in', 'is_being_chosen', 'can_be_saved', 'can_get_added_reactions']);

// In a list of chats, what TDLib asks for page by page until there is no more.
export async function chatIds(device, list) {
	await device.call({ _: 'loadChats', chat_list: list, limit: 100 }).catch((error) => {
		if (error.code !== 404) throw error; // all are loaded
	});
	return (await device.call({ _: 'getChats', chat_list: list, limit: 100 })).chat_ids;
}

// Its chats in their order, [{id, is_pinned}].
export async function placesIn(device, list) {
	return Promise.all((await chatIds(device, list)).map(async (id) => {
		const { positions } = await device.call({ _: 'getChat', chat_id: id });
		const place = positions.find((position) => JSON.stringify(position.list) === JSON.stringify(list));
		return { id, is_pinned: place?.is_pinned ?? false };
	}));
}

// TDLib's own messages of a chat, the newest first.
export async function messagesOf(device, chat, limit = 200) {
	const messages = [];
	for (let from = 0; messages.length < limit;) {
		const part = await device.call({
			_: 'getChatHistory', chat_id: chat, from_message_id: from, offset: 0, limit: Math.min(100, limit - messages.length),
		});
		if (part.messages.length === 0) break;
		messages.push(...part.messages);
		from = part.messages.at(-1).id;
	}
	return messages;
}

// Where the default of its kind counts, what the chat itself has is left over from before.
function exceptions(settings) {
	return Object.fromEntries(Object.entries(settings).filter(([name]) => !settings[`use_default_${name.replace('_id', '')}`]));
}

const plain = (value) => JSON.stringify(value, (key, inner) => {
	if (OF_ONE_DEVICE.has(key)) return undefined;
	// Seconds that are left: as long as a year means for ever.
	if (key === 'mute_for') return inner > 300 * DAY_S ? 'for ever' : inner && 'for a while';
	return inner;
});

function messageText(message, chat) {
	const { is_outgoing: out, id, auto_delete_in: left } = message;
	const read = id <= (out ? chat.last_read_outbox_message_id : chat.last_read_inbox_message_id);
	// Nobody reads what is in Saved Messages.
	return plain({ ...message, read: read || message.topic_id?._ === 'messageTopicSavedMessages', will_go: left > 0 });
}

async function group(device, id, replica) {
	const basic = await device.call({ _: 'getBasicGroup', basic_group_id: id });
	replica[`group ${id}`] = plain(basic);
	if (/Banned|Left/.test(basic.status._)) return;
	const full = await device.call({ _: 'getBasicGroupFullInfo', basic_group_id: id });
	const members = full.members.map(plain).sort();
	replica[`members of group ${id}`] = plain({ about: full.description, creator: full.creator_user_id, members });
}

async function chat(device, id, replica) {
	const known = await device.call({ _: 'getChat', chat_id: id });
	for (const name of ['title', 'permissions', 'unread_mention_count', 'unread_reaction_count', 'is_marked_as_unread',
		'block_list', 'has_scheduled_messages', 'message_auto_delete_time', 'available_reactions', 'has_protected_content'])
		replica[`chat ${id} ${name}`] = plain(known[name] ?? null);
	replica[`chat ${id} notifications`] = plain(exceptions(known.notification_settings));
	// The device that wrote it has its own clock.
	replica[`chat ${id} draft`] = plain(known.draft_message ? { ...known.draft_message, date: 0 } : null);
	replica[`chat ${id} last message`] = String(known.last_message?.id);
	const messages = await messagesOf(device, id);
	replica[`chat ${id} messages`] = messages.map((message) => message.id / 2 ** 20).join(' ');
	// What the clock sent is news to its writer, too.
	const unread = messages.filter((message) => message.id > known.last_read_inbox_message_id &&
		(device.sentByClock.has(message.content.text?.text) || (!message.is_outgoing && id !== device.id)));
	replica[`chat ${id} unread, counted by TDLib and by sight`] = [known.unread_count, unread.length];
	for (const message of messages) replica[`chat ${id} message ${message.id / 2 ** 20}`] = messageText(message, known);
	if (known.type._ === 'chatTypeBasicGroup') await group(device, known.type.basic_group_id, replica);
}

async function lists(device, replica) {
	const all = new Set();
	const wanted = [['main', { _: 'chatListMain' }], ['archive', { _: 'chatListArchive' }]];
	for (const { id, name } of device.folders) {
		wanted.push([`folder ${id} ${name.text.text}`, { _: 'chatListFolder', chat_folder_id: id }]);
		replica[`folder ${id}`] = plain(await device.call({ _: 'getChatFolder', chat_folder_id: id }));
	}
	replica.folders = device.folders.map(({ id }) => id).join(' ');
	for (const [name, list] of wanted) {
		const places = await placesIn(device, list);
		replica[`list ${name}`] = places.map(({ id, is_pinned: pinned }) => `${id}${pinned ? ' pinned' : ''}`).join(', ');
		for (const { id } of places) all.add(id);
	}
	return all;
}

// What the server alone knows, by asking it: the same for each device of the account.
async function asked(device, replica) {
	const { sessions } = await device.call({ _: 'getActiveSessions' });
	replica.sessions = sessions.map(({ device_model: model, is_password_pending: pending }) => plain({ model, pending })).sort().join('\n');
	for (const [name, query] of Object.entries({
		blocked: { _: 'getBlockedMessageSenders', block_list: { _: 'blockListMain' }, offset: 0, limit: 50 },
		password: { _: 'getPasswordState' },
		timer: { _: 'getDefaultMessageAutoDeleteTime' },
		'archive settings': { _: 'getArchiveChatListSettings' },
		'read dates': { _: 'getReadDatePrivacySettings' },
		'life of the account': { _: 'getAccountTtl' },
	})) replica[name] = plain(await device.call(query));
}

export async function replicaOf(device, { deep = false } = {}) {
	const replica = {};
	const chats = await lists(device, replica);
	for (const id of chats) await chat(device, id, replica);
	const contacts = (await device.call({ _: 'getContacts' })).user_ids.sort();
	replica.contacts = contacts.join(' ');
	for (const id of new Set([device.id, ...contacts, ...[...chats].filter((each) => each > 0)])) {
		const { status, have_access: access, ...user } = await device.call({ _: 'getUser', user_id: id });
		replica[`user ${id}`] = plain(user);
	}
	const { bio, birthdate } = await device.call({ _: 'getUserFullInfo', user_id: device.id });
	replica['about oneself'] = plain({ bio, birthdate });
	for (const name of PRIVACY)
		replica[`privacy ${name}`] = plain(await device.call({ _: 'getUserPrivacySettingRules', setting: { _: `userPrivacySetting${name}` } }));
	for (const name of SCOPES)
		replica[`notifications ${name}`] = plain(await device.call({ _: 'getScopeNotificationSettings', scope: { _: `notificationSettingsScope${name}` } }));
	if (deep) await asked(device, replica);
	return replica;
}

// [{key, values}] of what is not the same everywhere; a list is of what must be the same within one device, too.
function differences(replicas) {
	const keys = new Set(replicas.flatMap((replica) => Object.keys(replica)));
	return [...keys].map((key) => ({ key, values: replicas.flatMap((replica) => replica[key] ?? 'nothing') }))
		.filter(({ values }) => values.some((value) => value !== values[0]));
}

// Without what is the same in the beginning of all, for a message may be long and the difference small.
function apart(values) {
	const texts = values.map(String);
	let same = 0;
	while (same < texts[0].length && texts.every((text) => text[same] === texts[0][same])) same++;
	const from = same > CONTEXT ? same - CONTEXT : 0;
	return texts.map((text) => (from ? `…${text.slice(from)}` : text));
}

// Waits until these devices of one account agree. What was said once of a difference is in `said`, and not said again.
export async function agree(devices, said, options) {
	const end = Date.now() + PATIENCE_MS;
	for (;;) {
		const replicas = await Promise.all(devices.map((device) => replicaOf(device, options)));
		const left = differences(replicas).filter(({ key }) => !said.has(key));
		if (left.length === 0) return;
		if (Date.now() < end) {
			await sleep(200);
			continue;
		}
		for (const { key } of left) said.add(key);
		throw new Error(left.map(({ key, values }) => `${key}:\n${apart(values).map((value) => `    ${value}`).join('\n')}`).join('\n'));
	}
}
