#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Turns lang/*.strings, what the server itself says, into C: an enum of the sentences, and a table by language. The
build fails when a language lacks a sentence, or fills other {places} than English does.

Usage: words.py OUT.h OUT.c lang/en.strings lang/XX.strings...
"""
import re
import sys
from pathlib import Path

ENTRY = re.compile(r'"((?:[^"\\]|\\.)+)"\s*=\s*"((?:[^"\\]|\\.)*)"\s*;')
HEAD = '/* SPDX-License-Identifier: Apache-2.0 */\n/* Made by tools/words.py from lang/; do not edit. */\n'


def read(path):
    text = re.sub(r'/\*.*?\*/', '', Path(path).read_text(encoding='utf-8'), flags=re.S)
    left = ENTRY.sub('', text).strip()
    if left:
        sys.exit(f'{path}: not "key" = "value"; : {left[:60]}')
    return dict(ENTRY.findall(text))


def places(sentence):
    return sorted(re.findall(r'\{(\w+)\}', sentence))


def main():
    out_h, out_c, *paths = sys.argv[1:]
    languages = {Path(path).stem: read(path) for path in paths}
    english = languages['en']
    for code, sentences in languages.items():
        for key in english.keys() | sentences.keys():
            if key not in sentences or key not in english:
                sys.exit(f'lang: {key} is not in every language ({code})')
            if places(sentences[key]) != places(english[key]):
                sys.exit(f'lang/{code}.strings: {key} fills {places(sentences[key])}, English {places(english[key])}')
    enum = ''.join(f'\tWORD_{key.upper()},\n' for key in english)
    Path(out_h).write_text(f'{HEAD}#ifndef CORE_WORDS_TABLE_H\n#define CORE_WORDS_TABLE_H\n\nenum word {{\n{enum}\tWORD_COUNT\n}};\n\n'
                           f'#define WORDS_LANGUAGES {len(languages)}\n\nextern const char *const word_keys[WORD_COUNT];\n'
                           'extern const struct word_language {\n\tconst char *code;\n\tconst char *text[WORD_COUNT];\n'
                           '} word_languages[WORDS_LANGUAGES]; /* English is the first */\n\n#endif\n')
    keys = ''.join(f'\t[WORD_{key.upper()}] = "{key}",\n' for key in english)
    tables = ''.join(f'\t{{"{code}",\n\t\t{{\n' + ''.join(f'\t\t\t[WORD_{key.upper()}] = "{text}",\n' for key, text in sentences.items())
                     + '\t\t}},\n' for code, sentences in languages.items())
    Path(out_c).write_text(f'{HEAD}#include "core/words_table.h"\n\nconst char *const word_keys[WORD_COUNT] = {{\n{keys}}};\n\n'
                           f'const struct word_language word_languages[WORDS_LANGUAGES] = {{\n{tables}}};\n', encoding='utf-8')


if __name__ == '__main__':
    main()
