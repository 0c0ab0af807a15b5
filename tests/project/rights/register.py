"""The register of innovations."""

from tests.project.rights.people import (
    ENDORSERS,
    HTMX,
    IMPARTIAL,
    OTHER,
    OWN,
    SIGNED_IN,
)
from tests.project.rows import of_app, post, row

OTHERS = f"{OTHER} secretariat"
TYPED = {"level": "Top 45", "competition": "KIPP Nasional", "year": "2021"}

ROWS = of_app(
    "catalogue",
    row("innovation_list", SIGNED_IN),
    row("innovation_list", SIGNED_IN, headers=HTMX),
    row("innovation_list", SIGNED_IN, query="cari=inovasi&status=berjalan&menunggu=on"),
    row("innovation_detail", f"{OWN} {IMPARTIAL}", "draft.innovation.slug"),
    row("innovation_detail", f"{OWN} {IMPARTIAL}", "retired.slug"),
    # Who also competes reads the register as an institution does.
    row("innovation_detail", OTHERS, "rival.slug"),
    *(
        each
        for name in ("status_edit", "achievement_create", "joint_owner_create")
        for each in (
            row(name, OWN, "draft.innovation.slug", forbid=IMPARTIAL),
            post(name, OWN, "draft.innovation.slug", forbid=IMPARTIAL, answer=422),
        )
    ),
    row("achievement_edit", OWN, "achievement.key", forbid=IMPARTIAL),
    post("achievement_edit", OWN, "achievement.key", data=TYPED, forbid=IMPARTIAL),
    post("achievement_delete", OWN, "achievement.key", forbid=IMPARTIAL),
    post("achievement_confirm", IMPARTIAL, "achievement.key", forbid=OWN),
    row("achievement_file", f"{OWN} {IMPARTIAL}", "achievement.key"),
    post(
        "joint_owner_confirm",
        "admin_above",
        "joint_asked.key",
        forbid=f"author admin {IMPARTIAL}",
    ),
    post("joint_owner_end", OWN, "joint_asked.key", forbid=IMPARTIAL),
    post("joint_owner_end", OWN, "joint.key", forbid=IMPARTIAL),
    row(
        "innovation_retire",
        f"{ENDORSERS} {IMPARTIAL}",
        "draft.innovation.slug",
        forbid="author",
    ),
    post(
        "innovation_retire",
        f"{ENDORSERS} {IMPARTIAL}",
        "draft.innovation.slug",
        data={"reason": "Digantikan."},
        forbid="author",
    ),
    post(
        "innovation_revive",
        f"{ENDORSERS} {IMPARTIAL}",
        "retired.slug",
        forbid="author",
    ),
    row("innovation_merge", IMPARTIAL, "draft.innovation.slug", forbid=OWN),
    post("innovation_merge", IMPARTIAL, "retired.slug", forbid=OWN, answer=422),
    row("innovation_merge", IMPARTIAL, "rival.slug", forbid=OTHER),
)
