"""The landscape of the cover: hills, a town by the sea and a road of which the first half is paved. Decoration only."""

from __future__ import annotations

_SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">{body}</svg>'


def _building(x: int, base: int, width: int, height: int, fill: str) -> str:
    windows = "".join(
        f'<rect x="{x + 7 + column * 13}" y="{base - height + 9 + row * 15}" width="7" height="8" fill="#0017c1"/>'
        for column in range((width - 8) // 13)
        for row in range((height - 10) // 15)
    )
    return f'<rect x="{x}" y="{base - height}" width="{width}" height="{height}" fill="{fill}"/>{windows}'


def landscape() -> str:
    """An A4 landscape sheet (1123 × 794), dark at the top where the title stands."""
    town = "".join(
        _building(x, 548, width, height, fill)
        for x, width, height, fill in (
            (690, 34, 62, "#9db7f9"),
            (728, 47, 92, "#c5d7fb"),
            (779, 34, 48, "#9db7f9"),
            (817, 60, 74, "#d9e6ff"),
            (881, 34, 110, "#c5d7fb"),
            (919, 47, 56, "#9db7f9"),
            (970, 34, 80, "#d9e6ff"),
        )
    )
    waves = "".join(
        f'<path d="M{x} {y}q14 -9 28 0t28 0t28 0" fill="none" stroke="#9db7f9" stroke-width="2.5"/>'
        for x, y in ((905, 612), (1015, 628), (840, 640), (965, 662), (1060, 590))
    )
    body = (
        '<rect width="1123" height="794" fill="#0017c1"/>'
        '<circle cx="905" cy="330" r="178" fill="#0031d8"/><circle cx="905" cy="330" r="122" fill="#264af4"/>'
        '<circle cx="905" cy="330" r="70" fill="#4979f5"/>'
        '<path d="M0 560C140 470 250 452 380 512S610 430 760 500 1000 455 1123 505V794H0z" fill="#264af4"/>'
        f"{town}"
        '<path d="M1123 548H640C600 552 560 560 500 572L620 640 900 690 1123 720z" fill="#3460fb"/>'
        f"{waves}"
        '<path d="M0 610C170 540 360 548 520 566 640 580 760 640 900 690S1060 720 1123 716V794H0z" fill="#7096f8"/>'
        '<path d="M0 706C210 640 430 640 620 700S980 780 1123 760V794H0z" fill="#9db7f9"/>'
        # The road: paved from the foot of the sheet to the bend, marked out beyond it.
        '<path d="M196 794C300 726 520 716 560 676 588 646 470 626 470 598L486 598C492 622 640 644 634 684'
        ' 626 736 470 742 392 794z" fill="#ffffff"/>'
        '<path d="M300 786C380 740 560 726 598 684" fill="none" stroke="#0017c1" stroke-width="5"'
        ' stroke-dasharray="22 16"/>'
        '<path d="M470 596C466 578 560 572 640 556M487 598C488 588 590 578 668 556" fill="none" stroke="#ffffff"'
        ' stroke-width="2.5" stroke-dasharray="7 6"/>'
        '<path d="M676 556v-46" stroke="#ffffff" stroke-width="4"/><path d="M676 510l30 10-30 11z" fill="#ffd43d"/>'
    )
    return _SVG.format(width=1123, height=794, body=body)


def road() -> str:
    """A road from left to right (986 × 210): paved up to the middle where a flag stands, marked out beyond it."""
    body = (
        '<path d="M0 168C150 168 190 70 330 84S520 150 560 120" fill="none" stroke="#0017c1" stroke-width="44"/>'
        '<path d="M0 168C150 168 190 70 330 84S520 150 560 120" fill="none" stroke="#ffffff" stroke-width="3"'
        ' stroke-dasharray="18 14"/>'
        '<path d="M575 104C640 40 730 30 800 76S940 120 986 64" fill="none" stroke="#949494" stroke-width="44"/>'
        '<path d="M575 104C640 40 730 30 800 76S940 120 986 64" fill="none" stroke="#ffffff" stroke-width="40"/>'
        '<path d="M575 104C640 40 730 30 800 76S940 120 986 64" fill="none" stroke="#666666" stroke-width="2.5"'
        ' stroke-dasharray="10 12"/>'
        '<path d="M566 122V22" stroke="#333333" stroke-width="5" stroke-linecap="round"/>'
        '<path d="M568 22h76l-16 20 16 20h-76z" fill="#ffd43d" stroke="#333333" stroke-width="2.5"/>'
        '<circle cx="566" cy="122" r="9" fill="#333333"/>'
    )
    return _SVG.format(width=986, height=210, body=body)
