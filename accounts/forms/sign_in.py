"""Forms of the sign-in: the library's, and the change of address."""

from typing import Any

from allauth.account import forms as library
from allauth.account.adapter import get_adapter
from allauth.core.internal.cryptokit import generate_user_code
from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class ResetPasswordForm(library.ResetPasswordForm):
    """Takes as long for an unknown address as for a known one."""

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        email: str = super().save(request, **kwargs)
        if not self.users:
            adapter = get_adapter()
            url = adapter.get_reset_password_from_key_url("0-0")
            context = {"password_reset_url": url}
            adapter.pretend_mail("account/email/password_reset_key", email, context)
        return email


class RequestLoginCodeForm(library.RequestLoginCodeForm):
    """Takes as long for an unknown address as for a known one."""

    def clean_email(self) -> str:
        email: str = super().clean_email()
        if email and not self._user:
            context = {"code": generate_user_code()}
            get_adapter().pretend_mail("account/email/login_code", email, context)
        return email


class EmailChangeForm(forms.Form):
    """The address one wants to sign in with from now on."""

    email = forms.EmailField(
        label=_("New e-mail address"),
        max_length=254,
        help_text=_("We send a link to it. Until you open it nothing changes."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, user: AbstractBaseUser, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        if email == str(getattr(self.user, "email", "")).lower():
            raise forms.ValidationError(_("You sign in with this address already."))
        return email
