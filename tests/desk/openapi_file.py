# SPDX-License-Identifier: Apache-2.0
"""docs/openapi.json, and whether an answer is as it says. jsonschema is in tests/venv (./dev test puts it there)."""
import functools
import glob
import json
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = glob.glob(f"{ROOT}/tests/venv/lib/python3*/site-packages")
import jsonschema  # noqa: E402


@functools.lru_cache
def document():
    with open(f"{ROOT}/docs/openapi.json") as f:
        return json.load(f)


def pattern_of(template):
    """{rest} goes on over slashes, all others end there."""
    text = re.escape(template).replace(r"\{rest\}", ".+")
    return re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", text) + "$")


@functools.lru_cache
def templates():
    """The exact ones first."""
    return [(pattern_of(t), t) for t in sorted(document()["paths"], key=lambda t: (t.count("{"), "{rest}" in t))]


@functools.lru_cache(maxsize=None)
def validator(template, method, status, kind):
    """Of the body; None: nothing is said of it. KeyError: the file has no such answer."""
    answers = document()["paths"][template][method]["responses"]
    answer = answers.get(str(status)) or answers[f"{status // 100}XX"]
    while "$ref" in answer:
        answer = functools.reduce(lambda at, name: at[name], answer["$ref"][2:].split("/"), document())
    if not kind and "content" not in answer:
        return None
    schema = answer["content"][kind].get("schema", True)
    resolver = jsonschema.RefResolver.from_schema(document())
    return jsonschema.Draft202012Validator(schema, resolver=resolver)


def problem(method, path, status, kind, body):
    """What is wrong with the answer, or None."""
    path = path.split("?")[0]
    template = next((t for pattern, t in templates() if pattern.match(path)), None)
    if not template:
        return None if status in (400, 404) else f"{method} {path} is in no path and answers {status}"
    operations = document()["paths"][template]
    if method.lower() not in operations:
        return None if status in (400, 404, 405) else f"{method} {template} is not there and answers {status}"
    try:
        found = validator(template, method.lower(), status, kind)
    except KeyError as missing:
        return f"{method} {template}, {status} as {kind or 'nothing'}: there is no {missing}"
    if found is None or kind != "application/json":
        return None
    errors = sorted(found.iter_errors(body), key=lambda e: list(map(str, e.path)))
    return f"{method} {template}, {status}, at /{'/'.join(map(str, errors[0].path))}: {errors[0].message[:300]}" if errors else None
