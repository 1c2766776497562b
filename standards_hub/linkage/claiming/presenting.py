"""A claim's review as it goes out: the part said in words, what is missing, and the policy with its source."""

from standards_hub.kernel.http import Said
from standards_hub.kernel.work import Work
from standards_hub.linkage import roles
from standards_hub.linkage.claiming import repository as claiming
from standards_hub.linkage.claiming.schemas import PartOut, ReviewOut
from standards_hub.linkage.claiming.service import Review


async def review_out(work: Work, seen: Review) -> ReviewOut:
    """The review as the API gives it."""
    chosen = roles.policy(seen.project.role_policy)
    drafting = (await claiming.drafting(work.connection, [seen.standard.id])).get(seen.standard.id)
    tier = roles.tier(seen.part, chosen)
    part = PartOut(
        seen.part.role, Said.of(tier) if tier else None, Said.of(roles.why(seen.part, roles.PROJECT)), seen.project.role_policy or roles.DEFAULT,
        chosen.source, chosen.verified, [drafter.rank for _, drafter in drafting.units] if drafting else [],
    )  # fmt: skip
    link = await claiming.link(work.connection, seen.claim.id)
    return ReviewOut(
        link, seen.standard.id, seen.standard.level, part, seen.commitments, seen.evidence, seen.rivals, seen.frozen,
        [Said.of(one.why) for one in seen.unmet], [Said.of(one) for one in seen.cautions],
    )  # fmt: skip
