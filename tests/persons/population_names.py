"""Names of the invented population: by culture, some common and most rare, folded as the register compares them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

SLOTS = 4096


def weighed(words: Sequence[str], rare: Sequence[str] = (), share: float = 0.0) -> tuple[str, ...]:
    """Return words as slots to draw from evenly: the first the most common (Zipf's law), `share` of them rare.

    >>> slots = weighed(["ann", "bea"], ["cyd"], 0.1)
    >>> slots.count("ann") > slots.count("bea") > slots.count("cyd") > 0
    True
    """
    weights = [1 / (place + 6) for place in range(len(words))]
    whole = sum(weights)
    often = int(SLOTS * (1 - share))
    slots = [
        word
        for word, weight in zip(words, weights, strict=True)
        for _ in range(max(1, round(often * weight / whole)))
    ]
    left = max(len(rare), SLOTS - len(slots)) if rare else 0
    return tuple(slots) + tuple(rare[place % len(rare)] for place in range(left))


def listed(text: str) -> list[str]:
    """Return the words of a text."""
    return text.split()


def joined(firsts: str, lasts: str) -> list[str]:
    """Return every pair of parts as one name: how place names and many surnames are made."""
    return [first + last for first, last in product(firsts.split(), lasts.split())]


@dataclass(frozen=True)
class Culture:
    """How a family is named: forenames, surnames, and whether a woman's surname has another form."""

    group: str
    men: tuple[str, ...]
    women: tuple[str, ...]
    families: tuple[str, ...]
    women_families: tuple[str, ...] = ()
    changes_at_marriage: float = 0.7
    middle: float = 0.5


def feminine(families: Sequence[str]) -> tuple[str, ...]:
    """Return Polish surnames as women have them.

    >>> feminine(["nowak", "kowalski"])
    ('nowak', 'kowalska')
    """
    return tuple(name[:-1] + "a" if name.endswith(("ski", "cki", "dzki")) else name for name in families)


_MEN = listed(
    "david john michael paul james andrew peter stephen robert mark richard christopher ian thomas daniel"
    " matthew kevin jack william anthony alan steven joseph simon philip martin gary adam luke benjamin samuel"
    " alexander ryan george oliver harry charlie joshua jamie liam callum nathan lewis kieran jordan connor"
    " aaron scott craig lee darren stuart neil graham colin brian keith roger trevor barry derek kenneth"
    " ronald raymond dennis leonard frank ernest albert arthur alfred frederick henry edward francis charles"
    " patrick sean dominic gareth dylan theo noah leo oscar archie freddie isaac logan toby max finley ethan"
    " jake reuben louis elliot jude hugo felix rory hamish duncan malcolm gordon norman geoffrey leslie clive"
    " nigel howard vincent terence gerald bernard victor maurice cecil"
)
_WOMEN = listed(
    "susan margaret sarah julie karen jacqueline deborah tracey jane helen elizabeth patricia christine linda"
    " alison emma claire nicola lisa rebecca laura michelle joanne angela samantha katherine rachel amy"
    " charlotte jessica lucy hannah emily sophie chloe megan lauren bethany georgia olivia amelia isla ava mia"
    " grace lily freya poppy ella evie florence alice daisy rosie phoebe isabella ruby matilda eleanor harriet"
    " abigail zoe natasha kelly gemma stacey kirsty leanne donna dawn sharon lorraine maureen sheila brenda"
    " barbara jean joan dorothy doris edith ethel hilda irene iris ivy mabel maud mary anne ann catherine"
    " janet judith jennifer valerie pauline carol gillian lesley wendy marion rosemary frances theresa"
    " veronica bernadette josephine victoria caroline diana fiona heather ruth naomi miriam esther tamsin"
    " imogen beatrice clara martha nancy violet elsie winifred agnes beryl muriel vera"
)
_FAMILIES = listed(
    "smith jones taylor brown williams wilson johnson davies robinson wright thompson evans walker white"
    " roberts green hall wood jackson clarke clark harris lewis turner hill scott cooper moore ward king"
    " watson baker harrison morris young allen mitchell james anderson phillips lee bell parker davis bennett"
    " miller cook shaw cox richardson carter collins marshall bailey gray adams wilkinson foster chapman mason"
    " russell powell webb rogers hunt mills palmer knight stevens matthews butler barker fisher pearson holmes"
    " ellis rose fletcher gibson simpson hughes reynolds graham murray stone fox dixon walsh byrne kelly"
    " murphy ryan obrien osullivan doherty gallagher mccarthy macdonald mackenzie campbell stewart reid fraser"
    " ross hamilton burns brooks price berry lane page ford french bird frost"
)
_RARE = joined(
    "ash brad black bar bur crom dar den far hal har hart hather hol hor kirk lang long mar mel nor oak old pem pres"
    " rad rams red ring row sel shel stan sut thorn wake wal war wat wes whit win wood worth",
    "ley ton field ford ham worth wood well bourne stead more land by wick den gate house brook shaw combe",
)
_ASIAN_MEN = listed(
    "mohammed muhammad ahmed ali imran abdul mohammad asif hassan hussain usman bilal hamza ibrahim yusuf"
    " omar khalid tariq rashid kamran faisal zahid shahid nadeem waqar adnan arif iqbal javed kashif naveed"
    " rizwan sajid tahir wasim zubair harun mizanur shafiqul rafiqul jahangir kabir rahim karim farooq aamir"
    " danyal zain ayaan rayyan musa amit rajesh sanjay vijay anil sunil rakesh nikhil rohan arjun dev kiran"
    " hitesh bhavesh jayesh ramesh suresh gurpreet harpreet manjit baljit sukhdev jaswinder kuldeep amarjit"
    " ravinder jagdeep parminder tarlochan"
)
_ASIAN_WOMEN = listed(
    "fatima aisha mariam zainab sana amina khadija nadia samina shazia nasreen rukhsana shabana farzana"
    " yasmin saima rabia sadia hina iqra maryam hafsa sumaiya safa noor zara anum bushra tahira parveen naseem"
    " zubaida jamila salma rehana shahida nusrat rahima halima shirin nazma rubina sabina taslima priya anita"
    " sunita meena kavita pooja nisha rekha geeta jyoti hetal bhavna deepa lata usha manjula gurpreet harpreet"
    " manjit baljit jaswinder kuldeep amarjit ravinder simran jasleen kiran navdeep parminder sukhwinder"
)
_ASIAN_FAMILIES = listed(
    "khan patel ahmed hussain ali singh shah akhtar iqbal mahmood miah rahman malik sharma mohammed chowdhury"
    " uddin hassan aslam islam mirza qureshi siddiqui chaudhry ashraf bashir hanif javed rashid saleem yousaf"
    " zaman sheikh raja butt dar bhatti rana gill sandhu dhillon sidhu bains grewal johal desai mehta joshi"
    " gandhi mistry parmar solanki chauhan bhatt verma gupta kapoor reddy nair pillai choudhury haque alam"
    " sarkar talukdar bhuiyan ansari raza naqvi kazmi zaidi abbasi awan mughal jamil nawaz sharif sultan latif"
    " karim rafiq shafi yaqub younis zafar"
)
_MUSLIM_WOMEN = listed("begum bibi akhtar khatun khanom sultana parveen kausar")
_WELSH_MEN = listed(
    "rhys gareth dylan gethin iwan owain huw evan llyr aled emyr gwilym hywel ieuan sion dafydd geraint alun"
)
_WELSH_WOMEN = listed(
    "sian cerys ffion megan carys angharad bethan catrin eleri gwen lowri mair nia rhiannon seren non elin"
)
_WELSH_FAMILIES = listed(
    "jones davies williams evans thomas roberts hughes lewis morgan griffiths edwards owen james rees price"
    " jenkins morris richards lloyd phillips parry powell hopkins howells llewellyn pritchard vaughan bowen"
    " bevan prosser gwynne"
)
_POLISH_MEN = listed(
    "piotr krzysztof andrzej tomasz pawel jan michal marcin jakub adam marek grzegorz lukasz mateusz zbigniew"
    " jerzy tadeusz wojciech rafal dariusz mariusz kamil filip szymon bartosz maciej slawomir jaroslaw"
    " przemyslaw antoni"
)
_POLISH_WOMEN = listed(
    "anna maria katarzyna malgorzata agnieszka barbara ewa krystyna elzbieta magdalena joanna monika zofia"
    " aleksandra natalia julia wiktoria zuzanna oliwia maja dorota beata iwona justyna karolina paulina"
    " patrycja weronika"
)
_POLISH_FAMILIES = listed(
    "nowak kowalski wisniewski wojcik kowalczyk kaminski lewandowski zielinski szymanski wozniak dabrowski"
    " kozlowski jankowski mazur kwiatkowski krawczyk piotrowski grabowski nowakowski pawlowski michalski"
    " nowicki adamczyk dudek zajac wieczorek jablonski krol majewski olszewski jaworski wrobel malinowski"
    " stepien gorski rutkowski witkowski"
)
_POLISH_RARE = joined(
    "bor cie dob gaj gol jas kal kon kos lip mak mal mil mos nie ol pod rad rog sad sik sob star tom wil wol zag zal",
    "owski inski ewski ecki icki czak szczyk kiewicz",
)
_AFRICAN_MEN = listed(
    "emmanuel samuel daniel kwame kofi kwabena chidi emeka chukwuemeka obinna ikenna tunde babatunde olumide"
    " ayodele adewale segun femi kehinde taiwo ibrahim musa abdullahi yusuf tendai tinashe farai tatenda kuda"
    " abdi mohamed ahmed hassan ismail yonas dawit tesfaye haile joseph moses isaac gideon blessing prosper"
    " wisdom"
)
_AFRICAN_WOMEN = listed(
    "grace blessing mercy comfort patience faith ama akosua abena efua adwoa ngozi chioma adaeze ifeoma nneka"
    " chinyere folake bukola yetunde funmilayo adenike temitope kehinde taiwo aisha fatima rumbidzai tsitsi"
    " chipo nyasha faduma hodan asha halima amina selam helen bethlehem hirut ruth esther deborah precious joy"
)
_AFRICAN_FAMILIES = listed(
    "mensah owusu osei boateng appiah asante okafor okonkwo eze nwosu obi ibrahim adeyemi ogunleye balogun"
    " oni bello moyo ncube dube ndlovu sibanda mohamed ali hassan warsame farah abdi tesfaye haile bekele"
    " kamara sesay conteh"
)
_AFRICAN_RARE = joined(
    "ade ola olu ogun oye aki baba", "yemi wale sanya tunji bayo dele femi kunle toye bola nike yinka"
) + (joined("nwa oko chukwu ume iwu anya", "nkwo for ma ebe chi ora ka oha"))

ENGLISH = Culture("English", weighed(_MEN), weighed(_WOMEN), weighed(_FAMILIES, _RARE, 0.5), middle=0.6)
WELSH = Culture(
    "Welsh",
    weighed(_WELSH_MEN + _MEN[:30]),
    weighed(_WELSH_WOMEN + _WOMEN[:30]),
    weighed(_WELSH_FAMILIES, _RARE, 0.1),
)
MUSLIM = Culture(
    "South Asian",
    weighed(_ASIAN_MEN[:58]),
    weighed(_ASIAN_WOMEN[:45]),
    weighed(_ASIAN_FAMILIES),
    weighed(_MUSLIM_WOMEN),
    changes_at_marriage=0.25,
    middle=0.25,
)
SIKH = Culture(
    "South Asian",
    weighed(_ASIAN_MEN[70:]),
    weighed(_ASIAN_WOMEN[55:]),
    ("singh",) * 3 + ("gill", "sandhu", "dhillon", "sidhu", "bains", "grewal", "johal"),
    ("kaur",),
    changes_at_marriage=0.1,
    middle=0.2,
)
HINDU = Culture(
    "South Asian",
    weighed(_ASIAN_MEN[58:70]),
    weighed(_ASIAN_WOMEN[44:56]),
    weighed(
        listed(
            "patel shah sharma desai mehta joshi gandhi mistry parmar solanki chauhan bhatt verma gupta kapoor reddy"
            " nair"
        )
    ),
    changes_at_marriage=0.8,
    middle=0.3,
)
POLISH = Culture(
    "Polish",
    weighed(_POLISH_MEN),
    weighed(_POLISH_WOMEN),
    weighed(_POLISH_FAMILIES, _POLISH_RARE, 0.4),
    changes_at_marriage=0.85,
    middle=0.2,
)
AFRICAN = Culture(
    "African",
    weighed(_AFRICAN_MEN),
    weighed(_AFRICAN_WOMEN),
    weighed(_AFRICAN_FAMILIES, _AFRICAN_RARE, 0.45),
    changes_at_marriage=0.6,
    middle=0.6,
)
CULTURES = (
    (ENGLISH,) * 66
    + (WELSH,) * 8
    + (MUSLIM,) * 8
    + (SIKH,) * 2
    + (HINDU,) * 3
    + (POLISH,) * 6
    + (AFRICAN,) * 7
)
ASIAN_STREET = (MUSLIM,) * 5 + (SIKH, HINDU, HINDU) + (ENGLISH,) * 4

NICKNAMES = {
    "david": "dave", "michael": "mick", "stephen": "steve", "steven": "steve", "robert": "bob", "richard": "rick",
    "christopher": "chris", "thomas": "tom", "daniel": "dan", "matthew": "matt", "kevin": "kev", "jack": "jackie",
    "william": "bill", "anthony": "tony", "joseph": "joe", "philip": "phil", "benjamin": "ben", "samuel": "sam",
    "alexander": "alex", "joshua": "josh", "nathan": "nate", "kenneth": "ken", "ronald": "ron", "raymond": "ray",
    "leonard": "len", "albert": "bert", "alfred": "fred", "frederick": "fred", "henry": "harry", "edward": "ted",
    "francis": "frank", "charles": "charlie", "patrick": "pat", "andrew": "andy", "james": "jim", "peter": "pete",
    "geoffrey": "geoff", "terence": "terry", "gerald": "gerry", "john": "jack", "nicholas": "nick", "timothy": "tim",
    "susan": "sue", "margaret": "maggie", "jacqueline": "jackie", "deborah": "debbie", "elizabeth": "liz",
    "patricia": "pat", "christine": "chris", "alison": "ali", "nicola": "nicky", "rebecca": "becky",
    "michelle": "shell", "joanne": "jo", "angela": "angie", "samantha": "sam", "katherine": "kate",
    "catherine": "cathy", "charlotte": "lottie", "jessica": "jess", "bethany": "beth", "abigail": "abby",
    "natasha": "tasha", "eleanor": "ellie", "isabella": "bella", "victoria": "vicky", "barbara": "babs",
    "dorothy": "dot", "jennifer": "jenny", "pauline": "paula", "gillian": "gill", "theresa": "tess",
    "mohammed": "mo", "muhammad": "mo", "abdul": "abs", "aleksandra": "ola", "katarzyna": "kasia",
    "malgorzata": "gosia", "agnieszka": "aga", "krzysztof": "kris", "tomasz": "tomek", "emmanuel": "manny",
    "babatunde": "tunde", "olumide": "olu", "chukwuemeka": "emeka", "temitope": "temi", "harpreet": "harry",
    "gurpreet": "guri", "dafydd": "dai", "gwilym": "gwil", "angharad": "ani",
}  # fmt: skip

# one name, as different offices write it
SPELT = {
    spelling: tuple(other for other in written if other != spelling)
    for written in (
        line.split()
        for line in (
            "mohammed muhammad mohammad mohamed muhammed", "ahmed ahmad ahmet", "hussain hussein husain hossain",
            "chowdhury choudhury chaudhry chaudhary", "sheikh shaikh shaik", "akhtar akhter aktar", "rahman rehman",
            "siddiqui siddiqi siddique", "yusuf yousaf yousuf yousef", "qureshi quraishi kureshi", "aisha ayesha aysha",
            "fatima fatema fathima", "zainab zaynab zeinab", "begum begom", "khatun khatoon", "hassan hasan",
            "mahmood mahmud mehmood", "uddin udin", "miah mia miya", "iqbal eqbal", "malik malek", "usman uthman osman",
            "ibrahim ebrahim", "omar umar", "mariam maryam mariyam", "yasmin yasmeen jasmin", "parveen parvin perveen",
            "kaur kour", "gurpreet gurprit", "harpreet harprit", "sharma sharmah", "patel pattel", "noor nur",
            "catherine katherine kathryn cathryn", "sarah sara", "stephen steven", "philip phillip", "geoffrey jeffrey",
            "ann anne", "clark clarke", "thompson thomson tomson", "davies davis", "reid reed", "gray grey",
            "macdonald mcdonald", "mackenzie mckenzie", "stewart stuart", "phillips philips", "llewellyn llewelyn",
            "sian shan", "rhys rees reece", "adeyemi adeyeme", "okafor okafur", "boateng boatin", "mensah mensa",
            "wojcik wojczik", "nowak novak", "krzysztof kristof", "lukasz lucas", "isabella izabella", "sophie sofie",
        )
    )
    for spelling in written
}  # fmt: skip

_STEMS = listed(
    "ash grove mill church station victoria albert queen king park manor high bridge chapel school green"
    " spring hill orchard meadow elm oak birch cedar lime willow rowan hawthorn poplar chestnut beech north"
    " south east west york canal river lake wood field castle abbey priory rectory vicarage market george"
    " william nelson wellington clifton windsor balmoral sandringham lancaster stafford warwick cavendish"
    " devonshire grosvenor russell bedford trinity"
)
STREETS = tuple(
    f"{stem} {kind}" for stem in _STEMS for kind in ("road", "street", "avenue", "close", "lane", "drive")
)
BLOCKS = tuple(f"{stem} {kind}" for stem in _STEMS for kind in ("house", "court"))
TOWNS = tuple(
    joined(
        "ash bram cald dun elm fern glen hazel king lin mar nor oak pen quarn rose stan thorn under wyn",
        "bury ford mouth ton",
    )
)
