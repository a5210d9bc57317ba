#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The suite `veil`: what strangers see on a port that hides the messenger behind a website, and what who knows a secret gets.
A real TLS site (Python's ssl) on loopback is the masked one; every stranger must get the same bytes from our port as from the
site itself. Python's standard library and the openssl command; the folder of the build comes in LONTAR_BUILD."""
import hashlib
import hmac
import os
import random
import re
import shutil
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

from harness import WORK, Failure, Server, answers, case, children, failures, free_port, get, lontar, need, wait_until

NAME = 'www.example.org'
SECRET, OLD_SECRET = bytes(range(16)), bytes(range(100, 116))
PAGE = bytes(random.Random(7).randrange(256) for _ in range(300_000))


class Site:
    """HTTP over TLS on loopback; counts who came and remembers what each said first."""

    def __init__(self, folder):
        subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2',
                        '-subj', f'/CN={NAME}', '-addext', f'subjectAltName=DNS:{NAME}', '-keyout', f'{folder}/site.key', '-out',
                        f'{folder}/site.pem'], check=True, capture_output=True)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(f'{folder}/site.pem', f'{folder}/site.key')
        self.trust = f'{folder}/site.pem'
        self.listener = socket.create_server(('127.0.0.1', 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        self.came = 0
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            client, _ = self.listener.accept()
            self.came += 1
            threading.Thread(target=self.answer, args=(client,), daemon=True).start()

    def answer(self, client):
        client.settimeout(10)
        try:
            if client.recv(1, socket.MSG_PEEK) != b'\x16':
                client.recv(65536)
                client.sendall(b'HTTP/1.1 400 Bad Request\r\nServer: site\r\nContent-Length: 0\r\n\r\n')
                client.close()
                return
            with self.context.wrap_socket(client, server_side=True) as stream:
                request = b''
                while b'\r\n\r\n' not in request:
                    part = stream.recv(65536)
                    if not part:
                        return
                    request += part
                stream.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n' % len(PAGE) + PAGE)
        except (OSError, ssl.SSLError):
            pass


def client_hello(secret=SECRET, name=NAME, age=0, seed=None):
    """As clients make it: 517 bytes, the random signed, the time in its last four bytes."""
    noise = random.Random(seed) if seed is not None else random.SystemRandom()
    rand = lambda n: bytes(noise.randrange(256) for _ in range(n))  # noqa: E731
    host = name.encode()
    sni = struct.pack('>HHHBH', 0, len(host) + 5, len(host) + 3, 0, len(host)) + host
    groups = bytes.fromhex('000a00040002001d')
    versions = bytes.fromhex('002b0003020304')
    signatures = bytes.fromhex('000d00080006040308040401')
    share = bytes.fromhex('003300260024001d0020') + rand(32)
    extensions = sni + groups + versions + signatures + share
    body = b'\x03\x03' + bytes(32) + b'\x20' + rand(32) + bytes.fromhex('0006130113021303') + b'\x01\x00'
    pad = 517 - 9 - len(body) - 2 - len(extensions) - 4
    extensions += struct.pack('>HH', 21, pad) + bytes(pad)
    body += struct.pack('>H', len(extensions)) + extensions
    hello = bytearray(b'\x16\x03\x01' + struct.pack('>H', len(body) + 4) + b'\x01\x00' + struct.pack('>H', len(body)) + body)
    digest = bytearray(hmac.new(secret, bytes(hello), hashlib.sha256).digest())
    for i, byte in enumerate(struct.pack('<I', int(time.time()) - age)):
        digest[28 + i] ^= byte
    hello[11:43] = digest
    return bytes(hello)


def receive(sock, size):
    data = b''
    while len(data) < size:
        part = sock.recv(size - len(data))
        if not part:
            raise Failure(f'closed after {len(data)} of {size} bytes')
        data += part
    return data


def is_ours(sock, hello, secret=SECRET):
    """Reads the answer; whether it is signed with the secret."""
    answer = b''
    for _ in range(3):
        head = receive(sock, 5)
        answer += head + receive(sock, struct.unpack('>H', head[3:])[0])
        if head[0] == 0x15:
            return False
    blank = answer[:11] + bytes(32) + answer[43:]
    return hmac.new(secret, hello[11:43] + blank, hashlib.sha256).digest() == answer[11:43]


def ctr(key, iv, data):
    return subprocess.run(['openssl', 'enc', '-aes-256-ctr', '-K', key.hex(), '-iv', iv.hex()], input=data, check=True,
                          capture_output=True).stdout


def obfuscated(secret, tag=b'\xdd' * 4, dc=2, packet=b''):
    """The 64 bytes and one packet; and how to decrypt the answer."""
    head = bytearray(os.urandom(64))
    head[0:8] = b'\x01' * 8
    head[56:60], head[60:62] = tag, struct.pack('<h', dc)
    keyed = lambda key: hashlib.sha256(key + secret).digest() if secret else key  # noqa: E731
    sealed = ctr(keyed(bytes(head[8:40])), bytes(head[40:56]), bytes(head) + packet)
    back = bytes(head[8:56])[::-1]
    return bytes(head[:56]) + sealed[56:], lambda data: ctr(keyed(back[:32]), back[32:], data)


REQ_PQ = struct.pack('<QQI', 0, 0x6000000000000000 & ~3, 20) + struct.pack('<I', 0xbe7e8ef1) + bytes(range(16))


def handshake_begins(sock, secret, wrap=lambda data: data, unwrap=None):
    """req_pq_multi under padded framing is answered by resPQ."""
    packet = struct.pack('<I', len(REQ_PQ)) + REQ_PQ
    data, decrypt = obfuscated(secret, packet=packet)
    sock.sendall(wrap(data))
    answer = decrypt(unwrap(sock) if unwrap else sock.recv(4096))
    need(answer[24:28] == struct.pack('<I', 0x05162463), f'no resPQ: {answer[:40].hex()}')


def from_record(sock):
    head = receive(sock, 5)
    need(head[:3] == b'\x17\x03\x03', f'no data record: {head.hex()}')
    return receive(sock, struct.unpack('>H', head[3:])[0])


def everything(port, data, patience=5):
    """Sends, ends its direction, reads to the end."""
    with socket.create_connection(('127.0.0.1', port), timeout=patience) as sock:
        sock.sendall(data)
        answer = b''
        while True:
            try:
                part = sock.recv(65536)
            except (ConnectionResetError, TimeoutError):
                return answer
            if not part:
                return answer
            answer += part


def record_kinds(data):
    """TLS answers differ by their random numbers: the kinds of records and their sizes are what can be the same."""
    kinds, at = [], 0
    while at + 5 <= len(data):
        size = struct.unpack('>H', data[at + 3:at + 5])[0]
        kinds.append((data[at], size))
        at += 5 + size
    return kinds


def page(port, trust):
    context = ssl.create_default_context(cafile=trust)
    with socket.create_connection(('127.0.0.1', port), timeout=10) as plain:
        with context.wrap_socket(plain, server_hostname=NAME) as stream:
            shown, data = stream.getpeercert(True), b''
            stream.sendall(b'GET / HTTP/1.1\r\nHost: www.example.org\r\n\r\n')
            while True:
                part = stream.recv(65536)
                if not part:
                    return shown, data
                data += part


def settings(site, **more):
    return {'secrets': f'{SECRET.hex()}, dd{OLD_SECRET.hex()}', 'site': f'{NAME}:443', 'site_address': f'127.0.0.1:{site.port}',
            'address_strangers_max': 8, **more}


def shows(port, site):
    try:
        return page(port, site.trust)[1].endswith(PAGE)
    except OSError:
        return False


def beside_others(server, site):
    port = server.port

    @case('T7 who knows the secret gets an answer under it, and MTProto inside')
    def _():
        with socket.create_connection(('127.0.0.1', port), timeout=5) as sock:
            hello = client_hello()
            sock.sendall(hello[:200])
            time.sleep(0.1)
            sock.sendall(hello[200:])
            need(is_ours(sock, hello), 'the answer is not signed')
            handshake_begins(sock, SECRET, lambda d: b'\x14\x03\x03\x00\x01\x01\x17\x03\x03' + struct.pack('>H', len(d)) + d,
                             from_record)

    @case('T7 each of several secrets will do')
    def _():
        with socket.create_connection(('127.0.0.1', port), timeout=5) as sock:
            hello = client_hello(OLD_SECRET)
            sock.sendall(hello)
            need(is_ours(sock, hello, OLD_SECRET), 'the answer is not signed')

    @case('36 a browser gets the site: the certificate and the page, byte for byte')
    def _():
        need(page(port, site.trust) == page(site.port, site.trust), 'not the same')
        need(page(port, site.trust)[1].endswith(PAGE), 'not the page')

    strangers = {
        'a hello made with another secret': lambda: client_hello(bytes(16)),
        'a hello of twenty minutes ago': lambda: client_hello(age=1200),
        'a hello of twenty minutes hence': lambda: client_hello(age=-1200),
        'a hello for another name': lambda: client_hello(name='www.example.com'),
    }
    for what, make in strangers.items():
        @case(f'36 {what} is answered by the site')
        def _(make=make):
            hello, before = make(), site.came
            got, direct = everything(port, hello, 1), everything(site.port, hello, 1)
            need(site.came == before + 2, f'the site was asked {site.came - before} times')
            need(got and record_kinds(got) == record_kinds(direct), f'{record_kinds(got)} is not {record_kinds(direct)}')

    @case('36 a hello that was answered once is answered by the site, also with its time moved')
    def _():
        hello = client_hello()
        with socket.create_connection(('127.0.0.1', port), timeout=5) as sock:
            sock.sendall(hello)
            need(is_ours(sock, hello), 'the first was refused')
        moved = bytearray(hello)
        for i, byte in enumerate(struct.pack('<I', int(time.time()))):
            moved[39 + i] ^= byte
        for i, byte in enumerate(struct.pack('<I', int(time.time()) + 60)):
            moved[39 + i] ^= byte
        for again in (hello, bytes(moved)):
            before = site.came
            got, direct = everything(port, again, 1), everything(site.port, again, 1)
            need(site.came == before + 2 and record_kinds(got) == record_kinds(direct), 'not the site')

    @case('36 a replay after the messenger was killed is answered by the site')
    def _():
        hello = client_hello()
        with socket.create_connection(('127.0.0.1', port), timeout=5) as sock:
            sock.sendall(hello)
            need(is_ours(sock, hello), 'the first was refused')
        old = children(server.process.pid)['messenger']
        os.kill(old, 9)
        wait_until('another messenger', lambda: children(server.process.pid).get('messenger', old) != old)
        wait_until('its port', lambda: answers(port))
        before = site.came
        got, direct = everything(port, hello, 1), everything(site.port, hello, 1)
        need(site.came == before + 2 and record_kinds(got) == record_kinds(direct), 'not the site')

    @case('36 half a hello, then silence: the site has it')
    def _():
        before = site.came
        with socket.create_connection(('127.0.0.1', port), timeout=5) as sock:
            sock.sendall(client_hello(bytes(16))[:100])
            wait_until('the site to be asked', lambda: site.came > before, 6)

    @case('T4 obfuscated with a secret, on the same port; and without')
    def _():
        for secret in (SECRET, OLD_SECRET, None):
            with socket.create_connection(('127.0.0.1', port), timeout=5) as sock:
                handshake_begins(sock, secret)

    @case('HTTP is served beside them')
    def _():
        need(get(port, '/')[0] == 200, 'no page')

    @case('36 one address has a bounded share of what is passed on; others go on')
    def _():
        held = []
        for _ in range(12):
            sock = socket.create_connection(('127.0.0.1', port), timeout=5)
            sock.sendall(client_hello(bytes(16)))
            held.append(sock)
        closed = 0
        for sock in held:  # each hears the site, or its end
            try:
                closed += sock.recv(65536) == b''
            except ConnectionResetError:
                closed += 1
        for sock in held:
            sock.close()
        need(closed == 4, f'{closed} of 12 were closed')
        wait_until('room again', lambda: shows(port, site))

    @case('36 a relay that was killed is started again')
    def _():
        old = children(server.process.pid)['lontar-fetch']
        os.kill(old, 9)
        wait_until('another relay', lambda: children(server.process.pid).get('lontar-fetch', old) != old)
        need(page(port, site.trust)[1].endswith(PAGE), 'not the page')

    @case('36 the relay can open no file and no other port')
    def _():
        pid = children(server.process.pid)['lontar-fetch']
        status = Path(f'/proc/{pid}/status').read_text()
        need('Seccomp:\t2' in status and 'NoNewPrivs:\t1' in status, status)
        need('CapEff:\t0000000000000000' in status, 'it has capabilities')

    @case('36 without its site strangers are closed, and those who know a secret are served')
    def _():
        site.listener.close()
        with socket.create_connection(('127.0.0.1', port), timeout=5) as sock:
            hello = client_hello()
            sock.sendall(hello)
            need(is_ours(sock, hello), 'refused')


def site_that_must_not_be(folder, what, site, site_address):
    """The site's name leads where strangers must not be passed on to. OUR is the messenger's own port."""
    @case(f'36 {what}: strangers are closed, and the log says why')
    def _():
        own = free_port()
        more = {'site': site, 'site_address': site_address.replace('OUR', str(own)), 'secrets': SECRET.hex()}
        with Server(folder, '--port', str(own), settings=more) as server:
            wait_until('the log', lambda: 'site_unknown' in ''.join(server.log))
            need(everything(own, client_hello(bytes(16)), 1) == b'', 'a stranger was answered')
            with socket.create_connection(('127.0.0.1', own), timeout=5) as sock:
                hello = client_hello(name=site.split(':')[0])
                sock.sendall(hello)
                need(is_ours(sock, hello), 'who knows the secret was refused')
            need(get(server.metrics, '/metrics')[1].count('strangers_total 1\n'), 'strangers came back to us')


def nobody_else(port, site):
    """[proxy] only; the PROXY header makes this machine look like another."""
    from_elsewhere = b'PROXY TCP4 198.51.100.7 198.51.100.1 4000 443\r\n'
    for what, data in (('plain HTTP', b'GET / HTTP/1.1\r\nHost: x\r\n\r\n'), ('noise', b'a' + os.urandom(99)),
                       ('obfuscation without a secret', obfuscated(None)[0]), ('abridged MTProto', b'\xef' + bytes(80))):
        @case(f'36 only: {what} is answered by the site')
        def _(data=data):
            before = site.came
            got, direct = everything(port, from_elsewhere + data, 1), everything(site.port, data, 1)
            need(site.came == before + 2 and got == direct, f'{got[:60]} is not {direct[:60]}')

    @case('T4 only: obfuscated with a secret is served')
    def _():
        with socket.create_connection(('127.0.0.1', port), timeout=5) as sock:
            sock.sendall(from_elsewhere)
            handshake_begins(sock, SECRET)

    @case('T7 only: fake TLS is served')
    def _():
        with socket.create_connection(('127.0.0.1', port), timeout=5) as sock:
            hello = client_hello()
            sock.sendall(from_elsewhere + hello)
            need(is_ours(sock, hello), 'refused')


def links(folder):
    @case('proxy-link: from nothing to a working link')
    def _():
        lontar('init', '--data', folder)
        need('no secret' in lontar('proxy-link', '--data', folder, expect=1).stderr, 'silent')
        made = lontar('proxy-link', '--data', folder, '--new', '--site', f'{NAME}:443').stdout
        shown = lontar('proxy-link', '--data', folder).stdout
        need(made.count('tg://proxy?') == shown.count('tg://proxy?') == 2, made)
        secret = re.search(r'tg://proxy\?server=127\.0\.0\.1&port=8443&secret=(ee[0-9a-f]+)', shown)[1]
        need(bytes.fromhex(secret[34:]).decode() == NAME, secret)
        need('https://t.me/proxy?server=127.0.0.1&port=8443&secret=dd' in shown, shown)
        second = lontar('proxy-link', '--data', folder, '--new').stdout
        need(secret in second and second.count('tg://proxy?') == 4, 'the first secret is gone')
        mode = (Path(folder) / 'lontar.ini').stat().st_mode & 0o777
        need(mode == 0o600, oct(mode))

    @case('settings that make no sense are told')
    def _():
        ini = Path(folder) / 'lontar.ini'
        text = ini.read_text()
        for name, value, told in (('secrets', 'abc', 'number 1'), ('secrets', '', 'secrets is empty'), ('site', 'nothing', 'name:port'),
                                  ('public_addresses', 'example.org', 'numeric'), ('public_addresses', '10.0.0.1:99999', 'written'),
                                  ('public_addresses', '10.0.0.1 loud', 'secret, tls or'), ('trusted_proxies', '10.1.2.3/8', '10.1.2.3/8'),
                                  ('listen', 'example.org', 'numeric'), ('certificate', 'some.pem', 'belong together'),
                                  ('port', '8444', 'port of their own')):
            ini.write_text(re.sub(rf'(\n{name} = ).*', rf'\g<1>{value}', text))
            error = lontar('serve', '--data', folder, '--port', '0', expect=1).stderr
            need(told in error, f'{name} = {value}: {error}')
        ini.write_text(text.replace('\npublic_addresses =', '\npublic_address ='))
        error = lontar('serve', '--data', folder, '--port', '0', expect=1).stderr
        need('write public_addresses' in error, error)
        ini.write_text(text)


MASKED = Site(WORK)
with Server(WORK / 'beside', settings=settings(MASKED)) as running:
    beside_others(running, MASKED)
site_that_must_not_be(WORK / 'ourselves', 'a site that is this server', f'{NAME}:443', '127.0.0.1:OUR')
site_that_must_not_be(WORK / 'inside', 'a name that leads inside', 'localhost:443', '')
MASKED = Site(WORK)
with Server(WORK / 'only', settings=settings(MASKED, only='yes', trusted_proxies='127.0.0.1')) as running:
    nobody_else(running.port, MASKED)
links(str(WORK / 'links'))
shutil.rmtree(WORK, ignore_errors=True)
sys.exit(1 if failures else 0)
