// SPDX-License-Identifier: Apache-2.0
// The suite `clients`: every scenario as a process with a server of its own and a hard end, as many at once
// as there are cores. Lines as tests/run.py reads them, a scenario's together when it has ended.
//
//     node tests/clients/run.mjs [SCENARIO...]
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DELAY_MS } from './lib/slow_line.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const LIMIT_MS = 15 * 60000 * (1 + DELAY_MS / 100);
const AT_ONCE = Math.min(availableParallelism(), 4);
// Minutes of mouse and keys on a virtual screen: asked for by name, or with LONTAR_SCREEN=1.
const BY_NAME = ['tdesktop', 'tdesktop_community', 'tdesktop_http', 'tdesktop_screens'];

function missing() {
	if (!existsSync(join(HERE, '../node_modules/tdl'))) return 'the npm packages are not installed (npm ci in tests/)';
	if (!existsSync(join(HERE, '../venv/.installed'))) return 'Telethon is not installed (./dev test does it)';
	if (process.arch !== 'x64' || process.platform !== 'linux') return 'TDLib is packaged for x86-64 Linux here';
	return null;
}

// The libraries chat; what they say is no result.
const named = (name, text) => text.replace(/^(ok|not ok|skip) /gm, `$1 ${name}: `);

function run(name) {
	return new Promise((done) => {
		const child = spawn(process.execPath, [join(HERE, 'scenarios', `${name}.mjs`)], { stdio: ['ignore', 'pipe', 'pipe'] });
		let text = '';
		const timer = setTimeout(() => {
			text += `not ok ended within ${LIMIT_MS / 60000} minutes\n`;
			child.kill('SIGKILL');
		}, LIMIT_MS);
		for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (chunk) => { text += chunk; });
		child.on('close', (code, signal) => {
			clearTimeout(timer);
			if (code !== 0 && !/^not ok/m.test(text)) text += `not ok ended with ${signal ?? `status ${code}`}\n`;
			process.stdout.write(named(name, text));
			done(code === 0);
		});
	});
}

const all = readdirSync(join(HERE, 'scenarios')).map((file) => file.replace(/\.mjs$/, ''));
const asked = process.argv.slice(2);
const wanted = (asked.length ? asked : all).filter((name) => asked.length || process.env.LONTAR_SCREEN || !BY_NAME.includes(name)).sort();
for (const name of asked.length ? [] : all.filter((each) => !wanted.includes(each)))
	console.log(`skip ${name}: run it by node tests/clients/run.mjs ${name}`);
const why = missing();
let failed = 0;

async function worker() {
	for (let name; (name = wanted.shift());) {
		if (why) console.log(`skip ${name}: ${why}`);
		else if (!(await run(name))) failed++;
	}
}

await Promise.all(Array.from({ length: AT_ONCE }, worker));
process.exit(failed ? 1 : 0);
