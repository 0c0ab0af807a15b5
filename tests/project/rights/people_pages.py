from tests.project.rights.people import NOBODY, RUNNERS, SIGNED_IN
from tests.project.rows import of_app, post, row

HEADS = "admin admin_above"
KEEPERS = f"{RUNNERS} {HEADS}"  # who look after the roles of the own institution
# Prefix of the route, who looks after these people, and whose they are.
HOUSES = [
    ("", RUNNERS, ("government.slug",)),
    ("tree_", HEADS, ("government.slug", "own.code")),
    ("tree_", "admin_above", ("government.slug", "above.code")),
    ("secretariat_", "system_admin", ("government.slug",)),
]

ROWS = of_app(
    "accounts",
    *(
        each
        for prefix, allow, path in HOUSES
        for each in (
            row(f"{prefix}people_list", allow, *path),
            row(f"{prefix}people_list", allow, *path, query="q=orang&keadaan=aktif"),
            row(f"{prefix}invitation_list", allow, *path),
            row(f"{prefix}invitation_create", allow, *path),
            post(f"{prefix}invitation_create", allow, *path, answer=422),
        )
    ),
    row("invitation_import", RUNNERS, "government.slug"),
    post("invitation_import", RUNNERS, "government.slug", answer=422),
    row("invitation_template", RUNNERS, "government.slug"),
    # One person, and what they are
    row("person_detail", KEEPERS, "author_person.key"),
    row("person_detail", f"{RUNNERS} system_admin", "runner_person.key"),
    row("person_close", RUNNERS, "author_person.key", forbid=HEADS),
    post("person_close", RUNNERS, "author_person.key", answer=422, forbid=HEADS),
    row("person_second_factor", RUNNERS, "author_person.key", forbid=HEADS),
    post(
        "person_second_factor",
        RUNNERS,
        "author_person.key",
        answer=422,
        forbid=HEADS,
    ),
    *(
        each
        for name in ("role_end", "role_hand_over")
        for role, allow in (
            ("author_role.key", KEEPERS),
            ("runner_role.key", f"{RUNNERS} system_admin"),
        )
        for each in (row(name, allow, role), post(name, allow, role, answer=422))
    ),
    # Invitations
    post("invitation_resend", KEEPERS, "invitation.key"),
    row("invitation_withdraw", KEEPERS, "invitation.key"),
    post("invitation_withdraw", KEEPERS, "invitation.key", answer=422),
    row("invitation_open", "*", "rahasia-tanda-0", answer=302),
    row("invitation_open", NOBODY, "tidak-ada"),
    # Without the link it tells everybody the same: nothing.
    row("invitation_accept", "*", "invitation.key"),
    post("invitation_accept", "*", "invitation.key", answer=200),
    # Own roles
    row("membership_list", SIGNED_IN),
    row("role_leave", "author", "author_role.key"),
    post("role_leave", "author", "author_role.key", answer=422),
    post("body_choose", SIGNED_IN),
)
