"""What hangs on a simulated repository or account: files, commits, refs,
discussions, likers, members, followers.

Nothing is stored: everything follows from the row and its name, so a Hub of any
size costs nothing here.
"""
import hashlib
import random

from simulate import END_TIME, account, stamp

STATUSES = ("open", "closed", "merged", "open", "draft")
SUBJECTS = ("Add the tokenizer", "Wrong licence?", "Update README.md", "Out of memory on 24 GB",
            "Convert to safetensors", "Déjà vu: results differ", "How was it evaluated?")


def dice(*names):
    return random.Random(":".join(names))


def sha1(*names):
    return hashlib.sha1(":".join(names).encode()).hexdigest()


def person(name, **more):
    """A user as lists of users show one."""
    shown = account(name)
    return {"_id": shown["_id"], "avatarUrl": shown["avatarUrl"], "fullname": shown["fullname"],
            "isPro": shown["isPro"], "user": name, "type": "user", **more}


class Related:
    def __init__(self, owners, seed=1):
        self.owners = owners
        users = [name for name in owners if name.startswith("user-")]
        self.users = (users + ["reader-%d" % i for i in range(max(300 - len(users), 0))])[:2000]
        self.seed = str(seed)

    def some_users(self, rng, most):
        return rng.sample(self.users, min(most, len(self.users)))

    # ---------- of repositories

    def commits(self, row):
        """Newest first; the newest is the row's sha."""
        rng = dice("commits", self.seed, row["id"])
        count = 1 + int(min(rng.paretovariate(0.8), 120))
        at = END_TIME - rng.randrange(10 ** 7)
        found = []
        for i in range(count):
            name = row["id"].split("/")[0] if rng.random() < 0.7 else rng.choice(self.users)
            found.append({
                "id": row.get("sha", sha1(row["id"])) if i == 0 else sha1(row["id"], str(i)),
                "title": "initial commit" if i == count - 1 else rng.choice(SUBJECTS),
                "message": "" if rng.random() < 0.6 else "Co-authored-by: %s" % name,
                "authors": [{"user": name, "avatar": "/avatars/%s.svg" % name}],
                "date": stamp(at, rng.randrange(1000))})
            at -= rng.randrange(60, 10 ** 5)
        return found

    def files(self, row, folder=""):
        """Files and directories, all levels, by path."""
        newest = self.commits(row)[0]
        last = {k: newest[k] for k in ("id", "title", "date")}
        found, seen = [], set()
        for name in sorted(s["rfilename"] for s in row.get("siblings", ())):
            parts = name.split("/")
            for depth in range(1, len(parts)):
                above = "/".join(parts[:depth])
                if above not in seen:
                    seen.add(above)
                    found.append({"type": "directory", "oid": sha1(row["id"], above), "size": 0,
                                  "path": above, "lastCommit": last})
            size = int(sha1("size", row["id"], name)[:7], 16)
            item = {"type": "file", "oid": sha1(row["id"], name), "size": size, "path": name,
                    "lastCommit": last,
                    "securityFileStatus": {"status": "safe", "avScan": {"status": "safe"}}}
            if name.endswith((".safetensors", ".bin", ".onnx", ".parquet")):
                item["size"] = size * 16
                item["lfs"] = {"oid": hashlib.sha256(name.encode()).hexdigest(), "size": size * 16,
                               "pointerSize": 134}
                item["xetHash"] = hashlib.sha256((row["id"] + name).encode()).hexdigest()
            found.append(item)
        if folder:
            found = [f for f in found if f["path"].startswith(folder + "/")]
        return found

    def refs(self, row, pull_requests=False):
        def ref(name, full, number):
            return {"name": name, "ref": full, "targetCommit": sha1(row["id"], "ref", str(number))}
        found = {"branches": [{"name": "main", "ref": "refs/heads/main",
                               "targetCommit": row.get("sha", sha1(row["id"]))}],
                 "converts": [], "tags": []}
        rng = dice("refs", self.seed, row["id"])
        if rng.random() < 0.3:
            found["converts"].append(ref("parquet", "refs/convert/parquet", 1))
        for i in range(rng.choice((0, 0, 0, 1, 2))):
            found["tags"].append(ref("v1.%d" % i, "refs/tags/v1.%d" % i, 10 + i))
        if pull_requests:
            found["pullRequests"] = [ref(str(d["num"]), "refs/pr/%d" % d["num"], 100 + d["num"])
                                     for d in self.discussions(row, "model") if d["isPullRequest"]]
        return found

    def discussions(self, row, repo_type):
        """Newest first."""
        rng = dice("discussions", self.seed, row["id"])
        count = int(min(rng.paretovariate(0.7) - 1, 40))
        found = []
        for num in range(count, 0, -1):
            proposal = rng.random() < 0.4
            item = {"num": num, "title": rng.choice(SUBJECTS), "status": rng.choice(STATUSES)
                    if proposal else rng.choice(STATUSES[:2]), "isPullRequest": proposal,
                    "createdAt": stamp(END_TIME - 86400 * (count - num) - rng.randrange(86400)),
                    "repo": {"name": row["id"], "type": repo_type}, "numComments": rng.randrange(20),
                    "numReactionUsers": rng.randrange(3), "topReactions": [], "pinned": num == 1}
            if rng.random() < 0.9:
                item["author"] = account(rng.choice(self.users))
            found.append(item)
        return found

    def likers(self, row):
        rng = dice("likers", self.seed, row["id"])
        return [person(name) for name in self.some_users(rng, min(row.get("likes", 0), 260))]

    # ---------- of accounts

    def is_organization(self, name):
        return name in self.owners and not name.startswith("user-")

    def is_user(self, name):
        return name in self.users or (name in self.owners and name.startswith("user-"))

    def members(self, name):
        rng = dice("members", self.seed, name)
        return [person(user) for user in self.some_users(rng, rng.randrange(2, 75))]

    def followers(self, name):
        rng = dice("followers", self.seed, name)
        return [person(user, followedAt=stamp(END_TIME - rng.randrange(10 ** 8), rng.randrange(1000)))
                for user in self.some_users(rng, rng.randrange(0, 130))]

    def organizations_of(self, user):
        rng = dice("orgs", self.seed, user)
        orgs = [name for name in self.owners if not name.startswith("user-")]
        return [{"name": name, "fullname": name.title(), "avatarUrl": "/avatars/%s.png" % name}
                for name in rng.sample(orgs, min(len(orgs), rng.choice((0, 0, 1, 2))))]
