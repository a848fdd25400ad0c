"""Forms of marking: how to mark what was dropped, and the channel standard."""

from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from tanba.errors import InputError
from tanba.marking.label import PLACES, PLATES, SIZE
from tanba.marking.mark import Order
from tanba.marking.standard import CHOSEN, LARGEST_SIZE, LONGEST_WORDING, Standard, parse
from tanba.strings import LANGUAGES, t
from tanba.web.accounts.access import MemberRequest
from tanba.web.forms import Texts
from tanba.web.language import NATIVE, say, say_later, told
from tanba.web.marks.making import By
from tanba.web.systems.models import System
from tanba.web.templatetags import number

SOURCES = ("created", "altered")
KINDS = {"plain": "txt", "markdown": "md", "html": "html", "json": "json"}
"""Kinds of text and how their files' names end."""

LONGEST_TEXT = 100_000
"""Characters of a pasted text: some forty pages."""


def systems_of(request: MemberRequest) -> Any:
    """Whose results a member may mark: managers of every system, others of their own."""
    found = System.objects.filter(organisation=request.organisation).exclude(state="rejected").order_by("slug")
    return found if request.membership.manages else found.filter(owner=request.user)


class MarkForm(forms.Form):
    """Source, languages and system; the files come beside it."""

    source = forms.ChoiceField(label=say_later("marking_pages.source"), widget=forms.RadioSelect, initial="created")
    languages = forms.MultipleChoiceField(
        label=say_later("marking_pages.languages"), widget=forms.CheckboxSelectMultiple, help_text=say_later("marking_pages.languages_help")
    )
    system = forms.ModelChoiceField(
        label=say_later("marking_pages.system"),
        queryset=System.objects.none(),
        required=False,
        help_text=say_later("marking_pages.system_help"),
    )

    def __init__(self, *args: Any, request: MemberRequest, standard: Standard) -> None:
        """Preset from the standard; its order of languages is kept."""
        super().__init__(*args)
        self.standard = standard
        ordered = [*standard.languages, *(code for code in LANGUAGES if code not in standard.languages)]
        fields: dict[str, Any] = self.fields
        fields["source"].choices = [(source, say(f"marking_pages.source_{source}")) for source in SOURCES]
        fields["languages"].choices = [(code, NATIVE[code]) for code in ordered]
        fields["languages"].initial = list(standard.languages)
        fields["system"].queryset = systems_of(request)
        fields["system"].empty_label = say("marking_pages.system_none")

    def chosen(self) -> Standard:
        """The standard with the languages chosen here, in its order."""
        chosen = self.cleaned_data["languages"]
        ordered = [code for code, _ in self.fields["languages"].choices if code in chosen]  # type: ignore[attr-defined]
        return replace(self.standard, languages=tuple(ordered))

    def ordered(self, request: MemberRequest) -> tuple[Order, By]:
        """How to mark, and for whom."""
        system = self.cleaned_data["system"]
        order = Order(self.chosen(), self.cleaned_data["source"], request.organisation.bin, system.slug if system else "")
        return order, By(request.organisation, request.user, system)


class TextForm(MarkForm):
    """The same for a text that is pasted."""

    text = forms.CharField(label=say_later("marking_desk.text"), strip=False, widget=forms.Textarea(attrs={"rows": 12}), required=False)
    kind = forms.ChoiceField(label=say_later("marking_desk.kind"))
    field_order = ("text", "kind", "source", "languages", "system")

    def __init__(self, *args: Any, request: MemberRequest, standard: Standard) -> None:
        """As of files."""
        super().__init__(*args, request=request, standard=standard)
        fields: dict[str, Any] = self.fields
        fields["kind"].choices = [(kind, say(f"marking_desk.kind_{kind}")) for kind in KINDS]
        fields["text"].help_text = say("marking_desk.text_help", count=number(LONGEST_TEXT))
        fields["text"].quiet = True

    def clean_text(self) -> str:
        """Lines as they stood before the browser sent them with CR LF. Raises ValidationError."""
        text = str(self.cleaned_data["text"]).replace("\r\n", "\n")
        if not text.strip():
            raise ValidationError(say("marking_desk.text_empty"))
        if len(text) > LONGEST_TEXT:
            raise ValidationError(say("marking_desk.text_long", count=number(LONGEST_TEXT)))
        return text


class StandardForm(forms.Form):
    """The channel standard. `seen` is the version that the page showed."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    first = forms.ChoiceField(label=say_later("marking_pages.language_1"))
    second = forms.ChoiceField(label=say_later("marking_pages.language_2"), required=False)
    third = forms.ChoiceField(label=say_later("marking_pages.language_3"), required=False)
    place = forms.ChoiceField(label=say_later("marking_pages.place"))
    style = forms.ChoiceField(label=say_later("marking_pages.style"))
    size = forms.FloatField(
        label=say_later("marking_pages.size"),
        help_text=say_later("marking_pages.size_help"),
        min_value=SIZE * 100,
        max_value=LARGEST_SIZE * 100,
        widget=forms.NumberInput(attrs={"step": "0.5"}),
    )
    created = Texts(
        label=say_later("marking_pages.wording_created"),
        help_text=say_later("marking_pages.wording_help"),
        max_length=LONGEST_WORDING,
        required=False,
    )
    altered = Texts(
        label=say_later("marking_pages.wording_altered"),
        help_text=say_later("marking_pages.wording_help"),
        max_length=LONGEST_WORDING,
        required=False,
    )
    layers = forms.MultipleChoiceField(
        label=say_later("marking_pages.layers"), widget=forms.CheckboxSelectMultiple, help_text=say_later("marking_pages.layers_help")
    )
    aigc = forms.BooleanField(label=say_later("marking_pages.aigc"), help_text=say_later("marking_pages.aigc_help"), required=False)
    everything = forms.BooleanField(
        label=say_later("marking_pages.everything"), help_text=say_later("marking_pages.everything_help"), required=False
    )

    def __init__(self, sent: Any = None, *, standard: Standard) -> None:
        """`standard` is what stands now."""
        super().__init__(sent, initial=_initial(standard))
        self.standard = standard
        fields: dict[str, Any] = self.fields
        languages = list(NATIVE.items())
        fields["first"].choices = languages
        fields["second"].choices = fields["third"].choices = [("", "–"), *languages]
        fields["place"].choices = [(place, say(f"marking_pages.place_{place}")) for place in PLACES]
        fields["style"].choices = [(style, say(f"marking_pages.style_{style}")) for style in ("auto", *PLATES)]
        fields["layers"].choices = [(layer, say(f"marking_pages.layer_{layer}")) for layer in CHOSEN]
        for source in SOURCES:
            for language, widget in zip(LANGUAGES, fields[source].widget.widgets, strict=True):
                widget.attrs["placeholder"] = t(f"marking.label.{source}", language)

    def clean(self) -> dict[str, Any]:
        """Whether it is a standard, and whether the page is not older than the one that stands."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return values
        if values["seen"] not in ("", self.standard.version):
            raise ValidationError(say("marking_pages.changed_meanwhile"))
        values["standard"] = self._parsed(values)
        return values

    def _parsed(self, values: dict[str, Any]) -> Standard:
        languages = list(filter(None, (values["first"], values["second"], values["third"])))
        if len(set(languages)) != len(languages):
            raise ValidationError(say("marking_pages.language_twice"))
        wording = {source: values[source] for source in SOURCES if values[source]}
        if not all(text.isprintable() for texts in wording.values() for text in texts.values()):
            raise ValidationError(say("marking_pages.wording_wrong"))
        plain = {name: values[name] for name in ("place", "style", "layers", "aigc", "everything")}
        try:
            return parse({**plain, "languages": languages, "size": round(values["size"] / 100, 4), "wording": wording})
        except InputError as error:
            raise ValidationError(told(error)[0]) from None


def _initial(standard: Standard) -> dict[str, Any]:
    names = ("first", "second", "third")
    found = {name: getattr(standard, name) for name in ("place", "style", "layers", "aigc", "everything")}
    found |= dict(zip(names, standard.languages, strict=False))
    return found | {"size": round(standard.size * 100, 2), "seen": standard.version, **standard.wording}
