// SPDX-License-Identifier: Apache-2.0
// A network in which a client reaches the server over HTTP on port 80 and in no other way: a namespace of its
// own, where one relay listens, which passes on what begins like HTTP and closes the rest. A socket in a folder
// leads out of it. Needs root.
//
//     node http_only.mjs SOCKET      inside; ready when it prints a line
import { execFileSync } from 'node:child_process';
import { connect, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

const PORT = 80;
const HERE = fileURLToPath(import.meta.url);

function join(from, to) {
	for (const [one, other] of [[from, to], [to, from]]) {
		one.on('error', () => other.destroy());
		one.on('close', () => other.destroy());
	}
	from.pipe(to).pipe(from);
}

export function whatIsMissing() {
	try {
		execFileSync('unshare', ['--net', 'ip', 'link', 'set', 'lo', 'up'], { stdio: 'ignore' });
		return null;
	} catch {
		return 'a network of its own needs unshare, ip and root';
	}
}

// The outer end. Counts what came.
export class HttpOnly {
	connections = 0;
	posts = 0;

	constructor(server, socket) {
		this.socket = socket;
		this.outside = createServer((inner) => {
			this.connections++;
			inner.on('data', (chunk) => { this.posts += chunk.toString('latin1').split('POST /api HTTP/1.1').length - 1; });
			join(inner, connect(server.clientPort, '127.0.0.1'));
		});
	}

	async open() {
		await new Promise((done) => this.outside.listen(this.socket, done));
	}

	// In front of a command line.
	get prefix() {
		const inside = `ip link set lo up; ${process.execPath} ${HERE} ${this.socket} & exec "$@"`;
		return ['unshare', '--net', 'sh', '-c', inside, 'sh'];
	}

	close() {
		this.outside.close();
	}
}

if (process.argv[1] === HERE) {
	const [, , socket] = process.argv;
	createServer((client) => {
		client.on('error', () => client.destroy());
		client.once('data', (first) => {
			if (!/^(POST|OPTI|GET )/.test(first.toString('latin1'))) {
				client.destroy();
				return;
			}
			client.pause();
			client.unshift(first);
			join(client, connect(socket));
		});
	}).listen(PORT, '::', () => console.log('ready'));
}
