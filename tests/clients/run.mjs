// SPDX-License-Identifier: Apache-2.0
// The suite `clients`: every scenario as a process of its own, with a hard end. Lines as tests/run.py
// reads them.
//
//     node tests/clients/run.mjs [SCENARIO...]
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const HERE = dirname(fileURLToPath(import.meta.url));
const LIMIT_MS = 6 * 60000;
// A minute of mouse and keys on a virtual screen: asked for by name, or with LONTAR_SCREEN=1.
const BY_NAME = ['tdesktop', 'tdesktop_http'];

function missing() {
	if (!existsSync(join(HERE, '../node_modules/tdl'))) return 'the npm packages are not installed (npm ci in tests/)';
	if (process.arch !== 'x64' || process.platform !== 'linux') return 'TDLib is packaged for x86-64 Linux here';
	return null;
}

function run(name) {
	return new Promise((done) => {
		const child = spawn(process.execPath, [join(HERE, 'scenarios', `${name}.mjs`)], { stdio: ['ignore', 'pipe', 'pipe'] });
		const timer = setTimeout(() => {
			console.log(`not ok ${name} ended within ${LIMIT_MS / 60000} minutes`);
			child.kill('SIGKILL');
		}, LIMIT_MS);
		let failed = false;
		createInterface({ input: child.stdout }).on('line', (line) => {
			failed ||= line.startsWith('not ok');
			// The libraries chat; what they say is no result.
			console.log(line.replace(/^(ok|not ok|skip) /, `$1 ${name}: `));
		});
		child.stderr.on('data', (chunk) => process.stdout.write(chunk));
		child.on('close', (code, signal) => {
			clearTimeout(timer);
			if (code !== 0 && !failed) console.log(`not ok ${name}: ended with ${signal ?? `status ${code}`}`);
			done(code === 0);
		});
	});
}

const all = readdirSync(join(HERE, 'scenarios')).map((file) => file.replace(/\.mjs$/, ''));
const named = process.argv.slice(2);
const wanted = (named.length ? named : all).filter((name) => named.length || process.env.LONTAR_SCREEN || !BY_NAME.includes(name)).sort();
for (const name of named.length ? [] : all.filter((each) => !wanted.includes(each)))
	console.log(`skip ${name}: run it by node tests/clients/run.mjs ${name}`);
const why = missing();
let failed = 0;
for (const name of wanted) {
	if (why) console.log(`skip ${name}: ${why}`);
	else if (!(await run(name))) failed++;
}
process.exit(failed ? 1 : 0);
