#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Builds and runs the libFuzzer targets, and adds what was run to tests/fuzz/TOTALS.md.

Usage: run.py BUILD_DIR [--minutes N | --seconds N] [--jobs N] [--only NAME[,NAME...]] [--keep] [--built]
  --minutes N   CPU time for each target (1); on a busy machine that takes longer
  --seconds N   the same, in seconds
  --jobs N      so many targets at a time (1)
  --only NAMES  these targets, e.g. tl,session
  --keep        afterwards the smallest inputs that reach everything go into tests/fuzz/corpus
  --built       runs what is in BUILD_DIR as it is

What was found stays in BUILD_DIR/corpus/NAME, where the next run goes on from. An input that crashed a target is in
BUILD_DIR/crash-NAME-...: `BUILD_DIR/tests/fuzz/fuzz_NAME FILE` runs it once more.
"""
import argparse
import concurrent.futures
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import corpus
import totals

ROOT = Path(__file__).resolve().parents[2]
LOG_TAIL = 4000
RSS_MB = 2048
INPUT_MAX = 65536


def options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('build', type=Path)
    parser.add_argument('--minutes', type=float, default=1)
    parser.add_argument('--seconds', type=float)
    parser.add_argument('--jobs', type=int, default=1)
    parser.add_argument('--only')
    parser.add_argument('--keep', action='store_true')
    parser.add_argument('--built', action='store_true')
    args = parser.parse_args()
    args.build = (ROOT / args.build).resolve()
    args.seconds = args.seconds or args.minutes * 60
    names = sorted(p.stem.removeprefix('fuzz_') for p in (ROOT / 'tests/fuzz').glob('fuzz_*.c'))
    args.names = args.only.split(',') if args.only else names
    for name in args.names:
        if name not in names:
            parser.error(f'no target {name}; there are: {", ".join(names)}')
    return args


def cpu_seconds(pid):
    """User and system time of a process that runs."""
    fields = Path(f'/proc/{pid}/stat').read_text().rsplit(')', 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


def run_for(command, seconds, log):
    """libFuzzer bounds wall time; on a machine that is shared only CPU time says how much was tried."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=log)
    spent = 0
    try:
        while process.poll() is None:
            spent = cpu_seconds(process.pid)
            if spent >= seconds:
                process.send_signal(signal.SIGUSR1)  # it ends in order, with its figures
            time.sleep(0.5)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGUSR1)
            process.wait()
    return process.returncode, spent


def last(pattern, text):
    found = re.findall(pattern, text)
    return int(found[-1]) if found else 0


def fuzz(args, name):
    """Returns whether it held."""
    program = args.build / 'tests/fuzz' / f'fuzz_{name}'
    found, kept = args.build / 'corpus' / name, corpus.KEPT / name
    found.mkdir(parents=True, exist_ok=True)
    kept.mkdir(parents=True, exist_ok=True)
    command = [program, f'-max_len={INPUT_MAX}', '-timeout=10', f'-rss_limit_mb={RSS_MB}', '-print_final_stats=1',
               '-reload=0', f'-artifact_prefix={args.build}/crash-{name}-', found, kept]
    with tempfile.TemporaryFile('w+', errors='replace') as log:
        result, seconds = run_for(command, args.seconds, log)
        log.seek(0)
        text = log.read()
    run = totals.Run(runs=last(r'number_of_executed_units:\s*(\d+)', text) or last(r'#(\d+)\s', text),
                     cpu_s=seconds, edges=last(r'cov: (\d+)', text), all_edges=last(r'\((\d+) inline 8-bit', text))
    totals.add(name, run, crashed=result != 0)
    print(f'{name:15} {run.runs:>10} runs {seconds / 60:6.1f} CPU min  {run.edges} of {run.all_edges} edges  '
          f'{"CRASHED" if result else "clean"}', flush=True)
    if result:
        print(text[-LOG_TAIL:], flush=True)
    elif args.keep:
        corpus.keep(program, name, [kept, found])
    return result == 0


def main():
    args = options()
    if not args.built:
        subprocess.run(['ninja', '-C', args.build, '--quiet'] + [f'tests/fuzz/fuzz_{n}' for n in args.names], check=True)
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        held = list(pool.map(lambda name: fuzz(args, name), args.names))
    crashed = [name for name, ok in zip(args.names, held) if not ok]
    if crashed:
        print('crashed: ' + ', '.join(crashed))
    return 1 if crashed else 0


if __name__ == '__main__':
    sys.exit(main())
