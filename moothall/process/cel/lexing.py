"""From the text of a rule to its words."""

import re
from dataclasses import dataclass

from moothall.process.cel.tree import RuleError

LONGEST = 2_000
BIGGEST = 2**63 - 1
RESERVED = frozenset(
    {"as", "break", "const", "continue", "else", "false", "for", "function", "if", "import", "in", "let"}
    | {"loop", "namespace", "null", "package", "return", "true", "var", "void", "while"}
)
_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]+)
      | (?P<float>\d+\.\d*|\.\d+|\d+[eE][+-]?\d+)
      | (?P<int>\d+)
      | (?P<name>[A-Za-z_]\w*)
      | (?P<text>"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*')
      | (?P<sign>&&|\|\||==|!=|<=|>=|[-+*/%<>!?:().,\[\]])""",
    re.VERBOSE | re.ASCII,
)
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", '"': '"', "'": "'", "`": "`", "?": "?"}
_SLIPS = {
    "=": ("A single “=” compares nothing.", "Write “==”."),
    "&": ("A single “&” joins nothing.", "Write “&&” for “and”."),
    "|": ("A single “|” joins nothing.", "Write “||” for “or”."),
    '"': ("The text that begins here has no closing quotation mark.", 'Close it with ".'),
    "'": ("The text that begins here has no closing quotation mark.", "Close it with '."),
    "“": ("This is a curly quotation mark.", 'Use straight ones: "garden".'),
    "”": ("This is a curly quotation mark.", 'Use straight ones: "garden".'),
    "\u2018": ("This is a curly quotation mark.", "Use straight ones: 'garden'."),
    "\u2019": ("This is a curly quotation mark.", "Use straight ones: 'garden'."),
}


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    text: str
    at: int


def tokens(source: str) -> list[Token]:
    """Return the words of a rule, without the spaces, ended by one of the kind `end`."""
    if len(source) > LONGEST:
        raise RuleError(
            f"A rule may have {LONGEST:,} characters; this one has {len(source):,}.", "Split it.", 1
        )
    found: list[Token] = []
    at = 0
    while at < len(source):
        token = _TOKEN.match(source, at)
        if token is None:
            wrong, instead = _SLIPS.get(
                source[at], (f"“{source[at]}” means nothing in a rule.", "Take it out.")
            )
            raise RuleError(wrong, instead, at + 1)
        kind = token.lastgroup or ""
        if kind == "float":
            raise RuleError("Rules count in whole numbers.", "Money is in pence: 12.50 is 1250.", at + 1)
        if kind != "space":
            found.append(Token(kind, token.group(), at + 1))
        at = token.end()
    return [*found, Token("end", "", len(source) + 1)]


def unquoted(token: Token) -> str:
    """Return the text inside the quotation marks, with its escapes resolved."""

    def plain(escape: re.Match[str]) -> str:
        code = escape.group(1)
        if len(code) > 1:
            return _letter(int(code[1:], 16), token.at)
        if code not in _ESCAPES:
            raise RuleError(
                f"“\\{code}” means nothing inside a text.", "For a backslash, write two.", token.at
            )
        return _ESCAPES[code]

    return _ESCAPE.sub(plain, token.text[1:-1])


def _letter(code: int, at: int) -> str:
    if 0xD800 <= code <= 0xDFFF:  # noqa: PLR2004 - the surrogates are half letters
        raise RuleError("That is half a letter.", "Write the letter itself.", at)
    return chr(code)
