// SPDX-License-Identifier: Apache-2.0
// Telethon over a killed messenger and a restarted server, in each of its TCP modes.
import { scenario } from '../lib/cases.mjs';
import { overRestarts } from '../lib/restart.mjs';
import { Telethon } from '../lib/telethon.mjs';

const MODES = ['full', 'abridged', 'intermediate', 'obfuscated', 'obfuscated intermediate', 'obfuscated padded'];

await scenario({ minutes: 3 }, (s) => overRestarts(s, MODES.map((mode) => ({ label: `Telethon, ${mode}`, Client: Telethon, settings: { mode } }))));
