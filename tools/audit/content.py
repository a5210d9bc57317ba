# SPDX-License-Identifier: Apache-2.0
"""Checks 6 and 8: what is private is nowhere outside its conversation, and no command of an operator shows it."""
import os
import re
import subprocess
import sys

from facts import Unknown


def suite(installation, path):
    python = installation.source / 'tests/venv/bin/python3'
    if not python.exists():
        raise Unknown(f'{python.parents[1]} is not there: `./dev test` makes it')
    done = subprocess.run([python, installation.source / path], capture_output=True, text=True, cwd=installation.source,
                          env=os.environ | {'LONTAR_BUILD': str(installation.build)})
    lines = re.findall(r'^(ok|not ok) (.*)', done.stdout, re.M)
    if not lines:
        yield False, f'{path} said nothing: {done.stderr[-300:]}'
    for word, text in lines:
        yield word == 'ok', text
    if done.returncode and all(word == 'ok' for word, _ in lines):
        yield False, f'{path} ended with {done.returncode}: {done.stderr[-300:]}'


def markers(installation):
    """On a scratch installation of the same build."""
    yield from suite(installation, 'tests/server/markers.py')


def commands(installation):
    """Every command that the program names in its own help has a line in tests/server/commands.txt, and is run over planted words."""
    yield from suite(installation, 'tests/server/commands.py')
