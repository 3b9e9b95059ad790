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


def load_recorded(folder):
    """Models recorded one by one become rows; whole exchanges keep their URL."""
    rows, exchanges = {}, {}
    for path in sorted(glob.glob(os.path.join(folder, "*.json"))):
        name = os.path.basename(path)
        with open(path, encoding="utf-8") as f:
            held = json.load(f)
        if name.startswith(("cassette--", "tape--")) and held["request"]["method"] == "GET":
            url = urlsplit(held["request"]["url"])
            target = url.path + ("?" + url.query if url.query else "")
            body = held.get("body_text")
            body = body.encode() if body is not None else json.dumps(held["body"]).encode()
            headers = {k.title(): v for k, v in held["headers"].items()
                       if k in ("content-type", "location", "x-error-code", "x-error-message")}
            exchanges[target] = (held["status"], headers, body)
        elif name.startswith("models-list--default"):
            for row in held:
                rows[row["id"]] = row
    return list(rows.values()), exchanges


def load(data, recorded):
    rows = load_rows(data) if data else None
    exchanges = {}
    if recorded:
        listed, exchanges = load_recorded(recorded)
        if rows is None:
            rows = listed
    return rows, exchanges
