// SPDX-License-Identifier: Apache-2.0
// A file in MaxMind's format that knows the countries of a few IPv4 addresses.
// https://maxmind.github.io/MaxMind-DB/
const SEPARATOR = 16;

const head = (type, size) => (type > 7 ? Buffer.from([size, type - 7]) : Buffer.from([(type << 5) | size]));
const string = (text) => Buffer.concat([head(2, text.length), Buffer.from(text)]);
const map = (entries) => Buffer.concat([head(7, entries.length), ...entries.flatMap(([key, value]) => [string(key), value])]);
const number = (type, value) => {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32BE(value);
	const from = bytes.findIndex((byte) => byte !== 0);
	const short = from < 0 ? Buffer.alloc(0) : bytes.subarray(from);
	return Buffer.concat([head(type, short.length), short]);
};
const uint16 = (value) => number(5, value), uint32 = (value) => number(6, value), uint64 = (value) => number(9, value);

// countries: {'127.0.0.2': 'ID'}
export function mmdb(countries) {
	const nodes = [[null, null]];
	const data = [];
	let size = 0;
	for (const [address, code] of Object.entries(countries)) {
		const bits = address.split('.').map((part) => Number(part).toString(2).padStart(8, '0')).join('');
		let at = 0;
		for (const bit of bits.slice(0, -1)) {
			nodes[at][bit] ??= nodes.push([null, null]) - 1;
			at = nodes[at][bit];
		}
		nodes[at][bits.at(-1)] = { offset: size };
		data.push(map([['country', map([['iso_code', string(code)]])]]));
		size += data.at(-1).length;
	}
	const tree = Buffer.alloc(nodes.length * 6);
	const record = (value) => (value === null ? nodes.length : typeof value === 'number' ? value : nodes.length + SEPARATOR + value.offset);
	nodes.forEach((pair, i) => pair.forEach((value, side) => tree.writeUIntBE(record(value), i * 6 + side * 3, 3)));
	return Buffer.concat([tree, Buffer.alloc(SEPARATOR), ...data, Buffer.from('abcdef', 'hex'), Buffer.from('MaxMind.com'), map([
		['binary_format_major_version', uint16(2)], ['binary_format_minor_version', uint16(0)], ['build_epoch', uint64(1795000000)],
		['database_type', string('Test-Country')], ['description', map([['en', string('test')]])], ['ip_version', uint16(4)],
		['languages', Buffer.concat([head(11, 1), string('en')])], ['node_count', uint32(nodes.length)], ['record_size', uint16(24)],
	])]);
}
