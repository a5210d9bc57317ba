#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The matrix of rights, docs/rights.md, tried cell by cell on a running server: every method that concerns a channel, in
every kind of group and channel, called by everybody who may stand before it.

The stage is set by rights_stage.py, the calls are in rights_calls.py, what is expected is read by rights_table.py.

Usage: rights.py [METHOD...]       without METHOD: all, and nothing that is served may be missing"""
import asyncio
import logging
import struct
import sys
import time

import harness
import rights_calls
import roles
from rights_stage import KINDS, Stage, standings_in
from rights_table import Table
from roles_tl import LAYER
from telethon import errors


INVOKE_WITH_LAYER = 0xda9b0d0d


def with_retired(schema):
    """Also what the newest layer has no more, and clients of older ones call. Their last layers."""
    layers = {}
    for form in schema.all_forms:
        if form['kind'] == 'method' and form['name'] not in schema.methods and roles.state_of(form['name'])[0] == 'served':
            layers[form['name']] = form['last']
            schema.methods[form['name']] = form
    return layers


LAYERS = with_retired(roles.schema)


class Missing(Exception):
    pass


class Scene:
    """One cell: somebody in a standing calls something of a channel."""

    def __init__(self, stage, kind, standing):
        self.stage, self.kind, self.standing, self.schema = stage, kind, standing, roles.schema
        self.actor = stage.actors[standing]

    def thing(self, name):
        if name not in self.kind.things:
            raise Missing(name)
        return self.kind.things[name]

    def own(self, name):
        """What he wrote himself; who never could: what somebody else did."""
        written = self.actor.own.get(self.kind.id, {})
        return written[name] if name in written else self.thing('topic' if name == 'topic' else 'post')

    def person(self, name, form, seen_by=None):
        user, access_hash = (seen_by or self.actor).people.get(name, (1, 0))
        return self.schema.encode(form, {'user_id': user, 'access_hash': access_hash})

    def seen_by_creator(self):
        return bytes(self.kind.users[self.actor.id])

    def peers(self, seen_by=None):
        known = 0 if seen_by is None and self.standing == 'without hash' else (seen_by or self.actor).hashes.get(self.kind.id, 0)
        values = {'channel_id': self.kind.id, 'access_hash': known}
        return {'InputPeer': self.schema.encode('inputPeerChannel', values), 'InputChannel': self.schema.encode('inputChannel', values),
                'InputUser': self.person('target', 'inputUser', seen_by)}

    async def encode(self, method, values, seen_by=None):
        while True:
            try:
                asked = {name: value(self) if callable(value) else value for name, value in values.items()}
                return self.schema.encode(method, asked, self.peers(seen_by))
            except Missing as missing:
                name = str(missing)
                self.kind.things[name] = await rights_calls.MAKERS[name](self.stage, self.kind)

    async def ask(self, actor, method, values=None):
        layer = struct.pack('<Ii', INVOKE_WITH_LAYER, LAYERS.get(method, LAYER))
        return await actor.ask(layer + await self.encode(method, values or {}))

    async def by_creator(self, method, values=None):
        """What can only go well."""
        creator = self.stage.creator
        got = await Scene(self.stage, self.kind, 'creator').ask(creator, method, values)
        harness.need(got[0] == 'ok' or 'NOT_MODIFIED' in got[1], f'setting {self.kind.name} right by {method}: {got}')

    async def play(self, name):
        call = rights_calls.CALLS[name]
        got = await self.ask(self.actor, name.split(' ')[0], call.values)
        if got[0] == 'ok':
            for method, values in call.undo:
                await self.by_creator(method, values)
            if call.after:
                await call.after(self)
            for spoilt in call.spoils:
                self.kind.things.pop(spoilt, None)
        return got


async def play_cell(stage, kind, standing, name):
    try:
        got = await Scene(stage, kind, standing).play(name)
    except (errors.RPCError, harness.Failure) as error:
        return f'the stage broke: {error}'
    return 'yes' if got[0] == 'ok' else got[1]


async def play_kind(stage, kind, names, told):
    """Each use of a method by everybody; the creator last, who may end it all."""
    standings = standings_in(kind.name)
    for name in names:
        call = rights_calls.CALLS[name]
        if kind.name not in call.only:
            continue
        told(name, kind.name, {standing: await play_cell(stage, kind, standing, name) for standing in [*standings[1:], standings[0]]})
        for method, values in call.last:
            await Scene(stage, kind, 'creator').by_creator(method, values)


def channel_methods():
    """Served, with a field that a channel may stand in, however deep."""
    schema, holding, before = roles.schema, {'InputPeer', 'InputChannel'}, 0
    while before != len(holding):
        before = len(holding)
        for tl_type, forms in schema.types.items():
            if tl_type.startswith('Input') and any(bare(field['type']) in holding for form in forms for field in form['fields']):
                holding.add(tl_type)
    return {method for method, form in schema.methods.items() if roles.state_of(method)[0] == 'served'
            and any(bare(field['type']) in holding for field in form['fields'])}


def bare(tl_type):
    return tl_type.removeprefix('Vector<').removesuffix('>')


def gaps(table):
    """What is served and not in the table, in it and not called, called and not in it."""
    tried = {name.split(' ')[0] for name in table.uses()}
    yield from (f'{method} is served, and not in docs/rights.md' for method in sorted(channel_methods() - tried - table.elsewhere))
    yield from (f'{method} is in docs/rights.md twice' for method in sorted(tried & table.elsewhere))
    yield from (f'{name} is in docs/rights.md, and nothing calls it' for name in table.uses() if name not in rights_calls.CALLS)
    for name, call in rights_calls.CALLS.items():
        yield from (f'{name} says nothing of a {kind}' for kind in call.only if (name, kind) not in table.rows)
        yield from (f'{name} is not tried in a {kind}' for kind in KINDS if kind not in call.only and (name, kind) in table.rows)


class Told:
    """One line for a use of a method in one kind of channel."""

    def __init__(self, table):
        self.table, self.failed, self.cells = table, False, 0

    def __call__(self, name, kind, got):
        self.cells += len(got)
        self.case(f'{name} in a {kind}', self.table.wrong(name, kind, got))

    def case(self, name, wrong):
        self.failed |= bool(wrong)
        print('not ok' if wrong else 'ok', name, flush=True)
        for line in wrong:
            print(f'  {line}', flush=True)


async def main(only):
    # What the other layer's answers hold, Telethon can't read; nobody asks it to.
    logging.getLogger('telethon').setLevel(logging.CRITICAL)
    table, stage, started = Table(), Stage(), time.monotonic()
    told, names = Told(table), [name for name in rights_calls.CALLS if not only or name.split(' ')[0] in only]
    told.case('every served method that may name a channel is in the table', list(gaps(table)))
    settings = {'calls_per_s': 0, 'stranger_calls_per_s': 0}
    with roles.Server(harness.WORK / 'rights', '--codes', 'console', settings=settings) as server:
        await stage.open(server, (harness.WORK / 'rights/server.pub.pem').read_text())
        print(f'the stage is set after {time.monotonic() - started:.0f} s', flush=True)
        await asyncio.gather(*(play_kind(stage, kind, names, told) for kind in stage.kinds))
        print(f'{told.cells} cells, {time.monotonic() - started:.0f} s')
        harness.need(server.stop() == 0, 'the server did not end cleanly')
    return 1 if told.failed else 0


if __name__ == '__main__':
    asyncio.run(roles.to_its_end(main, sys.argv[1:]))
