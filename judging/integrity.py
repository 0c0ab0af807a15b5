"""The integrity statement a juror signs before scoring."""

from django.utils.translation import gettext as _

from judging.models import Juror


def statement_for(juror: Juror) -> list[str]:
    """Write the sentences `juror` is asked to sign, in the active language.

    Source: rule SCO-08 in docs/rules.md.
    """
    return [
        _("I judge every proposal of %(round)s on its content alone.")
        % {"round": juror.round.name},
        _(
            "I declare every relation with a proposing institution or its people, "
            "and I do not score its proposals."
        ),
        _("I accept no gift, promise or instruction from anybody concerned."),
        _("I keep proposals, scores and deliberations confidential."),
        _("I give my scores myself, within the time set, and can explain each one."),
    ]
