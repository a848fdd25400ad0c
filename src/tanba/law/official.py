"""Official texts of acts: read one that the user holds, split it into articles and compare digests.

tanba carries no statute text, only a digest per article. Whoever holds the official text (adilet.zan.kz or an export of it) reads it here
and learns which articles still are what the law data was written from. Nothing is fetched and no external entity is followed.
"""

import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import docx
from docx.oxml.ns import qn
from lxml import etree, html

from tanba.digest import sha256
from tanba.errors import InputError
from tanba.files import read_upto

MAX_BYTES = 20_000_000  # of the file; the longest code in force takes about 6 MB as HTML
MAX_UNPACKED = 50_000_000  # bytes of all parts of a DOCX together

_CAPITAL = "[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ]"
_NUMBER = r"\d+(?:[-‑–]\d+)*"
_COUNT = rf"(?:{_NUMBER}|[IVXLC]+)"
_ARTICLE = re.compile(rf"\s*(?:(?:Статья|СТАТЬЯ|Article|ARTICLE)\s+({_NUMBER})|({_NUMBER})\s*[-‑–]\s*(?:бап|БАП))\s*\.(?!\d)\s*(.*)")
_CHAPTER = re.compile(
    r"\s*(?:(?:Глава|ГЛАВА|Раздел|РАЗДЕЛ|Подраздел|ПОДРАЗДЕЛ|Параграф|ПАРАГРАФ|Chapter|CHAPTER|Section|SECTION)\s+"
    + _COUNT
    + rf"|{_COUNT}\s*+[-‑–]?\s*+(?:кіші |КІШІ )?(?:тарау|ТАРАУ|бөлім|БӨЛІМ|параграф|ПАРАГРАФ))(?:\s*(?:\.|$)|\s+{_CAPITAL}{{2}})"
)
# The president's title counts as a signature only if a name or nothing follows: "Президент Республики Казахстан вправе …" is a norm.
_SIGNATURE = re.compile(
    r"^[^\S\n]*(?i:президент\s+республики\s+казахстан|қазақстан\s+республикасының\s+президенті"
    rf"|(?:the\s+)?president\s+of\s+the\s+republic\s+of\s+kazakhstan)(?=\s*(?:\Z|{_CAPITAL}))",
    re.MULTILINE,
)
# The publisher's notes are no part of the act. A file that lacks or has them is the same law.
_NOTE = re.compile(
    r"(?:примечание (?:изпи|рцпи)!.*|порядок введения в действие см\.? ?ст\. ?[\d-]+\.?"
    r"|(?:зқаи|рқао)-ның ескертпесі!.*|(?:осы \w+ )?қолданысқа енгізілу тәртібін .{0,40}қараңыз\.?)",
    re.IGNORECASE,
)
_CHARSET = re.compile(rb"(?i)charset\s*=\s*[\"']?(utf-8|windows-1251|cp1251|kz-?1048|koi8-r|iso-8859-5)\b")
_UNREAD = ("script", "style", "head", "noscript", "template", "nav")
_BLOCKS = (
    *("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "dl", "dt", "dd", "br", "hr", "pre", "blockquote", "center"),
    *("table", "tr", "td", "th", "caption", "section", "article", "header", "footer", "main", "aside", "option", "form"),
)
_DOCX_PIECES = {qn("w:p"): "\n", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:tab"): " ", qn("w:noBreakHyphen"): "-", qn("w:t"): ""}
# Text that was moved away, and the second rendering that Word keeps of a text box for older readers.
_DOCX_DOUBLES = (qn("w:moveFrom"), "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback")


@dataclass(frozen=True)
class Article:
    """One article: its number ("17-1"), the title in its heading line, and its text from the heading line to its last line."""

    number: str
    title: str
    text: str


@dataclass(frozen=True)
class Comparison:
    """Article numbers by outcome. `missing` stands in the known digests only, `new` in the text only."""

    same: tuple[str, ...]
    changed: tuple[str, ...]
    missing: tuple[str, ...]
    new: tuple[str, ...]


def read_articles(path: Path) -> list[Article]:
    """Read an official text (.html, .htm, .docx, .txt) and split it into articles, in the order of the document.

    Raises InputError for another format, a file above MAX_BYTES, a damaged file, no article, or an article that stands twice.
    """
    reader = _READERS.get(path.suffix.lower())
    raw = _read_bytes(path)
    if reader is None or raw.startswith(b"%PDF"):
        raise InputError("is not a format that is read", "Save the text as HTML, DOCX or TXT; a PDF loses the order of lines.", path)
    articles = _split(reader(raw, path))
    if not articles:
        raise InputError("no article was found", "A line has to begin with `Статья 1.`, `1-бап.` or `Article 1.`", path)
    twice = [number for number, times in Counter(article.number for article in articles).items() if times > 1]
    if twice:
        raise InputError(
            "article {article} stands twice", "Save one act, in one edition, without its table of contents.", path, article=twice[0]
        )
    return articles


def normalise(text: str) -> str:
    """The text on one line, NFC, single spaces, without the publisher's notes. What is compared is this form."""
    lines = (" ".join(line.split()) for line in unicodedata.normalize("NFC", text).splitlines())
    return " ".join(line for line in lines if line and not _NOTE.fullmatch(line))


def article_digest(article: Article) -> str:
    """Hexadecimal SHA-256 of the article's normalised text in UTF-8, heading line included."""
    return sha256(normalise(article.text).encode())


def compare(articles: Iterable[Article], known: Mapping[str, str]) -> Comparison:
    """Compare articles with known digests ({number: hexadecimal digest})."""
    found = {article.number: article_digest(article) for article in articles}
    both = [number for number in found if number in known]
    return Comparison(
        same=tuple(number for number in both if found[number] == known[number]),
        changed=tuple(number for number in both if found[number] != known[number]),
        missing=tuple(number for number in known if number not in found),
        new=tuple(number for number in found if number not in known),
    )


def _read_bytes(path: Path) -> bytes:
    raw = read_upto(path, MAX_BYTES)
    if len(raw) > MAX_BYTES:
        raise InputError("is larger than {limit:,} bytes", "Save the text of the act alone, without images.", path, limit=MAX_BYTES)
    if not raw.strip():
        raise InputError("is empty", "Save the text of the act again.", path)
    return raw


def _split(text: str) -> list[Article]:
    blocks: list[list[str]] = []
    inside = False
    for line in unicodedata.normalize("NFC", text).splitlines():
        begins = _ARTICLE.match(line) is not None
        inside = begins or (inside and not _CHAPTER.match(line))
        if begins:
            blocks.append([])
        if inside:
            blocks[-1].append(line.rstrip())
    texts = ["\n".join(block).strip() for block in blocks]
    # Only the last article can run into the signatures.
    return [_article(text) for text in texts[:-1]] + [_article(_SIGNATURE.split(text)[0].rstrip()) for text in texts[-1:]]


def _article(text: str) -> Article:
    match = _ARTICLE.match(text.splitlines()[0])
    assert match is not None  # every block begins with such a line
    number = re.sub("[‑–]", "-", match[1] or match[2])
    return Article(number, " ".join(match[3].split()), text)


def _decode(raw: bytes, path: Path, declared: str | None = None) -> str:
    codecs = ("utf-16",) if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else (declared or "utf-8-sig", "utf-8-sig", "cp1251")
    for codec in codecs:
        try:
            return raw.decode(codec)
        except UnicodeError:
            continue
    raise InputError("is not text in a known encoding", "Save the file as UTF-8.", path)


def _text_of_html(raw: bytes, path: Path) -> str:
    charset = _CHARSET.search(raw[:4096])
    source = _decode(raw, path, charset[1].decode() if charset else None)
    # A line break means something inside <pre> only; elsewhere a wrapped "Статья 5." must not look like a heading.
    source = re.sub(r"(?is)<pre\b.*?(?:</pre>|\Z)", lambda match: match[0].replace("\n", "<br>"), source)
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(re.sub(r"\s+", " ", source).encode(), parser=parser)
    except etree.LxmlError:
        raise InputError("is not HTML that can be read", "Save the page again, or save it as TXT.", path) from None
    etree.strip_elements(root, *_UNREAD, with_tail=False)
    for element in root.iter(*_BLOCKS):
        element.text, element.tail = f"\n{element.text or ''}", f"\n{element.tail or ''}"
    return "".join(str(piece) for piece in root.itertext())


def _text_of_docx(raw: bytes, path: Path) -> str:
    try:
        with zipfile.ZipFile(BytesIO(raw)) as package:
            unpacked = sum(part.file_size for part in package.infolist())
        # zipfile never unpacks a part beyond the size that was summed here.
        body = docx.Document(BytesIO(raw)).element.body if unpacked <= MAX_UNPACKED else None
    except Exception:  # python-docx lets KeyError, ValueError, AttributeError, zlib.error … of a damaged package through
        raise InputError("is not a DOCX that can be read", "Open it in a word processor and save it again as .docx.", path) from None
    if body is None:
        raise InputError(
            "unpacks to more than {limit:,} bytes", "Save the text of the act alone, without images.", path, limit=MAX_UNPACKED
        )
    etree.strip_elements(body, *_DOCX_DOUBLES, with_tail=False)
    return "".join(_DOCX_PIECES[element.tag] or element.text or "" for element in body.iter(*_DOCX_PIECES))


_READERS: dict[str, Callable[[bytes, Path], str]] = {
    ".html": _text_of_html,
    ".htm": _text_of_html,
    ".docx": _text_of_docx,
    ".txt": _decode,
}
