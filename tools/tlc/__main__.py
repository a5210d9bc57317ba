# SPDX-License-Identifier: Apache-2.0
"""tlc, the TL compiler: schema/*.tl in, C and JSON out. Run by the build before everything else.

    python3 tools/tlc --schema-h OUT --schema-c OUT ... schema/*.tl
"""

import argparse
import sys

import emit_api
import emit_c
import emit_doc
from model import Model
from parse import SchemaError, parse_files

OUTPUTS = {
    'names_h': emit_c.names_h, 'schema_h': emit_c.schema_h, 'schema_c': emit_c.schema_c,
    'handlers_h': emit_api.handlers_h, 'invoke_h': emit_api.invoke_h, 'schema_json': emit_doc.schema_json,
}


def main():
    parser = argparse.ArgumentParser(prog='tlc', description='Compiles TL schemas to C.')
    parser.add_argument('schema', nargs='+', help='.tl files')
    for option in OUTPUTS:
        parser.add_argument('--' + option.replace('_', '-'), metavar='FILE')
    options = parser.parse_args()
    try:
        model = Model(*parse_files(options.schema))
    except SchemaError as error:
        sys.exit(f'tlc: {error}')
    for option, emit in OUTPUTS.items():
        path = getattr(options, option)
        if path:
            with open(path, 'w', encoding='ascii') as file:
                file.write(emit(model))


if __name__ == '__main__':
    main()
