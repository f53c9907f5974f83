"""An oracle for `bomwarden scan`: reads the zips of OSV records in a folder, evaluates
packages at versions with the pseudocode of the schema's section "Evaluation", one record
after the other, and compares with what the program answers. It shares nothing with the
program: versions are ordered by orders.py, which was written from what the ecosystems
publish. Versions are chosen at the boundaries of ranges, next to them, and far from them.

    python3 tests/oracle/oracle.py BOMWARDEN DATABASE FOLDER [PAIRS] [SEED]
"""

import collections
import json
import random
import re
import subprocess
import sys
import urllib.parse
import zipfile
from pathlib import Path

from orders import ORDERS

PURLS = {"crates.io": "cargo", "npm": "npm", "PyPI": "pypi", "Go": "golang", "RubyGems": "gem", "Packagist": "composer",
         "NuGet": "nuget", "Maven": "maven", "Hex": "hex", "Pub": "pub", "Hackage": "hackage", "CRAN": "cran",
         "SwiftURL": "swift", "opam": "opam", "Homebrew": "brew"}
NEAR, FAR, AT = "next to a boundary", "elsewhere", "at a boundary"


def canonical(ecosystem, name):
    """Names that an ecosystem takes for one."""
    if ecosystem == "PyPI":
        return re.sub(r"[-_.]+", "-", name).lower()
    # A purl of a Go module is in lower case whatever the module's path is (purl-spec, "golang").
    return name.lower() if ecosystem in ("NuGet", "Packagist", "Hex", "Pub", "Go") else name


def purl(ecosystem, name, version):
    parts = name.split(":") if ecosystem == "Maven" else name.split("/")
    quote = lambda text: urllib.parse.quote(text, safe="")
    return f"pkg:{PURLS[ecosystem]}/{'/'.join(map(quote, parts))}@{quote(version)}"


# The schema's pseudocode, with the order as an argument.

def is_vulnerable(version, affected, order):
    return included_in_versions(version, affected.get("versions") or [], order) or \
        any(included_in_range(version, one, order) for one in affected.get("ranges") or [])


def included_in_versions(version, versions, order):
    key = order(version)
    return any(one == version or (order(one) is not None and order(one) == key) for one in versions)


def included_in_range(version, one, order):
    if one["type"] == "GIT":
        return False
    kinds = [next(iter(event.items())) for event in one["events"]]
    key = order(version)
    limits = [text for kind, text in kinds if kind == "limit"]
    if limits and not any(text == "*" or key < order(text) for text in limits):
        return False
    vulnerable = False
    # "0" sorts before every version.
    start = lambda event: (0,) if event[1] == "0" else (1, order(event[1]))
    for kind, text in sorted(kinds, key=start):
        if kind == "introduced" and (text == "0" or key >= order(text)):
            vulnerable = True
        elif kind == "fixed" and key >= order(text):
            vulnerable = False
        elif kind == "last_affected" and key > order(text):
            vulnerable = False
    return vulnerable


def is_malicious(record):
    return any(name.startswith("MAL-") for name in [record["id"], *(record.get("aliases") or [])]) or \
        "malicious-packages-origins" in (record.get("database_specific") or {})


def is_bare(one):
    return one["events"] == [{"introduced": "0"}]


def settled(record, entries):
    """Where a malicious record lists versions, "every version" is not believed: the one
    place where the program says less than the schema, on purpose."""
    if not is_malicious(record) or not any(entry.get("versions") for entry in entries):
        return entries
    return [{**entry, "ranges": [one for one in entry.get("ranges") or [] if not is_bare(one)]} for entry in entries]


def load(folder):
    """By (ecosystem, name): the records that name it, each with what it says of it."""
    packages, records = collections.defaultdict(list), {}
    for archive in sorted(Path(folder).glob("*.zip")):
        with zipfile.ZipFile(archive) as entries:
            for entry in entries.namelist():
                record = json.loads(entries.read(entry))
                known = records.get(record["id"])
                if not known or known["modified"] < record["modified"]:
                    records[record["id"]] = record
    for record in records.values():
        said = collections.defaultdict(list)
        for affected in record.get("affected") or []:
            ecosystem, _, place = affected.get("package", {}).get("ecosystem", "").partition(":")
            if ecosystem in ORDERS and not record.get("withdrawn"):
                said[ecosystem, canonical(ecosystem, affected["package"]["name"])].append((affected, place))
        for package, entries in said.items():
            packages[package].append((record, settled(record, [entry for entry, _ in entries]), entries))
    return packages, records


def boundaries(said):
    for _, entries, _ in said:
        for entry in entries:
            yield from (version for version in entry.get("versions") or [])
            for one in entry.get("ranges") or []:
                if one["type"] != "GIT":
                    yield from (text for event in one["events"] for text in event.values() if text not in ("0", "*"))


def neighbours(version, ecosystem):
    """Versions just beside one: a number one up and down, mostly the last, a pre-release, a longer one."""
    numbers = list(re.finditer(r"\d+", version))
    for found in numbers[-1:] * 3 + numbers:
        for other in (int(found.group()) - 1, int(found.group()) + 1):
            if other >= 0:
                yield f"{version[:found.start()]}{other}{version[found.end():]}"
    pre = {"PyPI": ["rc1", ".dev1", ".post1"], "Maven": ["-rc1", "-SNAPSHOT"], "RubyGems": [".pre", ".1"], "opam": ["~rc1", ".1"],
           "Packagist": ["-RC1", "-beta2"], "Hackage": [".0", ".1"], "CRAN": [".1", "-1"], "Homebrew": ["_1", ".1"],
           "Pub": ["-0", "+1"]}.get(ecosystem, ["-0", "-rc.1"])
    yield from (version + tail for tail in pre)


def far(ecosystem, pick):
    numbers = ".".join(str(pick.randint(0, 30)) for _ in range(3))
    return f"v{numbers}" if ecosystem == "Go" and pick.random() < 0.5 else numbers


def choose(packages, wanted, pick):
    """(ecosystem, name, version, where), at least 1,000 of each ecosystem where it can give them."""
    by_ecosystem = collections.defaultdict(list)
    for package, said in packages.items():
        by_ecosystem[package[0]].append((package, said))
    share = max(wanted // len(by_ecosystem), 1_000)
    for ecosystem, members in sorted(by_ecosystem.items()):
        order, pairs = ORDERS[ecosystem], {}
        pick.shuffle(members)
        most = 3 * share if len(members) > 5_000 else share
        for _ in range(60 if len(members) > 100 else 3_000):
            if len(pairs) >= most:
                break
            for (_, name), said in members:
                edges = list(boundaries(said)) or ["1.0.0"]
                for edge in pick.sample(edges, min(2, len(edges))):
                    chosen = [(edge, AT), (pick.choice(list(neighbours(edge, ecosystem))), NEAR)]
                    if pick.random() < 0.5:
                        chosen.append((far(ecosystem, pick), FAR))
                    for version, where in chosen:
                        if order(version) is not None:
                            pairs.setdefault((ecosystem, name, version), where)
                if len(pairs) >= most:
                    break
        yield from ((*pair, where) for pair, where in pairs.items())


def expected(said, version, ecosystem):
    """The ids of the records that affect it, the same by the schema alone, and those that
    only speak of commits; None where one has a boundary that is no version to its ecosystem."""
    order = ORDERS[ecosystem]
    ids, plain, commits = set(), set(), set()
    for record, entries, whole in said:
        for entry in (entry for entry, _ in whole):
            edges = [text for one in entry.get("ranges") or [] if one["type"] != "GIT" for event in one["events"]
                     for text in event.values() if text not in ("0", "*")]
            if any(order(text) is None for text in edges):
                return None
        if any(is_vulnerable(version, entry, order) for entry in entries):
            ids.add(record["id"])
        if any(is_vulnerable(version, entry, order) for entry, _ in whole):
            plain.add(record["id"])
        # "GIT range inclusion queries cannot be answered without access to a copy of the
        # underlying Git repository."
        kinds = {one["type"] for entry, _ in whole for one in entry.get("ranges") or []}
        if kinds == {"GIT"} and not any(entry.get("versions") for entry, _ in whole):
            commits.add(record["id"])
    return ids, plain, commits


def main(program, database, folder, wanted="120000", seed="1"):
    packages, records = load(folder)
    asked, skipped = [], 0
    for ecosystem, name, version, where in choose(packages, int(wanted), random.Random(seed)):
        answer = expected(packages[ecosystem, name], version, ecosystem)
        if answer is None:
            skipped += 1
            continue
        asked.append((ecosystem, name, version, where, *answer))
    lines = "".join(purl(*pair[:3]) + "\n" for pair in asked)
    told = subprocess.run([program, "scan", "--db", database, "--purls", "-", "--json"], input=lines, text=True, capture_output=True)
    answers = [json.loads(line) for line in told.stdout.splitlines()]
    assert len(answers) == len(asked), f"{len(asked)} lines asked, {len(answers)} answered; {told.stderr}"
    count, wrong, trap = collections.Counter(), [], 0
    for pair, answer in zip(asked, answers):
        ecosystem, _, _, where, ids, plain, commits = pair
        count[ecosystem] += 1
        count[where] += 1
        count["positive"] += bool(ids)
        trap += ids != plain
        matches = answer.get("matches")
        matches = matches if isinstance(matches, list) else []
        names = {name for match in matches for name in (match["id"], *match["aliases"])}
        first = {match["id"] for match in matches}
        doubts = {doubt["id"] for doubt in answer.get("cannot_tell") or []}
        if answer.get("error") or not ids <= names or not first <= ids or doubts != commits - names:
            wrong.append((pair, answer))
    total = len(asked)
    print(f"{len(records)} records, {len(packages)} packages, {total} pairs; {skipped} with a boundary that is no version were left out")
    for word in (AT, NEAR, FAR, "positive"):
        print(f"  {word:<20} {count[word]:>7}  {100 * count[word] / total:.1f} %")
    print("  " + ", ".join(f"{ecosystem} {count[ecosystem]}" for ecosystem in sorted(ORDERS) if count[ecosystem]))
    print(f"  {trap} where a malicious record's list of versions overrides its \"every version\"")
    print(f"{len(wrong)} disagreements")
    for (ecosystem, name, version, where, ids, *_), answer in wrong[:200]:
        print(json.dumps({"ecosystem": ecosystem, "name": name, "version": version, "where": where, "expected": sorted(ids), "answer": answer}))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
