// SPDX-License-Identifier: Apache-2.0
// The square of the day: public channels full of posts, each of which says in its text what is true of it, so that
// moderators of the day can judge it and the count at the end knows what they should have found.
import { Mtcute } from '../clients/lib/mtcute.mjs';

const OWNED = 10;     // public channels that one account may have
const POSTS = 100;     // of a channel
const BAD_SHARE = 0.25;

export const PHRASE = 'purple giraffe parade'; // what the sensor looks for

export const CATEGORIES = ['terrorism', 'incitement', 'fraud', 'drugs', 'privacy', 'pornography', 'copyright', 'spam'];

// {subject: '@name/5', truth: 'fraud' or 'fine', language, sensor}
export class Square {
	subjects = [];
	channels = [];

	constructor(s, sim) {
		Object.assign(this, { s, sim });
	}

	async fill(count) {
		this.owners = [];
		const channels = Math.ceil(count / POSTS);
		const owners = Math.max(4, Math.ceil(channels / OWNED));
		for (let i = 0; i < owners; i++) this.owners.push(await this.s.loggedIn(Mtcute));
		await Promise.all(this.owners.map(async (owner, at) => {
			for (let i = at; i < channels; i += owners) await this.#channel(owner, i, Math.min(POSTS, count - i * POSTS));
		}));
	}

	async #channel(owner, nth, posts) {
		const name = `day_channel_${nth}`;
		const peer = await owner.createChannel(`Channel ${nth} of the day`, 'about the day');
		await owner.setUsername(peer, name);
		this.channels.push({ name, peer, owner });
		for (let i = 0; i < posts; i++) await this.post(owner, peer, name);
	}

	async post(owner, peer, name, sensor = false) {
		const truth = sensor ? 'terrorism' : this.sim.random() < BAD_SHARE ? this.sim.pick(CATEGORIES) : 'fine';
		const language = this.sim.random() < 0.5 ? 'id' : 'en';
		const words = language === 'id' ? 'Ini adalah sebuah kiriman di dalam saluran hari ini' : 'This is one of the posts in the channel of today';
		const post = await owner.send(peer, `${words}. truth=${truth} ${sensor ? PHRASE : ''}`);
		const subject = { subject: `@${name}/${post.id}`, name, post: post.id, truth, language, owner, peer };
		this.subjects.push(subject);
		return subject;
	}
}
