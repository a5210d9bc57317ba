# SPDX-License-Identifier: Apache-2.0
"""Looks whether what Lontar promises holds for one installation, and says on what evidence. Changes nothing.

Prints a line for each thing looked at: `holds CHECK: evidence`, `BROKEN CHECK: evidence`, or `unknown CHECK: why it can't be
looked at here`, and in the end how many of each. Ends with 0 when nothing is broken, 1 otherwise. Run it as root; Python's
standard library is enough for all but `markers` and `commands`, which drive a client."""
import argparse
import sys
from pathlib import Path

import content
import processes
import records
import reproduce
import wall
from facts import Installation, Unknown

CHECKS = {
    'build': (reproduce.same_twice, 'two clean builds give the same bytes, and those are what runs (minutes)'),
    'runs': (reproduce.runs, 'what runs is what --build holds'),
    'alone': (wall.desk_alone, "the desk's whole suite passes without a home (minutes)"),
    'reach': (wall.reach, 'from where the desk is, every path, port, socket and process of the home is refused'),
    'rights': (records.rights, 'the rights that decide are those that are published; files are for their owner alone'),
    'closed': (processes.closed_in, 'each process is closed in: system calls, privileges, core files'),
    'markers': (content.markers, 'marked words of private chats are nowhere outside their conversation (minutes)'),
    'records': (records.chains, 'what the desk did is one unbroken chain, and so is the public ledger'),
    'commands': (content.commands, 'no command of an operator shows private content (a minute)'),
    'egress': (processes.egress, 'nobody but lontar-fetch has connections to the outside'),
}


def look(name, check, installation):
    """(held, broken, unknown)"""
    count = {True: 0, False: 0}
    try:
        for holds, evidence in check(installation):
            count[holds] += 1
            print(f'{"holds" if holds else "BROKEN"} {name}: {evidence}', flush=True)
    except Unknown as why:
        print(f'unknown {name}: {why}', flush=True)
        return count[True], count[False], 1
    return count[True], count[False], 0


def main():
    parser = argparse.ArgumentParser(prog='lontar audit', description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('check', nargs='*', help=f'these only: {", ".join(CHECKS)}')
    parser.add_argument('--source', default=Path(__file__).resolve().parents[2], help='a checkout of the source')
    parser.add_argument('--data', default='data', help='the installation')
    parser.add_argument('--build', help='its build (SOURCE/build)')
    parser.add_argument('--list', action='store_true', help='name the checks')
    options = parser.parse_args()
    if options.list:
        for name, (_, promise) in CHECKS.items():
            print(f'{name:9} {promise}')
        return 0
    unknown = [name for name in options.check if name not in CHECKS]
    if unknown:
        parser.error(f'there is no check {unknown[0]}; --list names them')
    installation = Installation(options.data, options.source, options.build or Path(options.source) / 'build')
    results = [look(name, CHECKS[name][0], installation) for name in options.check or CHECKS]
    held, broken, not_looked = map(sum, zip(*results))
    print(f'{held} hold, {broken} broken, {not_looked} unknown')
    return 1 if broken else 0


sys.exit(main())
