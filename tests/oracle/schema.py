"""Whether an OSV record affects a version, to the letter of the schema's "Evaluation".

Nothing here is indexed, merged or hurried: the functions carry the names of the schema's
pseudocode. Where the schema leaves the answer open (a version or an event without a place
in its ecosystem's order) the answer is `None`, and either answer is taken as right.
"""

import json
import pathlib
import re
import zipfile

import orders

# Package names that are the same package: by the schema's definition of the ecosystem
# (PyPI), else by the purl type's definition, which lowercases these names.
CASELESS = {"NuGet", "Packagist", "Hex", "Pub", "Go", "Homebrew"}


def read_records(folder):
    """Every record of the zips; of two with one id "the later modification time" counts."""
    records = {}
    for path in sorted(pathlib.Path(folder).glob("*.zip")):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                record = json.loads(archive.read(name))
                known = records.get(record["id"])
                if known is None or known["modified"] < record["modified"]:
                    records[record["id"]] = record
    return records


def same_name(ecosystem, name):
    """The spelling of a package's name under which all its spellings meet."""
    family = base_ecosystem(ecosystem)
    if family == "PyPI":
        return re.sub(r"[-_.]+", "-", name).lower()
    return name.lower() if family in CASELESS else name


def base_ecosystem(ecosystem):
    """The ecosystem without the optional `:<REMOTE-REPO-URL>` suffix."""
    return ecosystem.split(":")[0]


def package_key(package):
    return package["ecosystem"], same_name(package["ecosystem"], package["name"])


def records_by_package(records):
    """For each package the records with an `affected` entry of it, whether withdrawn or not."""
    found = {}
    for record in records.values():
        for key in {package_key(a["package"]) for a in record.get("affected", ())
                    if a.get("package")}:
            found.setdefault(key, []).append(record)
    return found


def is_vulnerable(key, v, record, malicious_rule=True):
    """IsVulnerable of the pseudocode: True, False, or None where the schema leaves it open."""
    if record.get("withdrawn"):
        return False
    ecosystem = base_ecosystem(key[0])
    answer = False
    for affected in record.get("affected", ()):
        if not affected.get("package") or package_key(affected["package"]) != key:
            continue
        ranges = affected.get("ranges") or []
        versions = affected.get("versions") or []
        if malicious_rule and malicious_with_listed_versions(record, affected):
            ranges = [range_ for range_ in ranges if not is_bare(range_)]
        included = (included_in_ranges(ecosystem, v, ranges),
                    included_in_versions(ecosystem, v, versions))
        if True in included:
            return True
        if None in included:
            answer = None
    return answer


def malicious_with_listed_versions(record, affected):
    """The one stated deviation from the schema.

    A record of a malicious package that lists `versions` AND has a bare range, `introduced: 0`
    without end, is taken to affect the listed versions only: the bare range is set aside. A
    range of its own beside it (`introduced: 1.0.0`, say) keeps its meaning.
    """
    origins = record.get("database_specific", {}).get("malicious-packages-origins")
    malicious = record["id"].startswith("MAL-") or bool(origins)
    return (malicious and bool(affected.get("versions"))
            and any(is_bare(range_) for range_ in affected.get("ranges") or ()))


def is_bare(range_):
    return range_["type"] != "GIT" and range_["events"] == [{"introduced": "0"}]


def included_in_versions(ecosystem, v, versions):
    """`v == version`: the same string, or two spellings equal in the ecosystem's order.

    None when v has no place in the order: nobody can say whether it spells a listed version.
    """
    if v in versions:
        return True
    if not orders.has_place(ecosystem, v):
        return None if versions else False
    return any(orders.compare(ecosystem, v, version) == 0
               for version in versions if orders.has_place(ecosystem, version))


def included_in_ranges(ecosystem, v, ranges):
    answer = False
    for range_ in ranges:
        if range_["type"] == "GIT":
            continue  # needs "the repository's commit graph"; a purl's version is no commit
        order = ecosystem
        if range_["type"] == "SEMVER" and ecosystem != "Go":
            order = "SEMVER"
        if is_bare(range_):
            return True  # "every possible version is affected"
        try:
            if before_limits(order, v, range_) and in_timeline(order, v, range_):
                return True
        except orders.Unordered:
            answer = None
    return answer


def in_timeline(order, v, range_):
    vulnerable = False
    for event in sorted_events(order, range_["events"]):
        if "introduced" in event and at_or_after(order, v, event["introduced"]):
            vulnerable = True
        elif "fixed" in event and orders.compare(order, v, whole(order, event["fixed"])) >= 0:
            vulnerable = False
        elif ("last_affected" in event
              and orders.compare(order, v, whole(order, event["last_affected"])) > 0):
            vulnerable = False
    return vulnerable


def at_or_after(order, v, introduced):
    """"0" represents a version that sorts before any other version."""
    return introduced == "0" or orders.compare(order, v, whole(order, introduced)) >= 0


def sorted_events(order, events):
    """Insertion sort, stable: events of one version keep the order of the record."""
    done = []
    for event in events:
        if "limit" in event:
            continue
        place = len(done)
        while place and event_before(order, event, done[place - 1]):
            place -= 1
        done.insert(place, event)
    return done


def event_before(order, a, b):
    if b.get("introduced") == "0":
        return False
    if a.get("introduced") == "0":
        return True
    (left,), (right,) = a.values(), b.values()
    return orders.compare(order, whole(order, left), whole(order, right)) < 0


def before_limits(order, v, range_):
    limits = [event["limit"] for event in range_["events"] if "limit" in event]
    if not limits:
        return True  # implicit "*" entry is assumed
    return any("*" in limit or orders.compare(order, v, limit) < 0 for limit in limits)


def whole(order, event_version):
    """An event such as "0.2" in a SemVer order: the missing numbers are 0.

    Not SemVer to the letter, but event versions "may be normalized" and no other reading
    is to be had.
    """
    if orders.ORDERS[order][1] is orders.compare_semver:
        while re.fullmatch(r"v?\d+(\.\d+)?", event_version):
            event_version += ".0"
    return event_version
