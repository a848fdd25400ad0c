"""Forms of people and organisations."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from tanba.law.exposure import CLASSES
from tanba.web.accounts.models import Organisation, Role, User
from tanba.web.forms import Departments, Texts
from tanba.web.language import say, say_later


class SignInForm(forms.Form):
    """E-mail and password."""

    email = forms.EmailField(label=say_later("accounts.email"), widget=forms.EmailInput(attrs={"autocomplete": "username"}))
    password = forms.CharField(
        label=say_later("accounts.password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


def password_field() -> forms.CharField:
    """A new password with the rules beside it."""
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
    return forms.CharField(
        label=say_later("accounts.new_password"), help_text=say_later("accounts.password_rules"), strip=False, widget=widget
    )


class PersonForm(forms.Form):
    """A new person: name and password. `email` is known."""

    name = forms.CharField(label=say_later("accounts.full_name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = password_field()

    def __init__(self, *args: Any, email: str = "", **kwargs: Any) -> None:
        """The password may not resemble name or `email`."""
        super().__init__(*args, **kwargs)
        self.known_email = email

    def clean(self) -> dict[str, Any]:
        """Check the password against the rules."""
        data = super().clean() or self.cleaned_data
        try:
            validate_password(data.get("password", ""), User(name=data.get("name", ""), email=data.get("email") or self.known_email))
        except ValidationError as error:
            if "password" in data:
                self.add_error("password", error)
        return data


class OrganisationForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """Name in three languages, BIN, class for fines."""

    name = Texts(label=say_later("accounts.organisation_name"))
    bin = forms.CharField(
        label=say_later("accounts.bin"),
        help_text=say_later("accounts.bin_help"),
        max_length=12,
        error_messages={"max_length": say_later("accounts.bin_wrong"), "unique": say_later("accounts.bin_taken")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    offender_class = forms.ChoiceField(
        label=say_later("accounts.offender_class"), help_text=say_later("accounts.offender_class_help"), required=False
    )
    departments = Departments(label=say_later("accounts.departments"), help_text=say_later("accounts.departments_help"))

    class Meta:
        """Fields in order."""

        model = Organisation
        fields = ("name", "bin", "offender_class", "departments", "four_eyes")
        labels = {"four_eyes": say_later("accounts.four_eyes")}
        help_texts = {"four_eyes": say_later("accounts.four_eyes_help")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Fill the choices in the page's language."""
        super().__init__(*args, **kwargs)
        choices = [("", say("accounts.class_unknown")), *((name, say(f"accounts.class_{name}")) for name in CLASSES if name != "person")]
        self.fields["offender_class"].choices = choices  # type: ignore[attr-defined]  # the stubs say Field
        if self.instance.pk and self.instance.artifacts.exists():
            self.fields["bin"].disabled = True  # the ledger knows the organisation by it
            self.fields["bin"].help_text = say("accounts.bin_sealed")


class SetupForm(PersonForm):
    """The first administrator."""

    email = forms.EmailField(label=say_later("accounts.email"), widget=forms.EmailInput(attrs={"autocomplete": "username"}))
    field_order = ("name", "email", "password")


class InviteForm(forms.Form):
    """Whom, and as what."""

    email = forms.EmailField(label=say_later("accounts.email"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField(label=say_later("accounts.role"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Fill the choices in the page's language."""
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role, say(f"accounts.role_{role}")) for role in reversed(Role.values)]  # type: ignore[attr-defined]  # the stubs say Field

    def clean_email(self) -> str:
        """Addresses are kept in lower case."""
        return str(self.cleaned_data["email"]).lower()


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """One's own name and language."""

    class Meta:
        """Fields in order."""

        model = User
        fields = ("name",)
        labels = {"name": say_later("accounts.full_name")}


class PasswordForm(forms.Form):
    """Change one's own password; whoever has none yet, or came by a one-time link, is not asked for the old one."""

    old = forms.CharField(
        label=say_later("accounts.old_password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    password = password_field()

    def __init__(self, *args: Any, user: User, by_link: bool, **kwargs: Any) -> None:
        """`user` is the signed-in person."""
        super().__init__(*args, **kwargs)
        self.user = user
        if by_link or not user.has_usable_password():
            del self.fields["old"]

    def clean_old(self) -> None:
        """The present password has to be right."""
        if not self.user.check_password(self.cleaned_data["old"]):
            raise ValidationError(say("accounts.old_password_wrong"))

    def clean_password(self) -> str:
        """The new one has to follow the rules."""
        validate_password(self.cleaned_data["password"], self.user)
        return str(self.cleaned_data["password"])
