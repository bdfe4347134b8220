"""Which country a telephone number says it belongs to, and the language usually spoken there.

Longest prefix wins. Source: ITU-T E.164 list of assigned country codes and the area codes of the North American
numbering plan, as of 2026-11. A number that was ported or moved abroad says nothing about where its owner is, so this
is a default to start from and never a rule to decide consent or quiet hours by.
"""

from __future__ import annotations

from functools import cache, lru_cache

LONGEST_PREFIX = 7
"""Digits of the longest prefix below."""

_COUNTRIES = """
1 US en|20 EG ar|211 SS en|212 MA ar|213 DZ ar|216 TN ar|218 LY ar|220 GM en|221 SN fr|222 MR ar|223 ML fr|224 GN fr
225 CI fr|226 BF fr|227 NE fr|228 TG fr|229 BJ fr|230 MU en|231 LR en|232 SL en|233 GH en|234 NG en|235 TD fr|236 CF fr
237 CM fr|238 CV pt|239 ST pt|240 GQ es|241 GA fr|242 CG fr|243 CD fr|244 AO pt|245 GW pt|246 IO en|247 SH en|248 SC en
249 SD ar|250 RW rw|251 ET am|252 SO so|253 DJ fr|254 KE sw|255 TZ sw|256 UG en|257 BI fr|258 MZ pt|260 ZM en|261 MG mg
262 RE fr|263 ZW en|264 NA en|265 MW en|266 LS en|267 BW en|268 SZ en|269 KM ar|27 ZA en|290 SH en|291 ER ti|297 AW nl
298 FO fo|299 GL kl|30 GR el|31 NL nl|32 BE nl|33 FR fr|34 ES es|350 GI en|351 PT pt|352 LU fr|353 IE en|354 IS is
355 AL sq|356 MT mt|357 CY el|358 FI fi|359 BG bg|36 HU hu|370 LT lt|371 LV lv|372 EE et|373 MD ro|374 AM hy|375 BY ru
376 AD ca|377 MC fr|378 SM it|380 UA uk|381 RS sr|382 ME sr|383 XK sq|385 HR hr|386 SI sl|387 BA bs|389 MK mk|39 IT it
40 RO ro|41 CH de|420 CZ cs|421 SK sk|423 LI de|43 AT de|44 GB en|45 DK da|46 SE sv|47 NO no|48 PL pl|49 DE de|500 FK en
501 BZ en|502 GT es|503 SV es|504 HN es|505 NI es|506 CR es|507 PA es|508 PM fr|509 HT ht|51 PE es|52 MX es|53 CU es
54 AR es|55 BR pt|56 CL es|57 CO es|58 VE es|590 GP fr|591 BO es|592 GY en|593 EC es|594 GF fr|595 PY es|596 MQ fr
597 SR nl|598 UY es|599 CW nl|60 MY ms|61 AU en|62 ID id|63 PH en|64 NZ en|65 SG en|66 TH th|670 TL pt|672 NF en
673 BN ms|674 NR en|675 PG en|676 TO to|677 SB en|678 VU en|679 FJ en|680 PW en|681 WF fr|682 CK en|683 NU en|685 WS sm
686 KI en|687 NC fr|688 TV en|689 PF fr|690 TK en|691 FM en|692 MH en|7 RU ru|76 KZ kk|77 KZ kk|81 JP ja|82 KR ko
84 VN vi|850 KP ko|852 HK zh|853 MO zh|855 KH km|856 LA lo|86 CN zh|880 BD bn|886 TW zh|90 TR tr|91 IN en|92 PK ur
93 AF ps|94 LK si|95 MM my|960 MV dv|961 LB ar|962 JO ar|963 SY ar|964 IQ ar|965 KW ar|966 SA ar|967 YE ar|968 OM ar
970 PS ar|971 AE ar|972 IL he|973 BH ar|974 QA ar|975 BT dz|976 MN mn|977 NP ne|98 IR fa|992 TJ tg|993 TM tk|994 AZ az
995 GE ka|996 KG ky|998 UZ uz|1242 BS en|1246 BB en|1264 AI en|1268 AG en|1284 VG en|1340 VI en|1345 KY en|1441 BM en
1473 GD en|1649 TC en|1658 JM en|1664 MS en|1670 MP en|1671 GU en|1684 AS en|1721 SX nl|1758 LC en|1767 DM en|1784 VC en
1787 PR es|1809 DO es|1829 DO es|1849 DO es|1868 TT en|1869 KN en|1876 JM en|1939 PR es|1600 CA en|1622 CA en|1633 CA en
5999 CW nl|5997 BQ nl|5994 BQ nl|5993 BQ nl|262269 YT fr|262639 YT fr|3906698 VA it|441481 GG en|441534 JE en
441624 IM en
"""

_CANADA = """
204 226 236 249 250 257 263 273 289 306 343 354 365 367 368 382 387 403 416 418 428 431 437 438 450 460 468 474 506 514
519 537 548 568 579 581 584 587 604 613 639 647 672 683 705 709 742 753 778 780 782 807 819 825 867 873 879 902 905 942
"""

_QUEBEC = frozenset(["263", "273", "354", "367", "418", "438", "450", "468", "514", "579", "581", "819", "873"])

TOLL_FREE = frozenset(["1800", "1822", "1833", "1844", "1855", "1866", "1877", "1888"])
"""Area codes of North America that belong to no country and are free to call."""


@cache
def _prefixes() -> dict[str, tuple[str, str]]:
    """Prefix to country and language. Built when first asked, not at import."""
    rows = (row.split() for row in _COUNTRIES.replace("\n", "|").split("|") if row)
    table = {prefix: (country, language) for prefix, country, language in rows}
    table.update({f"1{area}": ("CA", "fr" if area in _QUEBEC else "en") for area in _CANADA.split()})
    return table


def _found(number: str) -> tuple[str, str] | None:
    return _of_digits(number.removeprefix("+")[:LONGEST_PREFIX])


@lru_cache(maxsize=4096)
def _of_digits(digits: str) -> tuple[str, str] | None:
    """Country and language by the first digits, which are no person's."""
    if digits[:4] in TOLL_FREE:
        return None
    table = _prefixes()
    for length in range(LONGEST_PREFIX, 0, -1):
        match = table.get(digits[:length])
        if match is not None:
            return match
    return None


def calling_code(number: str) -> str:
    """The country code of an E.164 number, without plus; empty for one that is not assigned.

    >>> calling_code("+442079460000"), calling_code("+12425550100")
    ('44', '1')
    """
    digits = number.removeprefix("+")
    if digits.startswith("1"):
        return "1"
    table = _prefixes()
    return next((digits[:length] for length in (1, 2, 3) if digits[:length] in table), "")


def country_of(number: str) -> str | None:
    """ISO 3166 code of the country an E.164 number belongs to; None if unknown, shared or toll-free.

    >>> country_of("+442079460000"), country_of("+15145550100"), country_of("+18005550100")
    ('GB', 'CA', None)
    """
    found = _found(number)
    return None if found is None else found[0]


def language_of(number: str) -> str | None:
    """ISO 639 code of the language to start with for a number; None where the country is not known.

    >>> language_of("+4930123456"), language_of("+15145550100")
    ('de', 'fr')
    """
    found = _found(number)
    return None if found is None else found[1]
