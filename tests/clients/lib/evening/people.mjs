// SPDX-License-Identifier: Apache-2.0
// Who is there this evening, on which devices, and how a step is taken: something is done, those whom it concerns see
// it on every device, and then all devices of each person agree.
import { Tdlib } from '../tdlib.mjs';
import { waitFor } from '../wait.mjs';
import { agree, messagesOf } from './replica.mjs';

export { messagesOf };

export const sentByClock = new Set(); // texts that were scheduled

// Also remembers what TDLib tells but can't be asked for.
class Phone extends Tdlib {
	folders = [];
	topics = new Map(); // of Saved Messages
	actions = []; // who was seen doing what, in which chat
	sentByClock = sentByClock;

	open() {
		const opening = super.open();
		this.client.on('update', (update) => {
			if (update._ === 'updateChatFolders') this.folders = update.chat_folders;
			if (update._ === 'updateSavedMessagesTopic') this.topics.set(update.topic.id, update.topic);
			if (update._ === 'updateChatAction') this.actions.push(`${update.chat_id} ${update.sender_id.user_id} ${update.action._}`);
		});
		return opening;
	}
}

function ifKnown(error) {
	if (!/Chat not found/.test(error.message)) throw error;
	return [];
}

class Person {
	devices = []; // those that are on
	said = new Set();

	constructor(name) {
		this.name = name;
	}

	get first() {
		return this.devices[0];
	}

	get second() {
		return this.devices[1];
	}

	get id() {
		return this.first.id;
	}

	get phone() {
		return this.first.phone;
	}

	call(query) {
		return this.first.call(query);
	}

	// Up to the code; settle() takes it in when it is logged in.
	async newDevice(s) {
		const first = this.devices.length === 0;
		const device = await s.device(Phone, { name: this.name, device: `${this.name} ${this.devices.length + 1}`, ...(first ? {} : { phone: this.phone }) });
		if (first) {
			await device.login();
			return device;
		}
		await device.requestCode();
		const code = await s.server.code(this.phone);
		await this.hasChat(777000, code);
		await device.enterCode(code);
		return device;
	}

	// TDLib asks for a chat that it learns of by a message, and handles the answer before updates that it reads together
	// with it: what the answer counted, it counts again. Whatever was asked for then is answered before getActiveSessions.
	async hasChat(id, text) {
		await this.sees(`${text} in ${id}`, async (device) => {
			const chat = await device.call({ _: 'getChat', chat_id: id }).catch(() => null);
			return chat?.last_message?.content.text?.text.includes(text);
		});
		for (const device of this.devices) await device.call({ _: 'getActiveSessions' });
	}

	async settle(device) {
		await waitFor(`${device.device} to be logged in`, () => device.authorization === 'authorizationStateReady');
		await device.online();
		device.id = (await device.call({ _: 'getMe' })).id;
		this.devices.push(device);
	}

	// Every device comes to see it.
	sees(what, look, ms) {
		return Promise.all(this.devices.map((device) => waitFor(`${what} at ${device.device}`, () => look(device), ms)));
	}

	// The message that fits, as each device has it: a text, a part of the content's name, or a test. A chat may be new.
	async has(chat, wanted, ms) {
		const fits = typeof wanted === 'function' ? wanted : (message) => message.content.text?.text === wanted || message.content._ === wanted;
		return this.sees(`${wanted} in ${chat}`, async (device) => (await messagesOf(device, chat, 30).catch(ifKnown)).find(fits), ms);
	}

	hasNot(chat, id) {
		return this.sees(`message ${id} gone from ${chat}`, async (device) => !(await messagesOf(device, chat)).some((message) => message.id === id));
	}

	// Something of a chat, as getChat tells it.
	chat(id, what, look) {
		return this.sees(`${what} of ${id}`, async (device) => look(await device.call({ _: 'getChat', chat_id: id })));
	}
}

export class Evening {
	constructor(s) {
		this.s = s;
		this.anna = new Person('Anna');
		this.budi = new Person('Budi');
		this.citra = new Person('Citra');
		this.people = [this.anna, this.budi, this.citra];
	}

	// {deep: true} also compares what only the server is asked for.
	step(name, run, options) {
		return this.s.check(name, async () => {
			await run();
			await this.agree(options);
		});
	}

	// The second device of somebody is switched off, and on again.
	async goes(person) {
		const device = person.devices.pop();
		await this.s.check(`${device.device} is switched off`, () => device.close());
		return device;
	}

	comesBack(person, device) {
		return this.step(`${device.device} is switched on again and catches up`, async () => {
			await device.open();
			await person.settle(device);
			// Reactions in a group that TDLib did not know it shows once it was looked into.
			await readAll(device, this.group);
		}, { deep: true });
	}

	async agree(options) {
		const ends = await Promise.allSettled(this.people.map((person) => agree(person.devices, person.said, options)));
		const bad = ends.map(({ reason }, at) => reason && `${this.people[at].name}'s devices do not agree: ${reason.message}`).filter(Boolean);
		if (bad.length) throw new Error(bad.join('\n'));
	}
}

export const formatted = (text, entities = []) => ({
	_: 'formattedText', text,
	entities: entities.map(([type, offset, length, more]) => ({ _: 'textEntity', offset, length, type: { _: `textEntityType${type}`, ...more } })),
});

export const user = (id) => ({ _: 'messageSenderUser', user_id: id });

// Sends and answers with the message as the server acknowledged it.
export async function post(device, chat, content, more = {}) {
	const [message] = await device.post({
		_: 'sendMessage', chat_id: chat,
		input_message_content: typeof content === 'string' ? { _: 'inputMessageText', text: formatted(content) } : content, ...more,
	});
	return message;
}

export const reply = (message_id, quote) => ({
	reply_to: {
		_: 'inputMessageReplyToMessage', message_id,
		...(quote ? { quote: { _: 'inputTextQuote', text: formatted(quote.text), position: quote.position } } : {}),
	},
});

export async function readAll(device, chat) {
	const messages = await messagesOf(device, chat, 20);
	await device.call({ _: 'openChat', chat_id: chat });
	await device.call({
		_: 'viewMessages', chat_id: chat, message_ids: messages.map(({ id }) => id), force_read: true, source: { _: 'messageSourceChatHistory' },
	});
	await device.call({ _: 'closeChat', chat_id: chat });
}
