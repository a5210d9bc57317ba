// SPDX-License-Identifier: Apache-2.0
// What stands outside of an installation: a webhook that takes codes for phones, and a mail server.
import { createHmac } from 'node:crypto';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { waitFor } from './wait.mjs';

const SECRET = 'a secret of the webhook and its receiver';

const listen = (server) => new Promise((done) => server.listen(0, '127.0.0.1', () => done(server.address().port)));

export class Outside {
	codes = []; // {id, phone, code, text, at}
	letters = []; // {to, text}
	forged = 0; // posts without the right signature
	refuse = 0; // so many posts are answered with 503

	static async start() {
		const outside = new Outside();
		outside.webhook = createHttpServer((request, response) => outside.#post(request, response));
		outside.mail = createServer((socket) => outside.#letter(socket));
		outside.ports = { webhook: await listen(outside.webhook), mail: await listen(outside.mail) };
		return outside;
	}

	// [codes] of lontar.ini
	get settings() {
		const { webhook, mail } = this.ports;
		return {
			webhook: `http://127.0.0.1:${webhook}/codes`, webhook_secret: SECRET, smtp: `smtp+plain://127.0.0.1:${mail}`,
			smtp_from: 'codes@messenger.example', inside: `127.0.0.1:${webhook},127.0.0.1:${mail}`,
		};
	}

	#post(request, response) {
		let body = '';
		request.setEncoding('utf8').on('data', (chunk) => { body += chunk; }).on('end', () => {
			const right = `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`;
			if (request.headers['x-lontar-signature'] !== right) this.forged++;
			else if (this.refuse > 0) this.refuse--;
			else {
				this.codes.push(JSON.parse(body));
				response.writeHead(204).end();
				return;
			}
			response.writeHead(503).end();
		});
	}

	// As little of RFC 5321 as libcurl needs.
	#letter(socket) {
		let rest = '', to = '', inData = false;
		const say = (line) => socket.write(`${line}\r\n`);
		const take = (text) => {
			const [head, body] = text.split('\r\n\r\n');
			this.letters.push({ to, head, text: Buffer.from(body, 'base64').toString() });
		};
		say('220 mail.example');
		socket.on('error', () => {}).setEncoding('utf8').on('data', (chunk) => {
			rest += chunk;
			for (let end; (end = rest.indexOf(inData ? '\r\n.\r\n' : '\r\n')) >= 0;) {
				const line = rest.slice(0, end);
				rest = rest.slice(end + (inData ? 5 : 2));
				if (inData) { inData = false; take(line); say('250 taken'); continue; }
				to = /^RCPT TO:<(.*)>/i.exec(line)?.[1] ?? to;
				inData = /^DATA/i.test(line);
				say(inData ? '354 go on' : /^QUIT/i.test(line) ? '221 bye' : '250 ok');
			}
		});
	}

	// The newest code that came for the number and was not taken yet.
	async code(phone, ms) {
		const found = await waitFor(`a code for ${phone} by the webhook`, () => this.codes.findLast((entry) => entry.phone === phone), ms);
		this.codes = this.codes.filter((entry) => entry.phone !== phone);
		return found.code;
	}

	async letter(address, ms) {
		const found = await waitFor(`a letter to ${address}`, () => this.letters.findLast((entry) => entry.to === address), ms);
		this.letters = this.letters.filter((entry) => entry.to !== address);
		return found.text;
	}

	stop() {
		this.webhook.close();
		this.mail.close();
	}
}
