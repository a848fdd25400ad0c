"""The form of the notice policy: texts by channel, keys, origins."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst

from tanba.errors import InputError
from tanba.people.notice import CHANNELS, LONGEST, Policy, check_text, parse
from tanba.strings import LANGUAGES
from tanba.web.forms import Lines, Texts
from tanba.web.language import NATIVE, say, say_later, told


class PolicyForm(forms.Form):
    """A text left as it stands in our own words, or emptied, is not written down: it follows ours."""

    languages = forms.MultipleChoiceField(
        label=say_later("notices.languages"), choices=list(NATIVE.items()), widget=forms.CheckboxSelectMultiple
    )
    days = forms.IntegerField(label=say_later("notices.days"), help_text=say_later("notices.days_help"), min_value=1, max_value=3650)
    repeat = forms.RegexField(r"^[0-9*#]$", label=say_later("notices.repeat"))
    human = forms.RegexField(r"^[0-9*#]$", label=say_later("notices.human"))
    origins = Lines(label=say_later("notices.origins"), help_text=say_later("notices.origins_help"))

    def __init__(self, *args: Any, policy: Policy, **options: Any) -> None:
        """Begins with `policy`."""
        self.policy = policy
        texts = {channel: {language: policy.template(channel, language) for language in LANGUAGES} for channel in CHANNELS}
        first = {name: getattr(policy, name) for name in ("days", "repeat", "human")}
        options.setdefault("initial", {**first, **texts, "languages": list(policy.languages), "origins": list(policy.origins)})
        super().__init__(*args, **options)
        for channel in CHANNELS:
            self.fields[channel] = Texts(label=capfirst(say(f"notice.channel_{channel}")), max_length=LONGEST, long=True, required=False)

    def clean(self) -> dict[str, Any]:
        """`policy`: what was written, read as its file would be."""
        values: dict[str, Any] = super().clean() or {}
        if self.errors:
            return values
        written: dict[str, Any] = {name: values[name] for name in ("days", "repeat", "human")}
        order = [each for each in self.policy.languages if each in values["languages"]]
        written["languages"] = order + [each for each in values["languages"] if each not in order]
        try:
            written["origins"] = [each.rstrip("/").lower() for each in values["origins"]]
            written["texts"] = {channel: own for channel in CHANNELS if (own := self._own(channel, values[channel] or {}))}
            values["policy"] = parse(written)
        except InputError as error:
            raise ValidationError(" ".join(told(error))) from None
        return values

    def _own(self, channel: str, texts: dict[str, str]) -> dict[str, str]:
        """What is not our own words. Raises InputError."""
        plain = {language: text.replace("\r\n", "\n") for language, text in texts.items()}
        return {
            language: check_text(f"{channel}.{language}", text)
            for language, text in plain.items()
            if text != Policy().template(channel, language)
        }
