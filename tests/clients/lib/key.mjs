// SPDX-License-Identifier: Apache-2.0
// The server's public key as clients want it that have no way to read a PEM.
import { createHash, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';

function tlBytes(bytes) {
	const head = bytes.length < 254 ? Buffer.from([bytes.length])
		: Buffer.from([254, bytes.length & 255, (bytes.length >> 8) & 255, bytes.length >> 16]);
	const whole = Buffer.concat([head, bytes]);
	return Buffer.concat([whole, Buffer.alloc((4 - (whole.length % 4)) % 4)]);
}

// {modulus, exponent: Buffer, fingerprint: BigInt without sign}. The fingerprint is the last 8 bytes
// of SHA-1 over modulus and exponent as TL bytes.
export function serverKey(server) {
	const jwk = createPublicKey(readFileSync(server.pem)).export({ format: 'jwk' });
	const [modulus, exponent] = [jwk.n, jwk.e].map((number) => Buffer.from(number, 'base64url'));
	const sha = createHash('sha1').update(Buffer.concat([tlBytes(modulus), tlBytes(exponent)])).digest();
	return { modulus, exponent, fingerprint: sha.subarray(-8).readBigUInt64LE() };
}
