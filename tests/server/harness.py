# SPDX-License-Identifier: Apache-2.0
"""What the suites in this folder share: a server of their own, cases, waiting. Python's standard library alone; the folder of
the build comes in LONTAR_BUILD."""
import errno
import http.client
import os
import random
import re
import signal
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BUILD = Path(os.environ.get('LONTAR_BUILD', ROOT / 'build'))
LONTAR = str(BUILD / 'lontar')
READY_S = 30
WORK = Path(tempfile.mkdtemp(prefix='lontar-server-'))
failures = []


class Failure(Exception):
    pass


def case(name):
    def decorate(run):
        try:
            run()
            print(f'ok {name}', flush=True)
        except (Failure, ValueError, OSError, subprocess.SubprocessError, http.client.HTTPException) as error:
            failures.append(name)
            print(f'not ok {name}\n  {type(error).__name__}: {error}', flush=True)
        return run
    return decorate


def need(truth, text):
    if not truth:
        raise Failure(text)


def lontar(*args, expect=0):
    result = subprocess.run([LONTAR, *args], capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
    need(result.returncode == expect, f'{args} ended with {result.returncode}: {result.stderr[-400:]}')
    return result


def free_port():
    """None of those that the system gives to connections: one could have it when the server comes back to it."""
    low, high = map(int, Path('/proc/sys/net/ipv4/ip_local_port_range').read_text().split())
    while True:
        port = random.randrange(10000, low) if low > 20000 else random.randrange(high + 1, 65536)
        with socket.socket() as probe:
            try:
                probe.bind(('127.0.0.1', port))
                return port
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise


def children(pid):
    found = {}
    for path in Path('/proc').glob('[0-9]*'):
        try:
            fields = (path / 'stat').read_text().rsplit(') ', 1)[1].split()
            if int(fields[1]) == pid and fields[0] != 'Z':
                args = (path / 'cmdline').read_bytes().split(b'\0')
                found['messenger' if args[1:2] == [b'messenger'] else Path(args[0].decode()).name] = int(path.name)
        except (OSError, IndexError):
            continue
    return found


class Server:
    """lontar serve on free ports, with metrics on one of its own."""

    def __init__(self, folder, *args, settings=None, **popen):
        self.folder = Path(folder)
        if not (self.folder / 'lontar.ini').exists():
            lontar('init', '--data', str(folder))
        self.metrics = free_port()
        ini = self.folder / 'lontar.ini'
        ini.write_text(re.sub(r'(\[metrics\][^[]*?\nport = )\d+', rf'\g<1>{self.metrics}', ini.read_text()))
        for name, value in (settings or {}).items():
            text, count = re.subn(rf'(?m)^{name} = .*$', f'{name} = {value}', ini.read_text())
            need(count == 1, f'{count} settings are called {name}')
            ini.write_text(text)
        self.process = subprocess.Popen([LONTAR, 'serve', '--data', str(folder), '--port', '0', '--desk-port', '0', '--listen',
                                         '127.0.0.1', *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **popen)
        self.log, self.ready = [], None
        self.is_ready = threading.Event()
        for stream, take in ((self.process.stdout, self.take_line), (self.process.stderr, self.log.append)):
            threading.Thread(target=lambda s=stream, t=take: [t(line) for line in s], daemon=True).start()
        if not self.is_ready.wait(READY_S):
            self.kill()
            raise Failure(f'no ready line: {"".join(self.log)[-600:]}')
        self.port, self.desk = self.ready

    def take_line(self, line):
        match = re.fullmatch(r'ready port=(\d+) desk=(\d+)\n', line)
        if match:
            self.ready = int(match[1]), int(match[2])
            self.is_ready.set()

    def kill(self):
        for pid in [self.process.pid, *children(self.process.pid).values()]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.process.wait(10)

    def stop(self):
        self.process.terminate()
        try:
            return self.process.wait(12)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Failure('SIGTERM did not end it within 12 s') from None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.kill()


def get(port, path, method='GET', headers=None):
    connection = http.client.HTTPConnection('127.0.0.1', port, timeout=60)
    try:
        connection.request(method, path, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read().decode('utf-8', 'replace'), answer
    finally:
        connection.close()


def wait_until(what, look, seconds=120):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise Failure(f'waited {seconds} s for {what}')


def answers(port, path='/'):
    try:
        return get(port, path)[0] == 200
    except (OSError, http.client.HTTPException):
        return False
