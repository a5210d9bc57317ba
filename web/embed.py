#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes files into a C source as strings: embed.py OUT.c HEADER NAME=FILE..."""
import sys


def literal(data: bytes) -> str:
    lines = []
    for line in data.decode("utf-8").splitlines(keepends=True):
        text = line.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t").replace("?", "\\?")
        lines.append('\t"' + text.replace("\n", "\\n") + '"')
    return "\n".join(lines) or '\t""'


def main() -> None:
    out, header, files = sys.argv[1], sys.argv[2], sys.argv[3:]
    with open(out, "w", encoding="utf-8") as f:
        # As long as the files are; C promises 4095 characters only.
        f.write(f'#pragma GCC diagnostic ignored "-Woverlength-strings"\n#include "{header}"\n')
        for pair in files:
            name, path = pair.split("=", 1)
            with open(path, "rb") as source:
                f.write(f"\nconst char {name}[] =\n{literal(source.read())};\n")


main()
