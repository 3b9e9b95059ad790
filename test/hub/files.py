"""Rows and responses from files: real data where a test has them."""
import glob
import gzip
import json
import os
from urllib.parse import urlsplit

NAMES = {"id": "id", "author": "author", "created_at": "createdAt", "updated_at": "lastModified",
         "downloads_30d": "downloads", "likes": "likes", "trending_score": "trendingScore",
         "pipeline_tag": "pipeline_tag", "library": "library_name", "gated": "gated", "tags": "tags"}


def iso(text):
    """The API's own form: milliseconds and Z."""
    text = text.replace(" ", "T").replace("+00:00", "").rstrip("Z")
    head, _, fraction = text.partition(".")
    if len(head) == 10:
        head += "T00:00:00"
    return "%s.%sZ" % (head, (fraction + "000")[:3])


def as_model(number, given):
    row = {"_id": "%024x" % (number + 1), "private": False}
    for name, wire in NAMES.items():
        value = given.get(name)
        if value is not None:
            row[wire] = iso(value) if wire in ("createdAt", "lastModified") else value
    if given.get("parameters"):
        row["safetensors"] = {"total": given["parameters"], "parameters": {}}
    if given.get("gated") is None:
        row["gated"] = False
    row.setdefault("tags", [])
    row.setdefault("downloads", 0)
    row.setdefault("likes", 0)
    return row


def load_rows(path):
    opener = gzip.open if path.endswith(".gz") else open
    rows = []
    with opener(path, "rt", encoding="utf-8") as f:
        for line in f:
            given = json.loads(line)
            if not given.get("removed"):
                rows.append(given if "_id" in given else as_model(len(rows), given))
    return rows


def read(folder, pattern):
    for path in sorted(glob.glob(os.path.join(folder, pattern))):
        with open(path, encoding="utf-8") as f:
            yield os.path.basename(path), json.load(f)


def exchange(held):
    """(target, answer) of a recorded exchange, or None."""
    if held["request"]["method"] != "GET":
        return None
    url = urlsplit(held["request"]["url"])
    body = held.get("body_text")
    body = body.encode() if body is not None else json.dumps(held["body"]).encode()
    headers = {k.title(): v for k, v in held["headers"].items()
               if k in ("content-type", "location", "x-error-code", "x-error-message")}
    return url.path + ("?" + url.query if url.query else ""), (held["status"], headers, body)


def load_recorded(folder):
    """Rows by kind, and whole exchanges by their target."""
    given, exchanges = {}, {}
    lists = {"models": ("models-list--default*", "models-one--Qwen*"),
             "datasets": ("datasets-*",), "spaces": ("spaces-list--*",)}
    for kind, patterns in lists.items():
        rows = {}
        for pattern in patterns:
            for _, held in read(folder, pattern):
                for row in held if isinstance(held, list) else [held]:
                    rows.setdefault(row["id"], {}).update(row)
        if rows:
            given[kind] = list(rows.values())
    papers = {}
    for _, held in read(folder, "daily_papers--*"):
        for item in held:
            papers.setdefault(item["paper"]["id"], item)
    if papers:
        given["papers"] = list(papers.values())
    for _, held in read(folder, "trending--*"):
        given["trending"] = list(held.values())
    for pattern in ("cassette--*", "tape--*"):
        for _, held in read(folder, pattern):
            found = exchange(held)
            if found:
                exchanges[found[0]] = found[1]
    return given, exchanges


def load(data, recorded):
    given, exchanges = load_recorded(recorded) if recorded else ({}, {})
    if data:
        given["models"] = load_rows(data)
    return given, exchanges
