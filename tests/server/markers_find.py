# SPDX-License-Identifier: Apache-2.0
"""Words that occur nowhere else, and where they turn up again: as they are in either case, in UTF-16, in hexadecimal and in base64
at every offset; numbers of phones also as integers. Eight of a word's twelve bytes are enough: a piece is a leak too."""
import base64
import random
import re

TAG, DIGITS = b'zqxj', b'4479006'
ALPHABET = 'abcdefghijkmnopqrstuvwxyz23456789'
SURE, DRAWS_MAX = 8, 100


# What somebody calls himself, who takes a public name: public as long as he has both.
FACE = ('auth.signUp/', 'account.updateProfile/')


class Planted:
    """What was planted where; public: what everybody may read, by design; faces: what they may for a time."""

    def __init__(self):
        self.known, self.phones, self.literals, self.public, self.faces = {}, {}, {}, set(), set()

    def word(self, where, public=False):
        """Of so many, two would begin alike in some runs, and the second one's place and publicity would pass for the first one's."""
        made = drawn(self.known, lambda: TAG.decode() + ''.join(random.choice(ALPHABET) for _ in range(8)), SURE)
        self.known[made.encode()[:SURE]] = where
        if public:
            self.public.add(made.encode()[:SURE])
        elif where.startswith(FACE):
            self.faces.add(made.encode()[:SURE])
        return made

    def of(self, whose):
        """The public words whose place ends so."""
        return {marker for marker in self.public if self.known[marker].endswith(whose)}

    def phone(self, where):
        made = drawn(self.phones, lambda: DIGITS.decode() + f'{random.randrange(10 ** 5):05d}', 12)
        self.phones[made.encode()] = where
        return made

    def address(self, where):
        """One of this machine's, as text and as it is in structures of IPv6."""
        parts = [127, *(random.randrange(60, 250) for _ in range(3))]
        self.literals['.'.join(map(str, parts)).encode()] = where
        self.literals[bytes(10) + b'\xff\xff' + bytes(parts)] = where
        return '.'.join(map(str, parts))

    def lookup(self, found):
        """found: twelve bytes at least that begin like a marker."""
        found = found.lower()
        if found[:12] in self.phones:
            return found[:12], self.phones[found[:12]]
        where = self.known.get(found[:SURE])
        return (found[:SURE], where) if where else None

    def search(self, data):
        """(marker, where it was planted, in which form it stands there), each once."""
        seen, lower = {}, data.lower()
        for form, candidates in (('in clear', plain(lower)), ('in UTF-16', wide(lower)), ('in hexadecimal', hexadecimal(lower)),
                                 ('in base64', base_64(data))):
            for candidate in candidates:
                hit = self.lookup(candidate)
                if hit and hit[0] not in seen:
                    seen[hit[0]] = (hit[1], form)
        for number in integers(data):
            if number in self.phones and number not in seen:
                seen[number] = (self.phones[number], 'as an integer')
        for literal, where in self.literals.items():
            if literal in data:
                seen[literal] = (where, 'in clear')
        return [(marker, *rest) for marker, rest in seen.items()]


def drawn(known, draw, sure):
    """What draw() gives that begins unlike all that is known."""
    for _ in range(DRAWS_MAX):
        made = draw()
        if made.encode()[:sure] not in known:
            return made
    raise RuntimeError('too many are planted already')


def places(data, stem):
    """Literals, not patterns: ten times as fast."""
    at = data.find(stem)
    while at >= 0:
        yield at
        at = data.find(stem, at + 1)


def plain(data):
    for tag in (TAG, DIGITS):
        for at in places(data, tag):
            yield data[at:at + 12]


def wide(data):
    for tag in (TAG, DIGITS):
        for at in places(data, b'\0'.join(bytes([c]) for c in tag)):
            yield data[at:at + 24:2]


def hexadecimal(data):
    for tag in (TAG, DIGITS):
        for at in places(data, tag.hex().encode()):
            yield unhex(data[at:at + 24])


def unhex(digits):
    whole = re.match(rb'(?:[0-9a-fA-F]{2})*', digits)[0]
    return bytes.fromhex(whole.decode())


def base_64(data):
    """The characters that the tag alone decides, at each of the three offsets."""
    for tag in (TAG, DIGITS):
        for skew in range(3):
            whole = base64.b64encode(bytes(skew) + tag)
            sure = whole[(0, 2, 3)[skew]:(skew + len(tag)) * 8 // 6]
            for start in places(data, sure):
                digits = re.match(rb'[A-Za-z0-9+/_-]*', data[start:start + 20])[0].translate(bytes.maketrans(b'-_', b'+/'))
                padded = (b'', b'AA', b'AAA')[skew] + digits
                padded = padded[:-1] if len(padded) % 4 == 1 else padded
                decoded = base64.b64decode(padded + b'=' * (-len(padded) % 4))
                # The character before the first sure one holds bits of the tag's first byte.
                yield tag[:1] + decoded[skew + 1:skew + 12]


def integers(data):
    low, high = int(DIGITS + b'00000'), int(DIGITS + b'99999')
    stems = {n.to_bytes(8, 'little')[2:] for n in range(low, high + 1, 1 << 16)} | {high.to_bytes(8, 'little')[2:]}
    for stem in stems:
        for at in places(data, stem):
            if at >= 2:
                yield str(int.from_bytes(data[at - 2:at + 6], 'little')).encode()
