"""A simulated Hub, the same for the same seed.

Figures follow published marginals at any size: lifetime downloads with 40 % of
zeros, a median of 19 and 49.6 % in the top 0.01 % of models; 35.5 % of models
downloaded in the last 30 days; 28 % of models with a declared parent, in the
published mix of relations; creation dates growing from the day on which the
Hub began to record them.
"""
import datetime
import hashlib
import marshal
import math
import os
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


def model_files(i):
    """Names of the files of the ith model; one has more than a page of them."""
    names = [".gitattributes", "README.md", "config.json"]
    shards = i * 2654435761 % 4294967296 % 6
    names += ["model-%05d-of-%05d.safetensors" % (k + 1, shards) for k in range(shards)]
    if i % 9 == 0:
        names += ["onnx/model.onnx", "onnx/config/quantize.json"]
    if i == 7:
        names += ["checkpoints/step-%04d.bin" % k for k in range(1100)]
    return names


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
        "siblings": [{"rfilename": f} for f in model_files(i)],
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


# ---------- the other kinds

DATASET_TASKS = ("text-classification", "question-answering", "text-generation", "translation",
                 "image-classification", "automatic-speech-recognition", "tabular-classification")
MODALITIES = ("text", "image", "audio", "tabular", "video")
FORMATS = ("parquet", "json", "csv", "imagefolder", "text")
SIZE_CATEGORIES = ("n<1K", "1K<n<10K", "10K<n<100K", "100K<n<1M", "1M<n<10M")
SDKS = (("gradio", 60), ("static", 16), ("docker", 18), ("streamlit", 4), (None, 2))
STAGES = (("RUNNING", 55), ("SLEEPING", 25), ("PAUSED", 8), ("RUNTIME_ERROR", 8), ("BUILD_ERROR", 4))


def repo(i, rng, owner, name, salt):
    """What every kind of repository has."""
    born = created_at(rng)
    return born, {
        "_id": "%08x%016x" % (born, (i * 2654435761 + salt) % (1 << 64)),
        "id": "%s/%s" % (owner, name),
        "author": owner,
        "likes": int(rng.paretovariate(0.9)) - 1,
        "trendingScore": round(rng.random() * 60, 1) if rng.random() < 0.05 else 0,
        "private": False,
        "disabled": False,
        "createdAt": stamp(born, rng.randrange(1000)),
        "lastModified": stamp(born + int(rng.random() * (END_TIME - born)), rng.randrange(1000)),
        "sha": "%040x" % rng.getrandbits(160),
        "xetEnabled": rng.random() < 0.8,
        "usedStorage": rng.randrange(10 ** 4, 10 ** 11),
    }


def dataset(i, rng, owner, lifetime, arxiv):
    family, task = rng.choice(FAMILIES), rng.choice(DATASET_TASKS)
    _, row = repo(i, rng, owner, "%s-%s-%d" % (family, task, i), 1)
    languages = rng.sample(LANGUAGES, rng.choice((0, 1, 1, 2)))
    license = pick(rng, LICENSES)
    text = "A dataset for %s.\n\n\t\t Dataset Summary \n" % task + "Rows of %s. " % family * 40
    tags = ["task_categories:" + task] + ["language:" + code for code in languages]
    if license:
        tags.append("license:" + license)
    tags += ["size_categories:" + rng.choice(SIZE_CATEGORIES), "format:" + rng.choice(FORMATS),
             "modality:" + rng.choice(MODALITIES)]
    if arxiv and rng.random() < 0.1:
        tags.append("arxiv:" + rng.choice(arxiv))
    tags.append("region:us")
    lately = rng.random() < DOWNLOADED_LATELY
    row.update({
        "tags": tags, "description": text, "key": "",
        "downloads": int(lifetime * (0.01 + 0.14 * rng.random())) if lately else 0,
        "downloadsAllTime": lifetime,
        "gated": pick(rng, ((False, 94), ("auto", 4), ("manual", 2))),
        "mainSize": rng.randrange(10 ** 3, 10 ** 10),
        "siblings": [{"rfilename": f} for f in (".gitattributes", "README.md",
                                                "data/train-00000-of-00001.parquet")],
    })
    if rng.random() < 0.6:
        row["cardData"] = {"pretty_name": "%s %d" % (family.title(), i), "task_categories": [task],
                           "language": languages}
        if license:
            row["cardData"]["license"] = license
    if i % 5 == 0:
        row["citation"] = "@misc{%s%d,\n  title={%s}\n}" % (family, i, family.title())
    if i % 13 == 0:
        row["paperswithcode_id"] = "%s-%d" % (family, i)
    return row


def space(i, rng, owner, models, datasets):
    family, sdk = rng.choice(FAMILIES), pick(rng, SDKS)
    born, row = repo(i, rng, owner, "%s-demo-%d" % (family, i), 2)
    stage = pick(rng, STAGES) if sdk else "NO_APP_FILE"
    running = stage == "RUNNING"
    tags = [sdk] if sdk else []
    if rng.random() < 0.15:
        tags.append("mcp-server")
    domain = row["id"].replace("/", "-").replace(".", "-")
    row.update({
        "tags": tags + ["region:us"], "subdomain": domain, "gated": False,
        "host": "https://%s.hf.space" % domain, "region": rng.choice(("us", "us", "us", "eu")),
        "siblings": [{"rfilename": f} for f in (".gitattributes", "README.md", "app.py")],
        "models": sorted({models[int(len(models) * rng.random() ** 4)]["id"]
                          for _ in range(rng.choice((0, 1, 1, 3)))}) if models else [],
        "datasets": [rng.choice(datasets)["id"]] if datasets and rng.random() < 0.1 else [],
        "runtime": {"stage": stage,
                    "hardware": {"current": "cpu-basic" if running else None,
                                 "requested": rng.choice(("cpu-basic", "cpu-basic", "zero-a10g"))},
                    "storage": None, "gcTimeout": 172800,
                    "replicas": {"current": 1 if running else 0, "requested": 1},
                    "devMode": False,
                    "domains": [{"domain": domain + ".hf.space", "stage": "READY"}]},
    })
    if sdk:
        row["sdk"] = sdk
    if rng.random() < 0.8:
        row["cardData"] = {"title": "%s demo" % family.title(), "emoji": "\U0001f680",
                           "colorFrom": "blue", "colorTo": "pink", "pinned": i % 17 == 0}
        if sdk:
            row["cardData"]["sdk"] = sdk
    return row


def kernel(i, rng, owner):
    _, row = repo(i, rng, owner, "%s-kernel-%d" % (rng.choice(FAMILIES), i), 3)
    row.update({
        "downloads": rng.randrange(10 ** 5), "downloadsAllTime": 10 ** 5 + rng.randrange(10 ** 6),
        "gated": False, "repoType": "kernel", "isLikedByUser": False,
        "tags": ["kernel", "license:apache-2.0"], "arxivIds": ["2205.%05d" % i] if i % 4 == 0 else [],
        "supportedDriverFamilies": rng.sample(["cuda", "rocm", "metal", "xpu"], 2),
        "files": ["build.toml", "README.md"], "buildMetadata": {"abi": "cxx11", "torch": "2.9"},
        "trustedPublisher": i % 2 == 0, "siblings": [{"rfilename": "build.toml"}],
        "authorData": {"_id": "%024x" % (i + 1), "name": owner, "fullname": owner, "type": "org"},
    })
    if i % 3 == 0:
        row["cardData"] = {"license": "apache-2.0"}
    return row


def kind(name, n, seed, owners, more=()):
    """N rows of datasets, spaces or kernels."""
    rng = random.Random("%s-%d" % (name, seed))
    lifetime = lifetime_downloads(n, rng) if name == "datasets" else [0] * n
    rows = []
    for i in range(n):
        owner = owners[int(len(owners) * rng.random() ** 3)]
        if name == "datasets":
            rows.append(dataset(i, rng, owner, lifetime[i], *more))
        elif name == "spaces":
            rows.append(space(i, rng, owner, *more))
        else:
            rows.append(kernel(i, rng, owner))
    return rows


# ---------- papers

WORDS = ("Scaling", "Sparse", "Diffusion", "Reasoning", "Agents", "Alignment", "Retrieval",
         "Multimodal", "Tokenization", "Distillation", "Benchmarks", "Reinforcement")
FIRST_LIST = datetime.date(2023, 5, 4)
LAST_LIST = datetime.date(2026, 2, 27)
A_DAY = 8                                  # papers on a list


def account(name):
    """A user as entries show one."""
    number = sum(map(ord, name)) * 7919
    return {"_id": "%024x" % (number + 1), "avatarUrl": "/avatars/%x.svg" % number,
            "fullname": name.replace("-", " ").title(), "name": name, "type": "user",
            "isPro": number % 5 == 0, "isHf": False, "isHfAdmin": False, "isMod": False}


def list_days(n):
    """The last weekdays, A_DAY papers each; the first of all lists is among them."""
    days, day = [], LAST_LIST
    while len(days) * A_DAY < n - A_DAY and day > FIRST_LIST:
        if day.weekday() < 5:
            days.append(day)
        day -= datetime.timedelta(1)
    return [FIRST_LIST] + days[::-1]


def paper(i, rng, day, number, users, orgs):
    published = day - datetime.timedelta(rng.choice((1, 1, 2, 3, 9)))
    title = "%s %s for %s, %d" % (*rng.sample(WORDS, 3), i)
    summary = "We study %s. " % title.lower() * 5
    by = account(rng.choice(users))
    inner = {
        "id": "%02d%02d.%05d" % (published.year % 100, published.month, number),
        "authors": [{"_id": "%016x%08x" % (i, k), "name": "%s %s" % (rng.choice("ABCDEFGH"), rng.choice(
            FAMILIES).title()), "hidden": False} for k in range(rng.randrange(1, 9))],
        "publishedAt": published.isoformat() + "T00:00:00.000Z",
        "submittedOnDailyAt": day.isoformat() + "T00:00:00.000Z",
        "title": title,
        "submittedOnDailyBy": dict(by, user=by["name"]),
        "summary": summary,
        "upvotes": int(rng.paretovariate(0.8) * 3),
        "discussionId": "%024x" % rng.getrandbits(96),
    }
    if rng.random() < 0.5:
        inner["projectPage"] = "https://%s.example/%d" % (rng.choice(FAMILIES), i)
    if rng.random() < 0.55:
        inner.update(githubRepo="https://github.com/example/paper-%d" % i,
                     githubRepoAddedBy=rng.choice(("user", "auto")), githubStars=rng.randrange(3000))
    if rng.random() < 0.2:
        inner.update(ai_summary="About %s." % title, ai_keywords=rng.sample(WORDS, 3),
                     ai_summary_model="summarizer-1")
    item = {
        "paper": inner,
        "publishedAt": stamp(int(datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.timezone.utc)
                                 .timestamp()) - rng.randrange(7 * 3600), rng.randrange(1000)),
        "title": title, "summary": summary,
        "thumbnail": "https://thumbnails.example/%s.png" % inner["id"],
        "numComments": rng.randrange(9),
        "submittedBy": dict(by, followerCount=rng.randrange(500), isUserFollowing=False),
        "isAuthorParticipating": rng.random() < 0.3,
    }
    if rng.random() < 0.65:
        name = rng.choice(orgs)
        organization = {"_id": "%024x" % sum(map(ord, name)), "name": name,
                        "fullname": name.title(), "avatar": "/avatars/%s.png" % name}
        inner["organization"] = item["organization"] = organization
    if rng.random() < 0.2:
        inner["mediaUrls"] = item["mediaUrls"] = ["https://media.example/%d.mp4" % i]
    return item


def papers(n, seed, owners):
    """Entries of the daily lists, oldest list first, by upvotes within a day."""
    rng = random.Random("papers-%d" % seed)
    users = [name for name in owners if name.startswith("user-")] or owners
    orgs = [name for name in owners if not name.startswith("user-")] or owners
    days, rows = list_days(n), []
    for i in range(n):
        rows.append(paper(i, rng, days[min(i // A_DAY, len(days) - 1)], i, users, orgs))
    rows.sort(key=lambda item: (item["paper"]["submittedOnDailyAt"], -item["paper"]["upvotes"]))
    return rows


# ---------- what was made once

def kept(name, make, folder):
    """MAKE()'s value, from FOLDER if this program made it there before."""
    with open(__file__, "rb") as f:
        version = hashlib.sha256(f.read()).hexdigest()[:12]
    path = os.path.join(folder, "%s-%s.marshal" % (name, version))
    try:
        with open(path, "rb") as f:
            return marshal.loads(f.read())  # not load(f): many small reads
    except (OSError, ValueError, EOFError, TypeError):
        value = make()
    try:
        os.makedirs(folder, exist_ok=True)
        fresh = "%s.%d" % (path, os.getpid())
        with open(fresh, "wb") as f:
            marshal.dump(value, f)
        os.replace(fresh, path)
    except OSError:
        pass                                # a folder that is not ours: made anew each time
    return value
