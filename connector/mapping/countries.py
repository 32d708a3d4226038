"""Finds the region that a CRM's country field means, by name or by code.

Names in some forty languages come with libphonenumber. They are read from their own
file: importing the package around them takes 0.4 seconds and 100 MB.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import module_from_spec
from pathlib import Path
from types import MappingProxyType
from typing import Final

import phonenumbers

_LOOKED_AT: Final = 80
_SHORTEST_NAME: Final = 3
_INSIDE_WORDS: Final = ".'`\u2019\u02bc"
_APART = re.compile(r"[()/|]| - |[\u2013\u2014]")
_SAME_AS: Final = "*"  # before a language's code: its name is that language's
_SMALL_WORDS = frozenset({"and", "of", "the"})
_LONG_FORMS = MappingProxyType({"st": "saint"})
# What a country is called on letter paper, before or after its name.
_TITLES = frozenset(
    {
        "commonwealth",
        "federal",
        "federative",
        "independent",
        "islamic",
        "kingdom",
        "principality",
        "republic",
        "socialist",
        "state",
        "sultanate",
    }
)

# ISO 3166-1: alpha-2 before its alpha-3 codes.
_ALPHA_3 = """
AD AND AE ARE AF AFG AG ATG AI AIA AL ALB AM ARM AO AGO AR ARG AS ASM AT AUT AU AUS
AW ABW AX ALA AZ AZE BA BIH BB BRB BD BGD BE BEL BF BFA BG BGR BH BHR BI BDI BJ BEN
BL BLM BM BMU BN BRN BO BOL BQ BES BR BRA BS BHS BT BTN BW BWA BY BLR BZ BLZ CA CAN
CC CCK CD COD CF CAF CG COG CH CHE CI CIV CK COK CL CHL CM CMR CN CHN CO COL CR CRI
CU CUB CV CPV CW CUW CX CXR CY CYP CZ CZE DE DEU DJ DJI DK DNK DM DMA DO DOM DZ DZA
EC ECU EE EST EG EGY EH ESH ER ERI ES ESP ET ETH FI FIN FJ FJI FK FLK FM FSM FO FRO
FR FRA GA GAB GB GBR GD GRD GE GEO GF GUF GG GGY GH GHA GI GIB GL GRL GM GMB GN GIN
GP GLP GQ GNQ GR GRC GT GTM GU GUM GW GNB GY GUY HK HKG HN HND HR HRV HT HTI HU HUN
ID IDN IE IRL IL ISR IM IMN IN IND IO IOT IQ IRQ IR IRN IS ISL IT ITA JE JEY JM JAM
JO JOR JP JPN KE KEN KG KGZ KH KHM KI KIR KM COM KN KNA KP PRK KR KOR KW KWT KY CYM
KZ KAZ LA LAO LB LBN LC LCA LI LIE LK LKA LR LBR LS LSO LT LTU LU LUX LV LVA LY LBY
MA MAR MC MCO MD MDA ME MNE MF MAF MG MDG MH MHL MK MKD ML MLI MM MMR MN MNG MO MAC
MP MNP MQ MTQ MR MRT MS MSR MT MLT MU MUS MV MDV MW MWI MX MEX MY MYS MZ MOZ NA NAM
NC NCL NE NER NF NFK NG NGA NI NIC NL NLD NO NOR NP NPL NR NRU NU NIU NZ NZL OM OMN
PA PAN PE PER PF PYF PG PNG PH PHL PK PAK PL POL PM SPM PR PRI PS PSE PT PRT PW PLW
PY PRY QA QAT RE REU RO ROU RS SRB RU RUS RW RWA SA SAU SB SLB SC SYC SD SDN SE SWE
SG SGP SH SHN SI SVN SJ SJM SK SVK SL SLE SM SMR SN SEN SO SOM SR SUR SS SSD ST STP
SV SLV SX SXM SY SYR SZ SWZ TC TCA TD TCD TG TGO TH THA TJ TJK TK TKL TL TLS TM TKM
TN TUN TO TON TR TUR TT TTO TV TUV TW TWN TZ TZA UA UKR UG UGA US USA UY URY UZ UZB
VA VAT VC VCT VE VEN VG VGB VI VIR VN VNM VU VUT WF WLF WS WSM XK XKX YE YEM YT MYT
ZA ZAF ZM ZMB ZW ZWE
"""

# Names that people and CRMs use beside those of libphonenumber.
_ALSO = MappingProxyType(
    {
        "AC": ("Ascension", "Ascension Island"),
        "AE": ("UAE", "Emirates"),
        "BA": ("Bosnia",),
        "BN": ("Brunei Darussalam",),
        "BO": ("Bolivia, Plurinational State of",),
        "BQ": ("Bonaire", "Caribbean Netherlands"),
        "BS": ("The Bahamas",),
        "CC": ("Cocos (Keeling) Islands",),
        "CD": ("DRC", "Congo-Kinshasa", "Congo (Kinshasa)", "Congo, DR"),
        "CG": ("Congo-Brazzaville", "Congo (Brazzaville)", "Republic of the Congo"),
        "CI": ("Ivory Coast", "Cote dIvoire"),
        "CN": ("PRC", "Mainland China", "People's Republic of China"),
        "CV": ("Cabo Verde",),
        "CZ": ("Czechia",),
        "FK": ("Falkland Islands (Malvinas)",),
        "FM": ("Micronesia, Federated States of",),
        "GB": (
            "UK",
            "U.K.",
            "Great Britain",
            "Britain",
            "England",
            "Scotland",
            "Wales",
            "Northern Ireland",
            "United Kingdom of Great Britain and Northern Ireland",
        ),
        "GR": ("Hellas",),
        "HK": ("Hong Kong SAR", "Hong Kong SAR China"),
        "IE": ("Eire", "Republic of Ireland"),
        "IN": ("Bharat",),
        "IR": ("Iran, Islamic Republic of",),
        "KN": ("St Kitts",),
        "KP": ("DPRK", "Korea, Democratic People's Republic of"),
        "KR": ("ROK", "Korea", "Korea, Republic of"),
        "LA": ("Lao People's Democratic Republic", "Lao PDR"),
        "LY": ("Libyan Arab Jamahiriya",),
        "MF": ("Saint Martin (French part)", "St Martin"),
        "MK": ("North Macedonia", "Macedonia, the former Yugoslav Republic of"),
        "MM": ("Burma",),
        "MO": ("Macau", "Macao SAR", "Macau SAR", "Macao SAR China"),
        "NL": ("Holland", "The Netherlands"),
        "PS": ("Palestine, State of", "Palestinian Territory, Occupied"),
        "RE": ("La Réunion",),
        "RU": ("Russian Federation",),
        "SA": ("KSA", "Saudi"),
        "SK": ("Slovak Republic",),
        "SH": ("Saint Helena, Ascension and Tristan da Cunha",),
        "SY": ("Syrian Arab Republic",),
        "SX": ("Sint Maarten",),
        "SZ": ("Eswatini",),
        "TA": ("Tristan da Cunha",),
        "TL": ("East Timor",),
        "TR": ("Türkiye",),
        "TW": ("ROC", "Republic of China", "Taiwan, Province of China"),
        "TZ": ("Tanzania, United Republic of",),
        "US": ("America", "United States of America", "US of A"),
        "VA": ("Vatican City", "Holy See (Vatican City State)", "Holy See"),
        "VC": ("St Vincent",),
        "VE": ("Venezuela, Bolivarian Republic of",),
        "VG": ("Virgin Islands, British", "BVI"),
        "VI": ("Virgin Islands, U.S.", "USVI"),
        "VN": ("Viet Nam",),
        "XK": ("Kosovo",),
    }
)


def region_of(country: str) -> str | None:
    """Return the CLDR region of a country's name, ISO code or common short form.

    Case, accents, punctuation and the order of words don't matter, and one country may
    stand there twice, as "India (IN)" or "India/Bharat". None for what is
    no country, and for one that has no telephone numbers of its own.
    """
    return _region_of(country[:_LOOKED_AT])


@lru_cache(maxsize=4096)
def _region_of(country: str) -> str | None:
    known = _of_one(country)
    if known is None:
        regions = {_of_one(part) for part in _APART.split(country) if _words(part)}
        known = regions.pop() if len(regions) == 1 else None
    return known


def _of_one(country: str) -> str | None:
    words = _words(country)
    code = "".join(words).upper()
    if code in phonenumbers.SUPPORTED_REGIONS:
        return code
    plainer = [word for word in words if word not in _TITLES]
    return _first_known(_keys(words)) or _first_known(_keys(plainer))


def _first_known(keys: Iterator[str]) -> str | None:
    return next(filter(None, map(_regions_by_name().get, keys)), None)


def _words(text: str) -> list[str]:
    """Return the words without case, accents and marks."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(map(_kept, apart)).split()


def _kept(character: str) -> str:
    if character in _INSIDE_WORDS or unicodedata.combining(character):
        return ""
    return character if character.isalnum() else " "


def _keys(words: list[str]) -> Iterator[str]:
    """Return the words as one, so that "U S A" is "USA"; then in any order."""
    large = [word for word in words if word not in _SMALL_WORDS] or words
    if large:
        long = [_LONG_FORMS.get(word, word) for word in large]
        yield "".join(long)
        yield " ".join(sorted(long))


@cache
def _regions_by_name() -> Mapping[str, str]:
    regions: dict[str, str] = {}
    codes = _ALPHA_3.split()
    by_alpha_3 = zip(codes[::2], codes[1::2], strict=True)
    for region, name in (*_translated(), *_common(), *by_alpha_3):
        regions.update(dict.fromkeys(_keys(_words(name)), region))
    return MappingProxyType(regions)


def _common() -> Iterator[tuple[str, str]]:
    return ((region, name) for region, names in _ALSO.items() for name in names)


def _translated() -> Iterator[tuple[str, str]]:
    """Return regions with their names in each language, but for those like a code."""
    path = Path(phonenumbers.__path__[0]) / "geodata" / "locale.py"
    loader = SourceFileLoader("phonenumbers.geodata.locale", str(path))
    module = module_from_spec(ModuleSpec(loader.name, loader))
    loader.exec_module(module)
    for region in sorted(phonenumbers.SUPPORTED_REGIONS & module.LOCALE_DATA.keys()):
        for name in module.LOCALE_DATA[region].values():
            if not name.startswith(_SAME_AS) and not _is_like_a_code(name):
                yield region, name


def _is_like_a_code(name: str) -> bool:
    key = "".join(_words(name))
    return len(key) < _SHORTEST_NAME and key.isascii()
