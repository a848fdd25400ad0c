"""A door into services: no request reaches a system of AI before its user was shown the notice, and none while it is stopped.

```python
from tanba.guard import Guard, Register
from tanba.guard.asgi import asgi

app = asgi(app, Guard(Register("https://register.example", "0198c0de-…")))
```

`Guard.check` turns a request into an answer, or None where it may go on; `asgi`, `wsgi` and `django` only carry bytes.
A source says what is known: `Register` polls a register's API, `Local` reads the workspace of this machine.
"""

from tanba.guard.check import Answer, Guard, Request
from tanba.guard.sources import Local, Register, Source, State

__all__ = ["Answer", "Guard", "Local", "Register", "Request", "Source", "State"]
