#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The suite `vault`: custodians split the root, rehearse, and open a sealed server from three addresses; wrong, damaged, foreign
and repeated shares are told; fewer than the threshold open nothing; nobody but the keeper ever holds the root."""
import http.client
import os
import re
import resource
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
import time

from harness import BUILD, LONTAR, ROOT, WORK, Server, answers, case, children, failures, get, lontar, need, wait_until
from machines import Machines

PHRASE = 'three words and a half'
NAMES = ['ani', 'budi', 'citra', 'dewi', 'eka']
DATA, OTHER = WORK / 'data', WORK / 'other'
phrase_file = WORK / 'phrase'
phrase_file.write_text(PHRASE + '\n')
known = {}  # what one case finds out and a later one needs


def custodian(name):
    return WORK / f'{name}.key'


def share_of(name, folder=WORK):
    return folder / f'share-{NAMES.index(name) + 1}-{name}.txt'


def unseal(name, server, *more, share=None, key=None, phrase=phrase_file, expect=0):
    at = server if isinstance(server, str) else f'127.0.0.1:{server.port}'
    return lontar('vault', 'unseal', '--server', at, '--share', str(share or share_of(name)), '--key', str(key or custodian(name)),
                  '--passphrase-file', str(phrase), *more, expect=expect)


def split(data, out, threshold=3):
    named = [word for name in NAMES for word in ('--custodian', f'{custodian(name)}.pub')]
    return lontar('vault', 'split', '--data', str(data), '--shares', '5', '--threshold', str(threshold), '--out', str(out), *named)


def status_of(data):
    return lontar('vault', 'status', '--data', str(data)).stdout


def memory_has(pid, secret):
    """How often the secret is in the memory of a process; None where we may not look."""
    hits = 0
    try:
        with open(f'/proc/{pid}/maps') as maps, open(f'/proc/{pid}/mem', 'rb', 0) as memory:
            for line in maps:
                begin, end = (int(x, 16) for x in line.split()[0].split('-'))
                if end - begin > 1 << 28 or 'vvar' in line or 'vsyscall' in line:
                    continue
                try:
                    memory.seek(begin)
                    hits += memory.read(end - begin).count(secret)
                except (OSError, ValueError):
                    continue
    except PermissionError:
        return None
    return hits


def files_with(folder, secrets):
    return [path for path in folder.rglob('*') if path.is_file() and any(s in path.read_bytes() for s in secrets)]


@case('a custodian makes a key, locked and for its owner alone; a short passphrase is refused')
def _():
    for name in NAMES:
        lontar('vault', 'custodian', 'new', str(custodian(name)), '--passphrase-file', str(phrase_file))
    need(custodian('ani').stat().st_mode & 0o777 == 0o600, 'the key is open to others')
    lontar('vault', 'custodian', 'new', str(custodian('ani')), '--passphrase-file', str(phrase_file), expect=1)
    short = WORK / 'short'
    short.write_text('short\n')
    lontar('vault', 'custodian', 'new', str(WORK / 'x.key'), '--passphrase-file', str(short), expect=1)


@case('split, and its rehearsal; root.key goes only after that')
def _():
    with Server(OTHER) as other:
        (WORK / 'foreign').mkdir()
        split(OTHER, WORK / 'foreign')
        need('0 of 3' in status_of(OTHER), 'the other installation waits for no rehearsal')
    with Server(DATA) as server:
        known['root'] = bytes.fromhex((DATA / 'root.key').read_text())
        need('root.key' in status_of(DATA), 'status says not where the root is')
        lontar('vault', 'split', '--data', str(DATA), '--finish', expect=1)
        split(DATA, WORK)
        need('rehearsal' in lontar('vault', 'split', '--data', str(DATA), '--finish', expect=1).stderr, 'finished without a rehearsal')
        need('1 of 3' in unseal('eka', server).stdout, 'the first share is not counted')
        need('already' in unseal('eka', server).stdout, 'the same share is counted twice')
        need('not the server' in unseal('ani', server, share=share_of('ani', WORK / 'foreign'), expect=1).stderr, 'a foreign share')
        unseal('ani', server)
        need((DATA / 'root.key').exists(), 'the root went before the rehearsal')
        need('went well' in unseal('citra', server).stdout, 'the rehearsal did not go well')
        lontar('vault', 'split', '--data', str(DATA), '--finish')
        need(not (DATA / 'root.key').exists() and (DATA / 'vault.set').exists(), 'root.key is still there')
        need('open: by 3 of 5' in status_of(DATA), 'status does not say who opens it')
        need(answers(server.port), 'the server does not serve on')
        looked = lontar('check', '--data', str(DATA)).stdout
        need('ok sealed: ' in looked and 'all is well' in looked, f'check does not ask the keeper: {looked}')
        pids = children(server.process.pid)
        held = memory_has(pids['lontar-keeper'], known['root'])
        if held is not None:
            need(held > 0, 'the search does not find the root where it is')
            for name in ('messenger', 'lontar-desk'):
                need(memory_has(pids[name], known['root']) == 0, f'{name} holds the root')
        need(server.stop() == 0, 'it does not end cleanly')


@case('a stolen data folder has the root nowhere, and two custodians of three open nothing')
def _():
    secrets = [known['root'], known['root'].hex().encode()]
    need(not files_with(DATA, secrets), f'the root is in {files_with(DATA, secrets)}')
    stolen = WORK / 'stolen'
    shutil.copytree(DATA, stolen, ignore=shutil.ignore_patterns('*.sock'))
    need('sealed' in lontar('user', 'add', '--data', str(stolen), '--name', 'x', expect=1).stderr, 'a command opened it')
    with Server(stolen) as server:
        unseal('ani', server)
        need('2 of 3' in unseal('budi', server).stdout, 'the second share is not counted')
        need('sealed' in status_of(stolen), 'two shares opened it')
        need(get(server.port, '/')[0] == 503, 'it serves')
        looked = lontar('check', '--data', str(stolen)).stdout
        need('skipped sealed: custodians' in looked and 'skipped' in looked.splitlines()[-1], f'check does not say it: {looked}')
        need('custodians' in lontar('backup', str(WORK / 'no-backup'), '--data', str(stolen), expect=1).stderr, 'a sealed server is backed up')


def held_open(sock):
    sock.settimeout(0.2)
    try:
        return sock.recv(1) != b''
    except TimeoutError:
        return True


@case('a root that came after the split is not destroyed for it, and custodians restore a backup')
def _():
    cut = WORK / 'cut'  # as after a power cut between the last two steps
    shutil.copytree(OTHER, cut, ignore=shutil.ignore_patterns('*.sock'))
    (cut / 'vault.set.new').rename(cut / 'vault.set')
    with Server(cut):
        need('open: by 3 of 5' in status_of(cut), 'the set is not in force')
    backup = WORK / 'cut-backup'
    lontar('backup', str(backup), '--data', str(cut))
    need(not any(word in backup.read_bytes() for word in ((cut / 'root.key').read_bytes().strip(), (cut / 'server.key').read_bytes(),
                                                           (cut / 'square/square.db').read_bytes()[:64])), 'a key or a table is in clear')
    restored = WORK / 'cut-restored'
    command = [LONTAR, 'restore', str(backup), '--data', str(restored)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as restore:
        try:
            said = restore.stdout.readline()
            need('0 of 3' in said, f'restore does not say what it waits for: {said}')
            process = said.split('--expect ')[1].rstrip(')\n')
            for name in ('ani', 'budi', 'citra'):
                need(not restored.exists(), 'there is something before it is open')
                lontar('vault', 'unseal', '--socket', f'{restored}.part/keeper.sock', '--share', str(share_of(name, WORK / 'foreign')),
                       '--key', str(custodian(name)), '--passphrase-file', str(phrase_file), '--expect', process)
            said = restore.stdout.read()
            need(restore.wait(120) == 0 and 'custodians' in said and 'root.key' not in said, f'restore: {said}')
        finally:
            restore.kill()
    need((restored / 'vault.set').read_bytes() == (cut / 'vault.set').read_bytes(), 'the set is not the same')
    need((restored / 'server.key').read_bytes() == (cut / 'server.key').read_bytes(), 'the key is not the same')
    need(not (restored / 'root.key').exists(), 'a root is in the backup')
    lontar('vault', 'rekey', '--data', str(cut))
    with Server(cut):
        need('root.key' in status_of(cut), 'a set of another root counts')
        lontar('vault', 'split', '--data', str(cut), '--finish', expect=1)
        need((cut / 'root.key').exists(), 'the only root is destroyed')


@case('a sealed server starts, says what it waits for, keeps connections, and its public record is open')
def _():
    server = known['server'] = Server(DATA)
    known['clients'] = [socket.create_connection(('127.0.0.1', server.port)) for _ in range(3)]
    for sock in known['clients']:
        sock.sendall(b'\xee\xee\xee\xee' + (64).to_bytes(4, 'little') + os.urandom(64))
    code, text, _ = get(server.port, '/')
    need(code == 503 and 'sealed: waiting for custodians, 0 of 3' in text, f'{code} {text}')
    code, text, _ = get(server.metrics, '/healthz')
    need(code == 503 and '0 of 3' in text, f'/healthz: {code} {text}')
    need('sealed: waiting for 3 of 5' in status_of(DATA), 'status does not say it')
    need('sealed: waiting for 3 of 5' in lontar('vault', 'status', '--server', f'127.0.0.1:{server.port}').stdout, 'nor over the network')
    need(answers(server.desk, '/square/'), 'the public record is closed')
    need('sealed' in lontar('user', 'add', '--data', str(DATA), '--name', 'x', expect=1).stderr, 'a command works')
    need(all(held_open(sock) for sock in known['clients']), 'a connection was closed')


@case('wrong shares, keys and passphrases are told, and count for nothing')
def _():
    server = known['server']
    wrong = WORK / 'wrong'
    wrong.write_text('another passphrase\n')
    need('passphrase' in unseal('ani', server, phrase=wrong, expect=1).stderr, 'a wrong passphrase')
    need('another custodian' in unseal('ani', server, key=custodian('budi'), expect=1).stderr, 'a wrong key')
    need('not the server' in unseal('ani', server, share=share_of('ani', WORK / 'foreign'), expect=1).stderr, 'of another installation')
    lines = share_of('ani').read_text().splitlines()
    for at in range(4, len(lines)):
        damaged = WORK / 'damaged.txt'
        damaged.write_text('\n'.join(lines[:at] + [('B' if lines[at][0] != 'B' else 'C') + lines[at][1:]] + lines[at + 1:]) + '\n')
        unseal('ani', server, share=damaged, expect=1)
    (WORK / 'cut.txt').write_text('\n'.join(lines[:-1]) + '\n')
    need('damaged' in unseal('ani', server, share=WORK / 'cut.txt', expect=1).stderr, 'a share that is cut off')
    need('0 of 3' in status_of(DATA), 'something of that was counted')


def get_code(port):
    try:
        return get(port, '/')[0]
    except (OSError, http.client.HTTPException):
        return 0


def pipe(listener, port):
    here = listener.accept()[0]
    while True:
        with here, socket.create_connection(('127.0.0.1', port)) as there:
            def back():
                while part := there.recv(8192):
                    here.sendall(part)
                here.shutdown(socket.SHUT_WR)
            thread = threading.Thread(target=back)
            thread.start()
            request = here.recv(8192)
            there.sendall(request)
            head, _, body = request.partition(b'\r\n\r\n')
            missing = int(re.search(rb'Content-Length: (\d+)', head)[1]) - len(body)
            while missing > 0:
                part = here.recv(8192)
                there.sendall(part)
                missing -= len(part)
            thread.join()
        here = listener.accept()[0]


class Between:
    """Somebody on the way, who changes what the server says or keeps what is sent."""

    def __init__(self, port, change):
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.address = f'127.0.0.1:{self.listener.getsockname()[1]}'
        self.port, self.change, self.sent = port, change, []
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            here = self.listener.accept()[0]
            with here, socket.create_connection(('127.0.0.1', self.port)) as there:
                request = here.recv(8192)
                head, _, body = request.partition(b'\r\n\r\n')
                size = int(re.search(rb'Content-Length: (\d+)', head)[1])
                while len(body) < size:
                    body += here.recv(8192)
                self.sent.append(body)
                there.sendall(head + b'\r\n\r\n' + body)
                answer = b''
                while part := there.recv(8192):
                    answer += part
                here.sendall(self.change(answer))


@case('somebody in between is noticed before anything is sent, and what he records opens no later process')
def _():
    server = known['server']

    def own_key(answer):
        head, _, body = answer.partition(b'\r\n\r\n')
        return head + b'\r\n\r\n' + body[:40] + os.urandom(32) + body[72:]

    liar = Between(server.port, own_key)
    need('somebody is in between' in unseal('ani', liar.address, expect=1).stderr, 'a changed key is not noticed')
    need(all(not body for body in liar.sent), 'a share was sent to him')
    listener = Between(server.port, lambda answer: answer)
    unseal('ani', listener.address)
    letter = listener.sent[-1]
    need(len(letter) > 100 and '1 of 3' in status_of(DATA), 'the share did not arrive')
    old = re.search(r'this process: +(\S+),', status_of(DATA))[1]
    before = children(server.process.pid)
    os.kill(before['lontar-keeper'], 9)
    wait_until('another messenger', lambda: children(server.process.pid).get('messenger', before['messenger']) != before['messenger'])
    wait_until('another keeper', lambda: subprocess.run([LONTAR, 'vault', 'status', '--data', str(DATA)], capture_output=True,
                                                        text=True).stdout.count('0 of 3'))
    wait_until('the messenger', lambda: get_code(server.port) == 503)
    need('another process' in unseal('ani', server, '--expect', old, expect=1).stderr, 'a restarted process is not noticed')
    connection = http.client.HTTPConnection('127.0.0.1', server.port, timeout=10)
    connection.request('POST', '/vault/share', letter)
    need(connection.getresponse().status == 409, 'what was recorded is taken again')
    need('0 of 3' in status_of(DATA), 'what was recorded is counted')


@case('three custodians from three addresses open it, and everything goes on')
def _():
    server = known['server']
    begun = time.monotonic()
    # Loopback addresses stand for three machines.
    for at, name in enumerate(('budi', 'dewi', 'eka')):
        listener = socket.create_server((f'127.0.0.{at + 2}', 0))
        threading.Thread(target=pipe, args=(listener, server.port), daemon=True).start()
        said = unseal(name, f'127.0.0.{at + 2}:{listener.getsockname()[1]}').stdout
    need('the vault is open' in said, said)
    wait_until('the server to serve', lambda: answers(server.port))
    need(time.monotonic() - begun < 300, 'it took five minutes')
    need('ok' in get(server.metrics, '/healthz')[1], '/healthz does not say ok')
    need('open: by 3 of 5' in status_of(DATA), 'status does not say open')
    need('open already' in unseal('ani', server).stdout, 'a late share is not borne')
    lontar('user', 'add', '--data', str(DATA), '--name', 'x')
    need(server.stop() == 0, 'it does not end cleanly')


SECOND = ['fani', 'gita', 'hadi']


def second(name, folder, server, expect=0):
    """A custodian of the new root brings a share of it."""
    return unseal(name, server, share=folder / f'share-{SECOND.index(name) + 1}-{name}.txt', expect=expect)


def rekey(folder, expect=0):
    folder.mkdir(exist_ok=True)
    named = [word for name in SECOND for word in ('--custodian', f'{custodian(name)}.pub')]
    return lontar('vault', 'rekey', '--data', str(DATA), '--shares', '3', '--threshold', '2', '--out', str(folder), *named, expect=expect)


def opened(server, names, bring=unseal):
    for name in names:
        bring(name, server)
    wait_until('the server to serve', lambda: answers(server.port))


def epochs(data):
    with sqlite3.connect(f'file:{data}/home/home.db?mode=ro', uri=True) as home:
        return [row[0] for row in home.execute('SELECT epoch FROM root_epochs WHERE epoch >= 0 ORDER BY epoch')]


@case('a new root for custodians counts from --finish on, and not before: cut off until then, the old shares open')
def _():
    for name in SECOND:
        lontar('vault', 'custodian', 'new', str(custodian(name)), '--passphrase-file', str(phrase_file))
    with Server(DATA) as server:
        need('sealed' in rekey(WORK / 'none', expect=1).stderr, 'a sealed keeper made a new root')
        opened(server, ('ani', 'budi', 'citra'))
        need('--custodian' in lontar('vault', 'rekey', '--data', str(DATA), expect=1).stderr, 'it does not ask for custodians')
        need('no new root' in lontar('vault', 'rekey', '--data', str(DATA), '--finish', expect=1).stderr, 'something was finished')
        first = WORK / 'first'
        rekey(first)
        need('vault rekey' in lontar('vault', 'split', '--data', str(DATA), '--finish', expect=1).stderr, 'finished as a split')
        need('rehearsal' in lontar('vault', 'rekey', '--data', str(DATA), '--finish', expect=1).stderr, 'finished without a rehearsal')
        need('a new root among 3' in status_of(DATA), 'status does not tell')
        need('earlier split' in unseal('dewi', server, expect=1).stderr, 'an old share takes part in the rehearsal')
        second('gita', first, server)
        need('went well' in second('hadi', first, server).stdout, 'the rehearsal did not go well')
        need(answers(server.port), 'nobody is served meanwhile')
        server.kill()
    with Server(DATA) as server:
        need('earlier split' in second('gita', first, server, expect=1).stderr, 'a share of a root that never came counts')
        opened(server, ('dewi', 'eka', 'ani'))
        known['folder'] = WORK / 'finished'
        rekey(known['folder'])
        opened(server, ('fani', 'hadi'), lambda name, at: second(name, known['folder'], at))
        before = {path.name: path.read_bytes() for path in (DATA / 'vault.set', DATA / 'vault.set.new')}
        messenger = children(server.process.pid)['messenger']
        lontar('vault', 'rekey', '--data', str(DATA), '--finish')
        lontar('vault', 'rekey', '--data', str(DATA), '--finish')  # again: nothing is left to do, and nothing is undone
        need(not (DATA / 'vault.set.new').exists(), 'the new set did not take its place')
        wait_until('another messenger', lambda: children(server.process.pid).get('messenger', messenger) != messenger)
        wait_until('everything to be sealed anew', lambda: any('"resealed"' in line for line in list(server.log)))
        need(epochs(DATA) == [1], f'roots of epochs {epochs(DATA)} open something')
        wait_until('the server to serve', lambda: answers(server.port))
        lontar('user', 'add', '--data', str(DATA), '--name', 'y')
        need('open: by 2 of 3' in status_of(DATA), 'status names other custodians')
        server.kill()
    # As after a power cut behind the commit: the home has the new root, the folder the old set.
    known['halfway'] = WORK / 'halfway'
    shutil.copytree(DATA, known['halfway'], ignore=shutil.ignore_patterns('*.sock'))
    for name, content in before.items():
        (known['halfway'] / name).write_bytes(content)


@case('old shares open nothing new, the new ones everything, also when --finish was cut off')
def _():
    units = WORK / 'cut-units'  # where no supervisor puts things right at the start
    shutil.copytree(known['halfway'], units)
    keeper = subprocess.Popen([BUILD / 'lontar-keeper', '--data', str(units)], stderr=subprocess.DEVNULL)
    try:
        wait_until('the keeper', lambda: (units / 'keeper.sock').exists() and subprocess.run(
            [LONTAR, 'vault', 'status', '--data', str(units)], capture_output=True).returncode == 0)
        need('Start the keeper' in lontar('vault', 'rekey', '--data', str(units), '--finish').stdout, '--finish does not end it')
        need(not (units / 'vault.set.new').exists(), 'the new set did not take its place')
    finally:
        keeper.kill()
        keeper.wait(10)
    for data in (DATA, known['halfway']):
        with Server(data) as server:
            for name in NAMES:
                need('earlier split' in unseal(name, server, expect=1).stderr, 'an old share counts')
            opened(server, ('gita', 'fani'), lambda name, at: second(name, known['folder'], at))
            lontar('user', 'add', '--data', str(data), '--name', 'z')
            need(server.stop() == 0, 'it does not end cleanly')
        need(not (data / 'vault.set.new').exists(), 'the set that was waiting is still there')


@case('what a keeper said before is no answer to another custodian')
def _():
    with Server(OTHER) as server:
        said = []

        def first_answer(answer):
            said.append(answer)
            return said[0]

        recorder = Between(server.port, first_answer)
        foreign = share_of('ani', WORK / 'foreign')
        lontar('vault', 'status', '--server', recorder.address)
        need('no keeper' in lontar('vault', 'status', '--server', recorder.address, expect=1).stderr, 'a recorded answer is believed')
        need('somebody is in between' in unseal('ani', recorder.address, share=foreign, expect=1).stderr, 'likewise, by a custodian')
        need(get(server.port, '/vault')[0] == 200, 'without a challenge it says nothing')
        for wrong in ('0', 'x' * 32, '0' * 34):
            need(get(server.port, f'/vault?challenge={wrong}')[0] == 400, f'{wrong} is taken for a challenge')


@case('a server is named by an IPv6 address in brackets')
def _():
    with Server(OTHER, '--listen', '::1') as server:
        need('this keeper' in lontar('vault', 'status', '--server', f'[::1]:{server.port}').stdout, 'it is not found')
    for wrong in ('[]:1', ':1', 'nothing', '[::1]'):
        lontar('vault', 'status', '--server', wrong, expect=1)


@case('a rekey of a key file waits until the messenger has ended, also without a supervisor, and keeps the owner')
def _():
    folder = WORK / 'units'
    lontar('init', '--data', str(folder))
    messenger = subprocess.Popen([LONTAR, 'messenger', '--data', str(folder), '--port', '0', '--listen', '127.0.0.1'],
                                 stderr=subprocess.PIPE, text=True)
    try:
        for line in messenger.stderr:
            if '"serving"' in line:
                break
        need('messenger runs' in lontar('vault', 'rekey', '--data', str(folder), expect=1).stderr, 'a root was changed under a messenger')
    finally:
        messenger.kill()
        messenger.wait(10)
    if os.geteuid() == 0:
        os.chown(folder / 'root.key', 65534, 65534)
    lontar('vault', 'rekey', '--data', str(folder))
    need(os.geteuid() != 0 or (folder / 'root.key').stat().st_uid == 65534, 'the keeper\'s user lost its key')


@case('what can\'t be locked in memory is told once, in words')
def _():
    folder = WORK / 'unlocked'
    lontar('init', '--data', str(folder))
    with Server(folder, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_MEMLOCK, (0, 0))) as server:
        need(answers(server.port), 'it does not serve')
        told = [line for line in list(server.log) if 'lock' in line and 'errno' in line]
        need(not told, f'it speaks in numbers: {told}')
        told = [line for line in list(server.log) if '"vault_unlocked"' in line]
        # Root may lock all the same.
        need(len(told) <= 2, f'{len(told)} lines for two processes')
        need(all('LimitMEMLOCK' in line for line in told), 'it does not say what to do')


def guide():
    """The command lines of docs/vault.md, in their order, as lists of words."""
    text = re.sub(r'\\\n', ' ', (ROOT / 'docs/vault.md').read_text())
    return [re.sub(r'#.*', '', line).split() for line in re.findall(r'(?m)^(lontar vault .*)$', text)]


@case('three custodians on three machines open it by the guide alone')
def _():
    why = Machines.why_not()
    if why:
        print(f'# skipped: {why}')
        return
    folder = WORK / 'machines'
    data, operator = folder / 'data', folder / 'operator'
    make, split_line, finish_line, unseal_line = guide()[:4]
    with Machines('server', *NAMES[:3]) as machines:
        def run(machine, words, at, **names):
            for old, new in names.items():
                words = [re.sub(rf'\b{old}\b', str(new), word) for word in words]
            words = [word.replace('/srv/lontar', str(data)).replace('chat.example.org:8443', f'{machines.server_of(machine)}:{known["at"]}')
                     for word in words]
            done = subprocess.run([LONTAR, *words[1:]], cwd=at, input=PHRASE + '\n', capture_output=True, text=True, timeout=120,
                                  preexec_fn=machines.enter(machine))
            need(done.returncode == 0, f'{words} ended with {done.returncode}: {done.stderr[-400:]}')
            return done.stdout

        known['at'] = 0
        operator.mkdir(parents=True)
        lontar('init', '--data', str(data))
        for name in NAMES:
            (folder / name).mkdir()
            run('server' if name not in machines.spaces else name, make, folder / name, ani=name)
            shutil.copy(folder / name / f'{name}.key.pub', operator)
        outside = {'preexec_fn': machines.enter('server')}

        def bring():
            for name in NAMES[:3]:
                share = f'share-{NAMES.index(name) + 1}-{name}.txt'
                shutil.copy(operator / share, folder / name)
                said = run(name, [share if word == 'share-1-ani.txt' else word for word in unseal_line], folder / name, ani=name)
            return said
        with Server(data, '--listen', '0.0.0.0', **outside) as server:
            known['at'] = server.port
            run('server', split_line, operator)
            need('went well' in bring(), 'the rehearsal did not go well')
            run('server', finish_line, operator)
            server.kill()
        with Server(data, '--listen', '0.0.0.0', **outside) as server:
            known['at'] = server.port
            need('sealed' in status_of(data), 'it is not sealed')
            begun = time.monotonic()
            need('is open' in bring(), 'it did not open')
            wait_until('the server to serve', lambda: any('"serving"' in line for line in list(server.log)))
            print(f'# three machines opened it in {time.monotonic() - begun:.1f} s')
            need(server.stop() == 0, 'it does not end cleanly')


def opens_as_nobody(path):
    child = os.fork()
    if child == 0:
        os.setgid(65534)
        os.setuid(65534)
        try:
            os.close(os.open(path, os.O_RDONLY))
            os._exit(0)
        except OSError:
            os._exit(1)
    return os.waitpid(child, 0)[1] == 0


def nobody_can_start_it():
    try:
        return subprocess.run([LONTAR, '--help'], user=65534, group=65534, capture_output=True).returncode == 0
    except OSError:
        return False


@case('whoever runs the service reads neither the memory of the keeper nor of the messenger')
def _():
    if os.geteuid() != 0 or not nobody_can_start_it():
        print('# skipped: only root can start a server as another user, from a folder that is open to others')
        return
    folder = WORK / 'nobody'
    lontar('init', '--data', str(folder))
    WORK.chmod(0o755)
    for path in [folder, *folder.rglob('*')]:
        os.chown(path, 65534, 65534)
    with Server(folder, user=65534, group=65534) as server:
        for name, pid in children(server.process.pid).items():
            if name not in ('lontar-keeper', 'messenger'):
                continue
            need(not opens_as_nobody(f'/proc/{pid}/mem'), f'{name}: its memory is open to who runs it')
        need(opens_as_nobody(f'/proc/{server.process.pid}/mem'), 'the supervisor, which has no secret, shows that the test looks right')
        need(server.stop() == 0, 'it does not end cleanly')


if 'server' in known and known['server'].process.poll() is None:
    known['server'].kill()
shutil.rmtree(WORK, ignore_errors=True)
sys.exit(1 if failures else 0)
