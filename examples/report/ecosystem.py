#!/usr/bin/env python3
"""A simulated ecosystem with history, in the tables that the sync keeps.

    python3 ecosystem.py --models 20000 --out DIR      one CSV a table in DIR

Built to published marginals, not to any real repository's figures: the stock
of models by date, lifetime downloads (median, zeros, share of the largest),
relations between models, sizes, kinds and countries of owners by year, decay
after release.  Attributes are dealt out by deficit: going down the list of
models by downloads, each gets the class that is furthest below its target, so
that weighted shares come out at any number of models.  The same seed gives the
same files.  TARGETS below is what tests and the report's page compare with.
"""
import argparse
import bisect
import csv
import datetime
import json
import math
import os
import random
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../test/hub"))
import simulate                                                    # noqa: E402

UTC = datetime.timezone.utc


def day(text):
    return datetime.datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


END = day("2026-03-01")
FLOOR = simulate.FLOOR_TIME
DAY = 86400
MONTHS = [datetime.date(2022 + (m + 2) // 12, (m + 2) % 12 + 1, 1) for m in range(1, 49)]

MONTH_STARTS = [datetime.datetime(d.year, d.month, d.day, tzinfo=UTC).timestamp() for d in MONTHS]

# Models listed at a date.
STOCK = [(FLOOR, 60_000), (day("2022-12-31"), 108_473), (day("2023-12-31"), 450_208),
         (day("2024-09-25"), 1_000_000), (day("2024-12-31"), 1_080_000),
         (day("2025-08-26"), 2_000_000), (day("2025-12-31"), 2_264_880), (END, 2_420_000)]

# Shares of downloads: by cohort of release, kinds by the year of the download,
# countries by the month of the download while the model is younger than a year.
YEARS = (2022, 2023, 2024, 2025)
DOWNLOADS_BY_COHORT = {2022: 0.42, 2023: 0.22, 2024: 0.20, 2025: 0.16}
KINDS = {
    2022: {"industry": .70, "academia": .08, "non-profit": .05, "community": .04, "user": .13},
    2023: {"industry": .57, "academia": .07, "non-profit": .07, "community": .06, "user": .23},
    2024: {"industry": .45, "academia": .07, "non-profit": .10, "community": .07, "user": .31},
    2025: {"industry": .37, "academia": .07, "non-profit": .17, "community": .07, "user": .32}}
COUNTRIES = {
    2022: {"US": .66, "CN": .08, "GB": .08, "FR": .06, "DE": .07, "KR": .02, "other": .03},
    2023: {"US": .55, "CN": .19, "GB": .07, "FR": .07, "DE": .06, "KR": .02, "other": .04},
    2024: {"US": .44, "CN": .32, "GB": .05, "FR": .07, "DE": .04, "KR": .03, "other": .05},
    2025: {"US": .365, "CN": .41, "GB": .03, "FR": .06, "DE": .03, "KR": .05, "other": .055}}
# The two large ones cross in the summer of 2025.
US_CN_2025 = ((.42, .36), (.40, .38), (.36, .415), (.35, .425), (.34, .435))
# Billions of parameters and shares of downloads by the year of release.
SIZES = {
    2022: ((.022, .24), (.066, .26), (.11, .33), (.35, .13), (.78, .02), (2.7, .02)),
    2023: ((.033, .20), (.11, .26), (.335, .36), (.6, .11), (1.1, .04), (7.0, .025), (13.0, .005)),
    2024: ((.033, .15), (.12, .21), (.40, .31), (.6, .14), (1.5, .06), (8.0, .09), (32.0, .02), (70.0, .02)),
    2025: ((.03, .14), (.15, .16), (.4, .27), (.6, .13), (1.7, .08), (8.0, .11), (32.0, .05),
           (235.0, .035), (671.0, .025))}
RELATIONS = dict(simulate.RELATIONS)
FAMILIES = {                      # root owner, first release, roots, share of derivatives by year
    "qwen": ("Qwen", "2023-08-03", 9, {2023: .02, 2024: .11, 2025: .27}),
    "llama": ("meta-llama", "2023-07-18", 6, {2023: .22, 2024: .09, 2025: .015}),
    "deepseek": ("deepseek-ai", "2023-11-02", 4, {2023: .0, 2024: .004, 2025: .014}),
    "gemma": ("google", "2024-02-21", 5, {2024: .03, 2025: .035}),
    "mistral": ("mistralai", "2023-09-27", 4, {2023: .20, 2024: .06, 2025: .015})}
# Repositories of named owners by calendar year of release, and what they are.
NAMED = {
    "deepseek-ai": ("DeepSeek", "industry", "CN", {2023: 8, 2024: 24, 2025: 32}),
    "baidu": ("Baidu", "industry", "CN", {2025: 104}),
    "tencent": ("Tencent", "industry", "CN", {2023: 6, 2024: 14, 2025: 119}),
    "ByteDance": ("ByteDance", "industry", "CN", {2023: 5, 2024: 9, 2025: 40}),
    "ByteDance-Seed": ("ByteDance", "industry", "CN", {2024: 3, 2025: 62}),
    "Qwen": ("Alibaba", "industry", "CN", {2023: 16, 2024: 90, 2025: 160}),
    "nvidia": ("NVIDIA", "industry", "US", {2022: 10, 2023: 40, 2024: 120, 2025: 330}),
    "facebook": ("Meta", "industry", "US", {2022: 260, 2023: 180, 2024: 130, 2025: 110}),
    "meta-llama": ("Meta", "industry", "US", {2023: 15, 2024: 32, 2025: 12}),
    "microsoft": ("Microsoft", "industry", "US", {2022: 90, 2023: 70, 2024: 60, 2025: 70}),
    "google": ("Google", "industry", "US", {2022: 190, 2023: 120, 2024: 120, 2025: 150}),
    "openai": ("OpenAI", "industry", "US", {2022: 14, 2023: 4, 2024: 2, 2025: 4}),
    "mistralai": ("Mistral AI", "industry", "FR", {2023: 6, 2024: 20, 2025: 32}),
    "LGAI-EXAONE": ("LG AI Research", "industry", "KR", {2024: 8, 2025: 20}),
    "skt": ("SK Telecom", "industry", "KR", {2022: 3, 2025: 12}),
    "naver-hyperclovax": ("Naver Cloud", "industry", "KR", {2025: 9}),
    "NC-AI-consortium-VAETKI": ("NC AI", "industry", "KR", {2025: 3}),
    "upstage": ("Upstage", "industry", "KR", {2023: 6, 2024: 8, 2025: 9}),
    "allenai": ("Allen Institute for AI", "non-profit", "US", {2022: 30, 2023: 40, 2024: 80, 2025: 110}),
    "bigscience": ("BigScience", "community", "international", {2022: 30, 2023: 4})}
# The most liked models: the first of an owner from a day on.
LIKED = [("deepseek-ai", "2025-01-20")] + [("meta-llama", d) for d in (
    "2023-07-18", "2023-08-20", "2023-10-01", "2023-11-10", "2023-12-01", "2024-04-18", "2024-07-23")]
ORG_KIND = {"industry": "company", "academia": "university", "non-profit": "non-profit",
            "community": "community", "user": "user"}

# Published value and how far the simulation may be from it: absolute, but for
# the median, which is a small whole number.
TARGETS = {
    "median_lifetime": (simulate.MEDIAN_ALL, 3),
    "top_share": (simulate.TOP_SHARE, .02),
    "ever_downloaded": (simulate.DOWNLOADED_EVER, .01),
    "with_parent": (simulate.WITH_PARENT, .02),
    "adapter": (RELATIONS["adapter"], .02), "finetune": (RELATIONS["finetune"], .02),
    "quantized": (RELATIONS["quantized"], .02), "merge": (RELATIONS["merge"], .02),
    "models_doubled_2025": (2_264_880 / 1_080_000, .02),
    "industry_2022": (.70, .08), "industry_2025": (.37, .08),
    "unaffiliated_2022": (.17, .08), "unaffiliated_2025": (.39, .08),
    "china_new_models": (.41, .06), "us_new_models": (.365, .06),
    "below_1b": (.925, .06),
    "mean_params_2025": (20.8e9, 8e9), "median_params_2025": (406e6, 120e6),
    "robotics_growth": (26991 / 1145, 3),
    "engagement_days": (42, 14)}


def likes_at(m, t):
    """Likes of a model at a time: most come soon after its release, some for ever."""
    if t < m["t"]:
        return 0

    def come(age):
        return .7 * (1 - 2 ** (-age / m["like_half_life"])) + .3 * age / (END - m["t"] + DAY)
    return round(m["likes"] * come(t - m["t"]) / come(max(END - m["t"], 1)))


class Dealer:
    """Deals classes to weights so that weighted shares approach the targets."""

    def __init__(self, targets, rng):
        self.names = list(targets)
        self.target = [targets[n] for n in self.names]
        self.got = [0.0] * len(self.names)
        self.total = 0.0
        self.rng = rng

    def deal(self, weight):
        if weight <= 0:
            return self.rng.choices(self.names, self.target)[0]
        self.total += weight
        lacking = [t * self.total - g for t, g in zip(self.target, self.got)]
        k = max(range(len(lacking)), key=lacking.__getitem__)
        self.got[k] += weight
        return self.names[k]


class YearDealer:
    """Deals one class to a series of yearly weights: the one that all its years lack most."""

    def __init__(self, targets, rng):
        self.targets, self.rng = targets, rng
        self.total = dict.fromkeys(targets, 0.0)
        self.got = {y: dict.fromkeys(t, 0.0) for y, t in targets.items()}

    def deal(self, weights):
        if sum(weights.values()) <= 0:
            target = self.targets[max(weights, default=max(self.targets))]
            return self.rng.choices(list(target), list(target.values()))[0]
        for y, w in weights.items():
            self.total[y] += w

        def error(kind):
            """Squared distance from the targets, each year alike, were KIND dealt; other years do not change."""
            return sum(((self.got[y][k] + (w if k == kind else 0)) / self.total[y] - share) ** 2
                       for y, w in weights.items() for k, share in self.targets[y].items())
        best = min(self.targets[max(weights)], key=error)
        for y, w in weights.items():
            self.got[y][best] += w
        return best


def created_times(n):
    """Creation dates at equal steps of the stock, exponential between anchors."""
    total = STOCK[-1][1]
    marks = [s for _, s in STOCK]
    times = []
    for i in range(n):
        at = (i + 0.5) / n * total
        if at <= marks[0]:
            times.append(FLOOR)
            continue
        k = bisect.bisect_left(marks, at)
        (t0, s0), (t1, s1) = STOCK[k - 1], STOCK[k]
        times.append(t0 + (t1 - t0) * math.log(at / s0) / math.log(s1 / s0))
    return times


def year_of(t):
    return max(2022, min(2025, datetime.datetime.fromtimestamp(t, UTC).year))


def make_counter(t, lifetime, half_life):
    """Readings of the lifetime counter: a fast decay after release over a persistent part."""
    persistent = .85 if lifetime > 1e6 else .35 if lifetime > 1e4 else .05
    starts = [t] + [s for s in MONTH_STARTS if s > t]
    weights = []
    for a, b in zip(starts, starts[1:]):
        decay = 2 ** (-(a - t) / half_life) - 2 ** (-(b - t) / half_life)
        weights.append(persistent * (b - a) / (END - t + DAY) + (1 - persistent) * decay)
    total, running, counter = sum(weights), 0.0, []
    for at, w in zip(starts[1:], weights):
        running += w
        counter.append((at, round(lifetime * running / total)))
    return counter


def by_year(counter):
    """Downloads of a counter by the year in which they happened."""
    years, before = {}, 0
    for at, value in counter:
        y = year_of(at - DAY)
        years[y] = years.get(y, 0) + value - before
        before = value
    return years


def month_of(t):
    """Months since the beginning of 2022."""
    d = datetime.datetime.fromtimestamp(t, UTC)
    return (d.year - 2022) * 12 + d.month - 1


def by_month_while_young(counter, t):
    """Downloads of a counter by month, as long as its model of time T is younger than a year."""
    months, before = {}, 0
    for at, value in counter:
        if at - t >= 365 * DAY:
            break
        if value > before:
            months[month_of(at - DAY)] = value - before
        before = value
    return months


def country_targets():
    """Shares by month: those of the year, the United States and China as they move in 2025."""
    targets = {}
    for month in range(51):
        shares = dict(COUNTRIES[min(2025, 2022 + month // 12)])
        if month >= 36:
            us, cn = US_CN_2025[(month - 36) // 3]
            rest = (1 - us - cn) / (1 - shares["US"] - shares["CN"])
            shares = {c: s * rest for c, s in shares.items()}
            shares.update(US=us, CN=cn)
        targets[month] = shares
    return targets


def iso(t):
    return datetime.datetime.fromtimestamp(t, UTC).strftime("%Y-%m-%d %H:%M:%S+00")


def array(items):
    return "{%s}" % ",".join('"%s"' % i.replace("\\", "\\\\").replace('"', '\\"') for i in items)


class Ecosystem:
    def __init__(self, n, seed):
        self.n = n
        self.rng = random.Random(seed)
        self.orgs = {ns: (parent, kind, country) for ns, (parent, kind, country, _) in NAMED.items()}
        self.pools = {}
        self.models = []
        self.edges = []
        self.make_models()
        self.make_lineage()
        self.make_history()

    # ---------- models

    def assign_downloads(self, times):
        """Lifetime downloads to cohorts by deficit, old models holding most."""
        values = sorted(simulate.lifetime_downloads(self.n, self.rng), reverse=True)
        slots = {y: [] for y in YEARS}
        for i, t in enumerate(times):
            slots[year_of(t)].append(i)
        for y in YEARS:
            self.rng.shuffle(slots[y])
        dealer = Dealer(DOWNLOADS_BY_COHORT, self.rng)
        lifetime = [0] * self.n
        head = [v for v in values if v > 20_000]
        for v in head:
            lifetime[slots[dealer.deal(v)].pop()] = v
        rest = values[len(head):]
        self.rng.shuffle(rest)
        for v, i in zip(rest, (i for y in YEARS for i in slots[y])):
            lifetime[i] = v
        return lifetime

    def owner(self, kind, country):
        """One of a pool of invented owners, a few of them busy."""
        pool = self.pools.setdefault((kind, country), [])
        size = max(8, self.n // (40 if kind == "user" else 250))
        k = int(size * self.rng.random() ** 2)
        while len(pool) <= k:
            name = "%s-%s-%d" % (kind.replace("-", ""), country.lower(), len(pool) + 1)
            pool.append(name)
            if kind != "user":
                self.orgs[name] = (name, kind, country)
        return pool[k]

    def make_models(self):
        times = created_times(self.n)
        lifetime = self.assign_downloads(times)
        rng = self.rng
        kinds = YearDealer(KINDS, rng)
        countries = YearDealer(country_targets(), rng)
        sizes = {y: Dealer({b: s for b, s in SIZES[y]}, rng) for y in YEARS}
        for i in sorted(range(self.n), key=lambda i: -lifetime[i]):
            y, w = year_of(times[i]), lifetime[i]
            half_life = 45 * math.exp(rng.gauss(0, .5)) * DAY
            counter = make_counter(times[i], w, half_life)
            kind = kinds.deal(by_year(counter))
            country = ("individual" if kind == "user" else "international" if kind == "community"
                       else countries.deal(by_month_while_young(counter, times[i]) or {month_of(times[i]): 0}))
            billions = sizes[y].deal(w)
            task = ("sentence-similarity" if billions < .1 else "fill-mask" if billions < .3
                    else simulate.pick(rng, simulate.TASKS) if billions < 1 else "text-generation")
            self.models.append({
                "n": i, "t": times[i], "year": y, "lifetime": w, "kind": kind, "country": country,
                "author": self.owner(kind, country), "params": int(billions * 1e9 * rng.uniform(.97, 1.03)),
                "counter": counter, "known": rng.random() < 0.45 or w > 20_000, "task": task, "parents": [], "relation": None,
                "family": None})
        self.models.sort(key=lambda m: m["n"])
        self.place_named()
        for m in self.models:
            m["_id"] = "%08x%016x" % (int(m["t"]), m["n"] * 2654435761 % (1 << 64))
            m["name"] = m.get("name") or "model-%d" % m["n"]
            m["id"] = m["author"] + "/" + m["name"]

    def place_named(self):
        """Named owners take over models of their kind and country, the published number a year."""
        free = {}
        for m in sorted(self.models, key=lambda m: -m["lifetime"]):
            free.setdefault((m["year"], m["kind"], m["country"]), []).append(m)
        for namespace, (_, kind, country, counts) in NAMED.items():
            for y, count in counts.items():
                pool = [m for m in free.get((y, kind, country), []) if m["author"] not in NAMED
                        and datetime.datetime.fromtimestamp(m["t"], UTC).year == y]
                # a few of the largest, the rest from anywhere
                chosen = pool[:max(1, count // 8)]
                rest = pool[len(chosen):]
                chosen += self.rng.sample(rest, min(len(rest), count - len(chosen)))
                for m in chosen:
                    m["author"] = namespace

    def make_lineage(self):
        rng = self.rng
        roots, by_family = {}, {}
        for family, (owner, first, count, _) in FAMILIES.items():
            after = [m for m in self.models if m["author"] == owner and m["t"] >= day(first)]
            roots[family] = after[:count] if after else []
            for k, m in enumerate(roots[family]):
                m["family"] = family
                m["name"] = "%s-%d" % (family.title(), k + 1)
                m["id"] = m["author"] + "/" + m["name"]
            by_family[family] = list(roots[family])
        others = []
        wanted = simulate.WITH_PARENT * self.n
        kids = [m for m in self.models if m["family"] is None and m["author"] not in NAMED and m["t"] > FLOOR]
        rng.shuffle(kids)
        relation = Dealer(RELATIONS, rng)
        chosen = sorted(kids[:int(wanted)], key=lambda m: m["t"])
        chosen_set = {m["n"] for m in chosen}
        others = [m for m in self.models if m["n"] not in chosen_set and m["family"] is None]
        for m in chosen:
            y = m["year"]
            m["relation"] = relation.deal(1)
            x, family = rng.random(), None
            for name, (_, _, _, share) in FAMILIES.items():
                x -= share.get(y, 0)
                if x < 0:
                    family = name
                    break
            pool = [p for p in by_family.get(family, ()) if p["t"] < m["t"]] if family else None
            if not pool:
                family, pool = None, None
            for _ in range(rng.choice((2, 2, 3)) if m["relation"] == "merge" else 1):
                if pool:
                    # half of them straight from a root, the rest from a derivative
                    base = roots[family] if rng.random() < .5 else pool
                    old = [p for p in base if p["t"] < m["t"]] or pool
                    p = old[int(len(old) * rng.random() ** 2)]
                else:
                    p = others[int(bisect.bisect_left(others, m["t"], key=lambda q: q["t"]) * rng.random() ** 2)]
                if p["id"] not in m["parents"] and p is not m:
                    m["parents"].append(p["id"])
            if family:
                m["family"] = family
                by_family[family].append(m)
            m["name"] = "%s%s-%d" % (family + "-" if family else "model-", m["relation"], m["n"])
            m["id"] = m["author"] + "/" + m["name"]
        by_id = {}
        for m in self.models:
            by_id[m["id"]] = m
        self.by_id = by_id

    def make_history(self):
        for m in self.models:
            counter = m["counter"]
            m["downloads"] = counter[-1][1] - (counter[-2][1] if len(counter) > 1 else 0) if counter else 0
            m["likes"] = int(self.rng.paretovariate(1.1)) - 1 + int(m["lifetime"] ** .45 / 12)
            m["like_half_life"] = 40 * math.exp(self.rng.gauss(0, .4)) * DAY
        self.place_liked()
        for m in self.models:
            m["trending"] = likes_at(m, END) - likes_at(m, END - 7 * DAY)

    def place_liked(self):
        """The most liked models of LIKED get more likes than any other, in its order."""
        most = max(m["likes"] for m in self.models)
        for k, (namespace, after) in enumerate(LIKED):
            found = [m for m in self.models if m["author"] == namespace and m["t"] >= day(after) and not m.get("liked")]
            if found:
                m = min(found, key=lambda m: m["t"])
                m["liked"], m["like_half_life"] = True, 20 * DAY
                m["likes"] = int(most * (2.2 if k == 0 else 1.6 - .05 * k))


# Task categories of datasets: stock at the end of 2025, of 2024, and of 2023.
SPOKEN = (("text-generation", 5900, 900, 400), ("question-answering", 2600, 900, 450), ("robotics", 26991, 1145, 60),
          ("image-classification", 1900, 700, 350), ("automatic-speech-recognition", 1500, 500, 250),
          ("text-classification", 3900, 1900, 1100), ("translation", 1300, 700, 420), ("summarization", 1200, 650, 400),
          ("token-classification", 1000, 560, 380), ("feature-extraction", 900, 420, 200),
          ("image-segmentation", 700, 330, 170), ("visual-question-answering", 1100, 400, 130))


def tags_of(m, rng):
    tags = [m["task"]] if m["task"] else []
    tags += ["license:" + simulate.pick(rng, [l for l in simulate.LICENSES if l[0]])]
    for p in m["parents"]:
        tags += ["base_model:" + p, "base_model:%s:%s" % (m["relation"], p)]
    if m["family"]:
        tags.append(m["family"])
    elif m["year"] == 2025 and rng.random() < .05:
        tags.append("qwen")
    if rng.random() < .02:
        tags.append("arxiv:25%02d.%05d" % (rng.randrange(1, 13), rng.randrange(400)))
    if rng.random() < (.01 if m["year"] < 2025 else .03):
        tags.append(rng.choice(("rocm", "ascend", "tensorrt", "openvino", "tensorrt", "coreml")))
    if rng.random() < .03:
        tags.append(rng.choice(("chemistry", "biology", "medical", "climate", "physics")))
    return tags


def datasets(eco, rng):
    """Datasets by year and task; robotics to its published stock."""
    scale = eco.n / STOCK[-1][1]
    rows = []

    def add(count, t0, t1, task):
        for _ in range(max(0, round(count))):
            k = len(rows)
            t = t0 + (t1 - t0) * rng.random() ** .7
            owner = rng.choice(eco.models)["author"]
            tags = ["task_categories:" + task] if task else []
            if rng.random() < .01:
                tags.append("arxiv:25%02d.%05d" % (rng.randrange(1, 13), rng.randrange(400)))
            rows.append({"_id": "d%023x" % k, "id": "%s/data-%d" % (owner, k), "author": owner,
                         "created_at": iso(t), "last_modified": iso(t), "downloads": int(rng.paretovariate(.8)) - 1,
                         "downloads_all_time": int(rng.paretovariate(.7) * 10) - 10, "likes": int(rng.paretovariate(1.2)) - 1,
                         "trending_score": 0, "tags": array(tags), "first_seen": iso(t)[:10]})
    for task, end25, end24, end23 in SPOKEN:
        add(end23 * scale, FLOOR, day("2024-01-01"), task)
        add((end24 - end23) * scale, day("2024-01-01"), day("2025-01-01"), task)
        add((end25 - end24) * scale, day("2025-01-01"), day("2026-01-01"), task)
    add((270_000 - 9_000) * scale, FLOOR, day("2025-01-01"), None)
    add((510_000 - 270_000 - 39_000) * scale, day("2025-01-01"), day("2026-01-01"), None)
    add(30_000 * scale, day("2026-01-01"), END, None)
    return rows


def discussions(eco, rng):
    """Discussions after release: most in the first two weeks, about six weeks in all."""
    rows = []
    for m in sorted(eco.models, key=lambda m: -m["likes"])[:max(50, eco.n // 40)]:
        for k in range(min(60, 2 + int(m["likes"] ** .6))):
            age = min(rng.expovariate(1 / 15.5), 400) * DAY
            if m["t"] + age >= END or m["t"] == FLOOR:
                continue
            rows.append({"repo_type": "model", "repo_id": m["id"], "num": k + 1, "title": "discussion %d" % (k + 1),
                         "status": rng.choice(("open", "closed")), "is_pull_request": rng.random() < .3,
                         "created_at": iso(m["t"] + age), "author": "user-individual-%d" % rng.randrange(2000),
                         "first_seen": iso(m["t"] + age)[:10]})
    return rows


def trending(eco, rng, k=30):
    """The top k of the young by likes of the last week on the first of each month and each day of the last one."""
    days = [datetime.date.fromtimestamp(t) for t in MONTH_STARTS if t >= day("2024-12-31")]
    days += [datetime.date(2026, 2, d) for d in range(2, 29)]
    rows = []
    for d in sorted(set(days)):
        t = datetime.datetime(d.year, d.month, d.day, tzinfo=UTC).timestamp()
        fresh = [m for m in eco.models if t - 60 * DAY < m["t"] <= t]
        score = sorted(((likes_at(m, t) - likes_at(m, t - 7 * DAY) + .1) * rng.uniform(.6, 1.4), m["n"], m)
                       for m in fresh)
        for rank, (_, _, m) in enumerate(reversed(score[-k:]), 1):
            rows.append({"captured_on": d, "captured_at": "%s 00:00:00+00" % d, "repo_type": "model", "rank": rank,
                         "id": m["id"], "author": m["author"], "likes": likes_at(m, t), "downloads": m["downloads"]})
    return rows


# Keywords of papers and the field of science that they stand for.
FIELDS = {"medical imaging": "medicine", "clinical": "medicine", "protein": "biology", "molecule": "chemistry",
          "weather": "climate", "robot learning": "robotics", "theorem proving": "mathematics"}


def papers(eco, rng):
    groups = [("ByteDance", 13), ("Alibaba", 10), ("Tencent", 10), ("DeepSeek", 4), ("NVIDIA", 7), ("Google", 6),
              ("Meta", 5), ("Microsoft", 5), ("Tsinghua University", 6), ("University of Washington", 3)]
    rows = []
    for month in range(1, 13):
        for k in range(400):
            if rng.random() < .25:
                continue
            d = datetime.date(2025, month, rng.randrange(1, 29))
            rows.append({"id": "25%02d.%05d" % (month, k), "title": "paper %d of %s" % (k, d.strftime("%B")),
                         "published_at": "%s 00:00:00+00" % d, "listed_at": "%s 06:00:00+00" % d,
                         "list_date": d, "first_seen": d,
                         "upvotes": int(rng.paretovariate(1.0) * 5),
                         "organization": simulate.pick(rng, groups) if rng.random() < .6 else None,
                         "ai_keywords": array(rng.sample(sorted(FIELDS), 1) + ["benchmark"]) if rng.random() < .4 else array([])})
    return rows


def owners(eco):
    totals = {}
    for m in eco.models:
        totals[m["author"]] = totals.get(m["author"], 0) + m["downloads"]
    for rank, name in enumerate(sorted(totals, key=lambda n: (-totals[n], n)), 1):
        org = eco.orgs.get(name)
        yield {"name": name, "type": "organization" if org else "user", "is_verified": bool(org and org[1] == "industry"),
               "downloads": totals[name], "rank": rank}


def write(out, name, rows, columns):
    with open(os.path.join(out, name + ".csv"), "w", newline="") as f:
        w = csv.DictWriter(f, columns, extrasaction="ignore")
        w.writeheader()
        w.writerows(rows)


def model_rows(eco, rng):
    for m in eco.models:
        yield {"_id": m["_id"], "id": m["id"], "author": m["author"], "created_at": iso(m["t"]),
               "last_modified": iso(min(END, m["t"] + rng.expovariate(1 / 40.0) * DAY)), "downloads": m["downloads"],
               "downloads_all_time": m["lifetime"], "likes": m["likes"], "trending_score": m["trending"],
               "pipeline_tag": m["task"], "tags": array(tags_of(m, rng)), "base_models": array(m["parents"]),
               "base_model_relation": m["relation"], "parameters": m["params"] if m["known"] else None,
               "gated": "false", "first_seen": iso(m["t"])[:10]}


def snapshot_rows(eco):
    for m in eco.models:
        before = 0
        for t, value in m["counter"]:
            d = datetime.datetime.fromtimestamp(t, UTC).date()
            yield {"captured_on": d, "captured_at": "%s 00:00:00+00" % d, "_id": m["_id"], "id": m["id"],
                   "downloads": value - before, "downloads_all_time": value,
                   "likes": likes_at(m, t), "trending_score": likes_at(m, t) - likes_at(m, t - 7 * DAY)}
            before = value


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", help="folder for the tables")
    parser.add_argument("--targets", action="store_true", help="print the published values as JSON and stop")
    args = parser.parse_args()
    if args.targets or not args.out:
        print(json.dumps(TARGETS))
        return
    os.makedirs(args.out, exist_ok=True)
    eco, rng = Ecosystem(args.models, args.seed), random.Random(args.seed + 1)
    write(args.out, "models", model_rows(eco, rng),
          ["_id", "id", "author", "created_at", "last_modified", "downloads", "downloads_all_time", "likes",
           "trending_score", "pipeline_tag", "tags", "base_models", "base_model_relation", "parameters", "gated", "first_seen"])
    write(args.out, "model_snapshots", snapshot_rows(eco),
          ["captured_on", "captured_at", "_id", "id", "downloads", "downloads_all_time", "likes", "trending_score"])
    write(args.out, "model_edges",
          ({"child": m["id"], "parent": p, "relation": m["relation"], "first_seen": iso(m["t"])[:10],
            "_id": m["_id"]} for m in eco.models for p in m["parents"]),
          ["child", "parent", "relation", "first_seen", "_id"])
    write(args.out, "org",
          ({"namespace": ns, "parent": parent, "kind": kind, "country": country, "verified": kind == "industry"}
           for ns, (parent, kind, country) in sorted(eco.orgs.items())),
          ["namespace", "parent", "kind", "country", "verified"])
    write(args.out, "datasets", datasets(eco, rng),
          ["_id", "id", "author", "created_at", "last_modified", "downloads", "downloads_all_time", "likes",
           "trending_score", "tags", "first_seen"])
    write(args.out, "discussions", discussions(eco, rng),
          ["repo_type", "repo_id", "num", "title", "status", "is_pull_request", "created_at", "author",
           "first_seen"])
    write(args.out, "trending_snapshots", trending(eco, rng),
          ["captured_on", "captured_at", "repo_type", "rank", "id", "author", "likes", "downloads"])
    write(args.out, "papers", papers(eco, rng),
          ["id", "title", "published_at", "listed_at", "list_date", "first_seen", "upvotes", "organization", "ai_keywords"])
    write(args.out, "domain_tag", ({"tag": t, "field": f} for t, f in FIELDS.items()), ["tag", "field"])
    write(args.out, "owners", owners(eco), ["name", "type", "is_verified", "downloads", "rank"])


if __name__ == "__main__":
    main()
