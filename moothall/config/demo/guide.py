"""What there is to see, and as whom: the way in for somebody who has ten minutes."""

from collections.abc import Sequence

GUIDE: Sequence[tuple[str, str, str]] = (
    ("Report something to a council, and follow what becomes of it", "Priya Nair", ""),
    ("Answer a caller: find, raise and pass on requests of three councils", "Amira Khan", "/work/?tab=team"),
    (
        "Find a caller, typing errors and all, and see everything about them",
        "Amira Khan",
        "/work/search/?q=priya+niar",
    ),
    ("Sort the letters that came in, and see which calls were needless", "Grace Adeyemi", "/work/contacts/"),
    ("Say which records are one person, and take it back", "Edith Crane", "/work/duplicates/"),
    ("Answer what people ask under data protection law", "Norman Ashby", "/work/retention/"),
    ("Read and correct what a council holds about oneself", "Priya Nair", "/alderbridge/details/"),
    ("Look after a team's queue", "Marcus Bell", "/work/queues/"),
    ("Give the police's answer on a child, which the school will not see", "Sgt Claire Doyle", ""),
    ("Decide on a referral, with what police, health and school said", "Anthea Royle", ""),
    ("Take over a family from the hub, or send it back", "Ffion Harding", ""),
    ("Work the queue of the shared ICT desk with the keyboard alone", "Paul Everett", "/work/desk/"),
    ("Get help with ICT: what is away, articles, what can be asked for", "Amira Khan", "/work/desk/help/"),
    ("Set up the desk: rules, on-call, catalogue, keys, imports", "Louise Tranter", "/work/desk/set-up/"),
    ("Vote on a change to ICT, one vote for each council", "Adrian Fell", "/work/desk/changes/"),
    ("Find what was changed without approval, and call the board", "Tessa Vaughan", "/work/desk/observed/"),
    ("Keep users told in a major incident, and write its report", "Louise Tranter", "/work/desk/majors/"),
    (
        "Review major incidents with the other councils, and vote on a report",
        "Monica Reyes",
        "/work/desk/reviews/",
    ),
    ("Read a month's figures down to the calls, and sign them off", "Dilys Parry", "/work/desk/pack/"),
    ("Read the pack as the joint committee sees it", "Cllr Harriet Lowe", "/work/desk/pack/"),
    ("Send a project to the programme board, and go on without its papers, saying why", "Callum Muir", ""),
    ("Change a process, try it out, and propose it", "Nadia Rahman", "/work/processes/street-problem/"),
    ("Publish what a colleague proposed", "Arjun Desai", "/work/processes/"),
    (
        "Look through a year of work: where cases wait, and where the councils differ",
        "Grace Adeyemi",
        "/work/x-ray/",
    ),
    ("Read the record of who did what", "George Penn", "/work/journal/"),
)
"""What it is, as whom, and the page where it begins; empty for where they arrive anyway."""
