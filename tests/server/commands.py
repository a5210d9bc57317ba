#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The suite `commands`: no command of an operator shows private content. A thousand marked words are said in private chats and
groups, in names and titles; then every command that the program names in its own help is run, as commands.txt says how. None of
the words is in what any of them prints or leaves behind, also when it fails. Runs in tests/venv."""
import asyncio
import logging
import re
import shutil
import subprocess
import time

import roles  # enters the venv
import harness
from markers_world import Device, Told, planted
from telethon import functions, types

WORK, REST, NEW = (harness.WORK / name for name in ('commands', 'rest', 'new'))
WORDS, IN_A_MESSAGE = 1000, 10
LINE = re.compile(r'([a-z -]+?)(?:: (\S.*)| - (\S.*))')
RUNS_S = 60


def listed():
    """Command -> its arguments, or None where it says why not."""
    found = {}
    for line in (harness.ROOT / 'tests/server/commands.txt').read_text().splitlines():
        if line and not line.startswith('#'):
            match = LINE.fullmatch(line)
            harness.need(match, f'commands.txt: {line}')
            found[match[1]] = match[2]
    return found


def help_of(*words):
    done = subprocess.run([harness.LONTAR, *words, '--help'], capture_output=True, text=True, timeout=30)
    return done.stdout + done.stderr


def below(*words):
    """What the help of a command names as commands of its own: `lontar WORDS one|two …`, or `one, two; each says more`."""
    text, found = help_of(*words), set()
    for line in text.splitlines():
        match = re.match(rf'(?:Usage:|Examples?:)?\s*lontar {" ".join(words)} ([a-z|-]+)(?: |$)', line)
        if match and not match[1].startswith('-'):
            found |= set(match[1].split('|'))
        match = re.match(r'\s+([a-z]+(?:, [a-z]+)+); each says more', line)
        if match:
            found |= set(match[1].split(', '))
    return sorted(found)


def named():
    """Every command, by the program's own help, as deep as it goes."""
    todo = [(word,) for word in re.findall(r'^  ([a-z-]+) +\S', help_of(), re.M)]
    for words in todo:
        deeper = below(*words) if len(words) < 3 else []
        if deeper:
            todo += [(*words, word) for word in deeper]
        else:
            yield ' '.join(words)


async def plant(server, pem):
    """Ten words in each message: between two people, and in a group of theirs."""
    phones = ['+' + planted.phone(f'the number of {name}') for name in ('alice', 'bob')]
    alice, bob = [await Device(server, pem, Told(), phone, planted.word('a first name')).open() for phone in phones]
    to_bob = types.InputPeerUser(*await alice.find(phones[1]))
    made = await alice(functions.messages.CreateChatRequest([types.InputUser(to_bob.user_id, to_bob.access_hash)],
                                                            planted.word('the title of a group')))
    group = types.InputPeerChat(next(chat.id for chat in made.updates.chats))
    for nth in range(WORDS // IN_A_MESSAGE):
        words = ' '.join(planted.word('a private message') for _ in range(IN_A_MESSAGE))
        await alice(functions.messages.SendMessageRequest(group if nth % 2 else to_bob, words))
    for device in alice, bob:
        await device.client.disconnect()
    return alice.id


def shown(text):
    return [f'{where}, {form}' for _, where, form in planted.search(text.encode())]


def run_all(commands, places):
    numbers = re.compile(r'\+888[ \d]+')
    for name, arguments in commands.items():
        if arguments is None:
            continue
        done = subprocess.run([harness.LONTAR, *arguments.format(**places).split()], capture_output=True, text=True, timeout=RUNS_S,
                              stdin=subprocess.DEVNULL)
        said = done.stdout + done.stderr
        if name == 'user add':
            places['number'] = re.sub(r'\D', '', numbers.search(said)[0])
        problems = shown(said)
        if done.returncode and name not in MAY_FAIL:
            problems.append(f'ended with {done.returncode}: {said.strip()[-300:]}')
        tell(f'{name} shows nothing private', problems)


MAY_FAIL = ('ledger proof',)  # there is no entry yet


def tell(name, problems):
    if problems:
        harness.failures.append(name)
    print(f'{"not ok" if problems else "ok"} {name}', *problems[:5], sep='\n  ', flush=True)


async def main():
    logging.getLogger('telethon').setLevel(logging.CRITICAL)
    harness.lontar('init', '--data', str(WORK))
    known, commands = set(named()), listed()
    tell(f'{len(known)} commands by the help, each in commands.txt',
         [f'{name} is not in commands.txt' for name in sorted(known - set(commands))] +
         [f'{name} is in commands.txt, and there is no such command' for name in sorted(set(commands) - known)])
    settings = {'calls_per_s': 0, 'stranger_calls_per_s': 0}
    with roles.Server(WORK, '--codes', 'console', settings=settings) as server:
        user = await plant(server, (WORK / 'server.pub.pem').read_text())
        with roles.Server(REST, '--codes', 'console') as rest:
            harness.need(rest.stop() == 0, 'the other server did not end cleanly')
        places = {'data': WORK, 'rest': REST, 'new': NEW, 'ledger': WORK / 'desk/ledger', 'id': user, 'number': '',
                  'year': time.gmtime().tm_year}
        run_all(commands, places)
        harness.need(server.stop() == 0, 'the server did not end cleanly')
    left = [f'{problem} in {path.relative_to(harness.WORK)}' for path in harness.WORK.rglob('*') if path.is_file()
            for problem in shown(path.read_bytes().decode('latin1'))]
    tell(f'{len(planted.known)} planted words are in no file', left)
    return 1 if harness.failures else 0


async def run():
    try:
        return await main()
    finally:
        shutil.rmtree(harness.WORK, ignore_errors=True)


if __name__ == '__main__':
    asyncio.run(roles.to_its_end(run))
