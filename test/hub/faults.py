"""What can go wrong on the way, on demand.

A rule is {"match": {"path": regex, "nth": k, "from": k}, "times": n, "action":
name, ...}. nth and from count the requests that match the path, from 1; times
is how often the rule acts (-1: always). `spoil` turns the answer that the API
gave into what goes on the wire; the server acts on what it returns.
"""
import functools
import json
import re
import zlib


class Rule:
    def __init__(self, spec):
        match = spec.get("match", {})
        self.spec = spec
        self.action = spec["action"]
        self.path = re.compile(match.get("path", ""))
        self.nth = match.get("nth")
        self.start = match.get("from")
        self.left = spec.get("times", 1)
        self.count = 0
        if self.action == "gzip_bomb":
            bomb(spec.get("mb", 200))       # made now: it takes a while

    def applies(self, target):
        if not self.path.search(target):
            return False
        self.count += 1
        if self.left == 0 or (self.nth and self.count != self.nth) \
                or (self.start and self.count < self.start):
            return False
        if self.left > 0:
            self.left -= 1
        return True


class Wire:
    """What the server sends, and how."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, dict(headers), body
        self.stall_before = 0       # seconds, before the headers
        self.stall_inside = 0       # seconds, in the middle of the body
        self.drip = 0               # bytes a second
        self.cut = None             # bytes of the body that are sent
        self.reset = None           # None, "before", "headers", "body"
        self.length = None          # a Content-Length that lies
        self.encoding = None        # set: the body is encoded already
        self.plain = False          # not to be compressed: its bytes are counted
        self.deaf = 0               # seconds in which nobody can connect any more


def edit_items(wire, change):
    try:
        items = json.loads(wire.body)
    except ValueError:
        return
    change(items)
    wire.body = json.dumps(items, ensure_ascii=False).encode()


def entries(page):
    """The list of entries in a page; one answer is its own entry."""
    if isinstance(page, list):
        return page
    for name in ("discussions", "rows"):
        if isinstance(page.get(name), list):
            return page[name]
    return [page]


def put(page, rule, value):
    """Sets a field, a path of names, of the entry to be spoilt."""
    entry = entries(page)[rule.get("row", 0)]
    if "row_idx" in entry:                  # a row of the viewer
        entry = entry["row"]
    *path, name = rule["field"].split(".")
    for part in path:
        entry = entry[part]
    entry[name] = value


def raw_field(wire, rule):
    """Puts raw JSON text in place of a field's value."""
    edit_items(wire, lambda page: put(page, rule, "\0RAW\0"))
    wire.body = wire.body.replace(b'"\\u0000RAW\\u0000"', rule["json"].encode("utf-8", "surrogatepass"))


def next_link(wire, change):
    link = wire.headers.get("Link")
    if link:
        url = link[link.index("<") + 1:link.index(">")]
        wire.headers["Link"] = "<%s>; rel=\"next\"" % change(url)


ACTIONS = {}


def action(function):
    ACTIONS[function.__name__] = function
    return function


@action
def status(wire, rule, state):
    wire.status = rule["status"]
    wire.headers = {"Content-Type": rule.get("type", "application/json; charset=utf-8")}
    wire.headers.update(rule.get("headers", {}))
    wire.body = rule.get("body", '{"error":"Internal Error"}').encode()


@action
def quota(wire, rule, state):
    """429 in three dresses: ratelimit, retry-after, bare."""
    dress = rule.get("dress", "ratelimit")
    wire.status = 429
    wire.headers = {"Content-Type": "application/json; charset=utf-8"}
    wire.body = b'{"error":"We had to rate limit you"}'
    seconds = rule.get("seconds", 1)
    if dress == "ratelimit":
        wire.headers["RateLimit"] = '"api";r=0;t=%d' % seconds
        wire.headers["RateLimit-Policy"] = '"fixed window";"api";q=500;w=300'
    elif dress == "retry-after":
        wire.headers["Retry-After"] = str(seconds)
    else:
        wire.headers["Content-Type"] = "text/html"
        wire.body = b"<html><body>Too many requests</body></html>"


@action
def html(wire, rule, state):
    wire.headers["Content-Type"] = "text/html; charset=utf-8"
    wire.body = b"<!doctype html><title>Hello</title>"


@action
def content_type(wire, rule, state):
    wire.headers["Content-Type"] = rule["type"]


@action
def empty_body(wire, rule, state):
    wire.body = b""


@action
def cut_body(wire, rule, state):
    wire.cut, wire.plain = len(wire.body) // 2, True


@action
def wrong_length(wire, rule, state):
    wire.length = len(wire.body) + rule.get("by", 10)
    wire.cut, wire.plain = len(wire.body), True


@action
def reset(wire, rule, state):
    wire.reset = rule.get("where", "before")


@action
def drip(wire, rule, state):
    wire.drip = rule.get("bytes", 100)


@action
def stall(wire, rule, state):
    if rule.get("where", "headers") == "headers":
        wire.stall_before = rule.get("seconds", 60)
    else:
        wire.stall_inside = rule.get("seconds", 60)


@action
def invalid_json(wire, rule, state):
    wire.body = wire.body[:-1] + b',{"id": nonsense]'


@action
def body(wire, rule, state):
    wire.body = rule["body"].encode("utf-8", "surrogatepass")


@action
def field(wire, rule, state):
    raw_field(wire, rule)


@action
def raw_bytes(wire, rule, state):
    """Hexadecimal bytes inside a string of a field."""
    raw_field(wire, dict(rule, json='"MARK"'))
    wire.body = wire.body.replace(b'"MARK"', b'"' + bytes.fromhex(rule["hex"]) + b'"')


@action
def nesting(wire, rule, state):
    depth = rule.get("depth", 100000)
    raw_field(wire, dict(rule, json="[" * depth + "]" * depth))


@action
def huge_string(wire, rule, state):
    wire.plain = True
    raw_field(wire, dict(rule, json='"' + "x" * (rule.get("mb", 100) << 20) + '"'))


@action
def duplicate_key(wire, rule, state):
    name = rule.get("field", "likes").split(".")[-1].encode()
    wire.body = wire.body.replace(b'"%s":' % name, b'"%s":-1,"%s":' % (name, name), 1)


@functools.lru_cache
def bomb(mb):
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    parts = [packer.compress(b"[" + b" " * (1 << 20))]
    for _ in range(mb):
        parts.append(packer.compress(b" " * (1 << 20)))
    return b"".join(parts + [packer.compress(b"]"), packer.flush()])


@action
def gzip_bomb(wire, rule, state):
    wire.body = bomb(rule.get("mb", 200))
    wire.encoding = "gzip"


@action
def deaf(wire, rule, state):
    """After this answer nobody can connect: the queue of the port is full."""
    wire.deaf = rule.get("seconds", 30)
    wire.headers["Connection"] = "close"


@action
def empty_page(wire, rule, state):
    """No entries, though the page says as before how many there are."""
    edit_items(wire, lambda page: entries(page).clear())


@action
def no_list(wire, rule, state):
    """Something else stands where the list of entries should."""
    edit_items(wire, lambda page: page.__setitem__(rule["field"], "many"))


@action
def no_total(wire, rule, state):
    edit_items(wire, lambda page: [page.pop(name, None) for name in ("count", "num_rows_total")])


@action
def insert_empty(wire, rule, state):
    """An empty page whose next link brings the page itself."""
    wire.body = b"[]"
    wire.headers["Link"] = "<%s&again=1>; rel=\"next\"" % state["target"]


@action
def link_loop(wire, rule, state):
    next_link(wire, lambda url: state.setdefault("loop", url))


@action
def link_circle(wire, rule, state):
    """Every later page leads back to the one that the first led to."""
    link = wire.headers.get("Link")
    back = state.setdefault("circle", link)
    if back and state["target"] not in back:
        wire.headers["Link"] = back


@action
def link_foreign(wire, rule, state):
    next_link(wire, lambda url: rule["origin"] + url[url.index("/", 8):])


@action
def redirect(wire, rule, state):
    wire.status = rule.get("status", 307)
    wire.headers = {"Location": rule.get("to", state["target"]), "Content-Type": "text/plain"}
    wire.body = b"Temporary Redirect"


@action
def moved(wire, rule, state):
    """What is asked for stands at another place of the same host."""
    mark = "&" if "?" in state["target"] else "?"
    redirect(wire, {"to": state["target"] + mark + "moved=1"}, state)


@action
def repeat_row(wire, rule, state):
    """The last row of the page before comes first on this one, changed or not."""
    def insert(page):
        entries(page).insert(0, json.loads(state["last_row"]))
        if "field" in rule:
            put(page, rule, rule["value"])
    edit_items(wire, insert)


@action
def vanish_row(wire, rule, state):
    edit_items(wire, lambda items: items.pop(rule.get("row", 0)))


@action
def rise(wire, rule, state):
    edit_items(wire, lambda page: put(page, dict({"field": "downloads"}, **rule), 10 ** 15))


def edit_labels(page):
    for f in page["features"]:
        if isinstance(f["type"], dict) and f["type"].get("_type") == "ClassLabel":
            f["type"] = dict(f["type"], names=f["type"]["names"][::-1])


def edit_first(page, name, dtype):
    old = page["features"][0]["name"]
    page["features"][0] = {"feature_idx": 0, "name": name or old, "type": {"dtype": dtype, "_type": "Value"}}
    for row in page["rows"]:
        row["row"][name or old] = row["row"].pop(old)


VIEWER_EDITS = {
    "short": lambda page: page["rows"].pop(),
    "repeat": lambda page: page["rows"].__setitem__(0, dict(page["rows"][0], row_idx=0)),
    "total": lambda page: page.__setitem__("num_rows_total", page["num_rows_total"] + 1),
    "no_total": lambda page: page.pop("num_rows_total"),
    "rename": lambda page: edit_first(page, "other", "int64"),
    "retype": lambda page: edit_first(page, None, "string"),
    "labels": edit_labels,
}


@action
def viewer_edit(wire, rule, state):
    edit_items(wire, VIEWER_EDITS[rule["change"]])


def spoil(rules, target, wire, state):
    state["target"] = target
    for rule in rules:
        if rule.applies(target):
            ACTIONS[rule.action](wire, rule.spec, state)
    return wire
