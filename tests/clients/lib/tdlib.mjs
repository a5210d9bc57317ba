// SPDX-License-Identifier: Apache-2.0
// TDLib (layer 227) behind the small interface of lib/README.md. One process can load one re-keyed copy.
import tdl from 'tdl';
import { join } from 'node:path';
import { Device } from './device.mjs';
import { rekeyedCopy, tdlibPath } from './rekey.mjs';
import { PATIENCE_MS, waitFor, within } from './wait.mjs';

const ID_SHIFT = 20; // TDLib keeps server ids in the upper bits of its own
const CHANNEL_BASE = 1000000000000;
const SECRET_BASE = 2000000000000; // less or more by the 32 bits of the chat's number
const INT_SPAN = 2 ** 31;

let loaded = null;

function load(server) {
	const path = rekeyedCopy(tdlibPath(), server);
	if (loaded && loaded !== path) throw new Error('this process already loaded TDLib for another server');
	if (!loaded) tdl.configure({ tdjson: path, verbosityLevel: Number(process.env.TDLIB_LOG ?? 0), receiveTimeout: 1 });
	loaded = path;
}

const chatOf = ({ kind, id }) => ({ channel: -(CHANNEL_BASE + id), group: -id, secret: id - SECRET_BASE }[kind] ?? id);

function peerOf(chatId) {
	if (chatId > 0) return { kind: 'user', id: chatId };
	if (chatId < INT_SPAN - SECRET_BASE) return { kind: 'secret', id: chatId + SECRET_BASE };
	return chatId < -CHANNEL_BASE ? { kind: 'channel', id: -chatId - CHANNEL_BASE } : { kind: 'group', id: -chatId };
}

// Provisional ids are only unique within a chat.
const draftOf = (chat, id) => `${chat} ${id}`;

const ENTITY_NAMES = {
	textEntityTypeBold: 'bold', textEntityTypeItalic: 'italic', textEntityTypeCode: 'code', textEntityTypeUrl: 'url',
	textEntityTypeTextUrl: 'text_url', textEntityTypeMention: 'mention', textEntityTypeHashtag: 'hashtag',
};

function entityToTdlib({ type, offset, length, url }) {
	const kinds = { bold: 'textEntityTypeBold', italic: 'textEntityTypeItalic', text_url: 'textEntityTypeTextUrl' };
	return { _: 'textEntity', offset, length, type: { _: kinds[type], ...(url ? { url } : {}) } };
}

export function textContent(text, entities = []) {
	return { _: 'inputMessageText', text: { _: 'formattedText', text, entities: entities.map(entityToTdlib) } };
}

function messageOf(message) {
	const formatted = message.content._ === 'messageText' ? message.content.text : null;
	return {
		id: message.id / 2 ** ID_SHIFT,
		peer: peerOf(message.chat_id),
		out: message.is_outgoing,
		text: formatted?.text ?? `<${message.content._}>`,
		entities: (formatted?.entities ?? []).map((e) => ({
			type: ENTITY_NAMES[e.type._] ?? e.type._, offset: e.offset, length: e.length, ...(e.type.url ? { url: e.type.url } : {}),
		})),
		edited: message.edit_date > 0,
	};
}

export class Tdlib extends Device {
	static label = 'TDLib';
	static hearsAll = true; // what came while it was away, it asks for by itself

	constructor(server, { phone, name, state, pfs = false, testDc = false, secret = null, device = 'Lontar test' }) {
		super(server, { phone, name, state });
		Object.assign(this, { pfs, testDc, secret, device });
		this.notices = []; // what the service says at once, outside any chat
		this.sends = new Map();
		this.heard = new Map(); // messages, and how they were told
		this.chats = new Map();
		this.groups = new Map();
		this.secretChats = new Map(); // by number, as TDLib tells them
	}

	// Opens the saved state, if any; answers true when that state is logged in.
	async open() {
		load(this.server);
		this.authorization = null;
		this.connected = false;
		this.openedS = Math.floor(Date.now() / 1000) - 1;
		this.client = tdl.createClient({
			apiId: 12345, apiHash: '0123456789abcdef0123456789abcdef',
			databaseDirectory: join(this.state, 'db'), filesDirectory: join(this.state, 'files'), skipOldUpdates: false, useTestDc: this.testDc,
			tdlibParameters: { use_secret_chats: true, use_message_database: true, device_model: this.device },
		});
		this.errors = [];
		this.client.on('error', (error) => this.errors.push(error));
		this.client.on('update', (update) => this.#update(update));
		if (this.pfs)
			await this.call({ _: 'setOption', name: 'use_pfs', value: { _: 'optionValueBoolean', value: true } });
		if (this.secret) {
			const type = { _: 'proxyTypeMtproto', secret: this.secret };
			await this.call({ _: 'addProxy', proxy: { _: 'proxy', server: '127.0.0.1', port: this.server.clientPort, type }, enable: true });
		}
		await waitFor('the first authorization state', () => /WaitPhoneNumber|Ready/.test(this.authorization ?? ''));
		return this.authorization === 'authorizationStateReady';
	}

	// What an answer in the same packet holds too, TDLib takes from there, and tells as the last message of its chat alone.
	#last(message) {
		if (!message || message.is_outgoing || message.sending_state || message.date < this.openedS) return;
		if (this.heard.has(draftOf(message.chat_id, message.id))) return;
		this.heard.set(draftOf(message.chat_id, message.id), 'as the last');
		this.inbox.push({ what: 'message', ...messageOf(message) });
	}

	#update(update) {
		const handler = {
			updateAuthorizationState: () => { this.authorization = update.authorization_state._; this.authorizationState = update.authorization_state; },
			updateServiceNotification: () => this.notices.push(update.content.text.text),
			updateConnectionState: () => { this.connection = update.state._; this.connected = this.connection === 'connectionStateReady'; },
			updateNewChat: () => this.chats.set(update.chat.id, update.chat),
			updateSupergroup: () => this.groups.set(update.supergroup.id, update.supergroup),
			updateSecretChat: () => this.secretChats.set(update.secret_chat.id, update.secret_chat),
			updateDeleteMessages: () => {
				if (update.is_permanent) this.inbox.push({ what: 'deletion', peer: peerOf(update.chat_id), count: update.message_ids.length });
			},
			updateNewMessage: () => {
				const message = messageOf(update.message), key = draftOf(update.message.chat_id, update.message.id);
				// A message on its way has a provisional id; what was sent is told again when it has its own.
				if (update.message.sending_state || this.heard.get(key) === 'as the last') return;
				this.heard.set(key, 'as new');
				this.inbox.push({ what: 'message', ...message });
			},
			updateChatLastMessage: () => this.#last(update.last_message),
			updateMessageSendSucceeded: () => {
				this.sends.set(draftOf(update.message.chat_id, update.old_message_id), { message: messageOf(update.message), raw: update.message });
				this.onAcknowledged?.(messageOf(update.message));
			},
			updateMessageSendFailed: () => this.sends.set(draftOf(update.message.chat_id, update.old_message_id), { error: update.error }),
			updateMessageContent: () => this.inbox.push({
				what: 'edit', peer: peerOf(update.chat_id), id: update.message_id / 2 ** ID_SHIFT,
				text: update.new_content.text?.text ?? `<${update.new_content._}>`,
			}),
			updateChatReadOutbox: () => this.inbox.push({
				what: 'read', peer: peerOf(update.chat_id), maxId: update.last_read_outbox_message_id / 2 ** ID_SHIFT,
			}),
			updateChatReadInbox: () => this.inbox.push({
				what: 'own read', peer: peerOf(update.chat_id), maxId: update.last_read_inbox_message_id / 2 ** ID_SHIFT,
				unread: update.unread_count,
			}),
			updateChatAction: () => {
				if (update.action._ === 'chatActionTyping') this.inbox.push({ what: 'typing', peer: peerOf(update.chat_id) });
			},
		}[update._];
		handler?.();
	}

	circumstances() {
		return `${this.name}, TDLib: ${this.authorization}, ${this.connection}, errors: ${this.errors.map(({ message }) => message).join('; ') || 'none'}`;
	}

	call(query, ms = PATIENCE_MS) {
		return within(ms, `TDLib's ${query._}`, this.client.invoke(query)).catch((error) => {
			throw Object.assign(new Error(`${query._}: ${error.message}`), { code: error.code });
		});
	}

	// Also says so: TDLib sends "typing" only to people whom it knows to be there.
	async online() {
		await waitFor('TDLib to be connected', () => this.connected);
		await this.call({ _: 'setOption', name: 'online', value: { _: 'optionValueBoolean', value: true } });
	}

	#state(pattern) {
		return waitFor(() => `authorization state ${pattern} (is ${this.authorization})`, () => pattern.test(this.authorization ?? ''));
	}

	async requestCode() {
		await this.#state(/WaitPhoneNumber/);
		await this.call({ _: 'setAuthenticationPhoneNumber', phone_number: this.phone });
		await this.#state(/WaitCode/);
	}

	enterCode(code) {
		return this.call({ _: 'checkAuthenticationCode', code });
	}

	// Logs in, signs up where the number is new. {id, isNew}
	async login(takeCode = () => this.server.code(this.phone)) {
		await this.requestCode();
		await this.enterCode(await takeCode());
		await this.#state(/WaitRegistration|Ready/);
		const isNew = this.authorization === 'authorizationStateWaitRegistration';
		if (isNew) {
			await this.call({ _: 'registerUser', first_name: this.name, last_name: '', disable_notification: true });
			await this.#state(/Ready/);
		}
		await this.online();
		this.id = (await this.call({ _: 'getMe' })).id;
		return { id: this.id, isNew };
	}

	async loginAsBot(token) {
		await this.#state(/WaitPhoneNumber/);
		await this.call({ _: 'checkAuthenticationBotToken', token });
		await this.#state(/Ready/);
		this.id = (await this.call({ _: 'getMe' })).id;
	}

	async me() {
		const me = await this.call({ _: 'getMe' });
		return { id: me.id, name: me.first_name };
	}

	async addContact(phone, name) {
		const answer = await this.call({
			_: 'importContacts',
			contacts: [{ _: 'importedContact', phone_number: phone, first_name: name, last_name: '' }],
		});
		if (!answer.user_ids[0]) throw new Error('nobody has this number');
		return this.#private(answer.user_ids[0]);
	}

	async findByPhone(phone) {
		return this.#private((await this.call({ _: 'searchUserByPhoneNumber', phone_number: phone })).id);
	}

	async #private(id) {
		await this.call({ _: 'createPrivateChat', user_id: id, force: false });
		return { kind: 'user', id };
	}

	async contacts() {
		return (await this.call({ _: 'getContacts' })).user_ids;
	}

	// Answers when the server has acknowledged.
	async send(peer, text, entities) {
		const draft = await this.sendLater(peer, text, entities);
		return this.sent(draft);
	}

	// Hands the message over, without waiting for the server; sent() waits.
	async sendLater(peer, text, entities) {
		const { id } = await this.call({ _: 'sendMessage', chat_id: chatOf(peer), input_message_content: textContent(text, entities) });
		return draftOf(chatOf(peer), id);
	}

	async sent(draft, ms) {
		return (await this.#end(draft, ms)).message;
	}

	async #end(draft, ms) {
		const end = await waitFor('the acknowledgement of a message', () => this.sends.get(draft), ms);
		if (end.error) throw Object.assign(new Error(`send: ${end.error.message}`), { code: end.error.code });
		return end;
	}

	// Any query that sends one message or several: TDLib's own objects, as the server acknowledged them.
	async post(query) {
		const answer = await this.call(query);
		const waiting = (answer.messages ?? [answer]).map((message) => this.#end(draftOf(message.chat_id, message.id)));
		return (await Promise.all(waiting)).map(({ raw }) => raw);
	}

	async edit(peer, id, text) {
		await this.call({
			_: 'editMessageText', chat_id: chatOf(peer), message_id: id * 2 ** ID_SHIFT, input_message_content: textContent(text),
		});
	}

	// The newest first, from the server unless `local`.
	async history(peer, limit = 100) {
		const messages = [];
		for (let from = 0; messages.length < limit;) {
			const part = await this.call({
				_: 'getChatHistory', chat_id: chatOf(peer), from_message_id: from, offset: 0, limit: Math.min(100, limit - messages.length),
			});
			if (part.messages.length === 0) break;
			messages.push(...part.messages);
			from = part.messages.at(-1).id;
		}
		return messages.map(messageOf);
	}

	async read(peer) {
		const [last] = await this.history(peer, 1);
		await this.call({ _: 'openChat', chat_id: chatOf(peer) });
		await this.call({
			_: 'viewMessages', chat_id: chatOf(peer), message_ids: [last.id * 2 ** ID_SHIFT], force_read: true,
			source: { _: 'messageSourceChatHistory' },
		});
		await this.call({ _: 'closeChat', chat_id: chatOf(peer) });
	}

	async type(peer) {
		await this.call({ _: 'openChat', chat_id: chatOf(peer) });
		await this.call({ _: 'sendChatAction', chat_id: chatOf(peer), action: { _: 'chatActionTyping' } });
	}

	// [{peer, unread, top}]
	async dialogs() {
		await this.call({ _: 'loadChats', chat_list: { _: 'chatListMain' }, limit: 50 }).catch((error) => {
			if (error.code !== 404) throw error; // all are loaded
		});
		const ids = (await this.call({ _: 'getChats', chat_list: { _: 'chatListMain' }, limit: 50 })).chat_ids;
		return Promise.all(ids.map(async (id) => {
			const chat = await this.call({ _: 'getChat', chat_id: id });
			return {
				peer: peerOf(id), title: chat.title, unread: chat.unread_count,
				top: chat.last_message ? messageOf(chat.last_message).text : null,
				readOut: chat.last_read_outbox_message_id / 2 ** ID_SHIFT,
			};
		}));
	}

	// The chat is there when the other's device has accepted.
	async secretChat(userId) {
		const { type } = await this.call({ _: 'createNewSecretChat', user_id: userId });
		return { kind: 'secret', id: type.secret_chat_id };
	}

	async secretState({ id }, state) {
		return waitFor(() => `a secret chat to be ${state} at ${this.name} (is ${this.secretChats.get(id)?.state._})`,
			() => this.secretChats.get(id)?.state._ === `secretChatState${state}` && this.secretChats.get(id));
	}

	async createChannel(title, about) {
		const chat = await this.call({ _: 'createNewSupergroupChat', title, description: about, is_channel: true });
		return peerOf(chat.id);
	}

	async setUsername(channel, username) {
		await this.call({ _: 'setSupergroupUsername', supergroup_id: channel.id, username });
	}

	async find(username) {
		return peerOf((await this.call({ _: 'searchPublicChat', username })).id);
	}

	async join(username) {
		const channel = await this.find(username);
		await this.call({ _: 'joinChat', chat_id: chatOf(channel) });
		return channel;
	}

	async leave(channel) {
		await this.call({ _: 'leaveChat', chat_id: chatOf(channel) });
	}

	async memberCount(channel) {
		return (await this.call({ _: 'getSupergroupFullInfo', supergroup_id: channel.id })).member_count;
	}

	// What TDLib shows of a restriction, '' if nothing.
	async restriction(channel) {
		return this.groups.get(channel.id)?.restriction_info?.restriction_reason ?? '';
	}

	// Whether TDLib warns of what it shows.
	async sensitive(channel) {
		return this.groups.get(channel.id)?.restriction_info?.has_sensitive_content ?? false;
	}

	async logout() {
		await this.call({ _: 'logOut' });
		await this.#state(/Closed/);
	}

	async close() {
		if (this.client && !this.client.isClosed()) await within(PATIENCE_MS, 'TDLib to close', this.client.close());
	}

	async reopenAfter(meanwhile) {
		const ready = await super.reopenAfter(meanwhile);
		if (ready) await this.online();
		return ready;
	}
}
