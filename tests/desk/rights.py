# SPDX-License-Identifier: Apache-2.0
"""Every route with every role, over HTTP: refused exactly where the table in docs/desk-api.md says so. Which routes there are
and which action each names is read from the router; what a role may do, from the page that people read."""
import os
import re

import lib
from lib import check

ROOT = os.path.join(os.path.dirname(__file__), "..", "..")
ROUTE = re.compile(r'R\(HTTP_(\w+),\s*"([^"]+)",\s*\w+,\s*(ACT_\w+),\s*(\w+)\)')
ROW = re.compile(r'\[(ACT_\w+)\]\s*=\s*\{\s*"([^"]+)",')
REFUSED = "your role may not do this"


def text(path):
    with open(os.path.join(ROOT, path)) as f:
        return f.read()


def documented():
    """({role}, {action's name: {roles that may}}); the shipped SOP names moderator and lead."""
    lines = text("docs/desk-api.md").splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("| | authority |"))
    roles = [cell.strip() for cell in lines[at].split("|")[2:-1]]
    table = {}
    for line in lines[at + 2:]:
        if not line.startswith("|"):
            break
        name, *cells = [cell.strip() for cell in line.split("|")[1:-1]]
        table[name] = {role for role, cell in zip(roles, cells) if cell in ("yes", "SOP")}
    return roles, table


def test():
    roles, table = documented()
    names = dict(ROW.findall(text("src/desk/people/rights.c")))
    check("rights: the page has the table's actions", set(names.values()) == set(table), set(names.values()) ^ set(table))
    source = text("src/desk/service.c").replace("\\\n", "\n")
    routes = ROUTE.findall(source)
    check("rights: every route is read", len(routes) == len(re.findall(r"\bR\(HTTP_", source)) > 20, len(routes))
    with lib.fresh() as (data, desk, _, _):
        tokens = {role: lib.grant(data, role, role.title()) for role in roles}
        for method, pattern, action, how in routes:
            if how == "BY_ITSELF":
                continue  # for whom nobody knows yet
            path = pattern.replace(":id", "999")
            wrong = []
            for role in roles:
                status, body, _ = desk.ask(method, path, {} if method in ("POST", "PUT") else None, tokens[role])
                refused = status == 403 and isinstance(body, dict) and body.get("error") == REFUSED
                if refused == (role in table[names[action]]) or status >= 500 or status == 401:
                    wrong.append((role, status, body))
            check(f"rights: {method} {pattern}", not wrong, wrong)
            status = desk.ask(method, path, {} if method in ("POST", "PUT") else None)[0]
            check(f"rights: {method} {pattern} without a token", status == 401, status)
