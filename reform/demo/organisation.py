"""The sample city hall: an excerpt of departments in official order, who reports what, and invented people."""

from __future__ import annotations

from dataclasses import dataclass

from reform.demo.shapes import Key

#: 部 (code, name, short name, ふりがな) with its 課 (name, short name, ふりがな): the first 課 reports for the 部.
#: 構造改革・DX推進課 stands here in its place; the published data brings it too.
DIVISIONS: list[tuple[tuple[str, str, str, str], list[tuple[str, str, str]]]] = [
    (
        ("0100", "総合政策部", "総合政策", "そうごうせいさくぶ"),
        [
            ("政策企画課", "政策企画", "せいさくきかくか"),
            ("構造改革・DX推進課", "構造改革", "こうぞうかいかくでぃーえっくすすいしんか"),
            ("情報政策課", "情報政策", "じょうほうせいさくか"),
            ("広報広聴課", "広報広聴", "こうほうこうちょうか"),
        ],
    ),
    (
        ("0200", "危機管理部", "危機管理", "ききかんりぶ"),
        [("危機管理課", "危機管理課", "ききかんりか"), ("災害対策課", "災害対策", "さいがいたいさくか")],
    ),
    (
        ("0300", "総務部", "総務", "そうむぶ"),
        [("総務課", "総務課", "そうむか"), ("職員課", "職員", "しょくいんか")],
    ),
    (
        ("0400", "財政部", "財政", "ざいせいぶ"),
        [
            ("財政課", "財政課", "ざいせいか"),
            ("市民税課", "市民税", "しみんぜいか"),
            ("資産税課", "資産税", "しさんぜいか"),
        ],
    ),
    (
        ("0500", "市民協働部", "市民協働", "しみんきょうどうぶ"),
        [("市民課", "市民", "しみんか"), ("地域振興課", "地域振興", "ちいきしんこうか")],
    ),
    (
        ("0600", "生活環境部", "生活環境", "せいかつかんきょうぶ"),
        [("環境企画課", "環境企画", "かんきょうきかくか"), ("生活安全課", "生活安全", "せいかつあんぜんか")],
    ),
    (
        ("0700", "保健福祉部", "保健福祉", "ほけんふくしぶ"),
        [
            ("保健福祉課", "保健福祉課", "ほけんふくしか"),
            ("介護保険課", "介護保険", "かいごほけんか"),
            ("障がい福祉課", "障がい福祉", "しょうがいふくしか"),
        ],
    ),
    (
        ("0800", "こどもみらい部", "こども", "こどもみらいぶ"),
        [("こども政策課", "こども政策", "こどもせいさくか"), ("保育課", "保育", "ほいくか")],
    ),
    (
        ("0900", "農林水産部", "農林水産", "のうりんすいさんぶ"),
        [("農政課", "農政", "のうせいか"), ("水産課", "水産", "すいさんか")],
    ),
    (
        ("1000", "産業振興部", "産業振興", "さんぎょうしんこうぶ"),
        [("産業政策課", "産業政策", "さんぎょうせいさくか"), ("商業労政課", "商業労政", "しょうぎょうろうせいか")],
    ),
    (
        ("1100", "観光文化スポーツ部", "観光文化", "かんこうぶんかすぽーつぶ"),
        [("観光課", "観光", "かんこうか"), ("文化スポーツ課", "文化スポ", "ぶんかすぽーつか")],
    ),
    (
        ("1200", "土木部", "土木", "どぼくぶ"),
        [("土木課", "土木課", "どぼくか"), ("河川課", "河川", "かせんか")],
    ),
    (
        ("1300", "都市建設部", "都市建設", "としけんせつぶ"),
        [("都市計画課", "都市計画", "としけいかくか"), ("建築指導課", "建築指導", "けんちくしどうか")],
    ),
    (("1400", "会計室", "会計", "かいけいしつ"), []),
    (
        ("1500", "議会事務局", "議会", "ぎかいじむきょく"),
        [("総務議事課", "議事", "そうむぎじか")],
    ),
    (
        ("1600", "教育委員会事務局", "教育委", "きょういくいいんかいじむきょく"),
        [("教育政策課", "教育政策", "きょういくせいさくか"), ("学校教育課", "学校教育", "がっこうきょういくか")],
    ),
    (
        ("1700", "各行政委員会事務局", "行政委", "かくぎょうせいいいんかいじむきょく"),
        [
            ("選挙管理委員会事務局", "選管", "せんきょかんりいいんかいじむきょく"),
            ("監査委員事務局", "監査", "かんさいいんじむきょく"),
            ("農業委員会事務局", "農委", "のうぎょういいんかいじむきょく"),
        ],
    ),
    (
        ("1800", "消防本部", "消防", "しょうぼうほんぶ"),
        [("消防総務課", "消防総務", "しょうぼうそうむか"), ("警防課", "警防", "けいぼうか")],
    ),
]

DIGITAL = "0103"  # 情報政策課
PERSONNEL = "0302"  # 職員課
CITIZENS = "0501"  # 市民課
TREASURER = "1400"  # 会計室

#: Which department reports a city-wide series; copies are reported 部 by 部.
REPORTERS: dict[Key, str] = {
    ("line-friends", "total"): DIGITAL,
    ("smartphone-services", "total"): DIGITAL,
    ("business-chat", "total"): DIGITAL,
    ("cashless-counters", "total"): DIGITAL,
    ("applications", "total"): CITIZENS,
    ("online-applications", "total"): CITIZENS,
    ("counter-payments", "total"): TREASURER,
    ("cashless-payments", "total"): TREASURER,
    ("cashless-methods", "credit"): TREASURER,
    ("cashless-methods", "e-money"): TREASURER,
    ("cashless-methods", "code-payment"): TREASURER,
    ("working-hours", "total"): PERSONNEL,
}

FAMILY_NAMES = (
    "佐藤 鈴木 高橋 渡辺 遠藤 菅野 吉田 阿部 斎藤 橋本 小林 加藤 大和田 志賀 根本 草野 蛭田 猪狩 新妻 木村 松本 山田"
)
GIVEN_NAMES = "美咲 健一 直樹 由美 大輔 恵子 翔太 裕子 拓也 明美 誠 智子 和也 真由美 浩二 彩 修 陽子 亮 久美子"


@dataclass(frozen=True)
class SignIn:
    """A person whose number and password the command prints."""

    number: str
    password: str
    name: str
    role: str
    department: str | None
    title: str


SIGN_INS = (
    SignIn("100001", "mihon-nyuryoku-1", "佐藤 美咲", "editor", DIGITAL, "主査"),
    SignIn("100002", "mihon-kakunin-2", "鈴木 健一", "approver", DIGITAL, "課長"),
    SignIn("100003", "mihon-torimatome-3", "渡辺 直樹", "reform_office", None, "構造改革・DX推進課 係長"),
    SignIn("100004", "mihon-etsuran-4", "高橋 由美", "viewer", None, "総合政策部長"),
)


def section_code(division: str, place: int) -> str:
    """The code of a 部's 課, counted from 1: 0100 and 3 → 0103."""
    return f"{int(division) + place:04}"


def copy_reporter(division: str) -> str:
    """The department that reports a 部's copies: its first 課, or itself where it has none."""
    sections = next(sections for (code, *_), sections in DIVISIONS if code == division)
    return section_code(division, 1) if sections else division


def reporting_departments() -> list[str]:
    """The codes of everybody who reports something, in official order."""
    return sorted({copy_reporter(code) for (code, *_), _ in DIVISIONS} | set(REPORTERS.values()))


def invented_name(place: int) -> str:
    """A name no two of the sample's people share."""
    family, given = FAMILY_NAMES.split(), GIVEN_NAMES.split()
    return f"{family[(place * 5 + 5) % len(family)]} {given[(place * 3 + place // len(given) + 7) % len(given)]}"


def head_title(name: str) -> str:
    """What the head of a department is called."""
    return next((title for end, title in (("事務局", "事務局長"), ("室", "室長")) if name.endswith(end)), "課長")
