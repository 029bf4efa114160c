"""What the closing of minutes leaves to be packed: a copy goes the way of its verdicts (002 م7-4، م7-23، م10-3)."""

from app.check import check_library
from app.exchange.packing import Stands, pack
from app.exchange.queries import groups
from app.exchange.stages import Way
from app.library import Library
from app.outcome import Refused
from app.weeding.minutes.outcomes import CopyRuling
from tests.app.weeding.minutes.on_the_way import COUNTY, PROVINCE, REDIRECT, REJECT, WORN, closed, ruled, sent
from tests.library import act


def test_only_what_was_closed_can_be_packed_each_on_its_way(library: Library) -> None:
    of_use, refused, worn = sent(library)
    ruled(library, COUNTY, copies=[CopyRuling(of_use.barcode, REDIRECT)])
    ruled(library, PROVINCE, copies=[CopyRuling(refused.barcode, REJECT)])
    early = pack(library, WORN, act(library), [worn.barcode])
    assert isinstance(early, Refused)
    assert [(one.code, one.rule) for one in early.refusals] == [("exchange.not_ruled", "7-4")]
    closed(library)
    with library.store.read() as reader:
        found = {group.way: [copy.item_id for copy in group.copies] for group in groups(reader)}
    assert found == {Way.EXCHANGE: [of_use.id], Way.RECYCLING: [worn.id]}
    kept = pack(library, WORN, act(library), [refused.barcode])
    assert isinstance(kept, Refused)
    assert [one.code for one in kept.refusals] == ["exchange.not_ruled"]
    assert isinstance(pack(library, WORN, act(library)), Stands)
    assert isinstance(pack(library, WORN, act(library), redirected=True), Stands)
    assert check_library(library).broken == ()
