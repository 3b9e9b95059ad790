"""Answers of the Hub's API, after its documentation.

Rows are kept as dictionaries with the names of the API; a page is joined from
fragments that are encoded once. A key without a value is left out. Lists are
sorted downwards, rows without the key last, ties by _id upwards.
"""
import base64
import collections
import json
import re
import threading
from urllib.parse import unquote, urlencode

class Spec:
    """Which fields and orders a kind of repository has."""

    def __init__(self, default, one_default, expand, one_expand=(), full=(), sorts=()):
        self.default, self.one_default = tuple(default), tuple(one_default)
        self.expand, self.one_expand = tuple(expand), tuple(expand) + tuple(one_expand)
        self.full, self.sorts = tuple(full), tuple(sorts)


SORTS = ("createdAt", "downloads", "lastModified", "likes", "trendingScore", "likes30d",
         "mainSize", "id")
SPECS = {
    "models": Spec(
        ("_id", "id", "likes", "trendingScore", "private", "downloads", "tags",
         "pipeline_tag", "library_name", "createdAt", "modelId"),
        ("_id", "id", "private", "pipeline_tag", "library_name", "tags", "downloads",
         "likes", "modelId", "author", "sha", "lastModified", "gated", "disabled",
         "mask_token", "widgetData", "model-index", "config", "cardData",
         "transformersInfo", "gguf", "siblings", "spaces", "createdAt", "safetensors",
         "inference", "usedStorage"),
        ("author", "baseModels", "cardData", "config", "createdAt", "disabled", "downloads",
         "downloadsAllTime", "evalResults", "gated", "gguf", "inference",
         "inferenceProviderMapping", "lastModified", "library_name", "likes", "mask_token",
         "model-index", "pipeline_tag", "private", "resourceGroup", "safetensors", "sha",
         "siblings", "spaces", "tags", "transformersInfo", "trendingScore", "widgetData",
         "xetEnabled"),
        ("childrenModelCount", "usedStorage"),
        ("author", "gated", "lastModified", "sha", "siblings"), SORTS + ("num_parameters",)),
    "datasets": Spec(
        ("_id", "id", "author", "disabled", "gated", "lastModified", "likes", "private", "sha",
         "description", "downloads", "tags", "createdAt", "key", "paperswithcode_id"),
        ("_id", "id", "author", "sha", "lastModified", "private", "gated", "disabled", "tags",
         "description", "citation", "downloads", "likes", "cardData", "siblings", "createdAt",
         "usedStorage", "paperswithcode_id"),
        ("author", "cardData", "citation", "createdAt", "description", "disabled", "downloads",
         "downloadsAllTime", "gated", "lastModified", "likes", "mainSize", "paperswithcode_id",
         "private", "resourceGroup", "sha", "siblings", "tags", "trendingScore", "xetEnabled"),
        ("usedStorage",), ("cardData", "siblings"), SORTS),
    "spaces": Spec(
        ("_id", "id", "likes", "trendingScore", "private", "sdk", "tags", "createdAt"),
        ("_id", "id", "author", "sha", "lastModified", "private", "gated", "disabled", "host",
         "subdomain", "tags", "likes", "sdk", "cardData", "siblings", "runtime", "models",
         "datasets", "createdAt", "usedStorage"),
        ("author", "cardData", "createdAt", "datasets", "disabled", "lastModified", "likes",
         "models", "private", "region", "resourceGroup", "runtime", "sdk", "sha", "siblings",
         "subdomain", "tags", "trendingScore", "xetEnabled"),
        ("usedStorage",), ("author", "sha", "lastModified", "siblings", "cardData"),
        ("createdAt", "lastModified", "likes", "trendingScore", "likes30d", "id")),
    "kernels": Spec(
        ("_id", "id", "author", "likes", "downloads", "private", "lastModified"),
        ("_id", "author", "authorData", "trustedPublisher", "downloads", "gated", "id",
         "isLikedByUser", "lastModified", "likes", "private", "repoType", "sha",
         "supportedDriverFamilies", "files"),
        ("author", "cardData", "disabled", "downloads", "downloadsAllTime", "gated",
         "lastModified", "createdAt", "likes", "private", "sha", "files", "tags",
         "trendingScore", "buildMetadata", "supportedDriverFamilies", "resourceGroup",
         "arxivIds"),
        (), (), ("downloads", "likes", "lastModified", "trendingScore", "likes30d", "_id", "id")),
}
# what is sure to come in lists of datasets; more was seen, without proof
DATASETS_SURE = ("_id", "id", "likes", "private", "downloads", "tags", "createdAt")
PREVIEW = 200                               # characters of a description in lists
PAGE_MAX = 1000


class Refusal(Exception):
    def __init__(self, status, text, code=None):
        super().__init__(text)
        self.status, self.text, self.code = status, text, code


def dumps(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def as_listed(name, value):
    """Lists give the provider mapping as an array, descriptions cut."""
    if name == "inferenceProviderMapping" and isinstance(value, dict):
        return [dict(v, provider=k) for k, v in value.items()]
    if name == "description" and isinstance(value, str):
        return value[:PREVIEW]
    return value


class Kind:
    """One kind of repository: its rows, orders and inverted indexes."""

    def __init__(self, name, rows):
        self.name = name
        self.spec = SPECS[name]
        self.rows = rows
        self.by_id = {row["id"]: i for i, row in enumerate(rows)}
        self.by_key = {row["_id"]: i for i, row in enumerate(rows)}
        self.orders = {}
        self.ranks = {}
        self.fragments = {}
        tags, authors = collections.defaultdict(list), collections.defaultdict(list)
        for i, row in enumerate(rows):
            for tag in set(row.get("tags", ())):
                tags[tag].append(i)
            authors[row["id"].partition("/")[0] if "/" in row["id"] else ""].append(i)
        self.tags, self.authors = dict(tags), dict(authors)
        self.children = {}
        for row in rows:
            base = row.get("baseModels")
            if base:
                for parent in base["models"]:
                    counts = self.children.setdefault(parent["id"], {})
                    counts[base["relation"]] = counts.get(base["relation"], 0) + 1

    def order(self, sort):
        if sort not in self.orders:
            rows = self.rows
            present = [i for i, row in enumerate(rows) if row.get(sort) is not None]
            absent = [i for i, row in enumerate(rows) if row.get(sort) is None]
            for part in (present, absent):
                part.sort(key=lambda i: rows[i]["_id"])
            present.sort(key=lambda i: rows[i][sort], reverse=True)
            # a reverse sort keeps the order of equals: _id upwards
            self.orders[sort] = present + absent
            rank = [0] * len(rows)
            for at, i in enumerate(self.orders[sort]):
                rank[i] = at
            self.ranks[sort] = rank
        return self.orders[sort]

    def fragment(self, fields, listed, i):
        cache = self.fragments.setdefault((fields, listed), {})
        if i not in cache:
            row = self.rows[i]
            out = {}
            for name in fields:
                if name in row:
                    out[name] = as_listed(name, row[name]) if listed else row[name]
                elif name == "modelId":
                    out[name] = row["id"]
                elif name == "childrenModelCount" and row["id"] in self.children:
                    out[name] = self.children[row["id"]]
            cache[i] = dumps(out).encode()
        return cache[i]


class Kinds(dict):
    """Kinds of repositories, made when they are first asked for."""

    def __init__(self, makers):
        super().__init__()
        self.makers = makers
        self.lock = threading.RLock()

    def __missing__(self, name):
        with self.lock:
            if name not in self:
                self[name] = Kind(name, self.makers[name]())
            return dict.__getitem__(self, name)


class Api:
    """Repositories: lists and single answers. `others` answers the rest."""

    def __init__(self, kinds, redirects=None, token=None, others=None):
        self.kinds = kinds
        self.redirects = redirects or {}
        self.token = token
        self.limit_too_large = "clamp"
        self.datasets_default = "seen"      # or "sure"
        self.others = others
        name = r"([^/]+(?:/[^/]+)?)"
        self.routes = [
            (re.compile(r"^/api/(models|datasets|spaces|kernels)$"), self.list_repos),
            (re.compile(r"^/api/(models|datasets|spaces|kernels)/%s(?:/revision/([^/]+))?$" % name),
             self.one_repo),
        ]
        if others:
            others.attach(self)

    def answer(self, path, query, origin, authorized):
        """(status, headers, body bytes)."""
        for pattern, view in self.routes:
            match = pattern.match(path)
            if match:
                return view(match, query, origin, authorized)
        raise Refusal(404, "Sorry, we can't find the page you are looking for.")

    # ---------- lists

    @staticmethod
    def values(query, name):
        return [v for k, v in query if k == name or k == name + "[]"]

    def one_value(self, query, name):
        found = self.values(query, name)
        return found[-1] if found else None

    def fields(self, kind, query, listed):
        spec = kind.spec
        allowed = spec.expand if listed else spec.one_expand
        asked = self.values(query, "expand")
        if asked:
            for name in asked:
                if name not in allowed:
                    raise Refusal(400, "✖ Invalid option: expected one of "
                                  + "|".join('"%s"' % n for n in allowed))
            return ("_id", "id") + tuple(n for n in allowed if n in asked)
        if not listed:
            return spec.one_default
        fields = spec.default
        if kind.name == "datasets" and self.datasets_default == "sure":
            fields = DATASETS_SURE
        for flag, more in (("full", spec.full), ("cardData", ("cardData",)), ("config", ("config",))):
            if self.one_value(query, flag) == "true":
                fields += tuple(n for n in more if n not in fields)
        return fields

    def candidates(self, kind, query):
        """Indexes that the filters leave, or None for all."""
        sets = []
        author = self.one_value(query, "author")
        if author is not None:
            sets.append(kind.authors.get(author, []))
        for tag in self.values(query, "filter"):
            for part in tag.split(","):
                sets.append(kind.tags.get(part, []))
        tests = []
        task = self.one_value(query, "pipeline_tag")
        if task is not None:
            tests.append(lambda row: row.get("pipeline_tag") == task)
        gated = self.one_value(query, "gated")
        if gated in ("true", "false"):
            tests.append(lambda row: bool(row.get("gated")) == (gated == "true"))
        elif gated is not None:
            raise Refusal(400, "✖ Invalid gated parameter: %s" % gated)
        inference = self.one_value(query, "inference")
        if inference is not None:
            tests.append(lambda row: row.get("inference") == inference)
        provider = self.one_value(query, "inference_provider")
        if provider is not None:
            tests.append(lambda row: any(provider == "all" or p in provider.split(",")
                                         for p in row.get("inferenceProviderMapping", ())))
        for name in ("models", "datasets"):
            for used in self.values(query, name):
                if kind.name == "spaces":
                    tests.append(lambda row, n=name, u=used: u in row.get(n, ()))
        span = self.one_value(query, "num_parameters")
        if span is not None:
            tests.append(self.parameter_test(span))
        for word in self.values(query, "search"):
            tests.append(lambda row, w=word.lower(): w in row["id"].lower())
        if not sets and not tests:
            return None
        found = None
        for part in sorted(sets, key=len):
            found = set(part) if found is None else found.intersection(part)
        pool = range(len(kind.rows)) if found is None else found
        return [i for i in pool if all(test(kind.rows[i]) for test in tests)]

    @staticmethod
    def parameter_test(span):
        units = {"K": 1e3, "M": 1e6, "B": 1e9}
        bounds = {"min": 0, "max": float("inf")}
        for part in span.split(","):
            name, _, number = part.partition(":")
            try:
                bounds[name] = float(number.rstrip("KMB")) * units.get(number[-1:], 1)
            except ValueError:
                raise Refusal(400, "✖ Invalid num_parameters parameter: %s" % span)

        def test(row):
            total = (row.get("safetensors") or row.get("gguf") or {}).get("total")
            return total is not None and bounds["min"] <= total <= bounds["max"]
        return test

    def limit(self, query, preset, most):
        try:
            limit = int(self.one_value(query, "limit") or preset)
        except ValueError:
            raise Refusal(400, "✖ Invalid limit parameter")
        if limit < 1 or (limit > most and self.limit_too_large == "refuse"):
            raise Refusal(400, "✖ Invalid limit parameter")
        return min(limit, most)

    def list_repos(self, match, query, origin, authorized):
        kind = self.kinds[match.group(1)]
        sort = self.one_value(query, "sort") or "trendingScore"
        if sort not in kind.spec.sorts:
            raise Refusal(400, "✖ Invalid sort parameter: %s" % sort)
        fields = self.fields(kind, query, True)
        limit = self.limit(query, PAGE_MAX, PAGE_MAX)
        kind.order(sort)
        rank = kind.ranks[sort]
        found = self.candidates(kind, query)
        order = kind.orders[sort] if found is None else sorted(found, key=rank.__getitem__)
        start = 0
        cursor = self.one_value(query, "cursor")
        if cursor is not None:
            start = self.after(kind, order, rank, sort, cursor, found is None)
        page = order[start:start + limit]
        body = b"[" + b",".join([kind.fragment(fields, True, i) for i in page]) + b"]"
        headers = {}
        if start + limit < len(order) and page:
            headers["Link"] = "<%s>; rel=\"next\"" % self.next_link(
                origin, "/api/" + kind.name, query, kind.rows[page[-1]], sort)
        return 200, headers, body

    @staticmethod
    def next_link(origin, path, query, last, sort):
        cursor = base64.urlsafe_b64encode(dumps([sort, last.get(sort), last["_id"]]).encode()).decode()
        kept = [(k, v) for k, v in query if k != "cursor"]
        return origin + path + "?" + urlencode(kept + [("cursor", cursor)])

    @staticmethod
    def after(kind, order, rank, sort, cursor, whole):
        try:
            of, _, key = json.loads(base64.urlsafe_b64decode(cursor.encode()))
            last = kind.by_key[key]
        except Exception:
            raise Refusal(400, "✖ Invalid cursor parameter")
        if of != sort:
            raise Refusal(400, "✖ Invalid cursor parameter")
        if whole:
            return rank[last] + 1
        low, high = 0, len(order)
        while low < high:
            middle = (low + high) // 2
            if rank[order[middle]] <= rank[last]:
                low = middle + 1
            else:
                high = middle
        return low

    # ---------- one repository

    def missing(self, authorized):
        if authorized:
            raise Refusal(404, "Repository not found", "RepoNotFound")
        raise Refusal(401, "Invalid username or password.")

    def find_repo(self, kind, name, authorized):
        """The row of NAME; None: it has moved."""
        if name in self.redirects and self.redirects[name] in kind.by_id:
            return None
        if name not in kind.by_id:
            self.missing(authorized)
        return kind.rows[kind.by_id[name]]

    def moved(self, prefix, name, rest, query):
        place = "%s/%s%s" % (prefix, self.redirects[name], rest)
        if query:
            place += "?" + urlencode(query)
        return 307, {"Location": place, "Content-Type": "text/plain; charset=utf-8"}, \
            b"Temporary Redirect. Redirecting to " + place.encode()

    @staticmethod
    def check_revision(row, revision):
        if revision not in ("main", "HEAD", row.get("sha")) and not revision.startswith("refs/"):
            raise Refusal(404, "Invalid rev id: " + revision, "RevisionNotFound")

    def one_repo(self, match, query, origin, authorized):
        kind = self.kinds[match.group(1)]
        name = unquote(match.group(2))
        row = self.find_repo(kind, name, authorized)
        if row is None:
            rest = match.group(3)
            return self.moved("/api/" + kind.name, name, "/revision/" + rest if rest else "", query)
        if match.group(3):
            self.check_revision(row, unquote(match.group(3)))
        fields = self.fields(kind, query, False)
        return 200, {}, kind.fragment(fields, False, kind.by_id[name])
