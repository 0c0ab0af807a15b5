from tests.project.rights.people import (
    ANY_SECRETARIAT,
    IMPARTIAL,
    NOBODY,
    RUNNERS,
    SIGNED_IN,
)
from tests.project.rows import of_app, post, row

ROWS = of_app(
    "notifications",
    row("message_list", SIGNED_IN),
    post("message_list", SIGNED_IN),
    row("message_open", "author", "message.code", answer=302),
    row("delivery_list", ANY_SECRETARIAT),
    row("delivery_list", ANY_SECRETARIAT, query="keadaan=pending"),
    row("delivery_list", ANY_SECRETARIAT, query="cari=example&saluran=email"),
    # The message is about a proposal: not for who competes (ACC-02).
    row("delivery_detail", IMPARTIAL, "message.code", "email"),
    row("delivery_detail", NOBODY, "message.code", "whatsapp"),
    post("delivery_retry", IMPARTIAL, "message.code", "email"),
    post("delivery_retry_all", ANY_SECRETARIAT),
    row("chat_scope_list", ANY_SECRETARIAT),
    post("chat_scope_list", NOBODY),  # no gateway is set up
    # One's own wishes
    row("preference_edit", SIGNED_IN),
    post("preference_edit", SIGNED_IN, answer=200),  # nothing chosen
    post("chat_agree", SIGNED_IN, answer=200),  # no number typed
    post("chat_code", SIGNED_IN, answer=404),  # no gateway is set up
    post("chat_prove", SIGNED_IN, answer=200),  # no code typed
    post("chat_end", SIGNED_IN),
    post("address_check", SIGNED_IN),
    # Without signing in: the token is the proof, and this one is none.
    row("unsubscribe", NOBODY, "salah"),
    post("unsubscribe", NOBODY, "salah"),
    row("unsubscribe", "*", "tokens.unsubscribe"),
    row("address_confirm", NOBODY, "salah"),
    post("address_confirm", NOBODY, "salah"),
    row("address_confirm", "*", "tokens.address"),
    # Texts in the words of the government
    row("wording_list", ANY_SECRETARIAT),
    row("wording_edit", RUNNERS, "government.code", "kind.worded"),
    row("wording_edit", NOBODY, "government.code", "kind.fixed"),
    post("wording_edit", RUNNERS, "government.code", "kind.worded", answer=422),
    post("wording_reset", RUNNERS, "government.code", "kind.worded"),
    row("demo_mailbox", "*", answer=404),  # there in the demo only
)
