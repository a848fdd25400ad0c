"""The public face of a system: whether it is shown, and where people turn."""

from django.db import models

from tanba.web.systems.models import System


class Face(models.Model):
    """`contact`: where people turn, in kk, ru, en; a row is there once somebody touched the page."""

    system = models.OneToOneField(System, on_delete=models.CASCADE, primary_key=True, related_name="face")
    published = models.BooleanField(default=False)
    contact = models.JSONField(default=dict, blank=True)

    def __str__(self) -> str:
        """The system's name."""
        return str(self.system)


def face_of(system: System) -> Face:
    """Its row, or one that says nothing yet and was not saved."""
    return Face.objects.filter(system=system).first() or Face(system=system)
