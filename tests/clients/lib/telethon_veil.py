# SPDX-License-Identifier: Apache-2.0
"""Fake TLS for Telethon, which knows proxy secrets with dd in front but not those with ee: a connection that
says hello as a TLS 1.3 client does, with the proof of the secret in the hello's random, and then puts the
obfuscated stream into records of application data. lib/telethon_host.py uses it.
"""
import asyncio
import hashlib
import hmac
import os
import struct
import time

from telethon.network.connection import ConnectionTcpMTProxyRandomizedIntermediate

HELLO_SIZE = 517
RANDOM_AT = 11  # record header, message header, version
CHANGE, HANDSHAKE, DATA = 20, 22, 23
RECORD_MAX = 16384


def record(kind, body, version=b'\x03\x03'):
    return bytes([kind]) + version + struct.pack('>H', len(body)) + body


def sized(body, width):
    return len(body).to_bytes(width, 'big') + body


def extension(kind, body):
    return struct.pack('>H', kind) + sized(body, 2)


def client_hello(site, fill):
    name = sized(b'\0' + sized(site, 2), 2)
    extensions = b''.join((
        extension(0, name),
        extension(10, sized(b'\x00\x1d\x00\x17', 2)),  # X25519, P-256
        extension(13, sized(b'\x04\x03\x08\x04\x04\x01\x08\x05\x05\x01', 2)),
        extension(43, sized(b'\x03\x04\x03\x03', 1)),
        extension(45, b'\x01\x01'),
        extension(51, sized(b'\x00\x1d' + sized(os.urandom(32), 2), 2)),
        extension(21, bytes(fill)),
    ))
    body = b'\x03\x03' + bytes(32) + sized(os.urandom(32), 1) + sized(b'\x13\x01\x13\x02\x13\x03', 2) + b'\x01\0' + sized(extensions, 2)
    return record(HANDSHAKE, b'\x01' + sized(body, 3), b'\x03\x01')


def proven(hello, secret):
    digest = hmac.new(secret, hello, hashlib.sha256).digest()
    stamp = int.from_bytes(digest[28:], 'little') ^ int(time.time())
    return hello[:RANDOM_AT] + digest[:28] + stamp.to_bytes(4, 'little') + hello[RANDOM_AT + 32:]


async def read_record(reader):
    head = await reader.readexactly(5)
    return head[0], head, await reader.readexactly(struct.unpack('>H', head[3:])[0])


async def greet(reader, writer, secret, site):
    hello = proven(client_hello(site, HELLO_SIZE - len(client_hello(site, 0))), secret)
    writer.write(hello)
    await writer.drain()
    answer, kinds = b'', []
    while DATA not in kinds:
        kind, head, body = await read_record(reader)
        kinds.append(kind)
        answer += head + body
    if kinds != [HANDSHAKE, CHANGE, DATA]:
        raise ConnectionError(f'the answer has records {kinds}')
    blank = answer[:RANDOM_AT] + bytes(32) + answer[RANDOM_AT + 32:]
    proof = hmac.new(secret, hello[RANDOM_AT:RANDOM_AT + 32] + blank, hashlib.sha256).digest()
    if proof != answer[RANDOM_AT:RANDOM_AT + 32]:
        raise ConnectionError('whoever answers does not know the secret')


class Records:
    """Reader and writer in one: what is inside the records."""

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer
        self.inside = b''
        self.writer.write(record(CHANGE, b'\x01'))

    async def readexactly(self, n):
        while len(self.inside) < n:
            kind, _, body = await read_record(self.reader)
            if kind == DATA:
                self.inside += body
            elif kind != CHANGE:
                raise ConnectionError(f'a record of type {kind}')
        taken, self.inside = self.inside[:n], self.inside[n:]
        return taken

    def write(self, data):
        for at in range(0, len(data), RECORD_MAX):
            self.writer.write(record(DATA, data[at:at + RECORD_MAX]))

    def drain(self):
        return self.writer.drain()

    def close(self):
        self.writer.close()

    def wait_closed(self):
        return self.writer.wait_closed()


class ConnectionFakeTls(ConnectionTcpMTProxyRandomizedIntermediate):
    def __init__(self, ip, port, dc_id, *, loggers, proxy=None, local_addr=None):
        super().__init__(ip, port, dc_id, loggers=loggers, proxy=proxy, local_addr=local_addr)
        self._site = bytes.fromhex(proxy[2])[17:]

    async def _connect(self, timeout=None, ssl=None):
        async def open_and_greet():
            reader, writer = await asyncio.open_connection(self._ip, self._port)
            await greet(reader, writer, self._secret, self._site)
            return Records(reader, writer)

        self._reader = self._writer = await asyncio.wait_for(open_and_greet(), timeout)
        self._codec = self.packet_codec(self)
        self._init_conn()
        await self._writer.drain()
