// SPDX-License-Identifier: Apache-2.0
// TDLib (layer 227) behind the small interface of lib/README.md. One process can load one re-keyed copy.
import tdl from 'tdl';
import { join } from 'node:path';
import { within, Inbox, waitFor } from './wait.mjs';
import { rekeyedCopy, tdlibPath } from './rekey.mjs';

const CALL_MS = 15000;
const ID_SHIFT = 20; // TDLib keeps server ids in the upper bits of its own
const CHANNEL_BASE = 1000000000000;

let loaded = null;

function load(server) {
	const path = rekeyedCopy(tdlibPath(), server);
	if (loaded && loaded !== path) throw new Error('this process already loaded TDLib for another server');
	if (!loaded) tdl.configure({ tdjson: path, verbosityLevel: Number(process.env.TDLIB_LOG ?? 0), receiveTimeout: 1 });
	loaded = path;
}

const chatOf = (peer) => (peer.kind === 'channel' ? -(CHANNEL_BASE + peer.id) : peer.id);

function peerOf(chatId) {
	return chatId < 0 ? { kind: 'channel', id: -chatId - CHANNEL_BASE } : { kind: 'user', id: chatId };
}

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

export class Tdlib {
	static label = 'TDLib';
	static hearsAll = true; // what came while it was away, it asks for by itself

	constructor(server, { phone, name, state, pfs = false, testDc = false, secret = null, device = 'Lontar test' }) {
		Object.assign(this, { server, phone, name, state, pfs, testDc, secret, device });
		this.inbox = new Inbox(); // {what: 'message'|'edit'|'read'|'typing'|…}
		this.sends = new Map();
		this.chats = new Map();
		this.groups = new Map();
	}

	// Opens the saved state, if any; answers true when that state is logged in.
	async open() {
		load(this.server);
		this.authorization = null;
		this.connected = false;
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
			await this.call({ _: 'addProxy', proxy: { _: 'proxy', server: '127.0.0.1', port: this.server.port, type }, enable: true });
		}
		await waitFor('the first authorization state', () => /WaitPhoneNumber|Ready/.test(this.authorization ?? ''), CALL_MS);
		return this.authorization === 'authorizationStateReady';
	}

	#update(update) {
		const handler = {
			updateAuthorizationState: () => { this.authorization = update.authorization_state._; this.authorizationState = update.authorization_state; },
			updateConnectionState: () => { this.connected = update.state._ === 'connectionStateReady'; },
			updateNewChat: () => this.chats.set(update.chat.id, update.chat),
			updateSupergroup: () => this.groups.set(update.supergroup.id, update.supergroup),
			updateNewMessage: () => {
				const message = messageOf(update.message);
				// A message on its way has a provisional id; what was sent is told again when it has its own.
				if (!update.message.sending_state) this.inbox.push({ what: 'message', ...message });
			},
			updateMessageSendSucceeded: () => {
				this.sends.set(update.old_message_id, { message: messageOf(update.message) });
				this.onAcknowledged?.(messageOf(update.message));
			},
			updateMessageSendFailed: () => this.sends.set(update.old_message_id, { error: update.error }),
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

	call(query, ms = CALL_MS) {
		return within(ms, `TDLib's ${query._}`, this.client.invoke(query)).catch((error) => {
			throw Object.assign(new Error(`${query._}: ${error.message}`), { code: error.code });
		});
	}

	// Also says so: TDLib sends "typing" only to people whom it knows to be there.
	async online() {
		await waitFor('TDLib to be connected', () => this.connected, 30000);
		await this.call({ _: 'setOption', name: 'online', value: { _: 'optionValueBoolean', value: true } });
	}

	#state(pattern) {
		return waitFor(`authorization state ${pattern} (is ${this.authorization})`, () => pattern.test(this.authorization ?? ''), 20000);
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
		return (await this.call({
			_: 'sendMessage', chat_id: chatOf(peer), input_message_content: textContent(text, entities),
		})).id;
	}

	async sent(draft, ms = 20000) {
		const end = await waitFor('the acknowledgement of a message', () => this.sends.get(draft), ms);
		if (end.error) throw Object.assign(new Error(`send: ${end.error.message}`), { code: end.error.code });
		return end.message;
	}

	async edit(peer, id, text) {
		await this.call({
			_: 'editMessageText', chat_id: chatOf(peer), message_id: id * 2 ** ID_SHIFT, input_message_content: textContent(text),
		});
	}

	incoming(text, ms) {
		return this.inbox.wait(`the message "${text}" at ${this.name}`, (e) => e.what === 'message' && !e.out && e.text === text, ms);
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

	wasRead(peer, id, ms) {
		return this.inbox.wait(`a read mark at ${this.name}`, (e) => e.what === 'read' && e.peer.id === peer.id && e.maxId >= id, ms);
	}

	async type(peer) {
		await this.call({ _: 'openChat', chat_id: chatOf(peer) });
		await this.call({ _: 'sendChatAction', chat_id: chatOf(peer), action: { _: 'chatActionTyping' } });
	}

	typing(peer, ms) {
		return this.inbox.wait(`typing at ${this.name}`, (e) => e.what === 'typing' && e.peer.id === peer.id, ms);
	}

	edited(text, ms) {
		return this.inbox.wait(`the edit "${text}" at ${this.name}`, (e) => e.what === 'edit' && e.text === text, ms);
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

	async logout() {
		await this.call({ _: 'logOut' });
		await this.#state(/Closed/);
	}

	async close() {
		if (this.client && !this.client.isClosed()) await within(20000, 'TDLib to close', this.client.close());
	}

	// Ends, lets `meanwhile` happen and opens again with what was saved; true when still logged in.
	async reopenAfter(meanwhile) {
		await this.close();
		await meanwhile();
		const ready = await this.open();
		if (ready) await this.online();
		return ready;
	}

	reopen() {
		return this.reopenAfter(() => {});
	}
}
