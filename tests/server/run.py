#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The suite `server`: commands, files and their modes, start and stop, what the supervisor restarts, and the HTTP that needs
no login. Python's standard library alone; the folder of the build comes in LONTAR_BUILD."""
import fcntl
import http.client
import json
import os
import pty
import re
import shutil
import signal
import socket
import stat
import sys
import termios
import time
from pathlib import Path

from harness import WORK, Server, answers, case, children, failures, get, lontar, need, wait_until

# What each file may be at most: keys and databases are for their owner alone.
PRIVATE = ['root.key', 'keeper.key', 'server.key', 'home/home.db', 'square/square.db']


@case('help: every command says what it does, with an example')
def _():
    overview = lontar('--help').stdout
    commands = re.findall(r'^  (\w+) ', overview, re.M)
    need({'init', 'serve', 'desk', 'ledger'} <= set(commands), f'commands: {commands}')
    for command in commands:
        text = lontar(command, '--help').stdout
        need('Example' in text, f'{command} --help has no example')
        need(lontar(command, '--no-such-option', expect=2).stderr, f'{command} says nothing about a wrong option')


@case('an unknown command and none at all end with status 2 and a word')
def _():
    need('no command' in lontar('frobnicate', expect=2).stderr, 'an unknown command is not named')
    need('Usage' in lontar(expect=2).stderr, 'without a command there is no usage')


@case('init makes the files, for their owner alone; again it changes nothing')
def _():
    folder = WORK / 'init'
    lontar('init', '--data', str(folder))
    for name in PRIVATE:
        mode = stat.S_IMODE((folder / name).stat().st_mode)
        need(mode == 0o600, f'{name} has mode {mode:o}')
    need((folder / 'lontar.ini').exists(), 'no lontar.ini')
    pem = (folder / 'server.pub.pem').read_text()
    need(pem.startswith('-----BEGIN RSA PUBLIC KEY-----') and len(pem) == 426, 'server.pub.pem is no PKCS#1 key of 2048 bits')
    keep = {path: path.read_bytes() for path in folder.rglob('*') if path.is_file() and '.db' not in path.name}
    lontar('init', '--data', str(folder))
    for path, before in keep.items():
        need(path.read_bytes() == before, f'{path.name} changed')


@case('init says what is wrong with a place that it can not use')
def _():
    blocked = WORK / 'a-file'
    blocked.write_text('')
    need(lontar('init', '--data', str(blocked), expect=1).stderr.startswith('lontar init: '), 'no message')


@case('a damaged settings file is named with its line')
def _():
    folder = WORK / 'damaged'
    lontar('init', '--data', str(folder))
    ini = folder / 'lontar.ini'
    ini.write_text(ini.read_text() + '\n[server]\nnonsense = 1\n')
    result = lontar('serve', '--data', str(folder), '--port', '0', '--desk-port', '0', expect=1)
    need('nonsense' in result.stderr, f'said: {result.stderr}')


@case('a setting that knows a few words only refuses any other')
def _():
    for row, word in (('level', 'loud'), ('codes', 'pigeon')):
        folder = WORK / f'word-{row}'
        lontar('init', '--data', str(folder))
        ini = folder / 'lontar.ini'
        ini.write_text(re.sub(rf'^{row} = .*$', f'{row} = {word}', ini.read_text(), flags=re.M))
        result = lontar('serve', '--data', str(folder), '--port', '0', expect=1)
        need(row in result.stderr and str(ini) in result.stderr, result.stderr)
    lontar('serve', '--data', str(WORK / 'word-level'), '--codes', 'pigeon', expect=2)


@case('the log keeps to its level in every program')
def _():
    folder = WORK / 'quiet'
    lontar('init', '--data', str(folder))
    ini = folder / 'lontar.ini'
    ini.write_text(re.sub(r'^level = .*$', 'level = error', ini.read_text(), flags=re.M))
    with Server(folder) as server:
        server.stop()
        need(not server.log, server.log[:3])


@case('a terminal that is closed ends what was started on it, as SIGTERM does')
def _():
    master, slave = pty.openpty()

    def take_terminal():
        os.setsid()
        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)

    with Server(WORK / 'hangup', preexec_fn=take_terminal) as server:
        os.close(slave)
        os.close(master)
        need(server.process.wait(12) == 0, 'it ended badly')


@case('serve on an empty folder makes an installation, listens on free ports and says so; SIGTERM ends it with 0')
def _():
    folder = WORK / 'fresh'
    folder.mkdir()
    with Server(folder) as server:
        need(server.port != server.desk and min(server.ready) > 0, f'ready: {server.ready}')
        need(answers(server.port), 'the messenger does not answer')
        status = server.stop()
        need(status == 0, f'status {status}')
        need(not children(server.process.pid), 'children are left')
        for line in ''.join(server.log).splitlines():
            need({'t', 'level', 'event', 'text'} <= set(json.loads(line)), f'no log line: {line}')


@case('SIGINT ends it as well, with a client still connected')
def _():
    with Server(WORK / 'fresh') as server, socket.create_connection(('127.0.0.1', server.port)):
        server.process.send_signal(signal.SIGINT)
        need(server.process.wait(12) == 0, 'status is not 0')


@case('a port that is taken is a clear message, and no restart loop')
def _():
    with socket.socket() as taken:
        taken.bind(('127.0.0.1', 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = lontar('serve', '--data', str(WORK / 'fresh'), '--port', str(port), '--desk-port', '0', '--listen', '127.0.0.1',
                      expect=1).stderr
        need(str(port) in said and 'ddress already in use' in said, f'said: {said[-400:]}')


@case('the supervisor starts a killed messenger, desk or keeper again, on the same ports')
def _():
    with Server(WORK / 'fresh') as server:
        before = children(server.process.pid)
        need({'messenger', 'lontar-desk', 'lontar-keeper'} <= set(before), f'children: {before}')
        for name, port, path in (('lontar-keeper', server.port, '/'), ('messenger', server.port, '/'), ('lontar-desk', server.desk, '/square/')):
            wait_until('all to run', lambda: set(children(server.process.pid)) == set(before))
            last = children(server.process.pid)
            os.kill(last[name], signal.SIGKILL)
            # With the keeper the messenger ends, too.
            for gone in {name, 'messenger'} if name == 'lontar-keeper' else {name}:
                wait_until(f'another {gone}', lambda n=gone: children(server.process.pid).get(n) not in (None, last[n]))
            wait_until(f'{name} to answer', lambda p=port, q=path: answers(p, q))
        after = children(server.process.pid)
        need(all(before[name] != after[name] for name in before), 'a child is the same')
        need(server.stop() == 0, 'it does not end cleanly')


@case('nothing outlives a killed supervisor')
def _():
    with Server(WORK / 'fresh') as server:
        pids = children(server.process.pid).values()
        os.kill(server.process.pid, signal.SIGKILL)
        server.process.wait(10)
        wait_until('the children to end', lambda: not any(Path(f'/proc/{pid}').exists() for pid in pids))


@case('two servers on one folder: the second is refused, the first serves on')
def _():
    with Server(WORK / 'fresh') as server:
        second = lontar('serve', '--data', str(WORK / 'fresh'), '--port', '0', '--desk-port', '0', '--listen', '127.0.0.1', expect=1)
        need(second.stderr and 'ready' not in second.stdout, 'the second says nothing, or serves too')
        need(answers(server.port), 'the first does not answer any more')


with Server(WORK / 'http') as shared:
    @case('/metrics counts, /healthz says ok, on a loopback port of their own')
    def _():
        status, text, _ = get(shared.metrics, '/metrics')
        need(status == 200 and re.search(r'^lontar_connections_total \d+$', text, re.M), text[:300])
        need(re.search(r'^# TYPE lontar_calls_total counter$', text, re.M), 'no type line')
        need(get(shared.metrics, '/healthz')[:2] == (200, 'ok\n'), 'not healthy')
        need(get(shared.metrics, '/')[0] == 404, 'something else is there')
        need(get(shared.port, '/metrics')[0] == 404, 'metrics are on the public port')

    @case('the front page is plain HTML that loads nothing')
    def _():
        status, text, answer = get(shared.port, '/')
        need(status == 200 and 'Lontar' in text, text[:200])
        need("default-src 'none'" in answer.getheader('Content-Security-Policy', ''), 'no policy')
        need(not re.search(r'<script|https?://', text), 'the page loads something')

    @case('unknown paths, methods and tokens are refused')
    def _():
        need(get(shared.port, '/nothing/here')[0] == 404, 'unknown path')
        need(get(shared.port, '/', 'DELETE')[0] in (404, 405), 'DELETE')
        for path in ('/bot/getMe', '/bot1:wrong/getMe', '/bot' + 'x' * 300 + '/getMe', '/bot../getMe'):
            status, text, _ = get(shared.port, path)
            need(status in (401, 404), f'{path}: {status}')
            if status == 401:
                need(json.loads(text) == {'ok': False, 'error_code': 401, 'description': 'Unauthorized'}, text)

    @case('the service bot answers to its token, which is in a file for the owner alone')
    def _():
        path = WORK / 'http/desk/service.token'
        need(stat.S_IMODE(path.stat().st_mode) == 0o600, 'mode')
        status, text, _ = get(shared.port, f'/bot{path.read_text().strip()}/getMe')
        need(status == 200 and json.loads(text)['ok'] is True, text)
        need(json.loads(text)['result']['is_bot'] is True, text)

    @case('the desk is closed without a token, its public pages are open')
    def _():
        for method, path in (('GET', '/api/cases'), ('POST', '/api/notices'), ('POST', '/api/cases/1/decide')):
            need(get(shared.desk, path, method)[0] == 401, path)
            need(get(shared.desk, path, method, {'Authorization': 'Bearer wrong'})[0] == 401, path)
        need(get(shared.desk, '/square/')[0] == 200, 'no public page')
        need(get(shared.desk, '/square/ledger/checkpoint')[0] == 200, 'no checkpoint')
        need(get(shared.desk, '/square/ledger/../../service.token')[0] in (400, 404), 'a path leads out of the ledger')
        need(get(shared.desk, '/square/ledger/%2e%2e/%2e%2e/service.token')[0] in (400, 404), 'a path leads out of the ledger')

    @case('eight requests on one connection, and one sent byte by byte')
    def _():
        connection = http.client.HTTPConnection('127.0.0.1', shared.port, timeout=10)
        for _ in range(8):
            connection.request('GET', '/')
            answer = connection.getresponse()
            answer.read()
            need(answer.status == 200, f'{answer.status}')
        connection.close()
        with socket.create_connection(('127.0.0.1', shared.port), timeout=10) as slow:
            for byte in b'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n':
                slow.sendall(bytes([byte]))
                time.sleep(0.002)
            answer = b''
            while chunk := slow.recv(4096):
                answer += chunk
            need(answer.startswith(b'HTTP/1.1 200'), answer[:40])

shutil.rmtree(WORK, ignore_errors=True)
sys.exit(1 if failures else 0)
