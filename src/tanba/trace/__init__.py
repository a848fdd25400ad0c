"""The decision log: what a system decided, on what basis, so that a person can be answered and the content can be erased.

from tanba.trace import open_tracer

tracer = open_tracer("credit-scorer", "190140999998", risk="high", model="2.3.1", human="can_correct_or_cancel")
with tracer.decision(subject="client-42", inputs={"income": 400000}) as made:
    made.outputs, made.outcome, made.reason = 0.31, "refused", "score below 0.40"
"""

from tanba.trace.home import open_tracer
from tanba.trace.model import Decision
from tanba.trace.tracer import Tracer

__all__ = ["Decision", "Tracer", "open_tracer"]
