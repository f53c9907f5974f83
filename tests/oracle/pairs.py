"""Choose (package, version) pairs from the records' own data, reproducibly.

Half and more of the pairs are on or next to an event of a range: the event's version, the
nearest listed versions on either side, and made-up neighbours. The rest are listed versions,
their neighbours and versions far away. `introduced: "0"` is probed with the ecosystem's
lowest versions, which are counted apart ("zero").
"""

import functools
import random
import re
import urllib.parse

import orders
import schema

PURL_TYPES = {"npm": "npm", "PyPI": "pypi", "Go": "golang", "crates.io": "cargo",
              "Maven": "maven", "RubyGems": "gem", "NuGet": "nuget", "Packagist": "composer",
              "opam": "opam", "Hackage": "hackage", "CRAN": "cran", "Homebrew": "brew",
              "SwiftURL": "swift", "Hex": "hex", "Pub": "pub"}

# Pairs per ecosystem, as shares of the whole; every ecosystem gets 1,200 where it has them.
SHARES = {"PyPI": 30, "Go": 26, "npm": 14, "crates.io": 14, "Maven": 14, "RubyGems": 4,
          "NuGet": 4, "Packagist": 10}
LEAST = 1200

SEMVER_ENDS = ["-0", "-alpha", "-rc.1", "-rc.2.0", "+build.1", "-0+b", "-A", "-dev"]
ENDS = {
    "PyPI": [".0", ".0.0", ".1", ".dev0", "a1", "rc1", "RC1", ".post1", "-1", "+local.1",
             "b2.dev3", ".post0.dev1", "-alpha.1"],
    "RubyGems": [".0", ".1", ".a", ".pre", ".rc1", ".pre.1", "-1", ".0.a"],
    "Maven": [".0", ".1", "-SNAPSHOT", "-alpha-1", "-alpha1", "-rc1", ".Final", "-ga", "-sp1",
              "-1", ".RC1", "-beta", "-jre", ".v2020", "-M1"],
    "NuGet": [".0", ".1", "-alpha", "-ALPHA", "-beta.10", "-0", "+sha.1", ".0.0"],
    "Packagist": [".0", ".1", "-dev", "-alpha1", "-beta", "beta2", "-RC1", "-patch1", "-p1",
                  "+build"],
    "opam": [".0", ".1", "~beta", "~", "+1", "-1", "+ox", "a"],
    "Hackage": [".0", ".1", ".0.0"],
    "CRAN": [".0", ".1", "-0", "-1"],
    "Homebrew": [".0", ".1", "_1", "_2", "-rc1", "alpha", "b1", "a"],
    "Pub": ["+1", "+2", "-dev", "-dev.1", "-0", "+1.a"],
}
LOWEST = {
    "PyPI": ["0", "0.0.0", "0.dev0", "0a0", "0a0.dev0"],
    "RubyGems": ["0", "0.0.0", "0.a", "0.0.0.a"], "Maven": ["0", "0.0.1", "0-alpha", "0-a"],
    "NuGet": ["0.0.0", "0.0.0-0", "0.0.0.0"], "Packagist": ["0.0.0", "0.0.0-dev", "v0"],
    "opam": ["0", "0~", "0~~"], "Hackage": ["0", "0.0"], "CRAN": ["0.0", "0.0.0"],
    "Homebrew": ["0", "0.0", "0alpha"],
}
# Versions without a place in most orders: only a list or "every possible version" has them.
ODD = ["latest", "dev-main", "x.y.z"]
SEMVER_LOWEST = ["0.0.0", "0.0.0-0", "0.0.0-0.0", "0.0.0-alpha"]
FAR = ["0.0.1", "0.1.0", "1.0.0", "2.0.0", "1.2.3", "10.0.0", "99.99.99", "20300101.0.0"]


def neighbours(ecosystem, version):
    """Made-up versions close to one: appended ends, cut ends, each number one up and down."""
    made = numbers_beside(version)
    made += [v + ("-0" if ecosystem not in ENDS else ".0") for v in made[-2:]]
    made += [version + end for end in ENDS.get(ecosystem, SEMVER_ENDS)]
    made.append(re.split(r"[-+~_]", version)[0])
    made.append(version.rpartition(".")[0])
    made.append(version.split("+")[0])
    if ecosystem in ("PyPI", "Packagist"):
        made.append("v" + version)
    if ecosystem == "Go":
        made.append(version + "+incompatible")
    return [v for v in dict.fromkeys(made)
            if v and v != version and orders.has_place(ecosystem, v)]


def numbers_beside(version):
    made = []
    for found in re.finditer(r"\d+", version):
        for step in (1, -1):
            number = str(max(0, int(found[0]) + step)).zfill(len(found[0]))
            made.append(version[:found.start()] + number + version[found.end():])
    return made


def nearest(ecosystem, version, pool):
    """The versions of the pool just before and just after this one."""
    before = after = None
    for other in pool:
        order = orders.compare(ecosystem, other, version)
        if order < 0 and (before is None or orders.compare(ecosystem, other, before) > 0):
            before = other
        if order > 0 and (after is None or orders.compare(ecosystem, other, after) < 0):
            after = other
    return [v for v in (before, after) if v is not None]


def entries(key, records):
    for record in records:
        for affected in record.get("affected", ()):
            if affected.get("package") and schema.package_key(affected["package"]) == key:
                yield affected


def events_of(key, records):
    """The versions of all events of the package's version ranges."""
    return sorted({value for affected in entries(key, records)
                   for range_ in affected.get("ranges") or () if range_["type"] != "GIT"
                   for event in range_["events"] for value in event.values()})


def listed_of(key, records):
    return sorted({v for affected in entries(key, records) for v in affected.get("versions") or ()})


def spelled(rng, key, names):
    """The package's name as a record spells it, or now and then as a purl may also spell it."""
    name = rng.choice(names)
    family = schema.base_ecosystem(key[0])
    if rng.random() < 0.15:
        if family == "PyPI":
            name = rng.choice([name.replace("-", "_"), name.replace("-", "."), name.title()])
        elif family in ("NuGet", "Packagist"):
            name = rng.choice([name.upper(), name.lower()])
        elif family == "Go":
            name = name.lower()
    return name


def purl(rng, ecosystem, name, version):
    """The purl, in one of the spellings in use.

    A record's `:<REMOTE-REPO-URL>` suffix names "the source of truth for this package", it
    does not make another package of it: purls with and without `repository_url` mean it.
    """
    family = schema.base_ecosystem(ecosystem)
    if family == "Maven":
        name = name.replace(":", "/")
    if family == "Go":
        version = ("v" if rng.random() < 0.85 else "") + version.removeprefix("v")
    path = "/".join(urllib.parse.quote(part, safe="-._~") for part in name.split("/"))
    safe = "-._~:+" if rng.random() < 0.3 else "-._~:"
    text = f"pkg:{PURL_TYPES[family]}/{path}@{urllib.parse.quote(version, safe=safe)}"
    if ecosystem != family and rng.random() < 0.5:
        repository = ecosystem.split(":", 1)[1]
        text += "?repository_url=" + urllib.parse.quote(repository, safe="-._~:")
    return text


class Chooser:
    """The pairs of one ecosystem (with its optional repository suffix)."""

    def __init__(self, ecosystem, packages, seed):
        self.ecosystem = ecosystem
        self.family = schema.base_ecosystem(ecosystem)
        self.packages = packages
        self.rng = random.Random(f"{seed} {ecosystem}")
        self.keys = sorted(packages)
        self.bounds = [(key, event) for key in self.keys
                       for event in events_of(key, packages[key]) if event != "0"
                       and orders.has_place(self.family, event)]
        self.zeros = [key for key in self.keys if "0" in events_of(key, packages[key])]
        self.chosen = {}

    @functools.lru_cache(maxsize=None)
    def names(self, key):
        return sorted({a["package"]["name"] for a in entries(key, self.packages[key])})

    @functools.lru_cache(maxsize=None)
    def pool(self, key):
        versions = listed_of(key, self.packages[key]) + events_of(key, self.packages[key])
        return tuple(v for v in dict.fromkeys(versions) if orders.has_place(self.family, v))

    @functools.lru_cache(maxsize=None)
    def around(self, key, event):
        near = nearest(self.family, event, self.pool(key))
        return [event] * 4 + near * 2 + neighbours(self.family, event)

    def choose(self, count):
        """Up to `count` pairs as {purl: (key, version, kind)}."""
        self.draw(self.draw_boundary, "boundary", int(count * 0.62))
        if len(self.bounds) < LEAST:
            self.draw(self.draw_second, "boundary", int(count * 0.62))
        self.draw(self.draw_zero, "zero", len(self.chosen) + int(count * 0.06))
        self.draw(self.draw_any, "other", count)
        self.draw(self.draw_walk, "other", min(count, LEAST))
        return self.chosen

    def draw(self, how, kind, until):
        misses = 0
        while len(self.chosen) < until and misses < 3000:
            drawn = how()
            if drawn is None:
                return
            key, version = drawn
            name = spelled(self.rng, key, self.names(key))
            text = purl(self.rng, self.ecosystem, name, version)
            misses = misses + 1 if text in self.chosen else 0
            self.chosen.setdefault(text, (key, version, kind))

    def draw_boundary(self):
        if not self.bounds:
            return None
        key, event = self.rng.choice(self.bounds)
        return key, self.rng.choice(self.around(key, event))

    def draw_second(self):
        """One or two numbers further off, where an ecosystem has few events."""
        drawn = self.draw_boundary()
        if drawn is None:
            return None
        key, version = drawn
        for _ in range(self.rng.choice((1, 2))):
            version = self.rng.choice(numbers_beside(version) or [version])
        if not re.search(r"[^0-9.]", version):
            version = self.rng.choice(neighbours(self.family, version) or [version])
        return (key, version) if orders.has_place(self.family, version) else drawn

    def draw_zero(self):
        if not self.zeros:
            return None
        return self.rng.choice(self.zeros), self.rng.choice(LOWEST.get(self.family, SEMVER_LOWEST))

    def draw_walk(self):
        """Many numbers further off, where an ecosystem has few versions."""
        drawn = self.draw_boundary()
        if drawn is None:
            return None
        key, version = drawn
        for _ in range(self.rng.randrange(3, 30)):
            version = self.rng.choice(numbers_beside(version) or [version])
        return (key, version) if orders.has_place(self.family, version) else drawn

    def draw_any(self):
        key = self.rng.choice(self.keys)
        if self.bounds and self.rng.random() < 0.3:
            key = self.rng.choice(self.bounds)[0]
        listed = listed_of(key, self.packages[key])
        dice = self.rng.random()
        if listed and dice < 0.5:
            return key, self.rng.choice(listed)
        if self.pool(key) and dice < 0.8:
            version = self.rng.choice(self.pool(key))
            for _ in range(self.rng.randrange(4)):
                version = self.rng.choice(numbers_beside(version) or [version])
            made = neighbours(self.family, version)
            return key, self.rng.choice(made or [self.rng.choice(self.pool(key))])
        if dice > 0.97:
            return key, self.rng.choice(ODD)
        far = [v for v in FAR if orders.has_place(self.family, v)]
        return key, self.rng.choice(far)
