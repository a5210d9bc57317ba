# SPDX-License-Identifier: Apache-2.0
"""A secret chat between two devices: what they encrypted for each other is markers too, and lies nowhere as it came."""
import os

import harness
import roles
from telethon import functions, types

MESSAGES, UPDATES, UPLOAD = functions.messages, functions.updates, functions.upload


def half(prime):
    """Some number of the right size: whoever makes a key of it is no concern of the server."""
    return (int.from_bytes(os.urandom(256), 'big') % (int.from_bytes(prime, 'big') >> 1) | 1 << 2000).to_bytes(256, 'big')


def data(planted, method):
    return (planted.word(f'{method}/data') + '-' * 64).encode()


async def files(world, planted, of_alice):
    """One in a single part, one in two, one that is only stored, and back again: what came must be what went."""
    alice = world.reader
    parts = [(planted.word(f'upload.{method}/{number}') * 1024).encode()[:8192] for number, method in enumerate(('saveFilePart', 'saveBigFilePart', 'saveBigFilePart'))]
    await alice(UPLOAD.SaveFilePartRequest(1, 0, parts[0]))
    for number, part in enumerate(parts[1:]):
        await alice(UPLOAD.SaveBigFilePartRequest(2, number, 2, part))
    world.look()
    small = types.InputEncryptedFileUploaded(1, 1, planted.word('messages.uploadEncryptedFile/md5'), 5)
    stored = await alice(MESSAGES.UploadEncryptedFileRequest(of_alice, small))
    said = data(planted, 'messages.sendEncryptedFile')
    old = types.InputEncryptedFile(stored.id, stored.access_hash)
    await alice(MESSAGES.SendEncryptedFileRequest(of_alice, said, old, random_id=3))
    sent = await alice(MESSAGES.SendEncryptedFileRequest(of_alice, said, types.InputEncryptedFileBigUploaded(2, 2, 6), random_id=4))
    for file, whole in ((stored, parts[0]), (sent.file, parts[1] + parts[2])):
        got = await alice(UPLOAD.GetFileRequest(types.InputEncryptedFileLocation(file.id, file.access_hash), 0, 1 << 20))
        harness.need(got.bytes == whole, f'{len(got.bytes)} bytes of {len(whole)}')


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
    await files(world, planted, of_alice)
    world.look()
    await bob(MESSAGES.SetEncryptedTypingRequest(of_bob, True))
    await bob(MESSAGES.ReadEncryptedHistoryRequest(of_bob, chat.date))
    await bob(MESSAGES.ReportEncryptedSpamRequest(of_bob))
    # Telethon can't read a list of numbers.
    got = await bob.ask(roles.schema.encode('messages.receivedQueue', {'max_qts': now.qts + 2}))
    world.told.take('messages.receivedQueue', got[0] == 'ok', got[1])
    await bob(MESSAGES.DiscardEncryptionRequest(chat.id))
