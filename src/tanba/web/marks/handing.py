"""How marked files are handed back: one as it is, several in a ZIP with a list, one by one to the page's script. Nothing is kept."""

import io
import secrets
import zipfile
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header

from tanba.web.language import say
from tanba.web.marks.making import Done

FORM = "multipart/form-data"
LIST = "tanba.txt"


def to_script(request: HttpRequest, done: Done) -> HttpResponse:
    """Two parts of a form, as browsers read them from an answer: `line`, HTML for the list, and `file` where there is one.

    429 asks the script to come again.
    """
    line = render_to_string("marks/_done.html", {"done": done}, request)
    boundary = secrets.token_hex(16)
    parts = [_part(boundary, 'name="line"', "text/html; charset=utf-8", line.encode())]
    if done.number:
        # the script takes the name from the list: quoting file names in a form differs from browser to browser
        parts.append(_part(boundary, 'name="file"; filename="marked"', done.media_type, done.content))
    body = b"".join([*parts, f"--{boundary}--\r\n".encode()])
    return HttpResponse(body, content_type=f"{FORM}; boundary={boundary}", status=429 if done.busy else 200)


def _part(boundary: str, name: str, media_type: str, content: bytes) -> bytes:
    head = f"--{boundary}\r\nContent-Disposition: form-data; {name}\r\nContent-Type: {media_type}\r\n\r\n"
    return head.encode() + content + b"\r\n"


def to_download(all_done: Sequence[Done]) -> HttpResponse:
    """One picture as itself; several, or one of several, in a ZIP with a list of what became of each."""
    if len(all_done) == 1:
        return _download(all_done[0].content, all_done[0].name, all_done[0].media_type)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number, done in enumerate((done for done in all_done if done.number), 1):
            archive.writestr(f"{number:03} {done.name}", done.content)
        archive.writestr(LIST, "\n".join(map(_line, all_done)) + "\n")
    return _download(out.getvalue(), "tanba.zip", "application/zip")


def _line(done: Done) -> str:
    if done.problem:
        return f"{done.name}: {' '.join(filter(None, done.problem))}"
    layers = [f"{say(f'marks.layer_{layer}')} – {say(f'marks.state_{state}')}" for layer, state in done.layers.items()]
    return f"{done.name}: {done.number}; {', '.join(layers)}" + "".join(f"; {reason}" for reason in done.missing.values())


def _download(content: bytes, name: str, media_type: str) -> HttpResponse:
    headers = {"Content-Disposition": content_disposition_header(True, name)}
    return HttpResponse(content, content_type=media_type, headers=headers)
