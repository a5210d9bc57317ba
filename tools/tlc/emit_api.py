# SPDX-License-Identifier: Apache-2.0
"""Writes handlers.h (a prototype per method) and invoke.h (typed calls of uniform signature)."""

from emit_c import HEADER, result_kind

REPLY = {  # result kind -> (C type of the handler's last parameter, expression that gives it)
    'BOOL': ('bool *', '&reply->boolean'),
    'INTS': ('struct tl_ints *', '&reply->ints'),
    'LONGS': ('struct tl_longs *', '&reply->longs'),
    'OBJECTS': ('struct tl_objects *', '&reply->objects'),
    'OBJECT': ('struct tl_object **', '&reply->object'),
}


def served(model):
    """Methods that api/ handles: not MTProto's own, not wrappers."""
    for method in model.methods:
        kind, reply = result_kind(model, method)
        if not method.newest.protocol and kind != 'GENERIC':
            yield method, kind, reply


def reply_of(kind, reply):
    if kind == 'STRUCT':
        return f'struct tl_{reply.c} *', f'(struct tl_{reply.c} *)reply->object'
    return REPLY[kind]


def handlers_h(model):
    out = [HEADER, '#ifndef API_HANDLERS_H', '#define API_HANDLERS_H', '', '#include "tl/schema.h"', '',
           'struct call;', '']
    for method, kind, reply in served(model):
        c_type, _ = reply_of(kind, reply)
        out.append(f'/* {method.name} = {method.newest.result} */')
        out.append(f'int api_{method.c}(struct call *call, const struct tl_{method.c} *req, {c_type}reply);')
    return '\n'.join(out + ['', '#endif', ''])


def invoke_h(model):
    out = [HEADER, '#ifndef API_INVOKE_H', '#define API_INVOKE_H', '', '#include "api/handlers.h"', '',
           '/* Calls the handler with the types it expects; request and reply are those of the method. */',
           'typedef int tl_invoke_fn(struct call *call, const struct tl_object *request, union tl_reply *reply);', '']
    for method, kind, reply in served(model):
        _, value = reply_of(kind, reply)
        out.append(f'static inline int tl_invoke_{method.c}(struct call *call, '
                   'const struct tl_object *request, union tl_reply *reply)')
        out.append('{')
        out.append(f'\treturn api_{method.c}(call, (const struct tl_{method.c} *)request, {value});')
        out += ['}', '']
    return '\n'.join(out + ['#endif', ''])
