// SPDX-License-Identifier: Apache-2.0
// mtcute over HTTP: each packet is the body of a POST to /api, each body of an answer a packet. The library
// knows TCP only, so its transport is stood in for here, and whoever has nothing under way asks with http_wait.
import { Agent, request } from 'node:http';
import { TelegramClient } from '@mtcute/node';
import { TlBinaryWriter } from '@mtcute/core/utils.js';
import { IntermediatePacketCodec } from '@mtcute/core';
import { Mtcute } from './mtcute.mjs';
import { waitFor } from './wait.mjs';

const POLL_EVERY_MS = 10;
const SOCKETS = 6; // as browsers and Qt have

// A status that MTProto has a number for is one; any other ends the connection.
const TRANSPORT_ERRORS = [404, 429, 444];

const framed = (body) => {
	const frame = Buffer.alloc(4 + body.length);
	frame.writeUInt32LE(body.length);
	body.copy(frame, 4);
	return frame;
};

// What the library takes for a connection: it writes frames, which are posted, and reads answers as frames.
class HttpConnection {
	localAddress = null;
	remoteAddress = null;
	#written = Buffer.alloc(0);
	#arrived = Buffer.alloc(0);
	#readers = [];
	#error = null;
	waiting = 0;

	constructor(transport, dc) {
		Object.assign(this, { transport, dc });
		this.agent = new Agent({ keepAlive: true, maxSockets: SOCKETS });
	}

	async write(bytes) {
		this.#written = Buffer.concat([this.#written, bytes]);
		// The tag in front names the codec, and so the session that this connection serves.
		if (!this.codec && this.#written.length >= 4) {
			this.codec = this.transport.codecs[this.#written.readUInt32LE()];
			this.#written = this.#written.subarray(4);
		}
		while (this.#written.length >= 4) {
			const size = this.#written.readUInt32LE();
			if (this.#written.length < 4 + size) break;
			this.#post(Buffer.from(this.#written.subarray(4, 4 + size)));
			this.#written = this.#written.subarray(4 + size);
		}
	}

	#post(body) {
		this.waiting++;
		const post = request({
			host: this.dc.ipAddress, port: this.dc.port, method: 'POST', path: '/api', agent: this.agent,
			headers: { 'Content-Type': 'application/octet-stream', 'Content-Length': body.length },
		}, (answer) => {
			const chunks = [];
			answer.on('data', (chunk) => chunks.push(chunk));
			answer.on('error', (error) => this.#end(error));
			answer.on('end', () => {
				this.waiting--;
				this.transport.answers++;
				const packet = Buffer.concat(chunks);
				if (answer.statusCode === 200) {
					if (packet.length) this.#arrive(framed(packet));
				} else if (TRANSPORT_ERRORS.includes(answer.statusCode)) {
					const code = Buffer.alloc(4);
					code.writeInt32LE(-answer.statusCode);
					this.#arrive(framed(Buffer.concat([code])));
				} else {
					this.#end(new Error(`status ${answer.statusCode}`));
				}
			});
		});
		post.on('error', (error) => this.#end(error));
		post.end(body);
	}

	#arrive(frame) {
		this.#arrived = Buffer.concat([this.#arrived, frame]);
		this.#wake();
	}

	#wake() {
		for (const wake of this.#readers.splice(0)) wake();
	}

	#end(error) {
		this.#error ??= error;
		this.transport.connections.delete(this);
		this.agent.destroy();
		this.#wake();
	}

	async read(into) {
		while (!this.#arrived.length) {
			if (this.#error) throw this.#error;
			await new Promise((done) => this.#readers.push(done));
		}
		const size = Math.min(into.length, this.#arrived.length);
		into.set(this.#arrived.subarray(0, size));
		this.#arrived = this.#arrived.subarray(size);
		return size;
	}

	close() {
		this.#end(new Error('closed'));
	}
}

class HttpTransport {
	connections = new Set();
	codecs = [];
	answers = 0;

	async connect(dc) {
		const connection = new HttpConnection(this, dc);
		this.connections.add(connection);
		return connection;
	}

	packetCodec() {
		const codec = new IntermediatePacketCodec();
		const number = this.codecs.push(codec) - 1;
		const tag = new Uint8Array(new Uint32Array([number]).buffer);
		codec.tag = () => tag;
		return codec;
	}
}

// All sessions of a client, in what the library keeps to itself.
function* sessionsOf(client) {
	for (const dc of client._client.mt.network._dcConnections.values())
		for (const kind of ['main', 'upload', 'download', 'downloadSmall']) yield* dc[kind]?._connections ?? [];
}

export class MtcuteHttp extends Mtcute {
	static label = 'mtcute over HTTP';
	polls = 0;
	listening = new WeakSet();

	async makeClient() {
		const params = await this.clientParams();
		this.transport = new HttpTransport();
		clearInterval(this.poller);
		this.poller = setInterval(() => this.#poll(), POLL_EVERY_MS);
		return new TelegramClient({ ...params, transport: this.transport });
	}

	// The library notices by its connection alone that it may have missed something, and hears new_session_created in
	// vain (it never notes the first one). Here a restart between two polls is seen by nothing else.
	#listen(session) {
		if (this.listening.has(session)) return;
		this.listening.add(session);
		const heard = session._onNewSessionCreated;
		session._onNewSessionCreated = (message) => {
			heard.call(session, message);
			if (!session.params.disableUpdates) session.onUpdate.emit({ _: 'updatesTooLong' });
		};
	}

	#poll() {
		for (const session of this.client ? sessionsOf(this.client) : []) {
			this.#listen(session);
			// The library does not close what a transport error ended: the last one is in use.
			const connection = [...this.transport.connections].findLast(({ codec }) => codec === session._codec);
			const { _authKey: key, _authKeyTemp: temporary } = session._session;
			if (!connection || connection.waiting || !key.ready || session._isPfsBindingPending) continue;
			if (this.pfs && !temporary.ready) continue;
			if (session._session.queuedAcks.length) session._flush();
			else this.#ask(session);
		}
	}

	#ask(session) {
		const writer = TlBinaryWriter.alloc(session._writerMap, 64);
		session._session.writeMessage(writer, { _: 'mt_http_wait', maxDelay: 50, waitAfter: 10, maxWait: 25000 }, false);
		this.polls++;
		session.send(session._session.encryptMessage(writer.result()));
	}

	// Nothing but a long poll is under way.
	async idle() {
		await waitFor('a long poll', () => [...this.transport.connections].some(({ waiting }) => waiting === 1));
	}

	async close() {
		clearInterval(this.poller);
		await super.close();
		for (const connection of [...this.transport.connections]) connection.close();
	}
}
