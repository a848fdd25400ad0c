"""Documents that were made: the file, and the statement of what it was made from, which was sealed before it."""

import json
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import models

from tanba.web.evidence.models import Artifact


class Made(models.Model):
    """One document. Its id is random and printed on it: whoever has it may open the page that checks, nobody finds it by trying."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    statement = models.OneToOneField(Artifact, on_delete=models.PROTECT, related_name="+")
    file = models.OneToOneField(Artifact, on_delete=models.PROTECT, related_name="made")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    @property
    def stated(self) -> dict[str, Any]:
        """tanba.document/1."""
        return dict(json.loads(self.statement.made_here or b"{}"))
