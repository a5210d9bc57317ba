// SPDX-License-Identifier: Apache-2.0
// @mtproto/core (layer 158) behind the small interface of lib/README.md. The library hands over raw
// answers and updates; what an application on top of it must do is done here: who is who, and the
// account's pts with its difference. After a login the library takes its authorization to four more
// DCs by itself: `copies` tells how that went.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Device } from './device.mjs';
import { serverKey } from './key.mjs';
import { within } from './wait.mjs';

const require = createRequire(import.meta.url);
const MTProto = require('@mtproto/core');
const RPC = require('@mtproto/core/src/rpc');
const RSA = require('@mtproto/core/src/utils/rsa');

const CALL_MS = 180000; // it reckons slowly, and five keys at once
const ENTITY_NAMES = {
	messageEntityBold: 'bold', messageEntityItalic: 'italic', messageEntityUrl: 'url', messageEntityTextUrl: 'text_url',
	messageEntityMention: 'mention', messageEntityHashtag: 'hashtag',
};
const ENTITY_KINDS = Object.fromEntries(Object.entries(ENTITY_NAMES).map(([kind, name]) => [name, kind]));

const peerOf = (peer) => (peer.channel_id ? { kind: 'channel', id: Number(peer.channel_id) } : { kind: 'user', id: Number(peer.user_id) });

const entitiesOf = (list = []) => list.map((e) => ({
	type: ENTITY_NAMES[e._] ?? e._, offset: e.offset, length: e.length, ...(e.url ? { url: e.url } : {}),
}));

function messageOf(message) {
	return {
		id: message.id, peer: peerOf(message.peer_id), out: Boolean(message.out), text: message.message,
		entities: entitiesOf(message.entities), edited: Boolean(message.edit_date),
	};
}

function power(base, exponent, modulus) {
	let result = 1n;
	for (const bit of exponent.toString(2)) {
		result = (result * result) % modulus;
		if (bit === '1') result = (result * base) % modulus;
	}
	return result;
}

// The library forgets zeroes at the head of a key and then throws, once in 256 keys: where its exponent would
// make such a key, it gets another.
const generate = RPC.prototype.generateDH;
RPC.prototype.generateDH = function (retryId) {
	const { getRandomBytes } = this.crypto;
	const [gA, prime] = [BigInt(this.gA.toString()), BigInt(this.dhPrime.toString())];
	this.crypto.getRandomBytes = (size) => {
		for (;;) {
			const bytes = getRandomBytes(size);
			if (power(gA, BigInt(`0x${Buffer.from(bytes).toString('hex')}`), prime) >> 2040n) return bytes;
		}
	};
	const made = generate.call(this, retryId); // draws its exponent before it waits for anything
	this.crypto.getRandomBytes = getRandomBytes;
	return made;
};

export class MtprotoCore extends Device {
	static label = '@mtproto/core';
	static hearsAll = true;

	constructor(server, { phone, name, state }) {
		super(server, { phone, name, state });
		this.hashes = new Map(); // user id -> access hash
		this.errors = [];
	}

	get saved() {
		return join(this.state, 'updates.json');
	}

	async open() {
		const { modulus, exponent, fingerprint } = serverKey(this.server);
		// There is no setting for keys.
		RSA.prototype.getPublisKeysByHex = async () => ({
			[fingerprint.toString(16)]: { modulus: modulus.toString('hex'), exponent: exponent.toString('hex') },
		});
		mkdirSync(this.state, { recursive: true });
		this.client = new MTProto({ api_id: 12345, api_hash: '0'.repeat(32), storageOptions: { path: join(this.state, 'core.json') } });
		this.client.dcList = this.client.dcList.map((dc) => ({ ...dc, ip: '127.0.0.1', port: this.server.clientPort }));
		this.copies = [];
		for (const kind of ['updates', 'updatesCombined', 'updateShort', 'updateShortMessage', 'updatesTooLong'])
			this.client.updates.on(kind, (updates) => this.#later(() => this.#take(updates)));
		this.#watchCopies();
		this.pts = null;
		if (!existsSync(this.saved)) return false;
		this.pts = JSON.parse(readFileSync(this.saved, 'utf8'));
		this.#watchConnection();
		await this.#self();
		await this.dialogs(); // who is who
		await this.#later(() => this.#difference());
		return true;
	}

	// The library swallows what goes wrong there.
	#watchCopies() {
		const call = this.client.call.bind(this.client);
		this.client.call = (method, params, options) => {
			const answer = call(method, params, options);
			if (method !== 'auth.importAuthorization') return answer;
			return answer.then(
				(result) => { this.copies.push({ dc: options.dcId, answer: result._ }); return result; },
				(error) => { this.copies.push({ dc: options.dcId, answer: error.error_message }); throw error; },
			);
		};
	}

	// What was pushed while the connection was away is for the application to ask for.
	#watchConnection() {
		this.client.getRPC(2).transport.on('open', () => {
			if (this.pts) this.#later(() => this.#difference());
		});
	}

	// One thing after the other: updates change the state, and so does the difference.
	#later(run) {
		this.turn = (this.turn ?? Promise.resolve()).then(run).catch((error) => this.errors.push(String(error.message ?? error)));
		return this.turn;
	}

	async raw(method, params, ms = CALL_MS) {
		const answer = await within(ms, `@mtproto/core's ${method}`, this.client.call(method, params)).catch((error) => {
			throw Object.assign(new Error(`${method}: ${error.error_message ?? error.message}`), { code: error.error_code });
		});
		for (const user of answer.users ?? []) if (user.access_hash) this.hashes.set(Number(user.id), user.access_hash);
		return answer;
	}

	#input(peer) {
		if (peer.kind !== 'user') throw new Error('only private chats here');
		return { _: 'inputPeerUser', user_id: peer.id, access_hash: this.hashes.get(peer.id) };
	}

	// One update. Those with a pts of the account are taken in their order, a gap asks for the difference.
	async #apply(update) {
		const counted = update.pts !== undefined && !/Channel/.test(update._);
		if (counted && this.pts) {
			if (update.pts <= this.pts.pts) return;
			if (this.pts.pts + update.pts_count !== update.pts) {
				await this.#difference();
				return;
			}
			this.pts.pts = update.pts;
		}
		this.#tell(update);
	}

	#tell(update) {
		const handler = {
			updateNewMessage: () => this.inbox.push({ what: 'message', ...messageOf(update.message) }),
			updateNewChannelMessage: () => this.inbox.push({ what: 'message', ...messageOf(update.message) }),
			updateEditMessage: () => this.inbox.push({ what: 'edit', ...messageOf(update.message) }),
			updateShortMessage: () => this.inbox.push({
				what: 'message', id: update.id, peer: { kind: 'user', id: Number(update.user_id) }, out: Boolean(update.out),
				text: update.message, entities: entitiesOf(update.entities), edited: false,
			}),
			updateUserTyping: () => this.inbox.push({ what: 'typing', peer: { kind: 'user', id: Number(update.user_id) } }),
			updateReadHistoryOutbox: () => this.inbox.push({ what: 'read', peer: peerOf(update.peer), maxId: update.max_id }),
		}[update._];
		handler?.();
	}

	async #take(updates) {
		for (const user of updates.users ?? []) if (user.access_hash) this.hashes.set(Number(user.id), user.access_hash);
		if (updates._ === 'updatesTooLong') await this.#difference();
		else if (updates._ === 'updateShort') await this.#apply(updates.update);
		else if (updates.updates) for (const update of updates.updates) await this.#apply(update);
		else await this.#apply(updates);
	}

	async #difference() {
		for (let more = true; more;) {
			const part = await this.raw('updates.getDifference', this.pts);
			const state = part.state ?? part.intermediate_state;
			more = part._ === 'updates.differenceSlice';
			for (const message of part.new_messages ?? []) this.#tell({ _: 'updateNewMessage', message });
			for (const update of part.other_updates ?? []) this.#tell(update);
			if (state) this.pts = { pts: state.pts, date: state.date, qts: state.qts };
			else if (part._ === 'updates.differenceTooLong') throw new Error('the difference is too long');
		}
	}

	async requestCode() {
		this.sentCode = await this.raw('auth.sendCode', { phone_number: this.phone, settings: { _: 'codeSettings' } });
	}

	enterCode(code) {
		return this.raw('auth.signIn', { phone_number: this.phone, phone_code_hash: this.sentCode.phone_code_hash, phone_code: code });
	}

	async login(takeCode = () => this.server.code(this.phone)) {
		await this.requestCode();
		const first = await this.enterCode(await takeCode());
		const isNew = first._ === 'auth.authorizationSignUpRequired';
		if (isNew) {
			await this.raw('auth.signUp', {
				phone_number: this.phone, phone_code_hash: this.sentCode.phone_code_hash, first_name: this.name, last_name: '',
			});
		}
		await this.#self();
		const state = await this.raw('updates.getState');
		this.pts = { pts: state.pts, date: state.date, qts: state.qts };
		this.#watchConnection();
		return { id: this.id, isNew };
	}

	async #self() {
		const [me] = await this.raw('users.getUsers', { id: [{ _: 'inputUserSelf' }] });
		this.id = Number(me.id);
		return me;
	}

	async me() {
		const me = await this.#self();
		return { id: Number(me.id), name: me.first_name };
	}

	async addContact(phone, name) {
		const answer = await this.raw('contacts.importContacts', {
			contacts: [{ _: 'inputPhoneContact', client_id: 0, phone, first_name: name, last_name: '' }],
		});
		if (!answer.users.length) throw new Error('nobody has this number');
		return { kind: 'user', id: Number(answer.users[0].id) };
	}

	async findByPhone(phone) {
		return peerOf((await this.raw('contacts.resolvePhone', { phone: phone.slice(1) })).peer);
	}

	async contacts() {
		return (await this.raw('contacts.getContacts', { hash: 0 })).users.map((user) => Number(user.id));
	}

	async send(peer, text, entities = []) {
		const answer = await this.raw('messages.sendMessage', {
			peer: this.#input(peer), message: text, random_id: randomBytes(8).readBigUInt64LE().toString(),
			entities: entities.map(({ type, ...rest }) => ({ _: ENTITY_KINDS[type], ...rest })),
		});
		if (answer._ !== 'updateShortSentMessage') await this.#later(() => this.#take(answer));
		else await this.#later(() => this.#apply(answer));
		const id = answer.id ?? answer.updates.find(({ _ }) => _ === 'updateMessageID').id;
		return { id, text, out: true, peer };
	}

	async edit(peer, id, text) {
		const answer = await this.raw('messages.editMessage', { peer: this.#input(peer), id, message: text });
		await this.#later(() => this.#take(answer));
	}

	async history(peer, limit = 100) {
		const found = [];
		for (let from = 0; found.length < limit;) {
			const part = await this.raw('messages.getHistory', { peer: this.#input(peer), offset_id: from, limit: Math.min(100, limit - found.length) });
			if (!part.messages.length) break;
			found.push(...part.messages.map(messageOf));
			from = found.at(-1).id;
		}
		return found;
	}

	async read(peer) {
		const answer = await this.raw('messages.readHistory', { peer: this.#input(peer), max_id: 0 });
		await this.#later(() => this.#apply(answer));
	}

	async type(peer) {
		await this.raw('messages.setTyping', { peer: this.#input(peer), action: { _: 'sendMessageTypingAction' } });
	}

	async dialogs() {
		const answer = await this.raw('messages.getDialogs', { offset_peer: { _: 'inputPeerEmpty' }, limit: 50 });
		return answer.dialogs.map((dialog) => {
			const peer = peerOf(dialog.peer);
			return {
				peer, title: answer.users.find((user) => Number(user.id) === peer.id)?.first_name, unread: dialog.unread_count,
				top: answer.messages.find((message) => message.id === dialog.top_message)?.message ?? null, readOut: dialog.read_outbox_max_id,
			};
		});
	}

	async logout() {
		await this.raw('auth.logOut');
		this.pts = null;
	}

	// There is no way to close: a transport that loses its socket makes another one.
	async close() {
		if (this.pts) writeFileSync(this.saved, JSON.stringify(this.pts), { mode: 0o600 });
		this.pts = null;
		for (const { transport } of this.client?.rpcs.values() ?? []) {
			transport.connect = () => {};
			transport.socket.destroy();
		}
	}
}
