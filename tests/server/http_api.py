#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The suite `http`: MTProto in the bodies of HTTP requests, as bytes: paths, statuses, pages of other sites, bounds and
deadlines, TLS. What packets hold is tested in tests/wire (cases/http.txt) and by real clients (scenarios/http.mjs)."""
import http.client
import os
import re
import shutil
import socket
import ssl
import struct
import subprocess
import sys
import time
from pathlib import Path

from harness import WORK, Server, case, children, failures, need

REQ_PQ_MULTI, RES_PQ = 0xbe7e8ef1, 0x05162463
PACKET_MAX = 2 << 20
SITE = 'https://chat.example'


def req_pq():
    nonce = os.urandom(16)
    return nonce, struct.pack('<qqiI', 0, int(time.time()) << 32, 20, REQ_PQ_MULTI) + nonce


def is_res_pq(packet, nonce):
    return len(packet) > 40 and struct.unpack_from('<I', packet, 20)[0] == RES_PQ and packet[24:40] == nonce


def ask(connection, path, body, method='POST', **headers):
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    return answer, answer.read()


def status(server, path, body=b'', method='POST', **headers):
    connection = http.client.HTTPConnection('127.0.0.1', server.port, timeout=60)
    try:
        return ask(connection, path, body, method, **headers)[0]
    finally:
        connection.close()


with Server(WORK / 'http', settings={'origins': SITE, 'frame_s': 2}) as server:
    @case('a packet is answered with a packet, one after the other on one connection')
    def _():
        connection = http.client.HTTPConnection('127.0.0.1', server.port, timeout=60)
        for _ in range(5):
            nonce, packet = req_pq()
            answer, body = ask(connection, '/api', packet)
            need(answer.status == 200 and is_res_pq(body, nonce), answer.status)
            need(answer.headers['Content-Type'] == 'application/octet-stream', answer.headers['Content-Type'])
        connection.close()

    @case('the paths that clients have lead there, others do not')
    def _():
        for path in ('/api', '/apiw', '/apiw1', '/api_test', '/apiw_test1', '/apiw1_test', '/apiw1_test_premium'):
            nonce, packet = req_pq()
            need(status(server, path, packet).status == 200, path)
        for path in ('/apix', '/api/', '/api1x', '/apiws', '/'):
            need(status(server, path, req_pq()[1]).status in (404, 405), path)
        need(status(server, '/api', method='GET').status == 405, 'GET')

    @case('an unknown key is 404, a packet that is none is 400, one that is too long 413')
    def _():
        need(status(server, '/api', os.urandom(88)).status == 404, 'unknown key')
        for body in (b'', b'1234', os.urandom(89)):
            need(status(server, '/api', body).status == 400, len(body))
        need(status(server, '/api', os.urandom(PACKET_MAX + 4)).status == 413, 'too long')
        need(status(server, '/api', os.urandom(PACKET_MAX)).status == 404, 'the longest')

    @case('a query that is none of the handshake is 404, and ends nothing')
    def _():
        connection = http.client.HTTPConnection('127.0.0.1', server.port, timeout=60)
        bad = struct.pack('<qqiI', 0, int(time.time()) << 32, 4, 0xdeadbeef)
        need(ask(connection, '/api', bad)[0].status == 404, 'the bad one')
        nonce, packet = req_pq()
        need(is_res_pq(ask(connection, '/api', packet)[1], nonce), 'the good one')
        connection.close()

    @case('pages of the named sites may post and read, of others not')
    def _():
        asked = {'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'content-type'}
        answer = status(server, '/apiw1', method='OPTIONS', Origin=SITE, **asked)
        need(answer.status == 204 and answer.headers['Access-Control-Allow-Origin'] == SITE, answer.status)
        need('POST' in answer.headers['Access-Control-Allow-Methods'], 'methods')
        need('content-type' in answer.headers['Access-Control-Allow-Headers'], 'headers')
        for body, expected in ((req_pq()[1], 200), (os.urandom(88), 404)):
            answer = status(server, '/apiw1', body, Origin=SITE)
            need(answer.status == expected and answer.headers['Access-Control-Allow-Origin'] == SITE, answer.status)
        for method in ('OPTIONS', 'POST'):
            answer = status(server, '/apiw1', req_pq()[1], method, Origin='https://evil.example')
            need(answer.status == 403 and not answer.headers['Access-Control-Allow-Origin'], answer.status)

    @case('a body that comes byte by byte now and then is cut')
    def _():
        with socket.create_connection(('127.0.0.1', server.port), timeout=60) as client:
            client.sendall(b'POST /api HTTP/1.1\r\nHost: x\r\nContent-Length: 4000\r\n\r\n')
            client.settimeout(0.25)
            began = time.monotonic()
            while time.monotonic() - began < 30:
                try:
                    client.sendall(b'x')
                    if client.recv(64)[:12] in (b'HTTP/1.1 408', b''):
                        return
                except TimeoutError:
                    continue
                except OSError:
                    return
            need(False, 'it is still open')


def memory_kib(server):
    status = Path(f'/proc/{children(server.process.pid)["messenger"]}/status').read_text()
    return int(re.search(r'^VmRSS:\s+(\d+) kB$', status, re.M)[1])


# Nobody is cut here before the case is over.
with Server(WORK / 'announced', settings={'frame_s': 60}) as server:
    @case('a length that is only announced takes no memory, and nobody waits for it')
    def _():
        need(status(server, '/api', req_pq()[1]).status == 200, 'no answer before')
        clients, before = [], memory_kib(server)
        for _ in range(200):
            client = socket.create_connection(('127.0.0.1', server.port), timeout=60)
            client.sendall(b'POST /api HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\nx' % PACKET_MAX)
            clients.append(client)
        need(status(server, '/api', req_pq()[1]).status == 200, 'no answer')
        grown = memory_kib(server) - before
        need(grown < 200 * PACKET_MAX // 1024 // 16, f'{grown} KiB more')
        for client in clients:
            client.setblocking(False)
            try:
                need(False, f'cut: {client.recv(64)}')
            except BlockingIOError:
                client.close()

subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', WORK / 'key.pem',
                '-out', WORK / 'chain.pem', '-days', '30', '-subj', '/CN=msg.example'], check=True, capture_output=True)
with Server(WORK / 'https', settings={'certificate': WORK / 'chain.pem', 'key': WORK / 'key.pem'}) as server:
    @case('the same inside TLS')
    def _():
        connection = http.client.HTTPSConnection('127.0.0.1', server.port, timeout=60, context=ssl._create_unverified_context())
        for _ in range(3):
            nonce, packet = req_pq()
            answer, body = ask(connection, '/apiw1', packet)
            need(answer.status == 200 and is_res_pq(body, nonce), answer.status)
        connection.close()

shutil.rmtree(WORK, ignore_errors=True)
sys.exit(1 if failures else 0)
