// SPDX-License-Identifier: Apache-2.0
// Telethon (Python, layer 229) behind the small interface of lib/README.md. The library lives in
// tests/venv; lib/telethon_host.py runs it and talks to us in lines of JSON.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Device } from './device.mjs';
import { ROOT } from './server.mjs';
import { PATIENCE_MS, within } from './wait.mjs';

const PYTHON = join(ROOT, 'tests/venv/bin/python');

// One process for all devices; it ends with us, as its standard input does.
class Host {
	serial = 0;
	calls = new Map();
	devices = [];
	errors = []; // what Telethon logged as an error, of whichever device

	constructor() {
		this.child = spawn(PYTHON, [join(ROOT, 'tests/clients/lib/telethon_host.py')], { stdio: ['pipe', 'pipe', 'inherit'] });
		this.child.once('exit', (status, signal) => {
			this.ended = new Error(`Telethon's process ended with ${signal ?? status}`);
			for (const { fail } of this.calls.values()) fail(this.ended);
		});
		createInterface({ input: this.child.stdout }).on('line', (line) => this.#line(JSON.parse(line)));
	}

	#line({ n, result, error, code, device, event }) {
		if (event?.what === 'error') this.errors.push(event.text);
		else if (event) this.devices[device].inbox.push(event);
		if (n === undefined) return;
		const { done, fail } = this.calls.get(n);
		this.calls.delete(n);
		if (error === undefined) done(result);
		else fail(Object.assign(new Error(error), { code }));
	}

	add(device) {
		return this.devices.push(device) - 1;
	}

	call(device, what, args) {
		if (this.ended) return Promise.reject(this.ended);
		const n = ++this.serial;
		const answer = new Promise((done, fail) => this.calls.set(n, { done, fail }));
		this.child.stdin.write(`${JSON.stringify({ n, device, do: what, with: args })}\n`);
		return answer;
	}
}

let host = null;

export class Telethon extends Device {
	static label = 'Telethon';
	static hearsAll = true;

	constructor(server, { phone, name, state, mode = 'full', secret = null, patience = PATIENCE_MS }) {
		super(server, { phone, name, state });
		Object.assign(this, { mode, secret, patience });
		host ??= new Host();
		this.number = host.add(this);
	}

	get errors() {
		return host.errors;
	}

	#call(what, args = {}, ms = this.patience) {
		return within(ms, `Telethon's ${what}`, host.call(this.number, what, args)).catch((error) => {
			throw Object.assign(new Error(`${what}: ${error.message}`), { code: error.code });
		});
	}

	async open() {
		const id = await this.#call('open', {
			pem: readFileSync(this.server.pem, 'utf8'), port: this.server.clientPort, state: this.state, mode: this.mode, secret: this.secret,
		});
		if (id) this.id = id;
		return Boolean(id);
	}

	requestCode() {
		return this.#call('request_code', { phone: this.phone });
	}

	enterCode(code) {
		return this.#call('enter_code', { phone: this.phone, code });
	}

	async login(takeCode = () => this.server.code(this.phone)) {
		await this.requestCode();
		const code = await takeCode();
		const isNew = (await this.enterCode(code)) === 'AuthorizationSignUpRequired';
		if (isNew) await this.#call('sign_up', { phone: this.phone, code, name: this.name });
		this.id = await this.#call('sign_in', { phone: this.phone, code });
		return { id: this.id, isNew };
	}

	async loginAsBot(token) {
		this.id = await this.#call('sign_in_bot', { token });
	}

	// After login ended with SESSION_PASSWORD_NEEDED.
	async checkPassword(password) {
		this.id = await this.#call('check_password', { password });
	}

	editPassword(from, to) {
		return this.#call('edit_password', { old: from, new: to });
	}

	me() {
		return this.#call('me');
	}

	async addContact(phone, name) {
		const id = await this.#call('add_contact', { phone, name });
		if (!id) throw new Error('nobody has this number');
		return { kind: 'user', id };
	}

	findByPhone(phone) {
		return this.#call('find_by_phone', { phone });
	}

	contacts() {
		return this.#call('contacts');
	}

	send(peer, text, entities = []) {
		return this.#call('send', { peer, text, entities });
	}

	edit(peer, id, text) {
		return this.#call('edit', { peer, id, text });
	}

	history(peer, limit = 100) {
		return this.#call('history', { peer, limit });
	}

	read(peer) {
		return this.#call('read', { peer });
	}

	type(peer) {
		return this.#call('type', { peer });
	}

	dialogs() {
		return this.#call('dialogs');
	}

	createChannel(title, about) {
		return this.#call('create_channel', { title, about });
	}

	setUsername(channel, username) {
		return this.#call('set_username', { channel, username });
	}

	find(username) {
		return this.#call('find', { username });
	}

	join(username) {
		return this.#call('join', { username });
	}

	leave(channel) {
		return this.#call('leave', { channel });
	}

	memberCount(channel) {
		return this.#call('member_count', { channel });
	}

	restriction(channel) {
		return this.#call('restriction', { channel });
	}

	// It asks for the difference by itself only when the next update shows a gap.
	catchUp() {
		return this.#call('catch_up');
	}

	async logout() {
		if (!(await this.#call('logout'))) throw new Error('logOut was refused');
	}

	close() {
		return this.#call('close');
	}
}
