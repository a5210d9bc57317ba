# SPDX-License-Identifier: Apache-2.0
"""tlc refuses schemas that are wrong, and says what is wrong."""

import os
import subprocess
import sys
import tempfile
import unittest

TLC = os.path.join(os.path.dirname(__file__), '../../../tools/tlc')
sys.path.insert(0, TLC)
from parse import constructor_id  # noqa: E402


def line(text, layers='152..', form_id=None):
    name, _, rest = text.partition(' ')
    form_id = constructor_id(text) if form_id is None else form_id
    return f'{name}#{form_id:08x} {rest}; // {layers}\n'


METHOD = '---functions---\n' + line('do.it = Bool')


class Refusals(unittest.TestCase):
    def compile(self, text):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, 'a.tl')
            with open(path, 'w', encoding='ascii') as file:
                file.write(text + METHOD)
            return subprocess.run([sys.executable, '-B', TLC, '--schema-h', os.devnull, '--schema-c',
                                   os.devnull, '--handlers-h', os.devnull, path],
                                  capture_output=True, text=True, check=False)

    def refused(self, text, reason):
        done = self.compile(text)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn(reason, done.stderr)

    def test_a_good_schema_compiles(self):
        done = self.compile(line('a x:int = A') + line('b flags:# a:flags.0?A = B'))
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_an_id_that_is_not_the_lines_hash(self):
        self.refused(line('a x:int = A', form_id=0x12345678), 'hashes to')

    def test_a_line_that_is_none(self):
        self.refused(line('a x int = A'), 'not a field')

    def test_layers_that_overlap(self):
        self.refused(line('a x:int = A') + line('a x:long = A', '160..'), 'overlap')

    def test_a_flag_without_its_word(self):
        self.refused(line('a x:flags.0?int = A'), 'needs flags')

    def test_a_type_without_a_default(self):
        self.refused(line('a x:int = A') + line('a2 = A') + line('b a:A = B'), 'no default')

    def test_a_default_that_the_layer_lacks(self):
        self.refused('//@ default A a2\n' + line('a x:int = A') + line('a2 = A', '200..') + line('b a:A = B'),
                     'does not exist there')

    def test_a_default_that_needs_itself(self):
        self.refused(line('a b:B = A') + line('b a:A = B'), 'needs itself')

    def test_a_result_that_older_layers_cannot_get(self):
        self.refused(line('a x:int = A') + '---functions---\n' + line('get = A', '200..') +
                     line('get = Bool', '152..199'), 'unwrap')

    def test_a_flag_that_a_newer_form_of_the_same_id_lost(self):
        self.refused(line('a flags:# y:flags.1?true = A', '200..') +
                     line('a flags:# x:flags.0?true = A', '152..199'), 'is lost')

    def test_an_unknown_directive(self):
        self.refused('//@ wish A b\n', 'unknown directive')


class Ids(unittest.TestCase):
    def test_ids_of_known_lines(self):
        known = {
            'boolTrue = Bool': 0x997275b5,
            'inputPeerUser user_id:long access_hash:long = InputPeer': 0xdde8a54c,
            'msgs_ack msg_ids:Vector<long> = MsgsAck': 0x62d6b459,
            'invokeWithLayer {X:Type} layer:int query:!X = X': 0xda9b0d0d,
            'auth.bindTempAuthKey perm_auth_key_id:long nonce:long expires_at:int encrypted_message:bytes = Bool':
                0xcdd42a05,
        }
        for text, form_id in known.items():
            self.assertEqual(constructor_id(text), form_id, text)


if __name__ == '__main__':
    unittest.main()
