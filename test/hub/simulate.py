"""A simulated Hub, the same for the same seed.

Figures follow published marginals at any size: lifetime downloads with 40 % of
zeros, a median of 19 and 49.6 % in the top 0.01 % of models; 35.5 % of models
downloaded in the last 30 days; 28 % of models with a declared parent, in the
published mix of relations; creation dates growing from the day on which the
Hub began to record them.
"""
import datetime
import math
import random
from statistics import NormalDist

FLOOR = "2022-03-02T23:29:04.000Z"
FLOOR_TIME = 1646263744
END_TIME = 1772323200                      # 2026-03-01
DOWNLOADED_EVER = 0.597
DOWNLOADED_LATELY = 0.355
MEDIAN_ALL = 19
SIGMA = 2.7
TOP_FRACTION = 0.0001
TOP_SHARE = 0.496
WITH_PARENT = 0.28
RELATIONS = (("adapter", 0.426), ("finetune", 0.359), ("quantized", 0.192), ("merge", 0.023))

TASKS = (("text-generation", 30), ("text-classification", 10), ("feature-extraction", 6),
         ("automatic-speech-recognition", 6), ("text-to-image", 8), ("image-classification", 5),
         ("fill-mask", 4), ("token-classification", 4), ("image-text-to-text", 4),
         ("text-to-speech", 3), ("reinforcement-learning", 6), (None, 14))
LIBRARIES = (("transformers", 45), ("peft", 14), ("diffusers", 10), ("gguf", 8),
             ("sentence-transformers", 4), ("stable-baselines3", 3), ("timm", 2), (None, 14))
LICENSES = (("apache-2.0", 30), ("mit", 14), ("llama3", 4), ("cc-by-4.0", 3),
            ("openrail", 4), ("other", 6), (None, 39))
LANGUAGES = ("en", "zh", "fr", "de", "ko", "ja", "es", "ru", "ar", "hi")
FAMILIES = ("aurora", "borealis", "cinder", "delta", "ember", "fjord", "granite",
            "harbor", "indigo", "juniper", "krill", "lumen")
SIZES = ("0.5B", "1B", "3B", "7B", "8B", "13B", "70B")
SUFFIXES = ("instruct", "base", "chat", "lora", "GGUF", "awq", "v2.1", "ft", "merged")


def pick(rng, table):
    total = sum(weight for _, weight in table)
    at = rng.random() * total
    for value, weight in table:
        at -= weight
        if at < 0:
            return value
    return table[-1][0]


def stamp(seconds, milliseconds=0):
    when = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    return when.strftime("%Y-%m-%dT%H:%M:%S") + ".%03dZ" % milliseconds


def lifetime_downloads(n, rng):
    """Quantiles of the target distribution, shuffled: marginals hold at any n."""
    zeros = round(n * (1 - DOWNLOADED_EVER))
    top = max(round(n * TOP_FRACTION), 1) if n >= 20 else 0
    body = n - zeros - top
    norm = NormalDist()
    mu = math.log(MEDIAN_ALL) - SIGMA * norm.inv_cdf(1 - 0.5 / DOWNLOADED_EVER)
    values = [max(1, round(math.exp(mu + SIGMA * norm.inv_cdf((i + 0.5) / (body + top)))))
              for i in range(body)]
    weights = [(r + 1) ** -0.5 for r in range(top)]
    for _ in range(2):                      # the body stays below the top
        if not top:
            break
        scale = sum(values) * TOP_SHARE / (1 - TOP_SHARE) / sum(weights)
        heads = [round(w * scale) for w in weights]
        values = [min(v, int(heads[-1] * 0.9)) for v in values]
    values = [0] * zeros + values + (heads if top else [])
    rng.shuffle(values)
    return values


def owner_names(count):
    names = []
    for i in range(count):
        family = FAMILIES[i % len(FAMILIES)]
        names.append(("%s-lab" % family if i < 12 else "%s.%s" % (family, "ai") if i < 24
                      else "user-%s-%d" % (family, i)))
    return names


def created_at(rng):
    if rng.random() < 0.03:
        return FLOOR_TIME
    # doubling about every year
    years = (END_TIME - FLOOR_TIME) / 31557600
    at = math.log(1 + rng.random() * (2 ** years - 1), 2)
    return FLOOR_TIME + int(at / years * (END_TIME - FLOOR_TIME))


def parameters_of(size, rng):
    return int(float(size[:-1]) * 1e9 * (0.95 + 0.1 * rng.random()))


def model(i, rng, owner, lifetime, parents):
    family = rng.choice(FAMILIES)
    size = rng.choice(SIZES)
    name = "%s-%s-%s-%d" % (family, size, rng.choice(SUFFIXES), i)
    born = created_at(rng)
    task = pick(rng, TASKS)
    library = pick(rng, LIBRARIES)
    license = pick(rng, LICENSES)
    languages = rng.sample(LANGUAGES, rng.choice((0, 1, 1, 2)))
    lately = lifetime > 0 and rng.random() < DOWNLOADED_LATELY / DOWNLOADED_EVER
    downloads = max(1, int(lifetime * (0.01 + 0.14 * rng.random()))) if lately else 0
    tags = [t for t in (library,) if t]
    if rng.random() < 0.5:
        tags.append("safetensors")
    tags += languages
    if license:
        tags.append("license:" + license)
    row = {
        "_id": "%08x%016x" % (born, i * 2654435761 % (1 << 64)),
        "id": "%s/%s" % (owner, name),
        "author": owner,
        "likes": int(rng.paretovariate(0.9)) - 1 + int(downloads ** 0.5 / 8),
        "trendingScore": round(rng.random() * 100, 2) if rng.random() < 0.01 else 0,
        "private": False,
        "downloads": downloads,
        "downloadsAllTime": lifetime,
        "createdAt": FLOOR if born == FLOOR_TIME else stamp(born, rng.randrange(1000)),
        "lastModified": stamp(born + int(rng.random() * (END_TIME - born)), rng.randrange(1000)),
        "gated": pick(rng, ((False, 94), ("auto", 4), ("manual", 2))),
        "disabled": False,
        "sha": "%040x" % rng.getrandbits(160),
        "xetEnabled": True,
        "siblings": [{"rfilename": f} for f in (".gitattributes", "README.md", "config.json")],
        "spaces": [],
        "usedStorage": rng.randrange(10 ** 6, 10 ** 10),
    }
    if task:
        row["pipeline_tag"] = task
        tags.append(task)
    if library:
        row["library_name"] = library
    if rng.random() < 0.02:
        row["inference"] = "warm"
        row["inferenceProviderMapping"] = {"forge": {"status": "live", "providerId": name, "task": task or "other"}}
    if "safetensors" in tags:
        total = parameters_of(size, rng)
        row["safetensors"] = {"parameters": {"BF16": total}, "total": total}
    elif library == "gguf":
        row["gguf"] = {"total": parameters_of(size, rng), "architecture": family,
                       "context_length": 32768, "totalFileSize": 5 * 10 ** 9}
    if parents and rng.random() < WITH_PARENT:
        relation = pick(rng, RELATIONS)
        count = rng.choice((2, 3)) if relation == "merge" else 1
        chosen = []
        for _ in range(count):
            # early models have most children
            parent = parents[int(len(parents) * rng.random() ** 3)]
            if parent["id"] not in [c["id"] for c in chosen]:
                chosen.append(parent)
        for parent in chosen:
            tags += ["base_model:" + parent["id"], "base_model:%s:%s" % (relation, parent["id"])]
        row["baseModels"] = {"relation": relation,
                             "models": [{"_id": p["_id"], "id": p["id"]} for p in chosen]}
        row["cardData"] = {"base_model": chosen[0]["id"] if len(chosen) == 1
                           else [p["id"] for p in chosen]}
    if rng.random() < 0.6:
        card = row.setdefault("cardData", {})
        if license:
            card["license"] = license
        if languages:
            card["language"] = languages[0] if len(languages) == 1 else languages
        if i % 97 == 0:
            card["note"] = "déjà vu — 模型 \U0001f917"
    row["config"] = {"model_type": family, "architectures": [family.title() + "ForCausalLM"]}
    if i % 11 == 0:
        row["model-index"] = None
    tags.append("region:us")
    row["tags"] = tags
    return row


def models(n, seed=1):
    rng = random.Random(seed)
    lifetime = lifetime_downloads(n, rng)
    owners = owner_names(max(n // 8, 12))
    rows = []
    for i in range(n):
        owner = owners[int(len(owners) * rng.random() ** 3)]
        rows.append(model(i, rng, owner, lifetime[i], rows))
    return rows
