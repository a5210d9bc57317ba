// SPDX-License-Identifier: Apache-2.0
// GramJS (layer 198) and its successor teleproto (layer 214) behind the small interface of lib/README.md.
// Both have the same API; both hard-wire the port and the keys, which their own objects let us change.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Device } from './device.mjs';
import { serverKey } from './key.mjs';
import { PATIENCE_MS, within } from './wait.mjs';

const require = createRequire(import.meta.url);
const RETRY_MS = 300;

// What they tell their program while there is no server; they try again by themselves. Like mtcute they forget zeroes at
// the head of a key: one in 256 does not fit, and they make another.
const WITHOUT_CONNECTION = /ECONNREFUSED|Step 3 invalid new nonce hash/;

const ENTITY_NAMES = {
	MessageEntityBold: 'bold', MessageEntityItalic: 'italic', MessageEntityUrl: 'url', MessageEntityTextUrl: 'text_url',
	MessageEntityMention: 'mention', MessageEntityHashtag: 'hashtag',
};
const ENTITY_CLASSES = { bold: 'MessageEntityBold', italic: 'MessageEntityItalic', text_url: 'MessageEntityTextUrl' };

function gramClass(packageName, label) {
	const { Api, TelegramClient } = require(packageName);
	const { StringSession } = require(`${packageName}/sessions`);
	const rsa = require(`${packageName}/crypto/RSA.js`);
	const { ConnectionTCPFull, ConnectionTCPObfuscated } = require(`${packageName}/network/connection`);
	const { Raw } = require(`${packageName}/events`);
	const bigInt = require(require.resolve('big-integer', { paths: [require.resolve(packageName)] }));

	const peerOf = (peer) => (peer.channelId ? { kind: 'channel', id: Number(peer.channelId) } : { kind: 'user', id: Number(peer.userId) });

	function messageOf(message) {
		const peer = peerOf(message.peerId);
		return {
			id: message.id, peer, out: Boolean(message.out), text: message.message,
			entities: (message.entities ?? []).map((e) => ({
				type: ENTITY_NAMES[e.className] ?? e.className, offset: e.offset, length: e.length, ...(e.url ? { url: e.url } : {}),
			})),
			edited: Boolean(message.editDate),
		};
	}

	return class Gram extends Device {
		static label = label;

		constructor(server, { phone, name, state, obfuscated = false }) {
			super(server, { phone, name, state });
			Object.assign(this, { obfuscated });
			this.errors = [];
			this.entities = new Map();
		}

		get saved() {
			return join(this.state, 'session');
		}

		async open() {
			const { server } = this;
			const { modulus, fingerprint } = serverKey(server);
			rsa._serverKeys.clear();
			rsa._serverKeys.set(String(BigInt.asIntN(64, fingerprint)), { n: bigInt(modulus.toString('hex'), 16), e: 65537 });
			const known = existsSync(this.saved);
			this.session = new StringSession(known ? readFileSync(this.saved, 'utf8') : '');
			this.session.setDC(2, '127.0.0.1', 443); // saved in 16 bits with a sign; the connection has the real one
			const Base = this.obfuscated ? ConnectionTCPObfuscated : ConnectionTCPFull;
			const connection = class extends Base {
				constructor(settings) {
					super({ ...settings, port: server.clientPort });
				}
			};
			this.client = new TelegramClient(this.session, 12345, '0123456789abcdef0123456789abcdef', {
				connectionRetries: PATIENCE_MS / RETRY_MS, retryDelay: RETRY_MS, requestRetries: 3, useWSS: false, connection,
			});
			this.client.onError = async (error) => {
				if (!WITHOUT_CONNECTION.test(error)) this.errors.push(String(error));
			};
			this.client.setLogLevel(process.env.GRAM_LOG ?? 'none');
			this.client.addEventHandler((update) => this.#update(update), new Raw({}));
			await this.#call('connect', this.client.connect());
			if (!known) return false;
			this.id = Number((await this.#call('getMe', this.client.getMe())).id);
			await this.dialogs(); // the session keeps no peers: who is who comes from here
			return true;
		}

		#call(what, promise, ms = PATIENCE_MS) {
			return within(ms, `${label}'s ${what}`, promise).catch((error) => {
				throw Object.assign(new Error(`${what}: ${error.errorMessage ?? error.message}`), { code: error.code });
			});
		}

		raw(request) {
			return this.#call(request.className, this.client.invoke(request));
		}

		#update(update) {
			const handler = {
				UpdateNewMessage: () => this.inbox.push({ what: 'message', ...messageOf(update.message) }),
				UpdateNewChannelMessage: () => this.inbox.push({ what: 'message', ...messageOf(update.message) }),
				UpdateEditMessage: () => this.inbox.push({ what: 'edit', ...messageOf(update.message) }),
				UpdateEditChannelMessage: () => this.inbox.push({ what: 'edit', ...messageOf(update.message) }),
				UpdateShortMessage: () => this.inbox.push({
					what: 'message', id: update.id, peer: { kind: 'user', id: Number(update.userId) }, out: Boolean(update.out), text: update.message,
					entities: (update.entities ?? []).map((e) => ({ type: ENTITY_NAMES[e.className], offset: e.offset, length: e.length })),
				}),
				UpdateUserTyping: () => this.inbox.push({ what: 'typing', peer: { kind: 'user', id: Number(update.userId) } }),
				UpdateReadHistoryOutbox: () => this.inbox.push({ what: 'read', peer: peerOf(update.peer), maxId: update.maxId }),
			}[update.className];
			handler?.();
		}

		async requestCode() {
			this.sentCode = await this.#call('sendCode', this.client.sendCode({ apiId: 12345, apiHash: '0'.repeat(32) }, this.phone));
		}

		enterCode(code) {
			return this.raw(new Api.auth.SignIn({ phoneNumber: this.phone, phoneCodeHash: this.sentCode.phoneCodeHash, phoneCode: code }));
		}

		async login(takeCode = () => this.server.code(this.phone)) {
			await this.requestCode();
			const first = await this.enterCode(await takeCode());
			const isNew = first.className === 'auth.AuthorizationSignUpRequired';
			if (isNew) {
				await this.raw(new Api.auth.SignUp({
					phoneNumber: this.phone, phoneCodeHash: this.sentCode.phoneCodeHash, firstName: this.name, lastName: '',
				}));
			}
			this.id = Number((await this.#call('getMe', this.client.getMe())).id);
			// The client asks for the state only once, before the login; updates are pushed all the same.
			await this.raw(new Api.updates.GetState());
			return { id: this.id, isNew };
		}

		async me() {
			const me = await this.#call('getMe', this.client.getMe());
			return { id: Number(me.id), name: me.firstName };
		}

		async addContact(phone, name) {
			const answer = await this.raw(new Api.contacts.ImportContacts({
				contacts: [new Api.InputPhoneContact({ clientId: bigInt(0), phone, firstName: name, lastName: '' })],
			}));
			if (!answer.users.length) throw new Error('nobody has this number');
			return { kind: 'user', id: Number(answer.users[0].id) };
		}

		async findByPhone(phone) {
			const answer = await this.raw(new Api.contacts.ResolvePhone({ phone: phone.slice(1) }));
			return peerOf(answer.peer);
		}

		async contacts() {
			const answer = await this.raw(new Api.contacts.GetContacts({ hash: bigInt(0) }));
			return answer.users.map((user) => Number(user.id));
		}

		// Entities seen in answers and updates carry their access hash; the session keeps them.
		async #input(peer) {
			const wanted = peer.kind === 'channel' ? new Api.PeerChannel({ channelId: bigInt(peer.id) }) : new Api.PeerUser({ userId: bigInt(peer.id) });
			return this.#call('getInputEntity', this.client.getInputEntity(wanted));
		}

		async send(peer, text, entities = []) {
			const formattingEntities = entities.map(({ type, ...rest }) => new Api[ENTITY_CLASSES[type]](rest));
			const sent = await this.#call('sendMessage', this.client.sendMessage(await this.#input(peer), { message: text, formattingEntities, parseMode: false }));
			return { id: sent.id, text: sent.message, out: true, peer };
		}

		async edit(peer, id, text) {
			await this.#call('editMessage', this.client.editMessage(await this.#input(peer), { message: id, text }));
		}

		async history(peer, limit = 100) {
			const messages = await this.#call('getMessages', this.client.getMessages(await this.#input(peer), { limit }));
			return Array.from(messages, (message) => messageOf(message));
		}

		async read(peer) {
			await this.#call('markAsRead', this.client.markAsRead(await this.#input(peer)));
		}

		async type(peer) {
			await this.raw(new Api.messages.SetTyping({ peer: await this.#input(peer), action: new Api.SendMessageTypingAction() }));
		}

		async dialogs() {
			return Array.from(await this.#call('getDialogs', this.client.getDialogs({ limit: 50 })), (dialog) => ({
				peer: peerOf(dialog.dialog.peer), title: dialog.title, unread: dialog.unreadCount, top: dialog.message?.message ?? null,
				readOut: dialog.dialog.readOutboxMaxId,
			}));
		}

		async createChannel(title, about) {
			const answer = await this.raw(new Api.channels.CreateChannel({ title, about, broadcast: true }));
			return { kind: 'channel', id: Number(answer.chats[0].id) };
		}

		async setUsername(channel, username) {
			await this.raw(new Api.channels.UpdateUsername({ channel: await this.#input(channel), username }));
		}

		async find(username) {
			const entity = await this.#call('getEntity', this.client.getEntity(username));
			return { kind: 'channel', id: Number(entity.id) };
		}

		async join(username) {
			const channel = await this.find(username);
			await this.raw(new Api.channels.JoinChannel({ channel: await this.#input(channel) }));
			return channel;
		}

		async leave(channel) {
			await this.raw(new Api.channels.LeaveChannel({ channel: await this.#input(channel) }));
		}

		async memberCount(channel) {
			const answer = await this.raw(new Api.channels.GetFullChannel({ channel: await this.#input(channel) }));
			return answer.fullChat.participantsCount;
		}

		async restriction(channel) {
			const entity = await this.#call('getEntity', this.client.getEntity(await this.#input(channel)));
			return (entity.restrictionReason ?? []).map((r) => r.text).join('\n');
		}

		async logout() {
			const answer = await this.raw(new Api.auth.LogOut());
			if (answer.className !== 'auth.LoggedOut') throw new Error(`logOut answered ${answer.className}`);
		}

		async close() {
			await within(PATIENCE_MS, `${label} to close`, this.client?.destroy() ?? Promise.resolve());
		}

		async reopenAfter(meanwhile) {
			mkdirSync(this.state, { recursive: true });
			writeFileSync(this.saved, this.session.save(), { mode: 0o600 });
			return super.reopenAfter(meanwhile);
		}
	};
}

export const Gramjs = gramClass('telegram', 'GramJS');
export const Teleproto = gramClass('teleproto', 'teleproto');
