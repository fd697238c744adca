"""The parts of a Word document (.docx) as trees, once the file was found safe (security.md 59)."""

from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat
from zipfile import ZipFile

from .archives import open_archive, read_part
from .refusals import FileRefused

MAX_PART = 3_000_000  # bytes of one XML part; a long letter has 200,000
MOST_ELEMENTS = 300_000  # of one part; a text of 50,000 words in single runs has 200,000
DEEPEST = 256  # elements in one another; tables in tables have about 30

DOCUMENT = "word/document.xml"
_OFFICE = "http://purl.oclc.org/ooxml"
_USUAL = {
    f"{_OFFICE}/wordprocessingml/main": (
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    ),
    f"{_OFFICE}/officeDocument/math": "http://schemas.openxmlformats.org/officeDocument/2006/math",
}
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


def open_word(content: bytes) -> ZipFile:
    """The archive, once neither its directory nor what it links to is dangerous."""
    archive = open_archive(content)
    for name in archive.namelist():
        if name.endswith(".rels"):
            _refuse_outside_parts(_xml(read_part(archive, name, limit=MAX_PART)))
    return archive


def xml_part(archive: ZipFile, name: str, *, limit: int = MAX_PART) -> Element | None:
    """One part as a tree; None where the document has none. Raises FileRefused."""
    if name not in archive.NameToInfo:
        return None
    return _xml(read_part(archive, name, limit=limit))


def _xml(content: bytes) -> Element:
    """The part as a tree. A document type, the door to entities, is refused where it begins."""
    builder = TreeBuilder()
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_document_type
    depth = count = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, count
        depth, count = depth + 1, count + 1
        if depth > DEEPEST:
            raise FileRefused("The file is not honest: its parts lie too deep in one another.")
        if count > MOST_ELEMENTS:
            raise FileRefused(f"A part of the file has more than {MOST_ELEMENTS:,} elements.")
        builder.start(
            _qualified(name), {_qualified(key): value for key, value in attributes.items()}
        )

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(_qualified(name))

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise FileRefused("The file is damaged: one of its parts is not XML.") from error
    return builder.close()


def _qualified(name: str) -> str:
    """The name with its namespace; Word's strict form counts as the usual one."""
    if "}" not in name:
        return name
    namespace, _, local = name.partition("}")
    return f"{{{_USUAL.get(namespace, namespace)}}}{local}"


def _refuse_document_type(*declaration: object) -> None:
    raise FileRefused("The file declares an XML document type, which Word never does.")


def _refuse_outside_parts(relations: Element) -> None:
    """A link may lead outside; a template, picture or frame must not (security.md 59)."""
    for relation in relations.iter(_RELATION):
        kind = relation.get("Type", "").rsplit("/", 1)[-1]
        if relation.get("TargetMode", "").lower() == "external" and kind != "hyperlink":
            raise FileRefused(
                f"The file loads its {kind[:40]} from elsewhere. Save it as a new document."
            )


def main_part(archive: ZipFile) -> str:
    """The name of the main text: Word on the web writes `document2.xml`."""
    return _related(archive, "").get("officeDocument", DOCUMENT)


def parts_beside(archive: ZipFile, main: str) -> dict[str, str]:
    """What goes with the main text: "styles" → "word/styles.xml"."""
    return _related(archive, main)


def _related(archive: ZipFile, part: str) -> dict[str, str]:
    folder, _, name = part.rpartition("/")
    relations = xml_part(archive, f"{folder}/_rels/{name}.rels".removeprefix("/"))
    if relations is None:
        return {}
    return {
        relation.get("Type", "").rsplit("/", 1)[-1]: _address(folder, relation.get("Target", ""))
        for relation in relations.iter(_RELATION)
        if relation.get("TargetMode", "").lower() != "external"
    }


def _address(folder: str, target: str) -> str:
    return target[1:] if target.startswith("/") else f"{folder}/{target}".removeprefix("/")
