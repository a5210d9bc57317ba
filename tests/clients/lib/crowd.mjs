// SPDX-License-Identifier: Apache-2.0
// Many people on few keys: each signs up, does what it came for, and is logged out, so that the next may come. They
// stay members, and are told nothing. A login takes some fifty milliseconds, without the making of a key.
import { newPhone } from './cases.mjs';
import { Mtcute } from './mtcute.mjs';

const DOORS = 4;

export class Crowd {
	people = []; // {id, phone, name}, as they came

	constructor(s) {
		this.s = s;
	}

	async open() {
		this.doors = [];
		for (let i = 0; i < DOORS; i++) this.doors.push(await this.s.device(Mtcute));
	}

	// `act(call, person, nth)` of each of `count` more, some at a time; `call` asks the server as that person.
	async come(count, act = () => {}) {
		let nth = 0;
		const enter = async (door) => {
			while (nth < count) {
				const mine = nth++;
				const person = await this.#signUp(door);
				await act((query) => door.raw(query), person, mine);
				await door.raw({ _: 'auth.logOut' });
			}
		};
		await Promise.all(this.doors.map(enter));
	}

	async #signUp(door) {
		const phoneNumber = newPhone();
		const name = `Member ${String(this.people.length + 1).padStart(3, '0')}`;
		const person = { phone: phoneNumber, name };
		this.people.push(person);
		this.s.server.secrets.add(phoneNumber.slice(1));
		const { phoneCodeHash } = await door.raw({ _: 'auth.sendCode', phoneNumber, apiId: 12345, apiHash: '0123456789abcdef0123456789abcdef',
			settings: { _: 'codeSettings' } });
		const phoneCode = await this.s.server.code(phoneNumber);
		await door.raw({ _: 'auth.signIn', phoneNumber, phoneCodeHash, phoneCode });
		const { user } = await door.raw({ _: 'auth.signUp', phoneNumber, phoneCodeHash, firstName: name, lastName: '' });
		person.id = user.id;
		return person;
	}
}
