# SPDX-License-Identifier: Apache-2.0
"""A secret chat between two devices: what they encrypted for each other is markers too, and lies nowhere as it came."""
import os

import roles
from telethon import functions, types

MESSAGES, UPDATES = functions.messages, functions.updates


def half(prime):
    """Some number of the right size: whoever makes a key of it is no concern of the server."""
    return (int.from_bytes(os.urandom(256), 'big') % (int.from_bytes(prime, 'big') >> 1) | 1 << 2000).to_bytes(256, 'big')


def data(planted, method):
    return (planted.word(f'{method}/data') + '-' * 64).encode()


async def secret_chat(world, planted):
    alice, bob = world.reader, world.bob_device
    config = await alice(MESSAGES.GetDhConfigRequest(0, 256))
    to = types.InputUser(world.bob_peer.user_id, world.bob_peer.access_hash)
    asked = await alice(MESSAGES.RequestEncryptionRequest(to, half(config.p), random_id=7001))
    now = await bob(UPDATES.GetStateRequest())
    got = await bob(UPDATES.GetDifferenceRequest(pts=now.pts, date=1, qts=0))
    chat = next(u.chat for u in got.other_updates if isinstance(u, types.UpdateEncryption))
    of_bob, of_alice = (types.InputEncryptedChat(c.id, c.access_hash) for c in (chat, asked))
    await bob(MESSAGES.AcceptEncryptionRequest(of_bob, half(config.p), 1))
    world.look()
    await alice(MESSAGES.SendEncryptedRequest(of_alice, data(planted, 'messages.sendEncrypted'), random_id=1))
    await alice(MESSAGES.SendEncryptedServiceRequest(of_alice, data(planted, 'messages.sendEncryptedService'), random_id=2))
    world.look()
    await bob(MESSAGES.SetEncryptedTypingRequest(of_bob, True))
    await bob(MESSAGES.ReadEncryptedHistoryRequest(of_bob, chat.date))
    await bob(MESSAGES.ReportEncryptedSpamRequest(of_bob))
    # Telethon can't read a list of numbers.
    got = await bob.ask(roles.schema.encode('messages.receivedQueue', {'max_qts': now.qts + 2}))
    world.told.take('messages.receivedQueue', got[0] == 'ok', got[1])
    await bob(MESSAGES.DiscardEncryptionRequest(chat.id))
