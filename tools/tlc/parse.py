# SPDX-License-Identifier: Apache-2.0
"""Reads schema files into forms and directives. A form is one line: one constructor or method in the
layers that its trailing comment names. What the forms of one name have in common is model.py's matter.

    name#hexid field:type flag:flags.3?type = Result; // 152..197
    //@ directive word word ...
"""

import re
import zlib

LAYER_NEWEST = 0xFFFF

LINE = re.compile(
    r'^(?P<name>[a-zA-Z_][\w.]*)#(?P<id>[0-9a-f]{8})(?P<args> .*)? = (?P<result>[\w.<>% ]+);'
    r'(?:\s*//\s*(?P<first>\d+)\.\.(?P<last>\d*))?$')
FIELD = re.compile(r'^(?P<name>\w+):(?:(?P<word>flags\d*)\.(?P<bit>\d+)\?)?(?P<type>[!#%\w.<>]+)$')


class SchemaError(Exception):
    """A fault in the schema: what and where, for the person who edits it."""


class Field:
    def __init__(self, name, tl_type, word, bit):
        self.name = name
        self.type = tl_type
        self.word = word  # name of the flags field that says whether this one is present, or None
        self.bit = bit


class Form:
    def __init__(self, where, name, form_id, fields, result, layers, is_method, text):
        self.where = where
        self.name = name
        self.id = form_id
        self.fields = fields
        self.result = result
        self.first, self.last = layers
        self.is_method = is_method
        self.text = text  # the line without layers, as it is hashed
        self.protocol = False  # belongs to MTProto itself: no handler in api/
        self.id_only = False  # only the id is generated

    def valid_in(self, layer):
        return self.first <= layer <= self.last


class Directives:
    def __init__(self):
        self.fixed_ids = set()
        self.id_only = set()
        self.defaults = {}  # type -> constructor for required but absent values
        self.substitutes = {}  # type -> constructor for what the layer does not know
        self.wholes = set()  # constructors that a layer knows only with all objects that they require
        self.unwraps = {}  # constructor -> how a result is given to older layers

    def take(self, where, words):
        kind, rest = words[0], words[1:]
        if kind == 'fixed-id':
            self.fixed_ids.update(rest)
        elif kind == 'id-only':
            self.id_only.update(rest)
        elif kind == 'default' and len(rest) == 2:
            self.defaults[rest[0]] = rest[1]
        elif kind == 'substitute' and len(rest) == 2:
            self.substitutes[rest[0]] = rest[1]
        elif kind == 'whole':
            self.wholes.update(rest)
        elif kind == 'unwrap' and len(rest) == 2:
            self.unwraps[rest[0]] = rest[1]
        else:
            raise SchemaError(f'{where}: unknown directive {" ".join(words)}')


def constructor_id(text):
    """CRC32 of the normalised line. `true` fields are left out: they were added over time without a new
    id; `bytes` counts as `string` where it is a field's own type."""
    line = re.sub(r'#[0-9a-f]+(?=\s)', '', text.rstrip(';'), count=1)
    line = re.sub(r' \w+:flags\d*\.\d+\?true(?= )', '', line)
    line = re.sub(r'[<>]', ' ', line).replace('{', '').replace('}', '')
    line = re.sub(r'(?<=[:?])bytes(?= )', 'string', line)
    return zlib.crc32(re.sub(r' +', ' ', line).strip().encode('ascii'))


def parse_field(where, word):
    match = FIELD.match(word)
    if not match:
        raise SchemaError(f'{where}: not a field: {word}')
    bit = match['bit']
    return Field(match['name'], match['type'], match['word'], int(bit) if bit is not None else None)


def parse_line(where, line, is_method, directives):
    match = LINE.match(line)
    if not match:
        raise SchemaError(f'{where}: not a TL line: {line}')
    text = line.split(';')[0]
    form_id = int(match['id'], 16)
    if match['name'] not in directives.fixed_ids and constructor_id(text) != form_id:
        raise SchemaError(f'{where}: id {form_id:08x} but the line hashes to {constructor_id(text):08x}: {text}')
    id_only = match['name'] in directives.id_only
    words = [] if id_only else [w for w in (match['args'] or '').split() if not w.startswith('{')]
    fields = [parse_field(where, word) for word in words]
    words_seen = set()
    for field in fields:
        if field.type == '#':
            words_seen.add(field.name)
        if field.word and field.word not in words_seen:
            raise SchemaError(f'{where}: {field.name} needs {field.word} before it')
        if field.bit is not None and field.bit > 31:
            raise SchemaError(f'{where}: {field.name} has bit {field.bit}')
    if match['first'] is None:
        layers = (0, LAYER_NEWEST)
    else:
        layers = (int(match['first']), int(match['last'] or LAYER_NEWEST))
    form = Form(where, match['name'], form_id, fields, match['result'], layers, is_method, text)
    form.id_only = id_only
    return form


def parse_file(path, directives):
    forms = []
    is_method = protocol = False
    with open(path, encoding='ascii') as file:
        for number, line in enumerate(file, 1):
            line = line.strip()
            where = f'{path}:{number}'
            if line == '//@ no-handlers':
                protocol = True
            elif line.startswith('//@'):
                directives.take(where, line[3:].split())
            elif line == '---functions---':
                is_method = True
            elif line == '---types---':
                is_method = False
            elif line and not line.startswith('//'):
                form = parse_line(where, line, is_method, directives)
                form.protocol = protocol
                forms.append(form)
    return forms


def parse_files(paths):
    directives = Directives()
    forms = []
    for path in paths:
        forms += parse_file(path, directives)
    return forms, directives
