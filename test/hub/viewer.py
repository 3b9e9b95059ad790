"""Answers of the dataset viewer, after its documentation.

Datasets are simulated, their rows kept in SQLite for /filter. Conditions are
first held to the viewer's own regular expression, then run; text is ordered
by bytes. What the viewer does on an unready, gated or partly indexed dataset
is a dataset here: standin/unready, standin/gated, and so on.
"""
import glob
import json
import os
import random
import re
import sqlite3
import struct
import threading
from urllib.parse import parse_qsl

PAGE_MAX = 100

VALUE = r"(?:[0-9.]+|'(?:[^']|'')*'|true|false|null|NULL)"
NAME = r"\"(?:[^\"]|\"\")+\"(?:\.\"(?:[^\"]|\"\")+\")*(?:\.[a-z_]+\(\))?"
OPERATOR = r" ?(?:[=<>!~*]+|(?:not |NOT )?(?:like|ilike|glob|similar to|LIKE|ILIKE|GLOB|SIMILAR TO)" \
           r"|(?:is|IS)(?: not| NOT)?) ?"
CONDITION = r"\(?%s%s%s\)?" % (NAME, OPERATOR, VALUE)
WHERE = re.compile(r"\A%s(?: (?:and|or|AND|OR) %s)*\Z" % (CONDITION, CONDITION))
ORDER = re.compile(r"\A\"(?:[^\"]|\"\")+\"(?: (?:asc|desc|ASC|DESC))?\Z")
FORBIDDEN = (";", "--", "/*", "*/")


class ViewerRefusal(Exception):
    def __init__(self, status, text, code=None, retry=False):
        super().__init__(text)
        self.status, self.text, self.code = status, text, code


def value(dtype):
    return {"dtype": dtype, "_type": "Value"}


def single(number):
    return struct.unpack("f", struct.pack("f", number))[0]


def bytewise(a, b):
    a, b = a.encode("utf-8", "surrogatepass"), b.encode("utf-8", "surrogatepass")
    return (a > b) - (a < b)


class Split:
    """One split: features in order, rows as dictionaries."""

    def __init__(self, features, rows, partial=False, cut=None, cut_already=False):
        self.features = features
        self.rows = rows
        self.partial = partial
        self.cut = cut or {}        # row -> names of cells that are cut off
        self.cut_already = cut_already
        self.lock = threading.Lock()
        self.base = sqlite3.connect(":memory:", check_same_thread=False)
        self.base.create_collation("bytes", bytewise)
        self.plain = [n for n, t in features.items()
                      if isinstance(t, dict) and t.get("_type") in ("Value", "ClassLabel")]
        columns = ["row_idx integer primary key"]
        for name in self.plain:
            columns.append("%s %s collate bytes" % (self.name(name), self.affinity(features[name])))
        self.base.execute("create table data (%s)" % ", ".join(columns))
        self.base.executemany(
            "insert into data values (%s)" % ",".join("?" * len(columns)),
            ([i] + [self.stored(row[n], features[n]) for n in self.plain] for i, row in enumerate(rows)))

    @staticmethod
    def name(text):
        return '"c_%s"' % text.replace('"', '""')

    @staticmethod
    def stored(v, t):
        if isinstance(v, (dict, list)):
            return None             # not the value that its feature names
        if v is not None and (t.get("dtype") == "uint64" or t.get("dtype", "").startswith("decimal")):
            return float(v)
        return int(v) if isinstance(v, bool) else v

    @staticmethod
    def affinity(t):
        d = t.get("dtype", "int64")
        if d == "uint64" or "float" in d or d.startswith("decimal"):
            return "real"
        return "integer" if "int" in d or d == "bool" else "text"

    def narrowed(self, where):
        """Floats of 32 bits are compared at that width."""
        for name in self.plain:
            if self.features[name].get("dtype") == "float32":
                where = re.sub("(%s[=<>!]+)([0-9.]+)" % re.escape(self.name(name)),
                               lambda m: m.group(1) + repr(single(float(m.group(2)))), where)
        return where

    def query(self, where, order, offset, length):
        """Rows by position, and how many match."""
        translate = lambda text: re.sub(
            r"'(?:[^']|'')*'|\"((?:[^\"]|\"\")+)\"",
            lambda m: m.group(0) if m.group(1) is None else '"c_' + m.group(1) + '"', text)
        condition = " where " + self.narrowed(translate(where)) if where else ""
        for name in re.findall(r"\"((?:[^\"]|\"\")+)\"", re.sub(r"'(?:[^']|'')*'", "", (where or "") + (order or ""))):
            if name.replace('""', '"') not in self.plain:
                raise ViewerRefusal(422, "Parameter 'where' is invalid", "UnprocessableEntity")
        with self.lock:
            try:
                total = self.base.execute("select count(*) from data" + condition).fetchone()[0]
                # nulls stand last either way, as the engine's default is
                by = "row_idx"
                if order:
                    name, _, way = translate(order).rpartition('"')
                    name += '"'
                    by = "%s is null, %s %s, row_idx" % (name, name, way)
                found = self.base.execute("select row_idx from data%s order by %s limit ? offset ?"
                                          % (condition, by), (length, offset)).fetchall()
            except sqlite3.Error as e:
                raise ViewerRefusal(422, "Parameter 'where' is invalid", "UnprocessableEntity")
        return [i for (i,) in found], total

    def page(self, positions, total):
        rows = []
        for i in positions:
            row, cut = dict(self.rows[i]), self.cut.get(i, [])
            for name in cut if not self.cut_already else ():
                row[name] = json.dumps(row[name], ensure_ascii=False)[:8]
            rows.append({"row_idx": i, "row": row, "truncated_cells": list(cut)})
        return {"features": [{"feature_idx": i, "name": n, "type": t}
                             for i, (n, t) in enumerate(self.features.items())],
                "rows": rows, "num_rows_total": total, "num_rows_per_page": PAGE_MAX,
                "partial": self.partial}

    def statistics(self):
        columns = []
        for name in self.plain:
            nulls = sum(row[name] is None for row in self.rows)
            columns.append({"column_name": name, "column_type": "string_text",
                            "column_statistics": {"nan_count": nulls,
                                                  "nan_proportion": nulls / max(len(self.rows), 1)}})
        return {"num_examples": len(self.rows), "statistics": columns, "partial": self.partial}


LABELS = ["neg", "it's", "semi;colon", "日本", "pos"]


def every_type(rng, count):
    features = {
        "id": value("int64"), "small": value("int8"), "big": value("uint64"),
        "score": value("float64"), "width": value("float32"), "flag": value("bool"),
        "text": value("string"), "label": {"names": LABELS, "_type": "ClassLabel"},
        "day": value("date32"), "at": value("timestamp[s]"), "zoned": value("timestamp[us, tz=UTC]"),
        "clock": value("time64[us]"), "price": value("decimal128(10, 2)"),
        "words": {"feature": value("string"), "_type": "List"},
        "numbers": {"feature": value("int64"), "length": -1, "_type": "Sequence"},
        "vector": [value("float32")],
        "answers": {"text": {"feature": value("string"), "_type": "List"}, "start": value("int32")},
        "image": {"_type": "Image"}, "audio": {"sampling_rate": 16000, "_type": "Audio"},
        "grid": {"shape": [2, 2], "dtype": "int32", "_type": "Array2D"},
        "odd.name|with[all]\\of \"it\"; --": value("string"), "Größe": value("int32"),
    }
    words = ["alpha", "beta", "O'Hara", "x\"y", "a;b", "--", "/*", "ünï", "日本語", "", " ", "%2F&a=b", "Zeta", "{x}", "back\\slash"]
    maybe = lambda v: None if rng.random() < 0.15 else v
    half = lambda: rng.randrange(-40, 200) / 4
    rows = []
    for i in range(count):
        rows.append({
            "id": i * 7 % count, "small": maybe(rng.randrange(-100, 100)), "big": maybe(rng.choice([0, 5, 2 ** 63, 2 ** 64 - 1])),
            "score": maybe(half()), "width": maybe(single(rng.randrange(-5, 20) / 10)), "flag": maybe(rng.random() < 0.5),
            "text": maybe(rng.choice(words)), "label": rng.randrange(-1, len(LABELS)),
            "day": maybe("20%02d-0%d-1%d" % (rng.randrange(0, 30), rng.randrange(1, 9), rng.randrange(0, 9))),
            "at": maybe("2016-07-0%dT0%d:00:00" % (rng.randrange(1, 9), rng.randrange(0, 9))),
            "zoned": maybe("2020-01-0%dT00:00:00+00:00" % rng.randrange(1, 9)),
            "clock": maybe("12:3%d:00" % rng.randrange(0, 9)), "price": maybe("%d.25" % rng.randrange(0, 99)),
            "words": maybe([maybe(rng.choice(words)) for _ in range(rng.randrange(0, 4))]),
            "numbers": maybe([maybe(rng.randrange(-9, 9)) for _ in range(rng.randrange(0, 4))]),
            "vector": maybe([half(), half()]),
            "answers": maybe({"text": [rng.choice(words)], "start": i}),
            "image": {"src": "https://127.0.0.1/cached-assets/%d/image.jpg" % i, "height": 28, "width": 28},
            "audio": [{"src": "https://127.0.0.1/cached-assets/%d/audio.wav" % i, "type": "audio/wav"}],
            "grid": [[1, 2], [3, i]],
            "odd.name|with[all]\\of \"it\"; --": maybe(rng.choice(words)), "Größe": maybe(rng.randrange(0, 50)),
        })
    return Split(features, rows)


def counted(count):
    return Split({"n": value("int64"), "text": value("string")},
                 [{"n": i, "text": "row %d" % (i % 1000)} for i in range(count)])


def simulated(seed=1):
    rng = random.Random(seed)
    two = lambda partial=False, cut=None: Split(
        {"a": value("int64"), "text": value("string")},
        [{"a": i, "text": "text %d" % i} for i in range(250)], partial, cut)
    return {
        "standin/types": {"default": {"train": every_type(rng, 430), "test": every_type(rng, 40)}},
        "standin/large": {"default": {"train": counted(10000)}},
        "standin/configs": {"en": {"train": two(), "validation": two()}, "de": {"train": two()},
                            "a very long name of a configuration, with spaces and (signs)": {"train_of_the_second_kind": two()}},
        "standin/partial": {"default": {"train": two(partial=True)}},
        "standin/cut": {"default": {"train": two(cut={5: ["text"], 120: ["text"]})}},
        "standin/empty": {"default": {"train": Split({"a": value("int64")}, [])}},
        "standin/gated": {"default": {"train": two()}},
    }


def recorded(folder):
    """Datasets made of recorded examples: their features, rows and statistics."""
    datasets = {}
    for path in sorted(glob.glob(os.path.join(folder, "dataset-viewer--*.examples.json"))):
        kind = os.path.basename(path).split("--")[1].split(".")[0]
        with open(path) as f:
            bodies = [e["body"] for e in json.load(f) if e["status"] == 200]
        for number, body in enumerate(bodies):
            split = None
            if kind in ("first-rows", "rows", "search"):
                split = Split({f["name"]: f["type"] for f in body["features"]}, [r["row"] for r in body["rows"]],
                              cut={i: r["truncated_cells"] for i, r in enumerate(body["rows"])}, cut_already=True)
            elif kind == "info" and body["dataset_info"]:
                info = body["dataset_info"]
                info = info if "features" in info else next(iter(info.values()))
                split = Split(info["features"], [])
            elif kind == "statistics":
                split = Split({c["column_name"]: value("string") for c in body["statistics"]}, [])
                split.statistics = lambda body=body: body
            if split:
                datasets["recorded/%s-%d" % (kind, number)] = {"default": {"train": split}}
    return datasets


class Viewer:
    PATHS = {"/is-valid", "/splits", "/info", "/size", "/first-rows", "/rows", "/filter", "/search", "/statistics"}

    def __init__(self, token=None, examples=None):
        self.datasets = simulated()
        if examples:
            self.datasets.update(recorded(examples))
        self.token = token

    def answer(self, path, query, authorized):
        given = dict(query)
        dataset = given.get("dataset")
        if not dataset:
            raise ViewerRefusal(422, "Parameter 'dataset' is required", "MissingRequiredParameter")
        self.find(dataset, authorized)
        view = getattr(self, path[1:].replace("-", "_"))
        body = json.dumps(view(given), ensure_ascii=False).encode("utf-8", "surrogatepass")
        return 200, {"Cache-Control": "max-age=120"}, body

    # ---------- what is there

    def find(self, dataset, authorized):
        missing = "The dataset does not exist, or is not accessible without authentication " \
                  "(private or gated). Please check the spelling of the dataset name or retry with authentication."
        if dataset == "standin/unready":
            raise ViewerRefusal(500, "The server is busier than usual and the response is not ready yet. "
                                "Please retry later.", "ResponseNotReady")
        if dataset == "standin/blocked":
            raise ViewerRefusal(501, "The parquet conversion has been disabled for this dataset for now.",
                                "DatasetInBlockListError")
        if dataset == "standin/renamed":
            raise ViewerRefusal(404, "The dataset has been renamed. Please use the current dataset name.",
                                "DatasetNotFoundError")
        if dataset in ("standin/preview", "standin/pending", "standin/failed"):
            return
        if dataset not in self.datasets or (dataset == "standin/gated" and not authorized):
            if authorized:
                raise ViewerRefusal(404, missing, "ExternalAuthenticatedError")
            raise ViewerRefusal(401, missing, "ExternalUnauthenticatedError")

    def split(self, given):
        for name in ("config", "split"):
            if not given.get(name):
                raise ViewerRefusal(422, "Parameter '%s' is required" % name, "MissingRequiredParameter")
        try:
            return self.datasets[given["dataset"]][given["config"]][given["split"]]
        except KeyError:
            raise ViewerRefusal(404, "Not found.", "ResponseNotFound")

    def configs(self, given):
        configs = self.datasets.get(given["dataset"], {})
        if given.get("config") is None:
            return configs
        if given["config"] not in configs:
            raise ViewerRefusal(404, "Not found.", "ResponseNotFound")
        return {given["config"]: configs[given["config"]]}

    @staticmethod
    def number(given, name, preset, most=None):
        try:
            n = int(given.get(name, preset))
        except ValueError:
            raise ViewerRefusal(422, "Parameter '%s' must be integer" % name, "MissingRequiredParameter")
        if n < 0:
            raise ViewerRefusal(422, "Parameter '%s' must be positive" % name, "MissingRequiredParameter")
        if most is not None and n > most:
            raise ViewerRefusal(422, "Parameter '%s' must not be greater than %d" % (name, most),
                                "MissingRequiredParameter")
        return n

    def bounds(self, given):
        return self.number(given, "offset", 0), self.number(given, "length", PAGE_MAX, PAGE_MAX)

    # ---------- the endpoints

    def is_valid(self, given):
        whole = given["dataset"] != "standin/preview"
        return {"preview": True, "viewer": whole, "search": whole, "filter": whole, "statistics": whole}

    def splits(self, given):
        state = [{"dataset": given["dataset"], "config": "slow", "split": None}]
        return {"splits": [{"dataset": given["dataset"], "config": c, "split": s}
                           for c, splits in self.configs(given).items() for s in splits],
                "pending": state if given["dataset"] == "standin/pending" else [],
                "failed": state if given["dataset"] == "standin/failed" else []}

    def info(self, given):
        infos = {c: {"description": "", "features": next(iter(splits.values())).features,
                     "config_name": c, "builder_name": "parquet",
                     "splits": {s: {"name": s, "num_bytes": 1, "num_examples": len(split.rows)}
                                for s, split in splits.items()}}
                 for c, splits in self.configs(given).items()}
        partial = any(s.partial for splits in self.configs(given).values() for s in splits.values())
        if given.get("config") is not None:
            return {"dataset_info": infos[given["config"]], "partial": partial}
        return {"dataset_info": infos, "pending": [], "failed": [], "partial": partial}

    def size(self, given):
        splits = [{"dataset": given["dataset"], "config": c, "split": s, "num_rows": len(split.rows),
                   "num_columns": len(split.features), "estimated_num_rows": None}
                  for c, of in self.configs(given).items() for s, split in of.items()]
        return {"size": {"splits": splits}, "pending": [], "failed": [], "partial": False}

    def first_rows(self, given):
        split = self.split(given)
        page = split.page(range(min(PAGE_MAX, len(split.rows))), len(split.rows))
        return {"dataset": given["dataset"], "config": given["config"], "split": given["split"],
                "features": page["features"], "rows": page["rows"], "truncated": len(split.rows) > PAGE_MAX}

    def rows(self, given):
        split = self.split(given)
        offset, length = self.bounds(given)
        return split.page(range(min(offset, len(split.rows)), min(offset + length, len(split.rows))),
                          len(split.rows))

    def filter(self, given):
        split = self.split(given)
        offset, length = self.bounds(given)
        where, order = given.get("where"), given.get("orderby")
        if not where and not order:
            raise ViewerRefusal(422, "Parameter 'where' or 'orderby' is required", "MissingRequiredParameter")
        refused = "Parameter '%s' contains errors or invalid symbols"
        if where and (any(s in where for s in FORBIDDEN) or not WHERE.match(where)):
            raise ViewerRefusal(422, refused % "where", "InvalidParameter")
        if order and (any(s in order for s in FORBIDDEN) or not ORDER.match(order)):
            raise ViewerRefusal(422, refused % "orderby", "InvalidParameter")
        positions, total = split.query(where, order, offset, length)
        return split.page(positions, total)

    def search(self, given):
        split = self.split(given)
        offset, length = self.bounds(given)
        if not given.get("query"):
            raise ViewerRefusal(422, "Parameter 'query' is required", "MissingRequiredParameter")
        words = given["query"].lower().split()
        found = [i for i, row in enumerate(split.rows)
                 if all(any(w in str(v).lower() for v in row.values()) for w in words)]
        return split.page(found[offset:offset + length], len(found))

    def statistics(self, given):
        return self.split(given).statistics()


def parse(text):
    return parse_qsl(text, keep_blank_values=True)
