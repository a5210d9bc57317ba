# SPDX-License-Identifier: Apache-2.0
"""docs/openapi.json names every route and no other, and is itself right. That answers are as it says, lib.py looks at
with each answer of the whole suite."""
import glob
import json
import re

import jsonschema

from lib import STRICT, check, fresh
from openapi_file import ROOT, document, problem

ROUTE = re.compile(r'HTTP_(GET|POST|PUT|DELETE|PATCH),\s*"(/[^"]*)"')


def routes():
    """(method, template) of every row of a table of routes in src/desk."""
    found = set()
    for name in glob.glob(f"{ROOT}/src/desk/**/*.c", recursive=True):
        with open(name) as f:
            for method, path in ROUTE.findall(f.read()):
                found.add((method.lower(), re.sub(r"[:*](\w+)", r"{\1}", path)))
    return found


def references(node):
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref":
                yield value
            else:
                yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def test():
    doc = document()
    in_file = {(method, path) for path, operations in doc["paths"].items() for method in operations}
    missing = routes() - in_file
    if STRICT:
        check("every route is in docs/openapi.json", not missing and routes(), missing)
    elif missing:
        print(f"docs/openapi.json lacks {missing}")
    check("every path of docs/openapi.json is a route", not in_file - routes(), in_file - routes())
    check("paths and schemas are in order", list(doc["paths"]) == sorted(doc["paths"]) and
          list(doc["components"]["schemas"]) == sorted(doc["components"]["schemas"]))
    used = set(references(doc))
    there = {f"#/components/{kind}/{name}" for kind in ("schemas", "responses", "parameters")
             for name in doc["components"][kind]}
    check("what is referred to is there, and nothing else", used == there, used ^ there)
    ids = [op["operationId"] for operations in doc["paths"].values() for op in operations.values()]
    check("no two operations have one name", len(ids) == len(set(ids)))
    for path, operations in doc["paths"].items():
        for method, operation in operations.items():
            named = {doc["components"]["parameters"]["id"]["name"] if "$ref" in p else p["name"]
                     for p in operation.get("parameters", []) if "$ref" in p or p["in"] == "path"}
            if named != set(re.findall(r"{(\w+)}", path)) or not operation["summary"] or len(operation["responses"]) < 2:
                check(f"{method} {path}: parameters, summary and answers", False, operation)
    for name, schema in doc["components"]["schemas"].items():
        try:
            jsonschema.Draft202012Validator.check_schema(schema)
        except jsonschema.SchemaError as error:
            check(f"schema {name}", False, error.message)
    check("a wrong answer is found", problem("GET", "/api/cases/1", 200, "application/json", {"case": 1}) and
          problem("GET", "/api/cases/1", 302, "application/json", {}) and problem("POST", "/square/", 200, "text/html", b"") and
          problem("GET", "/api/cases", 200, "text/html", b"") and problem("GET", "/api/nothing", 200, "", b"") and
          problem("GET", "/api/nothing", 404, "text/plain", b"") is None)
    with fresh() as (_, desk, _, _):
        status, served, _ = desk.ask("GET", "/square/openapi.json")
        check("the desk serves it", status == 200 and json.dumps(served) == json.dumps(doc))
