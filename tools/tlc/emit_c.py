# SPDX-License-Identifier: Apache-2.0
"""Writes names.h (enums), schema.h (structs) and schema.c (the tables that src/tl interprets)."""

from model import c_name

HEADER = '/* Made by tools/tlc from schema/; do not edit. */\n'
C_TYPES = {
    'INT': 'int32_t', 'LONG': 'int64_t', 'DOUBLE': 'double', 'BYTES': 'struct bytes', 'BOOL': 'bool',
    'REST': 'struct bytes', 'INTS': 'struct tl_ints', 'LONGS': 'struct tl_longs',
    'STRINGS': 'struct tl_strings', 'OBJECTS': 'struct tl_objects', 'BARES': 'struct tl_objects',
}


def type_names(model):
    """All types that fields, results and constructors speak of, served or not."""
    names = set(model.types)
    for form in model.forms:
        names |= {slot.element for slot in form.slots if slot.kind in ('OBJECT', 'OBJECTS')}
        kind, element = model.result_of(form) if form.is_method else (None, None)
        if kind in ('OBJECT', 'OBJECTS'):
            names.add(element)
    return sorted(names - {'Object'})


def names_h(model):
    out = [HEADER, '#ifndef TL_NAMES_H', '#define TL_NAMES_H', '', '#include <stdint.h>', '']
    out += ['/* Constructors, then methods. */', 'enum tl_name {', '\tTL_NONE,']
    out += [f'\tTL_{name.c},' for name in model.constructors]
    first, *rest = model.methods
    out += ['\tTL_METHOD_FIRST,', f'\tTL_{first.c} = TL_METHOD_FIRST,']
    out += [f'\tTL_{name.c},' for name in rest]
    out += ['\tTL_NAME_COUNT,', '};', f'#define TL_METHOD_COUNT {len(model.methods)}', '']
    out += ['/* TL_TYPE_ANY accepts every constructor. */', 'enum tl_type {', '\tTL_TYPE_ANY,']
    out += [f'\tTL_TYPE_{c_name(name)},' for name in type_names(model)]
    out += ['\tTL_TYPE_COUNT,', '};', '']
    out += ['/* Ids of what does not change with the layer. */']
    for form in model.id_only + [f for f in model.forms if f.protocol]:
        out.append(f'#define TL_ID_{c_name(form.name)} UINT32_C(0x{form.id:08x})')
    out += ['', '#define TL_LAYER_MIN %d' % min(l for l in model.layers), '#define TL_LAYER_MAX %d' %
            max(model.layers)]
    return '\n'.join(out + ['', '#endif', ''])


def member_lines(member):
    if member.kind == 'OBJECT':
        comment = f' /* {member.element} */'
        lines = [f'\tstruct tl_object *{member.name};{comment}']
    elif member.kind in ('OBJECTS', 'BARES'):
        lines = [f'\tstruct tl_objects {member.name}; /* {member.element} */']
    elif member.kind in ('INT128', 'INT256'):
        lines = [f'\tuint8_t {member.name}[{16 if member.kind == "INT128" else 32}];']
    else:
        lines = [f'\t{C_TYPES[member.kind]} {member.name};']
    if member.has:
        lines.append(f'\tbool has_{member.name};')
    return lines


def layers_text(form):
    if form.first == 0:
        return ''
    return f' {form.first}..{"" if form.last == 0xffff else form.last}'


def schema_h(model):
    out = [HEADER, '#ifndef TL_SCHEMA_H', '#define TL_SCHEMA_H', '', '#include "tl/object.h"', '']
    for name in model.names.values():
        layers = ','.join(layers_text(form) for form in name.forms).strip()
        out.append(f'/* {name.name} = {name.newest.result}{"; layers " + layers if layers else ""} */')
        out.append(f'struct tl_{name.c} {{')
        out.append('\tstruct tl_object o;')
        for member in name.members:
            out += member_lines(member)
        out += ['};', '']
    out.append('/* Only its size counts. */')
    out.append('union tl_any_struct {')
    out += [f'\tstruct tl_{name.c} m_{name.c};' for name in model.names.values()]
    out += ['};', '#define TL_STRUCT_SIZE_MAX sizeof(union tl_any_struct)', '']
    return '\n'.join(out + ['#endif', ''])


def field_init(name, form, slot):
    words = [s.field.name for s in form.slots if s.kind == 'FLAGS']
    flag = 'TL_FLAG_NONE'
    if slot.field.word:
        flag = f'{words.index(slot.field.word)} << 5 | {slot.field.bit}'
    if slot.kind == 'FLAGS':
        return f'{{0, 0, {words.index(slot.field.name)}, TL_KIND_FLAGS, {flag}}}'
    struct = f'struct tl_{name.c}'
    has = f'offsetof({struct}, has_{slot.member.name})' if slot.member.has else '0'
    kind_type = '0'
    if slot.kind in ('OBJECT', 'OBJECTS'):
        kind_type = 'TL_TYPE_ANY' if slot.element == 'Object' else f'TL_TYPE_{c_name(slot.element)}'
    elif slot.kind == 'BARES':
        kind_type = f'TL_{c_name(slot.element)}'
    return f'{{offsetof({struct}, {slot.member.name}), {has}, {kind_type}, TL_KIND_{slot.kind}, {flag}}}'


def result_init(model, form):
    if not form.is_method:
        return '{0}'
    kind, element = model.result_of(form)
    kind_type = f'TL_TYPE_{c_name(element)}' if element else '0'
    return f'{{0, 0, {kind_type}, TL_KIND_{kind}, TL_FLAG_NONE}}'


def result_kind(model, method):
    kind, element = model.result_of(method.newest)
    if kind == 'OBJECT' and len(model.types[element]) == 1:
        return 'STRUCT', model.types[element][0]
    return kind, None


def unwrap_init(model, name):
    how = model.directives.unwraps.get(name.name)
    if how is None:
        return 'TL_UNWRAP_NONE, 0'
    if how in ('true', 'default'):
        return f'TL_UNWRAP_{how.upper()}, 0'
    member = next(s.member for s in name.newest.slots if s.field.name == how)
    return f'TL_UNWRAP_FIELD, offsetof(struct tl_{name.c}, {member.name})'


def schema_c(model):
    out = [HEADER, '#include "tl/tables.h"', '']
    forms, names, ids = [], [], {}
    for name in model.names.values():
        first = len(forms)
        for form in name.forms:
            variable = f'fields_{name.c}_{form.first}'
            if form.slots:
                out.append(f'static const struct tl_field {variable}[] = {{')
                out += [f'\t{field_init(name, form, slot)},' for slot in form.slots]
                out += ['};', '']
            ids[form.id] = len(forms)
            tl_type = 'TL_TYPE_ANY' if form.is_method else f'TL_TYPE_{c_name(form.result)}'
            forms.append(f'\t{{0x{form.id:08x}, TL_{name.c}, {tl_type}, {form.first}, {form.last}, '
                         f'{len(form.slots)}, {variable if form.slots else "NULL"}, {result_init(model, form)}}},')
        names.append(f'\t[TL_{name.c}] = {{"{name.name}", sizeof(struct tl_{name.c}), {first}, '
                     f'{len(name.forms)}, {unwrap_init(model, name)}, {int(name.name in model.directives.wholes)}}},')
    out += ['const struct tl_form tl_forms[] = {'] + forms + ['};', '']
    out += ['const struct tl_name_info tl_names[] = {', '\t[TL_NONE] = {"none", 0, 0, 0, 0, 0, 0},'] + names + ['};', '']
    out.append('const struct tl_type_info tl_types[TL_TYPE_COUNT] = {')
    for tl_type in type_names(model):
        fallback = model.default_of(tl_type)
        substitute = model.directives.substitutes.get(tl_type)
        words = [f'TL_{c_name(n)}' if n else 'TL_NONE' for n in (fallback, substitute)]
        out.append(f'\t[TL_TYPE_{c_name(tl_type)}] = {{{", ".join(words)}}},')
    out += ['};', '', 'const struct tl_method_info tl_methods[] = {']
    for method in model.methods:
        kind, reply = result_kind(model, method)
        reply_text = f'TL_{reply.c}, sizeof(struct tl_{method.c}), sizeof(struct tl_{reply.c})' if reply else \
            f'TL_NONE, sizeof(struct tl_{method.c}), 0'
        out.append(f'\t{{TL_{method.c}, "{method.name}", TL_RESULT_{kind}, {reply_text}}},')
    out += ['};', '', 'const struct tl_id tl_ids[] = {']
    out += [f'\t{{0x{key:08x}, {ids[key]}}},' for key in sorted(ids)]
    out += ['};', '', f'const uint32_t tl_id_count = {len(ids)};', '']
    return '\n'.join(out)
