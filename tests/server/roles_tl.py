# SPDX-License-Identifier: Apache-2.0
"""The smallest query of every method, from the schema that tlc wrote (schema.json): what is required and nothing else, with
the peers that the caller gives. Encodes only; answers stay bytes."""
import json
import struct

LAYER = 228
VECTOR = 0x1cb5c415
# Where a number of zero would be refused before anybody looks at the peer.
NUMBERS = {'limit': 10, 'api_id': 1, 'period': 86400, 'ttl': 86400, 'random_id': None}


class Schema:
    def __init__(self, path):
        forms = json.loads(path.read_text())['forms']
        self.all_forms = forms
        current = [f for f in forms if not f['idOnly'] and not f['protocol'] and f['last'] is None]
        self.methods = {f['name']: f for f in current if f['kind'] == 'method'}
        self.constructors = {f['name']: f for f in current if f['kind'] == 'constructor'}
        self.types = {}
        for form in self.constructors.values():
            self.types.setdefault(form['result'], []).append(form)
        self.random = 1

    def takes(self, method, tl_type):
        """The names of the required fields of that type, or that are vectors of it."""
        return [f['name'] for f in self.methods[method]['fields'] if f['type'] in (tl_type, f'Vector<{tl_type}>') and not f['flag']]

    def encode(self, name, values=None, peers=None):
        """values: for fields by name, encoded already or plain. peers: TL type -> encoded object to use for it."""
        form = self.methods.get(name) or self.constructors[name]
        out = [struct.pack('<I', int(form['id'], 16))]
        for field in form['fields']:
            given = (values or {}).get(field['name'])
            if field['type'] == '#':
                bits = sum(1 << int(f['flag'].split('.')[1]) for f in form['fields']
                           if f['flag'] and f['flag'].split('.')[0] == field['name'] and (values or {}).get(f['name']) is not None)
                out.append(struct.pack('<I', bits))
            elif field['flag'] and given is None:
                continue
            elif field['type'] != 'true':
                out.append(self.value(field['type'], field['name'], given, peers or {}))
        return b''.join(out)

    def value(self, tl_type, name, given, peers):
        if isinstance(given, bytes) and tl_type not in ('string', 'bytes'):
            return given
        if tl_type.startswith(('Vector<', 'vector<')):
            inner = tl_type[7:-1]
            items = given if given is not None else [None] if inner in peers or inner == 'InputDialogPeer' else []
            return struct.pack('<II', VECTOR, len(items)) + b''.join(self.value(inner, name, item, peers) for item in items)
        if tl_type in peers:
            return peers[tl_type]
        if tl_type == 'int':
            return struct.pack('<i', given if given is not None else NUMBERS.get(name) or 0)
        if tl_type == 'long':
            self.random += name == 'random_id'
            return struct.pack('<q', given if given is not None else self.random if name == 'random_id' else 0)
        if tl_type == 'double':
            return struct.pack('<d', given or 0)
        if tl_type in ('string', 'bytes'):
            return text(given if given is not None else b'')
        if tl_type == 'Bool':
            return struct.pack('<I', 0x997275b5 if given else 0xbc799737)
        if tl_type in ('int128', 'int256'):
            return bytes(16 if tl_type == 'int128' else 32)
        return self.smallest(tl_type, peers, 0)

    def smallest(self, tl_type, peers, depth):
        """The constructor with the fewest required fields; one that holds a peer where one is asked for."""
        options = sorted(self.types.get(tl_type, []), key=lambda f: (not self.holds(f, peers), sum(not x['flag'] for x in f['fields'])))
        if not options or depth > 6:
            raise LookupError(tl_type)
        return self.encode(options[0]['name'], None, peers)

    @staticmethod
    def holds(form, peers):
        return any(f['type'] in peers and not f['flag'] for f in form['fields'])


def text(value):
    value = value.encode() if isinstance(value, str) else value
    head = bytes([len(value)]) if len(value) < 254 else struct.pack('<I', 254 | len(value) << 8)
    return head + value + bytes(-(len(head) + len(value)) % 4)
