"""What people can choose from: languages (ISO 639 codes), access needs, reasons for an alert."""

LANGUAGES = (
    ("en", "English"), ("cy", "Welsh"), ("bfi", "British Sign Language"), ("ar", "Arabic"), ("bn", "Bengali"),
    ("bg", "Bulgarian"), ("yue", "Cantonese"), ("cs", "Czech"), ("fr", "French"), ("de", "German"), ("el", "Greek"),
    ("gu", "Gujarati"), ("hi", "Hindi"), ("hu", "Hungarian"), ("it", "Italian"), ("ku", "Kurdish"), ("lv", "Latvian"),
    ("lt", "Lithuanian"), ("cmn", "Mandarin"), ("ne", "Nepali"), ("ps", "Pashto"), ("fa", "Persian"), ("pl", "Polish"),
    ("pt", "Portuguese"), ("pa", "Punjabi"), ("ro", "Romanian"), ("ru", "Russian"), ("sk", "Slovak"), ("so", "Somali"),
    ("es", "Spanish"), ("syl", "Sylheti"), ("ta", "Tamil"), ("ti", "Tigrinya"), ("tr", "Turkish"), ("uk", "Ukrainian"),
    ("ur", "Urdu"), ("vi", "Vietnamese"), ("yo", "Yoruba"), ("zz", "Another language"),
)  # fmt: skip
NEEDS = (
    ("large-print", "Large print"),
    ("braille", "Braille"),
    ("audio", "Audio instead of print"),
    ("easy-read", "Easy read"),
    ("bsl", "A British Sign Language interpreter"),
    ("text-relay", "Text relay, or messages instead of calls"),
    ("hearing-loop", "A hearing loop"),
    ("step-free", "Step-free access"),
    ("home-visit", "Visits at home"),
    ("more-time", "More time"),
    ("supporter", "Somebody with them"),
    ("assisted-collection", "Help with bins"),
    ("other", "Something else"),
)
ALERTS = (
    ("two-visit", "Two workers should visit"),
    ("aggression", "Threats or violence"),
    ("animal", "Animal at the address"),
    ("health", "Health risk at the address"),
    ("vulnerable", "May need extra help"),
    ("safeguarding", "Safeguarding"),
    ("other", "Something else"),
)
RELATIONSHIPS = (
    ("partner", "Partner"),
    ("parent", "Parent"),
    ("child", "Child"),
    ("sibling", "Brother or sister"),
    ("relative", "Other relative"),
    ("household", "Lives with them"),
    ("carer", "Carer"),
    ("cared-for", "Cared for by them"),
    ("representative", "Acts for them"),
    ("represented", "They act for this person"),
    ("other", "Other"),
)
TURNED_ROUND = {
    "partner": "partner",
    "parent": "child",
    "child": "parent",
    "sibling": "sibling",
    "relative": "relative",
    "household": "household",
    "carer": "cared-for",
    "cared-for": "carer",
    "representative": "represented",
    "represented": "representative",
    "other": "other",
}
"""What a relationship is, read from the other side."""


def stands_as(kind: str, *, turned: bool) -> str:
    """Return in words what somebody is to a person, by a relationship; `turned` if it was kept from the other side.

    >>> stands_as("parent", turned=False), stands_as("parent", turned=True)
    ('Parent', 'Child')
    """
    return dict(RELATIONSHIPS)[TURNED_ROUND[kind] if turned else kind]


USES = {"usual": 0, "known-as": 1, "former": 2, "home": 0, "correspondence": 1}
"""Which use of a name or an address comes first."""
