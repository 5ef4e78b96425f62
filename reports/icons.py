"""Drawings of our own for the report: 48 × 48, one stroke, readable in grey.

They are decoration (the text beside says it all), so they come as backgrounds: a picture without an alternative text
would break the PDF's accessibility, and one with it would say everything twice.
"""

from __future__ import annotations

from urllib.parse import quote

ICONS: dict[str, str] = {
    "phone": '<rect x="13" y="4" width="22" height="40" rx="4"/><path d="M21 38h6M13 11h22M13 33h22"/>',
    "chat": '<path d="M5 8h27v18H18l-7 7v-7H5z"/><path d="M37 16h6v17h-4v7l-7-7H22"/><path d="M12 14h13M12 20h8"/>',
    "laptop": '<rect x="9" y="9" width="30" height="21" rx="2"/><path d="M4 37h40l-4-7H8z"/><path d="m18 19 5 5 8-9"/>',
    "printer": '<path d="M14 16V5h20v11"/><rect x="6" y="16" width="36" height="17" rx="3"/>'
    '<path d="M14 27h20v16H14zM19 33h10M19 38h6"/>',
    "paper": '<path d="M12 4h17l8 8v32H12z"/><path d="M29 4v8h8M18 21h13M18 28h13M18 35h8"/>',
    "stack": '<path d="M6 33l18 8 18-8M6 26l18 8 18-8M6 19l18 8 18-8-18-8z"/>',
    "card": '<rect x="4" y="10" width="40" height="28" rx="4"/><path d="M4 19h40M10 31h9M31 31h7"/>',
    "touch": '<rect x="4" y="14" width="28" height="20" rx="3"/><path d="M11 14v20M36 17a10 10 0 0 1 0 14'
    'M40 12a17 17 0 0 1 0 24"/>',
    "code": '<path d="M6 6h13v13H6zM29 6h13v13H29zM6 29h13v13H6zM11 11h3v3h-3zM34 11h3v3h-3zM11 34h3v3h-3z"/>'
    '<path d="M29 29h5v5h-5zM37 37h5v5h-5zM38 29h4M29 41h3"/>',
    "counter": '<path d="M5 26h38v17H5zM9 26V12h30v14M4 12h40M11 5h26l3 7H8z"/><path d="M19 34h10"/>',
    "building": '<path d="M8 43V12l16-8 16 8v31M4 43h40M20 43V33h8v10"/>'
    '<path d="M15 18h4M29 18h4M22 18h4M15 26h4M29 26h4M22 26h4"/>',
    "clock": '<circle cx="24" cy="24" r="19"/><path d="M24 12v13l9 6"/>',
    "people": '<circle cx="17" cy="14" r="7"/><path d="M4 42c0-10 6-16 13-16s13 6 13 16"/>'
    '<circle cx="35" cy="17" r="5"/><path d="M33 27c7 0 11 5 11 13"/>',
    "person": '<circle cx="24" cy="13" r="8"/><path d="M9 44c0-12 7-18 15-18s15 6 15 18"/>',
    "relay": '<circle cx="15" cy="11" r="6"/><path d="M5 43V30a10 10 0 0 1 18-6l5 6h8"/><path d="m33 24 8 6-8 6"/>',
    "child": '<circle cx="16" cy="11" r="6"/><path d="M6 43V29a10 10 0 0 1 19-4"/><circle cx="34" cy="24" r="5"/>'
    '<path d="M26 43v-5a8 8 0 0 1 16 0v5"/>',
    "book": '<path d="M24 12c-4-4-10-5-19-5v31c9 0 15 1 19 5 4-4 10-5 19-5V7c-9 0-15 1-19 5zM24 12v31"/>',
    "shield": '<path d="M24 4 8 10v13c0 11 7 17 16 21 9-4 16-10 16-21V10z"/><path d="m17 24 5 5 9-11"/>',
    "medical": '<path d="M24 43C10 32 5 25 5 17a9.5 9.5 0 0 1 19-3 9.5 9.5 0 0 1 19 3c0 8-5 15-19 26z"/>'
    '<path d="M24 19v12M18 25h12"/>',
    "house": '<path d="M4 24 24 6l20 18M10 19v24h28V19M20 43V30h8v13"/>',
    "town": '<path d="M4 43V25l10-8 10 8v18M24 43V12l10-7 10 7v31M3 43h42"/>'
    '<path d="M11 43V33h6v10M31 18h6M31 26h6M31 34h6"/>',
    "leaf": '<path d="M9 40C4 20 16 6 42 6c1 24-9 36-27 33M7 44c4-12 11-19 23-25"/>',
    "bus": '<rect x="5" y="8" width="38" height="28" rx="4"/><path d="M5 24h38M18 8v16M31 8v16"/>'
    '<circle cx="14" cy="38" r="4"/><circle cx="34" cy="38" r="4"/>',
    "factory": '<path d="M5 43V22l11 7v-7l11 7V8h9v35zM3 43h42"/><path d="M13 36h4M23 36h4M33 36h3"/>',
    "rice": '<path d="M24 44V18M24 30c-8 0-12-5-12-11 8 0 12 5 12 11zM24 24c8 0 12-5 12-11-8 0-12 5-12 11z'
    'M24 18c-4-3-5-9 0-14 5 5 4 11 0 14z"/>',
    "camera": '<path d="M4 14h10l4-6h12l4 6h10v27H4z"/><circle cx="24" cy="27" r="8"/>',
    "rain": '<path d="M13 29a9 9 0 1 1 2-17 11 11 0 0 1 21 4 7 7 0 0 1-1 13z"/><path d="m15 35-3 8M24 35l-3 8M33 35l-3 8"/>',
    "bridge": '<path d="M3 30h42M3 37h42M10 30v13M38 30v13M10 30C12 18 36 18 38 30M24 21v9M17 23v7M31 23v7"/>',
    "decline": '<path d="M5 7v36h38M11 14l10 9 7-5 13 16M41 24v10H31"/>',
    "gear": '<circle cx="24" cy="24" r="7"/><circle cx="24" cy="24" r="14"/>'
    '<path d="M24 4v6M24 38v6M4 24h6M38 24h6M10 10l4 4M34 34l4 4M38 10l-4 4M14 34l-4 4"/>',
    "arrows": '<path d="M6 18h30l-9-10M42 31H12l9 10"/>',
    "coins": '<ellipse cx="24" cy="12" rx="16" ry="7"/>'
    '<path d="M8 12v12c0 4 7 7 16 7s16-3 16-7V12M8 24v12c0 4 7 7 16 7s16-3 16-7V24"/>',
    "bulb": '<path d="M17 33c-5-4-8-8-8-14a15 15 0 0 1 30 0c0 6-3 10-8 14z"/><path d="M17 38h14M20 43h8"/>',
    "chart": '<path d="M4 43h40M9 43V27h8v16M21 43V17h8v26M33 43V6h8v37"/>',
    "calendar": '<rect x="5" y="9" width="38" height="34" rx="3"/><path d="M5 19h38M15 4v9M33 4v9M14 28h6M28 28h6M14 36h6"/>',
    "talk": '<circle cx="12" cy="19" r="6"/><path d="M3 42c0-9 4-14 9-14s9 5 9 14"/>'
    '<path d="M24 5h20v16H33l-6 6v-6h-3z"/><circle cx="36" cy="32" r="4"/><path d="M28 44c0-5 3-8 8-8s8 3 8 8"/>',
    "plan": '<path d="M10 6h22l6 6v31H10z"/><path d="m16 20 3 3 5-6M28 21h5M16 32l3 3 5-6M28 33h5"/>',
    "wrench": '<path d="M41 12a10 10 0 0 1-14 11L12 41a4 4 0 0 1-6-5l18-16A10 10 0 0 1 36 7l-6 6 5 5z"/>',
    "bell": '<path d="M8 36h32l-4-6V20a12 12 0 0 0-24 0v10zM20 41a4 4 0 0 0 8 0M24 8V4"/>',
    "trash": '<path d="M8 12h32M18 12V6h12v6M12 12l3 31h18l3-31M20 20v15M28 20v15"/>',
    "heart": '<path d="M24 42C10 32 5 25 5 17a9.5 9.5 0 0 1 19-3 9.5 9.5 0 0 1 19 3c0 8-5 15-19 25z"/>',
    "service": '<rect x="13" y="4" width="22" height="40" rx="4"/><path d="M21 38h6"/><path d="m18 20 5 5 8-10"/>',
    "facility": '<path d="M8 43V16l16-11 16 11v27M4 43h40M19 43V30h10v13"/><path d="M20 20h8"/>',
    "finance": '<ellipse cx="24" cy="12" rx="17" ry="7"/><path d="M7 12v24c0 4 8 7 17 7s17-3 17-7V12"/>'
    '<path d="M7 24c0 4 8 7 17 7s17-3 17-7"/>',
    "work": '<rect x="5" y="14" width="38" height="28" rx="3"/><path d="M17 14V7h14v7M5 26h38M24 22v8"/>',
}
#: What staff choose a drawing by.
NAMES: dict[str, str] = {
    "phone": "電話（スマートフォン）",
    "chat": "会話の吹き出し",
    "laptop": "パソコン",
    "printer": "プリンター",
    "paper": "書類",
    "stack": "重なった紙",
    "card": "カード",
    "touch": "かざすカード",
    "code": "二次元コード",
    "counter": "窓口",
    "building": "庁舎",
    "clock": "時計",
    "people": "人々",
    "person": "人",
    "relay": "人から人へ",
    "child": "親子",
    "book": "本",
    "shield": "盾（安全）",
    "medical": "医療（ハートと十字）",
    "house": "家",
    "town": "街並み",
    "leaf": "葉（環境）",
    "bus": "バス",
    "factory": "工場",
    "rice": "稲（農業）",
    "camera": "カメラ",
    "rain": "雨（災害）",
    "bridge": "橋",
    "decline": "下がるグラフ",
    "gear": "歯車",
    "arrows": "行き来する矢印",
    "coins": "硬貨",
    "bulb": "電球（発想）",
    "chart": "棒グラフ",
    "calendar": "カレンダー",
    "talk": "相談する人",
    "plan": "計画書（確認の印）",
    "wrench": "工具（修繕）",
    "bell": "ベル（お知らせ）",
    "trash": "ごみ箱（廃止）",
    "heart": "ハート",
    "service": "手続のできるスマートフォン",
    "facility": "施設",
    "finance": "財政（積んだ硬貨）",
    "work": "仕事かばん",
}
BLUE, WHITE = "#0017c1", "#ffffff"


def css(names: set[str]) -> str:
    """Style rules `.i-NAME` (blue) and `.on-blue .i-NAME` (white) for the icons of these names."""
    rules = []
    for name in sorted(names & ICONS.keys()):
        rules.append(f".i-{name}{{background-image:{as_url(picture(name, BLUE))}}}")
        rules.append(f".on-blue .i-{name}{{background-image:{as_url(picture(name, WHITE))}}}")
    return "".join(rules)


def picture(name: str, colour: str) -> str:
    """An icon as an SVG document."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" width="48" height="48" fill="none"'
        f' stroke="{colour}" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round">{ICONS[name]}</svg>'
    )


def as_url(svg: str) -> str:
    """A picture as a CSS value that loads nothing."""
    return f'url("data:image/svg+xml,{quote(svg, safe=" =:/,")}")'.replace("%22", "'")
