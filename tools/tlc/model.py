# SPDX-License-Identifier: Apache-2.0
"""Merges the forms of each name into one superset, and checks what the C side relies on: every value
that a form requires can be made in each of its layers, results of older layers can be derived, no two
fields of a struct clash. What comes out is written as C by emit_c.py and emit_api.py."""

import re

from parse import LAYER_NEWEST, SchemaError

C_KEYWORDS = {
    'auto', 'bool', 'break', 'case', 'char', 'const', 'continue', 'default', 'do', 'double', 'else', 'enum',
    'extern', 'float', 'for', 'goto', 'if', 'inline', 'int', 'long', 'register', 'restrict', 'return',
    'short', 'signed', 'sizeof', 'static', 'struct', 'switch', 'typedef', 'union', 'unsigned', 'void',
    'volatile', 'while', 'unix', 'linux', 'o',
}
SCALARS = {
    'int': 'INT', 'long': 'LONG', 'double': 'DOUBLE', 'string': 'BYTES', 'bytes': 'BYTES', 'true': 'TRUE',
    'Bool': 'BOOL', 'int128': 'INT128', 'int256': 'INT256', '#': 'FLAGS', '!X': 'REST',
}
VECTORS = {'int': 'INTS', 'long': 'LONGS', 'string': 'STRINGS', 'bytes': 'STRINGS'}
VECTOR = re.compile(r'^([Vv])ector[< ]([%\w.]+)>?$')
NEEDS_HAS = {'INT', 'LONG', 'DOUBLE', 'BOOL', 'INT128', 'INT256'}


def c_name(name):
    return name.replace('.', '_')


class Member:
    """A field of the superset struct."""

    def __init__(self, name, kind, element):
        self.name = name
        self.kind = kind  # FLAGS and TRUE never: flags are not kept, true is BOOL
        self.element = element  # TL type of an object or of a vector's objects
        self.has = False  # needs has_<name>


class Slot:
    """A field of one form: where its value is kept and how it is written."""

    def __init__(self, field, kind, element):
        self.field = field
        self.kind = kind
        self.element = element
        self.member = None

    @property
    def required(self):
        return self.field.word is None


class Name:
    """One constructor or method over all its forms."""

    def __init__(self, name):
        self.name = name
        self.c = c_name(name)
        self.forms = []  # oldest first
        self.members = []

    @property
    def newest(self):
        return self.forms[-1]

    @property
    def is_method(self):
        return self.newest.is_method


def kind_of(where, tl_type, bare_names):
    """(kind, element type) of a field's type."""
    if tl_type in SCALARS:
        return SCALARS[tl_type], None
    match = VECTOR.match(tl_type)
    if match:
        boxed, element = match.groups()
        if element in bare_names and boxed == 'v':
            return 'BARES', element
        if boxed == 'v' or element.startswith('%') or element in ('Bool', 'double', 'int128', 'int256'):
            raise SchemaError(f'{where}: vector kind not supported: {tl_type}')
        return (VECTORS[element], None) if element in VECTORS else ('OBJECTS', element)
    if not re.match(r'^[\w.]+$', tl_type) or not tl_type.split('.')[-1][0].isupper():
        raise SchemaError(f'{where}: type not supported: {tl_type}')
    return 'OBJECT', tl_type


class Model:
    def __init__(self, forms, directives):
        self.directives = directives
        self.id_only = [form for form in forms if form.id_only]
        self.forms = [form for form in forms if not form.id_only]
        self.names = {}
        self.check_ids()
        for form in self.forms:
            self.names.setdefault(form.name, Name(form.name)).forms.append(form)
        self.constructors = [n for n in self.names.values() if not n.is_method]
        self.methods = [n for n in self.names.values() if n.is_method]
        self.layers = sorted({f.first for f in self.forms if f.first} |
                             {f.last + 1 for f in self.forms if f.last != LAYER_NEWEST})
        for name in self.names.values():
            self.merge(name)
            self.check_shared_ids(name)
        self.types = {}  # TL type -> names of constructors
        for name in self.constructors:
            for form in name.forms:
                self.types.setdefault(form.result, [])
                if name not in self.types[form.result]:
                    self.types[form.result].append(name)
        self.check_defaults()
        for method in self.methods:
            self.check_results(method)

    def check_ids(self):
        """An id belongs to one name. Forms that share an id differ in `true` fields only."""
        owner = {}
        for form in self.forms + self.id_only:
            other = owner.setdefault(form.id, form)
            if other.name != form.name:
                raise SchemaError(f'{form.where}: id of {form.name} is also {other.name}')

    def merge(self, name):
        name.forms.sort(key=lambda form: form.first)
        for older, newer in zip(name.forms, name.forms[1:]):
            if older.last >= newer.first:
                raise SchemaError(f'{newer.where}: layers overlap those of {older.where}')
            if older.is_method != newer.is_method:
                raise SchemaError(f'{newer.where}: a constructor and a method of one name')
        by_key = {}
        taken = set()
        bare = {n.name for n in self.names.values()}
        for form in reversed(name.forms):
            form.slots = []
            for field in form.fields:
                kind, element = kind_of(form.where, field.type, bare)
                slot = Slot(field, kind, element)
                form.slots.append(slot)
                if kind == 'FLAGS':
                    continue
                kept = 'BOOL' if kind == 'TRUE' else kind
                key = (field.name, kept, element)
                if key not in by_key:
                    by_key[key] = self.new_member(form, field, kept, element, taken)
                    name.members.append(by_key[key])
                slot.member = by_key[key]
                if kind in NEEDS_HAS and field.word:
                    slot.member.has = True
        for member in name.members:
            if member.has and f'has_{member.name}' in taken:
                raise SchemaError(f'{name.newest.where}: has_{member.name} is also a field')

    @staticmethod
    def check_shared_ids(name):
        """An id is decoded as its newest form, which must know every flag that the older ones have."""
        newest = {form.id: form for form in name.forms}
        for form in name.forms:
            known = {(f.name, f.word, f.bit) for f in newest[form.id].fields if f.type == 'true'}
            for field in form.fields:
                if field.type == 'true' and (field.name, field.word, field.bit) not in known:
                    raise SchemaError(f'{form.where}: {field.name} is lost: {newest[form.id].where} has the same id')

    @staticmethod
    def new_member(form, field, kind, element, taken):
        """The newest form's field keeps the name; an older one of another type gets the type behind it."""
        c = field.name + '_' if field.name in C_KEYWORDS else field.name
        if c in taken:
            c = f'{field.name}_{c_name(element or field.type).strip("!")}'.replace('<', '_').replace('>', '')
        if c in taken:
            raise SchemaError(f'{form.where}: no name for {field.name}')
        taken.add(c)
        return Member(c, kind, element)

    def form_at(self, name, layer):
        for form in self.names[name].forms:
            if form.valid_in(layer):
                return form
        return None

    def default_of(self, tl_type):
        """The constructor that stands for a required but absent value, or None."""
        if tl_type in self.directives.defaults:
            return self.directives.defaults[tl_type]
        served = self.types.get(tl_type, [])
        return served[0].name if len(served) == 1 else None

    def check_defaults(self):
        for table in (self.directives.defaults, self.directives.substitutes):
            for tl_type, name in table.items():
                if name not in self.names or self.names[name].newest.result != tl_type:
                    raise SchemaError(f'default {tl_type} {name}: no such constructor of that type')
        for name in self.directives.wholes - self.names.keys():
            raise SchemaError(f'whole {name}: no such constructor')
        for form in self.forms:
            for layer in {form.first} | {l for l in self.layers if form.valid_in(l)}:
                self.check_required(form, layer, [form.name])

    def check_required(self, form, layer, path):
        """Whatever is required can be made from its default, without going round in a circle."""
        for slot in form.slots:
            if slot.kind != 'OBJECT' or slot.element == 'Object' or not slot.required:
                continue
            default = self.default_of(slot.element)
            where = f'{form.where}: {slot.field.name}:{slot.element} in layer {layer}'
            if default is None:
                raise SchemaError(f'{where} is required and has no default')
            inner = self.form_at(default, layer)
            if inner is None:
                raise SchemaError(f'{where}: its default {default} does not exist there')
            if default in path:
                raise SchemaError(f'{where}: its default {default} needs itself')
            self.check_required(inner, layer, path + [default])

    def result_of(self, form):
        """(kind, element) of what a method's form answers; kind GENERIC for wrappers."""
        if form.result == 'X':
            return 'GENERIC', None
        return kind_of(form.where, form.result, set())

    def check_results(self, method):
        """Older layers with another result type need a way from each newest result to theirs."""
        kind, element = self.result_of(method.newest)
        if kind not in ('GENERIC', 'OBJECT', 'BOOL', 'OBJECTS', 'LONGS', 'INTS'):
            raise SchemaError(f'{method.newest.where}: result {method.newest.result} is not supported')
        if kind == 'OBJECT' and element not in self.types:
            raise SchemaError(f'{method.newest.where}: no constructor of {element} is served')
        for form in method.forms:
            if self.result_of(form) == (kind, element):
                continue
            if kind != 'OBJECT':
                raise SchemaError(f'{form.where}: cannot derive {form.result} from {method.newest.result}')
            for name in self.types[element]:
                self.check_unwrap(form, name)

    def check_unwrap(self, form, name):
        how = self.directives.unwraps.get(name.name)
        old_kind, old_element = self.result_of(form)
        where = f'{form.where}: {form.name} answers {form.result} here; unwrap {name.name}'
        if how is None:
            raise SchemaError(f'{where} is missing')
        if how == 'true' and old_kind == 'BOOL':
            return
        if how == 'default' and old_kind == 'OBJECT' and self.default_of(old_element):
            return
        for slot in name.newest.slots:
            if slot.field.name == how and (slot.kind, slot.element) == (old_kind, old_element):
                return
        raise SchemaError(f'{where} {how} does not give it')
