"""What stays on one line of text. To compile that takes as long as to import a dozen modules, and
where all lines fit nobody asks for it."""

import re

_OPENING = r"（《「『【〈“‘"
_CLOSING = r"，。；：！？、）》」』】〉”’…"
_WIDE = (
    r"\u2e80-\u2fff\u3005-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef"
    r"\U00020000-\U0003ffff"
)
UNBROKEN = re.compile(
    rf"\s*(?=\S)[{_OPENING}]*(?:[{_WIDE}]|[^\s{_WIDE}{_OPENING}{_CLOSING}]+)?[{_CLOSING}]*\s*"
)
"""What stays on one line, and the blanks beside it: a Chinese character, or a word or number of
others, with the brackets that open before it and the marks that close after it."""
