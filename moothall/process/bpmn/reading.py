"""Reading the XML of others: no document type, no entities, nothing from elsewhere, and no more than a person draws."""

from dataclasses import dataclass, field
from xml.parsers import expat

from moothall.plain.errors import HouseError

LARGEST = 2 * 1024 * 1024
_DEEPEST = 60
_MOST = 20_000
_MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL "


class NotBpmn(HouseError):
    code = "process.not_bpmn"
    status = 422
    title = "The file is not a process in BPMN"
    message = "{why}"
    next_step = "Export the process as “BPMN 2.0 XML” from the tool it was drawn in, and choose that file."


@dataclass(slots=True)
class Element:
    """One element: its name without the namespace if it is BPMN's own, its attributes, its text and what is in it."""

    tag: str
    attributes: dict[str, str]
    text: str = ""
    inside: list["Element"] = field(default_factory=list)

    def get(self, name: str) -> str:
        """Return an attribute, also one that another tool put in its own namespace; empty if it is not there."""
        own = self.attributes.get(name)
        if own is not None:
            return own
        return next((value for key, value in self.attributes.items() if key.endswith(f" {name}")), "")

    def all(self, *tags: str) -> list["Element"]:
        """Return the elements directly inside that have one of these names."""
        return [each for each in self.inside if each.tag in tags]

    def one(self, tag: str) -> "Element | None":
        """Return the first of them."""
        return next(iter(self.all(tag)), None)

    def words(self, tag: str) -> str:
        """Return the text of the first of them, tidied."""
        found = self.one(tag)
        return " ".join(found.text.split()) if found else ""


class _Tree:
    """Builds elements as the parser meets them, and stops it at what no drawing needs."""

    def __init__(self) -> None:
        self.root: Element | None = None
        self.path: list[Element] = []
        self.count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if self.count > _MOST or len(self.path) > _DEEPEST:
            raise NotBpmn(why=f"It has more than {_MOST:,} elements, or they are nested too deeply.")
        element = Element(name.removeprefix(_MODEL), attributes)
        if self.path:
            self.path[-1].inside.append(element)
        else:
            self.root = element
        self.path.append(element)

    def end(self, _name: str) -> None:
        self.path.pop()

    def text(self, data: str) -> None:
        if self.path:
            self.path[-1].text += data

    def refuse(self, *_: object) -> None:
        raise NotBpmn(why="It declares a document type or entities, which a process does not need.")


def definitions(xml: bytes | str) -> Element:
    """Return the root of a BPMN file, or raise NotBpmn."""
    content = xml.encode() if isinstance(xml, str) else xml
    if len(content) > LARGEST:
        raise NotBpmn(why=f"It is larger than {LARGEST // 1024 // 1024} MB.")
    tree = _Tree()
    parser = expat.ParserCreate("utf-8" if isinstance(xml, str) else None, namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = tree.start
    parser.EndElementHandler = tree.end
    parser.CharacterDataHandler = tree.text
    parser.StartDoctypeDeclHandler = tree.refuse
    parser.EntityDeclHandler = tree.refuse
    try:
        parser.Parse(content, True)  # noqa: FBT003 - expat's own signature
    except expat.ExpatError as error:
        raise NotBpmn(why=f"It cannot be read as XML: line {error.lineno}.") from None
    except (LookupError, UnicodeError):
        raise NotBpmn(why="It is in an encoding that is not known here.") from None
    if tree.root is None or tree.root.tag != "definitions":
        raise NotBpmn(why="Its outermost element is not “definitions” of BPMN 2.0.")
    return tree.root
