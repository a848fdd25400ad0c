"""XMP: ours beside what stood there, once, read again; hostile packets are no packets."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from marking.conftest import NOW
from tanba.marking import xmp
from tanba.marking.model import SOURCE_TYPES, Statement

WHAT = Statement(0x0123456789ABCDEF, NOW, "created", "Qarlygash", "190140999998", "scorer")
CAMERA = b"""<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
 Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"><dc:format>image/jpeg</dc:format>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"""


@pytest.mark.parametrize("packet", [None, b"", CAMERA, b"<broken", b"<x/>"])
@pytest.mark.parametrize("source", ["created", "altered"])
def test_written_and_read_again(packet: bytes | None, source: str) -> None:
    found = xmp.read(xmp.add(packet, replace(WHAT, source=source), aigc=True))  # type: ignore[arg-type]
    assert (found.state, list(found.ids)) == ("present", [WHAT.id])
    assert found.details["DigitalSourceType"] == SOURCE_TYPES[source]
    assert '"ContentProducer": "190140999998"' in found.details["AIGC"]


def test_what_stood_there_stays_and_our_own_stands_once() -> None:
    once = xmp.add(CAMERA, WHAT)
    twice = xmp.add(once, replace(WHAT, id=7))
    assert b"image/jpeg" in twice
    assert twice.count(b"digitalsourcetype/") == 1
    assert list(xmp.read(twice).ids) == [7]
    assert len(twice) == len(xmp.add(twice, replace(WHAT, id=7)))


def test_a_camera_says_nothing_about_ai() -> None:
    assert (xmp.read(CAMERA).state, xmp.read(None).state, xmp.read(b"<broken").state) == ("absent", "absent", "invalid")
    other = CAMERA.replace(b"digitalCapture", b"trainedAlgorithmicMedia")
    assert (xmp.read(other).state, list(xmp.read(other).ids)) == ("present", [])


@pytest.mark.parametrize(
    "packet",
    [
        b'<!DOCTYPE x [<!ENTITY a "AAAA"><!ENTITY b "&a;&a;&a;">]>' + CAMERA[CAMERA.index(b"<x:") :],
        b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>',
        b"<a>" * 5000,
        b"\x00" * 100,
        b"x" * (5 << 20),
        "<x:xmpmeta>".encode("utf-16"),
    ],
    ids=["entities", "file", "deep", "zeros", "large", "utf-16"],
)
def test_hostile_packets_are_none(packet: bytes) -> None:
    assert xmp.read(packet).state == "invalid"
    assert xmp.read(xmp.add(packet, WHAT)).state == "present"


@given(st.binary(max_size=300))
def test_nothing_in_a_packet_raises(packet: bytes) -> None:
    xmp.read(packet)
    etree.fromstring(xmp.add(packet, WHAT))


def test_a_number_with_a_typing_error_is_none() -> None:
    wrong = xmp.add(None, WHAT).replace(b"-", b"-Z", 1)
    assert list(xmp.read(wrong).ids) == []


def test_a_mark_that_holds_the_place_of_descriptions_is_no_packet() -> None:
    evil = CAMERA.replace(b"<rdf:RDF", b'<rdf:Description><tanba:MarkID xmlns:tanba="%s"><rdf:RDF' % xmp.OURS.encode())
    evil = evil.replace(b"<rdf:Description><tanba", b'<rdf:Description xmlns:rdf="%s"><tanba' % xmp.RDF.encode())
    evil = evil.replace(b"</rdf:RDF>", b"</rdf:RDF></tanba:MarkID></rdf:Description>")
    assert xmp.read(evil).state == "invalid"
    assert list(xmp.read(xmp.add(evil, WHAT)).ids) == [WHAT.id]


def test_a_packet_without_its_wrapper_stays() -> None:
    bare = CAMERA[CAMERA.index(b"<rdf:RDF") : CAMERA.index(b"</x:xmpmeta>")]
    added = xmp.add(bare, WHAT)
    assert b"image/jpeg" in added
    assert list(xmp.read(added).ids) == [WHAT.id]
