// SPDX-License-Identifier: Apache-2.0
// Secrets as proxy links carry them.
import { randomBytes } from 'node:crypto';

const SITE = 'www.example.org'; // never asked: strangers alone are passed on to it

export const newKey = () => randomBytes(16).toString('hex');

// dd: padded obfuscation; ee: the same in fake TLS that pretends to be SITE.
export const secretOf = (form, key) => `${form}${key}${form === 'ee' ? Buffer.from(SITE).toString('hex') : ''}`;

// For the server's lontar.ini.
export const proxySection = (key) => ({ proxy: { secrets: key, site: `${SITE}:443` } });
