"""Compare `bomwarden scan` with the oracle on many (package, version) pairs.

    python check.py --program PATH --records FOLDER --work FOLDER [--seed N] [--pairs N]

Prints the figures per ecosystem, then every disagreement; exits with 1 if there is any.
"""

import argparse
import collections
import json
import pathlib
import re
import subprocess
import sys

import pairs
import schema

LISTED = "A version is considered affected if it lies within any one of the ranges or is " \
         "listed in the versions list."
SENTENCES = {
    "withdrawn": "The `withdrawn` field gives the time the entry should be considered to have "
                 "been withdrawn.",
    "listed": "IncludedInVersions: if v == version return true",
    "ranges": "IncludedInRanges: for evt in sorted(range.events) ...",
    "elsewhere": "if affected.package == pkg",
}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True, help="the bomwarden to test")
    parser.add_argument("--records", required=True, help="the folder of zips of OSV records")
    parser.add_argument("--work", required=True, help="a folder for the database")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--pairs", type=int, default=120000)
    parser.add_argument("--show", type=int, default=200, help="disagreements to print")
    return parser.parse_args()


def packages_by_ecosystem(records):
    found = collections.defaultdict(dict)
    for key, of_package in schema.records_by_package(records).items():
        found[key[0]][key] = of_package
    return found


def choose_pairs(packages, seed, wanted):
    """{purl: (key, version, kind)} per ecosystem."""
    weight = sum(pairs.SHARES.values())
    chosen = {}
    for ecosystem in sorted(packages):
        family = schema.base_ecosystem(ecosystem)
        if family not in pairs.PURL_TYPES:
            print(f"{ecosystem}: no purl type, left out", file=sys.stderr)
            continue
        count = max(pairs.LEAST, wanted * pairs.SHARES.get(family, 0) // weight)
        if family == "Packagist":
            count //= 2  # with the repository suffix and without it
        chooser = pairs.Chooser(ecosystem, packages[ecosystem], seed)
        chosen[ecosystem] = chooser.choose(count)
    return chosen


def ask_program(program, database, purls):
    done = subprocess.run([program, "scan", "--db", database, "--purls", "-", "--json"],
                          input="\n".join(purls) + "\n", capture_output=True, text=True,
                          check=False)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    if len(lines) != len(purls):
        sys.exit(f"{len(purls)} purls asked, {len(lines)} lines answered: {done.stderr[-500:]}")
    return lines


def oracle(key, version, of_package, malicious_rule=True):
    """The ids of the records that affect the pair, and of those the schema leaves open."""
    answers = {record["id"]: schema.is_vulnerable(key, version, record, malicious_rule)
               for record in of_package}
    return ({i for i, answer in answers.items() if answer},
            {i for i, answer in answers.items() if answer is None})


def disagreements(purl, answer, affecting, left_open):
    """What the program's answer has too few or too many of, as (id, what is wrong)."""
    untold = {problem["id"] for problem in answer.get("cannot_tell", ())}
    matches = answer.get("matches")
    if matches == "unknown" and untold:
        matches = []
    if not isinstance(matches, list):
        return [("-", f"no list of matches but {json.dumps(answer)}")]
    names = [{match["id"], *match["aliases"]} for match in matches]
    wrong = [(i, "oracle: affected; program: no match has this name")
             for i in sorted(affecting) if not any(i in of_match for of_match in names)]
    for match, of_match in zip(matches, names):
        if not of_match & (affecting | left_open):
            wrong.append((match["id"], "oracle: not affected; program: a match"))
    wrong += [(i, "oracle: decided; program: cannot tell") for i in sorted(untold - left_open)]
    named = collections.Counter(name for of_match in names for name in of_match)
    wrong += [(name, "two matches share this name: aliases are one problem")
              for name, times in named.items() if times > 1]
    return wrong


def deciding_sentence(key, version, record):
    """The words of the schema on which this record's answer turns."""
    if record is None:
        return "affected.package == pkg"
    if record.get("withdrawn"):
        return SENTENCES["withdrawn"]
    mine = list(pairs.entries(key, [record]))
    if not mine:
        return SENTENCES["elsewhere"]
    family = schema.base_ecosystem(key[0])
    if any(schema.included_in_versions(family, version, a.get("versions") or ()) for a in mine):
        return SENTENCES["listed"]
    shown = [[r["type"], r["events"]] for a in mine for r in a.get("ranges") or ()
             if r["type"] != "GIT"]
    return f"{SENTENCES['ranges']} here {json.dumps(shown)[:600]}" if shown else LISTED


def main():
    options = arguments()
    work = pathlib.Path(options.work)
    work.mkdir(parents=True, exist_ok=True)
    database = str(work / "oracle.db")
    subprocess.run([options.program, "db", "update", "--quiet", "--from", options.records,
                    "--db", database], check=True, stdout=subprocess.DEVNULL)
    records = schema.read_records(options.records)
    packages = packages_by_ecosystem(records)
    chosen = choose_pairs(packages, options.seed, options.pairs)

    total = collections.Counter()
    found = []
    print(f"seed {options.seed}")
    print(f"{'ecosystem':42}{'pairs':>8}{'boundary':>10}{'zero':>7}{'positive':>10}"
          f"{'open':>6}{'mal rule':>9}{'disagree':>9}")
    for ecosystem, of_ecosystem in chosen.items():
        figures = collections.Counter()
        answers = ask_program(options.program, database, list(of_ecosystem))
        for (purl, (key, version, kind)), answer in zip(of_ecosystem.items(), answers):
            of_package = packages[ecosystem][key]
            affecting, left_open = oracle(key, version, of_package)
            figures["pairs"] += 1
            figures[kind] += 1
            figures["positive"] += bool(affecting)
            figures["open"] += bool(left_open)
            figures["mal"] += any(schema.is_vulnerable(key, version, record, False)
                                  for record in of_package if record["id"].startswith("MAL-")
                                  and record["id"] not in affecting)
            wrong = disagreements(purl, answer, affecting, left_open)
            figures["disagree"] += bool(wrong)
            found += [(purl, key, version, i, what) for i, what in wrong]
        print_row(ecosystem, figures)
        total.update(figures)
    print_row("all", total)
    for purl, key, version, identifier, what in found[:options.show]:
        print(f"\n{purl}\n  {identifier}: {what}\n  schema: "
              f"{deciding_sentence(key, version, records.get(identifier))}")
    if len(found) > options.show:
        print(f"\n... and {len(found) - options.show} more")
    sys.exit(1 if found else 0)


def print_row(name, figures):
    share = 100 * figures["boundary"] / max(1, figures["pairs"])
    positive = 100 * figures["positive"] / max(1, figures["pairs"])
    print(f"{re.sub('https?://', '', name):42}{figures['pairs']:>8}{share:>9.1f}%"
          f"{figures['zero']:>7}{positive:>9.1f}%"
          f"{figures['open']:>6}{figures['mal']:>9}{figures['disagree']:>9}",
          flush=True)


if __name__ == "__main__":
    main()
