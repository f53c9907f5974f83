"""Why another generator states an edge that ours does not, looked up in the lockfile by
plain means, with none of our code. `unexplained` is the answer that asks for work."""
import json, os, re, tomllib


def of_folder(path):
    """A function from an edge, as a pair of purls, to its reason."""
    if os.path.exists(f"{path}/package-lock.json"):
        return npm(json.load(open(f"{path}/package-lock.json"))["packages"])
    if os.path.exists(f"{path}/poetry.lock"):
        return poetry(tomllib.load(open(f"{path}/poetry.lock", "rb"))["package"])
    return lambda edge: "unexplained"


def split(purl):
    """Name and version of a purl, in lower case."""
    name, _, version = purl.split("/", 1)[1].partition("@")
    return name.replace("%40", "@").lower(), version.replace("%2b", "+")


def npm(entries):
    optional = {}
    for key, entry in entries.items():
        name = entry.get("name", key.rsplit("node_modules/", 1)[-1]).lower()
        peers = {peer.lower() for peer, meta in entry.get("peerDependenciesMeta", {}).items() if meta.get("optional")}
        optional.setdefault((name, entry.get("version", "").lower()), set()).update(peers)

    def reason(edge):
        # The `@` of a scope is no mark of a version.
        (start, end) = (purl.replace("/%40", "/~").replace("/@", "/~") for purl in edge)
        (name, version), (need, _) = (split(text) for text in (start, end))
        peers = optional.get((name.replace("~", "@"), version), set())
        return "optional peer that happens to be installed" if need.replace("~", "@") in peers else "unexplained"

    return reason


def canonical(name):
    return re.sub("[-_.]+", "-", name).lower()


def poetry(packages):
    known = {(canonical(package["name"]), package["version"].lower()): package for package in packages}

    def reason(edge):
        start, end = (known.get(split(purl)) for purl in edge)
        if start is None or end is None:
            return "unexplained"
        if apart(start.get("markers"), end.get("markers")):
            return "from a package for one Python to one for another"
        needs = {canonical(name): need for name, need in start.get("dependencies", {}).items()}
        extras = {canonical(re.split("[ (;<>=!~[]", text)[0]) for texts in start.get("extras", {}).values() for text in texts}
        need = needs.get(canonical(end["name"]))
        if need is None:
            return "need of an extra that nobody asked for" if canonical(end["name"]) in extras else "unexplained"
        rows = need if isinstance(need, list) else [need]
        if all(isinstance(row, dict) and row.get("optional") for row in rows):
            return "need of an extra that nobody asked for"
        return "unexplained"

    return reason


def apart(one, other):
    """Whether no minor version of Python 3 fits both markers."""
    return not any(fits(one, minor) and fits(other, minor) for minor in range(40))


def fits(marker, minor):
    found = re.fullmatch(r'python_version (<|>=|==) "3\.(\d+)"', marker) if isinstance(marker, str) else None
    if found is None:
        return True
    sign, bound = found[1], int(found[2])
    return {"<": minor < bound, ">=": minor >= bound, "==": minor == bound}[sign]
