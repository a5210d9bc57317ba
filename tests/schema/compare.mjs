// SPDX-License-Identifier: Apache-2.0
// Compares every line that Lontar serves, in every layer that an independent source describes, with that
// source: name, id, every field with its flag and type, result. Also says where a source has a form that
// our layer ranges deny.
//
//     node tests/schema/compare.mjs SCHEMA.JSON [NODE_MODULES] [EXTRA...]
//
// SCHEMA.JSON is made by tlc (src/tl/schema.json in the build folder). NODE_MODULES (or the environment's
// LONTAR_NODE_MODULES) holds @mtcute/core, @mtcute/tl, teleproto, telegram, as many as are installed; at
// least one must be there. EXTRA are further copies of @mtcute/tl. Exit 1 on any difference.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

// Where a source itself departs from the protocol's schema: its own additions, or fields of a later layer.
// `source name`: the fields of theirs that are left out of the comparison.
const SOURCE_EXTRAS = {
	'@mtcute/tl 221 messageService': ['legacy_ios'],
	'@mtcute/core 227 messageReplyHeader': ['reply_to_ephemeral'],
};

// Older forms that are left out on purpose: they answer a type that the newer answer can't be mapped down to,
// and the client bears that the method isn't served.
const LEFT_OUT = new Set(['method stories.getPeerMaxIDs', 'method stories.canSendStory']);

const [schemaPath, modulesArgument, ...extra] = process.argv.slice(2);
const modules = modulesArgument ?? process.env.LONTAR_NODE_MODULES;
if (!schemaPath || !modules) {
	console.error('usage: compare.mjs SCHEMA.JSON NODE_MODULES [EXTRA...]');
	process.exit(2);
}

function fieldText(name, flag, type) {
	return `${name}:${flag ? flag + '?' : ''}${type}`;
}

function fromJson(entry) {
	const typeText = (type, modifiers = {}) => {
		let text = type === 'int53' ? 'long' : type;
		if (modifiers.isBareUnion) text = modifiers.constructor?.name ?? text;
		if (modifiers.isVector) text = `Vector<${text}>`;
		if (modifiers.isBareVector) text = `vector<${text}>`;
		return text;
	};
	return {
		name: entry.name,
		kind: entry.kind === 'method' ? 'method' : 'constructor',
		id: (entry.id >>> 0).toString(16).padStart(8, '0'),
		fields: entry.arguments.map((a) =>
			fieldText(a.name, a.typeModifiers?.predicate, typeText(a.type, a.typeModifiers))),
		result: typeText(entry.type, entry.typeModifiers),
	};
}

function* fromText(text) {
	let kind = 'constructor';
	for (let line of text.split('\n')) {
		line = line.replace(/\/\/.*/, '').trim();
		if (line.startsWith('---')) kind = line.includes('functions') ? 'method' : 'constructor';
		const match = /^([\w.]+)#([0-9a-f]+)(?: (.*?))? ?= ?([\w.<> %]+);$/.exec(line);
		if (!match) continue;
		const words = (match[3] ?? '').split(/ +/).filter((w) => w && !w.startsWith('{'));
		yield { name: match[1], kind, id: match[2].padStart(8, '0'), fields: words, result: match[4] };
	}
}

const key = (form) => `${form.kind} ${form.name}`;
const byKey = (forms) => new Map([...forms].map((form) => [key(form), form]));

function jsonSource(label, folder) {
	const path = existsSync(join(folder, 'tl/api-schema.json'))
		? join(folder, 'tl/api-schema.json') : join(folder, 'api-schema.json');
	if (!existsSync(path)) return null;
	const { l, e } = JSON.parse(readFileSync(path, 'utf8'));
	return { label: `${label} ${l}`, layer: l, forms: byKey(e.map(fromJson)) };
}

async function textSource(label, layer) {
	const path = join(modules, label, 'tl/apiTl.js');
	if (!existsSync(path)) return null;
	const module = await import('file://' + path);
	const text = module.default?.default ?? module.default;
	return { label: `${label} ${layer}`, layer, forms: byKey(fromText(text)) };
}

async function sources() {
	const found = [
		jsonSource('@mtcute/core', join(modules, '@mtcute/core')),
		jsonSource('@mtcute/core', join(modules, 'mtcute-core-228')),
		jsonSource('@mtcute/tl', join(modules, '@mtcute/tl')),
		jsonSource('@mtcute/tl', join(modules, '@mtcute/web/node_modules/@mtcute/tl')),
		...extra.map((folder) => jsonSource('@mtcute/tl', folder)),
		await textSource('teleproto', 214),
		await textSource('telegram', 198),
	];
	return found.filter((source) => source);
}

// The protocol's own constructors: @mtcute has them with a prefix, and `bytes` where others say `string`.
function protocolSource() {
	for (const path of ['@mtcute/core/tl/mtp-schema.json', '@mtcute/tl/mtp-schema.json']) {
		if (!existsSync(join(modules, path))) continue;
		const parsed = JSON.parse(readFileSync(join(modules, path), 'utf8'));
		const entries = Array.isArray(parsed) ? parsed : parsed.e;
		const plain = (type) => type.replace('mt_', '');
		return {
			label: path, layer: null,
			forms: byKey(entries.map((e) => fromJson({
				...e, name: plain(e.name), type: plain(e.type),
				arguments: e.arguments.map((a) => ({ ...a, type: plain(a.type) })),
			}))),
		};
	}
	return null;
}

const served = JSON.parse(readFileSync(schemaPath, 'utf8')).forms.filter((form) => !form.idOnly);
const ours = (form) => ({
	...form, fields: form.fields.map((f) => fieldText(f.name, f.flag, f.type)),
});
let differences = 0;

function differ(source, name, what) {
	differences++;
	console.log(`${source.label}: ${name}: ${what}`);
}

// Spellings of the same wire form that differ between the sources of the protocol's own schema.
function loosen(word) {
	return word.replace(/:bytes$/, ':string').toLowerCase();
}

function compareForm(source, form, theirs, loose) {
	const left = SOURCE_EXTRAS[`${source.label} ${form.name}`] ?? [];
	const line = (f) => [...f.fields.filter((x) => !left.includes(x.split(':')[0])), '=', f.result]
		.map((word) => (loose ? loosen(word) : word)).join(' ');
	if (form.id !== theirs.id) differ(source, form.name, `id ${form.id}, there ${theirs.id}`);
	else if (line(ours(form)) !== line(theirs))
		differ(source, form.name, `\n  ours:   ${line(ours(form))}\n  theirs: ${line(theirs)}`);
}

function compareLayer(source) {
	let compared = 0;
	const valid = new Map();
	for (const form of served.filter((f) => !f.protocol)) {
		const here = form.first <= source.layer && (form.last === null || source.layer <= form.last);
		if (here) valid.set(key(form), form);
		else if (!valid.has(key(form))) valid.set(key(form), null);
	}
	for (const [name, form] of valid) {
		const theirs = source.forms.get(name);
		if (form && !theirs) differ(source, name, 'not there');
		else if (!form && theirs && !LEFT_OUT.has(name)) differ(source, name, 'is there, but our layers leave it out');
		else if (form) {
			compareForm(source, form, theirs, false);
			compared++;
		}
	}
	return compared;
}

const list = await sources();
if (list.length === 0) {
	console.error(`no source found in ${modules}`);
	process.exit(2);
}
// A line per source, as tests/run.py counts them.
function report(source, compare) {
	const before = differences;
	const compared = compare(source);
	console.log(`${differences === before ? 'ok' : 'not ok'} ${source.label}: ${compared} lines compared`);
}

for (const source of list) report(source, compareLayer);

function compareProtocol(protocol) {
	let compared = 0;
	for (const form of served.filter((f) => f.protocol)) {
		const theirs = protocol.forms.get(key(form));
		if (!theirs) continue; // some are only in other sources; their ids are hashed by tlc
		compareForm(protocol, form, theirs, true);
		compared++;
	}
	return compared;
}

const protocol = protocolSource();
if (protocol) report(protocol, compareProtocol);
console.log(`${differences} differences`);
process.exit(differences ? 1 : 0);
