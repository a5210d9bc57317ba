# SPDX-License-Identifier: Apache-2.0
"""Sealed values as src/crypto/seal.h and roots.h describe them, opened from outside: a second reader, over libsodium."""
import ctypes
import ctypes.util
import hashlib
import struct

sodium = ctypes.CDLL(ctypes.util.find_library('sodium') or 'libsodium.so.23')
NONCE, TAG = 24, 16


def owner_key(root, salt, owner):
    label = b'lontar owner'
    text = struct.pack('<Q', len(label)) + label + salt + struct.pack('<q', owner)
    return hashlib.blake2b(text, key=root, digest_size=32).digest()


def split(value):
    """(epoch, nonce, ciphertext), or None: no sealed value."""
    if len(value) >= 1 + NONCE + TAG and value[0] == 1:
        return 0, value[1:1 + NONCE], value[1 + NONCE:]
    if len(value) >= 5 + NONCE + TAG and value[0] == 2:
        return struct.unpack('<I', value[1:5])[0], value[5:5 + NONCE], value[5 + NONCE:]
    return None


def opened(key, value, place, owner, number):
    """The text, or None."""
    epoch, nonce, sealed = split(value)
    where = struct.pack('<qqQ', owner, number, epoch) + place.encode()
    out, size = ctypes.create_string_buffer(len(sealed)), ctypes.c_ulonglong()
    got = sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
        out, ctypes.byref(size), None, sealed, ctypes.c_ulonglong(len(sealed)), where, ctypes.c_ulonglong(len(where)), nonce, key)
    return out.raw[:size.value] if got == 0 else None
