#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The rules of tools/check, and that each of them can fail: a breach planted in a copy must be found, and named.
And that the product can be built with its own packages, without those of the tests."""
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SPDX = '/* SPDX-License-Identifier: Apache-2.0 */\n'
OF_TESTS = {'cmocka'}
BREACHES = {
    'an include against the layers': ('src/base/x.c', SPDX + '#include "core/call.h"\n', 'may not include core/call.h'),
    'a part of another folder that is closed': ('src/desk/x.c', SPDX + '#include "store/home_users.h"\n', 'of store only'),
    'an include without its folder': ('src/base/x.c', SPDX + '#include "arena.h"\n', 'needs its folder'),
    'a library header outside its place': ('src/core/x.c', SPDX + '#include <openssl/evp.h>\n', '<openssl/evp.h> belongs to'),
    'a banned call': ('src/base/x.c', SPDX + 'void f(char *a, char *b)\n{\n\tstrcpy(a, b);\n}\n', 'strcpy() is banned'),
    'a long line': ('src/base/x.c', SPDX + '/* ' + 'x' * 100 + ' */\n', 'wider than 100'),
    'a long file': ('src/base/x.c', SPDX + 'int x;\n' * 700, '600 is the bound'),
    'a long function': ('src/base/x.c', SPDX + 'void f(void)\n{\n' + '\tg();\n' * 90 + '}\n', '70 is the bound'),
    'a missing licence line': ('src/base/x.c', 'int x;\n', 'no SPDX line'),
    'SQL of one engine': ('src/store/home_x.c', SPDX + 'const char *s = "SELECT a FROM b FOR UPDATE";\n', 'missing or different'),
    'SQL with a bare placeholder': ('src/store/home_x.c', SPDX + 'const char *s = "SELECT a FROM b WHERE c = ?";\n', 'placeholders are numbered'),
    'a table without primary key': ('src/store/home_x.c', SPDX + 'const char *s = "CREATE TABLE a (b bigint)";\n', 'needs a primary key'),
    'a handler without a row': (
        'src/api/x.c', SPDX + 'int api_help_getNothing(struct call *call, const struct tl_help_getNothing *req)\n{\n}\n', 'has no row'),
    'a row that trusts in a random_id that is not there': (
        'src/api/methods_y.def', SPDX + 'M(help_getNothing, FOR_USER, RATE_LIGHT, TX_SEND)\n', 'has no random_id'),
    'a table that nobody includes': ('src/api/methods_z.def', SPDX, 'does not include it'),
    'a row without a handler': ('src/api/methods_x.def', SPDX + 'M(help_getNothing, FOR_USER, RATE_LIGHT, TX_READ)\n', 'has no handler'),
}


def check(root):
    return subprocess.run([sys.executable, ROOT / 'tools/check/check.py', root], capture_output=True, text=True)


def configures_without_tests():
    """Meson on a machine as `./dev run` makes it: what the tests alone need is hidden from pkg-config."""
    paths = subprocess.run(['pkg-config', '--variable', 'pc_path', 'pkg-config'], check=True, capture_output=True, text=True).stdout
    with tempfile.TemporaryDirectory() as folder:
        seen = Path(folder) / 'packages'
        seen.mkdir()
        for path in reversed(paths.strip().split(':')):
            for package in Path(path).glob('*.pc'):
                if package.stem not in OF_TESTS:
                    link = seen / package.name
                    link.unlink(missing_ok=True)
                    link.symlink_to(package)
        return subprocess.run(['meson', 'setup', Path(folder) / 'build', ROOT], capture_output=True, text=True,
                              env=dict(os.environ, PKG_CONFIG_LIBDIR=str(seen)))


def main():
    failed = False
    bare = configures_without_tests()
    hidden = re.search('cmocka found: (.*)', bare.stdout)[1].startswith('NO')
    print(f'{"ok" if bare.returncode == 0 and hidden else "not ok"} it builds without the packages of the tests')
    if bare.returncode or not hidden:
        failed = True
        print(bare.stdout[-2000:], bare.stderr[-1000:])
    result = check(ROOT)
    print(f'{"ok" if result.returncode == 0 else "not ok"} the tree keeps the rules')
    if result.returncode:
        failed = True
        print(result.stdout)
    pages = subprocess.run([sys.executable, ROOT / 'tools/check/coverage.py', '--check'], capture_output=True, text=True)
    print(f'{"ok" if pages.returncode == 0 else "not ok"} the generated pages are fresh (./dev docs)')
    if pages.returncode:
        failed = True
        print(pages.stderr)
    sources = subprocess.run(['git', '-C', ROOT, 'ls-files', '*.c', '*.h'], check=True, capture_output=True, text=True).stdout
    formatted = subprocess.run(['clang-format-19', '--dry-run', '-Werror', *sources.split()], cwd=ROOT, capture_output=True,
                               text=True)
    print(f'{"ok" if formatted.returncode == 0 else "not ok"} the C code is formatted (./dev fmt)')
    if formatted.returncode:
        failed = True
        print(formatted.stderr[:2000])
    for name, (path, text, words) in BREACHES.items():
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(['git', 'init', '-q', folder], check=True)
            target = Path(folder) / path
            target.parent.mkdir(parents=True)
            target.write_text(text)
            result = check(folder)
            found = result.returncode == 1 and words in result.stdout
        print(f'{"ok" if found else "not ok"} finds {name}')
        failed |= not found
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
