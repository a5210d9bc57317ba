// SPDX-License-Identifier: Apache-2.0
// mtcute's build for browsers, over WebSocket, over a killed messenger and a restarted server.
import { scenario } from '../lib/cases.mjs';
import { MtcuteWeb } from '../lib/mtcute_web.mjs';
import { overRestarts } from '../lib/restart.mjs';

await scenario({}, (s) => overRestarts(s, [
	{ label: 'mtcute web', Client: MtcuteWeb },
	{ label: 'mtcute web with temporary keys', Client: MtcuteWeb, settings: { pfs: true } },
]));
