// SPDX-License-Identifier: Apache-2.0
// mtcute behind the small interface of lib/README.md: in Node over TCP (layer 227), and its build for
// browsers over WebSocket (layer 221; lib/mtcute_web.mjs has what that one needs).
import { readFileSync, writeFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { MemoryStorage, TelegramClient } from '@mtcute/node';
import { NodeCryptoProvider } from '@mtcute/node/utils.js';
import { addPublicKey } from '@mtcute/core/utils.js';
import { Device } from './device.mjs';
import { PATIENCE_MS, waitFor, within } from './wait.mjs';

const CHANNEL_BASE = 1000000000000;

// What it tells its program while there is no connection; it goes on by itself. After a -404 for a temporary
// key it sends what waited for that key once more, and takes 5 s to forgive itself. It forgets zeroes at the
// head of a key: one in 256 does not fit, and it makes another.
const WITHOUT_CONNECTION = /ECONNREFUSED|ECONNRESET|socket hang up|Connection closed|Request timed out|Step 4: invalid nonce hash/;

const chatOf = (peer) => (peer.kind === 'channel' ? -(CHANNEL_BASE + peer.id) : peer.id);
const peerOf = (id) => (id < 0 ? { kind: 'channel', id: -id - CHANNEL_BASE } : { kind: 'user', id });

const ENTITIES = { bold: 'messageEntityBold', italic: 'messageEntityItalic', text_url: 'messageEntityTextUrl' };

function inputText(text, entities = []) {
	return {
		text, entities: entities.map(({ type, ...rest }) => ({ _: ENTITIES[type], ...rest })),
	};
}

function messageOf(message) {
	return {
		id: message.id, peer: peerOf(message.chat.id), out: message.isOutgoing, text: message.text,
		entities: (message.entities ?? []).map((e) => ({
			type: e.kind, offset: e.offset, length: e.length, ...(e.is('text_link') ? { type: 'text_url', url: e.params.url } : {}),
		})),
		edited: message.editDate !== null,
	};
}

export class Mtcute extends Device {
	static label = 'mtcute';
	static hearsAll = true;

	constructor(server, { phone, name, state, pfs = false }) {
		super(server, { phone, name, state });
		Object.assign(this, { pfs });
		this.errors = [];
		this.storage = this.newStorage();
		this.known = false;
	}

	// Catching up begins in the background: at a first login it would take what comes meanwhile for old.
	get updates() {
		return { catchUp: this.known };
	}

	newStorage() {
		return new MemoryStorage();
	}

	async clientParams() {
		const crypto = new NodeCryptoProvider();
		await crypto.initialize?.();
		addPublicKey(crypto, readFileSync(this.server.pem, 'utf8'));
		const dc = { ipAddress: '127.0.0.1', port: this.server.clientPort, id: 2 };
		return {
			apiId: 12345, apiHash: '0123456789abcdef0123456789abcdef', storage: this.storage, crypto,
			defaultDcs: { main: dc, media: dc }, network: { usePfs: this.pfs }, logLevel: Number(process.env.MTCUTE_LOG ?? 0),
			updates: this.updates,
		};
	}

	async makeClient() {
		return new TelegramClient(await this.clientParams());
	}

	get saved() {
		return join(this.state, 'session');
	}

	// Opens the saved session, if any; true when it is logged in.
	async open() {
		this.client = await this.makeClient();
		this.client.onError.add((error) => {
			if (!WITHOUT_CONNECTION.test(error)) this.errors.push(String(error));
		});
		this.client.onNewMessage.add((message) => this.inbox.push({ what: 'message', ...messageOf(message) }));
		this.client.onEditMessage.add((message) => this.inbox.push({ what: 'edit', ...messageOf(message) }));
		this.client.onUserTyping.add((update) => this.inbox.push({ what: 'typing', peer: peerOf(update.chatId) }));
		this.client.onHistoryRead.add((update) => this.inbox.push({
			what: update.isOutbox ? 'read' : 'own read', peer: peerOf(update.chatId), maxId: update.maxReadId, unread: update.unreadCount,
		}));
		if (existsSync(this.saved)) {
			await this.client.importSession(readFileSync(this.saved, 'utf8'), true);
			rmSync(this.saved);
			this.known = true;
		}
		await this.#call('connect', this.client.connect());
		if (!this.known) return false;
		this.id = (await this.#call('getMe', this.client.getMe())).id;
		await this.#call('startUpdatesLoop', this.client.startUpdatesLoop());
		return true;
	}

	#call(what, promise, ms = PATIENCE_MS) {
		return within(ms, `mtcute's ${what}`, promise).catch((error) => {
			throw Object.assign(new Error(`${what}: ${error.text ?? error.message}`), { code: error.code });
		});
	}

	raw(request) {
		return this.#call(request._, this.client.call(request));
	}

	async requestCode() {
		this.sentCode = await this.#call('sendCode', this.client.sendCode({ phone: this.phone }));
	}

	enterCode(code) {
		return this.raw({
			_: 'auth.signIn', phoneNumber: this.phone, phoneCodeHash: this.sentCode.phoneCodeHash, phoneCode: code,
		});
	}

	// mtcute's signIn has no sign-up: the raw call does it, then signIn takes the account over.
	async login(takeCode = () => this.server.code(this.phone)) {
		await this.requestCode();
		const code = await takeCode();
		const { phoneCodeHash } = this.sentCode;
		const first = await this.enterCode(code);
		const isNew = first._ === 'auth.authorizationSignUpRequired';
		if (isNew)
			await this.raw({ _: 'auth.signUp', phoneNumber: this.phone, phoneCodeHash, firstName: this.name, lastName: '' });
		const me = await this.#call('signIn', this.client.signIn({ phone: this.phone, phoneCodeHash, phoneCode: code }));
		this.id = me.id;
		this.known = true;
		// signIn starts it; to start it too would make two, which tell things twice.
		await waitFor("mtcute's loop of updates", () => this.client._client.updates.updatesLoopActive);
		return { id: me.id, isNew };
	}

	async loginAsBot(token) {
		this.id = (await this.#call('signInBot', this.client.signInBot(token))).id;
		this.known = true;
		await waitFor("mtcute's loop of updates", () => this.client._client.updates.updatesLoopActive);
	}

	async me() {
		const me = await this.#call('getMe', this.client.getMe());
		return { id: me.id, name: me.firstName };
	}

	async addContact(phone, name) {
		const answer = await this.#call('importContacts', this.client.importContacts([{ phone, firstName: name, lastName: '' }]));
		if (!answer.users.length) throw new Error('nobody has this number');
		return { kind: 'user', id: answer.users[0].id };
	}

	async findByPhone(phone) {
		const peer = await this.#call('resolvePhone', this.client.resolvePhoneNumber(phone, true));
		return { kind: 'user', id: peer.userId };
	}

	async contacts() {
		return (await this.#call('getContacts', this.client.getContacts())).map((user) => user.id);
	}

	async send(peer, text, entities) {
		return messageOf(await this.#call('sendText', this.client.sendText(chatOf(peer), inputText(text, entities))));
	}

	async edit(peer, id, text) {
		await this.#call('editMessage', this.client.editMessage({ chatId: chatOf(peer), message: id, text }));
	}

	async history(peer, limit = 100) {
		const found = [];
		const all = (async () => {
			for await (const message of this.client.iterHistory(chatOf(peer), { limit })) found.push(messageOf(message));
		})();
		await this.#call('iterHistory', all);
		return found;
	}

	async read(peer) {
		await this.#call('readHistory', this.client.readHistory(chatOf(peer)));
	}

	async type(peer) {
		await this.#call('sendTyping', this.client.sendTyping(chatOf(peer)));
	}

	async dialogs() {
		const found = [];
		const all = (async () => {
			for await (const dialog of this.client.iterDialogs({ limit: 50 })) {
				found.push({
					peer: peerOf(dialog.peer.id), title: dialog.peer.displayName, unread: dialog.unreadCount, top: dialog.lastMessage?.text ?? null,
					readOut: dialog.lastReadOutgoing,
				});
			}
		})();
		await this.#call('iterDialogs', all);
		return found;
	}

	async createChannel(title, about) {
		return peerOf((await this.#call('createChannel', this.client.createChannel({ title, description: about }))).id);
	}

	async setUsername(channel, username) {
		await this.#call('setChatUsername', this.client.setChatUsername(chatOf(channel), username));
	}

	async find(username) {
		return peerOf((await this.#call('getChat', this.client.getChat(username))).id);
	}

	async join(username) {
		const channel = await this.find(username);
		await this.#call('joinChat', this.client.joinChat(username));
		return channel;
	}

	async leave(channel) {
		await this.#call('leaveChat', this.client.leaveChat(chatOf(channel)));
	}

	async memberCount(channel) {
		return (await this.#call('getFullChat', this.client.getFullChat(chatOf(channel)))).membersCount;
	}

	async restriction(channel) {
		const chat = await this.#call('getChat', this.client.getChat(chatOf(channel)));
		return chat.restrictions?.map((r) => r.text).join('\n') ?? '';
	}

	async logout() {
		await this.#call('logOut', this.client.logOut());
	}

	async close() {
		await within(PATIENCE_MS, 'mtcute to close', this.client?.destroy() ?? Promise.resolve());
	}

	// The session text has no peers and no state of the updates; the storage, which reopenAfter() keeps, has both.
	async reopen() {
		mkdirSync(this.state, { recursive: true });
		writeFileSync(this.saved, await this.client.exportSession(), { mode: 0o600 });
		this.storage = this.newStorage();
		return this.reopenAfter(() => {});
	}
}
