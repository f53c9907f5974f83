"""The order of versions, one plain function per ecosystem.

The OSV schema defines the order of `SEMVER` ranges itself (SemVer 2.0.0, section 11) and
leaves the order of `ECOSYSTEM` ranges to the ecosystem. Where each order here comes from:

* SemVer (SEMVER ranges; npm, crates.io, Go, SwiftURL, Hex): the `semver` library.
* PyPI: the `packaging` library (the version specifiers specification, formerly PEP 440).
* RubyGems: the `univers` library's port of `Gem::Version`.
* Maven: written here from the "Version Order Specification" of the POM reference.
* NuGet: written here from "Package versioning" (SemVer 2.0.0, a fourth number, labels
  compared without case, missing numbers are 0).
* Packagist: written here from Composer's normalisation and PHP's `version_compare`.
* opam: written here from the manual's "Version ordering" (Debian's order, no epoch).
* Hackage: written here from the Cabal documentation (lists of numbers, compared as lists).
* CRAN: written here from R's `numeric_version` (lists of numbers, compared as lists).
* Homebrew: written here from `Version` and `PkgVersion` (tokens, then the `_N` revision).
* Pub: SemVer, and build metadata counts: it sorts after no build metadata.

`compare(ecosystem, a, b)` returns a negative number, 0 or a positive number, and raises
`Unordered` when the ecosystem gives one of the two versions no place in its order.
"""

import functools
import itertools
import re

import packaging.version
import semver
import univers.gem


class Unordered(ValueError):
    """The ecosystem's rule gives this string no place in its order."""


def sign(a, b):
    return (a > b) - (a < b)


# SemVer 2.0.0

def read_semver(text):
    try:
        return semver.Version.parse(text)
    except ValueError as error:
        raise Unordered(text) from error


def compare_semver(a, b):
    return a.compare(b)


def read_go(text):
    """A Go module version is a SemVer with a leading "v", which OSV records leave out."""
    return read_semver(text.removeprefix("v"))


def compare_pub(a, b):
    """pub_semver: build metadata sorts after its absence, and by SemVer's identifier rule."""
    if a.compare(b):
        return a.compare(b)
    builds = [list(map(identifier_key, v.build.split("."))) if v.build else [] for v in (a, b)]
    return sign(*builds)


def identifier_key(identifier):
    """SemVer 11.4: numbers by value and below words; words in ASCII order."""
    return (0, int(identifier), "") if identifier.isdigit() else (1, 0, identifier)


# PyPI

def read_pypi(text):
    try:
        return packaging.version.Version(text)
    except packaging.version.InvalidVersion as error:
        raise Unordered(text) from error


# RubyGems

def read_gem(text):
    try:
        return univers.gem.GemVersion(text)
    except univers.gem.InvalidVersionError as error:
        raise Unordered(text) from error


# Maven

MAVEN_QUALIFIERS = ["alpha", "beta", "milestone", "rc", "snapshot", "", "sp"]
MAVEN_SHORT = {"a": "alpha", "b": "beta", "m": "milestone"}
MAVEN_SAME = {"cr": "rc", "final": "", "ga": "", "release": ""}


def read_maven(text):
    """The sequence of (prefix, token), trailing "null" tokens trimmed at every hyphen.

    Maven's own ComparableVersion (3.8.7) reads a dot before a qualifier as a hyphen also when
    it trims ("2.0.M1" equals "2.0-M1"), which the text leaves open; so does this.
    """
    tokens = []
    prefix = "."
    for part in re.findall(r"[.-]|[0-9]+|[^0-9.-]+", text.lower()) + ["."]:
        if part in ".-":
            if prefix:  # an empty token is replaced with 0
                tokens.append((prefix, 0))
            prefix = part
            continue
        directly_followed = prefix == "" and part.isdigit()
        if directly_followed and tokens[-1][1] in MAVEN_SHORT:
            tokens[-1] = (tokens[-1][0], MAVEN_SHORT[tokens[-1][1]])
        # a transition between digits and characters is equivalent to a hyphen
        token = int(part) if part.isdigit() else part
        tokens.append(("-" if prefix == "" or isinstance(token, str) else prefix, token))
        prefix = ""
    return trim_maven([(p, MAVEN_SAME.get(t, t)) for p, t in tokens])


def trim_maven(tokens):
    """Trim the null values at the end, and again before each remaining hyphen."""
    kept = []
    for prefix, token in reversed(tokens):
        at_an_end = not kept or kept[0][0] == "-"
        if at_an_end and token in (0, ""):
            continue
        kept.insert(0, (prefix, token))
    return kept


def compare_maven(a, b):
    for left, right in itertools.zip_longest(a, b):
        if left == right:
            continue
        left = left or maven_padding(right)
        right = right or maven_padding(left)
        if maven_key(left) != maven_key(right):
            return sign(maven_key(left), maven_key(right))
    return 0


def maven_padding(other):
    """The shorter version is padded with "null" values that match the other's prefix."""
    prefix, token = other
    return (prefix, "") if isinstance(token, str) or prefix == "-" else (prefix, 0)


def maven_key(prefixed):
    """".qualifier" = "-qualifier" < "-number" < ".number"."""
    prefix, token = prefixed
    if isinstance(token, int):
        return (1 if prefix == "-" else 2, token, "")
    if token in MAVEN_QUALIFIERS:
        return (0, MAVEN_QUALIFIERS.index(token), "")
    return (0, len(MAVEN_QUALIFIERS), token)


# NuGet

def read_nuget(text):
    shape = r"(\d+(?:\.\d+){0,3})(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?"
    found = re.fullmatch(shape, text)
    if not found:
        raise Unordered(text)
    numbers = [int(n) for n in found[1].split(".")]
    numbers += [0] * (4 - len(numbers))
    labels = [identifier_key(i.upper()) for i in found[2].split(".")] if found[2] else None
    return numbers, labels is None, labels or []


# Packagist

COMPOSER = re.compile(
    r"v?(\d{1,5})(\.\d+)?(\.\d+)?(\.\d+)?"
    r"[._-]?(?:(stable|beta|b|rc|alpha|a|patch|pl|p)((?:[.-]?\d+)*)?)?([.-]?dev)?", re.I)
COMPOSER_LONG = {"a": "alpha", "b": "beta", "p": "patch", "pl": "patch", "rc": "RC"}
PHP_FORMS = [("dev", 0), ("alpha", 1), ("a", 1), ("beta", 2), ("b", 2), ("RC", 3), ("rc", 3),
             ("#", 4), ("pl", 5), ("p", 5)]


def read_composer(text):
    """Composer's normalised form, cut into the parts that PHP's version_compare compares."""
    found = COMPOSER.fullmatch(text.split("+")[0])
    if not found:
        raise Unordered(text)
    version = found[1] + "".join(found[i] or ".0" for i in (2, 3, 4))
    stability = (found[5] or "").lower()
    if stability and stability != "stable":
        version += "-" + COMPOSER_LONG.get(stability, stability) + (found[6] or "").lstrip(".-")
    if found[7] and stability != "stable":
        version += "-dev"
    return re.findall(r"[0-9]+|[^0-9.+_-]+", version)


def php_form(part):
    if part.isdigit():
        part = "#"
    return next((rank for form, rank in PHP_FORMS if part.startswith(form)), -1)


def compare_composer(a, b):
    for left, right in itertools.zip_longest(a, b):
        if left is None or right is None:
            rest = left or right
            longer = 1 if rest.isdigit() else sign(php_form(rest), php_form("#"))
            return longer if right is None else -longer
        if left.isdigit() and right.isdigit():
            order = sign(int(left), int(right))
        else:
            order = sign(php_form(left), php_form(right))
        if order:
            return order
    return 0


# opam

def read_opam(text):
    if not re.fullmatch(r"[0-9A-Za-z.+~_-]+", text):
        raise Unordered(text)
    upstream, _, revision = text.rpartition("-") if "-" in text else (text, "", "")
    return debian_key(upstream), debian_key(revision)


def debian_key(text):
    """Debian policy 5.6.12: "~" below the end, the end below letters, letters below others."""
    key = []
    for words, number in re.findall(r"([^0-9]*)([0-9]*)", text):
        ranks = [-1 if c == "~" else ord(c) if c.isalpha() else ord(c) + 256 for c in words]
        key.append((tuple(ranks) + (0,), int(number or 0)))
    while key and key[-1] == ((0,), 0):
        key.pop()
    return key + [((0,), 0)]


# Hackage, CRAN

def read_hackage(text):
    if not re.fullmatch(r"\d+(\.\d+)*", text):
        raise Unordered(text)
    return [int(n) for n in text.split(".")]


def read_cran(text):
    if not re.fullmatch(r"\d+([.-]\d+)+", text):
        raise Unordered(text)
    return [int(n) for n in re.split("[.-]", text)]


# Homebrew

BREW_WORDS = ["alpha", "beta", "pre", "rc", "", "p", "post"]
BREW_TOKEN = re.compile(r"(alpha)(\d*)|a(\d+)|(beta)(\d*)|b(\d+)|(pre)(\d*)|(rc)(\d*)"
                        r"|(p)(\d*)|\.(post)(\d+)|(\d+)|([a-z]+)", re.I)


def read_brew(text):
    version, revision = re.fullmatch(r"(.+?)(?:_(\d+))?", text).groups()
    if not re.match(r"\d", version):
        raise Unordered(text)
    tokens = []
    for found in BREW_TOKEN.finditer(version.lower()):
        word = re.match(r"\.?([a-z]*)(\d*)", found[0])
        name = {"a": "alpha", "b": "beta"}.get(word[1], word[1]) if word[2] else word[1]
        if not name:
            tokens.append(("number", int(found[0])))
        elif name in BREW_WORDS:
            tokens.append((name, int(word[2] or 0)))
        else:
            tokens.append(("word", found[0]))
    return tokens, int(revision or 0)


def compare_brew(a, b):
    left, right = list(a[0]), list(b[0])
    while left or right:
        x, y = (left or [None])[0], (right or [None])[0]
        if x == y:
            left, right = left[1:], right[1:]
        elif brew_is_number(x) and not brew_is_number(y):
            if x[1] > 0:
                return 1
            left = left[1:]
        elif brew_is_number(y) and not brew_is_number(x):
            if y[1] > 0:
                return -1
            right = right[1:]
        else:
            return sign(brew_key(x), brew_key(y))
    return sign(a[1], b[1])


def brew_is_number(token):
    return token is not None and token[0] == "number"


def brew_key(token):
    if token is None:
        return (BREW_WORDS.index(""), 0, "")
    if token[0] == "number":
        return (len(BREW_WORDS) + 1, token[1], "")
    if token[0] == "word":
        return (len(BREW_WORDS), 0, token[1])
    return (BREW_WORDS.index(token[0]), token[1], "")


ORDERS = {
    "SEMVER": (read_semver, compare_semver),
    "npm": (read_semver, compare_semver),
    "crates.io": (read_semver, compare_semver),
    "Go": (read_go, compare_semver),
    "SwiftURL": (read_semver, compare_semver),
    "Hex": (read_semver, compare_semver),
    "Pub": (read_semver, compare_pub),
    "PyPI": (read_pypi, sign),
    "RubyGems": (read_gem, sign),
    "Maven": (read_maven, compare_maven),
    "NuGet": (read_nuget, sign),
    "Packagist": (read_composer, compare_composer),
    "opam": (read_opam, sign),
    "Hackage": (read_hackage, sign),
    "CRAN": (read_cran, sign),
    "Homebrew": (read_brew, compare_brew),
}


@functools.lru_cache(maxsize=None)
def read(ecosystem, text):
    """The version in the form its ecosystem's comparison takes."""
    return ORDERS[ecosystem][0](text)


@functools.lru_cache(maxsize=4_000_000)
def compare(ecosystem, a, b):
    return ORDERS[ecosystem][1](read(ecosystem, a), read(ecosystem, b))


@functools.lru_cache(maxsize=None)
def has_place(ecosystem, text):
    try:
        read(ecosystem, text)
    except Unordered:
        return False
    return True
