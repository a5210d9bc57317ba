# SPDX-License-Identifier: Apache-2.0
"""tests/fuzz/corpus: the inputs that every build replays. Few and small, as each is also cut and flipped there."""
import hashlib
import re
import subprocess
import tempfile
from pathlib import Path

KEPT = Path(__file__).resolve().parent / 'corpus'
FILES_MAX = 150
BYTES_MAX = 300 * 1024
FILE_MAX = 8192
# What a fuzzer found is named by its hash. Inputs with a name (written by hand, or a crash that was fixed) always stay.
FOUND = re.compile(r'[0-9a-f]{40}')


def merge(program, out, sources):
    """Few files that reach every edge that any source reaches."""
    command = [program, '-set_cover_merge=1', '-use_counters=0', f'-max_len={FILE_MAX}', out] + sources
    subprocess.run(command, capture_output=True, check=True)


def keep(program, name, sources):
    folder = KEPT / name
    always = {p.name: p.read_bytes() for p in folder.iterdir() if not FOUND.fullmatch(p.name)}
    with tempfile.TemporaryDirectory() as out:
        merge(program, out, sources)
        inputs = sorted((p.read_bytes() for p in Path(out).iterdir()), key=len)
    chosen, size = dict(always), sum(map(len, always.values()))
    for data in inputs:
        if len(chosen) == FILES_MAX or size + len(data) > BYTES_MAX:
            print(f'{name}: {len(inputs)} inputs reach everything, {len(chosen)} are kept')
            break
        if data not in always.values():
            chosen[hashlib.sha1(data).hexdigest()] = data
            size += len(data)
    for path in folder.iterdir():
        if path.name not in chosen:
            path.unlink()
    for key, data in chosen.items():
        (folder / key).write_bytes(data)
