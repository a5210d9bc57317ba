#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Builds and runs the libFuzzer targets one after the other, and says for each how often it ran and what it covers.

Usage: run.py BUILD_DIR [--seconds N] [--only NAME] [--keep]
  --seconds N   per target (60)
  --only NAME   one target, e.g. tl
  --keep        minimise what was found into tests/fuzz/corpus
"""
import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / 'tests/fuzz/corpus'


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('build')
    parser.add_argument('--seconds', type=int, default=60)
    parser.add_argument('--only')
    parser.add_argument('--keep', action='store_true')
    args = parser.parse_args()
    names = sorted(p.stem.removeprefix('fuzz_') for p in (ROOT / 'tests/fuzz').glob('fuzz_*.c'))
    if args.only:
        if args.only not in names:
            parser.error(f'no target {args.only}; there are: {", ".join(names)}')
        names = [args.only]
    subprocess.run(['ninja', '-C', args.build, '--quiet'] + [f'tests/fuzz/fuzz_{n}' for n in names], check=True, cwd=ROOT)
    crashed = []
    for name in names:
        program = ROOT / args.build / 'tests/fuzz' / f'fuzz_{name}'
        (CORPUS / name).mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as found:
            command = [program, f'-max_total_time={args.seconds}', '-max_len=65536', '-timeout=5', '-rss_limit_mb=2048',
                       f'-artifact_prefix={ROOT / args.build}/crash-{name}-', '-print_final_stats=1', found, CORPUS / name]
            result = subprocess.run(command, capture_output=True, text=True, errors='replace')
            log = result.stderr
            runs = re.search(r'number_of_executed_units:\s*(\d+)', log)
            cover = re.findall(r'cov: (\d+) ft: (\d+)', log)
            print(f'{name:10} {runs.group(1) if runs else "?":>10} runs  coverage {cover[-1][0] if cover else "?"} edges  '
                  f'{"CRASHED" if result.returncode else "clean"}', flush=True)
            if result.returncode:
                crashed.append(name)
                print(log[-4000:])
            elif args.keep:
                subprocess.run([program, '-merge=1', CORPUS / name, found], capture_output=True, check=True)
    if crashed:
        print('crashed: ' + ', '.join(crashed))
    return 1 if crashed else 0


if __name__ == '__main__':
    sys.exit(main())
