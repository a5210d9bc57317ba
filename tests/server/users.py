#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The suite `users`: started by root where the users of packaging/sysusers.d exist, each program runs as its own, and as that
user nobody reaches what is another's. The users are made in a mount namespace of this suite's own: without root, or where
namespaces are forbidden, it is skipped. Python's standard library alone; the folder of the build comes in LONTAR_BUILD."""
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

IDS = {'lontar-keeper': 2100, 'lontar': 2101, 'lontar-desk': 2102, 'lontar-fetch': 2103, 'lontar-square': 2104,
       'lontar-mail': 2105}
ROOT = Path(__file__).resolve().parent.parent.parent
INSIDE = 'LONTAR_USERS_INSIDE'


MAIL = '''[mail]
address = desk@lontar.example
[in]
lmtp = {folder}/desk/lmtp
authserv_id = mx.lontar.example
[out]
smtp = smtp+plain://127.0.0.1:9
'''


def lmtp(path):
    """What the desk answers to a mail."""
    with socket.socket(socket.AF_UNIX) as one:
        one.connect(str(path))
        lines = one.makefile('rwb')
        for said in ('', 'LHLO x', 'MAIL FROM:<a@b.example>', 'RCPT TO:<desk@lontar.example>', 'DATA',
                     'From: a@b.example\r\n\r\nhello\r\n.'):
            if said:
                lines.write(f'{said}\r\n'.encode())
                lines.flush()
            line = lines.readline()
            while line[3:4] == b'-':
                line = lines.readline()
        return line.decode()


def go_inside():
    """This program again, with an /etc/passwd and an /etc/group of its own."""
    if os.geteuid() != 0:
        print('skip users: not root')
        return 0
    folder = tempfile.mkdtemp(prefix='lontar-users-')
    passwd, group = Path(folder, 'passwd'), Path(folder, 'group')
    passwd.write_text(Path('/etc/passwd').read_text() + ''.join(
        f'{name}:x:{number}:{number}::/nonexistent:/usr/sbin/nologin\n' for name, number in IDS.items() if name != 'lontar-square'))
    group.write_text(Path('/etc/group').read_text() + ''.join(f'{name}:x:{number}:\n' for name, number in IDS.items()))
    folder_of_programs = Path(folder, 'bin')  # the build may lie where other users do not get
    folder_of_programs.mkdir()
    Path(folder).chmod(0o755)
    for program in Path(os.environ.get('LONTAR_BUILD', ROOT / 'build')).glob('lontar*'):
        if program.is_file():
            shutil.copy(program, folder_of_programs)
    command = f'mount --bind {passwd} /etc/passwd && mount --bind {group} /etc/group && exec "$0" "$@"'
    try:
        probe = subprocess.run(['unshare', '-m', 'sh', '-c', command, 'true'], capture_output=True)
        if probe.returncode != 0:
            print('skip users: no mount namespace')
            return 0
        return subprocess.run(['unshare', '-m', 'sh', '-c', command, sys.executable, __file__],
                              env=dict(os.environ, LONTAR_BUILD=str(folder_of_programs), **{INSIDE: '1'})).returncode
    finally:
        shutil.rmtree(folder)


def main():
    if INSIDE not in os.environ:
        return go_inside()
    from harness import WORK, Server, answers, case, children, failures, lontar, need, wait_until

    WORK.chmod(0o711)  # what is below decides
    folder = WORK / 'data'
    lontar('init', '--data', str(folder))
    (folder / 'desk/mail.ini').write_text(MAIL.format(folder=folder))
    server = Server(folder, settings={'webhook': 'http://127.0.0.1:9/', 'webhook_secret': 'x' * 32, 'inside': '127.0.0.1:9'})

    def state_of(pid):
        return dict(re.findall(r'(?m)^(\w+):[ \t]*(.*)$', Path(f'/proc/{pid}/status').read_text()))

    def helpers(program):
        """The processes of this installation that run a program as a helper, or start it: (pid, whether it starts others)."""
        found = []
        for path in Path('/proc').glob('[0-9]*'):
            try:
                args = (path / 'cmdline').read_bytes().split(b'\0')
                if os.readlink(path / 'exe') == f'{os.environ["LONTAR_BUILD"]}/{program}':
                    found.append((int(path.name), b'--starter-fd' in args))
            except OSError:
                continue
        return found

    def refused(user, what):
        """Does `what` (Python) fail as this user, with its groups, for want of a right?"""
        groups = [IDS[user]] + ([IDS['lontar-square']] if user in ("lontar", "lontar-desk") else [])
        code = (f'import os, socket\nos.setgroups({groups[1:]})\nos.setgid({IDS[user]})\nos.setuid({IDS[user]})\n'
                f'try:\n    {what}\nexcept PermissionError:\n    raise SystemExit(7)')
        status = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True)
        need(status.returncode in (0, 7), status.stderr)
        return status.returncode == 7

    try:
        running = children(server.process.pid)

        @case('each program runs as its own user, without capabilities, new privileges or core files')
        def _():
            for program, user in (('messenger', 'lontar'), ('lontar-desk', 'lontar-desk'), ('lontar-keeper', 'lontar-keeper')):
                state = state_of(running[program])
                keeper = user == 'lontar-keeper'  # in the messenger's group, which its socket is for
                need(set(state['Uid'].split()) == {str(IDS[user])}, f'{program} Uid: {state["Uid"]}')
                need(set(state['Gid'].split()) == {str(IDS['lontar' if keeper else user])}, f'{program} Gid: {state["Gid"]}')
                need(state['Groups'].split() == ([] if keeper else [str(IDS['lontar-square'])]), f'{program} groups: {state["Groups"]}')
                for field in ('CapEff', 'CapPrm', 'CapInh', 'CapAmb'):
                    need(int(state[field], 16) == 0, f'{program} {field}: {state[field]}')
                need(state['NoNewPrivs'] == '1' and state['Seccomp'] == '2', f'{program}: {state}')
                limits = Path(f'/proc/{running[program]}/limits').read_text()
                need(program == 'lontar-desk' or re.search(r'Max core file size\s+0\s+0', limits), limits)

        @case('helpers run as users of their own, and so does what starts them')
        def _():
            for program, count in (('lontar-fetch', 2), ('lontar-mail', 1)):
                starters = [pid for pid, starts in helpers(program) if starts]
                need(len(starters) == count, f'{program}: {helpers(program)}')
                for pid, _ in helpers(program):
                    state = state_of(pid)
                    need(set(state['Uid'].split()) == {str(IDS[program])} and set(state['Gid'].split()) == {str(IDS[program])},
                         f'{program}: {state["Uid"]} {state["Gid"]}')
                    need(state['Groups'].split() == [] and int(state['CapPrm'], 16) == 0, f'{program}: {state}')
                    need(state['NoNewPrivs'] == '1' and state['Seccomp'] == '2', f'{program}: {state}')
                    need(len(list(Path(f'/proc/{pid}/fd').iterdir())) <= 16, f'{program} has more open than it needs')
            need([pid for pid, starts in helpers('lontar-fetch') if not starts], 'the desk has no lontar-fetch')

        @case('the auditor finds each closed in, of this build, and only lontar-fetch speaking to the outside')
        def _():
            said = subprocess.run([sys.executable, ROOT / 'tools/audit', '--data', folder, '--build', os.environ['LONTAR_BUILD'],
                                   'runs', 'closed', 'egress'], capture_output=True, text=True)
            need(said.returncode == 0 and f'uid {IDS["lontar-mail"]}' in said.stdout, said.stdout + said.stderr)

        @case('a mail is read by one of them')
        def _():
            need(lmtp(folder / 'desk/lmtp').startswith('550 5.7.'), 'nobody vouches for it, which only who read it knows')

        @case('what one owns, the others can not read')
        def _():
            private = {
                'lontar-keeper': ['root.key', 'keeper.key'],
                'lontar': ['server.key', 'home/home.db'],
                'lontar-desk': ['desk/ledger.key', 'desk/people.key'],
            }
            for owner, paths in private.items():
                for path in paths:
                    for user in ('lontar-keeper', 'lontar', 'lontar-desk', 'lontar-fetch', 'lontar-mail'):
                        is_refused = refused(user, f'open({str(folder / path)!r}, "rb").read(1)')
                        need(is_refused == (user != owner), f'{user} and {path}')
            for user in ('lontar', 'lontar-desk', 'lontar-fetch', 'lontar-mail'):
                is_refused = refused(user, f'open({str(folder / "square/square.db")!r}, "r+b").read(1)')
                need(is_refused == (user in ('lontar-fetch', 'lontar-mail')), f'{user} and the square')
                need(refused(user, f'open({str(folder / "lontar.ini")!r}, "r+b")'), f'{user} may change the settings')
                need(refused(user, f'os.listdir({str(folder)!r})'), f'{user} may look through the folder')
                need(refused(user, f'os.listdir({str(folder / "home")!r})') == (user != 'lontar'), f'{user} and home/')
            for user, program in (('lontar-desk', 'messenger'), ('lontar-fetch', 'messenger'), ('lontar', 'lontar-keeper')):
                need(refused(user, f'os.kill({running[program]}, 0)'), f'{user} may signal {program}')
                need(refused(user, f'open("/proc/{running[program]}/mem", "rb")'), f'{user} may read its memory')
            ask = f'socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET).connect({str(folder / "keeper.sock")!r})'
            for user in ('lontar', 'lontar-desk', 'lontar-fetch', 'lontar-mail'):
                need(refused(user, ask) == (user != 'lontar'), f'{user} and the keeper')

        @case('a program that is killed comes back as the same user')
        def _():
            for program, user in (('messenger', 'lontar'), ('lontar-desk', 'lontar-desk')):
                os.kill(running[program], signal.SIGKILL)
                wait_until(f'{program} to come back', lambda: children(server.process.pid).get(program) not in (None, running[program]))
                pid = children(server.process.pid)[program]
                wait_until('it to be in its place', lambda: state_of(pid)['Uid'].split()[0] == str(IDS[user]))
            wait_until('both to answer', lambda: answers(server.port) and answers(server.desk))
            wait_until('no starter of theirs to be left', lambda: sum(starts for _, starts in helpers('lontar-fetch')) == 2)
            wait_until('nor for mails', lambda: len(helpers('lontar-mail')) == 1)
            need({state_of(pid)['Uid'].split()[0] for pid, _ in helpers('lontar-fetch')} == {str(IDS['lontar-fetch'])}, 'other users')

        @case('a command of root changes nothing of that')
        def _():
            lontar('desk', 'grant', '--data', str(folder), '--role', 'lead', '--name', 'first lead')
            for path in (folder / 'square').iterdir():
                owner = path.stat()
                need(owner.st_uid in (IDS['lontar'], IDS['lontar-desk']) and owner.st_gid == IDS['lontar-square'],
                     f'{path.name} is {owner.st_uid}:{owner.st_gid}')

        @case('it ends cleanly, and starts again on what it left')
        def _():
            need(server.stop() in (0, None), 'status')
            again = Server(folder)
            need(again.stop() in (0, None), 'status')

        @case('the units are as closed as operating.md says')
        def _():
            most = {'lontar': 2.5, 'lontar-keeper': 1.5, 'lontar-messenger': 2.5, 'lontar-desk': 1.5}
            if not shutil.which('systemd-analyze'):
                print('  systemd-analyze is not here: only that they are all there is looked at')
            for unit, score in most.items():
                path = ROOT / f'packaging/systemd/{unit}.service'
                need('NoNewPrivileges=yes' in path.read_text(), f'{unit} is not hardened')
                if shutil.which('systemd-analyze'):
                    said = subprocess.run(['systemd-analyze', 'security', '--offline=true', str(path)], capture_output=True,
                                          text=True).stdout
                    found = re.search(r'Overall exposure level for \S+: ([\d.]+)', said)
                    need(found, f'systemd-analyze says no score: {said[-200:]}')
                    need(float(found[1]) <= score, f'{unit}: {found[1]}')
    finally:
        if server.process.poll() is None:
            server.kill()
        shutil.rmtree(WORK, ignore_errors=True)
    return 1 if failures else 0


if __name__ == '__main__':
    sys.exit(main())
