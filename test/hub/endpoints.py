"""Answers of the Hub's API beside lists of repositories: what belongs to one
repository, papers, collections, accounts, and discovery.
"""
import base64
import datetime
import re
from urllib.parse import unquote, urlencode

import related
import simulate
from api import Refusal, dumps

TREE_PAGE, TREE_PAGE_EXPANDED = 1000, 50
COMMITS_PAGE = 50
DISCUSSIONS_PAGE = 10
PEOPLE_PAGE = 50
COLLECTIONS_MAX = 100
PAPERS_MAX = 100
TRENDING_MAX = 20
REPO = r"(models|datasets|spaces|kernels)/([^/]+/[^/]+|[^/]+)"


class Others:
    def __init__(self, papers, owners, seed=1, trending=None):
        """PAPERS makes the entries of the daily lists."""
        self.owners = owners
        self.seed = seed
        self.make_papers = papers
        self.recorded_trending = trending
        self.related = related.Related(owners, seed)
        self.kept = {}
        self.weekend = "empty"              # or "refuse": lists of days without one
        self.papers_max = PAPERS_MAX

    def attach(self, api):
        self.api = api
        routes = [
            ("^/api/" + REPO + r"/tree/([^/]+)(?:/(.+))?$", self.tree),
            ("^/api/" + REPO + r"/refs$", self.refs),
            ("^/api/" + REPO + r"/commits/([^/]+)$", self.commits),
            ("^/api/" + REPO + r"/discussions$", self.discussions),
            ("^/api/" + REPO + r"/likers$", self.likers),
            (r"^/api/daily_papers$", self.daily_papers),
            (r"^/api/papers$", self.papers),
            (r"^/api/papers/([^/]+)$", self.paper),
            (r"^/api/collections$", self.collections),
            (r"^/api/collections/([^/]+/[^/]+)$", self.collection),
            (r"^/api/users/([^/]+)/overview$", self.user),
            (r"^/api/organizations/([^/]+)/overview$", self.organization),
            (r"^/api/organizations/([^/]+)/members$", self.members),
            (r"^/api/(users|organizations)/([^/]+)/followers$", self.followers),
            (r"^/api/trending$", self.trending),
            (r"^/api/(models|datasets)-tags-by-type$", self.tags),
        ]
        # before the single repository, whose name would take "x/refs"
        api.routes[1:1] = [(re.compile(pattern), view) for pattern, view in routes]

    # ---------- pages

    def paged(self, query, origin, path, items, limit):
        """A page of ITEMS with a Link to the next; the cursor is a position."""
        start = 0
        cursor = self.api.one_value(query, "cursor")
        if cursor is not None:
            try:
                start = int(base64.urlsafe_b64decode(cursor.encode()))
            except ValueError:
                raise Refusal(400, "✖ Invalid cursor parameter")
        headers = {}
        if start + limit < len(items):
            after = base64.urlsafe_b64encode(b"%d" % (start + limit)).decode()
            headers["Link"] = self.link(query, origin, path, "cursor", after)
        return 200, headers, dumps(items[start:start + limit]).encode()

    @staticmethod
    def link(query, origin, path, name, value):
        kept = [(k, v) for k, v in query if k != name]
        return "<%s%s?%s>; rel=\"next\"" % (origin, path, urlencode(kept + [(name, value)]))

    def page_number(self, query):
        try:
            number = int(self.api.one_value(query, "p") or 0)
        except ValueError:
            number = -1
        if number < 0:
            raise Refusal(400, "✖ Invalid p parameter")
        return number

    # ---------- of one repository

    def repo(self, match, query, authorized, rest):
        """(row, None) or (None, the redirect)."""
        kind = self.api.kinds[match.group(1)]
        name = unquote(match.group(2))
        row = self.api.find_repo(kind, name, authorized)
        if row is None:
            return None, self.api.moved("/api/" + kind.name, name, rest, query)
        return row, None

    def tree(self, match, query, origin, authorized):
        revision, folder = match.group(3), match.group(4)
        row, moved = self.repo(match, query, authorized,
                               "/tree/" + revision + ("/" + folder if folder else ""))
        if moved:
            return moved
        self.api.check_revision(row, unquote(revision))
        folder = unquote(folder or "")
        items = self.related.files(row, folder)
        if folder and not items:
            raise Refusal(404, "%s does not exist on \"%s\"" % (folder, unquote(revision)), "EntryNotFound")
        if self.api.one_value(query, "recursive") != "true":
            depth = folder.count("/") + 1 if folder else 0
            items = [i for i in items if i["path"].count("/") == depth]
        expand = self.api.one_value(query, "expand") == "true"
        if not expand:
            items = [{k: v for k, v in i.items() if k not in ("lastCommit", "securityFileStatus")}
                     for i in items]
            # its links repeat what was left to be the default
            query = query + [("expand", "false")] if not self.api.values(query, "expand") else query
        most = TREE_PAGE_EXPANDED if expand else TREE_PAGE
        return self.paged(query, origin, "/api/%s/%s/tree/%s%s" % (
            match.group(1), row["id"], revision, "/" + match.group(4) if folder else ""),
            items, self.api.limit(query, most, most))

    def paths_info(self, target, body, authorized):
        """POST …/paths-info/{revision}: the items of some paths; unknown ones are left out."""
        match = re.match("^/api/" + REPO + r"/paths-info/([^/]+)$", target)
        if not match:
            raise Refusal(404, "Sorry, we can't find the page you are looking for.")
        row, moved = self.repo(match, [], authorized, "/paths-info/" + match.group(3))
        if moved:
            return moved
        self.api.check_revision(row, unquote(match.group(3)))
        found = {item["path"]: item for item in self.related.files(row)}
        items = [found[path] for path in body.get("paths", ()) if path in found]
        if not body.get("expand"):
            items = [{k: v for k, v in i.items() if k not in ("lastCommit", "securityFileStatus")} for i in items]
        return 200, {}, dumps(items).encode()

    def refs(self, match, query, origin, authorized):
        row, moved = self.repo(match, query, authorized, "/refs")
        if moved:
            return moved
        return 200, {}, dumps(self.related.refs(
            row, self.api.one_value(query, "include_prs") in ("1", "true"))).encode()

    def commits(self, match, query, origin, authorized):
        row, moved = self.repo(match, query, authorized, "/commits/" + match.group(3))
        if moved:
            return moved
        self.api.check_revision(row, unquote(match.group(3)))
        items = self.related.commits(row)
        if "formatted" in self.api.values(query, "expand"):
            items = [dict(i, formatted={"title": "<p>%s</p>" % i["title"]}) for i in items]
        limit = self.api.limit(query, COMMITS_PAGE, 1000)
        number = self.page_number(query)
        headers = {}
        if (number + 1) * limit < len(items):
            headers["Link"] = self.link(query, origin, "/api/%s/%s/commits/%s" % (
                match.group(1), row["id"], match.group(3)), "p", number + 1)
        headers["X-Total-Count"] = str(len(items))
        return 200, headers, dumps(items[number * limit:(number + 1) * limit]).encode()

    def discussions(self, match, query, origin, authorized):
        row, moved = self.repo(match, query, authorized, "/discussions")
        if moved:
            return moved
        items = self.related.discussions(row, match.group(1)[:-1])
        kind = self.api.one_value(query, "type") or "all"
        status = self.api.one_value(query, "status") or "all"
        author = self.api.one_value(query, "author")
        if kind not in ("all", "discussion", "pull_request"):
            raise Refusal(400, "✖ Invalid type parameter: %s" % kind)
        if status not in ("all", "open", "closed"):
            raise Refusal(400, "✖ Invalid status parameter: %s" % status)
        if kind != "all":
            items = [d for d in items if d["isPullRequest"] == (kind == "pull_request")]
        if status != "all":
            open_ones = ("open", "draft")
            items = [d for d in items if (d["status"] in open_ones) == (status == "open")]
        if author:
            items = [d for d in items if d.get("author", {}).get("name") == author]
        start = self.page_number(query) * DISCUSSIONS_PAGE
        return 200, {}, dumps({"discussions": items[start:start + DISCUSSIONS_PAGE],
                               "count": len(items), "start": start}).encode()

    def likers(self, match, query, origin, authorized):
        row, moved = self.repo(match, query, authorized, "/likers")
        if moved:
            return moved
        return self.paged(query, origin, "/api/%s/%s/likers" % (match.group(1), row["id"]),
                          self.related.likers(row), self.api.limit(query, PEOPLE_PAGE, PEOPLE_PAGE))

    # ---------- papers

    def entries(self):
        if "papers" not in self.kept:
            self.kept["papers"] = self.make_papers()
        return self.kept["papers"]

    def day(self, text):
        try:
            day = datetime.date.fromisoformat(text)
        except ValueError:
            raise Refusal(400, "✖ Invalid date parameter: %s" % text)
        if self.weekend == "refuse" and day.weekday() > 4:
            raise Refusal(400, "✖ Invalid date parameter: no list on %s" % text)
        return day

    def span(self, query):
        """First and last day asked for, or None."""
        one = self.api.one_value
        if one(query, "date"):
            return (self.day(one(query, "date")),) * 2
        try:
            if one(query, "week"):
                year, week = one(query, "week").split("-W")
                first = datetime.date.fromisocalendar(int(year), int(week), 1)
                return first, first + datetime.timedelta(6)
            if one(query, "month"):
                year, month = map(int, one(query, "month").split("-"))
                return datetime.date(year, month, 1), \
                    datetime.date(year + month // 12, month % 12 + 1, 1) - datetime.timedelta(1)
        except ValueError:
            raise Refusal(400, "✖ Invalid date parameter")
        return None

    def daily_papers(self, match, query, origin, authorized):
        items, span = self.entries(), self.span(query)
        sort = self.api.one_value(query, "sort") or "publishedAt"
        if sort not in ("publishedAt", "trending"):
            raise Refusal(400, "✖ Invalid sort parameter: %s" % sort)
        if span:
            first, last = (d.isoformat() for d in span)
            items = [i for i in items if first <= i["paper"]["submittedOnDailyAt"][:10] <= last]
        submitter = self.api.one_value(query, "submitter")
        if submitter:
            items = [i for i in items if i["submittedBy"]["name"] == submitter]
        if sort == "trending" or span:
            items = sorted(items, key=lambda i: -i["paper"]["upvotes"])
        else:
            items = sorted(items, key=lambda i: i["publishedAt"], reverse=True)
        limit = self.api.limit(query, 50, self.papers_max)
        number = self.page_number(query)
        headers = {}
        if (number + 1) * limit < len(items):
            headers["Link"] = self.link(query, origin, "/api/daily_papers", "p", number + 1)
        return 200, headers, dumps(items[number * limit:(number + 1) * limit]).encode()

    @staticmethod
    def flat(entry):
        paper = dict(entry["paper"])
        if "thumbnail" in entry:
            paper["thumbnailUrl"] = entry["thumbnail"]
        return paper

    def papers(self, match, query, origin, authorized):
        items = sorted(map(self.flat, self.entries()), key=lambda p: p["publishedAt"], reverse=True)
        return self.paged(query, origin, "/api/papers", items, self.api.limit(query, 50, PAPERS_MAX))

    def paper(self, match, query, origin, authorized):
        for entry in self.entries():
            if entry["paper"]["id"] == unquote(match.group(1)):
                break
        else:
            raise Refusal(404, "Paper not found")
        return 200, {}, dumps(self.whole_paper(entry)).encode()

    def whole_paper(self, entry):
        found = self.flat(entry)
        for name in ("models", "datasets", "spaces"):
            kind = self.api.kinds[name]
            rows = [kind.rows[i] for i in kind.tags.get("arxiv:" + found["id"], ())]
            found["linked" + name.title()] = [{k: r[k] for k in ("_id", "id", "likes")} for r in rows[:10]]
            found["numTotal" + name.title()] = len(rows)
        return found

    # ---------- collections

    def all_collections(self):
        if "collections" not in self.kept:
            self.kept["collections"] = [self.make_collection(i) for i in range(130)]
        return self.kept["collections"]

    def make_collection(self, i):
        rng = related.dice("collection", str(self.seed), str(i))
        owner = rng.choice(self.owners)
        items = []
        for kind in rng.choices(("models", "datasets", "spaces", "papers"), k=rng.randrange(0, 13)):
            item = {"_id": "%024x" % rng.getrandbits(96), "position": len(items)}
            if kind == "papers":
                entry = rng.choice(self.entries())
                item.update(type="paper", id=entry["paper"]["id"], title=entry["title"],
                            upvotes=entry["paper"]["upvotes"], publishedAt=entry["paper"]["publishedAt"],
                            thumbnailUrl=entry.get("thumbnail"))
            else:
                row = rng.choice(self.api.kinds[kind].rows)
                item.update({k: row[k] for k in ("id", "author", "likes", "downloads", "lastModified",
                                                 "gated", "private") if k in row},
                            type=kind[:-1], repoType=kind[:-1])
            if rng.random() < 0.3:
                item["note"] = {"text": "worth *reading*", "html": "worth <em>reading</em>"}
            items.append(item)
        title = "%s %s %d" % (rng.choice(simulate.FAMILIES), rng.choice(("picks", "baselines")), i)
        shown = dict(simulate.account(owner), type="user" if owner.startswith("user-") else "org")
        found = {"slug": "%s/%s-%024x" % (owner, title.replace(" ", "-"), rng.getrandbits(96)),
                 "title": title, "owner": shown, "items": items, "gating": False,
                 "lastUpdated": simulate.stamp(simulate.END_TIME - rng.randrange(10 ** 8)),
                 "theme": rng.choice(("orange", "blue", "green")), "private": False,
                 "upvotes": int(rng.paretovariate(0.8)) - 1, "isUpvotedByUser": False}
        if rng.random() < 0.5:
            found["description"] = "What we use for %s." % title
        return found

    def collections(self, match, query, origin, authorized):
        items, one = self.all_collections(), self.api.one_value
        sort = one(query, "sort") or "lastModified"
        if sort not in ("lastModified", "trending", "upvotes"):
            raise Refusal(400, "✖ Invalid sort parameter: %s" % sort)
        if one(query, "owner"):
            items = [c for c in items if c["owner"]["name"] == one(query, "owner")]
        for wanted in self.api.values(query, "item"):
            kind, _, name = wanted.partition("/")
            items = [c for c in items if any(i["id"] == name and i["type"] == kind.rstrip("s")
                                             for i in c["items"])]
        if one(query, "q"):
            items = [c for c in items if one(query, "q").lower() in c["title"].lower()]
        key = "lastUpdated" if sort == "lastModified" else "upvotes"
        items = sorted(items, key=lambda c: c[key], reverse=True)
        items = [dict(c, items=c["items"][:4]) for c in items]
        return self.paged(query, origin, "/api/collections", items,
                          self.api.limit(query, COLLECTIONS_MAX, COLLECTIONS_MAX))

    def collection(self, match, query, origin, authorized):
        for found in self.all_collections():
            if found["slug"] == unquote(match.group(1)):
                return 200, {}, dumps(found).encode()
        raise Refusal(404, "Collection not found")

    # ---------- accounts

    def counts(self, name):
        found = {}
        for kind in ("models", "datasets", "spaces", "kernels"):
            found["num" + kind.title()] = len(self.api.kinds[kind].authors.get(name, ()))
        return found

    def whole_user(self, name):
        followers = len(self.related.followers(name))
        rng = related.dice("user", str(self.seed), name)
        return dict(related.person(name), createdAt=simulate.stamp(simulate.FLOOR_TIME - rng.randrange(10 ** 8)),
                    details="Interested in %s." % rng.choice(simulate.TASKS)[0],
                    orgs=self.related.organizations_of(name), **self.counts(name), numBuckets=0,
                    numDiscussions=rng.randrange(50), numPapers=rng.randrange(3),
                    numUpvotes=rng.randrange(100), numLikes=rng.randrange(400), numFollowers=followers,
                    numFollowing=rng.randrange(60), numFollowingOrgs=rng.randrange(9), isFollowing=False)

    def user(self, match, query, origin, authorized):
        name = unquote(match.group(1))
        if not self.related.is_user(name):
            raise Refusal(404, "User not found")
        return 200, {}, dumps(self.whole_user(name)).encode()

    def whole_organization(self, name):
        rng = related.dice("organization", str(self.seed), name)
        found = dict(name=name, fullname=name.title(), avatarUrl="/avatars/%s.png" % name,
                     isVerified=rng.random() < 0.3, isFollowing=False,
                     numUsers=len(self.related.members(name)), **self.counts(name),
                     numFollowers=len(self.related.followers(name)), numPapers=rng.randrange(40))
        plan = rng.choice(("team", "enterprise", None, None))
        if plan:
            found["plan"] = plan
        if rng.random() < 0.5:
            found["details"] = "We build %s models." % name
        return found

    def find_organization(self, name):
        if not self.related.is_organization(name):
            raise Refusal(404, "Organization not found")
        return name

    def organization(self, match, query, origin, authorized):
        name = self.find_organization(unquote(match.group(1)))
        return 200, {}, dumps(self.whole_organization(name)).encode()

    def members(self, match, query, origin, authorized):
        name = self.find_organization(unquote(match.group(1)))
        return self.paged(query, origin, "/api/organizations/%s/members" % match.group(1),
                          self.related.members(name), self.api.limit(query, PEOPLE_PAGE, PEOPLE_PAGE))

    def followers(self, match, query, origin, authorized):
        name = unquote(match.group(2))
        if match.group(1) == "organizations":
            self.find_organization(name)
        elif not self.related.is_user(name):
            raise Refusal(404, "User not found")
        items = self.related.followers(name)
        if "followedAt" not in self.api.values(query, "expand"):
            items = [{k: v for k, v in i.items() if k != "followedAt"} for i in items]
        return self.paged(query, origin, "/api/%s/%s/followers" % (match.group(1), match.group(2)),
                          items, self.api.limit(query, PEOPLE_PAGE, PEOPLE_PAGE))

    # ---------- discovery

    def whole_trending(self, kind="all"):
        if self.recorded_trending is not None:
            return [t for t in self.recorded_trending if kind in ("all", t["repoType"])]
        rows = []
        for name in ("models", "datasets", "spaces"):
            if kind in ("all", name[:-1]):
                repos = self.api.kinds[name]
                rows += [(name[:-1], repos.rows[i]) for i in repos.order("trendingScore")[:TRENDING_MAX]]
        rows.sort(key=lambda r: -r[1].get("trendingScore", 0))
        return [{"repoData": self.trending_row(*r), "repoType": r[0]} for r in rows[:TRENDING_MAX]]

    @staticmethod
    def trending_row(kind, row):
        found = {k: row[k] for k in ("author", "downloads", "gated", "id", "lastModified", "likes",
                                     "pipeline_tag", "private") if k in row}
        found.setdefault("gated", False)
        found.update(authorData=simulate.account(row["id"].split("/")[0]), isLikedByUser=False, repoType=kind)
        if kind == "model":
            found["availableInferenceProviders"] = [
                dict(v, provider=k) for k, v in row.get("inferenceProviderMapping", {}).items()]
            found["widgetOutputUrls"] = []
            total = (row.get("safetensors") or row.get("gguf") or {}).get("total")
            if total:
                found["numParameters"] = total
        return found

    def trending(self, match, query, origin, authorized):
        kind = self.api.one_value(query, "type") or "all"
        if kind not in ("all", "model", "dataset", "space"):
            raise Refusal(400, "✖ Invalid type parameter: %s" % kind)
        limit = int(self.api.one_value(query, "limit") or 10)
        if limit > TRENDING_MAX or limit < 1:
            raise Refusal(400, "✖ Too big: expected number to be <=%d" % TRENDING_MAX)
        return 200, {}, dumps({"recentlyTrending": self.whole_trending(kind)[:limit]}).encode()

    def whole_tags(self, kind):
        found = {}
        plain = {code: "language" for code in simulate.LANGUAGES}
        plain.update({t: "pipeline_tag" for t, _ in simulate.TASKS if t})
        plain.update({t: "library" for t, _ in simulate.LIBRARIES if t})
        for tag in sorted(self.api.kinds[kind].tags):
            prefix, colon, rest = tag.partition(":")
            group = prefix if colon and prefix not in ("arxiv", "base_model") else plain.get(tag, "other")
            item = {"id": tag, "label": rest or tag, "type": group}
            if group in ("pipeline_tag", "task_categories"):
                item["subType"] = "nlp" if "text" in tag else "other"
            if group == "region":
                item["clickable"] = False
            found.setdefault(group, []).append(item)
        return found

    def tags(self, match, query, origin, authorized):
        return 200, {}, dumps(self.whole_tags(match.group(1))).encode()

    # ---------- for tests: what stands behind the pages, whole

    def rows(self, kind, given):
        """Entries of table KIND with the inputs GIVEN, as the API would show them."""
        repos = self.api.kinds[given.get("repo_type", "model") + "s"] if "repo_id" in given else None
        row = repos.rows[repos.by_id[given["repo_id"]]] if repos else None
        name = given.get("name")
        if kind == "repo_refs":
            return [dict(r, kind=group) for group, refs in self.related.refs(row, True).items() for r in refs]
        if kind == "tags":
            return [t for tags in self.whole_tags(given.get("repo_type", "model") + "s").values() for t in tags]
        return {
            "repo_files": lambda: self.related.files(row, given.get("folder", "")),
            "repo_commits": lambda: self.related.commits(row),
            "discussions": lambda: self.related.discussions(row, given.get("repo_type", "model")),
            "likers": lambda: self.related.likers(row),
            "daily_papers": self.entries,
            "papers": lambda: [self.whole_paper(e) for e in self.entries()],
            "collections": lambda: [dict(c, items=c["items"][:4]) for c in self.all_collections()],
            "collection_items": lambda: [c for c in self.all_collections()
                                         if c["slug"] == given["slug"]][0]["items"],
            "trending": lambda: self.whole_trending(given.get("list_type", "all")),
            "users": lambda: [self.whole_user(name)],
            "organizations": lambda: [self.whole_organization(name)],
            "organization_members": lambda: self.related.members(name),
            "followers": lambda: self.related.followers(name),
            "account_names": lambda: [{"name": n, "type": "user"} for n in self.related.users] +
                                     [{"name": n, "type": "organization"} for n in self.owners
                                      if not n.startswith("user-")],
        }[kind]()
