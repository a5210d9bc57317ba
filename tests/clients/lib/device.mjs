// SPDX-License-Identifier: Apache-2.0
// What all devices of the interface in README.md have in common, whichever library they run: what came in is an
// entry of the inbox, {what: 'message' | 'edit' | 'read' | 'typing' | …}, and a test waits for it there.
import { Inbox } from './wait.mjs';

export class Device {
	inbox = new Inbox();

	constructor(server, { phone, name, state }) {
		Object.assign(this, { server, phone, name, state });
	}

	incoming(text, ms) {
		return this.inbox.wait(`the message "${text}" at ${this.name}`, (e) => e.what === 'message' && !e.out && e.text === text, ms);
	}

	edited(text, ms) {
		return this.inbox.wait(`the edit "${text}" at ${this.name}`, (e) => e.what === 'edit' && e.text === text, ms);
	}

	wasRead(peer, id, ms) {
		return this.inbox.wait(`a read mark at ${this.name}`, (e) => e.what === 'read' && e.peer.id === peer.id && e.maxId >= id, ms);
	}

	typing(peer, ms) {
		return this.inbox.wait(`typing at ${this.name}`, (e) => e.what === 'typing' && e.peer.id === peer.id, ms);
	}

	// Ends, lets `meanwhile` happen and opens again with what was saved; true when still logged in.
	async reopenAfter(meanwhile) {
		await this.close();
		await meanwhile();
		return this.open();
	}

	reopen() {
		return this.reopenAfter(() => {});
	}
}
