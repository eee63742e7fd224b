"""What WeasyPrint leaves out of PDF/A-2a and PDF/UA-1, added before the file is written.

PDF/A-2 is ISO 19005-2, PDF/UA-1 is ISO 14289-1. WeasyPrint writes one of the two identifiers; here both
come into the metadata, with the description of the second that PDF/A asks for (6.6.2.3).
"""

import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache, cached_property
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

import pydyf

SIGNATURE_FIELD = "Ondertekening"
_PRODUCER = "Hubportaal"


class Imprint(NamedTuple):
    """What the metadata of a document says of it."""

    title: str
    reference: str
    publisher: str
    code: str
    language: str
    created_at: datetime


def complete(pdf: pydyf.PDF, imprint: Imprint) -> None:
    """Add what an archivable, accessible and signable file needs beyond WeasyPrint's own."""
    _leave_pictures_out_of_the_tree(pdf)
    _mark_running_heads_as_artifacts(pdf)
    _scope_table_headers(pdf)
    _add_signature_field(pdf)
    _write_metadata(pdf, imprint)
    _pack_once(pdf)


def _resolved(pdf: pydyf.PDF, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]


def _structure(pdf: pydyf.PDF) -> tuple[Any, Any, Any]:
    """Return the root of the structure tree, its one ``Document`` and the map from content to it."""
    root = _resolved(pdf, pdf.catalog["StructTreeRoot"])
    return root, _resolved(pdf, root["K"][0]), _resolved(pdf, root["ParentTree"])


def _pages(pdf: pydyf.PDF) -> Iterator[Any]:
    for reference in pdf.page_references:
        yield _resolved(pdf, reference)


def _mark_running_heads_as_artifacts(pdf: pydyf.PDF) -> None:
    """Take what repeats on every page out of the reading order (ISO 14289-1, 7.8).

    WeasyPrint marks running heads as real content and then leaves them out of the tree.
    """
    _, document, content_map = _structure(pdf)
    for number, page in enumerate(_pages(pdf)):
        elements = content_map["Nums"][2 * number + 1]
        astray = {
            mark
            for mark, reference in enumerate(elements)
            if _topmost(pdf, reference, document) not in document["K"]
        }
        for mark in astray:
            elements[mark] = b"null"
        _unmark(_resolved(pdf, page["Contents"]).stream, astray)


def _leave_pictures_out_of_the_tree(pdf: pydyf.PDF) -> None:
    """Take pictures, which say what stands beside them, from the structure: their content becomes an artifact."""
    _, document, _content_map = _structure(pdf)
    elements: list[Any] = [each for each in pdf.objects if isinstance(each, dict)]
    for picture in [each for each in elements if each.get("S") == "/Figure"]:
        element = picture
        while element is not document:
            parent = _resolved(pdf, element["P"])
            parent["K"].remove(element.reference)
            if parent["K"]:
                break
            element = parent
        # Under nothing but itself, its content is found astray.
        picture["P"] = picture.reference


def _topmost(pdf: pydyf.PDF, reference: bytes, document: Any) -> bytes:
    """Return the ancestor of a structure element that hangs directly under the document."""
    while (parent := _resolved(pdf, reference)["P"]) not in (document.reference, reference):
        reference = parent
    return reference


def _unmark(stream: list[Any], marks: set[int]) -> None:
    """Turn marked content into pagination artifacts; a mark is written as tag, properties, operator."""
    for place, operator in enumerate(stream):
        if operator == b"BDC" and stream[place - 1].get("MCID") in marks:
            stream[place - 2] = b"/Artifact"
            stream[place - 1] = b"<</Type /Pagination>>"


def _scope_table_headers(pdf: pydyf.PDF) -> None:
    """Tell of each header cell whether it heads its row or its column (ISO 14289-1, 7.5).

    The scope takes the place of identifiers per cell, whose index WeasyPrint does not write.
    """
    for row in pdf.objects:
        if not (isinstance(row, dict) and row.get("S") == "/TR"):
            continue
        cells = [_resolved(pdf, reference) for reference in row["K"]]
        scope = "/Row" if any(cell["S"] == "/TD" for cell in cells) else "/Column"
        for cell in cells:
            cell.pop("ID", None)
            cell["A"].pop("Headers", None)
            if cell["S"] == "/TH":
                cell["A"]["Scope"] = scope


def _add_signature_field(pdf: pydyf.PDF) -> None:
    """Add an empty, invisible signature field that is part of the structure tree.

    Made beforehand, it lets the signature be added without touching the structure.
    """
    root, document, content_map = _structure(pdf)
    page = next(_pages(pdf))
    place = 1 + max(number for number in content_map["Nums"][::2])
    field = pydyf.Dictionary(
        {
            "Type": "/Annot",
            "Subtype": "/Widget",
            "FT": "/Sig",
            "T": pydyf.String(SIGNATURE_FIELD),
            "TU": pydyf.String("Digitale ondertekening van dit document"),
            # Printed and locked, as PDF/A asks; nothing shows, for the rectangle has no size.
            "F": 132,
            "Rect": pydyf.Array([0, 0, 0, 0]),
            "P": page.reference,
            "StructParent": place,
        }
    )
    pdf.add_object(field)
    element = pydyf.Dictionary(
        {"Type": "/StructElem", "S": "/Form", "P": document.reference, "Pg": page.reference}
    )
    element["K"] = pydyf.Dictionary({"Type": "/OBJR", "Obj": field.reference, "Pg": page.reference})
    pdf.add_object(element)
    document["K"].append(element.reference)
    content_map["Nums"].extend([place, element.reference])
    root["ParentTreeNextKey"] = place + 1
    page.setdefault("Annots", pydyf.Array()).append(field.reference)
    pdf.catalog["AcroForm"] = pydyf.Dictionary({"Fields": pydyf.Array([field.reference]), "SigFlags": 3})


def _write_metadata(pdf: pydyf.PDF, imprint: Imprint) -> None:
    pdf.info.clear()
    pdf.info.update(
        {
            "Title": pydyf.String(imprint.title),
            "Author": pydyf.String(imprint.publisher),
            "Producer": pydyf.String(_PRODUCER),
            "CreationDate": pydyf.String(_pdf_date(imprint.created_at)),
            "ModDate": pydyf.String(_pdf_date(imprint.created_at)),
        }
    )
    stream = _resolved(pdf, pdf.catalog["Metadata"])
    stream.stream = [_packet(imprint).encode()]
    # Left readable, so that any tool (ours, for an altered copy) finds who made the file.
    stream.compress = False


def _pack_once(pdf: pydyf.PDF) -> None:
    """Let each object keep its bytes: the file's identifier is a digest of them all, for which they would be made again.

    Called last: what an object holds can no longer change.
    """
    for each in pdf.objects:
        each.__class__ = _packed_once(each.__class__)


@cache
def _packed_once(kind: Any) -> Any:
    return type(kind.__name__, (kind,), {"data": cached_property(kind.data.fget)})


def _pdf_date(moment: datetime) -> str:
    zone = moment.strftime("%z")
    return f"D:{moment:%Y%m%d%H%M%S}{zone[:3]}'{zone[3:5]}'"


def _packet(imprint: Imprint) -> str:
    """Return the XMP packet: both identifiers and what the file is."""
    facts = {
        "title": escape(imprint.title),
        "publisher": escape(imprint.publisher),
        "reference": escape(imprint.reference),
        "code": escape(imprint.code),
        "language": escape(imprint.language),
        "moment": imprint.created_at.isoformat(timespec="seconds"),
        "producer": _PRODUCER,
    }
    return re.sub(r"\{(\w+)\}", lambda found: facts[found[1]], _XMP)


_XMP = """\
<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
  xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:xmp="http://ns.adobe.com/xap/1.0/"
  xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
  xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
  xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
  xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
  xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
  xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaid:part>2</pdfaid:part>
<pdfaid:conformance>A</pdfaid:conformance>
<pdfuaid:part>1</pdfuaid:part>
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{publisher}</rdf:li></rdf:Seq></dc:creator>
<dc:identifier>{reference} {code}</dc:identifier>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<xmp:CreateDate>{moment}</xmp:CreateDate>
<xmp:ModifyDate>{moment}</xmp:ModifyDate>
<xmp:MetadataDate>{moment}</xmp:MetadataDate>
<pdf:Producer>{producer}</pdf:Producer>
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""
