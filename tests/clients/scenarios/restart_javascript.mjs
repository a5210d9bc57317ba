// SPDX-License-Identifier: Apache-2.0
// The libraries for Node over a killed messenger and a restarted server.
import { scenario } from '../lib/cases.mjs';
import { Gramjs, Teleproto } from '../lib/gramjs.mjs';
import { Mtcute } from '../lib/mtcute.mjs';
import { overRestarts } from '../lib/restart.mjs';

await scenario({}, (s) => overRestarts(s, [
	{ label: 'mtcute', Client: Mtcute },
	{ label: 'mtcute with temporary keys', Client: Mtcute, settings: { pfs: true } },
	{ label: 'GramJS', Client: Gramjs },
	{ label: 'GramJS, obfuscated', Client: Gramjs, settings: { obfuscated: true } },
	{ label: 'teleproto', Client: Teleproto },
	{ label: 'teleproto, obfuscated', Client: Teleproto, settings: { obfuscated: true } },
]));
