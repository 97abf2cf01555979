"""Text into tokens with the surface facts that the reading model sees: sentence and paragraph starts, quotation state, shape.

Everything here is a rule over Unicode code points and is written so that it can be ported exactly; README.md says the
same in words, and examples/tokens.jsonl has inputs with their outputs.
"""

# Characters above U+007F that are no part of a word: (first, last), both included.
BREAKS = [
    (0x0080, 0x00A9), (0x00AB, 0x00B4), (0x00B6, 0x00B9), (0x00BB, 0x00BF), (0x00D7, 0x00D7), (0x00F7, 0x00F7),
    (0x02C2, 0x02DF), (0x1680, 0x1680), (0x2000, 0x206F), (0x20A0, 0x20CF), (0x2100, 0x2BFF), (0x2E00, 0x2E7F),
    (0x3000, 0x3020), (0xD800, 0xF8FF), (0xFE00, 0xFE6F), (0xFEFF, 0xFEFF), (0xFF00, 0xFF0F), (0xFF1A, 0xFF20),
    (0xFFE0, 0xFFFF), (0x1F000, 0x1FAFF), (0xE0000, 0x10FFFF),
]
SPACES = frozenset([9, 10, 11, 12, 13, 32, 0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0x200B, 0x200E, 0x200F, 0xAD,
                    0xFEFF, *range(0x2000, 0x200B)])
APOSTROPHES = "'’"
CLITICS = ("'s", "'re", "'ve", "'ll", "'d", "'m")
CLOSERS = "\"”’'»)]"
ABBREVIATIONS = frozenset("""mr mrs ms dr prof sen rep gov gen sgt lt col maj capt cmdr adm rev hon st jr sr inc corp co ltd vs no dept est
jan feb mar apr jun jul aug sep sept oct nov dec ave blvd mt ft pres supt det atty""".split())

OUT, IN, OPENING, CLOSING, IN_UNCLOSED, OPENING_UNCLOSED = range(6)
N_QUOTES = 6
SYMBOL, LOWER, CAPITALISED, UPPER, CAPITAL, MIXED, NUMBER, ALNUM = range(8)
N_SHAPES = 8


def is_word(c):
    n = ord(c)
    if n < 128:
        return 48 <= n <= 57 or 65 <= n <= 90 or 97 <= n <= 122
    return n not in SPACES and not any(a <= n <= b for a, b in BREAKS)


_WORD = {}


def _is_word(c):
    known = _WORD.get(c)
    if known is None:
        known = _WORD[c] = is_word(c)
    return known


def is_digit(c):
    return "0" <= c <= "9"


def tokens(text):
    """[start, end) of every token, in code points."""
    out, i, n = [], 0, len(text)
    while i < n:
        c = text[i]
        if ord(c) in SPACES:
            i += 1
        elif _is_word(c):
            i = _word(text, i, n, out)
        else:
            out.append((i, i + 1))
            i += 1
    return out


def _word(text, i, n, out):
    j = i + 1
    while j < n:
        c = text[j]
        if _is_word(c):
            j += 1
        elif j + 1 < n and c in APOSTROPHES and _is_word(text[j + 1]) and not is_digit(text[j - 1]):
            j += 2
        elif j + 1 < n and c in ".," and is_digit(text[j - 1]) and is_digit(text[j + 1]):
            j += 2
        elif j + 2 < n and c == "." and j == i + 1 and not is_digit(text[i]) and _is_word(text[j + 1]) \
                and not is_digit(text[j + 1]) and text[j + 2] == ".":
            j += 3                                                   # U.S., a.m., and on: U.S.A.
            while j + 1 < n and _is_word(text[j]) and not is_digit(text[j]) and text[j + 1] == ".":
                j += 2
            out.append((i, j))
            return j
        else:
            break
    lower = text[i:j].lower().replace("’", "'")
    if len(lower) == j - i:                                          # a few capitals grow when lowered; those have no clitic
        if len(lower) > 3 and lower.endswith("n't"):
            out += [(i, j - 3), (j - 3, j)]
            return j
        for clitic in CLITICS:
            if len(lower) > len(clitic) and lower.endswith(clitic):
                out += [(i, j - len(clitic)), (j - len(clitic), j)]
                return j
    out.append((i, j))
    return j


def paragraph_starts(text, toks):
    """For each token whether a line break stands before it (or nothing does)."""
    return [k == 0 or "\n" in text[toks[k - 1][1]:start] for k, (start, _) in enumerate(toks)]


def sentence_starts(text, toks, paragraphs):
    starts = list(paragraphs)
    for k in range(1, len(toks)):
        if starts[k]:
            continue
        gap = toks[k][0] > toks[k - 1][1]
        first = text[toks[k][0]]
        opens = first.isupper() or is_digit(first) or first in "\"“‘'«„([" or not _is_word(first) and first in "—–-•"
        if not (gap and opens):
            continue
        e = k - 1                                                    # back over closing marks to the one that ends
        while e > 0 and toks[e][1] - toks[e][0] == 1 and text[toks[e][0]] in CLOSERS and not starts[e]:
            e -= 1
        last = text[toks[e][0]:toks[e][1]]
        if last in ("!", "?", "…"):
            starts[k] = True
        elif last == "." and e > 0:
            before = text[toks[e - 1][0]:toks[e - 1][1]]
            glued = toks[e - 1][1] == toks[e][0]
            short = glued and (before.lower() in ABBREVIATIONS or len(before) == 1 and before.isupper())
            starts[k] = e < k - 1 or not short
    return starts


def quotes(text, toks, paragraphs):
    """(state of every token, mark of every token): the mark is “ or ” for a token that opens or closes, else "".

    Double marks of any kind, one level; single marks are quotation marks only outside of double ones, where the mark
    opens a word and another closes one in the same paragraph. A paragraph's end ends every quotation.
    """
    n = len(toks)
    state, mark = [OUT] * n, [""] * n
    k = 0
    while k < n:
        end = k + 1
        while end < n and not paragraphs[end]:
            end += 1
        _quotes_of_paragraph(text, toks, k, end, state, mark)
        k = end
    return state, mark


def _quotes_of_paragraph(text, toks, first, end, state, mark):
    opened = opener = None
    for k in range(first, end):
        start, stop = toks[k]
        c = text[start] if stop - start == 1 else ""
        if opened is None:
            if c and c in '"“„«”' or c and c in "'‘" and _opens_single(text, toks, k, end):
                opened, opener = k, c
                state[k], mark[k] = OPENING, "“"
        elif opener in "'‘" and c and c in "'’" and _closes_single(text, start) \
                or opener not in "'‘" and c and (c in '"”»' or c == "“" and opener == "„"):
            state[k], mark[k] = CLOSING, "”"
            opened = None
        else:
            state[k] = IN
    if opened is not None:
        for k in range(opened, end):
            state[k] = OPENING_UNCLOSED if k == opened else IN_UNCLOSED


def _opens_single(text, toks, k, end):
    start = toks[k][0]
    if start > 0 and ord(text[start - 1]) not in SPACES and text[start - 1] not in "(["\
            or start + 1 >= len(text) or not _is_word(text[start + 1]) or is_digit(text[start + 1]):
        return False
    return any(toks[m][1] - toks[m][0] == 1 and text[toks[m][0]] in "'’" and _closes_single(text, toks[m][0])
               for m in range(k + 1, end))


def _closes_single(text, at):
    before, after = text[at - 1], text[at + 1] if at + 1 < len(text) else " "
    return ord(before) not in SPACES and not _is_word(after)


def shape(word):
    letters = [c for c in word if _is_word(c) and not is_digit(c)]
    digits = any(is_digit(c) for c in word)
    if not letters:
        return NUMBER if digits else SYMBOL
    if digits:
        return ALNUM
    capitals = sum(c.isupper() for c in letters)
    if capitals == 0:
        return LOWER
    if capitals == len(letters):
        return UPPER if len(letters) > 1 else CAPITAL
    if capitals == 1 and letters[0].isupper():
        return CAPITALISED
    return MIXED


def fnv1a(kind, word):
    """64-bit FNV-1a over one byte for the kind of feature and then the UTF-8 bytes of the word."""
    value = 0xCBF29CE484222325
    for byte in bytes([kind]) + word.encode("utf-8"):
        value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return value


def norm(word, mark):
    """The form that tables are asked for: lower case, plain apostrophes, quotation marks by what they do."""
    if mark:
        return mark
    return word.lower().replace("’", "'")
