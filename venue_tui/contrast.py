"""Words that can be read on their ground, whichever theme was chosen."""

from collections.abc import Mapping

from textual.color import Color, ColorParseError

LEAST = 4.5
"""The contrast that words need, as WCAG counts it."""
WORDS = ("text-primary", "text-accent", "text-success", "text-warning", "text-error")
GROUNDS = ("surface", "panel")
_STEPS = 20
_LIGHTER = {"ansi_blue": "ansi_cyan", "ansi_red": "ansi_bright_red"}


def contrast(one: Color, other: Color) -> float:
    """From 1 for the same colour to 21 for black on white."""
    darker, lighter = sorted(map(_luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def readable(variables: Mapping[str, str], *, dark: bool = True) -> dict[str, str]:
    """The colours of words among a theme's variables, taken towards black or white as far as they
    must be to be read on every ground. A terminal's own colours stay what they are, but for its
    blue and its red on a `dark` ground: most draw them so deep that titles and sums vanish."""
    try:
        grounds = [Color.parse(variables[each]) for each in GROUNDS]
        words = {each: Color.parse(variables[each]) for each in WORDS}
    except ColorParseError:
        return {}
    if any(each.ansi is not None for each in (*grounds, *words.values())):
        lighter = _LIGHTER if dark else {}
        return {name: lighter[value] for name, value in variables.items() if value in lighter}
    towards = Color(0, 0, 0) if _luminance(grounds[0]) > 0.18 else Color(255, 255, 255)

    def found(word: Color) -> Color:
        tried = (word.blend(towards, step / _STEPS) for step in range(_STEPS + 1))
        return next((c for c in tried if min(contrast(c, g) for g in grounds) >= LEAST), towards)

    return {name: found(word).hex for name, word in words.items()}


def _luminance(color: Color) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in color.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
