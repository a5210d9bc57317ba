# SPDX-License-Identifier: Apache-2.0
"""Check 1: the source gives the same bytes twice, and those are what runs."""
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from facts import PROGRAMS, Unknown, sha256


def clean_build(source, folder):
    """Of what is committed, without a compiler's cache, in a folder of its own name and depth."""
    folder.mkdir(parents=True)
    # The checkout may be somebody else's, and root is who looks.
    archive = ['git', '-c', 'safe.directory=*', '-C', str(source.resolve()), 'archive', '--output', str(folder / 'all.tar'), 'HEAD']
    environment = os.environ | {'CCACHE_DISABLE': '1'}
    for command in (archive, ['tar', 'xf', 'all.tar'], ['meson', 'setup', 'build'], ['ninja', '-C', 'build', *PROGRAMS]):
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
        if done.returncode:
            raise Unknown(f'{" ".join(command)} failed: {(done.stdout + done.stderr)[-400:]}')
    return {name: sha256(folder / 'build' / name) for name in PROGRAMS}


def same_twice(installation):
    if not shutil.which('meson') or not shutil.which('ninja'):
        raise Unknown('meson and ninja are needed')
    with tempfile.TemporaryDirectory(prefix='lontar-audit-') as work:
        first = clean_build(installation.source, Path(work) / 'first')
        second = clean_build(installation.source, Path(work) / 'and' / 'a-second-one')
    for name in PROGRAMS:
        yield first[name] == second[name], f'{name} {first[name]}' + ('' if first[name] == second[name] else f' and {second[name]}')
    yield from runs(installation, first)


def runs(installation, expected=None):
    """Every process runs one of those programs. Without hashes: those of the build."""
    expected = expected or {name: sha256(installation.build / name) for name in PROGRAMS}
    for process in installation.processes():
        try:
            found = sha256(process.folder / 'exe')
        except PermissionError as error:
            raise Unknown(f'{process} hides itself from all but root: run the audit as root') from error
        is_it = found in expected.values()
        yield is_it, f'{process} runs {found}' + ('' if is_it else ', which this source does not give')
