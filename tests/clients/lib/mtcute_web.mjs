// SPDX-License-Identifier: Apache-2.0
// mtcute's build for browsers, over WebSocket /apiws, in Node: what it wants of a page is stood in for.
// Import it only in a process of its own: it changes globalThis.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { webcrypto } from 'node:crypto';
import { dirname, join } from 'node:path';
import WebSocket from 'ws';
import { Mtcute } from './mtcute.mjs';

const require = createRequire(import.meta.url);
const HERE = join(dirname(require.resolve('@mtcute/node')), '../web');

globalThis.self = globalThis;
globalThis.window = globalThis;
globalThis.location = { protocol: 'https:' };
globalThis.addEventListener ??= () => {};
globalThis.removeEventListener ??= () => {};
globalThis.crypto ??= webcrypto;
globalThis.WebSocket ??= WebSocket;
Object.defineProperty(globalThis, 'navigator', { value: { userAgent: 'node', onLine: true }, configurable: true });

const { TelegramClient, WebCryptoProvider, WebSocketTransport } = await import('@mtcute/web');
const { addPublicKey } = await import(join(HERE, 'node_modules/@mtcute/core/utils.js'));
const { MemoryStorage } = await import(join(HERE, 'node_modules/@mtcute/core/index.js'));
const wasm = new WebAssembly.Module(readFileSync(join(HERE, 'node_modules/@mtcute/wasm/mtcute.wasm')));

export class MtcuteWeb extends Mtcute {
	static label = 'mtcute web';

	newStorage() {
		return new MemoryStorage();
	}

	async makeClient() {
		const { clientPort: port, tls } = this.server;
		const crypto = new WebCryptoProvider({ crypto: globalThis.crypto, wasmInput: wasm });
		await crypto.initialize();
		addPublicKey(crypto, readFileSync(this.server.pem, 'utf8'));
		// The library composes wss://HOST/apiws of its own; only the host is ours.
		const Socket = class extends WebSocket {
			constructor(url, protocols) {
				super(url.replace(/^wss:\/\/[^/]+/, `${tls ? 'wss' : 'ws'}://127.0.0.1:${port}`), protocols, { rejectUnauthorized: false });
			}
		};
		return new TelegramClient({
			apiId: 12345, apiHash: '0123456789abcdef0123456789abcdef', storage: this.storage, crypto,
			transport: new WebSocketTransport({ ws: Socket }), network: { usePfs: this.pfs }, updates: this.updates, logLevel: Number(process.env.MTCUTE_LOG ?? 0),
		});
	}
}
