"""Orders of versions, each as its ecosystem publishes it, slow and obvious. Nothing
here was taken from the program that is judged. A key answers None for a text that the
ecosystem would not call a version; pairs with such texts are not asked about."""

import functools
import re

try:
    from packaging.version import InvalidVersion, Version
except ImportError:
    from pip._vendor.packaging.version import InvalidVersion, Version


def keyed(compare):
    return functools.cmp_to_key(compare)


def sign(a, b):
    return (a > b) - (a < b)


# Semantic Versioning 2.0.0, section 11.
SEMVER = re.compile(r"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z.-]+))?(?:\+([0-9A-Za-z.-]+))?$")


def identifier(text):
    return (0, int(text), "") if text.isdigit() else (1, 0, text)


def semver(text):
    found = SEMVER.match(text)
    if not found:
        return None
    pre = found.group(4)
    # 11.3: a version without a pre-release comes after those with one.
    tail = (1, ()) if pre is None else (0, tuple(identifier(one) for one in pre.split(".")))
    return (int(found.group(1)), int(found.group(2)), int(found.group(3)), tail)


def go(text):
    return semver(text[1:] if text.startswith("v") else text)


# Pub: "semver", but builds of a version come after it, in order.
def pub(text):
    key, found = semver(text), SEMVER.match(text)
    if key is None:
        return None
    build = found.group(5)
    return key + ((0, ()) if build is None else (1, tuple(identifier(one) for one in build.split("."))),)


def pep440(text):
    try:
        return Version(text)
    except InvalidVersion:
        return None


# Gem::Version: runs of digits and of letters, a hyphen is `.pre.`, letters come before
# numbers, and zeros at the end of the numbers and of the whole say nothing.
def rubygems(text):
    if not re.match(r"^[0-9]+(\.[0-9a-zA-Z]+)*(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$", text):
        return None
    parts = [int(p) if p.isdigit() else p for p in re.findall(r"[0-9]+|[a-z]+", text.replace("-", ".pre."), re.I)]
    first = next((i for i, part in enumerate(parts) if isinstance(part, str)), len(parts))
    numbers, rest = parts[:first], parts[first:]
    for half in (numbers, rest):
        while half and half[-1] == 0:
            half.pop()
    def compare(a, b):
        for i in range(max(len(a), len(b))):
            x, y = (a[i] if i < len(a) else 0), (b[i] if i < len(b) else 0)
            if isinstance(x, str) != isinstance(y, str):
                return -1 if isinstance(x, str) else 1
            if x != y:
                return sign(x, y)
        return 0
    return keyed(compare)(numbers + rest)


# NuGet: SemVer 2 with up to four numbers; pre-releases without regard to case.
def nuget(text):
    found = re.match(r"^(\d+(?:\.\d+){0,3})(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$", text)
    if not found:
        return None
    numbers = [int(n) for n in found.group(1).split(".")]
    pre = found.group(2)
    tail = (1, ()) if pre is None else (0, tuple(identifier(one) for one in pre.lower().split(".")))
    return (numbers + [0] * (4 - len(numbers)), tail)


# PHP's version_compare: `-`, `_`, `+` part, and so does a change between digits and
# letters; any other word < dev < alpha < beta < RC < number < pl. Composer lets a `v` lead.
WORDS = {"dev": 1, "alpha": 2, "a": 2, "beta": 3, "b": 3, "RC": 4, "rc": 4, "#": 5, "pl": 6, "p": 6}


def packagist(text):
    text = text[1:] if re.match(r"^v\d", text) else text
    if not re.match(r"^\d+(\.\d+)*(-?(dev|alpha|beta|RC|rc|pl|p|a|b)\.?\d*)?$", text):
        return None
    parts = re.findall(r"\d+|[A-Za-z]+", text)
    rank = lambda part: WORDS["#"] if part.isdigit() else WORDS.get(part, 0)
    def compare(a, b):
        for x, y in zip(a, b):
            if x.isdigit() and y.isdigit():
                if int(x) != int(y):
                    return sign(int(x), int(y))
            elif rank(x) != rank(y):
                return sign(rank(x), rank(y))
        if len(a) == len(b):
            return 0
        more, way = (a[len(b)], 1) if len(a) > len(b) else (b[len(a)], -1)
        # What is longer by a number is later; a word is compared with a number.
        return way if more.isdigit() else way * sign(rank(more), WORDS["#"])
    return keyed(compare)(parts)


# Hackage and R: numbers, compared as lists.
def hackage(text):
    return [int(n) for n in text.split(".")] if re.match(r"^\d+(\.\d+)*$", text) else None


def cran(text):
    return [int(n) for n in re.split("[.-]", text)] if re.match(r"^\d+([.-]\d+)+$", text) else None


# Debian Policy 5.6.12 for one part; opam's manual orders whole versions so.
def debian(text):
    if not re.match(r"^[0-9A-Za-z.+~_-]+$", text):
        return None
    def weight(letter):
        return -1 if letter == "~" else ord(letter) if letter.isalpha() else ord(letter) + 256
    def compare(a, b):
        while a or b:
            x, y = re.match(r"\D*", a).group(), re.match(r"\D*", b).group()
            for i in range(max(len(x), len(y))):
                l, r = (weight(x[i]) if i < len(x) else 0), (weight(y[i]) if i < len(y) else 0)
                if l != r:
                    return sign(l, r)
            a, b = a[len(x):], b[len(y):]
            x, y = re.match(r"\d*", a).group(), re.match(r"\d*", b).group()
            if int(x or 0) != int(y or 0):
                return sign(int(x or 0), int(y or 0))
            a, b = a[len(x):], b[len(y):]
        return 0
    return keyed(compare)(text)


# Homebrew, as far as numbers and a revision go.
def homebrew(text):
    found = re.match(r"^(\d+(?:\.\d+)*)(?:_(\d+))?$", text)
    if not found:
        return None
    numbers = [int(n) for n in found.group(1).split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return (numbers, int(found.group(2) or 0))


# POM reference, "Version Order Specification", as it was before Maven 3.8.7 (MNG-7644),
# for numbers and one known qualifier; stranger ones are the business of Maven's own tests.
# Zeros say nothing at the end and before a hyphen; `.word` < `-word` < `-number` < `.number`.
QUALIFIERS = ["alpha", "beta", "milestone", "rc", "snapshot", "", "sp"]
SAME = {"cr": "rc", "ga": "", "final": "", "release": ""}
DOT_WORD, WORD, NUMBER, DOT_NUMBER = range(4)


def maven(text):
    found = re.match(r"^(\d+(?:\.\d+)*)(?:([.-])(alpha|beta|milestone|rc|cr|snapshot|sp)(?:[.-]?(\d+))?|[.-](?:ga|final|release))?$", text, re.I)
    if not found:
        return None
    tokens = [(DOT_NUMBER, int(number)) for number in found.group(1).split(".")]
    if found.group(2) != ".":
        while len(tokens) > 1 and tokens[-1][1] == 0:
            tokens.pop()
    if found.group(3):
        word = found.group(3).lower()
        tokens.append((WORD if found.group(2) == "-" else DOT_WORD, QUALIFIERS.index(SAME.get(word, word))))
        if int(found.group(4) or 0):
            tokens.append((NUMBER, int(found.group(4))))
    def beside_nothing(token):
        return sign(token[1], 0) if token[0] >= NUMBER else sign(token[1], QUALIFIERS.index(""))
    def compare(a, b):
        for i in range(max(len(a), len(b))):
            order = sign(a[i], b[i]) if i < min(len(a), len(b)) else beside_nothing(a[i]) if i < len(a) else -beside_nothing(b[i])
            if order:
                return order
        return 0
    return keyed(compare)(tokens)


ORDERS = {ecosystem: functools.lru_cache(maxsize=None)(order) for ecosystem, order in {
    "crates.io": semver, "npm": semver, "Hex": semver, "SwiftURL": semver, "Go": go, "Pub": pub, "PyPI": pep440,
    "RubyGems": rubygems, "NuGet": nuget, "Packagist": packagist, "Hackage": hackage, "CRAN": cran, "opam": debian,
    "Homebrew": homebrew, "Maven": maven,
}.items()}
