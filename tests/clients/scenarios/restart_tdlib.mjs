// SPDX-License-Identifier: Apache-2.0
// TDLib over a killed messenger and a restarted server, also with temporary keys and on its test DC.
import { scenario } from '../lib/cases.mjs';
import { overRestarts } from '../lib/restart.mjs';
import { Tdlib } from '../lib/tdlib.mjs';

await scenario({ minutes: 3 }, (s) => overRestarts(s, [
	{ label: 'TDLib', Client: Tdlib },
	{ label: 'TDLib with temporary keys', Client: Tdlib, settings: { pfs: true } },
	{ label: 'TDLib on a test DC', Client: Tdlib, settings: { testDc: true } },
]));
