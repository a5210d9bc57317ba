#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The suite `attacks`: each attack of lontar-attack on a server of its own, bounded in time; the last line counts.

Usage: run.py [--full] [--only NAME] [OPTIONS of lontar-attack...]        the folder of the build comes in LONTAR_BUILD
"""
import argparse
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

BUILD = Path(os.environ.get('LONTAR_BUILD', Path(__file__).resolve().parent.parent.parent / 'build'))
PROGRAM = str(BUILD / 'lontar-attack')
SHORT_S, FULL_S = 120, 900  # one attack takes no longer


def attacks():
    text = subprocess.run([PROGRAM, '--help'], capture_output=True, text=True, check=True).stdout
    return re.findall(r'^  ([a-z]+) ', text, re.M)


def run(name, args, seconds):
    """Passed and failed checks of one attack. It ends its server and its junk by itself, also when it is told to end."""
    process = subprocess.Popen([PROGRAM, name, *args], stdout=subprocess.PIPE, text=True)
    late = threading.Timer(seconds, process.send_signal, [signal.SIGTERM])
    late.start()
    passed = failed = 0
    for line in process.stdout:
        print(line, end='', flush=True)
        passed += line.startswith('ok ')
        failed += line.startswith('not ok ')
    status = process.wait()
    late.cancel()
    if (status != 0 and not failed) or passed + failed == 0:
        failed += 1
        print(f'not ok {name} ended with status {status}', flush=True)
    return passed, failed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--full', action='store_true', help='the whole size: minutes instead of seconds')
    parser.add_argument('--only', metavar='NAME', help='one attack')
    args, rest = parser.parse_known_args()
    passed = failed = 0
    for name in [args.only] if args.only else attacks():
        started = time.monotonic()
        more = run(name, (['--full'] if args.full else []) + rest, FULL_S if args.full else SHORT_S)
        passed, failed = passed + more[0], failed + more[1]
        print(f'  # {name} took {time.monotonic() - started:.0f} s', flush=True)
    print(f'{passed} passed, {failed} failed')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
