"""Write text of outsiders into Markdown so that GitHub and GitLab show it and do nothing else with it.

Punctuation becomes character references, which start no emphasis, link, table cell, HTML or formula. References to
people, issues and emoji are looked for after that, in the finished page, so a zero width space breaks them. Inside of
<code> only addresses of mail and the web are looked for; an empty comment breaks them, and what is copied is right.
Fences are longer than any run of backticks inside.

Pages: github.github.com/gfm (6.2 entity references), docs.gitlab.com/user/markdown,
docs.gitlab.com/user/project/quick_actions
"""

import re

from harness.report.check.plain import one_line, visible

_MARKUP = re.compile(r"[\\`*_{}\[\]<>()#&|~$^!%\"'@]")
_GAP = "&#8203;"  # a zero width space
# What GitHub or GitLab would turn into a link, a picture or a note to somebody.
_REFERENCE = re.compile(r"(?<=[@#!$%~&])(?=\w)|(?<=\bGH)(?=-\d)|(?<=:)(?=[\w+-]+:)|(?<=:)(?=//)|(?<=\bwww)(?=\.)", re.I)
_ADDRESS = re.compile(r"(?<=@)|(?<=:)(?=//)|(?<=\bwww)(?=\.)", re.I)
_COMMENT = "<!-- -->"
_QUOTED = re.compile(r'("[^"]*")')
_MARK = "\u200b"  # never in a text that visible() has gone over


def code(text: str) -> str:
    """Return a text as inline code. Raises: nothing.

    >>> code("a|b")
    '<code>a&#124;b</code>'
    """
    return f"<code>{_refer(_ADDRESS.sub(_MARK, one_line(text))).replace(_MARK, _COMMENT)}</code>" if text else ""


def prose(text: str) -> str:
    """Return a sentence with what it quotes as inline code, on one line. Raises: nothing.

    >>> prose('ask @ops about "@ops"')
    'ask &#64;&#8203;ops about <code>&#64;<!-- -->ops</code>'
    """
    parts = _QUOTED.split(one_line(text))
    return "".join(code(part[1:-1]) if number % 2 else _plain(part) for number, part in enumerate(parts))


def fence(text: str, language: str) -> str:
    r"""Return a fenced block. Raises: nothing.

    >>> fence("a", "hcl")
    '```hcl\na\n```'
    """
    shown = visible(text).rstrip("\n")
    longest = max((len(run) for run in re.findall("`+", shown)), default=0)
    marks = "`" * max(3, longest + 1)
    return f"{marks}{language}\n{shown}\n{marks}"


def _plain(text: str) -> str:
    return _refer(_REFERENCE.sub(_MARK, text)).replace(_MARK, _GAP)


def _refer(text: str) -> str:
    return _MARKUP.sub(lambda found: f"&#{ord(found[0])};", text)
