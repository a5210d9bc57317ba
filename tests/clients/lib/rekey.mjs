// SPDX-License-Identifier: Apache-2.0
// Makes a copy of a client's binary that knows our key and our port instead of the public ones. Every
// replacement keeps its length. Nothing of the result is ever committed: it lies in the folder of the
// test's server and is removed with it.
//
//     node tests/clients/lib/rekey.mjs BINARY OUT PEM PORT
//
// The first octet of each address becomes 127, so that each DC keeps an address of its own, all of them
// on this machine. Names that clients ask for other ways to their servers end in .invalid.
import { createPublicKey } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';

const KEY_STARTS = ['MIIBCgKCAQEA6Lsz', 'MIIBCgKCAQEAyMEd']; // main and test; the third PEM is not a server's
const ADDRESSES = ['149.154.175.50', '149.154.167.51', '95.161.76.100', '149.154.175.100', '149.154.167.91',
	'149.154.171.5', '149.154.175.10', '149.154.167.40', '149.154.175.117'];
const FALLBACK_HOSTS = ['dns.google.com', 'dns.google', 'mozilla.cloudflare-dns.com',
	'firebaseremoteconfig.googleapis.com', 'firestore.googleapis.com', 'reserve-5a846.firebaseio.com',
	'tcdnb.azureedge.net', 'tapv3.stel.com', 'apv3.stel.com', 'software-download.microsoft.com',
	'www.google.com', '.googleapis.com'];
const TDESKTOP_PORTS = 17;
const LOOPBACK6 = '0000:0000:0000:0000:0000:0000:0000:0001';

class Copy {
	constructor(bytes) {
		this.bytes = Buffer.from(bytes);
	}

	put(offset, bytes) {
		Buffer.from(bytes).copy(this.bytes, offset);
	}

	offsets(needle, from = 0) {
		const found = [];
		for (let at = this.bytes.indexOf(needle, from); at >= 0; at = this.bytes.indexOf(needle, at + 1)) found.push(at);
		return found;
	}

	// Replaces all; `expected` is how many there must be, so that another build of the client is noticed.
	swap(what, from, to, expected) {
		const [old, fresh] = [Buffer.from(from), Buffer.from(to)];
		if (old.length !== fresh.length) throw new Error(`${what}: the length changes`);
		const places = this.offsets(old);
		if (expected !== undefined && places.length !== expected)
			throw new Error(`${what}: found ${places.length} times, expected ${expected}`);
		for (const at of places) this.put(at, fresh);
	}
}

const uint32 = (n) => {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32LE(n);
	return bytes;
};

// 149.154.167.51 -> 127.154.167.51; 95.161.76.100 -> 127.61.76.100: as long as before.
function loopback(address) {
	const [first, second, ...rest] = address.split('.');
	return ['127', first.length === 3 ? second : second.slice(1), ...rest].join('.');
}

function swapKeys(copy, pem) {
	const der = createPublicKey(pem).export({ type: 'pkcs1', format: 'der' });
	if (der.length !== 270) throw new Error('the key must have 2048 bits and the exponent 65537');
	const text = der.toString('base64');
	for (const start of KEY_STARTS) {
		const places = copy.offsets(start);
		if (places.length !== 1) throw new Error(`key ${start}: found ${places.length} times`);
		let at = places[0];
		for (let used = 0; used < text.length; at++) {
			if (copy.bytes[at] === 0x0a) continue; // line breaks stay where they are
			copy.bytes[at] = text.charCodeAt(used++);
		}
	}
}

// libc++ keeps short strings inside the instruction stream: twice the length, then the characters.
function swapTdlib(copy, port) {
	copy.swap('head of the IPv4 addresses', '\x1c149.154', '\x1c127.154', 1);
	copy.swap('second IPv4 head', '\x1a95.161.', '\x1a127.61.', 1);
	copy.swap('IPv6 addresses', '*2001:b2', '*::1\0\0\0\0', 5);
	copy.swap('further IPv6 addresses', '(2001:67', '(::1\0\0\0\0', 3);
	const web = copy.offsets(Buffer.concat([uint32(443), uint32(80)]))[0] ?? -1;
	const third = web < 0 ? -1 : copy.bytes.indexOf(uint32(5222), web);
	if (third < 0 || third - web > 32) throw new Error('ports: not found');
	copy.put(web, Buffer.concat([uint32(port), uint32(port)]));
	copy.put(third, uint32(port));
}

function swapTdesktop(copy, port) {
	for (const address of ADDRESSES)
		copy.swap(address, `\0${address}\0`, `\0${loopback(address)}\0`, 1);
	const text = copy.bytes.toString('latin1');
	for (const match of text.matchAll(/2001:0[b6][0-9a-f]{2}:[0-9a-f:]{29}\0/g)) copy.put(match.index, LOOPBACK6);
	// struct { int id (padded to a pointer), const char *ip, int port, int flags }
	const ports = [...text.matchAll(/[\x01-\x05]\0{7}[^]{8}\xbb\x01\0\0\0\0\0\0/g)];
	if (ports.length !== TDESKTOP_PORTS) throw new Error(`ports: found ${ports.length}, expected ${TDESKTOP_PORTS}`);
	for (const match of ports) copy.put(match.index + 16, uint32(port));
}

export function rekey(binary, out, pem, port) {
	const copy = new Copy(readFileSync(binary));
	swapKeys(copy, pem);
	if (copy.bytes.includes('\x1c149.154')) swapTdlib(copy, port);
	else swapTdesktop(copy, port);
	for (const host of FALLBACK_HOSTS) {
		const dot = host.startsWith('.') ? '.' : '';
		copy.swap(host, host, dot + 'x'.repeat(host.length - dot.length - 8) + '.invalid');
	}
	writeFileSync(`${out}.part`, copy.bytes);
	chmodSync(`${out}.part`, 0o755);
	renameSync(`${out}.part`, out);
}

// The copy for this server, made on first use; it goes with the server's folder, as its key does.
export function rekeyedCopy(binary, server) {
	const out = join(server.data, `rekeyed-${basename(binary)}`);
	if (!existsSync(out)) rekey(binary, out, readFileSync(server.pem, 'utf8'), server.clientPort);
	return out;
}

export function tdlibPath() {
	return createRequire(import.meta.url).resolve('@prebuilt-tdlib/linux-x64-glibc/libtdjson.so');
}

if (process.argv[1] && import.meta.url === `file://${process.argv[1]}`) {
	const [binary, out, pem, port] = process.argv.slice(2);
	rekey(binary, out, readFileSync(pem, 'utf8'), Number(port));
}
