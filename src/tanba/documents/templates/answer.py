"""The letter that answers a request of a user (art. 16, and what other laws give). Pure."""

from tanba.documents.known import Known, words
from tanba.documents.model import Block, Field, Paragraph, Said, Text
from tanba.documents.templates import letters

MUST = (*letters.MUST, "reply_to", "answer")


def blocks(known: Known) -> list[Block]:
    """To whom, to which request, the answer as it was drafted or written, a signature."""
    told = known.part("answer")
    to = known.given(told["to"], "gap_addressee")
    head = letters.letterhead(known, to, Field("reply_to", words("reply_to"), _reply(known, told["number"], told["received"])))
    return [head, *(Paragraph(letters.statement(known, row), "answer") for row in told["rows"]), letters.signed("answerer")]


def front(known: Known) -> tuple[Text, ...]:
    """Whether it is still a draft."""
    return letters.front(known, draft=not known.part("answer")["sent"])


def _reply(known: Known, number: str, received: str) -> Said:
    if number and received:
        return Said(words("reply_number", number=number, day=received))
    return known.gap(words("gap_reply"))
