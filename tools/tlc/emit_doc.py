# SPDX-License-Identifier: Apache-2.0
"""Writes schema.json: every served form with id, layers, fields and result, for docs and tests."""

import json

from parse import LAYER_NEWEST


def form_entry(form):
    return {
        'name': form.name, 'id': f'{form.id:08x}', 'kind': 'method' if form.is_method else 'constructor',
        'first': form.first, 'last': None if form.last == LAYER_NEWEST else form.last,
        'protocol': form.protocol, 'idOnly': form.id_only, 'result': form.result, 'line': form.text,
        'fields': [{'name': f.name, 'type': f.type, 'flag': f'{f.word}.{f.bit}' if f.word else None}
                   for f in form.fields],
    }


def schema_json(model):
    forms = model.id_only + [form for name in model.names.values() for form in name.forms]
    return json.dumps({'layers': model.layers, 'forms': [form_entry(f) for f in forms]}, indent=1) + '\n'
