"""Show the seconds of a benchmark as a table and as bars."""

from collections.abc import Mapping, Sequence
from statistics import median

# Contender -> step -> seconds of each round.
Seconds = Mapping[str, Mapping[str, Sequence[float]]]

_COLORS = {"plan": "#4c78a8", "apply": "#f58518", "verify": "#54a24b", "destroy": "#b279a2"}
_WIDTH, _BAR, _LEFT = 760, 26, 90


def totals(steps: Mapping[str, Sequence[float]]) -> list[float]:
    """Return the seconds of the full cycle of each round."""
    return [sum(times) for times in zip(*steps.values(), strict=True)]


def table(seconds: Seconds, first: str) -> str:
    """Return medians and ranges in seconds, and how many times as long as `first` each takes, as Markdown."""
    steps = list(seconds[first])
    lines = [f"| | {' | '.join([*steps, 'full cycle'])} | times {first} |", "|---" * (len(steps) + 3) + "|"]
    base = median(totals(seconds[first]))
    for name, taken in seconds.items():
        cells = [_cell(taken[step]) for step in steps] + [_cell(totals(taken))]
        lines.append(f"| {name} | {' | '.join(cells)} | {median(totals(taken)) / base:.2f} |")
    return "\n".join(lines)


def chart(seconds: Seconds) -> str:
    """Return an SVG with one bar for each contender, made of the medians of its steps."""
    medians = {name: {step: median(times) for step, times in taken.items()} for name, taken in seconds.items()}
    scale = (_WIDTH - _LEFT - 60) / max(sum(steps.values()) for steps in medians.values())
    parts = []
    for row, (name, steps) in enumerate(medians.items()):
        top, left = 10 + row * (_BAR + 10), float(_LEFT)
        parts.append(f'<text x="0" y="{top + 18}">{name}</text>')
        for step, taken in steps.items():
            width = taken * scale
            title = f"<title>{step}: {taken:.1f} s</title>"
            box = f'x="{left:.1f}" y="{top}" width="{width:.1f}" height="{_BAR}" fill="{_COLORS[step]}"'
            parts.append(f"<rect {box}>{title}</rect>")
            left += width
        parts.append(f'<text x="{left + 6:.1f}" y="{top + 18}">{sum(steps.values()):.1f} s</text>')
    top = 10 + len(medians) * (_BAR + 10)
    for column, (step, color) in enumerate(_COLORS.items()):
        parts.append(f'<rect x="{_LEFT + column * 90}" y="{top}" width="12" height="12" fill="{color}"/>')
        parts.append(f'<text x="{_LEFT + column * 90 + 18}" y="{top + 11}">{step}</text>')
    size = f'width="{_WIDTH}" height="{top + 24}"'
    style = 'font-family="sans-serif" font-size="13"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {style}>\n' + "\n".join(parts) + "\n</svg>\n"


def _cell(times: Sequence[float]) -> str:
    return f"{median(times):.1f} ({min(times):.1f} to {max(times):.1f})"
