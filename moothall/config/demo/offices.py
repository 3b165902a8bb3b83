"""The offices that the three councils share, and who works in them: the hub, the ICT service, personnel, projects."""

from collections.abc import Mapping, Sequence

from moothall.config.demo.playbill import Part, Troupe

_ALL = ("fernshire", "alderbridge", "wenbury")
_CHILDREN = ("fernshire", "alderbridge")

OFFICES: Mapping[str, Troupe] = {
    "hub": ("fernshire", "mash", "Safeguarding hub", _CHILDREN),
    "hub-managers": ("fernshire", "mash-manager", "Hub managers", _CHILDREN),
    "hub-police": ("fernshire", "police", "Police in the hub", _CHILDREN),
    "hub-health": ("fernshire", "health", "Health in the hub", _CHILDREN),
    "hub-schools": ("alderbridge", "education", "Schools in the hub", _CHILDREN),
    "family-help": ("alderbridge", "early-help", "Family help", _CHILDREN),
    "safeguarding": ("fernshire", "safeguarding", "Safeguarding", _CHILDREN),
    "service-desk": ("alderbridge", "service-desk", "Shared service desk", _ALL),
    "platforms": ("fernshire", "resolvers", "Platforms and networks", _ALL),
    "major-incidents": ("alderbridge", "major-incident", "Major incident managers", _ALL),
    "service-owners": ("wenbury", "service-owners", "Service owners", _ALL),
    "ict-managers": ("alderbridge", "ict-manager", "ICT managers", _ALL),
    "problem-managers": ("alderbridge", "problem-manager", "Problem management", _ALL),
    "ict-engineers": ("wenbury", "ict", "ICT engineers", _ALL),
    "change-managers": ("alderbridge", "change-manager", "Change management", _ALL),
    "change-board": ("wenbury", "cab", "Change board", _ALL),
    "emergency-board": ("wenbury", "ecab", "Emergency board", _ALL),
    "approvers": ("alderbridge", "approvers", "Managers who approve", _ALL),
    "budget-holders": ("fernshire", "budget-holders", "Budget holders", _ALL),
    "ict-security": ("alderbridge", "ict-security", "ICT security", _ALL),
    "personnel": ("fernshire", "hr", "Shared personnel", _ALL),
    "buildings": ("fernshire", "building", "Buildings and cards", _ALL),
    "programme-office": ("alderbridge", "pmo", "Programme office", _ALL),
    "project-managers": ("alderbridge", "project-managers", "Project managers", _ALL),
    "gate-board": ("wenbury", "gate-board", "Programme board", _ALL),
    "records": ("fernshire", "records", "Records management", _ALL),
    "data-protection": ("fernshire", "data-protection", "Data protection", _ALL),
    "disposal-board": ("fernshire", "disposal-board", "Disposal board", _ALL),
}

_OFFICER = ("officer",)
_LEADER = ("supervisor",)
_GUARDIAN = ("officer", "data-protection-officer")
_STEWARD = ("officer", "record-steward")
_ANALYST = ("desk-analyst",)
_RESOLVER = ("resolver",)
_CLIENT = ("officer", "ict-client")
_BOARDS = ("change-board", "emergency-board", "service-owners")

COLLEAGUES: Sequence[Part] = (
    Part("Hannah Blythe", "fernshire", "Social worker", _OFFICER, ("hub",), also_at=_CHILDREN),
    Part("Deborah Osei", "alderbridge", "Social worker", _OFFICER, ("hub",), also_at=_CHILDREN),
    Part("Anthea Royle", "fernshire", "Hub manager", _LEADER, ("hub-managers", "hub"), leads=True, also_at=_CHILDREN),
    Part("Gordon Iqbal", "alderbridge", "Hub manager", _LEADER, ("hub-managers",), also_at=_CHILDREN),
    Part("Sgt Claire Doyle", "fernshire", "Police sergeant", _OFFICER, ("hub-police",), also_at=_CHILDREN),
    Part("Mina Kapoor", "fernshire", "Named nurse", _OFFICER, ("hub-health",), also_at=_CHILDREN),
    Part("Stuart Lane", "alderbridge", "Education welfare officer", _OFFICER, ("hub-schools",), also_at=_CHILDREN),
    Part("Ffion Harding", "alderbridge", "Family worker", _OFFICER, ("family-help",), also_at=_CHILDREN),
    Part("Joseph Quaye", "fernshire", "Family worker", _OFFICER, ("family-help",), also_at=_CHILDREN),
    Part("Ingrid Solberg", "fernshire", "Head of safeguarding", _LEADER, ("safeguarding",), also_at=_CHILDREN),
    Part("Paul Everett", "alderbridge", "Service desk analyst", _ANALYST, ("service-desk",), also_at=_ALL),
    Part("Zainab Yousef", "wenbury", "Service desk analyst", _ANALYST, ("service-desk",), also_at=_ALL),
    Part("Rhys Gould", "fernshire", "Platform engineer", _RESOLVER, ("platforms", "ict-engineers"), also_at=_ALL),
    Part("Katya Lindqvist", "wenbury", "Network engineer", _RESOLVER, ("platforms", "ict-engineers"), also_at=_ALL),
    Part("Ben Achterberg", "alderbridge", "Platform engineer", _RESOLVER, ("platforms", "ict-engineers"), also_at=_ALL),
    Part(
        "Louise Tranter", "alderbridge", "Service desk and major incident manager", ("desk-manager",),
        ("major-incidents", "ict-managers", "service-desk"), leads=True,
        also_at=_ALL,
    ),
    Part("Imran Sheikh", "alderbridge", "Problem manager", _RESOLVER, ("problem-managers",), also_at=_ALL),
    Part(
        "Tessa Vaughan", "alderbridge", "Change manager", ("change-manager",), ("change-managers", "ict-managers"),
        leads=True, also_at=_ALL,
    ),
    Part(
        "Adrian Fell", "fernshire", "ICT client officer", _CLIENT, _BOARDS,
        also_at=_ALL,
    ),
    Part(
        "Monica Reyes", "alderbridge", "ICT client officer", _CLIENT, _BOARDS,
        also_at=_ALL,
    ),
    Part(
        "Dilys Parry", "wenbury", "ICT client officer", _CLIENT, _BOARDS,
        also_at=_ALL,
    ),
    Part("Priya Nair", "fernshire", "Deputy ICT client officer", ("ict-client",), ("change-board",), also_at=_ALL),
    Part("Sean Mulligan", "alderbridge", "Deputy ICT client officer", ("ict-client",), ("change-board",), also_at=_ALL),
    Part("Glyn Hughes", "wenbury", "Deputy ICT client officer", ("ict-client",), ("change-board",), also_at=_ALL),
    Part("Sunita Rao", "fernshire", "Personnel manager", _LEADER, ("personnel", "approvers"), also_at=_ALL),
    Part("Keith Barlow", "alderbridge", "Personnel officer", _OFFICER, ("personnel",), also_at=_ALL),
    Part("Mags Donnelly", "fernshire", "Facilities officer", _OFFICER, ("buildings",), also_at=_ALL),
    Part(
        "Oliver Stanton", "alderbridge", "Programme officer", _LEADER, ("programme-office", "approvers"), also_at=_ALL,
    ),
    Part("Beatriz Campos", "wenbury", "Project manager", _LEADER, ("project-managers", "approvers"), also_at=_ALL),
    Part("Callum Muir", "alderbridge", "Project manager", _LEADER, ("project-managers",), also_at=_ALL),
    Part(
        "Philippa Stone", "fernshire", "Director of resources", _LEADER,
        ("gate-board", "disposal-board", "budget-holders"), also_at=_ALL,
    ),
    Part(
        "Ahmed Rashid", "alderbridge", "Director of place", _LEADER, ("gate-board", "disposal-board"), also_at=_ALL,
    ),
    Part("Gwyneth Pugh", "wenbury", "Chief executive", _LEADER, ("gate-board", "disposal-board"), also_at=_ALL),
    Part("Norman Ashby", "fernshire", "Records manager", _GUARDIAN, ("records", "data-protection"), also_at=_ALL),
    Part("Edith Crane", "wenbury", "Archivist and record steward", _STEWARD, ("records",), also_at=_ALL),
    Part("Farida Noor", "wenbury", "Data protection officer", _GUARDIAN, ("data-protection",), also_at=_ALL),
    Part("Marisol Vega", "alderbridge", "Information security officer", _RESOLVER, ("ict-security",), also_at=_ALL),
    Part("Cllr Harriet Lowe", "wenbury", "Chair of the joint ICT committee", ("committee-member",), also_at=_ALL),
    Part("Arjun Desai", "alderbridge", "Service designer", ("service-designer",), also_at=_ALL),
)  # fmt: skip
