#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Rules of the house that a compiler does not know: include edges, banned calls, sizes, SQL dialect, licence lines,
handlers without a row. Prints one line per breach (file:line: what) and ends with status 1 if there is any.

Usage: check.py [ROOT]        without ROOT: the checkout that this file is in
"""
import re
import subprocess
import sys
from pathlib import Path

# Who may include whom; a folder may always include itself. docs/architecture.md says why.
EDGES = {
    'base': set(),
    'crypto': {'base'},
    'custody': {'base', 'crypto'},
    'keeper': {'base', 'crypto', 'custody', 'cage'},
    'tl': {'base'},
    'mtproto': {'base', 'crypto', 'tl'},
    'net': {'base'},
    'store': {'base', 'crypto'},
    'core': {'base', 'crypto', 'store'},
    'sensor': {'base'},
    'api': {'base', 'tl', 'core', 'crypto', 'store'},
    'bot': {'base', 'net', 'core', 'store', 'crypto'},
    'desk': {'base', 'net', 'sensor', 'crypto', 'store', 'fetch', 'mail', 'cage'},
    'bus': {'base'},
    'cage': {'base'},
    'media': {'base', 'cage'},
    'mail': {'base', 'cage'},
    'fetch': {'base', 'cage'},
    'server': {'base', 'crypto', 'tl', 'mtproto', 'net', 'store', 'core', 'sensor', 'api', 'bot', 'desk', 'bus',
               'media', 'fetch', 'custody', 'keeper', 'cage'},
}
# Narrower than the folder: what of another folder a folder may see.
ONLY = {
    ('api', 'store'): re.compile(r'store/(store|db)\.h$'),
    ('api', 'crypto'): re.compile(r'crypto/seal\.h$'),
    ('bot', 'net'): re.compile(r'net/http\.h$'),
    ('bot', 'crypto'): re.compile(r'crypto/(token|keyfile|hash)\.h$'),
    ('bot', 'store'): re.compile(r'store/(store|db|executor)\.h$'),
    ('desk', 'store'): re.compile(r'store/(db|square_\w+)\.h$'),
    ('desk', 'crypto'): re.compile(r'crypto/(hash|keybox|keyfile|password|sign|token|totp)\.h$'),
    # Asking the helper programs, never their insides: decoding and going out happen in their cages alone.
    ('desk', 'fetch'): re.compile(r'fetch/client\.h$'),
    ('desk', 'mail'): re.compile(r'mail/client\.h$'),
    ('desk', 'cage'): re.compile(r'cage/(filter|starter)\.h$'),
    ('server', 'fetch'): re.compile(r'fetch/(client|protocol|hand_over|site_name)\.h$'),
    ('server', 'cage'): re.compile(r'cage/(cage|starter)\.h$'),
    ('server', 'media'): re.compile(r'media/(client|cli)\.h$'),
}
# System headers that belong to one place each.
OWNERS = {
    'sqlite3.h': {'src/store/db_sqlite.c'},
    'libpq-fe.h': {'src/store/db_pgsql.c'},
}
PREFIX_OWNERS = {'openssl/': ('src/crypto/', 'src/net/tls'), 'sodium': 'src/crypto/', 'jpeglib': 'src/media/', 'spng': 'src/media/',
                 'webp/': 'src/media/', 'curl/': 'src/fetch/', 'gmime/': 'src/mail/', 'iconv': 'src/mail/'}

BANNED = re.compile(r'(?<![\w.>])(strcpy|strcat|sprintf|vsprintf|strtok|strtok_r|gets|alloca|atoi|atol|atoll|rand|srand|'
                    r'ctime|asctime|localtime|gmtime|tmpnam|mktemp|system|popen)\s*\(')
# Tests remove their folders with system() and draw repeatable numbers with rand().
BANNED_EXEMPT = {('tests/', 'system'), ('tests/', 'rand'), ('tests/', 'srand')}

SQL_BANNED = [
    (re.compile(r'\bINSERT OR\b|\bREPLACE INTO\b'), 'ON CONFLICT is what both engines know'),
    (re.compile(r'::'), 'casts with :: are PostgreSQL only'),
    (re.compile(r'\b(least|greatest|string_agg|group_concat|strftime|datetime|ifnull|iif)\s*\('), 'not a function of both engines'),
    (re.compile(r'\bILIKE\b|\bGLOB\b|\bAUTOINCREMENT\b|\bWITHOUT ROWID\b|\browid\b|\bSERIAL\b'), 'one engine only'),
    (re.compile(r'\bFOR UPDATE\b|\bSKIP LOCKED\b|\bLISTEN\b|\bNOTIFY\b|\bTRIGGER\b|\bTEMP TABLE\b'), 'missing or different somewhere'),
    (re.compile(r'\bLIMIT\s+-'), 'LIMIT takes no negative number on PostgreSQL'),
    (re.compile(r"\b[xX]'[0-9a-fA-F]*'"), 'bind binary values'),
    (re.compile(r'\b(TRUE|FALSE)\b'), 'booleans are integers 0 and 1'),
    (re.compile(r'\?(?!\d)'), 'placeholders are numbered: ?1'),
    (re.compile(r'\$\d'), 'placeholders are written ?1'),
    (re.compile(r'\bblob\b|\bBLOB\b(?<!DB_BLOB)'), 'binary columns are DB_BLOB'),
    (re.compile(r'\bREFERENCES\b|\bFOREIGN KEY\b'), 'no foreign key across owners'),
    (re.compile(r'\bPRAGMA\b'), 'engine settings belong to the engine file'),
]
SQL_START = re.compile(r'^\s*(SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|WITH)\b')
SQL_TABLE = re.compile(r'CREATE TABLE (IF NOT EXISTS )?\w+ ')

FILE_MAX, FUNCTION_MAX, COLUMNS_MAX = 600, 70, 100
C_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')


def tracked(root):
    out = subprocess.run(['git', '-C', root, 'ls-files', '--cached', '--others', '--exclude-standard'], check=True,
                         capture_output=True, text=True).stdout
    return [Path(p) for p in out.splitlines() if (Path(root) / p).is_file()]


class Check:
    def __init__(self, root):
        self.root, self.breaches = Path(root), 0

    def breach(self, path, line, text):
        self.breaches += 1
        print(f'{path}:{line}: {text}')

    def includes(self, path, lines):
        folder = path.parts[1] if path.parts[0] == 'src' else None
        for number, line in enumerate(lines, 1):
            system = re.match(r'\s*#\s*include\s*<([^>]+)>', line)
            if system:
                self.system_include(path, number, system.group(1))
            local = re.match(r'\s*#\s*include\s*"([^"]+)"', line)
            if not local or folder is None:
                continue
            target = local.group(1)
            if '/' not in target:
                self.breach(path, number, f'include "{target}" needs its folder')
                continue
            to = target.split('/')[0]
            if to == folder:
                continue
            if to not in EDGES.get(folder, set()):
                self.breach(path, number, f'{folder} may not include {target}')
            elif (folder, to) in ONLY and not ONLY[folder, to].search(target):
                self.breach(path, number, f'{folder} may not include {target}: of {to} only {ONLY[folder, to].pattern}')

    def system_include(self, path, number, header):
        if header in OWNERS and str(path) not in OWNERS[header] and path.parts[0] == 'src':
            self.breach(path, number, f'<{header}> belongs to {", ".join(OWNERS[header])}')
        for prefix, owner in PREFIX_OWNERS.items():
            if header.startswith(prefix) and path.parts[0] == 'src' and not str(path).startswith(owner):
                self.breach(path, number, f'<{header}> belongs to {owner}')

    def banned(self, path, code):
        for number, line in enumerate(code, 1):
            for match in BANNED.finditer(line):
                name = match.group(1)
                if any(str(path).startswith(p) and name == n for p, n in BANNED_EXEMPT):
                    continue
                self.breach(path, number, f'{name}() is banned')

    def sizes(self, path, lines):
        is_table = 'Table only:' in '\n'.join(lines[:6])
        most = FILE_MAX if path.parts[0] == 'src' else 2 * FILE_MAX
        if len(lines) > most and not is_table:
            self.breach(path, 1, f'{len(lines)} lines; {most} is the bound: give the second idea a file of its own')
        for number, line in enumerate(lines, 1):
            if len(line.expandtabs(8)) > COLUMNS_MAX:
                self.breach(path, number, f'wider than {COLUMNS_MAX} columns')
        start = None
        for number, line in enumerate(lines, 1):
            if line == '{':
                start = number
            elif line == '}' and start:
                if number - start > FUNCTION_MAX and not is_table:
                    self.breach(path, start, f'a function of {number - start} lines; {FUNCTION_MAX} is the bound')
                start = None

    def sql(self, path, text):
        if path.parts[:2] != ('src', 'store') or path.name in ('db_sqlite.c', 'square_search.c'):
            return
        # Adjacent literals are one statement.
        for match in re.finditer(r'"(?:[^"\\]|\\.)*"(?:\s*"(?:[^"\\]|\\.)*")*', text):
            statement = ''.join(C_STRING.findall(match.group(0)))
            if not SQL_START.match(statement):
                continue
            number = text.count('\n', 0, match.start()) + 1
            for pattern, why in SQL_BANNED:
                if pattern.search(statement):
                    self.breach(path, number, f'SQL "{pattern.search(statement).group(0)}": {why}')
            if SQL_TABLE.match(statement) and 'PRIMARY KEY' not in statement:
                self.breach(path, number, 'SQL: a table needs a primary key that begins with its owner')

    def handlers(self, paths):
        rows, defined = set(), {}
        for path in paths:
            text = (self.root / path).read_text()
            if path.suffix == '.def':
                rows.update(re.findall(r'^M\((\w+)\s*,', text, re.M))
            elif path.suffix == '.c':
                for match in re.finditer(r'^int api_(\w+)\(\s*struct call \*\w*,\s*const struct tl_', text, re.M):
                    defined[match.group(1)] = (path, text.count('\n', 0, match.start()) + 1)
        for name in sorted(defined.keys() - rows):
            self.breach(*defined[name], f'api_{name} has no row in a methods_*.def')
        for name in sorted(rows - defined.keys()):
            self.breach('src/api', 0, f'the row of {name} has no handler')
        self.tables(paths)

    def tables(self, paths):
        """A file of rows that the dispatcher does not include serves nothing."""
        dispatch = self.root / 'src/api/dispatch.c'
        included = dispatch.read_text() if dispatch.exists() else ''
        for path in paths:
            if path.match('src/api/*.def') and f'"api/{path.name}"' not in included:
                self.breach(path, 1, 'src/api/dispatch.c does not include it')

    def sends(self, rows, schema):
        """A TX_SEND row leaves it to random_id that the query has one effect: then every form of it has one."""
        lines = [line for path in schema for line in (self.root / path).read_text().splitlines()]
        for path in rows:
            text = (self.root / path).read_text()
            for match in re.finditer(r'^M\((\w+),.*\bTX_SEND\b', text, re.M):
                forms = [line for line in lines if line.startswith(match.group(1).replace('_', '.', 1) + '#')]
                if not forms or not all(re.search(r' random_id:(long|Vector<long>) ', form) for form in forms):
                    self.breach(path, text.count('\n', 0, match.start()) + 1,
                                f'{match.group(1)} has no random_id: TX_SEND would let it run twice')

    def file(self, path):
        text = (self.root / path).read_text()
        lines = text.splitlines()
        if 'SPDX-License-Identifier: Apache-2.0' not in '\n'.join(lines[:3]):
            self.breach(path, 1, 'no SPDX line')
        if path.suffix not in ('.c', '.h'):
            return
        code = [C_STRING.sub('""', line) for line in re.sub(r'/\*.*?\*/', lambda m: '\n' * m.group(0).count('\n'), text,
                                                           flags=re.S).splitlines()]
        self.includes(path, lines)
        self.banned(path, code)
        self.sizes(path, lines)
        self.sql(path, text)


LICENSED = {'.c', '.h', '.py', '.js', '.mjs', '.sh', '.tl', '.def', '.css', '.ini', '.svelte', '.ts'}


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else Path(__file__).resolve().parents[2]
    check = Check(root)
    paths = tracked(root)
    for path in paths:
        if path.suffix in LICENSED or path.name in ('meson.build', 'dev'):
            check.file(path)
    check.handlers([p for p in paths if p.parts[:2] == ('src', 'api')])
    check.sends([p for p in paths if p.suffix == '.def'], [p for p in paths if p.suffix == '.tl'])
    print(f'check: {len(paths)} files, {check.breaches} breaches', file=sys.stderr)
    return 1 if check.breaches else 0


if __name__ == '__main__':
    sys.exit(main())
