#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The suite `door`: TLS on both ports and a certificate that changes, what speaks inside it, PROXY
headers, who is too slow, more connections than there is room for."""
import os
import resource
import shutil
import signal
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time
import warnings

from harness import WORK, Failure, Server, answers, case, children, failures, lontar, need, wait_until

warnings.simplefilter('ignore', DeprecationWarning)  # that TLS 1.1 is old is what one case is about
REQ_PQ_MULTI, RES_PQ = 0xbe7e8ef1, 0x05162463
SIGNATURE = b'\r\n\r\n\0\r\nQUIT\n'


def certificate(folder, name, kind=('ec', '-pkeyopt', 'ec_paramgen_curve:P-256')):
    folder.mkdir(exist_ok=True)
    subprocess.run(['openssl', 'req', '-x509', '-newkey', *kind, '-nodes', '-keyout', folder / 'key.pem', '-out',
                    folder / 'fullchain.pem', '-days', '30', '-subj', f'/CN={name}', '-addext', f'subjectAltName=DNS:{name}'],
                   check=True, capture_output=True)


def tls_dial(port, name=None, trust=None, **limits):
    context = ssl.create_default_context(cafile=trust) if trust else ssl._create_unverified_context()
    for key, value in limits.items():
        setattr(context, key, value)
    return context.wrap_socket(socket.create_connection(('127.0.0.1', port), timeout=10), server_hostname=name)


def served_name(port):
    """Common name of the certificate that a newcomer is shown."""
    with tls_dial(port) as client:
        pem = ssl.DER_cert_to_PEM_cert(client.getpeercert(binary_form=True))
    text = subprocess.run(['openssl', 'x509', '-noout', '-subject'], input=pem, capture_output=True, text=True, check=True).stdout
    return text.split('CN = ')[1].strip()


def take(client, size):
    data = b''
    while len(data) < size:
        part = client.recv(size - len(data))
        need(part, f'it ended after {len(data)} of {size} bytes')
        data += part
    return data


def req_pq():
    nonce = os.urandom(16)
    message = struct.pack('<qqiI', 0, int(time.time()) << 32, 20, REQ_PQ_MULTI) + nonce
    return nonce, struct.pack('<I', len(message)) + message


def is_res_pq(packet, nonce):
    return struct.unpack_from('<I', packet, 20)[0] == RES_PQ and packet[24:40] == nonce


def asks_for_pq(client):
    """MTProto, intermediate framing: is the first query of a handshake answered?"""
    nonce, packet = req_pq()
    client.sendall(b'\xee\xee\xee\xee' + packet)
    size, = struct.unpack('<I', take(client, 4))
    return is_res_pq(take(client, size), nonce)


def ctr(key, iv, data):
    """AES-256-CTR from the beginning of the stream."""
    return subprocess.run(['openssl', 'enc', '-aes-256-ctr', '-nopad', '-K', key.hex(), '-iv', iv.hex()], input=data,
                          capture_output=True, check=True).stdout


def frame(payload, opcode=2, masked=True, final=True):
    mask = os.urandom(4)
    size = bytes([len(payload)]) if len(payload) < 126 else b'\x7e' + struct.pack('>H', len(payload))
    head = bytes([(0x80 if final else 0) | opcode, size[0] | (0x80 if masked else 0)]) + size[1:]
    return head + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(payload)) if masked else head + payload


def take_frame(client):
    head = take(client, 2)
    size = head[1] & 0x7f
    if size == 126:
        size, = struct.unpack('>H', take(client, 2))
    return head[0] & 0x0f, take(client, size)


def upgrade(client, origin=None, host='msg.example'):
    lines = ['GET /apiws HTTP/1.1', f'Host: {host}', 'Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13',
             'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Protocol: binary']
    client.sendall('\r\n'.join(lines + ([f'Origin: {origin}'] if origin else []) + ['', '']).encode())
    head = b''
    while b'\r\n\r\n' not in head:
        head += take(client, 1)
    return int(head.split()[1])


def asks_for_pq_in_websocket(client):
    start = os.urandom(56) + b'\xee\xee\xee\xee' + struct.pack('<h', 2) + os.urandom(2)
    start = b'\x01' + start[1:4] + b'\x01' + start[5:]
    nonce, packet = req_pq()
    sent = ctr(start[8:40], start[40:56], start + packet)
    client.sendall(frame(start[:56] + sent[56:64]) + frame(sent[64:]))
    opcode, data = take_frame(client)
    back = start[8:56][::-1]
    return opcode == 2 and is_res_pq(ctr(back[:32], back[32:], data)[4:], nonce)


def end_of(client, seconds):
    """Seconds until the server ends it; None if it does not."""
    began = time.monotonic()
    client.settimeout(seconds)
    try:
        while client.recv(4096):
            pass
    except (ConnectionError, ssl.SSLError):
        pass
    except TimeoutError:
        return None
    return time.monotonic() - began


def drip(client, data, every=0.25, seconds=10):
    """One byte after the other; seconds until the server has had enough, or None."""
    began = time.monotonic()
    for byte in data:
        try:
            client.sendall(bytes([byte]))
            client.settimeout(every)
            while client.recv(4096):
                pass
            return time.monotonic() - began
        except TimeoutError:
            if time.monotonic() - began > seconds:
                return None
        except OSError:
            return time.monotonic() - began
    return end_of(client, seconds)


# ---- TLS ----

certificate(WORK / 'cert', 'one.example')
with Server(WORK / 'tls', settings={'certificate': WORK / 'cert/fullchain.pem', 'key': WORK / 'cert/key.pem'}) as server:
    trust = str(WORK / 'cert/fullchain.pem')

    @case('TLS 1.2 and 1.3 are spoken with whoever begins them, on both ports, and older ones are not')
    def _():
        for port in server.ready:
            for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
                with tls_dial(port, 'one.example', trust, minimum_version=version, maximum_version=version) as client:
                    client.sendall(b'GET /square/ HTTP/1.1\r\nHost: one.example\r\nConnection: close\r\n\r\n')
                    need(client.recv(9) == b'HTTP/1.1 ', client.version())
            try:
                tls_dial(port, maximum_version=ssl.TLSVersion.TLSv1_1, minimum_version=ssl.TLSVersion.TLSv1).close()
                need(False, 'TLS 1.1 is spoken')
            except (ssl.SSLError, OSError):
                pass
        need(answers(server.port), 'HTTP without TLS is gone')

    @case('HTTP, MTProto and MTProto in a WebSocket are spoken inside TLS, and beside it')
    def _():
        for dial in (tls_dial, lambda port: socket.create_connection(('127.0.0.1', port), timeout=10)):
            with dial(server.port) as client:
                need(asks_for_pq(client), 'MTProto')
            with dial(server.port) as client:
                need(upgrade(client) == 101 and asks_for_pq_in_websocket(client), 'WebSocket')
            with dial(server.port) as client:
                client.sendall(b'GET /bot1:x/getMe HTTP/1.1\r\nHost: x\r\n\r\n')
                need(client.recv(12) == b'HTTP/1.1 401', 'Bot API')

    @case('a client whose protocols include http/1.1 gets it; a session is taken up again')
    def _():
        context = ssl._create_unverified_context()
        context.set_alpn_protocols(['h2', 'http/1.1'])
        session = None
        for again in (False, True):
            with context.wrap_socket(socket.create_connection(('127.0.0.1', server.port), timeout=10), session=session) as client:
                client.sendall(b'GET / HTTP/1.1\r\nHost: x\r\n\r\n')
                need(client.recv(12) == b'HTTP/1.1 200', 'no answer')
                need(client.selected_alpn_protocol() == 'http/1.1', client.selected_alpn_protocol())
                need(client.session_reused == again, f'reused: {client.session_reused}')
                session = client.session

    @case('an answer that ends the connection ends it with close_notify')
    def _():
        with tls_dial(server.port) as client:
            client.suppress_ragged_eofs = False
            client.sendall(b'GET / HTTP/1.0\r\nHost: x\r\n\r\n')
            while client.recv(4096):
                pass  # raises if the end is ragged

    @case('what is no TLS after a ClientHello, and TLS in TLS, end')
    def _():
        with socket.create_connection(('127.0.0.1', server.port)) as client:
            client.sendall(bytes.fromhex('1603010100010000fc0303') + os.urandom(400))
            need(end_of(client, 60) is not None, 'it stays')
        with tls_dial(server.port) as client:
            client.sendall(bytes.fromhex('160301010001'))
            need(end_of(client, 60) is not None, 'it stays')

    @case('SIGHUP: newcomers get the new certificate, those inside stay; a broken file changes nothing and is logged')
    def _():
        inside = [tls_dial(port) for port in server.ready]
        certificate(WORK / 'cert', 'two.example', ('rsa:2048',))
        server.process.send_signal(signal.SIGHUP)
        for port in server.ready:
            wait_until('the new certificate', lambda p=port: served_name(p) == 'two.example')
        (WORK / 'cert/key.pem').write_text('no key')
        server.process.send_signal(signal.SIGHUP)
        wait_until('a word about it', lambda: any('certificate_kept' in line for line in server.log))
        before = children(server.process.pid)
        for port in server.ready:
            need(served_name(port) == 'two.example', 'the old certificate is gone')
        for client in inside:
            client.sendall(b'GET /square/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
            need(client.recv(9) == b'HTTP/1.1 ', 'it was dropped')
            client.close()
        # A crash does not make the broken file count.
        os.kill(before['messenger'], signal.SIGKILL)
        wait_until('another messenger', lambda: children(server.process.pid).get('messenger') not in (None, before['messenger']))
        wait_until('its answer', lambda: answers(server.port))
        need(served_name(server.port) == 'two.example', 'the certificate is gone')

    @case('no line of the log holds anything of the key')
    def _():
        need('PRIVATE' not in ''.join(server.log), 'it does')


@case('a certificate that can not be used is a clear message, and no start')
def _():
    said = lontar('serve', '--data', str(WORK / 'tls'), '--port', '0', '--desk-port', '0', expect=1).stderr
    need('[tls]' in said and 'key' in said, said[-300:])


@case('without a certificate a ClientHello is met with silence, and SIGHUP changes nothing')
def _():
    with Server(WORK / 'plain') as plain:
        with socket.create_connection(('127.0.0.1', plain.port), timeout=5) as client:
            client.sendall(bytes.fromhex('160301010001'))
            need(client.recv(1) == b'', 'a word')
        plain.process.send_signal(signal.SIGHUP)
        wait_until('a word about it', lambda: any('hang_up' in line for line in plain.log))
        need(answers(plain.port), 'it does not answer')


# ---- PROXY ----

def proxied(port, header, seconds=60):
    """First bytes of the answer to HTTP behind the header."""
    with socket.create_connection(('127.0.0.1', port), timeout=seconds) as client:
        client.sendall(header + b'GET / HTTP/1.1\r\nHost: x\r\n\r\n')
        try:
            return client.recv(12)
        except ConnectionError:
            return b''


V2 = SIGNATURE + b'\x21\x11\0\x0c' + socket.inet_aton('192.0.2.7') + socket.inet_aton('192.0.2.1') + struct.pack('>HH', 5100, 443)

certificate(WORK / 'cert', 'one.example')
with Server(WORK / 'proxied', settings={'trusted_proxies': '127.0.0.1, 10.0.0.0/8', 'address_connections_max': 4, 'net_threads': 1,
                                         'certificate': WORK / 'cert/fullchain.pem', 'key': WORK / 'cert/key.pem'}) as server:
    @case('a trusted proxy begins with a PROXY header of either version, or is sent away')
    def _():
        ok = b'HTTP/1.1 200'
        need(proxied(server.port, b'PROXY TCP4 192.0.2.7 192.0.2.1 5100 443\r\n') == ok, 'version 1')
        need(proxied(server.port, b'PROXY UNKNOWN\r\n') == ok, 'version 1, unknown')
        need(proxied(server.port, V2) == ok, 'version 2')
        need(proxied(server.port, SIGNATURE + b'\x20\0\0\0') == ok, 'version 2, LOCAL')
        for header in (b'', b'PROXY TCP4 192.0.2.7\r\n', V2[:13] + b'\x77' + V2[14:]):
            need(proxied(server.port, header) != ok, header)

    @case('TLS and MTProto come after the header')
    def _():
        with socket.create_connection(('127.0.0.1', server.port), timeout=10) as raw:
            raw.sendall(V2)
            with ssl._create_unverified_context().wrap_socket(raw) as client:
                need(asks_for_pq(client), 'no answer')

    @case('who is not trusted can not name an address')
    def _():
        with socket.socket() as client:
            client.bind(('127.0.0.2', 0))
            client.settimeout(5)
            client.connect(('127.0.0.1', server.port))
            client.sendall(V2 + b'GET / HTTP/1.1\r\nHost: x\r\n\r\n')
            try:
                need(not client.recv(12).startswith(b'HTTP/1.1 200'), 'it can')
            except TimeoutError:
                pass  # taken for the beginning of something else that never comes

    @case('connections count as the client\'s that the header names')
    def _():
        def dial(source):
            client = socket.create_connection(('127.0.0.1', server.port), timeout=60)
            client.sendall(f'PROXY TCP4 {source} 192.0.2.1 5100 443\r\n'.encode())
            return client, asks_for_pq(client)
        held = [dial('198.51.100.1')]
        try:
            while len(held) < 12:
                held.append(dial('198.51.100.1'))
        except (Failure, ConnectionError):
            pass
        need(4 <= len(held) < 12, f'one address has {len(held)} of 4 connections')
        other, answered = dial('198.51.100.2')
        need(answered, 'another address is refused too')
        for client in [other] + [client for client, _ in held]:
            client.close()

    @case('the desk still reaches the messenger')
    def _():
        need(not any('courier' in line and '"level":"error"' in line for line in server.log), server.log[-5:])


# ---- Too slow ----

HELLO = ssl.MemoryBIO()
try:
    ssl._create_unverified_context().wrap_bio(ssl.MemoryBIO(), HELLO, server_hostname='one.example').do_handshake()
except ssl.SSLWantReadError:
    HELLO = HELLO.read()

with Server(WORK / 'slow', settings={'hello_s': 1, 'frame_s': 1, 'frame_rate': 1000, 'http_head_s': 1, 'net_threads': 1,
                                      'trusted_proxies': '127.0.0.2', 'certificate': WORK / 'cert/fullchain.pem',
                                      'key': WORK / 'cert/key.pem'}) as server:
    def dial(source='127.0.0.1'):
        client = socket.socket()
        client.bind((source, 0))
        client.settimeout(5)
        client.connect(('127.0.0.1', server.port))
        return client

    def websocket():
        client = dial()
        upgrade(client)
        return client

    nonce_, packet_ = req_pq()
    stages = {
        'saying nothing': (dial, b''),
        'the PROXY header': (lambda: dial('127.0.0.2'), b'PROXY TCP4 192.0.2.7 192.0.2.1 5100 443\r\n'),
        'the ClientHello': (dial, HELLO),
        'inside TLS': (lambda: tls_dial(server.port), b'GE'),
        'the obfuscation header': (dial, b'\x01' + os.urandom(62)),
        'a packet': (dial, b'\xee\xee\xee\xee' + packet_),
        'an HTTP head': (dial, b'GET / HTTP/1.1\r\nHost: x\r\nA: bbbbbbbbbbbbbbbbbbbbb\r\n'),
        'an HTTP body': (dial, b'POST /bot1:x/getMe HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n'),
        'a WebSocket frame': (websocket, frame(os.urandom(100))),
    }

    def one_byte_now_and_then(name, results):
        opened, data = stages[name]
        client = opened()
        if name == 'an HTTP body':
            client.sendall(data)
            data = b'x' * 99
        with client:
            results[name] = drip(client, data)

    @case('one byte now and then ends, wherever it is said')
    def _():
        results = {}
        threads = [threading.Thread(target=one_byte_now_and_then, args=(name, results)) for name in stages]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        # Each of them would take more than ten seconds, were it let.
        late = {name: results.get(name) for name in stages if results.get(name) is None}
        need(not late, late)

    @case('a line that is slow but steady is served')
    def _():
        nonce, packet = req_pq()
        with dial() as client:
            client.sendall(b'\xee\xee\xee\xee' + struct.pack('<I', 6000 + len(packet) - 4))
            for _ in range(30):
                client.sendall(os.urandom(200))
                time.sleep(0.1)
            need(end_of(client, 0.3) is None, 'it was cut')

    @case('an HTTP head that takes too long is answered 408')
    def _():
        with dial() as client:
            client.sendall(b'GET / HT')
            need(client.recv(12) == b'HTTP/1.1 408', 'it is not')


# ---- WebSocket ----

with Server(WORK / 'pages', settings={'origins': 'https://chat.example'}) as server:
    def knock(origin):
        with socket.create_connection(('127.0.0.1', server.port), timeout=60) as client:
            return upgrade(client, origin)

    @case('T8: pages of this server and of listed sites open a WebSocket, others get 403')
    def _():
        for origin, status in ((None, 101), ('https://msg.example', 101), ('https://chat.example', 101),
                               ('https://evil.example', 403), ('http://chat.example', 403), ('null', 403)):
            need(knock(origin) == status, origin)

    @case('T8: faults in frames end with 1002, what is too long with 1009, what is no transport with 1002')
    def _():
        faults = {
            'unmasked': (frame(b'x' * 64, masked=False), 1002),
            'reserved bit': (b'\xc2\x80' + bytes(4), 1002),
            'text': (frame(b'x', opcode=1), 1003),
            'long ping': (b'\x89\xfe\0\x7e' + bytes(4), 1002),
            'too long': (b'\x82\xff' + struct.pack('>Q', 1 << 30) + bytes(4), 1009),
            'not obfuscated': (frame(b'\xee\xee\xee\xee' + bytes(80)), 1002),
        }
        for name, (data, code) in faults.items():
            with socket.create_connection(('127.0.0.1', server.port), timeout=60) as client:
                upgrade(client)
                client.sendall(data)
                opcode, payload = take_frame(client)
                need((opcode, payload) == (8, struct.pack('>H', code)), f'{name}: {opcode} {payload}')
                need(end_of(client, 60) is not None, f'{name}: it stays')


# ---- Too many ----

def is_open(client):
    try:
        return client.recv(1) != b''
    except BlockingIOError:
        return True
    except OSError:
        return False


def recovers(server, room):
    before, held = children(server.process.pid), []
    for _ in range(10 * room):
        client = socket.socket()
        client.setblocking(False)
        client.connect_ex(('127.0.0.1', server.port))
        held.append(client)
    wait_until('most to be turned away', lambda: sum(map(is_open, held)) <= room, 5)
    need(children(server.process.pid) == before, 'a process ended')
    for client in held:
        client.close()
    wait_until('an answer', lambda: answers(server.port), 5)
    need(children(server.process.pid) == before, 'a process ended')


resource.setrlimit(resource.RLIMIT_NOFILE, (4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))


@case('ten times as many connections as there may be: newcomers are turned away, and it answers when they are gone')
def _():
    with Server(WORK / 'many', settings={'connections_max': 200, 'net_threads': 1}) as server:
        recovers(server, 200)


@case('ten times as many connections as there are descriptors')
def _():
    with Server(WORK / 'many', settings={'connections_max': 15000},
                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (200, 200))) as server:
        recovers(server, 200)


shutil.rmtree(WORK, ignore_errors=True)
sys.exit(1 if failures else 0)
